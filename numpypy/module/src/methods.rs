//! Methods of arrays.

use crate::api::*;
use crate::array::{self, NDARRAY, View, this_view, view_of};
use crate::attrs;
use crate::error::Lift;
use crate::ufunc::{self, Options, apply, axes_arg, finish};
use crate::{access, convert, dtype, products, text as shown};
use txpy_numpy_core::dtype::promote::{Casting, can_cast};
use txpy_numpy_core::dtype::{FLOAT64, INT64};
use txpy_numpy_core::layout::{Order, normalize_axis};
use txpy_numpy_core::reduction::{ArgExtreme, drop_axes};
use txpy_numpy_core::sort::{Kind, Lanes};
use txpy_numpy_core::{DType, Dims, Num, Ufunc};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, shape, dtype=None, buffer=None, offset=0, strides=None, order=None)" = crate::strided::new, "Create and return a new object.";
    "__repr__(self, /)" = |th, a| shown::repr(th, a.get(0)), "Return repr(self).";
    "__str__(self, /)" = |th, a| shown::str_(th, a.get(0)), "Return str(self).";
    #[py3] "__bool__(self, /)" = truth, "True if self else False";
    #[py2] "__nonzero__(self, /)" = truth, "True if self else False";
    "__int__(self, /)" = |th, a| { let p = only(th, a.get(0))?; th.call(int::INT.value(), &[p]) }, "int(self)";
    "__float__(self, /)" = |th, a| { let p = only(th, a.get(0))?; th.call(float::FLOAT.value(), &[p]) }, "float(self)";
    "__complex__(self, /)" = |th, a| { let p = only(th, a.get(0))?; th.call(complex::COMPLEX.value(), &[p]) }, "complex(self)";
    "__index__(self, /)" = index, "The integer of a 0-d integer array.";
    "__array__(self, dtype=None, /)" = |th, a| match dtype::opt_arg(th, a.or(1, Value::NONE))? {
        None => Ok(a.get(0)),
        Some(d) => { let v = convert::to_view(th, a.get(0), Some(d))?; convert::array_of(th, &v) }
    }, "The array itself, or converted.";
    "__copy__(self, /)" = |th, a| copied(th, a.get(0), Order::K), "A copy.";
    "__deepcopy__(self, memo, /)" = |th, a| copied(th, a.get(0), Order::K), "A copy.";
    "copy(self, order='C')" = |th, a| { let o = order(th, a.or(1, Value::NONE), Order::C)?; copied(th, a.get(0), o) }, "A copy in fresh memory.";
    "astype(self, dtype, order='K', casting='unsafe', subok=True, copy=True)" = astype, "A copy in another dtype.";
    "reshape(self, *shape, order='C')" = reshape, "The same elements under another shape.";
    "ravel(self, order='C')" = |th, a| flattened(th, a, false), "The elements as a 1-d array, a view where possible.";
    "flatten(self, order='C')" = |th, a| flattened(th, a, true), "A 1-d copy of the elements.";
    "transpose(self, *axes)" = transpose, "The axes in another order.";
    "swapaxes(self, axis1, axis2, /)" = |th, a| {
        let v = this_view(th, a.get(0))?;
        let (i, j) = (int::arg_i64(th, a.get(1))?, int::arg_i64(th, a.get(2))?);
        for (name, axis) in [("axis1", i), ("axis2", j)] {
            if let Err(e) = normalize_axis(axis as isize, v.ndim()) {
                return Err(th.raise(&crate::error::AXIS_ERROR, format!("{name}: {}", e.message)));
            }
        }
        let l = v.layout.swap_axes(i as isize, j as isize).lift(th)?;
        view_of(th, &v, &l)
    }, "Two axes exchanged.";
    "squeeze(self, axis=None)" = squeeze, "Without axes of length 1.";
    "diagonal(self, offset=0, axis1=0, axis2=1)" = diagonal, "Diagonal of two axes.";
    "trace(self, offset=0, axis1=0, axis2=1, dtype=None, out=None)" = |th, a| { let d = diagonal(th, a)?; th.call_method(d, "sum", &[Value::int(-1)]) }, "Sum along a diagonal.";
    "view(self, dtype=None, type=None)" = |th, a| match dtype::opt_arg(th, a.or(1, Value::NONE)) {
        Ok(d) => reinterpret(th, a.get(0), d),
        Err(e) => Err(e),
    }, "Another array over the same memory.";
    "fill(self, value, /)" = |th, a| { let v = this_view(th, a.get(0))?; crate::indexing::set(th, &v, Value::ELLIPSIS, a.get(1))?; Ok(Value::NONE) }, "Set all elements.";
    "tolist(self, /)" = |th, a| { let v = this_view(th, a.get(0))?; nested(th, &v, 0, v.layout.offset) }, "Nested lists of Python numbers.";
    "item(self, *args)" = item, "One element as a Python number.";
    "itemset(self, *args)" = itemset, "Set one element.";
    "tobytes(self, order='C')" = tobytes, "The elements' bytes.";
    "tostring(self, order='C')" = tobytes, "The elements' bytes.";
    "sum(self, axis=None, dtype=None, out=None, keepdims=False)" = |th, a| reduce(th, Ufunc::Add, a), "Sum over axes.";
    "prod(self, axis=None, dtype=None, out=None, keepdims=False)" = |th, a| reduce(th, Ufunc::Multiply, a), "Product over axes.";
    "min(self, axis=None, out=None, keepdims=False)" = |th, a| extreme(th, Ufunc::Minimum, a), "Smallest element over axes.";
    "max(self, axis=None, out=None, keepdims=False)" = |th, a| extreme(th, Ufunc::Maximum, a), "Largest element over axes.";
    "any(self, axis=None, out=None, keepdims=False)" = |th, a| extreme(th, Ufunc::LogicalOr, a), "Whether any element is true.";
    "all(self, axis=None, out=None, keepdims=False)" = |th, a| extreme(th, Ufunc::LogicalAnd, a), "Whether all elements are true.";
    "mean(self, axis=None, dtype=None, out=None, keepdims=False)" = mean, "Arithmetic mean over axes.";
    "var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False)" = |th, a| variance(th, a, false), "Variance over axes.";
    "std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False)" = |th, a| variance(th, a, true), "Standard deviation over axes.";
    "ptp(self, axis=None, out=None)" = |th, a| {
        let (hi, lo) = (extreme(th, Ufunc::Maximum, Args::of(&[a.get(0), a.or(1, Value::NONE)]))?, extreme(th, Ufunc::Minimum, Args::of(&[a.get(0), a.or(1, Value::NONE)]))?);
        apply(th, Ufunc::Subtract, &[hi, lo], Options { out: a.some(2), ..Options::default() })
    }, "Largest minus smallest element.";
    "cumsum(self, axis=None, dtype=None, out=None)" = |th, a| accumulate(th, Ufunc::Add, a), "Running sums.";
    "cumprod(self, axis=None, dtype=None, out=None)" = |th, a| accumulate(th, Ufunc::Multiply, a), "Running products.";
    "argmax(self, axis=None, out=None)" = |th, a| arg_extreme(th, a, true), "Position of the largest element.";
    "argmin(self, axis=None, out=None)" = |th, a| arg_extreme(th, a, false), "Position of the smallest element.";
    "sort(self, axis=-1, kind='quicksort', order=None)" = sort, "Sort in place.";
    "argsort(self, axis=-1, kind='quicksort', order=None)" = argsort, "The order that would sort.";
    "searchsorted(self, v, side='left', sorter=None)" = searchsorted, "Where elements would be inserted to keep the order.";
    "take(self, indices, axis=None, out=None, mode='raise')" = take, "Elements along an axis.";
    "nonzero(self, /)" = nonzero, "Positions of elements that are true.";
    "dot(self, b, out=None)" = |th, a| products::dot(th, a.get(0), a.get(1), a.some(2)), "Dot product.";
    "conj(self, /)" = |th, a| { let v = this_view(th, a.get(0))?; attrs::conjugate(th, &v, a.get(0)) }, "Complex conjugates.";
    "conjugate(self, /)" = |th, a| { let v = this_view(th, a.get(0))?; attrs::conjugate(th, &v, a.get(0)) }, "Complex conjugates.";
    "clip(self, min=None, max=None, out=None)" = clip, "Elements limited to a range.";
    "round(self, decimals=0, out=None)" = round, "Elements rounded to a number of decimals.";
    "setflags(self, write=None, align=None, uic=None)" = |th, a| { if let Some(w) = a.some(1) { let on = txpy_vm::object::is_true(th, w)?; attrs::set_writeable(th, a.get(0), on)?; } Ok(Value::NONE) }, "Set flags.";
    "__reduce__(self, /)" = reduce_pickle, "Return state information for pickling.";
    "__reduce_ex__(self, protocol, /)" = reduce_ex, "Return state information for pickling.";
    "byteswap(self, inplace=False)" = byteswap, "The bytes of elements in the other order.";
    "newbyteorder(self, new_order='S', /)" = |th, a| {
        let v = this_view(th, a.get(0))?;
        let d = dtype::object(th, v.dtype)?.value();
        let new = th.call_method(d, "newbyteorder", &[a.or(1, Value::NONE)])?;
        let new = dtype::arg(th, new)?;
        reinterpret(th, a.get(0), Some(new))
    }, "The same bytes in another byte order.";
    "repeat(self, *args, **kwargs)" = |th, a| by_function(th, a, "repeat"), "Elements repeated.";
    "choose(self, *args, **kwargs)" = |th, a| by_function(th, a, "choose"), "Elements of arrays that the indices name.";
    "compress(self, condition, axis=None, out=None)" = |th, a| { let m = crate::module_object(th)?.value(); let r = th.call_method(m, "compress", &[a.get(1), a.get(0), a.or(2, Value::NONE)])?; into_out(th, r, a.some(3)) }, "Elements where the condition is true.";
    "put(self, *args, **kwargs)" = |th, a| by_function(th, a, "put"), "Set elements of the flattened array.";
    "partition(self, kth, axis=-1, kind='introselect', order=None)" = |th, a| sort(th, Args::of(&[a.get(0), a.or(2, Value::int(-1))])), "Sort so that the kth element stands in its place: all do.";
    "argpartition(self, kth, axis=-1, kind='introselect', order=None)" = |th, a| argsort(th, Args::of(&[a.get(0), a.or(2, Value::int(-1))])), "The order of a partition.";
    "resize(self, *new_shape, refcheck=True)" = |th, _| Err(th.not_implemented("resizing arrays in place")), "Change the shape in place.";
    "__setstate__(self, state, /)" = setstate, "Set state information for unpickling.";
};

