# Parts of the library that both languages have: UTF-7, mapped memory, IDNA's database, places of instructions, views that died.
# stress: 50
from __future__ import print_function
import mmap
import sys
import unicodedata

print((u"a\u03b1+").encode("utf-7") == b"a+A7EAKw-")  # expect: True
print(b"+2AHcAQ-".decode("utf-7") == u"\U00010401")  # expect: True
try:
    b"+x".decode("utf-7")
except UnicodeDecodeError as e:
    print(e.reason)  # expect: unterminated shift sequence

m = mmap.mmap(-1, 10)
m[2:5] = b"abc"
print(m.find(b"b"), len(m), m[2:4] == b"ab")  # expect: 3 10 True
m.seek(8)
try:
    m.write(b"xyz")
except ValueError as e:
    print(e)  # expect: data out of range
m.close()
try:
    m[0]
except ValueError as e:
    print(e)  # expect: mmap closed or invalid

old = unicodedata.ucd_3_2_0
print(old.unidata_version, old.category(u"\u0221"), unicodedata.category(u"\u0221"))  # expect: 3.2.0 Cn Ll
print(u"b\u00fccher".encode("idna") == b"xn--bcher-kva")  # expect: True
print(u"{0}".format(u"\u03b1") == u"\u03b1")  # expect: True


def take(buffer, n):
    data = bytes(memoryview(buffer)[:n]) if sys.version_info[0] > 2 else memoryview(buffer)[:n].tobytes()
    del buffer[:n]
    return data


b = bytearray(b"0123456789")
print(take(b, 4) == b"0123", len(b))  # expect: True 6


def handles():
    try:
        {}["x"]
    except KeyError:
        pass


before = sys.exc_info()
handles()
print(sys.exc_info()[0] is before[0])  # expect: True
