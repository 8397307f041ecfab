//! Objects as arrays: arrays themselves, numbers, nested sequences.

use crate::api::*;
use crate::array::{self, NdArray, View};
use crate::error::Lift;
use crate::{access, scalar};
use txpy_numpy_core::dtype::promote::promote;
use txpy_numpy_core::dtype::{FLOAT64, Scalar};
use txpy_numpy_core::elementwise::Call;
use txpy_numpy_core::layout::{MAX_DIMS, Order};
use txpy_numpy_core::{DType, Dims, Layout};

/// The array object of a view: its own, or a new one.
pub fn array_of(th: &mut Thread, v: &View) -> R<Value> {
    if v.array.is_unset() { array::object_of(th, v) } else { Ok(v.array) }
}

/// Nested sequences, flattened: plain numbers, so that the collector need not see them.
struct Walk {
    shape: Dims,
    /// The depth at which numbers stand, once one was found.
    bottom: Option<usize>,
    values: Vec<Scalar>,
    dtype: Option<DType>,
}

impl Walk {
    fn note(&mut self, th: &mut Thread, d: DType) -> R<()> {
        self.dtype = Some(match self.dtype {
            None => d,
            Some(old) => promote(old, d).lift(th)?,
        });
        Ok(())
    }
    fn push(&mut self, th: &mut Thread, s: Scalar) -> R<()> {
        if self.values.len() == self.values.capacity() && self.values.try_reserve(self.values.len().max(16)).is_err() {
            return Err(th.memory_error());
        }
        self.values.push(s);
        Ok(())
    }
    fn ragged(th: &mut Thread) -> Unwind {
        th.not_implemented("arrays of objects (the sequences have different lengths or depths)")
    }
    /// Notes a sequence of `n` at `depth`.
    fn enter(&mut self, th: &mut Thread, depth: usize, n: usize) -> R<()> {
        if depth >= MAX_DIMS {
            return Err(th.value_error("too many dimensions: an array has at most 32"));
        }
        if self.bottom.is_some_and(|b| depth >= b) {
            return Err(Walk::ragged(th));
        }
        match self.shape.get(depth) {
            None => self.shape.push(n as isize),
            Some(&have) if have as usize == n => {}
            Some(_) => return Err(Walk::ragged(th)),
        }
        Ok(())
    }

    fn visit(&mut self, th: &mut Thread, v: Value, depth: usize) -> R<()> {
        if let Some(s) = scalar::from_value(v) {
            if self.bottom.is_some_and(|b| b != depth) || self.shape.len() > depth {
                return Err(Walk::ragged(th));
            }
            self.bottom = Some(depth);
            self.note(th, s.dtype())?;
            return self.push(th, s);
        }
        th.check_stack()?;
        if let Some(a) = v.cast::<NdArray>() {
            let view = array::view(th, a)?;
            for (i, &n) in view.layout.shape.iter().enumerate() {
                self.enter(th, depth + i, n as usize)?;
            }
            let end = depth + view.ndim();
            if self.bottom.is_some_and(|b| b != end) || self.shape.len() > end {
                return Err(Walk::ragged(th));
            }
            self.bottom = Some(end);
            self.note(th, view.dtype)?;
            for i in 0..view.layout.size() {
                let s = read(th, &view, view.layout.offset_of_flat(i))?;
                self.push(th, s)?;
            }
            return Ok(());
        }
        if text::is_text(v) || text::is_bytes(v) {
            return Err(th.not_implemented("arrays of text"));
        }
        if let Some(r) = by_protocol(th, v)? {
            return self.visit(th, r, depth);
        }
        if let Some(items) = tuple::items(v) {
            self.enter(th, depth, items.len())?;
            return items.iter().try_for_each(|x| self.visit(th, *x, depth + 1));
        }
        if let Some(l) = v.cast::<list::List>() {
            let n = list::len(th, l)?;
            self.enter(th, depth, n)?;
            for i in 0..n {
                match list::get(th, l, i)? {
                    Some(x) => self.visit(th, x, depth + 1)?,
                    None => return Err(th.runtime_error("the list changed its length while it was read")),
                }
            }
            return Ok(());
        }
        if int::is_int_like(v) {
            return Err(th.overflow_error(if th.py3() { "Python int too large to convert to C long" } else { "long too big to convert" }));
        }
        // Any other sequence: it must know its length and take integers.
        let sequence = txpy_vm::object::dunder(v, txpy_vm::types::dunder::D::len).is_some() && txpy_vm::object::dunder(v, txpy_vm::types::dunder::D::getitem).is_some();
        if sequence && !v.is::<dict::Dict>() {
            let n = txpy_vm::object::item::len(th, v)?;
            self.enter(th, depth, n)?;
            for i in 0..n {
                let x = txpy_vm::object::item::get(th, v, Value::int(i as i64))?;
                self.visit(th, x, depth + 1)?;
            }
            return Ok(());
        }
        let name = class_name(v);
        Err(th.not_implemented(&format!("arrays of '{name}' objects")))
    }
}

/// What `v.__array__()` gives.
fn by_protocol(th: &mut Thread, v: Value) -> R<Option<Value>> {
    if !v.is_ref() || v.is::<list::List>() || tuple::items(v).is_some() {
        return Ok(None);
    }
    let Some(f) = txpy_vm::object::attr::get_str_opt(th, v, "__array__")? else { return Ok(None) };
    let r = th.call(f, &[])?;
    if !r.is::<NdArray>() {
        return Err(th.value_error("object __array__ method not producing an array"));
    }
    Ok(Some(r))
}

