"""Pickles: objects as byte strings, protocols 0, 1 and 2."""

import marshal
import struct
import sys
from copy_reg import _extension_cache, _extension_registry, _inverted_registry, dispatch_table
from types import *

__version__ = "$Revision: 72223 $"
__all__ = ["PickleError", "PicklingError", "UnpicklingError", "Pickler", "Unpickler", "dump", "dumps", "load", "loads"]

format_version = "2.0"
compatible_formats = ["1.0", "1.1", "1.2", "1.3", "2.0"]
HIGHEST_PROTOCOL = 2
mloads = marshal.loads


class PickleError(Exception):
    pass


class PicklingError(PickleError):
    pass


class UnpicklingError(PickleError):
    pass


class _Stop(Exception):
    def __init__(self, value):
        self.value = value


PyStringMap = None

# One letter or byte an instruction.
_OPCODES = {
    "MARK": "(", "STOP": ".", "POP": "0", "POP_MARK": "1", "DUP": "2", "FLOAT": "F", "INT": "I", "BININT": "J", "BININT1": "K",
    "LONG": "L", "BININT2": "M", "NONE": "N", "PERSID": "P", "BINPERSID": "Q", "REDUCE": "R", "STRING": "S", "BINSTRING": "T",
    "SHORT_BINSTRING": "U", "UNICODE": "V", "BINUNICODE": "X", "APPEND": "a", "BUILD": "b", "GLOBAL": "c", "DICT": "d",
    "EMPTY_DICT": "}", "APPENDS": "e", "GET": "g", "BINGET": "h", "INST": "i", "LONG_BINGET": "j", "LIST": "l", "EMPTY_LIST": "]",
    "OBJ": "o", "PUT": "p", "BINPUT": "q", "LONG_BINPUT": "r", "SETITEM": "s", "TUPLE": "t", "EMPTY_TUPLE": ")", "SETITEMS": "u",
    "BINFLOAT": "G", "PROTO": "\x80", "NEWOBJ": "\x81", "EXT1": "\x82", "EXT2": "\x83", "EXT4": "\x84", "TUPLE1": "\x85",
    "TUPLE2": "\x86", "TUPLE3": "\x87", "NEWTRUE": "\x88", "NEWFALSE": "\x89", "LONG1": "\x8a", "LONG4": "\x8b",
}
globals().update(_OPCODES)
__all__.extend(sorted(_OPCODES))
TRUE = "I01\n"
FALSE = "I00\n"
_tuplesize2code = [EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3]


def _int4(n):
    return struct.pack("<i", n)


