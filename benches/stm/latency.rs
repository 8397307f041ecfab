//! Nanoseconds that a word takes from one thread's cache to another's: half a round trip. `compare.py` compiles it and runs it.

use std::sync::atomic::{AtomicU32, Ordering::*};
use std::time::Instant;

const TRIPS: u32 = 100_000;

#[repr(align(128))]
struct Word(AtomicU32);
static WORD: Word = Word(AtomicU32::new(0));

fn wait_for(n: u32) {
    while WORD.0.load(Acquire) != n {
        std::hint::spin_loop();
    }
}

fn main() {
    let other = std::thread::spawn(|| {
        for n in 0..TRIPS {
            wait_for(2 * n + 1);
            WORD.0.store(2 * n + 2, Release);
        }
    });
    let since = Instant::now();
    for n in 0..TRIPS {
        WORD.0.store(2 * n + 1, Release);
        wait_for(2 * n + 2);
    }
    println!("latency {}", since.elapsed().as_nanos() as u64 / u64::from(2 * TRIPS));
    other.join().expect("it only counts");
}
