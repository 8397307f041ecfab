//! What the modules of this crate use of the vm, under one roof, and small helpers that several of them share.

pub use txpy_heap::{Gc, Header, R, RootedVec, Unwind, Value, Values, object};
pub use txpy_vm::exceptions::{ATTRIBUTE_ERROR, INDEX_ERROR, KEY_ERROR, LOOKUP_ERROR, OVERFLOW_ERROR, RUNTIME_ERROR, STOP_ITERATION, TYPE_ERROR, VALUE_ERROR};
pub use txpy_vm::native::{GetSetDef, type_flag};
pub use txpy_vm::object::compare::{Cmp, compare, compare_bool};
pub use txpy_vm::object::number::{Op, binary, inplace};
pub use txpy_vm::object::{attr, call::call_ex, class_name, class_of, dunder, instance, is_instance, is_true, item, iter, number, repr_text, same_or_equal};
pub use txpy_vm::types::dict::{self, Dict};
pub use txpy_vm::types::dunder::D;
pub use txpy_vm::types::float;
pub use txpy_vm::types::int;
pub use txpy_vm::types::list::{self, List};
pub use txpy_vm::types::module::{self, Module};
pub use txpy_vm::types::text;
pub use txpy_vm::types::tuple;
pub use txpy_vm::types::type_::{self, Type};
pub use txpy_vm::warn::warn;
pub use txpy_vm::{Args, Lang, ModuleDef, NativeDef, Thread, TypeDef, getset, natives, next_methods};

/// The instance that the call has checked.
#[inline]
pub fn this<T: txpy_heap::Object>(v: Value) -> Gc<T> { v.cast().expect("checked by the call") }

/// A tuple of what a rooted vector holds.
pub fn tuple_of(th: &mut Thread, v: RootedVec) -> R<Value> {
    let n = v.len(th)?;
    let t = tuple::alloc(th, n)?;
    v.with(th, |s| {
        if s.len() == n {
            // SAFETY: the tuple is not yet known to anybody else.
            unsafe { t.frozen().tail_mut() }.copy_from_slice(s)
        }
    })?;
    th.remember(t.header());
    Ok(t.value())
}

/// A list of what a rooted vector holds.
pub fn list_of(th: &mut Thread, v: RootedVec) -> R<Value> {
    let n = v.len(th)?;
    let l = list::with_capacity(th, n)?;
    for i in 0..n {
        let x = v.get(th, i)?;
        list::append(th, l, x)?;
    }
    Ok(l.value())
}

/// A tuple of the positional arguments from `skip` on.
pub fn rest(th: &mut Thread, a: Args, skip: usize) -> R<Value> {
    let v = RootedVec::with_capacity(th, a.positional().saturating_sub(skip))?;
    for i in skip..a.positional() {
        v.push(th, a.get(i))?;
    }
    tuple_of(th, v)
}

/// A dict of the keyword arguments, UNSET without any.
pub fn keywords(th: &mut Thread, a: Args) -> R<Value> {
    if !a.has_keywords() {
        return Ok(Value::UNSET);
    }
    let d = dict::new(th)?;
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        dict::set(th, d, k, v)?;
    }
    Ok(d.value())
}

/// TypeError when keyword arguments were given to what takes none.
pub fn no_keywords(th: &mut Thread, a: Args, name: &str) -> R<()> {
    if a.keyword_count() == 0 { Ok(()) } else { Err(th.type_error(format!("{name}() takes no keyword arguments"))) }
}

/// TypeError unless `n` lies in `min..=max`, in the words of argument tuples.
pub fn arity(th: &mut Thread, name: &str, n: usize, min: usize, max: usize) -> R<()> {
    if n >= min && n <= max {
        return Ok(());
    }
    let (bound, k) = if n < min { (if min == max { "" } else { "at least " }, min) } else { (if min == max { "" } else { "at most " }, max) };
    let s = if k == 1 && th.py3() { "" } else { "s" };
    Err(th.type_error(format!("{name} expected {bound}{k} argument{s}, got {n}")))
}

