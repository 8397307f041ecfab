//! `FileIO`: a raw binary file over a descriptor.

use super::{closed_error, unsupported};
use crate::kinds_io;
use crate::support::{self, alloc, errno, io_error_code, io_error_file, syscall};
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use txpy_heap::{Header, object};
use txpy_vm::native::{GetSetDef, TypeDef, buffer, type_flag};
use txpy_vm::object::{self, attr};
use txpy_vm::types::{int, text};
use txpy_vm::{Args, Gc, NativeDef, R, Thread, Value, getset, natives};

/// A descriptor; -1 when closed. Written by atomics, so that it can be read without a guard.
pub struct Fd(pub AtomicI32);
impl txpy_heap::Trace for Fd {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

object! {
    pub struct FileIo = kinds_io::FILEIO, release = release {
        pub fd: Fd,
        pub created: bool,
        pub readable: bool,
        pub writable: bool,
        pub appending: bool,
        /// -1 unknown.
        pub seekable: i8,
        pub closefd: bool,
        pub blksize: usize,
        /// The outermost stream over this file, if any: what closes it when nobody has.
        pub outer: Value,
    }
}
unsafe fn release(h: *mut Header) {
    // SAFETY: a dead object of this kind; nobody else touches it.
    unsafe {
        let f = &*h.cast::<FileIo>();
        let fd = f.fd.0.load(Relaxed);
        if f.closefd && fd >= 0 {
            libc::close(fd);
        }
    }
}

pub static FILE_IO: TypeDef = TypeDef {
    name: "FileIO", base: Some(&super::base::RAW_IO_BASE), module: "_io", kind: kinds_io::FILEIO, size: size_of::<FileIo>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], getset: GETSET, doc: "A raw binary file.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a file object.";
    "__init__(self, file, mode='r', closefd=True, opener=None)" = init, "Open a file.";
    #[io] "read(self, size=-1, /)" = read, "Read at most size bytes.";
    #[io] "readall(self, /)" = readall, "Read all data.";
    #[io] "readinto(self, buffer, /)" = readinto, "Read into buffer.";
    "write(self, b, /)" = write, "Write bytes.";
    #[io] "seek(self, pos, whence=0, /)" = seek, "Move to a position.";
    #[io] "tell(self, /)" = tell, "Current position.";
    #[io] "truncate(self, size=None, /)" = truncate, "Set the size.";
    #[io] "close(self, /)" = close, "Close the file.";
    "seekable(self, /)" = seekable, "Whether seek works.";
    "readable(self, /)" = readable, "Whether opened for reading.";
    "writable(self, /)" = writable, "Whether opened for writing.";
    "fileno(self, /)" = fileno, "File descriptor.";
    "isatty(self, /)" = isatty, "Whether this is a terminal.";
    "_isatty_open_only(self, /)" = isatty, "Whether this is a terminal.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__getstate__(self, /)" = getstate, "Files can't be pickled.";
    "__del__(self, /)" = del, "Close.";
};
static GETSET: &[GetSetDef] = getset! {
    "closed" = get_closed, "Whether the file was closed.";
    "closefd" = get_closefd, "Whether close() closes the descriptor.";
    "mode" = get_mode, "Mode.";
    "_blksize" = get_blksize, "Preferred block size.";
};

fn this(v: Value) -> Gc<FileIo> { v.cast().expect("checked by the call") }
/// The descriptor of a FileIO, -1 when closed.
pub fn fd(f: Gc<FileIo>) -> i32 {
    // SAFETY: an atomic field of an object that the caller holds.
    unsafe { (*f.as_ptr()).fd.0.load(Relaxed) }
}
fn set_fd(f: Gc<FileIo>, n: i32) -> i32 {
    // SAFETY: as in `fd`.
    unsafe { (*f.as_ptr()).fd.0.swap(n, Relaxed) }
}
fn open_fd(th: &mut Thread, v: Value) -> R<i32> {
    match fd(this(v)) {
        n if n >= 0 => Ok(n),
        _ => Err(if th.py3() { closed_error(th) } else { th.value_error("I/O operation on closed file") }),
    }
}

