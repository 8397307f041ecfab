//! Objects as arrays: arrays themselves, numbers, nested sequences.

use crate::api::*;
use crate::array::{self, NdArray, View};
use crate::error::Lift;
use crate::{access, flexible, scalar};
use txpy_numpy_core::dtype::promote::{Operand, promote};
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
    /// Text among the values: position and letters; the value there is a placeholder.
    texts: Vec<(usize, Box<[u32]>)>,
    dtype: Option<DType>,
    /// The dtype asked for: what is no number itself is turned to one for a number dtype.
    wanted: Option<DType>,
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
        let words = text::is_text(v) || text::is_bytes(v);
        let found = if words { Some((Scalar::Int(0), flexible::dtype_of(v))) } else { scalar::typed(v) };
        if let Some((s, d)) = found {
            if self.bottom.is_some_and(|b| b != depth) || self.shape.len() > depth {
                return Err(Walk::ragged(th));
            }
            self.bottom = Some(depth);
            self.note(th, d)?;
            if words {
                self.texts.push((self.values.len(), flexible::letters(v).into()));
            }
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
                let at = view.layout.offset_of_flat(i);
                if !view.dtype.is_number() {
                    let x = item(th, &view, at, true)?;
                    self.texts.push((self.values.len(), flexible::letters(x).into()));
                    self.push(th, Scalar::Int(0))?;
                    continue;
                }
                let s = read(th, &view, at)?;
                self.push(th, s)?;
            }
            return Ok(());
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
        let kind = self.wanted.filter(|d| d.is_number()).map(DType::kind);
        if int::is_int_like(v) && !matches!(kind, Some('f' | 'c')) {
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
        let Some(kind) = kind else {
            let name = class_name(v);
            return Err(th.not_implemented(&format!("arrays of '{name}' objects")));
        };
        if v.is_none() && matches!(kind, 'f' | 'c') {
            let nan = float::new(th, f64::NAN)?;
            return self.visit(th, nan, depth);
        }
        let class = match kind {
            'c' => &complex::COMPLEX,
            'f' => &float::FLOAT,
            'b' => &int::BOOL,
            _ => &int::INT,
        };
        let number = th.call(class.value(), &[v])?;
        self.visit(th, number, depth)
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

/// An array as an operand of type resolution: one without axes counts by its value.
pub fn operand(th: &mut Thread, v: &View) -> R<Operand> {
    let value = if v.ndim() == 0 && v.dtype.is_number() { Some(read(th, v, v.layout.offset)?) } else { None };
    Ok(Operand { dtype: v.dtype, value })
}

/// Reads one element of a number dtype.
pub fn read(th: &mut Thread, v: &View, offset: isize) -> R<Scalar> {
    if !v.dtype.is_number() {
        return Err(th.not_implemented(&format!("this operation on arrays of {}", v.dtype.name())));
    }
    let g = v.buffer.read(th)?;
    let at = offset as usize;
    Ok(Scalar::from_bytes(&g.as_slice()[at..at + v.dtype.itemsize()], v.dtype))
}
/// The element at an offset: an array scalar, or a Python object.
pub fn item(th: &mut Thread, v: &View, offset: isize, python: bool) -> R<Value> {
    if !v.dtype.is_number() {
        return flexible::element(th, v, offset, python);
    }
    let s = read(th, v, offset)?;
    if python { number(th, v.dtype, s) } else { scalar::make(th, s, v.dtype.native()) }
}
/// `n` elements of a number dtype, `stride` bytes apart, appended to a list as Python numbers.
pub fn append_numbers(th: &mut Thread, out: Gc<list::List>, v: &View, offset: isize, stride: isize, n: usize) -> R<()> {
    const CHUNK: usize = 128;
    let mut scalars = [Scalar::Int(0); CHUNK];
    let mut values = [Value::UNSET; CHUNK];
    let mut done = 0;
    while done < n {
        let m = CHUNK.min(n - done);
        let g = v.buffer.read(th)?;
        for (i, s) in scalars[..m].iter_mut().enumerate() {
            let at = (offset + (done + i) as isize * stride) as usize;
            *s = Scalar::from_bytes(&g.as_slice()[at..at + v.dtype.itemsize()], v.dtype);
        }
        drop(g);
        for (x, s) in values.iter_mut().zip(&scalars[..m]) {
            *x = number(th, v.dtype, *s)?;
        }
        list::extend(th, out, &values[..m])?;
        // Others may wait for the buffer.
        th.poll()?;
        done += m;
    }
    Ok(())
}
/// An element of a number dtype as a Python number.
fn number(th: &mut Thread, d: DType, s: Scalar) -> R<Value> {
    if !th.py3() && d.kind() == 'u' && d.size >= 4 {
        let n = match s {
            Scalar::UInt(u) => i128::from(u),
            Scalar::Int(i) => i128::from(i),
            _ => 0,
        };
        return int::make(th, n, true);
    }
    scalar::python(th, s)
}
/// Stores Python objects that no array stands for: text into numbers and numbers into text go through Python's conversions.
fn store_item(th: &mut Thread, v: &View, offset: isize, x: Value) -> R<()> {
    if v.dtype.is_number() {
        let class = match v.dtype.kind() {
            'f' => float::FLOAT.value(),
            'c' => complex::COMPLEX.value(),
            _ => int::INT.value(),
        };
        let x = if text::is_text(x) || text::is_bytes(x) { th.call(class, &[x])? } else { x };
        let s = scalar::from_value(x).ok_or_else(|| th.overflow_error("Python int too large to convert to C long"))?;
        return write(th, v, offset, s);
    }
    let x = if text::is_text(x) || text::is_bytes(x) { x } else { txpy_vm::object::str_(th, x)? };
    let bytes = flexible::encode(th, &flexible::letters(x), v.dtype)?;
    let at = offset as usize;
    let mut g = v.buffer.write_range(th, at, bytes.len())?;
    g.as_mut_slice()[at..at + bytes.len()].copy_from_slice(&bytes);
    Ok(())
}
/// What doesn't become an element of a dtype by assignment: a complex number a real one, NaN an integer.
pub fn check_store(th: &mut Thread, d: DType, s: Scalar) -> R<()> {
    use Scalar::{Complex, Float};
    let integral = matches!(d.kind(), 'i' | 'u');
    match s {
        Complex(..) if integral => Err(th.type_error("can't convert complex to int")),
        Complex(..) if d.kind() == 'f' => Err(th.type_error("can't convert complex to float")),
        Float(x) if integral && x.is_nan() => Err(th.value_error("cannot convert float NaN to integer")),
        Float(x) if integral && x.is_infinite() => Err(th.overflow_error("cannot convert float infinity to integer")),
        Float(x) if integral && !(-9.3e18..1.9e19).contains(&x) => Err(th.overflow_error("Python int too large to convert to C long")),
        _ => Ok(()),
    }
}
/// Writes one element.
pub fn write(th: &mut Thread, v: &View, offset: isize, s: Scalar) -> R<()> {
    let (bytes, n) = s.to_bytes(v.dtype);
    let at = offset as usize;
    let mut g = v.buffer.write_range(th, at, n)?;
    g.as_mut_slice()[at..at + n].copy_from_slice(&bytes[..n]);
    Ok(())
}

fn converted(th: &mut Thread, v: View, dtype: Option<DType>) -> R<View> {
    match dtype {
        Some(d) if d != v.dtype => copy(th, &v, d, Order::K),
        _ => Ok(v),
    }
}
/// The object as an array, without copying arrays of the wanted dtype. `dtype`: convert to it.
pub fn to_view(th: &mut Thread, v: Value, dtype: Option<DType>) -> R<View> {
    if let Some(a) = v.cast::<NdArray>() {
        let view = array::view(th, a)?;
        return converted(th, view, dtype);
    }
    if v.is_ref() && scalar::from_value(v).is_none() && !text::is_text(v) && !text::is_bytes(v) {
        if let Some(r) = by_protocol(th, v)? {
            return to_view(th, r, dtype);
        }
    }
    if v.is_ref() && txpy_vm::native::buffer::is_bytes_like(th, v) && !text::is_bytes(v) {
        let view = from_memory(th, v)?;
        return converted(th, view, dtype);
    }
    let mut walk = Walk { shape: Dims::new(), bottom: None, values: Vec::new(), texts: Vec::new(), dtype: None, wanted: dtype };
    walk.visit(th, v, 0)?;
    let own = walk.dtype.unwrap_or(FLOAT64);
    let d = sized(dtype.unwrap_or(own), own);
    let out = array::fresh_c(th, &walk.shape, d, !d.is_number())?;
    let size = d.itemsize();
    if !d.is_number() || !walk.texts.is_empty() {
        return mixed(th, &walk, out, own);
    }
    for (k, part) in walk.values.chunks(4096).enumerate() {
        for s in part {
            check_store(th, d, *s)?;
        }
        let mut g = out.buffer.write(th)?;
        for (s, to) in part.iter().zip(g.as_mut_slice()[k * 4096 * size..].chunks_exact_mut(size)) {
            to.copy_from_slice(&s.to_bytes(d).0[..size]);
        }
        drop(g);
        th.poll()?;
    }
    Ok(out)
}

/// Fills an array from values among which text stands, or of a text dtype.
fn mixed(th: &mut Thread, walk: &Walk, out: View, own: DType) -> R<View> {
    let mut texts = walk.texts.iter().peekable();
    let size = out.dtype.itemsize() as isize;
    for (i, s) in walk.values.iter().enumerate() {
        let x = match texts.next_if(|t| t.0 == i) {
            Some((_, letters)) => flexible::make(th, letters, own.kind() != 'S', true)?,
            None => scalar::python(th, *s)?,
        };
        store_item(th, &out, i as isize * size, x)?;
        th.poll()?;
    }
    Ok(out)
}

/// A copy of what a buffer other than bytes holds, as an array of its items.
fn from_memory(th: &mut Thread, v: Value) -> R<View> {
    let b = txpy_vm::native::buffer::acquire(th, v, false)?;
    let shape: Dims = b.shape.iter().map(|n| *n as isize).collect();
    let format = b.format.trim_start_matches('@').to_string();
    let data = txpy_vm::native::buffer::copy_out(th, &b);
    b.release(th)?;
    let data = data?;
    let d = DType::parse(if format == "c" { "S1" } else { &format }).lift(th)?;
    let out = array::fresh_c(th, &shape, d, false)?;
    let bytes = text::bytes_of(data).unwrap_or(&[]);
    let n = bytes.len().min(out.layout.nbytes());
    out.buffer.write(th)?.as_mut_slice()[..n].copy_from_slice(&bytes[..n]);
    Ok(out)
}

/// Bytes of a pickle: text, from pickles of Python 2, stands for the bytes of its letters.
pub fn latin1(th: &mut Thread, v: Value) -> R<Value> {
    if text::is_bytes(v) {
        return Ok(v);
    }
    if text::is_text(v) {
        let name = th.native_str("latin1")?;
        return th.call_method(v, "encode", &[name]);
    }
    txpy_vm::native::buffer::snapshot(th, v)
}

/// Lets a text dtype without a length take the length that elements of another dtype need.
pub fn sized(d: DType, from: DType) -> DType {
    if d.is_number() || d.size > 0 || d.kind() == 'O' {
        return d;
    }
    let letters = txpy_numpy_core::dtype::promote::text_length(from).max(1);
    DType { size: letters * if d.kind() == 'U' { 4 } else { 1 }, ..d }
}

/// A copy in fresh memory.
pub fn copy(th: &mut Thread, v: &View, dtype: DType, order: Order) -> R<View> {
    let dtype = sized(dtype, v.dtype);
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
    if to.dtype.is_number() != from.dtype.is_number() || from.dtype.kind() == 'U' && to.dtype.kind() == 'S' {
        for i in 0..to.layout.size() {
            let x = item(th, from, layout.offset_of_flat(i), true)?;
            store_item(th, to, to.layout.offset_of_flat(i), x)?;
            th.poll()?;
        }
        return Ok(());
    }
    let mut call = Call::assign(to.array(), from.with(&layout)).lift(th)?;
    let target = access::target(th, to)?;
    // SAFETY: views lie in their buffers, which are held; the output is apart from the input.
    access::run(th, &[from.buffer], &[target], || unsafe { call.run(access::BUDGET) })
}

/// `to[...] = number`.
pub fn fill(th: &mut Thread, to: &View, s: Scalar) -> R<()> {
    if !to.dtype.is_number() {
        let number = crate::scalar::value(th, s)?;
        let from = to_view(th, number, None)?;
        return assign(th, to, &from);
    }
    let (mut bytes, layout): ([u8; 16], Layout) = txpy_numpy_core::create::repeated(s, to.dtype, &to.layout.shape);
    let one = txpy_numpy_core::Array { base: bytes.as_mut_ptr(), layout: &layout, dtype: to.dtype };
    let mut call = Call::assign(to.array(), one).lift(th)?;
    let target = access::target(th, to)?;
    // SAFETY: the view lies in its buffer, which is held; `bytes` outlives the call.
    access::run(th, &[], &[target], || unsafe { call.run(access::BUDGET) })
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
