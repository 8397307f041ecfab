//! `_locale`: the C library's locale.

use crate::api::*;
use crate::support::{self, c_constants};
use std::ffi::{CStr, CString};
use std::sync::Mutex;

crate::exception! { ERROR, "locale" "Error", &txpy_vm::exceptions::EXCEPTION, "A locale that the system does not have." }

pub static MODULE: ModuleDef = ModuleDef { name: "_locale", doc: "Support for POSIX locales.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "setlocale(category, locale=None, /)" = setlocale, "Activates/queries locale processing.";
    "localeconv()" = localeconv, "Returns numeric and monetary locale-specific parameters.";
    "strcoll(os1, os2, /)" = strcoll, "Compares two strings according to the locale.";
    "strxfrm(string, /)" = strxfrm, "Return a string that can be used as a key for locale-aware comparisons.";
    "nl_langinfo(key, /)" = langinfo, "Return the value for the locale information associated with key.";
    #[py3] "getencoding()" = |th, _| th.native_str("utf-8"), "Get the current locale encoding.";
    "gettext(msg, /)" = |th, a| untranslated(th, a, "gettext", &[false]), "gettext(msg) -> string: Return translation of msg.";
    "dgettext(domain, msg, /)" = |th, a| untranslated(th, a, "dgettext", &[true, false]), "dgettext(domain, msg) -> string: Return translation of msg in domain.";
    "dcgettext(domain, msg, category, /)" = |th, a| { int::arg_i32(th, a.get(2))?; untranslated(th, a, "dcgettext", &[true, false]) }, "Return translation of msg in domain and category.";
    "textdomain(domain, /)" = textdomain, "Set the C library's textdmain to domain, returning the new domain.";
    "bindtextdomain(domain, dir, /)" = |th, a| untranslated(th, a, "bindtextdomain", &[false, true]), "Bind the C library's domain to dir.";
    #[py3] "bind_textdomain_codeset(domain, codeset, /)" = |th, a| untranslated(th, a, "bind_textdomain_codeset", &[false, true]), "Bind the C library's domain to codeset.";
};
const CONSTANTS: &[(&str, i64)] = c_constants! {
    LC_CTYPE LC_TIME LC_COLLATE LC_MONETARY LC_NUMERIC LC_MESSAGES LC_ALL
    DAY_1 DAY_2 DAY_3 DAY_4 DAY_5 DAY_6 DAY_7 ABDAY_1 ABDAY_2 ABDAY_3 ABDAY_4 ABDAY_5 ABDAY_6 ABDAY_7
    MON_1 MON_2 MON_3 MON_4 MON_5 MON_6 MON_7 MON_8 MON_9 MON_10 MON_11 MON_12
    ABMON_1 ABMON_2 ABMON_3 ABMON_4 ABMON_5 ABMON_6 ABMON_7 ABMON_8 ABMON_9 ABMON_10 ABMON_11 ABMON_12
    RADIXCHAR THOUSEP CRNCYSTR D_FMT D_T_FMT T_FMT T_FMT_AMPM AM_STR PM_STR CODESET YESEXPR NOEXPR ERA ERA_D_FMT ERA_D_T_FMT ERA_T_FMT ALT_DIGITS
};
/// The C library's locale is the process's; what it returns lies in memory that the next call overwrites.
static LOCK: Mutex<()> = Mutex::new(());

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let e = type_::make_native(th, &ERROR)?;
    module::set(th, m, "Error", e.value())?;
    support::constants(th, m, &[("CHAR_MAX", libc::c_char::MAX as i64)])?;
    support::constants(th, m, CONSTANTS)
}
fn c_text(th: &mut Thread, v: Value) -> R<CString> {
    let b = support::fs_encode(text::bytes_of(v).unwrap_or(&[]));
    support::c_text(th, b)
}
/// A copy of a text of the C library.
///
/// # Safety
/// `p` is null or ends with a zero.
unsafe fn copied(p: *const libc::c_char) -> Option<Vec<u8>> { if p.is_null() { None } else { Some(unsafe { CStr::from_ptr(p) }.to_bytes().to_vec()) } }

