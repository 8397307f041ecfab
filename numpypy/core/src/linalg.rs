//! Products: `dot` of arrays of any number of axes, `matmul` of stacks; matrices of floats by crate `gemm`.

use crate::dtype::{Complex, Num};
use crate::error::{R, fail};
use crate::iter::Iter;
use crate::layout::{Dims, Layout, broadcast_shape, show_shape};
use crate::loops::B;
use crate::loops::kernel::{get, put};
use crate::{Array, Progress};

/// Work between polls, in multiplications: about a millisecond.
const SLICE: usize = 8 << 20;

/// A matrix: rows, columns and strides in bytes.
#[derive(Clone, Copy)]
struct Matrix {
    start: *mut u8,
    rows: usize,
    cols: usize,
    row: isize,
    col: isize,
}

/// One product or many, of matrices, on the way.
pub struct Product {
    /// Starts of the matrices: left, right, out.
    stack: Iter,
    left: Matrix,
    right: Matrix,
    out: Matrix,
    num: Num,
    /// The product being computed, and its next row.
    current: Option<([*mut u8; 3], usize)>,
}

/// Operands and result of `dot` or `matmul`, as stacks of matrices.
pub struct Plan {
    /// Shape of the result.
    pub shape: Dims,
    left: Layout,
    right: Layout,
    /// Axes of the result's matrices are its last two of this padded shape; 1-d operands add axes of length 1.
    padded: Dims,
    /// How many stack axes come before the row axis in the result's memory: for dot, those of the left operand.
    lead: usize,
}

fn as_matrix(l: &Layout, column: bool) -> Layout {
    let mut m = l.clone();
    if l.ndim() == 1 {
        let at = usize::from(column);
        m.shape.insert(at, 1);
        m.strides.insert(at, 0);
    }
    m
}

impl Plan {
    /// `np.dot`: the last axis of `a` with the second to last of `b`; both at least 1-d.
    /// Errors: ValueError "shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)".
    pub fn dot(a: &Layout, b: &Layout) -> R<Plan> {
        let (ka, kb) = (a.ndim() - 1, b.ndim().saturating_sub(2));
        if a.shape[ka] != b.shape[kb] {
            fail!(Value, "shapes {} and {} not aligned: {} (dim {ka}) != {} (dim {kb})", show_shape(&a.shape), show_shape(&b.shape), a.shape[ka], b.shape[kb]);
        }
        let mut shape: Dims = a.shape[..ka].into();
        shape.extend_from_slice(&b.shape[..kb]);
        shape.extend(b.shape.get(kb + 1).copied().filter(|_| b.ndim() > 1));
        // Stack axes: those of a but its last two, those of b but its last two; a's repeat over b's.
        let (left, right) = (as_matrix(a, false), as_matrix(b, true));
        let (sa, sb) = (left.ndim() - 2, right.ndim() - 2);
        let weave = |l: &Layout, before: usize, after: usize| {
            let (mut shape, mut strides) = (Dims::from_elem(1, before), Dims::from_elem(0, before));
            let stack = l.ndim() - 2;
            shape.extend_from_slice(&l.shape[..stack]);
            strides.extend_from_slice(&l.strides[..stack]);
            shape.resize(shape.len() + after, 1);
            strides.resize(strides.len() + after, 0);
            shape.extend_from_slice(&l.shape[stack..]);
            strides.extend_from_slice(&l.strides[stack..]);
            Layout { shape, strides, ..*l }
        };
        let (left, right) = (weave(&left, 0, sb), weave(&right, sa, 0));
        // In the result a's row axis comes before b's stack: the padded strides are woven when the product starts.
        let mut padded: Dims = left.shape[..sa].into();
        padded.extend_from_slice(&right.shape[sa..sa + sb]);
        padded.push(left.shape[sa + sb]);
        padded.push(right.shape[sa + sb + 1]);
        Ok(Plan { shape, left, right, padded, lead: sa })
    }

