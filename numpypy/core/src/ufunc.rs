//! The table of ufuncs (name, operands, identity, loops, docs) and the choice of a loop for given operands.

use crate::dtype::promote::{Casting, Operand, can_cast, effective, value_based};
use crate::dtype::{DType, Num, Scalar};
use crate::error::{Error, Kind, R, fail};
use crate::loops::{Loop, arith, compare, complex, logic, math};

/// What a reduction over nothing gives, and what reductions start from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identity {
    Zero,
    One,
    /// All bits set.
    MinusOne,
    NegInf,
    /// None, and operands may not be regrouped: one axis at a time.
    Ordered,
    /// None, and any axes may be reduced at once, elements even twice.
    Idempotent,
}

impl Identity {
    pub fn value(self) -> Option<Scalar> {
        match self {
            Identity::Zero => Some(Scalar::Int(0)),
            Identity::One => Some(Scalar::Int(1)),
            Identity::MinusOne => Some(Scalar::Int(-1)),
            Identity::NegInf => Some(Scalar::Float(f64::NEG_INFINITY)),
            Identity::Ordered | Identity::Idempotent => None,
        }
    }
}

/// A loop and the dtypes it takes, inputs first.
pub struct LoopInfo {
    pub types: &'static [Num],
    pub run: Loop,
}

impl LoopInfo {
    pub fn dtype(&self, operand: usize) -> DType {
        DType::of(self.types[operand])
    }
}

/// A row of the table.
pub struct Info {
    pub id: Ufunc,
    pub name: &'static str,
    pub nin: usize,
    pub nout: usize,
    pub identity: Identity,
    /// The loops raise floating point errors; those of comparisons and the like don't.
    pub raises: bool,
    pub loops: &'static [LoopInfo],
    pub doc: &'static str,
}

macro_rules! code {
    (b) => { Num::Bool };
    (l) => { Num::Int64 };
    (d) => { Num::Float64 };
    (D) => { Num::Complex128 };
}

macro_rules! ufuncs {
    ($($id:ident $name:literal $nin:literal $nout:literal $identity:ident $raises:literal $doc:literal: $($($t:ident)+ => $run:path),+;)*) => {
        /// Ufuncs, in the order of the table.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Ufunc { $($id,)* }

        pub static UFUNCS: &[Info] = &[$(Info {
            id: Ufunc::$id, name: $name, nin: $nin, nout: $nout, identity: Identity::$identity, raises: $raises, doc: $doc,
            loops: &[$(LoopInfo { types: &[$(code!($t)),+], run: $run }),+],
        },)*];
    };
}

