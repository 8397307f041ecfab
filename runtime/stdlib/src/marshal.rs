//! `marshal`: plain values as bytes, in the formats of 2.7 (versions 0 to 2) and 3 (up to 4). Code objects have no form that other
//! interpreters could read: they raise NotImplementedError.

use crate::api::*;
use txpy_vm::exceptions::EOF_ERROR;
use txpy_vm::native::buffer;
use txpy_vm::types::{complex, set};

pub static MODULE: ModuleDef = ModuleDef { name: "marshal", doc: "Values of Python as bytes.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[py2] "dumps(value, version=2, /)" = dumps, "Return the string that would be written to a file by dump(value, file).";
    #[py3] "dumps(value, version=4, /, *, allow_code=True)" = dumps, "Return the bytes object that would be written to a file by dump(value, file).";
    #[py2] "dump(value, file, version=2, /)" = dump, "Write the value on the open file.";
    #[py3] "dump(value, file, version=4, /, *, allow_code=True)" = dump, "Write the value on the open file.";
    #[py2] "loads(string, /)" = loads, "Convert the string to a value.";
    #[py3] "loads(bytes, /, *, allow_code=True)" = loads, "Convert the bytes-like object to a value.";
    #[py2] "load(file, /)" = load, "Read one value from the open file and return it.";
    #[py3] "load(file, /, *, allow_code=True)" = load, "Read one value from the open file and return it.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> { module::set(th, m, "version", Value::int(if th.py3() { 4 } else { 2 })) }

const DEPTH: usize = 2000;
/// Bit of a type's byte: the object can be referred to later.
const REF: u8 = 0x80;

// ---- writing

struct Writer {
    out: Vec<u8>,
    version: i64,
    depth: usize,
}
fn written(th: &mut Thread, v: Value, version: Option<Value>) -> R<Vec<u8>> {
    let version = match version {
        Some(x) => int::arg_i64(th, x)?,
        None if th.py3() => 4,
        None => 2,
    };
    let mut w = Writer { out: Vec::new(), version, depth: 0 };
    w.value(th, v)?;
    Ok(w.out)
}
fn dumps(th: &mut Thread, a: Args) -> R<Value> {
    let out = written(th, a.get(0), a.opt(1))?;
    th.new_bytes(&out)
}
fn dump(th: &mut Thread, a: Args) -> R<Value> {
    let out = written(th, a.get(0), a.opt(2))?;
    let b = th.new_bytes(&out)?;
    th.call_method(a.get(1), "write", &[b])
}
impl Writer {
    fn bytes(&mut self, th: &mut Thread, code: u8, b: &[u8]) -> R<()> {
        if b.len() > i32::MAX as usize {
            return Err(th.value_error("unmarshallable object"));
        }
        if self.out.try_reserve(b.len() + 8).is_err() {
            return Err(th.memory_error());
        }
        self.out.push(code);
        self.out.extend_from_slice(&(b.len() as u32).to_le_bytes());
        self.out.extend_from_slice(b);
        Ok(())
    }
    fn head(&mut self, code: u8, n: usize) {
        self.out.push(code);
        self.out.extend_from_slice(&(n as u32).to_le_bytes());
    }
    fn float(&mut self, th: &mut Thread, f: f64) -> R<()> {
        if self.version > 1 {
            self.out.extend_from_slice(&f.to_le_bytes());
            return Ok(());
        }
        let v = float::new(th, f)?;
        let s = repr_text(th, v)?;
        self.out.push(s.len() as u8);
        self.out.extend_from_slice(s.as_bytes());
        Ok(())
    }
    fn value(&mut self, th: &mut Thread, v: Value) -> R<()> {
        th.poll()?;
        th.check_stack()?;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(th.value_error("object too deeply nested to marshal"));
        }
        self.plain(th, v)?;
        self.depth -= 1;
        Ok(())
    }
    fn plain(&mut self, th: &mut Thread, v: Value) -> R<()> {
        let py3 = th.py3();
        if v.is_none() {
            self.out.push(b'N');
        } else if v == Value::TRUE {
            self.out.push(b'T');
        } else if v == Value::FALSE {
            self.out.push(b'F');
        } else if v == STOP_ITERATION.value() {
            self.out.push(b'S');
        } else if v == Value::ELLIPSIS {
            self.out.push(b'.');
        } else if let Some(n) = int::exact(v) {
            let long = int::is_long(v);
            match n.i64().filter(|_| !long) {
                Some(i) if i32::try_from(i).is_ok() => {
                    self.out.push(b'i');
                    self.out.extend_from_slice(&(i as i32).to_le_bytes());
                }
                Some(i) if !py3 => {
                    self.out.push(b'I');
                    self.out.extend_from_slice(&i.to_le_bytes());
                }
                _ => {
                    // Digits of 15 bits; the sign is that of their number.
                    let big = n.big();
                    let bits = big.magnitude().bits();
                    let digits = bits.div_ceil(15) as usize;
                    let le = big.magnitude().to_bytes_le();
                    let count = digits as i32;
                    self.out.push(b'l');
                    self.out.extend_from_slice(&(if n.is_negative() { -count } else { count }).to_le_bytes());
                    for d in 0..digits {
                        let bit = d * 15;
                        let at = |i: usize| u32::from(le.get(i).copied().unwrap_or(0));
                        let w = at(bit / 8) | at(bit / 8 + 1) << 8 | at(bit / 8 + 2) << 16;
                        self.out.extend_from_slice(&(((w >> (bit % 8)) & 0x7FFF) as u16).to_le_bytes());
                    }
                }
            }
        } else if let Some(f) = float::exact(v) {
            self.out.push(if self.version > 1 { b'g' } else { b'f' });
            self.float(th, f)?;
        } else if let Some((re, im)) = complex::parts(v).filter(|_| complex::COMPLEX.is_exact(v)) {
            self.out.push(if self.version > 1 { b'y' } else { b'x' });
            self.float(th, re)?;
            self.float(th, im)?;
        } else if text::BYTES.is_exact(v) {
            self.bytes(th, b's', text::bytes_of(v).unwrap_or(&[]))?;
        } else if text::STR.is_exact(v) {
            let b = text::bytes_of(v).unwrap_or(&[]);
            if py3 && self.version >= 4 && b.is_ascii() {
                if b.len() < 256 {
                    self.out.extend([b'z', b.len() as u8]);
                    self.out.extend_from_slice(b);
                } else {
                    self.bytes(th, b'a', b)?;
                }
            } else {
                self.bytes(th, b'u', b)?;
            }
        } else if tuple::TUPLE.is_exact(v) {
            let items = tuple::items(v).unwrap_or(&[]);
            if py3 && self.version >= 4 && items.len() < 256 {
                self.out.extend([b')', items.len() as u8]);
            } else {
                self.head(b'(', items.len());
            }
            for x in items {
                self.value(th, *x)?;
            }
        } else if list::LIST.is_exact(v) {
            let items = list::snapshot(th, this(v))?;
            let items = items.frozen().items();
            self.head(b'[', items.len());
            for x in items {
                self.value(th, *x)?;
            }
        } else if dict::DICT.is_exact(v) {
            self.out.push(b'{');
            let mut at = 0;
            while let Some((k, x)) = dict::next(th, this(v), &mut at)? {
                self.value(th, k)?;
                self.value(th, x)?;
            }
            self.out.push(b'0');
        } else if set::SET.is_exact(v) || set::FROZENSET.is_exact(v) {
            let l = iter::to_vec(th, v)?;
            let n = l.len(th)?;
            self.head(if set::SET.is_exact(v) { b'<' } else { b'>' }, n);
            for i in 0..n {
                let x = l.get(th, i)?;
                self.value(th, x)?;
            }
        } else if v.is::<txpy_vm::types::code::Code>() {
            return Err(th.not_implemented("marshal: code objects have no portable byte form"));
        } else if buffer::is_bytes_like(th, v) {
            let s = buffer::snapshot(th, v)?;
            self.bytes(th, b's', text::bytes_of(s).unwrap_or(&[]))?;
        } else {
            return Err(th.value_error("unmarshallable object"));
        }
        Ok(())
    }
}

