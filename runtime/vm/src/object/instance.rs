//! Instance attributes: shaped slots, overflow storage, dictionary mode; allocation of instances of script classes.
//!
//! An object whose header has SLOTS carries, at its shape's `slots_at`, an overflow word (0, a `Values` with the slots that did not fit,
//! or in dictionary mode the instance's dict), then the inline slots. An object with TAIL_DICT has one word for its dict after its tail.
//!
//! What `__slots__` declares is no part of `__dict__`. In dictionary mode it lies in the inline slots, of which there are enough, in the order of
//! `Type::slots`; before, it is a slot of the shape as any other. With TAIL_DICT the word leads to a dict of the declared slots, in which the
//! instance's own dict has the key `__dict__`.

use crate::names::{N, n};
use crate::native::type_flag;
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::type_::{self, Type};
use std::sync::atomic::Ordering::*;
use txpy_heap::shape::{self, shape_flag};
use txpy_heap::{Gc, Header, Object, R, Value, Values, flag};

/// A fresh instance of `class` (a subclass of the native type with payload `T`, or that type itself).
pub fn alloc_like<T: Object>(th: &mut Thread, class: Value, make: impl FnOnce(&mut Thread) -> T) -> R<Gc<T>> {
    let Some(t) = class.cast::<Type>() else {
        let got = super::class_name(class);
        return Err(th.type_error(format!("object.__new__(X): X is not a type object ({got})")));
    };
    let r = t.frozen();
    let init = make(th);
    if !r.has(type_flag::HEAP) {
        return th.alloc(r.root_shape(), init);
    }
    // Even if the payload is frozen, the slots are not: they need the object's access word.
    alloc_with_slots(th, t, type_::instance_flags(r), init)
}

/// A fresh instance of `class`, a class whose layout begins with payload `T`, with inline slots behind it.
pub fn alloc_with_slots<T: Object>(th: &mut Thread, class: Gc<Type>, flags: u16, init: T) -> R<Gc<T>> {
    let id = class.frozen().root_shape();
    let s = shape::shape(id);
    let bytes = s.slots_at as usize + 8 + 8 * s.inline as usize;
    // SAFETY: the layout of instances begins with the payload, which is copied before anything else happens; nobody else sees the object yet.
    unsafe {
        let h = th.alloc_raw(bytes, T::KIND, id, flags)?;
        let from = (&raw const init).cast::<u8>().add(size_of::<Header>());
        std::ptr::copy_nonoverlapping(from, h.cast::<u8>().add(size_of::<Header>()), size_of::<T>() - size_of::<Header>());
        Ok(Gc::from_ptr(h.cast()))
    }
}

fn frozen<T: Object>() -> u16 { if T::INFO.frozen { flag::FROZEN } else { 0 } }

/// A fresh instance of `class` with variable size: `init` has its `len` set, `items` go into the tail.
pub fn alloc_tail_like<T: Object, E: Copy>(th: &mut Thread, class: Gc<Type>, init: T, items: &[E]) -> R<Gc<T>> {
    let r = class.frozen();
    if !r.has(type_flag::HEAP) {
        return th.alloc_tail_with(r.root_shape(), init, items);
    }
    let Some(bytes) = size_of_val(items).checked_add(size_of::<T>()).map(|n| n.next_multiple_of(8) + 8) else { return Err(th.memory_error()) };
    // A collection may run in alloc_raw; `items` are on a native stack or in an object that the caller holds.
    let flags = (type_::instance_flags(r) & flag::FINALIZER) | flag::TAIL_DICT;
    // SAFETY: as in `alloc_like`; the tail lies right after the fixed part.
    unsafe {
        let h = th.alloc_raw(bytes, T::KIND, r.root_shape(), flags | frozen::<T>())?;
        let from = (&raw const init).cast::<u8>().add(size_of::<Header>());
        std::ptr::copy_nonoverlapping(from, h.cast::<u8>().add(size_of::<Header>()), size_of::<T>() - size_of::<Header>());
        std::ptr::copy_nonoverlapping(items.as_ptr(), h.cast::<T>().add(1).cast::<E>(), items.len());
        Ok(Gc::from_ptr(h.cast()))
    }
}

