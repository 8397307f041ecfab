//! `time`: clocks and sleeping. Calendar functions stand in `time_format`.

use crate::api::*;
use crate::time_format as tf;

pub static MODULE: ModuleDef = ModuleDef {
    name: "time", doc: "This module provides various functions to manipulate time values.", functions: FUNCTIONS, types: &[&tf::STRUCT_TIME], init: Some(init), ..ModuleDef::DEFAULT
};

static FUNCTIONS: &[NativeDef] = natives! {
    "time()" = |th, _| { let t = now(libc::CLOCK_REALTIME); seconds(th, t) }, "Return the current time in seconds since the Epoch.";
    #[py2] "clock()" = |th, _| { let t = now(libc::CLOCK_PROCESS_CPUTIME_ID); seconds(th, t) }, "Return the CPU time since the start of the process.";
    #[blocks] "sleep(seconds, /)" = sleep, "Delay execution for a given number of seconds.  The argument may be a floating-point number for subsecond precision.";
    #[py3] "time_ns()" = |th, _| nanoseconds(th, now(libc::CLOCK_REALTIME)), "Return the current time in nanoseconds since the Epoch.";
    #[py3] "monotonic()" = |th, _| { let t = now(libc::CLOCK_MONOTONIC); seconds(th, t) }, "Monotonic clock, cannot go backward.";
    #[py3] "monotonic_ns()" = |th, _| nanoseconds(th, now(libc::CLOCK_MONOTONIC)), "Monotonic clock, cannot go backward, as nanoseconds.";
    #[py3] "perf_counter()" = |th, _| { let t = now(libc::CLOCK_MONOTONIC); seconds(th, t) }, "Performance counter for benchmarking.";
    #[py3] "perf_counter_ns()" = |th, _| nanoseconds(th, now(libc::CLOCK_MONOTONIC)), "Performance counter for benchmarking as nanoseconds.";
    #[py3] "process_time()" = |th, _| { let t = now(libc::CLOCK_PROCESS_CPUTIME_ID); seconds(th, t) }, "Process time for profiling: sum of the kernel and user-space CPU time.";
    #[py3] "process_time_ns()" = |th, _| nanoseconds(th, now(libc::CLOCK_PROCESS_CPUTIME_ID)), "Process time for profiling as nanoseconds.";
    #[py3] "thread_time()" = |th, _| { let t = now(libc::CLOCK_THREAD_CPUTIME_ID); seconds(th, t) }, "Thread time for profiling: sum of the kernel and user-space CPU time.";
    #[py3] "thread_time_ns()" = |th, _| nanoseconds(th, now(libc::CLOCK_THREAD_CPUTIME_ID)), "Thread time for profiling as nanoseconds.";
    #[py3] "clock_gettime(clk_id, /)" = |th, a| { let t = clock(th, a.get(0), libc::clock_gettime)?; seconds(th, t) }, "Return the time of the specified clock clk_id as a float.";
    #[py3] "clock_gettime_ns(clk_id, /)" = |th, a| { let t = clock(th, a.get(0), libc::clock_gettime)?; nanoseconds(th, t) }, "Return the time of the specified clock clk_id as nanoseconds (int).";
    #[py3] "clock_getres(clk_id, /)" = |th, a| { let t = clock(th, a.get(0), libc::clock_getres)?; seconds(th, t) }, "Return the resolution (precision) of the specified clock clk_id.";
    #[py3] "get_clock_info(name, /)" = clock_info, "Get information of the specified clock.";
    "gmtime(seconds=None, /)" = tf::gmtime, "Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT).";
    "localtime(seconds=None, /)" = tf::localtime, "Convert seconds since the Epoch to a time tuple expressing local time.";
    "asctime(tuple=None, /)" = tf::asctime, "Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.";
    "ctime(seconds=None, /)" = tf::ctime, "Convert a time in seconds since the Epoch to a string in local time.";
    "mktime(tuple, /)" = tf::mktime, "Convert a time tuple in local time to seconds since the Epoch.";
    "strftime(format, tuple=None, /)" = tf::strftime, "Convert a time tuple to a string according to a format specification.";
    "strptime(string, format=None, /)" = tf::strptime, "Parse a string to a time tuple according to a format specification.";
    "tzset()" = |th, _| { tf::tzset(); let m = txpy_vm::import::import_name(th, "time")?; tf::zones(th, m)?; Ok(Value::NONE) }, "Initialize, or reinitialize, the local timezone to the value stored in os.environ['TZ'].";
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    tf::tzset();
    tf::zones(th, m.value())?;
    if th.py3() {
        for (name, id) in [
            ("CLOCK_REALTIME", libc::CLOCK_REALTIME), ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC), ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
            ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID), ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
            ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME), ("CLOCK_TAI", libc::CLOCK_TAI), ("_STRUCT_TM_ITEMS", 11),
        ] {
            module::set(th, m, name, Value::int(id as i64))?;
        }
    }
    Ok(())
}

