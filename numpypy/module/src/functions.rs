//! Functions of the module that are written in Rust: creation, joining, products, selection.

use crate::api::*;
use crate::array::{self, NDARRAY, NdArray, View};
use crate::error::Lift;
use crate::ufunc::finish;
use crate::{access, convert, dtype, methods, products, scalar};
use smallvec::SmallVec;
use txpy_numpy_core::create::{arange_len, arange_len_int, eye_diagonal, fill_range_f64, fill_range_i64, linspace_at};
use txpy_numpy_core::dtype::promote::{Casting, Operand, can_cast, promote, result_type};
use txpy_numpy_core::dtype::{BOOL, FLOAT64, INT64, Scalar};
use txpy_numpy_core::layout::{Order, broadcast_shape, normalize_axis};
use txpy_numpy_core::{DType, Dims, Layout, Num, Progress};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "array(object, dtype=None, copy=True, order='K', subok=False, ndmin=0)" = array_, "An array of what the object holds.";
    "asarray(a, dtype=None, order=None)" = asarray, "The object as an array, without copying arrays.";
    "asanyarray(a, dtype=None, order=None)" = asarray, "The object as an array, without copying arrays.";
    "ascontiguousarray(a, dtype=None)" = |th, a| ordered(th, a, Order::C), "The object as a C-contiguous array.";
    "asfortranarray(a, dtype=None)" = |th, a| ordered(th, a, Order::F), "The object as an F-contiguous array.";
    "zeros(shape, dtype=float, order='C')" = |th, a| filled(th, a, false), "An array of zeros.";
    "empty(shape, dtype=float, order='C')" = |th, a| filled(th, a, false), "An array of anything.";
    "ones(shape, dtype=None, order='C')" = |th, a| filled(th, a, true), "An array of ones.";
    "full(shape, fill_value, dtype=None, order='C')" = full, "An array of one value.";
    "zeros_like(a, dtype=None, order='K', subok=True)" = |th, a| like(th, a, false), "Zeros in the shape of an array.";
    "empty_like(a, dtype=None, order='K', subok=True)" = |th, a| like(th, a, false), "Anything in the shape of an array.";
    "ones_like(a, dtype=None, order='K', subok=True)" = |th, a| like(th, a, true), "Ones in the shape of an array.";
    "full_like(a, fill_value, dtype=None, order='K', subok=True)" = full_like, "One value in the shape of an array.";
    "arange(start, stop=None, step=None, dtype=None)" = arange, "Evenly spaced values, by step.";
    "linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None)" = linspace, "Evenly spaced values, by number.";
    "eye(N, M=None, k=0, dtype=float, order='C')" = eye, "A matrix with ones on a diagonal.";
    "identity(n, dtype=None)" = |th, a| eye(th, Args::of(&[a.get(0), Value::UNSET, Value::UNSET, a.or(1, Value::UNSET)])), "The identity matrix.";
    "dot(a, b, out=None)" = |th, a| products::dot(th, a.get(0), a.get(1), a.some(2)), "Dot product.";
    "matmul(a, b)" = |th, a| products::matmul(th, a.get(0), a.get(1)), "Matrix product.";
    "where(condition, x=None, y=None)" = where_, "Elements of x where the condition holds, else of y.";
    "concatenate(arrays, axis=0, out=None)" = concatenate, "Arrays joined along an axis.";
    "broadcast_to(array, shape, subok=False)" = broadcast_to, "The array with elements repeated to a shape.";
    "can_cast(from_, to, casting='safe')" = can_cast_, "Whether elements may be cast.";
    "promote_types(type1, type2)" = |th, a| { let (x, y) = (dtype::arg(th, a.get(0))?, dtype::arg(th, a.get(1))?); let d = promote(x, y).lift(th)?; Ok(dtype::object(th, d)?.value()) }, "The smallest dtype to which both cast.";
    "result_type(*arrays_and_dtypes)" = result_type_, "The dtype of an operation's result.";
    "may_share_memory(a, b, max_work=None)" = |th, a| shares(th, a, 0), "Whether bounds of memory overlap.";
    "shares_memory(a, b, max_work=None)" = |th, a| shares(th, a, 1 << 20), "Whether elements overlap in memory.";
    "isscalar(num)" = |_, a| Ok(Value::from_bool(scalar::from_value(a.get(0)).is_some() || text::is_text(a.get(0)) || text::is_bytes(a.get(0)))), "Whether the object is a number or text.";
    "frombuffer(buffer, dtype=float, count=-1, offset=0)" = frombuffer, "A copy of a buffer's bytes as an array.";
    "min_scalar_type(a)" = |th, a| {
        let v = convert::to_view(th, a.get(0), None)?;
        let d = if v.ndim() == 0 && v.dtype.is_number() { let s = convert::read(th, &v, v.layout.offset)?; txpy_numpy_core::dtype::promote::min_scalar(s).0 } else { v.dtype };
        Ok(dtype::object(th, d)?.value())
    }, "The smallest dtype that holds a scalar's value.";
};

