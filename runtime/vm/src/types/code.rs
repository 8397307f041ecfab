//! `code`: a loaded code image: the instruction stream with constants in place, and what introspection asks of it.

use super::{text, tuple};
use crate::kinds;
use crate::native::TypeDef;
use crate::thread::Thread;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use txpy_compiler::image::{Const, Handler, Image, code_flag};
use txpy_compiler::ops::{Insn, Op};
use txpy_heap::{Gc, Header, R, Value, object};

object! {
    pub struct Code = kinds::CODE, frozen, release = release {
        /// `len` words that never move; inline caches in it are stored relaxed by any thread.
        pub stream: *mut u64,
        pub stream_len: usize,
        /// All constants, the names of the code among them.
        pub consts: Gc<tuple::Tuple>,
        pub name: Value,
        pub qualname: Value,
        pub filename: Value,
        pub varnames: Gc<tuple::Tuple>,
        pub freevars: Gc<tuple::Tuple>,
        pub image: *const Image,
        pub nregs: u32,
        pub argcount: u16,
        pub posonly: u16,
        pub kwonly: u16,
        /// Positional parameters only: a call with exactly `argcount` arguments needs no binding.
        pub simple: bool,
        pub flags: u32,
        /// Loop and call counter.
        pub heat: AtomicU32,
    }
}

pub static CODE: TypeDef = TypeDef {
    name: "code", kind: kinds::CODE, size: size_of::<Code>() as u16, flags: crate::native::type_flag::WEAK, methods: &[super::code_attrs::METHODS], getset: super::code_attrs::GETSET,
    doc: "A compiled function, class body or module.", ..TypeDef::DEFAULT
};

unsafe fn release(h: *mut Header) {
    // SAFETY: called once, when the object dies; the pointers came from Box and Arc in `load`.
    unsafe {
        let c = &*h.cast::<Code>();
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(c.stream, c.stream_len)));
        drop(Arc::from_raw(c.image));
    }
}

impl Code {
    pub fn image(&self) -> &Image {
        // SAFETY: set by `load`, freed by `release` only.
        unsafe { &*self.image }
    }
    pub fn has(&self, f: u32) -> bool { self.flags & f != 0 }
    pub fn is_generator(&self) -> bool { self.flags & (code_flag::GENERATOR | code_flag::COROUTINE | code_flag::ASYNC_GENERATOR) != 0 }
    /// Word offset of an address in the stream.
    #[inline]
    pub fn offset(&self, pc: *const u64) -> usize { (pc as usize).wrapping_sub(self.stream as usize) / 8 }
    /// The handler for an exception at the instruction word `offset`.
    pub fn handler(&self, offset: usize) -> Option<&Handler> { self.image().handlers.iter().find(|h| (h.start as usize..h.end as usize).contains(&offset)) }
    pub fn span(&self, offset: usize) -> txpy_syntax::ast::Span {
        let s = &self.image().spans;
        let i = s.partition_point(|(at, _)| *at as usize <= offset);
        if i == 0 { Default::default() } else { s[i - 1].1 }
    }
    pub fn line(&self, offset: usize) -> u32 {
        match self.span(offset).line {
            0 => self.image().first_line,
            l => l,
        }
    }
    /// Parameters in all, `*args` and `**kwargs` included.
    pub fn params(&self) -> usize {
        self.argcount as usize + self.kwonly as usize + self.has(code_flag::VARARGS) as usize + self.has(code_flag::VARKEYWORDS) as usize
    }
    /// How many attributes of its first parameter the code stores: room that instances will need.
    pub fn self_stores(&self) -> u16 {
        let image = self.image();
        let mut names: Vec<u16> = Vec::new();
        let mut at = 0;
        while at < image.code.len() {
            let i = Insn(image.code[at]);
            let Some(op) = i.op() else { break };
            if op == Op::SETATTR && i.a() == 0 && !names.contains(&i.c()) {
                names.push(i.c());
            }
            at += op.len();
        }
        names.len() as u16
    }
}

