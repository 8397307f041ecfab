//! Attribute instructions.

use super::cache::{self, What};
use super::enter::name;
use super::globals::word;
use crate::object::attr;
use crate::object::class_of;
use crate::thread::Thread;
use crate::types::cell::Cell;
use crate::types::dunder::D;
use crate::types::member::Member;
use crate::types::module::{self, Module};
use crate::types::property::{self, Property};
use crate::types::type_::Type;
use crate::types::{dict, method, native_function, object, type_};
use crate::kinds;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_compiler::ops::x as flags;
use txpy_heap::{R, Value, flag, shape};

op! {
    GETATTR(pc, base, th, insn, tab) {
        let v = r!(base, b!(pc));
        if v.is_ref() {
            let h = v.ptr_unchecked();
            if let Some(at) = cache::slot_offset(word(pc).load(Relaxed), (*h).shape_id()) {
                if crate::interp::enter::may_read(th, (*h).access.load(Relaxed)) {
                    r!(base, a!(pc)) = *h.cast::<u8>().add(at).cast::<Value>();
                    next!(pc.add(1), base, th, tab)
                }
                goto!(getattr_first, pc, base, th, insn, tab)
            }
        }
        goto!(getattr_slow, pc, base, th, insn, tab)
    }
    SETATTR(pc, base, th, insn, tab) {
        let v = r!(base, a!(pc));
        if v.is_ref() {
            let h = v.ptr_unchecked();
            let (w, id) = (word(pc).load(Relaxed), (*h).shape_id());
            if let Some(at) = cache::slot_offset(w, id) {
                let at: *mut Value = h.byte_add(at).cast();
                if crate::interp::enter::may_write(th, (*h).access.load(Relaxed)) || (*th).take_further(h, at.cast()) {
                    *at = r!(base, b!(pc));
                    next!(pc.add(1), base, th, tab)
                }
                goto!(setattr_first, pc, base, th, insn, tab)
            }
            if crate::interp::enter::may_write(th, (*h).access.load(Relaxed)) {
                if let Some(next) = cache::next_shape(w, id) {
                    let s = shape::shape(next);
                    // The word is made only when the added slot lies inline.
                    let at = s.slots_at as usize + 8 * s.count as usize;
                    *h.cast::<u8>().add(at).cast::<Value>() = r!(base, b!(pc));
                    (*h).shape.store(next, Relaxed);
                    next!(pc.add(1), base, th, tab)
                }
            }
        }
        goto!(setattr_slow, pc, base, th, insn, tab)
    }
    DELATTR(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        try_!(attr::delete(t, r!(base, a!(pc)), name(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}

#[inline(never)]
unsafe fn getattr_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let v = r!(base, b!(pc));
        if v.is_ref() {
            let h = v.ptr_unchecked();
            let ready = crate::interp::enter::may_read(th, (*h).access.load(Relaxed));
            if !ready && cache::knows_slot(word(pc).load(Relaxed), (*h).shape_id()) {
                // What the site knows still holds: only the object must be had first.
                let t = enter!(pc, base, th);
                let r = if x!(pc) & flags::INPLACE != 0 { t.access_write(&*h) } else { t.access_read(&*h) };
                try_!(r, pc, base, th, insn, tab);
                next!(pc.sub(1), base, th, tab)
            }
            if let Some(e) = cache::entry(word(pc).load(Relaxed), (*h).shape_id()) {
                match e.what {
                    What::Slot(at) if ready => {
                        r!(base, a!(pc)) = *h.cast::<u8>().add(at as usize).cast::<Value>();
                        next!(pc.add(1), base, th, tab)
                    }
                    What::Cell | What::Module(_) | What::Class(_) if cache::same_owner(e, h) => {
                        let c = e.value.ptr_unchecked().cast::<Cell>();
                        if !crate::interp::enter::may_read(th, (*c).header.access.load(Relaxed)) {
                            try_!(enter!(pc, base, th).access_read(&(*c).header), pc, base, th, insn, tab);
                        }
                        if !(*c).value.is_unset() {
                            r!(base, a!(pc)) = (*c).value;
                            next!(pc.add(1), base, th, tab)
                        }
                    }
                    _ => {}
                }
            }
        }
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(get_anyhow(t, v, name(base, c!(pc)), word(pc)), pc, base, th, insn, tab);
        next!(pc.add(1), base, th, tab)
    }
}
op! {
    /// As `setattr_first`; in its way when the attribute is read to be written then.
    #[inline(never)] getattr_first(pc, base, th, insn, tab) {
        let h = r!(base, b!(pc)).ptr_unchecked();
        let got = if x!(pc) & flags::INPLACE != 0 {
            let id = (*h).shape_id();
            let at = cache::slot_offset(word(pc).load(Relaxed), id);
            at.is_some_and(|at| (*h).kind == kinds::OBJECT && (*th).take_word(h, h.byte_add(at).cast(), move || (*h).shape_id() == id))
        } else {
            (*th).take_unread(h)
        };
        if got {
            if (*th).notes_firsts() {
                goto!(super::item::note_b, pc, base, th, insn, tab)
            }
            // Looked at again: the object is held only now.
            if let Some(at) = cache::slot_offset(word(pc).load(Relaxed), (*h).shape_id()) {
                r!(base, a!(pc)) = *h.cast::<u8>().add(at).cast::<Value>();
                next!(pc.add(1), base, th, tab)
            }
            next!(pc.sub(1), base, th, tab)
        }
        goto!(getattr_slow, pc, base, th, insn, tab)
    }
    /// In a transaction an object can't be written often because it has not been written in it yet, or by the word only.
    #[inline(never)] setattr_first(pc, base, th, insn, tab) {
        let h = r!(base, a!(pc)).ptr_unchecked();
        let id = (*h).shape_id();
        if let Some(at) = cache::slot_offset(word(pc).load(Relaxed), id) {
            let at: *mut Value = h.byte_add(at).cast();
            if (*h).kind == kinds::OBJECT && (*th).take_word(h, at.cast(), move || (*h).shape_id() == id) {
                *at = r!(base, b!(pc));
                if (*th).notes_firsts() {
                    goto!(super::item::note_a, pc, base, th, insn, tab)
                }
                next!(pc.add(1), base, th, tab)
            }
        }
        goto!(setattr_slow, pc, base, th, insn, tab)
    }
}
slow! {
    setattr_slow(pc, base, th, insn, tab) {
        let v = r!(base, a!(pc));
        if v.is_ref() {
            let h = v.ptr_unchecked();
            let ready = crate::interp::enter::may_write(th, (*h).access.load(Relaxed));
            if !ready && cache::knows_slot(word(pc).load(Relaxed), (*h).shape_id()) {
                try_!(enter!(pc, base, th).access_write(&*h), pc, base, th, insn, tab);
                next!(pc.sub(1), base, th, tab)
            }
            if ready {
                match cache::entry(word(pc).load(Relaxed), (*h).shape_id()).map(|e| e.what) {
                    Some(What::Slot(at)) => {
                        *h.cast::<u8>().add(at as usize).cast::<Value>() = r!(base, b!(pc));
                        next!(pc.add(1), base, th, tab)
                    }
                    Some(What::Add(next)) => {
                        let s = shape::shape(next);
                        let at = s.slots_at as usize + 8 * s.count as usize;
                        *h.cast::<u8>().add(at).cast::<Value>() = r!(base, b!(pc));
                        (*h).shape.store(next, Relaxed);
                        next!(pc.add(1), base, th, tab)
                    }
                    _ => {}
                }
            }
        }
        let t = enter!(pc, base, th);
        try_!(set_and_cache(t, r!(base, a!(pc)), name(base, c!(pc)), r!(base, b!(pc)), word(pc)), pc, base, th, insn, tab);
        next!(pc.add(1), base, th, tab)
    }
}

