//! `ndarray.flat`: the elements of an array in C order as one sequence, for reading and writing. Values that are too few are repeated.

use crate::api::*;
use crate::array::{self, NdArray, View, this_view};
use crate::error::Lift;
use crate::{convert, indexing, kinds, scalar};
use txpy_numpy_core::layout::Order;
use txpy_numpy_core::{Dims, Layout, Num, Scalar};
use txpy_vm::object::compare::{Cmp, compare};
use txpy_vm::types::slice;

object! {
    pub struct FlatIter = kinds::FLATITER { array: Value, at: usize }
}
pub static FLATITER: TypeDef = TypeDef {
    name: "flatiter", module: "numpy", kind: kinds::FLATITER, size: size_of::<FlatIter>() as u16, flags: type_flag::NO_NEW, methods: &[NEXT, METHODS],
    getset: getset! {
        "base" = |th, v| Ok(this(v).read(th)?.array), "The array whose elements these are.";
        "index" = |th, v| Ok(Value::int(this(v).read(th)?.at as i64)), "Place of the next element.";
        "coords" = coords, "Indices of the next element.";
    },
    doc: "Elements of an array one after the other.", ..TypeDef::DEFAULT
};
static NEXT: &[NativeDef] = txpy_vm::next_methods!(step);
static METHODS: &[NativeDef] = natives! {
    "__len__(self, /)" = |th, a| Ok(Value::int(view(th, a.get(0))?.layout.size() as i64)), "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = |th, _| Err(th.type_error("Cannot delete iterator elements")), "Not possible.";
    "__array__(self, dtype=None, copy=None)" = flattened, "The elements as an array.";
    "copy(self, /)" = flattened, "The elements as an array.";
    "__eq__(self, value, /)" = |th, a| rich(th, a, Cmp::Eq), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, a, Cmp::Ne), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, a, Cmp::Lt), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, a, Cmp::Le), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, a, Cmp::Gt), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, a, Cmp::Ge), "Return self>=value.";
};

fn this(v: Value) -> Gc<FlatIter> {
    v.cast().expect("checked by the call")
}
fn view(th: &mut Thread, it: Value) -> R<View> {
    let a = this(it).read(th)?.array;
    this_view(th, a)
}
/// The iterator of an array.
pub fn new(th: &mut Thread, array: Value) -> R<Value> {
    Ok(th.alloc(FLATITER.shape(), FlatIter { header: Header::NEW, array, at: 0 })?.value())
}
/// The next element, STOP at the end.
pub fn step(th: &mut Thread, it: Value) -> R<Value> {
    let v = view(th, it)?;
    let mut g = this(it).write(th)?;
    let at = g.at;
    if at >= v.layout.size() {
        return Ok(Value::STOP);
    }
    g.at = at + 1;
    drop(g);
    indexing::element(th, &v, v.layout.offset_of_flat(at))
}
fn coords(th: &mut Thread, it: Value) -> R<Value> {
    let v = view(th, it)?;
    let mut rest = this(it).read(th)?.at as isize;
    let mut at = Dims::from_elem(0, v.ndim());
    for axis in (0..v.ndim()).rev() {
        let n = v.layout.shape[axis].max(1);
        at[axis] = if axis == 0 { rest } else { rest % n };
        rest /= n;
    }
    convert::int_tuple(th, &at)
}
/// The elements as an array of their own.
fn flattened(th: &mut Thread, a: Args) -> R<Value> {
    let v = view(th, a.get(0))?;
    let own = convert::copy(th, &v, v.dtype, Order::C)?;
    let n = [v.layout.size() as isize];
    let flat = View { layout: Layout::contiguous(&n, own.dtype.itemsize(), false).lift(th)?, ..own };
    match a.some(1) {
        Some(d) => {
            let d = crate::dtype::arg(th, d)?;
            let other = convert::copy(th, &flat, d, Order::C)?;
            array::object_of(th, &other)
        }
        None => array::object_of(th, &flat),
    }
}
fn rich(th: &mut Thread, a: Args, op: Cmp) -> R<Value> {
    let flat = flattened(th, Args::of(&[a.get(0)]))?;
    compare(th, op, flat, a.get(1))
}

