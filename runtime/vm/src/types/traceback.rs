//! `traceback` and `frame` objects.

use super::code::Code;
use super::dict::Dict;
use super::exception::Exception;
use super::{int, text};
use crate::interp::frame::Frame;
use crate::interp::trace;
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef};
use crate::thread::Thread;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use txpy_heap::{Gc, Header, Late, R, Value, object};

object! {
    /// One frame that an exception passed; the outermost comes first.
    pub struct Traceback = kinds::TRACEBACK {
        pub next: Value,
        pub frame: Gc<FrameObject>,
        pub offset: u32,
        /// As in the frame.
        pub line: u32,
    }
}
object! {
    /// A frame as scripts see it: a snapshot of where it stands.
    pub struct FrameObject = kinds::FRAME, frozen {
        pub code: Gc<Code>,
        pub globals: Gc<Dict>,
        pub offset: AtomicU32,
        /// [`OF_OFFSET`] unless it is known: few are asked for.
        pub line: AtomicU32,
        /// Where its window lay, 0 for a generator's.
        pub base: usize,
        /// Frame that called, None; UNSET: made when asked for, if this one still runs then.
        pub back: Late,
        /// Dict of the local variables.
        pub locals: Late,
        pub trace: Late,
        /// Of [`events`].
        pub events: AtomicU32,
    }
}

/// Stands for the line that the code has at the offset.
const OF_OFFSET: u32 = u32::MAX;
impl FrameObject {
    fn line(&self, offset: u32, line: u32) -> u32 { if line == OF_OFFSET { self.code.frozen().line(offset as usize) } else { line } }
}

/// Which events a frame's trace function gets besides calls, returns and exceptions. Those of instructions are noted and never come.
pub mod events {
    pub const LINES: u32 = 1;
    pub const OPCODES: u32 = 2;
}

pub static TRACEBACK: TypeDef = TypeDef {
    name: "traceback", kind: kinds::TRACEBACK, size: size_of::<Traceback>() as u16,
    getset: getset! {
        "tb_next" = tb_next, mut set_tb_next, "Next inner frame.";
        "tb_frame" = tb_frame, "Frame.";
        "tb_lineno" = tb_lineno, "Line.";
        "tb_lasti" = tb_lasti, "Instruction.";
    },
    doc: "Frames that an exception passed.", ..TypeDef::DEFAULT
};
pub static FRAME: TypeDef = TypeDef {
    name: "frame", kind: kinds::FRAME, size: size_of::<FrameObject>() as u16, methods: &[FRAME_METHODS],
    getset: getset! {
        "f_code" = f_code, "Code.";
        "f_globals" = f_globals, "Globals.";
        "f_builtins" = f_builtins, "Builtins.";
        "f_locals" = f_locals, "Local variables.";
        "f_lineno" = f_lineno, "Line.";
        "f_lasti" = f_lasti, "Instruction.";
        "f_back" = f_back, "Frame that called.";
        "f_trace" = f_trace, mut set_f_trace, "Trace function.";
        #[py3] "f_trace_lines" = |_, v| Ok(wants(v, events::LINES)), mut |th, v, x| set_wants(th, v, events::LINES, x), "Whether the trace function gets lines.";
        #[py3] "f_trace_opcodes" = |_, v| Ok(wants(v, events::OPCODES)), mut |th, v, x| set_wants(th, v, events::OPCODES, x), "Whether the trace function gets instructions.";
    },
    doc: "A running or finished call.", ..TypeDef::DEFAULT
};

static FRAME_METHODS: &[NativeDef] = natives! {
    #[py3] "clear(self, /)" = clear, "Clear all references held by the frame.";
};

