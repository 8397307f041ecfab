"""Bytes as text: base 64, 32 and 16."""

import binascii
from string import maketrans as _maketrans

__all__ = ["encode", "decode", "encodestring", "decodestring", "b64encode", "b64decode", "b32encode", "b32decode", "b16encode",
           "b16decode", "standard_b64encode", "standard_b64decode", "urlsafe_b64encode", "urlsafe_b64decode"]

EMPTYSTRING = ""
MAXLINESIZE = 76
MAXBINSIZE = MAXLINESIZE // 4 * 3
_to_url = _maketrans("+/", "-_")
_from_url = _maketrans("-_", "+/")
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def b64encode(s, altchars=None):
    encoded = binascii.b2a_base64(s)[:-1]
    return encoded.translate(_maketrans("+/", altchars[:2])) if altchars is not None else encoded


def b64decode(s, altchars=None):
    if altchars is not None:
        s = s.translate(_maketrans(altchars[:2], "+/"))
    try:
        return binascii.a2b_base64(s)
    except binascii.Error as msg:
        raise TypeError(msg)


def standard_b64encode(s):
    return b64encode(s)


def standard_b64decode(s):
    return b64decode(s)


def urlsafe_b64encode(s):
    return b64encode(s).translate(_to_url)


def urlsafe_b64decode(s):
    return b64decode(s.translate(_from_url))


def b32encode(s):
    pieces = []
    for at in range(0, len(s), 5):
        chunk = s[at:at + 5]
        number = int((chunk + "\0" * (5 - len(chunk))).encode("hex"), 16)
        digits = "".join(_BASE32[number >> shift & 31] for shift in range(35, -1, -5))
        kept = (len(chunk) * 8 + 4) // 5
        pieces.append(digits[:kept] + "=" * (8 - kept))
    return "".join(pieces)


def b32decode(s, casefold=False, map01=None):
    if len(s) % 8:
        raise TypeError("Incorrect padding")
    if map01:
        s = s.translate(_maketrans("01", "O" + map01))
    if casefold:
        s = s.upper()
    bare = s.rstrip("=")
    padding = len(s) - len(bare)
    if padding not in (0, 1, 3, 4, 6):
        raise TypeError("Incorrect padding")
    value = 0
    for c in bare:
        place = _BASE32.find(c)
        if place < 0:
            raise TypeError("Non-base32 digit found")
        value = value << 5 | place
    value <<= 5 * padding
    n = len(s) // 8 * 5
    data = ("%0*x" % (2 * n, value)).decode("hex") if n else ""
    return data[:n - (padding * 5 + 7) // 8] if padding else data


def b16encode(s):
    return binascii.hexlify(s).upper()


def b16decode(s, casefold=False):
    if casefold:
        s = s.upper()
    if any(c not in "0123456789ABCDEF" for c in s):
        raise TypeError("Non-base16 digit found")
    return binascii.unhexlify(s)


def encode(input, output):
    while True:
        data = input.read(MAXBINSIZE)
        if not data:
            break
        while len(data) < MAXBINSIZE:
            more = input.read(MAXBINSIZE - len(data))
            if not more:
                break
            data += more
        output.write(binascii.b2a_base64(data))


def decode(input, output):
    for line in iter(input.readline, ""):
        output.write(binascii.a2b_base64(line))


def encodestring(s):
    return "".join(binascii.b2a_base64(s[at:at + MAXBINSIZE]) for at in range(0, len(s), MAXBINSIZE))


def decodestring(s):
    return binascii.a2b_base64(s)
