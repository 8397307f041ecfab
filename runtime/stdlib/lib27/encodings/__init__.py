"""The library's codecs: a search function over the conversions that the interpreter has."""

import codecs
import _codecs
from encodings import aliases

_cache = {}
_unknown = "--unknown--"


class CodecRegistryError(LookupError, SystemError):
    pass


def normalize_encoding(encoding):
    """Everything that is no letter, digit or dot becomes one underscore."""
    text = encoding.encode("latin-1") if isinstance(encoding, unicode) else encoding
    return "_".join("".join(c if c.isalnum() or c == "." else " " for c in text).split())


def _info(name, encode, decode, text=True, partial=False):
    """A codec of two functions; `partial` decoders take `final` and leave what is not complete."""

    class Encoder(codecs.IncrementalEncoder):
        def encode(self, input, final=False):
            return encode(input, self.errors)[0]

    if partial:
        class Decoder(codecs.BufferedIncrementalDecoder):
            def _buffer_decode(self, input, errors, final):
                return decode(input, errors, final)

        def whole(input, errors="strict"):
            return decode(input, errors, True)
    else:
        whole = decode

        class Decoder(codecs.IncrementalDecoder):
            def decode(self, input, final=False):
                return decode(input, self.errors)[0]

    class Writer(codecs.StreamWriter):
        def encode(self, input, errors="strict"):
            return encode(input, errors)

    class Reader(codecs.StreamReader):
        def decode(self, input, errors="strict"):
            return decode(input, errors)

    Encoder.__name__, Decoder.__name__ = "IncrementalEncoder", "IncrementalDecoder"
    Writer.__name__, Reader.__name__ = "StreamWriter", "StreamReader"
    return codecs.CodecInfo(encode, whole, Reader, Writer, Encoder, Decoder, name, _is_text_encoding=text)


def _strict(name, errors):
    assert errors == "strict"


def _bytes_codec(name):
    """Codecs from bytes to bytes, by name."""
    def pair(encode, decode):
        def encoder(input, errors="strict"):
            _strict(name, errors)
            return encode(input), len(input)

        def decoder(input, errors="strict"):
            _strict(name, errors)
            return decode(input), len(input)
        return _info(name, encoder, decoder, text=False)

    if name == "hex":
        import binascii
        return pair(binascii.b2a_hex, binascii.a2b_hex)
    if name == "base64":
        import base64
        return pair(base64.encodestring, base64.decodestring)
    if name == "zlib":
        import zlib
        return pair(zlib.compress, zlib.decompress)
    if name == "bz2":
        import bz2
        return pair(bz2.compress, bz2.decompress)
    if name == "rot-13":
        import string
        letters = string.ascii_lowercase, string.ascii_uppercase
        turned = dict((ord(c), ord(s[(i + 13) % 26])) for s in letters for i, c in enumerate(s))
        turned = dict([(i, i) for i in range(256)] + turned.items())
        return _info(name, lambda input, errors="strict": _codecs.charmap_encode(unicode(input), errors, turned),
                     lambda input, errors="strict": _codecs.charmap_decode(input, errors, turned), text=False)
    return None


def _native(name, stem, partial):
    return _info(name, getattr(_codecs, stem + "_encode"), getattr(_codecs, stem + "_decode"), partial=partial)


def _make(name):
    if name in ("utf_8", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"):
        return _native(name.replace("_", "-", 2), name, True)
    if name in ("ascii", "unicode_escape", "raw_unicode_escape", "unicode_internal"):
        return _native(name.replace("_", "-"), name, False)
    if name == "latin_1":
        return _native("iso8859-1", name, False)
    if name == "string_escape":
        return _info("string-escape", _codecs.escape_encode, _codecs.escape_decode)
    if name == "utf_8_sig":
        def encode(input, errors="strict"):
            return codecs.BOM_UTF8 + _codecs.utf_8_encode(input, errors)[0], len(input)

        def decode(input, errors="strict", final=True):
            skip = 3 if input[:3] == codecs.BOM_UTF8 else 0
            text, used = _codecs.utf_8_decode(input[skip:], errors, final)
            return text, used + skip
        return _info("utf-8-sig", encode, decode, partial=True)
    plain = {"hex_codec": "hex", "base64_codec": "base64", "zlib_codec": "zlib", "bz2_codec": "bz2", "rot_13": "rot-13"}
    if name in plain:
        return _bytes_codec(plain[name])
    if name.startswith(("cp", "iso8859", "koi8", "mac")):
        # Code pages of the interpreter itself.
        spelled = name.replace("_", "-")
        try:
            u"".encode(spelled)
        except LookupError:
            return None
        return _info(spelled, lambda input, errors="strict": (unicode(input).encode(spelled, errors), len(input)),
                     lambda input, errors="strict": (str(input).decode(spelled, errors), len(input)))
    return None


_searching = set()


def search_function(encoding):
    known = _cache.get(encoding, _unknown)
    if known is not _unknown:
        return known
    if encoding in _searching:
        return None
    _searching.add(encoding)
    try:
        name = normalize_encoding(encoding)
        name = aliases.aliases.get(name) or aliases.aliases.get(name.replace(".", "_")) or name
        found = _make(name)
        if found is None and "." not in name:
            try:
                module = __import__("encodings." + name, fromlist=["getregentry"], level=0)
                found = module.getregentry()
            except (ImportError, AttributeError):
                found = None
    finally:
        _searching.discard(encoding)
    _cache[encoding] = found
    return found


codecs.register(search_function)
