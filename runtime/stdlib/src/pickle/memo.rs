//! What scripts see as `memo` of picklers and unpicklers.

use super::pickler::Pickler;
use super::unpickler::Unpickler;
use crate::api::*;
use crate::kinds;
use txpy_heap::Object;

object! { pub struct PicklerMemo = kinds::PICKLER_MEMO, frozen { pub owner: Value } }
object! { pub struct UnpicklerMemo = kinds::UNPICKLER_MEMO, frozen { pub owner: Value } }
pub const PICKLER_INFO: txpy_heap::KindInfo = PicklerMemo::INFO;
pub const UNPICKLER_INFO: txpy_heap::KindInfo = UnpicklerMemo::INFO;

pub static PICKLER_MEMO: TypeDef = TypeDef {
    name: "PicklerMemoProxy", module: "_pickle", kind: kinds::PICKLER_MEMO, size: size_of::<PicklerMemo>() as u16, flags: type_flag::NO_NEW | type_flag::PY3,
    methods: &[PICKLER_METHODS], ..TypeDef::DEFAULT
};
pub static UNPICKLER_MEMO: TypeDef = TypeDef {
    name: "UnpicklerMemoProxy", module: "_pickle", kind: kinds::UNPICKLER_MEMO, size: size_of::<UnpicklerMemo>() as u16, flags: type_flag::NO_NEW | type_flag::PY3,
    methods: &[UNPICKLER_METHODS], ..TypeDef::DEFAULT
};
static PICKLER_METHODS: &[NativeDef] = natives! {
    "clear(self, /)" = |th, a| { let m = pickled(th, a)?; m.clear(th)?; Ok(Value::NONE) }, "Remove all items from memo.";
    "copy(self, /)" = |th, a| { let m = pickled(th, a)?; pickler_dict(th, m) }, "Copy the memo to a new object.";
    "__reduce__(self, /)" = |th, a| { let m = pickled(th, a)?; let d = pickler_dict(th, m)?; reduced(th, d) }, "Implement pickle support.";
};
static UNPICKLER_METHODS: &[NativeDef] = natives! {
    "clear(self, /)" = |th, a| { let m = unpickled(th, a)?; m.clear(th)?; Ok(Value::NONE) }, "Remove all items from memo.";
    "copy(self, /)" = |th, a| { let m = unpickled(th, a)?; unpickler_dict(th, m) }, "Copy the memo to a new object.";
    "__reduce__(self, /)" = |th, a| { let m = unpickled(th, a)?; let d = unpickler_dict(th, m)?; reduced(th, d) }, "Implement pickling support.";
};
/// Indices beyond this are not taken from scripts.
const MOST: usize = 1 << 24;

/// The memo of a pickler or unpickler: objects by their number. Other threads may clear it at any call that takes the thread.
pub fn of(th: &mut Thread, owner: Value) -> R<RootedVec> {
    let m = match owner.cast::<Pickler>() {
        Some(p) => p.read(th)?.memo,
        None => this::<Unpickler>(owner).read(th)?.memo,
    };
    Ok(RootedVec::from_value(m).expect("a memo"))
}
fn pickled(th: &mut Thread, a: Args) -> R<RootedVec> { of(th, this::<PicklerMemo>(a.get(0)).frozen().owner) }
fn unpickled(th: &mut Thread, a: Args) -> R<RootedVec> { of(th, this::<UnpicklerMemo>(a.get(0)).frozen().owner) }
/// The object with this number.
pub fn get(th: &mut Thread, m: RootedVec, i: usize) -> R<Option<Value>> { m.with(th, |all| all.get(i).copied().and_then(Value::get)) }
fn reduced(th: &mut Thread, d: Value) -> R<Value> {
    let args = th.new_tuple(&[d])?;
    th.new_tuple(&[dict::DICT.value(), args])
}
fn pickler_dict(th: &mut Thread, m: RootedVec) -> R<Value> {
    let d = dict::new(th)?;
    for i in 0..m.len(th)? {
        if let Some(v) = get(th, m, i)? {
            let (id, pair) = (int::from_u64(th, address(v))?, th.new_tuple(&[Value::int(i as i64), v])?);
            dict::set(th, d, id, pair)?;
        }
    }
    Ok(d.value())
}
fn unpickler_dict(th: &mut Thread, m: RootedVec) -> R<Value> {
    let d = dict::new(th)?;
    for i in 0..m.len(th)? {
        if let Some(v) = get(th, m, i)? {
            dict::set(th, d, Value::int(i as i64), v)?;
        }
    }
    Ok(d.value())
}
/// Puts `v` at `i`, whatever lies before it that was not there is UNSET.
pub fn put(th: &mut Thread, m: RootedVec, i: usize, v: Value) -> R<()> {
    if i >= MOST && i > 2 * m.len(th)? + 1 {
        return Err(th.memory_error());
    }
    loop {
        let there = m.with_mut(th, |all| all.get_mut(i).map(|place| *place = v))?;
        if there.is_some() {
            return Ok(());
        }
        m.push(th, Value::UNSET)?;
    }
}
fn copied(th: &mut Thread, from: RootedVec) -> R<RootedVec> {
    let n = from.len(th)?;
    let out = RootedVec::with_capacity(th, n)?;
    for i in 0..n {
        let v = get(th, from, i)?;
        out.push(th, v.unwrap_or(Value::UNSET))?;
    }
    Ok(out)
}

