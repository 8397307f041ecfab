"""C data as objects: numbers, arrays, structures, unions and pointers to them. Their memory is Python's own, nothing can be called in C.

What needs an address or a shared library raises NotImplementedError.
"""
import struct as _struct

__version__ = "1.1.0"
RTLD_LOCAL, RTLD_GLOBAL = 0, 256
FUNCFLAG_STDCALL, FUNCFLAG_CDECL, FUNCFLAG_HRESULT, FUNCFLAG_PYTHONAPI, FUNCFLAG_USE_ERRNO, FUNCFLAG_USE_LASTERROR = 0, 1, 2, 4, 8, 16
SIZEOF_TIME_T = 8
_errno = 0
# Letters of simple types whose memory is not what struct calls them: size in bytes.
_REFERENCES = {"O": 8, "z": 8, "Z": 8, "P": 8}
_OTHER = {"u": 4, "g": 16}
_INTEGERS = {"b", "B", "h", "H", "i", "I", "l", "L", "q", "Q"}
_ORDERED = {"h", "H", "i", "I", "l", "L", "q", "Q", "f", "d"}


class ArgumentError(Exception):
    """Argument conversion error."""


def _missing(what):
    raise NotImplementedError(f"ctypes: {what} is not implemented")


class _CType(type):
    """What all classes of C data share. `_size_` and `_align_` are in bytes; a class without `_size_` is abstract."""

    def __mul__(cls, length):
        if not isinstance(length, int):
            raise TypeError(f"can't multiply sequence by non-int of type '{type(length).__name__}'")
        if length < 0:
            raise ValueError(f"Array length must be >= 0, not {length}")
        known = cls.__dict__.get("_arrays_")
        if known is None:
            known = {}
            type.__setattr__(cls, "_arrays_", known)
        if length not in known:
            known[length] = _ArrayType(f"{cls.__name__}_Array_{length}", (Array,), {"_type_": cls, "_length_": length})
        return known[length]

    __rmul__ = __mul__

    def from_buffer(cls, source, offset=0):
        view = memoryview(source._memory if isinstance(source, _CData) else source).cast("B")
        if view.readonly:
            raise TypeError("underlying buffer is not writable")
        return cls._at(cls._part(view, offset), source)

    def from_buffer_copy(cls, source, offset=0):
        return cls._at(memoryview(bytearray(cls._part(memoryview(source).cast("B"), offset))), None)

    def _part(cls, view, offset):
        if offset < 0:
            raise ValueError("offset cannot be negative")
        if len(view) - offset < cls._size_:
            raise ValueError(f"Buffer size too small ({len(view)} instead of at least {cls._size_ + offset} bytes)")
        return view[offset:offset + cls._size_]

    def from_param(cls, value):
        if isinstance(value, cls):
            return value
        if hasattr(value, "_as_parameter_"):
            return cls.from_param(value._as_parameter_)
        raise TypeError(f"expected {cls.__name__} instance instead of {type(value).__name__}")

    def from_address(cls, address):
        _missing("memory at an address")

    def in_dll(cls, library, name):
        _missing("variables of shared libraries")

    def _at(cls, memory, owner):
        """The object that lies in this memory."""
        self = cls.__new__(cls)
        self._memory, self._owner = memory, owner
        return self


class _CData(metaclass=_CType):
    _memory = _owner = None

    def _fresh(self):
        cls = type(self)
        if "_size_" not in vars(cls) and not hasattr(cls, "_size_"):
            raise TypeError("abstract class")
        self._memory, self._kept = memoryview(bytearray(cls._size_)), {}

    def __buffer__(self, flags):
        return memoryview(self._memory)

    def __reduce__(self):
        return _restored, (type(self), bytes(self._memory))

    def __hash__(self):
        raise TypeError("unhashable type")


def _restored(cls, data):
    return cls.from_buffer_copy(data)


def _load(cls, memory, owner, offset):
    """A part of an array or structure: simple types give their value, but not their subclasses."""
    part = cls._at(memory[offset:offset + cls._size_], owner)
    part._kept = owner._kept if hasattr(owner, "_kept") else {}
    part._offset = offset
    return part.value if _SimpleCData in cls.__bases__ else part