/// The keyword arguments of `a` in the places that `names` gives them: positional ones first. For natives with `**kwargs` signatures.
pub fn bind<const N: usize>(th: &mut Thread, a: Args, skip: usize, name: &str, names: [&str; N]) -> R<[Value; N]> {
    let mut out = [Value::UNSET; N];
    let given = a.positional().saturating_sub(skip);
    if given > N {
        let s = if N == 1 { "" } else { "s" };
        return Err(th.type_error(format!("{name}() takes at most {N} argument{s} ({given} given)")));
    }
    for (i, o) in out.iter_mut().enumerate().take(given) {
        *o = a.get(skip + i);
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        let k = text::lossy(k);
        match names.iter().position(|n| *n == k) {
            Some(p) if out[p].is_unset() => out[p] = v,
            Some(p) => return Err(th.type_error(format!("argument for {name}() given by name ('{k}') and position ({})", p + 1))),
            None if th.py3() => return Err(th.type_error(format!("{name}() got an unexpected keyword argument '{k}'"))),
            None => return Err(th.type_error(format!("'{k}' is an invalid keyword argument for this function"))),
        }
    }
    Ok(out)
}

/// The bytes of a bytes-like argument as a byte string; in 2.7 those of text too, which must be ASCII.
pub fn byte_string(th: &mut Thread, v: Value) -> R<Value> {
    if text::is_text(v) && !th.py3() { txpy_vm::types::codec::encode(th, v, "ascii", "strict") } else { txpy_vm::native::buffer::snapshot(th, v) }
}

/// The low 64 bits of an integer argument.
pub fn low_bits(th: &mut Thread, v: Value) -> R<u64> {
    let v = int::index(th, v)?;
    let n = int::to_bigint(v).unwrap_or_default();
    let low = n.magnitude().iter_u64_digits().next().unwrap_or(0);
    Ok(if n.sign() == num_bigint::Sign::Minus { low.wrapping_neg() } else { low })
}

/// An empty vector with room for `n` bytes, or MemoryError.
pub fn room(th: &mut Thread, n: usize) -> R<Vec<u8>> {
    let mut out = Vec::new();
    if out.try_reserve_exact(n).is_err() { Err(th.memory_error()) } else { Ok(out) }
}

/// Bytes as hexadecimal digits.
pub fn hex_digits(th: &mut Thread, b: &[u8]) -> R<Vec<u8>> {
    let mut out = room(th, b.len().saturating_mul(2))?;
    out.extend(b.iter().flat_map(|x| [x >> 4, x & 15]).map(|d| b"0123456789abcdef"[d as usize]));
    Ok(out)
}

/// The bits of a reference: a stable number for messages and keys.
pub fn address(v: Value) -> u64 { v.bits() & !7 }

/// A fresh instance of `class`, a class with payload `T`, that has shaped slots whether or not the class was made by a script: for native
/// classes whose instances carry attributes.
pub fn alloc_slotted<T: txpy_heap::Object>(th: &mut Thread, def: &'static TypeDef, class: Value, init: T) -> R<Gc<T>> {
    let class = txpy_vm::types::int_args::new_class(th, def, class)?;
    let flags = type_::instance_flags(class.frozen()) | txpy_heap::flag::SLOTS;
    instance::alloc_with_slots(th, class, flags, init)
}

/// Declares an exception class of a module: `exception! { ERROR, "struct" "error", &EXCEPTION, "doc" }`.
#[macro_export]
macro_rules! exception {
    ($id:ident, $module:literal $name:literal, $base:expr, $doc:literal) => {
        pub static $id: txpy_vm::exceptions::ExcDef = txpy_vm::TypeDef {
            name: $name, module: $module, doc: $doc, base: Some($base), kind: txpy_vm::kinds::EXCEPTION, size: size_of::<txpy_vm::types::exception::Exception>() as u16,
            flags: txpy_vm::native::type_flag::BASE | txpy_vm::native::type_flag::DICT | txpy_vm::native::type_flag::WEAK | txpy_vm::native::type_flag::EXCEPTION,
            ..txpy_vm::TypeDef::DEFAULT
        };
    };
}