    /// `np.matmul`: stacks are broadcast. Errors: ValueError.
    pub fn matmul(a: &Layout, b: &Layout) -> R<Plan> {
        if a.ndim() == 0 || b.ndim() == 0 {
            fail!(Value, "matmul: Input operand {} does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)", usize::from(a.ndim() > 0));
        }
        let (left, right) = (as_matrix(a, false), as_matrix(b, true));
        let (sa, sb) = (left.ndim() - 2, right.ndim() - 2);
        if left.shape[sa + 1] != right.shape[sb] {
            fail!(
                Value,
                "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size {} is different from {})",
                right.shape[sb],
                left.shape[sa + 1]
            );
        }
        let Ok(stack) = broadcast_shape(&[&left.shape[..sa], &right.shape[..sb]]) else {
            let remapped = |l: &Layout, stack: &[isize]| {
                let axes = stack.iter().map(|n| n.to_string()).chain(["newaxis".into(), "newaxis".into()]);
                let missing = sa.max(sb) - stack.len();
                format!("{}->({})", show_shape(&l.shape), std::iter::repeat_n("newaxis".to_string(), missing).chain(axes).collect::<Vec<_>>().join(","))
            };
            let (l, r) = (remapped(a, &left.shape[..sa]), remapped(b, &right.shape[..sb]));
            let asked = show_shape(&[left.shape[sa], right.shape[sb + 1]]);
            fail!(Value, "operands could not be broadcast together with remapped shapes [original->remapped]: {l} {r} and requested shape {asked}");
        };
        let widen = |l: &Layout, s: usize| {
            let mut target = stack.clone();
            target.extend_from_slice(&l.shape[s..]);
            l.broadcast_to(&target)
        };
        let (l, r) = (widen(&left, sa)?, widen(&right, sb)?);
        let lead = stack.len();
        let mut padded = stack.clone();
        padded.push(l.shape[stack.len()]);
        padded.push(r.shape[stack.len() + 1]);
        let mut shape = stack;
        shape.extend(a.shape.get(sa).copied().filter(|_| a.ndim() > 1));
        shape.extend(b.shape.get(sb + 1).copied().filter(|_| b.ndim() > 1));
        Ok(Plan { shape, left: l, right: r, padded, lead })
    }

    /// Starts the product: all three arrays have the same dtype, `out` is C contiguous, has `shape`, and overlaps neither.
    /// Errors: NotImplementedError for dtypes without products.
    pub fn start(&self, a: Array, b: Array, out: Array) -> R<Product> {
        if !matches!(a.dtype.num, Num::Bool | Num::Int64 | Num::Float64 | Num::Complex128) {
            fail!(NotImplemented, "matrix products of {} are not supported yet", a.dtype.name());
        }
        let stack = self.padded.len() - 2;
        let item = out.dtype.itemsize() as isize;
        let (rows, cols) = (self.padded[stack], self.padded[stack + 1]);
        // Strides of the result, axis by axis of `padded`; in memory: leading stack axes, row, other stack axes, column.
        let mut strides = Dims::from_elem(0, stack + 2);
        let mut step = item;
        let order = std::iter::once(stack + 1).chain((self.lead..stack).rev()).chain([stack]).chain((0..self.lead).rev());
        for axis in order {
            strides[axis] = step;
            step *= self.padded[axis].max(1);
        }
        let target = out.layout.size();
        if out.layout.size() != self.padded.iter().product::<isize>() as usize || !out.layout.is_c_contiguous() {
            fail!(Runtime, "the result of a product must be contiguous, of {target} elements");
        }
        let matrix = |l: &Layout, start: *mut u8| Matrix {
            start,
            rows: l.shape[stack] as usize,
            cols: l.shape[stack + 1] as usize,
            row: l.strides[stack],
            col: l.strides[stack + 1],
        };
        let left = matrix(&self.left, a.base.wrapping_offset(self.left.offset));
        let right = matrix(&self.right, b.base.wrapping_offset(self.right.offset));
        let to = Matrix { start: out.start(), rows: rows as usize, cols: cols as usize, row: strides[stack], col: strides[stack + 1] };
        let mut outer: Dims = self.padded[..stack].into();
        let (mut ls, mut rs, mut os): (Dims, Dims, Dims) = (self.left.strides[..stack].into(), self.right.strides[..stack].into(), strides[..stack].into());
        if target == 0 {
            // Nothing to compute.
            outer.push(0);
            [&mut ls, &mut rs, &mut os].into_iter().for_each(|s| s.push(0));
        }
        // Axes that only one operand has are woven with length 1 and stride 0, which fits any length.
        let stack = Iter::with(&outer, [left.start, right.start, to.start].into_iter().collect(), &[&ls, &rs, &os], false);
        Ok(Product { stack, left, right, out: to, num: a.dtype.num, current: None })
    }
}

impl Product {
    /// Works for about a millisecond.
    /// # Safety
    /// As [`crate::elementwise::Call::run`].
    pub unsafe fn run(&mut self) -> Progress {
        let mut spent = 0;
        while spent < SLICE {
            let (p, row) = match self.current.take() {
                Some(c) => c,
                None => match self.stack.next(1) {
                    Some((p, _)) => ([p[0], p[1], p[2]], 0),
                    None => return Progress::Done,
                },
            };
            let cost = (self.left.cols * self.right.cols).max(1);
            // Thin slices would waste the packing of the right matrix.
            let n = (SLICE / cost).max(64).min(self.out.rows - row);
            let part = |m: Matrix, start: *mut u8, from: usize, rows: usize| Matrix { start: start.wrapping_offset(from as isize * m.row), rows, ..m };
            let (a, b, o) = (part(self.left, p[0], row, n), Matrix { start: p[1], ..self.right }, part(self.out, p[2], row, n));
            // SAFETY: the caller's.
            unsafe { multiply(a, b, o, self.num) };
            spent += cost * n + 64;
            if row + n < self.out.rows {
                self.current = Some((p, row + n));
            }
        }
        if self.stack.left() == 0 && self.current.is_none() { Progress::Done } else { Progress::More }
    }
}