/// An `order=` argument.
pub fn order(th: &mut Thread, v: Value, default: Order) -> R<Order> {
    if v.is_none() || v.is_unset() {
        return Ok(default);
    }
    match text::lossy(v).chars().next().map(|c| c.to_ascii_uppercase()) {
        Some('C') => Ok(Order::C),
        Some('F') => Ok(Order::F),
        Some('A') => Ok(Order::A),
        Some('K') => Ok(Order::K),
        _ => Err(th.type_error("order not understood")),
    }
}
fn flag(th: &mut Thread, v: Option<Value>) -> R<bool> {
    v.map_or(Ok(false), |v| txpy_vm::object::is_true(th, v))
}

fn copied(th: &mut Thread, v: Value, order: Order) -> R<Value> {
    let view = this_view(th, v)?;
    let out = convert::copy(th, &view, view.dtype, order)?;
    array::wrap(th, class_of(v).value(), out.buffer, &out.layout, out.dtype, Value::NONE, false)
}
fn astype(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let d = convert::sized(dtype::arg(th, a.get(1))?, v.dtype);
    let o = order(th, a.or(2, Value::NONE), Order::K)?;
    let casting = dtype::casting_arg(th, a.some(3), Casting::Unsafe)?;
    if !can_cast(v.dtype, d, casting) {
        let text = format!("Cannot cast array from {} to {} according to the rule '{}'", dtype::repr(v.dtype), dtype::repr(d), casting.name());
        return Err(th.type_error(text));
    }
    if d == v.dtype && a.opt(5) == Some(Value::FALSE) {
        return Ok(a.get(0));
    }
    let out = convert::copy(th, &v, d, o)?;
    array::object_of(th, &out)
}
fn reinterpret(th: &mut Thread, this: Value, d: Option<DType>) -> R<Value> {
    let v = this_view(th, this)?;
    match d {
        None => view_of(th, &v, &v.layout),
        Some(d) if d.size == v.dtype.size => {
            let base = array::owner(th, this)?;
            array::wrap(th, class_of(this).value(), v.buffer, &v.layout, d, base, v.readonly)
        }
        Some(d) => {
            // The last axis takes up the difference.
            let (old, new) = (v.dtype.itemsize() as isize, d.itemsize() as isize);
            let last = v.ndim().wrapping_sub(1);
            let dense = v.ndim() > 0 && (v.layout.strides[last] == old || v.layout.shape[last] == 1) && v.layout.is_c_contiguous();
            if new == 0 || !dense {
                return Err(th.value_error("new type not compatible with array."));
            }
            let bytes = v.layout.shape[last] * old;
            if bytes % new != 0 {
                return Err(th.value_error(if new > old { "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array." } else { "When changing to a smaller dtype, its size must be a divisor of the size of original dtype" }));
            }
            let mut l = v.layout.clone();
            (l.shape[last], l.strides[last], l.itemsize) = (bytes / new, new, new as usize);
            let base = array::owner(th, this)?;
            array::wrap(th, class_of(this).value(), v.buffer, &l, d, base, v.readonly)
        }
    }
}
fn byteswap(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let inplace = flag(th, a.some(1))?;
    // The same bytes seen in the other order, written in the order they have.
    let turned = View { dtype: v.dtype.swap(), ..v.clone() };
    let own = convert::copy(th, &turned, v.dtype, Order::K)?;
    if inplace {
        if v.readonly {
            return Err(th.value_error("assignment destination is read-only"));
        }
        convert::assign(th, &v, &own)?;
        return Ok(a.get(0));
    }
    array::wrap(th, class_of(a.get(0)).value(), own.buffer, &own.layout, own.dtype, Value::NONE, false)
}

