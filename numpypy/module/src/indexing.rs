//! Subscription of arrays: elements, views, and selection by arrays.

use crate::api::*;
use crate::array::{self, NdArray, View, this_view};
use crate::error::Lift;
use crate::{access, convert, kinds, scalar};
use smallvec::SmallVec;
use txpy_numpy_core::index::{Item, check_index};
use txpy_numpy_core::layout::Order;
use txpy_numpy_core::select::{Fancy, IndexArray, Part, coordinates, read_indices, true_positions};
use txpy_numpy_core::{Layout, Num};
use txpy_vm::types::slice;

pub static METHODS: &[NativeDef] = natives! {
    "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__iter__(self, /)" = iterate, "Implement iter(self).";
    "__contains__(self, key, /)" = contains, "Return key in self.";
};

object! {
    /// Over the first axis.
    pub struct ArrayIter = kinds::ARRAY_ITER { array: Value, at: isize }
}
pub static ARRAY_ITER: TypeDef = TypeDef {
    name: "array_iterator", module: "numpy", kind: kinds::ARRAY_ITER, size: size_of::<ArrayIter>() as u16, flags: type_flag::NO_NEW, methods: &[NEXT],
    doc: "Iterator over the first axis of an array.", ..TypeDef::DEFAULT
};
static NEXT: &[NativeDef] = txpy_vm::next_methods!(step);

/// The array scalar of the element at a byte offset.
pub fn element(th: &mut Thread, v: &View, offset: isize) -> R<Value> {
    convert::item(th, v, offset, false)
}

fn len(th: &mut Thread, a: Args) -> R<Value> {
    let v = this_view(th, a.get(0))?;
    match v.layout.shape.first() {
        Some(n) => Ok(Value::int(*n as i64)),
        None => Err(th.type_error("len() of unsized object")),
    }
}
fn iterate(th: &mut Thread, a: Args) -> R<Value> {
    if this_view(th, a.get(0))?.ndim() == 0 {
        return Err(th.type_error("iteration over a 0-d array"));
    }
    Ok(th.alloc(ARRAY_ITER.shape(), ArrayIter { header: Header::NEW, array: a.get(0), at: 0 })?.value())
}
/// The next element, STOP at the end.
pub fn step(th: &mut Thread, it: Value) -> R<Value> {
    let it = it.cast::<ArrayIter>().expect("checked by the call");
    let (array, at) = {
        let mut g = it.write(th)?;
        g.at += 1;
        (g.array, g.at - 1)
    };
    let v = this_view(th, array)?;
    if v.layout.shape.first().is_none_or(|n| at >= *n) {
        return Ok(Value::STOP);
    }
    first_axis(th, &v, at)
}
/// `v[i]` for an index inside the first axis.
fn first_axis(th: &mut Thread, v: &View, i: isize) -> R<Value> {
    let offset = v.layout.offset + i * v.layout.strides[0];
    if v.ndim() == 1 {
        return element(th, v, offset);
    }
    let l = Layout { offset, shape: v.layout.shape[1..].into(), strides: v.layout.strides[1..].into(), ..v.layout };
    array::view_of(th, v, &l)
}

/// What a key selects.
enum Key {
    Basic(SmallVec<[Item; 4]>),
    Fancy(Vec<Part>),
}

