//! `_json`: the encoder.

use crate::api::*;
use crate::kinds_io;

object! {
    pub struct Encoder = kinds_io::JSON_ENCODER {
        /// Whether containers inside themselves are looked for.
        check: bool,
        default: Value,
        /// What writes strings; UNSET: the natives, by `ascii`.
        encoder: Value,
        ascii: bool,
        indent: Value,
        key_separator: Value,
        item_separator: Value,
        sort_keys: bool,
        skipkeys: bool,
        allow_nan: bool,
    }
}
pub static ENCODER: TypeDef = TypeDef {
    name: "Encoder", module: "_json", kind: kinds_io::JSON_ENCODER, size: size_of::<Encoder>() as u16, flags: type_flag::BASE, methods: &[METHODS], doc: "JSON encoder object", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)" = new, "Create and return a new object.";
    "__call__(self, obj, _current_indent_level)" = call, "The JSON text of an object, as a tuple of one string.";
};
fn new(th: &mut Thread, a: Args) -> R<Value> {
    let markers = a.get(1);
    if !markers.is_none() && !markers.is::<Dict>() {
        let got = class_name(markers);
        return Err(th.type_error(format!("make_encoder() argument 1 must be dict or None, not {got}")));
    }
    let m = txpy_vm::import::import_name(th, "_json")?;
    let mut encoder = a.get(3);
    let mut ascii = true;
    for (name, is) in [("encode_basestring_ascii", true), ("encode_basestring", false)] {
        if attr::get_str_opt(th, m, name)? == Some(encoder) {
            (encoder, ascii) = (Value::UNSET, is);
        }
    }
    // 2.7's package passes None for its own escaping.
    if encoder.is_none() {
        encoder = Value::UNSET;
    }
    for i in [5, 6] {
        if !text::is_string(th, a.get(i)) {
            let got = class_name(a.get(i));
            return Err(th.type_error(format!("make_encoder() argument {i} must be str, not {got}")));
        }
    }
    let (sort_keys, skipkeys, allow_nan) = (is_true(th, a.get(7))?, is_true(th, a.get(8))?, is_true(th, a.get(9))?);
    let e = Encoder { header: Header::NEW, check: !markers.is_none(), default: a.get(2), encoder, ascii, indent: a.get(4), key_separator: a.get(5), item_separator: a.get(6), sort_keys, skipkeys, allow_nan };
    Ok(instance::alloc_like(th, a.get(0), |_| e)?.value())
}

