//! Subscription instructions.

use crate::kinds;
use crate::object::item;
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::list::{self, List};
use crate::types::tuple::{self, Tuple};
use std::sync::atomic::Ordering::Relaxed;
use txpy_compiler::ops::x as flags;
use txpy_heap::{SMALL_CONTAINER, Value, Values};

/// Item `i` of an exact list or tuple, if it is one, readable, and the index (an int Value >= 0) is in range.
#[inline(always)]
unsafe fn fast_item(v: Value, i: Value, th: *mut Thread) -> Option<Value> {
    if !v.is_ref() || !i.is_int() {
        return None;
    }
    // SAFETY: the kind names the layout; the list is readable and nothing reaches a safepoint before its item is loaded.
    unsafe {
        let h = v.ptr_unchecked();
        match (*h).kind {
            kinds::LIST => {
                let l: *const List = h.cast();
                // Int-tagged words compare like their ints; a negative index is a huge one.
                if !crate::interp::enter::may_read(th, (*h).access.load(Relaxed)) || i.0 >= (*l).len.0 || (*h).shape_id() != list::LIST.shape() {
                    return None;
                }
                let items: *const Values = (*l).items?.as_ptr();
                Some(*items.add(1).cast::<Value>().add((i.0 >> 2) as usize))
            }
            kinds::TUPLE => {
                let t: *const Tuple = h.cast();
                let at = (i.0 >> 2) as usize;
                if at >= (*t).len || (*h).shape_id() != tuple::TUPLE.shape() {
                    return None;
                }
                Some(*t.add(1).cast::<Value>().add(at))
            }
            _ => None,
        }
    }
}

/// Where item `i`, an int Value, of an exact list is, if there is one and transactions log it by the word: among others, when the list is small.
#[inline(always)]
unsafe fn small_item(th: *mut Thread, l: *const List, i: Value) -> Option<*mut Value> {
    // SAFETY: the caller has a list; what another thread changes meanwhile is found out when the list is taken.
    unsafe {
        let items = (*l).items?.as_ptr();
        let logged = i.0 < (*l).len.0 && ((*items).len <= SMALL_CONTAINER || (*th).is_blind());
        logged.then(|| items.add(1).cast::<Value>().add((i.0 >> 2) as usize))
    }
}

