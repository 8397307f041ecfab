//! The machine that runs a pickle's opcodes.

use super::names::library;
use super::unpickler::{Unpickler, find, no_persistent_load};
use super::{memo, op, unpickling_error};
use crate::api::*;
use txpy_vm::types::{bytearray, memoryview, set};

/// One `load`. Values in it are on the native stack.
pub struct Loader {
    pub stack: RootedVec,
    pub marks: Vec<usize>,
    pub memo: RootedVec,
    /// Bytes object that is being read, and how far.
    pub data: Value,
    pub at: usize,
    /// Each UNSET if there is none.
    pub read: Value,
    pub readline: Value,
    pub encoding: Value,
    pub errors: Value,
    pub buffers: Value,
    pub find: Value,
    pub persistent: Value,
    pub unpickler: Value,
    pub fix_imports: bool,
    pub proto: u8,
}

impl Loader {
    pub fn new(stack: RootedVec, memo: RootedVec, data: Value) -> Loader {
        let u = Value::UNSET;
        Loader {
            stack, marks: Vec::new(), memo, data, at: 0, read: u, readline: u, encoding: u, errors: u, buffers: u, find: u, persistent: u, unpickler: u,
            fix_imports: true, proto: 0
        }
    }

    // ---- input

    fn rest<'a>(&self) -> &'a [u8] { text::bytes_of(self.data).and_then(|b| b.get(self.at..)).unwrap_or(&[]) }
    /// Reads `n` bytes from the file into `data`.
    fn fill(&mut self, th: &mut Thread, n: usize) -> R<()> {
        let n = int::from_u64(th, n as u64)?;
        let b = th.call(self.read, &[n])?;
        self.take_over(th, b, "read() returned non-bytes object")
    }
    fn take_over(&mut self, th: &mut Thread, b: Value, wrong: &str) -> R<()> {
        if !text::is_bytes(b) {
            let got = class_name(b);
            return Err(th.value_error(format!("{wrong} ({got})")));
        }
        (self.data, self.at) = (b, 0);
        Ok(())
    }
    /// The next `n` bytes.
    fn take<'a>(&mut self, th: &mut Thread, n: usize) -> R<&'a [u8]> {
        if n > self.rest().len() && self.rest().is_empty() && !self.read.is_unset() && n <= i64::MAX as usize {
            self.fill(th, n)?;
        }
        match self.rest().get(..n) {
            Some(b) => {
                self.at += n;
                Ok(b)
            }
            None => Err(unpickling_error(th, "pickle data was truncated")),
        }
    }
    fn array<const N: usize>(&mut self, th: &mut Thread) -> R<[u8; N]> {
        let b = self.take(th, N)?;
        Ok(b.try_into().unwrap_or([0; N]))
    }
    fn size8(&mut self, th: &mut Thread, what: &str) -> R<usize> {
        let n = u64::from_le_bytes(self.array(th)?);
        if n > i64::MAX as u64 {
            return Err(th.overflow_error(format!("{what} exceeds system's maximum size of {} bytes", i64::MAX)));
        }
        Ok(n as usize)
    }
    /// A line without its end.
    fn line<'a>(&mut self, th: &mut Thread) -> R<&'a [u8]> {
        if self.rest().is_empty() && !self.readline.is_unset() {
            let b = th.call(self.readline, &[])?;
            self.take_over(th, b, "readline() returned non-bytes object")?;
        }
        let b = self.rest();
        match memchr::memchr(b'\n', b) {
            Some(n) => {
                self.at += n + 1;
                Ok(&b[..n])
            }
            None => Err(unpickling_error(th, "pickle data was truncated")),
        }
    }

    // ---- stack

