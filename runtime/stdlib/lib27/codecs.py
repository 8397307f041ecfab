"""Codecs: their registry, base classes and streams."""

import __builtin__
import sys
from _codecs import *

__all__ = ["register", "lookup", "open", "EncodedFile", "BOM", "BOM_BE", "BOM_LE", "BOM32_BE", "BOM32_LE", "BOM64_BE", "BOM64_LE",
           "BOM_UTF8", "BOM_UTF16", "BOM_UTF16_LE", "BOM_UTF16_BE", "BOM_UTF32", "BOM_UTF32_LE", "BOM_UTF32_BE", "CodecInfo", "Codec",
           "IncrementalEncoder", "IncrementalDecoder", "StreamReader", "StreamWriter", "StreamReaderWriter", "StreamRecoder", "getencoder",
           "getdecoder", "getincrementalencoder", "getincrementaldecoder", "getreader", "getwriter", "encode", "decode", "iterencode",
           "iterdecode", "strict_errors", "ignore_errors", "replace_errors", "xmlcharrefreplace_errors", "backslashreplace_errors",
           "register_error", "lookup_error"]

BOM_UTF8 = "\xef\xbb\xbf"
BOM_LE = BOM_UTF16_LE = BOM32_LE = "\xff\xfe"
BOM_BE = BOM_UTF16_BE = BOM32_BE = "\xfe\xff"
BOM_UTF32_LE = BOM64_LE = "\xff\xfe\0\0"
BOM_UTF32_BE = BOM64_BE = "\0\0\xfe\xff"
if sys.byteorder == "little":
    BOM = BOM_UTF16 = BOM_UTF16_LE
    BOM_UTF32 = BOM_UTF32_LE
else:
    BOM = BOM_UTF16 = BOM_UTF16_BE
    BOM_UTF32 = BOM_UTF32_BE


class CodecInfo(tuple):
    """(encode, decode, reader, writer) with names."""

    _is_text_encoding = True

    def __new__(cls, encode, decode, streamreader=None, streamwriter=None, incrementalencoder=None, incrementaldecoder=None,
                name=None, _is_text_encoding=None):
        self = tuple.__new__(cls, (encode, decode, streamreader, streamwriter))
        self.name = name
        self.encode, self.decode = encode, decode
        self.streamreader, self.streamwriter = streamreader, streamwriter
        self.incrementalencoder, self.incrementaldecoder = incrementalencoder, incrementaldecoder
        if _is_text_encoding is not None:
            self._is_text_encoding = _is_text_encoding
        return self

    def __repr__(self):
        return "<%s.%s object for encoding %s at 0x%x>" % (self.__class__.__module__, self.__class__.__name__, self.name, id(self))


class Codec:
    """A stateless codec: encode() and decode() give (result, how much was used)."""

    def encode(self, input, errors="strict"):
        raise NotImplementedError

    def decode(self, input, errors="strict"):
        raise NotImplementedError


class IncrementalEncoder(object):
    """Encodes piece by piece."""

    def __init__(self, errors="strict"):
        self.errors = errors
        self.buffer = ""

    def encode(self, input, final=False):
        raise NotImplementedError

    def reset(self):
        pass

    def getstate(self):
        return 0

    def setstate(self, state):
        pass


def _feed(self, convert, input, final):
    """Converts what was kept and the input; keeps what could not be converted yet."""
    data = self.buffer + input
    result, used = convert(data, self.errors, final)
    self.buffer = data[used:]
    return result


class BufferedIncrementalEncoder(IncrementalEncoder):
    """Keeps what can't be encoded yet."""

    def _buffer_encode(self, input, errors, final):
        raise NotImplementedError

    def encode(self, input, final=False):
        return _feed(self, self._buffer_encode, input, final)

    def reset(self):
        self.buffer = ""
        IncrementalEncoder.reset(self)

    def getstate(self):
        return self.buffer or 0

    def setstate(self, state):
        self.buffer = state or ""


class IncrementalDecoder(object):
    """Decodes piece by piece."""

    def __init__(self, errors="strict"):
        self.errors = errors

    def decode(self, input, final=False):
        raise NotImplementedError

    def reset(self):
        pass

    def getstate(self):
        return "", 0

    def setstate(self, state):
        pass


