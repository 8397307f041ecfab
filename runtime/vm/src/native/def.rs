//! Declarations of natives: functions, methods, properties, types and modules, as static tables.
//!
//! The guide stands in ARCHITECTURE.md. In short: a native is `fn(&mut Thread, Args) -> R<Value>`; its signature is one text, from
//! which name, argument checks, keyword binding and `__text_signature__` come.

use super::args::Args;
use crate::thread::Thread;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use txpy_heap::{Gc, R, Value};

pub type NativeFn = fn(&mut Thread, Args) -> R<Value>;

/// In which language a table entry exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lang {
    Both,
    Py2,
    Py3,
}

/// What a native may do; the JIT and transactions rely on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effects {
    /// Reads its arguments only.
    Pure,
    /// May allocate, nothing else.
    Alloc,
    /// May run Python code (the default).
    Any,
    /// Input or output that can't be undone.
    Io,
    /// May wait for another thread.
    Blocks,
}

/// How a function found in a class binds to an instance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Binding {
    /// The first parameter is the instance.
    Method,
    /// The first parameter is the class.
    Class,
    Static,
}

/// One native function or method.
pub struct NativeDef {
    /// `name(self, a, b=0, /, c=None, *args, key, **kw)`: Python's own notation. A default is documentation: the native sees UNSET.
    pub sig: &'static str,
    pub func: NativeFn,
    pub doc: &'static str,
    pub effects: Effects,
    pub lang: Lang,
    pub binding: Binding,
    /// Derived from `sig`.
    pub shape: SigShape,
}

/// What a call must know of a signature, computed at compile time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigShape {
    /// Length of the name in `sig`.
    pub name: u16,
    /// Positional parameters without default.
    pub min: u16,
    /// Positional parameters.
    pub max: u16,
    /// Parameters in all, without `*args` and `**kw`.
    pub params: u16,
    /// Positional-only parameters.
    pub posonly: u16,
    /// All calls take the slow path: there are keyword-only parameters without default, or it is gated.
    pub slow: bool,
    pub varargs: bool,
    pub varkw: bool,
    /// Its effects concern atomic blocks.
    pub gated: bool,
}

impl SigShape {
    pub const fn parse(sig: &str) -> SigShape {
        let s = sig.as_bytes();
        let mut out = SigShape { name: 0, min: 0, max: 0, params: 0, posonly: 0, slow: false, varargs: false, varkw: false, gated: false };
        let mut i = 0;
        while s[i] != b'(' {
            i += 1;
        }
        out.name = i as u16;
        i += 1;
        let mut kwonly = false;
        // A parameter runs to the next comma at depth 0, or to the closing parenthesis.
        while i < s.len() && s[i] != b')' {
            while s[i] == b' ' || s[i] == b',' {
                i += 1;
            }
            let start = i;
            let (mut depth, mut default, mut quote) = (0, false, 0u8);
            while !(depth == 0 && quote == 0 && (s[i] == b',' || s[i] == b')')) {
                match s[i] {
                    c if quote != 0 => if c == quote { quote = 0 },
                    b'\'' | b'"' => quote = s[i],
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth -= 1,
                    b'=' => default = true,
                    _ => {}
                }
                i += 1;
            }
            if i == start {
                continue;
            }
            match s[start] {
                b'/' => out.posonly = out.max,
                b'*' if s[start + 1] == b'*' => out.varkw = true,
                b'*' => {
                    kwonly = true;
                    out.varargs = i - start > 1;
                }
                _ if kwonly => {
                    out.params += 1;
                    out.slow |= !default;
                }
                _ => {
                    out.params += 1;
                    out.max += 1;
                    if !default {
                        out.min = out.max;
                    }
                }
            }
        }
        out
    }
}