/// What a key selects.
enum Key {
    One(usize),
    /// First, step, number.
    Range(isize, isize, usize),
    /// Places, and the shape of what they give.
    Many(Vec<usize>, Dims),
}
fn unsupported(th: &mut Thread) -> Unwind {
    th.index_error("unsupported iterator index")
}
fn place(th: &mut Thread, i: i64, size: usize, axis: &str) -> R<usize> {
    let at = if i < 0 { i.saturating_add(size as i64) } else { i };
    if at < 0 || at >= size as i64 { Err(th.index_error(format!("index {i} is out of bounds for {axis}size {size}"))) } else { Ok(at as usize) }
}
/// Whether a key selects as an array does: a truth value counts as one.
fn is_array(key: Value) -> bool {
    let truth = key == Value::TRUE || key == Value::FALSE || matches!(scalar::from_value(key), Some(Scalar::Bool(_)));
    key.is::<NdArray>() || key.is::<list::List>() || truth
}
/// The place that a key which is no array names.
fn integer(th: &mut Thread, key: Value) -> R<Option<i64>> {
    if scalar::is_scalar(key) && !matches!(scalar::from_value(key), Some(Scalar::Int(_) | Scalar::UInt(_))) {
        return Ok(None);
    }
    Ok(int::index_opt(th, key)?.and_then(int::to_i64))
}
fn parse(th: &mut Thread, key: Value, size: usize, reads: bool) -> R<Key> {
    let key = match tuple::items(key) {
        Some([k]) => *k,
        Some(_) => return Err(unsupported(th)),
        None => key,
    };
    if key == Value::ELLIPSIS {
        return Ok(Key::Range(0, 1, size));
    }
    if let Some(s) = key.cast::<slice::Slice>() {
        let (start, _, step, n) = slice::resolve(th, s.value(), size)?;
        return Ok(Key::Range(start as isize, step as isize, n));
    }
    if !is_array(key) {
        let axis = if reads && key.is_int() { "axis 0 with " } else { "" };
        return match integer(th, key)? {
            Some(i) => Ok(Key::One(place(th, i, size, axis)?)),
            None => Err(unsupported(th)),
        };
    }
    let k = convert::to_view(th, key, None)?;
    let n = k.layout.size();
    if k.dtype.num == Num::Bool {
        if n > size {
            return Err(if reads { th.value_error("too many boolean indices") } else { th.value_error("boolean index array has too many values") });
        }
        let mut found = Vec::new();
        for i in 0..n {
            if convert::read(th, &k, k.layout.offset_of_flat(i))?.truth() {
                found.push(i);
            }
        }
        let shape = [found.len() as isize].into_iter().collect();
        return Ok(Key::Many(found, shape));
    }
    if n == 0 && !key.is::<NdArray>() {
        return Ok(Key::Many(Vec::new(), [0].into_iter().collect()));
    }
    if !matches!(k.dtype.kind(), 'i' | 'u') {
        return Err(unsupported(th));
    }
    let mut found = Vec::new();
    for i in 0..n {
        let at = match convert::read(th, &k, k.layout.offset_of_flat(i))? {
            Scalar::UInt(u) => i64::try_from(u).unwrap_or(i64::MAX),
            Scalar::Int(i) => i,
            _ => return Err(unsupported(th)),
        };
        found.push(place(th, at, size, "")?);
        th.poll()?;
    }
    Ok(Key::Many(found, k.layout.shape))
}

