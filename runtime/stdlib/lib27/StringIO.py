"""Files in memory, of any mixture of str and unicode."""

from errno import EINVAL

__all__ = ["StringIO"]


class StringIO:
    """A file over a string; the text lies in `buf`, what was written last in `buflist`."""

    def __init__(self, buf=""):
        self.buf = buf if isinstance(buf, basestring) else str(buf)
        self.len = len(self.buf)
        self.buflist = []
        self.pos = 0
        self.closed = False
        self.softspace = 0

    def _check(self):
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def _flat(self):
        if self.buflist:
            self.buf += "".join(self.buflist)
            self.buflist = []
        return self.buf

    def __iter__(self):
        return self

    def next(self):
        self._check()
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def close(self):
        if not self.closed:
            self.closed = True
            del self.buf, self.pos

    def isatty(self):
        self._check()
        return False

    def seek(self, pos, mode=0):
        self._check()
        self._flat()
        if mode == 1:
            pos += self.pos
        elif mode == 2:
            pos += self.len
        self.pos = max(0, pos)

    def tell(self):
        self._check()
        return self.pos

    def read(self, n=-1):
        self._check()
        text = self._flat()
        end = self.len if n is None or n < 0 else min(self.pos + n, self.len)
        piece = text[self.pos:end]
        self.pos = end
        return piece

    def readline(self, length=None):
        self._check()
        text = self._flat()
        end = text.find("\n", self.pos) + 1
        if end <= 0:
            end = self.len
        if length is not None and length >= 0:
            end = min(end, self.pos + length)
        line = text[self.pos:end]
        self.pos = end
        return line

    def readlines(self, sizehint=0):
        lines, total = [], 0
        for line in iter(self.readline, ""):
            lines.append(line)
            total += len(line)
            if 0 < sizehint <= total:
                break
        return lines

    def truncate(self, size=None):
        self._check()
        if size is None:
            size = self.pos
        if size < 0:
            raise IOError(EINVAL, "Negative size not allowed")
        self.pos = min(self.pos, size)
        self.buf, self.len = self.getvalue()[:size], size

    def write(self, s):
        self._check()
        if not s:
            return
        if not isinstance(s, basestring):
            s = str(s)
        here = self.pos
        if here == self.len:
            self.buflist.append(s)
            self.len = self.pos = here + len(s)
            return
        text = self._flat()
        if here > self.len:
            text += "\0" * (here - self.len)
        end = here + len(s)
        self.buf = text[:here] + s + text[end:]
        self.len = max(self.len, end)
        self.pos = end

    def writelines(self, iterable):
        for line in iterable:
            self.write(line)

    def flush(self):
        self._check()

    def getvalue(self):
        self._check()
        return self._flat()
