//! Writing objects as pickle opcodes: frames, the memo, and the built-in types.

use super::{buffer, op, pickling_error};
use crate::api::*;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use txpy_vm::types::{bytearray, function, set, singletons};

/// Addresses need no more than to be spread.
#[derive(Default)]
pub struct Spread(u64);
impl Hasher for Spread {
    fn finish(&self) -> u64 { self.0 }
    fn write(&mut self, b: &[u8]) {
        for x in b {
            self.0 = (self.0 ^ *x as u64).wrapping_mul(0x100000001b3);
        }
    }
    fn write_u64(&mut self, x: u64) { self.0 = (x >> 3).wrapping_mul(0x9e3779b97f4a7c15) }
}
/// Number in the memo by the object's bits. The objects are kept alive by a rooted vector: they can't move, and no other gets their address.
pub type Memo = HashMap<u64, u32, BuildHasherDefault<Spread>>;

/// Size at which a frame ends at the next opcode.
const FRAME: usize = 64 << 10;
/// Items between two marks.
const BATCH: usize = 1000;

/// One `dump`. Values in it are on the native stack.
pub struct Saver {
    pub out: Vec<u8>,
    /// Where the running frame's header stands.
    frame: Option<usize>,
    framing: bool,
    memo: Memo,
    objects: RootedVec,
    pub proto: u8,
    pub bin: bool,
    fast: bool,
    pub fix_imports: bool,
    /// Each UNSET if there is none.
    pub persistent: Value,
    pub reducer: Value,
    pub table: Value,
    pub callback: Value,
    pub write: Value,
    /// Fast mode: containers being saved.
    path: Vec<u64>,
}

impl Saver {
    pub fn new(objects: RootedVec, memo: Memo, proto: u8, bin: bool, fast: bool, fix_imports: bool) -> Saver {
        let u = Value::UNSET;
        Saver {
            out: Vec::new(), frame: None, framing: false, memo, objects, proto, bin, fast, fix_imports, persistent: u, reducer: u, table: u, callback: u, write: u,
            path: Vec::new()
        }
    }
    pub fn run(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if self.proto >= 2 {
            self.out.extend([op::PROTO, self.proto]);
            self.framing = self.proto >= 4;
        }
        self.save(th, obj)?;
        self.op(op::STOP);
        self.end_frame();
        self.framing = false;
        Ok(())
    }
    /// Hands what was written to the file.
    pub fn flush(&mut self, th: &mut Thread) -> R<()> {
        if self.write.is_unset() || self.out.is_empty() {
            return Ok(());
        }
        let b = th.new_bytes(&self.out)?;
        self.out.clear();
        th.call(self.write, &[b])?;
        Ok(())
    }

    // ---- bytes

    fn begin(&mut self) {
        if self.framing && self.frame.is_none() {
            self.frame = Some(self.out.len());
            self.out.extend([0; 9]);
        }
    }
    fn end_frame(&mut self) {
        let Some(at) = self.frame.take() else { return };
        let n = self.out.len() - at - 9;
        if n >= 4 {
            self.out[at] = op::FRAME;
            self.out[at + 1..at + 9].copy_from_slice(&(n as u64).to_le_bytes());
        } else {
            self.out.drain(at..at + 9);
        }
    }
    pub fn op(&mut self, op: u8) {
        self.begin();
        self.out.push(op);
    }
    pub fn bytes(&mut self, b: &[u8]) {
        self.begin();
        self.out.extend_from_slice(b);
    }
    fn header(&mut self, op: u8, size: &[u8]) {
        self.op(op);
        self.out.extend_from_slice(size);
    }
    /// Opcode, size and payload; a large payload stands outside of frames.
    fn payload(&mut self, th: &mut Thread, op: u8, size: &[u8], b: &[u8]) -> R<()> {
        if b.len() < FRAME || !self.framing {
            self.header(op, size);
        } else {
            self.end_frame();
            self.out.push(op);
            self.out.extend_from_slice(size);
        }
        if self.out.try_reserve(b.len()).is_err() {
            return Err(th.memory_error());
        }
        self.out.extend_from_slice(b);
        Ok(())
    }

    // ---- the memo

