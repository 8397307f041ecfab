//! `pwd` and `grp`: users and groups.

use crate::struct_seq;
use crate::structseq;
use crate::support::{self, fs_str};
use std::ffi::{CStr, CString};
use txpy_vm::exceptions::KEY_ERROR;
use txpy_vm::object;
use txpy_vm::types::{int as ints, list};
use txpy_vm::{Args, ModuleDef, NativeDef, R, Thread, Value, natives};

pub static MODULE: ModuleDef = ModuleDef { name: "pwd", doc: "Users.", functions: FUNCTIONS, ..ModuleDef::DEFAULT };
pub static GROUPS: ModuleDef = ModuleDef { name: "grp", doc: "Groups.", functions: GROUP_FUNCTIONS, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "getpwuid(uid, /)" = getpwuid, "The entry of a user number.";
    "getpwnam(name, /)" = getpwnam, "The entry of a user name.";
    "getpwall()" = getpwall, "All entries.";
};
static GROUP_FUNCTIONS: &[NativeDef] = natives! {
    "getgrgid(id)" = getgrgid, "The entry of a group number.";
    "getgrnam(name)" = getgrnam, "The entry of a group name.";
};
struct_seq! { pub static PASSWD: "pwd", "struct_passwd", "A user." { "pw_name" 0, "pw_passwd" 1, "pw_uid" 2, "pw_gid" 3, "pw_gecos" 4, "pw_dir" 5, "pw_shell" 6 } }
struct_seq! { pub static GROUP: "grp", "struct_group", "A group." { "gr_name" 0, "gr_passwd" 1, "gr_gid" 2, "gr_mem" 3 } }

/// Texts of an entry, copied out of the system's memory.
struct User {
    texts: [Vec<u8>; 5],
    uid: u32,
    gid: u32,
}
/// # Safety
/// `p` is null or ends with a zero.
unsafe fn bytes(p: *const libc::c_char) -> Vec<u8> {
    // SAFETY: the caller's.
    if p.is_null() { Vec::new() } else { unsafe { CStr::from_ptr(p) }.to_bytes().to_vec() }
}
fn copy(p: &libc::passwd) -> User {
    // SAFETY: texts that end with zero, as the call left them.
    unsafe { User { texts: [bytes(p.pw_name), bytes(p.pw_passwd), bytes(p.pw_gecos), bytes(p.pw_dir), bytes(p.pw_shell)], uid: p.pw_uid, gid: p.pw_gid } }
}
fn look_up(f: impl Fn(*mut libc::passwd, *mut libc::c_char, usize, *mut *mut libc::passwd) -> i32) -> Option<User> {
    let mut buf = vec![0u8; 16 << 10];
    // SAFETY: the call fills in struct and buffer.
    unsafe {
        let mut p: libc::passwd = std::mem::zeroed();
        let mut r = std::ptr::null_mut();
        f(&mut p, buf.as_mut_ptr().cast(), buf.len(), &mut r);
        if r.is_null() { None } else { Some(copy(&p)) }
    }
}
fn entry(th: &mut Thread, u: &User) -> R<Value> {
    let mut t = [Value::NONE; 5];
    for (to, b) in t.iter_mut().zip(&u.texts) {
        *to = fs_str(th, b)?;
    }
    structseq::new(th, &PASSWD, &[t[0], t[1], Value::int(u.uid as i64), Value::int(u.gid as i64), t[2], t[3], t[4]], &[])
}
fn getpwuid(th: &mut Thread, a: Args) -> R<Value> {
    let uid = ints::arg_i64(th, a.get(0))?;
    // SAFETY: see `look_up`.
    let found = u32::try_from(uid).ok().and_then(|uid| th.blocking(|| look_up(|p, b, n, r| unsafe { libc::getpwuid_r(uid, p, b, n, r) })));
    match found {
        Some(u) => entry(th, &u),
        None => Err(th.raise(&KEY_ERROR, format!("getpwuid(): uid not found: {uid}"))),
    }
}
fn getpwnam(th: &mut Thread, a: Args) -> R<Value> {
    let name = support::str_arg(th, a.get(0), "getpwnam", "1")?;
    let c = CString::new(name.as_str()).unwrap_or_default();
    // SAFETY: see `look_up`.
    match th.blocking(|| look_up(|p, b, n, r| unsafe { libc::getpwnam_r(c.as_ptr(), p, b, n, r) })) {
        Some(u) => entry(th, &u),
        None => {
            let r = object::repr_text(th, a.get(0))?;
            Err(th.raise(&KEY_ERROR, format!("getpwnam(): name not found: {}", if th.py3() { r } else { name })))
        }
    }
}
fn getpwall(th: &mut Thread, _: Args) -> R<Value> {
    let all = th.stopped(|_| {
        let mut out = Vec::new();
        // SAFETY: the iteration is the process's; nobody else runs natives now.
        unsafe {
            libc::setpwent();
            loop {
                let p = libc::getpwent();
                if p.is_null() {
                    break;
                }
                out.push(copy(&*p));
            }
            libc::endpwent();
        }
        out
    });
    let l = list::with_capacity(th, all.len())?;
    for u in &all {
        let e = entry(th, u)?;
        list::append(th, l, e)?;
    }
    Ok(l.value())
}