/// One item of a key.
fn part(th: &mut Thread, k: Value, parts: &mut Vec<Part>) -> R<()> {
    if let Some(i) = k.as_int() {
        parts.push(Part::Basic(Item::Int(i as isize)));
        return Ok(());
    }
    if let Some(s) = k.cast::<slice::Slice>() {
        let s = s.frozen();
        let mut ends = [None; 3];
        for (end, v) in ends.iter_mut().zip([s.start, s.stop, s.step]) {
            if !v.is_none() {
                let i = match int::index_opt(th, v)? {
                    Some(i) => slice::clamp(th, i)?,
                    None => return Err(th.type_error("slice indices must be integers or None or have an __index__ method")),
                };
                *end = Some(i as isize);
            }
        }
        parts.push(Part::Basic(Item::Slice(ends[0], ends[1], ends[2])));
        return Ok(());
    }
    if k.is_none() {
        parts.push(Part::Basic(Item::NewAxis));
        return Ok(());
    }
    if k == Value::ELLIPSIS {
        parts.push(Part::Basic(Item::Ellipsis));
        return Ok(());
    }
    let boolean = k == Value::TRUE || k == Value::FALSE || matches!(scalar::from_value(k), Some(txpy_numpy_core::Scalar::Bool(_)));
    if boolean {
        return Err(th.not_implemented("indexing by a single truth value"));
    }
    if !k.is::<NdArray>() && !k.is::<list::List>() && tuple::items(k).is_none() {
        if let Some(i) = if scalar::is_scalar(k) && !matches!(scalar::from_value(k), Some(txpy_numpy_core::Scalar::Int(_) | txpy_numpy_core::Scalar::UInt(_))) { None } else { int::index_opt(th, k)? } {
            let Some(i) = int::to_i64(i) else { return Err(th.index_error("cannot fit 'int' into an index-sized integer")) };
            parts.push(Part::Basic(Item::Int(i as isize)));
            return Ok(());
        }
        return Err(th.index_error(INVALID));
    }
    let v = convert::to_view(th, k, None)?;
    if v.dtype.num == Num::Bool {
        if v.ndim() == 0 {
            return Err(th.not_implemented("indexing by a single truth value"));
        }
        // SAFETY: the view lies in its buffer, which is held.
        let found = access::held(th, &[v.buffer], &[], || unsafe { true_positions(v.array()) })?.lift(th)?;
        for axis in 0..v.ndim() {
            let values: Vec<isize> = coordinates(&found, &v.layout.shape, axis).collect();
            let shape = [values.len() as isize].into_iter().collect();
            parts.push(Part::Array(IndexArray { values, shape }));
        }
        return Ok(());
    }
    if v.layout.size() == 0 && !k.is::<NdArray>() {
        parts.push(Part::Array(IndexArray { values: Vec::new(), shape: v.layout.shape.clone() }));
        return Ok(());
    }
    if !k.is::<NdArray>() && !matches!(v.dtype.kind(), 'i' | 'u') {
        return Err(th.index_error(INVALID));
    }
    // SAFETY: as above.
    let index = access::held(th, &[v.buffer], &[], || unsafe { read_indices(v.array()) })?.lift(th)?;
    parts.push(Part::Array(index));
    Ok(())
}
const INVALID: &str = "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices";

/// Boolean masks must fit the axes that they stand for.
fn check_masks(th: &mut Thread, layout: &Layout, key: Value) -> R<()> {
    let keys: SmallVec<[Value; 8]> = match tuple::items(key) {
        Some(items) => items.into(),
        None => SmallVec::from_slice(&[key]),
    };
    let mut axis = 0;
    for k in keys.iter().copied() {
        if k == Value::ELLIPSIS {
            return Ok(());
        }
        if k.is_none() {
            continue;
        }
        let Some(a) = k.cast::<NdArray>() else {
            axis += 1;
            continue;
        };
        let v = array::view(th, a)?;
        if v.dtype.num != Num::Bool {
            axis += 1;
            continue;
        }
        for n in &v.layout.shape {
            match layout.shape.get(axis) {
                Some(have) if have != n => {
                    let text = format!("boolean index did not match indexed array along dimension {axis}; dimension is {have} but corresponding boolean dimension is {n}");
                    return Err(th.index_error(text));
                }
                _ => axis += 1,
            }
        }
    }
    Ok(())
}

fn parse(th: &mut Thread, layout: &Layout, key: Value) -> R<Key> {
    let mut parts = Vec::new();
    match tuple::items(key) {
        Some(items) => {
            for k in items {
                part(th, *k, &mut parts)?;
            }
        }
        None => part(th, key, &mut parts)?,
    }
    let basic = parts.iter().map(|p| if let Part::Basic(i) = p { Some(*i) } else { None }).collect();
    if let Some(items) = basic {
        return Ok(Key::Basic(items));
    }
    check_masks(th, layout, key)?;
    Ok(Key::Fancy(parts))
}

