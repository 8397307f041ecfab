//! `Pickler`, `dump` and `dumps`.

use super::save::{Memo, Saver};
use super::{memo, pickling_error};
use crate::api::*;
use crate::kinds;
use txpy_heap::Object;

object! {
    pub struct Pickler = kinds::PICKLER {
        /// The file's `write`; UNSET before `__init__`.
        pub write: Value,
        /// Objects by their number in the memo: a rooted vector.
        pub memo: Value,
        pub dispatch_table: Value,
        pub buffer_callback: Value,
        pub protocol: u8,
        pub bin: bool,
        pub fast: bool,
        pub fix_imports: bool,
    }
}
pub const INFO: txpy_heap::KindInfo = Pickler::INFO;
pub static PICKLER: TypeDef = TypeDef {
    name: "Pickler", module: "_pickle", kind: kinds::PICKLER, size: size_of::<Pickler>() as u16, flags: type_flag::BASE | type_flag::PY3,
    methods: &[METHODS], getset: getset! {
        "memo" = memo::get_pickler_memo, mut memo::set_pickler_memo, "";
        "dispatch_table" = get_table, mut set_table, "";
        "bin" = |th, v| Ok(Value::int(this::<Pickler>(v).read(th)?.bin as i64)), mut set_bin, "";
        "fast" = |th, v| Ok(Value::int(this::<Pickler>(v).read(th)?.fast as i64)), mut set_fast, "";
    },
    doc: "This takes a binary file for writing a pickle data stream.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, file, protocol=None, fix_imports=True, buffer_callback=None)" = init, "Initialize self.";
    "dump(self, obj, /)" = dump_method, "Write a pickled representation of the given object to the open file.";
    "clear_memo(self, /)" = clear_memo, "Clears the pickler's \"memo\".";
    "persistent_id(self, obj, /)" = |_, _| Ok(Value::NONE), "Identity of an object that lives elsewhere.";
};

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let u = Value::UNSET;
    let memo = RootedVec::new(th)?.value();
    Ok(instance::alloc_like(th, a.get(0), |_| Pickler {
        header: Header::NEW, write: u, memo, dispatch_table: u, buffer_callback: u, protocol: 4, bin: true, fast: false, fix_imports: true
    })?.value())
}
/// The protocol that an argument asks for.
fn protocol(th: &mut Thread, v: Option<Value>) -> R<u8> {
    let Some(v) = v.filter(|v| !v.is_none()) else { return Ok(4) };
    match int::arg_i64(th, v)? {
        ..0 => Ok(5),
        p @ 0..=5 => Ok(p as u8),
        _ => Err(th.value_error("pickle protocol must be <= 5")),
    }
}
fn callback(th: &mut Thread, v: Option<Value>, protocol: u8) -> R<Value> {
    match v.filter(|v| !v.is_none()) {
        Some(_) if protocol < 5 => Err(th.value_error("buffer_callback needs protocol >= 5")),
        Some(v) => Ok(v),
        None => Ok(Value::UNSET),
    }
}
fn fixes(th: &mut Thread, v: Option<Value>, protocol: u8) -> R<bool> {
    let on = match v {
        Some(v) => is_true(th, v)?,
        None => true,
    };
    Ok(on && protocol < 3)
}
fn file_write(th: &mut Thread, file: Value) -> R<Value> {
    match attr::get_str_opt(th, file, "write")? {
        Some(w) => Ok(w),
        None => Err(th.type_error("file must have a 'write' attribute")),
    }
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let p = protocol(th, a.opt(2))?;
    let fix = fixes(th, a.opt(3), p)?;
    let callback = callback(th, a.opt(4), p)?;
    let write = file_write(th, a.get(1))?;
    let memo = RootedVec::new(th)?.value();
    let mut g = this::<Pickler>(a.get(0)).write(th)?;
    (g.write, g.memo, g.buffer_callback, g.protocol, g.bin, g.fix_imports) = (write, memo, callback, p, p > 0, fix);
    Ok(Value::NONE)
}
fn clear_memo(th: &mut Thread, a: Args) -> R<Value> {
    memo::of(th, a.get(0))?.clear(th)?;
    Ok(Value::NONE)
}
fn get_table(th: &mut Thread, v: Value) -> R<Value> {
    match this::<Pickler>(v).read(th)?.dispatch_table.get() {
        Some(t) => Ok(t),
        None => Err(th.attribute_error("dispatch_table")),
    }
}
fn set_table(th: &mut Thread, v: Value, x: Value) -> R<()> {
    this::<Pickler>(v).write(th)?.dispatch_table = x;
    Ok(())
}
/// The value given to an attribute that is a number.
fn number(th: &mut Thread, x: Value) -> R<bool> { if x.is_unset() { Err(th.type_error("can't delete numeric/char attribute")) } else { Ok(int::arg_i64(th, x)? != 0) } }
fn set_bin(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let on = number(th, x)?;
    this::<Pickler>(v).write(th)?.bin = on;
    Ok(())
}
fn set_fast(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let on = number(th, x)?;
    this::<Pickler>(v).write(th)?.fast = on;
    Ok(())
}

