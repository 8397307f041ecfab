//! Comparisons. Complex numbers compare by real part, then imaginary part.

use super::{B, loops};
use crate::dtype::Complex;

macro_rules! ordered {
    ($t:ty: $eq:ident $ne:ident $lt:ident $le:ident $gt:ident $ge:ident) => {
        loops! {
            $eq: ($t, $t) binary |x, y| B::new(x == y);
            $ne: ($t, $t) binary |x, y| B::new(x != y);
            $lt: ($t, $t) binary |x, y| B::new(x < y);
            $le: ($t, $t) binary |x, y| B::new(x <= y);
            $gt: ($t, $t) binary |x, y| B::new(x > y);
            $ge: ($t, $t) binary |x, y| B::new(x >= y);
        }
    };
}
ordered!(i64: equal_i64 not_equal_i64 less_i64 less_equal_i64 greater_i64 greater_equal_i64);
ordered!(f64: equal_f64 not_equal_f64 less_f64 less_equal_f64 greater_f64 greater_equal_f64);

fn less(x: Complex, y: Complex) -> bool {
    x.re < y.re && !x.im.is_nan() && !y.im.is_nan() || x.re == y.re && x.im < y.im
}
fn less_equal(x: Complex, y: Complex) -> bool {
    x.re < y.re && !x.im.is_nan() && !y.im.is_nan() || x.re == y.re && x.im <= y.im
}
/// `maximum` and `minimum`: the first NaN operand wins.
fn pick(x: Complex, y: Complex, first: bool) -> Complex {
    if x.re.is_nan() || x.im.is_nan() || first { x } else { y }
}

loops! {
    equal_bool: (B, B) binary |x, y| B::new(x.get() == y.get());
    not_equal_bool: (B, B) binary |x, y| B::new(x.get() != y.get());
    less_bool: (B, B) binary |x, y| B::new(!x.get() & y.get());
    less_equal_bool: (B, B) binary |x, y| B::new(!x.get() | y.get());
    greater_bool: (B, B) binary |x, y| B::new(x.get() & !y.get());
    greater_equal_bool: (B, B) binary |x, y| B::new(x.get() | !y.get());

    equal_c128: (Complex, Complex) binary |x, y| B::new(x.re == y.re && x.im == y.im);
    not_equal_c128: (Complex, Complex) binary |x, y| B::new(x.re != y.re || x.im != y.im);
    less_c128: (Complex, Complex) binary |x, y| B::new(less(x, y));
    less_equal_c128: (Complex, Complex) binary |x, y| B::new(less_equal(x, y));
    greater_c128: (Complex, Complex) binary |x, y| B::new(less(y, x));
    greater_equal_c128: (Complex, Complex) binary |x, y| B::new(less_equal(y, x));
    maximum_c128: (Complex, Complex) folding |x, y| pick(x, y, less_equal(y, x));
    minimum_c128: (Complex, Complex) folding |x, y| pick(x, y, less_equal(x, y));
    fmax_c128: (Complex, Complex) folding |x, y| if less_equal(y, x) || y.re.is_nan() || y.im.is_nan() { x } else { y };
    fmin_c128: (Complex, Complex) folding |x, y| if less_equal(x, y) || y.re.is_nan() || y.im.is_nan() { x } else { y };
}