/// A frame object for a running frame.
pub fn frame_object(th: &mut Thread, f: Frame) -> R<Gc<FrameObject>> {
    if let Some(o) = trace::known(th, f)? {
        return Ok(o);
    }
    let (code, globals, offset, line, base) = (f.code(), f.function().frozen().globals, AtomicU32::new(f.offset() as u32), AtomicU32::new(OF_OFFSET), f.base as usize);
    th.alloc(FRAME.shape(), FrameObject {
        header: Header::NEW, code, globals, offset, line, base, back: Late::new(Value::UNSET), locals: Late::new(Value::UNSET), trace: Late::new(Value::NONE), events: AtomicU32::new(events::LINES),
    })
}
/// Frames that [`frame_chain`] makes. Those further out run on for longer, and to make all of them each time cost seconds in deep recursion.
const CHAIN: usize = 8;
/// The same with some of its callers and the values of their locals.
pub fn frame_chain(th: &mut Thread, f: Frame) -> R<Gc<FrameObject>> {
    let first = frame_object(th, f)?;
    let (mut at, mut frame) = (first, f);
    for left in (0..CHAIN).rev() {
        let d = locals(th, frame)?;
        th.set_late(at.header(), &at.frozen().locals, d);
        let Some(next) = frame.caller_shown(th).filter(|_| left > 0) else { break };
        let o = frame_object(th, next)?;
        th.set_late(at.header(), &at.frozen().back, o.value());
        (at, frame) = (o, next);
    }
    Ok(first)
}
/// The frame of this thread that a frame object was made for, if it still runs. Another call of the same function in the same place is taken for it.
pub fn still_runs(th: &Thread, o: &FrameObject) -> Option<Frame> {
    let mut at = Frame::innermost(th);
    while let Some(f) = at {
        if f.base as usize == o.base && f.code() == o.code {
            return Some(f);
        }
        at = f.caller(th);
    }
    None
}

/// The local variables of a running frame: its namespace, its globals, or a fresh dict.
pub fn locals(th: &mut Thread, f: Frame) -> R<Value> {
    use txpy_compiler::image::code_flag;
    let code = f.code();
    let c = code.frozen();
    if c.has(code_flag::NAMESPACE) {
        return Ok(f.register(0));
    }
    if !c.has(code_flag::OPTIMIZED) {
        return Ok(f.function().frozen().globals.value());
    }
    locals_in(th, code, &|i| f.register(i))
}
/// A dict of the local variables of a function's code, whose registers `get` gives.
pub fn locals_in(th: &mut Thread, code: Gc<Code>, get: &dyn Fn(usize) -> Value) -> R<Value> {
    let c = code.frozen();
    let d = super::dict::new(th)?;
    let image = c.image();
    let put = |th: &mut Thread, name: Value, reg: usize| -> R<()> {
        let mut v = get(reg);
        if v.is::<super::cell::Cell>() {
            v = super::cell::get(th, v)?;
        }
        if v.is_unset() { Ok(()) } else { super::dict::set(th, d, name, v) }
    };
    for (i, n) in c.varnames.frozen().items().iter().enumerate() {
        put(th, *n, i)?;
    }
    for (name, reg) in &image.cellvars {
        let n = th.intern(name)?;
        put(th, n, *reg as usize)?;
    }
    for (i, n) in c.freevars.frozen().items().iter().enumerate() {
        put(th, *n, image.free_reg as usize + i)?;
    }
    Ok(d.value())
}

/// Notes that `exc` passes the frame.
pub fn add(th: &mut Thread, exc: Value, f: Frame) {
    let Some(e) = exc.cast::<Exception>() else { return };
    let mut make = || -> R<()> {
        let frame = frame_object(th, f)?;
        let next = e.read(th)?.traceback;
        let (offset, line) = (frame.frozen().offset.load(Relaxed), frame.frozen().line.load(Relaxed));
        let tb = th.alloc(TRACEBACK.shape(), Traceback { header: Header::NEW, next, frame, offset, line })?;
        e.write(th)?.traceback = tb.value();
        Ok(())
    };
    // Without memory for it the traceback stays short; the exception itself goes on.
    if make().is_err() {
        th.cause = txpy_heap::Cause::Exception;
        th.exception = exc;
    }
}
/// The exception's traceback, None without one.
pub fn of(th: &mut Thread, exc: Value) -> Value {
    match exc.cast::<Exception>() {
        Some(e) => e.read(th).map_or(Value::NONE, |g| g.traceback),
        None => Value::NONE,
    }
}

