//! Printing: the print function and statement, interactive display, input.

use super::run;
use crate::names::{N, n};
use crate::native::{Args, NativeDef};
use crate::object::{self, attr};
use crate::thread::Thread;
use crate::types::{dict, text};
use txpy_heap::{R, Value};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "print(*args, sep=' ', end='\\n', file=None, flush=False, **kwargs)" = print, "Prints the values to a stream, or to sys.stdout by default.";
    #[py3] "input(prompt='', /)" = input, "Read a string from standard input.";
    #[py2] "raw_input(prompt='', /)" = input, "Read a string from standard input.";
    #[py2] "input(prompt='', /)" = input27, "Equivalent to eval(raw_input(prompt)).";
};

/// An attribute of sys, None when it is missing or None.
pub fn sys_attr(th: &mut Thread, name: &str) -> R<Option<Value>> {
    let m = crate::import::modules();
    match dict::get_str(th, m, "sys")? {
        Some(s) => Ok(attr::get_str_opt(th, s, name)?.filter(|v| !v.is_none())),
        None => Ok(None),
    }
}

/// Sets an attribute of `sys`.
pub fn set_sys_attr(th: &mut Thread, name: &str, v: Value) -> R<()> {
    let m = crate::import::modules();
    match dict::get_str(th, m, "sys")? {
        Some(s) => attr::set_str(th, s, name, v),
        None => Ok(()),
    }
}

/// `sys.stdout`, which may be None; RuntimeError when a script deleted it.
fn sys_stdout(th: &mut Thread) -> R<Value> {
    let m = crate::import::modules();
    let out = match dict::get_str(th, m, "sys")? {
        Some(s) => attr::get_str_opt(th, s, "stdout")?,
        None => None,
    };
    out.ok_or_else(|| th.runtime_error("lost sys.stdout"))
}

fn print(th: &mut Thread, a: Args) -> R<Value> {
    let (mut sep, mut end, mut file, mut flush) = (Value::NONE, Value::NONE, Value::NONE, false);
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        match &*text::lossy(k) {
            "sep" => sep = v,
            "end" => end = v,
            "file" => file = v,
            "flush" => flush = object::is_true(th, v)?,
            other => {
                let msg = if th.py3() { format!("print() got an unexpected keyword argument '{other}'") } else { format!("'{other}' is an invalid keyword argument for this function") };
                return Err(th.type_error(msg));
            }
        }
    }
    for (what, v) in [("sep", sep), ("end", end)] {
        if !v.is_none() && !text::is_string(th, v) {
            let got = object::class_name(v);
            return Err(th.type_error(format!("{what} must be None or a string, not {got}")));
        }
    }
    let file = if file.is_none() {
        match sys_stdout(th)? {
            f if f.is_none() => return Ok(Value::NONE),
            f => f,
        }
    } else {
        file
    };
    // One write, so that lines of several threads do not mix.
    let mut out: Vec<u8> = Vec::new();
    let mut is_text = th.py3();
    let mut add = |out: &mut Vec<u8>, v: Value| {
        out.extend_from_slice(text::bytes_of(v).unwrap_or(b""));
        is_text |= text::is_text(v);
    };
    for i in 0..a.positional() {
        if i > 0 {
            if sep.is_none() { out.push(b' ') } else { add(&mut out, sep) }
        }
        let v = a.get(i);
        let s = if text::is_string(th, v) && (text::STR.is_exact(v) || text::BYTES.is_exact(v)) { v } else { object::str_(th, v)? };
        add(&mut out, s);
    }
    if end.is_none() { out.push(b'\n') } else { add(&mut out, end) }
    let s = if is_text { text::new_str(th, &out)? } else { th.new_bytes(&out)? };
    write(th, file, s)?;
    if flush {
        th.call_method(file, "flush", &[])?;
    }
    Ok(Value::NONE)
}

