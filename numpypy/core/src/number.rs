//! Element types by class: integers, floats, complex numbers. Loops are generic over these traits; the tables instantiate them.

use crate::dtype::{Cplx, F16};
use crate::loops::B;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// `with_type!(num, T => expr, _ => other)`: `expr` with `T` as the element type of a number dtype.
macro_rules! with_type {
    ($num:expr, $t:ident => $e:expr, _ => $other:expr) => {
        match $num {
            $crate::Num::Bool => { type $t = $crate::loops::B; $e }
            $crate::Num::Int8 => { type $t = i8; $e }
            $crate::Num::UInt8 => { type $t = u8; $e }
            $crate::Num::Int16 => { type $t = i16; $e }
            $crate::Num::UInt16 => { type $t = u16; $e }
            $crate::Num::Int32 => { type $t = i32; $e }
            $crate::Num::UInt32 => { type $t = u32; $e }
            $crate::Num::Int64 => { type $t = i64; $e }
            $crate::Num::UInt64 => { type $t = u64; $e }
            $crate::Num::Float16 => { type $t = $crate::dtype::F16; $e }
            $crate::Num::Float32 => { type $t = f32; $e }
            $crate::Num::Float64 => { type $t = f64; $e }
            $crate::Num::Complex64 => { type $t = $crate::dtype::Cplx<f32>; $e }
            $crate::Num::Complex128 => { type $t = $crate::dtype::Cplx<f64>; $e }
            _ => $other,
        }
    };
}
pub(crate) use with_type;

/// Integers, wrapping.
pub trait Int: Copy + Ord {
    const BITS: u32;
    const SIGNED: bool;
    const MIN: Self;
    const ZERO: Self;
    const ONE: Self;
    /// All bits set.
    const ALL: Self;
    fn add(self, y: Self) -> Self;
    fn sub(self, y: Self) -> Self;
    fn mul(self, y: Self) -> Self;
    fn neg(self) -> Self;
    /// Magnitude; the smallest number stays.
    fn abs(self) -> Self;
    fn signum(self) -> Self;
    /// C's quotient; the divisor is not 0.
    fn div(self, y: Self) -> Self;
    fn rem(self, y: Self) -> Self;
    fn and(self, y: Self) -> Self;
    fn or(self, y: Self) -> Self;
    fn xor(self, y: Self) -> Self;
    fn not(self) -> Self;
    fn shl(self, by: u32) -> Self;
    fn shr(self, by: u32) -> Self;
    fn negative(self) -> bool;
    fn to_f64(self) -> f64;
    /// The number, wrapped if it is a u64 above i64.
    fn to_i64(self) -> i64;
}
macro_rules! ints {
    ($($t:ty, $signed:literal, |$x:ident| $abs:expr, $sign:expr;)*) => {$(
        impl Int for $t {
            const BITS: u32 = <$t>::BITS;
            const SIGNED: bool = $signed;
            const MIN: $t = <$t>::MIN;
            const ZERO: $t = 0;
            const ONE: $t = 1;
            const ALL: $t = !0;
            #[inline(always)] fn add(self, y: $t) -> $t { self.wrapping_add(y) }
            #[inline(always)] fn sub(self, y: $t) -> $t { self.wrapping_sub(y) }
            #[inline(always)] fn mul(self, y: $t) -> $t { self.wrapping_mul(y) }
            #[inline(always)] fn neg(self) -> $t { self.wrapping_neg() }
            #[inline(always)] fn abs(self) -> $t { let $x = self; $abs }
            #[inline(always)] fn signum(self) -> $t { let $x = self; $sign }
            #[inline(always)] fn div(self, y: $t) -> $t { self.wrapping_div(y) }
            #[inline(always)] fn rem(self, y: $t) -> $t { self.wrapping_rem(y) }
            #[inline(always)] fn and(self, y: $t) -> $t { self & y }
            #[inline(always)] fn or(self, y: $t) -> $t { self | y }
            #[inline(always)] fn xor(self, y: $t) -> $t { self ^ y }
            #[inline(always)] fn not(self) -> $t { !self }
            #[inline(always)] fn shl(self, by: u32) -> $t { self << by }
            #[inline(always)] fn shr(self, by: u32) -> $t { self >> by }
            #[allow(unused_comparisons)] // of the types without sign
            #[inline(always)] fn negative(self) -> bool { self < 0 }
            #[inline(always)] fn to_f64(self) -> f64 { self as f64 }
            #[inline(always)] fn to_i64(self) -> i64 { self as i64 }
        }
    )*};
}
ints! {
    i8, true, |x| x.wrapping_abs(), x.signum();
    i16, true, |x| x.wrapping_abs(), x.signum();
    i32, true, |x| x.wrapping_abs(), x.signum();
    i64, true, |x| x.wrapping_abs(), x.signum();
    u8, false, |x| x, (x > 0).into();
    u16, false, |x| x, (x > 0).into();
    u32, false, |x| x, (x > 0).into();
    u64, false, |x| x, (x > 0).into();
}