fn tb(v: Value) -> Gc<Traceback> { v.cast().expect("checked by the call") }
fn fr<'a>(v: Value) -> &'a FrameObject {
    let g: Gc<FrameObject> = v.cast().expect("checked by the call");
    // SAFETY: frozen and never moved; the caller holds `v`.
    unsafe { &*g.as_ptr() }
}
fn tb_next(th: &mut Thread, v: Value) -> R<Value> { Ok(tb(v).read(th)?.next) }
fn set_tb_next(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if !x.is_none() && !x.is::<Traceback>() {
        let got = crate::object::class_name(x);
        return Err(th.type_error(format!("expected traceback object or None, got '{got}'")));
    }
    tb(v).write(th)?.next = x;
    Ok(())
}
fn tb_frame(th: &mut Thread, v: Value) -> R<Value> { Ok(tb(v).read(th)?.frame.value()) }
fn tb_lineno(th: &mut Thread, v: Value) -> R<Value> {
    let g = tb(v).read(th)?;
    Ok(Value::int(g.frame.frozen().line(g.offset, g.line) as i64))
}
/// The place of an instruction in bytes of `co_code`.
fn lasti(word: i64) -> Value { Value::int(if word < 0 { word } else { word * 8 }) }
fn tb_lasti(th: &mut Thread, v: Value) -> R<Value> { Ok(lasti(tb(v).read(th)?.offset as i64)) }
fn f_code(_: &mut Thread, v: Value) -> R<Value> { Ok(fr(v).code.value()) }
fn f_globals(_: &mut Thread, v: Value) -> R<Value> { Ok(fr(v).globals.value()) }
fn f_builtins(th: &mut Thread, v: Value) -> R<Value> { crate::interp::builtins_of(th, fr(v).globals) }
fn f_locals(th: &mut Thread, v: Value) -> R<Value> {
    if let Some(f) = trace::running(th, v)? {
        return locals(th, f);
    }
    match fr(v).locals.get().get() {
        Some(d) => Ok(d),
        None => Ok(super::dict::new(th)?.value()),
    }
}
fn clear(th: &mut Thread, a: Args) -> R<Value> {
    let f = fr(a.get(0));
    th.set_late(&f.header, &f.locals, Value::UNSET);
    Ok(Value::NONE)
}
fn f_lineno(_: &mut Thread, v: Value) -> R<Value> {
    let f = fr(v);
    Ok(Value::int(f.line(f.offset.load(Relaxed), f.line.load(Relaxed)) as i64))
}
fn f_lasti(_: &mut Thread, v: Value) -> R<Value> { Ok(lasti(fr(v).offset.load(Relaxed) as i64)) }
fn f_back(th: &mut Thread, v: Value) -> R<Value> {
    if let Some(f) = trace::running(th, v)? {
        return trace::caller(th, f);
    }
    let o = fr(v);
    if let Some(back) = o.back.get().get() {
        return Ok(back);
    }
    let Some(outer) = still_runs(th, o).and_then(|f| f.caller_shown(th)) else { return Ok(Value::NONE) };
    let back = frame_chain(th, outer)?.value();
    th.set_late(&o.header, &o.back, back);
    Ok(back)
}
fn f_trace(_: &mut Thread, v: Value) -> R<Value> { Ok(fr(v).trace.get()) }
fn wants(v: Value, event: u32) -> Value { Value::from_bool(fr(v).events.load(Relaxed) & event != 0) }
fn set_wants(th: &mut Thread, v: Value, event: u32, x: Value) -> R<()> {
    if x != Value::TRUE && x != Value::FALSE {
        return Err(th.type_error("attribute value type must be bool"));
    }
    if x == Value::TRUE { fr(v).events.fetch_or(event, Relaxed) } else { fr(v).events.fetch_and(!event, Relaxed) };
    Ok(())
}
fn set_f_trace(th: &mut Thread, v: Value, x: Value) -> R<()> {
    th.set_late(&fr(v).header, &fr(v).trace, x.get().unwrap_or(Value::NONE));
    if x.is_ref() { trace::wanted(th, v.cast().expect("checked by the call")) } else { Ok(()) }
}

/// The text that an uncaught exception leaves on stderr, with its chain.
pub fn format(th: &mut Thread, exc: Value) -> R<String> { format_at(th, exc, 0) }

