# lang: 2
# stress: 997
# The library of 2.7 that is part of the executable, against CPython 2.7.18's output.
# not in a block: it waits for threads
import base64, cPickle, collections, json, os, pickle, pprint, random, string, subprocess, tempfile, textwrap, threading, unittest
def show(f, *a, **k):
    try:
        print repr(f(*a, **k))
    except Exception as e:
        print type(e).__name__, e
random.seed(42)
show(random.random)
show(random.randint, 1, 10 ** 20)
show(random.sample, range(100), 5)
show(random.gauss, 0, 1)
r = random.Random('abc')
show(r.random)
show(r.gammavariate, 2.5, 1)
show(r.getrandbits, 70)
class A(object):
    def __init__(self):
        self.name = 1.5
class B:
    pass
b = B()
b.yy = [u'\xe9', None]
for protocol in (0, 1, 2):
    for module in (pickle, cPickle):
        show(module.dumps, [A(), b, (1, 'it\'s'), 10 ** 20, True], protocol)
show(lambda: vars(pickle.loads(cPickle.dumps(A(), 2))))
show(pickle.dumps, set([1]), 2)
P = collections.namedtuple('P', 'x y')
show(P, 1, 2)
show(P._make, [1])
show(collections.namedtuple, 'P', 'a a')
show(lambda: collections.OrderedDict([('b', 1), ('a', 2)]).popitem(False))
show(lambda: collections.Counter('abca').most_common(1))
for text in ['[1, {"a": [null, 1.5e3, "\\u00e9"]}]', '[1,', '{"a" 1}', '"\\x"', '1 2', '{1:2}']:
    show(json.loads, text)
show(json.dumps, [1, {'a': (True, None, 1e100, u'\xe9')}], indent=2)
show(json.dumps, object)
show(string.Template('$x ${y} $$').safe_substitute, x=1)
show(string.Formatter().vformat, '{0.real} {a[0]!r:>4}', (3,), {'a': 'q'})
show(base64.b32encode, 'abc')
show('abc'.encode, 'hex')
show('Hello'.encode, 'rot13')
show(textwrap.wrap, 'The quick brown fox -- jumped over the lazy-dog.', 15)
show(subprocess.check_output, ['echo', 'hi'])
show(subprocess.call, 'exit 3', shell=True)
show(subprocess.Popen, ['/nonexistent/x'])
with tempfile.NamedTemporaryFile() as f:
    show(os.path.exists, f.name)