/// A plain instance of a script class whose layout is `object`'s.
#[inline]
pub fn alloc_plain(th: &mut Thread, t: Gc<Type>) -> R<Value> {
    let r = t.frozen();
    let id = r.root_shape();
    let s = shape::shape(id);
    let bytes = s.slots_at as usize + 8 + 8 * s.inline as usize;
    // SAFETY: header, overflow word and slots; all zero is valid.
    unsafe { Ok(Value::from_ptr(th.alloc_raw(bytes, crate::kinds::OBJECT, id, type_::instance_flags(r))?)) }
}

/// # Safety
/// `h` has SLOTS and is held for reading or writing; `i` is below its shape's count.
#[inline]
unsafe fn slot_ptr(h: &Header, s: &shape::Shape, i: u16) -> *mut Value {
    unsafe {
        let at = (h as *const Header as *mut u8).add(s.slots_at as usize).cast::<Value>();
        if i < s.inline { at.add(1 + i as usize) } else { (*at).cast::<Values>().expect("overflow storage").frozen().tail_mut().as_mut_ptr().add((i - s.inline) as usize) }
    }
}
/// # Safety
/// `h` has SLOTS.
unsafe fn overflow(h: &Header) -> *mut Value { unsafe { (h as *const Header as *mut u8).add(shape::shape(h.shape_id()).slots_at as usize).cast() } }

/// The word after the tail of an object with TAIL_DICT.
/// # Safety
/// `h` has TAIL_DICT.
unsafe fn tail_word(h: &Header) -> *mut Value { unsafe { (h as *const Header as *mut u8).add(txpy_heap::kinds::plain_size(h)).cast() } }

/// The attribute `name` (interned) of the instance itself.
pub fn get_slot(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    let Some(h) = v.header() else { return Ok(None) };
    if h.has(flag::SLOTS) {
        th.access_read(h)?;
        let id = h.shape_id();
        let s = shape::shape(id);
        if s.flags.load(Relaxed) & shape_flag::DICT != 0 {
            // SAFETY: held for reading; no safepoint since.
            let d = unsafe { *overflow(h) };
            return match d.cast::<Dict>() {
                Some(d) => dict::get(th, d, name),
                None => Ok(None),
            };
        }
        let name = th.intern_value(name);
        if is_hidden(s, name) {
            return Ok(None);
        }
        // SAFETY: held for reading, the slot is below the shape's count.
        return Ok(shape::lookup(id, name).map(|i| unsafe { *slot_ptr(h, s, i) }));
    }
    match existing_dict(th, v)? {
        Some(d) => dict::get(th, d, name),
        None => Ok(None),
    }
}

