"""Programs as child processes."""

import errno
import os
import select
import signal
import sys
import types

import _posixsubprocess

__all__ = ["Popen", "PIPE", "STDOUT", "call", "check_call", "check_output", "CalledProcessError"]

mswindows = False
PIPE = -1
STDOUT = -2
_PIPE_BUF = 512
try:
    MAXFD = os.sysconf("SC_OPEN_MAX")
except Exception:
    MAXFD = 256
_has_poll = hasattr(select, "poll")


class CalledProcessError(Exception):
    """A program ended with a status that is not zero."""

    def __init__(self, returncode, cmd, output=None):
        self.cmd, self.returncode, self.output = cmd, returncode, output

    def __str__(self):
        return "Command '%s' returned non-zero exit status %d" % (self.cmd, self.returncode)


# Processes nobody waits for any more.
_active = []


def _cleanup():
    for process in _active[:]:
        if process._internal_poll(_deadstate=sys.maxint) is not None:
            try:
                _active.remove(process)
            except ValueError:
                pass


def _eintr_retry_call(func, *args):
    while True:
        try:
            return func(*args)
        except (OSError, IOError) as e:
            if e.errno != errno.EINTR:
                raise


def _args_from_interpreter_flags():
    """Options that give a new interpreter the settings of this one."""
    letters = {"debug": "d", "dont_write_bytecode": "B", "no_user_site": "s", "no_site": "S", "ignore_environment": "E",
               "verbose": "v", "bytes_warning": "b", "py3k_warning": "3"}
    args = []
    for name, letter in letters.items():
        value = getattr(sys.flags, name, 0)
        if value > 0:
            args.append("-" + letter * value)
    if getattr(sys.flags, "hash_randomization", 0) != 0:
        args.append("-R")
    return args + ["-W" + option for option in sys.warnoptions]


def call(*popenargs, **kwargs):
    return Popen(*popenargs, **kwargs).wait()


def _command(popenargs, kwargs):
    command = kwargs.get("args")
    return popenargs[0] if command is None else command


def check_call(*popenargs, **kwargs):
    status = call(*popenargs, **kwargs)
    if status:
        raise CalledProcessError(status, _command(popenargs, kwargs))
    return 0


def check_output(*popenargs, **kwargs):
    if "stdout" in kwargs:
        raise ValueError("stdout argument not allowed, it will be overridden.")
    process = Popen(stdout=PIPE, *popenargs, **kwargs)
    output, _ = process.communicate()
    status = process.poll()
    if status:
        raise CalledProcessError(status, _command(popenargs, kwargs), output=output)
    return output


def list2cmdline(seq):
    """The arguments as one line that Windows programs take apart again."""
    words = []
    for arg in seq:
        quoted = not arg or " " in arg or "\t" in arg
        out, slashes = [], 0
        for c in arg:
            if c == "\\":
                slashes += 1
                continue
            # Backslashes count double before a quote only.
            out.append("\\" * (2 * slashes + 1 if c == '"' else slashes) + c)
            slashes = 0
        out.append("\\" * (2 * slashes if quoted else slashes))
        text = "".join(out)
        words.append('"%s"' % text if quoted else text)
    return " ".join(words)


