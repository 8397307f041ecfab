//! Calls and returns.

use super::cache::{self, What};
use super::enter::{self, fits, header, name};
use super::globals::word;
use crate::kinds;
use crate::native::{self, Args, type_flag};
use crate::object::{self, attr, instance};
use crate::thread::Thread;
use crate::types::code::Code;
use crate::types::dunder::D;
use crate::types::function::Function;
use crate::types::method::Bound;
use crate::types::native_function::{self, Native};
use crate::types::type_::{self, Type};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_compiler::ops::FRAME_HEADER;
use txpy_heap::{Gc, R, Value};

const H: usize = FRAME_HEADER as usize;

/// The code of a function object.
#[inline(always)]
unsafe fn code_of<'a>(f: Value) -> &'a Code {
    // SAFETY: the caller checked the kind.
    unsafe { &*(*f.ptr_unchecked().cast::<Function>()).code.get().ptr_unchecked().cast::<Code>() }
}

/// Enters a function whose arguments stand in its window: `nb` its base, `ret` where the caller goes on.
macro_rules! push_frame {
    ($f:expr, $c:expr, $nb:expr, $ret:expr, $what:expr, $base:ident, $th:ident, $tab:ident) => {{
        let nb: *mut Value = $nb;
        let top = nb.add($c.nregs as usize);
        header(nb, $f, $ret, $base, top, $what);
        next!($c.stream.cast_const(), nb, $th, $tab)
    }};
}

op! {
    CALL(pc, base, th, insn, tab) {
        let at = a!(pc);
        let f = r!(base, at);
        if f.is_ref() && (*f.ptr_unchecked()).kind == kinds::FUNCTION {
            let c = code_of(f);
            let nb = base.add(at + H);
            if c.simple && c.argcount as usize == c!(pc) && fits(th, nb.add(c.nregs as usize)) {
                push_frame!(f, c, nb, pc, Value(0), base, th, tab)
            }
        }
        goto!(call_slow, pc, base, th, insn, tab)
    }
    CALLM(pc, base, th, insn, tab) {
        let at = a!(pc);
        let v = r!(base, at + H);
        if v.is_ref() {
            let h = &*v.ptr_unchecked();
            if let Some(e) = cache::entry(word(pc).load(Relaxed), h.shape_id()) {
                match e.what {
                    What::Function => {
                        let c = code_of(e.value);
                        let nb = base.add(at + H);
                        if c.simple && c.argcount as usize == c!(pc) + 1 && fits(th, nb.add(c.nregs as usize)) {
                            push_frame!(e.value, c, nb, pc.add(1), Value(0), base, th, tab)
                        }
                    }
                    What::Native => {
                        let t = enter!(pc, base, th);
                        r!(base, at) = try_!(call_method(t, e.value, base.add(at + H), c!(pc) + 1), pc, base, th, insn, tab);
                        next!(pc.add(1), base, th, (*th).table)
                    }
                    _ => {}
                }
            }
        }
        goto!(callm_slow, pc, base, th, insn, tab)
    }
    METHOD(pc, base, th, insn, tab) {
        let at = a!(pc);
        let v = r!(base, at + H);
        if v.is_ref() {
            let h = &*v.ptr_unchecked();
            if let Some(e) = cache::entry(word(pc).load(Relaxed), h.shape_id()) {
                if matches!(e.what, What::Function | What::Native) {
                    r!(base, at) = e.value;
                    next!(pc.add(1), base, th, tab)
                }
            }
        }
        goto!(method_slow, pc, base, th, insn, tab)
    }
    CALLFOUND(pc, base, th, insn, tab) {
        let at = a!(pc);
        let f = r!(base, at);
        let nb = base.add(at + H);
        if f.is_ref() && *nb != Value::UNSET {
            let kind = (*f.ptr_unchecked()).kind;
            if kind == kinds::FUNCTION {
                let c = code_of(f);
                if c.simple && c.argcount as usize == c!(pc) + 1 && fits(th, nb.add(c.nregs as usize)) {
                    push_frame!(f, c, nb, pc, Value(0), base, th, tab)
                }
            } else if kind == kinds::NATIVE {
                let t = enter!(pc, base, th);
                r!(base, at) = try_!(call_method(t, f, nb, c!(pc) + 1), pc, base, th, insn, tab);
                next!(pc, base, th, (*th).table)
            }
        }
        goto!(callfound_slow, pc, base, th, insn, tab)
    }
    CALLKW(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        r!(base, at) = try_!(call_keywords(t, r!(base, at), base.add(at + H), c!(pc), name(base, b!(pc))), pc, base, th, insn, tab);
        next!(pc, base, th, (*th).table)
    }
    CALLEX(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        let kw = if x!(pc) == 1 { r!(base, at + H + 1) } else { Value::UNSET };
        r!(base, at) = try_!(object::call::call_ex(t, r!(base, at), r!(base, at + H), kw), pc, base, th, insn, tab);
        next!(pc, base, th, (*th).table)
    }
    RET(pc, base, th, insn, tab) {
        let v = r!(base, a!(pc));
        if (*base.sub(1)).0 != 0 {
            goto!(ret_special, pc, base, th, insn, tab)
        }
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        *base.sub(5) = v;
        next!(ret, caller, th, tab)
    }
    RETNONE(pc, base, th, insn, tab) {
        if (*base.sub(1)).0 != 0 {
            goto!(ret_special, pc, base, th, insn, tab)
        }
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        *base.sub(5) = Value::NONE;
        next!(ret, caller, th, tab)
    }
    MKFUNC(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let code: Gc<Code> = name(base, b!(pc)).cast().expect("a code constant");
        let c = c!(pc);
        let with = x!(pc) == 1;
        let closure = if with { r!(base, c + 3) } else { Value::UNSET };
        let f = try_!(crate::types::function::new(t, code, enter::globals(base), closure), pc, base, th, insn, tab);
        if with {
            let r = f.frozen();
            t.set_late(&r.header, &r.defaults, r!(base, c));
            t.set_late(&r.header, &r.kwdefaults, r!(base, c + 1));
            t.set_late(&r.header, &r.annotations, r!(base, c + 2));
        }
        r!(base, a!(pc)) = f.value();
        next!(pc, base, th, tab)
    }
}