/// The instance dict of an object that keeps one outside shaped slots, if it was made.
fn existing_dict(th: &mut Thread, v: Value) -> R<Option<Gc<Dict>>> {
    let Some(h) = v.header() else { return Ok(None) };
    if !h.has(flag::TAIL_DICT) {
        return Ok(late_dict(v).and_then(|l| l.get().cast()));
    }
    match tail_dict(h) {
        Some(d) if !super::class_of(v).frozen().slots().is_empty() => Ok(dict::get(th, d, n(N::__dict__))?.and_then(|d| d.cast())),
        d => Ok(d),
    }
}
/// What the word of an object with TAIL_DICT leads to.
fn tail_dict(h: &Header) -> Option<Gc<Dict>> {
    // SAFETY: the flag says that the word is there; it is written by compare and exchange, and by `set_dict`.
    unsafe { Value((*tail_word(h).cast::<std::sync::atomic::AtomicU64>()).load(Acquire)).cast() }
}
/// As `tail_dict`, which it makes.
fn make_tail_dict(th: &mut Thread, h: &Header) -> R<Gc<Dict>> {
    if let Some(d) = tail_dict(h) {
        return Ok(d);
    }
    let fresh = dict::new(th)?;
    // SAFETY: the flag says that the word is there.
    let word = unsafe { &*tail_word(h).cast::<std::sync::atomic::AtomicU64>() };
    Ok(match word.compare_exchange(0, fresh.value().bits(), AcqRel, Acquire) {
        Ok(_) => {
            th.remember(h);
            fresh
        }
        Err(other) => Value(other).cast().expect("the tail word holds a dict"),
    })
}
/// Where functions and their like keep their dict.
fn late_dict<'a>(v: Value) -> Option<&'a txpy_heap::Late> {
    use crate::types::{function::Function, method::*, native_function::Native};
    // SAFETY: these kinds are frozen and never move; the caller holds `v`.
    unsafe {
        if let Some(f) = v.cast::<Function>() {
            return Some(&(*f.as_ptr()).dict);
        }
        if let Some(f) = v.cast::<Native>() {
            return Some(&(*f.as_ptr()).dict);
        }
        if let Some(f) = v.cast::<StaticMethod>() {
            return Some(&(*f.as_ptr()).dict);
        }
        v.cast::<ClassMethod>().map(|f| &(*f.as_ptr()).dict)
    }
}

/// Sets the attribute `name` of the instance itself. The class was checked to allow it.
pub fn set_slot(th: &mut Thread, v: Value, name: Value, x: Value) -> R<()> {
    let Some(h) = v.header() else { return Err(th.system_error("attribute of an immediate")) };
    if !h.has(flag::SLOTS) {
        let d = dict_of(th, v)?;
        return dict::set(th, d, name, x);
    }
    let name = th.intern_value(name);
    if !th.is_native_str_exact(name) {
        let d = dict_of(th, v)?;
        return dict::set(th, d, name, x);
    }
    loop {
        th.access_write(h)?;
        let id = h.shape_id();
        let s = shape::shape(id);
        if s.flags.load(Relaxed) & shape_flag::DICT != 0 {
            // SAFETY: held for writing.
            let d = unsafe { *overflow(h) }.cast::<Dict>().expect("dictionary mode has a dict");
            return dict::set(th, d, name, x);
        }
        if is_hidden(s, name) {
            dict_of(th, v)?;
            continue;
        }
        match put(th, h, id, name, x)? {
            Put::Done => return Ok(()),
            Put::Changed => {}
            Put::Full => drop(dict_of(th, v)?),
        }
    }
}
/// What became of a store into a shaped slot: other threads may have changed the object meanwhile, and there may be no shape for one more.
enum Put {
    Done,
    Changed,
    Full,
}
/// Stores `x` as the slot `name` of an object that is held for writing, has the shape `id` and is not in dictionary mode. Adds the slot where there is none.
fn put(th: &mut Thread, h: &Header, id: u32, name: Value, x: Value) -> R<Put> {
    let s = shape::shape(id);
    if let Some(i) = shape::lookup(id, name) {
        // SAFETY: held for writing since the last safepoint.
        unsafe { *slot_ptr(h, s, i) = x };
        return Ok(Put::Done);
    }
    let Some(next) = shape::child(id, name) else { return Ok(Put::Full) };
    let i = s.count;
    if i >= s.inline {
        let want = (i - s.inline + 1) as usize;
        // SAFETY: held for writing.
        let have = unsafe { *overflow(h) }.cast::<Values>().map_or(0, |o| o.frozen().len);
        if want > have {
            if let Some(t) = s.class.cast::<Type>() {
                type_::grow_inline(t, (s.inline * 2).max(4));
            }
            let cap = (have * 2).max(4);
            let fresh = th.alloc_tail::<Values>(0, Values { header: Header::NEW, len: cap }, cap)?;
            th.access_write(h)?;
            if h.shape_id() != id {
                return Ok(Put::Changed);
            }
            // SAFETY: held for writing; the fresh storage is known to nobody else.
            unsafe {
                if let Some(old) = (*overflow(h)).cast::<Values>() {
                    fresh.frozen().tail_mut()[..have].copy_from_slice(old.frozen().items());
                    th.remember(old.header());
                }
                *overflow(h) = fresh.value();
            }
        }
    }
    h.shape.store(next, Relaxed);
    // SAFETY: held for writing; slot i exists in the new shape.
    unsafe { *slot_ptr(h, shape::shape(next), i) = x };
    Ok(Put::Done)
}

