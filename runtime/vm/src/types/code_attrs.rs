//! What scripts see of code objects.

use super::code::{self, Code};
use super::{list, text};
use crate::native::{Args, GetSetDef, NativeDef};
use crate::object;
use crate::thread::Thread;
use txpy_compiler::image::{Const, Image, code_flag};
use txpy_compiler::ops::Insn;
use txpy_heap::{Gc, R, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__eq__(self, other, /)" = |_, a| Ok(same(a).map_or(Value::NOT_IMPLEMENTED, Value::from_bool)), "Return self==other.";
    "__ne__(self, other, /)" = |_, a| Ok(same(a).map_or(Value::NOT_IMPLEMENTED, |e| Value::from_bool(!e))), "Return self!=other.";
    "__hash__(self, /)" = hash, "Return hash(self).";
    #[py3] "co_lines(self, /)" = co_lines, "(start, end, line) of each run of instructions; offsets in bytes.";
    #[py3] "co_positions(self, /)" = co_positions, "(line, end line, column, end column) of each instruction.";
    #[py3] "replace(self, /, **changes)" = replace, "A copy of the code object with some attributes changed.";
    #[py3] "__replace__(self, /, **changes)" = replace, "The same as replace().";
};
pub static GETSET: &[GetSetDef] = getset! {
    "co_name" = |_, v| Ok(this(v).frozen().name), "Name.";
    #[py3] "co_qualname" = |_, v| Ok(this(v).frozen().qualname), "Name with the names of what it is defined in.";
    "co_filename" = |_, v| Ok(this(v).frozen().filename), "File of the source.";
    "co_firstlineno" = |_, v| Ok(Value::int(this(v).frozen().image().first_line as i64)), "First line of the source.";
    "co_argcount" = |_, v| Ok(Value::int(this(v).frozen().argcount as i64)), "Positional parameters.";
    #[py3] "co_posonlyargcount" = |_, v| Ok(Value::int(this(v).frozen().posonly as i64)), "Positional-only parameters.";
    #[py3] "co_kwonlyargcount" = |_, v| Ok(Value::int(this(v).frozen().kwonly as i64)), "Keyword-only parameters.";
    "co_varnames" = |_, v| Ok(this(v).frozen().varnames.value()), "Names of parameters and other locals.";
    "co_freevars" = |_, v| Ok(this(v).frozen().freevars.value()), "Names of the closure's variables.";
    "co_cellvars" = cellvars, "Names of locals that inner functions use.";
    "co_names" = |th, v| consts(th, v, true), "Names of globals and attributes.";
    "co_consts" = |th, v| consts(th, v, false), "Constants.";
    #[py2] "_co_tuples" = tuples, "Names of tuple parameters, for inspect.";
    "co_flags" = |_, v| Ok(Value::int((this(v).frozen().flags & !hidden_flags()) as i64)), "CO_* bits.";
    "co_nlocals" = |_, v| Ok(Value::int(this(v).frozen().varnames.frozen().len as i64)), "Locals.";
    "co_stacksize" = |_, v| Ok(Value::int(this(v).frozen().nregs as i64)), "Registers of a frame.";
    "co_code" = co_code, "Instructions, eight bytes a word, as the compiler made them.";
    "co_lnotab" = lnotab, "Pairs of offset and line increments.";
};

