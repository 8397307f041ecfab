//! Comparisons. Complex numbers compare by real part, then imaginary part.

use super::{B, loops};
use crate::dtype::Cplx;
use crate::number::{Float, Int, Real};

fn less<F: Float>(x: Cplx<F>, y: Cplx<F>) -> bool {
    x.re < y.re && !x.im.is_nan() && !y.im.is_nan() || x.re == y.re && x.im < y.im
}
fn less_equal<F: Float>(x: Cplx<F>, y: Cplx<F>) -> bool {
    x.re < y.re && !x.im.is_nan() && !y.im.is_nan() || x.re == y.re && x.im <= y.im
}
fn nan<F: Float>(x: Cplx<F>) -> bool {
    x.re.is_nan() || x.im.is_nan()
}

loops! {
    [T: Int] i_equal: (T, T) binary |x, y| B::new(x == y);
    [T: Int] i_not_equal: (T, T) binary |x, y| B::new(x != y);
    [T: Int] i_less: (T, T) binary |x, y| B::new(x < y);
    [T: Int] i_less_equal: (T, T) binary |x, y| B::new(x <= y);
    [T: Int] i_greater: (T, T) binary |x, y| B::new(x > y);
    [T: Int] i_greater_equal: (T, T) binary |x, y| B::new(x >= y);

    [T: Real] r_equal: (T, T) binary |x, y| B::new(x.wide() == y.wide());
    [T: Real] r_not_equal: (T, T) binary |x, y| B::new(x.wide() != y.wide());
    [T: Real] r_less: (T, T) binary |x, y| B::new(x.wide() < y.wide());
    [T: Real] r_less_equal: (T, T) binary |x, y| B::new(x.wide() <= y.wide());
    [T: Real] r_greater: (T, T) binary |x, y| B::new(x.wide() > y.wide());
    [T: Real] r_greater_equal: (T, T) binary |x, y| B::new(x.wide() >= y.wide());

    [] b_equal: (B, B) binary |x, y| B::new(x.get() == y.get());
    [] b_not_equal: (B, B) binary |x, y| B::new(x.get() != y.get());
    [] b_less: (B, B) binary |x, y| B::new(!x.get() & y.get());
    [] b_less_equal: (B, B) binary |x, y| B::new(!x.get() | y.get());
    [] b_greater: (B, B) binary |x, y| B::new(x.get() & !y.get());
    [] b_greater_equal: (B, B) binary |x, y| B::new(x.get() | !y.get());

    [F: Float] c_equal: (Cplx<F>, Cplx<F>) strided |x, y| B::new(x.re == y.re && x.im == y.im);
    [F: Float] c_not_equal: (Cplx<F>, Cplx<F>) strided |x, y| B::new(x.re != y.re || x.im != y.im);
    [F: Float] c_less: (Cplx<F>, Cplx<F>) strided |x, y| B::new(less(x, y));
    [F: Float] c_less_equal: (Cplx<F>, Cplx<F>) strided |x, y| B::new(less_equal(x, y));
    [F: Float] c_greater: (Cplx<F>, Cplx<F>) strided |x, y| B::new(less(y, x));
    [F: Float] c_greater_equal: (Cplx<F>, Cplx<F>) strided |x, y| B::new(less_equal(y, x));
    // The first NaN operand wins.
    [F: Float] c_maximum: (Cplx<F>, Cplx<F>) strided |x, y| if nan(x) || less_equal(y, x) { x } else { y };
    [F: Float] c_minimum: (Cplx<F>, Cplx<F>) strided |x, y| if nan(x) || less_equal(x, y) { x } else { y };
    [F: Float] c_fmax: (Cplx<F>, Cplx<F>) strided |x, y| if less_equal(y, x) || nan(y) { x } else { y };
    [F: Float] c_fmin: (Cplx<F>, Cplx<F>) strided |x, y| if less_equal(x, y) || nan(y) { x } else { y };
}
