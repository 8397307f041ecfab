"""The names of the module in C: the library's Python implementation has them all, and here they are its own."""
import _again

_again.run("_pydatetime", globals())
