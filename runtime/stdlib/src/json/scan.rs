//! `_json`: the scanner.

use crate::api::*;
use crate::kinds_io;
use txpy_vm::exceptions::RECURSION_ERROR;

object! {
    pub struct Scanner = kinds_io::JSON_SCANNER {
        strict: bool,
        object_hook: Value,
        pairs_hook: Value,
        parse_float: Value,
        parse_int: Value,
        parse_constant: Value,
    }
}
pub static SCANNER: TypeDef = TypeDef {
    name: "Scanner", module: "_json", kind: kinds_io::JSON_SCANNER, size: size_of::<Scanner>() as u16, flags: type_flag::BASE, methods: &[METHODS], doc: "JSON scanner object", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, context)" = new, "Create and return a new object.";
    "__call__(self, string, idx)" = call, "Read one value; gives it and the index after it.";
};
fn new(th: &mut Thread, a: Args) -> R<Value> {
    let c = a.get(1);
    let strict = attr::get_str(th, c, "strict")?;
    let strict = is_true(th, strict)?;
    let mut v = [Value::NONE; 5];
    for (v, name) in v.iter_mut().zip(["object_hook", "object_pairs_hook", "parse_float", "parse_int", "parse_constant"]) {
        *v = attr::get_str(th, c, name)?;
    }
    let s = Scanner { header: Header::NEW, strict, object_hook: v[0], pairs_hook: v[1], parse_float: v[2], parse_int: v[3], parse_constant: v[4] };
    Ok(instance::alloc_like(th, a.get(0), |_| s)?.value())
}

/// A text being read. Positions are byte offsets; scripts see numbers of characters.
struct Scan<'a> {
    b: &'a [u8],
    doc: Value,
    strict: bool,
    object_hook: Value,
    pairs_hook: Value,
    /// UNSET where it is the builtin class.
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
    /// Keys seen: equal ones become one object.
    keys: Gc<Dict>,
    values: usize,
    depth: usize,
}
/// Number of characters before a byte offset.
fn index_of(th: &mut Thread, doc: Value, at: usize) -> R<usize> {
    match doc.cast::<text::Str>().filter(|s| !s.frozen().is_ascii()) {
        Some(s) => text::char_of(th, s, at),
        None => Ok(at),
    }
}
fn failure(th: &mut Thread, doc: Value, at: usize, msg: &str) -> Unwind {
    let make = |th: &mut Thread| -> R<Value> {
        let i = index_of(th, doc, at)?;
        let m = txpy_vm::import::import_name(th, "json")?;
        let d = attr::get_str(th, m, "decoder")?;
        let msg = th.native_str(msg)?;
        if th.py3() {
            let class = attr::get_str(th, d, "JSONDecodeError")?;
            return th.call(class, &[msg, doc, Value::int(i as i64)]);
        }
        let text = th.call_method(d, "errmsg", &[msg, doc, Value::int(i as i64)])?;
        th.call(VALUE_ERROR.value(), &[text])
    };
    match make(th) {
        Ok(e) => th.raise_value(e),
        Err(u) => u,
    }
}
fn stop(th: &mut Thread, doc: Value, at: usize) -> Unwind {
    match index_of(th, doc, at) {
        Ok(i) => th.raise_with(&STOP_ITERATION, &[Value::int(i as i64)]),
        Err(u) => u,
    }
}
fn call(th: &mut Thread, a: Args) -> R<Value> {
    let doc = a.get(1);
    let ascii = text::bytes_of(doc).is_some_and(<[u8]>::is_ascii);
    if !text::is_text(doc) && (th.py3() || !ascii) {
        let got = class_name(doc);
        return Err(th.type_error(format!("first argument must be a string, not {got}")));
    }
    let idx = txpy_vm::types::sequence::ssize(th, a.get(2))?;
    if idx < 0 {
        return Err(th.value_error("idx cannot be negative"));
    }
    let g = this::<Scanner>(a.get(0)).read(th)?;
    let (strict, object_hook, pairs_hook, pf, pi, pc) = (g.strict, g.object_hook, g.pairs_hook, g.parse_float, g.parse_int, g.parse_constant);
    drop(g);
    let builtin = |v: Value, t: &'static TypeDef| if v == t.value() { Value::UNSET } else { v };
    let b = text::bytes_of(doc).unwrap_or(&[]);
    let at = match doc.cast::<text::Str>().filter(|_| !ascii) {
        Some(s) if (idx as usize) <= text::len_of(doc) => text::offset_of(th, s, idx as usize)?,
        _ => idx as usize,
    };
    if at > b.len() || idx as usize > text::len_of(doc) {
        return Err(th.raise_with(&STOP_ITERATION, &[Value::int(idx)]));
    }
    let keys = dict::new(th)?;
    let mut s = Scan { b, doc, strict, object_hook, pairs_hook, parse_float: builtin(pf, &float::FLOAT), parse_int: builtin(pi, &int::INT), parse_constant: pc, keys, values: 0, depth: 0 };
    let (v, end) = s.value(th, at)?;
    let end = index_of(th, doc, end)?;
    th.new_tuple(&[v, Value::int(end as i64)])
}

