//! Code images: what the compiler makes of a module, function or class body. Heap-free, so that build scripts can store them.

use std::sync::{Arc, OnceLock};

use txpy_syntax::ast::Span;

/// A constant of a code image; the loader makes the heap object.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    None,
    True,
    False,
    Ellipsis,
    Int(i64),
    /// Digits in the given radix; `long`: 2.7 `5L`, also small ones.
    Big { radix: u32, digits: String, long: bool },
    Float(f64),
    Imag(f64),
    /// Text in UTF-8, surrogates allowed, pairs not joined.
    Str(Box<[u8]>),
    Bytes(Box<[u8]>),
    /// An interned native string (`str` of the language): names of variables, attributes, keywords.
    Name(Box<str>),
    Tuple(Box<[Const]>),
    FrozenSet(Box<[Const]>),
    Code(Arc<Image>),
}

/// While pc (word offset of an instruction) is in start..end, an exception goes to `target` with the exception in r[reg].
/// Inner entries stand before outer ones: the first that matches wins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Handler {
    pub start: u32,
    pub end: u32,
    pub target: u32,
    pub reg: u16,
}

/// (offset of the first instruction, source range), ascending; each holds until the next. An image that was stored reads them when somebody asks.
#[derive(Clone, Default)]
pub struct Spans {
    list: OnceLock<Vec<(u32, Span)>>,
    stored: Box<[u8]>,
}
impl Spans {
    pub(crate) fn stored(stored: &[u8]) -> Spans { Spans { list: OnceLock::new(), stored: stored.into() } }
}
impl From<Vec<(u32, Span)>> for Spans {
    fn from(list: Vec<(u32, Span)>) -> Spans { Spans { list: list.into(), stored: Box::default() } }
}
impl std::ops::Deref for Spans {
    type Target = [(u32, Span)];
    fn deref(&self) -> &[(u32, Span)] { self.list.get_or_init(|| crate::store::spans(&self.stored).unwrap_or_default()) }
}
impl PartialEq for Spans {
    fn eq(&self, other: &Spans) -> bool { **self == **other }
}
impl std::fmt::Debug for Spans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { (**self).fmt(f) }
}

pub mod code_flag {
    pub const OPTIMIZED: u32 = 1;
    pub const NEWLOCALS: u32 = 2;
    pub const VARARGS: u32 = 4;
    pub const VARKEYWORDS: u32 = 8;
    pub const NESTED: u32 = 16;
    pub const GENERATOR: u32 = 32;
    pub const NOFREE: u32 = 64;
    pub const COROUTINE: u32 = 128;
    pub const ITERABLE_COROUTINE: u32 = 256;
    pub const ASYNC_GENERATOR: u32 = 512;
    pub const FUTURE_DIVISION: u32 = 0x2000;
    pub const FUTURE_ABSOLUTE_IMPORT: u32 = 0x4000;
    pub const FUTURE_WITH: u32 = 0x8000;
    pub const FUTURE_PRINT_FUNCTION: u32 = 0x10000;
    pub const FUTURE_UNICODE_LITERALS: u32 = 0x20000;
    pub const FUTURE_ANNOTATIONS: u32 = 0x1000000;
    /// Ours: r[0] is the namespace (class bodies, `exec` and `eval` code, interactive input).
    pub const NAMESPACE: u32 = 1 << 30;
}

/// Registers of a function on entry: positional parameters, keyword-only parameters, `*args`, `**kwargs` (as in `co_varnames`),
/// then other locals, then temporaries. With [`code_flag::NAMESPACE`], r[0] holds the namespace and there are no parameters.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Image {
    pub name: String,
    pub qualname: String,
    pub filename: Arc<str>,
    pub first_line: u32,
    pub flags: u32,
    /// Positional parameters, positional-only ones included.
    pub argcount: u16,
    pub posonly: u16,
    pub kwonly: u16,
    /// Registers of the window, call windows of callees' headers and arguments included.
    pub nregs: u16,
    /// Names of the local registers 0..n (parameters first). A captured local's register holds its cell.
    pub varnames: Vec<String>,
    /// Registers (and names) that hold cells made here.
    pub cellvars: Vec<(String, u16)>,
    /// Names of the closure's cells, and the first register that COPYFREE puts them into.
    pub freevars: Vec<String>,
    pub free_reg: u16,
    pub code: Vec<u64>,
    pub consts: Vec<Const>,
    /// 2.7: the names of tuple parameters, as in `(a,(b,c))`, in order.
    pub tuples: Vec<String>,
    pub handlers: Vec<Handler>,
    pub spans: Spans,
    pub doc: Option<usize>,
    /// SyntaxWarnings of the whole text, lines and messages; only in its outermost image.
    pub warnings: Vec<(u32, String)>,
}