class Popen(object):
    _child_created = False

    def __init__(self, args, bufsize=0, executable=None, stdin=None, stdout=None, stderr=None, preexec_fn=None, close_fds=False,
                 shell=False, cwd=None, env=None, universal_newlines=False, startupinfo=None, creationflags=0):
        _cleanup()
        if not isinstance(bufsize, (int, long)):
            raise TypeError("bufsize must be an integer")
        if startupinfo is not None:
            raise ValueError("startupinfo is only supported on Windows platforms")
        if creationflags != 0:
            raise ValueError("creationflags is only supported on Windows platforms")
        self.stdin = self.stdout = self.stderr = None
        self.pid = self.returncode = None
        self.universal_newlines = universal_newlines
        opened = []
        try:
            ends = self._get_handles(stdin, stdout, stderr, opened)
            self._execute_child(args, executable, preexec_fn, close_fds, cwd, env, shell, ends)
        except Exception:
            caught = sys.exc_info()
            for fd in opened:
                try:
                    os.close(fd)
                except EnvironmentError:
                    pass
            raise caught[0], caught[1], caught[2]
        p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite = ends
        # The child has its ends now.
        for fd in opened:
            if fd in (p2cread, c2pwrite, errwrite):
                os.close(fd)
        mode = "rU" if universal_newlines else "rb"
        if p2cwrite is not None:
            self.stdin = os.fdopen(p2cwrite, "wb", bufsize)
        if c2pread is not None:
            self.stdout = os.fdopen(c2pread, mode, bufsize)
        if errread is not None:
            self.stderr = os.fdopen(errread, mode, bufsize)

    def _get_handles(self, stdin, stdout, stderr, opened):
        def pipe():
            ends = self.pipe_cloexec()
            opened.extend(ends)
            return ends

        def number(stream):
            return stream if isinstance(stream, (int, long)) else stream.fileno()

        p2cread = p2cwrite = c2pread = c2pwrite = errread = errwrite = None
        if stdin == PIPE:
            p2cread, p2cwrite = pipe()
        elif stdin is not None:
            p2cread = number(stdin)
        if stdout == PIPE:
            c2pread, c2pwrite = pipe()
        elif stdout is not None:
            c2pwrite = number(stdout)
        if stderr == PIPE:
            errread, errwrite = pipe()
        elif stderr == STDOUT:
            errwrite = c2pwrite if c2pwrite is not None else sys.__stdout__.fileno()
        elif stderr is not None:
            errwrite = number(stderr)
        return p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite

    def _set_cloexec_flag(self, fd, cloexec=True):
        import fcntl
        flags = fcntl.fcntl(fd, fcntl.F_GETFD)
        bit = getattr(fcntl, "FD_CLOEXEC", 1)
        fcntl.fcntl(fd, fcntl.F_SETFD, flags | bit if cloexec else flags & ~bit)

    def pipe_cloexec(self):
        r, w = os.pipe()
        self._set_cloexec_flag(r)
        self._set_cloexec_flag(w)
        return r, w

    def _execute_child(self, args, executable, preexec_fn, close_fds, cwd, env, shell, ends):
        args = [args] if isinstance(args, types.StringTypes) else list(args)
        if shell:
            args[:0] = executable or "/bin/sh", "-c"
        if executable is None:
            executable = args[0]
        lines = None
        if env is not None:
            lines = ["%s=%s" % item for item in env.items()]
        if os.path.dirname(executable):
            programs = [executable]
        else:
            folders = (os.environ if env is None else env).get("PATH", os.defpath).split(os.pathsep)
            programs = [os.path.join(folder, executable) for folder in folders]
        errpipe_read, errpipe_write = self.pipe_cloexec()
        failure = []

        def prepare():
            try:
                preexec_fn()
            except:
                import pickle, traceback
                kind, value, tb = sys.exc_info()
                value.child_traceback = "".join(traceback.format_exception(kind, value, tb))
                os.write(errpipe_write, "Python:" + pickle.dumps(value))
                raise
        numbers = [-1 if fd is None else fd for fd in ends]
        try:
            try:
                self.pid = _posixsubprocess.fork_exec(
                    args, programs, bool(close_fds), (errpipe_write,), cwd, lines, numbers[0], numbers[1], numbers[2], numbers[3],
                    numbers[4], numbers[5], errpipe_read, errpipe_write, False, False, -1, None, None, None, -1,
                    prepare if preexec_fn is not None else None)
                self._child_created = True
            finally:
                os.close(errpipe_write)
            data = []
            while True:
                piece = _eintr_retry_call(os.read, errpipe_read, 1 << 20)
                if not piece:
                    break
                data.append(piece)
        finally:
            os.close(errpipe_read)
        data = "".join(data)
        if not data:
            return
        try:
            _eintr_retry_call(os.waitpid, self.pid, 0)
        except OSError as e:
            if e.errno != errno.ECHILD:
                raise
        if data.startswith("Python:"):
            import pickle
            raise pickle.loads(data[7:])
        kind, number, _ = data.split(":", 2)
        number = int(number or "0", 16)
        raise OSError(number, os.strerror(number))

    def __del__(self, _maxint=sys.maxint):
        if not self._child_created:
            return
        self._internal_poll(_deadstate=_maxint)
        if self.returncode is None and _active is not None:
            _active.append(self)

    def _handle_exitstatus(self, sts):
        if os.WIFSIGNALED(sts):
            self.returncode = -os.WTERMSIG(sts)
        elif os.WIFEXITED(sts):
            self.returncode = os.WEXITSTATUS(sts)
        else:
            raise RuntimeError("Unknown child exit status!")

    def _internal_poll(self, _deadstate=None):
        if self.returncode is None:
            try:
                pid, sts = os.waitpid(self.pid, os.WNOHANG)
                if pid == self.pid:
                    self._handle_exitstatus(sts)
            except OSError as e:
                if _deadstate is not None:
                    self.returncode = _deadstate
                elif e.errno == errno.ECHILD:
                    self.returncode = 0
        return self.returncode

    def poll(self):
        return self._internal_poll()

    def wait(self):
        while self.returncode is None:
            try:
                pid, sts = _eintr_retry_call(os.waitpid, self.pid, 0)
            except OSError as e:
                if e.errno != errno.ECHILD:
                    raise
                # Somebody else has waited for it.
                pid, sts = self.pid, 0
            if pid == self.pid:
                self._handle_exitstatus(sts)
        return self.returncode

    def send_signal(self, sig):
        os.kill(self.pid, sig)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def _translate_newlines(self, data):
        return data.replace("\r\n", "\n").replace("\r", "\n")

    def communicate(self, input=None):
        """Writes input, reads all output and waits; (stdout, stderr)."""
        streams = [f for f in (self.stdin, self.stdout, self.stderr) if f is not None]
        if len(streams) > 1:
            return self._communicate(input)
        out = err = None
        if self.stdin:
            if input:
                try:
                    self.stdin.write(input)
                except IOError as e:
                    if e.errno not in (errno.EPIPE, errno.EINVAL):
                        raise
            try:
                self.stdin.close()
            except IOError as e:
                if e.errno not in (errno.EPIPE, errno.EINVAL):
                    raise
        elif self.stdout:
            out = _eintr_retry_call(self.stdout.read)
            self.stdout.close()
        elif self.stderr:
            err = _eintr_retry_call(self.stderr.read)
            self.stderr.close()
        self.wait()
        return out, err

    def _communicate(self, input):
        if self.stdin:
            self.stdin.flush()
            if not input:
                self.stdin.close()
        pieces = {}
        reading = [f for f in (self.stdout, self.stderr) if f]
        for f in reading:
            pieces[f] = []
        writing = [self.stdin] if self.stdin and input else []
        done = 0
        while reading or writing:
            try:
                readable, writable, _ = select.select(reading, writing, [])
            except select.error as e:
                if e.args[0] == errno.EINTR:
                    continue
                raise
            for f in writable:
                try:
                    done += os.write(f.fileno(), buffer(input, done, _PIPE_BUF))
                except OSError as e:
                    if e.errno != errno.EPIPE:
                        raise
                    done = len(input)
                if done >= len(input):
                    f.close()
                    writing.remove(f)
            for f in readable:
                data = os.read(f.fileno(), 1 << 15)
                if data:
                    pieces[f].append(data)
                else:
                    f.close()
                    reading.remove(f)
        results = []
        for f in (self.stdout, self.stderr):
            data = "".join(pieces[f]) if f else None
            if data is not None and self.universal_newlines:
                data = self._translate_newlines(data)
            results.append(data)
        self.wait()
        return tuple(results)
