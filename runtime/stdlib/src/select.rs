//! `select`: waiting for descriptors.

use crate::kinds_io;
use crate::support::{self, constants, os_error_code};
use std::time::{Duration, Instant};
use txpy_heap::{Header, RootedVec, object};
use txpy_vm::native::{TypeDef, type_flag};
use txpy_vm::object;
use txpy_vm::types::{dict, float, int as ints, list, module, type_};
use txpy_vm::{Args, Gc, ModuleDef, NativeDef, R, Thread, Value, natives};

pub static MODULE: ModuleDef = ModuleDef { name: "select", doc: "Waiting for descriptors.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "select(rlist, wlist, xlist, timeout=None, /)" = select, "Wait until descriptors are ready.";
    "poll()" = new_poll, "An object that waits for descriptors.";
};
object! {
    /// Descriptors and their events, in a dict of ints.
    pub struct Poll = kinds_io::POLL { fds: Gc<dict::Dict> }
}
static POLL: TypeDef = TypeDef {
    name: "poll", module: "select", kind: kinds_io::POLL, size: size_of::<Poll>() as u16, flags: type_flag::NO_NEW, methods: &[METHODS],
    doc: "Waits for descriptors.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "register(self, fd, eventmask=7, /)" = register, "Add a descriptor.";
    "modify(self, fd, eventmask, /)" = modify, "Change the events of a descriptor.";
    "unregister(self, fd, /)" = unregister, "Remove a descriptor.";
    #[io] "poll(self, timeout=None, /)" = poll, "Wait for events.";
};
fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let e = if th.py3() { txpy_vm::exceptions::OS_ERROR.value() } else { txpy_vm::exceptions::IO_ERROR.value() };
    module::set(th, m, "error", e)?;
    constants(th, m, &[
        ("POLLIN", libc::POLLIN as i64), ("POLLPRI", libc::POLLPRI as i64), ("POLLOUT", libc::POLLOUT as i64), ("POLLERR", libc::POLLERR as i64),
        ("POLLHUP", libc::POLLHUP as i64), ("POLLNVAL", libc::POLLNVAL as i64), ("POLLRDNORM", libc::POLLRDNORM as i64), ("POLLWRNORM", libc::POLLWRNORM as i64),
        ("PIPE_BUF", 4096),
    ])
}

/// Waits for events of `fds` until the deadline; signals are handled meanwhile.
fn wait(th: &mut Thread, fds: &mut [libc::pollfd], deadline: Option<Instant>) -> R<()> {
    loop {
        let left = match deadline {
            None => -1,
            Some(d) => d.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000).min(i32::MAX as u128) as i32,
        };
        let (p, n) = (fds.as_mut_ptr() as usize, fds.len());
        let (r, e) = th.blocking(|| {
            // SAFETY: the array is this call's.
            let r = unsafe { libc::poll(p as *mut libc::pollfd, n as libc::nfds_t, left) };
            (r, if r < 0 { support::errno() } else { 0 })
        });
        if r >= 0 {
            return Ok(());
        }
        if e != libc::EINTR {
            return Err(os_error_code(th, e));
        }
        crate::signal::check(th)?;
    }
}
fn deadline(seconds: f64) -> Option<Instant> { Instant::now().checked_add(Duration::from_secs_f64(seconds.clamp(0.0, 1e9))) }

fn select(th: &mut Thread, a: Args) -> R<Value> {
    let until = match a.some(3) {
        None => None,
        Some(t) => {
            let Some(s) = float::number(th, t)? else { return Err(th.type_error(if th.py3() { "timeout must be a float or None" } else { "timeout must be a float or None" })) };
            if s < 0.0 {
                return Err(th.value_error("timeout must be non-negative"));
            }
            deadline(s)
        }
    };
    let objects = RootedVec::new(th)?;
    let mut fds: Vec<libc::pollfd> = Vec::new();
    let mut ends = [0; 3];
    for (i, events) in [libc::POLLIN, libc::POLLOUT, libc::POLLPRI].into_iter().enumerate() {
        object::iter::for_each(th, a.get(i), |th, x| {
            let fd = support::fd_of(th, x)?;
            objects.push(th, x)?;
            fds.push(libc::pollfd { fd, events, revents: 0 });
            Ok(())
        })?;
        ends[i] = fds.len();
    }
    wait(th, &mut fds, until)?;
    if fds.iter().any(|f| f.revents & libc::POLLNVAL != 0) {
        return Err(os_error_code(th, libc::EBADF));
    }
    let mut out = [Value::NONE; 3];
    let mut from = 0;
    for (i, hit) in [libc::POLLIN | libc::POLLHUP | libc::POLLERR, libc::POLLOUT | libc::POLLERR, libc::POLLPRI].into_iter().enumerate() {
        let l = list::with_capacity(th, 0)?;
        out[i] = l.value();
        for (k, f) in fds.iter().enumerate().take(ends[i]).skip(from) {
            if f.revents & hit != 0 {
                let x = objects.get(th, k)?;
                list::append(th, l, x)?;
            }
        }
        from = ends[i];
    }
    th.new_tuple(&out)
}

fn this(v: Value) -> Gc<Poll> { v.cast().expect("checked by the call") }
fn new_poll(th: &mut Thread, _: Args) -> R<Value> {
    type_::make_native(th, &POLL)?;
    let fds = dict::new(th)?;
    Ok(th.alloc(POLL.shape(), Poll { header: Header::NEW, fds })?.value())
}
fn put(th: &mut Thread, a: Args, must_exist: bool) -> R<Value> {
    let fd = support::fd_of(th, a.get(1))?;
    let events = match a.opt(2) {
        Some(e) => ints::arg_i64(th, e)? & 0xFFFF,
        None => (libc::POLLIN | libc::POLLPRI | libc::POLLOUT) as i64,
    };
    let d = this(a.get(0)).read(th)?.fds;
    if must_exist && dict::get(th, d, Value::int(fd as i64))?.is_none() {
        return Err(os_error_code(th, libc::ENOENT));
    }
    dict::set(th, d, Value::int(fd as i64), Value::int(events))?;
    Ok(Value::NONE)
}
fn register(th: &mut Thread, a: Args) -> R<Value> { put(th, a, false) }
fn modify(th: &mut Thread, a: Args) -> R<Value> { put(th, a, true) }
fn unregister(th: &mut Thread, a: Args) -> R<Value> {
    let fd = support::fd_of(th, a.get(1))?;
    let d = this(a.get(0)).read(th)?.fds;
    match dict::remove(th, d, Value::int(fd as i64))? {
        Some(_) => Ok(Value::NONE),
        None => Err(th.raise_with(&txpy_vm::exceptions::KEY_ERROR, &[Value::int(fd as i64)])),
    }
}
fn poll(th: &mut Thread, a: Args) -> R<Value> {
    let until = match a.some(1) {
        None => None,
        Some(t) => {
            let ms = float::as_f64(th, t)?;
            if ms < 0.0 { None } else { deadline(ms / 1000.0) }
        }
    };
    let d = this(a.get(0)).read(th)?.fds;
    let mut fds = Vec::new();
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        fds.push(libc::pollfd { fd: ints::to_i64(k).unwrap_or(-1) as i32, events: ints::to_i64(v).unwrap_or(0) as i16, revents: 0 });
    }
    wait(th, &mut fds, until)?;
    let l = list::with_capacity(th, 0)?;
    for f in fds.iter().filter(|f| f.revents != 0) {
        let t = th.new_tuple(&[Value::int(f.fd as i64), Value::int(f.revents as i64 & 0xFFFF)])?;
        list::append(th, l, t)?;
    }
    Ok(l.value())
}
