//! Which bytes of its buffer an operation writes, as ranges: what a transaction notes down before they change.

use crate::layout::Layout;
use smallvec::SmallVec;

/// What a range costs besides its bytes, in bytes.
pub const RANGE: usize = 24;

/// Ranges of one length at regular distances. Between elements that lie close together the gaps are part of a range: they cost less than another range.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ranges {
    first: usize,
    len: usize,
    /// Count and distance, nearest first.
    axes: SmallVec<[(usize, usize); 4]>,
}

impl Layout {
    /// The ranges that cover all elements.
    pub fn ranges(&self) -> Ranges {
        let (low, high) = self.extent();
        let mut axes: SmallVec<[(usize, usize); 4]> = SmallVec::new();
        if low == high {
            return Ranges { first: low as usize, len: 0, axes };
        }
        let mut all: SmallVec<[(usize, usize); 4]> = self.shape.iter().zip(&self.strides).filter(|(n, s)| **n > 1 && **s != 0).map(|(n, s)| (*n as usize, s.unsigned_abs())).collect();
        all.sort_unstable_by_key(|a| a.1);
        // From the inside out: so many axes as one range, or one for each step of the axis.
        let mut len = self.itemsize;
        let (mut hull, mut cost) = (len, cost_of(len));
        for (n, step) in all {
            hull += (n - 1) * step;
            cost = cost.saturating_mul(n);
            if cost_of(hull) <= cost {
                (len, cost) = (hull, cost_of(hull));
                axes.clear();
            } else {
                axes.push((n, step));
            }
        }
        Ranges { first: low as usize, len, axes }
    }
}
fn cost_of(len: usize) -> usize { len.next_multiple_of(8) + RANGE }

impl Ranges {
    /// Number of ranges.
    pub fn count(&self) -> usize { if self.len == 0 { 0 } else { self.axes.iter().fold(1, |n, a| n.saturating_mul(a.0)) } }
    /// Words that all of them touch at most.
    pub fn words(&self) -> usize {
        // A range of a few bytes may lie across a border.
        self.count().saturating_mul(self.len.div_ceil(8) + usize::from(self.len % 8 != 0 || self.axes.iter().any(|a| a.1 % 8 != 0) || self.first % 8 != 0))
    }
    /// Calls `f` with the first byte and the length of each.
    pub fn each(&self, mut f: impl FnMut(usize, usize)) { self.shifted(0, &mut f) }

    fn shifted(&self, by: isize, f: &mut impl FnMut(usize, usize)) {
        let mut at: SmallVec<[usize; 4]> = SmallVec::from_elem(0, self.axes.len());
        let mut p = self.first.wrapping_add_signed(by);
        for _ in 0..self.count() {
            f(p, self.len);
            for (i, &(n, step)) in at.iter_mut().zip(&self.axes) {
                *i += 1;
                p += step;
                if *i < n {
                    break;
                }
                p -= *i * step;
                *i = 0;
            }
        }
    }
}

/// What writing to some elements changes.
#[derive(Clone, Copy)]
pub enum Written<'a> {
    /// All of a view.
    View(&'a Layout),
    /// One view a byte offset, by which it is shifted.
    Shifted(&'a Layout, &'a [isize]),
}

