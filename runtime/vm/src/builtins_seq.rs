//! Builtin functions over iterables: `min`, `max`, `sum`, `sorted`, `any`, `all`, `len`, `iter`, `next`, 2.7's `range`, `zip`, `map`, `filter`.

use crate::exceptions::STOP_ITERATION;
use crate::native::{Args, NativeDef};
use crate::object::compare::{self, Cmp};
use crate::object::number::{Op, binary};
use crate::object::{self, class_name, item, iter};
use crate::thread::Thread;
use crate::types::{bytearray, dict, int, iterators, list_methods, range, seq_iter, text};
use txpy_heap::{R, Value};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "min(*args, key=None, default=<unrepresentable>)" = |th, a| extreme(th, a, "min", Cmp::Lt), "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> value";
    "max(*args, key=None, default=<unrepresentable>)" = |th, a| extreme(th, a, "max", Cmp::Gt), "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> value";
    #[py3] "sum(iterable, /, start=0)" = sum, "Return the sum of a 'start' value (default: 0) plus an iterable of numbers";
    #[py2] "sum(sequence, start=0, /)" = sum, "sum(sequence[, start]) -> value";
    #[py3] "sorted(iterable, /, *, key=None, reverse=False)" = sorted3, "Return a new list containing all items from the iterable in ascending order.";
    #[py2] "sorted(iterable, cmp=None, key=None, reverse=False)" = sorted2, "sorted(iterable, cmp=None, key=None, reverse=False) --> new sorted list";
    "any(iterable, /)" = any, "Return True if bool(x) is True for any x in the iterable.";
    "all(iterable, /)" = all, "Return True if bool(x) is True for all values x in the iterable.";
    "len(obj, /)" = len, "Return the number of items in a container.";
    "iter(object, sentinel=<unrepresentable>, /)" = iter_, "Get an iterator from an object.";
    "next(iterator, default=<unrepresentable>, /)" = next, "Return the next item from the iterator.";
    #[py2] "range(*args)" = range::range2, "range(stop) -> list of integers\nrange(start, stop[, step]) -> list of integers";
    #[py2] "zip(*sequences)" = iterators::zip2, "zip(seq1 [, seq2 [...]]) -> [(seq1[0], seq2[0] ...), (...)]";
    #[py2] "map(*args)" = iterators::map2, "map(function, sequence[, sequence, ...]) -> list";
    #[py2] "filter(function, sequence, /)" = iterators::filter2, "filter(function or None, sequence) -> list, tuple, or string";
};

/// A function of the builtins module by name, as pickling of iterators names it.
pub fn builtin(th: &mut Thread, name: &str) -> R<Value> {
    match dict::get_str(th, crate::builtins::namespace(), name)? {
        Some(v) => Ok(v),
        None => Err(th.attribute_error(name)),
    }
}

fn extreme(th: &mut Thread, a: Args, name: &str, op: Cmp) -> R<Value> {
    let n = a.positional();
    if n == 0 {
        return Err(th.type_error(if th.py3() { format!("{name} expected at least 1 argument, got 0") } else { format!("{name} expected 1 arguments, got 0") }));
    }
    let (mut key, mut default) = (None, None);
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        match text::bytes_of(k) {
            Some(b"key") => key = Some(v).filter(|v| !v.is_none()),
            Some(b"default") if th.py3() => default = Some(v),
            _ => {
                let k = text::lossy(k).into_owned();
                return Err(th.type_error(if th.py3() { format!("{name}() got an unexpected keyword argument '{k}'") } else { format!("{name}() got an unexpected keyword argument") }));
            }
        }
    }
    let mut best: Option<(Value, Value)> = None;
    let mut look = |th: &mut Thread, x: Value| -> R<()> {
        let k = match key {
            Some(f) => th.call(f, &[x])?,
            None => x,
        };
        let better = match best {
            Some((_, old)) => compare::compare_bool(th, op, k, old)?,
            None => true,
        };
        if better {
            best = Some((x, k));
        }
        Ok(())
    };
    match n {
        1 => iter::for_each(th, a.get(0), look)?,
        _ => {
            if default.is_some() {
                return Err(th.type_error(format!("Cannot specify a default for {name}() with multiple positional arguments")));
            }
            for i in 0..n {
                look(th, a.get(i))?;
            }
        }
    }
    match best.map(|(x, _)| x).or(default) {
        Some(x) => Ok(x),
        None => Err(th.value_error(if th.py3() { format!("{name}() iterable argument is empty") } else { format!("{name}() arg is an empty sequence") })),
    }
}

