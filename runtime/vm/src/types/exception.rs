//! Exceptions: layout, construction, raising, matching.

use super::dunder::D;
use super::type_::{self, Type};
use super::{list, text, traceback, tuple};
use crate::exceptions::{self, BASE_EXCEPTION, ExcDef};
use crate::kinds;
use crate::native::{Args, GetSetDef, NativeDef};
use crate::object::{self, instance};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_heap::{Gc, Header, R, Unwind, Value, object};

object! {
    pub struct Exception = kinds::EXCEPTION {
        /// Tuple.
        pub args: Value,
        /// Traceback, None.
        pub traceback: Value,
        pub cause: Value,
        pub context: Value,
        pub suppress: bool,
        /// Fields of particular classes (`errno`, `filename` ...), UNSET when not given.
        pub extra: [Value; 5],
    }
}

/// Fields of an exception that was just made with these arguments.
pub fn fresh(args: Value) -> Exception {
    Exception { header: Header::NEW, args, traceback: Value::NONE, cause: Value::NONE, context: Value::NONE, suppress: false, extra: [Value::UNSET; 5] }
}

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create an exception.";
    "__init__(self, *args, **kwargs)" = init_, "Initialize self.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__str__(self, /)" = str_, "Return str(self).";
    #[py2] "__unicode__(self, /)" = unicode, "Return unicode(self).";
    "__reduce__(self, /)" = reduce, "Helper for pickle.";
    "__setstate__(self, state, /)" = setstate, "Restore attributes.";
    #[py3] "with_traceback(self, tb, /)" = with_traceback, "Set self.__traceback__ to tb and return self.";
    #[py3] "add_note(self, note, /)" = add_note, "Add a note to the exception.";
    #[py2] "__getitem__(self, index, /)" = getitem, "Return self.args[index].";
};
pub static GETSET: &[GetSetDef] = getset! {
    "args" = get_args, mut set_args, "Arguments of the constructor.";
    #[py2] "message" = get_message, mut set_message, "The only argument.";
    #[py3] "__traceback__" = get_tb, mut set_tb, "Traceback.";
    #[py3] "__cause__" = get_cause, mut set_cause, "Explicit cause.";
    #[py3] "__context__" = get_context, mut set_context_attr, "Exception that was being handled.";
    #[py3] "__suppress_context__" = get_suppress, mut set_suppress, "Whether the context is hidden.";
};

fn this(v: Value) -> Gc<Exception> { v.cast().expect("checked by the call") }

/// An instance of a builtin exception class; its `__init__` is not run, but fields that follow from the arguments are set.
pub fn new(th: &mut Thread, def: &'static ExcDef, args: &[Value]) -> R<Value> {
    let t = th.new_tuple(args)?;
    let e = th.alloc_exception(def.ty().value(), t)?;
    super::exc_fields::fill(th, def, e, args)?;
    Ok(e.value())
}

/// A bare exception of a class, with its arguments.
pub fn alloc(th: &mut Thread, class: Value, args: Value) -> R<Gc<Exception>> { th.alloc_exception(class, args) }

impl Thread {
    pub(crate) fn alloc_exception(&mut self, class: Value, args: Value) -> R<Gc<Exception>> {
        let t = class.cast::<Type>().expect("a class");
        let id = t.frozen().root_shape();
        let s = txpy_heap::shape::shape(id);
        let bytes = s.slots_at as usize + 8 + 8 * s.inline as usize;
        let init = fresh(args);
        // SAFETY: exceptions carry slots; the payload is written before anything else happens.
        unsafe {
            let h = self.alloc_raw(bytes, kinds::EXCEPTION, id, txpy_heap::flag::SLOTS | type_::instance_flags(t.frozen()))?;
            let from = (&raw const init).cast::<u8>().add(size_of::<Header>());
            std::ptr::copy_nonoverlapping(from, h.cast::<u8>().add(size_of::<Header>()), size_of::<Exception>() - size_of::<Header>());
            Ok(Gc::from_ptr(h.cast()))
        }
    }
}

