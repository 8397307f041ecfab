//! `BaseExceptionGroup` and `ExceptionGroup`: construction, splitting, and what `except*` needs of them.

use super::dict;
use super::exception::{self, Exception};
use super::list::{self, List};
use super::type_::{self, Type};
use super::{module, text, tuple};
use crate::exceptions::{BASE_EXCEPTION_GROUP, EXCEPTION};
use crate::names::{N, n};
use crate::native::{Args, GetSetDef, NativeDef};
use crate::object::{self, attr, iter};
use crate::thread::Thread;
use crate::types::dunder::D;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_heap::{Gc, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create and return a new object.";
    "__init__(self, *args, **kwargs)" = init_, "Initialize self.";
    "__str__(self, /)" = str_, "Return str(self).";
    "derive(self, excs, /)" = derive, "A group with the same message and other exceptions.";
    "split(self, matcher, /)" = |th, a| { let (m, r) = split_by(th, a)?; th.new_tuple(&[m, r]) }, "The part that matches and the rest, each a group or None.";
    "subgroup(self, matcher, /)" = |th, a| Ok(split_by(th, a)?.0), "The part that matches, or None.";
    #[class] "__class_getitem__(cls, item, /)" = super::generic_alias::class_getitem, "See PEP 585";
};
pub static GETSET: &[GetSetDef] = getset! {
    "message" = |th, v| Ok(field(th, v, MESSAGE)?.get().unwrap_or(Value::NONE)), mut readonly, "exception message";
    "exceptions" = exceptions_tuple, mut readonly, "nested exceptions";
};

const MESSAGE: usize = 0;
const EXCEPTIONS: usize = 1;

fn readonly(th: &mut Thread, _: Value, _: Value) -> R<()> { Err(th.attribute_error("readonly attribute")) }
fn this(v: Value) -> Gc<Exception> { v.cast().expect("an exception") }
fn field(th: &mut Thread, v: Value, i: usize) -> R<Value> { Ok(this(v).read(th)?.extra[i]) }
/// The tuple of nested exceptions.
fn exceptions_tuple(th: &mut Thread, v: Value) -> R<Value> {
    match field(th, v, EXCEPTIONS)?.get() {
        Some(t) => Ok(t),
        None => th.new_tuple(&[]),
    }
}
pub fn is_group(v: Value) -> bool { exception::is_instance(v, &BASE_EXCEPTION_GROUP) }

// ---- the class ExceptionGroup

static GROUP: AtomicU64 = AtomicU64::new(0);

/// `ExceptionGroup`, which derives from both `BaseExceptionGroup` and `Exception`. Made when first asked for, at start-up.
pub fn exception_group(th: &mut Thread) -> R<Gc<Type>> {
    if let Some(t) = Value(GROUP.load(Acquire)).cast::<Type>() {
        return Ok(t);
    }
    let namespace = dict::new(th)?;
    let module = th.intern("builtins")?;
    dict::set(th, namespace, n(N::__module__), module)?;
    let name = th.intern("ExceptionGroup")?;
    let t = type_::new_class(th, type_::TYPE.ty(), name, &[BASE_EXCEPTION_GROUP.value(), EXCEPTION.value()], namespace)?;
    match GROUP.compare_exchange(0, t.value().bits(), AcqRel, Acquire) {
        Ok(_) => {
            txpy_heap::add_root_hook(|t| t.value(Value(GROUP.load(Acquire))));
            Ok(t)
        }
        Err(other) => Ok(Value(other).cast().expect("the class")),
    }
}

/// Puts `ExceptionGroup` into the module of builtins.
pub fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let t = exception_group(th)?;
    module::set(th, m, "ExceptionGroup", t.value())
}

// ---- construction

fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let k = a.positional() - 1;
    if k != 2 {
        return Err(th.type_error(format!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({k} given)")));
    }
    let Some(mut class) = a.get(0).cast::<Type>().filter(|_| exception::is_exception_class(a.get(0))) else {
        return Err(th.type_error("BaseException.__new__(X): X is not a subtype of BaseException"));
    };
    let (message, given) = (a.get(1), a.get(2));
    if !text::is_text(message) {
        let got = object::class_name(message);
        return Err(th.type_error(format!("BaseExceptionGroup.__new__() argument 1 must be str, not {got}")));
    }
    if object::dunder(given, D::getitem).is_none() || given.is::<dict::Dict>() {
        return Err(th.type_error("second argument (exceptions) must be a sequence"));
    }
    let items = iter::to_tuple(th, given)?;
    let list = tuple::items(items).unwrap_or(&[]);
    if list.is_empty() {
        return Err(th.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    if let Some(i) = list.iter().position(|e| !e.is::<Exception>()) {
        return Err(th.value_error(format!("Item {i} of second argument (exceptions) is not an exception")));
    }
    let plain = list.iter().all(|e| exception::is_instance(*e, &EXCEPTION));
    let group = exception_group(th)?;
    if class == BASE_EXCEPTION_GROUP.ty() {
        if plain {
            class = group;
        }
    } else if !plain && class == group {
        return Err(th.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    } else if !plain && type_::is_subtype(class, EXCEPTION.ty()) {
        let name = type_::name_text(class).into_owned();
        return Err(th.type_error(format!("Cannot nest BaseExceptions in '{name}'")));
    }
    let all = a.skip(1).collect_tuple(th)?;
    make(th, class, message, items, all)
}
fn make(th: &mut Thread, class: Gc<Type>, message: Value, items: Value, args: Value) -> R<Value> {
    let e: Gc<Exception> = exception::alloc(th, class.value(), args)?;
    let mut g = e.write(th)?;
    g.extra[MESSAGE] = message;
    g.extra[EXCEPTIONS] = items;
    Ok(e.value())
}
fn init_(th: &mut Thread, a: Args) -> R<Value> {
    if a.has_keywords() {
        let name = object::class_name(a.get(0));
        return Err(th.type_error(format!("{name}() takes no keyword arguments")));
    }
    Ok(Value::NONE)
}
/// A group of builtin class, `ExceptionGroup` if it may be.
fn create(th: &mut Thread, message: Value, items: Value) -> R<Value> { th.call(BASE_EXCEPTION_GROUP.value(), &[message, items]) }

fn str_(th: &mut Thread, a: Args) -> R<Value> {
    let (message, items) = (field(th, a.get(0), MESSAGE)?, exceptions_tuple(th, a.get(0))?);
    let k = tuple::items(items).map_or(0, <[Value]>::len);
    let text = if message.is_unset() { String::new() } else { object::str_text(th, message)? };
    th.native_str(&format!("{text} ({k} sub-exception{})", if k == 1 { "" } else { "s" }))
}
fn derive(th: &mut Thread, a: Args) -> R<Value> {
    let message = field(th, a.get(0), MESSAGE)?;
    create(th, message, a.get(1))
}

// ---- splitting

/// What a leaf (or a whole group) is compared with.
#[derive(Clone, Copy)]
enum Matcher {
    /// A class or a tuple of classes.
    Classes(Value),
    Callable(Value),
    /// A list of exceptions, by identity; groups themselves never match.
    Leaves(Gc<List>),
}

impl Matcher {
    fn matches(self, th: &mut Thread, e: Value) -> R<bool> {
        match self {
            Matcher::Classes(c) => exception::matches(th, e, c),
            Matcher::Callable(f) => {
                let r = th.call(f, &[e])?;
                object::is_true(th, r)
            }
            Matcher::Leaves(l) => Ok(!is_group(e) && l.read(th)?.as_slice().contains(&e)),
        }
    }
}

fn matcher(th: &mut Thread, v: Value) -> R<Matcher> {
    let classes = exception::is_exception_class(v) || tuple::items(v).is_some_and(|t| t.iter().all(|c| exception::is_exception_class(*c)));
    if classes {
        return Ok(Matcher::Classes(v));
    }
    if object::dunder(v, D::call).is_some() && !v.is::<Type>() {
        return Ok(Matcher::Callable(v));
    }
    Err(th.type_error("expected an exception type, a tuple of exception types, or a callable (other than a class)"))
}
fn split_by(th: &mut Thread, a: Args) -> R<(Value, Value)> {
    let m = matcher(th, a.get(1))?;
    split(th, a.get(0), m)
}

/// The part of `e` that matches and the rest; None for an empty part.
fn split(th: &mut Thread, e: Value, m: Matcher) -> R<(Value, Value)> {
    th.check_stack()?;
    if m.matches(th, e)? {
        return Ok((e, Value::NONE));
    }
    if !is_group(e) {
        return Ok((Value::NONE, e));
    }
    let items = exceptions_tuple(th, e)?;
    let (yes, no) = (list::with_capacity(th, 0)?, list::with_capacity(th, 0)?);
    for x in tuple::items(items).unwrap_or(&[]) {
        let (a, b) = split(th, *x, m)?;
        if !a.is_none() {
            list::append(th, yes, a)?;
        }
        if !b.is_none() {
            list::append(th, no, b)?;
        }
    }
    Ok((subset(th, e, yes)?, subset(th, e, no)?))
}
/// A group like `e` with these exceptions, by its `derive`; None when there are none.
fn subset(th: &mut Thread, e: Value, items: Gc<List>) -> R<Value> {
    if list::len(th, items)? == 0 {
        return Ok(Value::NONE);
    }
    let fresh = th.call_method(e, "derive", &[items.value()])?;
    if !is_group(fresh) {
        return Err(th.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    let g = this(e).read(th)?;
    let (tb, cause, context) = (g.traceback, g.cause, g.context);
    drop(g);
    let mut g = this(fresh).write(th)?;
    (g.traceback, g.cause, g.context, g.suppress) = (tb, cause, context, true);
    drop(g);
    if let Some(notes) = attr::get_opt(th, e, n(N::__notes__))? {
        // Anything that is no sequence was put there by mistake and is left behind.
        if notes.is::<List>() || tuple::items(notes).is_some() {
            let copy = iter::to_list(th, notes)?;
            attr::set(th, fresh, n(N::__notes__), copy.value())?;
        }
    }
    Ok(fresh)
}

// ---- except*

/// `except* class`: the part of `exc` that the clause takes and the rest, each None when empty.
pub fn split_for(th: &mut Thread, exc: Value, class: Value) -> R<(Value, Value)> {
    let one = [class];
    for c in tuple::items(class).unwrap_or(&one) {
        if !exception::is_exception_class(*c) {
            return Err(th.type_error("catching classes that do not inherit from BaseException is not allowed"));
        }
        if c.cast::<Type>().is_some_and(|t| type_::is_subtype(t, BASE_EXCEPTION_GROUP.ty())) {
            return Err(th.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
        }
    }
    if exc.is_none() {
        return Ok((Value::NONE, Value::NONE));
    }
    if exception::matches(th, exc, class)? {
        if is_group(exc) {
            return Ok((exc, Value::NONE));
        }
        let (message, items) = (th.native_str("")?, th.new_tuple(&[exc])?);
        let wrapped = create(th, message, items)?;
        let tb = this(exc).read(th)?.traceback;
        this(wrapped).write(th)?.traceback = tb;
        return Ok((wrapped, Value::NONE));
    }
    if !is_group(exc) {
        return Ok((Value::NONE, exc));
    }
    let pair = th.call_method(exc, "split", &[class])?;
    let name = object::class_name(exc);
    match tuple::items(pair) {
        Some([a, b, ..]) => Ok((*a, *b)),
        Some(t) => {
            let k = t.len();
            Err(th.type_error(format!("{name}.split must return a 2-tuple, got tuple of size {k}")))
        }
        None => {
            let got = object::class_name(pair);
            Err(th.type_error(format!("{name}.split must return a tuple, not {got}")))
        }
    }
}

/// After all clauses: what must be raised of the exceptions in `excs` (raised by clauses, or left over from `orig`); None for nothing.
pub fn join(th: &mut Thread, excs: Value, orig: Value) -> R<Value> {
    let all = iter::to_tuple(th, excs)?;
    let all = tuple::items(all).unwrap_or(&[]);
    let mut some = all.iter().copied().filter(|e| !e.is_none() && !e.is_unset());
    if !is_group(orig) {
        // It was wrapped for the one clause that took it, so at most one exception came out.
        return Ok(some.next().unwrap_or(Value::NONE));
    }
    let (raised, leaves) = (list::with_capacity(th, 0)?, list::with_capacity(th, 0)?);
    for e in some {
        if same_origin(th, e, orig)? {
            gather_leaves(th, e, leaves)?;
        } else {
            list::append(th, raised, e)?;
        }
    }
    // What clauses passed on unchanged keeps the structure of the original group.
    let kept = if list::len(th, leaves)? == 0 { Value::NONE } else { split(th, orig, Matcher::Leaves(leaves))?.0 };
    if list::len(th, raised)? == 0 {
        return Ok(kept);
    }
    if !kept.is_none() {
        list::append(th, raised, kept)?;
    }
    if list::len(th, raised)? == 1 {
        return Ok(list::get(th, raised, 0)?.unwrap_or(Value::NONE));
    }
    let message = th.native_str("")?;
    create(th, message, raised.value())
}
/// Whether `e` is a part of `orig`: parts share notes, traceback, cause and context.
fn same_origin(th: &mut Thread, e: Value, orig: Value) -> R<bool> {
    if !e.is::<Exception>() {
        return Ok(false);
    }
    let notes = |th: &mut Thread, v: Value| attr::get_opt(th, v, n(N::__notes__));
    let of = |th: &mut Thread, v: Value| -> R<[Value; 3]> {
        let g = this(v).read(th)?;
        Ok([g.traceback, g.cause, g.context])
    };
    if of(th, e)? != of(th, orig)? {
        return Ok(false);
    }
    // `split` copies the list of notes, so its parts are compared.
    match (notes(th, e)?, notes(th, orig)?) {
        (None, None) => Ok(true),
        (Some(a), Some(b)) if a == b => Ok(true),
        (Some(a), Some(b)) if a.is::<List>() && b.is::<List>() => {
            let (a, b) = (iter::to_tuple(th, a)?, iter::to_tuple(th, b)?);
            Ok(tuple::items(a) == tuple::items(b))
        }
        _ => Ok(false),
    }
}
fn gather_leaves(th: &mut Thread, e: Value, out: Gc<List>) -> R<()> {
    th.check_stack()?;
    if !is_group(e) {
        return list::append(th, out, e);
    }
    let items = exceptions_tuple(th, e)?;
    for x in tuple::items(items).unwrap_or(&[]) {
        gather_leaves(th, *x, out)?;
    }
    Ok(())
}
