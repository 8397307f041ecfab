//! Random numbers for tests: the same in each run.

/// Numbers below its argument. A linear congruential generator with Knuth's constants, of which the high bits are used.
pub fn below(seed: u64) -> impl FnMut(u64) -> isize {
    let mut x = seed;
    move |n| {
        x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((x >> 33) % n) as isize
    }
}