fn setlocale(th: &mut Thread, a: Args) -> R<Value> {
    let category = int::arg_i32(th, a.get(0))?;
    let locale = match a.some(1) {
        Some(v) if text::is_string(th, v) => Some(c_text(th, v)?),
        Some(v) => {
            let got = class_name(v);
            return Err(th.type_error(if th.py3() { format!("setlocale() argument 2 must be str or None, not {got}") } else { format!("setlocale() argument 2 must be string or None, not {got}") }));
        }
        None => None,
    };
    let r = {
        let _lock = LOCK.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: the result is copied under the lock. Our own conversions do not look at the locale.
        unsafe { copied(libc::setlocale(category, locale.as_ref().map_or(std::ptr::null(), |l| l.as_ptr()))) }
    };
    match r {
        Some(b) => support::fs_str(th, &b),
        None => Err(th.raise(&ERROR, if locale.is_some() { "unsupported locale setting" } else { "locale query failed" })),
    }
}
fn localeconv(th: &mut Thread, _: Args) -> R<Value> {
    let (texts, groups, chars) = {
        let _lock = LOCK.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: the structure is valid until the next call and copied under the lock.
        unsafe {
            let l = &*libc::localeconv();
            let t = |p: *mut libc::c_char| copied(p).unwrap_or_default();
            let texts = [
                ("decimal_point", t(l.decimal_point)), ("thousands_sep", t(l.thousands_sep)), ("int_curr_symbol", t(l.int_curr_symbol)), ("currency_symbol", t(l.currency_symbol)),
                ("mon_decimal_point", t(l.mon_decimal_point)), ("mon_thousands_sep", t(l.mon_thousands_sep)), ("positive_sign", t(l.positive_sign)), ("negative_sign", t(l.negative_sign)),
            ];
            let groups = [("grouping", t(l.grouping)), ("mon_grouping", t(l.mon_grouping))];
            let chars = [
                ("int_frac_digits", l.int_frac_digits), ("frac_digits", l.frac_digits), ("p_cs_precedes", l.p_cs_precedes), ("p_sep_by_space", l.p_sep_by_space), ("n_cs_precedes", l.n_cs_precedes),
                ("n_sep_by_space", l.n_sep_by_space), ("p_sign_posn", l.p_sign_posn), ("n_sign_posn", l.n_sign_posn),
            ];
            (texts, groups, chars)
        }
    };
    let d = dict::new(th)?;
    for (name, b) in texts {
        let v = support::fs_str(th, &b)?;
        dict::set_str(th, d, name, v)?;
    }
    for (name, b) in groups {
        let l = list::with_capacity(th, b.len())?;
        // The list ends with 0, or with CHAR_MAX: no more grouping.
        let mut open = true;
        for c in &b {
            list::append(th, l, Value::int(i64::from(*c as libc::c_char)))?;
            open = *c as libc::c_char != libc::c_char::MAX;
        }
        if !b.is_empty() && open {
            list::append(th, l, Value::int(0))?;
        }
        dict::set_str(th, d, name, l.value())?;
    }
    for (name, c) in chars {
        dict::set_str(th, d, name, Value::int(c.into()))?;
    }
    Ok(d.value())
}
fn text_arg(th: &mut Thread, v: Value, func: &str, n: &str) -> R<CString> {
    if text::is_string(th, v) {
        return c_text(th, v);
    }
    let got = class_name(v);
    let want = if th.py3() { "str" } else { "string" };
    Err(th.type_error(format!("{func}() argument{n} must be {want}, not {got}")))
}
fn strcoll(th: &mut Thread, a: Args) -> R<Value> {
    let x = text_arg(th, a.get(0), "strcoll", " 1")?;
    let y = text_arg(th, a.get(1), "strcoll", " 2")?;
    // SAFETY: both end with a zero.
    Ok(Value::int(unsafe { libc::strcoll(x.as_ptr(), y.as_ptr()) }.into()))
}
fn strxfrm(th: &mut Thread, a: Args) -> R<Value> {
    let s = text_arg(th, a.get(0), "strxfrm", "")?;
    // SAFETY: a length of 0 writes nothing; the second call gets the room that the first asked for.
    unsafe {
        let n = libc::strxfrm(std::ptr::null_mut(), s.as_ptr(), 0);
        let mut buf: Vec<u8> = Vec::new();
        if n == usize::MAX || buf.try_reserve_exact(n + 1).is_err() {
            return Err(th.memory_error());
        }
        buf.resize(n + 1, 0);
        let m = libc::strxfrm(buf.as_mut_ptr().cast(), s.as_ptr(), n + 1);
        buf.truncate(m.min(n));
        support::fs_str(th, &buf)
    }
}
fn langinfo(th: &mut Thread, a: Args) -> R<Value> {
    let key = int::arg_i32(th, a.get(0))?;
    if !CONSTANTS.iter().skip(7).any(|c| c.1 == key as i64) {
        return Err(th.value_error("unsupported langinfo constant"));
    }
    let b = {
        let _lock = LOCK.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: a known item; the text is copied under the lock.
        unsafe { copied(libc::nl_langinfo(key)) }
    };
    support::fs_str(th, &b.unwrap_or_default())
}
fn textdomain(th: &mut Thread, a: Args) -> R<Value> {
    let v = untranslated(th, a, "textdomain", &[true])?;
    if v.is_none() { th.native_str("messages") } else { Ok(v) }
}
/// The last of the texts, which no catalogue translates. Each is a string, or None where `optional` says so.
fn untranslated(th: &mut Thread, a: Args, name: &str, optional: &[bool]) -> R<Value> {
    let count = optional.len();
    for (i, optional) in optional.iter().enumerate() {
        let v = a.get(i);
        if !text::is_string(th, v) && !(*optional && v.is_none()) {
            let (wanted, or_none, got) = (if th.py3() { "str" } else { "string" }, if *optional { " or None" } else { "" }, class_name(v));
            let which = if count == 1 { "argument".to_string() } else { format!("argument {}", i + 1) };
            return Err(th.type_error(format!("{name}() {which} must be {wanted}{or_none}, not {got}")));
        }
    }
    Ok(a.get(count - 1))
}