type GroupCall<'a> = &'a dyn Fn(*mut libc::group, *mut libc::c_char, usize, *mut *mut libc::group) -> i32;
fn group(f: GroupCall) -> Option<(Vec<u8>, Vec<u8>, u32, Vec<Vec<u8>>)> {
    let mut buf = vec![0u8; 64 << 10];
    // SAFETY: the call fills in struct and buffer; the members end with null.
    unsafe {
        let mut g: libc::group = std::mem::zeroed();
        let mut r = std::ptr::null_mut();
        f(&mut g, buf.as_mut_ptr().cast(), buf.len(), &mut r);
        if r.is_null() {
            return None;
        }
        let mut members = Vec::new();
        let mut m = g.gr_mem;
        while !(*m).is_null() {
            members.push(bytes(*m));
            m = m.add(1);
        }
        Some((bytes(g.gr_name), bytes(g.gr_passwd), g.gr_gid, members))
    }
}
fn group_entry(th: &mut Thread, g: (Vec<u8>, Vec<u8>, u32, Vec<Vec<u8>>)) -> R<Value> {
    let (name, passwd) = (fs_str(th, &g.0)?, fs_str(th, &g.1)?);
    let l = list::with_capacity(th, g.3.len())?;
    for m in &g.3 {
        let v = fs_str(th, m)?;
        list::append(th, l, v)?;
    }
    structseq::new(th, &GROUP, &[name, passwd, Value::int(g.2 as i64), l.value()], &[])
}
fn getgrgid(th: &mut Thread, a: Args) -> R<Value> {
    let gid = ints::arg_i64(th, a.get(0))?;
    // SAFETY: see `group`.
    match u32::try_from(gid).ok().and_then(|gid| group(&|g, b, n, r| unsafe { libc::getgrgid_r(gid, g, b, n, r) })) {
        Some(g) => group_entry(th, g),
        None => Err(th.raise(&KEY_ERROR, format!("getgrgid(): gid not found: {gid}"))),
    }
}
fn getgrnam(th: &mut Thread, a: Args) -> R<Value> {
    let name = support::str_arg(th, a.get(0), "getgrnam", "1")?;
    let c = CString::new(name.as_str()).unwrap_or_default();
    // SAFETY: see `group`.
    match group(&|g, b, n, r| unsafe { libc::getgrnam_r(c.as_ptr(), g, b, n, r) }) {
        Some(g) => group_entry(th, g),
        None => Err(th.raise(&KEY_ERROR, format!("getgrnam(): name not found: '{name}'"))),
    }
}