impl Written<'_> {
    /// Hands `f` the number of ranges, how many words they have at most, and how to go through them.
    pub fn with<T>(self, f: impl FnOnce(usize, usize, &dyn Fn(&mut dyn FnMut(usize, usize))) -> T) -> T {
        let regular = |r: Ranges, f: &mut dyn FnMut(usize, usize)| r.each(f);
        let (layout, offsets) = match self {
            Written::View(l) => {
                let r = l.ranges();
                return f(r.count(), r.words(), &|g| regular(r.clone(), g));
            }
            Written::Shifted(l, offsets) => (l, offsets),
        };
        let r = layout.ranges();
        let (Some(low), Some(high)) = (offsets.iter().min(), offsets.iter().max()) else { return f(0, 0, &|_| ()) };
        let each = r.count().saturating_mul(r.len.div_ceil(8) + 1);
        let (from, to) = layout.extent();
        let hull = Ranges { first: (from + low) as usize, len: if r.len == 0 { 0 } else { (to + high - from - low) as usize }, axes: SmallVec::new() };
        let apart = offsets.len().saturating_mul(each * 8 + r.count().saturating_mul(RANGE));
        if cost_of(hull.len) <= apart {
            return f(hull.count(), hull.words(), &|g| regular(hull.clone(), g));
        }
        f(offsets.len().saturating_mul(r.count()), offsets.len().saturating_mul(each), &|g| offsets.iter().for_each(|o| r.shifted(*o, &mut |at, n| g(at, n))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Dims;

    fn view(offset: isize, shape: &[isize], strides: &[isize], itemsize: usize) -> Layout { Layout { offset, shape: shape.into(), strides: Dims::from_slice(strides), itemsize } }
    fn list(l: &Layout) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        l.ranges().each(|at, n| found.push((at, n)));
        found
    }

    #[test]
    fn close_elements_are_one_range() {
        assert_eq!(list(&view(80, &[5], &[8], 8)), [(80, 40)]);
        assert_eq!(list(&view(800, &[5], &[-16], 8)), [(736, 72)], "backwards, every other");
        assert_eq!(list(&view(0, &[3, 4], &[8, 24], 8)), [(0, 96)], "in another order");
        assert_eq!(list(&view(0, &[3, 2], &[800, 8], 8)), [(0, 16), (800, 16), (1600, 16)], "rows");
        assert_eq!(list(&view(8, &[3], &[80], 8)), [(8, 8), (88, 8), (168, 8)], "a column");
        assert_eq!(list(&view(8, &[3, 1000], &[80, 0], 8)), [(8, 8), (88, 8), (168, 8)], "repeated");
        assert_eq!(list(&view(0, &[100, 100], &[48, 40], 8)), [(0, 99 * 88 + 8)], "interleaved");
        assert_eq!(list(&view(8, &[3, 0], &[80, 8], 8)), []);
        assert_eq!(list(&view(7, &[], &[], 3)), [(7, 3)]);
    }

    #[test]
    fn ranges_cover_and_cost_little() {
        let mut random = crate::random::below(99);
        for _ in 0..3000 {
            let ndim = random(4);
            let itemsize = [1, 3, 4, 8, 16][random(5) as usize];
            let mut l = view(0, &[], &[], itemsize);
            for _ in 0..ndim {
                l.shape.push(random(5));
                l.strides.push((random(41) - 20) * [1, 4, 8, 40][random(4) as usize]);
            }
            l.offset = -l.extent().0 + random(9);
            let offsets: Vec<isize> = (0..random(4)).map(|_| random(50) * 8).collect();
            for w in [Written::View(&l), Written::Shifted(&l, &offsets)] {
                let shifts: &[isize] = if let Written::Shifted(..) = w { &offsets } else { &[0] };
                w.with(|count, words, each| {
                    let (mut covered, mut n, mut touched) = (std::collections::BTreeSet::new(), 0, 0);
                    each(&mut |at, len| {
                        covered.extend(at..at + len);
                        n += 1;
                        touched += (at + len).div_ceil(8) - at / 8;
                    });
                    assert_eq!(n, count, "{l:?}");
                    assert!(touched <= words, "{l:?}: {touched} of {words}");
                    let size = l.size() * shifts.len();
                    assert!(words * 8 + n * RANGE <= size * ((itemsize.div_ceil(8) + 1) * 8 + RANGE) + RANGE + 16, "{l:?}: {words}");
                    for s in shifts {
                        for i in 0..l.size() {
                            let at = (l.offset_of_flat(i) + s) as usize;
                            assert!((at..at + itemsize).all(|b| covered.contains(&b)), "{l:?}");
                        }
                    }
                    let (low, high) = l.extent();
                    let inside = |b: &usize| shifts.iter().any(|s| (*b as isize) >= low + s) && shifts.iter().any(|s| (*b as isize) < high + s);
                    assert!(covered.iter().all(inside), "{l:?}: outside of the view");
                });
            }
        }
    }

    #[test]
    fn what_an_operation_on_a_large_array_writes() {
        let array = Layout::contiguous(&[10_000_000], 8, false).expect("a layout");
        let words = |w: Written| w.with(|_, words, _| words);
        let part = view(8 * 5_000_000, &[100], &[8], 8);
        assert_eq!(words(Written::View(&part)), 100);
        assert_eq!(words(Written::View(&array)), 10_000_000);
        let some: Vec<isize> = (0..100).map(|i| i * 800_000).collect();
        assert!(words(Written::Shifted(&view(0, &[], &[], 8), &some)) <= 200);
        let together: Vec<isize> = (0..100).map(|i| i * 8).collect();
        assert_eq!(words(Written::Shifted(&view(0, &[], &[], 8), &together)), 100);
    }
}
