//! Async generators' operations and the iterator behind `await coroutine`.

use super::exception;
use super::generator::{self, ASYNC_GENERATOR, Generator, Step};
use crate::exceptions::{GENERATOR_EXIT, STOP_ASYNC_ITERATION, STOP_ITERATION};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef};
use crate::object;
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    /// A value that an async generator yields to its consumer, told apart from what it passes up while awaiting.
    pub struct Wrapped = kinds::ASYNC_WRAP, frozen { pub value: Value }
}
object! {
    /// `__anext__`, `asend`, `athrow` or `aclose` of an async generator, awaited.
    pub struct Operation = kinds::ASYNC_GEN_OP {
        pub generator: Gc<Generator>,
        /// 0 asend, 1 athrow, 2 aclose.
        pub what: u8,
        pub args: Value,
        /// 0 fresh, 1 under way, 2 over.
        pub state: u8,
    }
}
object! { pub struct Wrapper = kinds::COROUTINE_WRAPPER, frozen { pub coroutine: Value } }

pub static WRAPPED: TypeDef = TypeDef { name: "async_generator_wrapped_value", kind: kinds::ASYNC_WRAP, size: size_of::<Wrapped>() as u16, ..TypeDef::DEFAULT };
pub static OPERATION: TypeDef = TypeDef {
    name: "async_generator_asend", kind: kinds::ASYNC_GEN_OP, size: size_of::<Operation>() as u16, methods: &[OP_METHODS], doc: "A step of an async generator.", ..TypeDef::DEFAULT
};
pub static WRAPPER: TypeDef = TypeDef {
    name: "coroutine_wrapper", kind: kinds::COROUTINE_WRAPPER, size: size_of::<Wrapper>() as u16, methods: &[WRAPPER_METHODS], doc: "Iterator over a coroutine.", ..TypeDef::DEFAULT
};
pub static METHODS: &[NativeDef] = natives! {
    "__aiter__(self, /)" = self_, "Return self.";
    "__anext__(self, /)" = anext, "Return an awaitable for the next value.";
    "asend(self, value, /)" = asend, "Send a value.";
    "athrow(self, typ, val=None, tb=None, /)" = athrow, "Raise an exception inside.";
    "aclose(self, /)" = aclose, "Raise GeneratorExit inside.";
    "__repr__(self, /)" = repr, "Return repr(self).";
};
static OP_METHODS: &[NativeDef] = natives! {
    "__await__(self, /)" = self_, "Return self.";
    "__iter__(self, /)" = self_, "Return self.";
    "__next__(self, /)" = op_next, "One step.";
    "send(self, value, /)" = op_send, "One step with a value.";
    "throw(self, typ, val=None, tb=None, /)" = op_throw, "Raise an exception in the step.";
    "close(self, /)" = op_close, "Give the step up.";
};
static WRAPPER_METHODS: &[NativeDef] = natives! {
    "__iter__(self, /)" = self_, "Return self.";
    "__next__(self, /)" = wrapper_next, "One step.";
    "send(self, value, /)" = wrapper_send, "One step with a value.";
    "throw(self, *args)" = wrapper_throw, "Raise an exception inside.";
    "close(self, /)" = wrapper_close, "Close the coroutine.";
};

pub fn wrap(th: &mut Thread, value: Value) -> R<Value> { Ok(th.alloc(WRAPPED.shape(), Wrapped { header: Header::NEW, value })?.value()) }
pub fn coroutine_wrapper(th: &mut Thread, coroutine: Value) -> R<Value> { Ok(th.alloc(WRAPPER.shape(), Wrapper { header: Header::NEW, coroutine })?.value()) }

fn self_(_: &mut Thread, a: Args) -> R<Value> { Ok(a.get(0)) }
fn operation(th: &mut Thread, g: Value, what: u8, args: &[Value]) -> R<Value> {
    let args = th.new_tuple(args)?;
    Ok(th.alloc(OPERATION.shape(), Operation { header: Header::NEW, generator: g.cast().expect("checked by the call"), what, args, state: 0 })?.value())
}
fn anext(th: &mut Thread, a: Args) -> R<Value> { operation(th, a.get(0), 0, &[Value::NONE]) }
fn asend(th: &mut Thread, a: Args) -> R<Value> { operation(th, a.get(0), 0, &[a.get(1)]) }
fn athrow(th: &mut Thread, a: Args) -> R<Value> { operation(th, a.get(0), 1, &[a.get(1), a.get(2), a.get(3)]) }
fn aclose(th: &mut Thread, a: Args) -> R<Value> { operation(th, a.get(0), 2, &[]) }
fn repr(th: &mut Thread, a: Args) -> R<Value> { object::repr::default_repr(th, a.get(0)) }

