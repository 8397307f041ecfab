//! `_random`: the Mersenne twister MT19937 of Matsumoto and Nishimura, its streams bit for bit.

use crate::api::*;
use crate::kinds;
use num_bigint::{BigInt, BigUint, Sign};

const N: usize = 624;
const M: usize = 397;

object! {
    pub struct Random = kinds::RANDOM { pub index: usize, pub state: MtState }
}
/// The generator's words, plain data inside the object.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct MtState(pub [u32; N]);
impl txpy_heap::Trace for MtState {
    fn trace(&self, _: &mut txpy_heap::Tracer) {}
}

pub static MODULE: ModuleDef = ModuleDef { name: "_random", doc: "Module implements the Mersenne Twister random number generator.", types: &[&RANDOM], init: Some(init), ..ModuleDef::DEFAULT };
pub static RANDOM: TypeDef = TypeDef {
    name: "Random", module: "_random", kind: kinds::RANDOM, size: size_of::<Random>() as u16, flags: type_flag::BASE, methods: &[METHODS],
    doc: "Random() -> create a random number generator with its own internal state.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    #[alloc] "random(self, /)" = random, "random() -> x in the interval [0, 1).";
    "seed(self, n=None, /)" = |th, a| { seed(th, this(a.get(0)), a.or(1, Value::NONE))?; Ok(Value::NONE) }, "seed([n]) -> None.  Defaults to current time.";
    "getstate(self, /)" = getstate, "getstate() -> tuple containing the current state.";
    "setstate(self, state, /)" = setstate, "setstate(state) -> None.  Restores generator state.";
    "getrandbits(self, k, /)" = getrandbits, "getrandbits(k) -> x.  Generates an int with k random bits.";
    #[py2] "jumpahead(self, n, /)" = jumpahead, "jumpahead(int) -> None.  Create new state from existing state and integer.";
};

fn init(_: &mut Thread, _: Gc<Module>) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[Random::INFO]);
    Ok(())
}