fn fresh() -> FileIo {
    FileIo { header: Header::NEW, fd: Fd(AtomicI32::new(-1)), created: false, readable: false, writable: false, appending: false, seekable: -1, closefd: true, blksize: super::DEFAULT_BUFFER_SIZE, outer: Value::UNSET }
}
fn new_(th: &mut Thread, a: Args) -> R<Value> {
    let class = support::class_arg(th, &FILE_IO, a.get(0))?;
    Ok(alloc(th, class, th.py3(), fresh())?.value())
}
/// A FileIO over an open descriptor.
pub fn of_fd(th: &mut Thread, n: i32, readable: bool, writable: bool, closefd: bool, name: Value) -> R<Value> {
    let class = txpy_vm::types::type_::make_native(th, &FILE_IO)?;
    let f = alloc(th, class, th.py3() && closefd, FileIo { readable, writable, closefd, ..fresh() })?;
    set_fd(f, n);
    attr::set_str(th, f.value(), "name", name)?;
    Ok(f.value())
}

/// What a raw mode text says.
pub struct RawMode {
    pub created: bool,
    pub readable: bool,
    pub writable: bool,
    pub appending: bool,
    pub flags: i32,
}
pub fn parse_mode(th: &mut Thread, mode: &str) -> R<RawMode> {
    let mut m = RawMode { created: false, readable: false, writable: false, appending: false, flags: 0 };
    let (mut main, mut plus) = (0, false);
    let one = "Must have exactly one of create/read/write/append mode and at most one plus";
    for c in mode.chars() {
        match c {
            'x' => {
                main += 1;
                (m.created, m.writable) = (true, true);
                m.flags |= libc::O_EXCL | libc::O_CREAT;
            }
            'r' => {
                main += 1;
                m.readable = true;
            }
            'w' => {
                main += 1;
                m.writable = true;
                m.flags |= libc::O_CREAT | libc::O_TRUNC;
            }
            'a' => {
                main += 1;
                (m.writable, m.appending) = (true, true);
                m.flags |= libc::O_APPEND | libc::O_CREAT;
            }
            'b' => {}
            '+' if !plus => {
                plus = true;
                (m.readable, m.writable) = (true, true);
            }
            '+' => return Err(th.value_error(one)),
            _ => return Err(th.value_error(format!("invalid mode: {mode}"))),
        }
    }
    if main != 1 {
        return Err(th.value_error(one));
    }
    m.flags |= match (m.readable, m.writable) {
        (true, true) => libc::O_RDWR,
        (true, false) => libc::O_RDONLY,
        _ => libc::O_WRONLY,
    };
    m.flags |= libc::O_CLOEXEC;
    Ok(m)
}

fn init(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let name = a.get(1);
    let mode = match a.opt(2) {
        Some(m) => support::str_arg(th, m, "FileIO", "'mode'")?,
        None => "r".to_string(),
    };
    let closefd = match a.opt(3) {
        Some(c) => object::is_true(th, c)?,
        None => true,
    };
    let old = set_fd(f, -1);
    if old >= 0 && f.read(th)?.closefd {
        // SAFETY: the descriptor is this object's.
        unsafe { libc::close(old) };
    }
    let m = parse_mode(th, &mode)?;
    if name.is_float() || name == Value::TRUE && !th.py3() {
        return Err(th.type_error("integer argument expected, got float"));
    }
    let (n, owned) = if int::is_int_like(name) {
        let n = support::fd_value(th, name)?;
        if n < 0 {
            return Err(th.value_error(if th.py3() { "negative file descriptor" } else { "Negative filedescriptor" }));
        }
        (n, false)
    } else {
        let p = support::path(th, name, "", false, false)?;
        if !closefd {
            return Err(th.value_error("Cannot use closefd=False with file name"));
        }
        let n = match a.some(4) {
            Some(opener) => {
                let r = th.call(opener, &[name, Value::int(m.flags as i64)])?;
                if !int::is_int_like(r) {
                    return Err(th.type_error("expected integer from opener"));
                }
                let n = support::fd_value(th, r)?;
                if n < 0 {
                    return Err(th.value_error(format!("opener returned {n}")));
                }
                // SAFETY: plain calls on a descriptor.
                unsafe { libc::fcntl(n, libc::F_SETFD, libc::FD_CLOEXEC) };
                n
            }
            None => {
                let c = p.c();
                if m.readable {
                    super::textio::flush_dropped(th)?;
                }
                match syscall(th, || crate::embedded::open(libc::AT_FDCWD, &c, m.flags, 0o666) as isize)? {
                    Ok(n) => n as i32,
                    Err(e) => return Err(io_error_file(th, e, name)),
                }
            }
        };
        (n, true)
    };
    // SAFETY: fstat fills in the struct.
    let st = unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        if libc::fstat(n, &mut st) < 0 { Err(errno()) } else { Ok(st) }
    };
    let bad = match st {
        Ok(st) if st.st_mode & libc::S_IFMT == libc::S_IFDIR => Some(libc::EISDIR),
        Err(libc::EBADF) => Some(libc::EBADF),
        _ => None,
    };
    if let Some(e) = bad {
        if owned {
            // SAFETY: opened above.
            unsafe { libc::close(n) };
            return Err(io_error_file(th, e, name));
        }
        return Err(if e == libc::EISDIR { io_error_file(th, e, name) } else { io_error_code(th, e) });
    }
    {
        let mut g = f.write(th)?;
        (g.created, g.readable, g.writable, g.appending, g.seekable, g.closefd) = (m.created, m.readable, m.writable, m.appending, -1, closefd);
        if let Ok(st) = st {
            g.blksize = if st.st_blksize > 1 { st.st_blksize as usize } else { super::DEFAULT_BUFFER_SIZE };
        }
    }
    set_fd(f, n);
    attr::set_str(th, a.get(0), "name", name)?;
    if m.appending {
        // SAFETY: a plain call.
        unsafe { libc::lseek(n, 0, libc::SEEK_END) };
    }
    Ok(Value::NONE)
}

