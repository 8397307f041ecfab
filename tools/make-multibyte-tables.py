"""Writes runtime/stdlib/src/multibyte/tables.bin: which bytes stand for which characters in the multibyte encodings, as the CPython that runs this
decodes and encodes them. The layout is read by runtime/stdlib/src/multibyte/table.rs.

    python3.13 tools/make-multibyte-tables.py

All numbers are variable-length (7 bits a byte, low ones first, the top bit set on all but the last), the whole is compressed by zlib. For each encoding:
its name and a zero; for each of the 256 first bytes 0 (never begins a character), 1 or 2 (begins one of two or three bytes), or what it stands for + 3;
the characters of two and those of three bytes (see `runs`); sequences that are illegal as a whole; sequences of two characters; and the characters
whose encoding is not the first of the sequences that are decoded to them (0: can't be encoded).
"""
import os
import zlib

# Neighbours resemble each other, which the compression sees.
NAMES = """gb2312 gbk gb18030 euc_kr cp949 johab big5 cp950 big5hkscs shift_jis cp932 euc_jp shift_jis_2004 shift_jisx0213 euc_jis_2004
euc_jisx0213""".split()
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runtime", "stdlib", "src", "multibyte", "tables.bin")


def number(out, n):
    while n >= 128:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)


def signed(out, n):
    number(out, n * 2 if n >= 0 else -n * 2 - 1)


def runs(out, entries):
    """Of {two bytes: character}: runs of neighbours; each is the distance to the last run's end, the length, and differences of characters."""
    groups = []
    for key in sorted(entries):
        if groups and groups[-1][-1] + 1 == key:
            groups[-1].append(key)
        else:
            groups.append([key])
    number(out, len(groups))
    end = last = 0
    for group in groups:
        number(out, group[0] - end)
        number(out, len(group))
        for key in group:
            signed(out, entries[key] - last - 1)
            last = entries[key]
        end = group[-1] + 1


def attempt(name, data):
    """(characters, None) or (None, error)."""
    try:
        return data.decode(name), None
    except UnicodeDecodeError as e:
        return None, e


def table(out, name):
    out += name.encode() + b"\0"
    known = {}
    two, three, whole, pairs = {}, {}, [], []

    def note(data, into):
        text, e = attempt(name, data)
        if e is None:
            key = int.from_bytes(data[-2:], "big")
            known[data] = text
            if len(text) == 1:
                into[key] = ord(text)
            else:
                pairs.append((int.from_bytes(data, "big"), ord(text[0]), ord(text[1])))
        elif e.end - e.start == 2 and e.reason.startswith("illegal"):
            whole.append(int.from_bytes(data, "big"))

    for first in range(256):
        text, e = attempt(name, bytes([first]))
        if e is None:
            known[bytes([first])] = text
            number(out, ord(text) + 3)
            continue
        if e.reason.startswith("illegal"):
            number(out, 0)
            continue
        long = first == 0x8F and name.startswith("euc_j")
        number(out, 2 if long else 1)
        for second in range(256):
            if not long:
                note(bytes([first, second]), two)
                continue
            for third in range(256):
                note(bytes([first, second, third]), three)
    runs(out, two)
    runs(out, three)
    number(out, len(whole))
    for key in whole:
        number(out, key)
    number(out, len(pairs))
    for row in pairs:
        for n in row:
            number(out, n)
    first = {}
    for data in sorted(known, key=lambda data: (len(data), data)):
        first.setdefault(known[data], data)
    odd = []
    for c in range(0x30000):
        if 0xD800 <= c < 0xE000:
            continue
        try:
            data = chr(c).encode(name)
        except UnicodeEncodeError:
            data = b""
        # Longer ones follow from rules.
        if data != first.get(chr(c), b"") and len(data) <= 3:
            odd.append((c, int.from_bytes(data, "big")))
    number(out, len(odd))
    for c, code in odd:
        number(out, c)
        number(out, code)


def main():
    out = bytearray()
    for name in NAMES:
        table(out, name)
    packed = zlib.compress(bytes(out), 9)
    with open(OUT, "wb") as f:
        f.write(packed)
    print(len(out), "bytes,", len(packed), "compressed")


main()