#[inline(never)]
fn get_anyhow(th: &mut Thread, v: Value, name: Value, c: &AtomicU64) -> R<Value> {
    match get_cached(th, v, c) {
        Some(r) => r,
        None => get_and_cache(th, v, name, c),
    }
}
/// What an entry of the site's chain says.
fn get_cached(th: &mut Thread, v: Value, c: &AtomicU64) -> Option<R<Value>> {
    let h = v.header()?;
    let e = cache::entry(c.load(Relaxed), h.shape_id())?;
    Some(match e.what {
        What::Function => method::bind(th, e.value, v, class_of(v).value()),
        What::Native => native_function::bind(th, e.value.cast().expect("a native"), v),
        What::Cell | What::Module(_) | What::Class(_) if cache::same_owner(e, h) => return cell_value(th, e.value),
        What::Property => th.call(e.value.cast::<Property>().expect("a property").frozen().get.get(), &[v]),
        _ => return None,
    })
}
/// The contents of an entry's cell, None when it is empty.
pub(super) fn cell_value(th: &mut Thread, c: Value) -> Option<R<Value>> {
    match c.cast::<Cell>().expect("a cell").read(th) {
        Ok(g) if !g.value.is_unset() => Some(Ok(g.value)),
        Ok(_) => None,
        Err(e) => Some(Err(e)),
    }
}

/// Whether instances of `v`'s class look attributes up the ordinary way.
fn ordinary(v: Value) -> bool {
    v.header().is_some_and(cache::cacheable) && class_of(v).frozen().dunder(D::getattribute) == object::OBJECT.ty().frozen().dunder(D::getattribute)
}
/// Whether the class attribute `m` is the `__slots__` descriptor of this very name: reading and storing are what the shape says.
fn is_member(m: Value, name: Value) -> bool { m.cast::<Member>().is_some_and(|d| d.frozen().name == name) }