/// Reads into memory that nobody else sees. None when the read would block.
pub fn read_raw(th: &mut Thread, n: i32, at: usize, len: usize) -> R<Option<usize>> {
    // SAFETY: the caller keeps `len` bytes at `at` alive and unshared during the call.
    match syscall(th, || unsafe { libc::read(n, at as *mut libc::c_void, len.min(isize::MAX as usize)) })? {
        Ok(k) => Ok(Some(k)),
        Err(libc::EAGAIN) => Ok(None),
        Err(e) => Err(io_error_code(th, e)),
    }
}
/// Writes bytes that don't change meanwhile. None when the write would block.
pub fn write_raw(th: &mut Thread, n: i32, at: usize, len: usize) -> R<Option<usize>> {
    // SAFETY: as below.
    if txpy_vm::atomic::hold_output(th, n, unsafe { std::slice::from_raw_parts(at as *const u8, len) })? {
        return Ok(Some(len));
    }
    // SAFETY: the caller keeps `len` bytes at `at` alive and unchanged during the call.
    match syscall(th, || unsafe { libc::write(n, at as *const libc::c_void, len.min(isize::MAX as usize)) })? {
        Ok(k) => Ok(Some(k)),
        Err(libc::EAGAIN) => Ok(None),
        Err(e) => Err(io_error_code(th, e)),
    }
}

/// Bytes of at most `n`, None when the read would block.
pub fn read_bytes(th: &mut Thread, fd: i32, n: usize) -> R<Option<Value>> {
    let fresh = text::alloc_bytes(th, n)?;
    let at = fresh.frozen().data().as_ptr() as usize;
    let Some(k) = read_raw(th, fd, at, n)? else { return Ok(None) };
    if k == n { Ok(Some(fresh.value())) } else { th.new_bytes(&fresh.frozen().data()[..k]).map(Some) }
}
/// Everything up to the end of the file.
pub fn read_all(th: &mut Thread, fd: i32) -> R<Option<Value>> {
    // SAFETY: plain calls that fill in the struct.
    let rest = unsafe {
        let mut st: libc::stat = std::mem::zeroed();
        let pos = libc::lseek(fd, 0, libc::SEEK_CUR);
        if libc::fstat(fd, &mut st) == 0 && pos >= 0 && st.st_size > pos { (st.st_size - pos) as usize } else { 0 }
    };
    let mut room = rest.saturating_add(1).max(super::DEFAULT_BUFFER_SIZE);
    let mut buf = text::alloc_bytes(th, room)?;
    let mut len = 0;
    loop {
        if len == room {
            let more = room.saturating_add(room.min(1 << 26));
            let bigger = text::alloc_bytes(th, more)?;
            // SAFETY: known to nobody else.
            (unsafe { bigger.frozen().tail_mut() })[..len].copy_from_slice(&buf.frozen().data()[..len]);
            (buf, room) = (bigger, more);
        }
        let at = buf.frozen().data().as_ptr() as usize + len;
        match read_raw(th, fd, at, room - len)? {
            Some(0) => break,
            Some(k) => len += k,
            None if len == 0 => return Ok(None),
            None => break,
        }
    }
    th.new_bytes(&buf.frozen().data()[..len]).map(Some)
}

