//! Casting rules and promotion of NumPy 1.x, derived from kind and size of the dtypes.

use super::{DType, Num, Scalar};
use crate::error::{Error, Kind, R};

/// `casting=` arguments, each allows what those before it allow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Casting {
    No,
    Equiv,
    Safe,
    SameKind,
    Unsafe,
}

impl Casting {
    pub const NAMES: [(&'static str, Casting); 5] =
        [("no", Casting::No), ("equiv", Casting::Equiv), ("safe", Casting::Safe), ("same_kind", Casting::SameKind), ("unsafe", Casting::Unsafe)];
    /// Errors: ValueError.
    pub fn parse(name: &str) -> R<Casting> {
        let found = Casting::NAMES.iter().find(|(n, _)| *n == name);
        found.map(|(_, c)| *c).ok_or_else(|| Error::new(Kind::Value, "casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe'"))
    }
    pub fn name(self) -> &'static str {
        Casting::NAMES[self as usize].0
    }
}

/// Rank of number kinds in `same_kind` casting.
fn rank(kind: char) -> Option<u8> {
    "buifc".find(kind).map(|i| i as u8)
}

/// Bits that a kind of integer or float keeps exactly by NumPy's rule (64-bit integers count as exact in float64).
fn safe_numbers(from: DType, to: DType) -> bool {
    let (size, room) = (from.size, to.size);
    match (from.kind(), to.kind()) {
        ('b', _) => true,
        ('u', 'u') | ('i', 'i') | ('f', 'f') | ('c', 'c') => size <= room,
        ('u', 'i') => size < room,
        ('u' | 'i', 'f') => size < room || room == 8,
        ('u' | 'i', 'c') => size < room / 2 || room == 16,
        ('f', 'c') => size <= room / 2,
        _ => false,
    }
}

/// `np.can_cast` between dtypes.
pub fn can_cast(from: DType, to: DType, casting: Casting) -> bool {
    let equivalent = from.num.row().kind == to.num.row().kind && from.size == to.size;
    match casting {
        Casting::Unsafe => true,
        Casting::Safe | Casting::SameKind if !from.is_number() || !to.is_number() => match (from.kind(), to.kind()) {
            (_, 'O') => true,
            ('S', 'S') | ('U', 'U') | ('S', 'U') | ('V', 'V') => casting == Casting::SameKind || to.size == 0 || text_length(from) <= text_length(to),
            (_, 'S' | 'U') if from.is_number() => to.size == 0 || text_length(from) <= text_length(to),
            (_, 'V') => casting == Casting::SameKind || from.size <= to.size,
            _ => false,
        },
        Casting::No => equivalent && from.swapped == to.swapped,
        Casting::Equiv => equivalent,
        Casting::Safe | Casting::SameKind => {
            let (Some(a), Some(b)) = (rank(from.kind()), rank(to.kind())) else { return equivalent };
            equivalent || safe_numbers(from, to) || casting == Casting::SameKind && a <= b
        }
    }
}

/// An operand of type resolution: its dtype and, if it is a scalar or 0-d array, its value.
#[derive(Clone, Copy)]
pub struct Operand {
    pub dtype: DType,
    pub value: Option<Scalar>,
}

impl Operand {
    pub fn array(dtype: DType) -> Operand {
        Operand { dtype, value: None }
    }
}

/// The smallest dtype of its kind that holds the value (`np.min_scalar_type`), and whether it is unsigned with a value that the
/// signed dtype of the same size holds, too.
pub fn min_scalar(value: Scalar) -> (DType, bool) {
    let d = |n: Num| DType::of(n);
    // NumPy's bounds, below the largest numbers of the dtypes.
    let half = |x: f64| x.is_nan() || x.is_infinite() || x > -65000.0 && x < 65000.0;
    let single = |x: f64| x > -3.4e38 && x < 3.4e38 || x.is_nan() || x.is_infinite();
    match value {
        Scalar::Bool(_) => (d(Num::Bool), false),
        Scalar::Int(i) if i >= 0 => match i as u64 {
            0..=0xff => (d(Num::UInt8), i <= i64::from(i8::MAX)),
            0x100..=0xffff => (d(Num::UInt16), i <= i64::from(i16::MAX)),
            0x1_0000..=0xffff_ffff => (d(Num::UInt32), i <= i64::from(i32::MAX)),
            _ => (d(Num::UInt64), true),
        },
        Scalar::Int(i) if i >= i64::from(i8::MIN) => (d(Num::Int8), false),
        Scalar::Int(i) if i >= i64::from(i16::MIN) => (d(Num::Int16), false),
        Scalar::Int(i) if i >= i64::from(i32::MIN) => (d(Num::Int32), false),
        Scalar::Int(_) => (d(Num::Int64), false),
        Scalar::UInt(_) => (d(Num::UInt64), false),
        Scalar::Float(x) => (d(if half(x) { Num::Float16 } else if single(x) { Num::Float32 } else { Num::Float64 }), false),
        Scalar::Complex(re, im) => (d(if single(re) && single(im) && re.is_finite() && im.is_finite() { Num::Complex64 } else { Num::Complex128 }), false),
    }
}
fn signed(d: DType) -> DType {
    DType::of(match d.num {
        Num::UInt8 => Num::Int8,
        Num::UInt16 => Num::Int16,
        Num::UInt32 => Num::Int32,
        Num::UInt64 => Num::Int64,
        other => other,
    })
}

/// What an operand counts as: value-based casting applies to scalars next to arrays of the same kind or a higher one.
pub fn effective(operand: Operand, value_based: bool) -> (DType, bool) {
    match operand.value {
        // A narrower dtype of its own is never widened.
        Some(v) if value_based => min_scalar(v),
        _ => (operand.dtype.native(), false),
    }
}
/// `can_cast` of what [`effective`] gave.
pub fn can_cast_effective((from, small): (DType, bool), to: DType, casting: Casting) -> bool {
    let from = if small && !matches!(to.kind(), 'b' | 'u') { signed(from) } else { from };
    can_cast(from, to, casting)
}

/// Whether scalars among the operands are judged by value: some operand is an array, and no scalar's kind is above all arrays'.
pub fn value_based(operands: &[Operand]) -> bool {
    let class = |d: DType| match d.kind() {
        'b' => 0,
        'u' | 'i' => 1,
        'f' | 'c' => 2,
        _ => 3,
    };
    let top = |scalar: bool| operands.iter().filter(|o| o.value.is_some() == scalar).map(|o| class(o.dtype)).max();
    match (top(false), top(true)) {
        (Some(arrays), Some(scalars)) => arrays >= scalars,
        _ => false,
    }
}

/// Candidates of a promotion, smaller first.
const LADDER: [Num; 14] = [
    Num::Bool, Num::Int8, Num::UInt8, Num::Int16, Num::UInt16, Num::Int32, Num::UInt32, Num::Int64, Num::UInt64,
    Num::Float16, Num::Float32, Num::Float64, Num::Complex64, Num::Complex128,
];

/// `np.promote_types`: the smallest dtype to which both cast safely. Errors: TypeError.
pub fn promote(a: DType, b: DType) -> R<DType> {
    if a.num == b.num && a.size == b.size {
        return Ok(a.native());
    }
    let text = |d: DType| matches!(d.kind(), 'S' | 'U');
    if (text(a) || text(b)) && (text(a) || a.is_number()) && (text(b) || b.is_number()) {
        let num = if a.kind() == 'U' || b.kind() == 'U' { Num::Str } else { Num::Bytes };
        let letters = text_length(a).max(text_length(b));
        return Ok(DType::sized(num, letters * if num == Num::Str { 4 } else { 1 }));
    }
    let found = LADDER.iter().map(|&n| DType::of(n)).find(|&t| a.is_number() && b.is_number() && safe_numbers(a, t) && safe_numbers(b, t));
    found.ok_or_else(|| Error::new(Kind::Type, "invalid type promotion"))
}

/// Letters that text of a dtype's elements may need.
pub fn text_length(d: DType) -> u32 {
    match (d.kind(), d.size) {
        ('S' | 'V', n) => n,
        ('U', n) => n / 4,
        ('b', _) => 5,
        ('u', n) => [3, 5, 10, 20][n.trailing_zeros() as usize & 3],
        ('i', n) => [4, 6, 11, 21][n.trailing_zeros() as usize & 3],
        ('f', _) => 32,
        _ => 64,
    }
}

/// `np.result_type`. Errors: TypeError; ValueError without operands.
pub fn result_type(operands: &[Operand]) -> R<DType> {
    let by_value = value_based(operands);
    let mut types = operands.iter().map(|&o| effective(o, by_value));
    let first = types.next().ok_or_else(|| Error::new(Kind::Value, "at least one array or dtype is required"))?;
    let (d, _) = types.try_fold(first, |(a, small_a), (b, small_b)| {
        let plain = |d: DType| matches!(d.kind(), 'b' | 'u');
        let d = match (small_a, small_b) {
            (true, false) if !plain(b) => promote(signed(a), b)?,
            (false, true) if !plain(a) => promote(a, signed(b))?,
            _ => promote(a, b)?,
        };
        Ok((d, small_a && small_b))
    })?;
    Ok(d)
}