fn op(v: Value) -> Gc<Operation> { v.cast().expect("checked by the call") }

/// One step of the operation: what the generator awaits is passed up; a wrapped value ends it.
fn advance(th: &mut Thread, o: Gc<Operation>, sent: Option<Value>) -> R<Value> {
    let r = o.read(th)?;
    let (g, what, args, state) = (r.generator, r.what, r.args, r.state);
    drop(r);
    if state == 2 {
        return Err(th.runtime_error(match what {
            0 => "cannot reuse already awaited __anext__()/asend()",
            _ => "cannot reuse already awaited aclose()/athrow()",
        }));
    }
    o.write(th)?.state = 1;
    let items = super::tuple::items(args).unwrap_or(&[]);
    let step = match (state, what, sent) {
        (_, _, None) => generator::resume(th, g, None),
        (0, 0, Some(v)) => generator::resume(th, g, Some(if v.is_none() { items[0] } else { v })),
        (0, 1, _) => generator::throw(th, g, items[0], items[1], items[2]),
        (0, _, _) => generator::throw(th, g, GENERATOR_EXIT.value(), Value::UNSET, Value::UNSET),
        (_, _, Some(v)) => generator::resume(th, g, Some(v)),
    };
    match step {
        Ok(Step::Yield(v)) => match v.cast::<Wrapped>() {
            Some(_) if what == 2 => {
                o.write(th)?.state = 2;
                Err(th.runtime_error("async generator ignored GeneratorExit"))
            }
            Some(w) => {
                o.write(th)?.state = 2;
                Err(stop(th, w.frozen().value))
            }
            None => Ok(v),
        },
        Ok(Step::Done(_)) => {
            o.write(th)?.state = 2;
            if what == 2 { Err(th.raise_with(&STOP_ITERATION, &[])) } else { Err(th.raise_with(&STOP_ASYNC_ITERATION, &[])) }
        }
        Err(e) => {
            o.write(th)?.state = 2;
            if what == 2 && (th.catch(&GENERATOR_EXIT).is_some() || th.catch(&STOP_ASYNC_ITERATION).is_some()) {
                return Err(th.raise_with(&STOP_ITERATION, &[]));
            }
            Err(e)
        }
    }
}
/// StopIteration with a value that is never spread.
fn stop(th: &mut Thread, v: Value) -> txpy_heap::Unwind {
    match exception::new(th, &STOP_ITERATION, &[]) {
        Ok(e) => {
            let args = match th.new_tuple(&[v]) {
                Ok(t) => t,
                Err(e) => return e,
            };
            match e.cast::<exception::Exception>().expect("an exception").write(th) {
                Ok(mut w) => {
                    w.args = args;
                    w.extra[0] = v;
                }
                Err(e) => return e,
            }
            th.raise_value(e)
        }
        Err(e) => e,
    }
}
fn op_next(th: &mut Thread, a: Args) -> R<Value> { advance(th, op(a.get(0)), Some(Value::NONE)) }
fn op_send(th: &mut Thread, a: Args) -> R<Value> { advance(th, op(a.get(0)), Some(a.get(1))) }
fn op_throw(th: &mut Thread, a: Args) -> R<Value> {
    let _ = exception::raise27(th, a.get(1), a.get(2), a.get(3));
    advance(th, op(a.get(0)), None)
}
fn op_close(th: &mut Thread, a: Args) -> R<Value> {
    op(a.get(0)).write(th)?.state = 2;
    Ok(Value::NONE)
}

fn coroutine(v: Value) -> Value { v.cast::<Wrapper>().expect("checked by the call").frozen().coroutine }
fn wrapper_next(th: &mut Thread, a: Args) -> R<Value> { th.call_method(coroutine(a.get(0)), "send", &[Value::NONE]) }
fn wrapper_send(th: &mut Thread, a: Args) -> R<Value> { th.call_method(coroutine(a.get(0)), "send", &[a.get(1)]) }
fn wrapper_throw(th: &mut Thread, a: Args) -> R<Value> {
    let f = object::attr::get_str(th, coroutine(a.get(0)), "throw")?;
    th.call_args(f, a.skip(1))
}
fn wrapper_close(th: &mut Thread, a: Args) -> R<Value> { th.call_method(coroutine(a.get(0)), "close", &[]) }
/// Whether `v` is an async generator.
pub fn is_async_generator(v: Value) -> bool { ASYNC_GENERATOR.is_exact(v) }