impl Scan<'_> {
    fn blank(&self, mut at: usize) -> usize {
        while matches!(self.b.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            at += 1;
        }
        at
    }
    fn fail<T>(&self, th: &mut Thread, at: usize, msg: &str) -> R<T> { Err(failure(th, self.doc, at, msg)) }
    fn value(&mut self, th: &mut Thread, at: usize) -> R<(Value, usize)> {
        self.values += 1;
        if self.values % 256 == 0 {
            th.poll()?;
        }
        let rest = &self.b[at.min(self.b.len())..];
        let Some(c) = rest.first() else { return Err(stop(th, self.doc, at)) };
        match c {
            b'"' => string(th, self.b, self.doc, at + 1, self.strict),
            b'{' | b'[' => {
                th.check_stack()?;
                self.depth += 1;
                if self.depth > if th.py3() { 10_000 } else { 990 } {
                    let (what, text) = (if *c == b'{' { "object" } else { "array" }, if text::is_text(self.doc) { "unicode" } else { "byte" });
                    let def: &'static txpy_vm::exceptions::ExcDef = if th.py3() { &RECURSION_ERROR } else { &RUNTIME_ERROR };
                    return Err(th.raise(def, format!("maximum recursion depth exceeded while decoding a JSON {what} from a {text} string")));
                }
                let r = if *c == b'{' { self.object(th, at + 1) } else { self.array(th, at + 1) };
                self.depth -= 1;
                r
            }
            b'n' if rest.starts_with(b"null") => Ok((Value::NONE, at + 4)),
            b't' if rest.starts_with(b"true") => Ok((Value::TRUE, at + 4)),
            b'f' if rest.starts_with(b"false") => Ok((Value::FALSE, at + 5)),
            b'N' if rest.starts_with(b"NaN") => self.constant(th, at, 3),
            b'I' if rest.starts_with(b"Infinity") => self.constant(th, at, 8),
            b'-' if rest.starts_with(b"-Infinity") => self.constant(th, at, 9),
            _ => self.number(th, at),
        }
    }
    fn constant(&mut self, th: &mut Thread, at: usize, n: usize) -> R<(Value, usize)> {
        let s = th.native_str_bytes(&self.b[at..at + n])?;
        let v = th.call(self.parse_constant, &[s])?;
        Ok((v, at + n))
    }
    fn number(&mut self, th: &mut Thread, start: usize) -> R<(Value, usize)> {
        let b = self.b;
        let digits = |mut i: usize| {
            while b.get(i).is_some_and(u8::is_ascii_digit) {
                i += 1;
            }
            i
        };
        let first = start + (b.get(start) == Some(&b'-')) as usize;
        let mut end = match b.get(first) {
            Some(b'0') => first + 1,
            Some(b'1'..=b'9') => digits(first),
            _ => return Err(stop(th, self.doc, start)),
        };
        let mut fl = false;
        if b.get(end) == Some(&b'.') && b.get(end + 1).is_some_and(u8::is_ascii_digit) {
            fl = true;
            end = digits(end + 1);
        }
        if matches!(b.get(end), Some(b'e' | b'E')) {
            let sign = matches!(b.get(end + 1), Some(b'+' | b'-')) as usize;
            if b.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
                fl = true;
                end = digits(end + 1 + sign);
            }
        }
        let word = &b[start..end];
        let hook = if fl { self.parse_float } else { self.parse_int };
        if hook.is_unset() {
            let s = std::str::from_utf8(word).unwrap_or("0");
            if fl {
                let v = float::new(th, s.parse().unwrap_or(0.0))?;
                return Ok((v, end));
            }
            if word.len() < 18 {
                return Ok((Value::int(s.parse().unwrap_or(0)), end));
            }
        }
        let s = th.native_str_bytes(word)?;
        let f = if hook.is_unset() { int::INT.value() } else { hook };
        let v = th.call(f, &[s])?;
        Ok((v, end))
    }
    fn array(&mut self, th: &mut Thread, at: usize) -> R<(Value, usize)> {
        let out = list::with_capacity(th, 0)?;
        let mut at = self.blank(at);
        if self.b.get(at) == Some(&b']') {
            return Ok((out.value(), at + 1));
        }
        loop {
            let (v, next) = self.value(th, at)?;
            list::append(th, out, v)?;
            let more;
            (more, at) = self.after_item(th, next, b']', "array")?;
            if !more {
                return Ok((out.value(), at));
            }
        }
    }
    /// What follows an item: whether another one does, and where that, or what follows the end, begins.
    fn after_item(&self, th: &mut Thread, at: usize, close: u8, what: &str) -> R<(bool, usize)> {
        let at = self.blank(at);
        match self.b.get(at) {
            Some(c) if *c == close => Ok((false, at + 1)),
            Some(b',') => {
                let next = self.blank(at + 1);
                if self.b.get(next) == Some(&close) && th.py3() {
                    return self.fail(th, at, &format!("Illegal trailing comma before end of {what}"));
                }
                Ok((true, next))
            }
            _ => self.fail(th, at, "Expecting ',' delimiter"),
        }
    }
    fn object(&mut self, th: &mut Thread, at: usize) -> R<(Value, usize)> {
        let pairs = if self.pairs_hook.is_none() { None } else { Some(list::with_capacity(th, 0)?) };
        let out = dict::new(th)?;
        let mut at = self.blank(at);
        let mut more = self.b.get(at) != Some(&b'}');
        if !more {
            at += 1;
        }
        while more {
            if self.b.get(at) != Some(&b'"') {
                return self.fail(th, at, "Expecting property name enclosed in double quotes");
            }
            let (k, next) = string(th, self.b, self.doc, at + 1, self.strict)?;
            let k = dict::set_default(th, self.keys, k, k)?;
            at = self.blank(next);
            if self.b.get(at) != Some(&b':') {
                return self.fail(th, at, "Expecting ':' delimiter");
            }
            at = self.blank(at + 1);
            let (v, next) = self.value(th, at)?;
            match pairs {
                Some(l) => {
                    let t = th.new_tuple(&[k, v])?;
                    list::append(th, l, t)?;
                }
                None => dict::set(th, out, k, v)?,
            }
            (more, at) = self.after_item(th, next, b'}', "object")?;
        }
        let v = match pairs {
            Some(l) => th.call(self.pairs_hook, &[l.value()])?,
            None if !self.object_hook.is_none() => th.call(self.object_hook, &[out.value()])?,
            None => out.value(),
        };
        Ok((v, at))
    }
}

