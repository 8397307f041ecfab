# array, zlib, digests, cmath and csv: what both languages share.
# stress: 7
from __future__ import print_function
import array, zlib, hashlib, cmath, csv
a = array.array('i', [3, 1, 2])
a.extend(a)
a[1:3] = array.array('i', [7])
print(a, a.index(7), a.count(3), len(a), a.itemsize)
# expect: array('i', [3, 7, 3, 1, 2]) 1 2 5 4
try: a.append(1 << 40)
except OverflowError as e: print(e)
# expect: signed integer is greater than maximum
m = memoryview(a)
try: a.append(1)
except BufferError as e: print('BufferError')
# expect: BufferError
a = a + array.array('i', [9])
print(a[-1], array.array('d', [1.5])[0])
# expect: 9 1.5
data = b'spam and eggs, ' * 5000
z = zlib.compress(data, 9)
print(zlib.decompress(z) == data, len(z) < 500, zlib.crc32(b'hello') & 0xffffffff, zlib.adler32(b'hello'))
# expect: True True 907060870 103547413
c = zlib.compressobj(6, zlib.DEFLATED, -15)
raw = c.compress(data[:100]) + c.flush(zlib.Z_SYNC_FLUSH)
other = c.copy()
one, two = raw + c.compress(b'one') + c.flush(), raw + other.compress(b'two') + other.flush()
print(zlib.decompress(one, -15)[-3:] == b'one', zlib.decompress(two, -15)[-3:] == b'two')
# expect: True True
d = zlib.decompressobj()
print(len(d.decompress(z + b'rest', 100)), len(d.unconsumed_tail) > 0, len(d.flush()), d.unused_data == b'rest')
# expect: 100 True 74900 True
try: zlib.decompress(b'not a stream')
except zlib.error as e: print(e)
# expect: Error -3 while decompressing data: incorrect header check
try: zlib.decompress(z[:-5])
except zlib.error as e: print(e)
# expect: Error -5 while decompressing data: incomplete or truncated stream
for name in ['md5', 'sha1', 'sha256', 'sha512']:
    h = hashlib.new(name, b'ab')
    h2 = h.copy()
    h.update(b'c')
    print(h.name.lower(), h.digest_size, h.block_size, h.hexdigest()[:16], h2.hexdigest() == hashlib.new(name, b'ab').hexdigest())
# expect: md5 16 64 900150983cd24fb0 True
# expect: sha1 20 64 a9993e364706816a True
# expect: sha256 32 64 ba7816bf8f01cfea True
# expect: sha512 64 128 ddaf35a193617aba True
print(cmath.sqrt(-4), cmath.rect(2, cmath.pi).real, cmath.phase(-1) == cmath.pi, cmath.log(1j) / cmath.pi)
# expect: 2j -2.0 True 0.5j
try: cmath.log(0)
except ValueError as e: print(e)
# expect: math domain error
class Sink(list):
    write = list.append
s = Sink()
w = csv.writer(s, quoting=csv.QUOTE_MINIMAL)
w.writerows([[1, 'a,b', None], ['q"x', 'l\nm', '']])
print(list(s))
# expect: ['1,"a,b",\r\n', '"q""x","l\nm",\r\n']
print(list(csv.reader(['a,"b ""c""",\n', '"x\n', 'y",z'])))
# expect: [['a', 'b "c"', ''], ['x\ny', 'z']]
try: csv.reader([], delimiter='::')
except TypeError as e: print('TypeError')
# expect: TypeError