/// Whether `v` is an instance of the builtin class (or a subclass).
pub fn is_instance(v: Value, def: &'static ExcDef) -> bool { v.is::<Exception>() && object::is_instance(v, def.ty()) }
pub fn is_exception_class(v: Value) -> bool { v.cast::<Type>().is_some_and(|t| type_::is_subtype(t, BASE_EXCEPTION.ty())) }

static MEMORY: AtomicU64 = AtomicU64::new(0);
/// A MemoryError made in advance.
pub fn memory_error(th: &mut Thread) -> Value {
    let ready = Value(MEMORY.load(Acquire));
    if ready.is_ref() {
        if let Ok(mut g) = this(ready).write(th) {
            g.traceback = Value::NONE;
            g.context = Value::NONE;
        }
        return ready;
    }
    Value::NONE
}
/// Makes the exceptions that must exist before they are needed.
pub fn init(th: &mut Thread) -> R<()> {
    let e = new(th, &exceptions::MEMORY_ERROR, &[])?;
    MEMORY.store(e.bits(), Release);
    txpy_heap::add_root_hook(|t| t.value(Value(MEMORY.load(Acquire))));
    Ok(())
}

/// Links the exception that is being handled to one that is raised now.
pub fn set_context(th: &mut Thread, exc: Value) {
    if !th.py3() {
        return;
    }
    let handled = th.handled;
    if !handled.is::<Exception>() || handled == exc || !exc.is::<Exception>() {
        return;
    }
    // Cut a cycle: the new exception may already stand somewhere in the handled one's chain.
    let mut at = handled;
    for _ in 0..1000 {
        let Some(e) = at.cast::<Exception>() else { break };
        let Ok(g) = e.read(th) else { return };
        let next = g.context;
        drop(g);
        if next == exc {
            if let Ok(mut g) = e.write(th) {
                g.context = Value::NONE;
            }
            break;
        }
        at = next;
    }
    if let Ok(mut g) = this(exc).write(th) {
        g.context = handled;
    }
}

/// `raise exc [from cause]`.
pub fn raise(th: &mut Thread, exc: Value, cause: Option<Value>) -> Unwind {
    let exc = match instantiate(th, exc) {
        Ok(e) => e,
        Err(e) => return e,
    };
    if let Some(c) = cause {
        let c = if c.is_none() {
            Ok(c)
        } else if is_exception_class(c) {
            th.call(c, &[])
        } else if c.is::<Exception>() {
            Ok(c)
        } else {
            Err(th.type_error("exception causes must derive from BaseException"))
        };
        let c = match c {
            Ok(c) => c,
            Err(e) => return e,
        };
        match this(exc).write(th) {
            Ok(mut g) => {
                g.cause = c;
                g.suppress = true;
            }
            Err(e) => return e,
        }
    }
    th.raise_value(exc)
}
fn instantiate(th: &mut Thread, exc: Value) -> R<Value> {
    if exc.is::<Exception>() {
        return Ok(exc);
    }
    if is_exception_class(exc) {
        let e = th.call(exc, &[])?;
        if e.is::<Exception>() {
            return Ok(e);
        }
        let (class, got) = (object::repr_text(th, exc)?, object::class_name(e));
        return Err(th.type_error(format!("calling {class} should have returned an instance of BaseException, not <class '{got}'>")));
    }
    if !th.py3() && super::classic::is_instance(exc) {
        return Ok(exc);
    }
    let got = object::class_name(exc);
    Err(th.type_error(if th.py3() { "exceptions must derive from BaseException".to_string() } else { format!("exceptions must be old-style classes or derived from BaseException, not {got}") }))
}

/// 2.7's `raise class, value, traceback`, UNSET where left out.
pub fn raise27(th: &mut Thread, exc: Value, value: Value, tb: Value) -> Unwind {
    let mut make = || -> R<Value> {
        // `raise (a, b), ...` raises the first item.
        let mut exc = exc;
        while let Some(first) = tuple::items(exc).and_then(|t| t.first().copied()) {
            exc = first;
        }
        if is_exception_class(exc) || exc.is::<super::classic::Class>() {
            if value.is_unset() || value.is_none() {
                return th.call(exc, &[]);
            }
            if value.is::<Exception>() && exc.cast::<Type>().is_some_and(|t| object::is_instance(value, t)) {
                return Ok(value);
            }
            return match tuple::items(value) {
                Some(_) => object::call::call_ex(th, exc, value, Value::UNSET),
                None => th.call(exc, &[value]),
            };
        }
        if !value.is_unset() && !value.is_none() {
            return Err(th.type_error("instance exception may not have a separate value"));
        }
        instantiate(th, exc)
    };
    match make() {
        Ok(e) => {
            if let (Some(x), true) = (e.cast::<Exception>(), tb.is::<traceback::Traceback>()) {
                if let Ok(mut g) = x.write(th) {
                    g.traceback = tb;
                }
            } else if let (Some(x), true) = (e.cast::<Exception>(), tb.is_unset() || tb.is_none()) {
                if let Ok(mut g) = x.write(th) {
                    g.traceback = Value::NONE;
                }
            }
            th.raise_value(e)
        }
        Err(e) => e,
    }
}

/// Whether `except class:` catches `exc`.
pub fn matches(th: &mut Thread, exc: Value, class: Value) -> R<bool> {
    if let Some(t) = class.cast::<Type>() {
        if !type_::is_subtype(t, BASE_EXCEPTION.ty()) {
            if th.py3() {
                return Err(th.type_error("catching classes that do not inherit from BaseException is not allowed"));
            }
            return Ok(false);
        }
        return Ok(object::is_instance(exc, t));
    }
    if let Some(items) = tuple::items(class) {
        th.check_stack()?;
        if th.py3() {
            for c in items {
                if !is_exception_class(*c) {
                    return Err(th.type_error("catching classes that do not inherit from BaseException is not allowed"));
                }
            }
        }
        for c in items {
            if matches(th, exc, *c)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !th.py3() {
        return super::classic::catches(th, exc, class);
    }
    Err(th.type_error("catching classes that do not inherit from BaseException is not allowed"))
}

/// The class as `__exit__` and `sys.exc_info` see it.
pub fn class_for_exit(exc: Value) -> Value { object::class_of(exc).value() }

/// A copy of the arguments.
pub fn args(th: &mut Thread, e: Gc<Exception>) -> R<Value> { Ok(e.read(th)?.args) }

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let args = a.skip(1).collect_tuple(th)?;
    let class = a.get(0);
    if !is_exception_class(class) {
        return Err(th.type_error("BaseException.__new__(X): X is not a subtype of BaseException"));
    }
    Ok(th.alloc_exception(class, args)?.value())
}
fn init_(th: &mut Thread, a: Args) -> R<Value> {
    if a.has_keywords() {
        let name = object::class_name(a.get(0));
        return Err(th.type_error(format!("{name}() takes no keyword arguments")));
    }
    let args = a.skip(1).collect_tuple(th)?;
    this(a.get(0)).write(th)?.args = args;
    Ok(Value::NONE)
}
fn str_(th: &mut Thread, a: Args) -> R<Value> {
    let args = args(th, this(a.get(0)))?;
    match tuple::items(args).unwrap_or(&[]) {
        [] => th.native_str(""),
        [x] => object::str_(th, *x),
        _ => object::repr(th, args),
    }
}
fn unicode(th: &mut Thread, a: Args) -> R<Value> {
    // A `__str__` of its own decides.
    let own = object::dunder(a.get(0), D::str_);
    if own != BASE_EXCEPTION.ty().frozen().dunder(D::str_) {
        let s = object::call_special(th, own.unwrap_or(Value::NONE), a.get(0), &[])?;
        return if text::is_text(s) { Ok(s) } else { th.call(text::STR.value(), &[s]) };
    }
    let args = args(th, this(a.get(0)))?;
    match tuple::items(args).unwrap_or(&[]) {
        [] => th.new_str(""),
        [x] if text::is_text(*x) => Ok(*x),
        [x] => th.call(text::STR.value(), &[*x]),
        _ => th.call(text::STR.value(), &[args]),
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let args = args(th, this(a.get(0)))?;
    let name = object::class_name(a.get(0));
    let inner = match tuple::items(args).unwrap_or(&[]) {
        [] => "()".to_string(),
        [x] => {
            let r = object::repr_text(th, *x)?;
            if th.py3() { format!("({r})") } else { format!("({r},)") }
        }
        _ => object::repr_text(th, args)?,
    };
    th.native_str(&format!("{name}{inner}"))
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let class = object::class_of(a.get(0)).value();
    let args = args(th, this(a.get(0)))?;
    if instance::has_dict(a.get(0)) {
        let d = instance::dict_of(th, a.get(0))?;
        if super::dict::len(th, d)? > 0 {
            return th.new_tuple(&[class, args, d.value()]);
        }
    }
    th.new_tuple(&[class, args])
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(d) = a.get(1).cast::<super::dict::Dict>() {
        let mut at = 0;
        while let Some((k, v)) = super::dict::next(th, d, &mut at)? {
            object::attr::set(th, a.get(0), k, v)?;
        }
    } else if !a.get(1).is_none() {
        return Err(th.type_error("state is not a dictionary"));
    }
    Ok(Value::NONE)
}
fn with_traceback(th: &mut Thread, a: Args) -> R<Value> {
    set_tb(th, a.get(0), a.get(1))?;
    Ok(a.get(0))
}
fn add_note(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_text(a.get(1)) {
        let got = object::class_name(a.get(1));
        return Err(th.type_error(format!("note must be a str, not '{got}'")));
    }
    let name = crate::names::n(crate::names::N::__notes__);
    let notes = match object::attr::get_opt(th, a.get(0), name)? {
        Some(n) => n,
        None => {
            let l = list::new(th, &[])?;
            object::attr::set(th, a.get(0), name, l)?;
            l
        }
    };
    match notes.cast::<list::List>() {
        Some(l) => list::append(th, l, a.get(1))?,
        None => return Err(th.type_error("Cannot add note: __notes__ is not a list")),
    }
    Ok(Value::NONE)
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let args = args(th, this(a.get(0)))?;
    object::item::get(th, args, a.get(1))
}
fn get_args(th: &mut Thread, v: Value) -> R<Value> { args(th, this(v)) }
fn set_args(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if x.is_unset() {
        return Err(th.type_error("args may not be deleted"));
    }
    let t = object::iter::to_tuple(th, x)?;
    this(v).write(th)?.args = t;
    Ok(())
}
fn get_message(th: &mut Thread, v: Value) -> R<Value> {
    let args = args(th, this(v))?;
    match tuple::items(args).unwrap_or(&[]) {
        [x] => Ok(*x),
        _ => th.native_str(""),
    }
}
fn set_message(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let t = th.new_tuple(&[x])?;
    this(v).write(th)?.args = t;
    Ok(())
}
fn get_tb(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.traceback) }
fn set_tb(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !x.is_none() && !x.is::<traceback::Traceback>() {
        return Err(th.type_error(if x.is_unset() { "__traceback__ may not be deleted" } else { "__traceback__ must be a traceback or None" }));
    }
    this(v).write(th)?.traceback = x;
    Ok(())
}
fn get_cause(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.cause) }
fn set_cause(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !x.is_none() && !x.is::<Exception>() {
        return Err(th.type_error("exception cause must be None or derive from BaseException"));
    }
    let mut g = this(v).write(th)?;
    g.cause = x;
    g.suppress = true;
    Ok(())
}
fn get_context(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.context) }
fn set_context_attr(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !x.is_none() && !x.is::<Exception>() {
        return Err(th.type_error("exception context must be None or derive from BaseException"));
    }
    this(v).write(th)?.context = x;
    Ok(())
}
fn get_suppress(th: &mut Thread, v: Value) -> R<Value> { Ok(Value::from_bool(this(v).read(th)?.suppress)) }
fn set_suppress(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let b = object::is_true(th, x)?;
    this(v).write(th)?.suppress = b;
    Ok(())
}