show(os.path.exists, f.name)
show(os.path.normpath, '//a/./b/../c')
show(pprint.pformat, {'a' * 30: range(10), 'b' * 20: [('x' * 30, 'y' * 30)]})
done = []
threads = [threading.Thread(target=done.append, args=(n,)) for n in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
show(sorted, done)
show(lambda: threads[0].is_alive())
class T(unittest.TestCase):
    def test_good(self):
        self.assertEqual([1], [1])
    def test_bad(self):
        self.assertLess(2, 1)
result = unittest.TestResult()
unittest.defaultTestLoader.loadTestsFromTestCase(T).run(result)
show(lambda: result)
show(lambda: result.failures[0][1].splitlines()[-1])

# expect: 0.6394267984578837
# expect: 50572680512491952850L
# expect: [24, 13, 10, 74, 54]
# expect: -0.21417212260954865
# expect: 0.09639374978773074
# expect: 2.8864683699289566
# expect: 764297415155767415265L
# expect: '(lp0\nccopy_reg\n_reconstructor\np1\n(c__main__\nA\np2\nc__builtin__\nobject\np3\nNtp4\nRp5\n(dp6\nS\'name\'\np7\nF1.5\nsba(i__main__\nB\np8\n(dp9\nS\'yy\'\np10\n(lp11\nV\xe9\np12\naNasba(I1\nS"it\'s"\np13\ntp14\naL100000000000000000000L\naI01\na.'
# expect: '(lp1\nccopy_reg\n_reconstructor\np2\n(c__main__\nA\np3\nc__builtin__\nobject\np4\nNtRp5\n(dp6\nS\'name\'\np7\nF1.5\nsba(i__main__\nB\np8\n(dp9\nS\'yy\'\np10\n(lp11\nV\xe9\naNasba(I1\nS"it\'s"\np12\ntp13\naL100000000000000000000L\naI01\na.'
# expect: "]q\x00(ccopy_reg\n_reconstructor\nq\x01(c__main__\nA\nq\x02c__builtin__\nobject\nq\x03Ntq\x04Rq\x05}q\x06U\x04nameq\x07G?\xf8\x00\x00\x00\x00\x00\x00sb(c__main__\nB\nq\x08oq\t}q\nU\x02yyq\x0b]q\x0c(X\x02\x00\x00\x00\xc3\xa9q\rNesb(K\x01U\x04it'sq\x0etq\x0fL100000000000000000000L\nI01\ne."
# expect: "]q\x01(ccopy_reg\n_reconstructor\nq\x02(c__main__\nA\nq\x03c__builtin__\nobject\nq\x04NtRq\x05}q\x06U\x04nameq\x07G?\xf8\x00\x00\x00\x00\x00\x00sb(c__main__\nB\nq\x08oq\t}q\nU\x02yyq\x0b]q\x0c(X\x02\x00\x00\x00\xc3\xa9Nesb(K\x01U\x04it'sq\rtq\x0eL100000000000000000000L\nI01\ne."
# expect: "\x80\x02]q\x00(c__main__\nA\nq\x01)\x81q\x02}q\x03U\x04nameq\x04G?\xf8\x00\x00\x00\x00\x00\x00sb(c__main__\nB\nq\x05oq\x06}q\x07U\x02yyq\x08]q\t(X\x02\x00\x00\x00\xc3\xa9q\nNesbK\x01U\x04it'sq\x0b\x86q\x0c\x8a\t\x00\x00\x10c-^\xc7k\x05\x88e."
# expect: "\x80\x02]q\x01(c__main__\nA\nq\x02)\x81q\x03}q\x04U\x04nameq\x05G?\xf8\x00\x00\x00\x00\x00\x00sb(c__main__\nB\nq\x06oq\x07}q\x08U\x02yyq\t]q\n(X\x02\x00\x00\x00\xc3\xa9NesbK\x01U\x04it'sq\x0b\x86q\x0c\x8a\t\x00\x00\x10c-^\xc7k\x05\x88e."
# expect: {'name': 1.5}
# expect: '\x80\x02c__builtin__\nset\nq\x00]q\x01K\x01a\x85q\x02Rq\x03.'
# expect: P(x=1, y=2)
# expect: TypeError Expected 2 arguments, got 1
# expect: ValueError Encountered duplicate field name: 'a'
# expect: ('b', 1)
# expect: [('a', 2)]
# expect: [1, {u'a': [None, 1500.0, u'\xe9']}]
# expect: ValueError Expecting object: line 1 column 3 (char 2)
# expect: ValueError Expecting : delimiter: line 1 column 6 (char 5)
# expect: ValueError Invalid \escape: line 1 column 2 (char 1)
# expect: ValueError Extra data: line 1 column 3 - line 1 column 4 (char 2 - 3)
# expect: ValueError Expecting property name: line 1 column 2 (char 1)
# expect: '[\n  1, \n  {\n    "a": [\n      true, \n      null, \n      1e+100, \n      "\\u00e9"\n    ]\n  }\n]'
# expect: TypeError <type 'object'> is not JSON serializable
# expect: '1 ${y} $'
# expect: "3  'q'"
# expect: 'MFRGG==='
# expect: '616263'
# expect: 'Uryyb'
# expect: ['The quick brown', 'fox -- jumped', 'over the lazy-', 'dog.']
# expect: 'hi\n'
# expect: 3
# expect: OSError [Errno 2] No such file or directory
# expect: True
# expect: False
# expect: '//a/c'
# expect: "{'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],\n 'bbbbbbbbbbbbbbbbbbbb': [('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',\n                           'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')]}"
# expect: [0, 1, 2]
# expect: False
# expect: <unittest.result.TestResult run=2 errors=0 failures=1>
# expect: 'AssertionError: 2 not less than 1'
