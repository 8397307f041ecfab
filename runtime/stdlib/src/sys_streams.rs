//! The standard streams: text streams over descriptors 0 to 2 in Python 3, `file` objects in 2.7.

use crate::io::{buffered, file2, fileio, textio};
use txpy_vm::types::module::{self, Module};
use txpy_vm::types::{dict, native_function, type_};
use txpy_vm::{Gc, NativeDef, R, Thread, Value, natives};

static OPEN2: &[NativeDef] = natives! { #[io] "open(name, mode='r', buffering=-1)" = file2::open, "Open a file."; };

pub fn init(th: &mut Thread, m: Gc<Module>, unbuffered: bool) -> R<()> {
    let unbuffered = unbuffered || std::env::var_os("PYTHONUNBUFFERED").is_some_and(|v| !v.is_empty());
    for (fd, name, hidden, label) in [(0, "stdin", "__stdin__", "<stdin>"), (1, "stdout", "__stdout__", "<stdout>"), (2, "stderr", "__stderr__", "<stderr>")] {
        // SAFETY: a query about a descriptor.
        let open = unsafe { libc::fcntl(fd, libc::F_GETFD) } >= 0;
        let s = if !open {
            Value::NONE
        } else if th.py3() {
            stream3(th, fd, label, unbuffered)?
        } else {
            let (label, mode) = (th.native_str(label)?, if fd == 0 { "r" } else { "w" });
            file2::of_fd(th, fd, label, mode, if unbuffered || fd == 2 { 0 } else { -1 })?
        };
        module::set(th, m, name, s)?;
        module::set(th, m, hidden, s)?;
    }
    // The builtins that open files.
    let b = txpy_vm::builtins::namespace();
    if th.py3() {
        let io = txpy_vm::import::import_name(th, "_io")?;
        let open = txpy_vm::object::attr::get_str(th, io, "open")?;
        return dict::set_str(th, b, "open", open);
    }
    let class = type_::make_native(th, &file2::FILE)?.value();
    dict::set_str(th, b, "file", class)?;
    let class = type_::make_native(th, &crate::buffer2::BUFFER)?.value();
    dict::set_str(th, b, "buffer", class)?;
    let open = native_function::new(th, &OPEN2[0], Value::UNSET, Value::UNSET)?;
    dict::set_str(th, b, "open", open)
}
fn stream3(th: &mut Thread, fd: i32, label: &str, unbuffered: bool) -> R<Value> {
    let label = th.native_str(label)?;
    // SAFETY: a query about a descriptor.
    let tty = unsafe { libc::isatty(fd) } == 1;
    let raw = fileio::of_fd(th, fd, fd == 0, fd != 0, false, Value::int(fd as i64))?;
    let buffer = if unbuffered && fd != 0 { raw } else { buffered::over(th, raw, fd == 0)? };
    let mode = th.native_str(if fd == 0 { "r" } else { "w" })?;
    let errors = match std::env::var("PYTHONIOENCODING").ok().and_then(|v| v.split_once(':').map(|(_, e)| e.to_string())) {
        _ if fd == 2 => "backslashreplace".to_string(),
        Some(e) => e,
        None => "strict".to_string(),
    };
    let encoding = match std::env::var("PYTHONIOENCODING").ok().map(|v| v.split(':').next().unwrap_or("").to_string()) {
        Some(e) if !e.is_empty() => e,
        _ => "utf-8".to_string(),
    };
    let t = textio::over(th, buffer, &encoding, &errors, fd == 2 || tty, unbuffered && fd != 0)?;
    txpy_vm::object::attr::set_str(th, t, "mode", mode)?;
    txpy_vm::object::attr::set_str(th, raw, "name", label)?;
    Ok(t)
}
