//! Iteration: the state lies in two registers, without an iterator object for ranges, lists and tuples.

use super::branch::back;
use crate::kinds;
use crate::object::iter;
use crate::thread::Thread;
use crate::types::list::{self, List};
use crate::types::tuple::{self, Tuple};
use crate::types::{generator, iterators, range};
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::{R, Value, Values};

op! {
    GETITER(pc, base, th, insn, tab) {
        let (at, v) = (a!(pc), r!(base, b!(pc)));
        if v.is_ref() {
            let h = v.ptr_unchecked();
            let id = (*h).shape_id();
            if id == list::LIST.shape() || id == tuple::TUPLE.shape() {
                r!(base, at) = v;
                r!(base, at + 1) = Value::int(0);
                next!(pc, base, th, tab)
            }
        }
        goto!(getiter_slow, pc, base, th, insn, tab)
    }
    FORLOOP(pc, base, th, insn, tab) {
        let at = a!(pc);
        let state = r!(base, at);
        if state.is_int() {
            if (state.0 as i64) < r!(base, at + 1).0 as i64 {
                r!(base, b!(pc)) = state;
                r!(base, at) = Value(state.0.wrapping_add(4));
                back!(pc.offset(ic!(pc) as isize), pc, base, th, insn, tab)
            }
            next!(pc, base, th, tab)
        }
        if let Some(v) = indexed(state, r!(base, at + 1), th) {
            r!(base, at + 1) = Value(r!(base, at + 1).0 + 4);
            r!(base, b!(pc)) = v;
            back!(pc.offset(ic!(pc) as isize), pc, base, th, insn, tab)
        }
        goto!(forloop_slow, pc, base, th, insn, tab)
    }
    FORITER(pc, base, th, insn, tab) {
        let at = a!(pc);
        let state = r!(base, at);
        if state.is_int() {
            if (state.0 as i64) < r!(base, at + 1).0 as i64 {
                r!(base, b!(pc)) = state;
                r!(base, at) = Value(state.0.wrapping_add(4));
                next!(pc, base, th, tab)
            }
            next!(pc.offset(ic!(pc) as isize), base, th, tab)
        }
        goto!(foriter_slow, pc, base, th, insn, tab)
    }
}

/// The item of a list or tuple state; None at the end, for other iterators, and when the list must be acquired first.
#[inline(always)]
unsafe fn indexed(state: Value, i: Value, th: *mut Thread) -> Option<Value> {
    // SAFETY: as in `item::fast_item`.
    unsafe {
        let h = state.ptr_unchecked();
        match (*h).kind {
            kinds::LIST => {
                let l: *const List = h.cast();
                if !crate::interp::enter::may_read(th, (*h).access.load(Relaxed)) || i.0 >= (*l).len.0 {
                    return None;
                }
                let items: *const Values = (*l).items?.as_ptr();
                Some(*items.add(1).cast::<Value>().add((i.0 >> 2) as usize))
            }
            kinds::TUPLE => {
                let t: *const Tuple = h.cast();
                let at = (i.0 >> 2) as usize;
                if at >= (*t).len { None } else { Some(*t.add(1).cast::<Value>().add(at)) }
            }
            _ => None,
        }
    }
}

/// How many of the state's next steps run no code of anybody's: those that a range still has, all of some iterators, none of others.
pub(super) fn steps_alone(state: Value, i: Value) -> usize {
    match state.is_int() {
        true => (i.int_unchecked() - state.int_unchecked()).max(0) as usize,
        false if iterators::steps_alone(state) => usize::MAX,
        false => 0,
    }
}

/// The next item of the state; STOP at the end.
unsafe fn advance(th: &mut Thread, state: *mut Value) -> R<Value> {
    // SAFETY: two registers of the running window.
    unsafe {
        let it = *state;
        match it.kind() {
            Some(kinds::LIST) => {
                let i = (*state.add(1)).int_unchecked();
                let v = list::get(th, it.cast().expect("a list"), i as usize)?;
                Ok(match v {
                    Some(v) => {
                        *state.add(1) = Value::int(i + 1);
                        v
                    }
                    None => {
                        // An exhausted list iterator stays so, even if the list grows.
                        *state.add(1) = Value::int(txpy_heap::value::INT_MAX >> 1);
                        Value::STOP
                    }
                })
            }
            Some(kinds::TUPLE) => Ok(match tuple::items(it).and_then(|t| t.get((*state.add(1)).int_unchecked() as usize)) {
                Some(v) => {
                    *state.add(1) = Value((*state.add(1)).0 + 4);
                    *v
                }
                None => Value::STOP,
            }),
            Some(k) => {
                if let Some(step) = iter::native_step(k) {
                    return step(th, it);
                }
                Ok(iter::next(th, it)?.unwrap_or(Value::STOP))
            }
            None => Ok(iter::next(th, it)?.unwrap_or(Value::STOP)),
        }
    }
}