// ---- reading

struct Reader {
    /// The bytes, or the file.
    from: Value,
    /// Place in the bytes; None for a file.
    at: Option<usize>,
    refs: RootedVec,
    /// 2.7's interned strings.
    strings: RootedVec,
    depth: usize,
}
fn loads(th: &mut Thread, a: Args) -> R<Value> {
    if text::is_text(a.get(0)) && th.py3() {
        return Err(buffer::required(th, a.get(0)));
    }
    let b = buffer::snapshot(th, a.get(0))?;
    read(th, b, Some(0))
}
fn load(th: &mut Thread, a: Args) -> R<Value> {
    if attr::get_str_opt(th, a.get(0), "read")?.is_none() {
        return Err(th.type_error("marshal.load() arg must be file"));
    }
    read(th, a.get(0), None)
}
fn read(th: &mut Thread, from: Value, at: Option<usize>) -> R<Value> {
    let (refs, strings) = (RootedVec::new(th)?, RootedVec::new(th)?);
    let mut r = Reader { from, at, refs, strings, depth: 0 };
    match r.value(th)? {
        Some(v) => Ok(v),
        None => Err(th.type_error("NULL object in marshal data for object")),
    }
}
fn bad(th: &mut Thread, what: &str) -> Unwind { th.value_error(format!("bad marshal data ({what})")) }
impl Reader {
    fn take(&mut self, th: &mut Thread, n: usize) -> R<Value> {
        let short = |th: &mut Thread| Err(th.raise(&EOF_ERROR, if th.py3() { "marshal data too short" } else { "EOF read where object expected" }));
        match self.at {
            Some(at) => {
                let b = text::bytes_of(self.from).unwrap_or(&[]);
                let Some(part) = at.checked_add(n).and_then(|to| b.get(at..to)) else { return short(th) };
                self.at = Some(at + n);
                th.new_bytes(part)
            }
            None => {
                let v = th.call_method(self.from, "read", &[Value::int(n as i64)])?;
                if !text::is_bytes(v) {
                    let got = class_name(v);
                    return Err(th.type_error(format!("file.read() returned not bytes but {got}")));
                }
                if text::len_of(v) != n { short(th) } else { Ok(v) }
            }
        }
    }
    fn array<const N: usize>(&mut self, th: &mut Thread) -> R<[u8; N]> {
        if let Some(at) = self.at {
            let b = text::bytes_of(self.from).unwrap_or(&[]);
            if let Some(part) = b.get(at..at + N).and_then(|p| p.try_into().ok()) {
                self.at = Some(at + N);
                return Ok(part);
            }
        }
        let v = self.take(th, N)?;
        Ok(text::bytes_of(v).and_then(|b| b.try_into().ok()).unwrap_or([0; N]))
    }
    fn byte(&mut self, th: &mut Thread) -> R<u8> { Ok(self.array::<1>(th)?[0]) }
    fn size(&mut self, th: &mut Thread, what: &str) -> R<usize> {
        let n = i32::from_le_bytes(self.array(th)?);
        if n < 0 { Err(bad(th, &format!("{what} size out of range"))) } else { Ok(n as usize) }
    }
    fn float(&mut self, th: &mut Thread, binary: bool) -> R<f64> {
        if binary {
            return Ok(f64::from_le_bytes(self.array(th)?));
        }
        let n = self.byte(th)?;
        let v = self.take(th, n as usize)?;
        match text::str_of(v).and_then(|s| s.parse().ok()) {
            Some(f) => Ok(f),
            None => Err(bad(th, "float")),
        }
    }
    fn decoded(&mut self, th: &mut Thread, n: usize) -> R<Value> {
        let b = self.take(th, n)?;
        txpy_vm::types::codec::decode(th, b, "utf-8", if th.py3() { "surrogatepass" } else { "strict" })
    }
    fn item(&mut self, th: &mut Thread, what: &str) -> R<Value> {
        match self.value(th)? {
            Some(v) => Ok(v),
            None => Err(th.type_error(format!("NULL object in marshal data for {what}"))),
        }
    }
    /// The items of a list of known length.
    fn items(&mut self, th: &mut Thread, n: usize, what: &str) -> R<RootedVec> {
        let out = RootedVec::new(th)?;
        for _ in 0..n {
            let v = self.item(th, what)?;
            out.push(th, v)?;
        }
        Ok(out)
    }
    /// One value; None for the mark that ends a dict.
    fn value(&mut self, th: &mut Thread) -> R<Option<Value>> {
        th.poll()?;
        th.check_stack()?;
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(th.value_error("recursion limit exceeded"));
        }
        let head = match self.byte(th) {
            Ok(b) => b,
            Err(e) => {
                if th.catch(&EOF_ERROR).is_some() {
                    return Err(th.raise(&EOF_ERROR, "EOF read where object expected"));
                }
                return Err(e);
            }
        };
        let (code, shared) = if th.py3() { (head & !REF, head & REF != 0) } else { (head, false) };
        // A container takes its number before its items take theirs.
        let slot = if shared && code != b'r' {
            self.refs.push(th, Value::NONE)?;
            Some(self.refs.len(th)? - 1)
        } else {
            None
        };
        let v = match code {
            b'0' => {
                self.depth -= 1;
                return Ok(None);
            }
            b'N' => Value::NONE,
            b'T' => Value::TRUE,
            b'F' => Value::FALSE,
            b'S' => STOP_ITERATION.value(),
            b'.' => Value::ELLIPSIS,
            b'i' => Value::int(i32::from_le_bytes(self.array(th)?).into()),
            b'I' => {
                let n = i64::from_le_bytes(self.array(th)?);
                int::from_i64(th, n)?
            }
            b'l' => {
                let n = i32::from_le_bytes(self.array(th)?);
                let count = n.unsigned_abs() as usize;
                let raw = self.take(th, count * 2)?;
                let mut bits: Vec<u32> = Vec::new();
                if bits.try_reserve(count / 2 + 2).is_err() {
                    return Err(th.memory_error());
                }
                let (mut acc, mut have, mut last) = (0u64, 0, 1u16);
                for p in text::bytes_of(raw).unwrap_or(&[]).chunks_exact(2) {
                    last = u16::from_le_bytes([p[0], p[1]]);
                    if last > 0x7FFF {
                        return Err(bad(th, "digit out of range in long"));
                    }
                    acc |= u64::from(last) << have;
                    have += 15;
                    if have >= 32 {
                        bits.push(acc as u32);
                        acc >>= 32;
                        have -= 32;
                    }
                }
                if last == 0 {
                    return Err(bad(th, "unnormalized long data"));
                }
                bits.push(acc as u32);
                let sign = if n < 0 { num_bigint::Sign::Minus } else { num_bigint::Sign::Plus };
                let big = num_bigint::BigInt::from_slice(sign, &bits);
                int::make_big(th, &big, !th.py3())?
            }
            b'f' | b'g' => {
                let f = self.float(th, code == b'g')?;
                float::new(th, f)?
            }
            b'x' | b'y' => {
                let re = self.float(th, code == b'y')?;
                let im = self.float(th, code == b'y')?;
                complex::new(th, re, im)?
            }
            b's' | b't' if code == b's' || !th.py3() => {
                let n = self.size(th, "bytes object")?;
                let v = self.take(th, n)?;
                if code == b't' {
                    self.strings.push(th, v)?;
                }
                v
            }
            b'R' if !th.py3() => {
                let n = self.size(th, "string ref")?;
                if n >= self.strings.len(th)? {
                    return Err(bad(th, "string ref out of range"));
                }
                self.strings.get(th, n)?
            }
            b'u' | b't' | b'a' | b'A' => {
                let n = self.size(th, "string")?;
                self.decoded(th, n)?
            }
            b'z' | b'Z' => {
                let n = self.byte(th)?;
                self.decoded(th, n as usize)?
            }
            b'(' | b')' => {
                let n = if code == b')' { self.byte(th)? as usize } else { self.size(th, "tuple")? };
                let v = self.items(th, n, "tuple")?;
                tuple_of(th, v)?
            }
            b'[' => {
                let n = self.size(th, "list")?;
                let l = list::with_capacity(th, 0)?;
                if let Some(s) = slot {
                    self.refs.set(th, s, l.value())?;
                }
                for _ in 0..n {
                    let v = self.item(th, "list")?;
                    list::append(th, l, v)?;
                }
                l.value()
            }
            b'{' => {
                let d = dict::new(th)?;
                if let Some(s) = slot {
                    self.refs.set(th, s, d.value())?;
                }
                while let Some(k) = self.value(th)? {
                    let Some(v) = self.value(th)? else { break };
                    dict::set(th, d, k, v)?;
                }
                d.value()
            }
            b'<' | b'>' => {
                let n = self.size(th, "set")?;
                let v = self.items(th, n, "set")?;
                let l = list_of(th, v)?;
                let class = if code == b'<' { set::SET.value() } else { set::FROZENSET.value() };
                th.call(class, &[l])?
            }
            b'r' if th.py3() => {
                let n = self.size(th, "invalid reference")?;
                if n >= self.refs.len(th)? {
                    return Err(bad(th, "invalid reference"));
                }
                self.refs.get(th, n)?
            }
            b'c' => return Err(th.not_implemented("marshal: code objects have no portable byte form")),
            _ => return Err(bad(th, "unknown type code")),
        };
        if let Some(s) = slot {
            self.refs.set(th, s, v)?;
        }
        self.depth -= 1;
        Ok(Some(v))
    }
}
