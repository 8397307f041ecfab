//! Tables and struct sequences of `sys`: version, limits of ints and floats, flags, names of modules.

use crate::struct_seq;
use crate::support::float;
use crate::structseq;
use txpy_vm::dialect::dialect;
use txpy_vm::native::TypeDef;
use txpy_vm::{R, Thread, Value};

/// Top-level modules of the 3.13 library.
pub static STDLIB_NAMES: &[&str] = &[
    "__future__", "_abc", "_aix_support", "_android_support", "_ast", "_asyncio", "_bisect", "_blake2", "_bz2", "_codecs", "_codecs_cn",
    "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "_collections", "_collections_abc", "_colorize", "_compat_pickle",
    "_compression", "_contextvars", "_csv", "_ctypes", "_curses", "_curses_panel", "_datetime", "_dbm", "_decimal", "_elementtree",
    "_frozen_importlib", "_frozen_importlib_external", "_functools", "_gdbm", "_hashlib", "_heapq", "_imp", "_interpchannels", "_interpqueues",
    "_interpreters", "_io", "_ios_support", "_json", "_locale", "_lsprof", "_lzma", "_markupbase", "_md5", "_multibytecodec", "_multiprocessing",
    "_opcode", "_opcode_metadata", "_operator", "_osx_support", "_overlapped", "_pickle", "_posixshmem", "_posixsubprocess", "_py_abc",
    "_pydatetime", "_pydecimal", "_pyio", "_pylong", "_pyrepl", "_queue", "_random", "_scproxy", "_sha1", "_sha2", "_sha3", "_signal",
    "_sitebuiltins", "_socket", "_sqlite3", "_sre", "_ssl", "_stat", "_statistics", "_string", "_strptime", "_struct", "_suggestions", "_symtable",
    "_sysconfig", "_thread", "_threading_local", "_tkinter", "_tokenize", "_tracemalloc", "_typing", "_uuid", "_warnings", "_weakref", "_weakrefset",
    "_winapi", "_wmi", "_zoneinfo", "abc", "antigravity", "argparse", "array", "ast", "asyncio", "atexit", "base64", "bdb", "binascii", "bisect",
    "builtins", "bz2", "cProfile", "calendar", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys", "compileall", "concurrent",
    "configparser", "contextlib", "contextvars", "copy", "copyreg", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm", "decimal",
    "difflib", "dis", "doctest", "email", "encodings", "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch",
    "fractions", "ftplib", "functools", "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip", "hashlib", "heapq",
    "hmac", "html", "http", "idlelib", "imaplib", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "linecache", "locale",
    "logging", "lzma", "mailbox", "marshal", "math", "mimetypes", "mmap", "modulefinder", "msvcrt", "multiprocessing", "netrc", "nt", "ntpath",
    "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "pathlib", "pdb", "pickle", "pickletools", "pkgutil", "platform", "plistlib",
    "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue",
    "quopri", "random", "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets", "select", "selectors", "shelve",
    "shlex", "shutil", "signal", "site", "smtplib", "socket", "socketserver", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl", "stat",
    "statistics", "string", "stringprep", "struct", "subprocess", "symtable", "sys", "sysconfig", "syslog", "tabnanny", "tarfile", "tempfile",
    "termios", "textwrap", "this", "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace", "traceback", "tracemalloc",
    "tty", "turtle", "turtledemo", "types", "typing", "unicodedata", "unittest", "urllib", "uuid", "venv", "warnings", "wave", "weakref",
    "webbrowser", "winreg", "winsound", "wsgiref", "xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
];

struct_seq! { pub static VERSION_INFO: "sys", "version_info", "Version of the language." { "major" 0, "minor" 1, "micro" 2, "releaselevel" 3, "serial" 4 } }
struct_seq! { pub static FLOAT_INFO: "sys", "float_info", "Limits of floats." {
    "max" 0, "max_exp" 1, "max_10_exp" 2, "min" 3, "min_exp" 4, "min_10_exp" 5, "dig" 6, "mant_dig" 7, "epsilon" 8, "radix" 9, "rounds" 10,
} }
struct_seq! { pub static INT_INFO: "sys", "int_info", "How ints are kept." { "bits_per_digit" 0, "sizeof_digit" 1, "default_max_str_digits" 2, "str_digits_check_threshold" 3 } }
struct_seq! { pub static LONG_INFO: "sys", "long_info", "How longs are kept." { "bits_per_digit" 0, "sizeof_digit" 1 } }
struct_seq! { pub static HASH_INFO: "sys", "hash_info", "How hashes are computed." {
    "width" 0, "modulus" 1, "inf" 2, "nan" 3, "imag" 4, "algorithm" 5, "hash_bits" 6, "seed_bits" 7, "cutoff" 8,
} }
struct_seq! { pub static THREAD_INFO: "sys", "thread_info", "How threads are made." { "name" 0, "lock" 1, "version" 2 } }
struct_seq! { pub static FLAGS3: "sys", "flags", "Command line options." {
    "debug" 0, "inspect" 1, "interactive" 2, "optimize" 3, "dont_write_bytecode" 4, "no_user_site" 5, "no_site" 6, "ignore_environment" 7, "verbose" 8,
    "bytes_warning" 9, "quiet" 10, "hash_randomization" 11, "isolated" 12, "dev_mode" 13, "utf8_mode" 14, "warn_default_encoding" 15, "safe_path" 16,
    "int_max_str_digits" 17,
} }
struct_seq! { pub static FLAGS2: "sys", "flags", "Command line options." {
    "debug" 0, "py3k_warning" 1, "division_warning" 2, "division_new" 3, "inspect" 4, "interactive" 5, "optimize" 6, "dont_write_bytecode" 7,
    "no_user_site" 8, "no_site" 9, "ignore_environment" 10, "tabcheck" 11, "verbose" 12, "unicode" 13, "bytes_warning" 14, "hash_randomization" 15,
} }
struct_seq! { pub static UNRAISABLE_HOOK_ARGS: "", "UnraisableHookArgs", "Arguments of sys.unraisablehook." {
    "exc_type" 0, "exc_value" 1, "exc_traceback" 2, "err_msg" 3, "object" 4,
} }
struct_seq! { pub static ASYNCGEN_HOOKS: "sys", "asyncgen_hooks", "Hooks of asynchronous generators." { "firstiter" 0, "finalizer" 1 } }

