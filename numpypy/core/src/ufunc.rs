//! The table of ufuncs (name, operands, identity, loops, docs) and the choice of a loop for given operands.

use crate::dtype::promote::{Casting, Operand, can_cast, can_cast_effective, effective, result_type, value_based};
use crate::dtype::{DType, F16, Num, Scalar};
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
    /// Inputs are converted to their common dtype; other ufuncs take the first loop to which all inputs cast safely.
    pub uniform: bool,
    pub groups: &'static [&'static [LoopInfo]],
    pub doc: &'static str,
}

/// The dtype of an operand: the group's own type, or a fixed one.
macro_rules! code {
    (x $num:ident) => { Num::$num };
    (b $num:ident) => { Num::Bool };
    (d $num:ident) => { Num::Float64 };
    (D $num:ident) => { Num::Complex128 };
    // The parts of complex numbers.
    (r Complex64) => { Num::Float32 };
    (r Complex128) => { Num::Float64 };
}
macro_rules! one {
    ($num:ident $($t:ident)+ => $run:expr) => { LoopInfo { types: &[$(code!($t $num)),+], run: $run } };
}
// Operand types of an entry are a list in brackets, so that they repeat beside the types of the group.
macro_rules! all {
    ($run:tt $types:tt; $($num:ident $t:ty),+) => { &[$(all!(@ $run $types $num $t)),+] };
    (@ [$($run:tt)+] [$($t:ident)+] $num:ident $ty:ty) => { one!($num $($t)+ => $($run)+::<$ty>) };
}
/// Loops of a class of dtypes: b a single one, B a single one of float64, i integers, f floats, c complex numbers, l floats with an integer.
macro_rules! group {
    (B $($t:ident)+ => $($run:ident)::+) => { &[one!(Bool $($t)+ => $($run)::+::<f64>)] };
    (b $($t:ident)+ => $run:path) => { &[one!(Bool $($t)+ => $run)] };
    (i $($t:ident)+ => $($run:ident)::+) => { all!([$($run)::+] [$($t)+]; Int8 i8, UInt8 u8, Int16 i16, UInt16 u16, Int32 i32, UInt32 u32, Int64 i64, UInt64 u64) };
    (f $($t:ident)+ => $($run:ident)::+) => { all!([$($run)::+] [$($t)+]; Float16 F16, Float32 f32, Float64 f64) };
    (c $($t:ident)+ => $($run:ident)::+) => { all!([$($run)::+] [$($t)+]; Complex64 f32, Complex128 f64) };
    (l x => math::ldexp) => {
        &[
            LoopInfo { types: &[Num::Float16, Num::Int32, Num::Float16], run: math::ldexp::<F16, i32> },
            LoopInfo { types: &[Num::Float32, Num::Int32, Num::Float32], run: math::ldexp::<f32, i32> },
            LoopInfo { types: &[Num::Float16, Num::Int64, Num::Float16], run: math::ldexp::<F16, i64> },
            LoopInfo { types: &[Num::Float32, Num::Int64, Num::Float32], run: math::ldexp::<f32, i64> },
            LoopInfo { types: &[Num::Float64, Num::Int32, Num::Float64], run: math::ldexp::<f64, i32> },
            LoopInfo { types: &[Num::Float64, Num::Int64, Num::Float64], run: math::ldexp::<f64, i64> },
        ]
    };
}

macro_rules! ufuncs {
    ($($id:ident $name:literal $nin:literal $nout:literal $identity:ident $raises:literal $uniform:literal $doc:literal: $($class:ident $($t:ident)+ => $($run:ident)::+),+;)*) => {
        /// Ufuncs, in the order of the table.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum Ufunc { $($id,)* }

        pub static UFUNCS: &[Info] = &[$(Info {
            id: Ufunc::$id, name: $name, nin: $nin, nout: $nout, identity: Identity::$identity, raises: $raises, uniform: $uniform, doc: $doc,
            groups: &[$(group!($class $($t)+ => $($run)::+)),+],
        },)*];
    };
}

