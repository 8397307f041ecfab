"""Threads, and what they wait for each other with."""

import sys as _sys
import thread
from itertools import count as _count
from time import sleep as _sleep, time as _time

__all__ = ["activeCount", "active_count", "Condition", "currentThread", "current_thread", "enumerate", "Event", "Lock", "RLock",
           "Semaphore", "BoundedSemaphore", "Thread", "Timer", "setprofile", "settrace", "local", "stack_size"]

_start_new_thread = thread.start_new_thread
_allocate_lock = thread.allocate_lock
_get_ident = thread.get_ident
ThreadError = thread.error
stack_size = thread.stack_size
from thread import _local as local

_profile_hook = None
_trace_hook = None


def setprofile(func):
    global _profile_hook
    _profile_hook = func


def settrace(func):
    global _trace_hook
    _trace_hook = func


class _Verbose(object):
    def __init__(self, verbose=None):
        self.__verbose = bool(verbose)

    def _note(self, format, *args):
        if self.__verbose:
            _sys.stderr.write("%s: %s\n" % (current_thread().name, format % args))


Lock = _allocate_lock


def RLock(*args, **kwargs):
    """A lock that its owner may take again."""
    return _RLock(*args, **kwargs)


class _RLock(_Verbose):
    def __init__(self, verbose=None):
        _Verbose.__init__(self, verbose)
        self.__block = _allocate_lock()
        self.__owner = None
        self.__count = 0

    def __repr__(self):
        ident = self.__owner
        thread = _active.get(ident)
        return "<%s owner=%r count=%d>" % (self.__class__.__name__, ident if thread is None else thread.name, self.__count)

    def acquire(self, blocking=1):
        me = _get_ident()
        if self.__owner == me:
            self.__count += 1
            return 1
        taken = self.__block.acquire(blocking)
        if taken:
            self.__owner = me
            self.__count = 1
        return taken

    __enter__ = acquire

    def release(self):
        if self.__owner != _get_ident():
            raise RuntimeError("cannot release un-acquired lock")
        self.__count -= 1
        if not self.__count:
            self.__owner = None
            self.__block.release()

    def __exit__(self, t, v, tb):
        self.release()

    # For Condition: all levels at once.
    def _acquire_restore(self, state):
        self.__block.acquire()
        self.__count, self.__owner = state

    def _release_save(self):
        state = self.__count, self.__owner
        self.__count, self.__owner = 0, None
        self.__block.release()
        return state

    def _is_owned(self):
        return self.__owner == _get_ident()


def Condition(*args, **kwargs):
    """A condition variable over a lock."""
    return _Condition(*args, **kwargs)


class _Condition(_Verbose):
    def __init__(self, lock=None, verbose=None):
        _Verbose.__init__(self, verbose)
        if lock is None:
            lock = RLock()
        self.__lock = lock
        self.acquire = lock.acquire
        self.release = lock.release
        self.__waiters = []
        # A lock that can be taken several times has its own ways for these.
        for name in ("_release_save", "_acquire_restore", "_is_owned"):
            if hasattr(lock, name):
                setattr(self, name, getattr(lock, name))

    def __repr__(self):
        return "<Condition(%s, %d)>" % (self.__lock, len(self.__waiters))

    def __enter__(self):
        return self.__lock.__enter__()

    def __exit__(self, *args):
        return self.__lock.__exit__(*args)

    def _release_save(self):
        self.__lock.release()

    def _acquire_restore(self, state):
        self.__lock.acquire()

    def _is_owned(self):
        if self.__lock.acquire(0):
            self.__lock.release()
            return False
        return True

    def wait(self, timeout=None):
        """Releases the lock until notified, at most `timeout` seconds."""
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = _allocate_lock()
        waiter.acquire()
        self.__waiters.append(waiter)
        saved = self._release_save()
        try:
            if timeout is None:
                waiter.acquire()
                return
            # 2.7's locks know no timeout: sleeps that grow, as long as the time left allows.
            end = _time() + timeout
            delay = 0.0005
            while not waiter.acquire(0):
                left = end - _time()
                if left <= 0:
                    try:
                        self.__waiters.remove(waiter)
                    except ValueError:
                        pass
                    return
                delay = min(delay * 2, left, .05)
                _sleep(delay)
        finally:
            self._acquire_restore(saved)

    def notify(self, n=1):
        """Wakes up to n waiting threads."""
        if not self._is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        for waiter in self.__waiters[:n]:
            waiter.release()
            try:
                self.__waiters.remove(waiter)
            except ValueError:
                pass

    def notifyAll(self):
        self.notify(len(self.__waiters))

    notify_all = notifyAll


