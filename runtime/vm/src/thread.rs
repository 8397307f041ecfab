//! `Thread`: the interpreter's state of one thread, around the heap's.

use crate::exceptions::ExcDef;
use crate::interp::Handler;
use crate::types::{exception, text, tuple};
use std::ops::{Deref, DerefMut};
use txpy_heap::{Cause, R, Unwind, Value, ValueStack, native_stack};

/// What a native or a handler works with. Whatever takes `&mut Thread` may reach a safepoint.
#[repr(C)]
pub struct Thread {
    heap: txpy_heap::Thread,
    /// Handler table of the interpreter.
    pub(crate) table: *const Handler,
    /// Where the interpreter stands while a slow path or native runs: the word after the running instruction's first, and its window.
    pub(crate) pc: *const u64,
    pub(crate) base: *mut u64,
    /// Where a frame stands that an exception is about to be thrown into.
    pub(crate) resume_pc: *const u64,
    /// Address below which the native stack must not grow.
    pub(crate) native_limit: usize,
    /// Lowest address that may be used at all, and the stack's end.
    pub(crate) native_low: usize,
    pub(crate) native_high: usize,
    /// `reprs` that are running, to show recursive containers as `[...]`: innermost last.
    pub(crate) reprs: Vec<u64>,
    /// Per-thread cache of attribute lookups in classes.
    pub(crate) lookups: crate::types::lookup::LookupCache,
    /// Scratch for big integers.
    pub(crate) limbs: Vec<u64>,
    pub(crate) ident: u64,
    /// The thread that the process started with.
    pub(crate) main: bool,
    pub(crate) in_finalizer: bool,
    /// The exception in flight is raised again: its traceback has this frame already.
    pub(crate) raised_again: bool,
    pub(crate) block: crate::atomic::Block,
    pub(crate) tracing: crate::interp::trace::Tracing,
}

/// Places in `heap::Thread::roots`.
pub mod root {
    /// The Python object of the thread (`threading` state), thread-local dictionary, trace and profile functions.
    pub const THREAD_DICT: usize = 0;
    pub const TRACE: usize = 1;
    pub const PROFILE: usize = 2;
    pub const ASYNC_EXC: usize = 3;
    pub const CONTEXT: usize = 4;
    pub const ASYNCGEN_HOOKS: usize = 5;
    /// Frame objects of traced frames.
    pub const FRAMES: usize = 6;
}

impl Deref for Thread {
    type Target = txpy_heap::Thread;
    #[inline(always)]
    fn deref(&self) -> &txpy_heap::Thread { &self.heap }
}
impl DerefMut for Thread {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut txpy_heap::Thread { &mut self.heap }
}

/// Native stack that must be left when the interpreter is entered again or Rust code recurses.
const NATIVE_MARGIN: usize = 256 << 10;

impl Thread {
    /// Attaches the running system thread. Errors: OutOfMemory when no address space is left.
    pub fn attach() -> R<Box<Thread>> { ValueStack::new().map(Thread::attach_on).ok_or(Unwind) }
    /// As `attach`, with a value stack that is there. The Box keeps the address stable.
    pub fn attach_on(stack: ValueStack) -> Box<Thread> {
        crate::stm_places::tell();
        let mut th = Box::new(Thread {
            heap: txpy_heap::Thread::new(),
            table: crate::interp::table(),
            pc: std::ptr::null(),
            base: std::ptr::null_mut(),
            resume_pc: std::ptr::null(),
            native_limit: 0,
            native_low: 0,
            native_high: 0,
            reprs: Vec::new(),
            limbs: Vec::new(),
            lookups: Default::default(),
            ident: 0,
            main: false,
            in_finalizer: false,
            raised_again: false,
            block: Default::default(),
            tracing: Default::default(),
        });
        (th.native_low, th.native_high) = native_stack();
        // SAFETY: the box is not moved until detach.
        unsafe { th.heap.attach_on(stack, th.native_high) };
        th.native_low += NATIVE_MARGIN;
        th.base = th.stack_base;
        crate::interp::depth::start(&mut th);
        th
    }

    /// A safepoint of natives that loop: requests of other threads, and what the interpreter does at its own safepoints (handlers of
    /// signals, finalizers), so that Python code may run here.
    #[inline(always)]
    pub fn poll(&mut self) -> R<()> {
        // SAFETY: `limit` points to a static of this thread's slot.
        if unsafe { (*self.heap.limit).load(std::sync::atomic::Ordering::Relaxed) } == 0 { crate::runtime::poll(self) } else { Ok(()) }
    }

    /// Declares this thread the main one.
    pub fn set_main(&mut self) { self.main = true }
    pub fn is_main(&self) -> bool { self.main }
    pub fn py3(&self) -> bool { crate::dialect::py3() }

    /// Runs `f` with all other threads stopped at safepoints.
    pub fn stopped_vm<T>(&mut self, f: impl FnOnce(&mut Thread) -> T) -> T {
        let this: *mut Thread = self;
        // SAFETY: the heap's part is the first field of this very thread, and only one of the two borrows is used at a time.
        self.heap.stopped(|_| f(unsafe { &mut *this }))
    }

