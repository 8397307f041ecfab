//! `Value`: the 64-bit word that every register, slot and list item holds.
//!
//! The low bits are a tag, chosen so that neither small ints nor ordinary floats allocate:
//!
//! | low three bits | what it is                                                                     |
//! |----------------|--------------------------------------------------------------------------------|
//! | `x10`          | int, 62 bits, in the upper bits                                                 |
//! | `001`          | reference: address of a heap object + 1 (the 1 folds into a load's displacement) |
//! | `101`          | `None`, `True`, `False` and other singletons                                    |
//! | others         | float: the IEEE bits rotated left by 4                                          |
//!
//! After the rotation the low three bits of a float are the exponent's upper bits; 000, 011, 100 and 111 cover 0.0, inf,
//! nan, the tiniest, the largest and every magnitude from 2^-255 to 2^257. Floats of other magnitudes are boxed by the vm.
//! All-zero bits are 0.0.

use crate::object::{Gc, Header, Object};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(pub u64);

pub const INT_MIN: i64 = -(1 << 61);
pub const INT_MAX: i64 = (1 << 61) - 1;

macro_rules! singletons {
    ($($name:ident = $n:literal $text:literal),* $(,)?) => {
        impl Value { $(pub const $name: Value = Value(($n << 3) | 5);)* }
        fn singleton_name(v: Value) -> &'static str { match v.0 >> 3 { $($n => $text,)* _ => "?" } }
    };
}
singletons! {
    // An unbound local, an empty slot, an argument that was not given. Never seen by a script.
    UNSET = 0 "<unset>",
    NONE = 1 "None",
    FALSE = 2 "False",
    TRUE = 3 "True",
    ELLIPSIS = 4 "Ellipsis",
    NOT_IMPLEMENTED = 5 "NotImplemented",
    // End of an iteration, between native iterators and the interpreter. Never seen by a script.
    STOP = 6 "<stop>",
    // A deleted entry of a hash table. Never seen by a script.
    TOMB = 7 "<tomb>",
}

impl Value {
    #[inline(always)]
    pub const fn bits(self) -> u64 { self.0 }
    #[inline(always)]
    pub const fn from_bool(b: bool) -> Value { if b { Value::TRUE } else { Value::FALSE } }

    // ---- ints
    #[inline(always)]
    pub const fn is_int(self) -> bool { self.0 & 3 == 2 }
    /// None when `i` needs more than 62 bits: it is a heap integer then.
    #[inline(always)]
    pub const fn from_int(i: i64) -> Option<Value> { if i >= INT_MIN && i <= INT_MAX { Some(Value::int(i)) } else { None } }
    /// `i` is known to fit 62 bits (lengths, indices, counters).
    #[inline(always)]
    pub const fn int(i: i64) -> Value {
        debug_assert!(i >= INT_MIN && i <= INT_MAX);
        Value(((i as u64) << 2) | 2)
    }
    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> { if self.is_int() { Some(self.0 as i64 >> 2) } else { None } }
    /// The int of a word known to be one.
    #[inline(always)]
    pub const fn int_unchecked(self) -> i64 { self.0 as i64 >> 2 }

    // ---- floats
    #[inline(always)]
    pub const fn is_float(self) -> bool { self.0.wrapping_add(1) & 2 == 0 }
    /// None for the magnitudes that have no inline form: the vm boxes them.
    #[inline(always)]
    pub const fn from_float(f: f64) -> Option<Value> {
        let v = Value(f.to_bits().rotate_left(4));
        if v.is_float() { Some(v) } else { None }
    }
    #[inline(always)]
    pub const fn as_float(self) -> Option<f64> { if self.is_float() { Some(self.float_unchecked()) } else { None } }
    #[inline(always)]
    pub const fn float_unchecked(self) -> f64 { f64::from_bits(self.0.rotate_right(4)) }

    // ---- references
    #[inline(always)]
    pub const fn is_ref(self) -> bool { self.0 & 7 == 1 }
    #[inline(always)]
    pub fn from_ptr(p: *const Header) -> Value { Value(p as u64 + 1) }
    /// The object of a word known to be a reference.
    #[inline(always)]
    pub const fn ptr_unchecked(self) -> *mut Header { (self.0 - 1) as *mut Header }
    #[inline(always)]
    pub const fn as_ptr(self) -> Option<*mut Header> { if self.is_ref() { Some(self.ptr_unchecked()) } else { None } }
    /// The header of a reference; None for ints, floats and singletons.
    #[inline(always)]
    pub fn header(&self) -> Option<&Header> {
        // SAFETY: a reference points to a live object as long as the Value is visible to the collector, which it is here.
        if self.is_ref() { Some(unsafe { &*self.ptr_unchecked() }) } else { None }
    }
    /// The object's kind; None for ints, floats and singletons.
    #[inline(always)]
    pub fn kind(self) -> Option<u16> { self.header().map(|h| h.kind) }
    #[inline(always)]
    pub fn is<T: Object>(self) -> bool { self.kind() == Some(T::KIND) }
    #[inline(always)]
    pub fn cast<T: Object>(self) -> Option<Gc<T>> {
        // SAFETY: the kind names the payload's layout.
        if self.is::<T>() { Some(unsafe { Gc::from_ptr(self.ptr_unchecked().cast()) }) } else { None }
    }
    #[inline(always)]
    pub const fn is_singleton(self) -> bool { self.0 & 7 == 5 }
    #[inline(always)]
    pub const fn is_unset(self) -> bool { self.0 == Value::UNSET.0 }
    #[inline(always)]
    pub const fn is_none(self) -> bool { self.0 == Value::NONE.0 }
    /// None for UNSET.
    #[inline(always)]
    pub const fn get(self) -> Option<Value> { if self.is_unset() { None } else { Some(self) } }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(i) = self.as_int() {
            write!(f, "{i}")
        } else if let Some(x) = self.as_float() {
            write!(f, "{x:?}")
        } else if self.is_ref() {
            write!(f, "<ref {:#x}>", self.0 - 1)
        } else {
            f.write_str(singleton_name(*self))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_round_trip_at_the_borders() {
        for i in [0, 1, -1, INT_MAX, INT_MIN, 1 << 40] {
            assert_eq!(Value::from_int(i).and_then(Value::as_int), Some(i));
        }
        assert_eq!(Value::from_int(INT_MAX + 1), None);
        assert_eq!(Value::from_int(INT_MIN - 1), None);
    }

    #[test]
    fn floats_keep_their_bits_and_never_look_like_something_else() {
        let two = 2f64;
        for f in [0.0, -0.0, 1.0, -1.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, f64::MAX, two.powi(-255), two.powi(256), 0.1, 1e300] {
            match Value::from_float(f) {
                Some(v) => {
                    assert_eq!(v.as_float().map(f64::to_bits), Some(f.to_bits()));
                    assert!(!v.is_int() && !v.is_ref() && !v.is_singleton(), "{f}");
                }
                None => assert!(f.abs() < two.powi(-255) || f.abs() >= two.powi(257), "{f}"),
            }
        }
        assert_eq!(Value::from_float(1e-100), None);
        assert_eq!(Value(0).as_float(), Some(0.0));
    }

    #[test]
    fn singletons_are_only_singletons() {
        for v in [Value::UNSET, Value::NONE, Value::TRUE, Value::FALSE, Value::ELLIPSIS] {
            assert!(v.is_singleton() && !v.is_int() && !v.is_float() && !v.is_ref());
        }
    }
}
