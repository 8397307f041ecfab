"""Files of bytes in memory."""

from _io import BytesIO as _BytesIO

__all__ = ["InputType", "OutputType", "StringIO"]


def _bytes(s):
    """The bytes of a str, an ASCII unicode or a buffer."""
    return s.encode("ascii") if isinstance(s, unicode) else s


class _File(object):
    softspace = 0

    def __init__(self, data=""):
        self._file = f = _BytesIO(data)
        self.read, self.readline, self.readlines = f.read, f.readline, f.readlines
        self.close, self.tell, self.flush = f.close, f.tell, f.flush

    @property
    def closed(self):
        return self._file.closed

    def __iter__(self):
        return self

    def next(self):
        return self._file.next()

    def isatty(self):
        self._file.tell()
        return False

    def seek(self, position, mode=0):
        if mode == 0 and position < 0 or mode and position + (self._file.tell() if mode == 1 else len(self._file.getvalue())) < 0:
            position, mode = 0, 0
        self._file.seek(position, mode)

    def reset(self):
        self._file.seek(0)

    def getvalue(self, use_pos=None):
        value = self._file.getvalue()
        return value[:self._file.tell()] if use_pos else value

    def truncate(self, size=None):
        if size is None:
            size = self._file.tell()
        self._file.truncate(size)
        self._file.seek(size)


class InputType(_File):
    """A file that is only read."""


class OutputType(_File):
    """A file that is read and written."""

    def write(self, s):
        self._file.write(_bytes(s))

    def writelines(self, lines):
        for line in lines:
            self._file.write(_bytes(line))


InputType.__name__, OutputType.__name__ = "StringI", "StringO"


def StringIO(s=None):
    """A file to read from a string, without one a file to write to."""
    return OutputType() if s is None else InputType(_bytes(s))