def _store(cls, memory, owner, offset, value):
    if not isinstance(value, cls):
        if issubclass(cls, _SimpleCData):
            part = cls._at(memory[offset:offset + cls._size_], owner)
            part._kept, part._offset = owner._kept, offset
            part.value = value
            return
        value = cls(*value) if isinstance(value, tuple) else cls(value) if issubclass(cls, _Pointer) else _wrong(cls, value)
    memory[offset:offset + cls._size_] = value._memory
    if cls._reference_:
        owner._kept[offset] = value._kept.get(getattr(value, "_offset", 0))


def _wrong(cls, value):
    raise TypeError(f"incompatible types, {type(value).__name__} instance instead of {cls.__name__} instance")


class _SimpleType(_CType):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        letter = getattr(cls, "_type_", None)
        if letter is None:
            return
        if not isinstance(letter, str) or len(letter) != 1 or letter not in "cbBhHiIlLqQfdgOzZPu?":
            raise AttributeError("_type_ must be a string of one of the known letters")
        cls._size_ = cls._align_ = _REFERENCES.get(letter) or _OTHER.get(letter) or _struct.calcsize(letter)
        cls._reference_ = letter in _REFERENCES
        cls._order_ = namespace.get("_order_", "")
        # With an order of its own, struct gives letters their standard sizes.
        cls._code_ = cls._order_ + (letter if not cls._order_ else {"l": "q", "L": "Q"}.get(letter, letter))
        if letter in _ORDERED and _SimpleCData in bases and "_order_" not in namespace:
            cls.__ctype_le__ = cls
            cls.__ctype_be__ = _SimpleType(name, bases, {"_type_": letter, "_order_": ">", "_align_": cls._align_})
            cls.__ctype_be__.__ctype_le__, cls.__ctype_be__.__ctype_be__ = cls, cls.__ctype_be__

    def from_param(cls, value):
        return value if isinstance(value, (cls, CFuncPtr)) or value is None and cls._reference_ else cls(value)


class _SimpleCData(_CData, metaclass=_SimpleType):
    _offset = 0

    def __init__(self, value=None):
        self._fresh()
        if value is not None:
            self.value = value

    @property
    def value(self):
        letter, memory = self._type_, self._memory
        if letter in _REFERENCES:
            if letter == "O" and self._offset not in self._kept:
                raise ValueError("PyObject is NULL")
            return self._kept.get(self._offset)
        if letter == "u":
            return chr(int.from_bytes(memory, "little"))
        if letter == "g":
            return _struct.unpack_from("d", memory)[0]
        return _struct.unpack_from(self._code_, memory)[0]

    @value.setter
    def value(self, value):
        letter, memory = self._type_, self._memory
        if letter in _REFERENCES:
            good = {"O": object, "z": (bytes, int), "Z": (str, int), "P": int}[letter]
            if value is not None and not isinstance(value, good):
                what = {"z": "bytes or integer address", "Z": "unicode string or integer address"}.get(letter)
                raise TypeError(f"{what} expected instead of {type(value).__name__} instance" if what else "cannot be converted to pointer")
            self._kept[self._offset] = value
            memory[:] = _struct.pack("q", 0 if value is None else -1)
        elif letter in _INTEGERS:
            if not hasattr(value, "__index__"):
                raise TypeError(f"an integer is required (got type {type(value).__name__})" if letter in "bBhH" else f"'{type(value).__name__}' object cannot be interpreted as an integer")
            size = len(memory)
            memory[:] = (value.__index__() & (1 << 8 * size) - 1).to_bytes(size, "big" if self._order_ == ">" else "little")
        elif letter == "c":
            if isinstance(value, int) and 0 <= value < 256:
                value = bytes([value])
            if not isinstance(value, (bytes, bytearray)) or len(value) != 1:
                raise TypeError(f"one character bytes, bytearray, or an integer in range(256) expected, not {type(value).__name__}")
            memory[:] = value
        elif letter == "u":
            if not isinstance(value, str):
                raise TypeError(f"a unicode character expected, not instance of {type(value).__name__}")
            if len(value) != 1:
                raise TypeError("one character unicode string expected")
            memory[:] = ord(value).to_bytes(4, "little")
        elif letter == "?":
            memory[:] = b"\1" if value else b"\0"
        else:
            try:
                memory[:] = _struct.pack("dd", value, 0.0) if letter == "g" else _struct.pack(self._code_, value)
            except _struct.error as e:
                raise TypeError(f"must be real number, not {type(value).__name__}") from e

    def __bool__(self):
        return any(self._memory)

    def __repr__(self):
        if _SimpleCData not in type(self).__bases__:
            return object.__repr__(self)
        return f"{type(self).__name__}({self.value!r})"


