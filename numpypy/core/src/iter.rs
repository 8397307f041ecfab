//! Iteration over several operands at once: axes sorted by stride and coalesced, inner loops cut into stripes, resumable.

use crate::layout::{Dims, axis_order};
use crate::{Array, Progress, STRIPE};
use smallvec::SmallVec;

/// Pointers of an inner loop, one an operand.
pub type Pointers = SmallVec<[*mut u8; 4]>;

/// State of an iteration. The axis at index 0 is the innermost.
pub struct Iter {
    nop: usize,
    shape: Dims,
    /// Strides, operand by operand within an axis.
    strides: SmallVec<[isize; 16]>,
    /// Start of the current inner row, for each operand.
    row: Pointers,
    /// Counters of the outer axes.
    at: Dims,
    /// Elements of the current row already handed out.
    done: isize,
    /// Elements not yet handed out.
    left: usize,
}

impl Iter {
    /// Over `shape`, with operands whose layouts have that shape (see [`crate::Layout::broadcast_to`]).
    /// `flip`: axes along which no stride is positive may run backwards (the order of visits changes, not the set).
    pub fn new(shape: &[isize], operands: &[Array], flip: bool) -> Iter {
        let starts: Pointers = operands.iter().map(|a| a.start()).collect();
        let strides: SmallVec<[&[isize]; 4]> = operands.iter().map(|a| &a.layout.strides[..]).collect();
        Iter::with(shape, starts, &strides, flip)
    }

    /// As [`Iter::new`], from addresses and strides.
    pub fn with(shape: &[isize], mut row: Pointers, strides: &[&[isize]], flip: bool) -> Iter {
        let nop = row.len();
        let left = shape.iter().product::<isize>() as usize;
        let mut dims = Dims::new();
        let mut flat: SmallVec<[isize; 16]> = SmallVec::new();
        for &axis in axis_order(shape.len(), strides).iter().rev() {
            let axis = axis as usize;
            let n = shape[axis];
            if n == 1 {
                continue;
            }
            let mut step: SmallVec<[isize; 8]> = strides.iter().map(|s| s[axis]).collect();
            if flip && n > 0 && step.iter().all(|&s| s <= 0) && step.iter().any(|&s| s < 0) {
                for (p, s) in row.iter_mut().zip(&mut step) {
                    *p = p.wrapping_offset((n - 1) * *s);
                    *s = -*s;
                }
            }
            let from = flat.len().saturating_sub(nop);
            let joins = !dims.is_empty() && step.iter().zip(&flat[from..]).all(|(s, inner)| *s == inner * dims[dims.len() - 1]);
            if joins {
                *dims.last_mut().expect("not empty") *= n;
            } else {
                dims.push(n);
                flat.extend(step);
            }
        }
        if dims.is_empty() {
            dims.push(1);
            flat.resize(nop, 0);
        }
        let at = Dims::from_elem(0, dims.len());
        Iter { nop, shape: dims, strides: flat, row, at, done: 0, left }
    }

    /// Elements still to come.
    pub fn left(&self) -> usize {
        self.left
    }
    /// Strides of the inner loop.
    pub fn inner_strides(&self) -> &[isize] {
        &self.strides[..self.nop]
    }
    /// Length of an inner row.
    pub fn inner_len(&self) -> usize {
        self.shape[0] as usize
    }

    /// Elements of the current row not yet handed out.
    pub fn row_left(&self) -> usize {
        (self.shape[0] - self.done) as usize
    }
    /// Elements of the innermost axes over which an operand stays in place.
    pub fn in_place(&self, operand: usize) -> usize {
        let axes = (0..self.shape.len()).take_while(|a| self.strides[a * self.nop + operand] == 0);
        axes.map(|a| self.shape[a] as usize).product()
    }

    /// The next inner loop of at most `limit` elements: pointers and count. `None` at the end.
    pub fn next(&mut self, limit: usize) -> Option<(Pointers, usize)> {
        if self.left == 0 {
            return None;
        }
        let n = ((self.shape[0] - self.done) as usize).min(limit);
        let steps = &self.strides[..self.nop];
        let pointers = self.row.iter().zip(steps).map(|(p, s)| p.wrapping_offset(self.done * s)).collect();
        self.done += n as isize;
        self.left -= n;
        if self.done == self.shape[0] {
            self.done = 0;
            self.advance_row();
        }
        Some((pointers, n))
    }

    fn advance_row(&mut self) {
        for axis in 1..self.shape.len() {
            let steps = &self.strides[axis * self.nop..(axis + 1) * self.nop];
            self.at[axis] += 1;
            if self.at[axis] < self.shape[axis] {
                self.row.iter_mut().zip(steps).for_each(|(p, s)| *p = p.wrapping_offset(*s));
                return;
            }
            self.at[axis] = 0;
            let back = 1 - self.shape[axis];
            self.row.iter_mut().zip(steps).for_each(|(p, s)| *p = p.wrapping_offset(back * s));
        }
    }

    /// Calls `f(pointers, strides, count)` for inner loops of about `budget` elements in all, a stripe at a time.
    pub fn run(&mut self, budget: usize, mut f: impl FnMut(&[*mut u8], &[isize], usize)) -> Progress {
        let mut spent = 0;
        let strides: SmallVec<[isize; 8]> = SmallVec::from_slice(self.inner_strides());
        while spent < budget {
            let Some((pointers, n)) = self.next(STRIPE) else { return Progress::Done };
            f(&pointers, &strides, n);
            // Short rows cost more than their elements.
            spent += n + 8;
        }
        if self.left == 0 { Progress::Done } else { Progress::More }
    }
}