/// Removes the attribute; whether it was there.
pub fn del_slot(th: &mut Thread, v: Value, name: Value) -> R<bool> {
    let Some(h) = v.header() else { return Ok(false) };
    if !h.has(flag::SLOTS) {
        return match existing_dict(th, v)? {
            Some(d) => Ok(dict::remove(th, d, name)?.is_some()),
            None => Ok(false),
        };
    }
    let name = th.intern_value(name);
    th.access_write(h)?;
    let id = h.shape_id();
    let s = shape::shape(id);
    if s.flags.load(Relaxed) & shape_flag::DICT != 0 {
        // SAFETY: held for writing.
        let d = unsafe { *overflow(h) }.cast::<Dict>().expect("dictionary mode has a dict");
        return Ok(dict::remove(th, d, name)?.is_some());
    }
    if is_hidden(s, name) {
        return Ok(false);
    }
    match take_out(h, id, name) {
        Some(was_there) => Ok(was_there),
        None => {
            dict_of(th, v)?;
            del_slot(th, v, name)
        }
    }
}
/// Removes the slot `name` of an object that is held for writing, has the shape `id` and is not in dictionary mode; whether it was there. None when there is no
/// shape for what remains.
fn take_out(h: &Header, id: u32, name: Value) -> Option<bool> {
    let s = shape::shape(id);
    let Some(gone) = shape::lookup(id, name) else { return Some(false) };
    // The shape that the remaining attributes would have made; slots after the removed one move down.
    let mut next = s.root;
    for (i, n) in shape::names(id) {
        if i != gone {
            next = shape::child(next, n)?;
        }
    }
    // SAFETY: held for writing, no safepoint since; slots below the old shape's count.
    unsafe {
        for i in gone + 1..s.count {
            *slot_ptr(h, s, i - 1) = *slot_ptr(h, s, i);
        }
        *slot_ptr(h, s, s.count - 1) = Value::UNSET;
    }
    h.shape.store(next, Relaxed);
    Some(true)
}

// ---- what `__slots__` declares

/// Where `key` stands among the slots that the shape's class declares.
fn position(s: &shape::Shape, key: Value) -> Option<u16> { s.class.cast::<Type>()?.frozen().slots().iter().position(|k| *k == key).map(|i| i as u16) }
/// Whether the shape's slot of this name, should there be one, is a declared one and not the attribute that the name means.
fn is_hidden(s: &shape::Shape, name: Value) -> bool { s.flags.load(Relaxed) & shape_flag::HIDDEN_SLOT != 0 && position(s, name).is_some() }
/// The index of a declared slot that is there: in dictionary mode its position, and there is room for all of them.
fn declared_at(s: &shape::Shape, id: u32, key: Value) -> Option<u16> {
    if s.flags.load(Relaxed) & shape_flag::DICT != 0 { position(s, key).filter(|i| *i < s.inline) } else { shape::lookup(id, key) }
}