class _ArrayType(_CType):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        if not bases or bases[0] is _CData:
            return
        for needed in ("_length_", "_type_"):
            if not hasattr(cls, needed):
                raise AttributeError(f"class must define a '{needed}' attribute")
        cls._size_ = cls._type_._size_ * cls._length_
        cls._align_, cls._reference_ = cls._type_._align_, cls._type_._reference_
        letter = getattr(cls._type_, "_type_", None)
        if letter == "c":
            cls.value = property(lambda s: bytes(s._memory).split(b"\0", 1)[0], _set_text)
            cls.raw = property(lambda s: bytes(s._memory), _set_raw)
        elif letter == "u":
            cls.value = property(lambda s: "".join(s[:]).split("\0", 1)[0], _set_text)


def _set_raw(self, data):
    data = memoryview(data).cast("B")
    if len(data) > len(self._memory):
        raise ValueError("byte string too long")
    self._memory[:len(data)] = data


def _set_text(self, text):
    kind = bytes if self._type_._type_ == "c" else str
    if not isinstance(text, kind):
        raise TypeError(f"{'bytes' if kind is bytes else 'unicode string'} expected instead of {type(text).__name__} instance")
    if len(text) > self._length_:
        raise ValueError("byte string too long" if kind is bytes else "string too long")
    for i in range(len(text)):
        self[i] = text[i]
    if len(text) < self._length_:
        self[len(text)] = kind().join([b"\0" if kind is bytes else "\0"])


class Array(_CData, metaclass=_ArrayType):
    def __init__(self, *items):
        self._fresh()
        if len(items) > self._length_:
            raise IndexError("invalid index")
        for i, x in enumerate(items):
            self[i] = x

    def __len__(self):
        return self._length_

    def _place(self, i):
        i = i.__index__()
        i += self._length_ if i < 0 else 0
        if not 0 <= i < self._length_:
            raise IndexError("invalid index")
        return i * self._type_._size_

    def __getitem__(self, key):
        if isinstance(key, slice):
            items = [self[i] for i in range(*key.indices(self._length_))]
            letter = getattr(self._type_, "_type_", None)
            return b"".join(items) if letter == "c" else "".join(items) if letter == "u" else items
        return _load(self._type_, self._memory, self, self._place(key))

    def __setitem__(self, key, value):
        if isinstance(key, slice):
            places = range(*key.indices(self._length_))
            if len(places) != len(value):
                raise ValueError("Can only assign sequence of same size")
            for i, x in zip(places, value):
                self[i] = x
            return
        _store(self._type_, self._memory, self, self._place(key), value)

    def __iter__(self):
        return (self[i] for i in range(self._length_))


class CField:
    """A field of a structure or union."""

    def __init__(self, name, cls, offset):
        self.name, self.type, self.offset, self.size = name, cls, offset, cls._size_
        self.byte_offset, self.byte_size, self.is_bitfield, self.is_anonymous = offset, cls._size_, False, False

    def __get__(self, instance, owner=None):
        return self if instance is None else _load(self.type, instance._memory, instance, self.offset)

    def __set__(self, instance, value):
        _store(self.type, instance._memory, instance, self.offset, value)

    def __repr__(self):
        return f"<Field type={self.type.__name__}, ofs={self.offset}, size={self.size}>"