// Rust's own inverse hyperbolic functions differ from libm's in the last bits.
// SAFETY: pure functions, declared as in <math.h>.
unsafe extern "C" {
    safe fn asinh(x: f64) -> f64;
    safe fn acosh(x: f64) -> f64;
    safe fn atanh(x: f64) -> f64;
    safe fn nextafter(x: f64, y: f64) -> f64;
    safe fn asinhf(x: f32) -> f32;
    safe fn acoshf(x: f32) -> f32;
    safe fn atanhf(x: f32) -> f32;
    safe fn nextafterf(x: f32, y: f32) -> f32;
}
// C passes and returns complex numbers as it does a struct of two floats on every ABI we build for.
macro_rules! complex_libm {
    ($t:ty: $($name:ident)*; $pow:ident) => {
        // SAFETY: pure functions, declared as in <complex.h>.
        unsafe extern "C" {
            $(safe fn $name(z: Cplx<$t>) -> Cplx<$t>;)*
            safe fn $pow(z: Cplx<$t>, w: Cplx<$t>) -> Cplx<$t>;
        }
    };
}
complex_libm!(f64: csqrt cexp clog csin ccos ctan casin cacos catan csinh ccosh ctanh casinh cacosh catanh; cpow);
complex_libm!(f32: csqrtf cexpf clogf csinf ccosf ctanf casinf cacosf catanf csinhf ccoshf ctanhf casinhf cacoshf catanhf; cpowf);