/// Whether a layout is as an `order=` argument wants it.
fn has_order(l: &Layout, order: Order) -> bool {
    match order {
        Order::C => l.is_c_contiguous(),
        Order::F => l.is_f_contiguous(),
        _ => true,
    }
}
fn array_(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype::opt_arg(th, a.or(1, Value::NONE))?;
    let copy = a.opt(2).is_none_or(|c| c == Value::TRUE || !c.is_none() && c != Value::FALSE);
    let order = methods::order(th, a.or(3, Value::NONE), Order::K)?;
    let ndmin = match a.opt(5) {
        Some(n) => int::arg_i64(th, n)?.clamp(0, 32) as usize,
        None => 0,
    };
    let v = convert::to_view(th, a.get(0), d)?;
    let exact = has_order(&v.layout, order);
    let shared = a.get(0).cast::<NdArray>().is_some_and(|x| x.value() == v.array);
    let v = if copy && shared || !exact { convert::copy(th, &v, v.dtype, order)? } else { v };
    if v.ndim() < ndmin {
        let mut l = v.layout.clone();
        let more = ndmin - l.ndim();
        l.shape = std::iter::repeat_n(1, more).chain(l.shape).collect();
        l.strides = std::iter::repeat_n(0, more).chain(l.strides).collect();
        let base = v.array.get().unwrap_or(Value::NONE);
        return array::wrap(th, NDARRAY.value(), v.buffer, &l, v.dtype, base, v.readonly);
    }
    convert::array_of(th, &v)
}
fn asarray(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype::opt_arg(th, a.or(1, Value::NONE))?;
    let order = methods::order(th, a.or(2, Value::NONE), Order::K)?;
    let v = convert::to_view(th, a.get(0), d)?;
    as_ordered(th, v, order)
}
fn as_ordered(th: &mut Thread, v: View, order: Order) -> R<Value> {
    let v = if has_order(&v.layout, order) { v } else { convert::copy(th, &v, v.dtype, order)? };
    convert::array_of(th, &v)
}
fn ordered(th: &mut Thread, a: Args, order: Order) -> R<Value> {
    let d = dtype::opt_arg(th, a.or(1, Value::NONE))?;
    let mut v = convert::to_view(th, a.get(0), d)?;
    if v.ndim() == 0 {
        v = View { layout: v.layout.reshape_view(&[1], false).unwrap_or(v.layout.clone()), array: Value::UNSET, ..v };
    }
    as_ordered(th, v, order)
}