// A local whose address is taken keeps a handler from ending in a jump: Args are made in functions of their own.
#[inline(never)]
unsafe fn call_method(t: &mut Thread, f: Value, window: *mut Value, n: usize) -> R<Value> {
    // SAFETY: the entry said that `f` is a native method; the arguments stand in the caller's window.
    unsafe {
        let f: Gc<Native> = Gc::from_ptr(f.ptr_unchecked().cast());
        native::call_native(t, f.frozen().def(), Args::new(window, n, Value::UNSET))
    }
}
#[inline(never)]
unsafe fn call_keywords(t: &mut Thread, f: Value, window: *mut Value, n: usize, names: Value) -> R<Value> {
    // SAFETY: the arguments stand in the caller's window.
    unsafe { t.call_args(f, Args::new(window, n, names)) }
}

/// Return from `__init__` (the instance is the result) or from a generator's frame.
#[inline(never)]
unsafe fn ret_special(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let v = if insn as u8 == txpy_compiler::ops::Op::RET as u8 { r!(base, a!(pc)) } else { Value::NONE };
        if crate::atomic::is_opener(&*th, base) {
            let t = enter!(pc, base, th);
            try_!(crate::atomic::opener_leaves(t), pc, base, th, insn, tab);
            // The instruction again, as an ordinary return.
            next!(pc.sub(1), base, th, tab)
        }
        let what = *base.sub(1);
        if super::generator::is_frame_of(what, base) {
            return super::generator::finish(v, pc, base, th, insn, tab);
        }
        if !v.is_none() {
            raise_init_result(enter!(pc, base, th), v);
            // The error belongs to the call: this frame has ended.
            let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
            goto!(super::unwind::unwind, ret, caller, th, insn, tab)
        }
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        *base.sub(5) = what;
        next!(ret, caller, th, tab)
    }
}

