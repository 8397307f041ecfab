//! `time`: struct_time, conversion between seconds, tuples and text.

use crate::api::*;
use crate::{struct_seq, structseq};
use crate::time::now;

struct_seq! {
    pub static STRUCT_TIME: "time", "struct_time", "A time as gmtime(), localtime() and strptime() return it, and asctime(), mktime() and strftime() take it: a sequence of 9 integers." {
        "tm_year" 0, "tm_mon" 1, "tm_mday" 2, "tm_hour" 3, "tm_min" 4, "tm_sec" 5, "tm_wday" 6, "tm_yday" 7, "tm_isdst" 8,
    }
}

// SAFETY: reads TZ and sets the C library's zone.
unsafe extern "C" {
    #[link_name = "tzset"]
    safe fn c_tzset();
}
pub fn tzset() { c_tzset() }

fn empty() -> libc::tm {
    // SAFETY: plain data, null zone.
    unsafe { std::mem::zeroed() }
}
fn local(t: i64) -> Option<libc::tm> {
    let mut out = empty();
    let t = t as libc::time_t;
    // SAFETY: pointers to locals.
    if unsafe { libc::localtime_r(&t, &mut out) }.is_null() { None } else { Some(out) }
}
fn utc(t: i64) -> Option<libc::tm> {
    let mut out = empty();
    let t = t as libc::time_t;
    // SAFETY: pointers to locals.
    if unsafe { libc::gmtime_r(&t, &mut out) }.is_null() { None } else { Some(out) }
}
fn zone_of(t: &libc::tm) -> String {
    if t.tm_zone.is_null() {
        return String::new();
    }
    // SAFETY: the C library's zone names are static strings.
    unsafe { std::ffi::CStr::from_ptr(t.tm_zone) }.to_string_lossy().into_owned()
}

/// `tzname`, `timezone`, `altzone` and `daylight` of the module.
pub fn zones(th: &mut Thread, m: Value) -> R<()> {
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let year = now(libc::CLOCK_REALTIME) as i64 / 1_000_000_000 / YEAR * YEAR;
    let (jan, jul) = (local(year).unwrap_or_else(empty), local(year + YEAR / 2).unwrap_or_else(empty));
    let (jz, lz) = (-jan.tm_gmtoff, -jul.tm_gmtoff);
    // Summer time has the smaller distance west.
    let (std, dst) = if jz < lz { ((lz, zone_of(&jul)), (jz, zone_of(&jan))) } else { ((jz, zone_of(&jan)), (lz, zone_of(&jul))) };
    attr::set_str(th, m, "timezone", Value::int(std.0))?;
    attr::set_str(th, m, "altzone", Value::int(dst.0))?;
    attr::set_str(th, m, "daylight", Value::int((jz != lz) as i64))?;
    let (a, b) = (th.native_str(&std.1)?, th.native_str(&dst.1)?);
    let names = th.new_tuple(&[a, b])?;
    attr::set_str(th, m, "tzname", names)
}

/// Seconds from an argument: None for now.
fn argument(th: &mut Thread, a: Args) -> R<i64> {
    let Some(v) = a.some(0) else { return Ok((now(libc::CLOCK_REALTIME).div_euclid(1_000_000_000)) as i64) };
    let f = if th.py3() {
        match float::to_f64(v) {
            Some(f) if f.is_nan() => return Err(th.value_error("Invalid value NaN (not a number)")),
            Some(f) => f.floor(),
            None => {
                let i = int::index(th, v)?;
                return match int::to_i64(i) {
                    Some(i) => Ok(i),
                    None => Err(th.overflow_error("timestamp out of range for platform time_t")),
                };
            }
        }
    } else {
        float::as_f64(th, v)?.trunc()
    };
    if !(f.abs() < 9.3e18) {
        let msg = "timestamp out of range for platform time_t";
        return Err(if th.py3() { th.overflow_error(msg) } else { th.value_error(msg) });
    }
    Ok(f as i64)
}
fn too_large(th: &mut Thread) -> Unwind {
    if th.py3() {
        return crate::time::os_error(th, libc::EOVERFLOW);
    }
    match th.native_str("Value too large for defined data type") {
        Ok(s) => th.raise_with(&VALUE_ERROR, &[Value::int(libc::EOVERFLOW as i64), s]),
        Err(e) => e,
    }
}

