//! Casting loops between dtypes, and plain copies.

use super::{Complex, DType, Num};
use crate::error::{R, fail};
use crate::loops::{B, Loop, kernel};

/// C's conversion of a double on x86-64: what doesn't fit becomes the most negative number.
#[inline(always)]
pub fn float_to_int(x: f64) -> i64 {
    const LIMIT: f64 = 9223372036854775808.0;
    if (-LIMIT..LIMIT).contains(&x) { x as i64 } else { i64::MIN }
}

/// Conversion between elements.
trait To<T> {
    fn to(self) -> T;
}
macro_rules! conversions {
    ($($from:ty => $to:ty: |$x:ident| $e:expr;)*) => {$(
        impl To<$to> for $from {
            #[inline(always)]
            fn to(self) -> $to { let $x = self; $e }
        }
    )*};
}
conversions! {
    B => i64: |x| i64::from(x.get());
    B => f64: |x| f64::from(u8::from(x.get()));
    B => Complex: |x| Complex { re: f64::from(u8::from(x.get())), im: 0.0 };
    i64 => B: |x| B::new(x != 0);
    i64 => f64: |x| x as f64;
    i64 => Complex: |x| Complex { re: x as f64, im: 0.0 };
    f64 => B: |x| B::new(x != 0.0);
    f64 => i64: |x| float_to_int(x);
    f64 => Complex: |x| Complex { re: x, im: 0.0 };
    Complex => B: |x| B::new(x.re != 0.0 || x.im != 0.0);
    Complex => i64: |x| float_to_int(x.re);
    Complex => f64: |x| x.re;
}

macro_rules! casts {
    ($($from:ident $f:ty => $($to:ident $t:ty),*;)*) => {
        fn lookup(from: Num, to: Num) -> Option<Loop> {
            match (from, to) {
                $($((Num::$from, Num::$to) => {
                    // SAFETY: a loop; its callers pass valid pointers for n elements of these two types.
                    unsafe fn run(p: &[*mut u8], s: &[isize], n: usize) -> u32 { unsafe { kernel::unary(p, s, n, |x: $f| -> $t { x.to() }) } }
                    Some(run)
                })*)*
                _ => None,
            }
        }
    };
}
casts! {
    Bool B => Int64 i64, Float64 f64, Complex128 Complex;
    Int64 i64 => Bool B, Float64 f64, Complex128 Complex;
    Float64 f64 => Bool B, Int64 i64, Complex128 Complex;
    Complex128 Complex => Bool B, Int64 i64, Float64 f64;
}

// SAFETY of all copies: as of any loop.
unsafe fn copy1(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { kernel::unary(p, s, n, |x: u8| x) }
}
unsafe fn copy2(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { kernel::unary(p, s, n, |x: u16| x) }
}
unsafe fn copy4(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { kernel::unary(p, s, n, |x: u32| x) }
}
unsafe fn copy8(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { kernel::unary(p, s, n, |x: u64| x) }
}
unsafe fn copy16(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
    unsafe { kernel::unary(p, s, n, |x: [u64; 2]| x) }
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

/// The loop (one input, one output) that converts elements. Errors: NotImplementedError for dtypes without loops.
pub fn cast_loop(from: DType, to: DType) -> R<Loop> {
    let found = if from == to { copier(from.itemsize()) } else { lookup(from.num, to.num) };
    match found {
        Some(run) if !from.swapped && !to.swapped => Ok(run),
        _ => fail!(NotImplemented, "casting from {} to {} is not supported yet", from.name(), to.name()),
    }
}
