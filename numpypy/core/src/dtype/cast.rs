//! Casting loops between dtypes, and plain copies.

use super::{Cplx, DType, F16, Num};
use crate::error::{R, fail};
use crate::loops::kernel::{get, put};
use crate::loops::{B, Loop, loops};
use crate::number::{Float, with_type};

/// C's conversion of a double on x86-64: what doesn't fit becomes the most negative number.
#[inline(always)]
pub fn float_to_int(x: f64) -> i64 {
    const LIMIT: f64 = 9223372036854775808.0;
    if (-LIMIT..LIMIT).contains(&x) { x as i64 } else { i64::MIN }
}
/// The same to 32 bits.
#[inline(always)]
fn float_to_int32(x: f64) -> i32 {
    if x > -2147483649.0 && x < 2147483648.0 { x as i32 } else { i32::MIN }
}
/// The same to u64, in two halves as compilers do it.
#[inline(always)]
pub fn float_to_uint(x: f64) -> u64 {
    const LIMIT: f64 = 9223372036854775808.0;
    if x >= LIMIT { float_to_int(x - LIMIT) as u64 ^ 1 << 63 } else { float_to_int(x) as u64 }
}

/// Where elements come from: each widens to one of a few middle types.
pub trait Load: Copy {
    fn cast<T: Store>(self) -> T;
}
/// Elements made from the middle types.
pub trait Store: Copy {
    fn from_i64(x: i64) -> Self;
    fn from_u64(x: u64) -> Self;
    fn from_f32(x: f32) -> Self;
    fn from_f64(x: f64) -> Self;
    fn from_c32(x: Cplx<f32>) -> Self {
        Self::from_f32(x.re)
    }
    fn from_c64(x: Cplx<f64>) -> Self {
        Self::from_f64(x.re)
    }
}
macro_rules! loads {
    ($($t:ty: |$x:ident| $via:ident $e:expr;)*) => {$(
        impl Load for $t { #[inline(always)] fn cast<T: Store>(self) -> T { let $x = self; T::$via($e) } }
    )*};
}
loads! {
    B: |x| from_i64 i64::from(x.get());
    i8: |x| from_i64 x.into(); i16: |x| from_i64 x.into(); i32: |x| from_i64 x.into(); i64: |x| from_i64 x;
    u8: |x| from_i64 x.into(); u16: |x| from_i64 x.into(); u32: |x| from_i64 x.into(); u64: |x| from_u64 x;
    F16: |x| from_f32 x.to_f32(); f32: |x| from_f32 x; f64: |x| from_f64 x;
    Cplx<f32>: |x| from_c32 x; Cplx<f64>: |x| from_c64 x;
}
macro_rules! stores {
    ($($t:ty: |$f:ident| $e:expr;)*) => {$(
        impl Store for $t {
            #[inline(always)] fn from_i64(x: i64) -> $t { x as $t }
            #[inline(always)] fn from_u64(x: u64) -> $t { x as $t }
            #[inline(always)] fn from_f32(x: f32) -> $t { let $f = f64::from(x); $e }
            #[inline(always)] fn from_f64($f: f64) -> $t { $e }
        }
    )*};
}
stores! {
    i8: |x| float_to_int32(x) as i8; u8: |x| float_to_int32(x) as u8; i16: |x| float_to_int32(x) as i16; u16: |x| float_to_int32(x) as u16;
    i32: |x| float_to_int32(x); u32: |x| float_to_int(x) as u32; i64: |x| float_to_int(x); u64: |x| float_to_uint(x);
}
macro_rules! float_stores {
    ($($t:ty)*) => {$(
        impl Store for $t {
            #[inline(always)] fn from_i64(x: i64) -> $t { x as $t }
            #[inline(always)] fn from_u64(x: u64) -> $t { x as $t }
            #[inline(always)] fn from_f32(x: f32) -> $t { x as $t }
            #[inline(always)] fn from_f64(x: f64) -> $t { x as $t }
        }
    )*};
}
float_stores!(f32 f64);
impl Store for F16 {
    #[inline(always)]
    fn from_i64(x: i64) -> F16 {
        F16::from_f32(x as f32)
    }
    #[inline(always)]
    fn from_u64(x: u64) -> F16 {
        F16::from_f32(x as f32)
    }
    #[inline(always)]
    fn from_f32(x: f32) -> F16 {
        F16::from_f32(x)
    }
    #[inline(always)]
    fn from_f64(x: f64) -> F16 {
        F16::from_f64(x)
    }
}
impl Store for B {
    #[inline(always)]
    fn from_i64(x: i64) -> B {
        B::new(x != 0)
    }
    #[inline(always)]
    fn from_u64(x: u64) -> B {
        B::new(x != 0)
    }
    #[inline(always)]
    fn from_f32(x: f32) -> B {
        B::new(x != 0.0)
    }
    #[inline(always)]
    fn from_f64(x: f64) -> B {
        B::new(x != 0.0)
    }
    #[inline(always)]
    fn from_c32(x: Cplx<f32>) -> B {
        B::new(x.re != 0.0 || x.im != 0.0)
    }
    #[inline(always)]
    fn from_c64(x: Cplx<f64>) -> B {
        B::new(x.re != 0.0 || x.im != 0.0)
    }
}
impl<F: Float + Store> Store for Cplx<F> {
    #[inline(always)]
    fn from_i64(x: i64) -> Self {
        Cplx { re: F::from_i64(x), im: F::ZERO }
    }
    #[inline(always)]
    fn from_u64(x: u64) -> Self {
        Cplx { re: F::from_u64(x), im: F::ZERO }
    }
    #[inline(always)]
    fn from_f32(x: f32) -> Self {
        Cplx { re: F::from_f32(x), im: F::ZERO }
    }
    #[inline(always)]
    fn from_f64(x: f64) -> Self {
        Cplx { re: Store::from_f64(x), im: F::ZERO }
    }
    #[inline(always)]
    fn from_c32(x: Cplx<f32>) -> Self {
        Cplx { re: F::from_f32(x.re), im: F::from_f32(x.im) }
    }
    #[inline(always)]
    fn from_c64(x: Cplx<f64>) -> Self {
        Cplx { re: Store::from_f64(x.re), im: Store::from_f64(x.im) }
    }
}

// SAFETY: a loop; its callers pass valid pointers for n elements of these two types.
unsafe fn convert<A: Load, T: Store>(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    let (wa, wt) = (size_of::<A>(), size_of::<T>());
    // SAFETY: the caller's.
    unsafe {
        if s[0] == wa as isize && s[1] == wt as isize {
            for i in 0..n {
                put::<T>(p[1].add(i * wt), get::<A>(p[0].add(i * wa)).cast());
            }
        } else {
            for i in 0..n as isize {
                put::<T>(p[1].offset(i * s[1]), get::<A>(p[0].offset(i * s[0])).cast());
            }
        }
    }
    0
}

fn lookup(from: Num, to: Num) -> Option<Loop> {
    with_type!(from, A => with_type!(to, T => Some(convert::<A, T> as Loop), _ => None), _ => None)
}

loops! {
    [] copy1: (u8) unary |x| x;
    [] copy2: (u16) unary |x| x;
    [] copy4: (u32) unary |x| x;
    [] copy8: (u64) unary |x| x;
    [] copy16: ([u64; 2]) unary |x| x;
    [] swap2: (u16) unary |x| x.swap_bytes();
    [] swap4: (u32) unary |x| x.swap_bytes();
    [] swap8: (u64) unary |x| x.swap_bytes();
    [] swap44: ([u32; 2]) unary |x| x.map(u32::swap_bytes);
    [] swap88: ([u64; 2]) unary |x| x.map(u64::swap_bytes);
}

/// The loop that copies elements of `size` bytes, if there is one.
pub fn copier(size: usize) -> Option<Loop> {
    Some(match size {
        1 => copy1,
        2 => copy2,
        4 => copy4,
        8 => copy8,
        16 => copy16,
        _ => return None,
    })
}
/// The loop that copies numbers into the other byte order.
fn swapper(d: DType) -> Option<Loop> {
    Some(match (d.kind() == 'c', d.size) {
        (_, 1) => copy1,
        (false, 2) => swap2,
        (false, 4) => swap4,
        (false, 8) => swap8,
        (true, 8) => swap44,
        (true, 16) => swap88,
        _ => return None,
    })
}

/// How the steps of a cast go.
#[derive(Clone, Copy)]
enum Steps {
    One(Loop),
    /// Into the machine's byte order, conversion, out of it.
    Three(Loop, Loop, Loop),
    /// Text and raw bytes: cut, padded with zeros, and letters widened or narrowed.
    Bytes,
}

/// A conversion of elements.
#[derive(Clone, Copy)]
pub struct Cast {
    steps: Steps,
    from: DType,
    to: DType,
}

impl Cast {
    /// The loop, if the cast is a single one.
    pub fn single(&self) -> Option<Loop> {
        if let Steps::One(l) = self.steps { Some(l) } else { None }
    }
    /// Converts n elements from p\[0\] to p\[1\].
    /// # Safety
    /// As of any loop.
    pub unsafe fn go(&self, p: [*mut u8; 2], s: [isize; 2], n: usize) {
        match self.steps {
            Steps::One(run) => {
                // SAFETY: the caller's.
                unsafe { run(&p, &s, n) };
            }
            Steps::Three(first, middle, last) => {
                const BLOCK: usize = 64;
                let mut scratch = [[0u128; BLOCK]; 2];
                let [x, y] = &mut scratch;
                let (x, y) = (x.as_mut_ptr().cast::<u8>(), y.as_mut_ptr().cast::<u8>());
                let (wa, wb) = (self.from.size as isize, self.to.size as isize);
                for at in (0..n).step_by(BLOCK) {
                    let n = BLOCK.min(n - at);
                    let (a, b) = (p[0].wrapping_offset(at as isize * s[0]), p[1].wrapping_offset(at as isize * s[1]));
                    // SAFETY: the caller's; the scratch takes a block of the widest elements.
                    unsafe {
                        first(&[a, x], &[s[0], wa], n);
                        middle(&[x, y], &[wa, wb], n);
                        last(&[y, b], &[wb, s[1]], n);
                    }
                }
            }
            Steps::Bytes => {
                for i in 0..n as isize {
                    // SAFETY: the caller's.
                    unsafe { super::text::copy(p[0].wrapping_offset(i * s[0]), self.from, p[1].wrapping_offset(i * s[1]), self.to) };
                }
            }
        }
    }
}

/// The conversion of elements. Errors: NotImplementedError for dtypes without loops.
pub fn cast_loop(from: DType, to: DType) -> R<Cast> {
    let with = |steps| Ok(Cast { steps, from, to });
    if from.is_number() && to.is_number() {
        let middle = if from.num == to.num { copier(from.itemsize()) } else { lookup(from.num, to.num) };
        if let Some(run) = middle {
            if !from.swapped && !to.swapped || from == to {
                return with(Steps::One(run));
            }
            if let (Some(a), Some(b)) = (swapper(from), swapper(to)) {
                if from.num == to.num {
                    return with(Steps::One(a));
                }
                let (plain_a, plain_b) = (copier(from.itemsize()).unwrap_or(copy1), copier(to.itemsize()).unwrap_or(copy1));
                return with(Steps::Three(if from.swapped { a } else { plain_a }, run, if to.swapped { b } else { plain_b }));
            }
        }
    }
    if from == to {
        if let Some(run) = copier(from.itemsize()) {
            return with(Steps::One(run));
        }
    }
    let bytes = |d: DType| matches!(d.kind(), 'S' | 'U' | 'V');
    if bytes(from) && bytes(to) {
        return with(Steps::Bytes);
    }
    fail!(NotImplemented, "casting from {} to {} is not supported yet", from.name(), to.name())
}