/// A method of a subclass or an attribute of the instance; None for what the native class has.
pub fn overridden(th: &mut Thread, v: Value, name: &str) -> R<Option<Value>> {
    if !class_of(v).frozen().has(type_flag::HEAP) {
        return Ok(None);
    }
    let found = attr::get_str_opt(th, v, name)?;
    Ok(found.filter(|f| f.cast::<txpy_vm::types::native_function::Native>().is_none_or(|n| n.frozen().this != v || n.frozen().def().name() != name)))
}

fn dump_method(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let g = this::<Pickler>(v).read(th)?;
    let (write, callback, proto, bin, fast, fix) = (g.write, g.buffer_callback, g.protocol, g.bin, g.fast, g.fix_imports);
    drop(g);
    if write.is_unset() {
        let name = class_name(v);
        return Err(pickling_error(th, format!("Pickler.__init__() was not called by {name}.__init__()")));
    }
    let objects = memo::of(th, v)?;
    let mut known = Memo::default();
    objects.with(th, |s| known.extend(s.iter().enumerate().filter(|(_, o)| !o.is_unset()).map(|(i, o)| (o.bits(), i as u32))))?;
    let persistent = overridden(th, v, "persistent_id")?.unwrap_or(Value::UNSET);
    let reducer = if class_of(v).frozen().has(type_flag::HEAP) { attr::get_str_opt(th, v, "reducer_override")?.unwrap_or(Value::UNSET) } else { Value::UNSET };
    let table = attr::get_str_opt(th, v, "dispatch_table")?.unwrap_or(Value::UNSET);
    let mut s = Saver::new(objects, known, proto, bin, fast, fix);
    (s.persistent, s.reducer, s.table, s.callback, s.write) = (persistent, reducer, table, callback, write);
    s.run(th, a.get(1))?;
    s.flush(th)?;
    Ok(Value::NONE)
}
fn one_shot(th: &mut Thread, obj: Value, proto: Option<Value>, fix: Option<Value>, buffers: Option<Value>, write: Value) -> R<Saver> {
    let p = protocol(th, proto)?;
    let fix = fixes(th, fix, p)?;
    let callback = callback(th, buffers, p)?;
    let objects = RootedVec::new(th)?;
    let mut s = Saver::new(objects, Memo::default(), p, p > 0, false, fix);
    (s.callback, s.write) = (callback, write);
    s.run(th, obj)?;
    Ok(s)
}
pub fn dumps(th: &mut Thread, a: Args) -> R<Value> {
    let s = one_shot(th, a.get(0), a.opt(1), a.opt(2), a.opt(3), Value::UNSET)?;
    th.new_bytes(&s.out)
}
pub fn dump(th: &mut Thread, a: Args) -> R<Value> {
    let write = file_write(th, a.get(1))?;
    let mut s = one_shot(th, a.get(0), a.opt(2), a.opt(3), a.opt(4), write)?;
    s.flush(th)?;
    Ok(Value::NONE)
}