    fn push(&mut self, th: &mut Thread, v: Value) -> R<()> { self.stack.push(th, v) }
    fn underflow(&self, th: &mut Thread) -> Unwind {
        unpickling_error(th, if self.marks.is_empty() { "unpickling stack underflow" } else { "unexpected MARK found" })
    }
    /// Where the items since the last mark begin.
    fn fence(&self) -> usize { self.marks.last().copied().unwrap_or(0) }
    fn pop(&mut self, th: &mut Thread) -> R<Value> {
        if self.stack.len(th)? <= self.fence() {
            return Err(self.underflow(th));
        }
        Ok(self.stack.pop(th)?.unwrap_or(Value::NONE))
    }
    fn top(&mut self, th: &mut Thread) -> R<Value> {
        let n = self.stack.len(th)?;
        if n <= self.fence() {
            return Err(self.underflow(th));
        }
        self.stack.get(th, n - 1)
    }
    /// The items since the last mark, as a tuple; the mark goes.
    fn since_mark(&mut self, th: &mut Thread) -> R<Value> {
        let Some(from) = self.marks.pop() else { return Err(unpickling_error(th, "could not find MARK")) };
        self.above(th, from)
    }
    fn above(&mut self, th: &mut Thread, from: usize) -> R<Value> {
        let n = self.stack.len(th)?.saturating_sub(from);
        let t = tuple::alloc(th, n)?;
        // SAFETY: the tuple is not yet known to anybody else.
        self.stack.with(th, |s| unsafe { t.frozen().tail_mut() }.copy_from_slice(&s[from..from + n]))?;
        th.remember(t.header());
        self.stack.truncate(th, from)?;
        Ok(t.value())
    }
    fn recall(&mut self, th: &mut Thread, i: usize) -> R<()> {
        match memo::get(th, self.memo, i)? {
            Some(v) => self.push(th, v),
            None => Err(unpickling_error(th, format!("Memo value not found at index {i}"))),
        }
    }
    fn memoize(&mut self, th: &mut Thread, i: usize) -> R<()> {
        let v = self.top(th)?;
        memo::put(th, self.memo, i, v)
    }

    // ---- opcodes

