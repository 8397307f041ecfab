//! Whether two arrays share memory: bounds first, then an exact search with a limit on its work.

use crate::layout::Layout;
use smallvec::SmallVec;

/// Result of a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overlap {
    No,
    Yes,
    /// The limit was reached first.
    Maybe,
}

/// A term of the search: the sum takes `count` values 0, step, 2 step ...
type Term = (isize, isize);

fn gcd(a: isize, b: isize) -> isize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Is there a choice of multiples, one a term, that adds up to `target`? Terms are sorted by step, large first.
fn solve(terms: &[Term], target: i128, work: &mut usize) -> Overlap {
    if target == 0 {
        return Overlap::Yes;
    }
    let Some(&(step, count)) = terms.first() else { return Overlap::No };
    let rest: i128 = terms[1..].iter().map(|&(s, n)| s as i128 * (n as i128 - 1)).sum();
    let common = terms.iter().fold(0, |g, t| gcd(t.0, g));
    if target < 0 || target > rest + step as i128 * (count as i128 - 1) || target % common as i128 != 0 {
        return Overlap::No;
    }
    // The other terms reach from 0 to `rest`, so that only these multiples of the largest step can do.
    let low = ((target - rest).max(0) + step as i128 - 1) / step as i128;
    let high = (target / step as i128).min(count as i128 - 1);
    let mut k = low;
    while k <= high {
        if *work == 0 {
            return Overlap::Maybe;
        }
        *work -= 1;
        match solve(&terms[1..], target - k * step as i128, work) {
            Overlap::No => k += 1,
            found => return found,
        }
    }
    Overlap::No
}

/// Whether elements of `a` and `b` (layouts in the same buffer) share a byte. `work` bounds the steps of the search.
pub fn share_memory(a: &Layout, b: &Layout, mut work: usize) -> Overlap {
    let ((a0, a1), (b0, b1)) = (a.extent(), b.extent());
    if a1 <= b0 || b1 <= a0 {
        return Overlap::No;
    }
    // With strides made positive, a + sum(i s) + x = b + sum(j t) + y; negate b's side: all terms count upwards.
    let mut terms: SmallVec<[Term; 12]> = SmallVec::new();
    for l in [a, b] {
        terms.extend(l.shape.iter().zip(&l.strides).filter(|(n, s)| **n > 1 && **s != 0).map(|(n, s)| (s.abs(), *n)));
        terms.push((1, l.itemsize as isize));
    }
    terms.retain(|t| t.1 > 1);
    terms.sort_by_key(|t| -t.0);
    // a0 + A = b0 + B, where B = (b1 - 1 - b0) - B'.
    solve(&terms, (b1 - 1 - a0) as i128, &mut work)
}

/// Whether writing `out` element by element can spoil elements of `input` that are read later.
/// The same elements in the same order are harmless.
pub fn write_spoils_read(out: &Layout, input: &Layout, same_size: bool) -> bool {
    if same_size && out.offset == input.offset && out.shape == input.shape && out.strides == input.strides {
        // An element may still be visited twice if a stride is 0 or elements overlap each other.
        return out.shape.iter().zip(&out.strides).any(|(n, s)| *n > 1 && s.unsigned_abs() < out.itemsize);
    }
    share_memory(out, input, 64) != Overlap::No
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All bytes of an array, by brute force.
    fn bytes(l: &Layout) -> std::collections::BTreeSet<isize> {
        (0..l.size()).flat_map(|i| (0..l.itemsize as isize).map(move |b| (i, b))).map(|(i, b)| l.offset_of_flat(i) + b).collect()
    }

    #[test]
    fn agrees_with_brute_force() {
        let mut random = crate::random::below(12345);
        let (mut shared, mut apart) = (0, 0);
        for _ in 0..3000 {
            let mut make = || {
                let ndim = random(3) + 1;
                Layout {
                    offset: random(60),
                    shape: (0..ndim).map(|_| random(4) + 1).collect(),
                    strides: (0..ndim).map(|_| (random(13) - 6) * 4).collect(),
                    itemsize: [1, 4, 8][random(3) as usize],
                }
            };
            let (a, b) = (make(), make());
            let truth = bytes(&a).intersection(&bytes(&b)).next().is_some();
            assert_eq!(share_memory(&a, &b, 100_000), if truth { Overlap::Yes } else { Overlap::No }, "{a:?} {b:?}");
            if truth { shared += 1 } else { apart += 1 }
        }
        assert!(shared > 500 && apart > 500);
    }
}