ufuncs! {
    Add "add" 2 1 Zero true true "Sum, element by element.": b b b b => logic::b_or, i x x x => arith::i_add, f x x x => arith::r_add, c x x x => complex::add;
    Subtract "subtract" 2 1 Ordered true true "Difference.": i x x x => arith::i_subtract, f x x x => arith::r_subtract, c x x x => complex::subtract;
    Multiply "multiply" 2 1 One true true "Product.": b b b b => logic::b_and, i x x x => arith::i_multiply, f x x x => arith::r_multiply, c x x x => complex::multiply;
    Divide "divide" 2 1 Ordered true true "Quotient as Python 2 divides: integers rounded down.": i x x x => arith::i_floor_divide, f x x x => arith::r_divide, c x x x => complex::divide;
    TrueDivide "true_divide" 2 1 Ordered true true "Quotient.": f x x x => arith::r_divide, c x x x => complex::divide, i x x d => arith::i_true_divide;
    FloorDivide "floor_divide" 2 1 Ordered true true "Quotient rounded down.": i x x x => arith::i_floor_divide, f x x x => arith::r_floor_divide, c x x x => complex::floor_division;
    Remainder "remainder" 2 1 Ordered true false "Remainder with the sign of the divisor.": i x x x => arith::i_remainder, f x x x => arith::r_remainder;
    Fmod "fmod" 2 1 Ordered true false "Remainder with the sign of the dividend.": i x x x => arith::i_fmod, f x x x => arith::r_fmod;
    Power "power" 2 1 Ordered true false "First operand to the power of the second.": i x x x => arith::i_power, f x x x => math::r_power, c x x x => complex::power;
    FloatPower "float_power" 2 1 Ordered true false "Power of floats.": b d d d => math::float_power, B D D D => complex::power;
    Negative "negative" 1 1 Ordered true false "Minus the operand.": i x x => arith::i_negative, f x x => arith::r_negative, c x x => complex::negative;
    Positive "positive" 1 1 Ordered true false "The operand.": i x x => arith::i_positive, f x x => arith::r_positive, c x x => complex::positive;
    Absolute "absolute" 1 1 Ordered true false "Absolute value.": b b b => logic::b_absolute, i x x => arith::i_absolute, f x x => arith::r_absolute, c x r => complex::absolute;
    Fabs "fabs" 1 1 Ordered true false "Absolute value as a float.": f x x => arith::r_absolute;
    Sign "sign" 1 1 Ordered false false "-1, 0 or 1.": i x x => arith::i_sign, f x x => arith::r_sign, c x x => complex::signum;
    Square "square" 1 1 Ordered true false "The operand times itself.": i x x => arith::i_square, f x x => arith::r_square, c x x => complex::square;
    Reciprocal "reciprocal" 1 1 Ordered true false "1 divided by the operand.": i x x => arith::i_reciprocal, f x x => arith::r_reciprocal, c x x => complex::reciprocal;
    Sqrt "sqrt" 1 1 Ordered true false "Square root.": f x x => math::sqrt, c x x => complex::sqrt;
    Exp "exp" 1 1 Ordered true false "e to the power of the operand.": f x x => math::exp, c x x => complex::exp;
    Exp2 "exp2" 1 1 Ordered true false "2 to the power of the operand.": f x x => math::exp2, c x x => complex::exp2;
    Expm1 "expm1" 1 1 Ordered true false "exp(x) - 1, exact near 0.": f x x => math::expm1, c x x => complex::expm1;
    Log "log" 1 1 Ordered true false "Natural logarithm.": f x x => math::log, c x x => complex::log;
    Log2 "log2" 1 1 Ordered true false "Logarithm to base 2.": f x x => math::log2, c x x => complex::log2;
    Log10 "log10" 1 1 Ordered true false "Logarithm to base 10.": f x x => math::log10, c x x => complex::log10;
    Log1p "log1p" 1 1 Ordered true false "log(1 + x), exact near 0.": f x x => math::log1p, c x x => complex::log1p;
    Sin "sin" 1 1 Ordered true false "Sine.": f x x => math::sin, c x x => complex::sin;
    Cos "cos" 1 1 Ordered true false "Cosine.": f x x => math::cos, c x x => complex::cos;
    Tan "tan" 1 1 Ordered true false "Tangent.": f x x => math::tan, c x x => complex::tan;
    Arcsin "arcsin" 1 1 Ordered true false "Inverse sine.": f x x => math::arcsin, c x x => complex::arcsin;
    Arccos "arccos" 1 1 Ordered true false "Inverse cosine.": f x x => math::arccos, c x x => complex::arccos;
    Arctan "arctan" 1 1 Ordered true false "Inverse tangent.": f x x => math::arctan, c x x => complex::arctan;
    Sinh "sinh" 1 1 Ordered true false "Hyperbolic sine.": f x x => math::sinh, c x x => complex::sinh;
    Cosh "cosh" 1 1 Ordered true false "Hyperbolic cosine.": f x x => math::cosh, c x x => complex::cosh;
    Tanh "tanh" 1 1 Ordered true false "Hyperbolic tangent.": f x x => math::tanh, c x x => complex::tanh;
    Arcsinh "arcsinh" 1 1 Ordered true false "Inverse hyperbolic sine.": f x x => math::arcsinh, c x x => complex::arcsinh;
    Arccosh "arccosh" 1 1 Ordered true false "Inverse hyperbolic cosine.": f x x => math::arccosh, c x x => complex::arccosh;
    Arctanh "arctanh" 1 1 Ordered true false "Inverse hyperbolic tangent.": f x x => math::arctanh, c x x => complex::arctanh;
    Cbrt "cbrt" 1 1 Ordered true false "Cube root.": f x x => math::cbrt;
    Deg2rad "deg2rad" 1 1 Ordered true false "Degrees to radians.": f x x => math::deg2rad;
    Rad2deg "rad2deg" 1 1 Ordered true false "Radians to degrees.": f x x => math::rad2deg;
    Floor "floor" 1 1 Ordered false false "Largest integer not above.": f x x => math::floor;
    Ceil "ceil" 1 1 Ordered false false "Smallest integer not below.": f x x => math::ceil;
    Trunc "trunc" 1 1 Ordered false false "Integer part.": f x x => math::trunc;
    Rint "rint" 1 1 Ordered false false "Nearest integer, halves to even.": f x x => math::rint, c x x => complex::rint;
    Arctan2 "arctan2" 2 1 Ordered true false "Angle of the point (second, first).": f x x x => math::arctan2;
    Hypot "hypot" 2 1 Zero true false "Length of the hypotenuse.": f x x x => math::hypot;
    Logaddexp "logaddexp" 2 1 NegInf true false "log(exp(x) + exp(y)).": f x x x => math::logaddexp;
    Logaddexp2 "logaddexp2" 2 1 NegInf true false "log2(2**x + 2**y).": f x x x => math::logaddexp2;
    Heaviside "heaviside" 2 1 Ordered true false "0 below 0, 1 above, the second operand at 0.": f x x x => math::heaviside;
    Spacing "spacing" 1 1 Ordered true false "Distance to the next float.": f x x => math::spacing;
    Gcd "gcd" 2 1 Zero true false "Greatest common divisor.": i x x x => arith::i_gcd;
    Lcm "lcm" 2 1 Ordered true false "Least common multiple.": i x x x => arith::i_lcm;
    Ldexp "ldexp" 2 1 Ordered true false "First operand times 2 to the power of the second.": l x => math::ldexp;
    Maximum "maximum" 2 1 Idempotent false true "Larger operand; NaN if one is.": b b b b => logic::b_or, i x x x => arith::i_maximum, f x x x => arith::r_maximum, c x x x => compare::c_maximum;
    Minimum "minimum" 2 1 Idempotent false true "Smaller operand; NaN if one is.": b b b b => logic::b_and, i x x x => arith::i_minimum, f x x x => arith::r_minimum, c x x x => compare::c_minimum;
    Fmax "fmax" 2 1 Idempotent false true "Larger operand, NaN left aside.": b b b b => logic::b_or, i x x x => arith::i_maximum, f x x x => arith::r_fmax, c x x x => compare::c_fmax;
    Fmin "fmin" 2 1 Idempotent false true "Smaller operand, NaN left aside.": b b b b => logic::b_and, i x x x => arith::i_minimum, f x x x => arith::r_fmin, c x x x => compare::c_fmin;
    Equal "equal" 2 1 Ordered false true "x == y.": b b b b => compare::b_equal, i x x b => compare::i_equal, f x x b => compare::r_equal, c x x b => compare::c_equal;
    NotEqual "not_equal" 2 1 Ordered false true "x != y.": b b b b => compare::b_not_equal, i x x b => compare::i_not_equal, f x x b => compare::r_not_equal, c x x b => compare::c_not_equal;
    Less "less" 2 1 Ordered false true "x < y.": b b b b => compare::b_less, i x x b => compare::i_less, f x x b => compare::r_less, c x x b => compare::c_less;
    LessEqual "less_equal" 2 1 Ordered false true "x <= y.": b b b b => compare::b_less_equal, i x x b => compare::i_less_equal, f x x b => compare::r_less_equal, c x x b => compare::c_less_equal;
    Greater "greater" 2 1 Ordered false true "x > y.": b b b b => compare::b_greater, i x x b => compare::i_greater, f x x b => compare::r_greater, c x x b => compare::c_greater;
    GreaterEqual "greater_equal" 2 1 Ordered false true "x >= y.": b b b b => compare::b_greater_equal, i x x b => compare::i_greater_equal, f x x b => compare::r_greater_equal, c x x b => compare::c_greater_equal;
    LogicalAnd "logical_and" 2 1 One false true "Both are true.": b b b b => logic::b_and, i x x b => logic::logical_and, f x x b => logic::logical_and, c x x b => logic::c_and;
    LogicalOr "logical_or" 2 1 Zero false true "One is true.": b b b b => logic::b_or, i x x b => logic::logical_or, f x x b => logic::logical_or, c x x b => logic::c_or;
    LogicalXor "logical_xor" 2 1 Zero false true "Just one is true.": b b b b => logic::b_xor, i x x b => logic::logical_xor, f x x b => logic::logical_xor, c x x b => logic::c_xor;
    LogicalNot "logical_not" 1 1 Ordered false false "The operand is false.": b b b => logic::b_not, i x b => logic::logical_not, f x b => logic::logical_not, c x b => logic::c_not;
    BitwiseAnd "bitwise_and" 2 1 MinusOne false false "Bits set in both.": b b b b => logic::b_and, i x x x => logic::i_and;
    BitwiseOr "bitwise_or" 2 1 Zero false false "Bits set in one.": b b b b => logic::b_or, i x x x => logic::i_or;
    BitwiseXor "bitwise_xor" 2 1 Zero false false "Bits set in just one.": b b b b => logic::b_xor, i x x x => logic::i_xor;
    Invert "invert" 1 1 Ordered false false "Bits flipped; for bool, not.": b b b => logic::b_not, i x x => logic::i_invert;
    LeftShift "left_shift" 2 1 Ordered false false "Bits moved left.": i x x x => logic::i_left_shift;
    RightShift "right_shift" 2 1 Ordered false false "Bits moved right.": i x x x => logic::i_right_shift;
    Isnan "isnan" 1 1 Ordered false false "Is not a number.": f x b => logic::r_isnan, c x b => logic::c_isnan;
    Isinf "isinf" 1 1 Ordered false false "Is infinite.": f x b => logic::r_isinf, c x b => logic::c_isinf;
    Isfinite "isfinite" 1 1 Ordered false false "Is neither infinite nor NaN.": f x b => logic::r_isfinite, c x b => logic::c_isfinite;
    Signbit "signbit" 1 1 Ordered false false "The sign bit is set.": f x b => logic::r_signbit;
    Copysign "copysign" 2 1 Ordered false false "First operand with the sign of the second.": f x x x => math::copysign;
    Nextafter "nextafter" 2 1 Ordered true false "Next float towards the second operand.": f x x x => math::next_after;
    Conjugate "conjugate" 1 1 Ordered false false "Complex conjugate.": i x x => arith::i_positive, f x x => arith::r_positive, c x x => complex::conjugate;
    Real "real" 1 1 Ordered false false "Real part.": i x x => arith::i_positive, f x x => arith::r_positive, c x r => complex::real;
    Imag "imag" 1 1 Ordered false false "Imaginary part of complex numbers.": c x r => complex::imag;
    Angle "angle" 1 1 Ordered false false "Angle in the complex plane, in radians.": i x d => math::i_angle, f x x => math::r_angle, c x r => complex::angle;
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
    /// The loops, in the order of the search.
    pub fn loops(&self) -> impl Iterator<Item = &'static LoopInfo> {
        self.groups.iter().flat_map(|g| g.iter())
    }
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
        let types: smallvec::SmallVec<[(DType, bool); 4]> = inputs.iter().map(|&o| effective(o, by_value)).collect();
        if let Some(text) = self.refused(&inputs.iter().map(|o| o.dtype).collect::<smallvec::SmallVec<[DType; 4]>>()) {
            fail!(Type, "{text}");
        }
        let rule = casting.min(Casting::Safe);
        if self.uniform {
            let common = result_type(inputs)?;
            let integral = self.id == Ufunc::TrueDivide && matches!(common.kind(), 'b' | 'i' | 'u');
            // A true quotient of integers is computed in the loop of the common dtype.
            let common = if integral && common.num == Num::Bool { DType::of(Num::Int8) } else { common };
            if let Some(l) = self.loops().find(|l| l.dtype(0) == common && l.dtype(1) == common) {
                return Ok(l);
            }
        }
        let fits = |l: &&LoopInfo| types.iter().enumerate().all(|(i, &t)| can_cast_effective(t, l.dtype(i), rule));
        self.loops().find(fits).ok_or_else(|| {
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
        let uniform = |l: &&'static LoopInfo| l.types.iter().all(|&t| t == l.types[0]);
        let mut found = self.loops().filter(uniform).filter(|l| l.dtype(0) == dtype);
        let logical = self.loops().any(|l| can_cast(dtype, l.dtype(0), Casting::Safe) && l.types[2] == Num::Bool);
        found.next().or_else(|| self.loops().filter(uniform).find(|l| logical && l.types[0] == Num::Bool)).ok_or_else(|| {
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
