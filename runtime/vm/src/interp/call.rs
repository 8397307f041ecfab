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
use std::sync::atomic::Ordering::Relaxed;
use txpy_compiler::ops::FRAME_HEADER;
use txpy_heap::{Gc, Value};

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
                        let n: Gc<Native> = Gc::from_ptr(e.value.ptr_unchecked().cast());
                        let args = Args::new(base.add(at + H), c!(pc) + 1, Value::UNSET);
                        r!(base, at) = try_!(native::call_native(t, n.frozen().def(), args), pc, base, th, insn, tab);
                        next!(pc.add(1), base, th, tab)
                    }
                    What::Cell => {}
                }
            }
        }
        goto!(callm_slow, pc, base, th, insn, tab)
    }
    CALLKW(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let (at, names, n) = (a!(pc), name(base, b!(pc)), c!(pc));
        let f = r!(base, at);
        let args = Args::new(base.add(at + H), n, names);
        r!(base, at) = try_!(t.call_args(f, args), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
    }
    CALLEX(pc, base, th, insn, tab) {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        let kw = if x!(pc) == 1 { r!(base, at + H + 1) } else { Value::UNSET };
        r!(base, at) = try_!(object::call::call_ex(t, r!(base, at), r!(base, at + H), kw), pc, base, th, insn, tab);
        next!(pc, base, th, tab)
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

/// Return from `__init__` (the instance is the result) or from a generator's frame.
#[inline(never)]
unsafe fn ret_special(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let v = if insn as u8 == txpy_compiler::ops::Op::RET as u8 { r!(base, a!(pc)) } else { Value::NONE };
        let what = *base.sub(1);
        if super::generator::is_frame_of(what, base) {
            return super::generator::finish(v, pc, base, th, insn, tab);
        }
        if !v.is_none() {
            let t = enter!(pc, base, th);
            let got = object::class_name(v);
            let msg = if t.py3() { format!("__init__() should return None, not '{got}'") } else { format!("__init__() should return None, not '{got}'") };
            let _ = t.type_error(msg);
            // The error belongs to the call: this frame has ended.
            let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
            return super::unwind::unwind(ret, caller, th, insn, tab);
        }
        let (ret, caller) = ((*base.sub(4)).0 as *const u64, (*base.sub(3)).0 as *mut Value);
        *base.sub(5) = what;
        next!(ret, caller, th, tab)
    }
}

#[inline(never)]
unsafe fn call_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe { invoke(r!(base, a!(pc)), base.add(a!(pc) + H), c!(pc), pc, pc, base, th, insn, tab) }
}

/// Calls `f` with `n` arguments at `args`, which lie where a callee's window starts or one above it; the result goes to `args[-5]` of the
/// window (register a of the instruction). `ret` is the word after the instruction.
#[allow(clippy::too_many_arguments)]
unsafe fn invoke(f: Value, args: *mut Value, n: usize, ret: *const u64, pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler; the arguments stand in the caller's window.
    unsafe {
        let at = a!(pc);
        let nb = base.add(at + H);
        match f.kind() {
            Some(kinds::NATIVE) => {
                let t = enter!(pc, base, th);
                let v = native_function::call(t, f.cast().expect("a native"), Args::new(args, n, Value::UNSET));
                r!(base, at) = try_!(v, pc, base, th, insn, tab);
                next!(ret, base, th, tab)
            }
            Some(kinds::FUNCTION) => {
                let t = enter!(pc, base, th);
                let c = code_of(f);
                let top = nb.add(c.nregs as usize);
                if !fits(th, top) {
                    try_!(crate::runtime::poll(t), pc, base, th, insn, tab);
                    if top as usize > t.stack_limit() {
                        let _ = t.too_deep();
                        goto!(super::unwind::unwind, pc, base, th, insn, tab)
                    }
                }
                // While arguments are bound the window is not yet a frame: keep it below top.
                t.top = (top as *mut u64).max(args.add(n) as *mut u64).max(t.top);
                try_!(enter::bind(t, Gc::from_ptr(f.ptr_unchecked().cast()), c, Args::new(args, n, Value::UNSET), nb), pc, base, th, insn, tab);
                push_frame!(f, c, nb, ret, Value(0), base, th, tab)
            }
            Some(kinds::BOUND) => {
                let b = f.cast::<Bound>().expect("a bound method");
                let (func, this) = (b.frozen().func, b.frozen().this);
                if !this.is_unset() && func.is::<Function>() {
                    std::ptr::copy(args, nb.add(1), n);
                    *nb = this;
                    return invoke(func, nb, n + 1, ret, pc, base, th, insn, tab);
                }
                let t = enter!(pc, base, th);
                r!(base, at) = try_!(t.call_args(f, Args::new(args, n, Value::UNSET)), pc, base, th, insn, tab);
                next!(ret, base, th, tab)
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
                    let t = enter!(pc, base, th);
                    let obj = try_!(instance::alloc_plain(t, ty), pc, base, th, insn, tab);
                    let c = code_of(init);
                    let top = nb.add(c.nregs as usize);
                    if !fits(th, top.max(nb.add(n + 1))) {
                        try_!(crate::runtime::poll(t), pc, base, th, insn, tab);
                        if top as usize > t.stack_limit() {
                            let _ = t.too_deep();
                            goto!(super::unwind::unwind, pc, base, th, insn, tab)
                        }
                    }
                    std::ptr::copy(args, nb.add(1), n);
                    *nb = obj;
                    t.top = (top as *mut u64).max(nb.add(n + 1) as *mut u64).max(t.top);
                    try_!(enter::bind(t, Gc::from_ptr(init.ptr_unchecked().cast()), c, Args::new(nb, n + 1, Value::UNSET), nb), pc, base, th, insn, tab);
                    push_frame!(init, c, nb, ret, obj, base, th, tab)
                }
                let t = enter!(pc, base, th);
                r!(base, at) = try_!(t.call_args(f, Args::new(args, n, Value::UNSET)), pc, base, th, insn, tab);
                next!(ret, base, th, tab)
            }
            _ => {
                let t = enter!(pc, base, th);
                r!(base, at) = try_!(t.call_args(f, Args::new(args, n, Value::UNSET)), pc, base, th, insn, tab);
                next!(ret, base, th, tab)
            }
        }
    }
}

#[inline(never)]
unsafe fn callm_slow(pc: *const u64, base: *mut Value, th: *mut Thread, insn: u64, tab: *const super::Handler) -> u64 {
    // SAFETY: as every handler.
    unsafe {
        let t = enter!(pc, base, th);
        let at = a!(pc);
        let nb = base.add(at + H);
        let (v, n) = (*nb, c!(pc));
        let attr_name = name(base, b!(pc));
        let (f, with_self) = try_!(find_method(t, v, attr_name, word(pc)), pc, base, th, insn, tab);
        if with_self { invoke(f, nb, n + 1, pc.add(1), pc, base, th, insn, tab) } else { invoke(f, nb.add(1), n, pc.add(1), pc, base, th, insn, tab) }
    }
}

/// What `v.name(...)` calls: a function of the class that takes `v` first (true), or any callable.
fn find_method(th: &mut Thread, v: Value, name: Value, c: &std::sync::atomic::AtomicU64) -> txpy_heap::R<(Value, bool)> {
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
                    if let Some(h) = v.header() {
                        if h.has(txpy_heap::flag::SLOTS) || !instance::has_dict(v) {
                            cache::remember(c, h, m, what);
                        }
                    }
                    return Ok((m, true));
                }
            }
        }
    }
    Ok((attr::get(th, v, name)?, false))
}