/// Nanoseconds of a clock.
pub fn now(id: libc::clockid_t) -> i128 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid.
    unsafe { libc::clock_gettime(id, &mut t) };
    t.tv_sec as i128 * 1_000_000_000 + t.tv_nsec as i128
}
/// Nanoseconds as float seconds: exact division, rounded once as far as doubles allow.
pub fn seconds(th: &mut Thread, ns: i128) -> R<Value> {
    let f = if ns % 1_000_000_000 == 0 { (ns / 1_000_000_000) as f64 } else { ns as f64 / 1e9 };
    float::new(th, f)
}
fn nanoseconds(th: &mut Thread, ns: i128) -> R<Value> { int::from_i128(th, ns) }

pub fn os_error(th: &mut Thread, errno: i32) -> Unwind { txpy_vm::runtime::errno_error(th, errno, None) }

type ClockFn = unsafe extern "C" fn(libc::clockid_t, *mut libc::timespec) -> libc::c_int;
fn clock(th: &mut Thread, v: Value, f: ClockFn) -> R<i128> {
    if !int::is_int_like(v) {
        let got = class_name(v);
        return Err(th.type_error(format!("clk_id should be integer, not {got}")));
    }
    let id = int::arg_i32(th, v)?;
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is valid; an unknown id gives an error.
    if unsafe { f(id, &mut t) } != 0 {
        return Err(os_error(th, libc::EINVAL));
    }
    Ok(t.tv_sec as i128 * 1_000_000_000 + t.tv_nsec as i128)
}

fn sleep(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let secs = if th.py3() {
        match float::to_f64(v) {
            Some(f) if f.is_nan() => return Err(th.value_error("Invalid value NaN (not a number)")),
            Some(f) => f,
            None => {
                let i = int::index(th, v)?;
                int::num(i).map_or(0.0, |n| n.f64())
            }
        }
    } else {
        float::as_f64(th, v)?
    };
    if secs < 0.0 {
        return Err(if th.py3() { th.value_error("sleep length must be non-negative") } else { os_error(th, libc::EINVAL) });
    }
    if th.py3() && secs >= 9.2e9 {
        return Err(th.overflow_error("timestamp too large to convert to C PyTime_t"));
    }
    if !(secs < 9.2e18) {
        return Err(os_error(th, libc::EINVAL));
    }
    let deadline = (now(libc::CLOCK_MONOTONIC) + (secs * 1e9).ceil() as i128).min((libc::time_t::MAX as i128 / 2) * 1_000_000_000);
    // In an atomic block others may have to go first: it sleeps in short pieces.
    while th.may_abort() {
        th.poll()?;
        match deadline - now(libc::CLOCK_MONOTONIC) {
            left if left <= 0 => return Ok(Value::NONE),
            left => std::thread::sleep(std::time::Duration::from_nanos(left.min(500_000) as u64)),
        }
    }
    let t = libc::timespec { tv_sec: (deadline / 1_000_000_000) as libc::time_t, tv_nsec: (deadline % 1_000_000_000) as libc::c_long };
    // What arrived already shall not wait for the end.
    txpy_vm::runtime::poll(th)?;
    loop {
        // SAFETY: the pointer is valid for the call.
        let r = th.blocking(|| unsafe { libc::clock_nanosleep(libc::CLOCK_MONOTONIC, libc::TIMER_ABSTIME, &t, std::ptr::null_mut()) });
        // A signal's handler runs here; without an exception the rest of the time is slept.
        txpy_vm::runtime::poll(th)?;
        if r != libc::EINTR {
            return Ok(Value::NONE);
        }
    }
}

fn clock_info(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_text(a.get(0)) {
        let got = class_name(a.get(0));
        return Err(th.type_error(format!("get_clock_info() argument 1 must be str, not {got}")));
    }
    let (id, label, adjustable) = match text::lossy(a.get(0)).as_ref() {
        "time" => (libc::CLOCK_REALTIME, "CLOCK_REALTIME", true),
        "monotonic" | "perf_counter" => (libc::CLOCK_MONOTONIC, "CLOCK_MONOTONIC", false),
        "process_time" => (libc::CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID", false),
        "thread_time" => (libc::CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID", false),
        _ => return Err(th.value_error("unknown clock")),
    };
    let resolution = clock(th, Value::int(id as i64), libc::clock_getres)?;
    let resolution = seconds(th, resolution)?;
    let implementation = th.native_str(&format!("clock_gettime({label})"))?;
    let types = txpy_vm::import::import_name(th, "types")?;
    let namespace = attr::get_str(th, types, "SimpleNamespace")?;
    th.call_kw(namespace, &[], &[("implementation", implementation), ("monotonic", Value::from_bool(!adjustable)), ("adjustable", Value::from_bool(adjustable)), ("resolution", resolution)])
}
