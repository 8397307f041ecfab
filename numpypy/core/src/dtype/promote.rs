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

/// The smallest dtype of its kind that holds the value (`np.min_scalar_type`), among the dtypes that have loops.
pub fn min_scalar_type(value: Scalar) -> DType {
    value.dtype()
}

/// What an operand counts as: value-based casting applies to scalars next to arrays of the same kind or a higher one.
pub fn effective(operand: Operand, value_based: bool) -> DType {
    match operand.value {
        Some(v) if value_based => min_scalar_type(v),
        _ => operand.dtype,
    }
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
        return Ok(DType { swapped: false, ..a });
    }
    let found = LADDER.iter().map(|&n| DType::of(n)).find(|&t| a.is_number() && b.is_number() && safe_numbers(a, t) && safe_numbers(b, t));
    found.ok_or_else(|| Error::new(Kind::Type, "invalid type promotion"))
}

/// `np.result_type`. Errors: TypeError; ValueError without operands.
pub fn result_type(operands: &[Operand]) -> R<DType> {
    let by_value = value_based(operands);
    let mut types = operands.iter().map(|&o| effective(o, by_value));
    let first = types.next().ok_or_else(|| Error::new(Kind::Value, "at least one array or dtype is required"))?;
    types.try_fold(first, promote)
}