    /// Gives an object a number; nothing in fast mode.
    pub fn memoize(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if self.fast {
            return Ok(());
        }
        let i = self.objects.len(th)? as u32;
        self.objects.push(th, obj)?;
        self.memo.insert(obj.bits(), i);
        if self.proto >= 4 {
            self.op(op::MEMOIZE);
        } else if !self.bin {
            self.bytes(format!("p{i}\n").as_bytes());
        } else if i < 256 {
            self.bytes(&[op::BINPUT, i as u8]);
        } else {
            self.header(op::LONG_BINPUT, &i.to_le_bytes());
        }
        Ok(())
    }
    pub fn known(&self, obj: Value) -> Option<u32> { self.memo.get(&obj.bits()).copied() }
    pub fn recall(&mut self, i: u32) {
        if !self.bin {
            self.bytes(format!("g{i}\n").as_bytes());
        } else if i < 256 {
            self.bytes(&[op::BINGET, i as u8]);
        } else {
            self.header(op::LONG_BINGET, &i.to_le_bytes());
        }
    }

    // ---- objects

    pub fn save(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        th.check_stack()?;
        // The boundary of an opcode.
        if self.framing && self.frame.is_some_and(|at| self.out.len() - at - 9 >= FRAME) {
            self.end_frame();
            self.flush(th)?;
        }
        if !self.persistent.is_unset() && self.save_persistent(th, obj)? {
            return Ok(());
        }
        if obj.is_none() {
            self.op(op::NONE);
            return Ok(());
        }
        if obj == Value::TRUE || obj == Value::FALSE {
            let yes = obj == Value::TRUE;
            if self.proto >= 2 {
                self.op(if yes { op::NEWTRUE } else { op::NEWFALSE });
            } else {
                self.bytes(if yes { b"I01\n" } else { b"I00\n" });
            }
            return Ok(());
        }
        if obj.is_int() || int::INT.is_exact(obj) {
            return self.save_int(th, obj);
        }
        if obj.is_float() || float::FLOAT.is_exact(obj) {
            let f = float::to_f64(obj).unwrap_or(0.0);
            if self.bin {
                self.header(op::BINFLOAT, &f.to_be_bytes());
            } else {
                let r = repr_text(th, obj)?;
                self.bytes(format!("F{r}\n").as_bytes());
            }
            return Ok(());
        }
        if let Some(i) = self.known(obj) {
            self.recall(i);
            return Ok(());
        }
        if text::BYTES.is_exact(obj) {
            return self.save_bytes(th, obj, obj);
        }
        if text::STR.is_exact(obj) {
            return self.save_str(th, obj);
        }
        let container = dict::DICT.is_exact(obj) || list::LIST.is_exact(obj) || tuple::TUPLE.is_exact(obj) || set::SET.is_exact(obj) || set::FROZENSET.is_exact(obj);
        if container {
            self.enter(th, obj)?;
            let r = if dict::DICT.is_exact(obj) {
                self.save_dict(th, this(obj))
            } else if list::LIST.is_exact(obj) {
                self.save_list(th, this(obj))
            } else if tuple::TUPLE.is_exact(obj) {
                self.save_tuple(th, obj)
            } else if set::SET.is_exact(obj) {
                self.save_set(th, obj)
            } else {
                self.save_frozenset(th, obj)
            };
            self.leave();
            return r;
        }
        if obj.is::<bytearray::ByteArray>() && bytearray::BYTEARRAY.is_exact(obj) {
            return self.save_bytearray(th, obj, obj);
        }
        if obj.is::<buffer::PickleBuffer>() && buffer::PICKLE_BUFFER.is_exact(obj) {
            return self.save_buffer(th, obj);
        }
        if !self.reducer.is_unset() {
            let r = th.call(self.reducer, &[obj])?;
            if r != Value::NOT_IMPLEMENTED {
                return self.save_reduced(th, obj, r);
            }
        }
        if type_::TYPE.is_exact(obj) {
            for (singleton, v) in [(singletons::NONE_TYPE.value(), Value::NONE), (class_of(Value::NOT_IMPLEMENTED).value(), Value::NOT_IMPLEMENTED), (class_of(Value::ELLIPSIS).value(), Value::ELLIPSIS)] {
                if obj == singleton {
                    let args = th.new_tuple(&[v])?;
                    return self.save_call(th, type_::TYPE.value(), args, Some(obj));
                }
            }
            return self.save_global(th, obj, None);
        }
        if obj.is::<function::Function>() {
            return self.save_global(th, obj, None);
        }
        self.save_other(th, obj)
    }

