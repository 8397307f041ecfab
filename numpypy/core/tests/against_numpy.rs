//! Runs the operations of tests/fixtures/*.txt and compares with what NumPy 1.16 gave (see make_fixtures.py).

use std::collections::BTreeMap;
use txpy_numpy_core::dtype::cast::cast_loop;
use txpy_numpy_core::dtype::promote::{Casting, Operand};
use txpy_numpy_core::elementwise::Call;
use txpy_numpy_core::index::Item;
use txpy_numpy_core::layout::{Order, broadcast_shape};
use txpy_numpy_core::linalg::Plan;
use txpy_numpy_core::print::float::{FloatMode, Sign};
use txpy_numpy_core::print::{Options, array_repr, array_str, array2string, scalar_text};
use txpy_numpy_core::reduction::{Accumulate, ArgExtreme, Reduce, axis_set, drop_axes, fill_start, result_layout};
use txpy_numpy_core::select::{Fancy, Part, read_indices};
use txpy_numpy_core::sort::{Kind, Lanes};
use txpy_numpy_core::{Array, DType, Dims, Error, Flags, Layout, Progress, R, Scalar, Ufunc};

/// An array that owns its memory.
struct Own {
    bytes: Vec<u128>,
    layout: Layout,
    dtype: DType,
}

impl Own {
    fn new(layout: Layout, dtype: DType) -> Own {
        Own { bytes: vec![0; (layout.extent().1.max(0) as usize).div_ceil(16) + 1], layout, dtype }
    }
    fn c(shape: &[isize], dtype: DType) -> R<Own> {
        Ok(Own::new(Layout::contiguous(shape, dtype.itemsize(), false)?, dtype))
    }
    fn array(&self) -> Array<'_> {
        Array { base: self.bytes.as_ptr() as *mut u8, layout: &self.layout, dtype: self.dtype }
    }
    fn get(&self, offset: isize) -> Scalar {
        // SAFETY: a vector of plain words read as bytes; slicing checks bounds.
        let all = unsafe { std::slice::from_raw_parts(self.bytes.as_ptr().cast::<u8>(), self.bytes.len() * 16) };
        Scalar::from_bytes(&all[offset as usize..offset as usize + self.dtype.itemsize()], self.dtype)
    }
    fn set(&mut self, offset: isize, x: Scalar) {
        let (bytes, n) = x.to_bytes(self.dtype);
        // SAFETY: as above.
        let all = unsafe { std::slice::from_raw_parts_mut(self.bytes.as_mut_ptr().cast::<u8>(), self.bytes.len() * 16) };
        all[offset as usize..offset as usize + n].copy_from_slice(&bytes[..n]);
    }
    fn text(&self) -> String {
        let shape: Vec<String> = self.layout.shape.iter().map(|n| n.to_string()).collect();
        let values: Vec<String> = (0..self.layout.size()).map(|i| number(self.get(self.layout.offset_of_flat(i)))).collect();
        format!("{}|{}|{}", self.dtype.row().code, shape.join(","), values.join(" "))
    }
}

fn number(x: Scalar) -> String {
    match x {
        Scalar::Bool(b) => u8::from(b).to_string(),
        Scalar::Int(i) => i.to_string(),
        Scalar::UInt(u) => u.to_string(),
        Scalar::Float(x) => float(x),
        Scalar::Complex(a, b) => float(a) + "," + &float(b),
    }
}
fn float(x: f64) -> String {
    if x.is_nan() { "nan".into() } else { format!("{x:e}") }
}

fn ints(text: &str) -> Vec<isize> {
    text.split(',').filter(|t| !t.is_empty()).map(|t| t.parse().unwrap()).collect()
}

fn generated(n: usize, spec: &str) -> Vec<f64> {
    let (seed, scale) = spec.split_once(',').unwrap();
    let (mut x, scale): (u64, f64) = (seed.parse().unwrap(), scale.parse().unwrap());
    let mut next = || {
        x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((x >> 11) as f64 / 9007199254740992.0 * 2.0 - 1.0) * scale
    };
    (0..n).map(|_| next()).collect()
}

fn slice(t: &str) -> Item {
    let p: Vec<Option<isize>> = t.split(':').map(|p| p.parse().ok()).collect();
    Item::Slice(p[0], p[1], p.get(2).copied().flatten())
}