fn format_at(th: &mut Thread, exc: Value, depth: usize) -> R<String> {
    let mut out = String::new();
    if let Some(e) = exc.cast::<Exception>().filter(|_| th.py3() && depth < 20) {
        let g = e.read(th)?;
        let (cause, context, suppress) = (g.cause, g.context, g.suppress);
        drop(g);
        if cause.is::<Exception>() {
            out += &format_at(th, cause, depth + 1)?;
            out += "\nThe above exception was the direct cause of the following exception:\n\n";
        } else if context.is::<Exception>() && !suppress {
            out += &format_at(th, context, depth + 1)?;
            out += "\nDuring handling of the above exception, another exception occurred:\n\n";
        }
    }
    let mut at = of(th, exc);
    if at.is::<Traceback>() {
        out += "Traceback (most recent call last):\n";
    }
    let mut last = (String::new(), 0u32, 0usize);
    while let Some(t) = at.cast::<Traceback>() {
        let g = t.read(th)?;
        let (next, frame, offset, line) = (g.next, g.frame, g.offset as usize, g.frame.frozen().line(g.offset, g.line));
        drop(g);
        let c = frame.frozen().code.frozen();
        let (file, name) = (text::lossy(c.filename).into_owned(), text::lossy(c.name).into_owned());
        let entry = format!("  File \"{file}\", line {line}, in {name}\n");
        at = next;
        if last.0 == entry && last.1 == line {
            last.2 += 1;
        } else {
            flush_repeats(&mut out, last.2);
            last = (entry.clone(), line, 0);
        }
        if last.2 < 3 {
            out += &entry;
            out += &source_lines(&file, c, offset, line, th.py3());
        }
    }
    flush_repeats(&mut out, last.2);
    out += &only(th, exc)?;
    Ok(out)
}
fn flush_repeats(out: &mut String, n: usize) {
    if n >= 3 {
        let n = n - 2;
        out.push_str(&format!("  [Previous line repeated {n} more time{}]\n", if n == 1 { "" } else { "s" }));
    }
}

/// The source line of an instruction, with 3's carets under the part that failed.
fn source_lines(file: &str, c: &Code, offset: usize, line: u32, carets: bool) -> String {
    let Ok(source) = crate::import::read_source(std::path::Path::new(file)) else { return String::new() };
    let source = String::from_utf8_lossy(&source);
    let Some(full) = source.lines().nth(line.saturating_sub(1) as usize) else { return String::new() };
    let shown = full.trim();
    if shown.is_empty() {
        return String::new();
    }
    let mut out = format!("    {shown}\n");
    let span = c.span(offset);
    if carets && span.line == line {
        let indent = full.len() - full.trim_start().len();
        let start = (span.col as usize).max(indent) - indent;
        let end = if span.end_line == span.line { (span.end_col as usize).saturating_sub(indent) } else { shown.len() };
        let end = end.min(shown.len());
        // CPython leaves the carets out when they would underline the whole line.
        if end > start && !(start == 0 && end >= shown.len()) && shown.is_char_boundary(start) && shown.is_char_boundary(end) {
            let (before, under) = (shown[..start].chars().count(), shown[start..end].chars().count());
            out += &format!("    {}{}\n", " ".repeat(before), anchors(&shown[start..end], under));
        }
    }
    out
}
/// `~~~~^~~~` for binary operators, calls and subscripts, `^^^^` for the rest.
fn anchors(code: &str, n: usize) -> String {
    if let Some((at, len)) = operator_at(code) {
        let b = code[..at].chars().count();
        return format!("{}{}{}", "~".repeat(b), "^".repeat(len), "~".repeat(n - b - len));
    }
    "^".repeat(n)
}
/// Where the outermost binary operator, call or subscript of an expression stands: start and length in bytes (ASCII).
fn operator_at(code: &str) -> Option<(usize, usize)> {
    let b = code.as_bytes();
    if !code.is_ascii() {
        return None;
    }
    // A call or subscript: the bracket that closes at the end, if something stands before it.
    if matches!(b.last(), Some(b')' | b']')) {
        let (mut depth, mut i) = (0, b.len());
        while i > 0 {
            i -= 1;
            match b[i] {
                b')' | b']' | b'}' => depth += 1,
                b'(' | b'[' | b'{' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'\'' | b'"' => return None,
                _ => {}
            }
        }
        if i > 0 && b[..i].iter().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.')) {
            return Some((i, b.len() - i));
        }
    }
    let (mut depth, mut found) = (0i32, None);
    let mut i = 0;
    while i < b.len() {
        match b[i] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b'\'' | b'"' => return None,
            b'=' | b'<' | b'>' | b'!' | b',' | b':' => if depth == 0 { return None },
            c @ (b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^') if depth == 0 && i > 0 => {
                let len = if i + 1 < b.len() && b[i + 1] == c && matches!(c, b'*' | b'/') { 2 } else { 1 };
                let before = code[..i].trim_end().as_bytes().last().copied();
                if before.is_some_and(|p| p.is_ascii_alphanumeric() || matches!(p, b'_' | b')' | b']')) {
                    if found.is_some() {
                        return None;
                    }
                    found = Some((i, len));
                }
                i += len - 1;
            }
            b' ' if depth == 0 && (code[i..].starts_with(" and ") || code[i..].starts_with(" or ") || code[i..].starts_with(" if ") || code[i..].starts_with(" in ")) => return None,
            _ => {}
        }
        i += 1;
    }
    found
}