/// Zeros or ones of a shape. What asks for anything gets zeros, too: memory with leftovers could show other data, and zeros cost nothing where the
/// system hands out fresh pages.
fn filled(th: &mut Thread, a: Args, ones: bool) -> R<Value> {
    let shape = convert::shape_arg(th, a.get(0))?;
    let d = dtype::arg(th, a.or(1, Value::NONE))?;
    let fortran = methods::order(th, a.or(2, Value::NONE), Order::C)? == Order::F;
    let layout = Layout::contiguous(&shape, d.itemsize(), fortran).lift(th)?;
    let v = array::fresh(th, layout, d, true)?;
    if ones {
        convert::fill(th, &v, Scalar::Int(1))?;
    }
    array::object_of(th, &v)
}
fn full(th: &mut Thread, a: Args) -> R<Value> {
    let shape = convert::shape_arg(th, a.get(0))?;
    let x = convert::to_view(th, a.get(1), None)?;
    let d = dtype::opt_arg(th, a.or(2, Value::NONE))?.unwrap_or(x.dtype);
    let fortran = methods::order(th, a.or(3, Value::NONE), Order::C)? == Order::F;
    let layout = Layout::contiguous(&shape, d.itemsize(), fortran).lift(th)?;
    let v = array::fresh(th, layout, d, false)?;
    convert::assign(th, &v, &x)?;
    array::object_of(th, &v)
}
fn like(th: &mut Thread, a: Args, ones: bool) -> R<Value> {
    let v = convert::to_view(th, a.get(0), None)?;
    let d = dtype::opt_arg(th, a.or(1, Value::NONE))?.unwrap_or(v.dtype);
    let order = methods::order(th, a.or(2, Value::NONE), Order::K)?;
    let out = array::fresh(th, v.layout.for_copy(order, d.itemsize()), d, true)?;
    if ones {
        convert::fill(th, &out, Scalar::Int(1))?;
    }
    array::object_of(th, &out)
}
fn full_like(th: &mut Thread, a: Args) -> R<Value> {
    let empty = like(th, Args::of(&[a.get(0), a.or(2, Value::UNSET), a.or(3, Value::UNSET)]), false)?;
    let to = convert::to_view(th, empty, None)?;
    let x = convert::to_view(th, a.get(1), None)?;
    convert::assign(th, &to, &x)?;
    Ok(empty)
}