fn raise_init_result(th: &mut Thread, v: Value) {
    let got = object::class_name(v);
    let _ = th.type_error(format!("__init__() should return None, not '{got}'"));
}

#[inline(never)]
unsafe fn call_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        match invoke(t, &Call { f: r!(base, at), args: base.add(at + H), n: c!(pc), nb: base.add(at + H), ret: pc, base }) {
            Ok(Next { pc, base }) => next!(pc, base, th, (*th).table),
            Err(_) => goto!(super::unwind::unwind, pc, base, th, insn, tab),
        }
    }
}

/// A call that needs more than a fast path: `n` arguments at `args`, which is where the callee's window starts (`nb`) or one above it.
/// The result goes to `nb[-5]`, register a of the instruction; `ret` is the word after the instruction.
struct Call {
    f: Value,
    args: *mut Value,
    n: usize,
    nb: *mut Value,
    ret: *const u64,
    base: *mut Value,
}
/// Where to dispatch next.
struct Next {
    pc: *const u64,
    base: *mut Value,
}

/// Makes room for a window that ends at `top`: serves a pending request, or RecursionError.
unsafe fn room(t: &mut Thread, top: *mut Value) -> R<()> {
    unsafe {
        if !fits(t, top) {
            crate::runtime::poll(t)?;
            super::depth::check(t, top as usize)?;
        }
        Ok(())
    }
}

/// Does a call, or prepares the callee's frame. The arguments stand in the caller's window.
unsafe fn invoke(t: &mut Thread, call: &Call) -> R<Next> {
    // SAFETY: as every handler.
    unsafe {
        let Call { f, args, n, nb, ret, base } = *call;
        let result = nb.sub(H);
        match f.kind() {
            Some(kinds::NATIVE) => {
                *result = native_function::call(t, f.cast().expect("a native"), Args::new(args, n, Value::UNSET))?;
            }
            Some(kinds::FUNCTION) => return enter_function(t, call, f, args, n, Value(0)),
            Some(kinds::BOUND) => {
                let b = f.cast::<Bound>().expect("a bound method");
                let (func, this) = (b.frozen().func, b.frozen().this);
                if !this.is_unset() && func.is::<Function>() {
                    std::ptr::copy(args, nb.add(1), n);
                    *nb = this;
                    return enter_function(t, call, func, nb, n + 1, Value(0));
                }
                *result = t.call_args(f, Args::new(args, n, Value::UNSET))?;
            }
            Some(kinds::TYPE) => {
                let ty: Gc<Type> = f.cast().expect("a type");
                let r = ty.frozen();
                let init = r.dunder(D::init);
                // An ordinary class of Python code: allocate here, run `__init__` as a frame.
                if r.has(type_flag::HEAP)
                    && std::ptr::eq(r.def(), &crate::types::object::OBJECT)
                    && type_::TYPE.is_exact(f)
                    && !r.has(type_flag::ABSTRACT)
                    && r.dunder(D::new) == crate::types::object::OBJECT.ty().frozen().dunder(D::new)
                    && init.is_some_and(|i| i.is::<Function>() && !code_of(i).is_generator())
                {
                    let init = init.unwrap_or(Value::NONE);
                    let obj = instance::alloc_plain(t, ty)?;
                    std::ptr::copy(args, nb.add(1), n);
                    *nb = obj;
                    return enter_function(t, call, init, nb, n + 1, obj);
                }
                *result = t.call_args(f, Args::new(args, n, Value::UNSET))?;
            }
            _ => *result = t.call_args(f, Args::new(args, n, Value::UNSET))?,
        }
        Ok(Next { pc: ret, base })
    }
}

/// Binds the arguments into the callee's window and writes its header.
unsafe fn enter_function(t: &mut Thread, call: &Call, f: Value, args: *mut Value, n: usize, what: Value) -> R<Next> {
    // SAFETY: as every handler.
    unsafe {
        let nb = call.nb;
        let c = code_of(f);
        let top = nb.add(c.nregs as usize);
        // While arguments are bound the window is not yet a frame: keep it below top.
        t.top = (top as *mut u64).max(args.add(n) as *mut u64).max(t.top);
        room(t, t.top.cast())?;
        enter::bind(t, Gc::from_ptr(f.ptr_unchecked().cast()), c, Args::new(args, n, Value::UNSET), nb)?;
        header(nb, f, call.ret, call.base, top, what);
        Ok(Next { pc: c.stream.cast_const(), base: nb })
    }
}