fn to_struct(th: &mut Thread, t: &libc::tm) -> R<Value> {
    let numbers = [t.tm_year as i64 + 1900, t.tm_mon as i64 + 1, t.tm_mday as i64, t.tm_hour as i64, t.tm_min as i64, t.tm_sec as i64, (t.tm_wday as i64 + 6) % 7, t.tm_yday as i64 + 1, t.tm_isdst as i64];
    let mut fields = [Value::NONE; 9];
    for (f, n) in fields.iter_mut().zip(numbers) {
        *f = Value::int(n);
    }
    if !th.py3() {
        return structseq::new(th, &STRUCT_TIME, &fields, &[]);
    }
    let zone = th.native_str(&zone_of(t))?;
    structseq::new(th, &STRUCT_TIME, &fields, &[("tm_zone", zone), ("tm_gmtoff", Value::int(t.tm_gmtoff))])
}
pub fn gmtime(th: &mut Thread, a: Args) -> R<Value> {
    let t = argument(th, a)?;
    match utc(t) {
        Some(t) => to_struct(th, &t),
        None => Err(too_large(th)),
    }
}
pub fn localtime(th: &mut Thread, a: Args) -> R<Value> {
    let t = argument(th, a)?;
    match local(t) {
        Some(t) => to_struct(th, &t),
        None => Err(too_large(th)),
    }
}

/// The C form of a time tuple.
fn from_tuple(th: &mut Thread, v: Value, who: &str) -> R<libc::tm> {
    let Some(items) = tuple::items(v) else {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { "Tuple or struct_time argument required".to_string() } else { format!("argument must be 9-item sequence, not {got}") }));
    };
    if items.len() != 9 {
        return Err(th.type_error(if th.py3() { format!("{who}(): illegal time tuple argument") } else { format!("argument must be sequence of length 9, not {}", items.len()) }));
    }
    let mut n = [0i32; 9];
    for (n, v) in n.iter_mut().zip(items) {
        let i = int::arg_i64(th, *v)?;
        *n = match i32::try_from(i) {
            Ok(i) => i,
            Err(_) => return Err(th.overflow_error(if i > 0 { "signed integer is greater than maximum" } else { "signed integer is less than minimum" })),
        };
    }
    let mut t = empty();
    let mut year = n[0] as i64;
    if !th.py3() && year < 1900 {
        // Two-digit years as POSIX reads them.
        if (69..=99).contains(&year) {
            year += 1900
        } else if (0..=68).contains(&year) {
            year += 2000
        } else {
            return Err(th.value_error("year out of range"));
        }
    }
    let Ok(y) = i32::try_from(year - 1900) else { return Err(th.overflow_error("year out of range")) };
    t.tm_year = y;
    t.tm_mon = n[1].wrapping_sub(1);
    (t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec) = (n[2], n[3], n[4], n[5]);
    t.tm_wday = (n[6].wrapping_add(1)) % 7;
    t.tm_yday = n[7].wrapping_sub(1);
    t.tm_isdst = n[8];
    Ok(t)
}
/// ValueError for what asctime and strftime can't show. Zeroes count as the first month and day.
fn check(th: &mut Thread, t: &mut libc::tm) -> R<()> {
    if t.tm_mon == -1 {
        t.tm_mon = 0;
    }
    if t.tm_mday == 0 {
        t.tm_mday = 1;
    }
    if t.tm_yday == -1 {
        t.tm_yday = 0;
    }
    let bad = [
        (!(0..=11).contains(&t.tm_mon), "month out of range"),
        (!(0..=31).contains(&t.tm_mday), "day of month out of range"),
        (!(0..=23).contains(&t.tm_hour), "hour out of range"),
        (!(0..=59).contains(&t.tm_min), "minute out of range"),
        (!(0..=61).contains(&t.tm_sec), "seconds out of range"),
        (t.tm_wday < 0, "day of week out of range"),
        (!(0..=365).contains(&t.tm_yday), "day of year out of range"),
    ];
    match bad.iter().find(|b| b.0) {
        Some((_, msg)) => Err(th.value_error(msg)),
        None => Ok(()),
    }
}
const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
fn shown(th: &mut Thread, t: &libc::tm) -> R<Value> {
    let day = DAYS[t.tm_wday.rem_euclid(7) as usize];
    let month = MONTHS[t.tm_mon.clamp(0, 11) as usize];
    let s = format!("{day} {month}{:3} {:02}:{:02}:{:02} {}", t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec, t.tm_year as i64 + 1900);
    th.native_str(&s)
}
fn given_or_now(th: &mut Thread, v: Option<Value>, who: &str) -> R<libc::tm> {
    match v {
        Some(v) => {
            let mut t = from_tuple(th, v, who)?;
            check(th, &mut t)?;
            Ok(t)
        }
        None => Ok(local((now(libc::CLOCK_REALTIME) / 1_000_000_000) as i64).unwrap_or_else(empty)),
    }
}
pub fn asctime(th: &mut Thread, a: Args) -> R<Value> {
    let t = given_or_now(th, a.opt(0), "asctime")?;
    shown(th, &t)
}
pub fn ctime(th: &mut Thread, a: Args) -> R<Value> {
    let t = argument(th, a)?;
    match local(t) {
        Some(t) => shown(th, &t),
        None => Err(too_large(th)),
    }
}
pub fn mktime(th: &mut Thread, a: Args) -> R<Value> {
    let mut t = from_tuple(th, a.get(0), "mktime")?;
    // The C library leaves the weekday alone exactly when it fails.
    t.tm_wday = -1;
    // SAFETY: a pointer to a local.
    let r = unsafe { libc::mktime(&mut t) };
    if r == -1 && t.tm_wday == -1 {
        return Err(th.overflow_error("mktime argument out of range"));
    }
    float::new(th, r as f64)
}