class BufferedIncrementalDecoder(IncrementalDecoder):
    """Keeps bytes of characters that are not complete."""

    def __init__(self, errors="strict"):
        IncrementalDecoder.__init__(self, errors)
        self.buffer = ""

    def _buffer_decode(self, input, errors, final):
        raise NotImplementedError

    def decode(self, input, final=False):
        return _feed(self, self._buffer_decode, input, final)

    def reset(self):
        self.buffer = ""
        IncrementalDecoder.reset(self)

    def getstate(self):
        return self.buffer, 0

    def setstate(self, state):
        self.buffer = state[0]


class _Stream(Codec):
    def __init__(self, stream, errors="strict"):
        self.stream = stream
        self.errors = errors

    def reset(self):
        pass

    def __getattr__(self, name, getattr=getattr):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()

    def __reduce_ex__(self, proto):
        raise TypeError("can't serialize %s" % self.__class__.__name__)


class StreamWriter(_Stream):
    def write(self, object):
        data, _ = self.encode(object, self.errors)
        self.stream.write(data)

    def writelines(self, list):
        self.write("".join(list))

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        if whence == 0 and offset == 0:
            self.reset()


class StreamReader(_Stream):
    def __init__(self, stream, errors="strict"):
        _Stream.__init__(self, stream, errors)
        # Bytes of characters that are not complete, characters, and whole lines that come before those.
        self.bytebuffer = ""
        self.charbuffer = ""
        self.linebuffer = []

    def _more(self, size, firstline):
        """Decodes another piece of the stream; whether it had one. For a first line, an error behind it can wait."""
        new = self.stream.read() if size < 0 else self.stream.read(size)
        data = self.bytebuffer + new
        try:
            chars, used = self.decode(data, self.errors)
        except UnicodeDecodeError as e:
            if not firstline:
                raise
            chars, used = self.decode(data[:e.start], self.errors)
            if len(chars.splitlines(True)) < 2:
                raise e
        self.bytebuffer = data[used:]
        self.charbuffer = self.charbuffer + chars if self.charbuffer else chars
        return bool(new)

    def read(self, size=-1, chars=-1, firstline=False):
        if self.linebuffer:
            self.charbuffer = "".join(self.linebuffer) + self.charbuffer
            self.linebuffer = []
        if chars < 0:
            chars = size
        while not 0 <= chars <= len(self.charbuffer):
            if not self._more(size, firstline) or size < 0:
                break
        if chars < 0:
            result, self.charbuffer = self.charbuffer, self.charbuffer[:0]
        else:
            result, self.charbuffer = self.charbuffer[:chars], self.charbuffer[chars:]
        return result

    def _read_line(self, size):
        """Reads ahead until there is a whole line, with a size once; lines behind it are kept."""
        step, line = size or 72, ""
        while True:
            data = self.read(step, firstline=True)
            if data.endswith("\r"):
                # The next character may be its newline.
                data += self.read(1, 1)
            line += data
            lines = line.splitlines(True)
            if len(lines) > 1 or lines and lines[0] != lines[0].splitlines()[0]:
                self.linebuffer = lines[1:]
                return lines[0]
            if not data or size is not None:
                return line
            if step < 8000:
                step *= 2

    def readline(self, size=None, keepends=True):
        line = self.linebuffer.pop(0) if self.linebuffer else self._read_line(size)
        if len(self.linebuffer) == 1:
            # It may go on.
            self.charbuffer = self.linebuffer.pop() + self.charbuffer
        return line if keepends or not line else line.splitlines()[0]

    def readlines(self, sizehint=None, keepends=True):
        return self.read().splitlines(keepends)

    def reset(self):
        self.bytebuffer = ""
        self.charbuffer = u""
        self.linebuffer = []

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        self.reset()

    def next(self):
        line = self.readline()
        if line:
            return line
        raise StopIteration

    def __iter__(self):
        return self