def Semaphore(*args, **kwargs):
    """A counter that acquire() waits to be above zero."""
    return _Semaphore(*args, **kwargs)


class _Semaphore(_Verbose):
    def __init__(self, value=1, verbose=None):
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        _Verbose.__init__(self, verbose)
        self.__cond = Condition(Lock())
        self.__value = value

    def acquire(self, blocking=1):
        with self.__cond:
            while self.__value == 0:
                if not blocking:
                    return False
                self.__cond.wait()
            self.__value -= 1
        return True

    __enter__ = acquire

    def release(self):
        with self.__cond:
            self.__value += 1
            self.__cond.notify()

    def __exit__(self, t, v, tb):
        self.release()


def BoundedSemaphore(*args, **kwargs):
    """A semaphore that may not be released above its first value."""
    return _BoundedSemaphore(*args, **kwargs)


class _BoundedSemaphore(_Semaphore):
    def __init__(self, value=1, verbose=None):
        _Semaphore.__init__(self, value, verbose)
        self._initial_value = value

    def release(self):
        with self._Semaphore__cond:
            if self._Semaphore__value >= self._initial_value:
                raise ValueError("Semaphore released too many times")
            self._Semaphore__value += 1
            self._Semaphore__cond.notify()


def Event(*args, **kwargs):
    """A flag that threads wait for."""
    return _Event(*args, **kwargs)


class _Event(_Verbose):
    def __init__(self, verbose=None):
        _Verbose.__init__(self, verbose)
        self.__cond = Condition(Lock())
        self.__flag = False

    def _reset_internal_locks(self):
        self.__cond.__init__(Lock())

    def isSet(self):
        return self.__flag

    is_set = isSet

    def set(self):
        with self.__cond:
            self.__flag = True
            self.__cond.notify_all()

    def clear(self):
        with self.__cond:
            self.__flag = False

    def wait(self, timeout=None):
        with self.__cond:
            if not self.__flag:
                self.__cond.wait(timeout)
            return self.__flag


_numbers = _count(1).next


def _newname(template="Thread-%d"):
    return template % _numbers()


_active_limbo_lock = _allocate_lock()
_active = {}
_limbo = {}


class Thread(_Verbose):
    """A thread of control: run() in a thread of its own, from start() on."""

    __initialized = False

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, verbose=None):
        assert group is None, "group argument must be None for now"
        _Verbose.__init__(self, verbose)
        self.__target = target
        self.__name = str(name or _newname())
        self.__args = args
        self.__kwargs = {} if kwargs is None else kwargs
        self.__daemonic = self._set_daemon()
        self.__ident, self.__stopped = None, False
        self.__block, self.__started = Condition(Lock()), Event()
        self.__initialized = True
        # Kept here: threads that outlive the module's names still report errors.
        self.__stderr = _sys.stderr

    def _set_daemon(self):
        return current_thread().daemon

    def __checked(self):
        assert self.__initialized, "Thread.__init__() not called"
        return self

    def __repr__(self):
        assert self.__initialized, "Thread.__init__() was not called"
        state = "started" if self.__started.is_set() else "initial"
        words = ["stopped" if self.__stopped else state]
        if self.__daemonic:
            words.append("daemon")
        if self.__ident is not None:
            words.append(str(self.__ident))
        return "<%s(%s, %s)>" % (self.__class__.__name__, self.__name, " ".join(words))

    def start(self):
        if not self.__initialized:
            raise RuntimeError("thread.__init__() not called")
        if self.__started.is_set():
            raise RuntimeError("threads can only be started once")
        with _active_limbo_lock:
            _limbo[self] = self
        try:
            _start_new_thread(self.__bootstrap, ())
        except Exception:
            with _active_limbo_lock:
                del _limbo[self]
            raise
        self.__started.wait()

    def run(self):
        try:
            if self.__target:
                self.__target(*self.__args, **self.__kwargs)
        finally:
            # What the target was given shall not live as long as the thread object.
            del self.__target, self.__args, self.__kwargs

    def __bootstrap(self):
        try:
            self.__bootstrap_inner()
        except:
            # A daemon may outlive the module's names.
            if _sys is not None or not self.__daemonic:
                raise

    def _set_ident(self):
        self.__ident = _get_ident()

    def __enter_active(self):
        with _active_limbo_lock:
            _active[self.__ident] = self
            _limbo.pop(self, None)

    def __adopt(self):
        """Begins the life of an object for a thread that runs already."""
        self.__started.set()
        self._set_ident()
        self.__enter_active()

    def __bootstrap_inner(self):
        try:
            self._set_ident()
            self.__enter_active()
            # Only now: who waits for it uses the same tables.
            self.__started.set()
            if _trace_hook:
                _sys.settrace(_trace_hook)
            if _profile_hook:
                _sys.setprofile(_profile_hook)
            try:
                self.run()
            except SystemExit:
                pass
            except:
                self.__report()
            finally:
                _sys.exc_clear()
        finally:
            with _active_limbo_lock:
                self.__stop()
            # As in _exitfunc.
            _active.pop(_get_ident(), None)

    def __report(self):
        import traceback
        stream = _sys.stderr if _sys and _sys.stderr is not None else self.__stderr
        if stream is not None:
            stream.write("Exception in thread %s:\n%s\n" % (self.name, traceback.format_exc()))

    def __stop(self):
        # Locks made before a fork may be held by threads that the child has not got.
        if not hasattr(self, "_Thread__block"):
            return
        with self.__block:
            self.__stopped = True
            self.__block.notify_all()

    def _reset_internal_locks(self):
        if hasattr(self, "_Thread__block"):
            self.__block.__init__()
        self.__started._reset_internal_locks()

    def join(self, timeout=None):
        if not self.__initialized:
            raise RuntimeError("Thread.__init__() not called")
        if not self.__started.is_set():
            raise RuntimeError("cannot join thread before it is started")
        # Identifiers are used again. The table is what the thread that ends writes to.
        if self.__ident == _get_ident() and self is current_thread():
            raise RuntimeError("cannot join current thread")
        with self.__block:
            if timeout is None:
                while not self.__stopped:
                    self.__block.wait()
                return
            end = _time() + timeout
            while not self.__stopped:
                left = end - _time()
                if left <= 0:
                    break
                self.__block.wait(left)

    @property
    def name(self):
        return self.__checked().__name

    @name.setter
    def name(self, name):
        self.__checked().__name = str(name)

    @property
    def ident(self):
        return self.__checked().__ident

    def isAlive(self):
        return self.__checked().__started.is_set() and not self.__stopped

    is_alive = isAlive

    @property
    def daemon(self):
        return self.__checked().__daemonic

    @daemon.setter
    def daemon(self, daemonic):
        if not self.__initialized:
            raise RuntimeError("Thread.__init__() not called")
        if self.__started.is_set():
            raise RuntimeError("cannot set daemon status of active thread")
        self.__daemonic = daemonic

    # From before there were properties.
    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name

    def isDaemon(self):
        return self.daemon

    def setDaemon(self, daemonic):
        self.daemon = daemonic


