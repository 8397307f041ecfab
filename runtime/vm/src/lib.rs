//! Interpreter, object types, builtins, imports, threads.