/// Sum with CPython 3.12's compensated addition of floats (2.7 adds plainly).
fn sum(th: &mut Thread, a: Args) -> R<Value> {
    let start = a.or(1, Value::int(0));
    if text::is_text(start) {
        return Err(th.type_error("sum() can't sum strings [use ''.join(seq) instead]"));
    }
    if text::is_bytes(start) {
        return Err(th.type_error(if th.py3() { "sum() can't sum bytes [use b''.join(seq) instead]" } else { "sum() can't sum strings [use ''.join(seq) instead]" }));
    }
    if bytearray::BYTEARRAY.is_exact(start) && th.py3() {
        return Err(th.type_error("sum() can't sum bytearray [use b''.join(seq) instead]"));
    }
    let mut total = start;
    // The lost low part of a running float sum (Neumaier).
    let mut lost = 0.0f64;
    let compensate = th.py3();
    let settle = |th: &mut Thread, total: &mut Value, lost: &mut f64| -> R<()> {
        if *lost != 0.0 {
            if let (Some(t), true) = (total.as_float(), lost.is_finite()) {
                *total = crate::types::float::new(th, t + *lost)?;
            }
            *lost = 0.0;
        }
        Ok(())
    };
    iter::for_each(th, a.get(0), |th, x| {
        if let Some(t) = total.as_float().filter(|_| compensate) {
            if let Some(y) = x.as_float() {
                let s = t + y;
                lost += if t.abs() >= y.abs() { (t - s) + y } else { (y - s) + t };
                total = crate::types::float::new(th, s)?;
                return Ok(());
            }
            if let Some(i) = x.as_int() {
                total = crate::types::float::new(th, t + i as f64)?;
                return Ok(());
            }
        }
        settle(th, &mut total, &mut lost)?;
        total = binary(th, Op::Add, total, x)?;
        Ok(())
    })?;
    settle(th, &mut total, &mut lost)?;
    Ok(total)
}

fn sorted3(th: &mut Thread, a: Args) -> R<Value> {
    iter::check_hint(th, a.get(0))?;
    let l = iter::to_list(th, a.get(0))?;
    list_methods::sort_list(th, l.value(), Value::UNSET, a.get(1), a.get(2))?;
    Ok(l.value())
}
fn sorted2(th: &mut Thread, a: Args) -> R<Value> {
    iter::check_hint(th, a.get(0))?;
    let l = iter::to_list(th, a.get(0))?;
    list_methods::sort_list(th, l.value(), a.get(1), a.get(2), a.get(3))?;
    Ok(l.value())
}
fn any(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(0))?;
    while let Some(x) = iter::next(th, it)? {
        if object::is_true(th, x)? {
            return Ok(Value::TRUE);
        }
        th.poll()?;
    }
    Ok(Value::FALSE)
}
fn all(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(0))?;
    while let Some(x) = iter::next(th, it)? {
        if !object::is_true(th, x)? {
            return Ok(Value::FALSE);
        }
        th.poll()?;
    }
    Ok(Value::TRUE)
}
fn len(th: &mut Thread, a: Args) -> R<Value> {
    let n = item::len(th, a.get(0))?;
    int::from_i64(th, n as i64)
}
fn iter_(th: &mut Thread, a: Args) -> R<Value> {
    let Some(sentinel) = a.opt(1) else { return iter::iter(th, a.get(0)) };
    let f = a.get(0);
    let callable = matches!(f.kind(), Some(crate::kinds::FUNCTION | crate::kinds::NATIVE | crate::kinds::BOUND | crate::kinds::TYPE)) || object::dunder(f, crate::types::dunder::D::call).is_some();
    if !callable {
        return Err(th.type_error("iter(v, w): v must be callable"));
    }
    seq_iter::over_calls(th, f, sentinel)
}
fn next(th: &mut Thread, a: Args) -> R<Value> {
    let it = a.get(0);
    if let Some(k) = it.kind() {
        if let Some(step) = iter::native_step(k) {
            let x = step(th, it)?;
            if x != Value::STOP {
                return Ok(x);
            }
            return match a.opt(1) {
                Some(d) => Ok(d),
                None => Err(th.raise_with(&STOP_ITERATION, &[])),
            };
        }
    }
    let d = if th.py3() { crate::types::dunder::D::next } else { crate::types::dunder::D::next2 };
    let Some(f) = object::dunder(it, d) else {
        let got = class_name(it);
        return Err(th.type_error(if th.py3() { format!("'{got}' object is not an iterator") } else { format!("{got} object is not an iterator") }));
    };
    // The exception itself goes on when there is no default: its value belongs to the caller.
    let r = object::call_special(th, f, it, &[]);
    match (r, a.opt(1)) {
        (Ok(x), _) => Ok(x),
        (Err(_), Some(d)) if th.catch(&STOP_ITERATION).is_some() => Ok(d),
        (Err(e), _) => Err(e),
    }
}