// SAFETY: elements of `a` and `b` may be read, those of `o` written; `o` overlaps neither.
unsafe fn multiply(a: Matrix, b: Matrix, o: Matrix, num: Num) {
    let small = a.rows * a.cols * b.cols < 512 || b.cols == 1 || a.rows == 1;
    unsafe {
        match num {
            Num::Bool => own(a, b, o, B(0), |s: B, x: B, y: B| B::new(s.get() | x.get() & y.get())),
            Num::Int64 => own(a, b, o, 0i64, |s: i64, x, y| s.wrapping_add(i64::wrapping_mul(x, y))),
            Num::Float64 if !small && aligned(&[a, b, o], 8) => {
                let f = gemm_f64::gemm::f64::get_gemm_fn();
                let e = |s: isize| s / 8;
                f(
                    a.rows, b.cols, a.cols,
                    o.start.cast(), e(o.col), e(o.row), false,
                    a.start.cast(), e(a.col), e(a.row),
                    b.start.cast(), e(b.col), e(b.row),
                    0.0, 1.0, false, false, false, gemm_common::Parallelism::None,
                );
            }
            Num::Complex128 if !small && aligned(&[a, b, o], 16) => {
                let f = gemm_c64::gemm::f64::get_gemm_fn();
                let e = |s: isize| s / 16;
                let c = |re| gemm_common::gemm::c64 { re, im: 0.0 };
                f(
                    a.rows, b.cols, a.cols,
                    o.start.cast(), e(o.col), e(o.row), false,
                    a.start.cast(), e(a.col), e(a.row),
                    b.start.cast(), e(b.col), e(b.row),
                    c(0.0), c(1.0), false, false, false, gemm_common::Parallelism::None,
                );
            }
            Num::Float64 if a.col == 8 && b.row == 8 => inner_f64(a, b, o),
            Num::Float64 => own(a, b, o, 0.0, |s: f64, x, y| s + x * y),
            _ => own(a, b, o, Complex::default(), |s: Complex, x, y| {
                let p = crate::loops::complex::mul(x, y);
                Complex { re: s.re + p.re, im: s.im + p.im }
            }),
        }
    }
}

/// Strides are whole elements, and addresses multiples of 8.
fn aligned(m: &[Matrix], size: isize) -> bool {
    m.iter().all(|m| m.row % size == 0 && m.col % size == 0 && m.start as usize % 8 == 0)
}

// SAFETY: as `multiply`.
unsafe fn own<T: Copy>(a: Matrix, b: Matrix, o: Matrix, zero: T, f: impl Fn(T, T, T) -> T) {
    unsafe {
        let (a_at, b_at) = (|i: usize, k: usize| get::<T>(a.start.offset(i as isize * a.row + k as isize * a.col)), |k: usize, j: usize| get::<T>(b.start.offset(k as isize * b.row + j as isize * b.col)));
        let o_at = |i: usize, j: usize| o.start.offset(i as isize * o.row + j as isize * o.col);
        if b.cols < 4 || b.col.abs() > b.row.abs() {
            for i in 0..a.rows {
                for j in 0..b.cols {
                    put(o_at(i, j), (0..a.cols).fold(zero, |s, k| f(s, a_at(i, k), b_at(k, j))));
                }
            }
            return;
        }
        // Rows of b run along memory: add multiples of them to rows of the result.
        for i in 0..a.rows {
            (0..b.cols).for_each(|j| put(o_at(i, j), zero));
            for k in 0..a.cols {
                let x = a_at(i, k);
                for j in 0..b.cols {
                    put(o_at(i, j), f(get::<T>(o_at(i, j)), x, b_at(k, j)));
                }
            }
        }
    }
}

/// Rows of `a` and columns of `b` lie in unit stride: inner products in eight running sums.
// SAFETY: as `multiply`.
unsafe fn inner_f64(a: Matrix, b: Matrix, o: Matrix) {
    unsafe {
        for i in 0..a.rows {
            for j in 0..b.cols {
                let (x, y) = (a.start.offset(i as isize * a.row), b.start.offset(j as isize * b.col));
                let mut r = [0.0; 16];
                let even = a.cols - a.cols % 16;
                for k in (0..even).step_by(16) {
                    for (l, r) in r.iter_mut().enumerate() {
                        *r += get::<f64>(x.add((k + l) * 8)) * get::<f64>(y.add((k + l) * 8));
                    }
                }
                let sum = (even..a.cols).fold(r.iter().sum::<f64>(), |s, k| s + get::<f64>(x.add(k * 8)) * get::<f64>(y.add(k * 8)));
                put(o.start.offset(i as isize * o.row + j as isize * o.col), sum);
            }
        }
    }
}
