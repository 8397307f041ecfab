//! Text of arrays, and print options.

use crate::api::*;
use crate::array::{View, this_view};
use txpy_numpy_core::Scalar;
use txpy_numpy_core::print::float::{FloatMode, Sign};
use txpy_numpy_core::print::{Options, Shown, array_repr, array_str, array2string};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None, infstr=None, formatter=None, sign=None, floatmode=None)" = set_options, "Set how arrays are printed.";
    "get_printoptions()" = get_options, "How arrays are printed.";
    "array2string(a, max_line_width=None, precision=None, suppress_small=None, separator=' ', prefix='', style=None, formatter=None, threshold=None, edgeitems=None, sign=None, floatmode=None, suffix='')" = to_string, "Text of an array.";
    "array_repr(arr, max_line_width=None, precision=None, suppress_small=None)" = |th, a| { let a = one(th, a.get(0))?; repr(th, a) }, "repr of an array.";
    "array_str(a, max_line_width=None, precision=None, suppress_small=None)" = |th, a| { let a = one(th, a.get(0))?; str_(th, a) }, "str of an array.";
};
fn one(th: &mut Thread, v: Value) -> R<Value> {
    let view = crate::convert::to_view(th, v, None)?;
    crate::convert::array_of(th, &view)
}

/// Where the options stand in the module's dictionary: a tuple of integers.
const PLACE: &str = "_print_options";

fn options(th: &mut Thread) -> R<Options> {
    let m = crate::module_object(th)?;
    let mut o = Options { byte_order: th.py3(), ..Options::default() };
    let Some(v) = dict::get_str(th, m.frozen().dict, PLACE)? else { return Ok(o) };
    let n = |i: usize| tuple::items(v).and_then(|t| t.get(i)).and_then(|v| v.as_int()).unwrap_or(0);
    o.float.precision = n(0) as usize;
    o.threshold = n(1) as usize;
    o.edge_items = n(2) as usize;
    o.line_width = n(3) as usize;
    o.float.suppress = n(4) != 0;
    o.float.sign = SIGNS[n(5) as usize % 3].1;
    o.float.mode = MODES[n(6) as usize % 4].1;
    Ok(o)
}
const SIGNS: [(&str, Sign); 3] = [("-", Sign::Minus), ("+", Sign::Plus), (" ", Sign::Space)];
const MODES: [(&str, FloatMode); 4] = [("fixed", FloatMode::Fixed), ("unique", FloatMode::Unique), ("maxprec", FloatMode::MaxPrec), ("maxprec_equal", FloatMode::MaxPrecEqual)];

/// Changes options by arguments: precision, threshold, edgeitems, linewidth, suppress, sign, floatmode.
fn change(th: &mut Thread, o: &mut Options, given: [Option<Value>; 7]) -> R<()> {
    let number = |th: &mut Thread, v: Option<Value>, to: &mut usize| -> R<()> {
        if let Some(v) = v {
            // sys.maxsize and inf ask for everything.
            *to = match float::to_f64(v) {
                Some(f) if f.is_nan() => return Err(th.value_error("threshold must be numeric and non-NAN, try sys.maxsize for untruncated representation")),
                Some(f) => f.max(0.0) as usize,
                None => int::arg_i64(th, v)?.max(0) as usize,
            };
        }
        Ok(())
    };
    number(th, given[0], &mut o.float.precision)?;
    // Digits beyond these are zeros.
    o.float.precision = o.float.precision.min(1100);
    number(th, given[1], &mut o.threshold)?;
    number(th, given[2], &mut o.edge_items)?;
    number(th, given[3], &mut o.line_width)?;
    o.line_width = o.line_width.min(1 << 40);
    if let Some(v) = given[4] {
        o.float.suppress = txpy_vm::object::is_true(th, v)?;
    }
    if let Some(v) = given[5] {
        let t = text::lossy(v).into_owned();
        match SIGNS.iter().find(|s| s.0 == t) {
            Some(s) => o.float.sign = s.1,
            None => return Err(th.value_error("sign option must be one of ' ', '+', or '-'")),
        }
    }
    if let Some(v) = given[6] {
        let t = text::lossy(v).into_owned();
        match MODES.iter().find(|s| s.0 == t) {
            Some(s) => o.float.mode = s.1,
            None => return Err(th.value_error("floatmode option must be one of fixed, unique, maxprec, maxprec_equal")),
        }
    }
    Ok(())
}