fn parse(text: &str) -> Own {
    let part: Vec<&str> = text.split('|').collect();
    let dtype = DType::parse(part[0]).unwrap();
    let shape = ints(part[1]);
    let mut a = Own::c(&shape, dtype).unwrap();
    let n = a.layout.size();
    let real = |x: f64| match part[0] {
        "?" => Scalar::Bool(x > 0.0),
        "l" => Scalar::Int(x as i64),
        _ => Scalar::Float(x),
    };
    let values: Vec<Scalar> = match part[3].strip_prefix('@') {
        Some(spec) if part[0] == "D" => generated(2 * n, spec).chunks(2).map(|c| Scalar::Complex(c[0], c[1])).collect(),
        Some(spec) => generated(n, spec).into_iter().map(real).collect(),
        None => part[3].split(' ').filter(|t| !t.is_empty()).map(|t| value(part[0], t)).collect(),
    };
    for (i, x) in values.iter().enumerate().take(n) {
        a.set(a.layout.offset_of_flat(i), *x);
    }
    a.layout = match part[2] {
        "" => a.layout,
        "T" => a.layout.transpose(None).unwrap(),
        "R" => a.layout.index(&vec![slice("::-1"); shape.len()]).unwrap(),
        v => a.layout.index(&v.split(',').map(slice).collect::<Vec<_>>()).unwrap(),
    };
    a
}

fn value(code: &str, t: &str) -> Scalar {
    match code {
        "?" => Scalar::Bool(t == "1"),
        "l" => Scalar::Int(t.parse().unwrap()),
        "d" => Scalar::Float(t.parse().unwrap()),
        _ => {
            let (a, b) = t.split_once(',').unwrap();
            Scalar::Complex(a.parse().unwrap(), b.parse().unwrap())
        }
    }
}

fn seen(a: &Own, layout: R<Layout>) -> R<String> {
    Ok(Own { bytes: a.bytes.clone(), layout: layout?, dtype: a.dtype }.text())
}

fn converted(a: &Own, dtype: DType) -> R<Own> {
    let out = Own::new(a.layout.for_copy(Order::K, dtype.itemsize()), dtype);
    // SAFETY: fresh memory of the same shape.
    unsafe { Call::assign(out.array(), a.array())?.finish() };
    Ok(out)
}

fn run_ufunc(name: &str, args: &[&str]) -> R<String> {
    let info = Ufunc::by_name(name).unwrap().info();
    let inputs: Vec<Own> = args.iter().map(|a| parse(a)).collect();
    let operands: Vec<Operand> = inputs.iter().map(|a| Operand { dtype: a.dtype, value: (a.layout.ndim() == 0).then(|| a.get(a.layout.offset)) }).collect();
    let chosen = info.resolve(&operands, Casting::SameKind)?;
    let shapes: Vec<&[isize]> = inputs.iter().map(|a| &a.layout.shape[..]).collect();
    let shape = broadcast_shape(&shapes)?;
    let layouts: Vec<Layout> = inputs.iter().map(|a| a.layout.broadcast_to(&shape)).collect::<R<_>>()?;
    let out = Own::c(&shape, chosen.dtype(info.nin))?;
    let mut arrays: Vec<Array> = inputs.iter().zip(&layouts).map(|(a, layout)| Array { layout, ..a.array() }).collect();
    arrays.push(out.array());
    let mut call = Call::ufunc(info, chosen, &arrays)?;
    // SAFETY: all memory is alive and apart. The small budget exercises resumption.
    while unsafe { call.run(100) } == Progress::More {}
    if call.flags().0 & Flags::NEGATIVE_POWER != 0 {
        return Err(Error::new(txpy_numpy_core::Kind::Value, "Integers to negative integer powers are not allowed."));
    }
    Ok(out.text())
}

fn run_reduce(name: &str, axes: &str, keep: bool, a: &Own) -> R<String> {
    let info = Ufunc::by_name(name).unwrap().info();
    let axes = ints(axes.replace("all", "").as_str());
    let set = axis_set(if axes.is_empty() { None } else { Some(&axes) }, a.layout.ndim())?;
    let chosen = info.reduction_loop(info.reduction_dtype(a.dtype))?;
    let dtype = chosen.dtype(0);
    let mut out = Own::new(result_layout(&a.layout, set, dtype.itemsize()), dtype);
    let (start, rest) = Reduce::start(info, &a.layout, set)?;
    // SAFETY: all memory is alive and apart.
    unsafe {
        fill_start(&start, out.array(), a.array())?;
        let mut r = Reduce::new(info, chosen, out.array(), Array { layout: &rest, ..a.array() })?;
        while r.run(50) == Progress::More {}
    }
    if !keep {
        out.layout = drop_axes(&out.layout, set);
    }
    Ok(out.text())
}

fn run_product(a: &Own, b: &Own, dot: bool) -> R<String> {
    let plan = if dot { Plan::dot(&a.layout, &b.layout)? } else { Plan::matmul(&a.layout, &b.layout)? };
    let out = Own::c(&plan.shape, a.dtype)?;
    let mut p = plan.start(a.array(), b.array(), out.array())?;
    // SAFETY: all memory is alive and apart.
    while unsafe { p.run() } == Progress::More {}
    Ok(out.text())
}

