"""Interrupts from the keyboard: the first one stops the results that are registered, after the test that runs."""

import functools
import signal
import weakref

__unittest = True

_results = weakref.WeakKeyDictionary()
_interrupt_handler = None


def _nothing(signum, frame):
    pass


class _InterruptHandler(object):
    def __init__(self, default_handler):
        self.called = False
        self.original_handler = default_handler
        if isinstance(default_handler, (int, long)):
            numbered = {signal.SIG_DFL: signal.default_int_handler, signal.SIG_IGN: _nothing}
            if default_handler not in numbered:
                raise TypeError("expected SIGINT signal handler to be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
            default_handler = numbered[default_handler]
        self.default_handler = default_handler

    def __call__(self, signum, frame):
        # Somebody else's handler calls this one, or nobody waited for the first interrupt's effect.
        if signal.getsignal(signal.SIGINT) is not self or self.called:
            self.default_handler(signum, frame)
        self.called = True
        for result in _results.keys():
            result.stop()


def registerResult(result):
    _results[result] = 1


def removeResult(result):
    return bool(_results.pop(result, None))


def installHandler():
    global _interrupt_handler
    if _interrupt_handler is None:
        _interrupt_handler = _InterruptHandler(signal.getsignal(signal.SIGINT))
        signal.signal(signal.SIGINT, _interrupt_handler)


def removeHandler(method=None):
    """Puts back the handler that was there before; with a method, as its decorator, while it runs."""
    if method is None:
        if _interrupt_handler is not None:
            signal.signal(signal.SIGINT, _interrupt_handler.original_handler)
        return None

    @functools.wraps(method)
    def without_handler(*args, **kwargs):
        before = signal.getsignal(signal.SIGINT)
        removeHandler()
        try:
            return method(*args, **kwargs)
        finally:
            signal.signal(signal.SIGINT, before)
    return without_handler