def Timer(*args, **kwargs):
    """Calls a function after some seconds unless cancelled."""
    return _Timer(*args, **kwargs)


class _Timer(Thread):
    def __init__(self, interval, function, args=[], kwargs={}):
        Thread.__init__(self)
        self.interval, self.finished = interval, Event()
        self.function, self.args, self.kwargs = function, args, kwargs

    def run(self):
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.cancel()

    def cancel(self):
        self.finished.set()


class _MainThread(Thread):
    def __init__(self):
        Thread.__init__(self, name="MainThread")
        self._Thread__adopt()

    def _set_daemon(self):
        return False

    def _exitfunc(self):
        """Waits for all threads that are not daemons; the interpreter calls it at its end."""
        self._Thread__stop()
        while True:
            for t in enumerate():
                if not t.daemon and t.is_alive():
                    t.join()
                    break
            else:
                break
        # Without the lock: a trace function that asks for the thread from here on makes a _DummyThread, which takes it.
        _active.pop(self.ident, None)


class _DummyThread(Thread):
    """Stands for a thread that was not started by this module."""

    def __init__(self):
        Thread.__init__(self, name=_newname("Dummy-%d"))
        # Nobody learns of its end.
        del self._Thread__block
        self._Thread__adopt()

    def _set_daemon(self):
        return True

    def join(self, timeout=None):
        assert False, "cannot join a dummy thread"


def currentThread():
    try:
        return _active[_get_ident()]
    except KeyError:
        return _DummyThread()


current_thread = currentThread


def activeCount():
    with _active_limbo_lock:
        return len(_active) + len(_limbo)


active_count = activeCount


def _enumerate():
    return _active.values() + _limbo.values()


def enumerate():
    with _active_limbo_lock:
        return _enumerate()


_shutdown = _MainThread()._exitfunc


def _after_fork():
    """In the child only the thread that forked lives on."""
    global _active_limbo_lock
    _active_limbo_lock = _allocate_lock()
    me = current_thread()
    alive = {}
    for t in set(_enumerate()) | set([me]):
        t._reset_internal_locks()
        if t is me:
            t._Thread__ident = _get_ident()
            alive[_get_ident()] = t
        else:
            t._Thread__stop()
    _limbo.clear()
    _active.clear()
    _active.update(alive)
