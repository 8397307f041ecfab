"""Files in gzip's format."""
import __builtin__
import io
import os
import struct
import time
import zlib

__all__ = ['GzipFile', 'open']
FTEXT, FHCRC, FEXTRA, FNAME, FCOMMENT = 1, 2, 4, 8, 16
READ, WRITE = 1, 2


def open(filename, mode='rb', compresslevel=9):
    """A GzipFile; the file is opened as by the built-in open()."""
    return GzipFile(filename, mode, compresslevel)


class GzipFile(io.BufferedIOBase):
    """A file whose contents are compressed when written, decompressed when read."""
    myfileobj = None
    max_read_chunk = 10 * 1024 * 1024

    def __init__(self, filename=None, mode=None, compresslevel=9, fileobj=None, mtime=None):
        if mode and ('t' in mode or 'U' in mode):
            mode = mode.replace('U', '').replace('t', '')
        if mode and 'b' not in mode:
            mode += 'b'
        if fileobj is None:
            fileobj = self.myfileobj = __builtin__.open(filename, mode or 'rb')
        if filename is None:
            filename = getattr(fileobj, 'name', '')
            if not isinstance(filename, basestring) or filename == '<fdopen>':
                filename = ''
        if mode is None:
            mode = getattr(fileobj, 'mode', 'rb')
        self.name = filename
        self.mtime = mtime
        self.fileobj = fileobj
        self.offset = 0
        if mode[0:1] == 'r':
            self.mode = READ
            self._buffer = ''
            self._decompress = None
            self._raw = ''
            self._size = self._crc = self._members = 0
            self._ended = False
        elif mode[0:1] in ('w', 'a'):
            self.mode = WRITE
            self.crc = zlib.crc32('') & 0xffffffff
            self.size = 0
            self.compress = zlib.compressobj(compresslevel, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, 0)
            self._write_header()
        else:
            raise IOError('Mode ' + mode + ' not supported')

    @property
    def filename(self):
        import warnings
        warnings.warn('use the name attribute', DeprecationWarning, 2)
        return self.name + '.gz' if self.mode == WRITE and self.name[-3:] != '.gz' else self.name

    def __repr__(self):
        return '<gzip ' + repr(self.fileobj)[1:-1] + ' ' + hex(id(self)) + '>'

    def _check_closed(self):
        if self.closed:
            raise ValueError('I/O operation on closed file.')

    # ---- writing

    def _write_header(self):
        name = os.path.basename(self.name)
        if not isinstance(name, str):
            try:
                name = name.encode('latin-1')
            except UnicodeEncodeError:
                name = ''
        if name.endswith('.gz'):
            name = name[:-3]
        mtime = time.time() if self.mtime is None else self.mtime
        self.fileobj.write('\037\213\010' + chr(FNAME if name else 0) + struct.pack('<L', long(mtime) & 0xffffffff) + '\002\377' + (name + '\000' if name else ''))

    def write(self, data):
        self._check_closed()
        if self.mode != WRITE:
            import errno
            raise IOError(errno.EBADF, 'write() on read-only GzipFile object')
        if self.fileobj is None:
            raise ValueError('write() on closed GzipFile object')
        if isinstance(data, memoryview):
            data = data.tobytes()
        elif not isinstance(data, str):
            data = str(buffer(data)) if not isinstance(data, unicode) else str(data)
        if data:
            self.fileobj.write(self.compress.compress(data))
            self.size += len(data)
            self.crc = zlib.crc32(data, self.crc) & 0xffffffff
            self.offset += len(data)
        return len(data)

    def flush(self, zlib_mode=zlib.Z_SYNC_FLUSH):
        self._check_closed()
        if self.mode == WRITE:
            self.fileobj.write(self.compress.flush(zlib_mode))
            self.fileobj.flush()

    # ---- reading

    def _exactly(self, n):
        while len(self._raw) < n:
            more = self.fileobj.read(max(n - len(self._raw), 8192))
            if not more:
                raise EOFError('Compressed file ended before the end-of-stream marker was reached')
            self._raw += more
        data, self._raw = self._raw[:n], self._raw[n:]
        return data

    def _until_zero(self):
        while self._exactly(1) != '\000':
            pass

    def _read_header(self):
        """Begins the next member; False at the end of the file."""
        # Padding of zeros between members.
        while True:
            if not self._raw:
                self._raw = self.fileobj.read(8192)
                if not self._raw:
                    return False
            if not self._members:
                break
            self._raw = self._raw.lstrip('\000')
            if self._raw:
                break
        magic = self._exactly(2)
        if magic != '\037\213':
            raise IOError('Not a gzipped file')
        method, flag, self.mtime = struct.unpack('<BBLxx', self._exactly(8))
        if method != 8:
            raise IOError('Unknown compression method')
        if flag & FEXTRA:
            self._exactly(struct.unpack('<H', self._exactly(2))[0])
        if flag & FNAME:
            self._until_zero()
        if flag & FCOMMENT:
            self._until_zero()
        if flag & FHCRC:
            self._exactly(2)
        self._decompress = zlib.decompressobj(-zlib.MAX_WBITS)
        self._members += 1
        self._size = self._crc = 0
        return True

    def _fill(self, n):
        """Reads on until n bytes (-1: all) wait in the buffer; False at the end."""
        parts = [self._buffer]
        have = len(self._buffer)
        while not self._ended and (n < 0 or have < n):
            if self._decompress is None:
                if not self._read_header():
                    self._ended = True
                    break
            raw = self._raw or self.fileobj.read(65536)
            self._raw = ''
            if not raw:
                raise IOError('CRC check failed: the file ended too early')
            data = self._decompress.decompress(raw)
            self._crc = zlib.crc32(data, self._crc) & 0xffffffff
            self._size += len(data)
            parts.append(data)
            have += len(data)
            end = self._decompress.unused_data
            if end:
                self._raw = end
                crc, size = struct.unpack('<II', self._exactly(8))
                if crc != self._crc:
                    raise IOError('CRC check failed %s != %s' % (hex(crc), hex(self._crc)))
                if size != self._size & 0xffffffff:
                    raise IOError('Incorrect length of data produced')
                self._decompress = None
        self._buffer = ''.join(parts)

    def _take(self, n):
        data, self._buffer = self._buffer[:n], self._buffer[n:]
        self.offset += len(data)
        return data

    def read(self, size=-1):
        self._check_closed()
        if self.mode != READ:
            import errno
            raise IOError(errno.EBADF, 'read() on write-only GzipFile object')
        self._fill(size)
        return self._take(len(self._buffer) if size < 0 else size)

    def readline(self, size=-1):
        self._check_closed()
        want = 256
        while True:
            at = self._buffer.find('\n') + 1
            if at or self._ended or 0 <= size <= len(self._buffer):
                break
            self._fill(len(self._buffer) + want)
            want *= 2
        at = at or len(self._buffer)
        return self._take(at if size < 0 else min(at, size))

    # ---- both

    @property
    def closed(self):
        return self.fileobj is None

    def close(self):
        f = self.fileobj
        if f is None:
            return
        self.fileobj = None
        try:
            if self.mode == WRITE:
                f.write(self.compress.flush())
                f.write(struct.pack('<LL', self.crc, self.size & 0xffffffff))
        finally:
            mine, self.myfileobj = self.myfileobj, None
            if mine:
                mine.close()

    def fileno(self):
        return self.fileobj.fileno()

    def isatty(self):
        return False

    def tell(self):
        self._check_closed()
        return self.offset

    def rewind(self):
        if self.mode != READ:
            raise IOError("Can't rewind in write mode")
        self.fileobj.seek(0)
        self._buffer = self._raw = ''
        self._decompress = None
        self._members = 0
        self._ended = False
        self.offset = 0

    def readable(self):
        return self.mode == READ

    def writable(self):
        return self.mode == WRITE

    def seekable(self):
        return True

    def seek(self, offset, whence=0):
        self._check_closed()
        if whence:
            if whence == 1:
                offset += self.offset
            else:
                raise ValueError('Seek from end not supported')
        if self.mode == WRITE:
            if offset < self.offset:
                raise IOError('Negative seek in write mode')
            while self.offset < offset:
                self.write('\000' * min(offset - self.offset, 65536))
        else:
            if offset < self.offset:
                self.rewind()
            while self.offset < offset and self.read(min(offset - self.offset, 65536)):
                pass
        return self.offset