    fn enter(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if self.fast {
            if self.path.contains(&obj.bits()) {
                let got = class_name(obj);
                return Err(th.value_error(format!("fast mode: can't pickle cyclic objects including object type {got} at 0x{:x}", address(obj))));
            }
            self.path.push(obj.bits());
        }
        Ok(())
    }
    fn leave(&mut self) { self.path.pop(); }

    fn save_persistent(&mut self, th: &mut Thread, obj: Value) -> R<bool> {
        let id = th.call(self.persistent, &[obj])?;
        if id.is_none() {
            return Ok(false);
        }
        if self.bin {
            let f = std::mem::replace(&mut self.persistent, Value::UNSET);
            let r = self.save(th, id);
            self.persistent = f;
            r?;
            self.op(op::BINPERSID);
        } else {
            let s = th.call(text::STR.value(), &[id])?;
            let b = text::bytes_of(s).unwrap_or(b"");
            if !b.is_ascii() {
                return Err(pickling_error(th, "persistent IDs in protocol 0 must be ASCII strings"));
            }
            self.op(op::PERSID);
            self.bytes(b);
            self.bytes(b"\n");
        }
        Ok(true)
    }
    fn save_int(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if let Some(i) = int::to_i64(obj).and_then(|i| i32::try_from(i).ok()) {
            if !self.bin {
                self.bytes(format!("I{i}\n").as_bytes());
            } else if let Ok(b) = u8::try_from(i) {
                self.bytes(&[op::BININT1, b]);
            } else if let Ok(h) = u16::try_from(i) {
                self.header(op::BININT2, &h.to_le_bytes());
            } else {
                self.header(op::BININT, &i.to_le_bytes());
            }
            return Ok(());
        }
        if self.proto < 2 {
            let r = repr_text(th, obj)?;
            self.bytes(format!("L{r}L\n").as_bytes());
            return Ok(());
        }
        let b = int::to_bigint(obj).unwrap_or_default().to_signed_bytes_le();
        if b.len() < 256 {
            self.header(op::LONG1, &[b.len() as u8]);
            self.bytes(&b);
            return Ok(());
        }
        let Ok(n) = i32::try_from(b.len()) else { return Err(th.overflow_error("int too large to pickle")) };
        self.payload(th, op::LONG4, &n.to_le_bytes(), &b)
    }
    fn save_bytes(&mut self, th: &mut Thread, obj: Value, whose: Value) -> R<()> {
        let b = text::bytes_of(obj).unwrap_or(b"");
        if self.proto < 3 {
            // Python 2 has no bytes: they are made from text.
            if b.is_empty() {
                let args = th.new_tuple(&[])?;
                return self.save_call(th, text::BYTES.value(), args, Some(whose));
            }
            let encode = super::names::library(th, "codecs", "encode")?;
            let mut s = Vec::new();
            for c in b {
                text::push_code_point(&mut s, *c as u32);
            }
            let (s, name) = (text::new_str(th, &s)?, th.intern("latin1")?);
            let args = th.new_tuple(&[s, name])?;
            return self.save_call(th, encode, args, Some(whose));
        }
        if b.len() < 256 {
            self.payload(th, op::SHORT_BINBYTES, &[b.len() as u8], b)?;
        } else if let Ok(n) = u32::try_from(b.len()) {
            self.payload(th, op::BINBYTES, &n.to_le_bytes(), b)?;
        } else if self.proto >= 4 {
            self.payload(th, op::BINBYTES8, &(b.len() as u64).to_le_bytes(), b)?;
        } else {
            return Err(th.overflow_error("serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher"));
        }
        self.memoize(th, whose)
    }
    fn save_bytearray(&mut self, th: &mut Thread, obj: Value, whose: Value) -> R<()> {
        let copy = txpy_vm::native::buffer::snapshot(th, obj)?;
        let b = text::bytes_of(copy).unwrap_or(b"");
        if self.proto < 5 {
            let args = if b.is_empty() { th.new_tuple(&[])? } else { th.new_tuple(&[copy])? };
            return self.save_call(th, bytearray::BYTEARRAY.value(), args, Some(whose));
        }
        self.payload(th, op::BYTEARRAY8, &(b.len() as u64).to_le_bytes(), b)?;
        self.memoize(th, whose)
    }
    fn save_buffer(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if self.proto < 5 {
            return Err(pickling_error(th, "PickleBuffer can only be pickled with protocol >= 5"));
        }
        let view = buffer::view_of(th, obj)?;
        let contiguous = attr::get_str(th, view, "contiguous")?;
        if !is_true(th, contiguous)? {
            return Err(pickling_error(th, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer"));
        }
        let readonly = attr::get_str(th, view, "readonly")?;
        let readonly = is_true(th, readonly)?;
        let in_band = if self.callback.is_unset() {
            true
        } else {
            let r = th.call(self.callback, &[obj])?;
            is_true(th, r)?
        };
        if !in_band {
            self.op(op::NEXT_BUFFER);
            if readonly {
                self.op(op::READONLY_BUFFER);
            }
            return Ok(());
        }
        let flat = th.call_method(obj, "raw", &[])?;
        if readonly {
            let b = txpy_vm::native::buffer::snapshot(th, flat)?;
            self.save_bytes(th, b, obj)
        } else {
            self.save_bytearray(th, flat, obj)
        }
    }
    fn save_str(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        let b = text::bytes_of(obj).unwrap_or(b"");
        if !self.bin {
            self.op(op::UNICODE);
            let mut line = String::new();
            for c in text::code_points(b) {
                match c {
                    0 | 0x0A | 0x0D | 0x1A | 0x5C => line += &format!("\\u{c:04x}"),
                    ..0x100 => {
                        self.bytes(line.as_bytes());
                        line.clear();
                        self.out.push(c as u8);
                    }
                    ..0x10000 => line += &format!("\\u{c:04x}"),
                    _ => line += &format!("\\U{c:08x}"),
                }
            }
            self.bytes(line.as_bytes());
            self.bytes(b"\n");
        } else if b.len() < 256 && self.proto >= 4 {
            self.payload(th, op::SHORT_BINUNICODE, &[b.len() as u8], b)?;
        } else if let Ok(n) = u32::try_from(b.len()) {
            self.payload(th, op::BINUNICODE, &n.to_le_bytes(), b)?;
        } else if self.proto >= 4 {
            self.payload(th, op::BINUNICODE8, &(b.len() as u64).to_le_bytes(), b)?;
        } else {
            return Err(th.overflow_error("serializing a string larger than 4 GiB requires pickle protocol 4 or higher"));
        }
        self.memoize(th, obj)
    }

    // ---- containers

    fn save_tuple(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        let items = tuple::items(obj).unwrap_or(&[]);
        let n = items.len();
        if n == 0 {
            self.bytes(if self.bin { &[op::EMPTY_TUPLE] } else { &[op::MARK, op::TUPLE] });
            return Ok(());
        }
        let short = n <= 3 && self.proto >= 2;
        if !short {
            self.op(op::MARK);
        }
        for x in items {
            self.save(th, *x)?;
        }
        // An item may have led back to the tuple itself.
        if let Some(i) = self.known(obj) {
            if short {
                self.bytes(&[op::POP; 3][..n]);
            } else if self.bin {
                self.op(op::POP_MARK);
            } else {
                for _ in 0..=n {
                    self.op(op::POP);
                }
            }
            self.recall(i);
            return Ok(());
        }
        self.op(if short { [op::TUPLE1, op::TUPLE2, op::TUPLE3][n - 1] } else { op::TUPLE });
        self.memoize(th, obj)
    }
    fn save_list(&mut self, th: &mut Thread, l: Gc<List>) -> R<()> {
        self.bytes(if self.bin { &[op::EMPTY_LIST] } else { &[op::MARK, op::LIST] });
        self.memoize(th, l.value())?;
        let mut i = 0;
        loop {
            let left = list::len(th, l)?.saturating_sub(i);
            if left == 0 {
                return Ok(());
            }
            let batch = self.proto > 0 && left > 1;
            if batch {
                self.op(op::MARK);
            }
            for _ in 0..if batch { left.min(BATCH) } else { 1 } {
                let Some(x) = list::get(th, l, i)? else { break };
                self.save(th, x)?;
                i += 1;
            }
            self.op(if batch { op::APPENDS } else { op::APPEND });
        }
    }
    fn save_dict(&mut self, th: &mut Thread, d: Gc<Dict>) -> R<()> {
        self.bytes(if self.bin { &[op::EMPTY_DICT] } else { &[op::MARK, op::DICT] });
        self.memoize(th, d.value())?;
        let n = dict::len(th, d)?;
        let (mut at, mut done) = (0, 0);
        while done < n {
            let left = n - done;
            let batch = self.proto > 0 && left > 1;
            if batch {
                self.op(op::MARK);
            }
            for _ in 0..if batch { left.min(BATCH) } else { 1 } {
                if let Some((k, v)) = dict::next(th, d, &mut at)? {
                    self.save(th, k)?;
                    self.save(th, v)?;
                }
                if dict::len(th, d)? != n {
                    return Err(th.runtime_error("dictionary changed size during iteration"));
                }
                done += 1;
            }
            self.op(if batch { op::SETITEMS } else { op::SETITEM });
        }
        Ok(())
    }
    /// A set before there were opcodes for it.
    fn save_old_set(&mut self, th: &mut Thread, class: Value, obj: Value) -> R<()> {
        let l = iter::to_list(th, obj)?.value();
        let args = th.new_tuple(&[l])?;
        self.save_call(th, class, args, Some(obj))
    }
    fn save_set(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if self.proto < 4 {
            return self.save_old_set(th, set::SET.value(), obj);
        }
        self.op(op::EMPTY_SET);
        self.memoize(th, obj)?;
        let n = set::len(th, obj)?;
        let (mut at, mut done) = (0, 0);
        while done < n {
            self.op(op::MARK);
            for _ in 0..(n - done).min(BATCH) {
                if let Some((_, x)) = set::next(th, obj, &mut at)? {
                    self.save(th, x)?;
                }
                if set::len(th, obj)? != n {
                    return Err(th.runtime_error("set changed size during iteration"));
                }
                done += 1;
            }
            self.op(op::ADDITEMS);
        }
        Ok(())
    }
    fn save_frozenset(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        if self.proto < 4 {
            return self.save_old_set(th, set::FROZENSET.value(), obj);
        }
        self.op(op::MARK);
        let mut at = 0;
        while let Some((_, x)) = set::next(th, obj, &mut at)? {
            self.save(th, x)?;
        }
        if let Some(i) = self.known(obj) {
            self.op(op::POP_MARK);
            self.recall(i);
            return Ok(());
        }
        self.op(op::FROZENSET);
        self.memoize(th, obj)
    }
    /// Items of an iterator appended to the list on the stack.
    pub fn append_all(&mut self, th: &mut Thread, it: Value) -> R<()> { self.batches(th, it, op::APPEND, op::APPENDS, Saver::save_item) }
    /// Pairs of an iterator stored in the dict on the stack.
    pub fn set_all(&mut self, th: &mut Thread, it: Value) -> R<()> { self.batches(th, it, op::SETITEM, op::SETITEMS, Saver::save_pair) }
    fn save_item(&mut self, th: &mut Thread, v: Value, write: bool) -> R<()> { if write { self.save(th, v) } else { Ok(()) } }
    fn save_pair(&mut self, th: &mut Thread, v: Value, write: bool) -> R<()> {
        let Some(&[k, x]) = tuple::items(v) else { return Err(th.type_error("dict items iterator must return 2-tuples")) };
        if write {
            self.save(th, k)?;
            self.save(th, x)?;
        }
        Ok(())
    }
    /// What an iterator gives, one opcode for each where it is alone or the protocol has no other, one for up to `BATCH` otherwise. `save` writes an
    /// item, or only checks it: the first one of a batch is checked before the next is asked for.
    fn batches(&mut self, th: &mut Thread, it: Value, one: u8, many: u8, save: fn(&mut Saver, &mut Thread, Value, bool) -> R<()>) -> R<()> {
        while let Some(first) = iter::next(th, it)? {
            save(self, th, first, false)?;
            let second = if self.proto == 0 { None } else { iter::next(th, it)? };
            let Some(mut x) = second else {
                save(self, th, first, true)?;
                self.op(one);
                if self.proto == 0 { continue } else { return Ok(()) }
            };
            self.op(op::MARK);
            save(self, th, first, true)?;
            let mut n = 1;
            loop {
                save(self, th, x, true)?;
                n += 1;
                if n == BATCH {
                    break;
                }
                match iter::next(th, it)? {
                    Some(y) => x = y,
                    None => break,
                }
            }
            self.op(many);
        }
        Ok(())
    }
}