/// `Class: message` without the frames (and the source of a SyntaxError), and the notes.
pub fn only(th: &mut Thread, exc: Value) -> R<String> {
    let class = crate::object::class_of(exc);
    let name = if th.py3() || class.frozen().has(crate::native::type_flag::HEAP) && !th.py3() {
        let m = super::type_methods::module_of(th, class)?;
        let q = text::lossy(if th.py3() { class.frozen().qualname.get() } else { class.frozen().name.get() }).into_owned();
        if m == "__main__" && th.py3() || m == "builtins" || m == "exceptions" || m.is_empty() || m == "__builtin__" { q } else if m == "__main__" { format!("__main__.{q}") } else { format!("{m}.{q}") }
    } else {
        super::type_::name_text(class).into_owned()
    };
    let mut out = String::new();
    let mut shown = None;
    if super::exception::is_instance(exc, &crate::exceptions::SYNTAX_ERROR) {
        let field = |th: &mut Thread, n: &str| crate::object::attr::get_str(th, exc, n);
        let (file, line, offset, text_) = (field(th, "filename")?, field(th, "lineno")?, field(th, "offset")?, field(th, "text")?);
        if let Some(line) = int::to_i64(line) {
            let file = if file.is_none() { "<string>".to_string() } else { crate::object::str_text(th, file)? };
            out += &format!("  File \"{file}\", line {line}\n");
            if let Some(t) = text::bytes_of(text_) {
                let t = String::from_utf8_lossy(t);
                let t = t.trim_end_matches(['\n', '\r']);
                let strip = t.len() - t.trim_start().len();
                out += &format!("    {}\n", t.trim());
                if let Some(o) = int::to_i64(offset).filter(|o| *o >= 1) {
                    let start = (o as usize - 1).max(strip) - strip;
                    let end = field(th, "end_offset").ok().and_then(int::to_i64).map_or(start + 1, |e| (e.max(1) as usize - 1).saturating_sub(strip));
                    let n = if th.py3() { end.max(start + 1) - start } else { 1 };
                    let n = n.min(t.trim().chars().count().saturating_sub(start).max(1));
                    out += &format!("    {}{}\n", " ".repeat(start), "^".repeat(n));
                }
            }
        }
        shown = Some(field(th, "msg")?);
    }
    let message = match shown {
        Some(m) => crate::object::str_text(th, m),
        None => crate::object::str_text(th, exc),
    };
    let message = match message {
        Ok(m) => m,
        Err(e) => {
            if th.catch_any().is_none() {
                return Err(e);
            }
            "<exception str() failed>".to_string()
        }
    };
    out += &if message.is_empty() { format!("{name}\n") } else { format!("{name}: {message}\n") };
    if th.py3() && exc.is::<Exception>() {
        if let Some(notes) = crate::object::attr::get_str_opt(th, exc, "__notes__")?.and_then(|n| n.cast::<super::list::List>()) {
            let mut i = 0;
            while let Some(n) = super::list::get(th, notes, i)? {
                out += &format!("{}\n", crate::object::str_text(th, n)?);
                i += 1;
            }
        }
    }
    Ok(out)
}