/// The array under another shape: a view if strides allow, else a copy.
pub fn reshaped(th: &mut Thread, v: &View, request: &[isize], fortran: bool) -> R<Value> {
    let shape = v.layout.resolve_shape(request).lift(th)?;
    if let Some(l) = v.layout.reshape_view(&shape, fortran) {
        return view_of(th, v, &l);
    }
    let own = convert::copy(th, v, v.dtype, if fortran { Order::F } else { Order::C })?;
    match own.layout.reshape_view(&shape, fortran) {
        Some(l) => array::wrap(th, class_of(v.array).value(), own.buffer, &l, own.dtype, Value::NONE, false),
        None => Err(th.system_error("a contiguous array takes any shape")),
    }
}
/// Integers given one by one or as one sequence.
fn ints(th: &mut Thread, a: Args) -> R<Dims> {
    if a.positional() == 2 {
        return convert::shape_arg(th, a.get(1));
    }
    let mut dims = Dims::new();
    for i in 1..a.positional() {
        dims.push(int::arg_i64(th, a.get(i))? as isize);
    }
    Ok(dims)
}
fn reshape(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let o = order(th, a.named("order").unwrap_or(Value::NONE), Order::C)?;
    let request = ints(th, a)?;
    let fortran = o == Order::F || o == Order::A && v.layout.is_f_contiguous() && !v.layout.is_c_contiguous();
    reshaped(th, &v, &request, fortran)
}
fn flattened(th: &mut Thread, a: Args, copy: bool) -> R<Value> {
    let mut v = this_view(th, a.get(0))?;
    let o = order(th, a.or(1, Value::NONE), Order::C)?;
    if copy {
        v = convert::copy(th, &v, v.dtype, if o == Order::F { Order::F } else { Order::C })?;
        v.array = array::object_of(th, &v)?;
    }
    let fortran = o == Order::F || o != Order::C && v.layout.is_f_contiguous() && !v.layout.is_c_contiguous();
    let r = reshaped(th, &v, &[v.layout.size() as isize], fortran)?;
    if let Some(flat) = r.cast::<array::NdArray>().filter(|_| copy) {
        // The intermediate array is nobody's.
        flat.write(th)?.base = Value::NONE;
    }
    Ok(r)
}
fn transpose(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let none = a.positional() == 1 || a.positional() == 2 && a.get(1).is_none();
    let axes = if none { None } else { Some(ints(th, a)?) };
    let l = v.layout.transpose(axes.as_deref()).lift(th)?;
    view_of(th, &v, &l)
}
fn squeeze(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let axes = match a.some(1) {
        Some(x) => Some(convert::shape_arg(th, x)?),
        None => None,
    };
    let l = v.layout.squeeze(axes.as_deref()).lift(th)?;
    view_of(th, &v, &l)
}
fn diagonal(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let mut n = [0, 0, 1];
    for (i, n) in n.iter_mut().enumerate() {
        if let Some(x) = a.opt(i + 1) {
            *n = int::arg_i64(th, x)? as isize;
        }
    }
    let l = v.layout.diagonal(n[0], n[1], n[2]).lift(th)?;
    view_of(th, &v, &l)
}