fn number(th: &mut Thread, v: Value) -> R<Scalar> {
    match scalar::from_value(v) {
        Some(s) => Ok(s),
        None => {
            let v = convert::to_view(th, v, None)?;
            if v.layout.size() != 1 {
                return Err(th.type_error("only size-1 arrays can be converted to Python scalars"));
            }
            convert::read(th, &v, v.layout.offset)
        }
    }
}
fn arange(th: &mut Thread, a: Args) -> R<Value> {
    let (start, stop) = if a.some(1).is_some() { (a.get(0), a.get(1)) } else { (Value::int(0), a.get(0)) };
    let step = a.some(2).unwrap_or(Value::int(1));
    let kinds: [DType; 3] = [start, stop, step].map(|v| scalar::typed(v).map_or(INT64, |t| t.1));
    let (start, stop, step) = (number(th, start)?, number(th, stop)?, number(th, step)?);
    let asked = dtype::opt_arg(th, a.or(3, Value::NONE))?;
    let own = kinds.into_iter().try_fold(INT64, promote).lift(th)?;
    let d = asked.unwrap_or(own);
    if let (Scalar::Complex(..), _) | (_, Scalar::Complex(..)) = (start, stop) {
        return Err(th.not_implemented("arange of complex numbers"));
    }
    if step.to_complex().0 == 0.0 {
        return Err(th.raise(&txpy_vm::exceptions::ZERO_DIVISION_ERROR, "division by zero"));
    }
    let integer = |s: Scalar| if let Scalar::Int(i) = s.convert(Num::Int64) { i } else { 0 };
    let exact = own == INT64;
    let n = if exact { arange_len_int(integer(start), integer(stop), integer(step)) } else { arange_len(start.to_complex().0, stop.to_complex().0, step.to_complex().0) };
    let n = n.lift(th)?;
    let base = if exact { INT64 } else { FLOAT64 };
    let v = array::fresh_c(th, &[n as isize], if d == INT64 && exact || d == FLOAT64 { d } else { base }, false)?;
    let mut at = 0;
    let target = access::target(th, &v)?;
    access::run(th, &[], &[target], || {
        let to = (at + access::BUDGET).min(n);
        // SAFETY: the buffer takes n elements and is held.
        unsafe {
            if v.dtype == INT64 {
                fill_range_i64(v.buffer.start(), integer(start), integer(step), at, to);
            } else {
                let first = start.to_complex().0;
                // The step as NumPy has it: the second element minus the first.
                let delta = (first + step.to_complex().0) - first;
                fill_range_f64(v.buffer.start(), first, delta, at, to);
            }
        }
        at = to;
        if at < n { Progress::More } else { Progress::Done }
    })?;
    let v = if v.dtype == d { v } else { convert::copy(th, &v, d, Order::C)? };
    array::object_of(th, &v)
}
fn linspace(th: &mut Thread, a: Args) -> R<Value> {
    let (start, stop) = (number(th, a.get(0))?, number(th, a.get(1))?);
    if let (Scalar::Complex(..), _) | (_, Scalar::Complex(..)) = (start, stop) {
        return Err(th.not_implemented("linspace of complex numbers"));
    }
    let (start, stop) = (start.to_complex().0, stop.to_complex().0);
    let n = match a.opt(2) {
        Some(n) => int::arg_i64(th, n)?,
        None => 50,
    };
    if n < 0 {
        return Err(th.value_error(format!("Number of samples, {n}, must be non-negative.")));
    }
    let endpoint = a.opt(3).is_none_or(|e| e != Value::FALSE);
    let n = n as usize;
    let intervals = if endpoint { n.saturating_sub(1) } else { n };
    let v = array::fresh_c(th, &[n as isize], FLOAT64, false)?;
    let mut at = 0;
    let target = access::target(th, &v)?;
    access::run(th, &[], &[target], || {
        let to = (at + access::BUDGET).min(n);
        for i in at..to {
            let x = linspace_at(start, stop, intervals, i, endpoint && i + 1 == n);
            // SAFETY: the buffer takes n elements and is held.
            unsafe { v.buffer.start().cast::<f64>().add(i).write(x) };
        }
        at = to;
        if at < n { Progress::More } else { Progress::Done }
    })?;
    let d = dtype::opt_arg(th, a.or(5, Value::NONE))?.unwrap_or(FLOAT64);
    let v = if d == FLOAT64 { v } else { convert::copy(th, &v, d, Order::C)? };
    let out = array::object_of(th, &v)?;
    if a.some(4).is_none_or(|r| r == Value::FALSE) {
        return Ok(out);
    }
    let step = scalar::value(th, Scalar::Float(if intervals > 0 { (stop - start) / intervals as f64 } else { f64::NAN }))?;
    th.new_tuple(&[out, step])
}
fn eye(th: &mut Thread, a: Args) -> R<Value> {
    let n = int::arg_i64(th, a.get(0))?;
    let m = match a.some(1) {
        Some(m) => int::arg_i64(th, m)?,
        None => n,
    };
    let k = match a.opt(2) {
        Some(k) => int::arg_i64(th, k)?,
        None => 0,
    };
    let d = dtype::arg(th, a.or(3, Value::NONE))?;
    let v = array::fresh_c(th, &[n as isize, m as isize], d, true)?;
    let layout = eye_diagonal(&v.layout, k as isize).lift(th)?;
    if layout.size() > 0 {
        convert::fill(th, &View { layout, ..v.clone() }, Scalar::Int(1))?;
    }
    array::object_of(th, &v)
}