class StreamReaderWriter:
    encoding = "unknown"

    def __init__(self, stream, Reader, Writer, errors="strict"):
        self.stream = stream
        self.reader = Reader(stream, errors)
        self.writer = Writer(stream, errors)
        self.errors = errors

    def write(self, data):
        return self.writer.write(data)

    def writelines(self, list):
        return self.writer.writelines(list)

    def read(self, size=-1):
        return self.reader.read(size)

    def readline(self, size=None):
        return self.reader.readline(size)

    def readlines(self, sizehint=None):
        return self.reader.readlines(sizehint)

    def __iter__(self):
        return self

    def next(self):
        return self.reader.next()

    def seek(self, offset, whence=0):
        self.stream.seek(offset, whence)
        self.reader.reset()
        if (offset, whence) == (0, 0):
            # A new beginning: the writer may have a byte order mark to write.
            self.writer.reset()

    def reset(self):
        for side in self.reader, self.writer:
            side.reset()

    def __getattr__(self, name, getattr=getattr):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, type, value, tb):
        self.stream.close()


class StreamRecoder(StreamReaderWriter):
    """Data of one encoding over a stream of another."""

    data_encoding = file_encoding = "unknown"

    def __init__(self, stream, encode, decode, Reader, Writer, errors="strict"):
        StreamReaderWriter.__init__(self, stream, Reader, Writer, errors)
        self.encode, self.decode = encode, decode

    def read(self, size=-1):
        return self.encode(self.reader.read(size), self.errors)[0]

    def readline(self, size=None):
        data = self.reader.readline() if size is None else self.reader.readline(size)
        return self.encode(data, self.errors)[0]

    def readlines(self, sizehint=None):
        return self.encode(self.reader.read(), self.errors)[0].splitlines(1)

    def next(self):
        return self.encode(self.reader.next(), self.errors)[0]

    def write(self, data):
        return self.writer.write(self.decode(data, self.errors)[0])

    def writelines(self, list):
        return self.write("".join(list))


def open(filename, mode="rb", encoding=None, errors="strict", buffering=1):
    if encoding is not None:
        # Newlines are the codec's matter.
        mode = mode.replace("U", "")
        if mode[:1] not in set("rwa"):
            mode = "r" + mode
        if "b" not in mode:
            mode += "b"
    file = __builtin__.open(filename, mode, buffering)
    if encoding is None:
        return file
    info = lookup(encoding)
    stream = StreamReaderWriter(file, info.streamreader, info.streamwriter, errors)
    stream.encoding = encoding
    return stream


def EncodedFile(file, data_encoding, file_encoding=None, errors="strict"):
    if file_encoding is None:
        file_encoding = data_encoding
    data, stored = lookup(data_encoding), lookup(file_encoding)
    stream = StreamRecoder(file, data.encode, data.decode, stored.streamreader, stored.streamwriter, errors)
    stream.data_encoding, stream.file_encoding = data_encoding, file_encoding
    return stream


def getencoder(encoding):
    return lookup(encoding).encode


def getdecoder(encoding):
    return lookup(encoding).decode


def _incremental(encoding, kind):
    found = getattr(lookup(encoding), kind)
    if found is None:
        raise LookupError(encoding)
    return found


def getincrementalencoder(encoding):
    return _incremental(encoding, "incrementalencoder")


def getincrementaldecoder(encoding):
    return _incremental(encoding, "incrementaldecoder")


def getreader(encoding):
    return lookup(encoding).streamreader


def getwriter(encoding):
    return lookup(encoding).streamwriter


def _converted(pieces, convert):
    for piece in pieces:
        yield convert(piece)
    yield convert("", True)


# Generators themselves, as an unknown encoding is an error of the first step.
def iterencode(iterator, encoding, errors="strict", **kwargs):
    encoder = getincrementalencoder(encoding)(errors, **kwargs)
    for output in _converted(iterator, encoder.encode):
        if output:
            yield output


def iterdecode(iterator, encoding, errors="strict", **kwargs):
    decoder = getincrementaldecoder(encoding)(errors, **kwargs)
    for output in _converted(iterator, decoder.decode):
        if output:
            yield output


def make_identity_dict(rng):
    return dict((i, i) for i in rng)


def make_encoding_map(decoding_map):
    """The inverse; what several bytes stand for has None."""
    inverse = {}
    for byte, char in decoding_map.items():
        inverse[char] = None if char in inverse else byte
    return inverse


strict_errors = lookup_error("strict")
ignore_errors = lookup_error("ignore")
replace_errors = lookup_error("replace")
xmlcharrefreplace_errors = lookup_error("xmlcharrefreplace")
backslashreplace_errors = lookup_error("backslashreplace")
