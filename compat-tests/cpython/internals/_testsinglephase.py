"""Stands for CPython's module of that name in files that import it at their head: each test that uses it is skipped."""
import _skipping


__getattr__ = _skipping.names_of("_testsinglephase")