pub fn strftime(th: &mut Thread, a: Args) -> R<Value> {
    let f = a.get(0);
    if if th.py3() { !text::is_text(f) } else { !text::is_string(th, f) } {
        let got = class_name(f);
        return Err(th.type_error(format!("strftime() argument 1 must be {}, not {got}", if th.py3() { "str" } else { "string" })));
    }
    if !th.py3() && text::is_text(f) {
        txpy_vm::types::codec::check_ascii(th, f)?;
    }
    let mut t = given_or_now(th, a.opt(1), "strftime")?;
    let zone;
    if let Some(v) = a.opt(1) {
        if !th.py3() || !STRUCT_TIME.is_exact(v) {
            t.tm_isdst = t.tm_isdst.clamp(-1, 1);
        } else if let Some(s) = attr::get_str_opt(th, v, "tm_zone")?.and_then(text::bytes_of) {
            zone = std::ffi::CString::new(s).unwrap_or_default();
            t.tm_zone = zone.as_ptr();
            t.tm_gmtoff = attr::get_str_opt(th, v, "tm_gmtoff")?.and_then(int::to_i64).unwrap_or(0);
        }
    }
    if t.tm_zone.is_null() && a.opt(1).is_some() {
        // The zone that these fields have.
        let mut copy = t;
        // SAFETY: a pointer to a local.
        unsafe { libc::mktime(&mut copy) };
        (t.tm_zone, t.tm_gmtoff) = (copy.tm_zone, copy.tm_gmtoff);
    }
    let format = text::bytes_of(f).unwrap_or(&[]);
    let Ok(c) = std::ffi::CString::new(format) else { return Err(th.value_error("embedded null character")) };
    let mut size = 1024;
    loop {
        let mut out: Vec<u8> = Vec::with_capacity(size);
        // SAFETY: the buffer has `size` bytes; at most that many are written, and their number comes back.
        let n = unsafe {
            let n = libc::strftime(out.as_mut_ptr().cast(), size, c.as_ptr(), &t);
            out.set_len(n);
            n
        };
        // 0 says that the room was too small, or that the result is empty.
        if n > 0 || size >= 256 * format.len().max(4) {
            return th.native_str_bytes(&out);
        }
        size *= 2;
    }
}
pub fn strptime(th: &mut Thread, a: Args) -> R<Value> {
    let m = txpy_vm::import::import_name(th, "_strptime")?;
    let f = attr::get_str(th, m, "_strptime_time")?;
    match a.opt(1) {
        Some(format) => th.call(f, &[a.get(0), format]),
        None => th.call(f, &[a.get(0)]),
    }
}