ufuncs! {
    Add "add" 2 1 Zero true "Sum, element by element.": b b b => logic::logical_or_bool, l l l => arith::add_i64, d d d => arith::add_f64, D D D => complex::add;
    Subtract "subtract" 2 1 Ordered true "Difference.": l l l => arith::subtract_i64, d d d => arith::subtract_f64, D D D => complex::subtract;
    Multiply "multiply" 2 1 One true "Product.": b b b => logic::logical_and_bool, l l l => arith::multiply_i64, d d d => arith::multiply_f64, D D D => complex::multiply;
    Divide "divide" 2 1 Ordered true "Quotient as Python 2 divides: integers rounded down.": l l l => arith::floor_divide_i64, d d d => arith::divide_f64, D D D => complex::divide;
    TrueDivide "true_divide" 2 1 Ordered true "Quotient.": l l d => arith::true_divide_i64, d d d => arith::divide_f64, D D D => complex::divide;
    FloorDivide "floor_divide" 2 1 Ordered true "Quotient rounded down.": l l l => arith::floor_divide_i64, d d d => arith::floor_divide_f64, D D D => complex::floor_divide_c128;
    Remainder "remainder" 2 1 Ordered true "Remainder with the sign of the divisor.": l l l => arith::remainder_i64, d d d => arith::remainder_f64;
    Fmod "fmod" 2 1 Ordered true "Remainder with the sign of the dividend.": l l l => arith::fmod_i64, d d d => arith::fmod_f64;
    Power "power" 2 1 Ordered true "First operand to the power of the second.": l l l => arith::power_i64, d d d => math::power_f64, D D D => complex::power;
    Negative "negative" 1 1 Ordered true "Minus the operand.": l l => arith::negative_i64, d d => arith::negative_f64, D D => complex::negative;
    Positive "positive" 1 1 Ordered true "The operand.": l l => arith::positive_i64, d d => arith::positive_f64, D D => complex::positive;
    Absolute "absolute" 1 1 Ordered true "Absolute value.": b b => logic::absolute_bool, l l => arith::absolute_i64, d d => arith::absolute_f64, D d => complex::absolute;
    Fabs "fabs" 1 1 Ordered true "Absolute value as a float.": d d => arith::absolute_f64;
    Sign "sign" 1 1 Ordered false "-1, 0 or 1.": l l => arith::sign_i64, d d => arith::sign_f64, D D => complex::sign_c128;
    Square "square" 1 1 Ordered true "The operand times itself.": l l => arith::square_i64, d d => arith::square_f64, D D => complex::square;
    Reciprocal "reciprocal" 1 1 Ordered true "1 divided by the operand.": l l => arith::reciprocal_i64, d d => arith::reciprocal_f64, D D => complex::reciprocal;
    Sqrt "sqrt" 1 1 Ordered true "Square root.": d d => math::sqrt, D D => complex::sqrt;
    Cbrt "cbrt" 1 1 Ordered true "Cube root.": d d => math::cbrt;
    Exp "exp" 1 1 Ordered true "e to the power of the operand.": d d => math::exp, D D => complex::exp;
    Exp2 "exp2" 1 1 Ordered true "2 to the power of the operand.": d d => math::exp2, D D => complex::exp2;
    Expm1 "expm1" 1 1 Ordered true "exp(x) - 1, exact near 0.": d d => math::expm1, D D => complex::expm1;
    Log "log" 1 1 Ordered true "Natural logarithm.": d d => math::log, D D => complex::log;
    Log2 "log2" 1 1 Ordered true "Logarithm to base 2.": d d => math::log2, D D => complex::log2;
    Log10 "log10" 1 1 Ordered true "Logarithm to base 10.": d d => math::log10, D D => complex::log10;
    Log1p "log1p" 1 1 Ordered true "log(1 + x), exact near 0.": d d => math::log1p, D D => complex::log1p;
    Sin "sin" 1 1 Ordered true "Sine.": d d => math::sin, D D => complex::sin;
    Cos "cos" 1 1 Ordered true "Cosine.": d d => math::cos, D D => complex::cos;
    Tan "tan" 1 1 Ordered true "Tangent.": d d => math::tan, D D => complex::tan;
    Arcsin "arcsin" 1 1 Ordered true "Inverse sine.": d d => math::arcsin, D D => complex::arcsin;
    Arccos "arccos" 1 1 Ordered true "Inverse cosine.": d d => math::arccos, D D => complex::arccos;
    Arctan "arctan" 1 1 Ordered true "Inverse tangent.": d d => math::arctan, D D => complex::arctan;
    Arctan2 "arctan2" 2 1 Ordered true "Angle of the point (second, first).": d d d => math::arctan2;
    Sinh "sinh" 1 1 Ordered true "Hyperbolic sine.": d d => math::sinh, D D => complex::sinh;
    Cosh "cosh" 1 1 Ordered true "Hyperbolic cosine.": d d => math::cosh, D D => complex::cosh;
    Tanh "tanh" 1 1 Ordered true "Hyperbolic tangent.": d d => math::tanh, D D => complex::tanh;
    Arcsinh "arcsinh" 1 1 Ordered true "Inverse hyperbolic sine.": d d => math::arcsinh, D D => complex::arcsinh;
    Arccosh "arccosh" 1 1 Ordered true "Inverse hyperbolic cosine.": d d => math::arccosh, D D => complex::arccosh;
    Arctanh "arctanh" 1 1 Ordered true "Inverse hyperbolic tangent.": d d => math::arctanh, D D => complex::arctanh;
    Hypot "hypot" 2 1 Zero true "Length of the hypotenuse.": d d d => math::hypot;
    Logaddexp "logaddexp" 2 1 NegInf true "log(exp(x) + exp(y)).": d d d => math::logaddexp;
    Deg2rad "deg2rad" 1 1 Ordered true "Degrees to radians.": d d => math::deg2rad;
    Rad2deg "rad2deg" 1 1 Ordered true "Radians to degrees.": d d => math::rad2deg;
    Floor "floor" 1 1 Ordered false "Largest integer not above.": d d => math::floor;
    Ceil "ceil" 1 1 Ordered false "Smallest integer not below.": d d => math::ceil;
    Trunc "trunc" 1 1 Ordered false "Integer part.": d d => math::trunc;
    Rint "rint" 1 1 Ordered false "Nearest integer, halves to even.": d d => math::rint, D D => complex::rint;
    Maximum "maximum" 2 1 Idempotent false "Larger operand; NaN if one is.": b b b => logic::logical_or_bool, l l l => arith::maximum_i64, d d d => arith::maximum_f64, D D D => compare::maximum_c128;
    Minimum "minimum" 2 1 Idempotent false "Smaller operand; NaN if one is.": b b b => logic::logical_and_bool, l l l => arith::minimum_i64, d d d => arith::minimum_f64, D D D => compare::minimum_c128;
    Fmax "fmax" 2 1 Idempotent false "Larger operand, NaN left aside.": b b b => logic::logical_or_bool, l l l => arith::maximum_i64, d d d => arith::fmax_f64, D D D => compare::fmax_c128;
    Fmin "fmin" 2 1 Idempotent false "Smaller operand, NaN left aside.": b b b => logic::logical_and_bool, l l l => arith::minimum_i64, d d d => arith::fmin_f64, D D D => compare::fmin_c128;
    Equal "equal" 2 1 Ordered false "x == y.": b b b => compare::equal_bool, l l b => compare::equal_i64, d d b => compare::equal_f64, D D b => compare::equal_c128;
    NotEqual "not_equal" 2 1 Ordered false "x != y.": b b b => compare::not_equal_bool, l l b => compare::not_equal_i64, d d b => compare::not_equal_f64, D D b => compare::not_equal_c128;
    Less "less" 2 1 Ordered false "x < y.": b b b => compare::less_bool, l l b => compare::less_i64, d d b => compare::less_f64, D D b => compare::less_c128;
    LessEqual "less_equal" 2 1 Ordered false "x <= y.": b b b => compare::less_equal_bool, l l b => compare::less_equal_i64, d d b => compare::less_equal_f64, D D b => compare::less_equal_c128;
    Greater "greater" 2 1 Ordered false "x > y.": b b b => compare::greater_bool, l l b => compare::greater_i64, d d b => compare::greater_f64, D D b => compare::greater_c128;
    GreaterEqual "greater_equal" 2 1 Ordered false "x >= y.": b b b => compare::greater_equal_bool, l l b => compare::greater_equal_i64, d d b => compare::greater_equal_f64, D D b => compare::greater_equal_c128;
    LogicalAnd "logical_and" 2 1 One false "Both are true.": b b b => logic::logical_and_bool, l l b => logic::logical_and_i64, d d b => logic::logical_and_f64, D D b => logic::logical_and_c128;
    LogicalOr "logical_or" 2 1 Zero false "One is true.": b b b => logic::logical_or_bool, l l b => logic::logical_or_i64, d d b => logic::logical_or_f64, D D b => logic::logical_or_c128;
    LogicalXor "logical_xor" 2 1 Zero false "Just one is true.": b b b => logic::logical_xor_bool, l l b => logic::logical_xor_i64, d d b => logic::logical_xor_f64, D D b => logic::logical_xor_c128;
    LogicalNot "logical_not" 1 1 Ordered false "The operand is false.": b b => logic::logical_not_bool, l b => logic::logical_not_i64, d b => logic::logical_not_f64, D b => logic::logical_not_c128;
    BitwiseAnd "bitwise_and" 2 1 MinusOne false "Bits set in both.": b b b => logic::logical_and_bool, l l l => logic::bitwise_and_i64;
    BitwiseOr "bitwise_or" 2 1 Zero false "Bits set in one.": b b b => logic::logical_or_bool, l l l => logic::bitwise_or_i64;
    BitwiseXor "bitwise_xor" 2 1 Zero false "Bits set in just one.": b b b => logic::logical_xor_bool, l l l => logic::bitwise_xor_i64;
    Invert "invert" 1 1 Ordered false "Bits flipped; for bool, not.": b b => logic::logical_not_bool, l l => logic::invert_i64;
    LeftShift "left_shift" 2 1 Ordered false "Bits moved left.": l l l => logic::left_shift_i64;
    RightShift "right_shift" 2 1 Ordered false "Bits moved right.": l l l => logic::right_shift_i64;
    Isnan "isnan" 1 1 Ordered false "Is not a number.": d b => logic::isnan_f64, D b => logic::isnan_c128;
    Isinf "isinf" 1 1 Ordered false "Is infinite.": d b => logic::isinf_f64, D b => logic::isinf_c128;
    Isfinite "isfinite" 1 1 Ordered false "Is neither infinite nor NaN.": d b => logic::isfinite_f64, D b => logic::isfinite_c128;
    Signbit "signbit" 1 1 Ordered false "The sign bit is set.": d b => logic::signbit_f64;
    Copysign "copysign" 2 1 Ordered false "First operand with the sign of the second.": d d d => math::copysign;
    Nextafter "nextafter" 2 1 Ordered true "Next float towards the second operand.": d d d => math::next_after;
    Conjugate "conjugate" 1 1 Ordered false "Complex conjugate.": l l => arith::positive_i64, d d => arith::positive_f64, D D => complex::conjugate;
    Real "real" 1 1 Ordered false "Real part.": l l => arith::positive_i64, d d => arith::positive_f64, D d => complex::real;
    Imag "imag" 1 1 Ordered false "Imaginary part of complex numbers.": D d => complex::imag;
    Angle "angle" 1 1 Ordered false "Angle in the complex plane, in radians.": l d => math::angle_i64, d d => math::angle_f64, D d => complex::angle;
}

