//! Inner loops over elements of one dtype combination.

pub mod arith;
pub mod compare;
pub mod complex;
pub mod kernel;
pub mod logic;
pub mod math;
pub mod reduce;

/// An inner loop: pointers and strides in bytes (inputs, then outputs), count. Returns flags that the processor's
/// status word doesn't show ([`crate::Flags`]). The safety conditions stand in `kernel`.
pub type Loop = unsafe fn(&[*mut u8], &[isize], usize) -> u32;

/// Element of bool: any byte but 0 counts as true.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct B(pub u8);

impl B {
    #[inline(always)]
    pub fn new(b: bool) -> B {
        B(u8::from(b))
    }
    #[inline(always)]
    pub fn get(self) -> bool {
        self.0 != 0
    }
}

/// `loops! { [T: Bound] name: shape(extra) |x, y| expr; }`: declares loops from the operation on elements of type `T`.
macro_rules! loops {
    ($($(#[$doc:meta])* [$($g:ident: $bound:ident)?] $name:ident: ($($a:ty),*) $shape:ident $(($($extra:expr),*))? |$($x:ident),*| $e:expr;)*) => {$(
        $(#[$doc])*
        // SAFETY: a loop; see `kernel`.
        pub unsafe fn $name$(<$g: $bound>)?(p: &[*mut u8], s: &[isize], n: usize) -> u32 {
            // SAFETY: the caller's, which are the kernels' own.
            unsafe { $crate::loops::kernel::$shape(p, s, n, $($($extra,)*)? |$($x: $a),*| $e) }
        }
    )*};
}
pub(crate) use loops;