class Pickler:
    """Writes objects to a file; what it has written it refers to."""

    _BATCHSIZE = 1000
    _first_memo = 0

    def __init__(self, file, protocol=None):
        if protocol is None:
            protocol = 0
        if protocol > HIGHEST_PROTOCOL:
            raise ValueError("pickle protocol must be <= %d" % HIGHEST_PROTOCOL)
        self.proto = HIGHEST_PROTOCOL if protocol < 0 else int(protocol)
        self.bin = self.proto >= 1
        self.write, self.memo, self.fast = file.write, {}, 0

    def clear_memo(self):
        self.memo.clear()

    def dump(self, obj):
        if self.proto >= 2:
            self.write(PROTO + chr(self.proto))
        self.save(obj)
        self.write(STOP)

    def memoize(self, obj):
        if self.fast:
            return
        key = id(obj)
        assert key not in self.memo
        number = len(self.memo) + self._first_memo
        self.write(self.put(number))
        self.memo[key] = number, obj

    def _ref(self, number, short, long, text):
        if not self.bin:
            return text + repr(number) + "\n"
        return short + chr(number) if number < 256 else long + _int4(number)

    def put(self, i, pack=struct.pack):
        return self._ref(i, BINPUT, LONG_BINPUT, PUT)

    def get(self, i, pack=struct.pack):
        return self._ref(i, BINGET, LONG_BINGET, GET)

    def save(self, obj):
        pid = self.persistent_id(obj)
        if pid is not None:
            self.save_pers(pid)
            return
        known = self.memo.get(id(obj))
        if known:
            self.write(self.get(known[0]))
            return
        kind = type(obj)
        write = self.dispatch.get(kind)
        if write:
            write(self, obj)
            return
        reduce = dispatch_table.get(kind)
        if reduce:
            parts = reduce(obj)
        else:
            try:
                is_class = issubclass(kind, TypeType)
            except TypeError:
                is_class = 0
            if is_class:
                self.save_global(obj)
                return
            reduce = getattr(obj, "__reduce_ex__", None)
            if reduce:
                parts = reduce(self.proto)
            else:
                reduce = getattr(obj, "__reduce__", None)
                if not reduce:
                    raise PicklingError("Can't pickle %r object: %r" % (kind.__name__, obj))
                parts = reduce()
        if type(parts) is str:
            self.save_global(obj, parts)
            return
        if type(parts) is not tuple:
            raise PicklingError("%s must return string or tuple" % reduce)
        if not 2 <= len(parts) <= 5:
            raise PicklingError("Tuple returned by %s must have two to five elements" % reduce)
        self.save_reduce(obj=obj, *parts)

    def persistent_id(self, obj):
        """The name of an object that lies outside of the pickle; None for what lies inside."""
        return None

    def save_pers(self, pid):
        if self.bin:
            self.save(pid)
            self.write(BINPERSID)
        else:
            self.write(PERSID + str(pid) + "\n")

    def save_reduce(self, func, args, state=None, listitems=None, dictitems=None, obj=None):
        if not isinstance(args, tuple):
            raise PicklingError("args from reduce() should be a tuple")
        if not hasattr(func, "__call__"):
            raise PicklingError("func from reduce should be callable")
        if self.proto >= 2 and getattr(func, "__name__", "") == "__newobj__":
            cls = args[0]
            if not hasattr(cls, "__new__"):
                raise PicklingError("args[0] from __newobj__ args has no __new__")
            if obj is not None and cls is not obj.__class__:
                raise PicklingError("args[0] from __newobj__ args has the wrong class")
            self.save(cls)
            self.save_arguments(args[1:], obj)
            self.write(NEWOBJ)
        else:
            self.save(func)
            self.save_arguments(args, obj)
            self.write(REDUCE)
        if obj is not None:
            # The arguments may have led back to the object.
            known = self.memo.get(id(obj))
            if known:
                self.write(POP + self.get(known[0]))
            else:
                self.memoize(obj)
        if listitems is not None:
            self._batch_appends(listitems)
        if dictitems is not None:
            self._batch_setitems(dictitems)
        if state is not None:
            self.save(state)
            self.write(BUILD)

    def save_arguments(self, args, obj):
        self.save(args)

    dispatch = {}

    def save_none(self, obj):
        self.write(NONE)
    dispatch[NoneType] = save_none

    def save_bool(self, obj):
        if self.proto >= 2:
            self.write(NEWTRUE if obj else NEWFALSE)
        else:
            self.write(TRUE if obj else FALSE)
    dispatch[bool] = save_bool

    def save_int(self, obj, pack=struct.pack):
        if self.bin:
            if 0 <= obj <= 0xff:
                self.write(BININT1 + chr(obj))
                return
            if 0 <= obj <= 0xffff:
                self.write(BININT2 + pack("<H", obj))
                return
            if -0x80000000 <= obj <= 0x7fffffff:
                self.write(BININT + pack("<i", obj))
                return
        self.write(INT + repr(obj) + "\n")
    dispatch[IntType] = save_int

    def save_long(self, obj, pack=struct.pack):
        if self.proto >= 2:
            digits = encode_long(obj)
            n = len(digits)
            self.write((LONG1 + chr(n) if n < 256 else LONG4 + pack("<i", n)) + digits)
        else:
            self.write(LONG + repr(obj) + "\n")
    dispatch[LongType] = save_long

    def save_float(self, obj, pack=struct.pack):
        self.write(BINFLOAT + pack(">d", obj) if self.bin else FLOAT + repr(obj) + "\n")
    dispatch[FloatType] = save_float

    def save_string(self, obj, pack=struct.pack):
        if self.bin:
            n = len(obj)
            self.write((SHORT_BINSTRING + chr(n) if n < 256 else BINSTRING + pack("<i", n)) + obj)
        else:
            self.write(STRING + repr(obj) + "\n")
        self.memoize(obj)
    dispatch[StringType] = save_string

    def save_unicode(self, obj, pack=struct.pack):
        if self.bin:
            text = obj.encode("utf-8")
            self.write(BINUNICODE + pack("<i", len(text)) + text)
        else:
            text = obj.replace(u"\\", u"\\u005c").replace(u"\n", u"\\u000a")
            self.write(UNICODE + text.encode("raw-unicode-escape") + "\n")
        self.memoize(obj)
    dispatch[UnicodeType] = save_unicode

    def save_tuple(self, obj):
        n = len(obj)
        if n == 0:
            self.write(EMPTY_TUPLE if self.proto else MARK + TUPLE)
            return
        short = n <= 3 and self.proto >= 2
        if not short:
            self.write(MARK)
        for element in obj:
            self.save(element)
        known = self.memo.get(id(obj))
        if known:
            # The tuple contains itself: what its elements wrote stands already.
            if short:
                drop = POP * n
            else:
                drop = POP_MARK if self.proto else POP * (n + 1)
            self.write(drop + self.get(known[0]))
            return
        self.write(_tuplesize2code[n] if short else TUPLE)
        self.memoize(obj)
    dispatch[TupleType] = save_tuple

    def save_empty_tuple(self, obj):
        self.write(EMPTY_TUPLE)

    def save_list(self, obj):
        self.write(EMPTY_LIST if self.bin else MARK + LIST)
        self.memoize(obj)
        self._batch_appends(iter(obj))
    dispatch[ListType] = save_list

    def _batches(self, items):
        items = iter(items)
        while True:
            batch = []
            for item in items:
                batch.append(item)
                if len(batch) == self._BATCHSIZE:
                    break
            if batch:
                yield batch
            if len(batch) < self._BATCHSIZE:
                return

    def _batch_appends(self, items):
        if not self.bin:
            for item in items:
                self.save(item)
                self.write(APPEND)
            return
        for batch in self._batches(items):
            if len(batch) == 1:
                self.save(batch[0])
                self.write(APPEND)
            else:
                self.write(MARK)
                for item in batch:
                    self.save(item)
                self.write(APPENDS)

    def save_dict(self, obj):
        self.write(EMPTY_DICT if self.bin else MARK + DICT)
        self.memoize(obj)
        self._batch_setitems(obj.iteritems())
    dispatch[DictionaryType] = save_dict

    def _batch_setitems(self, items):
        if not self.bin:
            for key, value in items:
                self.save(key)
                self.save(value)
                self.write(SETITEM)
            return
        for batch in self._batches(items):
            if len(batch) > 1:
                self.write(MARK)
            for key, value in batch:
                self.save(key)
                self.save(value)
            self.write(SETITEMS if len(batch) > 1 else SETITEM)

    def save_inst(self, obj):
        cls = obj.__class__
        args = ()
        if hasattr(obj, "__getinitargs__"):
            args = obj.__getinitargs__()
            len(args)
            _keep_alive(args, self.memo)
        self.write(MARK)
        if self.bin:
            self.save(cls)
        for arg in args:
            self.save(arg)
        self.write(OBJ if self.bin else INST + cls.__module__ + "\n" + cls.__name__ + "\n")
        self.memoize(obj)
        try:
            getstate = obj.__getstate__
        except AttributeError:
            state = obj.__dict__
        else:
            state = getstate()
            _keep_alive(state, self.memo)
        self.save(state)
        self.write(BUILD)
    dispatch[InstanceType] = save_inst

    def save_global(self, obj, name=None, pack=struct.pack):
        if name is None:
            name = obj.__name__
        module = getattr(obj, "__module__", None)
        if module is None:
            module = whichmodule(obj, name)
        try:
            __import__(module)
            found = getattr(sys.modules[module], name)
        except (ImportError, KeyError, AttributeError):
            raise PicklingError("Can't pickle %r: it's not found as %s.%s" % (obj, module, name))
        if found is not obj:
            raise PicklingError("Can't pickle %r: it's not the same object as %s.%s" % (obj, module, name))
        if self.proto >= 2:
            code = _extension_registry.get((module, name))
            if code:
                assert code > 0
                if code <= 0xff:
                    self.write(EXT1 + chr(code))
                elif code <= 0xffff:
                    self.write(EXT2 + pack("<H", code))
                else:
                    self.write(EXT4 + pack("<i", code))
                return
        self.write(GLOBAL + module + "\n" + name + "\n")
        self.memoize(obj)
    dispatch[ClassType] = save_global
    dispatch[FunctionType] = save_global
    dispatch[BuiltinFunctionType] = save_global

    dispatch[TypeType] = save_global