/// Offset of the element that a key of integers names, if it is one.
fn element_offset(th: &mut Thread, l: &Layout, key: Value) -> R<Option<isize>> {
    if let Some(i) = key.as_int().filter(|_| l.ndim() == 1) {
        return Ok(Some(l.offset + check_index(i as isize, 0, l.shape[0]).lift(th)? * l.strides[0]));
    }
    let Some(items) = tuple::items(key).filter(|t| t.len() == l.ndim() && t.iter().all(|k| k.is_int())) else { return Ok(None) };
    let mut at = l.offset;
    for (axis, k) in items.iter().enumerate() {
        at += check_index(k.int_unchecked() as isize, axis, l.shape[axis]).lift(th)? * l.strides[axis];
    }
    Ok(Some(at))
}

/// What a key of integers names: buffer, offset, dtype, without a view.
fn quick(th: &mut Thread, array: Value, key: Value) -> R<Option<(Gc<txpy_heap::Buffer>, isize, txpy_numpy_core::DType, bool)>> {
    let single = [key];
    let items = if key.is_int() { &single[..] } else { tuple::items(key).unwrap_or(&[]) };
    if items.is_empty() {
        return Ok(None);
    }
    let g = array.cast::<NdArray>().expect("checked by the call").read(th)?;
    Ok(g.quick_offset(items).map(|at| (g.buffer, at, g.dtype.frozen().dtype(), g.readonly)))
}

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    if let Some((buffer, at, dtype, _)) = quick(th, a.get(0), a.get(1))?.filter(|q| q.2.is_number()) {
        let s = {
            let g = buffer.read(th)?;
            txpy_numpy_core::Scalar::from_bytes(&g.as_slice()[at as usize..at as usize + dtype.itemsize()], dtype)
        };
        return scalar::make(th, s, dtype.native());
    }
    let v = this_view(th, a.get(0))?;
    get(th, &v, a.get(1))
}
/// `v[key]`.
pub fn get(th: &mut Thread, v: &View, key: Value) -> R<Value> {
    if let Some(offset) = element_offset(th, &v.layout, key)? {
        return element(th, v, offset);
    }
    if let Some((list, wide)) = by_truth(th, v, key)? {
        return get(th, &wide, list);
    }
    match parse(th, &v.layout, key)? {
        Key::Basic(items) => {
            let l = v.layout.index(&items).lift(th)?;
            let whole = items.iter().filter(|i| matches!(i, Item::Int(_))).count() == v.ndim();
            if l.ndim() == 0 && whole && !items.contains(&Item::Ellipsis) {
                return element(th, v, l.offset);
            }
            array::view_of(th, v, &l)
        }
        Key::Fancy(parts) => {
            let mut f = Fancy::new(&v.layout, parts).lift(th)?;
            let out = array::fresh_c(th, &f.shape(), v.dtype, false)?;
            run_fancy(th, &mut f, v, &out, false)?;
            array::object_of(th, &out)
        }
    }
}

fn run_fancy(th: &mut Thread, f: &mut Fancy, v: &View, other: &View, set: bool) -> R<()> {
    let (from, target) = if set { (other, access::target_of(th, v, f.written())?) } else { (v, access::target(th, other)?) };
    // SAFETY: both lie in their buffers, which are held; they are apart.
    access::try_run(th, &[from.buffer], &[target], || unsafe { f.run(v.array(), other.array(), set, access::BUDGET) })
}

fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    if let (Some((buffer, at, dtype, false)), Some(x)) = (quick(th, a.get(0), a.get(1))?, a.get(2).as_float()) {
        if dtype == txpy_numpy_core::dtype::FLOAT64 {
            let mut g = buffer.write_range(th, at as usize, 8)?;
            g.as_mut_slice()[at as usize..at as usize + 8].copy_from_slice(&x.to_ne_bytes());
            return Ok(Value::NONE);
        }
    }
    let v = this_view(th, a.get(0))?;
    set(th, &v, a.get(1), a.get(2))?;
    Ok(Value::NONE)
}
/// A single truth value indexes a new first axis of length 1: the list of positions there, and the array with that axis.
fn by_truth(th: &mut Thread, v: &View, key: Value) -> R<Option<(Value, View)>> {
    let truth = if key == Value::TRUE || key == Value::FALSE {
        Some(key == Value::TRUE)
    } else if let Some(txpy_numpy_core::Scalar::Bool(b)) = scalar::from_value(key) {
        Some(b)
    } else if let Some(a) = key.cast::<NdArray>() {
        let k = array::view(th, a)?;
        if k.ndim() == 0 && k.dtype.num == Num::Bool { Some(convert::read(th, &k, k.layout.offset)?.truth()) } else { None }
    } else {
        None
    };
    let Some(truth) = truth else { return Ok(None) };
    let first = [Value::int(0)];
    let list = txpy_vm::types::list::new(th, &first[..usize::from(truth)])?;
    let layout = v.layout.index(&[Item::NewAxis, Item::Ellipsis]).lift(th)?;
    Ok(Some((list, View { layout, ..v.clone() })))
}

