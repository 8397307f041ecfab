"""Values as bytes of C's structures."""

from _struct import *
from _struct import _clearcache, __doc__
