//! Times `a * b + c`, a sum, exp, and a matrix product of float64; compare with NumPy on the same machine.

use std::time::Instant;
use txpy_numpy_core::dtype::FLOAT64;
use txpy_numpy_core::dtype::promote::{Casting, Operand};
use txpy_numpy_core::elementwise::Call;
use txpy_numpy_core::linalg::Plan;
use txpy_numpy_core::reduction::Reduce;
use txpy_numpy_core::{Array, Layout, Progress, Ufunc};

fn best(name: &str, mut f: impl FnMut()) {
    let mut least = f64::INFINITY;
    for _ in 0..30 {
        let t = Instant::now();
        f();
        least = least.min(t.elapsed().as_secs_f64());
    }
    println!("{name:20} {:10.1} us", least * 1e6);
}

fn main() {
    for n in [1000usize, 1_000_000] {
        let mut data: Vec<Vec<f64>> = (0..4).map(|k| (0..n).map(|i| (i * (k + 3) % 1000) as f64 / 1000.0).collect()).collect();
        let layout = Layout::contiguous(&[n as isize], 8, false).unwrap();
        let arrays: Vec<Array> = data.iter_mut().map(|d| Array { base: d.as_mut_ptr().cast(), layout: &layout, dtype: FLOAT64 }).collect();
        let (a, b, c, out) = (arrays[0], arrays[1], arrays[2], arrays[3]);
        let run = |u: Ufunc, ops: &[Array]| {
            let info = u.info();
            let inputs: Vec<Operand> = ops[..info.nin].iter().map(|a| Operand::array(a.dtype)).collect();
            let chosen = info.resolve(&inputs, Casting::SameKind).unwrap();
            // SAFETY: vectors of n elements.
            unsafe { Call::ufunc(info, chosen, ops).unwrap().finish() };
        };
        best(&format!("a*b+c {n}"), || {
            run(Ufunc::Multiply, &[a, b, out]);
            run(Ufunc::Add, &[out, c, out]);
        });
        best(&format!("exp {n}"), || run(Ufunc::Exp, &[a, out]));
        best(&format!("a<b {n}"), || {
            let mut mask = vec![0u8; n];
            let l = Layout::contiguous(&[n as isize], 1, false).unwrap();
            run(Ufunc::Less, &[a, b, Array { base: mask.as_mut_ptr(), layout: &l, dtype: txpy_numpy_core::dtype::BOOL }]);
        });
        let one = Layout::contiguous(&[1], 8, false).unwrap();
        for u in [Ufunc::Add, Ufunc::Maximum] {
            best(&format!("{}.reduce {n}", u.info().name), || {
                let mut sum = 0.0f64;
                let to = Array { base: (&raw mut sum).cast(), layout: &one, dtype: FLOAT64 };
                let chosen = u.info().reduction_loop(FLOAT64).unwrap();
                // SAFETY: vectors of n elements.
                unsafe { Reduce::new(u.info(), chosen, to, a).unwrap().finish() };
                std::hint::black_box(sum);
            });
        }
    }
    let n = 500;
    let mut data: Vec<Vec<f64>> = (0..3).map(|k| (0..n * n).map(|i| (i * (k + 3) % 1000) as f64).collect()).collect();
    let layout = Layout::contiguous(&[n as isize, n as isize], 8, false).unwrap();
    let arrays: Vec<Array> = data.iter_mut().map(|d| Array { base: d.as_mut_ptr().cast(), layout: &layout, dtype: FLOAT64 }).collect();
    best("dot 500", || {
        let mut p = Plan::dot(&layout, &layout).unwrap().start(arrays[0], arrays[1], arrays[2]).unwrap();
        // SAFETY: vectors of n * n elements.
        while unsafe { p.run() } == Progress::More {}
    });
}