/// The Value of the slot that the object's class, or a base, declares under `key`.
pub fn get_declared(th: &mut Thread, v: Value, key: Value) -> R<Option<Value>> {
    let Some(h) = v.header() else { return Ok(None) };
    if !h.has(flag::SLOTS) {
        return match tail_dict(h) {
            Some(d) => dict::get(th, d, key),
            None => Ok(None),
        };
    }
    th.access_read(h)?;
    let id = h.shape_id();
    let s = shape::shape(id);
    // SAFETY: held for reading; the slot is below the shape's count, or an inline one.
    Ok(declared_at(s, id, key).map(|i| unsafe { *slot_ptr(h, s, i) }).filter(|x| !x.is_unset()))
}

/// Sets it. Errors: OutOfMemory, Abort.
pub fn set_declared(th: &mut Thread, v: Value, key: Value, x: Value) -> R<()> {
    let Some(h) = v.header() else { return Err(th.system_error("attribute of an immediate")) };
    if !h.has(flag::SLOTS) {
        let d = make_tail_dict(th, h)?;
        return dict::set(th, d, key, x);
    }
    loop {
        th.access_write(h)?;
        let id = h.shape_id();
        let s = shape::shape(id);
        if s.flags.load(Relaxed) & shape_flag::DICT != 0 {
            let Some(i) = declared_at(s, id, key) else { return Err(th.system_error("a slot that the class does not declare")) };
            // SAFETY: held for writing, an inline slot.
            unsafe { *slot_ptr(h, s, i) = x };
            return Ok(());
        }
        match put(th, h, id, key, x)? {
            Put::Done => return Ok(()),
            Put::Changed => {}
            Put::Full => drop(dict_of(th, v)?),
        }
    }
}

/// Empties it; whether it was full.
pub fn del_declared(th: &mut Thread, v: Value, key: Value) -> R<bool> {
    let Some(h) = v.header() else { return Ok(false) };
    if !h.has(flag::SLOTS) {
        return match tail_dict(h) {
            Some(d) => Ok(dict::remove(th, d, key)?.is_some()),
            None => Ok(false),
        };
    }
    th.access_write(h)?;
    let id = h.shape_id();
    let s = shape::shape(id);
    if s.flags.load(Relaxed) & shape_flag::DICT != 0 {
        // SAFETY: held for writing, an inline slot.
        let old = declared_at(s, id, key).map(|i| unsafe { std::mem::replace(&mut *slot_ptr(h, s, i), Value::UNSET) });
        return Ok(old.is_some_and(|x| !x.is_unset()));
    }
    match take_out(h, id, key) {
        Some(was_there) => Ok(was_there),
        None => {
            dict_of(th, v)?;
            del_declared(th, v, key)
        }
    }
}

/// Whether instances carry attributes of their own.
pub fn has_dict(v: Value) -> bool {
    match v.header() {
        Some(h) if h.has(flag::SLOTS) || h.has(flag::TAIL_DICT) => super::class_of(v).frozen().has_dict(),
        Some(_) => late_dict(v).is_some(),
        None => false,
    }
}

