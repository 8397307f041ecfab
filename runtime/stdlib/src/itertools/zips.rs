//! `itertools.zip_longest`, and 2.7's `izip`, `imap`, `ifilter`.

use super::kind;
use crate::api::*;
use crate::{iterator, kinds};
use txpy_heap::Object;
use txpy_vm::types::iterators::{Filter, Map, Zip, filter_step, map_step, zip_step};

object! {
    pub struct ZipLongest = kinds::ZIP_LONGEST {
        /// List of iterators, None in the place of an exhausted one.
        pub its: Value,
        pub active: usize,
        pub fill: Value,
    }
}
iterator! { ZIP_LONGEST, ZipLongest, kinds::ZIP_LONGEST, "zip_longest" "izip_longest" 0, longest_step, "Return a zip_longest object whose .__next__() method returns a tuple where the i-th element comes from the i-th iterable argument.";
    "__new__(cls, /, *iterables, fillvalue=None)" = longest_new, "Create and return a new object.";
    #[py3] "__reduce__(self, /)" = super::pickle::longest_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = super::pickle::longest_setstate, "Set state information for unpickling.";
}
iterator! { IZIP, Zip, txpy_vm::kinds::ZIP, "izip" "" type_flag::PY2, zip_step, "Return an izip object whose .next() method returns a tuple where the i-th element comes from the i-th iterable argument.";
    "__new__(cls, *iterables)" = izip_new, "Create and return a new object.";
}
iterator! { IMAP, Map, txpy_vm::kinds::MAP, "imap" "" type_flag::PY2, imap_step, "Make an iterator that computes the function using arguments from each of the iterables.";
    "__new__(cls, func, *iterables)" = imap_new, "Create and return a new object.";
}
iterator! { IFILTER, Filter, txpy_vm::kinds::FILTER, "ifilter" "" type_flag::PY2, filter_step, "Return those items of sequence for which function(item) is true.";
    "__new__(cls, function, sequence, /)" = |th, a| { let it = iter::iter(th, a.get(2))?; Ok(instance::alloc_like(th, a.get(0), |_| Filter { header: Header::NEW, func: a.get(1), it })?.value()) }, "Create and return a new object.";
}
pub fn register() {
    kind(ZipLongest::INFO, longest_step);
    if !txpy_vm::dialect::py3() {
        iter::register_step(txpy_vm::kinds::MAP, imap_step);
    }
}

/// Iterators over the positional arguments from `skip` on.
fn iterators(th: &mut Thread, a: Args, skip: usize, name: &str) -> R<RootedVec> {
    let v = RootedVec::with_capacity(th, a.positional())?;
    for i in skip..a.positional() {
        let it = iter::iter(th, a.get(i));
        let it = match it {
            Ok(it) => it,
            Err(e) => {
                if !th.py3() && th.catch(&TYPE_ERROR).is_some() {
                    return Err(th.type_error(format!("{name} argument #{} must support iteration", i - skip + 1)));
                }
                return Err(e);
            }
        };
        v.push(th, it)?;
    }
    Ok(v)
}
fn longest_new(th: &mut Thread, a: Args) -> R<Value> {
    let mut fill = Value::NONE;
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        if text::bytes_of(k) != Some(b"fillvalue") {
            let name = if th.py3() { "zip_longest() got an unexpected keyword argument" } else { "izip_longest() got an unexpected keyword argument" };
            return Err(th.type_error(name));
        }
        fill = v;
    }
    let its = iterators(th, a, 1, "izip_longest")?;
    let its = list_of(th, its)?;
    let active = list::len(th, this(its))?;
    Ok(instance::alloc_like(th, a.get(0), |_| ZipLongest { header: Header::NEW, its, active, fill })?.value())
}
fn longest_step(th: &mut Thread, v: Value) -> R<Value> {
    let z: Gc<ZipLongest> = this(v);
    let g = z.read(th)?;
    let (its, fill, mut active) = (this::<List>(g.its), g.fill, g.active);
    drop(g);
    let n = list::len(th, its)?;
    if active == 0 {
        return Ok(Value::STOP);
    }
    let row = RootedVec::with_capacity(th, n)?;
    for i in 0..n {
        let it = list::get(th, its, i)?.unwrap_or(Value::NONE);
        if it.is_none() {
            row.push(th, fill)?;
            continue;
        }
        let x = match iter::next(th, it) {
            Ok(x) => x,
            Err(e) => {
                z.write(th)?.active = 0;
                return Err(e);
            }
        };
        match x {
            Some(x) => row.push(th, x)?,
            None => {
                active = active.saturating_sub(1);
                z.write(th)?.active = active;
                if active == 0 {
                    return Ok(Value::STOP);
                }
                item::set(th, its.value(), Value::int(i as i64), Value::NONE)?;
                row.push(th, fill)?;
            }
        }
    }
    tuple_of(th, row)
}
fn izip_new(th: &mut Thread, a: Args) -> R<Value> {
    no_keywords(th, a, "izip")?;
    let its = iterators(th, a, 1, "izip")?;
    let its = tuple_of(th, its)?;
    Ok(instance::alloc_like(th, a.get(0), |_| Zip { header: Header::NEW, its, strict: false })?.value())
}
fn imap_new(th: &mut Thread, a: Args) -> R<Value> {
    no_keywords(th, a, "imap")?;
    if a.positional() < 3 {
        return Err(th.type_error("imap() must have at least two arguments."));
    }
    let its = iterators(th, a, 2, "imap")?;
    let its = tuple_of(th, its)?;
    Ok(instance::alloc_like(th, a.get(0), |_| Map { header: Header::NEW, func: a.get(1), its })?.value())
}
/// As the vm's; without a function the argument tuples themselves.
fn imap_step(th: &mut Thread, v: Value) -> R<Value> {
    let g = this::<Map>(v).read(th)?;
    let (func, its) = (g.func, g.its);
    drop(g);
    if !func.is_none() {
        return map_step(th, v);
    }
    let row = RootedVec::new(th)?;
    for it in tuple::items(its).unwrap_or(&[]) {
        match iter::next(th, *it)? {
            Some(x) => row.push(th, x)?,
            None => return Ok(Value::STOP),
        }
    }
    tuple_of(th, row)
}
