//! Kind numbers: which layout an object's payload has. One table; 1-31 belong to the heap, 512 up to stdlib, 1024 up to numpy.

macro_rules! kinds {
    ($first:literal: $($name:ident)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        #[allow(dead_code)] // only gives the first number
        enum K { START = $first - 1, $($name),* }
        $(pub const $name: u16 = K::$name as u16;)*
    };
}

kinds! { 32:
    // Hot in the interpreter.
    OBJECT INT FLOAT COMPLEX STR BYTES TUPLE LIST DICT SET FROZENSET FUNCTION NATIVE BOUND CELL TYPE
    CODE MODULE GENERATOR EXCEPTION TRACEBACK FRAME SLICE RANGE BYTEARRAY MEMORYVIEW
    // Descriptors.
    PROPERTY STATICMETHOD CLASSMETHOD GETSET MEMBER SUPER PROXY
    // Iterators.
    RANGE_ITER SEQ_ITER LIST_ITER STR_ITER DICT_ITER SET_ITER CALL_ITER ENUMERATE ZIP MAP FILTER REVERSED
    DICT_VIEW ASYNC_WRAP COROUTINE ASYNC_GENERATOR ASYNC_GEN_OP COROUTINE_WRAPPER
    // Others.
    WEAKREF CLASSIC_CLASS CLASSIC_INSTANCE NAMESPACE FILE LOCK RLOCK LOCAL LOADER GENERIC_ALIAS UNION BUFFER2
    SINGLETON INT_RANGE_ITER2 XRANGE OBJECT_STORAGE DICT_TABLE FRAME_LOCALS THREAD_HANDLE EXC_GROUP STRUCT_SEQ ATOMIC
}
pub const STDLIB: u16 = 512;
pub const NUMPY: u16 = 1024;