/// Makes a code object of an image. Constants that are code images are loaded with it.
pub fn load(th: &mut Thread, image: Arc<Image>) -> R<Gc<Code>> {
    th.check_stack()?;
    let consts = tuple::alloc(th, image.consts.len())?;
    for (i, c) in image.consts.iter().enumerate() {
        let v = constant(th, c)?;
        // SAFETY: the tuple is not yet known to anybody else; collections meanwhile see the items filled so far. It may have been
        // remembered as old by then, so the store goes through `th`.
        unsafe { consts.frozen().tail_mut()[i] = v };
        th.remember(consts.header());
    }
    let mut stream = image.code.clone().into_boxed_slice();
    let mut at = 0;
    while at < stream.len() {
        let Some(op) = Insn(stream[at]).op() else { return Err(th.system_error("unknown opcode")) };
        for (k, w) in op.words().bytes().enumerate() {
            let word = at + 1 + k;
            if word >= stream.len() {
                return Err(th.system_error("truncated code"));
            }
            stream[word] = match w {
                b'K' => match consts.frozen().items().get(stream[word] as usize) {
                    Some(v) => v.bits(),
                    None => return Err(th.system_error("constant out of range")),
                },
                _ => 0,
            };
        }
        at += op.len();
    }
    let name = th.intern(&image.name)?;
    let qualname = th.intern(&image.qualname)?;
    let filename = th.intern(&image.filename)?;
    let varnames = names(th, &image.varnames)?;
    let freevars = names(th, &image.freevars)?;
    let stream_len = stream.len();
    let init = Code {
        header: Header::NEW, stream: Box::into_raw(stream).cast(), stream_len, consts, name, qualname, filename, varnames, freevars,
        nregs: image.nregs as u32, argcount: image.argcount, posonly: image.posonly, kwonly: image.kwonly,
        simple: image.kwonly == 0 && image.flags & (code_flag::VARARGS | code_flag::VARKEYWORDS | code_flag::NAMESPACE) == 0,
        flags: image.flags, heat: AtomicU32::new(0), image: Arc::into_raw(image),
    };
    let code = th.alloc(CODE.shape(), init)?;
    crate::stm_places::learn(code);
    Ok(code)
}

fn names(th: &mut Thread, list: &[String]) -> R<Gc<tuple::Tuple>> {
    let t = tuple::alloc(th, list.len())?;
    for (i, s) in list.iter().enumerate() {
        let v = th.intern(s)?;
        // SAFETY: interned names are rooted elsewhere; the tuple is not yet known to anybody else.
        unsafe { t.frozen().tail_mut()[i] = v };
        th.remember(t.header());
    }
    Ok(t)
}

/// The object of a constant. Short texts that look like names are interned, as CPython does.
pub fn constant(th: &mut Thread, c: &Const) -> R<Value> {
    Ok(match c {
        Const::None => Value::NONE,
        Const::True => Value::TRUE,
        Const::False => Value::FALSE,
        Const::Ellipsis => Value::ELLIPSIS,
        Const::Int(i) => super::int::from_i64(th, *i)?,
        Const::Big { radix, digits, long } => super::int::from_digits(th, *radix, digits, *long)?,
        Const::Float(f) => super::float::new(th, *f)?,
        Const::Imag(f) => super::complex::new(th, 0.0, *f)?,
        Const::Str(s) => {
            let is_name = s.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
            if is_name && th.py3() { th.intern_bytes(s)? } else { text::new_str(th, s)? }
        }
        Const::Bytes(s) => {
            let is_name = s.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
            if is_name && !th.py3() { th.intern_bytes(s)? } else { text::new_bytes(th, s)? }
        }
        Const::Name(s) => th.intern(s)?,
        Const::Tuple(items) | Const::FrozenSet(items) => {
            let t = tuple::alloc(th, items.len())?;
            for (i, c) in items.iter().enumerate() {
                let v = constant(th, c)?;
                // SAFETY: as in `load`.
                unsafe { t.frozen().tail_mut()[i] = v };
                th.remember(t.header());
            }
            if matches!(c, Const::FrozenSet(_)) { super::set::frozen_from(th, t.frozen().items())? } else { t.value() }
        }
        Const::Code(image) => load(th, image.clone())?.value(),
    })
}