    pub fn run(&mut self, th: &mut Thread) -> R<Value> {
        th.check_stack()?;
        loop {
            th.poll()?;
            if self.rest().is_empty() && !self.read.is_unset() {
                self.fill(th, 1)?;
            }
            let Some(&code) = self.rest().first() else { return Err(th.raise(&txpy_vm::exceptions::EOF_ERROR, "Ran out of input")) };
            self.at += 1;
            if code == op::STOP {
                return self.pop(th);
            }
            self.step(th, code)?;
        }
    }
    fn step(&mut self, th: &mut Thread, code: u8) -> R<()> {
        match code {
            op::NONE => self.push(th, Value::NONE),
            op::NEWTRUE => self.push(th, Value::TRUE),
            op::NEWFALSE => self.push(th, Value::FALSE),
            op::BININT => {
                let i = i32::from_le_bytes(self.array(th)?);
                self.push(th, Value::int(i as i64))
            }
            op::BININT1 => {
                let [i] = self.array(th)?;
                self.push(th, Value::int(i as i64))
            }
            op::BININT2 => {
                let i = u16::from_le_bytes(self.array(th)?);
                self.push(th, Value::int(i as i64))
            }
            op::INT | op::LONG => self.decimal(th, code == op::INT),
            op::LONG1 | op::LONG4 => self.long(th, code == op::LONG4),
            op::FLOAT => {
                let line = self.line(th)?;
                let s = th.new_str(&String::from_utf8_lossy(line))?;
                let v = th.call(float::FLOAT.value(), &[s])?;
                self.push(th, v)
            }
            op::BINFLOAT => {
                let f = f64::from_be_bytes(self.array(th)?);
                let v = float::new(th, f)?;
                self.push(th, v)
            }
            op::SHORT_BINBYTES => {
                let [n] = self.array(th)?;
                self.bytes(th, n as usize)
            }
            op::BINBYTES => {
                let n = u32::from_le_bytes(self.array(th)?);
                self.bytes(th, n as usize)
            }
            op::BINBYTES8 => {
                let n = self.size8(th, "BINBYTES8")?;
                self.bytes(th, n)
            }
            op::BYTEARRAY8 => {
                let n = self.size8(th, "BYTEARRAY8")?;
                let b = self.take(th, n)?;
                let v = bytearray::new(th, b)?;
                self.push(th, v)
            }
            op::SHORT_BINUNICODE => {
                let [n] = self.array(th)?;
                self.unicode(th, n as usize)
            }
            op::BINUNICODE => {
                let n = u32::from_le_bytes(self.array(th)?);
                self.unicode(th, n as usize)
            }
            op::BINUNICODE8 => {
                let n = self.size8(th, "BINUNICODE8")?;
                self.unicode(th, n)
            }
            op::UNICODE => {
                let line = self.line(th)?;
                let (b, codec) = (th.new_bytes(line)?, th.native_str("raw-unicode-escape")?);
                let v = th.call_method(b, "decode", &[codec])?;
                self.push(th, v)
            }
            op::STRING => {
                let line = self.line(th)?.trim_ascii_end();
                let inner = match line {
                    [q @ (b'\'' | b'"'), inner @ .., r] if q == r => inner,
                    _ => return Err(unpickling_error(th, "the STRING opcode argument must be quoted")),
                };
                let (b, decode) = (th.new_bytes(inner)?, library(th, "codecs", "escape_decode")?);
                let r = th.call(decode, &[b])?;
                let b = tuple::items(r).and_then(|t| t.first().copied()).unwrap_or(b);
                self.old_string(th, b)
            }
            op::BINSTRING => {
                let n = i32::from_le_bytes(self.array(th)?);
                let Ok(n) = usize::try_from(n) else { return Err(unpickling_error(th, "BINSTRING pickle has negative byte count")) };
                let b = self.take(th, n)?;
                let b = th.new_bytes(b)?;
                self.old_string(th, b)
            }
            op::SHORT_BINSTRING => {
                let [n] = self.array(th)?;
                let b = self.take(th, n as usize)?;
                let b = th.new_bytes(b)?;
                self.old_string(th, b)
            }
            op::EMPTY_TUPLE => self.make(th, |th| th.new_tuple(&[])),
            op::EMPTY_LIST => self.make(th, |th| list::new(th, &[])),
            op::EMPTY_DICT => self.make(th, |th| Ok(dict::new(th)?.value())),
            op::EMPTY_SET => self.make(th, |th| Ok(set::new(th)?.value())),
            op::TUPLE1 | op::TUPLE2 | op::TUPLE3 => {
                let n = (code - op::TUPLE1 + 1) as usize;
                let len = self.stack.len(th)?;
                if len < self.fence() + n {
                    return Err(self.underflow(th));
                }
                let t = self.above(th, len - n)?;
                self.push(th, t)
            }
            op::TUPLE => {
                let t = self.since_mark(th)?;
                self.push(th, t)
            }
            op::LIST => {
                let t = self.since_mark(th)?;
                let l = list::new(th, tuple::items(t).unwrap_or(&[]))?;
                self.push(th, l)
            }
            op::DICT => {
                let t = self.since_mark(th)?;
                let d = dict::new(th)?.value();
                self.store_pairs(th, d, t)?;
                self.push(th, d)
            }
            op::FROZENSET => {
                let t = self.since_mark(th)?;
                let s = th.call(set::FROZENSET.value(), &[t])?;
                self.push(th, s)
            }
            op::MARK => {
                let n = self.stack.len(th)?;
                self.marks.push(n);
                Ok(())
            }
            op::POP => {
                if self.marks.last().copied() == Some(self.stack.len(th)?) {
                    self.marks.pop();
                    return Ok(());
                }
                self.pop(th).map(|_| ())
            }
            op::POP_MARK => self.since_mark(th).map(|_| ()),
            op::DUP => {
                let v = self.top(th)?;
                self.push(th, v)
            }
            op::APPEND => {
                let v = self.pop(th)?;
                let to = self.top(th)?;
                let t = th.new_tuple(&[v])?;
                self.append(th, to, t)
            }
            op::APPENDS => {
                let t = self.since_mark(th)?;
                let to = self.top(th)?;
                self.append(th, to, t)
            }
            op::ADDITEMS => {
                let t = self.since_mark(th)?;
                let to = self.top(th)?;
                if set::SET.is_exact(to) {
                    return set::update(th, this(to), t);
                }
                let add = attr::get_str(th, to, "add")?;
                for x in tuple::items(t).unwrap_or(&[]) {
                    th.call(add, &[*x])?;
                }
                Ok(())
            }
            op::SETITEM => {
                let (v, k) = (self.pop(th)?, self.pop(th)?);
                let to = self.top(th)?;
                item::set(th, to, k, v)
            }
            op::SETITEMS => {
                let t = self.since_mark(th)?;
                let to = self.top(th)?;
                self.store_pairs(th, to, t)
            }
            op::GET | op::PUT => {
                let line = self.line(th)?;
                let s = th.new_str(&String::from_utf8_lossy(line))?;
                let i = th.call(int::INT.value(), &[s])?;
                let i = int::to_i64(i).unwrap_or(-1);
                match usize::try_from(i) {
                    Ok(i) if code == op::GET => self.recall(th, i),
                    Ok(i) => self.memoize(th, i),
                    Err(_) if code == op::GET => Err(unpickling_error(th, format!("Memo value not found at index {i}"))),
                    Err(_) => Err(th.value_error("negative PUT argument")),
                }
            }
            op::BINGET => {
                let [i] = self.array(th)?;
                self.recall(th, i as usize)
            }
            op::LONG_BINGET => {
                let i = u32::from_le_bytes(self.array(th)?);
                self.recall(th, i as usize)
            }
            op::BINPUT => {
                let [i] = self.array(th)?;
                self.memoize(th, i as usize)
            }
            op::LONG_BINPUT => {
                let i = u32::from_le_bytes(self.array(th)?);
                self.memoize(th, i as usize)
            }
            op::MEMOIZE => {
                let n = self.memo.len(th)?;
                self.memoize(th, n)
            }
            op::GLOBAL => {
                let (m, n) = (self.line(th)?, self.line(th)?);
                let (m, n) = (self.name(th, m)?, self.name(th, n)?);
                let c = self.global(th, m, n)?;
                self.push(th, c)
            }
            op::STACK_GLOBAL => {
                let (n, m) = (self.pop(th)?, self.pop(th)?);
                if !text::is_text(m) || !text::is_text(n) {
                    return Err(unpickling_error(th, "STACK_GLOBAL requires str"));
                }
                let c = self.global(th, m, n)?;
                self.push(th, c)
            }
            op::EXT1 => {
                let [c] = self.array(th)?;
                self.extension(th, c as i64)
            }
            op::EXT2 => {
                let c = u16::from_le_bytes(self.array(th)?);
                self.extension(th, c as i64)
            }
            op::EXT4 => {
                let c = i32::from_le_bytes(self.array(th)?);
                self.extension(th, c as i64)
            }
            op::REDUCE => {
                let (args, f) = (self.pop(th)?, self.pop(th)?);
                if !args.is::<tuple::Tuple>() {
                    return Err(th.type_error("argument list must be a tuple"));
                }
                let v = call_ex(th, f, args, Value::UNSET)?;
                self.push(th, v)
            }
            op::NEWOBJ | op::NEWOBJ_EX => self.new_object(th, code == op::NEWOBJ_EX),
            op::INST => {
                let (m, n) = (self.line(th)?, self.line(th)?);
                let (m, n) = (self.name(th, m)?, self.name(th, n)?);
                let class = self.global(th, m, n)?;
                let args = self.since_mark(th)?;
                self.instantiate(th, class, args)
            }
            op::OBJ => {
                let all = self.since_mark(th)?;
                let Some((class, args)) = tuple::items(all).unwrap_or(&[]).split_first() else { return Err(self.underflow(th)) };
                let args = th.new_tuple(args)?;
                self.instantiate(th, *class, args)
            }
            op::BUILD => self.build(th),
            op::PERSID => {
                let line = self.line(th)?;
                if !line.is_ascii() {
                    return Err(unpickling_error(th, "persistent IDs in protocol 0 must be ASCII strings"));
                }
                let id = th.new_str(&String::from_utf8_lossy(line))?;
                self.persistent(th, id)
            }
            op::BINPERSID => {
                let id = self.pop(th)?;
                self.persistent(th, id)
            }
            op::PROTO => {
                let [p] = self.array(th)?;
                if p > 5 {
                    return Err(th.value_error(format!("unsupported pickle protocol: {p}")));
                }
                self.proto = p;
                if let Some(u) = self.unpickler.cast::<Unpickler>() {
                    u.write(th)?.proto = p;
                }
                Ok(())
            }
            op::FRAME => {
                let n = self.size8(th, "FRAME length")?;
                if self.rest().is_empty() && !self.read.is_unset() {
                    self.fill(th, n)?;
                }
                if self.rest().len() < n {
                    return Err(unpickling_error(th, "pickle data was truncated"));
                }
                Ok(())
            }
            op::NEXT_BUFFER => {
                if self.buffers.is_unset() {
                    return Err(unpickling_error(th, "pickle stream refers to out-of-band data but no *buffers* argument was given"));
                }
                match iter::next(th, self.buffers)? {
                    Some(b) => self.push(th, b),
                    None => Err(unpickling_error(th, "not enough out-of-band buffers")),
                }
            }
            op::READONLY_BUFFER => {
                let v = self.top(th)?;
                let view = th.call(memoryview::MEMORYVIEW.value(), &[v])?;
                let readonly = attr::get_str(th, view, "readonly")?;
                if !is_true(th, readonly)? {
                    self.pop(th)?;
                    let view = th.call_method(view, "toreadonly", &[])?;
                    self.push(th, view)?;
                }
                Ok(())
            }
            0x20..=0x7e if code != b'\'' && code != b'\\' => Err(unpickling_error(th, format!("invalid load key, '{}'.", code as char))),
            _ => Err(unpickling_error(th, format!("invalid load key, '\\x{code:02x}'."))),
        }
    }
    fn make(&mut self, th: &mut Thread, f: impl FnOnce(&mut Thread) -> R<Value>) -> R<()> {
        let v = f(th)?;
        self.push(th, v)
    }
    fn name(&mut self, th: &mut Thread, b: &[u8]) -> R<Value> {
        let b = th.new_bytes(b)?;
        let codec = th.native_str("utf-8")?;
        th.call_method(b, "decode", &[codec])
    }
    fn bytes(&mut self, th: &mut Thread, n: usize) -> R<()> {
        let b = self.take(th, n)?;
        let v = th.new_bytes(b)?;
        self.push(th, v)
    }
    fn unicode(&mut self, th: &mut Thread, n: usize) -> R<()> {
        let b = self.take(th, n)?;
        let v = if std::str::from_utf8(b).is_ok() {
            text::new_str(th, b)?
        } else {
            let (b, codec, errors) = (th.new_bytes(b)?, th.native_str("utf-8")?, th.native_str("surrogatepass")?);
            th.call_method(b, "decode", &[codec, errors])?
        };
        self.push(th, v)
    }
    /// A `str` of Python 2.
    fn old_string(&mut self, th: &mut Thread, b: Value) -> R<()> {
        let v = if text::bytes_of(self.encoding) == Some(b"bytes") { b } else { th.call_method(b, "decode", &[self.encoding, self.errors])? };
        self.push(th, v)
    }
    fn decimal(&mut self, th: &mut Thread, short: bool) -> R<()> {
        let line = self.line(th)?;
        if short && matches!(line, b"00" | b"01") {
            return self.push(th, Value::from_bool(line == b"01"));
        }
        let digits = if short { line } else { line.strip_suffix(b"L").unwrap_or(line) };
        let s = th.new_str(&String::from_utf8_lossy(digits))?;
        let v = th.call(int::INT.value(), &[s, Value::int(if short { 0 } else { 10 })]);
        let v = match v {
            Ok(v) => v,
            Err(e) => {
                if short && th.catch(&VALUE_ERROR).is_some() {
                    return Err(th.value_error("could not convert string to int"));
                }
                return Err(e);
            }
        };
        self.push(th, v)
    }
    fn long(&mut self, th: &mut Thread, wide: bool) -> R<()> {
        let n = if wide {
            let n = i32::from_le_bytes(self.array(th)?);
            match usize::try_from(n) {
                Ok(n) => n,
                Err(_) => return Err(unpickling_error(th, "LONG pickle has negative byte count")),
            }
        } else {
            let [n] = self.array(th)?;
            n as usize
        };
        let b = self.take(th, n)?;
        let v = int::from_bigint(th, &num_bigint::BigInt::from_signed_bytes_le(b))?;
        self.push(th, v)
    }
    fn append(&mut self, th: &mut Thread, to: Value, items: Value) -> R<()> {
        let xs = tuple::items(items).unwrap_or(&[]);
        if list::LIST.is_exact(to) {
            return list::extend(th, this(to), xs);
        }
        if xs.len() != 1 || attr::get_str_opt(th, to, "append")?.is_none() {
            if let Some(extend) = attr::get_str_opt(th, to, "extend")? {
                let l = list::new(th, xs)?;
                th.call(extend, &[l])?;
                return Ok(());
            }
        }
        let append = attr::get_str(th, to, "append")?;
        for x in xs {
            th.call(append, &[*x])?;
        }
        Ok(())
    }
    fn store_pairs(&mut self, th: &mut Thread, to: Value, items: Value) -> R<()> {
        let xs = tuple::items(items).unwrap_or(&[]);
        if xs.len() % 2 != 0 {
            return Err(unpickling_error(th, "odd number of items for SETITEMS"));
        }
        for p in xs.chunks_exact(2) {
            if dict::DICT.is_exact(to) {
                dict::set(th, this(to), p[0], p[1])?;
            } else {
                item::set(th, to, p[0], p[1])?;
            }
        }
        Ok(())
    }
    fn global(&mut self, th: &mut Thread, module: Value, name: Value) -> R<Value> {
        if self.find.is_unset() { find(th, module, name, self.fix_imports, self.proto) } else { th.call(self.find, &[module, name]) }
    }
    fn extension(&mut self, th: &mut Thread, code: i64) -> R<()> {
        if code <= 0 {
            return Err(unpickling_error(th, "EXT specifies code <= 0"));
        }
        let key = Value::int(code);
        let cache = library(th, "copyreg", "_extension_cache")?;
        if let Some(c) = cache.cast::<Dict>() {
            if let Some(v) = dict::get(th, c, key)? {
                return self.push(th, v);
            }
        }
        let registry = library(th, "copyreg", "_inverted_registry")?;
        let pair = match registry.cast::<Dict>() {
            Some(r) => dict::get(th, r, key)?,
            None => None,
        };
        let Some(pair) = pair else { return Err(th.value_error(format!("unregistered extension code {code}"))) };
        let Some(&[m, n]) = tuple::items(pair) else { return Err(th.value_error(format!("_inverted_registry[{code}] isn't a 2-tuple of strings"))) };
        let v = self.global(th, m, n)?;
        if let Some(c) = cache.cast::<Dict>() {
            dict::set(th, c, key, v)?;
        }
        self.push(th, v)
    }
    fn new_object(&mut self, th: &mut Thread, keywords: bool) -> R<()> {
        let what = if keywords { "NEWOBJ_EX" } else { "NEWOBJ" };
        let kwargs = if keywords { self.pop(th)? } else { Value::UNSET };
        let (args, class) = (self.pop(th)?, self.pop(th)?);
        if !class.is::<Type>() {
            let got = class_name(class);
            return Err(unpickling_error(th, format!("{what} class argument must be a type, not {got}")));
        }
        let Some(items) = tuple::items(args) else {
            let got = class_name(args);
            return Err(unpickling_error(th, format!("{what} args argument must be a tuple, not {got}")));
        };
        if keywords && !kwargs.is::<Dict>() {
            let got = class_name(kwargs);
            return Err(unpickling_error(th, format!("{what} kwargs argument must be a dict, not {got}")));
        }
        let new = attr::get_str(th, class, "__new__")?;
        let all = RootedVec::from_slice(th, &[class])?;
        all.extend(th, items)?;
        let all = tuple_of(th, all)?;
        let v = call_ex(th, new, all, kwargs)?;
        self.push(th, v)
    }
    /// INST and OBJ: classes without `__getinitargs__` are made without a call.
    fn instantiate(&mut self, th: &mut Thread, class: Value, args: Value) -> R<()> {
        let plain = tuple::items(args).is_none_or(<[Value]>::is_empty) && class.is::<Type>() && attr::get_str_opt(th, class, "__getinitargs__")?.is_none();
        let v = if plain { th.call_method(class, "__new__", &[class])? } else { call_ex(th, class, args, Value::UNSET)? };
        self.push(th, v)
    }
    fn persistent(&mut self, th: &mut Thread, id: Value) -> R<()> {
        if self.persistent.is_unset() {
            return Err(no_persistent_load(th));
        }
        let v = th.call(self.persistent, &[id])?;
        self.push(th, v)
    }
    fn build(&mut self, th: &mut Thread) -> R<()> {
        let state = self.pop(th)?;
        let v = self.top(th)?;
        if let Some(f) = attr::get_str_opt(th, v, "__setstate__")? {
            th.call(f, &[state])?;
            return Ok(());
        }
        let (state, slots) = match tuple::items(state) {
            Some(&[a, b]) => (a, b),
            _ => (state, Value::NONE),
        };
        if !state.is_none() {
            let Some(d) = state.cast::<Dict>() else { return Err(unpickling_error(th, "state is not a dictionary")) };
            let own = attr::get_str(th, v, "__dict__")?;
            let mut at = 0;
            while let Some((k, x)) = dict::next(th, d, &mut at)? {
                let k = if text::STR.is_exact(k) { th.intern_bytes(text::bytes_of(k).unwrap_or(b""))? } else { k };
                item::set(th, own, k, x)?;
            }
        }
        if !slots.is_none() {
            let Some(d) = slots.cast::<Dict>() else { return Err(unpickling_error(th, "slot state is not a dictionary")) };
            let mut at = 0;
            while let Some((k, x)) = dict::next(th, d, &mut at)? {
                attr::set(th, v, k, x)?;
            }
        }
        Ok(())
    }
}
