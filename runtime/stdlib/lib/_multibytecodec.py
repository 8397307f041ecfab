"""The classes of the multibyte codecs: whole texts, pieces of texts, streams. The conversions are _multibyte's."""

import _multibyte

_two = str is bytes
_text = type(u"")
# Characters that may wait for what follows them.
_MOST_PENDING = 2


def _checked_errors(errors):
    if not isinstance(errors, (str, _text)):
        raise TypeError("errors must be a string")
    return errors


def _as_text(input):
    if isinstance(input, _text):
        return input
    return unicode(input) if _two else str(input)


class MultibyteCodec(object):
    # The states in which encoding and decoding begin.
    __slots__ = "_name", "_start", "_decoding"

    def __new__(cls, *args, **named):
        raise TypeError("cannot create '%s' instances" % cls.__name__)

    def encode(self, input, errors=None):
        text = _as_text(input)
        return _multibyte.encode(self._name, text, errors, self._start, True)[0], len(text)

    def decode(self, input, errors=None):
        text, used, _ = _multibyte.decode(self._name, input, errors, self._decoding, True)
        return text, used


def finder(*names):
    """The function `getcodec` of a module that has these encodings."""
    known = {}

    def getcodec(name):
        if not isinstance(name, (str, _text)):
            raise TypeError("encoding name must be a string.")
        if name not in names:
            raise LookupError("no such codec is supported.")
        codec = known.get(name)
        if codec is None:
            codec = object.__new__(MultibyteCodec)
            codec._name, codec._start, codec._decoding = str(name), _multibyte.start(name, False), _multibyte.start(name, True)
            known[name] = codec
        return codec

    getcodec.__doc__ = ""
    return getcodec


class _WithErrors(object):
    def __new__(cls, *args, **named):
        self = object.__new__(cls)
        if not isinstance(getattr(self, "codec", None), MultibyteCodec):
            self.codec
            raise TypeError("codec is unexpected type")
        self._state = self._begin()
        return self

    @property
    def errors(self):
        return self._errors

    @errors.setter
    def errors(self, errors):
        self._errors = _checked_errors(errors)


class _Encoder(_WithErrors):
    _pending = u""

    def _begin(self):
        return self.codec._start

    def _encode(self, input, final):
        text = self._pending + _as_text(input)
        name = self.codec._name
        out, used, state = _multibyte.encode(name, text, self._errors, self._state, final)
        if len(text) - used > _MOST_PENDING:
            raise UnicodeEncodeError(name, text, used, len(text), "pending buffer overflow")
        self._pending, self._state = text[used:], state
        return out

    def _end(self):
        """What ends the text; nothing is kept."""
        out = _multibyte.encode(self.codec._name, self._pending, self._errors, self._state, True)[0]
        self._pending, self._state = u"", self.codec._start
        return out


class _Decoder(_WithErrors):
    _pending = b""

    def _begin(self):
        return self.codec._decoding

    def _decode(self, data, final):
        data = self._pending + bytes(data)
        text, used, self._state = _multibyte.decode(self.codec._name, data, self._errors, self._state, final)
        self._pending = data[used:]
        return text

    def _forget(self):
        self._pending, self._state = b"", self._begin()


class MultibyteIncrementalEncoder(_Encoder):
    def __init__(self, errors="strict"):
        self.errors = errors

    def encode(self, input, final=False):
        return self._encode(input, final)

    def reset(self):
        self._end()

    def getstate(self):
        # One byte says how long the UTF-8 that waits is; behind it stand the state's eight.
        waiting = bytearray(self._pending.encode("utf-8"))
        n = 0
        for byte in reversed(bytearray([len(waiting)]) + waiting + bytearray(self._state >> 8 * i & 255 for i in range(8))):
            n = n << 8 | byte
        return n

    def setstate(self, state):
        if not isinstance(state, (int, long) if _two else int):
            raise TypeError("setstate() argument must be int, not %s" % type(state).__name__)
        length = state & 255
        if length > _MOST_PENDING * 4:
            raise UnicodeError("pending buffer too large")
        state >>= 8
        waiting = bytes(bytearray(state >> 8 * i & 255 for i in range(length)))
        self._pending = waiting.decode("utf-8")
        self._state = state >> 8 * length & (1 << 64) - 1


class MultibyteIncrementalDecoder(_Decoder):
    def __init__(self, errors="strict"):
        self.errors = errors

    def decode(self, input, final=False):
        return self._decode(input, final)

    def reset(self):
        self._forget()

    def getstate(self):
        return self._pending, self._state

    def setstate(self, state):
        if not isinstance(state, tuple):
            raise TypeError("setstate() argument 1 must be tuple, not %s" % type(state).__name__)
        data, number = state
        if not isinstance(data, bytes) or not isinstance(number, (int, long) if _two else int):
            raise TypeError("illegal decoder state")
        if len(data) > 8:
            raise UnicodeDecodeError(self.codec._name, data, 0, len(data), "pending buffer too large")
        self._pending, self._state = data, number & (1 << 64) - 1


class MultibyteStreamReader(_Decoder):
    def __init__(self, stream, errors="strict"):
        self.stream, self.errors = stream, errors

    def _read(self, method, size):
        if size is not None and not isinstance(size, (int, long) if _two else int):
            raise TypeError("arg 1 must be an integer")
        if size is None:
            size = -1
        while True:
            read = getattr(self.stream, method)
            data = read() if size < 0 else read(size)
            if not isinstance(data, bytes):
                raise TypeError("stream function returned a non-%s object (%.100s)" % ("string" if _two else "bytes", type(data).__name__))
            text = self._decode(data, not data or size < 0)
            if text or not data or size < 0:
                return text
            size = 1

    def read(self, size=None):
        return self._read("read", size)

    def readline(self, size=None):
        return self._read("readline", size)

    def readlines(self, sizehint=None):
        return self._read("read", sizehint).splitlines(True)

    def reset(self):
        self._forget()


class MultibyteStreamWriter(_Encoder):
    def __init__(self, stream, errors="strict"):
        self.stream, self.errors = stream, errors

    def write(self, strobj):
        self.stream.write(self._encode(strobj, False))

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def reset(self):
        # 3 ends what was written only if something waits.
        if _two or self._pending:
            out = self._end()
            if out:
                self.stream.write(out)


def registry_entry(name, getcodec):
    """What an encoding's module gives as its codec: for languages whose library makes no module for each."""
    import codecs
    the_codec = getcodec(name)

    class IncrementalEncoder(MultibyteIncrementalEncoder, codecs.IncrementalEncoder):
        codec = the_codec

    class IncrementalDecoder(MultibyteIncrementalDecoder, codecs.IncrementalDecoder):
        codec = the_codec

    class Codec(codecs.Codec):
        encode = the_codec.encode
        decode = the_codec.decode

    class StreamReader(Codec, MultibyteStreamReader, codecs.StreamReader):
        codec = the_codec

    class StreamWriter(Codec, MultibyteStreamWriter, codecs.StreamWriter):
        codec = the_codec

    return codecs.CodecInfo(the_codec.encode, the_codec.decode, StreamReader, StreamWriter, IncrementalEncoder, IncrementalDecoder, name)