fn truth(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    match v.layout.size() {
        0 => Ok(Value::FALSE),
        1 => {
            let x = convert::item(th, &v, v.layout.offset_of_flat(0), true)?;
            Ok(Value::from_bool(txpy_vm::object::is_true(th, x)?))
        }
        _ => Err(th.value_error("The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()")),
    }
}
/// The only element of an array, as a Python number.
fn only(th: &mut Thread, this: Value) -> R<Value> {
    let v = this_view(th, this)?;
    if v.layout.size() != 1 {
        return Err(th.type_error("only size-1 arrays can be converted to Python scalars"));
    }
    convert::item(th, &v, v.layout.offset_of_flat(0), true)
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    if v.ndim() != 0 || !matches!(v.dtype.kind(), 'i' | 'u') {
        return Err(th.type_error("only integer scalar arrays can be converted to a scalar index"));
    }
    only(th, a.get(0))
}
fn nested(th: &mut Thread, v: &View, axis: usize, offset: isize) -> R<Value> {
    if axis == v.ndim() {
        return convert::item(th, v, offset, true);
    }
    let n = v.layout.shape[axis] as usize;
    let out = list::with_capacity(th, n)?;
    if axis + 1 == v.ndim() && v.dtype.is_number() {
        convert::append_numbers(th, out, v, offset, v.layout.strides[axis], n)?;
        return Ok(out.value());
    }
    for i in 0..n {
        let x = nested(th, v, axis + 1, offset + i as isize * v.layout.strides[axis])?;
        list::append(th, out, x)?;
    }
    Ok(out.value())
}

/// Byte offset of the element that `item` and `itemset` name.
fn item_offset(th: &mut Thread, v: &View, a: Args) -> R<isize> {
    let keys: Dims = match a.positional() {
        1 if v.layout.size() == 1 => return Ok(v.layout.offset_of_flat(0)),
        1 => return Err(th.value_error("can only convert an array of size 1 to a Python scalar")),
        _ => ints(th, a)?,
    };
    if keys.len() == 1 {
        let n = v.layout.size() as isize;
        let i = keys[0];
        if i < -n || i >= n {
            return Err(th.index_error(format!("index {i} is out of bounds for size {n}")));
        }
        return Ok(v.layout.offset_of_flat((if i < 0 { i + n } else { i }) as usize));
    }
    if keys.len() != v.ndim() {
        return Err(th.value_error("incorrect number of indices for array"));
    }
    Ok(txpy_numpy_core::create::element(&v.layout, &keys).lift(th)?.offset)
}
fn item(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let at = item_offset(th, &v, a)?;
    convert::item(th, &v, at, true)
}
fn itemset(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let n = a.positional();
    if n < 2 {
        return Err(th.value_error("itemset must have at least one argument"));
    }
    let keys: smallvec::SmallVec<[Value; 8]> = (0..n - 1).map(|i| a.get(i)).collect();
    let at = item_offset(th, &v, Args::of(&keys))?;
    let one = View { layout: txpy_numpy_core::Layout { offset: at, shape: Dims::new(), strides: Dims::new(), ..v.layout }, ..v };
    crate::indexing::set(th, &one, Value::ELLIPSIS, a.get(n - 1))?;
    Ok(Value::NONE)
}
fn tobytes(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let o = order(th, a.or(1, Value::NONE), Order::C)?;
    let own = convert::copy(th, &v, v.dtype, o)?;
    let n = own.layout.nbytes();
    let out = text::alloc_bytes(th, n)?;
    let g = own.buffer.read(th)?;
    // SAFETY: the bytes object is not yet known to anybody else.
    let to: &mut [u8] = unsafe { out.frozen().tail_mut() };
    to[..n].copy_from_slice(&g.as_slice()[..n]);
    Ok(out.value())
}

