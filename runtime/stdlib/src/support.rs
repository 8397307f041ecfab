//! What sys, io, os and thread share: allocation of instances with attributes, errno, paths, flags.

use txpy_heap::{Object, flag};
use txpy_vm::exceptions::{ExcDef, IO_ERROR, OS_ERROR};
use txpy_vm::native::type_flag;
use txpy_vm::types::type_::{self, Type};
use txpy_vm::types::{exc_fields, text};
use txpy_vm::{Gc, R, Thread, TypeDef, Unwind, Value, object};

/// A fresh instance of `class`, a type with payload `T` or a subclass, with room for attributes if the class allows them. Native classes'
/// own instances get their `__del__` called only if `finalize` says so.
pub fn alloc<T: Object>(th: &mut Thread, class: Gc<Type>, finalize: bool, init: T) -> R<Gc<T>> {
    let r = class.frozen();
    if !r.has_dict() && !r.has(type_flag::HEAP) {
        return th.alloc(r.root_shape(), init);
    }
    let mut flags = type_::instance_flags(r) | flag::SLOTS;
    if !finalize && !r.has(type_flag::HEAP) {
        flags &= !flag::FINALIZER;
    }
    object::instance::alloc_with_slots(th, class, flags, init)
}
/// Whether `v` is an instance of exactly this type, whatever attributes it has.
#[inline]
pub fn exactly(def: &'static TypeDef, v: Value) -> bool { v.is_ref() && object::class_of(v).value() == def.value() }
/// ResourceWarning about a file or socket that died open. What the filters make an error of is shown and dropped.
pub fn warn_unclosed(th: &mut Thread, what: &str, v: Value) {
    if !th.py3() {
        return;
    }
    let name = object::repr_text(th, v).unwrap_or_else(|_| object::class_name(v));
    th.catch_any();
    let r = txpy_vm::warn::warn(th, &txpy_vm::exceptions::RESOURCE_WARNING, &format!("{what} {name}"));
    txpy_vm::runtime::report_unraisable(th, r.map(|()| Value::NONE), v);
}
/// The class argument of `def.__new__`, checked.
pub fn class_arg(th: &mut Thread, def: &'static TypeDef, cls: Value) -> R<Gc<Type>> { txpy_vm::types::int_args::new_class(th, def, cls) }

/// Where this thread's `errno` stands.
pub fn errno_place() -> *mut i32 {
    // SAFETY: a plain query.
    #[cfg(target_os = "linux")]
    unsafe {
        libc::__errno_location()
    }
    // SAFETY: a plain query.
    #[cfg(not(target_os = "linux"))]
    unsafe {
        libc::__error()
    }
}
pub fn errno() -> i32 { std::io::Error::last_os_error().raw_os_error().unwrap_or(0) }

/// The system's text for an error number.
pub fn strerror(e: i32) -> String {
    let mut buf = [0u8; 256];
    // SAFETY: the buffer is as long as told; the call ends the text with a zero.
    unsafe {
        #[cfg(target_os = "linux")]
        unsafe extern "C" {
            #[link_name = "__xpg_strerror_r"]
            fn xpg_strerror_r(e: libc::c_int, buf: *mut libc::c_char, n: libc::size_t) -> libc::c_int;
        }
        #[cfg(target_os = "linux")]
        xpg_strerror_r(e, buf.as_mut_ptr().cast(), buf.len());
        #[cfg(not(target_os = "linux"))]
        libc::strerror_r(e, buf.as_mut_ptr().cast(), buf.len());
    }
    let n = buf.iter().position(|c| *c == 0).unwrap_or(buf.len());
    String::from_utf8_lossy(&buf[..n]).into_owned()
}

/// The class for an error number: OSError's subclasses in 3; in 2.7 OSError, or IOError for files.
fn error_class(th: &Thread, e: i32, io: bool) -> &'static ExcDef {
    if th.py3() {
        exc_fields::os_class(e as i64)
    } else if io {
        &IO_ERROR
    } else {
        &OS_ERROR
    }
}
fn raise_errno(th: &mut Thread, e: i32, io: bool, file: Option<Value>, file2: Option<Value>) -> Unwind {
    let text = match th.native_str(&strerror(e)) {
        Ok(t) => t,
        Err(u) => return u,
    };
    let class = error_class(th, e, io);
    let e = Value::int(e as i64);
    match (file, file2) {
        (Some(f), Some(g)) if th.py3() => th.raise_with(class, &[e, text, f, Value::NONE, g]),
        (Some(f), _) => th.raise_with(class, &[e, text, f]),
        _ => th.raise_with(class, &[e, text]),
    }
}
/// An exception of (number, text).
pub fn raise_code(th: &mut Thread, class: &'static ExcDef, code: i32, text: &str) -> Unwind {
    match th.native_str(text) {
        Ok(t) => th.raise_with(class, &[Value::int(code.into()), t]),
        Err(u) => u,
    }
}
/// OSError for `errno` as it stands.
#[cold]
pub fn os_error(th: &mut Thread) -> Unwind {
    let e = errno();
    raise_errno(th, e, false, None, None)
}
#[cold]
pub fn os_error_code(th: &mut Thread, e: i32) -> Unwind { raise_errno(th, e, false, None, None) }
#[cold]
pub fn os_error_file(th: &mut Thread, e: i32, file: Value) -> Unwind { raise_errno(th, e, false, Some(file), None) }
#[cold]
pub fn os_error_files(th: &mut Thread, e: i32, file: Value, file2: Value) -> Unwind { raise_errno(th, e, false, Some(file), Some(file2)) }
/// IOError of 2.7, OSError of 3.
#[cold]
pub fn io_error_code(th: &mut Thread, e: i32) -> Unwind { raise_errno(th, e, true, None, None) }
#[cold]
pub fn io_error_file(th: &mut Thread, e: i32, file: Value) -> Unwind { raise_errno(th, e, true, Some(file), None) }

/// Runs a system call that may wait; EINTR handles signals and calls again. The result is what the call gave, or its error number.
pub fn syscall(th: &mut Thread, mut f: impl FnMut() -> isize) -> R<Result<usize, i32>> {
    // A signal that arrived already would not interrupt it.
    crate::signal::check(th)?;
    loop {
        let (r, e) = th.blocking(|| {
            let r = f();
            (r, if r < 0 { errno() } else { 0 })
        });
        if r >= 0 {
            return Ok(Ok(r as usize));
        }
        if e != libc::EINTR {
            return Ok(Err(e));
        }
        crate::signal::check(th)?;
    }
}

/// A path argument: what was given (for messages), its bytes, or a descriptor.
pub struct Path {
    pub given: Value,
    pub bytes: Vec<u8>,
    pub fd: Option<i32>,
}
impl Path {
    pub fn c(&self) -> std::ffi::CString { std::ffi::CString::new(self.bytes.as_slice()).unwrap_or_default() }
    /// Whether results are byte strings.
    pub fn is_bytes(&self) -> bool { text::is_bytes(self.given) }
}

/// Bytes of a file name: text is UTF-8, surrogates U+DC80.. stand for bytes that are not.
pub fn fs_encode(b: &[u8]) -> Vec<u8> {
    if std::str::from_utf8(b).is_ok() {
        return b.to_vec();
    }
    let mut out = Vec::with_capacity(b.len());
    let mut at = 0;
    while at < b.len() {
        let (c, n) = text::decode_at(b, at);
        if (0xDC80..0xDD00).contains(&c) { out.push((c - 0xDC00) as u8) } else { out.extend_from_slice(&b[at..(at + n).min(b.len())]) }
        at += n;
    }
    out
}
/// The text for a file name of the system.
pub fn fs_decode(b: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(b.len());
    let mut rest = b;
    while !rest.is_empty() {
        match std::str::from_utf8(rest) {
            Ok(s) => {
                out.extend_from_slice(s.as_bytes());
                break;
            }
            Err(e) => {
                let (good, bad) = rest.split_at(e.valid_up_to());
                out.extend_from_slice(good);
                let n = e.error_len().unwrap_or(bad.len());
                bad[..n].iter().for_each(|c| text::push_code_point(&mut out, 0xDC00 + *c as u32));
                rest = &bad[n..];
            }
        }
    }
    out
}
/// A native string for a name of the system.
pub fn fs_str(th: &mut Thread, b: &[u8]) -> R<Value> { if th.py3() { text::new_str(th, &fs_decode(b)) } else { th.new_bytes(b) } }

/// `os.fspath(v)`: str, bytes, or what `__fspath__` gives.
pub fn fspath(th: &mut Thread, v: Value) -> R<Value> {
    if text::is_text(v) || text::is_bytes(v) {
        return Ok(v);
    }
    let class = object::class_of(v).value();
    let f = object::attr::get_str_opt(th, class, "__fspath__")?;
    let Some(f) = f else {
        let got = object::class_name(v);
        return Err(th.type_error(format!("expected str, bytes or os.PathLike object, not {got}")));
    };
    let r = th.call(f, &[v])?;
    if text::is_text(r) || text::is_bytes(r) {
        return Ok(r);
    }
    let (got, class) = (object::class_name(r), object::class_name(v));
    Err(th.type_error(format!("expected {class}.__fspath__() to return str or bytes, not {got}")))
}

/// A path argument of function `func`. `allow_fd`: an integer is a descriptor. `nullable`: None is ".".
pub fn path(th: &mut Thread, v: Value, func: &str, allow_fd: bool, nullable: bool) -> R<Path> {
    if (v.is_unset() || v.is_none()) && nullable {
        let given = th.native_str(".")?;
        return Ok(Path { given, bytes: b".".to_vec(), fd: None });
    }
    if allow_fd && txpy_vm::types::int::is_int_like(v) {
        let fd = fd_value(th, v)?;
        return Ok(Path { given: v, bytes: Vec::new(), fd: Some(fd) });
    }
    let has = text::is_text(v) || text::is_bytes(v) || th.py3() && {
        let class = object::class_of(v).value();
        object::attr::get_str_opt(th, class, "__fspath__")?.is_some()
    };
    if !has {
        let got = if v.is_none() && !th.py3() { "None".to_string() } else { object::class_name(v) };
        if !th.py3() {
            return Err(th.type_error(format!("coercing to Unicode: need string or buffer, {got} found")));
        }
        let what = match (allow_fd, nullable) {
            (true, true) => "string, bytes, os.PathLike, integer or None",
            (true, false) => "string, bytes, os.PathLike or integer",
            (false, true) => "string, bytes, os.PathLike or None",
            _ => "string, bytes or os.PathLike",
        };
        return Err(th.type_error(format!("{func}: path should be {what}, not {got}")));
    }
    let given = fspath(th, v)?;
    let raw = text::bytes_of(given).unwrap_or(&[]);
    let bytes = if text::is_text(given) { fs_encode(raw) } else { raw.to_vec() };
    if bytes.contains(&0) {
        return Err(if th.py3() {
            th.value_error(if func.is_empty() { "embedded null byte".to_string() } else { format!("{func}: embedded null character in path") })
        } else {
            th.type_error("must be encoded string without NULL bytes, not str")
        });
    }
    Ok(Path { given, bytes, fd: None })
}

/// A descriptor argument given as an integer.
pub fn fd_value(th: &mut Thread, v: Value) -> R<i32> {
    let i = txpy_vm::types::int::arg_i64(th, v)?;
    i32::try_from(i).or_else(|_| Err(th.overflow_error(if i > 0 { "signed integer is greater than maximum" } else { "signed integer is less than minimum" })))
}
/// A descriptor given as an integer or as an object with `fileno()`.
pub fn fd_of(th: &mut Thread, v: Value) -> R<i32> {
    if txpy_vm::types::int::is_int_like(v) {
        let fd = fd_value(th, v)?;
        if fd < 0 {
            return Err(th.value_error(format!("file descriptor cannot be a negative integer ({fd})")));
        }
        return Ok(fd);
    }
    let Some(f) = object::attr::get_str_opt(th, v, "fileno")? else { return Err(th.type_error("argument must be an int, or have a fileno() method.")) };
    let r = th.call(f, &[])?;
    if !txpy_vm::types::int::is_int_like(r) {
        return Err(th.type_error("fileno() returned a non-integer"));
    }
    let fd = fd_value(th, r)?;
    if fd < 0 {
        return Err(th.value_error(format!("file descriptor cannot be a negative integer ({fd})")));
    }
    Ok(fd)
}

/// Text of a `str` argument; TypeError `func() argument 'name' must be str, not X`.
pub fn str_arg(th: &mut Thread, v: Value, func: &str, place: &str) -> R<String> {
    if text::is_string(th, v) {
        return Ok(text::lossy(v).into_owned());
    }
    let got = if v.is_none() { "None".to_string() } else { object::class_name(v) };
    let want = if th.py3() { "str" } else { "string" };
    Err(th.type_error(format!("{func}() argument {place} must be {want}, not {got}")))
}

/// An int object for any size of system number.
pub fn int(th: &mut Thread, i: i64) -> R<Value> { txpy_vm::types::int::from_i64(th, i) }
pub fn float(th: &mut Thread, f: f64) -> R<Value> { txpy_vm::types::float::new(th, f) }

/// A C string; ValueError for a zero inside.
pub fn c_text(th: &mut Thread, b: Vec<u8>) -> R<std::ffi::CString> { std::ffi::CString::new(b).or_else(|_| Err(th.value_error("embedded null byte"))) }

/// `c_constants! { NAME ... }`: constants of the C library by their names, for `constants`.
macro_rules! c_constants {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64)),*] };
}
pub(crate) use c_constants;

