"""Names that programs for PyPy-STM look for."""
from __pypy__ import thread