/// A method that is a function of the package.
fn by_function(th: &mut Thread, a: Args, name: &str) -> R<Value> {
    let m = crate::module_object(th)?;
    let f = txpy_vm::object::attr::get_str(th, m.value(), name)?;
    th.call_args(f, a)
}

// ---- reductions

fn reduce(th: &mut Thread, u: Ufunc, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let axes = axes_arg(th, a.or(1, Value::NONE), v.ndim())?;
    let d = dtype::opt_arg(th, a.or(2, Value::NONE))?;
    let keep = flag(th, a.opt(4))?;
    ufunc::reduce(th, u, &v, axes, d, a.some(3), keep, None)
}
fn extreme(th: &mut Thread, u: Ufunc, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let axes = axes_arg(th, a.or(1, Value::NONE), v.ndim())?;
    let keep = flag(th, a.opt(3))?;
    ufunc::reduce(th, u, &v, axes, None, a.some(2), keep, None)
}
/// Elements that each result takes.
fn count(v: &View, axes: u64) -> f64 {
    v.layout.shape.iter().enumerate().filter(|(i, _)| axes >> i & 1 != 0).map(|(_, n)| *n as f64).product()
}
/// The mean; `keep_wide` leaves float16 in its dtype throughout, as variances do.
fn mean_of(th: &mut Thread, v: &View, axes: u64, d: Option<DType>, keep: bool, keep_wide: bool) -> R<Value> {
    let half = d.is_none() && v.dtype.num == Num::Float16;
    let d = d.or(match v.dtype.kind() {
        'b' | 'i' | 'u' => Some(FLOAT64),
        // Sums of float16 would overflow.
        _ if half && !keep_wide => Some(DType::of(Num::Float32)),
        _ => None,
    });
    let n = count(v, axes);
    if n == 0.0 {
        crate::errstate::note(th, "Mean of empty slice.")?;
    }
    let sum = ufunc::reduce(th, Ufunc::Add, v, axes, d, None, keep, None)?;
    let mean = divided(th, sum, n)?;
    if half { cast_result(th, mean, v.dtype.native()) } else { Ok(mean) }
}
/// A sum by a count, in the sum's dtype.
fn divided(th: &mut Thread, sum: Value, n: f64) -> R<Value> {
    let d = convert::to_view(th, sum, None)?.dtype;
    let n = float::new(th, n)?;
    let q = apply(th, Ufunc::TrueDivide, &[sum, n], Options::default())?;
    if matches!(d.kind(), 'f' | 'c') { cast_result(th, q, d) } else { Ok(q) }
}
/// An array or scalar in another dtype.
fn cast_result(th: &mut Thread, v: Value, d: DType) -> R<Value> {
    let view = convert::to_view(th, v, None)?;
    if view.dtype == d {
        return Ok(v);
    }
    let out = convert::copy(th, &view, d, Order::K)?;
    finish(th, &out, None)
}
fn mean(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let axes = axes_arg(th, a.or(1, Value::NONE), v.ndim())?;
    let d = dtype::opt_arg(th, a.or(2, Value::NONE))?;
    let keep = flag(th, a.opt(4))?;
    let m = mean_of(th, &v, axes, d, keep, false)?;
    into_out(th, m, a.some(3))
}
fn into_out(th: &mut Thread, v: Value, out: Option<Value>) -> R<Value> {
    let Some(o) = out else { return Ok(v) };
    let to = convert::to_view(th, o, None)?;
    crate::indexing::set(th, &to, Value::ELLIPSIS, v)?;
    Ok(o)
}
fn variance(th: &mut Thread, a: Args, root: bool) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let axes = axes_arg(th, a.or(1, Value::NONE), v.ndim())?;
    let d = dtype::opt_arg(th, a.or(2, Value::NONE))?;
    let ddof = match a.some(4) {
        Some(x) => float::as_f64(th, x)?,
        None => 0.0,
    };
    let keep = flag(th, a.opt(5))?;
    let n = count(&v, axes);
    if n - ddof <= 0.0 {
        crate::errstate::note(th, "Degrees of freedom <= 0 for slice")?;
    }
    let m = mean_of(th, &v, axes, d, true, true)?;
    let x = apply(th, Ufunc::Subtract, &[a.get(0), m], Options::default())?;
    let squares = if v.dtype.kind() == 'c' {
        let c = apply(th, Ufunc::Conjugate, &[x], Options::default())?;
        let p = apply(th, Ufunc::Multiply, &[x, c], Options::default())?;
        apply(th, Ufunc::Real, &[p], Options::default())?
    } else {
        apply(th, Ufunc::Multiply, &[x, x], Options::default())?
    };
    let s = convert::to_view(th, squares, None)?;
    let sum = ufunc::reduce(th, Ufunc::Add, &s, axes, None, None, keep, None)?;
    let mut r = divided(th, sum, (n - ddof).max(0.0))?;
    if root {
        r = apply(th, Ufunc::Sqrt, &[r], Options::default())?;
    }
    into_out(th, r, a.some(3))
}
/// The view and axis of a method whose axis None means the flattened array.
fn along(th: &mut Thread, v: View, axis: Option<Value>) -> R<(View, usize)> {
    match axis {
        Some(x) => {
            let axis = int::arg_i64(th, x)?;
            if v.ndim() == 0 && (axis == 0 || axis == -1) {
                return along(th, v, None);
            }
            let axis = normalize_axis(axis as isize, v.ndim()).lift(th)?;
            Ok((v, axis))
        }
        None => {
            let n = v.layout.size() as isize;
            let flat = match v.layout.reshape_view(&[n], false) {
                Some(layout) => View { layout, ..v },
                None => {
                    let own = convert::copy(th, &v, v.dtype, Order::C)?;
                    let layout = own.layout.reshape_view(&[n], false).unwrap_or(own.layout.clone());
                    View { layout, ..own }
                }
            };
            Ok((flat, 0))
        }
    }
}
fn accumulate(th: &mut Thread, u: Ufunc, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let (v, axis) = along(th, v, a.some(1))?;
    let d = dtype::opt_arg(th, a.or(2, Value::NONE))?;
    ufunc::accumulate(th, u, &v, axis, d, a.some(3))
}
fn arg_extreme(th: &mut Thread, a: Args, largest: bool) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let (v, axis) = along(th, v, a.some(1))?;
    let v = if v.dtype.swapped { convert::copy(th, &v, v.dtype.native(), Order::K)? } else { v };
    let out = array::fresh_c(th, &drop_axes(&v.layout, 1 << axis).shape, INT64, false)?;
    let mut state = ArgExtreme::new(largest, out.array(), v.array(), axis).lift(th)?;
    let target = access::target(th, &out)?;
    // SAFETY: views lie in their buffers, which are held; the result is fresh.
    access::run(th, &[v.buffer], &[target], || unsafe { state.run(access::BUDGET) })?;
    let r = finish(th, &out, None)?;
    into_out(th, r, a.some(2))
}

