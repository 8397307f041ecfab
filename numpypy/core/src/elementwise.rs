//! Running loops over broadcast operands, with conversion in blocks where dtypes differ; assignment between arrays.

use crate::dtype::DType;
use crate::dtype::cast::{Cast, cast_loop};
use crate::error::{R, try_vec};
use crate::iter::Iter;
use crate::loops::Loop;
use crate::ufunc::Info;
use crate::{Array, Flags, Progress, STRIPE, fpflags};
use smallvec::SmallVec;

/// Elements converted at a time: the scratch of a few operands stays in L1.
const BLOCK: usize = 1024;

/// Conversion of one operand.
struct Conversion {
    run: Cast,
    scratch: Vec<u128>,
    /// Bytes an element of the loop's dtype.
    width: isize,
}

/// What runs over the elements.
#[derive(Clone, Copy)]
enum Op {
    Loop(Loop),
    Cast(Cast),
}
impl Op {
    // SAFETY: as of any loop.
    #[inline(always)]
    unsafe fn go(&self, p: &[*mut u8], s: &[isize], n: usize) -> u32 {
        match self {
            // SAFETY: the caller's.
            Op::Loop(run) => unsafe { run(p, s, n) },
            Op::Cast(cast) => {
                // SAFETY: the caller's.
                unsafe { cast.go([p[0], p[1]], [s[0], s[1]], n) };
                0
            }
        }
    }
}

/// A loop on its way over operands.
pub struct Call {
    iter: Iter,
    run: Op,
    nin: usize,
    conversions: SmallVec<[Option<Conversion>; 4]>,
    raises: bool,
    flags: u32,
}

impl Call {
    /// `operands`: inputs, then outputs, each with the layout of the common shape. `types`: the loop's.
    /// Errors: NotImplementedError for conversions that don't exist, MemoryError.
    pub fn new(run: Loop, nin: usize, types: &[DType], operands: &[Array], raises: bool) -> R<Call> {
        let shape = &operands[0].layout.shape;
        let mut conversions = SmallVec::new();
        let size = operands[0].layout.size();
        for (i, (a, &t)) in operands.iter().zip(types).enumerate() {
            conversions.push(if a.dtype == t {
                None
            } else {
                let run = if i < nin { cast_loop(a.dtype, t)? } else { cast_loop(t, a.dtype)? };
                let scratch = try_vec(0u128, (BLOCK.min(size) * t.itemsize()).div_ceil(16))?;
                Some(Conversion { run, scratch, width: t.itemsize() as isize })
            });
        }
        if conversions.iter().all(Option::is_none) {
            conversions.clear();
        }
        Ok(Call { iter: Iter::new(shape, operands, true), run: Op::Loop(run), nin, conversions, raises, flags: 0 })
    }

    /// For a ufunc whose loop has been resolved.
    pub fn ufunc(info: &Info, chosen: &crate::ufunc::LoopInfo, operands: &[Array]) -> R<Call> {
        let types: SmallVec<[DType; 4]> = (0..operands.len()).map(|i| chosen.dtype(i)).collect();
        Call::new(chosen.run, info.nin, &types, operands, info.raises)
    }

    /// Assignment `to[...] = from`, converting as C does. Both have the same shape (see [`crate::Layout::assign_to`]).
    pub fn assign(to: Array, from: Array) -> R<Call> {
        let cast = cast_loop(from.dtype, to.dtype)?;
        let run = cast.single().map_or(Op::Cast(cast), Op::Loop);
        Ok(Call { iter: Iter::new(&to.layout.shape, &[from, to], true), run, nin: 1, conversions: SmallVec::new(), raises: false, flags: 0 })
    }

    /// Elements still to come.
    pub fn left(&self) -> usize {
        self.iter.left()
    }

    /// Works on about `budget` elements.
    /// # Safety
    /// The operands' memory is alive, inputs readable, outputs writable by this thread only; outputs don't overlap
    /// inputs other than as [`crate::overlap::write_spoils_read`] allows.
    pub unsafe fn run(&mut self, budget: usize) -> Progress {
        if self.raises {
            fpflags::clear();
        }
        let (run, flags) = (self.run, &mut self.flags);
        let progress = if self.conversions.is_empty() {
            // SAFETY: the caller's.
            self.iter.run(budget, |p, s, n| *flags |= unsafe { run.go(p, s, n) })
        } else {
            let (conversions, nin) = (&mut self.conversions, self.nin);
            self.iter.run(budget, |p, s, n| {
                for from in (0..n).step_by(BLOCK) {
                    // SAFETY: the caller's; scratch holds a block.
                    *flags |= unsafe { converted(run, nin, conversions, p, s, from, BLOCK.min(n - from)) };
                }
            })
        };
        if self.raises {
            self.flags |= fpflags::get();
        }
        progress
    }

    /// Everything at once.
    /// # Safety
    /// As [`Call::run`].
    pub unsafe fn finish(&mut self) -> Flags {
        // SAFETY: the caller's.
        while unsafe { self.run(STRIPE * 64) } == Progress::More {}
        self.flags()
    }

    /// Errors so far.
    pub fn flags(&self) -> Flags {
        Flags(self.flags)
    }
}

// SAFETY: elements `from .. from + n` of the inner loop are valid, as for `run`.
unsafe fn converted(run: Op, nin: usize, conversions: &mut [Option<Conversion>], p: &[*mut u8], s: &[isize], from: usize, n: usize) -> u32 {
    let mut pointers: SmallVec<[*mut u8; 8]> = SmallVec::new();
    let mut strides: SmallVec<[isize; 8]> = SmallVec::new();
    for (i, c) in conversions.iter_mut().enumerate() {
        let at = p[i].wrapping_offset(from as isize * s[i]);
        match c {
            Some(c) => {
                let scratch = c.scratch.as_mut_ptr().cast::<u8>();
                // A repeated element is converted once.
                let (count, width) = if s[i] == 0 && i < nin { (1, 0) } else { (n, c.width) };
                if i < nin {
                    // SAFETY: the caller's; the scratch takes a block of elements of the loop's dtype.
                    unsafe { c.run.go([at, scratch], [s[i], c.width], count) };
                }
                pointers.push(scratch);
                strides.push(width);
            }
            None => {
                pointers.push(at);
                strides.push(s[i]);
            }
        }
    }
    // SAFETY: the caller's, or scratch that takes a block.
    let flags = unsafe { run.go(&pointers, &strides, n) };
    for (i, c) in conversions.iter().enumerate().skip(nin) {
        if let Some(c) = c {
            let at = p[i].wrapping_offset(from as isize * s[i]);
            // SAFETY: the caller's; the loop has filled the scratch.
            unsafe { c.run.go([pointers[i], at], [c.width, s[i]], n) };
        }
    }
    flags
}
