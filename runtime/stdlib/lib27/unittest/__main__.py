"""`-m unittest`: tests by the names of modules, classes and methods, or found by `discover`."""

import sys

from .main import main

if sys.argv[0].endswith("__main__.py"):
    sys.argv[0] = "python -m unittest"
__unittest = True
main(module=None)