fn read(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    if !this(a.get(0)).read(th)?.readable {
        return Err(unsupported(th, "File not open for reading"));
    }
    match super::base::size_arg(th, a.some(1))? {
        None => readall(th, a),
        Some(k) => Ok(read_bytes(th, n, k)?.unwrap_or(Value::NONE)),
    }
}
fn readall(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    if !this(a.get(0)).read(th)?.readable {
        return Err(unsupported(th, "File not open for reading"));
    }
    Ok(read_all(th, n)?.unwrap_or(Value::NONE))
}
fn readinto(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    if !this(a.get(0)).read(th)?.readable {
        return Err(unsupported(th, "File not open for reading"));
    }
    let view = buffer::acquire(th, a.get(1), true)?;
    let r = read_bytes(th, n, view.len);
    let r = match r {
        Ok(Some(b)) => {
            let data = text::bytes_of(b).unwrap_or(&[]);
            view.put(th, 0, data).map(|_| Value::int(data.len() as i64))
        }
        Ok(None) => Ok(Value::NONE),
        Err(e) => Err(e),
    };
    view.release(th)?;
    r
}
fn write(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    if !this(a.get(0)).read(th)?.writable {
        return Err(unsupported(th, "File not open for writing"));
    }
    let b = bytes_arg(th, a.get(1))?;
    let data = text::bytes_of(b).unwrap_or(&[]);
    Ok(match write_raw(th, n, data.as_ptr() as usize, data.len())? {
        Some(k) => {
            if k < data.len() {
                crate::signal::check(th)?;
            }
            Value::int(k as i64)
        }
        None => Value::NONE,
    })
}
/// The bytes of an argument that must not be text.
pub fn bytes_arg(th: &mut Thread, v: Value) -> R<Value> {
    if text::is_text(v) {
        let got = object::class_name(v);
        return Err(th.type_error(if th.py3() { format!("a bytes-like object is required, not '{got}'") } else { format!("'{got}' does not have the buffer interface") }));
    }
    buffer::snapshot(th, v)
}

