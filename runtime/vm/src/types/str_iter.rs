//! Iterators over str, bytes and bytearray.

use super::bytearray::ByteArray;
use super::seq_iter::reduced;
use super::text::{self, Str};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::object::iter;
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    pub struct StrIter = kinds::STR_ITER {
        /// UNSET when exhausted.
        pub seq: Value,
        /// Byte offset of the next item.
        pub at: usize,
    }
}

macro_rules! iterator {
    ($id:ident $name:literal) => {
        pub static $id: TypeDef = TypeDef {
            name: $name, kind: kinds::STR_ITER, size: size_of::<StrIter>() as u16, flags: type_flag::NO_NEW, methods: &[METHODS],
            doc: "An iterator over characters or bytes.", ..TypeDef::DEFAULT
        };
    };
}
iterator! { STR_ITER "str_iterator" }
iterator! { STR_ASCII_ITER "str_ascii_iterator" }
iterator! { BYTES_ITER "bytes_iterator" }
iterator! { BYTEARRAY_ITER "bytearray_iterator" }
/// All types of this file, for making them at start.
pub static TYPES: [&TypeDef; 4] = [&STR_ITER, &STR_ASCII_ITER, &BYTES_ITER, &BYTEARRAY_ITER];

static METHODS: &[NativeDef] = natives! {
    "__iter__(self, /)" = |_, a| Ok(a.get(0)), "Implement iter(self).";
    #[py3] "__next__(self, /)" = next, "Implement next(self).";
    #[py2] "next(self, /)" = next, "The next item.";
    "__length_hint__(self, /)" = length_hint, "Private method returning an estimate of len(list(it)).";
    "__reduce__(self, /)" = reduce, "Return state information for pickling.";
    "__setstate__(self, state, /)" = setstate, "Set state information for unpickling.";
};

/// `iter(v)` of a str, bytes or bytearray.
pub fn new(th: &mut Thread, v: Value) -> R<Value> {
    let def = match v.cast::<Str>() {
        Some(s) if s.frozen().is_ascii() => &STR_ASCII_ITER,
        Some(_) => &STR_ITER,
        None if text::is_bytes(v) => &BYTES_ITER,
        None => &BYTEARRAY_ITER,
    };
    Ok(th.alloc(def.shape(), StrIter { header: Header::NEW, seq: v, at: 0 })?.value())
}
/// Declares the step function. Called once at start.
pub fn register() { iter::register_step(kinds::STR_ITER, step) }

pub fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<StrIter> = v.cast().expect("registered for this kind");
    let mut g = it.write(th)?;
    let (seq, at) = (g.seq, g.at);
    if let Some(s) = seq.cast::<Str>() {
        let b = s.frozen().data();
        if at >= b.len() {
            g.seq = Value::UNSET;
            return Ok(Value::STOP);
        }
        let (c, n) = text::decode_at(b, at);
        g.at = at + n;
        drop(g);
        return text::char_str(th, c);
    }
    if seq.is_unset() {
        return Ok(Value::STOP);
    }
    g.at = at + 1;
    drop(g);
    let c = match seq.cast::<ByteArray>() {
        Some(a) => a.read(th)?.data().get(at).copied(),
        None => text::bytes_of(seq).and_then(|b| b.get(at).copied()),
    };
    match c {
        Some(c) => Ok(Value::int(c as i64)),
        None => {
            it.write(th)?.seq = Value::UNSET;
            Ok(Value::STOP)
        }
    }
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let r = step(th, a.get(0));
    iter::finish(th, r)
}
fn state(th: &mut Thread, a: Args) -> R<(Value, usize)> {
    let g = a.get(0).cast::<StrIter>().expect("checked by the call").read(th)?;
    Ok((g.seq, g.at))
}
/// Items of the sequence, and the index of the next one.
fn place(th: &mut Thread, seq: Value, at: usize) -> R<(usize, usize)> {
    Ok(match (seq.cast::<Str>(), seq.cast::<ByteArray>()) {
        (Some(s), _) => (s.frozen().chars, text::char_of(th, s, at.min(s.frozen().len))?),
        (_, Some(a)) => (a.read(th)?.len, at),
        _ => (text::len_of(seq), at),
    })
}
fn length_hint(th: &mut Thread, a: Args) -> R<Value> {
    let (seq, at) = state(th, a)?;
    let (n, i) = place(th, seq, at)?;
    Ok(Value::int(n.saturating_sub(i) as i64))
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let (seq, at) = state(th, a)?;
    if seq.is_unset() {
        let empty = if BYTES_ITER.is_exact(a.get(0)) || BYTEARRAY_ITER.is_exact(a.get(0)) { th.new_tuple(&[])? } else { th.new_str("")? };
        return reduced(th, "iter", &[empty], None);
    }
    let (_, i) = place(th, seq, at)?;
    reduced(th, "iter", &[seq], Some(i as i64))
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let i = super::sequence::clamped(th, a.get(1))?.max(0) as usize;
    let (seq, _) = state(th, a)?;
    let at = match seq.cast::<Str>() {
        Some(s) => text::offset_of(th, s, i)?,
        None => i,
    };
    a.get(0).cast::<StrIter>().expect("checked by the call").write(th)?.at = at;
    Ok(Value::NONE)
}
