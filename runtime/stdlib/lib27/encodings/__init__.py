"""The library's codecs: a search function over the conversions that the interpreter has."""

import codecs
import sys
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


def _begun_once(name, encode, whole, rest, ordered, fresh, tells_order):
    """A codec with a mark at the beginning of a stream, and only there.

    `encode` begins with the mark, `rest` encodes what follows. ordered(input, errors, final, order) decodes: (text, used, order); the order is what the
    mark said, 0 until it was seen. `fresh` is an encoder's state before the mark; only UTF-32's decoders have the order in their state.
    """

    def encode_next(self, input, errors):
        convert, self._begun = rest if self._begun else encode, True
        return convert(input, errors)

    def decode_next(self, input, errors, final):
        text, used, self._order = ordered(input, errors, final, self._order)
        return text, used

    class IncrementalEncoder(codecs.IncrementalEncoder):
        _begun = False

        def encode(self, input, final=False):
            return encode_next(self, input, self.errors)[0]

        def reset(self):
            codecs.IncrementalEncoder.reset(self)
            self._begun = False

        def getstate(self):
            return 0 if self._begun else fresh

        def setstate(self, state):
            self._begun = not state

    class IncrementalDecoder(codecs.BufferedIncrementalDecoder):
        _order = 0

        def _buffer_decode(self, input, errors, final):
            return decode_next(self, input, errors, final)

        def reset(self):
            codecs.BufferedIncrementalDecoder.reset(self)
            self._order = 0

        if tells_order:
            def getstate(self):
                return self.buffer, int(self._order != _NATIVE) if self._order else 2

            def setstate(self, state):
                codecs.BufferedIncrementalDecoder.setstate(self, state)
                self._order = {0: _NATIVE, 1: -_NATIVE}.get(state[1], 0)

    class StreamWriter(codecs.StreamWriter):
        _begun = False

        def encode(self, input, errors="strict"):
            return encode_next(self, input, errors)

        def reset(self):
            codecs.StreamWriter.reset(self)
            self._begun = False

    class StreamReader(codecs.StreamReader):
        _order = 0

        def decode(self, input, errors="strict"):
            return decode_next(self, input, errors, False)

        def reset(self):
            codecs.StreamReader.reset(self)
            self._order = 0

    return codecs.CodecInfo(encode, whole, StreamReader, StreamWriter, IncrementalEncoder, IncrementalDecoder, name)


# As the decoders of both byte orders call them.
_NATIVE = -1 if sys.byteorder == "little" else 1


def _either_order(name, bits):
    """UTF-16 and UTF-32 of the byte order that a mark says."""
    begin, decode, ordered = [getattr(_codecs, "utf_%d_%s" % (bits, what)) for what in ("encode", "decode", "ex_decode")]
    little, big = [[getattr(_codecs, "utf_%d_%s_%s" % (bits, order, what)) for what in ("encode", "decode")] for order in ("le", "be")]

    def whole(input, errors="strict"):
        return decode(input, errors, True)

    def by_order(input, errors, final, order):
        if order:
            return (little if order < 0 else big)[1](input, errors, final) + (order,)
        text, used, order = ordered(input, errors, 0, final)
        if not order and used >= bits // 8:
            raise UnicodeError("UTF-%d stream does not start with BOM" % bits)
        return text, used, order

    return _begun_once(name, begin, whole, (little if _NATIVE < 0 else big)[0], by_order, 2, bits == 32)


def _signed():
    """UTF-8 behind a mark that says so; it may be missing."""
    mark = codecs.BOM_UTF8

    def encode(input, errors="strict"):
        return mark + _codecs.utf_8_encode(input, errors)[0], len(input)

    def whole(input, errors="strict"):
        skip = len(mark) if input.startswith(mark) else 0
        text, used = _codecs.utf_8_decode(input[skip:], errors, True)
        return text, used + skip

    def after_mark(input, errors, final, seen):
        if not seen and len(input) < len(mark) and mark.startswith(input):
            # It may be the mark's beginning.
            return u"", 0, 0
        skip = len(mark) if not seen and input.startswith(mark) else 0
        text, used = _codecs.utf_8_decode(input[skip:], errors, final)
        return text, used + skip, 1

    return _begun_once("utf-8-sig", encode, whole, _codecs.utf_8_encode, after_mark, 1, False)


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


_MULTIBYTE = ("_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw")


def _multibyte(name):
    """A codec of more than one byte a character; None if none is called so."""
    import _multibytecodec
    for module in _MULTIBYTE:
        getcodec = __import__(module).getcodec
        try:
            return _multibytecodec.registry_entry(name, getcodec)
        except LookupError:
            pass
    return None


def _make(name):
    if name in ("utf_16", "utf_32"):
        return _either_order(name.replace("_", "-"), int(name[4:]))
    if name in ("utf_7", "utf_8", "utf_16_le", "utf_16_be", "utf_32_le", "utf_32_be"):
        return _native(name.replace("_", "-", 2), name, True)
    if name in ("ascii", "unicode_escape", "raw_unicode_escape", "unicode_internal"):
        return _native(name.replace("_", "-"), name, False)
    if name == "latin_1":
        return _native("iso8859-1", name, False)
    if name == "string_escape":
        return _info("string-escape", _codecs.escape_encode, _codecs.escape_decode)
    if name == "utf_8_sig":
        return _signed()
    plain = {"hex_codec": "hex", "base64_codec": "base64", "zlib_codec": "zlib", "bz2_codec": "bz2", "rot_13": "rot-13"}
    if name in plain:
        return _bytes_codec(plain[name])
    if name.startswith(("cp", "iso8859", "koi8", "mac")):
        # Code pages of the interpreter itself.
        spelled = name.replace("_", "-")
        try:
            u"".encode(spelled)
        except LookupError:
            return _multibyte(name)
        return _info(spelled, lambda input, errors="strict": (unicode(input).encode(spelled, errors), len(input)),
                     lambda input, errors="strict": (str(input).decode(spelled, errors), len(input)))
    if name.startswith(("gb", "hz", "big5", "euc_", "johab", "shift_jis", "iso2022")):
        return _multibyte(name)
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
