# unicodedata, _socket, _json, _locale: what both languages share.
# stress: 23
# not in a block: it waits for a thread
from __future__ import print_function
import json, locale, socket, threading, unicodedata
print(unicodedata.name(u'\xe9'), unicodedata.category(u'\u20ac'), unicodedata.numeric(u'\xbd'), unicodedata.bidirectional(u'\u05d0'), unicodedata.east_asian_width(u'\u4e00'))
# expect: LATIN SMALL LETTER E WITH ACUTE Sc 0.5 R W
print([len(unicodedata.normalize(f, u'\xc5\ufb01\uac01')) for f in ('NFC', 'NFD', 'NFKC', 'NFKD')], unicodedata.decomposition(u'\xbd'))
# expect: [3, 6, 4, 7] <fraction> 0031 2044 0032
print(unicodedata.lookup('SNOWMAN') == u'\u2603')
# expect: True
try: unicodedata.lookup('NO SUCH THING')
except KeyError as e: print(e.args[0])
# expect: undefined character name 'NO SUCH THING'
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(1)
def serve():
    c, _ = server.accept()
    data = c.recv(100)
    c.sendall(data * 3)
    c.close()
t = threading.Thread(target=serve)
t.start()
c = socket.create_connection(server.getsockname())
c.sendall(b'hey ')
got = b''
while True:
    part = c.recv(5)
    if not part: break
    got += part
t.join()
c.close()
server.close()
print(got.decode())
# expect: hey hey hey 
a, b = socket.socketpair()
a.settimeout(0.01)
try: a.recv(1)
except socket.timeout as e: print(e)
# expect: timed out
b.sendall(b'line one\nline two\n')
f = a.makefile('rb')
print(f.readline().decode().strip(), '|', f.readline().decode().strip())
# expect: line one | line two
f.close(); a.close(); b.close()
try: a.recv(1)
except socket.error as e: print(e)
# expect: [Errno 9] Bad file descriptor
v = json.loads(u'{"a": [1, -2.5e3, "x\\u00e9\\n", null, true], "b": {}}')
print([str(k) for k in sorted(v)], v['a'][:2], v['a'][2] == u'x\xe9\n', v['a'][3:])
# expect: ['a', 'b'] [1, -2500.0] True [None, True]
print(json.dumps([1, 2.5, u'\xe9"', None, {'k': (True, [])}]))
# expect: [1, 2.5, "\u00e9\"", null, {"k": [true, []]}]
print(json.dumps({'b': [1, {'c': 2}]}, indent=1, separators=(',', ': ')))
# expect: {
# expect:  "b": [
# expect:   1,
# expect:   {
# expect:    "c": 2
# expect:   }
# expect:  ]
# expect: }
for bad in ['[1 2]', '{"a" 1}', '"abc', '[1', 'nul']:
    try: json.loads(bad)
    except ValueError as e: print(type(e) is ValueError or 'line 1 column' in str(e))
# expect: True
# expect: True
# expect: True
# expect: True
# expect: True
loop = []
loop.append(loop)
try: json.dumps(loop)
except ValueError as e: print(e)
# expect: Circular reference detected
print(locale.setlocale(locale.LC_ALL, 'C'), locale.localeconv()['decimal_point'])
# expect: C .