/// Reads a string whose opening quote stands before `start`: a text, and the offset after the closing quote.
fn string(th: &mut Thread, b: &[u8], doc: Value, start: usize, strict: bool) -> R<(Value, usize)> {
    let begin = start.saturating_sub(1);
    let mut out: Vec<u8> = Vec::new();
    let mut at = start;
    loop {
        let from = at;
        while b.get(at).is_some_and(|c| *c != b'"' && *c != b'\\' && *c >= 0x20) {
            at += 1;
        }
        let Some(c) = b.get(at) else { return Err(failure(th, doc, begin, "Unterminated string starting at")) };
        if *c == b'"' && out.is_empty() {
            let v = text::new_str(th, &b[from..at])?;
            return Ok((v, at + 1));
        }
        if out.try_reserve(at - from + 8).is_err() {
            return Err(th.memory_error());
        }
        out.extend_from_slice(&b[from..at]);
        match c {
            b'"' => {
                let v = text::new_str(th, &out)?;
                return Ok((v, at + 1));
            }
            b'\\' => {
                let Some(e) = b.get(at + 1) else { return Err(failure(th, doc, begin, "Unterminated string starting at")) };
                let plain = match e {
                    b'"' | b'\\' | b'/' => *e,
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'u' => 0,
                    _ => return Err(failure(th, doc, at, "Invalid \\escape")),
                };
                if plain != 0 {
                    out.push(plain);
                    at += 2;
                    continue;
                }
                let four = |p: usize| b.get(p..p + 4).filter(|h| h.iter().all(u8::is_ascii_hexdigit)).and_then(|h| u32::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
                let Some(mut c) = four(at + 2) else {
                    return Err(failure(th, doc, at + 1, "Invalid \\uXXXX escape"));
                };
                at += 6;
                if (0xD800..0xDC00).contains(&c) && b.get(at..at + 2) == Some(b"\\u") {
                    if let Some(low) = four(at + 2).filter(|l| (0xDC00..0xE000).contains(l)) {
                        c = 0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00));
                        at += 6;
                    }
                }
                text::push_code_point(&mut out, c);
            }
            // Below a blank: only without `strict`.
            c if !strict => {
                out.push(*c);
                at += 1;
            }
            _ => return Err(failure(th, doc, at, "Invalid control character at")),
        }
    }
}
/// `scanstring(string, end, strict)`.
pub fn scanstring(th: &mut Thread, a: Args) -> R<Value> {
    let doc = a.get(0);
    if !text::is_text(doc) {
        let got = class_name(doc);
        return Err(th.type_error(format!("first argument must be a string, not {got}")));
    }
    let end = txpy_vm::types::sequence::ssize(th, a.get(1))?;
    let strict = match a.opt(2) {
        Some(v) => is_true(th, v)?,
        None => true,
    };
    if end < 0 || end as usize > text::len_of(doc) {
        return Err(th.value_error("end is out of bounds"));
    }
    let Some(s) = doc.cast::<text::Str>() else { return Ok(Value::NONE) };
    let at = if s.frozen().is_ascii() { end as usize } else { text::offset_of(th, s, end as usize)? };
    let (v, next) = string(th, text::bytes_of(doc).unwrap_or(&[]), doc, at, strict)?;
    let next = index_of(th, doc, next)?;
    th.new_tuple(&[v, Value::int(next as i64)])
}
