//! `dot` and `matmul`.

use crate::api::*;
use crate::array::{self, View};
use crate::error::Lift;
use crate::ufunc::{Options, apply, finish};
use crate::{access, convert};
use txpy_numpy_core::dtype::promote::promote;
use txpy_numpy_core::linalg::Plan;
use txpy_numpy_core::{Progress, Ufunc};

/// Both operands in their common dtype.
fn operands(th: &mut Thread, a: Value, b: Value) -> R<(View, View)> {
    let (x, y) = (convert::to_view(th, a, None)?, convert::to_view(th, b, None)?);
    let d = promote(x.dtype, y.dtype).lift(th)?;
    let fit = |th: &mut Thread, v: View| if v.dtype == d { Ok(v) } else { convert::copy(th, &v, d, txpy_numpy_core::layout::Order::K) };
    Ok((fit(th, x)?, fit(th, y)?))
}

fn run(th: &mut Thread, plan: &Plan, x: &View, y: &View, given: Option<Value>) -> R<Value> {
    let out = array::fresh_c(th, &plan.shape, x.dtype, false)?;
    let mut state = plan.start(x.array(), y.array(), out.array()).lift(th)?;
    // SAFETY: views lie in their buffers, which are held; the result is fresh.
    access::run(th, &[x.buffer, y.buffer], &[out.buffer], || -> Progress { unsafe { state.run() } })?;
    match given {
        None => finish(th, &out, None),
        Some(o) => {
            let to = convert::to_view(th, o, None)?;
            if to.dtype != out.dtype || to.layout.shape != out.layout.shape || !to.layout.is_c_contiguous() || to.readonly {
                return Err(th.value_error("output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)"));
            }
            convert::assign(th, &to, &out)?;
            Ok(o)
        }
    }
}

/// `numpy.dot`.
pub fn dot(th: &mut Thread, a: Value, b: Value, out: Option<Value>) -> R<Value> {
    let (x, y) = operands(th, a, b)?;
    if x.ndim() == 0 || y.ndim() == 0 {
        return apply(th, Ufunc::Multiply, &[a, b], Options { out, ..Options::default() });
    }
    let plan = Plan::dot(&x.layout, &y.layout).lift(th)?;
    run(th, &plan, &x, &y, out)
}

/// `numpy.matmul`.
pub fn matmul(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    let (x, y) = operands(th, a, b)?;
    let plan = Plan::matmul(&x.layout, &y.layout).lift(th)?;
    run(th, &plan, &x, &y, None)
}
