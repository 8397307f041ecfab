"""Stands for CPython's module of that name: what can be said of any interpreter is there, each test that uses anything else is skipped."""
import sys

import _skipping


def get_config():
    """What test files ask of the interpreter's configuration when they are imported."""
    return {"code_debug_ranges": "no_debug_ranges" not in sys._xoptions}


def get_recursion_depth():
    """Frames from the caller's on."""
    frame, depth = sys._getframe(1), 0
    while frame is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def suppress_immortalization(on):
    """Objects of txpy are all mortal."""


def get_immortalize_deferred():
    return False


__getattr__ = _skipping.names_of("_testinternalcapi")
