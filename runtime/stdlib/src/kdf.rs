//! `_kdf`: keys from passwords, for `hashlib`: PBKDF2 (RFC 8018) and scrypt (RFC 7914), over the digests of `hashes`.

use crate::api::*;
use crate::hashes::Algo;

pub static MODULE: ModuleDef = ModuleDef { name: "_kdf", doc: "Keys from passwords.", functions: FUNCTIONS, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)" = pbkdf2_hmac, "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.";
    "scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64)" = scrypt, "scrypt password-based key derivation function.";
};
const MOST: i64 = i32::MAX as i64;

/// HMAC with a key: the digests in the states behind the padded key.
struct Mac {
    inner: Algo,
    outer: Algo,
}
impl Mac {
    fn new(algo: &Algo, key: &[u8]) -> Mac {
        let mut padded = vec![0; algo.block() as usize];
        if key.len() > padded.len() {
            let mut d = algo.clone();
            d.update(key);
            let short = d.digest();
            padded[..short.len()].copy_from_slice(&short);
        } else {
            padded[..key.len()].copy_from_slice(key);
        }
        let with = |x: u8| {
            let mut d = algo.clone();
            d.update(&padded.iter().map(|b| b ^ x).collect::<Vec<u8>>());
            d
        };
        Mac { inner: with(0x36), outer: with(0x5C) }
    }
    fn of(&self, parts: &[&[u8]]) -> Vec<u8> {
        let (mut inner, mut outer) = (self.inner.clone(), self.outer.clone());
        parts.iter().for_each(|p| inner.update(p));
        outer.update(&inner.digest());
        outer.digest()
    }
}
fn pbkdf2(th: &mut Thread, algo: &Algo, password: &[u8], salt: &[u8], rounds: u64, size: usize) -> R<Vec<u8>> {
    let mac = Mac::new(algo, password);
    let mut out = room(th, size)?;
    let mut number = 1u32;
    while out.len() < size {
        let mut last = mac.of(&[salt, &number.to_be_bytes()]);
        let mut mixed = last.clone();
        for round in 1..rounds {
            last = mac.of(&[&last]);
            mixed.iter_mut().zip(&last).for_each(|(m, l)| *m ^= l);
            if round % 1024 == 0 {
                th.poll()?;
            }
        }
        th.poll()?;
        let n = mixed.len().min(size - out.len());
        out.extend_from_slice(&mixed[..n]);
        number = number.wrapping_add(1);
    }
    Ok(out)
}

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
    let key = pbkdf2(th, &algo, password, salt, rounds as u64, size as usize)?;
    th.new_bytes(&key)
}

// ---- scrypt

/// 64 bytes as 16 words, mixed by eight rounds of Salsa20.
fn salsa(b: &mut [u32; 16]) {
    let mut x = *b;
    for _ in 0..4 {
        // Columns, then rows.
        for (step, turn) in [(4, [0, 5, 10, 15]), (1, [0, 5, 10, 15])] {
            for (line, start) in turn.into_iter().enumerate() {
                let at = |i: usize| if step == 4 { (start + 4 * i) % 16 } else { 4 * line + (start + i) % 4 };
                let [p, q, r, s] = [at(0), at(1), at(2), at(3)];
                x[q] ^= x[p].wrapping_add(x[s]).rotate_left(7);
                x[r] ^= x[q].wrapping_add(x[p]).rotate_left(9);
                x[s] ^= x[r].wrapping_add(x[q]).rotate_left(13);
                x[p] ^= x[s].wrapping_add(x[r]).rotate_left(18);
            }
        }
    }
    b.iter_mut().zip(x).for_each(|(b, x)| *b = b.wrapping_add(x));
}
/// Mixes the blocks of 16 words of `b`; `out` has its length.
fn mix_blocks(b: &[u32], out: &mut [u32]) {
    let n = b.len() / 16;
    let mut x: [u32; 16] = b[16 * (n - 1)..].try_into().expect("a block");
    for (i, block) in b.chunks_exact(16).enumerate() {
        x.iter_mut().zip(block).for_each(|(x, b)| *x ^= b);
        salsa(&mut x);
        // Even blocks first.
        let to = if i % 2 == 0 { i / 2 } else { n / 2 + i / 2 };
        out[16 * to..16 * to + 16].copy_from_slice(&x);
    }
}
/// Mixes a block of 32 * `r` words by way of `v`, which has room for `n` of them.
fn mix_memory(th: &mut Thread, b: &mut [u32], v: &mut [u32], n: usize) -> R<()> {
    let words = b.len();
    let mut spare = b.to_vec();
    for kept in v.chunks_exact_mut(words) {
        kept.copy_from_slice(b);
        mix_blocks(kept, b);
    }
    for i in 0..n {
        let j = b[words - 16] as usize & (n - 1);
        spare.iter_mut().zip(b.iter().zip(&v[words * j..words * (j + 1)])).for_each(|(s, (b, v))| *s = b ^ v);
        mix_blocks(&spare, b);
        if i % 256 == 0 {
            th.poll()?;
        }
    }
    Ok(())
}

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
    if r == 0 || p == 0 || p > (1 << 30) - 1 || r.checked_mul(p).is_none_or(|k| k > (1 << 30) - 1) && r < 1 << 30 {
        return Err(th.value_error("Invalid parameter combination for n, r, p, maxmem."));
    }
    // What OpenSSL counts: p blocks, n + 2 blocks to mix them, within 32 MiB unless told.
    let most = if most == 0 { 32 << 20 } else { most as u64 };
    let block = r.checked_mul(128);
    let needed = block.and_then(|b| b.checked_mul(p.checked_add(n)?.checked_add(2)?));
    // RFC 7914: n is less than 2 to the power of 16 r.
    let steep = r < 4 && n >= 1 << (16 * r);
    if steep || needed.is_none_or(|k| k > most) {
        return Err(th.value_error("[digital envelope routines] memory limit exceeded"));
    }
    let (n, r, p) = (n as usize, r as usize, p as usize);
    let algo = Algo::named("sha256").expect("a digest of the table");
    let (password, salt) = (text::bytes_of(password).unwrap_or(&[]), text::bytes_of(salt).unwrap_or(&[]));
    let blocks = pbkdf2(th, &algo, password, salt, 1, 128 * r * p)?;
    let mut words: Vec<u32> = blocks.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().expect("four bytes"))).collect();
    let mut v = Vec::new();
    if v.try_reserve_exact(32 * r * n).is_err() {
        return Err(th.memory_error());
    }
    v.resize(32 * r * n, 0u32);
    for b in words.chunks_exact_mut(32 * r) {
        mix_memory(th, b, &mut v, n)?;
    }
    let mixed: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    let key = pbkdf2(th, &algo, password, &mixed, 1, size as usize)?;
    th.new_bytes(&key)
}