fn where_(th: &mut Thread, a: Args) -> R<Value> {
    let c = convert::to_view(th, a.get(0), None)?;
    if a.opt(1).is_none() && a.opt(2).is_none() {
        let v = convert::array_of(th, &c)?;
        return th.call_method(v, "nonzero", &[]);
    }
    if a.opt(1).is_none() || a.opt(2).is_none() {
        return Err(th.value_error("either both or neither of x and y should be given"));
    }
    let (x, y) = (convert::to_view(th, a.get(1), None)?, convert::to_view(th, a.get(2), None)?);
    let mut operands: SmallVec<[Operand; 2]> = SmallVec::new();
    for v in [&x, &y] {
        operands.push(convert::operand(th, v)?);
    }
    let d = result_type(&operands).lift(th)?;
    let shape = broadcast_shape(&[&c.layout.shape, &x.layout.shape, &y.layout.shape]).lift(th)?;
    let fit = |th: &mut Thread, v: View, d: DType| -> R<View> {
        let v = if v.dtype == d { v } else { convert::copy(th, &v, d, Order::K)? };
        let layout = v.layout.broadcast_to(&shape).lift(th)?;
        Ok(View { layout, ..v })
    };
    let (c, x, y) = (fit(th, c, BOOL)?, fit(th, x, d)?, fit(th, y, d)?);
    let out = array::fresh_c(th, &shape, d, false)?;
    let mut state = txpy_numpy_core::select::Where::new(c.array(), x.array(), y.array(), out.array()).lift(th)?;
    let target = access::target(th, &out)?;
    // SAFETY: views lie in their buffers, which are held; the result is fresh.
    access::run(th, &[c.buffer, x.buffer, y.buffer], &[target], || unsafe { state.run(access::BUDGET) })?;
    array::object_of(th, &out)
}

fn concatenate(th: &mut Thread, a: Args) -> R<Value> {
    let items = txpy_vm::object::iter::to_tuple(th, a.get(0))?;
    let items = tuple::items(items).unwrap_or(&[]);
    if items.is_empty() {
        return Err(th.value_error("need at least one array to concatenate"));
    }
    // Converted items are kept by this list.
    let arrays = list::with_capacity(th, items.len())?;
    let mut total: Option<(Dims, DType)> = None;
    let mut axis = 0;
    for (i, x) in items.iter().enumerate() {
        let mut v = convert::to_view(th, *x, None)?;
        if a.opt(1).is_some_and(|x| x.is_none()) {
            let flat = convert::array_of(th, &v)?;
            let flat = th.call_method(flat, "ravel", &[])?;
            v = convert::to_view(th, flat, None)?;
        }
        if v.ndim() == 0 {
            return Err(th.value_error("zero-dimensional arrays cannot be concatenated"));
        }
        if i == 0 {
            let n = match a.some(1) {
                Some(n) => int::arg_i64(th, n)?,
                None => 0,
            };
            axis = normalize_axis(n as isize, v.ndim()).lift(th)?;
        }
        total = Some(match total {
            None => (v.layout.shape.clone(), v.dtype),
            Some((mut shape, d)) => {
                if shape.len() != v.ndim() {
                    return Err(th.value_error("all the input arrays must have same number of dimensions"));
                }
                if (0..shape.len()).any(|k| k != axis && shape[k] != v.layout.shape[k]) {
                    return Err(th.value_error("all the input array dimensions except for the concatenation axis must match exactly"));
                }
                shape[axis] = shape[axis].saturating_add(v.layout.shape[axis]);
                (shape, promote(d, v.dtype).lift(th)?)
            }
        });
        let v = convert::array_of(th, &v)?;
        list::append(th, arrays, v)?;
    }
    let Some((shape, d)) = total else { return Err(th.value_error("need at least one array to concatenate")) };
    let out = match a.some(2) {
        None => array::fresh_c(th, &shape, d, false)?,
        Some(o) => {
            let v = convert::to_view(th, o, None)?;
            if v.layout.shape != shape {
                return Err(th.value_error("Output array is the wrong shape"));
            }
            v
        }
    };
    let mut at = 0;
    for i in 0..items.len() {
        let Some(x) = list::get(th, arrays, i)? else { break };
        let v = convert::to_view(th, x, None)?;
        let mut layout = out.layout.clone();
        layout.offset += at * layout.strides[axis];
        layout.shape[axis] = v.layout.shape[axis];
        at += layout.shape[axis];
        convert::assign(th, &View { layout, ..out.clone() }, &v)?;
    }
    finish(th, &out, a.some(2))
}

