# Multibyte codecs: whole texts, errors, pieces, streams.
# stress: 211
from __future__ import print_function
import codecs, io

NAMES = """gb2312 gbk gb18030 hz euc_kr cp949 johab big5 cp950 big5hkscs shift_jis cp932 euc_jp shift_jis_2004 shift_jisx0213 euc_jis_2004
euc_jisx0213 iso2022_kr iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext""".split()


def hexed(b):
    return "".join("%02x" % c for c in bytearray(b))


def points(s):
    return " ".join("%x" % ord(c) for c in s)


for name in NAMES:
    # 2.7 encodes no two characters of the ISO 2022 family together.
    text = u"a\u3042\u4e00~\uac00\u304b\u0451\\\u20ac"
    data = text.encode(name, "ignore")
    print(name, hexed(data), hexed(text.encode(name, "replace")) == hexed(text.encode(name, "xmlcharrefreplace")))
    print(points(data.decode(name)))
    decoder = codecs.getincrementaldecoder(name)()
    pieces = [decoder.decode(data[i:i + 1]) for i in range(len(data))] + [decoder.decode(b"", True)]
    assert u"".join(pieces) == data.decode(name)
    encoder = codecs.getincrementalencoder(name)("ignore")
    assert b"".join([encoder.encode(c) for c in text] + [encoder.encode(u"", True)]) == data
    for bad in b"a\xff\xff", b"\x1b$", b"\x81", b"\x1b\xc0":
        try:
            print(points(bad.decode(name)), end=" ")
        except UnicodeDecodeError as e:
            print(e.start, e.reason.split()[0], points(bad.decode(name, "replace"))[:4], end=" ")
    print()
    assert codecs.getreader(name)(io.BytesIO(data * 2)).read() == data.decode(name) * 2

out = io.BytesIO()
writer = codecs.getwriter("euc_jis_2004")(out)
writer.write(u"\u304b")
print(hexed(out.getvalue()))
writer.write(u"\u309a\u304b")
writer.reset()
print(hexed(out.getvalue()))
if str is not bytes:
    assert u"\u304b\u309a".encode("iso2022_jp_3") == b"\x1b$(O$w\x1b(B"
print(hexed(u"\uac02".encode("euc_kr")), points(b"\xa4\xd4\xa4\xa1\xa4\xbf\xa4\xa2".decode("euc_kr")), hexed(u"\U0001f600\x80".encode("gb18030")))
try:
    u"ab\xff".encode("shift_jis")
except UnicodeEncodeError as e:
    print(e.encoding, e.start, e.end, e.reason)
codecs.register_error("both", lambda e: (u"<\u3042>", e.end))
print(hexed(u"x\u0301".encode("cp932", "both")), points(b"x\x81".decode("cp932", "both")))
import _codecs_jp
try:
    _codecs_jp.getcodec("gbk")
except LookupError as e:
    print(e)
print(type(_codecs_jp.getcodec("euc_jp")).__name__, u"\u3042".encode("sjis") == u"\u3042".encode("ms932"))
# expect: gb2312 61a4a2d2bb7ea4aba7d75c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: gbk 61a4a2d2bb7ea4aba7d75c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: gb18030 61a4a2d2bb7e8237cf35a4aba7d75ca2e3 True
# expect: 61 3042 4e00 7e ac00 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: hz 617e7b2422523b7e7d7e7e7e7b242b27577e7d5c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 illegal fffd 1 illegal 1b f 
# expect: euc_kr 61aaa2ece97eb0a1aaabacd75ca2e6 True
# expect: 61 3042 4e00 7e ac00 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: cp949 61aaa2ece97eb0a1aaabacd75ca2e6 True
# expect: 61 3042 4e00 7e ac00 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: johab 61dda2f1797e8861ddabded75cd9e6 True
# expect: 61 3042 4e00 7e ac00 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: big5 61c6a6a4407ec6afc7ce5c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: cp950 61c6a6a4407ec6afc7ce5ca3e1 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: big5hkscs 61c6e8a4407ec6f1c85b5c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: shift_jis 6182a088ea7e82a984765c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1b ff80 
# expect: cp932 6182a088ea7e82a984765c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 61 f8f3 f8f3 1b 24 0 incomplete fffd 1b ff80 
# expect: euc_jp 61a4a2b0ec7ea4aba7d75c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: shift_jis_2004 6182a088ea81b082a98476815f8540 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1b ff80 
# expect: shift_jisx0213 6182a088ea81b082a98476815f8540 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1b ff80 
# expect: euc_jis_2004 61a4a2b0ec7ea4aba7d75ca9a1 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: euc_jisx0213 61a4a2b0ec7ea4aba7d75ca9a1 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 1b 24 0 incomplete fffd 1 incomplete 1b f 
# expect: iso2022_kr 611b2429430e2a226c690f7e0e30212a2b2c570f5c0e22660f True
# expect: 61 3042 4e00 7e ac00 304b 451 5c 20ac
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect: iso2022_jp 611b24422422306c1b28427e1b2442242b27571b28425c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect: iso2022_jp_1 611b24422422306c1b28427e1b2442242b27571b28425c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect: iso2022_jp_2 611b24422422306c1b28427e1b24284330211b2442242b27571b28425c1b24284322661b2842 True
# expect: 61 3042 4e00 7e ac00 304b 451 5c 20ac
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect: iso2022_jp_2004 611b24422422306c1b28427e1b2442242b27571b28425c1b24285129211b2842 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect: iso2022_jp_3 611b24422422306c1b28427e1b2442242b27571b28425c1b24284f29211b2842 False
# expect: 61 3042 4e00 7e 304b 451 5c 20ac
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect: iso2022_jp_ext 611b24422422306c1b28427e1b2442242b27571b28425c False
# expect: 61 3042 4e00 7e 304b 451 5c
# expect: 1 illegal 61 f 0 incomplete fffd 0 illegal fffd 1b c0 
# expect:
# expect: a4f7a4ab
# expect: a4d4a4a1a4bfa4a2 ac02 9439fc3681308130
# expect: shift_jis 2 3 illegal multibyte sequence
# expect: 783c82a03e 78 3c 3042 3e
# expect: no such codec is supported.
# expect: MultibyteCodec True
