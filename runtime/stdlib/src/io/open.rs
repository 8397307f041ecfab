//! `open`: from a mode to the streams that it asks for.

use super::fileio::{self, FILE_IO};
use super::{DEFAULT_BUFFER_SIZE, buffered, textio};
use crate::support;
use txpy_vm::object::{self, attr};
use txpy_vm::types::{int, text};
use txpy_vm::{Args, R, Thread, Value};

#[derive(Default)]
struct Mode {
    creating: bool,
    reading: bool,
    writing: bool,
    appending: bool,
    updating: bool,
    text: bool,
    binary: bool,
}
fn parse(th: &mut Thread, mode: &str) -> R<Mode> {
    let mut m = Mode::default();
    for (i, c) in mode.char_indices() {
        let f = match c {
            'x' if th.py3() => &mut m.creating,
            'r' => &mut m.reading,
            'w' => &mut m.writing,
            'a' => &mut m.appending,
            '+' => &mut m.updating,
            't' => &mut m.text,
            'b' => &mut m.binary,
            // 2.7 and the io module of it know "U".
            'U' if !th.py3() => &mut m.reading,
            _ => return Err(invalid(th, mode)),
        };
        if *f || mode[..i].contains(c) {
            return Err(invalid(th, mode));
        }
        *f = true;
    }
    if m.text && m.binary {
        return Err(th.value_error("can't have text and binary mode at once"));
    }
    if [m.creating, m.reading, m.writing, m.appending].iter().filter(|x| **x).count() != 1 {
        return Err(th.value_error(if th.py3() { "must have exactly one of create/read/write/append mode" } else { "must have exactly one of read/write/append mode" }));
    }
    Ok(m)
}
fn invalid(th: &mut Thread, mode: &str) -> txpy_vm::Unwind { th.value_error(format!("invalid mode: '{mode}'")) }

fn opt_str(th: &mut Thread, v: Option<Value>, name: &str) -> R<Option<Value>> {
    match v {
        Some(v) if !text::is_string(th, v) => {
            let got = object::class_name(v);
            Err(th.type_error(format!("open() argument '{name}' must be str or None, not {got}")))
        }
        v => Ok(v),
    }
}

/// `open(file, mode, buffering, encoding, errors, newline, closefd, opener)`.
pub fn open(th: &mut Thread, a: Args) -> R<Value> {
    let file = a.get(0);
    let file = if int::is_int_like(file) { file } else { support::fspath(th, file)? };
    let mode = match a.opt(1) {
        Some(m) => support::str_arg(th, m, "open", "'mode'")?,
        None => "r".to_string(),
    };
    let mut buffering = match a.opt(2) {
        Some(b) => {
            let b = int::index(th, b)?;
            int::arg_i32(th, b)? as i64
        }
        None => -1,
    };
    let encoding = opt_str(th, a.some(3), "encoding")?;
    let errors = opt_str(th, a.some(4), "errors")?;
    let newline = opt_str(th, a.some(5), "newline")?;
    let closefd = a.or(6, Value::TRUE);
    let opener = a.or(7, Value::NONE);
    let m = parse(th, &mode)?;
    if m.binary {
        for (v, name) in [(encoding, "an encoding"), (errors, "an errors"), (newline, "a newline")] {
            if v.is_some() {
                return Err(th.value_error(format!("binary mode doesn't take {name} argument")));
            }
        }
        if buffering == 1 && th.py3() {
            warn_line_buffering(th)?;
            buffering = -1;
        }
    }
    let mut raw_mode = String::new();
    for (on, c) in [(m.creating, 'x'), (m.reading, 'r'), (m.writing, 'w'), (m.appending, 'a'), (m.updating, '+')] {
        if on {
            raw_mode.push(c);
        }
    }
    let raw_mode = th.native_str(&raw_mode)?;
    let class = txpy_vm::types::type_::make_native(th, &FILE_IO)?.value();
    let raw = th.call(class, &[file, raw_mode, closefd, opener])?;
    let r = layers(th, raw, &m, &mode, buffering, encoding, errors, newline);
    match r {
        Ok(v) => Ok(v),
        Err(e) => {
            // The raw file is not to stay open for nobody.
            let Some(exc) = th.catch_any() else { return Err(e) };
            if th.call_method(raw, "close", &[]).is_err() {
                th.catch_any();
            }
            Err(th.reraise(exc))
        }
    }
}
#[allow(clippy::too_many_arguments)] // the parts of a mode
fn layers(th: &mut Thread, raw: Value, m: &Mode, mode: &str, mut buffering: i64, encoding: Option<Value>, errors: Option<Value>, newline: Option<Value>) -> R<Value> {
    let f: txpy_vm::Gc<fileio::FileIo> = raw.cast().expect("a FileIO");
    // SAFETY: a query about a descriptor.
    let tty = unsafe { libc::isatty(fileio::fd(f)) } == 1;
    let mut line = false;
    if buffering == 1 || buffering < 0 && tty {
        buffering = -1;
        line = true;
    }
    if buffering < 0 {
        buffering = f.read(th)?.blksize.max(DEFAULT_BUFFER_SIZE) as i64;
    }
    if buffering == 0 {
        if m.binary {
            return Ok(raw);
        }
        return Err(th.value_error("can't have unbuffered text I/O"));
    }
    let def = if m.updating { &buffered::RANDOM } else if m.reading { &buffered::READER } else { &buffered::WRITER };
    if m.updating {
        buffered::ask(th, raw, "seekable", "File or stream is not seekable.")?;
    }
    let b = buffered::make(th, def, raw, buffering as usize)?;
    if m.binary {
        return Ok(b);
    }
    let t = textio::make(th, b, encoding, errors, newline, line, false)?;
    let mode = th.native_str(mode)?;
    attr::set_str(th, t, "mode", mode)?;
    Ok(t)
}
fn warn_line_buffering(th: &mut Thread) -> R<()> {
    let w = txpy_vm::import::import_name(th, "warnings")?;
    let msg = th.native_str("line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used")?;
    th.call_method(w, "warn", &[msg, txpy_vm::exceptions::RUNTIME_WARNING.value()])?;
    Ok(())
}

/// `open_code(path)`: opens for reading bytes.
pub fn open_code(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_text(a.get(0)) {
        let got = object::class_name(a.get(0));
        return Err(th.type_error(format!("open_code() argument 'path' must be str, not {got}")));
    }
    let mode = th.native_str("rb")?;
    open(th, Args::of(&[a.get(0), mode]))
}
/// `text_encoding(encoding)`: what `open` will use.
pub fn text_encoding(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(level) = a.opt(1) {
        int::arg_i32(th, level)?;
    }
    if a.get(0).is_none() { th.native_str("locale") } else { Ok(a.get(0)) }
}