class _RecordType(_CType):
    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        if "_fields_" in namespace:
            # By assignment, which classes of the other byte order watch.
            cls._fields_ = namespace["_fields_"]
        elif not hasattr(cls, "_size_"):
            cls._all_, cls._size_, cls._align_, cls._reference_ = [], 0, 1, False

    def __setattr__(cls, name, value):
        super().__setattr__(name, value)
        if name == "_fields_" and "_final_" not in vars(cls):
            cls._lay_out(value)

    def _lay_out(cls, fields):
        base = cls.__bases__[0]
        union, pack = cls._union_, getattr(cls, "_pack_", None)
        size, align = getattr(base, "_size_", 0), getattr(base, "_align_", 1)
        cls._all_ = list(getattr(base, "_all_", []))
        cls._reference_ = getattr(base, "_reference_", False)
        for entry in fields:
            if len(entry) == 3:
                _missing("a bit field")
            name, kind = entry
            if not isinstance(name, str) or not isinstance(kind, _CType):
                raise TypeError("second item in _fields_ tuple must be a C type" if isinstance(name, str) else "first item in _fields_ tuple must be a string")
            need = min(kind._align_, pack) if pack else kind._align_
            offset = 0 if union else -(-size // need) * need
            size = max(size, kind._size_) if union else offset + kind._size_
            align = max(align, need)
            cls._reference_ |= kind._reference_
            field = CField(name, kind, offset)
            type.__setattr__(cls, name, field)
            cls._all_.append(name)
            if name in getattr(cls, "_anonymous_", ()):
                field.is_anonymous = True
                for inner in kind._all_:
                    type.__setattr__(cls, inner, _Inner(name, inner))
        cls._size_, cls._align_ = -(-size // align) * align, align
        cls._final_ = True


class _Inner:
    """A field of an anonymous field."""

    def __init__(self, outer, name):
        self.outer, self.name = outer, name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(getattr(instance, self.outer), self.name)

    def __set__(self, instance, value):
        setattr(getattr(instance, self.outer), self.name, value)


class _Record(_CData, metaclass=_RecordType):
    _union_ = False

    def __init__(self, *args, **fields):
        self._fresh()
        if len(args) > len(self._all_):
            raise TypeError("too many initializers")
        for name, x in zip(self._all_, args):
            if name in fields:
                raise TypeError(f"duplicate values for field '{name}'")
            setattr(self, name, x)
        for name, x in fields.items():
            setattr(self, name, x)


class Structure(_Record):
    """Structure base class"""


class Union(_Record):
    """Union base class"""
    _union_ = True


class _PointerType(_CType):
    _size_ = _align_ = 8
    _reference_ = True

    def __init__(cls, name, bases, namespace):
        super().__init__(name, bases, namespace)
        if isinstance(namespace.get("_type_"), _CType):
            namespace["_type_"].__pointer_type__ = cls

    def set_type(cls, kind):
        cls._type_ = kind
        kind.__pointer_type__ = cls


class _Pointer(_CData, metaclass=_PointerType):
    """What it points to is kept as an object."""
    _size_ = _align_ = 8
    _reference_ = True
    _offset = 0

    def __init__(self, target=None):
        self._fresh()
        if target is not None:
            self.contents = target

    @property
    def contents(self):
        target = self._kept.get(self._offset)
        if target is None:
            raise ValueError("NULL pointer access")
        return target

    @contents.setter
    def contents(self, target):
        if not isinstance(target, self._type_) and not (isinstance(target, Array) and target._type_ is self._type_):
            raise TypeError(f"expected {self._type_.__name__} instead of {type(target).__name__}")
        self._kept[self._offset] = target
        self._memory[:] = b"\xff" * 8

    def __getitem__(self, i):
        target = self.contents
        if isinstance(target, Array) and self._type_ is target._type_:
            return target[i]
        if i != 0:
            _missing("memory beyond what a pointer was made of")
        return target.value if _SimpleCData in type(target).__bases__ else target

    def __setitem__(self, i, x):
        target = self.contents
        if isinstance(target, Array) and self._type_ is target._type_:
            target[i] = x
        elif i != 0:
            _missing("memory beyond what a pointer was made of")
        else:
            _store(type(target), target._memory, target, 0, x)

    def __bool__(self):
        return any(self._memory)


class CFuncPtr(_CData, metaclass=_PointerType):
    """A function: what Python functions are wrapped by for callbacks. Functions of libraries cannot be called."""
    _size_ = _align_ = 8
    _reference_ = True

    def __init__(self, target=None, *rest):
        self._fresh()
        self._target = target
        self.argtypes, self.restype, self.errcheck = getattr(self, "_argtypes_", None), getattr(self, "_restype_", None), None

    def __call__(self, *args):
        if not callable(self._target):
            _missing("calling C functions")
        return self._target(*args)

    def __bool__(self):
        return self._target is not None


class _Reference:
    """What byref gives."""

    def __init__(self, target, offset):
        self._obj, self._offset = target, offset


def byref(obj, offset=0):
    if not isinstance(obj, _CData):
        raise TypeError(f"byref() argument must be a ctypes instance, not '{type(obj).__name__}'")
    return _Reference(obj, offset)


def _sized(x):
    cls = x if isinstance(x, _CType) else type(x)
    if not isinstance(cls, _CType) or not hasattr(cls, "_size_"):
        raise TypeError("this type has no size")
    return cls


def sizeof(x):
    return len(x._memory) if isinstance(x, _CData) and x._memory is not None else _sized(x)._size_


def alignment(x):
    return _sized(x)._align_


def addressof(obj):
    if not isinstance(obj, _CData):
        raise TypeError("invalid type")
    _missing("the address of an object")


def resize(obj, size):
    cls = _sized(obj)
    if size < cls._size_:
        raise ValueError(f"minimum size is {cls._size_}")
    memory = bytearray(size)
    memory[:len(obj._memory)] = obj._memory
    obj._memory = memoryview(memory)


def get_errno():
    return _errno


def set_errno(value):
    global _errno
    old, _errno = _errno, value
    return old


def dlopen(name, flag=RTLD_LOCAL):
    """The program itself can be named, but has nothing that could be called."""
    if name is None:
        return 0
    raise OSError(f"{name}: ctypes: loading shared libraries is not implemented")


def _bytes_of(x):
    x = x._obj._memory[x._offset:] if isinstance(x, _Reference) else x
    if isinstance(x, _Pointer):
        x = x.contents
    if isinstance(x, _CData) and getattr(x, "_type_", None) in ("z", "P"):
        x = x.value
    if isinstance(x, int):
        _missing("memory at an address")
    return x._memory if isinstance(x, _CData) else memoryview(x).cast("B")


def _memmove_addr(to, source, size):
    _bytes_of(to)[:size] = bytes(_bytes_of(source)[:size])
    return to


def _memset_addr(to, byte, size):
    _bytes_of(to)[:size] = bytes([byte & 255]) * size
    return to


def _string_at_addr(source, size):
    data = bytes(_bytes_of(source))
    return data.split(b"\0", 1)[0] if size < 0 else data[:size]


def _wstring_at_addr(source, size):
    text = bytes(_bytes_of(source)).decode("utf-32-le")
    return text.split("\0", 1)[0] if size < 0 else text[:size]


def _memoryview_at_addr(source, size, readonly):
    view = _bytes_of(source)[:size]
    return view.toreadonly() if readonly else view


def _cast_addr(obj, _, kind):
    if issubclass(kind, _Pointer):
        if isinstance(obj, Array) and obj._type_ is kind._type_:
            return kind(obj)
        if isinstance(obj, (_Pointer, Array)):
            target = _bytes_of(obj)
            return kind((kind._type_ * (len(target) // kind._type_._size_))._at(target, obj))
    if getattr(kind, "_type_", None) in ("z", "Z") and isinstance(obj, Array):
        return kind(obj.value)
    _missing(f"a cast of {type(obj).__name__} to {kind.__name__}")
