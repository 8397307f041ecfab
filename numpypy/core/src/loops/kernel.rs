//! Shapes of inner loops, generic over the operation: unit strides apart (LLVM vectorises them), scalars, in place, strided.
//!
//! SAFETY (all functions here): `p` holds one pointer an operand, inputs first, `s` its stride in bytes; for each
//! i < n the element at p + i s may be read (inputs) or written (outputs). Alignment doesn't matter. An output either
//! lies apart from an input or starts at the same address with the same stride; callers buffer other overlaps. `get` and `put`: an element may be read or
//! written at `p`, aligned or not; `at`: element `i` lies in the memory that `p` points into.

#[inline(always)]
pub unsafe fn get<T: Copy>(p: *const u8) -> T {
    // SAFETY: the caller's.
    unsafe { p.cast::<T>().read_unaligned() }
}
#[inline(always)]
pub unsafe fn put<T: Copy>(p: *mut u8, x: T) {
    // SAFETY: the caller's.
    unsafe { p.cast::<T>().write_unaligned(x) }
}
#[inline(always)]
unsafe fn at<T>(p: *mut u8, i: usize) -> *mut u8 {
    // SAFETY: the caller's.
    unsafe { p.add(i * size_of::<T>()) }
}

/// `wide!(fn name<A, B>(p, s, n, f) -> T where ... = body)`: compiles a body a second time for wider vectors and picks at run time.
macro_rules! wide {
    ($name:ident $body:ident $wide:ident <$($t:ident),*> ($($arg:ident: $ty:ty),*) -> $r:ty) => {
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2")]
        // SAFETY: the caller's, who has looked for avx2.
        unsafe fn $wide<$($t: Copy,)* Op: Fn($($t),*) -> Out + Copy, Out: Copy>($($arg: $ty,)* f: Op) -> $r { unsafe { $body($($arg,)* f) } }
        #[inline(always)]
        pub unsafe fn $name<$($t: Copy,)* Op: Fn($($t),*) -> Out + Copy, Out: Copy>($($arg: $ty,)* f: Op) -> $r {
            #[cfg(target_arch = "x86_64")]
            if std::arch::is_x86_feature_detected!("avx2") {
                // SAFETY: the caller's.
                return unsafe { $wide($($arg,)* f) };
            }
            // SAFETY: the caller's.
            unsafe { $body($($arg,)* f) }
        }
    };
}

#[inline(always)]
unsafe fn unary_body<A: Copy, Op: Fn(A) -> Out + Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: Op) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        let (a, o) = (p[0], p[1]);
        let (wa, wo) = (size_of::<A>() as isize, size_of::<Out>() as isize);
        if s[1] == wo && s[0] == wa {
            if a == o && wa == wo {
                for i in 0..n {
                    put::<Out>(at::<Out>(o, i), f(get::<A>(at::<Out>(o, i))));
                }
            } else {
                for i in 0..n {
                    put::<Out>(at::<Out>(o, i), f(get::<A>(at::<A>(a, i))));
                }
            }
        } else if s[1] == wo && s[0] == 0 {
            let x = f(get::<A>(a));
            for i in 0..n {
                put::<Out>(at::<Out>(o, i), x);
            }
        } else {
            for i in 0..n as isize {
                put::<Out>(o.offset(i * s[1]), f(get::<A>(a.offset(i * s[0]))));
            }
        }
    }
    0
}

#[inline(always)]
unsafe fn binary_body<A: Copy, B: Copy, Op: Fn(A, B) -> Out + Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: Op) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        let (a, b, o) = (p[0], p[1], p[2]);
        let (wa, wb, wo) = (size_of::<A>() as isize, size_of::<B>() as isize, size_of::<Out>() as isize);
        if s[2] == wo {
            // The same address means distance 0: the separate loops tell LLVM what its overlap test can't.
            if s[0] == wa && s[1] == wb {
                if a == o && wa == wo {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(get::<A>(at::<Out>(o, i)), get::<B>(at::<B>(b, i))));
                    }
                } else if b == o && wb == wo {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(get::<A>(at::<A>(a, i)), get::<B>(at::<Out>(o, i))));
                    }
                } else {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(get::<A>(at::<A>(a, i)), get::<B>(at::<B>(b, i))));
                    }
                }
                return 0;
            }
            if s[0] == wa && s[1] == 0 && n > 1 {
                let y = get::<B>(b);
                if a == o && wa == wo {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(get::<A>(at::<Out>(o, i)), y));
                    }
                } else {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(get::<A>(at::<A>(a, i)), y));
                    }
                }
                return 0;
            }
            if s[0] == 0 && s[1] == wb && n > 1 {
                let x = get::<A>(a);
                if b == o && wb == wo {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(x, get::<B>(at::<Out>(o, i))));
                    }
                } else {
                    for i in 0..n {
                        put::<Out>(at::<Out>(o, i), f(x, get::<B>(at::<B>(b, i))));
                    }
                }
                return 0;
            }
        }
        for i in 0..n as isize {
            put::<Out>(o.offset(i * s[2]), f(get::<A>(a.offset(i * s[0])), get::<B>(b.offset(i * s[1]))));
        }
    }
    0
}

wide!(unary unary_body unary_avx2 <A> (p: &[*mut u8], s: &[isize], n: usize) -> u32);
wide!(binary binary_body binary_avx2 <A, B> (p: &[*mut u8], s: &[isize], n: usize) -> u32);