impl NativeDef {
    pub const fn new(sig: &'static str, func: NativeFn, doc: &'static str) -> NativeDef {
        NativeDef { sig, func, doc, effects: Effects::Any, lang: Lang::Both, binding: Binding::Method, shape: SigShape::parse(sig) }
    }
    pub fn name(&self) -> &'static str { &self.sig[..self.shape.name as usize] }
    /// The parameters' names in order, `*args` and `**kw` left out.
    pub fn params(&self) -> impl Iterator<Item = &'static str> {
        self.param_texts().filter(|p| !p.starts_with('*') && *p != "/").map(|p| p.split('=').next().unwrap_or(p).trim())
    }
    /// The parameters as written.
    pub fn param_texts(&self) -> impl Iterator<Item = &'static str> {
        let inner = &self.sig[self.shape.name as usize + 1..self.sig.len() - 1];
        let mut rest = inner;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches([' ', ',']);
            if rest.is_empty() {
                return None;
            }
            let (mut depth, mut quote, mut end) = (0, '\0', rest.len());
            for (i, c) in rest.char_indices() {
                match c {
                    c if quote != '\0' => if c == quote { quote = '\0' },
                    '\'' | '"' => quote = c,
                    '(' | '[' | '{' => depth += 1,
                    ')' | ']' | '}' => depth -= 1,
                    ',' if depth == 0 => {
                        end = i;
                        break;
                    }
                    _ => {}
                }
            }
            let (p, r) = rest.split_at(end);
            rest = r;
            Some(p.trim())
        })
    }
}

/// A computed attribute of a native type.
pub struct GetSetDef {
    pub name: &'static str,
    pub get: fn(&mut Thread, Value) -> R<Value>,
    /// None: read-only. The new value is UNSET for `del`.
    pub set: Option<fn(&mut Thread, Value, Value) -> R<()>>,
    pub doc: &'static str,
    pub lang: Lang,
}

pub mod type_flag {
    /// May be subclassed by Python classes.
    pub const BASE: u32 = 1;
    /// Instances have an instance dictionary (slots or overflow).
    pub const DICT: u32 = 2;
    /// Instances may be referenced weakly.
    pub const WEAK: u32 = 4;
    /// Made by a class statement: mutable.
    pub const HEAP: u32 = 8;
    /// Calling the type raises TypeError: cannot create 'x' instances.
    pub const NO_NEW: u32 = 16;
    /// Matches sequence / mapping patterns.
    pub const SEQUENCE: u32 = 32;
    pub const MAPPING: u32 = 64;
    /// Match class pattern binds the instance itself to one positional pattern.
    pub const MATCH_SELF: u32 = 128;
    pub const EXCEPTION: u32 = 256;
    /// Exists in 2.7 / in 3 only.
    pub const PY2: u32 = 512;
    pub const PY3: u32 = 1024;
    pub const ABSTRACT: u32 = 2048;
}

/// A native type, declared once as a `static`.
pub struct TypeDef {
    pub name: &'static str,
    /// Name in 2.7 where it differs (`unicode`), or "".
    pub name2: &'static str,
    /// "" for the builtins module of the language.
    pub module: &'static str,
    pub doc: &'static str,
    pub base: Option<&'static TypeDef>,
    /// Layout of instances.
    pub kind: u16,
    /// Size of header and fixed payload, 0 for variable-size layouts.
    pub size: u16,
    pub flags: u32,
    pub methods: &'static [&'static [NativeDef]],
    pub getset: &'static [GetSetDef],
    /// The type object and its root shape, once made.
    pub cell: AtomicU64,
    pub shape: AtomicU32,
}

impl TypeDef {
    /// Defaults for a declaration: `TypeDef { name: "deque", ..., ..TypeDef::DEFAULT }`.
    #[allow(clippy::declare_interior_mutable_const)] // a template for statics, copied by value
    pub const DEFAULT: TypeDef = TypeDef {
        name: "", name2: "", module: "", doc: "", base: None, kind: 0, size: 0, flags: 0, methods: &[], getset: &[],
        cell: AtomicU64::new(0), shape: AtomicU32::new(0),
    };
    /// The type object. Panics if the type was not yet made.
    #[inline(always)]
    pub fn ty(&self) -> Gc<crate::types::type_::Type> {
        Value(self.cell.load(Relaxed)).cast().expect(self.name)
    }
    #[inline(always)]
    pub fn value(&self) -> Value { Value(self.cell.load(Relaxed)) }
    #[inline(always)]
    pub fn shape(&self) -> u32 { self.shape.load(Relaxed) }
    /// Whether `v` is an instance of exactly this type.
    #[inline(always)]
    pub fn is_exact(&self, v: Value) -> bool { v.header().is_some_and(|h| h.shape_id() == self.shape()) }
}