op! {
    GETITEM(pc, base, th, insn, tab) {
        if let Some(v) = fast_item(r!(base, b!(pc)), r!(base, c!(pc)), th) {
            r!(base, a!(pc)) = v;
            next!(pc, base, th, tab)
        }
        if x!(pc) & flags::INPLACE != 0 && r!(base, b!(pc)).kind() == Some(kinds::LIST) {
            goto!(getitem_first, pc, base, th, insn, tab)
        }
        goto!(getitem_slow, pc, base, th, insn, tab)
    }
    GETITEMI(pc, base, th, insn, tab) {
        if let Some(v) = fast_item(r!(base, b!(pc)), Value::int(c!(pc) as i64), th) {
            r!(base, a!(pc)) = v;
            next!(pc, base, th, tab)
        }
        goto!(getitemi_slow, pc, base, th, insn, tab)
    }
    SETITEM(pc, base, th, insn, tab) {
        let (v, i) = (r!(base, a!(pc)), r!(base, b!(pc)));
        if v.is_ref() && i.is_int() {
            let h = v.ptr_unchecked();
            if (*h).kind == kinds::LIST {
                let l: *mut List = h.cast();
                if !crate::interp::enter::may_write(th, (*h).access.load(Relaxed)) {
                    if (*h).shape_id() == list::LIST.shape() {
                        if let Some(at) = small_item(th, l, i) {
                            if (*th).take_further(h, at.cast()) {
                                *at = r!(base, c!(pc));
                                next!(pc, base, th, tab)
                            }
                        }
                    }
                    goto!(setitem_first, pc, base, th, insn, tab)
                }
                if i.0 < (*l).len.0 && (*h).shape_id() == list::LIST.shape() {
                    if let Some(items) = (*l).items {
                        *items.as_ptr().add(1).cast::<Value>().add((i.0 >> 2) as usize) = r!(base, c!(pc));
                        next!(pc, base, th, tab)
                    }
                }
            }
        }
        goto!(setitem_slow, pc, base, th, insn, tab)
    }
    DELITEM(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        try_!(crate::types::bytearray::before_delete(t, r!(base, a!(pc))), pc, base, th, insn, tab);
        try_!(item::delete(t, r!(base, a!(pc)), r!(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    SLICE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let b = b!(pc);
        r!(base, a!(pc)) = try_!(crate::types::slice::new(t, r!(base, b), r!(base, b + 1), r!(base, b + 2)), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    GETSLICE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let c = c!(pc);
        let v = crate::types::classic::get_slice(t, r!(base, b!(pc)), r!(base, c), r!(base, c + 1));
        r!(base, a!(pc)) = try_!(v, pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    SETSLICE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let b = b!(pc);
        try_!(crate::types::classic::set_slice(t, r!(base, a!(pc)), r!(base, b), r!(base, b + 1), r!(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    DELSLICE(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let b = b!(pc);
        try_!(crate::types::classic::set_slice(t, r!(base, a!(pc)), r!(base, b), r!(base, b + 1), Value::UNSET), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    LEN(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let n = try_!(item::len(t, r!(base, b!(pc))), pc, base, th, insn, tab);
        r!(base, a!(pc)) = Value::int(n as i64);
        next!(pc, base, th, tab)
    }
}

#[inline(never)]
unsafe fn getitem_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let (v, k) = (r!(base, b!(pc)), r!(base, c!(pc)));
        if k.is_int() && list::LIST.is_exact(v) && !t.may_read((*v.ptr_unchecked()).access.load(Relaxed)) {
            if x!(pc) & flags::INPLACE != 0 {
                try_!(list::own(t, v.cast().expect("a list")), pc, base, th, insn, tab);
            } else {
                try_!(t.access_read(&*v.ptr_unchecked()), pc, base, th, insn, tab);
            }
            next!(pc.sub(1), base, th, tab)
        }
        if dict::DICT.is_exact(v) {
            let d: txpy_heap::Gc<Dict> = v.cast().expect("a dict");
            if x!(pc) & flags::INPLACE != 0 && !t.may_write((*v.ptr_unchecked()).access.load(Relaxed)) {
                try_!(dict::own(t, d), pc, base, th, insn, tab);
            }
            let found = try_!(dict::get(t, d, k), pc, base, th, insn, tab);
            if let Some(x) = found {
                r!(base, a!(pc)) = x;
                next!(pc, base, th, tab)
            }
        }
        r!(base, a!(pc)) = try_!(item::get(t, v, k), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
op! {
    /// As `setitem_first`, when the item is read to be written then.
    #[inline(never)] getitem_first(pc, base, th, insn, tab) {
        let (v, i) = (r!(base, b!(pc)), r!(base, c!(pc)));
        if i.is_int() && list::LIST.is_exact(v) && !crate::interp::enter::may_read(th, (*v.ptr_unchecked()).access.load(Relaxed)) {
            let l: *mut List = v.ptr_unchecked().cast();
            if let Some(at) = small_item(th, l, i) {
                if (*th).take_word(l.cast(), at.cast(), move || small_item(th, l, i) == Some(at)) {
                    if (*th).notes_firsts() {
                        goto!(note_b, pc, base, th, insn, tab)
                    }
                    next!(pc.sub(1), base, th, tab)
                }
            }
        }
        goto!(getitem_slow, pc, base, th, insn, tab)
    }
    /// In a transaction a list can't be written often because it has not been written in it yet, or by the word only.
    #[inline(never)] setitem_first(pc, base, th, insn, tab) {
        let l: *mut List = r!(base, a!(pc)).ptr_unchecked().cast();
        if (*l).header.shape_id() == list::LIST.shape() {
            let i = r!(base, b!(pc));
            if let Some(at) = small_item(th, l, i) {
                if (*th).take_word(l.cast(), at.cast(), move || small_item(th, l, i) == Some(at)) {
                    *at = r!(base, c!(pc));
                    if (*th).notes_firsts() {
                        goto!(note_a, pc, base, th, insn, tab)
                    }
                    next!(pc, base, th, tab)
                }
            }
        }
        goto!(setitem_slow, pc, base, th, insn, tab)
    }
}
slow! {
    note_a(pc, base, th, insn, tab) {
        (*th).note_first(&*r!(base, a!(pc)).ptr_unchecked(), pc as usize);
        next!(pc.sub(1), base, th, tab)
    }
    note_b(pc, base, th, insn, tab) {
        (*th).note_first(&*r!(base, b!(pc)).ptr_unchecked(), pc as usize);
        next!(pc.sub(1), base, th, tab)
    }
}
#[inline(never)]
unsafe fn setitem_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let (v, k) = (r!(base, a!(pc)), r!(base, b!(pc)));
        if k.is_int() && v.kind() == Some(kinds::LIST) && list::LIST.is_exact(v) && !t.may_write((*v.ptr_unchecked()).access.load(Relaxed)) {
            try_!(list::own(t, v.cast().expect("a list")), pc, base, th, insn, tab);
            // A small one is had as a whole now: the fast path does the rest.
            if t.may_write((*v.ptr_unchecked()).access.load(Relaxed)) {
                next!(pc.sub(1), base, th, tab)
            }
        }
        try_!(item::set(t, v, k, r!(base, c!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
slow! {
    getitemi_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        r!(base, a!(pc)) = try_!(item::get(t, r!(base, b!(pc)), Value::int(c!(pc) as i64)), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