/// Appends a string with its quotes.
fn escape(out: &mut Vec<u8>, b: &[u8], ascii: bool) {
    out.push(b'"');
    let mut at = 0;
    while at < b.len() {
        let from = at;
        while at < b.len() && (0x20..0x7F).contains(&b[at]) && b[at] != b'"' && b[at] != b'\\' || at < b.len() && !ascii && b[at] >= 0x7F {
            at += 1;
        }
        out.extend_from_slice(&b[from..at]);
        let Some(c) = b.get(at) else { break };
        let short = match c {
            b'"' => b'"',
            b'\\' => b'\\',
            8 => b'b',
            12 => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => 0,
        };
        if short != 0 {
            out.extend([b'\\', short]);
            at += 1;
            continue;
        }
        let (c, n) = if *c < 0x80 { (*c as u32, 1) } else { text::decode_at(b, at) };
        at += n;
        let mut unit = |u: u32| {
            out.extend_from_slice(b"\\u");
            out.extend([12, 8, 4, 0].map(|s| b"0123456789abcdef"[(u >> s) as usize & 15]));
        };
        if c >= 0x10000 {
            unit(0xD800 + ((c - 0x10000) >> 10));
            unit(0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            unit(c);
        }
    }
    out.push(b'"');
}
pub fn basestring(th: &mut Thread, a: Args, ascii: bool) -> R<Value> {
    if !text::is_text(a.get(0)) {
        let got = class_name(a.get(0));
        return Err(th.type_error(format!("first argument must be a string, not {got}")));
    }
    let mut out = Vec::new();
    escape(&mut out, text::bytes_of(a.get(0)).unwrap_or(&[]), ascii);
    text::new_str(th, &out)
}

struct Run {
    out: Vec<u8>,
    /// Addresses of the containers that are open.
    open: Vec<u64>,
    check: bool,
    default: Value,
    encoder: Value,
    ascii: bool,
    indent: Value,
    key: Value,
    item: Value,
    sort_keys: bool,
    skipkeys: bool,
    allow_nan: bool,
}
fn call(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Encoder>(a.get(0)).read(th)?;
    let mut r = Run {
        out: Vec::new(), open: Vec::new(), check: g.check, default: g.default, encoder: g.encoder, ascii: g.ascii, indent: g.indent, key: g.key_separator, item: g.item_separator,
        sort_keys: g.sort_keys, skipkeys: g.skipkeys, allow_nan: g.allow_nan,
    };
    drop(g);
    let level = txpy_vm::types::sequence::ssize(th, a.get(2))?.max(0) as usize;
    r.value(th, a.get(1), level)?;
    let s = if th.py3() { text::new_str(th, &r.out)? } else { th.new_bytes(&r.out)? };
    th.new_tuple(&[s])
}
impl Run {
    fn put(&mut self, th: &mut Thread, b: &[u8]) -> R<()> {
        if self.out.try_reserve(b.len()).is_err() {
            return Err(th.memory_error());
        }
        self.out.extend_from_slice(b);
        Ok(())
    }
    fn put_value(&mut self, th: &mut Thread, v: Value) -> R<()> { self.put(th, text::bytes_of(v).unwrap_or(&[])) }
    fn string(&mut self, th: &mut Thread, v: Value) -> R<()> {
        let b = text::bytes_of(v).unwrap_or(&[]);
        if self.encoder.is_unset() && (text::is_text(v) || std::str::from_utf8(b).is_ok()) {
            if self.out.try_reserve(b.len() + 2).is_err() {
                return Err(th.memory_error());
            }
            escape(&mut self.out, b, self.ascii);
            return Ok(());
        }
        if self.encoder.is_unset() {
            // 2.7: a byte string that is no UTF-8 raises what its decoding raises.
            let t = txpy_vm::types::codec::decode(th, v, "utf-8", "strict")?;
            return self.string(th, t);
        }
        let s = th.call(self.encoder, &[v])?;
        if !text::is_string(th, s) {
            let got = class_name(s);
            return Err(th.type_error(format!("encoder() must return a string, not {got}")));
        }
        self.put_value(th, s)
    }
    fn float(&mut self, th: &mut Thread, f: f64) -> R<()> {
        let special = if f.is_nan() { "NaN" } else if f == f64::INFINITY { "Infinity" } else if f == f64::NEG_INFINITY { "-Infinity" } else { "" };
        if special.is_empty() {
            let v = float::new(th, f)?;
            let s = txpy_vm::object::repr::repr(th, v)?;
            return self.put_value(th, s);
        }
        if !self.allow_nan {
            let v = float::new(th, f)?;
            let shown = if th.py3() { format!(": {}", repr_text(th, v)?) } else { String::new() };
            return Err(th.value_error(format!("Out of range float values are not JSON compliant{shown}")));
        }
        self.put(th, special.as_bytes())
    }
    fn integer(&mut self, th: &mut Thread, v: Value) -> R<()> {
        if let Some(i) = v.as_int() {
            return self.put(th, i.to_string().as_bytes());
        }
        // The number itself, whatever a subclass shows.
        let plain = int::exact_value(th, v)?;
        let s = txpy_vm::object::repr::repr(th, plain)?;
        let b = text::bytes_of(s).unwrap_or(&[]);
        self.put(th, b.strip_suffix(b"L").unwrap_or(b))
    }
    fn line(&mut self, th: &mut Thread, level: usize) -> R<()> {
        self.put(th, b"\n")?;
        for _ in 0..level {
            self.put_value(th, self.indent)?;
        }
        Ok(())
    }
    fn enter(&mut self, th: &mut Thread, v: Value) -> R<()> {
        th.check_stack()?;
        if self.check {
            let id = address(v);
            if self.open.contains(&id) {
                return Err(th.value_error("Circular reference detected"));
            }
            self.open.push(id);
        }
        Ok(())
    }
    fn leave(&mut self) {
        if self.check {
            self.open.pop();
        }
    }
    fn simple(&mut self, th: &mut Thread, v: Value) -> R<bool> {
        if v.is_none() {
            self.put(th, b"null")?;
        } else if v == Value::TRUE {
            self.put(th, b"true")?;
        } else if v == Value::FALSE {
            self.put(th, b"false")?;
        } else if int::num(v).is_some() {
            self.integer(th, v)?;
        } else if let Some(f) = float::to_f64(v) {
            self.float(th, f)?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }
    fn value(&mut self, th: &mut Thread, v: Value, level: usize) -> R<()> {
        th.poll()?;
        if text::is_string(th, v) {
            return self.string(th, v);
        }
        if self.simple(th, v)? {
            return Ok(());
        }
        if v.is::<List>() || tuple::items(v).is_some() {
            return self.list(th, v, level);
        }
        if v.is::<Dict>() {
            return self.dict(th, v, level);
        }
        self.enter(th, v)?;
        let o = th.call(self.default, &[v])?;
        self.value(th, o, level)?;
        self.leave();
        Ok(())
    }
    fn list(&mut self, th: &mut Thread, v: Value, level: usize) -> R<()> {
        self.enter(th, v)?;
        self.put(th, b"[")?;
        let mut i = 0;
        loop {
            let x = match v.cast::<List>() {
                Some(l) => list::get(th, l, i)?,
                None => tuple::items(v).and_then(|t| t.get(i)).copied(),
            };
            let Some(x) = x else { break };
            if i > 0 {
                self.put_value(th, self.item)?;
            }
            if !self.indent.is_none() {
                self.line(th, level + 1)?;
            }
            self.value(th, x, level + 1)?;
            i += 1;
        }
        if i > 0 && !self.indent.is_none() {
            self.line(th, level)?;
        }
        self.leave();
        self.put(th, b"]")
    }
    fn dict(&mut self, th: &mut Thread, v: Value, level: usize) -> R<()> {
        self.enter(th, v)?;
        self.put(th, b"{")?;
        let items = if dict::DICT.is_exact(v) && !self.sort_keys { None } else {
            let i = th.call_method(v, "items", &[])?;
            let l = iter::to_list(th, i)?;
            if self.sort_keys {
                th.call_method(l.value(), "sort", &[])?;
            }
            Some(l)
        };
        let d: Gc<Dict> = this(v);
        let (mut at, mut i, mut first) = (0, 0, true);
        loop {
            let (k, x) = match items {
                Some(l) => {
                    let Some(t) = list::get(th, l, i)? else { break };
                    i += 1;
                    match tuple::items(t) {
                        Some(&[k, x]) => (k, x),
                        _ => return Err(th.value_error("items must return 2-tuples")),
                    }
                }
                None => match dict::next(th, d, &mut at)? {
                    Some(e) => e,
                    None => break,
                },
            };
            let simple = k.is_none() || int::num(k).is_some() || float::to_f64(k).is_some();
            if !simple && !text::is_string(th, k) {
                if self.skipkeys {
                    continue;
                }
                let got = class_name(k);
                return Err(th.type_error(if th.py3() { format!("keys must be str, int, float, bool or None, not {got}") } else { "keys must be a string".to_string() }));
            }
            if !first {
                self.put_value(th, self.item)?;
            }
            first = false;
            if !self.indent.is_none() {
                self.line(th, level + 1)?;
            }
            if simple {
                self.put(th, b"\"")?;
                self.simple(th, k)?;
                self.put(th, b"\"")?;
            } else {
                self.string(th, k)?;
            }
            self.put_value(th, self.key)?;
            self.value(th, x, level + 1)?;
        }
        if !first && !self.indent.is_none() {
            self.line(th, level)?;
        }
        self.leave();
        self.put(th, b"}")
    }
}
