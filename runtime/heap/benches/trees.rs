//! Allocation and collection cost: binary trees, and random replacement in a large live set. CPU nanoseconds an object.

use std::hint::black_box;
use txpy_heap::*;

const NODE: u16 = 200;
object! {
    pub struct Node = NODE { pub left: Value, pub right: Value }
}

fn cpu() -> f64 {
    // SAFETY: clock_gettime fills the struct in.
    unsafe {
        let mut t: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut t);
        t.tv_sec as f64 * 1e9 + t.tv_nsec as f64
    }
}

fn tree(th: &mut Thread, depth: u32) -> R<Value> {
    let (mut left, mut right) = (Value::NONE, Value::NONE);
    if depth > 0 {
        left = tree(th, depth - 1)?;
        right = tree(th, depth - 1)?;
    }
    Ok(th.alloc(0, Node { header: Header::NEW, left, right })?.value())
}

fn count(th: &mut Thread, v: Value) -> R<u64> {
    let Some(n) = v.cast::<Node>() else { return Ok(0) };
    let g = n.read(th)?;
    let (left, right) = (g.left, g.right);
    Ok(1 + count(th, left)? + count(th, right)?)
}

/// The usual benchmark: one long-lived tree, and many short-lived ones of growing depth.
fn trees(th: &mut Thread, max: u32) -> R<u64> {
    let mut objects = 0u64;
    let long = tree(th, max)?;
    objects += (1 << (max + 1)) - 1;
    let mut depth = 4;
    while depth <= max {
        for _ in 0..1 << (max - depth + 4) {
            let t = tree(th, depth)?;
            black_box(t);
            objects += (1 << (depth + 1)) - 1;
        }
        depth += 2;
    }
    assert_eq!(count(th, long)?, (1 << (max + 1)) - 1);
    Ok(objects)
}

/// A table of live objects of which a random one is replaced at each step.
fn replacement(th: &mut Thread, live: usize, steps: u64) -> R<u64> {
    let v = RootedVec::with_capacity(th, live)?;
    for i in 0..live {
        let p = th.alloc(0, Node { header: Header::NEW, left: Value::int(i as i64), right: Value::NONE })?;
        v.push(th, p.value())?;
    }
    let mut x = 88172645463325252u64;
    for i in 0..steps {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        let p = th.alloc(0, Node { header: Header::NEW, left: Value::int(i as i64), right: Value::NONE })?;
        v.set(th, (x % live as u64) as usize, p.value())?;
    }
    Ok(steps)
}

fn report(name: &str, th: &mut Thread, f: impl FnOnce(&mut Thread) -> R<u64>) {
    let before = statistics();
    let start = cpu();
    let n = f(th).expect("memory");
    let t = cpu() - start;
    let after = statistics();
    println!(
        "{name:40} {:6.2} ns/object, {n} objects, {} collections ({} full), heap {} MiB",
        t / n as f64, after.collections - before.collections, after.full_collections - before.full_collections, after.heap >> 20
    );
}

fn main() {
    register_kinds(&[Node::INFO]);
    let mut th = Box::new(Thread::new());
    // SAFETY: the box keeps the address; this OS thread alone uses it.
    unsafe { th.attach() }.expect("memory");
    let th = &mut *th;
    report("short-lived objects", th, |th| {
        for i in 0..100_000_000 {
            black_box(th.alloc(0, Node { header: Header::NEW, left: Value::int(i), right: Value::NONE })?);
        }
        Ok(100_000_000)
    });
    for depth in [14, 16, 18] {
        report(&format!("binary trees, depth {depth}"), th, |th| trees(th, depth));
    }
    for live in [10_000, 1_000_000, 5_000_000] {
        report(&format!("random replacement, {live} live"), th, |th| replacement(th, live, 20_000_000));
    }
}