// ---- order

fn kind(th: &mut Thread, v: Option<Value>) -> R<Kind> {
    v.map_or(Ok(Kind::Quick), |v| Kind::parse(&text::lossy(v)).lift(th))
}
fn sort(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    if v.readonly {
        return Err(th.value_error("assignment destination is read-only"));
    }
    let axis = match a.opt(1) {
        Some(x) => int::arg_i64(th, x)?,
        None => -1,
    };
    let k = kind(th, a.some(2))?;
    let axis = normalize_axis(axis as isize, v.ndim()).lift(th)?;
    let mut lanes = Lanes::sort(v.array(), axis, k).lift(th)?;
    let target = access::target(th, &v)?;
    // SAFETY: the view lies in its buffer, which is held.
    access::try_run(th, &[], &[target], || unsafe { lanes.run(access::BUDGET) })?;
    Ok(Value::NONE)
}
fn argsort(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let minus = Value::int(-1);
    let (v, axis) = along(th, v, a.opt(1).map_or(Some(minus), |x| Some(x).filter(|x| !x.is_none())))?;
    let k = kind(th, a.some(2))?;
    let out = array::fresh_c(th, &v.layout.shape, INT64, false)?;
    let mut lanes = Lanes::argsort(v.array(), out.array(), axis, k).lift(th)?;
    let target = access::target(th, &out)?;
    // SAFETY: views lie in their buffers, which are held; the result is fresh.
    access::try_run(th, &[v.buffer], &[target], || unsafe { lanes.run(access::BUDGET) })?;
    array::object_of(th, &out)
}
fn searchsorted(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    if v.ndim() != 1 {
        return Err(th.value_error("object of too small depth for desired array"));
    }
    if a.some(3).is_some() {
        return Err(th.not_implemented("searchsorted with sorter="));
    }
    let right = match a.some(2).map(|s| text::lossy(s).into_owned()).as_deref() {
        None => false,
        Some(s) if s.starts_with(['l', 'L']) => false,
        Some(s) if s.starts_with(['r', 'R']) => true,
        Some(s) => return Err(th.value_error(format!("'{s}' is an invalid value for keyword 'side'"))),
    };
    let keys = convert::to_view(th, a.get(1), None)?;
    let d = txpy_numpy_core::dtype::promote::promote(v.dtype, keys.dtype).lift(th)?;
    let v = if v.dtype == d { v } else { convert::copy(th, &v, d, Order::K)? };
    let keys = if keys.dtype == d { keys } else { convert::copy(th, &keys, d, Order::K)? };
    let out = array::fresh_c(th, &keys.layout.shape, INT64, false)?;
    let target = access::target(th, &out)?;
    // SAFETY: views lie in their buffers, which are held; the result is fresh.
    access::held(th, &[v.buffer, keys.buffer], &[target], || unsafe { txpy_numpy_core::sort::search_sorted(v.array(), keys.array(), out.array(), right) })?.lift(th)?;
    finish(th, &out, None)
}

