"""Names of the interpreter's built-in types."""

NoneType = type(None)
TypeType = type
ObjectType = object
IntType, LongType, FloatType, BooleanType, ComplexType = int, long, float, bool, complex
StringType, UnicodeType = str, unicode
StringTypes = (StringType, UnicodeType)
BufferType = buffer
TupleType, ListType = tuple, list
DictType = DictionaryType = dict
SliceType = slice
FileType = file
XRangeType = xrange
EllipsisType = type(Ellipsis)
NotImplementedType = type(NotImplemented)


def _sample():
    yield 1


class _Classic:
    def method(self):
        pass


FunctionType = LambdaType = type(_sample)
CodeType = type(_sample.__code__)
GeneratorType = type(_sample())
ClassType = type(_Classic)
InstanceType = type(_Classic())
MethodType = UnboundMethodType = type(_Classic.method)
BuiltinFunctionType = BuiltinMethodType = type(len)

import sys as _sys

ModuleType = type(_sys)
try:
    raise TypeError
except TypeError:
    TracebackType = type(_sys.exc_info()[2])
    FrameType = type(_sys._getframe())

class _WithSlot(object):
    __slots__ = "slot"


DictProxyType = type(TypeType.__dict__)
GetSetDescriptorType = type(FunctionType.__dict__["func_code"])
MemberDescriptorType = type(_WithSlot.slot)

__all__ = [_name for _name in dir() if _name.endswith("Type") or _name == "StringTypes"]
del _sys, _sample, _Classic, _WithSlot