/// What the command line says about flags.
#[derive(Clone, Copy, Default, Debug)]
pub struct Options {
    pub debug: bool,
    pub inspect: bool,
    pub interactive: bool,
    pub optimize: u8,
    pub dont_write_bytecode: bool,
    pub no_user_site: bool,
    pub no_site: bool,
    pub ignore_environment: bool,
    pub verbose: u8,
    pub bytes_warning: u8,
    pub quiet: bool,
    pub hash_randomization: bool,
    pub isolated: bool,
    pub dev_mode: bool,
    pub utf8_mode: bool,
    pub safe_path: bool,
    /// Other than the usual limit.
    pub int_max_str_digits: Option<u32>,
    pub unbuffered: bool,
}
impl Options {
    /// What `-I` does.
    pub fn isolate(&mut self) { (self.isolated, self.ignore_environment, self.no_user_site, self.safe_path) = (true, true, true, true) }
}

fn ints<const N: usize>(list: [i64; N]) -> [Value; N] { list.map(Value::int) }

pub fn version_info(th: &mut Thread) -> R<Value> {
    let (a, b, c) = dialect().version;
    let level = th.native_str("final")?;
    structseq::new(th, &VERSION_INFO, &[Value::int(a as i64), Value::int(b as i64), Value::int(c as i64), level, Value::int(0)], &[])
}
pub fn float_info(th: &mut Thread) -> R<Value> {
    let (max, min, eps) = (float(th, f64::MAX)?, float(th, f64::MIN_POSITIVE)?, float(th, f64::EPSILON)?);
    let i = Value::int;
    structseq::new(th, &FLOAT_INFO, &[max, i(1024), i(308), min, i(-1021), i(-307), i(15), i(53), eps, i(2), i(1)], &[])
}
pub fn int_info(th: &mut Thread) -> R<Value> { structseq::new(th, &INT_INFO, &ints([30, 4, 4300, 640]), &[]) }
pub fn long_info(th: &mut Thread) -> R<Value> { structseq::new(th, &LONG_INFO, &ints([30, 4]), &[]) }
pub fn hash_info(th: &mut Thread) -> R<Value> {
    let algorithm = th.native_str("wyhash")?;
    let i = Value::int;
    structseq::new(th, &HASH_INFO, &[i(64), i((1 << 61) - 1), i(314159), i(0), i(1000003), algorithm, i(64), i(0), i(0)], &[])
}
pub fn thread_info(th: &mut Thread) -> R<Value> {
    let (name, lock) = (th.native_str("pthread")?, th.native_str("semaphore")?);
    structseq::new(th, &THREAD_INFO, &[name, lock, Value::NONE], &[])
}
pub fn flags(th: &mut Thread, o: Options) -> R<Value> {
    let b = |x: bool| x as i64;
    let (def, list): (&'static TypeDef, &[i64]) = if th.py3() {
        let digits = o.int_max_str_digits.map_or(4300, i64::from);
        (&FLAGS3, &[
            b(o.debug), b(o.inspect), b(o.interactive), o.optimize as i64, b(o.dont_write_bytecode), b(o.no_user_site), b(o.no_site), b(o.ignore_environment), o.verbose as i64,
            o.bytes_warning as i64, b(o.quiet), b(o.hash_randomization), b(o.isolated), b(o.dev_mode), b(o.utf8_mode), 0, b(o.safe_path), digits,
        ])
    } else {
        (&FLAGS2, &[
            b(o.debug), 0, 0, 0, b(o.inspect), b(o.interactive), o.optimize as i64, b(o.dont_write_bytecode), b(o.no_user_site), b(o.no_site), b(o.ignore_environment), 0, o.verbose as i64,
            0, o.bytes_warning as i64, b(o.hash_randomization),
        ])
    };
    let mut items = [Value::int(0); 20];
    for (to, x) in items.iter_mut().zip(list) {
        *to = Value::int(*x);
    }
    if th.py3() {
        // These two are bools.
        items[13] = Value::from_bool(o.dev_mode);
        items[16] = Value::from_bool(o.safe_path);
    }
    // Later versions of the library ask for these.
    let later = [("thread_inherit_context", Value::int(0)), ("context_aware_warnings", Value::int(0))];
    structseq::new(th, def, &items[..list.len()], if th.py3() { &later } else { &[] })
}
