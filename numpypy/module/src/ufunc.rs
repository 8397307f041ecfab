//! `ufunc` objects: calls, reductions, running results.

use crate::api::*;
use crate::array::{self, NDARRAY, NdArray, View};
use crate::error::{Lift, raise, report};
use crate::{access, convert, dtype, indexing, kinds, scalar};
use smallvec::SmallVec;
use txpy_numpy_core::dtype::Scalar;
use txpy_numpy_core::dtype::promote::{Casting, Operand};
use txpy_numpy_core::elementwise::Call;
use txpy_numpy_core::layout::{Order, broadcast_shape, k_order_strides};
use txpy_numpy_core::overlap::write_spoils_read;
use txpy_numpy_core::reduction::{Accumulate, Reduce, Start, axis_set, drop_axes, result_layout};
use txpy_numpy_core::ufunc::{Info, LoopInfo, UFUNCS};
use txpy_numpy_core::{Array, DType, Dims, Error, Kind, Layout, Num, Ufunc};

object! {
    /// A ufunc: its place in the core crate's table.
    pub struct UfuncObject = kinds::UFUNC, frozen { id: u8 }
}

pub static UFUNC: TypeDef = TypeDef {
    name: "ufunc", module: "numpy", kind: kinds::UFUNC, size: size_of::<UfuncObject>() as u16, flags: type_flag::NO_NEW, methods: &[METHODS],
    getset: getset! {
        "__name__" = |th, v| th.native_str(info(v).name), "Name.";
        "__doc__" = |th, v| th.native_str(info(v).doc), "Description.";
        "nin" = |_, v| Ok(Value::int(info(v).nin as i64)), "Number of inputs.";
        "nout" = |_, v| Ok(Value::int(info(v).nout as i64)), "Number of outputs.";
        "nargs" = |_, v| Ok(Value::int((info(v).nin + info(v).nout) as i64)), "Number of operands.";
        "ntypes" = |_, v| Ok(Value::int(info(v).loops().count() as i64)), "Number of loops.";
        "types" = types, "Signatures of loops.";
        "identity" = |th, v| match info(v).identity.value() { Some(s) => scalar::python(th, s), None => Ok(Value::NONE) }, "What a reduction of nothing gives.";
        "signature" = |_, _| Ok(Value::NONE), "Core dimensions of generalized ufuncs.";
    },
    doc: "A function that works element by element.", ..TypeDef::DEFAULT
};

static METHODS: &[NativeDef] = natives! {
    "__call__(self, *args, **kwargs)" = call, "Call self as a function.";
    "__repr__(self, /)" = |th, a| { let s = format!("<ufunc '{}'>", info(a.get(0)).name); th.native_str(&s) }, "Return repr(self).";
    "reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=None)" = reduce_method, "Combine elements along axes.";
    "accumulate(self, array, axis=0, dtype=None, out=None)" = accumulate_method, "Running results along an axis.";
    "reduceat(self, array, indices, axis=0, dtype=None, out=None)" = reduceat, "Reductions of slices.";
    "at(self, a, indices, b=None, /)" = at, "Unbuffered operation in place on indexed elements.";
    "outer(self, A, B, /)" = outer, "All pairs of elements.";
    "__reduce__(self, /)" = |th, a| th.native_str(info(a.get(0)).name), "Return state information for pickling.";
};

fn info(v: Value) -> &'static Info {
    &UFUNCS[v.cast::<UfuncObject>().expect("checked by the call").frozen().id as usize]
}
pub fn object(th: &mut Thread, u: Ufunc) -> R<Value> {
    Ok(th.alloc(UFUNC.shape(), UfuncObject { header: Header::NEW, id: u as u8 })?.value())
}
fn types(th: &mut Thread, v: Value) -> R<Value> {
    let out = list::with_capacity(th, 4)?;
    for l in info(v).loops() {
        let (i, o) = l.types.split_at(info(v).nin);
        let codes = |t: &[Num]| t.iter().map(|n| n.row().code).collect::<String>();
        let s = th.native_str(&format!("{}->{}", codes(i), codes(o)))?;
        list::append(th, out, s)?;
    }
    Ok(out.value())
}

/// Optional arguments of a call.
#[derive(Default, Clone, Copy)]
pub struct Options {
    pub out: Option<Value>,
    pub dtype: Option<DType>,
    pub casting: Option<Casting>,
    pub mask: Option<Value>,
}

