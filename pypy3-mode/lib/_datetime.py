# The module in C of CPython; here the classes are those in Python.

from _pydatetime import *
from _pydatetime import __doc__
