//! The tree of builtin exceptions: one table.

use crate::kinds;
use crate::native::{TypeDef, type_flag};
use crate::types::exception;

/// A builtin exception class.
pub type ExcDef = TypeDef;

macro_rules! exceptions {
    ($($id:ident $name:literal $base:expr, $lang:expr, $methods:expr, $getset:expr, $doc:literal;)*) => {
        $(pub static $id: ExcDef = TypeDef {
            name: $name, module: "", doc: $doc, base: $base, kind: kinds::EXCEPTION, size: size_of::<exception::Exception>() as u16,
            flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK | type_flag::EXCEPTION | $lang, methods: $methods, getset: $getset, ..TypeDef::DEFAULT
        };)*
        /// In the order of making: bases first.
        pub static ALL: &[&ExcDef] = &[$(&$id),*];
    };
}
const NO: &[&[crate::native::NativeDef]] = &[];
const NG: &[crate::native::GetSetDef] = &[];
const P2: u32 = type_flag::PY2;
const P3: u32 = type_flag::PY3;

exceptions! {
    BASE_EXCEPTION "BaseException" None, 0, &[exception::METHODS], exception::GETSET, "Common base class for all exceptions";
    BASE_EXCEPTION_GROUP "BaseExceptionGroup" Some(&BASE_EXCEPTION), P3, &[crate::types::exc_group::METHODS], crate::types::exc_group::GETSET, "A combination of multiple unrelated exceptions.";
    SYSTEM_EXIT "SystemExit" Some(&BASE_EXCEPTION), 0, &[crate::types::exc_fields::EXIT_METHODS], crate::types::exc_fields::EXIT, "Request to exit from the interpreter.";
    KEYBOARD_INTERRUPT "KeyboardInterrupt" Some(&BASE_EXCEPTION), 0, NO, NG, "Program interrupted by user.";
    GENERATOR_EXIT "GeneratorExit" Some(&BASE_EXCEPTION), 0, NO, NG, "Request that a generator exit.";
    EXCEPTION "Exception" Some(&BASE_EXCEPTION), 0, NO, NG, "Common base class for all non-exit exceptions.";
    STANDARD_ERROR "StandardError" Some(&EXCEPTION), P2, NO, NG, "Base class for all standard Python exceptions that do not represent interpreter exiting.";
    STOP_ITERATION "StopIteration" Some(&EXCEPTION), 0, &[crate::types::exc_fields::STOP_METHODS], crate::types::exc_fields::STOP, "Signal the end from iterator.__next__().";
    STOP_ASYNC_ITERATION "StopAsyncIteration" Some(&EXCEPTION), P3, NO, NG, "Signal the end from iterator.__anext__().";
    ARITHMETIC_ERROR "ArithmeticError" Some(&EXCEPTION), 0, NO, NG, "Base class for arithmetic errors.";
    FLOATING_POINT_ERROR "FloatingPointError" Some(&ARITHMETIC_ERROR), 0, NO, NG, "Floating-point operation failed.";
    OVERFLOW_ERROR "OverflowError" Some(&ARITHMETIC_ERROR), 0, NO, NG, "Result too large to be represented.";
    ZERO_DIVISION_ERROR "ZeroDivisionError" Some(&ARITHMETIC_ERROR), 0, NO, NG, "Second argument to a division or modulo operation was zero.";
    ASSERTION_ERROR "AssertionError" Some(&EXCEPTION), 0, NO, NG, "Assertion failed.";
    ATTRIBUTE_ERROR "AttributeError" Some(&EXCEPTION), 0, &[crate::types::exc_fields::NAME_METHODS], crate::types::exc_fields::ATTRIBUTE, "Attribute not found.";
    BUFFER_ERROR "BufferError" Some(&EXCEPTION), 0, NO, NG, "Buffer error.";
    EOF_ERROR "EOFError" Some(&EXCEPTION), 0, NO, NG, "Read beyond end of file.";
    IMPORT_ERROR "ImportError" Some(&EXCEPTION), 0, &[crate::types::exc_fields::NAME_METHODS], crate::types::exc_fields::IMPORT, "Import can't find module, or can't find name in module.";
    MODULE_NOT_FOUND_ERROR "ModuleNotFoundError" Some(&IMPORT_ERROR), P3, NO, NG, "Module not found.";
    LOOKUP_ERROR "LookupError" Some(&EXCEPTION), 0, NO, NG, "Base class for lookup errors.";
    INDEX_ERROR "IndexError" Some(&LOOKUP_ERROR), 0, NO, NG, "Sequence index out of range.";
    KEY_ERROR "KeyError" Some(&LOOKUP_ERROR), 0, &[crate::types::exc_fields::KEY_METHODS], NG, "Mapping key not found.";
    MEMORY_ERROR "MemoryError" Some(&EXCEPTION), 0, NO, NG, "Out of memory.";
    NAME_ERROR "NameError" Some(&EXCEPTION), 0, &[crate::types::exc_fields::NAME_METHODS], crate::types::exc_fields::NAME, "Name not found globally.";
    UNBOUND_LOCAL_ERROR "UnboundLocalError" Some(&NAME_ERROR), 0, NO, NG, "Local name referenced but not bound to a value.";
    ENVIRONMENT_ERROR "EnvironmentError" Some(&EXCEPTION), P2, &[crate::types::exc_fields::OS_METHODS], crate::types::exc_fields::OS, "Base class for I/O related errors.";
    OS_ERROR "OSError" Some(&EXCEPTION), 0, &[crate::types::exc_fields::OS_METHODS], crate::types::exc_fields::OS, "Base class for I/O related errors.";
    IO_ERROR "IOError" Some(&EXCEPTION), P2, &[crate::types::exc_fields::OS_METHODS], crate::types::exc_fields::OS, "I/O operation failed.";
    BLOCKING_IO_ERROR "BlockingIOError" Some(&OS_ERROR), P3, NO, NG, "I/O operation would block.";
    CHILD_PROCESS_ERROR "ChildProcessError" Some(&OS_ERROR), P3, NO, NG, "Child process error.";
    CONNECTION_ERROR "ConnectionError" Some(&OS_ERROR), P3, NO, NG, "Connection error.";
    BROKEN_PIPE_ERROR "BrokenPipeError" Some(&CONNECTION_ERROR), P3, NO, NG, "Broken pipe.";
    CONNECTION_ABORTED_ERROR "ConnectionAbortedError" Some(&CONNECTION_ERROR), P3, NO, NG, "Connection aborted.";
    CONNECTION_REFUSED_ERROR "ConnectionRefusedError" Some(&CONNECTION_ERROR), P3, NO, NG, "Connection refused.";
    CONNECTION_RESET_ERROR "ConnectionResetError" Some(&CONNECTION_ERROR), P3, NO, NG, "Connection reset.";
    FILE_EXISTS_ERROR "FileExistsError" Some(&OS_ERROR), P3, NO, NG, "File already exists.";
    FILE_NOT_FOUND_ERROR "FileNotFoundError" Some(&OS_ERROR), P3, NO, NG, "File not found.";
    IS_A_DIRECTORY_ERROR "IsADirectoryError" Some(&OS_ERROR), P3, NO, NG, "Operation doesn't work on directories.";
    NOT_A_DIRECTORY_ERROR "NotADirectoryError" Some(&OS_ERROR), P3, NO, NG, "Operation only works on directories.";
    INTERRUPTED_ERROR "InterruptedError" Some(&OS_ERROR), P3, NO, NG, "Interrupted by signal.";
    PERMISSION_ERROR "PermissionError" Some(&OS_ERROR), P3, NO, NG, "Not enough permissions.";
    PROCESS_LOOKUP_ERROR "ProcessLookupError" Some(&OS_ERROR), P3, NO, NG, "Process not found.";
    TIMEOUT_ERROR "TimeoutError" Some(&OS_ERROR), P3, NO, NG, "Timeout expired.";
    REFERENCE_ERROR "ReferenceError" Some(&EXCEPTION), 0, NO, NG, "Weak ref proxy used after referent went away.";
    RUNTIME_ERROR "RuntimeError" Some(&EXCEPTION), 0, NO, NG, "Unspecified run-time error.";
    NOT_IMPLEMENTED_ERROR "NotImplementedError" Some(&RUNTIME_ERROR), 0, NO, NG, "Method or function hasn't been implemented yet.";
    RECURSION_ERROR "RecursionError" Some(&RUNTIME_ERROR), 0, NO, NG, "Recursion limit exceeded.";
    PYTHON_FINALIZATION_ERROR "PythonFinalizationError" Some(&RUNTIME_ERROR), P3, NO, NG, "Operation blocked during Python finalization.";
    SYNTAX_ERROR "SyntaxError" Some(&EXCEPTION), 0, &[crate::types::exc_fields::SYNTAX_METHODS], crate::types::exc_fields::SYNTAX, "Invalid syntax.";
    INDENTATION_ERROR "IndentationError" Some(&SYNTAX_ERROR), 0, NO, NG, "Improper indentation.";
    TAB_ERROR "TabError" Some(&INDENTATION_ERROR), 0, NO, NG, "Improper mixture of spaces and tabs.";
    SYSTEM_ERROR "SystemError" Some(&EXCEPTION), 0, NO, NG, "Internal error in the Python interpreter.";
    TYPE_ERROR "TypeError" Some(&EXCEPTION), 0, NO, NG, "Inappropriate argument type.";
    VALUE_ERROR "ValueError" Some(&EXCEPTION), 0, NO, NG, "Inappropriate argument value (of correct type).";
    UNICODE_ERROR "UnicodeError" Some(&VALUE_ERROR), 0, NO, NG, "Unicode related error.";
    UNICODE_DECODE_ERROR "UnicodeDecodeError" Some(&UNICODE_ERROR), 0, &[crate::types::exc_fields::DECODE_METHODS], crate::types::exc_fields::UNICODE, "Unicode decoding error.";
    UNICODE_ENCODE_ERROR "UnicodeEncodeError" Some(&UNICODE_ERROR), 0, &[crate::types::exc_fields::ENCODE_METHODS], crate::types::exc_fields::UNICODE, "Unicode encoding error.";
    UNICODE_TRANSLATE_ERROR "UnicodeTranslateError" Some(&UNICODE_ERROR), 0, &[crate::types::exc_fields::TRANSLATE_METHODS], crate::types::exc_fields::UNICODE, "Unicode translation error.";
    WARNING "Warning" Some(&EXCEPTION), 0, NO, NG, "Base class for warning categories.";
    USER_WARNING "UserWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings generated by user code.";
    DEPRECATION_WARNING "DeprecationWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about deprecated features.";
    PENDING_DEPRECATION_WARNING "PendingDeprecationWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about features which will be deprecated in the future.";
    SYNTAX_WARNING "SyntaxWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about dubious syntax.";
    RUNTIME_WARNING "RuntimeWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about dubious runtime behavior.";
    FUTURE_WARNING "FutureWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about constructs that will change semantically in the future.";
    IMPORT_WARNING "ImportWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about probable mistakes in module imports.";
    UNICODE_WARNING "UnicodeWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about Unicode related problems.";
    BYTES_WARNING "BytesWarning" Some(&WARNING), 0, NO, NG, "Base class for warnings about bytes and buffer related problems.";
    RESOURCE_WARNING "ResourceWarning" Some(&WARNING), P3, NO, NG, "Base class for warnings about resource usage.";
    ENCODING_WARNING "EncodingWarning" Some(&WARNING), P3, NO, NG, "Base class for warnings about encodings.";
}

/// The base that 2.7 gives a class where it differs from 3's tree.
pub fn base_in_27(def: &'static ExcDef) -> Option<&'static ExcDef> {
    let standard = ["ArithmeticError", "AssertionError", "AttributeError", "BufferError", "EOFError", "ImportError", "LookupError", "MemoryError", "NameError", "EnvironmentError", "ReferenceError", "RuntimeError", "SyntaxError", "SystemError", "TypeError", "ValueError"];
    match def.name {
        n if standard.contains(&n) => Some(&STANDARD_ERROR),
        "OSError" | "IOError" => Some(&ENVIRONMENT_ERROR),
        "RecursionError" => Some(&RUNTIME_ERROR),
        _ => def.base,
    }
}