/// The instance's `__dict__`: turns an object with slots to dictionary mode, so that both stay the same thing.
pub fn dict_of(th: &mut Thread, v: Value) -> R<Gc<Dict>> {
    let h = v.header().expect("a reference");
    if h.has(flag::SLOTS) {
        loop {
            let fresh = dict::new(th)?;
            th.access_read(h)?;
            let id = h.shape_id();
            let s = shape::shape(id);
            if s.flags.load(Relaxed) & shape_flag::DICT != 0 {
                // SAFETY: held for reading.
                return Ok(unsafe { *overflow(h) }.cast().expect("dictionary mode has a dict"));
            }
            for (i, name) in shape::names(id).filter(|(_, name)| position(s, *name).is_none()) {
                th.access_read(h)?;
                if h.shape_id() != id {
                    break;
                }
                // SAFETY: held for reading, the slot is below the shape's count.
                let x = unsafe { *slot_ptr(h, s, i) };
                dict::set(th, fresh, name, x)?;
            }
            let root = dict_root(s.root);
            // Held for writing, so that a transaction logs it.
            th.access_write(h)?;
            let done = th.stopped_vm(|th| {
                // Values may have changed since they were copied: with the world stopped they hold still.
                if h.shape_id() != id || !th.may_write(h.access.load(Relaxed)) {
                    return false;
                }
                // Declared slots, which go where they lie in dictionary mode: alive, as nothing collects meanwhile.
                let mut declared = Vec::new();
                for (i, name) in shape::names(id) {
                    // SAFETY: nobody else runs.
                    let x = unsafe { *slot_ptr(h, s, i) };
                    if let Some(at) = position(s, name) {
                        declared.push((at, x));
                    } else if dict::get_name(th, fresh, name).ok().flatten() != Some(x) {
                        return false;
                    }
                }
                // SAFETY: nobody else runs; the header is remembered if it is old.
                unsafe {
                    // What slots hold is alive, whatever the shape says, and declared ones that are empty must say so.
                    for i in 0..s.inline {
                        *slot_ptr(h, s, i) = Value::UNSET;
                    }
                    *overflow(h) = fresh.value();
                    for (at, x) in declared {
                        debug_assert!(at < s.inline, "classes have room for what they declare");
                        *slot_ptr(h, s, at) = x;
                    }
                }
                h.shape.store(root, Relaxed);
                th.remember(h);
                true
            });
            if done {
                return Ok(fresh);
            }
        }
    }
    if h.has(flag::TAIL_DICT) {
        let d = make_tail_dict(th, h)?;
        if super::class_of(v).frozen().slots().is_empty() {
            return Ok(d);
        }
        if let Some(own) = existing_dict(th, v)? {
            return Ok(own);
        }
        let fresh = dict::new(th)?.value();
        let own = dict::set_default(th, d, n(N::__dict__), fresh)?;
        return Ok(own.cast().expect("set by nobody else"));
    }
    if let Some(d) = existing_dict(th, v)? {
        return Ok(d);
    }
    let fresh = dict::new(th)?;
    match late_dict(v) {
        Some(l) => {
            th.set_late(h, l, fresh.value());
            Ok(fresh)
        }
        None => Err(th.attribute_error("'__dict__'")),
    }
}

/// Replaces the instance's `__dict__`.
pub fn set_dict(th: &mut Thread, v: Value, d: Gc<Dict>) -> R<()> {
    let h = v.header().expect("a reference");
    if h.has(flag::SLOTS) {
        dict_of(th, v)?;
        th.access_write(h)?;
        // SAFETY: held for writing, in dictionary mode.
        unsafe { *overflow(h) = d.value() };
    } else if h.has(flag::TAIL_DICT) && !super::class_of(v).frozen().slots().is_empty() {
        let all = make_tail_dict(th, h)?;
        dict::set(th, all, n(N::__dict__), d.value())?;
    } else if h.has(flag::TAIL_DICT) {
        // SAFETY: the flag says that the word is there.
        unsafe { (*tail_word(h).cast::<std::sync::atomic::AtomicU64>()).store(d.value().bits(), Release) };
        th.remember(h);
    } else if let Some(l) = late_dict(v) {
        th.set_late(h, l, d.value());
    }
    Ok(())
}

/// The root shape of dictionary mode for the class of `root`.
fn dict_root(root: u32) -> u32 {
    let s = shape::shape(root);
    let mut at = s.next_sibling.load(Acquire);
    while at != 0 {
        let r = shape::shape(at);
        if r.flags.load(Relaxed) & shape_flag::DICT != 0 && r.inline == s.inline {
            return at;
        }
        at = r.next_sibling.load(Acquire);
    }
    let fresh = shape::new_root(s.class, s.slots_at, s.inline, s.flags.load(Relaxed) | shape_flag::DICT, s.version.load(Relaxed));
    shape::link_root(root, fresh);
    fresh
}