macro_rules! floats {
    ($($own:ident)*; $($foreign:ident)*; $($foreign2:ident)*; $($complex:ident)*) => {
        /// Floats that the processor computes with; functions are the system's libm, whose error flags are C's.
        pub trait Float: Copy + Default + PartialEq + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Rem<Output = Self> + Neg<Output = Self> {
            const ZERO: Self;
            const ONE: Self;
            const NAN: Self;
            const INFINITY: Self;
            $(fn $own(self) -> Self;)*
            $(fn $foreign(self) -> Self;)*
            $(fn $foreign2(self, y: Self) -> Self;)*
            $(fn $complex(z: Cplx<Self>) -> Cplx<Self>;)*
            fn cpow(z: Cplx<Self>, w: Cplx<Self>) -> Cplx<Self>;
            fn atan2(self, y: Self) -> Self;
            fn hypot(self, y: Self) -> Self;
            fn powf(self, y: Self) -> Self;
            fn copysign(self, y: Self) -> Self;
            fn is_nan(self) -> bool;
            fn is_infinite(self) -> bool;
            fn is_finite(self) -> bool;
            fn is_sign_negative(self) -> bool;
            fn from_f64(x: f64) -> Self;
            fn to_f64(self) -> f64;
        }
    };
}
floats! {
    abs floor ceil trunc round_ties_even sqrt cbrt exp exp2 exp_m1 ln log2 log10 ln_1p sin cos tan asin acos atan sinh cosh tanh;
    asinh acosh atanh; nextafter;
    csqrt cexp clog csin ccos ctan casin cacos catan csinh ccosh ctanh casinh cacosh catanh
}
macro_rules! float {
    ($t:ident; $($own:ident)*; $($f:ident $as:ident)*; $next:ident; $($c:ident $cas:ident)*; $pow:ident) => {
        impl Float for $t {
            const ZERO: $t = 0.0;
            const ONE: $t = 1.0;
            const NAN: $t = $t::NAN;
            const INFINITY: $t = $t::INFINITY;
            $(#[inline(always)] fn $own(self) -> $t { $t::$own(self) })*
            $(#[inline(always)] fn $as(self) -> $t { $f(self) })*
            #[inline(always)] fn nextafter(self, y: $t) -> $t { $next(self, y) }
            $(#[inline(always)] fn $cas(z: Cplx<$t>) -> Cplx<$t> { $c(z) })*
            #[inline(always)] fn cpow(z: Cplx<$t>, w: Cplx<$t>) -> Cplx<$t> { $pow(z, w) }
            #[inline(always)] fn atan2(self, y: $t) -> $t { $t::atan2(self, y) }
            #[inline(always)] fn hypot(self, y: $t) -> $t { $t::hypot(self, y) }
            #[inline(always)] fn powf(self, y: $t) -> $t { $t::powf(self, y) }
            #[inline(always)] fn copysign(self, y: $t) -> $t { $t::copysign(self, y) }
            #[inline(always)] fn is_nan(self) -> bool { $t::is_nan(self) }
            #[inline(always)] fn is_infinite(self) -> bool { $t::is_infinite(self) }
            #[inline(always)] fn is_finite(self) -> bool { $t::is_finite(self) }
            #[inline(always)] fn is_sign_negative(self) -> bool { $t::is_sign_negative(self) }
            #[inline(always)] fn from_f64(x: f64) -> $t { x as $t }
            #[inline(always)] fn to_f64(self) -> f64 { self as f64 }
        }
    };
}
float! {
    f64; abs floor ceil trunc round_ties_even sqrt cbrt exp exp2 exp_m1 ln log2 log10 ln_1p sin cos tan asin acos atan sinh cosh tanh;
    asinh asinh acosh acosh atanh atanh; nextafter;
    csqrt csqrt cexp cexp clog clog csin csin ccos ccos ctan ctan casin casin cacos cacos catan catan csinh csinh ccosh ccosh ctanh ctanh casinh casinh cacosh cacosh catanh catanh; cpow
}
float! {
    f32; abs floor ceil trunc round_ties_even sqrt cbrt exp exp2 exp_m1 ln log2 log10 ln_1p sin cos tan asin acos atan sinh cosh tanh;
    asinhf asinh acoshf acosh atanhf atanh; nextafterf;
    csqrtf csqrt cexpf cexp clogf clog csinf csin ccosf ccos ctanf ctan casinf casin cacosf cacos catanf catan csinhf csinh ccoshf ccosh ctanhf ctanh casinhf casinh cacoshf cacosh catanhf catanh; cpowf
}

/// Elements of float dtypes; computation happens in `W`.
pub trait Real: Copy {
    type W: Float;
    fn wide(self) -> Self::W;
    fn narrow(w: Self::W) -> Self;
    fn next_after(self, y: Self) -> Self;
}
impl Real for F16 {
    type W = f32;
    #[inline(always)]
    fn wide(self) -> f32 {
        self.to_f32()
    }
    #[inline(always)]
    fn narrow(w: f32) -> F16 {
        F16::from_f32(w)
    }
    fn next_after(self, y: F16) -> F16 {
        F16::next_after(self, y)
    }
}
macro_rules! reals {
    ($($t:ty)*) => {$(
        impl Real for $t {
            type W = $t;
            #[inline(always)] fn wide(self) -> $t { self }
            #[inline(always)] fn narrow(w: $t) -> $t { w }
            #[inline(always)] fn next_after(self, y: $t) -> $t { Float::nextafter(self, y) }
        }
    )*};
}
reals!(f32 f64);

/// Elements that order: what maxima, sorting keys and truth values need of any number.
pub trait Element: Copy {
    fn truth(self) -> bool;
    /// x > y; complex numbers by real, then imaginary part.
    fn above(self, y: Self) -> bool;
    fn is_nan(self) -> bool;
}
impl Element for B {
    #[inline(always)]
    fn truth(self) -> bool {
        self.get()
    }
    #[inline(always)]
    fn above(self, y: B) -> bool {
        self.get() & !y.get()
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        false
    }
}
impl Element for F16 {
    #[inline(always)]
    fn truth(self) -> bool {
        self.0 & 0x7fff != 0
    }
    #[inline(always)]
    fn above(self, y: F16) -> bool {
        self.to_f32() > y.to_f32()
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        self.0 & 0x7fff > 0x7c00
    }
}
macro_rules! elements {
    ($($t:ty, $zero:literal, |$x:ident| $nan:expr;)*) => {$(
        impl Element for $t {
            #[inline(always)] fn truth(self) -> bool { self != $zero }
            #[inline(always)] fn above(self, y: $t) -> bool { self > y }
            #[inline(always)] fn is_nan(self) -> bool { let $x = self; $nan }
        }
    )*};
}
elements! {
    i8, 0, |_x| false; i16, 0, |_x| false; i32, 0, |_x| false; i64, 0, |_x| false;
    u8, 0, |_x| false; u16, 0, |_x| false; u32, 0, |_x| false; u64, 0, |_x| false;
    f32, 0.0, |x| x.is_nan(); f64, 0.0, |x| x.is_nan();
}
impl<F: Float> Element for Cplx<F> {
    #[inline(always)]
    fn truth(self) -> bool {
        self.re != F::ZERO || self.im != F::ZERO
    }
    #[inline(always)]
    fn above(self, y: Cplx<F>) -> bool {
        self.re > y.re || self.re == y.re && self.im > y.im
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        self.re.is_nan() || self.im.is_nan()
    }
}