fn take(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    if a.some(4).is_some_and(|m| &*text::lossy(m) != "raise") {
        return Err(th.not_implemented("take with mode= other than 'raise'"));
    }
    let (v, axis) = along(th, v, a.some(2))?;
    let key = convert::to_view(th, a.get(1), None)?;
    let key = convert::array_of(th, &key)?;
    let full = txpy_vm::types::slice::new(th, Value::NONE, Value::NONE, Value::NONE)?;
    let mut items = [full; 33];
    items[axis] = key;
    let key = th.new_tuple(&items[..=axis])?;
    let r = crate::indexing::get(th, &v, key)?;
    into_out(th, r, a.some(3))
}
fn nonzero(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let m = if v.dtype.num == Num::Bool { v } else { convert::copy(th, &v, txpy_numpy_core::dtype::BOOL, Order::C)? };
    // SAFETY: the view lies in its buffer, which is held.
    let found = access::held(th, &[m.buffer], &[], || unsafe { txpy_numpy_core::select::true_positions(m.array()) })?.lift(th)?;
    let shape: Dims = if m.ndim() == 0 { Dims::from_slice(&[1]) } else { m.layout.shape.clone() };
    let mut out = [Value::NONE; 32];
    for axis in 0..shape.len() {
        let w = array::fresh_c(th, &[found.len() as isize], INT64, false)?;
        {
            let mut g = w.buffer.write(th)?;
            for (to, x) in g.as_mut_slice().chunks_exact_mut(8).zip(txpy_numpy_core::select::coordinates(&found, &shape, axis)) {
                to.copy_from_slice(&(x as i64).to_ne_bytes());
            }
        }
        out[axis] = array::object_of(th, &w)?;
    }
    th.new_tuple(&out[..shape.len()])
}
/// Runs a method of element-wise arithmetic on a 0-d array as on one of a single element, so that its dtype counts as an array's.
fn single(th: &mut Thread, a: Args, f: fn(&mut Thread, Args) -> R<Value>) -> R<Option<Value>> {
    let v = this_view(th, a.get(0))?;
    if v.ndim() > 0 {
        return Ok(None);
    }
    let one = reshaped(th, &v, &[1], false)?;
    let args = [one, a.or(1, Value::UNSET), a.or(2, Value::UNSET), a.or(3, Value::UNSET)];
    let r = f(th, Args::of(&args))?;
    if !r.is::<array::NdArray>() {
        return Ok(Some(r));
    }
    let r = this_view(th, r)?;
    if r.layout.size() == 1 { convert::item(th, &r, r.layout.offset_of_flat(0), false).map(Some) } else { array::object_of(th, &r).map(Some) }
}
fn clip(th: &mut Thread, a: Args) -> R<Value> {
    if a.some(1).is_none() && a.some(2).is_none() {
        return Err(th.value_error("One of max or min must be given"));
    }
    if a.some(3).is_none() {
        if let Some(r) = single(th, a, clip)? {
            return Ok(r);
        }
    }
    let mut r = a.get(0);
    if let Some(low) = a.some(1) {
        r = apply(th, Ufunc::Maximum, &[r, low], Options::default())?;
    }
    if let Some(high) = a.some(2) {
        r = apply(th, Ufunc::Minimum, &[r, high], Options::default())?;
    }
    into_out(th, r, a.some(3))
}
fn round(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    if a.some(2).is_none() {
        if let Some(r) = single(th, Args::of(&[a.get(0), a.or(1, Value::UNSET)]), round)? {
            return Ok(r);
        }
    }
    let n = match a.opt(1) {
        Some(x) => int::arg_i64(th, x)?,
        None => 0,
    };
    let integral = matches!(v.dtype.kind(), 'i' | 'u');
    let r = if v.dtype.kind() == 'c' && n != 0 {
        // Parts are rounded by themselves.
        let out = copied(th, a.get(0), Order::K)?;
        for name in ["real", "imag"] {
            let part = txpy_vm::object::attr::get_str(th, out, name)?;
            let rounded = round(th, Args::of(&[part, Value::int(n)]))?;
            txpy_vm::object::attr::set_str(th, out, name, rounded)?;
        }
        out
    } else if n == 0 {
        if integral { copied(th, a.get(0), Order::K)? } else { apply(th, Ufunc::Rint, &[a.get(0)], Options::default())? }
    } else if integral && n > 0 {
        copied(th, a.get(0), Order::K)?
    } else {
        let factor = float::new(th, 10f64.powi(n.unsigned_abs().min(400) as i32))?;
        let (first, second) = if n > 0 { (Ufunc::Multiply, Ufunc::TrueDivide) } else { (Ufunc::TrueDivide, Ufunc::Multiply) };
        let x = apply(th, first, &[a.get(0), factor], Options::default())?;
        let x = apply(th, Ufunc::Rint, &[x], Options::default())?;
        let x = apply(th, second, &[x, factor], Options::default())?;
        let v = convert::to_view(th, x, if integral { Some(v.dtype.native()) } else { None })?;
        finish(th, &v, None)?
    };
    into_out(th, r, a.some(2))
}