fn not_deleted(th: &mut Thread, x: Value) -> R<()> { if x.is_unset() { Err(th.type_error("attribute deletion is not supported")) } else { Ok(()) } }
pub fn get_pickler_memo(th: &mut Thread, v: Value) -> R<Value> { Ok(th.alloc(PICKLER_MEMO.shape(), PicklerMemo { header: Header::NEW, owner: v })?.value()) }
pub fn get_unpickler_memo(th: &mut Thread, v: Value) -> R<Value> { Ok(th.alloc(UNPICKLER_MEMO.shape(), UnpicklerMemo { header: Header::NEW, owner: v })?.value()) }
pub fn set_pickler_memo(th: &mut Thread, v: Value, x: Value) -> R<()> {
    not_deleted(th, x)?;
    let new = if let Some(p) = x.cast::<PicklerMemo>() {
        let m = of(th, p.frozen().owner)?;
        copied(th, m)?
    } else if let Some(d) = x.cast::<Dict>() {
        let out = RootedVec::new(th)?;
        let mut at = 0;
        while let Some((_, pair)) = dict::next(th, d, &mut at)? {
            let Some([i, obj]) = tuple::items(pair) else { return Err(th.type_error("'memo' values must be 2-item tuples")) };
            let i = int::arg_i64(th, *i)?;
            put(th, out, usize::try_from(i).unwrap_or(0), *obj)?;
        }
        out
    } else {
        let got = class_name(x);
        return Err(th.type_error(format!("'memo' attribute must be a PicklerMemoProxy object or dict, not {got}")));
    };
    this::<Pickler>(v).write(th)?.memo = new.value();
    Ok(())
}
pub fn set_unpickler_memo(th: &mut Thread, v: Value, x: Value) -> R<()> {
    not_deleted(th, x)?;
    let new = if let Some(p) = x.cast::<UnpicklerMemo>() {
        let m = of(th, p.frozen().owner)?;
        copied(th, m)?
    } else if let Some(d) = x.cast::<Dict>() {
        let out = RootedVec::new(th)?;
        let mut at = 0;
        while let Some((k, obj)) = dict::next(th, d, &mut at)? {
            if !int::is_int_like(k) {
                return Err(th.type_error("memo key must be integers"));
            }
            let Some(i) = int::to_i64(k).and_then(|i| usize::try_from(i).ok()) else { return Err(th.value_error("memo key must be positive integers.")) };
            put(th, out, i, obj)?;
        }
        out
    } else {
        let got = class_name(x);
        return Err(th.type_error(format!("'memo' attribute must be an UnpicklerMemoProxy object or dict, not {got}")));
    };
    this::<Unpickler>(v).write(th)?.memo = new.value();
    Ok(())
}