/// An input: an array, or a number that never becomes one.
enum Input {
    Array(View),
    Number(Scalar, DType),
}
impl Input {
    fn shape(&self) -> &[isize] {
        match self {
            Input::Array(v) => &v.layout.shape,
            Input::Number(..) => &[],
        }
    }
}

fn input(th: &mut Thread, v: Value) -> R<Input> {
    if let Some(a) = v.cast::<NdArray>() {
        return Ok(Input::Array(array::view(th, a)?));
    }
    match scalar::typed(v) {
        Some((s, d)) => Ok(Input::Number(s, d)),
        None => Ok(Input::Array(convert::to_view(th, v, None)?)),
    }
}

/// The loop: by the inputs, or by `dtype=`, the dtype of the output.
fn choose(th: &mut Thread, info: &'static Info, operands: &[Operand], o: &Options) -> R<&'static LoopInfo> {
    let casting = o.casting.unwrap_or(Casting::SameKind);
    let Some(d) = o.dtype else { return info.resolve(operands, casting).lift(th) };
    match info.loops().find(|l| l.dtype(info.nin) == d) {
        Some(l) => {
            for (i, p) in operands.iter().enumerate() {
                info.check_input(p.dtype, l.dtype(i), casting).lift(th)?;
            }
            Ok(l)
        }
        None => Err(th.type_error(format!("No loop matching the specified signature and casting\nwas found for ufunc {}", info.name))),
    }
}

/// An `out=` argument: an array that may be written.
fn output(th: &mut Thread, v: Value) -> R<View> {
    let Some(a) = v.cast::<NdArray>() else { return Err(th.type_error("return arrays must be of ArrayType")) };
    let view = array::view(th, a)?;
    if view.readonly {
        return Err(th.value_error("output array is read-only"));
    }
    Ok(view)
}

/// Calls a ufunc with one output.
pub fn apply(th: &mut Thread, u: Ufunc, args: &[Value], o: Options) -> R<Value> {
    let info = u.info();
    let mut inputs: SmallVec<[Input; 2]> = SmallVec::new();
    for v in args {
        inputs.push(input(th, *v)?);
    }
    if u == Ufunc::Power && o.dtype.is_none() && o.out.is_none() {
        // As NumPy's fast path: a float array to a small power.
        if let (Input::Array(v), Input::Number(s, _)) = (&inputs[0], &inputs[1]) {
            let quick = match s.to_complex() {
                _ if v.ndim() == 0 || !matches!(v.dtype.kind(), 'f' | 'c') || matches!(s, Scalar::Complex(..)) => None,
                (e, _) if e == 2.0 => Some(Ufunc::Square),
                (e, _) if e == 0.5 => Some(Ufunc::Sqrt),
                (e, _) if e == 1.0 => Some(Ufunc::Positive),
                (e, _) if e == -1.0 => Some(Ufunc::Reciprocal),
                _ => None,
            };
            if let Some(q) = quick {
                return apply(th, q, &args[..1], o);
            }
        }
    }
    let mut operands: SmallVec<[Operand; 2]> = SmallVec::new();
    for i in &inputs {
        operands.push(match i {
            Input::Number(s, d) => Operand { dtype: *d, value: Some(*s) },
            Input::Array(v) => convert::operand(th, v)?,
        });
    }
    let chosen = choose(th, info, &operands, &o)?;
    let result = chosen.dtype(info.nin);
    let given = match o.out {
        Some(v) => Some(output(th, v)?),
        None => None,
    };
    let mut shapes: SmallVec<[&[isize]; 3]> = inputs.iter().map(Input::shape).collect();
    shapes.extend(given.as_ref().map(|g| &g.layout.shape[..]));
    let full = broadcast_shape(&shapes).lift(th)?;
    let mut shape = broadcast_shape(&shapes[..info.nin]).lift(th)?;
    drop(shapes);
    if let Some(g) = &given {
        if full != g.layout.shape {
            let text = txpy_numpy_core::layout::show_shape(&g.layout.shape);
            let wanted = txpy_numpy_core::layout::show_shape(&full);
            return Err(th.value_error(format!("non-broadcastable output operand with shape {text} doesn't match the broadcast shape {wanted}")));
        }
        shape = full;
        info.check_output(result, g.dtype, o.casting.unwrap_or(Casting::SameKind)).lift(th)?;
    }
    // Numbers stand in local memory.
    let mut local = [[0u8; 16]; 2];
    let mut layouts: SmallVec<[Layout; 3]> = SmallVec::new();
    for (k, i) in inputs.iter().enumerate() {
        layouts.push(match i {
            Input::Array(v) => v.layout.broadcast_to(&shape).lift(th)?,
            Input::Number(s, d) => {
                let (bytes, size) = s.to_bytes(*d);
                local[k] = bytes;
                Layout { offset: 0, shape: shape.clone(), strides: Dims::from_elem(0, shape.len()), itemsize: size }
            }
        });
    }
    let out = match given {
        Some(g) => g,
        None => {
            let refs: SmallVec<[&Layout; 3]> = inputs.iter().zip(&layouts).filter(|(i, _)| matches!(i, Input::Array(_))).map(|(_, l)| l).collect();
            let strides = k_order_strides(&shape, &refs, result.itemsize());
            array::fresh(th, Layout { offset: 0, shape: shape.clone(), strides, itemsize: result.itemsize() }, result, o.mask.is_some())?
        }
    };
    // An input that the output would spoil is copied.
    for (k, i) in inputs.iter_mut().enumerate() {
        let Input::Array(v) = i else { continue };
        if v.buffer == out.buffer && write_spoils_read(&out.layout, &layouts[k], v.dtype == out.dtype) {
            *v = convert::copy(th, v, v.dtype, Order::K)?;
            layouts[k] = v.layout.broadcast_to(&shape).lift(th)?;
        }
    }
    let mut arrays: SmallVec<[Array; 3]> = SmallVec::new();
    let mut reads: SmallVec<[Gc<txpy_heap::Buffer>; 3]> = SmallVec::new();
    for (k, i) in inputs.iter().enumerate() {
        arrays.push(match i {
            Input::Array(v) => {
                reads.push(v.buffer);
                v.with(&layouts[k])
            }
            Input::Number(_, d) => Array { base: local[k].as_mut_ptr(), layout: &layouts[k], dtype: *d },
        });
    }
    if let Some(mask) = o.mask {
        return masked(th, info, chosen, &arrays, &reads, &out, mask, o.out);
    }
    arrays.push(out.array());
    let mut call = Call::ufunc(info, chosen, &arrays).lift(th)?;
    let target = access::target(th, &out)?;
    // SAFETY: views lie in their buffers, which are held; overlaps have been copied; `local` outlives the call.
    access::run(th, &reads, &[target], || unsafe { call.run(access::BUDGET) })?;
    report(th, call.flags(), info.name)?;
    finish(th, &out, o.out)
}

/// `where=`: the whole result is computed apart and assigned where the mask is true.
fn masked(th: &mut Thread, info: &'static Info, chosen: &'static LoopInfo, inputs: &[Array], reads: &[Gc<txpy_heap::Buffer>], out: &View, mask: Value, given: Option<Value>) -> R<Value> {
    let m = convert::to_view(th, mask, None)?;
    if m.dtype.num != Num::Bool {
        return Err(th.type_error("Cannot cast array data from another dtype to dtype('bool') according to the rule 'safe'"));
    }
    let ml = m.layout.broadcast_to(&out.layout.shape).lift(th)?;
    let whole = array::fresh_c(th, &out.layout.shape, chosen.dtype(info.nin), false)?;
    let mut arrays: SmallVec<[Array; 4]> = inputs.into();
    arrays.push(whole.array());
    let mut call = Call::ufunc(info, chosen, &arrays).lift(th)?;
    let target = access::target(th, &whole)?;
    // SAFETY: as in `apply`.
    access::run(th, reads, &[target], || unsafe { call.run(access::BUDGET) })?;
    let same = if whole.dtype == out.dtype { whole.clone() } else { convert::copy(th, &whole, out.dtype, Order::C)? };
    let mut select = txpy_numpy_core::select::Where::new(m.with(&ml), same.array(), out.array(), out.array()).lift(th)?;
    let target = access::target_where(th, out, &m, &ml)?;
    // SAFETY: as in `apply`; an element of the output is read before it is written.
    access::run(th, &[m.buffer, same.buffer], &[target], || unsafe { select.run(access::BUDGET) })?;
    finish(th, out, given)
}

/// The result object: `out` itself, an array scalar for no axes, or a new array.
pub fn finish(th: &mut Thread, out: &View, given: Option<Value>) -> R<Value> {
    match given {
        Some(v) => Ok(v),
        None if out.ndim() == 0 => indexing::element(th, out, out.layout.offset),
        None => array::object_of(th, out),
    }
}

fn call(th: &mut Thread, a: Args) -> R<Value> {
    let info = info(a.get(0));
    let n = a.positional() - 1;
    if n < info.nin || n > info.nin + info.nout {
        return Err(th.value_error("invalid number of arguments"));
    }
    let mut o = Options::default();
    let mut args = [Value::UNSET; 2];
    for (i, x) in args.iter_mut().enumerate().take(info.nin) {
        *x = a.get(1 + i);
    }
    if n > info.nin && !a.get(1 + info.nin).is_none() {
        o.out = Some(a.get(1 + info.nin));
    }
    for i in 0..a.keyword_count() {
        let (name, v) = a.keyword(i);
        match &*text::lossy(name) {
            "out" => {
                let v = match tuple::items(v) {
                    Some([one]) => *one,
                    Some(_) => return Err(th.value_error("The 'out' tuple must have exactly one entry per ufunc output")),
                    None => v,
                };
                if o.out.is_some() {
                    return Err(th.value_error("cannot specify 'out' as both a positional and keyword argument"));
                }
                o.out = (!v.is_none()).then_some(v);
            }
            "dtype" => o.dtype = dtype::opt_arg(th, v)?,
            "casting" => o.casting = Some(Casting::parse(&text::lossy(v)).lift(th)?),
            "where" => o.mask = (v != Value::TRUE).then_some(v),
            "order" | "subok" => {}
            other => {
                let text = format!("'{other}' is an invalid keyword to ufunc '{}'", info.name);
                return Err(th.type_error(text));
            }
        }
    }
    apply(th, info.id, &args[..info.nin], o)
}

// ---- reductions

/// An axis argument: None (all), an integer, a tuple.
pub fn axes_arg(th: &mut Thread, v: Value, ndim: usize) -> R<u64> {
    if v.is_none() || v.is_unset() {
        return axis_set(None, ndim).lift(th);
    }
    let axes: Dims = match tuple::items(v) {
        None => Dims::from_slice(&[int::arg_i64(th, v)? as isize]),
        Some(items) if items.len() > 64 => return Err(raise(th, Error::new(Kind::Value, "too many values for 'axis'"))),
        Some(items) => {
            let mut axes = Dims::new();
            for x in items {
                axes.push(int::arg_i64(th, *x)? as isize);
            }
            axes
        }
    };
    axis_set(Some(&axes), ndim).lift(th)
}

/// `ufunc.reduce` over a set of axes.
pub fn reduce(th: &mut Thread, u: Ufunc, v: &View, axes: u64, dtype: Option<DType>, out: Option<Value>, keep: bool, initial: Option<Scalar>) -> R<Value> {
    let info = u.info();
    let chosen = info.reduction_loop(dtype.map_or_else(|| info.reduction_dtype(v.dtype.native()), DType::native)).lift(th)?;
    let d = chosen.dtype(0);
    let result = array::fresh(th, result_layout(&v.layout, axes, d.itemsize()), d, false)?;
    let (start, rest) = match initial {
        Some(s) => (Start::Fill(s), v.layout.clone()),
        None => Reduce::start(info, &v.layout, axes).lift(th)?,
    };
    match &start {
        Start::Fill(s) => convert::fill(th, &result, *s)?,
        Start::First(first) => {
            let from = View { layout: first.clone(), ..v.clone() };
            convert::assign(th, &result, &from)?;
        }
    }
    let mut state = Reduce::new(info, chosen, result.array(), v.with(&rest)).lift(th)?;
    let target = access::target(th, &result)?;
    // SAFETY: the result is fresh; both lie in their buffers, which are held.
    access::run(th, &[v.buffer], &[target], || unsafe { state.run(access::BUDGET) })?;
    report(th, state.flags(), info.name)?;
    let result = if keep { result } else { View { layout: drop_axes(&result.layout, axes), ..result } };
    match out {
        None => finish(th, &result, None),
        Some(o) => {
            let to = output(th, o)?;
            if to.ndim() != result.ndim() {
                return Err(th.value_error(format!("output parameter for reduction operation {} has the wrong number of dimensions", info.name)));
            }
            convert::assign(th, &to, &result)?;
            Ok(o)
        }
    }
}

fn reduce_method(th: &mut Thread, a: Args) -> R<Value> {
    let u = info(a.get(0)).id;
    let v = convert::to_view(th, a.get(1), None)?;
    let axes = axes_arg(th, a.or(2, Value::int(0)), v.ndim())?;
    let d = dtype::opt_arg(th, a.or(3, Value::NONE))?;
    let keep = match a.some(5) {
        Some(k) => txpy_vm::object::is_true(th, k)?,
        None => false,
    };
    let initial = a.some(6).and_then(scalar::from_value);
    reduce(th, u, &v, axes, d, a.some(4), keep, initial)
}

/// `ufunc.accumulate` along an axis.
pub fn accumulate(th: &mut Thread, u: Ufunc, v: &View, axis: usize, dtype: Option<DType>, out: Option<Value>) -> R<Value> {
    let info = u.info();
    let chosen = info.reduction_loop(dtype.map_or_else(|| info.reduction_dtype(v.dtype.native()), DType::native)).lift(th)?;
    let d = chosen.dtype(0);
    let converted = if v.dtype == d { v.clone() } else { convert::copy(th, v, d, Order::K)? };
    let result = array::fresh_c(th, &v.layout.shape, d, false)?;
    let copy = txpy_numpy_core::dtype::cast::cast_loop(d, d).lift(th)?;
    let mut state = Accumulate::new(info, chosen, result.array(), converted.array(), axis).lift(th)?;
    let target = access::target(th, &result)?;
    // SAFETY: as in `reduce`.
    access::run(th, &[converted.buffer], &[target], || unsafe { state.run(access::BUDGET, copy) })?;
    report(th, state.flags(), info.name)?;
    object_or_out(th, &result, out)
}
/// The array of a result, or the `out=` argument with the result in it.
fn object_or_out(th: &mut Thread, result: &View, out: Option<Value>) -> R<Value> {
    let Some(o) = out else { return array::object_of(th, result) };
    let to = output(th, o)?;
    convert::assign(th, &to, result)?;
    Ok(o)
}
/// The axis along which `method` runs.
fn one_axis(th: &mut Thread, axis: Option<Value>, v: &View, method: &str) -> R<usize> {
    let axis = match axis {
        Some(x) => int::arg_i64(th, x)?,
        None => 0,
    };
    if v.ndim() == 0 {
        return Err(th.type_error(format!("cannot {method} on a scalar")));
    }
    txpy_numpy_core::layout::normalize_axis(axis as isize, v.ndim()).lift(th)
}

fn accumulate_method(th: &mut Thread, a: Args) -> R<Value> {
    let u = info(a.get(0));
    if u.nin != 2 {
        return Err(th.value_error("accumulate only supported for binary functions"));
    }
    let v = convert::to_view(th, a.get(1), None)?;
    let axis = one_axis(th, a.some(2), &v, "accumulate")?;
    let d = dtype::opt_arg(th, a.or(3, Value::NONE))?;
    accumulate(th, u.id, &v, axis, d, a.some(4))
}

fn outer(th: &mut Thread, a: Args) -> R<Value> {
    let u = info(a.get(0));
    if u.nin != 2 {
        return Err(th.value_error("outer product only supported for binary functions"));
    }
    let x = convert::to_view(th, a.get(1), None)?;
    let y = convert::to_view(th, a.get(2), None)?;
    let mut layout = x.layout.clone();
    layout.shape.extend(std::iter::repeat_n(1, y.ndim()));
    layout.strides.extend(std::iter::repeat_n(0, y.ndim()));
    let wide = array::wrap(th, NDARRAY.value(), x.buffer, &layout, x.dtype, x.array.get().unwrap_or(Value::NONE), true)?;
    let right = convert::array_of(th, &y)?;
    apply(th, u.id, &[wide, right], Options::default())
}

/// `ufunc.reduceat`: for each index the reduction up to the next one, or the element itself where the next is not above.
fn reduceat(th: &mut Thread, a: Args) -> R<Value> {
    let info = info(a.get(0));
    if info.nin != 2 {
        return Err(th.value_error("reduceat only supported for binary functions"));
    }
    let v = convert::to_view(th, a.get(1), None)?;
    let axis = one_axis(th, a.some(3), &v, "reduceat")?;
    let index = convert::to_view(th, a.get(2), Some(txpy_numpy_core::dtype::INT64))?;
    // SAFETY: the view lies in its buffer, which is held.
    let index = access::held(th, &[index.buffer], &[], || unsafe { txpy_numpy_core::select::read_indices(index.array()) })?.lift(th)?.values;
    let n = v.layout.shape[axis];
    if let Some(i) = index.iter().find(|i| **i < 0 || **i >= n) {
        return Err(th.index_error(format!("index {i} out-of-bounds in {}.reduceat [0, {n})", info.name)));
    }
    let d = dtype::opt_arg(th, a.or(4, Value::NONE))?.unwrap_or_else(|| info.reduction_dtype(v.dtype.native()));
    let chosen = info.reduction_loop(d).lift(th)?;
    let mut shape = v.layout.shape.clone();
    shape[axis] = index.len() as isize;
    let out = array::fresh_c(th, &shape, chosen.dtype(2), true)?;
    for (k, &from) in index.iter().enumerate() {
        let to = index.get(k + 1).copied().unwrap_or(n).max(from + 1);
        let mut l = v.layout.clone();
        l.offset += from * l.strides[axis];
        l.shape[axis] = to - from;
        let part = reduce(th, info.id, &View { layout: l, array: Value::UNSET, ..v.clone() }, 1 << axis, Some(d), None, true, None)?;
        let part = convert::to_view(th, part, None)?;
        let mut l = out.layout.clone();
        l.offset += k as isize * l.strides[axis];
        l.shape[axis] = 1;
        convert::assign(th, &View { layout: l, ..out.clone() }, &part)?;
        th.poll()?;
    }
    object_or_out(th, &out, a.some(5))
}

/// `ufunc.at`: the operation on the selected elements one after the other, so that repeated indices count each time.
fn at(th: &mut Thread, a: Args) -> R<Value> {
    let info = info(a.get(0));
    if info.nin == 2 && a.opt(3).is_none() {
        return Err(th.value_error("second operand needed for ufunc"));
    }
    if info.nin == 1 && a.opt(3).is_some() {
        return Err(th.value_error("second operand provided when ufunc is not binary"));
    }
    let Some(array) = a.get(1).cast::<NdArray>() else { return Err(th.type_error("first operand must be array")) };
    let v = array::view(th, array)?;
    if v.readonly {
        return Err(th.value_error("array is read-only"));
    }
    // Flat positions of the selected elements: the same index of an array of positions.
    let n = v.layout.size();
    let positions = array::fresh_c(th, &v.layout.shape, txpy_numpy_core::dtype::INT64, false)?;
    {
        let mut g = positions.buffer.write(th)?;
        g.as_mut_slice().chunks_exact_mut(8).take(n).zip(0i64..).for_each(|(to, i)| to.copy_from_slice(&i.to_ne_bytes()));
    }
    let chosen = indexing::get(th, &positions, a.get(2))?;
    let chosen = convert::to_view(th, chosen, None)?;
    let mut plain = false;
    let other = match a.opt(3) {
        Some(b) => {
            let b = convert::to_view(th, b, None)?;
            plain = b.ndim() == 0;
            let layout = b.layout.broadcast_to(&chosen.layout.shape).lift(th)?;
            Some(View { layout, ..b })
        }
        None => None,
    };
    for i in 0..chosen.layout.size() {
        let Scalar::Int(at) = convert::read(th, &chosen, chosen.layout.offset_of_flat(i))? else { continue };
        let one = View { layout: Layout { offset: v.layout.offset_of_flat(at as usize), shape: Dims::from_slice(&[1]), strides: Dims::from_slice(&[0]), ..v.layout }, array: Value::UNSET, ..v.clone() };
        let x = array::object_of(th, &one)?;
        let r = match &other {
            Some(b) => {
                let at = b.layout.offset_of_flat(i);
                // A number counts by its value, an element of an array by its dtype.
                let y = if plain {
                    convert::item(th, b, at, false)?
                } else {
                    let l = Layout { offset: at, shape: Dims::from_slice(&[1]), strides: Dims::from_slice(&[0]), ..b.layout };
                    array::object_of(th, &View { layout: l, array: Value::UNSET, ..b.clone() })?
                };
                apply(th, info.id, &[x, y], Options::default())?
            }
            None => apply(th, info.id, &[x], Options::default())?,
        };
        let r = convert::to_view(th, r, None)?;
        info.check_output(r.dtype, v.dtype, Casting::SameKind).lift(th)?;
        convert::assign(th, &one, &r)?;
        th.poll()?;
    }
    Ok(Value::NONE)
}
