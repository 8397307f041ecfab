//! Struct sequences: tuples with named fields, some of which lie behind the tuple's end (`os.stat_result`, `sys.version_info`, `time.struct_time`).

use std::sync::atomic::AtomicU64;
use txpy_heap::flag;
use txpy_vm::native::{GetSetDef, TypeDef};
use txpy_vm::object::{self, instance};
use txpy_vm::types::{tuple, type_};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, kinds, natives};

/// Declares a struct sequence type: fields of the tuple, then hidden ones that exist as attributes only.
///
/// `struct_seq! { pub static STAT: "os", "stat_result", "doc" { st_mode 0, st_ino 1 } }`
#[macro_export]
macro_rules! struct_seq {
    ($(#[$m:meta])* $vis:vis static $id:ident: $module:literal, $name:literal, $doc:literal { $($field:literal $i:literal),* $(,)? }) => {
        $(#[$m])* $vis static $id: txpy_vm::TypeDef = txpy_vm::TypeDef {
            name: $name, module: $module, doc: $doc, kind: txpy_vm::kinds::TUPLE, base: Some(&txpy_vm::types::tuple::TUPLE),
            methods: &[$crate::structseq::METHODS],
            getset: txpy_vm::getset! { $($field = $crate::structseq::field::<$i>, "Field.";)* },
            ..txpy_vm::TypeDef::DEFAULT
        };
    };
}

/// Attribute of item `I`.
pub fn field<const I: usize>(_: &mut Thread, v: Value) -> R<Value> { Ok(tuple::items(v).and_then(|t| t.get(I).copied()).unwrap_or(Value::NONE)) }

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, sequence, dict=None)" = new_, "Create from a sequence.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__reduce__(self, /)" = reduce, "Helper for pickle.";
    #[py3] "__replace__(self, /, **changes)" = replace, "Return a copy with new values for the given fields.";
};

/// The item fields' names in order of index.
fn fields(def: &'static TypeDef) -> &'static [GetSetDef] { def.getset }

/// A struct sequence of `def` with these items and hidden fields.
pub fn new(th: &mut Thread, def: &'static TypeDef, items: &[Value], hidden: &[(&str, Value)]) -> R<Value> {
    let t = type_::make_native(th, def)?;
    of_class(th, t, items, hidden)
}
fn of_class(th: &mut Thread, t: Gc<type_::Type>, items: &[Value], hidden: &[(&str, Value)]) -> R<Value> {
    let n = items.len();
    let bytes = size_of::<tuple::Tuple>() + 8 * n + 8;
    let keep = tuple::new(th, items)?;
    // SAFETY: a tuple of `n` items followed by one word for its dict, filled before anything else happens.
    let v = unsafe {
        let h = th.alloc_raw(bytes, kinds::TUPLE, t.frozen().root_shape(), flag::FROZEN | flag::TAIL_DICT)?;
        let p: *mut tuple::Tuple = h.cast();
        (&raw mut (*p).len).write(n);
        (&raw mut (*p).hash).write(AtomicU64::new(0));
        std::ptr::copy_nonoverlapping(tuple::items(keep).unwrap_or(&[]).as_ptr(), p.add(1).cast::<Value>(), n);
        Value::from_ptr(h)
    };
    for (name, x) in hidden {
        let name = th.intern(name)?;
        instance::set_slot(th, v, name, *x)?;
    }
    Ok(v)
}

fn type_name(t: Gc<type_::Type>) -> String {
    let def = t.frozen().def();
    let mut at = t;
    while let Some(b) = at.frozen().base.get().cast::<type_::Type>() {
        if std::ptr::eq(at.frozen().def(), def) && !at.frozen().has(txpy_vm::native::type_flag::HEAP) {
            break;
        }
        at = b;
    }
    let d = at.frozen().def();
    if d.module.is_empty() { d.name.to_string() } else { format!("{}.{}", d.module, d.name) }
}

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let Some(t) = a.get(0).cast::<type_::Type>() else { return Err(th.type_error("structseq.__new__(X): X is not a type object")) };
    let def = definition(t);
    let want = fields(def).len();
    let name = type_name(t);
    let seq = object::iter::to_tuple(th, a.get(1))?;
    let items = tuple::items(seq).unwrap_or(&[]);
    if items.len() < want {
        let n = items.len();
        return Err(th.type_error(format!("{name}() takes an at least {want}-sequence ({n}-sequence given)")));
    }
    // Items beyond the tuple's are the hidden fields.
    let more: &[&str] = match def.name {
        "struct_time" => &["tm_zone", "tm_gmtoff"],
        "statvfs_result" => &["f_fsid"],
        _ => &[],
    };
    if th.py3() && !more.is_empty() && items.len() > want + more.len() {
        let (n, most) = (items.len(), want + more.len());
        return Err(th.type_error(format!("{name}() takes an at most {most}-sequence ({n}-sequence given)")));
    }
    let hidden: Vec<(&str, Value)> = if th.py3() { more.iter().enumerate().map(|(i, n)| (*n, items.get(want + i).copied().unwrap_or(Value::NONE))).collect() } else { vec![] };
    let v = of_class(th, t, &items[..want], &hidden)?;
    if let Some(d) = a.some(2).and_then(|d| d.cast::<txpy_vm::types::dict::Dict>()) {
        let mut at = 0;
        while let Some((k, x)) = txpy_vm::types::dict::next(th, d, &mut at)? {
            instance::set_slot(th, v, k, x)?;
        }
    }
    Ok(v)
}
fn definition(t: Gc<type_::Type>) -> &'static TypeDef { t.frozen().def() }

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let t = object::class_of(a.get(0));
    let mut s = type_name(t) + "(";
    let items = tuple::items(a.get(0)).unwrap_or(&[]);
    for (i, (f, x)) in fields(definition(t)).iter().zip(items).enumerate() {
        if i > 0 {
            s += ", ";
        }
        s += f.name;
        s.push('=');
        s += &object::repr_text(th, *x)?;
    }
    s.push(')');
    th.native_str(&s)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let t = object::class_of(a.get(0)).value();
    let items = th.new_tuple(tuple::items(a.get(0)).unwrap_or(&[]))?;
    let d = hidden(th, a.get(0))?;
    let args = th.new_tuple(&[items, d])?;
    th.new_tuple(&[t, args])
}
/// A dict of the hidden fields.
fn hidden(th: &mut Thread, v: Value) -> R<Value> {
    let d = instance::dict_of(th, v)?;
    Ok(txpy_vm::types::dict::copy(th, d)?.value())
}
fn replace(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let t = object::class_of(v);
    let fields = fields(definition(t));
    let mut items = txpy_vm::types::list::new(th, tuple::items(v).unwrap_or(&[]))?;
    let d: Gc<txpy_vm::types::dict::Dict> = hidden(th, v)?.cast().expect("a dict");
    for i in 0..a.keyword_count() {
        let (k, x) = a.keyword(i);
        let name = txpy_vm::types::text::lossy(k).into_owned();
        match fields.iter().position(|f| f.name == name) {
            Some(at) => object::item::set(th, items, Value::int(at as i64), x)?,
            None if txpy_vm::types::dict::get(th, d, k)?.is_some() => txpy_vm::types::dict::set(th, d, k, x)?,
            None => {
                let got = object::repr_text(th, k)?;
                return Err(th.type_error(format!("Got unexpected field name(s): [{got}]")));
            }
        }
    }
    items = object::iter::to_tuple(th, items)?;
    let class = t.value();
    th.call(class, &[items, d.value()])
}
