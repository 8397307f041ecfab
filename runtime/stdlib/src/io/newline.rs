//! Universal newlines: the translation itself, and `IncrementalNewlineDecoder`.

use crate::kinds_io;
use crate::support::{self, alloc};
use txpy_heap::{Header, object};
use txpy_vm::native::{GetSetDef, TypeDef, type_flag};
use txpy_vm::object;
use txpy_vm::types::{int, text, tuple};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

/// Kinds of line ends seen.
pub mod seen {
    pub const CR: u8 = 1;
    pub const LF: u8 = 2;
    pub const CRLF: u8 = 4;
}

/// State of a translation.
#[derive(Clone, Copy, Default)]
pub struct Newlines {
    /// A `\r` came last and is held back: what follows decides what it is.
    pub pending: bool,
    pub seen: u8,
}
impl txpy_heap::Trace for Newlines {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

impl Newlines {
    /// Notes the line ends of `s`, and turns all into `\n` if `translate`. None: `s` is to be taken as it is.
    pub fn feed(&mut self, s: &[u8], translate: bool, last: bool) -> Option<Vec<u8>> {
        if !self.pending && !s.contains(&b'\r') {
            if self.seen & seen::LF == 0 && s.contains(&b'\n') {
                self.seen |= seen::LF;
            }
            return None;
        }
        let mut out = Vec::with_capacity(s.len() + 1);
        let mut at = 0;
        let mut held = std::mem::take(&mut self.pending);
        loop {
            if held {
                held = false;
                match s.get(at) {
                    Some(b'\n') => {
                        self.seen |= seen::CRLF;
                        out.extend_from_slice(if translate { b"\n" } else { b"\r\n" });
                        at += 1;
                    }
                    None if !last => {
                        self.pending = true;
                        break;
                    }
                    _ => {
                        self.seen |= seen::CR;
                        out.push(if translate { b'\n' } else { b'\r' });
                    }
                }
            }
            let Some(c) = s.get(at) else { break };
            at += 1;
            match c {
                b'\r' => held = true,
                b'\n' => {
                    self.seen |= seen::LF;
                    out.push(b'\n');
                }
                c => out.push(*c),
            }
        }
        Some(out)
    }
    /// `newlines`: None, a text, or a tuple of texts.
    pub fn value(self, th: &mut Thread) -> R<Value> {
        let mut items = [Value::NONE; 3];
        let mut n = 0;
        for (bit, s) in [(seen::CR, "\r"), (seen::LF, "\n"), (seen::CRLF, "\r\n")] {
            if self.seen & bit != 0 {
                items[n] = if th.py3() { th.new_str(s)? } else { th.new_str(s)? };
                n += 1;
            }
        }
        match n {
            0 => Ok(Value::NONE),
            1 => Ok(items[0]),
            _ => th.new_tuple(&items[..n]),
        }
    }
}

object! {
    pub struct NewlineDecoder = kinds_io::NEWLINE_DECODER { decoder: Value, translate: bool, state: Newlines }
}
pub static DECODER: TypeDef = TypeDef {
    name: "IncrementalNewlineDecoder", module: "_io", kind: kinds_io::NEWLINE_DECODER, size: size_of::<NewlineDecoder>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], getset: GETSET, doc: "Decoder that translates line ends.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a decoder.";
    "__init__(self, decoder, translate, errors='strict')" = init, "Initialize self.";
    "decode(self, input, final=False)" = decode, "Decode and translate.";
    "getstate(self, /)" = getstate, "State of the decoder.";
    "setstate(self, state, /)" = setstate, "Set the state.";
    "reset(self, /)" = reset, "Start over.";
};
static GETSET: &[GetSetDef] = getset! { "newlines" = newlines, "Line ends seen so far."; };
fn this(v: Value) -> Gc<NewlineDecoder> { v.cast().expect("checked by the call") }
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &DECODER, a.get(0))?;
    Ok(alloc(th, class, false, NewlineDecoder { header: Header::NEW, decoder: Value::NONE, translate: false, state: Newlines::default() })?.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let t = object::is_true(th, a.get(2))?;
    let mut g = this(a.get(0)).write(th)?;
    (g.decoder, g.translate, g.state) = (a.get(1), t, Newlines::default());
    Ok(Value::NONE)
}
fn decode(th: &mut Thread, a: Args) -> R<Value> {
    let d = this(a.get(0));
    let last = match a.opt(2) {
        Some(f) => object::is_true(th, f)?,
        None => false,
    };
    let inner = d.read(th)?.decoder;
    let s = if inner.is_none() { a.get(1) } else { th.call_method(inner, "decode", &[a.get(1), Value::from_bool(last)])? };
    let Some(b) = text::bytes_of(s).filter(|_| text::is_text(s)) else {
        let got = object::class_name(s);
        return Err(th.type_error(format!("decoder should return a string result, not '{got}'")));
    };
    let mut g = d.write(th)?;
    let translate = g.translate;
    let out = g.state.feed(b, translate, last);
    drop(g);
    match out {
        None => Ok(s),
        Some(o) => text::new_str(th, &o),
    }
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a.get(0)).read(th)?;
    let (inner, pending) = (g.decoder, g.state.pending as i64);
    drop(g);
    let (b, flag) = if inner.is_none() {
        (th.new_bytes(b"")?, 0)
    } else {
        let st = th.call_method(inner, "getstate", &[])?;
        match tuple::items(st) {
            Some([b, f]) => (*b, int::arg_i64(th, *f)?),
            _ => return Err(th.type_error("illegal decoder state")),
        }
    };
    let f = support::int(th, flag << 1 | pending)?;
    th.new_tuple(&[b, f])
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let Some([b, f]) = tuple::items(a.get(1)) else { return Err(th.type_error("state argument must be a tuple")) };
    let f = int::arg_i64(th, *f)?;
    let mut g = this(a.get(0)).write(th)?;
    g.state.pending = f & 1 != 0;
    let inner = g.decoder;
    drop(g);
    if !inner.is_none() {
        let st = support::int(th, f >> 1)?;
        let st = th.new_tuple(&[*b, st])?;
        th.call_method(inner, "setstate", &[st])?;
    }
    Ok(Value::NONE)
}
fn reset(th: &mut Thread, a: Args) -> R<Value> {
    let mut g = this(a.get(0)).write(th)?;
    g.state = Newlines::default();
    let inner = g.decoder;
    drop(g);
    if !inner.is_none() {
        th.call_method(inner, "reset", &[])?;
    }
    Ok(Value::NONE)
}
fn newlines(th: &mut Thread, v: Value) -> R<Value> {
    let s = this(v).read(th)?.state;
    s.value(th)
}
