"""Sockets: the class `socket`, which counts who uses the system's socket and closes it with the last one, and its file objects."""
import _socket
from _socket import *
import errno

__all__ = ['getfqdn', 'create_connection'] + [_n for _n in dir(_socket) if not _n.startswith('_')]

EBADF = errno.EBADF
EINTR = errno.EINTR
_GLOBAL_DEFAULT_TIMEOUT = object()
_realsocket = _socket.socket


def getfqdn(name=''):
    """A host's name with its domain; of this machine without an argument."""
    name = name.strip()
    if not name or name == '0.0.0.0':
        name = gethostname()
    try:
        host, aliases, _ = gethostbyaddr(name)
    except error:
        return name
    for full in [host] + aliases:
        if '.' in full:
            return full
    return host


class _Shared(object):
    """The system's socket and how many objects use it: without reference counts somebody must say when it is no longer needed."""

    def __init__(self, sock):
        self.sock = sock
        self.users = 1

    def drop(self):
        self.users -= 1
        if self.users <= 0:
            self.sock.close()


class _closedsocket(object):
    def _refuse(self, *args):
        raise error(EBADF, 'Bad file descriptor')

    send = recv = recv_into = sendto = recvfrom = recvfrom_into = fileno = _refuse
    accept = bind = connect = connect_ex = getpeername = getsockname = getsockopt = setsockopt = _refuse
    setblocking = settimeout = gettimeout = shutdown = listen = sendall = _refuse


_FORWARDED = ('bind', 'connect', 'connect_ex', 'fileno', 'listen', 'getpeername', 'getsockname', 'getsockopt', 'setsockopt', 'sendall', 'setblocking', 'settimeout',
              'gettimeout', 'shutdown', 'recv', 'recvfrom', 'recv_into', 'recvfrom_into', 'send', 'sendto')


class _socketobject(object):
    """An end of a connection, or what listens for some."""
    __slots__ = ['_sock', '_shared', '__weakref__']

    def __init__(self, family=AF_INET, type=SOCK_STREAM, proto=0, _sock=None):
        if _sock is None:
            _sock = _realsocket(family, type, proto)
        self._sock = _sock
        self._shared = _Shared(_sock)

    def close(self):
        """Ends the use of this object; the system's socket goes with the last one."""
        if not isinstance(self._sock, _closedsocket):
            self._sock = _closedsocket()
            self._shared.drop()

    def accept(self):
        """Waits for a connection: a socket for it, and the other end's address."""
        sock, addr = self._sock.accept()
        return _socketobject(_sock=sock), addr

    def _sharing(self):
        other = object.__new__(_socketobject)
        other._sock = self._sock
        other._shared = self._shared
        self._shared.users += 1
        return other

    def dup(self):
        """Another object for the same socket of the system."""
        return self._sharing()

    def makefile(self, mode='r', bufsize=-1):
        """A file that reads and writes here."""
        return _fileobject(self._sharing(), mode, bufsize, close=True)

    family = property(lambda self: self._sock.family, doc='the socket family')
    type = property(lambda self: self._sock.type, doc='the socket type')
    proto = property(lambda self: self._sock.proto, doc='the socket protocol')


def _forward(name):
    def method(self, *args, **kw):
        return getattr(self._sock, name)(*args, **kw)
    method.__name__ = name
    method.__doc__ = getattr(_realsocket, name).__doc__
    return method


for _n in _FORWARDED:
    setattr(_socketobject, _n, _forward(_n))
del _n

socket = SocketType = _socketobject


def socketpair(family=None, type=SOCK_STREAM, proto=0):
    """Two sockets that are connected with each other."""
    a, b = _socket.socketpair(AF_UNIX if family is None else family, type, proto)
    return _socketobject(_sock=a), _socketobject(_sock=b)


def fromfd(fd, family, type, proto=0):
    """A socket for a duplicate of a descriptor."""
    return _socketobject(_sock=_socket.fromfd(fd, family, type, proto))


