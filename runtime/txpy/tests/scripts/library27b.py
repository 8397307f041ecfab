# 2.7's library: command lines, logging, dates, csv, gzip, calendars.
# lang: 2
# stress: 97
import argparse, calendar, csv, datetime, gzip, hashlib, inspect, io, logging, logging.config, optparse, os, pickle, sets, sys, tempfile, UserString
from StringIO import StringIO
p = argparse.ArgumentParser(prog='prog', description='what it does')
p.add_argument('files', nargs='+', help='inputs')
p.add_argument('-n', '--number', type=int, default=3, metavar='N', help='how many (default: %(default)s)')
g = p.add_mutually_exclusive_group()
g.add_argument('-v', action='count')
g.add_argument('-q', action='store_true')
a = p.parse_args(['-n', '5', 'a', 'b', '-vv'])
print a
# expect: Namespace(files=['a', 'b'], number=5, q=False, v=2)
print p.format_usage().strip()
# expect: usage: prog [-h] [-n N] [-v | -q] files [files ...]
sys.stderr = StringIO()
for words in (['-n', 'x', 'a'], ['-q', '-v', 'a'], []):
    try: p.parse_args(words)
    except SystemExit as e: print e, sys.stderr.getvalue().splitlines()[-1]
sys.stderr = sys.__stderr__
# expect: 2 prog: error: argument -n/--number: invalid int value: 'x'
# expect: 2 prog: error: argument -v: not allowed with argument -q
# expect: 2 prog: error: too few arguments
o = optparse.OptionParser(prog='old')
o.add_option('-f', '--file', dest='name', help='write to FILE', metavar='FILE')
o.add_option('-q', action='store_false', dest='verbose', default=True)
v = o.parse_args(['-q', '--fi=x', 'rest'])[0]
print (v.name, v.verbose), o.parse_args(['a', '-f', 'y'])[1]
# expect: ('x', False) ['a']
out = StringIO()
log = logging.getLogger('a.b')
h = logging.StreamHandler(out)
h.setFormatter(logging.Formatter('%(levelname)s %(name)s %(message)s %(funcName)s'))
log.addHandler(h)
log.setLevel(logging.INFO)
def work():
    log.debug('no')
    log.warning('%s is %d', 'x', 5)
work()
print out.getvalue().strip()
# expect: WARNING a.b x is 5 work
logging.config.dictConfig({'version': 1, 'handlers': {'h': {'class': 'logging.StreamHandler', 'stream': out}}, 'root': {'handlers': ['h'], 'level': 'ERROR'}})
logging.error('from root')
print out.getvalue().splitlines()[-1]
# expect: from root
d = datetime.datetime(2000, 2, 28, 23, 59, 59, 999999)
print d + datetime.timedelta(microseconds=1), pickle.loads(pickle.dumps(d, 2)) == d, (d - datetime.datetime(1999, 1, 1)).total_seconds()
# expect: 2000-02-29 00:00:00 True 36633600.0
print d.strftime('%Y-%m-%d %H:%M:%S.%f'), repr(datetime.date(2000, 1, 2)), datetime.date(2008, 12, 29).isocalendar(), datetime.timedelta(-1, 5)
# expect: 2000-02-28 23:59:59.999999 datetime.date(2000, 1, 2) (2009, 1, 1) -1 day, 0:00:05
try: datetime.date(2000, 2, 30)
except ValueError as e: print e
# expect: day is out of range for month
try: datetime.date(2000, 1, 1) < 5
except TypeError as e: print e
# expect: can't compare datetime.date to int
print list(csv.DictReader(['a,b', '1,2', '3']))[1] == {'a': '3', 'b': None}, csv.Sniffer().sniff('a;b\n1;2\n3;4\n').delimiter
# expect: True ;
f, name = tempfile.mkstemp()
os.close(f)
with gzip.open(name, 'wb') as z:
    z.write('line\n' * 1000)
with gzip.open(name, 'ab') as z:
    z.write('more')
with gzip.open(name) as z:
    print z.readline(), len(z.read()), z.tell()
os.remove(name)
# expect: line
# expect: 4999 5004
print calendar.month(2024, 2).splitlines()[2], calendar.timegm((2000, 1, 1, 0, 0, 0)), calendar.monthrange(2024, 2)
# expect:           1  2  3  4 946684800 (3, 29)
print hashlib.sha256('abc').hexdigest()[:16], hashlib.pbkdf2_hmac('sha1', 'password', 'salt', 2).encode('hex')
# expect: ba7816bf8f01cfea ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957
print inspect.getargspec(work), inspect.getargspec(lambda a, b=1, *c, **d: 0)
# expect: ArgSpec(args=[], varargs=None, keywords=None, defaults=None) ArgSpec(args=['a', 'b'], varargs='c', keywords='d', defaults=(1,))
def nested((a, b), c, (d, (e, (f,)))=(1, (2, (3,))), *g):
    return lambda (x, y): b
print inspect.formatargspec(*inspect.getargspec(nested)), inspect.getargspec(nested((1, 2), 3)).args
# expect: ((a, b), c, (d, (e, (f,)))=(1, (2, (3,))), *g) [['x', 'y']]
print sets.Set([1, 2]) | sets.Set([2, 3]) == sets.Set([1, 2, 3]), UserString.UserString('abc').upper()
# expect: True ABC