// ---- pickling, in NumPy's form

/// `_reconstruct`, its arguments, and the state that `__setstate__` takes.
fn reduce_pickle(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let fortran = v.layout.is_f_contiguous() && !v.layout.is_c_contiguous();
    let order = th.native_str(if fortran { "F" } else { "C" })?;
    let data = tobytes(th, Args::of(&[a.get(0), order]))?;
    let f = crate::compat::function(th, "_reconstruct")?;
    let (zero, letter) = (convert::int_tuple(th, &[0])?, th.new_bytes(b"b")?);
    let args = th.new_tuple(&[class_of(a.get(0)).value(), zero, letter])?;
    let shape = convert::int_tuple(th, &v.layout.shape)?;
    let d = dtype::object(th, v.dtype)?.value();
    let state = th.new_tuple(&[Value::int(1), shape, d, Value::from_bool(fortran), data])?;
    th.new_tuple(&[f, args, state])
}
/// From protocol 5 on, the elements travel as a buffer.
fn reduce_ex(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    let fortran = v.layout.is_f_contiguous() && !v.layout.is_c_contiguous();
    let protocol = int::arg_i64(th, a.get(1))?;
    if protocol < 5 || !(fortran || v.layout.is_c_contiguous()) || class_of(a.get(0)).value() != NDARRAY.value() {
        return th.call_method(a.get(0), "__reduce__", &[]);
    }
    let order = th.native_str(if fortran { "F" } else { "C" })?;
    let mut data = tobytes(th, Args::of(&[a.get(0), order]))?;
    if let Some(class) = pickle_buffer(th)? {
        // Arrays lend nobody their memory. The copy is one that can be written, so what NumPy makes of it can be too.
        let copy = txpy_vm::types::bytearray::new(th, text::bytes_of(data).unwrap_or(&[]))?;
        data = th.call(class, &[copy])?;
    }
    let f = crate::compat::frombuffer_function(th)?;
    let (d, shape) = (dtype::object(th, v.dtype)?.value(), convert::int_tuple(th, &v.layout.shape)?);
    let args = th.new_tuple(&[data, d, shape, order])?;
    th.new_tuple(&[f, args])
}
/// `pickle.PickleBuffer`, where the library has it.
fn pickle_buffer(th: &mut Thread) -> R<Option<Value>> {
    let m = txpy_vm::import::import_name(th, "pickle")?;
    txpy_vm::object::attr::get_str_opt(th, m, "PickleBuffer")
}
fn setstate(th: &mut Thread, a: Args) -> R<Value> {
    let bad = "the state of an array is (version, shape, dtype, order, data)";
    // Old pickles have no version.
    let (shape, d, fortran, data) = match tuple::items(a.get(1)) {
        Some(&[_, shape, d, fortran, data] | &[shape, d, fortran, data]) => (shape, d, fortran, data),
        _ => return Err(th.value_error(bad)),
    };
    let shape = convert::shape_arg(th, shape)?;
    let d = dtype::arg(th, d)?;
    let fortran = txpy_vm::object::is_true(th, fortran)?;
    let layout = txpy_numpy_core::Layout::contiguous(&shape, d.itemsize(), fortran).lift(th)?;
    let data = convert::latin1(th, data)?;
    let Some(bytes) = text::bytes_of(data).filter(|b| b.len() == layout.nbytes()) else { return Err(th.value_error("buffer size does not match array size")) };
    let v = array::from_bytes(th, layout, d, bytes)?;
    // As in NumPy, what another kind of machine wrote is turned to the own byte order.
    let (v, d) = if d.swapped { (convert::copy(th, &v, d.native(), if fortran { Order::F } else { Order::C })?, d.native()) } else { (v, d) };
    let this = a.get(0).cast::<array::NdArray>().expect("checked by the call");
    let d = dtype::object(th, d)?;
    {
        let mut g = this.write(th)?;
        (g.buffer, g.dtype, g.offset, g.base) = (v.buffer, d, 0, Value::NONE);
    }
    array::set_layout(th, this, &v.layout)?;
    Ok(Value::NONE)
}
/// `_reconstruct(class, shape, letter)`: an empty array that `__setstate__` fills.
pub fn reconstruct(th: &mut Thread, a: Args) -> R<Value> {
    let v = array::fresh_c(th, &[0], FLOAT64, true)?;
    let class = new_class(th, &NDARRAY, a.get(0))?;
    array::wrap(th, class.value(), v.buffer, &v.layout, v.dtype, Value::NONE, false)
}