    // ---- errors

    /// Raises `def` with one text argument.
    #[cold]
    pub fn raise(&mut self, def: &'static ExcDef, msg: impl AsRef<str>) -> Unwind {
        match self.native_str(msg.as_ref()) {
            Ok(text) => self.raise_with(def, &[text]),
            Err(e) => e,
        }
    }
    #[cold]
    pub fn raise_with(&mut self, def: &'static ExcDef, args: &[Value]) -> Unwind {
        match exception::new(self, def, args) {
            Ok(e) => self.raise_value(e),
            Err(e) => e,
        }
    }
    /// Raises an exception instance.
    #[cold]
    pub fn raise_value(&mut self, exc: Value) -> Unwind {
        exception::set_context(self, exc);
        self.reraise(exc)
    }
    /// Goes on unwinding with an exception that was caught.
    #[cold]
    pub fn reraise(&mut self, exc: Value) -> Unwind {
        if self.cause == Cause::Abort && self.may_abort() {
            // Who turns any failure into an exception of its own does not stop an abort.
            return Unwind;
        }
        self.cause = Cause::Exception;
        self.exception = exc;
        Unwind
    }
    pub fn type_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::TYPE_ERROR, msg) }
    pub fn value_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::VALUE_ERROR, msg) }
    pub fn index_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::INDEX_ERROR, msg) }
    pub fn overflow_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::OVERFLOW_ERROR, msg) }
    pub fn attribute_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::ATTRIBUTE_ERROR, msg) }
    pub fn runtime_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::RUNTIME_ERROR, msg) }
    pub fn system_error(&mut self, msg: impl AsRef<str>) -> Unwind { self.raise(&crate::exceptions::SYSTEM_ERROR, msg) }
    pub fn not_implemented(&mut self, what: &str) -> Unwind { self.raise(&crate::exceptions::NOT_IMPLEMENTED_ERROR, what) }
    pub fn memory_error(&mut self) -> Unwind { self.raise_with(&crate::exceptions::MEMORY_ERROR, &[]) }

    /// The exception in flight; an out-of-memory condition becomes a MemoryError. None for Abort and Exit, which nobody may catch.
    pub fn current_exception(&mut self) -> Option<Value> {
        match self.cause {
            Cause::Exception => Some(self.exception),
            Cause::OutOfMemory => {
                self.cause = Cause::None;
                let e = exception::memory_error(self);
                self.cause = Cause::Exception;
                self.exception = e;
                Some(e)
            }
            _ => None,
        }
    }
    /// Takes the exception in flight if it is an instance of `def`.
    pub fn catch(&mut self, def: &'static ExcDef) -> Option<Value> {
        let e = self.current_exception()?;
        exception::is_instance(e, def).then(|| self.take_exception(e))
    }
    /// Takes any exception in flight (not Abort, not Exit).
    pub fn catch_any(&mut self) -> Option<Value> {
        let e = self.current_exception()?;
        Some(self.take_exception(e))
    }
    fn take_exception(&mut self, e: Value) -> Value {
        self.cause = Cause::None;
        self.exception = Value::UNSET;
        e
    }
    /// `r`, with an exception of class `def` turned into None.
    pub fn unless<T>(&mut self, r: R<T>, def: &'static ExcDef) -> R<Option<T>> {
        match r {
            Ok(v) => Ok(Some(v)),
            Err(e) => if self.catch(def).is_some() { Ok(None) } else { Err(e) },
        }
    }

    /// Fails with RecursionError when little native stack is left. Call it in every Rust function that recurses over user data.
    #[inline]
    pub fn check_stack(&mut self) -> R<()> {
        let here = 0u8;
        let here = &raw const here as usize;
        if here < self.native_limit { crate::interp::depth::check_native(self, here) } else { Ok(()) }
    }
    #[cold]
    pub fn too_deep(&mut self) -> Unwind {
        let def = if self.py3() { &crate::exceptions::RECURSION_ERROR } else { &crate::exceptions::RUNTIME_ERROR };
        self.raise(def, "maximum recursion depth exceeded")
    }

    // ---- making objects

    /// A text (`str` of 3, `unicode` of 2.7).
    pub fn new_str(&mut self, s: &str) -> R<Value> { text::new_str(self, s.as_bytes()) }
    /// A byte string (`bytes` of 3, `str` of 2.7).
    pub fn new_bytes(&mut self, s: &[u8]) -> R<Value> { text::new_bytes(self, s) }
    /// `str` of the language.
    pub fn native_str(&mut self, s: &str) -> R<Value> { self.native_str_bytes(s.as_bytes()) }
    pub fn native_str_bytes(&mut self, s: &[u8]) -> R<Value> { if self.py3() { text::new_str(self, s) } else { text::new_bytes(self, s) } }
    pub fn is_native_str_exact(&self, v: Value) -> bool { if self.py3() { text::STR.is_exact(v) } else { text::BYTES.is_exact(v) } }
    pub fn new_tuple(&mut self, items: &[Value]) -> R<Value> { tuple::new(self, items) }
}
