//! `resource`: limits and usage of the process.

use crate::struct_seq;
use crate::structseq;
use crate::support::{self, constants, float, int, os_error};
use txpy_vm::types::{int as ints, module, tuple, type_};
use txpy_vm::{Args, Gc, ModuleDef, NativeDef, R, Thread, Value, natives};

pub static MODULE: ModuleDef = ModuleDef { name: "resource", doc: "Limits and usage of resources.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "getrusage(who, /)" = getrusage, "Resources used.";
    "getrlimit(resource, /)" = getrlimit, "Limits of a resource.";
    "setrlimit(resource, limits, /)" = setrlimit, "Set limits of a resource.";
    // SAFETY: a plain query.
    "getpagesize()" = |_, _| Ok(Value::int(unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as i64)), "Size of a page.";
};
struct_seq! { pub static RUSAGE: "resource", "struct_rusage", "Resources used." {
    "ru_utime" 0, "ru_stime" 1, "ru_maxrss" 2, "ru_ixrss" 3, "ru_idrss" 4, "ru_isrss" 5, "ru_minflt" 6, "ru_majflt" 7, "ru_nswap" 8,
    "ru_inblock" 9, "ru_oublock" 10, "ru_msgsnd" 11, "ru_msgrcv" 12, "ru_nsignals" 13, "ru_nvcsw" 14, "ru_nivcsw" 15,
} }
fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    let t = type_::make_native(th, &RUSAGE)?;
    module::set(th, m, "struct_rusage", t.value())?;
    let e = if th.py3() { txpy_vm::exceptions::OS_ERROR.value() } else { txpy_vm::exceptions::VALUE_ERROR.value() };
    module::set(th, m, "error", e)?;
    constants(th, m, &[
        ("RLIMIT_CPU", libc::RLIMIT_CPU as i64), ("RLIMIT_FSIZE", libc::RLIMIT_FSIZE as i64), ("RLIMIT_DATA", libc::RLIMIT_DATA as i64),
        ("RLIMIT_STACK", libc::RLIMIT_STACK as i64), ("RLIMIT_CORE", libc::RLIMIT_CORE as i64), ("RLIMIT_NOFILE", libc::RLIMIT_NOFILE as i64),
        ("RLIMIT_AS", libc::RLIMIT_AS as i64), ("RLIMIT_NPROC", libc::RLIMIT_NPROC as i64), ("RLIMIT_MEMLOCK", libc::RLIMIT_MEMLOCK as i64),
        ("RLIMIT_RSS", libc::RLIMIT_RSS as i64), ("RUSAGE_SELF", libc::RUSAGE_SELF as i64), ("RUSAGE_CHILDREN", libc::RUSAGE_CHILDREN as i64), ("RLIM_INFINITY", -1),
    ])?;
    #[cfg(target_os = "linux")]
    constants(th, m, &[("RUSAGE_THREAD", libc::RUSAGE_THREAD as i64)])?;
    Ok(())
}
/// A `struct_rusage`.
pub fn usage(th: &mut Thread, r: &libc::rusage) -> R<Value> {
    let time = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 * 1e-6;
    let mut items = [Value::NONE; 16];
    items[0] = float(th, time(r.ru_utime))?;
    items[1] = float(th, time(r.ru_stime))?;
    let rest = [r.ru_maxrss, r.ru_ixrss, r.ru_idrss, r.ru_isrss, r.ru_minflt, r.ru_majflt, r.ru_nswap, r.ru_inblock, r.ru_oublock, r.ru_msgsnd, r.ru_msgrcv, r.ru_nsignals, r.ru_nvcsw, r.ru_nivcsw];
    for (to, x) in items[2..].iter_mut().zip(rest) {
        *to = int(th, x as i64)?;
    }
    structseq::new(th, &RUSAGE, &items, &[])
}
fn getrusage(th: &mut Thread, a: Args) -> R<Value> {
    let who = ints::arg_i32(th, a.get(0))?;
    // SAFETY: the call fills in the struct.
    let r = unsafe {
        let mut r: libc::rusage = std::mem::zeroed();
        if libc::getrusage(who, &mut r) < 0 { None } else { Some(r) }
    };
    match r {
        Some(r) => usage(th, &r),
        None if support::errno() == libc::EINVAL => Err(th.value_error("invalid who parameter")),
        None => Err(os_error(th)),
    }
}
fn which(th: &mut Thread, v: Value) -> R<i32> {
    let n = ints::arg_i32(th, v)?;
    if (0..16).contains(&n) { Ok(n) } else { Err(th.value_error("invalid resource specified")) }
}
fn pair(th: &mut Thread, l: libc::rlimit) -> R<Value> {
    let (a, b) = (int(th, l.rlim_cur as i64)?, int(th, l.rlim_max as i64)?);
    th.new_tuple(&[a, b])
}
fn getrlimit(th: &mut Thread, a: Args) -> R<Value> {
    let n = which(th, a.get(0))?;
    // SAFETY: the call fills in the struct.
    let l = unsafe {
        let mut l: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(n as _, &mut l) < 0 { None } else { Some(l) }
    };
    match l {
        Some(l) => pair(th, l),
        None => Err(os_error(th)),
    }
}
fn setrlimit(th: &mut Thread, a: Args) -> R<Value> {
    let n = which(th, a.get(0))?;
    let t = txpy_vm::object::iter::to_tuple(th, a.get(1))?;
    let Some([x, y]) = tuple::items(t) else { return Err(th.value_error("expected a tuple of 2 integers")) };
    let l = libc::rlimit { rlim_cur: ints::arg_i64(th, *x)? as libc::rlim_t, rlim_max: ints::arg_i64(th, *y)? as libc::rlim_t };
    // SAFETY: the struct is ours.
    if unsafe { libc::setrlimit(n as _, &l) } < 0 {
        return Err(match support::errno() {
            libc::EINVAL => th.value_error("current limit exceeds maximum limit"),
            libc::EPERM => th.value_error("not allowed to raise maximum limit"),
            _ => os_error(th),
        });
    }
    Ok(Value::NONE)
}