slow! {
    getiter_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (at, v) = (a!(pc), r!(base, b!(pc)));
        if let Some((from, to)) = range::unit_step(v) {
            r!(base, at) = Value::int(from);
            r!(base, at + 1) = Value::int(to);
            next!(pc, base, th, tab)
        }
        let it = try_!(iter::iter(t, v), pc, base, th, insn, tab);
        r!(base, at) = it;
        r!(base, at + 1) = Value::UNSET;
        next!(pc, base, th, tab)
    }
}
#[inline(never)]
unsafe fn forloop_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let at = a!(pc);
        if let Some(g) = generator::resumable(r!(base, at)) {
            return super::generator::resume_in_loop(g, pc, base, th, insn, tab);
        }
        let t = enter!(pc, base, th);
        let v = try_!(advance(t, base.add(at)), pc, base, th, insn, tab);
        if v == Value::STOP {
            next!(pc, base, th, tab)
        }
        r!(base, b!(pc)) = v;
        back!(pc.offset(ic!(pc) as isize), pc, base, th, insn, tab)
    }
}
#[inline(never)]
unsafe fn foriter_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let at = a!(pc);
        if let Some(g) = generator::resumable(r!(base, at)) {
            return super::generator::resume_in_loop(g, pc, base, th, insn, tab);
        }
        let t = enter!(pc, base, th);
        let v = try_!(advance(t, base.add(at)), pc, base, th, insn, tab);
        if v == Value::STOP {
            next!(pc.offset(ic!(pc) as isize), base, th, tab)
        }
        r!(base, b!(pc)) = v;
        next!(pc, base, th, tab)
    }
}

op! {
    UNPACK(pc, base, th, insn, tab) {
        let (v, first, n) = (r!(base, a!(pc)), b!(pc), c!(pc));
        if v.is_ref() && (*v.ptr_unchecked()).shape_id() == tuple::TUPLE.shape() {
            let t: *const Tuple = v.ptr_unchecked().cast();
            if (*t).len == n {
                for i in 0..n {
                    r!(base, first + i) = *t.add(1).cast::<Value>().add(i);
                }
                next!(pc, base, th, tab)
            }
        }
        goto!(unpack_slow, pc, base, th, insn, tab)
    }
    UNPACKEX(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (v, first, before, after) = (r!(base, a!(pc)), b!(pc), c!(pc), x!(pc) as usize);
        try_!(unpack_star(t, v, base.add(first), before, after), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}
slow! {
    unpack_slow(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (v, first, n) = (r!(base, a!(pc)), b!(pc), c!(pc));
        try_!(unpack(t, v, base.add(first), n), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
}

fn not_iterable(th: &mut Thread, v: Value, r: R<Value>) -> R<Value> {
    match r {
        Err(e) => {
            let name = crate::object::class_name(v);
            if crate::object::dunder(v, crate::types::dunder::D::iter).is_none() && th.catch(&crate::exceptions::TYPE_ERROR).is_some() {
                return Err(th.type_error(if th.py3() { format!("cannot unpack non-iterable {name} object") } else { format!("'{name}' object is not iterable") }));
            }
            Err(e)
        }
        ok => ok,
    }
}

/// Writes exactly `n` items to consecutive registers, once all are there.
#[inline(never)]
unsafe fn unpack(th: &mut Thread, v: Value, to: *mut Value, n: usize) -> R<()> {
    let it = iter::iter(th, v);
    let it = not_iterable(th, v, it)?;
    let items = txpy_heap::RootedVec::with_capacity(th, n)?;
    for i in 0..n {
        match iter::next(th, it)? {
            Some(x) => items.push(th, x)?,
            None => {
                let msg = if th.py3() { format!("not enough values to unpack (expected {n}, got {i})") } else { format!("need more than {i} value{} to unpack", if i == 1 { "" } else { "s" }) };
                return Err(th.value_error(msg));
            }
        }
    }
    if iter::next(th, it)?.is_some() {
        let got = match v.kind() {
            Some(kinds::LIST | kinds::TUPLE | kinds::DICT) if th.py3() => format!(", got {}", crate::object::item::len(th, v)?),
            _ => String::new(),
        };
        let msg = if th.py3() { format!("too many values to unpack (expected {n}{got})") } else { "too many values to unpack".to_string() };
        return Err(th.value_error(msg));
    }
    // SAFETY: the instruction names n registers.
    items.with(th, |s| unsafe { std::ptr::copy_nonoverlapping(s.as_ptr(), to, n) })
}

#[inline(never)]
unsafe fn unpack_star(th: &mut Thread, v: Value, to: *mut Value, before: usize, after: usize) -> R<()> {
    let it = iter::iter(th, v);
    let it = not_iterable(th, v, it)?;
    for i in 0..before {
        match iter::next(th, it)? {
            // SAFETY: the instruction names before + 1 + after registers.
            Some(x) => unsafe { *to.add(i) = x },
            None => return Err(th.value_error(format!("not enough values to unpack (expected at least {}, got {i})", before + after))),
        }
    }
    let rest = iter::to_list(th, it)?;
    let n = list::len(th, rest)?;
    if n < after {
        return Err(th.value_error(format!("not enough values to unpack (expected at least {}, got {})", before + after, before + n)));
    }
    for i in 0..after {
        let x = list::get(th, rest, n - after + i)?.unwrap_or(Value::NONE);
        // SAFETY: as above.
        unsafe { *to.add(before + 1 + i) = x };
    }
    rest.write(th)?.set_count(n - after);
    // SAFETY: as above.
    unsafe { *to.add(before) = rest.value() };
    Ok(())
}