def _keep_alive(x, memo):
    """Keeps what only the pickler refers to alive as long as its memo, so that ids stay unique."""
    memo.setdefault(id(memo), []).append(x)


classmap = {}


def whichmodule(func, funcname):
    """The module that has a function under its name."""
    own = getattr(func, "__module__", None)
    if own is None:
        own = classmap.get(func)
    if own is not None:
        return own
    for name, module in sys.modules.items():
        if module is not None and name != "__main__" and getattr(module, funcname, None) is func:
            break
    else:
        name = "__main__"
    classmap[func] = name
    return name


class Unpickler:
    """Reads objects from a file."""

    def __init__(self, file):
        self.readline = file.readline
        self.read = file.read
        self.memo = {}

    def load(self):
        self.mark = object()
        self.stack = []
        self.append = self.stack.append
        read, dispatch = self.read, self.dispatch
        try:
            while True:
                dispatch[read(1)](self)
        except _Stop as stop:
            return stop.value

    def marker(self):
        """Index of the topmost mark."""
        stack, mark = self.stack, self.mark
        k = len(stack) - 1
        while stack[k] is not mark:
            k -= 1
        return k

    def _marked(self):
        """Takes what lies above the topmost mark, and the mark."""
        k = self.marker()
        items = self.stack[k + 1:]
        del self.stack[k:]
        return items

    dispatch = {}

    def load_eof(self):
        raise EOFError
    dispatch[""] = load_eof

    def load_proto(self):
        proto = ord(self.read(1))
        if not 0 <= proto <= 2:
            raise ValueError("unsupported pickle protocol: %d" % proto)
    dispatch[PROTO] = load_proto

    def load_persid(self):
        self.append(self.persistent_load(self.readline()[:-1]))
    dispatch[PERSID] = load_persid

    def load_binpersid(self):
        self.append(self.persistent_load(self.stack.pop()))
    dispatch[BINPERSID] = load_binpersid

    def load_true(self):
        self.append(True)
    dispatch[NEWTRUE] = load_true

    def load_false(self):
        self.append(False)
    dispatch[NEWFALSE] = load_false

    def load_none(self):
        self.append(None)
    dispatch[NONE] = load_none

    def load_int(self):
        data = self.readline()
        # Two spellings of small numbers stand for the truth values.
        if data in (TRUE[1:], FALSE[1:]):
            value = data == TRUE[1:]
        else:
            try:
                value = int(data)
            except ValueError:
                value = long(data)
        self.append(value)
    dispatch[INT] = load_int

    def _unpack(self, format, size):
        data = self.read(size)
        if len(data) < size:
            raise EOFError
        return struct.unpack(format, data)[0]

    def load_binint(self):
        self.append(self._unpack("<i", 4))
    dispatch[BININT] = load_binint

    def load_binint1(self):
        self.append(ord(self.read(1)))
    dispatch[BININT1] = load_binint1

    def load_binint2(self):
        self.append(self._unpack("<H", 2))
    dispatch[BININT2] = load_binint2

    def load_long(self):
        self.append(long(self.readline()[:-1], 0))
    dispatch[LONG] = load_long

    def load_long1(self):
        self.append(decode_long(self.read(ord(self.read(1)))))
    dispatch[LONG1] = load_long1

    def load_long4(self):
        self.append(decode_long(self.read(self._unpack("<i", 4))))
    dispatch[LONG4] = load_long4

    def load_float(self):
        self.append(float(self.readline()[:-1]))
    dispatch[FLOAT] = load_float

    def load_binfloat(self, unpack=struct.unpack):
        self.append(unpack(">d", self.read(8))[0])
    dispatch[BINFLOAT] = load_binfloat

    def load_string(self):
        text = self.readline()[:-1]
        quote = text[:1]
        if quote not in ("'", '"') or len(text) < 2 or not text.endswith(quote):
            raise ValueError("insecure string pickle")
        self.append(text[1:-1].decode("string-escape"))
    dispatch[STRING] = load_string

    def load_binstring(self):
        self.append(self.read(self._unpack("<i", 4)))
    dispatch[BINSTRING] = load_binstring

    def load_unicode(self):
        self.append(unicode(self.readline()[:-1], "raw-unicode-escape"))
    dispatch[UNICODE] = load_unicode

    def load_binunicode(self):
        self.append(unicode(self.read(self._unpack("<i", 4)), "utf-8"))
    dispatch[BINUNICODE] = load_binunicode

    def load_short_binstring(self):
        self.append(self.read(ord(self.read(1))))
    dispatch[SHORT_BINSTRING] = load_short_binstring

    def load_tuple(self):
        self.append(tuple(self._marked()))
    dispatch[TUPLE] = load_tuple

    def load_empty_tuple(self):
        self.append(())
    dispatch[EMPTY_TUPLE] = load_empty_tuple

    def load_tuple1(self):
        self.stack[-1] = (self.stack[-1],)
    dispatch[TUPLE1] = load_tuple1

    def load_tuple2(self):
        stack = self.stack
        pair = stack[-2], stack[-1]
        stack[-2:] = [pair]
    dispatch[TUPLE2] = load_tuple2

    def load_tuple3(self):
        stack = self.stack
        triple = stack[-3], stack[-2], stack[-1]
        stack[-3:] = [triple]
    dispatch[TUPLE3] = load_tuple3

    def load_empty_list(self):
        self.append([])
    dispatch[EMPTY_LIST] = load_empty_list

    def load_empty_dictionary(self):
        self.append({})
    dispatch[EMPTY_DICT] = load_empty_dictionary

    def load_list(self):
        self.append(self._marked())
    dispatch[LIST] = load_list

    def load_dict(self):
        items = self._marked()
        self.append(dict(zip(items[::2], items[1::2])))
    dispatch[DICT] = load_dict

    def _instantiate(self, klass, k):
        args = tuple(self.stack[k + 1:])
        del self.stack[k:]
        if not args and type(klass) is ClassType and not hasattr(klass, "__getinitargs__"):
            try:
                value = _EmptyClass()
                value.__class__ = klass
                self.append(value)
                return
            except RuntimeError:
                pass
        try:
            value = klass(*args)
        except TypeError as err:
            raise TypeError, "in constructor for %s: %s" % (klass.__name__, str(err)), sys.exc_info()[2]
        self.append(value)

    def load_inst(self):
        module = self.readline()[:-1]
        name = self.readline()[:-1]
        self._instantiate(self.find_class(module, name), self.marker())
    dispatch[INST] = load_inst

    def load_obj(self):
        k = self.marker()
        self._instantiate(self.stack.pop(k + 1), k)
    dispatch[OBJ] = load_obj

    def load_newobj(self):
        args = self.stack.pop()
        cls = self.stack[-1]
        self.stack[-1] = cls.__new__(cls, *args)
    dispatch[NEWOBJ] = load_newobj

    def load_global(self):
        module = self.readline()[:-1]
        name = self.readline()[:-1]
        self.append(self.find_class(module, name))
    dispatch[GLOBAL] = load_global

    def load_ext1(self):
        self.get_extension(ord(self.read(1)))
    dispatch[EXT1] = load_ext1

    def load_ext2(self):
        self.get_extension(self._unpack("<H", 2))
    dispatch[EXT2] = load_ext2

    def load_ext4(self):
        self.get_extension(self._unpack("<i", 4))
    dispatch[EXT4] = load_ext4

    def get_extension(self, code):
        if code not in _extension_cache:
            name = _inverted_registry.get(code)
            if not name:
                raise ValueError("unregistered extension code %d" % code)
            _extension_cache[code] = self.find_class(*name)
        self.append(_extension_cache[code])

    def find_class(self, module, name):
        """What a name in a module stands for; overridden by who wants to forbid some."""
        __import__(module)
        return getattr(sys.modules[module], name)

    def load_reduce(self):
        args = self.stack.pop()
        self.stack[-1] = self.stack[-1](*args)
    dispatch[REDUCE] = load_reduce

    def load_pop(self):
        del self.stack[-1]
    dispatch[POP] = load_pop

    def load_pop_mark(self):
        del self.stack[self.marker():]
    dispatch[POP_MARK] = load_pop_mark

    # Numbers in the memo are decimal texts, as protocol 0 has them.
    def load_put(self):
        self.memo[self.readline()[:-1]] = self.stack[-1]
    dispatch[PUT] = load_put

    def load_get(self):
        self.append(self.memo[self.readline()[:-1]])
    dispatch[GET] = load_get

    def load_binput(self):
        self.memo[repr(ord(self.read(1)))] = self.stack[-1]
    dispatch[BINPUT] = load_binput

    def load_binget(self):
        self.append(self.memo[repr(ord(self.read(1)))])
    dispatch[BINGET] = load_binget

    def load_long_binput(self):
        self.memo[repr(self._unpack("<i", 4))] = self.stack[-1]
    dispatch[LONG_BINPUT] = load_long_binput

    def load_long_binget(self):
        self.append(self.memo[repr(self._unpack("<i", 4))])
    dispatch[LONG_BINGET] = load_long_binget

    def load_dup(self):
        self.append(self.stack[-1])
    dispatch[DUP] = load_dup

    def load_append(self):
        value = self.stack.pop()
        self.stack[-1].append(value)
    dispatch[APPEND] = load_append

    def load_appends(self):
        items = self._marked()
        self.stack[-1].extend(items)
    dispatch[APPENDS] = load_appends

    def load_setitem(self):
        value = self.stack.pop()
        key = self.stack.pop()
        self.stack[-1][key] = value
    dispatch[SETITEM] = load_setitem

    def load_setitems(self):
        items = self._marked()
        target = self.stack[-1]
        for i in xrange(0, len(items), 2):
            target[items[i]] = items[i + 1]
    dispatch[SETITEMS] = load_setitems

    def load_build(self):
        state = self.stack.pop()
        inst = self.stack[-1]
        setstate = getattr(inst, "__setstate__", None)
        if setstate:
            setstate(state)
            return
        slots = None
        if isinstance(state, tuple) and len(state) == 2:
            state, slots = state
        if state:
            try:
                attributes = inst.__dict__
                try:
                    for name, value in state.iteritems():
                        attributes[intern(name)] = value
                except TypeError:
                    attributes.update(state)
            except RuntimeError:
                for name, value in state.items():
                    setattr(inst, name, value)
        if slots:
            for name, value in slots.items():
                setattr(inst, name, value)
    dispatch[BUILD] = load_build

    def load_mark(self):
        self.append(self.mark)
    dispatch[MARK] = load_mark

    def load_stop(self):
        raise _Stop(self.stack.pop())
    dispatch[STOP] = load_stop


class _EmptyClass:
    pass


def encode_long(x):
    """Two's complement, least byte first, no byte more than needed; "" for 0.

    >>> encode_long(256L)
    '\\x00\\x01'
    """
    if x == 0:
        return ""
    size = (x if x > 0 else ~x).bit_length() // 8 + 1
    if x < 0:
        x += 1 << (8 * size)
    digits = "%0*x" % (2 * size, x)
    return digits.decode("hex")[::-1]


def decode_long(data):
    """The number that encode_long() wrote.

    >>> decode_long("\\xff\\x7f")
    32767L
    """
    if not data:
        return 0L
    value = long(data[::-1].encode("hex"), 16)
    if data[-1] >= "\x80":
        value -= 1L << (8 * len(data))
    return value


try:
    from cStringIO import StringIO
except ImportError:
    from StringIO import StringIO


def dump(obj, file, protocol=None):
    Pickler(file, protocol).dump(obj)


def dumps(obj, protocol=None):
    out = StringIO()
    dump(obj, out, protocol)
    return out.getvalue()


def load(file):
    return Unpickler(file).load()


def loads(str):
    return load(StringIO(str))