/// Whether a binary loop is the inner loop of a reduction: the output is the first input and stays in place.
#[inline(always)]
pub fn is_reduction(p: &[*mut u8], s: &[isize]) -> bool {
    p[0] == p[2] && s[0] == 0 && s[2] == 0
}

/// `binary` that keeps the accumulator of a reduction in a register.
#[inline(always)]
pub unsafe fn folding<T: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: impl Fn(T, T) -> T + Copy) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        if !is_reduction(p, s) {
            return binary(p, s, n, f);
        }
        let mut acc = get::<T>(p[0]);
        for i in 0..n as isize {
            acc = f(acc, get::<T>(p[1].offset(i * s[1])));
        }
        put(p[0], acc);
        0
    }
}

#[inline(always)]
unsafe fn lanes_body<T: Copy>(first: T, p: *mut u8, step: isize, n: usize, f: impl Fn(T, T) -> T + Copy) -> T {
    // SAFETY: the caller's.
    unsafe {
        let mut i = 0;
        let mut acc = first;
        if n >= 16 {
            let mut lane = [first; 16];
            let go = |p: *mut u8, step: isize, lane: &mut [T; 16], i: &mut usize| {
                while *i + 16 <= n {
                    for (k, l) in lane.iter_mut().enumerate() {
                        *l = f(*l, get::<T>(p.offset((*i + k) as isize * step)));
                    }
                    *i += 16;
                }
            };
            if step == size_of::<T>() as isize { go(p, size_of::<T>() as isize, &mut lane, &mut i) } else { go(p, step, &mut lane, &mut i) }
            acc = lane[1..].iter().fold(lane[0], |a, &b| f(a, b));
        }
        while i < n {
            acc = f(acc, get::<T>(p.offset(i as isize * step)));
            i += 1;
        }
        acc
    }
}
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn lanes_avx2<T: Copy>(first: T, p: *mut u8, step: isize, n: usize, f: impl Fn(T, T) -> T + Copy) -> T {
    // SAFETY: the caller's.
    unsafe { lanes_body(first, p, step, n, f) }
}

/// `folding` for operations that may be regrouped and for which f(x, x) = x or the lanes' start is `unit`.
#[inline(always)]
pub unsafe fn folding_lanes<T: Copy>(p: &[*mut u8], s: &[isize], n: usize, unit: Option<T>, f: impl Fn(T, T) -> T + Copy) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        if !is_reduction(p, s) {
            return binary(p, s, n, f);
        }
        let acc = get::<T>(p[0]);
        let start = unit.unwrap_or(acc);
        #[cfg(target_arch = "x86_64")]
        let found = if std::arch::is_x86_feature_detected!("avx2") { lanes_avx2(start, p[1], s[1], n, f) } else { lanes_body(start, p[1], s[1], n, f) };
        #[cfg(not(target_arch = "x86_64"))]
        let found = lanes_body(start, p[1], s[1], n, f);
        put(p[0], if unit.is_some() { f(acc, found) } else { found });
        0
    }
}

/// `folding` of floats that are computed with in a wider type: a reduction rounds at its end only.
#[inline(always)]
pub unsafe fn real_folding<T: Copy, W: Copy>(p: &[*mut u8], s: &[isize], n: usize, wide: impl Fn(T) -> W + Copy, narrow: impl Fn(W) -> T + Copy, f: impl Fn(W, W) -> W + Copy) -> u32 {
    // SAFETY: the caller's.
    unsafe {
        if !is_reduction(p, s) {
            return binary(p, s, n, |x: T, y: T| narrow(f(wide(x), wide(y))));
        }
        let mut acc = wide(get::<T>(p[0]));
        for i in 0..n as isize {
            acc = f(acc, wide(get::<T>(p[1].offset(i * s[1]))));
        }
        put(p[0], narrow(acc));
        0
    }
}

/// A unary loop that LLVM need not widen: functions are called element by element, and guarded operations stay guarded.
#[inline(always)]
pub unsafe fn each<A: Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: impl Fn(A) -> Out) -> u32 {
    for i in 0..n as isize {
        // SAFETY: the caller's.
        unsafe { put::<Out>(p[1].offset(i * s[1]), f(get::<A>(p[0].offset(i * s[0])))) };
    }
    0
}
/// The same of two inputs.
#[inline(always)]
pub unsafe fn strided<A: Copy, B: Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: impl Fn(A, B) -> Out) -> u32 {
    for i in 0..n as isize {
        // SAFETY: the caller's.
        unsafe { put::<Out>(p[2].offset(i * s[2]), f(get::<A>(p[0].offset(i * s[0])), get::<B>(p[1].offset(i * s[1])))) };
    }
    0
}

/// A binary loop whose operation reports error flags.
#[inline(always)]
pub unsafe fn flagged<A: Copy, B: Copy, Out: Copy>(p: &[*mut u8], s: &[isize], n: usize, f: impl Fn(A, B, &mut u32) -> Out) -> u32 {
    let mut flags = 0;
    for i in 0..n as isize {
        // SAFETY: the caller's.
        unsafe { put::<Out>(p[2].offset(i * s[2]), f(get::<A>(p[0].offset(i * s[0])), get::<B>(p[1].offset(i * s[1])), &mut flags)) };
    }
    flags
}