fn run_fancy(key: &str, a: &Own) -> R<String> {
    let part = |k: &str| match k {
        "n" => Part::Basic(Item::NewAxis),
        "..." => Part::Basic(Item::Ellipsis),
        k if k.contains('|') => {
            let i = parse(k);
            // SAFETY: alive.
            Part::Array(unsafe { read_indices(i.array()) }.unwrap())
        }
        k if k.contains(':') => Part::Basic(slice(k)),
        k => Part::Basic(Item::Int(k.parse().unwrap())),
    };
    let mut f = Fancy::new(&a.layout, key.split(';').map(part).collect())?;
    let out = Own::c(&f.shape(), a.dtype)?;
    // SAFETY: all memory is alive and apart.
    while unsafe { f.run(a.array(), out.array(), false, 3)? } == Progress::More {}
    // And back: what was read is written to a copy of zeros at the same places.
    let zeros = Own { bytes: vec![0; a.bytes.len()], layout: a.layout.clone(), dtype: a.dtype };
    let mut f = Fancy::new(&a.layout, key.split(';').map(part).collect())?;
    unsafe { while f.run(zeros.array(), out.array(), true, 3)? == Progress::More {} }
    let again = Own::c(&f.shape(), a.dtype)?;
    let mut f = Fancy::new(&a.layout, key.split(';').map(part).collect())?;
    // SAFETY: as above.
    unsafe { while f.run(zeros.array(), again.array(), false, 3)? == Progress::More {} }
    assert_eq!(out.text(), again.text(), "writing by {key}");
    Ok(out.text())
}

fn run(op: &str, args: &[&str]) -> R<String> {
    let last = parse(args.last().unwrap());
    let quoted = |s: String| Ok(format!("'{}", s.replace('\\', "\\\\").replace('\n', "\\n")));
    let get = |o: isize| txpy_numpy_core::print::Shown::Number(last.get(o));
    let axis = || args[0].parse::<usize>().unwrap();
    match op {
        "ufunc" => run_ufunc(args[0], &args[1..]),
        "reduce" => run_reduce(args[0], args[1], args[2] == "1", &last),
        "accumulate" => {
            let info = Ufunc::by_name(args[0]).unwrap().info();
            let chosen = info.reduction_loop(info.reduction_dtype(last.dtype))?;
            let input = converted(&last, chosen.dtype(0))?;
            let out = Own::c(&last.layout.shape, chosen.dtype(0))?;
            let mut acc = Accumulate::new(info, chosen, out.array(), input.array(), args[1].parse().unwrap())?;
            let copy = cast_loop(out.dtype, out.dtype)?;
            // SAFETY: all memory is alive and apart.
            while unsafe { acc.run(10, copy) } == Progress::More {}
            Ok(out.text())
        }
        "argmax" | "argmin" => {
            let out = Own::c(&drop_axes(&last.layout, 1 << axis()).shape, txpy_numpy_core::dtype::INT64)?;
            let mut arg = ArgExtreme::new(op == "argmax", out.array(), last.array(), axis())?;
            // SAFETY: all memory is alive and apart.
            while unsafe { arg.run(10) } == Progress::More {}
            Ok(out.text())
        }
        "cast" => {
            let dtype = DType::parse(args[0])?;
            let c = converted(&last, dtype)?;
            Ok(c.text())
        }
        "repr" => quoted(array_repr(&last.layout, last.dtype, &get, "array", &Options::default())),
        "str" => quoted(array_str(&last.layout, last.dtype, &get, &Options::default())),
        "scalar" => quoted(scalar_text(last.get(last.layout.offset), last.dtype)),
        "array2string" => {
            let mut o = Options::default();
            o.float.precision = args[0].parse().unwrap();
            o.float.suppress = args[1] == "1";
            o.float.mode = match args[2] {
                "fixed" => FloatMode::Fixed,
                "unique" => FloatMode::Unique,
                "maxprec" => FloatMode::MaxPrec,
                _ => FloatMode::MaxPrecEqual,
            };
            o.float.sign = match args[3] {
                "+" => Sign::Plus,
                " " => Sign::Space,
                _ => Sign::Minus,
            };
            quoted(array2string(&last.layout, last.dtype, &get, " ", 0, 0, &o))
        }
        "reshape" => {
            let shape = last.layout.resolve_shape(&ints(args[0]))?;
            match last.layout.reshape_view(&shape, false) {
                Some(l) => seen(&last, Ok(l)),
                None => {
                    let c = Own::c(&last.layout.shape, last.dtype)?;
                    // SAFETY: fresh memory.
                    unsafe { Call::assign(c.array(), last.array())?.finish() };
                    let l = c.layout.reshape_view(&shape, false).expect("a contiguous array takes any shape");
                    seen(&c, Ok(l))
                }
            }
        }
        "transpose" => seen(&last, last.layout.transpose(Some(&ints(args[0])))),
        "squeeze" => seen(&last, if args[0] == "all" { last.layout.squeeze(None) } else { last.layout.squeeze(Some(&ints(args[0]))) }),
        "index" => {
            let item = |t: &str| match t {
                "n" => Item::NewAxis,
                "..." => Item::Ellipsis,
                t if t.contains(':') => slice(t),
                t => Item::Int(t.parse().unwrap()),
            };
            seen(&last, last.layout.index(&args[0].split(',').map(item).collect::<Vec<_>>()))
        }
        "fancy" => run_fancy(args[0], &last),
        "dot" | "matmul" => run_product(&parse(args[0]), &last, op == "dot"),
        "sort" => {
            let out = converted(&last, last.dtype)?;
            // SAFETY: own memory.
            unsafe { while Lanes::sort(out.array(), axis(), Kind::Quick)?.run(usize::MAX)? == Progress::More {} }
            Ok(out.text())
        }
        "argsort" => {
            let out = Own::c(&last.layout.shape, txpy_numpy_core::dtype::INT64)?;
            // SAFETY: own memory.
            unsafe { while Lanes::argsort(last.array(), out.array(), axis(), Kind::Stable)?.run(usize::MAX)? == Progress::More {} }
            Ok(out.text())
        }
        _ => panic!("no operation {op}"),
    }
}