class _fileobject(object):
    """A file over a socket: reads and writes through buffers."""
    default_bufsize = 8192
    name = '<socket>'

    def __init__(self, sock, mode='rb', bufsize=-1, close=False):
        self._sock = sock
        self.mode = mode
        if bufsize < 0:
            bufsize = self.default_bufsize
        self.bufsize = bufsize
        self.softspace = False
        self._rbufsize = max(bufsize, 1) if bufsize <= 1 else bufsize
        self._wbufsize = bufsize
        self._read = ''
        self._wbuf = []
        self._wlen = 0
        self._close = close

    closed = property(lambda self: self._sock is None, doc='True if the file is closed')

    def close(self):
        try:
            if self._sock:
                self.flush()
        finally:
            if self._close and self._sock:
                self._sock.close()
            self._sock = None

    def __del__(self):
        try:
            self.close()
        except Exception:
            pass

    def flush(self):
        if self._wbuf:
            data = ''.join(self._wbuf)
            self._wbuf = []
            self._wlen = 0
            at = 0
            try:
                while at < len(data):
                    self._sock.sendall(data[at:at + 65536])
                    at += 65536
            finally:
                if at < len(data):
                    self._wbuf.append(data[at:])
                    self._wlen = len(data) - at

    def fileno(self):
        return self._sock.fileno()

    def write(self, data):
        data = str(data)
        if not data:
            return
        self._wbuf.append(data)
        self._wlen += len(data)
        if self._wbufsize == 0 or self._wbufsize == 1 and '\n' in data or self._wbufsize > 1 and self._wlen >= self._wbufsize:
            self.flush()

    def writelines(self, list):
        for s in list:
            self.write(s)

    def _more(self, size):
        """Reads once more; False at the end."""
        while True:
            try:
                data = self._sock.recv(size)
                break
            except error as e:
                if e.args[0] == EINTR:
                    continue
                raise
        self._read += data
        return bool(data)

    def _take(self, n):
        data, self._read = self._read[:n], self._read[n:]
        return data

    def read(self, size=-1):
        if size < 0:
            parts = [self._read]
            self._read = ''
            while self._more(max(self._rbufsize, self.default_bufsize)):
                parts.append(self._read)
                self._read = ''
            return ''.join(parts)
        parts = []
        need = size
        while need > 0:
            if not self._read and not self._more(need if self._rbufsize <= 1 else max(need, 1)):
                break
            part = self._take(need)
            need -= len(part)
            parts.append(part)
        return ''.join(parts)

    def readline(self, size=-1):
        parts = []
        have = 0
        while size < 0 or have < size:
            if not self._read and not self._more(1 if self._rbufsize <= 1 else self._rbufsize):
                break
            end = self._read.find('\n') + 1 or len(self._read)
            if size >= 0:
                end = min(end, size - have)
            part = self._take(end)
            parts.append(part)
            have += len(part)
            if part.endswith('\n'):
                break
        return ''.join(parts)

    def readlines(self, sizehint=0):
        out = []
        total = 0
        while True:
            line = self.readline()
            if not line:
                break
            out.append(line)
            total += len(line)
            if sizehint and total >= sizehint:
                break
        return out

    def __iter__(self):
        return self

    def next(self):
        line = self.readline()
        if not line:
            raise StopIteration
        return line


def create_connection(address, timeout=_GLOBAL_DEFAULT_TIMEOUT, source_address=None):
    """A socket connected to (host, port); all addresses of the host are tried."""
    host, port = address
    failure = None
    for family, kind, proto, _, addr in getaddrinfo(host, port, 0, SOCK_STREAM):
        sock = None
        try:
            sock = socket(family, kind, proto)
            if timeout is not _GLOBAL_DEFAULT_TIMEOUT:
                sock.settimeout(timeout)
            if source_address:
                sock.bind(source_address)
            sock.connect(addr)
            return sock
        except error as e:
            failure = e
            if sock is not None:
                sock.close()
    if failure is not None:
        raise failure
    raise error('getaddrinfo returns an empty list')