/// `lseek`, with the error as OSError.
pub fn lseek(th: &mut Thread, n: i32, pos: i64, whence: i32) -> R<i64> {
    // SAFETY: a plain call.
    match unsafe { libc::lseek(n, pos as libc::off_t, whence) } {
        r if r < 0 => {
            let e = errno();
            Err(io_error_code(th, e))
        }
        r => Ok(r as i64),
    }
}
fn seek(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    if a.get(1).is_float() {
        return Err(th.type_error(if th.py3() { "'float' object cannot be interpreted as an integer" } else { "an integer is required" }));
    }
    let pos = int::arg_i64(th, a.get(1))?;
    let whence = match a.opt(2) {
        Some(w) => int::arg_i32(th, w)?,
        None => 0,
    };
    let r = lseek(th, n, pos, whence)?;
    support::int(th, r)
}
fn tell(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    let r = lseek(th, n, 0, libc::SEEK_CUR)?;
    support::int(th, r)
}
fn truncate(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    if !this(a.get(0)).read(th)?.writable {
        return Err(unsupported(th, "File not open for writing"));
    }
    let size = match a.some(1) {
        Some(s) => int::arg_i64(th, s)?,
        None => lseek(th, n, 0, libc::SEEK_CUR)?,
    };
    // SAFETY: a plain call.
    match syscall(th, || unsafe { libc::ftruncate(n, size as libc::off_t) } as isize)? {
        Ok(_) => support::int(th, size),
        Err(e) => Err(io_error_code(th, e)),
    }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let closefd = f.read(th)?.closefd;
    let n = set_fd(f, -1);
    if n >= 0 && closefd {
        // SAFETY: the descriptor was this object's alone.
        let e = th.blocking(|| if unsafe { libc::close(n) } < 0 { errno() } else { 0 });
        if e != 0 && e != libc::EINTR {
            return Err(io_error_code(th, e));
        }
    }
    Ok(Value::NONE)
}
/// Notes a stream over a file.
pub fn set_outer(th: &mut Thread, raw: Value, stream: Value) -> R<()> {
    if let Some(f) = raw.cast::<FileIo>() {
        f.write(th)?.outer = stream;
    }
    Ok(())
}
/// Nobody has closed the file. The streams over it write what they hold, whichever of them is finalized first.
fn del(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let g = f.read(th)?;
    let (closefd, outer) = (g.closefd, g.outer.get().unwrap_or(a.get(0)));
    drop(g);
    if fd(f) < 0 || !closefd && object::class_of(a.get(0)) == FILE_IO.ty() {
        return Ok(Value::NONE);
    }
    if closefd {
        support::warn_unclosed(th, "unclosed file", outer);
    }
    for stream in [outer, a.get(0)] {
        let r = th.call_method(stream, "close", &[]);
        if r.is_err() && th.catch_any().is_none() {
            return r;
        }
    }
    Ok(Value::NONE)
}
fn seekable(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    let f = this(a.get(0));
    let mut known = f.read(th)?.seekable;
    if known < 0 {
        // SAFETY: a plain call.
        known = (unsafe { libc::lseek(n, 0, libc::SEEK_CUR) } >= 0) as i8;
        f.write(th)?.seekable = known;
    }
    Ok(Value::from_bool(known == 1))
}
fn readable(th: &mut Thread, a: Args) -> R<Value> {
    open_fd(th, a.get(0))?;
    Ok(Value::from_bool(this(a.get(0)).read(th)?.readable))
}
fn writable(th: &mut Thread, a: Args) -> R<Value> {
    open_fd(th, a.get(0))?;
    Ok(Value::from_bool(this(a.get(0)).read(th)?.writable))
}
fn fileno(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(open_fd(th, a.get(0))? as i64)) }
fn isatty(th: &mut Thread, a: Args) -> R<Value> {
    let n = open_fd(th, a.get(0))?;
    // SAFETY: a plain call.
    Ok(Value::from_bool(unsafe { libc::isatty(n) } == 1))
}
fn mode_text(g: &FileIo) -> &'static str {
    match (g.created, g.appending, g.readable, g.writable) {
        (true, _, true, _) => "xb+",
        (true, ..) => "xb",
        (_, true, true, _) => "ab+",
        (_, true, ..) => "ab",
        (_, _, true, true) => "rb+",
        (_, _, true, false) => "rb",
        _ => "wb",
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let f = this(a.get(0));
    let n = fd(f);
    let module = if th.py3() { "_io" } else { "_io" };
    if n < 0 {
        return th.native_str(&format!("<{module}.FileIO [closed]>"));
    }
    let g = f.read(th)?;
    let (mode, closefd) = (mode_text(&g), g.closefd);
    drop(g);
    let name = attr::get_str_opt(th, a.get(0), "name")?;
    let tail = if th.py3() { format!(" closefd={}", if closefd { "True" } else { "False" }) } else { String::new() };
    let s = match name {
        Some(x) => format!("<{module}.FileIO name={} mode='{mode}'{tail}>", object::repr_text(th, x)?),
        None => format!("<{module}.FileIO fd={n} mode='{mode}'{tail}>"),
    };
    th.native_str(&s)
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let got = object::class_name(a.get(0));
    Err(th.type_error(format!("cannot pickle '_io.{got}' object")))
}
fn get_closed(_: &mut Thread, v: Value) -> R<Value> { Ok(Value::from_bool(fd(this(v)) < 0)) }
fn get_closefd(th: &mut Thread, v: Value) -> R<Value> { Ok(Value::from_bool(this(v).read(th)?.closefd)) }
fn get_mode(th: &mut Thread, v: Value) -> R<Value> {
    let m = mode_text(&*this(v).read(th)?);
    th.native_str(m)
}
fn get_blksize(th: &mut Thread, v: Value) -> R<Value> { Ok(Value::int(this(v).read(th)?.blksize as i64)) }
