//! A transaction's log of buffers: what it holds, that it comes back, and that it does not grow with the buffer.

mod common;
use common::*;
use txpy_heap::*;

fn fill(th: &mut Thread, b: Gc<Buffer>, at: usize, n: usize, with: u8) { b.write_range(th, at, n).unwrap().as_mut_slice()[at..at + n].fill(with) }
fn is_zero(th: &mut Thread, b: Gc<Buffer>) -> bool { b.read(th).unwrap().as_slice().iter().all(|x| *x == 0) }

#[test]
fn a_thousand_small_writes_to_a_large_buffer() {
    run(|th| {
        const BYTES: usize = 80_000_000;
        let b = th.alloc_buffer(BYTES, true).unwrap();
        for i in 0..1000 {
            th.begin();
            // What else the block logs is the buffer's own words.
            fill(th, b, i * 80_000, 800, 1);
            let logged = th.logged_words();
            assert!((100..200).contains(&logged), "{logged} words");
            fill(th, b, i * 80_000, 8, 2);
            th.abort();
            th.give_up_retry();
        }
        assert!(is_zero(th, b));
        th.begin();
        fill(th, b, 0, 800, 1);
        th.commit();
        assert_eq!(th.logged_words(), 0);
        assert!(b.read(th).unwrap().as_slice()[..800].iter().all(|x| *x == 1));
    });
}

#[test]
fn what_was_written_comes_back() {
    run(|th| {
        const BYTES: usize = 100_003;
        let b = th.alloc_buffer(BYTES, true).unwrap();
        let mut x = 5u64;
        let mut random = |n: usize| {
            x = x.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (x >> 33) as usize % n
        };
        let mut whole = 0;
        for round in 0..300 {
            th.begin();
            for _ in 0..random(40) {
                let n = random([20, 500, 5000][round % 3]) + 1;
                let at = random(BYTES - n + 1);
                match random(3) {
                    0 => fill(th, b, at, n, 7),
                    // In plain code the buffer is written as it is, by `access_ranges` and by a guard.
                    1 => {
                        b.log_ranges(th, n, 2 * n, |log| (0..n).for_each(|i| log(at + i, 1))).unwrap();
                        let p = b.start() as usize + at;
                        // SAFETY: inside the buffer, which is held.
                        th.access_ranges(&mut [(b.value(), Mode::Write)], || unsafe { (p as *mut u8).write_bytes(9, n) }).unwrap();
                    }
                    _ => th.poll().unwrap(),
                }
            }
            if random(10) == 0 {
                b.write(th).unwrap().as_mut_slice().fill(3);
            }
            whole += usize::from(th.logged_words() > BYTES / 8);
            assert!(th.logged_words() < 2 * BYTES / 8 + 2000, "never much more than twice the buffer");
            th.abort();
            th.give_up_retry();
            assert!(is_zero(th, b), "round {round}");
        }
        assert!((20..280).contains(&whole), "both ways of logging: {whole} of 300");
    });
}

#[test]
fn ranges_in_plain_code() {
    run(|th| {
        let b = th.alloc_buffer(100, true).unwrap();
        let mut asked = false;
        b.log_ranges(th, 1, 2, |_| asked = true).unwrap();
        fill(th, b, 95, 5, 1);
        assert!(!asked && th.logged_words() == 0);
        th.begin();
        // The last bytes, which are no whole word.
        fill(th, b, 97, 3, 2);
        th.abort();
        th.give_up_retry();
        assert_eq!(b.read(th).unwrap().as_slice()[94..], [0, 1, 1, 1, 1, 1]);
    });
}

#[test]
#[should_panic(expected = "a range of the buffer")]
fn a_range_outside_of_the_buffer() {
    run(|th| {
        let b = th.alloc_buffer(100_000, true).unwrap();
        th.begin();
        let _ = b.write_range(th, 99_999, 2);
    });
}
