//! `dot` and `matmul`.

use crate::api::*;
use crate::array::{self, View};
use crate::error::Lift;
use crate::ufunc::{Options, apply, finish};
use crate::{access, convert};
use txpy_numpy_core::dtype::promote::promote;
use txpy_numpy_core::dtype::{COMPLEX128, FLOAT64, INT64};
use txpy_numpy_core::linalg::Plan;
use txpy_numpy_core::{DType, Progress, Ufunc};

/// Both operands in the dtype of the product's kernel, and their common dtype. Integers multiply in 64 bits, which are then cut; narrow
/// floats in the widest of their kind.
fn operands(th: &mut Thread, a: Value, b: Value) -> R<(View, View, DType)> {
    let (x, y) = (convert::to_view(th, a, None)?, convert::to_view(th, b, None)?);
    let common = promote(x.dtype, y.dtype).lift(th)?;
    let d = match common.kind() {
        'i' | 'u' => INT64,
        'f' => FLOAT64,
        'c' => COMPLEX128,
        _ => common,
    };
    let fit = |th: &mut Thread, v: View| if v.dtype == d { Ok(v) } else { convert::copy(th, &v, d, txpy_numpy_core::layout::Order::K) };
    Ok((fit(th, x)?, fit(th, y)?, common))
}

fn run(th: &mut Thread, plan: &Plan, x: &View, y: &View, common: DType, given: Option<Value>) -> R<Value> {
    let out = array::fresh_c(th, &plan.shape, x.dtype, false)?;
    let mut state = plan.start(x.array(), y.array(), out.array()).lift(th)?;
    let target = access::target(th, &out)?;
    // SAFETY: views lie in their buffers, which are held; the result is fresh.
    access::run(th, &[x.buffer, y.buffer], &[target], || -> Progress { unsafe { state.run() } })?;
    let out = if out.dtype == common { out } else { convert::copy(th, &out, common, txpy_numpy_core::layout::Order::C)? };
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
    let (x, y, d) = operands(th, a, b)?;
    if x.ndim() == 0 || y.ndim() == 0 {
        return apply(th, Ufunc::Multiply, &[a, b], Options { out, ..Options::default() });
    }
    let plan = Plan::dot(&x.layout, &y.layout).lift(th)?;
    run(th, &plan, &x, &y, d, out)
}

/// `numpy.matmul`.
pub fn matmul(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    let (x, y, d) = operands(th, a, b)?;
    let plan = Plan::matmul(&x.layout, &y.layout).lift(th)?;
    run(th, &plan, &x, &y, d, None)
}
