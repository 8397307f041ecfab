//! `_kdf`: keys from passwords, for `hashlib`: what arguments CPython and OpenSSL take, around the crates `pbkdf2` and `scrypt`. They work outside of the
//! heap, as they may take long.

use crate::api::*;
use crate::hashes::Algo;

pub static MODULE: ModuleDef = ModuleDef { name: "_kdf", doc: "Keys from passwords.", functions: FUNCTIONS, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)" = pbkdf2_hmac, "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.";
    "scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64)" = scrypt, "scrypt password-based key derivation function.";
};
const MOST: i64 = i32::MAX as i64;

/// An integer argument as C's long.
fn long_arg(th: &mut Thread, v: Value) -> R<i64> {
    let v = int::index(th, v)?;
    int::to_i64(v).ok_or_else(|| th.overflow_error("Python int too large to convert to C long"))
}
fn pbkdf2_hmac(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_string(th, a.get(0)) {
        let got = class_name(a.get(0));
        return Err(th.type_error(format!("pbkdf2_hmac() argument 'hash_name' must be str, not {got}")));
    }
    let name = text::lossy(a.get(0)).into_owned();
    let (password, salt) = (byte_string(th, a.get(1))?, byte_string(th, a.get(2))?);
    let rounds = long_arg(th, a.get(3))?;
    let Some(algo) = Algo::named(&name) else {
        return Err(th.value_error("[digital envelope routines] unsupported"));
    };
    if rounds < 1 {
        return Err(th.value_error("iteration value must be greater than 0."));
    }
    if rounds > MOST {
        return Err(th.overflow_error("iteration value is too great."));
    }
    let size = match a.some(4) {
        Some(v) => long_arg(th, v)?,
        None => algo.size(),
    };
    if size < 1 {
        return Err(th.value_error("key length must be greater than 0."));
    }
    if size > MOST {
        return Err(th.overflow_error("key length is too great."));
    }
    let (password, salt) = (text::bytes_of(password).unwrap_or(&[]), text::bytes_of(salt).unwrap_or(&[]));
    let mut key = zeros(th, size)?;
    th.blocking(|| algo.pbkdf2(password, salt, rounds as u32, &mut key));
    th.new_bytes(&key)
}
fn zeros(th: &mut Thread, size: i64) -> R<Vec<u8>> {
    let mut out = room(th, size as usize)?;
    out.resize(size as usize, 0);
    Ok(out)
}

// ---- scrypt

/// A cost parameter; None for what is missing or no unsigned long.
fn cost(th: &mut Thread, v: Value, name: &str) -> R<u64> {
    if !v.is_unset() && !v.is_none() && !int::is_int_like(v) {
        let got = class_name(v);
        return Err(th.type_error(format!("scrypt() argument '{name}' must be int, not {got}")));
    }
    match int::to_bigint(v).and_then(|n| u64::try_from(n).ok()).filter(|_| int::is_int_like(v)) {
        Some(n) => Ok(n),
        None => Err(th.type_error(format!("{name} is required and must be an unsigned int"))),
    }
}
fn scrypt(th: &mut Thread, a: Args) -> R<Value> {
    let password = byte_string(th, a.get(0))?;
    let Some(salt) = a.some(1) else { return Err(th.type_error("salt is required")) };
    let salt = byte_string(th, salt)?;
    let n = cost(th, a.get(2), "n")?;
    if n < 2 || !n.is_power_of_two() {
        return Err(th.value_error("n must be a power of 2."));
    }
    let (r, p) = (cost(th, a.get(3), "r")?, cost(th, a.get(4), "p")?);
    let most = a.opt(5).map_or(Ok(0), |v| long_arg(th, v))?;
    if !(0..=MOST).contains(&most) {
        return Err(th.value_error("maxmem must be positive and smaller than 2147483647"));
    }
    let size = a.opt(6).map_or(Ok(64), |v| long_arg(th, v))?;
    if !(1..=MOST).contains(&size) {
        return Err(th.value_error("dklen must be greater than 0 and smaller than 2147483647"));
    }
    if r == 0 || p == 0 {
        return Err(th.value_error("Invalid parameter combination for n, r, p, maxmem."));
    }
    let (Ok(r32), Ok(p32)) = (u32::try_from(r), u32::try_from(p)) else {
        return Err(th.value_error("[digital envelope routines] parameter too large"));
    };
    // What OpenSSL counts: p blocks, n + 2 blocks to mix them, within 32 MiB unless told.
    let most = if most == 0 { 32 << 20 } else { most as u64 };
    let block = r.checked_mul(128);
    let needed = block.and_then(|b| b.checked_mul(p.checked_add(n)?.checked_add(2)?));
    // RFC 7914: n is less than 2 to the power of 16 r.
    let steep = r < 4 && n >= 1 << (16 * r);
    let params = if steep || r * p >= 1 << 30 { None } else { scrypt::Params::new(n.trailing_zeros() as u8, r32, p32).ok() };
    let (Some(needed), Some(params)) = (needed.filter(|k| *k <= most), params) else {
        return Err(th.value_error("[digital envelope routines] memory limit exceeded"));
    };
    // The crate takes this memory and no less, and would end the process without it.
    room(th, needed as usize)?;
    let (password, salt) = (text::bytes_of(password).unwrap_or(&[]), text::bytes_of(salt).unwrap_or(&[]));
    let mut key = zeros(th, size)?;
    if th.blocking(|| scrypt::scrypt(password, salt, &params, &mut key)).is_err() {
        return Err(th.value_error("dklen must be greater than 0 and smaller than 2147483647"));
    }
    th.new_bytes(&key)
}