/// Sets many integer constants of a module.
pub fn constants(th: &mut Thread, m: Gc<txpy_vm::types::module::Module>, list: &[(&str, i64)]) -> R<()> {
    for (name, i) in list {
        let v = int(th, *i)?;
        txpy_vm::types::module::set(th, m, name, v)?;
    }
    Ok(())
}

/// A cell for a Value that outlives calls: module state. Traced as a root.
pub struct Root(std::sync::atomic::AtomicU64);
static ROOTS: std::sync::Mutex<Vec<&'static Root>> = std::sync::Mutex::new(Vec::new());
static ROOT_HOOK: std::sync::Once = std::sync::Once::new();

fn trace_roots(t: &mut txpy_heap::Tracer) {
    // The world is stopped; no thread stops while it holds the lock, as nothing under it reaches a safepoint.
    for r in ROOTS.lock().unwrap_or_else(|e| e.into_inner()).iter() {
        if let Some(v) = r.get() {
            t.value(v);
        }
    }
}
impl Root {
    pub const fn new() -> Root { Root(std::sync::atomic::AtomicU64::new(0)) }
    pub fn get(&self) -> Option<Value> {
        let v = self.0.load(std::sync::atomic::Ordering::Acquire);
        if v == 0 { None } else { Some(Value(v)) }
    }
    pub fn set(&'static self, v: Value) {
        ROOT_HOOK.call_once(|| txpy_heap::add_root_hook(trace_roots));
        let mut roots = ROOTS.lock().unwrap_or_else(|e| e.into_inner());
        if !roots.iter().any(|r| std::ptr::eq(*r, self)) {
            roots.push(self);
        }
        self.0.store(v.bits(), std::sync::atomic::Ordering::Release);
    }
    /// The value, made by `make` if there is none.
    pub fn get_or(&'static self, th: &mut Thread, make: impl FnOnce(&mut Thread) -> R<Value>) -> R<Value> {
        match self.get() {
            Some(v) => Ok(v),
            None => {
                // No abort takes back what its first block put into it.
                txpy_vm::atomic::irrevocable(th)?;
                let v = make(th)?;
                self.set(v);
                Ok(v)
            }
        }
    }
}
impl Default for Root {
    fn default() -> Self { Root::new() }
}
