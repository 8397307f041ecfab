# lang: 2
# What only Python 2.7 has.
print 'statement', 1, 2L, 7 / 2, `5`  # expect: statement 1 2 3 5
print >>__import__('sys').stdout, u'text'  # expect: text
class Classic:
    def __init__(self, x):
        self.x = x
    def __cmp__(self, o):
        return cmp(self.x, o.x)
print type(Classic), Classic(1) < Classic(2), sorted([3, 'a', None, 2.5])  # expect: <type 'classobj'> True [None, 2.5, 3, 'a']
exec 'y = 5' in globals()
print y, type(y), type(2 ** 62), type(2 ** 63), type(5L)  # expect: 5 <type 'int'> <type 'int'> <type 'long'> <type 'long'>
def unpack((a, b), c):
    return a + b + c
print unpack((1, 2), 3)  # expect: 6
try:
    raise ValueError, 'old'
except ValueError, e:
    print e  # expect: old
print {'a': 1}.has_key('a'), map(None, [1, 2], [3]), filter(None, [0, 1])  # expect: True [(1, 3), (2, None)] [1]
print 'abc'[1:], [1, 2, 3, 4][1:3], u'\xe9'.encode('utf-8') == '\xc3\xa9', 'x' + u'y'  # expect: bc [2, 3] True xy
print 0777, '%s %r %5.1f' % ('s', u'u', 2.25), sum(xrange(10))  # expect: 511 s u'u'   2.2 45

# A StopIteration that leaves a generator's body ends the loop around it, like its return.
def stops():
    yield 1
    raise StopIteration
def passes_on(it):
    while True:
        yield it.next()
def loop(g, out=0):
    for x in g:
        out += x
    else:
        out += 100
    return out
print list(stops()), [x for x in passes_on(iter([1, 2]))], tuple(passes_on(passes_on(iter([3])))), sum(x for x in stops()), loop(stops()), loop(passes_on(stops()))  # expect: [1] [1, 2] (3,) 1 101 101
g = stops()
g.next()
try:
    g.next()
except StopIteration:
    print 'stopped', list(g)  # expect: stopped []
def finally_runs():
    try:
        yield 5
        iter([]).next()
    finally:
        print 'cleaned'
for x in finally_runs():
    print x
# expect: 5
# expect: cleaned
