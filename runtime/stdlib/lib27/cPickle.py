"""Pickles under the names of the module that CPython writes in C."""

import pickle as _pickle
from cStringIO import StringIO as _StringIO
from struct import pack as _pack
from pickle import HIGHEST_PROTOCOL, PickleError, PicklingError, UnpicklingError, compatible_formats, format_version

__version__ = "1.71"
BadPickleGet = type("BadPickleGet", (UnpicklingError,), {"__module__": "cPickle"})
UnpickleableError = type("UnpickleableError", (PicklingError,), {"__module__": "cPickle"})


class _Pickler(_pickle.Pickler, object):
    # CPython's C module counts from one.
    _first_memo = 1

    def __init__(self, file=None, protocol=0):
        if isinstance(file, (int, long)):
            file, protocol = None, file
        self.__own = _StringIO() if file is None else None
        if file is not None and not hasattr(file, "write"):
            raise TypeError("argument must have 'write' attribute")
        _pickle.Pickler.__init__(self, file or self.__own, protocol)
        self.dispatch_table = None

    def dump(self, obj, protocol=None):
        _pickle.Pickler.dump(self, obj)
        return self

    # What CPython's C module leaves out of the memo: strings shorter than two, and the arguments of __reduce__, which only the
    # pickler refers to.
    _unshared = None

    def memoize(self, obj):
        if obj is not self._unshared and not (isinstance(obj, basestring) and len(obj) < 2):
            _pickle.Pickler.memoize(self, obj)

    def save_arguments(self, args, obj):
        # An exception has its arguments itself.
        shared = isinstance(obj, BaseException)
        outer, self._unshared = self._unshared, None if shared else args
        try:
            self.save(args)
        finally:
            self._unshared = outer

    def save_global(self, obj, name=None):
        try:
            _pickle.Pickler.save_global(self, obj, name)
        except PicklingError as e:
            text, _, place = str(e).rpartition(": it's not found as ")
            if not text:
                raise
            raise PicklingError("%s: attribute lookup %s failed" % (text, place))

    def save_float(self, obj):
        text = repr(obj)
        self.write(_pickle.BINFLOAT + _pack(">d", obj) if self.bin else _pickle.FLOAT + (text[:-2] if text.endswith(".0") else text) + "\n")

    def getvalue(self):
        if self.__own is None:
            raise PicklingError("Attempt to getvalue() a non-list-based pickler")
        return self.__own.getvalue()

    def persistent_id(self, obj):
        return None


class _Unpickler(_pickle.Unpickler, object):
    def __init__(self, file):
        if not (hasattr(file, "readline") and hasattr(file, "read")):
            raise TypeError("argument must have 'read' and 'readline' attributes")
        _pickle.Unpickler.__init__(self, file)

    def load(self):
        dispatch, read = self.dispatch, self.read

        def step(key):
            try:
                return dispatch[key]
            except KeyError:
                if key < " " or key > "~":
                    raise UnpicklingError("invalid load key, '\\x%02x'." % ord(key))
                raise UnpicklingError("invalid load key, '%s'." % key)

        self.mark = object()
        self.stack = []
        self.append = self.stack.append
        try:
            while True:
                step(read(1))(self)
        except _pickle._Stop as stop:
            return stop.value

    def find_global(self, module, name):
        return _pickle.Unpickler.find_class(self, module, name)

    def find_class(self, module, name):
        if self.find_global is None:
            raise UnpicklingError("Global and instance pickles are not supported.")
        return self.find_global(module, name)

    def noload(self):
        return self.load()


_Pickler.dispatch = dict(_pickle.Pickler.dispatch)
for _kind, _write in _Pickler.dispatch.items():
    if _write is _pickle.Pickler.save_global.im_func:
        _Pickler.dispatch[_kind] = _Pickler.save_global.im_func
del _kind, _write
_Pickler.dispatch[float] = _Pickler.save_float.im_func
_Pickler.__name__, _Unpickler.__name__ = "Pickler", "Unpickler"


def Pickler(file=None, protocol=0):
    return _Pickler(file, protocol)


def Unpickler(file):
    return _Unpickler(file)


def dump(obj, file, protocol=0):
    _Pickler(file, protocol).dump(obj)


def dumps(obj, protocol=0):
    out = _StringIO()
    _Pickler(out, protocol).dump(obj)
    return out.getvalue()


def load(file):
    return _Unpickler(file).load()


def loads(string):
    return _Unpickler(_StringIO(string)).load()