impl Random {
    pub fn next_u32(&mut self) -> u32 {
        if self.index >= N {
            self.refill();
        }
        let mut y = self.state.0[self.index];
        self.index += 1;
        y ^= y >> 11;
        y ^= y << 7 & 0x9D2C_5680;
        y ^= y << 15 & 0xEFC6_0000;
        y ^ y >> 18
    }
    fn refill(&mut self) {
        let s = &mut self.state.0;
        for k in 0..N {
            let y = s[k] & 0x8000_0000 | s[(k + 1) % N] & 0x7FFF_FFFF;
            s[k] = s[(k + M) % N] ^ y >> 1 ^ if y & 1 != 0 { 0x9908_B0DF } else { 0 };
        }
        self.index = 0;
    }
    fn start(&mut self, seed: u32) {
        let s = &mut self.state.0;
        s[0] = seed;
        for i in 1..N {
            s[i] = 1812433253u32.wrapping_mul(s[i - 1] ^ s[i - 1] >> 30).wrapping_add(i as u32);
        }
        self.index = N;
    }
    pub fn seed_by_array(&mut self, key: &[u32]) {
        self.start(19650218);
        let s = &mut self.state.0;
        let (mut i, mut j) = (1, 0);
        for _ in 0..N.max(key.len()) {
            s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30).wrapping_mul(1664525)).wrapping_add(key[j]).wrapping_add(j as u32);
            i += 1;
            j += 1;
            if i >= N {
                s[0] = s[N - 1];
                i = 1;
            }
            if j >= key.len() {
                j = 0;
            }
        }
        for _ in 1..N {
            s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30).wrapping_mul(1566083941)).wrapping_sub(i as u32);
            i += 1;
            if i >= N {
                s[0] = s[N - 1];
                i = 1;
            }
        }
        s[0] = 0x8000_0000;
    }
    /// 53 bits in [0, 1).
    pub fn next_f64(&mut self) -> f64 {
        let (a, b) = (self.next_u32() >> 5, self.next_u32() >> 6);
        (a as f64 * 67108864.0 + b as f64) * (1.0 / 9007199254740992.0)
    }
}

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let g: Gc<Random> = instance::alloc_like(th, a.get(0), |_| Random { header: Header::NEW, index: N, state: MtState([0; N]) })?;
    let arg = if a.positional() > 1 { a.get(1) } else { Value::NONE };
    seed(th, g, arg)?;
    Ok(g.value())
}
/// Seeds by the magnitude of an int, by the hash of anything else, by the system without argument.
fn seed(th: &mut Thread, g: Gc<Random>, v: Value) -> R<()> {
    let key: Vec<u32> = if v.is_none() {
        let mut b = [0u8; N * 4];
        // SAFETY: the buffer has that size.
        let n = unsafe { libc::getrandom(b.as_mut_ptr().cast(), b.len(), 0) };
        if n != b.len() as isize {
            let t = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos() as u64);
            b[..8].copy_from_slice(&t.to_le_bytes());
            b[8..12].copy_from_slice(&std::process::id().to_le_bytes());
        }
        b.chunks_exact(4).map(|c| u32::from_le_bytes(c.try_into().expect("4 bytes"))).collect()
    } else {
        let n = match int::to_bigint(v) {
            Some(n) if int::is_int_like(v) => n,
            _ => {
                let h = match hash27(v) {
                    Some(h) if !th.py3() => h,
                    _ => txpy_vm::object::hash(th, v)?,
                };
                BigInt::from(h as u64)
            }
        };
        n.magnitude().to_u32_digits()
    };
    let key = if key.is_empty() { vec![0] } else { key };
    g.write(th)?.seed_by_array(&key);
    Ok(())
}
/// The hash that CPython 2.7 gives strings, so that seeds that are strings start the same sequences.
fn hash27(v: Value) -> Option<i64> {
    let b = text::bytes_of(v)?;
    let mix = |x: i64, c: u32| x.wrapping_mul(1_000_003) ^ i64::from(c);
    let (first, x, n) = if text::is_text(v) {
        let first = text::code_points(b).next();
        (first, text::code_points(b).fold(i64::from(first.unwrap_or(0)) << 7, mix), text::len_of(v))
    } else {
        let first = b.first().map(|c| u32::from(*c));
        (first, b.iter().fold(i64::from(first.unwrap_or(0)) << 7, |x, c| mix(x, u32::from(*c))), b.len())
    };
    let h = if first.is_none() { 0 } else { x ^ n as i64 };
    Some(if h == -1 { -2 } else { h })
}
fn random(th: &mut Thread, a: Args) -> R<Value> {
    let f = this::<Random>(a.get(0)).write(th)?.next_f64();
    float::new(th, f)
}
fn getstate(th: &mut Thread, a: Args) -> R<Value> {
    let g: Gc<Random> = this(a.get(0));
    let r = g.read(th)?;
    let (state, index) = (r.state, r.index);
    drop(r);
    let mut out = [Value::int(0); N + 1];
    let long = !th.py3();
    for (o, w) in out.iter_mut().zip(state.0) {
        *o = int::make(th, w as i128, long)?;
    }
    out[N] = int::make(th, index as i128, long)?;
    th.new_tuple(&out)
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let Some(items) = tuple::items(a.get(1)) else { return Err(th.type_error("state vector must be a tuple")) };
    if items.len() != N + 1 {
        return Err(th.value_error("state vector is the wrong size"));
    }
    let mut state = [0; N];
    for (s, v) in state.iter_mut().zip(items) {
        *s = int::arg_u64(th, *v)? as u32;
    }
    let index = int::arg_i64(th, items[N])?;
    if !(0..=N as i64).contains(&index) {
        return Err(th.value_error("invalid state"));
    }
    let mut g = this::<Random>(a.get(0)).write(th)?;
    (g.state, g.index) = (MtState(state), index as usize);
    Ok(Value::NONE)
}
fn getrandbits(th: &mut Thread, a: Args) -> R<Value> {
    let k = if th.py3() { int::arg_i64(th, a.get(1))? } else { int::arg_i32(th, a.get(1))? as i64 };
    if k < 0 || k == 0 && !th.py3() {
        return Err(th.value_error(if th.py3() { "number of bits must be non-negative" } else { "number of bits must be greater than zero" }));
    }
    if k == 0 {
        return Ok(Value::int(0));
    }
    let g: Gc<Random> = this(a.get(0));
    if k <= 32 {
        let w = g.write(th)?.next_u32() >> (32 - k);
        return int::make(th, w as i128, !th.py3());
    }
    txpy_vm::types::int_arith::room(th, k as u64)?;
    let words = (k as u64).div_ceil(32) as usize;
    let mut out = Vec::new();
    if out.try_reserve_exact(words).is_err() {
        return Err(th.memory_error());
    }
    let mut left = k;
    while left > 0 {
        if out.len() % 4096 == 4095 {
            th.poll()?;
        }
        let mut w = g.write(th)?.next_u32();
        if left < 32 {
            w >>= 32 - left;
        }
        out.push(w);
        left -= 32;
    }
    let n = BigInt::from_biguint(Sign::Plus, BigUint::new(out));
    int::make_big(th, &n, !th.py3())
}
/// 2.7: shuffles the state depending on n.
fn jumpahead(th: &mut Thread, a: Args) -> R<Value> {
    let Some(n) = int::to_bigint(a.get(1)).filter(|_| int::is_int_like(a.get(1))) else {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("jumpahead requires an integer, not '{got}'")));
    };
    let mut g = this::<Random>(a.get(0)).write(th)?;
    let s = &mut g.state.0;
    for i in (2..N).rev() {
        let j = (&n % BigInt::from(i)).magnitude().iter_u32_digits().next().unwrap_or(0) as usize;
        s.swap(i, j);
    }
    for (i, w) in s.iter_mut().enumerate() {
        *w = w.wrapping_add(i as u32 + 1);
    }
    g.index = N;
    Ok(Value::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_stream() {
        // First words of MT19937 seeded by the array {0x123, 0x234, 0x345, 0x456}, from the authors' mt19937ar.out.
        let mut r = Random { header: Header::NEW, index: N, state: MtState([0; N]) };
        r.seed_by_array(&[0x123, 0x234, 0x345, 0x456]);
        assert_eq!([r.next_u32(), r.next_u32(), r.next_u32()], [1067595299, 955945823, 477289528]);
    }
}