/// Not inlined: what it passes by address would be alive at its caller's dispatch.
#[inline(never)]
fn get_and_cache(th: &mut Thread, v: Value, name: Value, c: &AtomicU64) -> R<Value> {
    // Before anything is looked up: what is found holds for this shape, whatever other threads do to the object meanwhile.
    let seen = v.header().map(cache::seen);
    if ordinary(v) {
        let h = v.header().expect("a reference");
        let seen = seen.expect("a reference");
        let id = seen.id;
        let Some(t) = cache::class_of(id) else { return attr::get(th, v, name) };
        let found = crate::types::lookup::find_cell(th, t, name)?;
        let m = match found {
            Some(cell) => cell.read(th)?.value,
            None => Value::UNSET,
        };
        if m.is_unset() || is_member(m, name) || !attr::is_data_descriptor(m) {
            if h.has(flag::SLOTS) {
                if let Some(i) = shape::lookup(id, name) {
                    if let Some(at) = cache::inline_offset(shape::shape(id), i) {
                        cache::remember_slot(c, seen, at);
                    }
                    return attr::get(th, v, name);
                }
            }
            if h.has(flag::SLOTS) || !crate::object::instance::has_dict(v) {
                match m.kind() {
                    _ if m.is_unset() => {}
                    Some(kinds::FUNCTION) => cache::remember(c, seen, m, What::Function),
                    Some(kinds::NATIVE) if m.cast::<native_function::Native>().is_some_and(|n| n.frozen().is_method()) => cache::remember(c, seen, m, What::Native),
                    None | Some(kinds::INT | kinds::FLOAT | kinds::STR | kinds::BYTES | kinds::TUPLE | kinds::LIST | kinds::DICT) => {
                        if let Some(cell) = found {
                            cache::remember(c, seen, cell.value(), What::Cell);
                        }
                    }
                    _ => {}
                }
            }
        } else if property::PROPERTY.is_exact(m) && m.cast::<Property>().is_some_and(|p| !p.frozen().get.get().is_none()) && t.frozen().dunder(D::getattr).is_none() {
            cache::remember(c, seen, m, What::Property);
        }
    } else if let Some((cell, what)) = owned_cell(th, v, name)? {
        if let Some(seen) = seen {
            cache::remember(c, seen, cell, what);
        }
    }
    attr::get(th, v, name)
}

/// The cell that holds `v.name` when `v` is a plain module, or a plain class whose attribute needs no binding.
pub(super) fn owned_cell(th: &mut Thread, v: Value, name: Value) -> R<Option<(Value, What)>> {
    if let Some(m) = v.cast::<Module>().filter(|_| module::MODULE.is_exact(v)) {
        if type_::lookup(th, module::MODULE.ty(), name)?.is_some() {
            return Ok(None);
        }
        let cell = dict::find_cell(th, m.frozen().dict, name)?;
        return Ok(cell.map(|c| (c.value(), What::Module(m.frozen().serial))));
    }
    let Some(t) = v.cast::<Type>().filter(|_| type_::TYPE.is_exact(v)) else { return Ok(None) };
    let version = t.frozen().version.load(Relaxed);
    if type_::lookup(th, type_::TYPE.ty(), name)?.is_some_and(attr::is_data_descriptor) {
        return Ok(None);
    }
    let Some(cell) = crate::types::lookup::find_cell(th, t, name)? else { return Ok(None) };
    let x = cell.read(th)?.value;
    // In 2.7 a function found through its class is an unbound method.
    let plain = match x.kind() {
        None => !x.is_unset(),
        Some(kinds::FUNCTION) => th.py3(),
        Some(kinds::NATIVE) => true,
        Some(k) => matches!(k, kinds::INT | kinds::FLOAT | kinds::STR | kinds::BYTES | kinds::TUPLE | kinds::LIST | kinds::DICT) && class_of(x).frozen().dunder(D::get).is_none(),
    };
    Ok(plain.then_some((cell.value(), What::Class(version))))
}

#[inline(never)]
fn set_and_cache(th: &mut Thread, v: Value, name: Value, x: Value, c: &AtomicU64) -> R<()> {
    let plain = v.header().is_some_and(|h| h.has(flag::SLOTS) && cache::cacheable(h)) && class_of(v).frozen().dunder(D::setattr) == object::OBJECT.ty().frozen().dunder(D::setattr);
    if !plain {
        return attr::set(th, v, name, x);
    }
    let t = class_of(v);
    let m = type_::lookup(th, t, name)?;
    let member = m.is_some_and(|m| is_member(m, name));
    if !member && (!t.frozen().has_dict() || m.is_some_and(attr::is_data_descriptor)) {
        return attr::set(th, v, name, x);
    }
    let h = v.header().expect("a reference");
    let before = h.shape_id();
    attr::set(th, v, name, x)?;
    let after = h.shape_id();
    let s = shape::shape(after);
    if after == before {
        if let Some(at) = shape::lookup(before, name).and_then(|i| cache::inline_offset(s, i)) {
            cache::remember_slot(c, cache::Seen::of(before), at);
        }
    } else if s.parent == before && s.count >= 1 && s.count <= s.inline {
        cache::remember_add(c, before, after);
    }
    Ok(())
}