/// Reads one element.
pub fn read(th: &mut Thread, v: &View, offset: isize) -> R<Scalar> {
    let g = v.buffer.read(th)?;
    let at = offset as usize;
    Ok(Scalar::from_bytes(&g.as_slice()[at..at + v.dtype.itemsize()], v.dtype))
}
/// Writes one element.
pub fn write(th: &mut Thread, v: &View, offset: isize, s: Scalar) -> R<()> {
    let (bytes, n) = s.to_bytes(v.dtype);
    let mut g = v.buffer.write(th)?;
    let at = offset as usize;
    g.as_mut_slice()[at..at + n].copy_from_slice(&bytes[..n]);
    Ok(())
}

/// The object as an array, without copying arrays of the wanted dtype. `dtype`: convert to it.
pub fn to_view(th: &mut Thread, v: Value, dtype: Option<DType>) -> R<View> {
    if let Some(a) = v.cast::<NdArray>() {
        let view = array::view(th, a)?;
        return match dtype {
            Some(d) if d != view.dtype => copy(th, &view, d, Order::K),
            _ => Ok(view),
        };
    }
    if v.is_ref() && scalar::from_value(v).is_none() {
        if let Some(r) = by_protocol(th, v)? {
            return to_view(th, r, dtype);
        }
    }
    let mut walk = Walk { shape: Dims::new(), bottom: None, values: Vec::new(), dtype: None };
    walk.visit(th, v, 0)?;
    let d = dtype.or(walk.dtype).unwrap_or(FLOAT64);
    let out = array::fresh_c(th, &walk.shape, d, false)?;
    let size = d.itemsize();
    for (k, part) in walk.values.chunks(4096).enumerate() {
        let mut g = out.buffer.write(th)?;
        for (s, to) in part.iter().zip(g.as_mut_slice()[k * 4096 * size..].chunks_exact_mut(size)) {
            to.copy_from_slice(&s.to_bytes(d).0[..size]);
        }
        drop(g);
        th.poll()?;
    }
    Ok(out)
}

/// A copy in fresh memory.
pub fn copy(th: &mut Thread, v: &View, dtype: DType, order: Order) -> R<View> {
    let layout = v.layout.for_copy(order, dtype.itemsize());
    let out = array::fresh(th, layout, dtype, false)?;
    assign(th, &out, v)?;
    Ok(out)
}

/// `to[...] = from`, broadcast; `to` must not be read-only. Overlaps are copied first.
pub fn assign(th: &mut Thread, to: &View, from: &View) -> R<()> {
    let layout = from.layout.assign_to(&to.layout.shape).lift(th)?;
    if to.buffer == from.buffer && txpy_numpy_core::overlap::write_spoils_read(&to.layout, &layout, to.dtype == from.dtype) {
        let own = copy(th, from, from.dtype, Order::K)?;
        return assign(th, to, &own);
    }
    let mut call = Call::assign(to.array(), from.with(&layout)).lift(th)?;
    // SAFETY: views lie in their buffers, which are held; the output is apart from the input.
    access::run(th, &[from.buffer], &[to.buffer], || unsafe { call.run(access::BUDGET) })
}

/// `to[...] = number`.
pub fn fill(th: &mut Thread, to: &View, s: Scalar) -> R<()> {
    let (mut bytes, layout): ([u8; 16], Layout) = txpy_numpy_core::create::repeated(s, to.dtype, &to.layout.shape);
    let one = txpy_numpy_core::Array { base: bytes.as_mut_ptr(), layout: &layout, dtype: to.dtype };
    let mut call = Call::assign(to.array(), one).lift(th)?;
    // SAFETY: the view lies in its buffer, which is held; `bytes` outlives the call.
    access::run(th, &[], &[to.buffer], || unsafe { call.run(access::BUDGET) })
}

/// A shape argument: an integer or a sequence of integers.
pub fn shape_arg(th: &mut Thread, v: Value) -> R<Dims> {
    if let Some(i) = int::index_opt(th, v)? {
        return Ok(Dims::from_slice(&[dimension(th, i)?]));
    }
    let items = txpy_vm::object::iter::to_tuple(th, v)?;
    let items = tuple::items(items).unwrap_or(&[]);
    if items.len() > 64 {
        return Err(th.value_error(format!("maximum supported dimension for an ndarray is {MAX_DIMS}, found {}", items.len())));
    }
    let mut shape = Dims::new();
    for x in items {
        let i = int::index(th, *x)?;
        shape.push(dimension(th, i)?);
    }
    Ok(shape)
}
fn dimension(th: &mut Thread, i: Value) -> R<isize> {
    match int::to_i64(i) {
        Some(n) => Ok(n as isize),
        None => Err(th.value_error("Maximum allowed dimension exceeded")),
    }
}
/// A tuple of integers.
pub fn int_tuple(th: &mut Thread, items: &[isize]) -> R<Value> {
    let values: smallvec::SmallVec<[Value; 8]> = items.iter().map(|n| Value::int(*n as i64)).collect();
    th.new_tuple(&values)
}