fn broadcast_to(th: &mut Thread, a: Args) -> R<Value> {
    let v = convert::to_view(th, a.get(0), None)?;
    let shape = convert::shape_arg(th, a.get(1))?;
    txpy_numpy_core::layout::checked_size(&shape, v.dtype.itemsize()).lift(th)?;
    match v.layout.broadcast_to(&shape) {
        Ok(l) => array::wrap(th, NDARRAY.value(), v.buffer, &l, v.dtype, v.array.get().unwrap_or(Value::NONE), true),
        Err(_) => {
            let show = txpy_numpy_core::layout::show_shape;
            let text = format!("operands could not be broadcast together with remapped shapes [original->remapped]: {} and requested shape {}", show(&v.layout.shape), show(&shape));
            Err(th.value_error(text))
        }
    }
}
fn can_cast_(th: &mut Thread, a: Args) -> R<Value> {
    let from = match scalar::typed(a.get(0)) {
        Some((s, d)) => {
            let by_value = txpy_numpy_core::dtype::promote::min_scalar(s);
            if s.dtype() == d || matches!(d.kind(), 'i' | 'u' | 'f' | 'c') {
                let to = dtype::arg(th, a.get(1))?;
                let casting = dtype::casting_arg(th, a.some(2), Casting::Safe)?;
                return Ok(Value::from_bool(txpy_numpy_core::dtype::promote::can_cast_effective(by_value, to, casting)));
            }
            d
        }
        None => match a.get(0).cast::<NdArray>() {
            Some(x) => array::view(th, x)?.dtype,
            None => dtype::arg(th, a.get(0))?,
        },
    };
    let to = dtype::arg(th, a.get(1))?;
    let casting = dtype::casting_arg(th, a.some(2), Casting::Safe)?;
    Ok(Value::from_bool(can_cast(from, to, casting)))
}
fn result_type_(th: &mut Thread, a: Args) -> R<Value> {
    let mut operands: SmallVec<[Operand; 4]> = SmallVec::new();
    for i in 0..a.positional() {
        let v = a.get(i);
        operands.push(if let Some((s, d)) = scalar::typed(v) {
            Operand { dtype: d, value: Some(s) }
        } else if let Some(x) = v.cast::<NdArray>() {
            let v = array::view(th, x)?;
            convert::operand(th, &v)?
        } else {
            Operand::array(dtype::arg(th, v)?)
        });
    }
    let d = result_type(&operands).lift(th)?;
    Ok(dtype::object(th, d)?.value())
}
fn shares(th: &mut Thread, a: Args, work: usize) -> R<Value> {
    let (x, y) = (convert::to_view(th, a.get(0), None)?, convert::to_view(th, a.get(1), None)?);
    let found = x.buffer == y.buffer && {
        let ((a0, a1), (b0, b1)) = (x.layout.extent(), y.layout.extent());
        if work == 0 { a0 < b1 && b0 < a1 } else { txpy_numpy_core::overlap::share_memory(&x.layout, &y.layout, work) != txpy_numpy_core::overlap::Overlap::No }
    };
    Ok(Value::from_bool(found))
}
fn frombuffer(th: &mut Thread, a: Args) -> R<Value> {
    let d = dtype::arg(th, a.or(1, Value::NONE))?;
    let count = match a.opt(2) {
        Some(n) => int::arg_i64(th, n)?,
        None => -1,
    };
    let skip = match a.opt(3) {
        Some(n) => int::arg_i64(th, n)?,
        None => 0,
    };
    let data = txpy_vm::native::buffer::snapshot(th, a.get(0))?;
    let bytes = text::bytes_of(data).unwrap_or(&[]);
    if skip < 0 || skip as usize > bytes.len() {
        return Err(th.value_error(format!("offset must be non-negative and no greater than buffer length ({})", bytes.len())));
    }
    let bytes = &bytes[skip as usize..];
    let n = if count < 0 {
        if bytes.len() % d.itemsize() != 0 {
            return Err(th.value_error("buffer size must be a multiple of element size"));
        }
        bytes.len() / d.itemsize()
    } else {
        count as usize
    };
    let Some(len) = n.checked_mul(d.itemsize()).filter(|n| *n <= bytes.len()) else { return Err(th.value_error("buffer is smaller than requested size")) };
    let layout = Layout::contiguous(&[n as isize], d.itemsize(), false).lift(th)?;
    let v = array::from_bytes(th, layout, d, &bytes[..len])?;
    array::object_of(th, &v)
}