/// Whether instances of two classes of scripts have the same layout by CPython's rule: without classes that add nothing, both are the
/// same, or add the same slots to the same base.
fn same_layout(a: Gc<Type>, b: Gc<Type>) -> bool {
    let (a, x) = layer(a);
    let (b, y) = layer(b);
    a == b || x == y && a.frozen().base.get() == b.frozen().base.get()
}
/// The nearest class that adds something to its base's instances, and what: names of slots, sorted.
fn layer(t: Gc<Type>) -> (Gc<Type>, Vec<String>) {
    let mut at = t;
    loop {
        let r = at.frozen();
        let Some(base) = r.base.get().cast::<Type>().filter(|_| r.has(type_flag::HEAP)) else { return (at, Vec::new()) };
        let mut adds: Vec<_> = r.slots().iter().skip(base.frozen().slots().len()).map(|k| crate::types::text::lossy(*k).into_owned()).collect();
        for (f, name) in [(type_flag::DICT, "__dict__"), (type_flag::WEAK, "__weakref__")] {
            if r.has(f) && !base.frozen().has(f) {
                adds.push(name.into());
            }
        }
        if !adds.is_empty() {
            return (at, adds);
        }
        at = base;
    }
}

/// Gives an instance another class of the same layout (`__class__` assignment).
pub fn set_class(th: &mut Thread, v: Value, t: Gc<Type>) -> R<()> {
    let h = v.header().expect("a reference");
    let old = super::class_of(v);
    let (a, b) = (old.frozen(), t.frozen());
    // The one builtin class whose instances may change to a subclass, or back.
    let module = if th.py3() { crate::types::module::MODULE.value().cast::<Type>() } else { None };
    let heap = |t: &Type| t.has(type_flag::HEAP) || module.is_some_and(|m| std::ptr::eq(t, m.frozen()));
    if !heap(a) || !heap(b) || !std::ptr::eq(a.def(), b.def()) || !same_layout(old, t) {
        let msg = if !heap(a) || !heap(b) {
            if th.py3() { "__class__ assignment only supported for mutable types or ModuleType subclasses".to_string() } else { "__class__ assignment: only for heap types".to_string() }
        } else {
            format!("__class__ assignment: '{}' object layout differs from '{}'", type_::name_text(t), type_::name_text(old))
        };
        return Err(th.type_error(msg));
    }
    if !h.has(flag::SLOTS) {
        if let Some(m) = v.cast::<crate::types::module::Module>() {
            th.set_late(m.header(), &m.frozen().class, t.value());
        }
        h.shape.store(b.root_shape(), Release);
        return Ok(());
    }
    // The object keeps its room: a root of the new class with the same inline capacity, then the same attributes.
    th.access_write(h)?;
    let id = h.shape_id();
    let s = shape::shape(id);
    let mut at = b.root_shape();
    let dict_mode = s.flags.load(Relaxed) & shape_flag::DICT;
    while at != 0 && !(shape::shape(at).inline == s.inline && shape::shape(at).flags.load(Relaxed) & shape_flag::DICT == dict_mode) {
        at = shape::shape(at).next_sibling.load(Acquire);
    }
    if at == 0 {
        let r = shape::shape(b.root_shape());
        at = shape::new_root(t.value(), s.slots_at, s.inline, (r.flags.load(Relaxed) & !shape_flag::DICT) | dict_mode, b.version.load(Relaxed));
        shape::link_root(b.root_shape(), at);
    }
    for (_, n) in shape::names(id) {
        // Both classes declare the same names; keys may differ.
        let n = position(s, n).and_then(|i| b.slots().get(i as usize).copied()).unwrap_or(n);
        let Some(c) = shape::child(at, n) else {
            dict_of(th, v)?;
            return set_class(th, v, t);
        };
        at = c;
    }
    h.shape.store(at, Relaxed);
    th.remember(h);
    Ok(())
}