/// `file.write(s)`.
fn write(th: &mut Thread, file: Value, s: Value) -> R<()> {
    let f = attr::get(th, file, n(N::write))?;
    th.call(f, &[s])?;
    Ok(())
}

/// 2.7's print statement: one item (with the space that the previous one owes), or the end of the line.
pub fn print27(th: &mut Thread, item: Option<Value>, to: Value) -> R<()> {
    let file = if to.is_none() {
        sys_stdout(th)?
    } else {
        to
    };
    let soft = attr::get_opt(th, file, n(N::softspace))?.unwrap_or(Value::int(0));
    let owed = object::is_true(th, soft)?;
    match item {
        None => {
            let nl = th.new_bytes(b"\n")?;
            write(th, file, nl)?;
            set_soft(th, file, false)
        }
        Some(v) => {
            if owed {
                let space = th.new_bytes(b" ")?;
                write(th, file, space)?;
            }
            let s = if text::is_string(th, v) { v } else { object::str_(th, v)? };
            write(th, file, s)?;
            // A text that ends in white space other than a blank owes none.
            let ends = text::is_string(th, v) && text::bytes_of(s).and_then(|b| b.last().copied()).is_some_and(|c| c.is_ascii_whitespace() && c != b' ');
            set_soft(th, file, !ends)
        }
    }
}
fn set_soft(th: &mut Thread, file: Value, on: bool) -> R<()> {
    let r = attr::set(th, file, n(N::softspace), Value::int(on as i64));
    th.unless(r, &crate::exceptions::ATTRIBUTE_ERROR).or_else(|e| if th.catch(&crate::exceptions::TYPE_ERROR).is_some() { Ok(None) } else { Err(e) })?;
    Ok(())
}

/// 2.7's exec statement.
pub fn exec27(th: &mut Thread, code: Value, globals: Value, locals: Value) -> R<()> {
    let (mut code, mut globals, mut locals) = (code, globals, locals);
    // `exec(code, globals, locals)` with a tuple means the same as the statement's form.
    if let Some(t) = crate::types::tuple::items(code) {
        if globals.is_unset() && (2..=3).contains(&t.len()) {
            (code, globals) = (t[0], t[1]);
            locals = t.get(2).copied().unwrap_or(Value::UNSET);
        }
    }
    if code.is_ref() && text::bytes_of(code).is_none() && attr::get_str_opt(th, code, "read")?.is_some() {
        code = th.call_method(code, "read", &[])?;
    }
    let (g, l) = run::exec_scopes(th, globals, locals)?;
    run::exec_in(th, code, g, l)
}

/// Shows the value of an expression typed at the prompt.
#[inline(never)]
pub fn display(th: &mut Thread, v: Value) -> R<()> {
    match sys_attr(th, "displayhook")? {
        Some(f) => th.call(f, &[v]).map(|_| ()),
        None => Err(th.runtime_error("lost sys.displayhook")),
    }
}

fn input(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(p) = a.opt(0) {
        let s = object::str_(th, p)?;
        if let Some(out) = sys_attr(th, "stdout")? {
            write(th, out, s)?;
            th.call_method(out, "flush", &[])?;
        }
    }
    let Some(stdin) = sys_attr(th, "stdin")? else { return Err(th.runtime_error("input(): lost sys.stdin")) };
    let line = th.call_method(stdin, "readline", &[])?;
    let Some(b) = text::bytes_of(line) else { return Err(th.type_error("object.readline() returned non-string")) };
    if b.is_empty() {
        return Err(th.raise(&crate::exceptions::EOF_ERROR, "EOF when reading a line"));
    }
    let b = b.strip_suffix(b"\n").unwrap_or(b);
    if text::is_text(line) { text::new_str(th, b) } else { th.new_bytes(b) }
}
fn input27(th: &mut Thread, a: Args) -> R<Value> {
    let line = input(th, a)?;
    let b = super::namespace();
    let eval = dict::get_str(th, b, "eval")?.unwrap_or(Value::NONE);
    th.call(eval, &[line])
}