/// A layout of one element.
fn one(v: &View, i: usize) -> View {
    View { layout: Layout { offset: v.layout.offset_of_flat(i), shape: Dims::new(), strides: Dims::new(), ..v.layout }, ..v.clone() }
}
/// The elements `first`, `first + step` ... as a view, if the array's elements have one distance in memory.
fn range(v: &View, first: isize, step: isize, n: usize) -> Option<View> {
    let flat = v.layout.reshape_view(&[v.layout.size() as isize], false)?;
    let stride = flat.strides[0];
    let offset = if n == 0 { flat.offset } else { flat.offset + first * stride };
    Some(View { layout: Layout { offset, shape: [n as isize].into_iter().collect(), strides: [stride * step].into_iter().collect(), ..flat }, ..v.clone() })
}
/// The places `first`, `first + step` ..., `n` of them.
fn places(first: isize, step: isize, n: usize) -> Vec<usize> {
    (0..n as isize).map(|i| (first + i * step) as usize).collect()
}
/// `n` elements of `from`, over and over.
fn repeated(th: &mut Thread, from: &View, n: usize) -> R<View> {
    let all = convert::copy(th, from, from.dtype, Order::C)?;
    let have = from.layout.size();
    if have == n {
        let layout = Layout::contiguous(&[n as isize], all.dtype.itemsize(), false).lift(th)?;
        return Ok(View { layout, ..all });
    }
    let out = array::fresh_c(th, &[n as isize], all.dtype, false)?;
    let part = |v: &View, at: usize, n: usize| View {
        layout: Layout { offset: (at * v.dtype.itemsize()) as isize, shape: [n as isize].into_iter().collect(), strides: [v.dtype.itemsize() as isize].into_iter().collect(), itemsize: v.dtype.itemsize() },
        ..v.clone()
    };
    let mut done = have.min(n);
    convert::assign(th, &part(&out, 0, done), &part(&all, 0, done))?;
    while done < n {
        let more = done.min(n - done);
        convert::assign(th, &part(&out, done, more), &part(&out, 0, more))?;
        done += more;
    }
    Ok(out)
}

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let v = view(th, a.get(0))?;
    this(a.get(0)).write(th)?.at = 0;
    if tuple::items(a.get(1)).is_some_and(|t| t.is_empty()) {
        return Ok(this(a.get(0)).read(th)?.array);
    }
    let out = match parse(th, a.get(1), v.layout.size(), true)? {
        Key::One(i) => return indexing::element(th, &v, v.layout.offset_of_flat(i)),
        Key::Range(first, step, n) => match range(&v, first, step, n) {
            Some(part) => convert::copy(th, &part, v.dtype, Order::C)?,
            None => gathered(th, &v, &places(first, step, n), &[n as isize])?,
        },
        Key::Many(places, shape) => gathered(th, &v, &places, &shape)?,
    };
    array::object_of(th, &out)
}
fn gathered(th: &mut Thread, v: &View, places: &[usize], shape: &[isize]) -> R<View> {
    let out = array::fresh_c(th, shape, v.dtype, true)?;
    for (k, i) in places.iter().enumerate() {
        convert::assign(th, &one(&out, k), &one(v, *i))?;
        th.poll()?;
    }
    Ok(out)
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    let v = view(th, a.get(0))?;
    if v.readonly {
        return Err(th.value_error("underlying array is read-only"));
    }
    this(a.get(0)).write(th)?.at = 0;
    let from = convert::to_view(th, a.get(2), Some(v.dtype))?;
    let n = from.layout.size();
    let key = match tuple::items(a.get(1)) {
        Some([k]) => *k,
        _ => a.get(1),
    };
    if n == 0 && tuple::items(key).is_none() && (is_array(key) || integer(th, key)?.is_none()) {
        return Ok(Value::NONE);
    }
    match parse(th, key, v.layout.size(), false)? {
        Key::One(i) if n == 1 => convert::assign(th, &one(&v, i), &one(&from, 0))?,
        Key::One(_) => return Err(th.value_error("Error setting single item of array.")),
        Key::Range(first, step, count) => match range(&v, first, step, count) {
            Some(to) => {
                let values = repeated(th, &from, count)?;
                convert::assign(th, &to, &values)?;
            }
            None => scatter(th, &v, &places(first, step, count), &from)?,
        },
        Key::Many(places, _) => scatter(th, &v, &places, &from)?,
    }
    Ok(Value::NONE)
}
fn scatter(th: &mut Thread, v: &View, places: &[usize], from: &View) -> R<()> {
    let from = if from.buffer == v.buffer { convert::copy(th, from, from.dtype, Order::C)? } else { from.clone() };
    let n = from.layout.size();
    for (k, i) in places.iter().enumerate() {
        convert::assign(th, &one(v, *i), &one(&from, k % n))?;
        th.poll()?;
    }
    Ok(())
}

/// `array.flat = x`.
pub fn set_all(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if x.is_unset() {
        return Err(th.attribute_error("Cannot delete array flat iterator"));
    }
    let view = this_view(th, v)?;
    if view.readonly {
        return Err(th.value_error("array is read-only"));
    }
    let from = convert::to_view(th, x, Some(view.dtype))?;
    let size = view.layout.size();
    if from.layout.size() == 0 || size == 0 {
        return Ok(());
    }
    let values = repeated(th, &from, size)?;
    let values = View { layout: Layout::contiguous(&view.layout.shape, values.dtype.itemsize(), false).lift(th)?, ..values };
    convert::assign(th, &view, &values)
}