/// NumPy brings implementations of its own; ours are the system's and may differ in the last bit.
const OTHER_LIBM: &[&str] = &["arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctanh", "cbrt", "expm1"];

/// Same dtype, shape and bits, NaNs alike; with `loose`, to within rounding of a sum.
fn same(want: &str, have: &str, loose: bool) -> bool {
    if want.starts_with(['!', '\'']) || have.starts_with(['!', '\'']) {
        return want == have;
    }
    let (w, h): (Vec<&str>, Vec<&str>) = (want.split('|').collect(), have.split('|').collect());
    if w[..2] != h[..2] {
        return false;
    }
    let numbers = |t: &str| -> Vec<String> { t.split([' ', ',']).filter(|t| !t.is_empty()).map(str::to_string).collect() };
    let (a, b) = (numbers(w[2]), numbers(h[2]));
    let close = |x: &str, y: &str| {
        if matches!(w[0], "?" | "l") {
            return x == y;
        }
        let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
        x.is_nan() && y.is_nan() || x.to_bits() == y.to_bits() || loose && (x - y).abs() <= 1e-13 * x.abs().max(100.0)
    };
    a.len() == b.len() && a.iter().zip(&b).all(|(x, y)| close(x, y))
}

fn check(file: &str, loose: bool) {
    let path = format!("{}/tests/fixtures/{file}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut total = 0;
    for line in text.lines() {
        let (left, want) = line.split_once("\t=>\t").unwrap();
        let args: Vec<&str> = left.split('\t').collect();
        let have = run(args[0], &args[1..]).unwrap_or_else(|e| format!("!{e}").replace('\n', "\\n"));
        total += 1;
        let loose = loose || args[0] == "ufunc" && OTHER_LIBM.contains(&args[1]);
        if !same(want, &have, loose) {
            let entry = wrong.entry(args[..2].join(" ").chars().take(60).collect()).or_insert((0, String::new()));
            entry.0 += 1;
            if entry.1.is_empty() {
                entry.1 = format!("{left}\n  want {want}\n  have {have}");
            }
        }
    }
    let cut = |s: &str| if std::env::var_os("FULL").is_some() { s.to_string() } else { s.lines().map(|l| l.chars().take(400).collect::<String>() + "\n").collect() };
    let report: String = wrong.values().map(|(n, s)| format!("{n} like: {}\n", cut(s))).collect();
    assert!(wrong.is_empty(), "{} of {total} kinds of cases differ\n{report}", wrong.len());
    assert!(total > 20);
}

#[test]
fn ufuncs() {
    check("ufuncs", false);
}
#[test]
fn reductions() {
    check("reductions", false);
}
#[test]
fn casts() {
    check("casts", false);
}
#[test]
fn printing() {
    check("printing", false);
}
#[test]
fn shapes() {
    check("shapes", false);
}
#[test]
fn products() {
    check("products", true);
}
#[test]
fn sorting() {
    check("sorting", false);
}

#[test]
fn a_view_must_fit() {
    let l = Layout { offset: 8, shape: Dims::from_slice(&[3]), strides: Dims::from_slice(&[-8]), itemsize: 8 };
    assert!(!l.fits(64));
    assert!(Layout { offset: 16, ..l.clone() }.fits(24));
    assert!(!Layout { offset: 16, shape: Dims::from_slice(&[isize::MAX]), ..l }.fits(1 << 40));
}