/// `v[key] = x`.
pub fn set(th: &mut Thread, v: &View, key: Value, x: Value) -> R<()> {
    if v.readonly {
        return Err(th.value_error("assignment destination is read-only"));
    }
    if let Some((list, wide)) = by_truth(th, v, key)? {
        return set(th, &wide, list, x);
    }
    let number = scalar::from_value(x).filter(|_| v.dtype.is_number());
    if let (Some(s), Some(offset)) = (number, element_offset(th, &v.layout, key)?) {
        return store(th, v, offset, s);
    }
    match parse(th, &v.layout, key)? {
        Key::Basic(items) => {
            let to = View { layout: v.layout.index(&items).lift(th)?, ..v.clone() };
            match number {
                Some(s) => convert::fill(th, &to, s),
                None => {
                    let from = convert::to_view(th, x, None)?;
                    check_sequence(th, &to, &from, x)?;
                    convert::assign(th, &to, &from)
                }
            }
        }
        Key::Fancy(parts) => {
            let mut f = Fancy::new(&v.layout, parts).lift(th)?;
            let shape = f.shape();
            let mut from = convert::to_view(th, x, None)?;
            if from.buffer == v.buffer {
                from = convert::copy(th, &from, from.dtype, Order::K)?;
            }
            let l = match from.layout.assign_to(&shape) {
                Ok(l) => l,
                Err(_) => {
                    let show = txpy_numpy_core::layout::show_shape;
                    let mask = key.cast::<NdArray>();
                    let count = shape.first().copied().unwrap_or(0);
                    let text = match mask {
                        Some(m) if array::view(th, m)?.dtype.num == Num::Bool && from.ndim() == 1 && shape.len() == 1 => {
                            format!("NumPy boolean array indexing assignment cannot assign {} input values to the {count} output values where the mask is true", from.layout.shape[0])
                        }
                        _ => format!("shape mismatch: value array of shape {} could not be broadcast to indexing result of shape {}", show(&from.layout.shape), show(&shape)),
                    };
                    return Err(th.value_error(text));
                }
            };
            let from = View { layout: l, ..from };
            run_fancy(th, &mut f, v, &from, true)
        }
    }
}
/// A sequence that doesn't fit has a message of its own.
fn check_sequence(th: &mut Thread, to: &View, from: &View, x: Value) -> R<()> {
    if x.is::<NdArray>() || from.ndim() > to.ndim() {
        return Ok(());
    }
    let aligned = &to.layout.shape[to.ndim() - from.ndim()..];
    match from.layout.shape.iter().zip(aligned).find(|(n, m)| n != m && **n != 1) {
        Some((n, m)) => Err(th.value_error(format!("cannot copy sequence with size {n} to array axis with dimension {m}"))),
        None => Ok(()),
    }
}
fn store(th: &mut Thread, v: &View, offset: isize, s: txpy_numpy_core::Scalar) -> R<()> {
    convert::check_store(th, v.dtype, s)?;
    convert::write(th, v, offset, s)
}

fn contains(th: &mut Thread, a: Args) -> R<Value> {
    let equal = crate::ufunc::apply(th, txpy_numpy_core::Ufunc::Equal, &[a.get(0), a.get(1)], Default::default())?;
    let v = convert::to_view(th, equal, None)?;
    // SAFETY: the view lies in its buffer, which is held.
    let found = access::held(th, &[v.buffer], &[], || unsafe { true_positions(v.array()) })?.lift(th)?;
    Ok(Value::from_bool(!found.is_empty()))
}