/// Bits that scripts do not see.
fn hidden_flags() -> u32 { code_flag::NAMESPACE | if crate::dialect::py3() { code_flag::NOFREE } else { 0 } }
fn this(v: Value) -> Gc<Code> { v.cast().expect("checked by the call") }

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    let r = c.frozen();
    let (name, file, line) = (text::lossy(r.name), text::lossy(r.filename), r.image().first_line);
    let s = format!("<code object {name} at {:#x}, file \"{file}\", line {line}>", a.get(0).bits() & !7);
    th.native_str(&s)
}
fn same(a: Args) -> Option<bool> {
    let o = a.get(1).cast::<Code>()?;
    let c = this(a.get(0));
    if c == o {
        return Some(true);
    }
    let (x, y) = (c.frozen().image(), o.frozen().image());
    // The file does not count: the same text compiled twice is equal.
    Some(
        (&x.name, x.flags, x.argcount, x.posonly, x.kwonly, x.first_line) == (&y.name, y.flags, y.argcount, y.posonly, y.kwonly, y.first_line)
            && x.code == y.code
            && x.consts == y.consts
            && x.varnames == y.varnames
            && x.freevars == y.freevars
            && x.cellvars == y.cellvars
            && x.handlers == y.handlers,
    )
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    let x = c.frozen().image();
    let mut h = text::hash_bytes(x.name.as_bytes()) ^ (x.first_line as u64) << 20 ^ (x.argcount as u64) << 40;
    for w in &x.code {
        h = h.rotate_left(5).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ w;
    }
    super::int::from_i64(th, (h >> 3) as i64)
}

fn cellvars(th: &mut Thread, v: Value) -> R<Value> {
    let c = this(v);
    let out = list::with_capacity(th, 0)?;
    for (name, _) in &c.frozen().image().cellvars {
        let name = th.intern(name)?;
        list::append(th, out, name)?;
    }
    object::iter::list_to_tuple(th, out)
}
/// The constants that are names, or those that are not.
fn consts(th: &mut Thread, v: Value, names: bool) -> R<Value> {
    let c = this(v);
    let out = list::with_capacity(th, 0)?;
    // In 3 the first constant of a function is its documentation, else None.
    for (i, k) in c.frozen().image().consts.iter().enumerate() {
        if matches!(k, Const::Name(_)) == names {
            let x = c.frozen().consts.frozen().items()[i];
            list::append(th, out, x)?;
        }
    }
    object::iter::list_to_tuple(th, out)
}
fn co_code(th: &mut Thread, v: Value) -> R<Value> {
    let c = this(v);
    let words = &c.frozen().image().code;
    text::build_bytes(th, words.len() * 8, |out| {
        for (to, w) in out.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&w.to_le_bytes());
        }
    })
}

/// (first word, end, line) of each run of instructions with one line; line 0 is none.
fn line_runs(c: &Code) -> Vec<(usize, usize, u32)> {
    let image = c.image();
    let end = image.code.len();
    let mut out: Vec<(usize, usize, u32)> = Vec::new();
    for (i, (at, span)) in image.spans.iter().enumerate() {
        let stop = image.spans.get(i + 1).map_or(end, |s| s.0 as usize);
        match out.last_mut() {
            Some(last) if last.2 == span.line => last.1 = stop,
            _ => out.push((*at as usize, stop, span.line)),
        }
    }
    out
}
fn co_lines(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    let out = list::with_capacity(th, 0)?;
    for (start, end, line) in line_runs(c.frozen()) {
        let line = if line == 0 { Value::NONE } else { Value::int(line as i64) };
        let t = th.new_tuple(&[Value::int(start as i64 * 8), Value::int(end as i64 * 8), line])?;
        list::append(th, out, t)?;
    }
    object::iter::iter(th, out.value())
}
fn co_positions(th: &mut Thread, a: Args) -> R<Value> {
    let c = this(a.get(0));
    let image = c.frozen().image();
    let out = list::with_capacity(th, 0)?;
    let mut at = 0;
    while at < image.code.len() {
        let Some(op) = Insn(image.code[at]).op() else { break };
        let s = c.frozen().span(at);
        let part = |n: u32, there: bool| if there { Value::int(n as i64) } else { Value::NONE };
        let known = s.line != 0;
        let t = th.new_tuple(&[part(s.line, known), part(s.end_line, known), part(s.col, known), part(s.end_col, known)])?;
        // One for each two bytes of `co_code`: `tb_lasti // 2` finds its own.
        for _ in 0..op.len() * 4 {
            list::append(th, out, t)?;
        }
        at += op.len();
    }
    object::iter::iter(th, out.value())
}
/// 2.7's line table: pairs of bytes, offset and line increments, long ones in steps of 255.
fn tuples(th: &mut Thread, v: Value) -> R<Value> {
    let image = this(v).frozen().image();
    let out = list::with_capacity(th, image.tuples.len())?;
    for t in &image.tuples {
        let t = th.native_str(t)?;
        list::append(th, out, t)?;
    }
    Ok(out.value())
}
fn lnotab(th: &mut Thread, v: Value) -> R<Value> {
    let c = this(v);
    let (mut out, mut at, mut line) = (Vec::new(), 0usize, c.frozen().image().first_line as i64);
    for (start, _, l) in line_runs(c.frozen()) {
        if l == 0 || (l as i64) < line && !th.py3() || l as i64 == line {
            continue;
        }
        let (mut bytes, mut lines) = (start * 8 - at, l as i64 - line);
        (at, line) = (start * 8, l as i64);
        while bytes > 255 {
            out.extend([255, 0]);
            bytes -= 255;
        }
        let (low, high) = if th.py3() { (-128, 127) } else { (0, 255) };
        while lines < low || lines > high {
            let step = lines.clamp(low, high);
            out.extend([bytes as u8, step as u8]);
            (bytes, lines) = (0, lines - step);
        }
        out.extend([bytes as u8, lines as u8]);
    }
    th.new_bytes(&out)
}