impl Ufunc {
    pub fn info(self) -> &'static Info {
        &UFUNCS[self as usize]
    }
    pub fn by_name(name: &str) -> Option<Ufunc> {
        UFUNCS.iter().find(|i| i.name == name).map(|i| i.id)
    }
}

impl Info {
    /// Operations that NumPy refuses for bool with a message of their own.
    fn refused(&self, inputs: &[DType]) -> Option<String> {
        if inputs.iter().any(|d| d.num != Num::Bool) {
            return None;
        }
        let text = match self.id {
            Ufunc::Subtract => Some("numpy boolean subtract, the `-` operator, is deprecated, use the bitwise_xor, the `^` operator, or the logical_xor function instead."),
            Ufunc::Negative => Some("The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead."),
            Ufunc::Positive | Ufunc::Sign => {
                return Some(format!("ufunc '{}' did not contain a loop with signature matching types dtype('bool') dtype('bool')", self.name));
            }
            _ => None,
        };
        text.map(str::to_string)
    }

    /// The first loop whose inputs all operands can be cast to. Errors: TypeError with NumPy's texts.
    pub fn resolve(&self, inputs: &[Operand], casting: Casting) -> R<&'static LoopInfo> {
        let by_value = value_based(inputs);
        let types: smallvec::SmallVec<[DType; 4]> = inputs.iter().map(|&o| effective(o, by_value)).collect();
        if let Some(text) = self.refused(&types) {
            fail!(Type, "{text}");
        }
        let rule = casting.min(Casting::Safe);
        let fits = |l: &&LoopInfo| types.iter().enumerate().all(|(i, &t)| can_cast(t, l.dtype(i), rule));
        self.loops.iter().find(fits).ok_or_else(|| {
            let text = format!(
                "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''{}''",
                self.name,
                rule.name()
            );
            Error::new(Kind::Type, text)
        })
    }

    /// The loop for `dtype=` or a reduction: both inputs and the output are of `dtype`, or of bool for logical functions.
    /// Errors: TypeError.
    pub fn reduction_loop(&self, dtype: DType) -> R<&'static LoopInfo> {
        if self.nin != 2 || self.nout != 1 {
            fail!(Value, "reduce only supported for binary functions");
        }
        if let Some(text) = self.refused(&[dtype]) {
            fail!(Type, "{text}");
        }
        let uniform = |l: &&LoopInfo| l.types.iter().all(|&t| t == l.types[0]);
        let mut found = self.loops.iter().filter(uniform).filter(|l| l.dtype(0) == dtype);
        let logical = self.loops.iter().any(|l| can_cast(dtype, l.dtype(0), Casting::Safe) && l.types[2] == Num::Bool);
        found.next().or_else(|| self.loops.iter().filter(uniform).find(|l| logical && l.types[0] == Num::Bool)).ok_or_else(|| {
            Error::new(Kind::Type, format!("No loop matching the specified signature and casting\nwas found for ufunc {}", self.name))
        })
    }

    /// The dtype in which a reduction runs when none is asked for: sums and products of bool count in int64.
    pub fn reduction_dtype(&self, input: DType) -> DType {
        let widens = matches!(self.id, Ufunc::Add | Ufunc::Multiply) && matches!(input.kind(), 'b' | 'i' | 'u') && input.size < 8;
        match (widens, input.kind()) {
            (true, 'u') => DType::of(Num::UInt64),
            (true, _) => DType::of(Num::Int64),
            _ => input,
        }
    }

    /// Errors: TypeError if an input may not be converted to the loop's dtype.
    pub fn check_input(&self, from: DType, to: DType, casting: Casting) -> R<()> {
        if can_cast(from, to, casting) {
            return Ok(());
        }
        let (from, to, rule) = (from.name(), to.name(), casting.name());
        fail!(Type, "Cannot cast ufunc {} input from dtype('{from}') to dtype('{to}') with casting rule '{rule}'", self.name)
    }

    /// Errors: TypeError if the loop's result may not be written to an output of this dtype.
    pub fn check_output(&self, from: DType, to: DType, casting: Casting) -> R<()> {
        if can_cast(from, to, casting) {
            return Ok(());
        }
        let show = |d: DType| format!("dtype('{}')", d.name());
        fail!(Type, "Cannot cast ufunc {} output from {} to {} with casting rule '{}'", self.name, show(from), show(to), casting.name())
    }
}