#[inline(never)]
unsafe fn callm_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let nb = base.add(a!(pc) + H);
        let n = c!(pc);
        let (f, with_self) = try_!(find_method(t, *nb, name(base, b!(pc)), word(pc)), pc, base, th, insn, tab);
        let call = if with_self { Call { f, args: nb, n: n + 1, nb, ret: pc.add(1), base } } else { Call { f, args: nb.add(1), n, nb, ret: pc.add(1), base } };
        match invoke(t, &call) {
            Ok(Next { pc, base }) => next!(pc, base, th, (*th).table),
            Err(_) => goto!(super::unwind::unwind, pc, base, th, insn, tab),
        }
    }
}

#[inline(never)]
unsafe fn method_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        let (f, with_self) = try_!(find_method(t, r!(base, at + H), name(base, b!(pc)), word(pc)), pc, base, th, insn, tab);
        r!(base, at) = f;
        if !with_self {
            r!(base, at + H) = Value::UNSET;
        }
        next!(pc.add(1), base, th, tab)
    }
}

#[inline(never)]
unsafe fn callfound_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        let (nb, n) = (base.add(at + H), c!(pc));
        let with_self = *nb != Value::UNSET;
        let call = Call { f: r!(base, at), args: if with_self { nb } else { nb.add(1) }, n: n + usize::from(with_self), nb, ret: pc, base };
        match invoke(t, &call) {
            Ok(Next { pc, base }) => next!(pc, base, th, (*th).table),
            Err(_) => goto!(super::unwind::unwind, pc, base, th, insn, tab),
        }
    }
}

/// What `v.name(...)` calls: a function of the class that takes `v` first (true), or any callable.
#[inline]
fn find_method(th: &mut Thread, v: Value, name: Value, c: &AtomicU64) -> R<(Value, bool)> {
    if let Some(e) = v.header().and_then(|h| cache::entry(c.load(Relaxed), h.shape_id()).map(|e| (h, e))) {
        match e {
            (_, e) if matches!(e.what, What::Function | What::Native) => return Ok((e.value, true)),
            (h, e) if cache::same_owner(e, h) => {
                if let Some(f) = super::attr::cell_value(th, e.value) {
                    return Ok((f?, false));
                }
            }
            _ => {}
        }
    }
    look_up(th, v, name, c)
}
#[inline(never)]
fn look_up(th: &mut Thread, v: Value, name: Value, c: &AtomicU64) -> R<(Value, bool)> {
    // Before anything is looked up, as other threads may change the object meanwhile.
    let seen = v.header().map(cache::seen);
    let t = object::class_of(v);
    if t.frozen().dunder(D::getattribute) == crate::types::object::OBJECT.ty().frozen().dunder(D::getattribute) {
        if let Some(m) = type_::lookup(th, t, name)? {
            let what = match m.kind() {
                Some(kinds::FUNCTION) => Some(What::Function),
                Some(kinds::NATIVE) if m.cast::<Native>().is_some_and(|n| n.frozen().is_method()) => Some(What::Native),
                _ => None,
            };
            if let Some(what) = what {
                if instance::get_slot(th, v, name)?.is_none() {
                    if let (Some(h), Some(seen)) = (v.header(), seen) {
                        let unshadowed = if h.has(txpy_heap::flag::SLOTS) { txpy_heap::shape::lookup(seen.id, name).is_none() } else { !instance::has_dict(v) };
                        if unshadowed && cache::class_of(seen.id) == Some(t) {
                            cache::remember(c, seen, m, what);
                        }
                    }
                    return Ok((m, true));
                }
            }
        }
    } else if let Some((cell, what)) = super::attr::owned_cell(th, v, name)? {
        if let Some(seen) = seen {
            cache::remember(c, seen, cell, what);
        }
    }
    Ok((attr::get(th, v, name)?, false))
}