/// What a copy may change; everything else decides how the instructions work and must stay as it is.
const LAYOUT: u32 = code_flag::VARARGS | code_flag::VARKEYWORDS | code_flag::GENERATOR | code_flag::COROUTINE | code_flag::ASYNC_GENERATOR | code_flag::NEWLOCALS | code_flag::OPTIMIZED;

fn replace(th: &mut Thread, a: Args) -> R<Value> {
    if a.positional() > 1 {
        return Err(th.type_error(format!("replace() takes 0 positional arguments but {} were given", a.positional() - 1)));
    }
    let c = this(a.get(0));
    let mut image: Image = c.frozen().image().clone();
    for i in 0..a.keyword_count() {
        let (name, v) = a.keyword(i);
        let name = text::lossy(name).into_owned();
        match name.as_str() {
            "co_name" => image.name = string(th, &name, v)?,
            "co_qualname" => image.qualname = string(th, &name, v)?,
            "co_filename" => image.filename = string(th, &name, v)?.into(),
            "co_firstlineno" => image.first_line = number(th, v)?,
            "co_flags" => {
                let flags = number(th, v)?;
                if (flags ^ image.flags) & LAYOUT != 0 {
                    return Err(th.not_implemented("code.replace() with flags that change how the code runs"));
                }
                image.flags = flags & !hidden_flags() | image.flags & hidden_flags();
            }
            "co_argcount" | "co_posonlyargcount" | "co_kwonlyargcount" | "co_nlocals" | "co_stacksize" | "co_code" | "co_consts" | "co_names" | "co_varnames" | "co_freevars" | "co_cellvars" | "co_linetable" | "co_exceptiontable" => {
                let old = object::attr::get_str_opt(th, c.value(), &name)?;
                let same = match old {
                    Some(old) => object::equal(th, old, v)?,
                    None => false,
                };
                if !same {
                    return Err(th.not_implemented(&format!("code.replace({name}=...) with another value")));
                }
            }
            _ => return Err(th.type_error(format!("replace() got an unexpected keyword argument '{name}'"))),
        }
    }
    Ok(code::load(th, image.into())?.value())
}
fn string(th: &mut Thread, name: &str, v: Value) -> R<String> {
    if !text::is_text(v) {
        let got = object::class_name(v);
        return Err(th.type_error(format!("replace() argument '{name}' must be str, not {got}")));
    }
    Ok(text::lossy(v).into_owned())
}
fn number(th: &mut Thread, v: Value) -> R<u32> {
    let Some(i) = super::int::index_opt(th, v)? else {
        let got = object::class_name(v);
        return Err(th.type_error(format!("'{got}' object cannot be interpreted as an integer")));
    };
    match super::int::to_i64(i) {
        Some(i) if i < 0 => Err(th.value_error("code: argument must be positive")),
        Some(i) if i <= i32::MAX as i64 => Ok(i as u32),
        _ => Err(th.overflow_error("Python int too large to convert to C int")),
    }
}
