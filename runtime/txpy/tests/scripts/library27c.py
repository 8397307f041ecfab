# lang: 2
# stress: 997
# More of 2.7's library, against CPython 2.7.18's output: codecs' streams, configurations of logging, unittest, indices beyond 2^61.
import StringIO, argparse, codecs, json, logging.config, pickle, sys, unittest, UserDict
def show(f, *a, **k):
    try:
        print repr(f(*a, **k))
    except Exception as e:
        print type(e).__name__, e
class Out(object):
    def __init__(self): self.parts = []
    def write(self, s): self.parts.append(s)
    def flush(self): pass
def stream(encoding):
    out = Out()
    w = codecs.getwriter(encoding)(out)
    w.write(u'a')
    w.write(u'\xe4')
    w.reset()
    w.write(u'b')
    return ''.join(out.parts)
for encoding in ('utf-16', 'utf-32', 'utf-8-sig'):
    show(stream, encoding)
    pieces = list(codecs.iterencode([u'x', u'y'], encoding))
    print pieces, repr(u''.join(codecs.iterdecode(''.join(pieces), encoding)))
big = u'line one\nline \u20ac\n'.encode('utf-16-be')
r = codecs.getreader('utf-16')(StringIO.StringIO(codecs.BOM_UTF16_BE + big * 9))
print repr(r.readline()), repr(r.read(3)), sum(len(line) for line in r)
show(codecs.getreader('utf-16')(StringIO.StringIO('abcd')).read)
r = codecs.getreader('utf-8')(StringIO.StringIO('foo\nbar\r\nbaz\rspam\xe2\x80\xa8eggs'))
print [r.readline(keepends=False) for _ in range(6)]
r = codecs.getreader('utf-8')(StringIO.StringIO('a' * 71 + '\r\nnext'))
print len(r.readline()), repr(r.readline())
show(json.dumps, {(1, 2): 3}, indent=1)
show(json.dumps, ['a'], encoding=None)
show(json.dumps, 'a', encoding=None)
show(UserDict.UserDict, 1, 2)
show(logging.config.dictConfig, {'version': 1, 'root': {'handlers': ['none']}})
for s in ('J\0', 'N\x86.', 'NN\x87.'):
    show(pickle.loads, s)
print argparse.HelpFormatter.__module__, pickle.dumps(argparse.RawTextHelpFormatter).split('\n')[0]
n = sys.maxint
print xrange(n - 1)[n - 3] == n - 3, xrange(2 ** 62)[-1] == 2 ** 62 - 1
show('{0[4611686018427387904]}'.format, [5])
show('{0[4611686018427387904]}'.format, {4611686018427387904: 5})
class T(unittest.TestCase):
    def test_b(self):
        print 'kept'
        self.fail('with what was written')
    def test_a(self):
        print 'not shown'
f = lambda: None
print unittest.FunctionTestCase(f) == unittest.FunctionTestCase(f), unittest.FunctionTestCase(f) == unittest.FunctionTestCase(len)
print unittest.getTestCaseNames(T, 'test', lambda a, b: -cmp(a, b))
out = Out()
result = unittest.TextTestRunner(stream=out, buffer=True).run(unittest.makeSuite(T))
print out.parts[0], result.failures[0][1].split('\n')[-4:]
print [line for line in ''.join(out.parts).split('\n') if line.startswith(('Ran', 'FAILED'))][1:]
# expect: '\xff\xfea\x00\xe4\x00\xff\xfeb\x00'
# expect: ['\xff\xfex\x00', 'y\x00'] u'xy'
# expect: '\xff\xfe\x00\x00a\x00\x00\x00\xe4\x00\x00\x00\xff\xfe\x00\x00b\x00\x00\x00'
# expect: ['\xff\xfe\x00\x00x\x00\x00\x00', 'y\x00\x00\x00'] u'xy'
# expect: '\xef\xbb\xbfa\xc3\xa4\xef\xbb\xbfb'
# expect: ['\xef\xbb\xbfx', 'y'] u'xy'
# expect: u'line one\n' u'lin' 132
# expect: UnicodeError UTF-16 stream does not start with BOM
# expect: [u'foo', u'bar', u'baz', u'spam', u'eggs', u'']
# expect: 73 u'next'
# expect: TypeError key (1, 2) is not a string
# expect: TypeError decode() argument 1 must be string, not None
# expect: '"a"'
# expect: TypeError expected at most 1 arguments, got 2
# expect: ValueError Unable to configure root logger: Unable to add handler 'none': 'none'
# expect: EOFError 
# expect: IndexError list index out of range
# expect: IndexError list index out of range
# expect: argparse cargparse
# expect: True True
# expect: IndexError list index out of range
# expect: '5'
# expect: True False
# expect: ['test_b', 'test_a']
# expect: 
# expect: Stdout:
# expect: kept
# expect: . ['', 'Stdout:', 'kept', '']
# expect: ['FAILED (failures=1)']