fn set_options(th: &mut Thread, a: Args) -> R<Value> {
    if a.some(7).is_some() {
        return Err(th.not_implemented("print options with formatter="));
    }
    let mut o = options(th)?;
    change(th, &mut o, [a.some(0), a.some(1), a.some(2), a.some(3), a.some(4), a.some(8), a.some(9)])?;
    let sign = SIGNS.iter().position(|s| s.1 == o.float.sign).unwrap_or(0);
    let mode = MODES.iter().position(|s| s.1 == o.float.mode).unwrap_or(2);
    let n = |n: usize| Value::int(n.min(1 << 60) as i64);
    let t = th.new_tuple(&[n(o.float.precision), n(o.threshold), n(o.edge_items), n(o.line_width), n(usize::from(o.float.suppress)), n(sign), n(mode)])?;
    let m = crate::module_object(th)?;
    module::set(th, m, PLACE, t)?;
    Ok(Value::NONE)
}
fn get_options(th: &mut Thread, _: Args) -> R<Value> {
    let o = options(th)?;
    let d = dict::new(th)?;
    let n = |n: usize| Value::int(n.min(1 << 60) as i64);
    let numbers = [("precision", n(o.float.precision)), ("threshold", n(o.threshold)), ("edgeitems", n(o.edge_items)), ("linewidth", n(o.line_width)), ("suppress", Value::from_bool(o.float.suppress)), ("formatter", Value::NONE)];
    for (k, v) in numbers {
        dict::set_str(th, d, k, v)?;
    }
    let sign = SIGNS.iter().find(|s| s.1 == o.float.sign).map_or("-", |s| s.0);
    let mode = MODES.iter().find(|s| s.1 == o.float.mode).map_or("maxprec", |s| s.0);
    for (k, v) in [("nanstr", "nan"), ("infstr", "inf"), ("sign", sign), ("floatmode", mode)] {
        let v = th.native_str(v)?;
        dict::set_str(th, d, k, v)?;
    }
    Ok(d.value())
}

/// Runs `f` with a reader of elements while the buffer is held.
fn with_elements(th: &mut Thread, v: &View, o: &Options, f: impl FnOnce(&dyn Fn(isize) -> Shown) -> String) -> R<Value> {
    let text = if v.dtype.is_number() {
        let g = v.buffer.read(th)?;
        let bytes = g.as_slice();
        let (d, size) = (v.dtype, v.dtype.itemsize());
        f(&|offset| Shown::Number(Scalar::from_bytes(&bytes[offset as usize..offset as usize + size], d)))
    } else {
        // Only what is shown becomes text.
        let mut all = std::collections::HashMap::new();
        let edge = if v.layout.size() > o.threshold { o.edge_items } else { usize::MAX / 2 };
        let offsets = edge_offsets(&v.layout, edge);
        for at in offsets {
            let x = crate::flexible::element(th, v, at, true)?;
            let r = if v.ndim() == 0 { txpy_vm::object::str_(th, x)? } else { txpy_vm::object::repr(th, x)? };
            all.insert(at, text::lossy(r).into_owned());
        }
        f(&|offset| Shown::Text(all.get(&offset).cloned().unwrap_or_default()))
    };
    th.native_str(&text)
}
/// Offsets of the elements that a summary shows.
fn edge_offsets(l: &txpy_numpy_core::Layout, edge: usize) -> Vec<isize> {
    let mut out = vec![l.offset];
    for (n, step) in l.shape.iter().zip(&l.strides) {
        let (n, e) = (*n as usize, edge);
        let near = (0..n).filter(|i| e >= n.div_ceil(2) || *i < e || *i >= n - e);
        let axis: Vec<isize> = near.map(|i| i as isize * step).collect();
        out = out.iter().flat_map(|o| axis.iter().map(move |a| o + a)).collect();
    }
    out
}

pub fn repr(th: &mut Thread, this: Value) -> R<Value> {
    let o = options(th)?;
    let v = this_view(th, this)?;
    let class = class_name(this);
    let class = if class == "ndarray" { "array".to_string() } else { class };
    with_elements(th, &v, &o, |get| array_repr(&v.layout, v.dtype, get, &class, &o))
}
pub fn str_(th: &mut Thread, this: Value) -> R<Value> {
    let o = options(th)?;
    let v = this_view(th, this)?;
    with_elements(th, &v, &o, |get| array_str(&v.layout, v.dtype, get, &o))
}
fn to_string(th: &mut Thread, a: Args) -> R<Value> {
    if a.some(7).is_some() {
        return Err(th.not_implemented("array2string with formatter="));
    }
    let mut o = options(th)?;
    change(th, &mut o, [a.some(2), a.some(8), a.some(9), a.some(1), a.some(3), a.some(10), a.some(11)])?;
    let v = crate::convert::to_view(th, a.get(0), None)?;
    let separator = a.some(4).map_or(" ".to_string(), |s| text::lossy(s).into_owned());
    let length = |v: Option<Value>| v.map_or(0, |s| text::lossy(s).chars().count());
    let (prefix, suffix) = (length(a.some(5)), length(a.some(12)));
    with_elements(th, &v, &o, |get| array2string(&v.layout, v.dtype, get, &separator, prefix, suffix, &o))
}