/// A native module.
pub struct ModuleDef {
    pub name: &'static str,
    pub doc: &'static str,
    pub functions: &'static [NativeDef],
    pub types: &'static [&'static TypeDef],
    /// Fills in constants and whatever else needs code.
    pub init: Option<fn(&mut Thread, Gc<crate::types::module::Module>) -> R<()>>,
    pub lang: Lang,
}
impl ModuleDef {
    pub const DEFAULT: ModuleDef = ModuleDef { name: "", doc: "", functions: &[], types: &[], init: None, lang: Lang::Both };
}

/// A table of natives:
///
/// ```ignore
/// pub static METHODS: &[NativeDef] = natives! {
///     "append(self, object, /)" = append, "Append object to the end of the list.";
///     #[pure] "__len__(self, /)" = len, "Return len(self).";
///     #[class] "fromkeys(type, iterable, value=None, /)" = fromkeys, "...";
///     #[py2] "has_key(self, key, /)" = has_key, "...";
/// };
/// ```
/// Marks: `pure`, `alloc`, `io`, `blocks`; `py2`, `py3`; `class`, `static`.
#[macro_export]
macro_rules! natives {
    ($($(#[$($mark:ident),*])? $sig:literal = $f:expr, $doc:expr;)*) => {
        &[$({
            #[allow(unused_mut)]
            let mut d = $crate::native::NativeDef::new($sig, $f, $doc);
            $($($crate::natives!(@ d $mark);)*)?
            d
        }),*]
    };
    (@ $d:ident pure) => { $d.effects = $crate::native::Effects::Pure; };
    (@ $d:ident alloc) => { $d.effects = $crate::native::Effects::Alloc; };
    (@ $d:ident io) => { $d.effects = $crate::native::Effects::Io; $d.shape.gated = true; $d.shape.slow = true; };
    (@ $d:ident blocks) => { $d.effects = $crate::native::Effects::Blocks; };
    (@ $d:ident py2) => { $d.lang = $crate::native::Lang::Py2; };
    (@ $d:ident py3) => { $d.lang = $crate::native::Lang::Py3; };
    (@ $d:ident class) => { $d.binding = $crate::native::Binding::Class; };
    (@ $d:ident static) => { $d.binding = $crate::native::Binding::Static; };
}

/// A table of computed attributes: `getset! { "real" = get_real, "doc"; "x" = get_x, set_x, "doc"; }`. Marks: `py2`, `py3`.
#[macro_export]
macro_rules! getset {
    ($($(#[$mark:ident])? $name:literal = $get:expr $(, mut $set:expr)?, $doc:literal;)*) => {
        &[$({
            #[allow(unused_mut)]
            let mut d = $crate::native::GetSetDef { name: $name, get: $get, set: None, doc: $doc, lang: $crate::native::Lang::Both };
            $(d.set = Some($set);)?
            $($crate::natives!(@ d $mark);)?
            d
        }),*]
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures() {
        let s = SigShape::parse("f(self, a, b=(1, 2), /, c=',)', *args, key, other=None, **kw)");
        assert_eq!(s, SigShape { name: 1, min: 2, max: 4, params: 6, posonly: 3, slow: true, varargs: true, varkw: true, gated: false });
        let s = SigShape::parse("now()");
        assert_eq!((s.name, s.min, s.max, s.params), (3, 0, 0, 0));
        let s = SigShape::parse("sort(self, *, key=None, reverse=False)");
        assert_eq!((s.min, s.max, s.params, s.varargs, s.slow), (1, 1, 3, false, false));
    }
}
