//! A small heap that runs the project's own protocol code in models and stress tests, and checks what the protocol promises.
#![allow(dead_code)] // each test binary uses its part

#[cfg(feature = "shuttle")]
pub mod scenarios;

use std::sync::{Arc, Mutex};
use std::sync::atomic::AtomicU64 as StdU64;
use std::sync::atomic::Ordering::Relaxed;
use txpy_heap::protocol::mutants::on;
pub use txpy_heap::protocol::mutants::Mutant;
use txpy_heap::protocol::word::{DIRTY, LOGGED, OLD, QUIET, txr};
pub use txpy_heap::protocol::{Abort, Mode, Mode::*, Mutator, R, Space, World};
use txpy_heap::protocol::AtomicU64;

#[cfg(feature = "loom")]
pub use loom::thread;
#[cfg(all(feature = "shuttle", not(feature = "loom")))]
pub use shuttle::thread;
#[cfg(not(any(feature = "loom", feature = "shuttle")))]
pub use std::thread;

/// Checked payload: an access that overlaps a write is a failure; each word is its own scheduling point.
#[cfg(not(feature = "loom"))]
pub struct Payload {
    writers: AtomicU64,
    readers: AtomicU64,
    data: [AtomicU64; 2],
}

#[cfg(not(feature = "loom"))]
impl Payload {
    fn new() -> Self {
        Payload { writers: AtomicU64::new(0), readers: AtomicU64::new(0), data: [AtomicU64::new(0), AtomicU64::new(0)] }
    }
    pub fn get(&self) -> [u64; 2] {
        self.readers.fetch_add(1, Relaxed);
        assert_eq!(self.writers.load(Relaxed), 0, "read overlaps a write");
        let v = [self.data[0].load(Relaxed), self.data[1].load(Relaxed)];
        assert_eq!(self.writers.load(Relaxed), 0, "read overlaps a write");
        self.readers.fetch_sub(1, Relaxed);
        v
    }
    pub fn update(&self, f: impl FnOnce(&mut [u64; 2])) {
        assert_eq!(self.writers.fetch_add(1, Relaxed), 0, "two writers");
        assert_eq!(self.readers.load(Relaxed), 0, "write overlaps a read");
        let mut v = [self.data[0].load(Relaxed), self.data[1].load(Relaxed)];
        f(&mut v);
        self.data[0].store(v[0], Relaxed);
        self.data[1].store(v[1], Relaxed);
        assert_eq!(self.readers.load(Relaxed), 0, "write overlaps a read");
        assert_eq!(self.writers.fetch_sub(1, Relaxed), 1, "two writers");
    }
}

/// loom tracks the happens-before of every access itself.
#[cfg(feature = "loom")]
pub struct Payload(loom::cell::UnsafeCell<[u64; 2]>);

// SAFETY: loom fails the execution if an access overlaps a write.
#[cfg(feature = "loom")]
unsafe impl Sync for Payload {}

#[cfg(feature = "loom")]
impl Payload {
    fn new() -> Self {
        Payload(loom::cell::UnsafeCell::new([0; 2]))
    }
    pub fn get(&self) -> [u64; 2] {
        // SAFETY: loom fails the execution if an access overlaps a write.
        self.0.with(|p| unsafe { *p })
    }
    pub fn update(&self, f: impl FnOnce(&mut [u64; 2])) {
        // SAFETY: as above.
        self.0.with_mut(|p| unsafe { f(&mut *p) })
    }
}

pub struct Object {
    word: AtomicU64,
    pub data: Payload,
    elementwise: bool,
    /// Slot + 1 of the running transaction that made it, unless a collection came between.
    born: StdU64,
}

pub struct Heap {
    world: World,
    pub objs: Vec<Object>,
    /// So many are there from the beginning.
    old: usize,
    fresh: StdU64,
    /// Transactions give up whatever they used.
    contended: bool,
    quiet_after: u64,
    /// What stopped transactions turned out to have read, by slot.
    late: Vec<Mutex<Vec<usize>>>,
    /// What transactions of threads that are alone have written by the word, by slot.
    alone: Vec<Mutex<Vec<usize>>>,
    pub stat: Stat,
}

#[derive(Default)]
pub struct Stat {
    pub most_denied: StdU64,
    pub stopped_ops: StdU64,
    pub aborts: StdU64,
    pub done: StdU64,
    pub transfers: StdU64,
    pub slot_changes: StdU64,
}

impl Heap {
    /// `n` objects, those in `elementwise` logged by element, in a world of `slots` slots.
    pub fn new(n: usize, elementwise: &[usize], slots: usize) -> Arc<Heap> {
        Heap::with_spare(n, 0, elementwise, slots)
    }
    /// As `new`, with `spare` more objects for `alloc`.
    pub fn with_spare(n: usize, spare: usize, elementwise: &[usize], slots: usize) -> Arc<Heap> {
        let obj = |i| Object { word: AtomicU64::new(0), data: Payload::new(), elementwise: elementwise.contains(&i), born: StdU64::new(0) };
        Arc::new(Heap { world: World::new(slots), objs: (0..n + spare).map(obj).collect(), old: n, fresh: StdU64::new(n as u64), contended: false, quiet_after: 255, late: (0..slots).map(|_| Mutex::default()).collect(), alone: (0..slots).map(|_| Mutex::default()).collect(), stat: Stat::default() })
    }
    /// `n` objects in a world where a thread that is alone goes without atomic operations.
    pub fn with_solo(n: usize, slots: usize) -> Arc<Heap> {
        let mut h = Heap::with_spare(n, 0, &[], slots);
        Arc::get_mut(&mut h).expect("not shared yet").world = World::with_solo(slots);
        h
    }
    /// `n` objects in a world with more threads than processors.
    pub fn crowded(n: usize, elementwise: &[usize], slots: usize) -> Arc<Heap> {
        let mut h = Heap::with_spare(n, 0, elementwise, slots);
        Arc::get_mut(&mut h).expect("not shared yet").world = World::crowded(slots);
        h
    }
    /// As `with_spare`, of objects that many want: transactions give them up at their end.
    pub fn contended(n: usize, spare: usize, elementwise: &[usize], slots: usize) -> Arc<Heap> {
        let mut h = Heap::with_spare(n, spare, elementwise, slots);
        Arc::get_mut(&mut h).expect("not shared yet").contended = true;
        h
    }
    /// `n` objects that become quiet at their second reading in a transaction.
    pub fn quiet(n: usize, elementwise: &[usize], slots: usize) -> Arc<Heap> {
        let mut h = Heap::with_spare(n, 0, elementwise, slots);
        Arc::get_mut(&mut h).expect("not shared yet").quiet_after = 0;
        h
    }
    fn late(&self, slot: usize) -> std::sync::MutexGuard<'_, Vec<usize>> {
        self.late[slot].lock().unwrap()
    }
    pub fn sum(&self, n: usize) -> u64 {
        (0..n).map(|o| self.objs[o].data.get()).fold(0, |s, d| s.wrapping_add(d[0]).wrapping_add(d[1]))
    }
}

#[derive(Default)]
pub struct Logs {
    /// The object, what it was, and whether it is written by the word.
    undo: Vec<(usize, [u64; 2], bool)>,
    reads: Vec<usize>,
    born: Vec<usize>,
    slots: usize,
    slot: usize,
}

impl Space for Heap {
    type Obj = usize;
    type Local = Logs;

    fn world(&self) -> &World {
        &self.world
    }
    fn word(&self, o: usize) -> &AtomicU64 {
        &self.objs[o].word
    }
    fn elementwise(&self, _: &Logs, o: usize) -> bool {
        self.objs[o].elementwise
    }
    fn encode(o: usize, mode: Mode) -> u64 {
        (o as u64 + 1) << 4 | mode as u64
    }
    fn decode(r: u64) -> (usize, Mode) {
        ((r >> 4) as usize - 1, if r & 1 == 1 { Write } else { Read })
    }
    fn reserve(&self, l: &mut Logs, _: usize, _: Mode) {
        l.undo.reserve(1);
        l.reads.reserve(1);
    }
    fn remember(&self, _: &mut Logs, _: usize) {}
    fn log_read(&self, l: &mut Logs, o: usize) {
        l.reads.push(o);
    }
    fn log_read_of(&self, slot: usize, o: usize) {
        self.late(slot).push(o);
    }
    fn quiet_after(&self) -> u64 {
        self.quiet_after
    }
    fn log_write(&self, l: &mut Logs, o: usize, _: bool) {
        l.undo.push((o, self.objs[o].data.get(), false));
    }
    fn restore(&self, l: &mut Logs) {
        for &(o, v, _) in l.undo.iter().rev() {
            self.objs[o].data.update(|d| *d = v);
        }
    }
    fn each_written(&self, l: &mut Logs, by_word: bool, f: impl FnMut(usize)) {
        l.undo.iter().filter(|u| by_word || !u.2).map(|u| u.0).for_each(f);
    }
    fn each_unmarked(&self, l: &Logs, f: impl FnMut(usize)) {
        self.alone[l.slot].lock().unwrap().iter().copied().for_each(f);
    }
    fn each_unmarked_of_others(&self, mut f: impl FnMut(usize, usize)) {
        for (slot, list) in self.alone.iter().enumerate() {
            list.lock().unwrap().iter().for_each(|&o| f(slot, o));
        }
    }
    fn each_read(&self, l: &mut Logs, f: impl FnMut(usize)) {
        l.reads.append(&mut self.late(l.slot));
        l.reads.iter().copied().for_each(f);
    }
    fn each_born(&self, l: &mut Logs, f: impl FnMut(usize)) {
        l.born.iter().copied().filter(|&o| self.objs[o].born.swap(0, Relaxed) != 0).for_each(f);
    }
    fn clear_logs(&self, l: &mut Logs, _: bool) {
        l.undo.clear();
        self.alone[l.slot].lock().unwrap().clear();
        l.reads.clear();
        l.born.clear();
    }
    fn entered(&self, l: &mut Logs, slot: usize) {
        l.slot = slot;
        l.slots += 1;
        if l.slots > 1 {
            self.stat.slot_changes.fetch_add(1, Relaxed);
        }
    }
    fn contended(&self, _: usize) -> bool {
        self.contended
    }
    fn each_beside(&self, o: usize, mut f: impl FnMut(usize)) {
        f((o + 1) % self.objs.len());
    }
    /// Of those that are born in transactions, every other one stays with its thread.
    fn gives_up(&self, o: usize, _: Mode, _: bool) -> bool {
        self.contended && (o < self.old || o % 2 == 0)
    }
    fn transferred(&self, _: &mut Logs, _: usize) {
        self.stat.transfers.fetch_add(1, Relaxed);
    }
}

/// A thread of the model: the protocol's mutator with checked accesses.
pub struct Thread {
    pub m: Mutator<Heap>,
    pub heap: Arc<Heap>,
}

impl Thread {
    pub fn enter(heap: &Arc<Heap>) -> Thread {
        Thread { m: Mutator::enter(heap, Logs::default()), heap: heap.clone() }
    }
    pub fn exit(self) {
        self.m.exit();
    }
    pub fn safepoint(&mut self) -> R<()> {
        self.m.safepoint()
    }
    /// A safepoint of plain code.
    pub fn poll(&mut self) {
        self.m.safepoint().unwrap();
    }
    pub fn block(&mut self) {
        self.m.block();
    }
    pub fn unblock(&mut self) {
        self.m.unblock();
    }
    pub fn nap(&mut self) {
        self.m.blocking(thread::yield_now);
    }
    pub fn read(&mut self, o: usize) -> R<[u64; 2]> {
        self.m.read_barrier(o)?;
        let l = self.m.local();
        if self.m.in_transaction() && !self.m.is_blind() && self.heap.objs[o].word.load(Relaxed) & QUIET == 0 {
            assert!(self.heap.late(l.slot).contains(&o) || l.reads.contains(&o) || l.undo.iter().any(|u| u.0 == o) || l.born.contains(&o), "read not recorded");
        }
        Ok(self.heap.objs[o].data.get())
    }
    pub fn update(&mut self, o: usize, f: impl FnOnce(&mut [u64; 2])) -> R<()> {
        // As the interpreter's handlers: a fresh object first, and then by the word.
        if self.m.take_fresh(o) {
            self.by_word(o);
        } else if self.m.has_by_word(o) && (self.m.is_blind() || !self.heap.objs[o].elementwise) {
            self.by_word(o);
            if self.m.is_blind() {
                self.heap.alone[self.m.slot()].lock().unwrap().push(o);
            }
        } else {
            self.m.write_barrier(o)?;
        }
        write(&self.m, o, f);
        Ok(())
    }
    fn by_word(&mut self, o: usize) {
        let was = self.heap.objs[o].data.get();
        self.m.local_mut().undo.push((o, was, true));
    }
    /// A complete plain write.
    pub fn inc(&mut self, o: usize) {
        self.update(o, |d| d[0] += 1).unwrap();
    }
    /// A write that is no part of a running transaction.
    pub fn inc_untracked(&mut self, o: usize) -> R<()> {
        self.m.untracked(|m| m.acquire(o, Write))?;
        self.heap.objs[o].data.update(|d| d[0] += 1);
        self.heap.stat.done.fetch_add(1, Relaxed);
        Ok(())
    }
    pub fn release(&mut self, o: usize) {
        self.m.release(o);
    }
    pub fn access2<T>(&mut self, a: (usize, Mode), b: (usize, Mode), f: impl FnOnce(&Mutator<Heap>) -> T) -> R<T> {
        self.many(&mut [a, b], f)
    }
    pub fn many<T>(&mut self, objs: &mut [(usize, Mode)], f: impl FnOnce(&Mutator<Heap>) -> T) -> R<T> {
        let heap = self.heap.clone();
        self.m.access_many(objs, |m| {
            if m.stopped_operation() {
                heap.stat.stopped_ops.fetch_add(1, Relaxed);
            }
            f(m)
        })
    }
    /// Runs the block as a transaction until it commits; gives up with Err(Abort) never.
    pub fn atomic<T>(&mut self, mut f: impl FnMut(&mut Thread) -> R<T>) -> T {
        loop {
            self.m.begin();
            match f(self) {
                Ok(v) => {
                    self.m.commit();
                    self.check_clean();
                    return v;
                }
                Err(Abort) => {
                    self.heap.stat.aborts.fetch_add(1, Relaxed);
                    self.m.abort();
                    self.check_clean();
                }
            }
        }
    }
    /// A random abort.
    pub fn doom_me(&self) -> R<()> {
        if self.m.is_irrevocable() { Ok(()) } else { Err(Abort) }
    }
    fn check_clean(&self) {
        #[cfg(not(feature = "loom"))]
        for o in &self.heap.objs {
            assert_ne!(o.word.load(Relaxed) & (txr(self.m.slot()) | QUIET), txr(self.m.slot()), "stale txr");
        }
        #[cfg(feature = "loom")]
        let _ = txr;
    }
    pub fn alloc(&mut self) -> usize {
        let o = self.heap.fresh.fetch_add(1, Relaxed) as usize;
        self.born(o);
        o
    }
    /// `o`, which nobody else knows, is new.
    pub fn born(&mut self, o: usize) {
        self.heap.objs[o].word.store(self.m.write_key(), Relaxed);
        if self.m.in_transaction() {
            self.m.local_mut().born.push(o);
            self.heap.objs[o].born.store(self.m.slot() as u64 + 1, Relaxed);
        }
    }
    /// A collection, as far as it concerns the words.
    pub fn collect(&mut self) -> R<()> {
        self.safepoint()?;
        let heap = self.heap.clone();
        self.m.with_stopped_world(|_| {
            for o in &heap.objs {
                let b = o.born.swap(0, Relaxed) as usize;
                let w = o.word.load(Relaxed);
                if w == 0 {
                    continue;
                }
                let w = if b != 0 && !on(Mutant::GcKeepsBorn) { w & !(txr(b - 1) | LOGGED | DIRTY) } else { w };
                o.word.store(w | OLD, Relaxed);
            }
        });
        Ok(())
    }
    /// What an operation was denied so far.
    pub fn note_denials(&self) {
        self.heap.stat.most_denied.fetch_max(self.m.most_denied() as u64, Relaxed);
    }
}

/// The checked write of a guard.
pub fn write(m: &Mutator<Heap>, o: usize, f: impl FnOnce(&mut [u64; 2])) {
    let heap = m.space();
    if m.in_transaction() {
        let l = m.local();
        assert!(m.is_irrevocable() || l.undo.iter().any(|u| u.0 == o) || l.born.contains(&o), "write without undo");
    }
    #[cfg(not(feature = "loom"))]
    assert_eq!(heap.objs[o].word.load(Relaxed) & OLD, 0, "write to an unremembered old object");
    heap.objs[o].data.update(f);
}

pub fn get(m: &Mutator<Heap>, o: usize) -> [u64; 2] {
    m.space().objs[o].data.get()
}

pub type Body = Box<dyn FnOnce(&mut Thread) + Send>;

/// One thread for each body; waits for all.
pub fn run_threads(heap: &Arc<Heap>, bodies: Vec<Body>) {
    let spawn = |f: Body| {
        let heap = heap.clone();
        thread::spawn(move || {
            let mut t = Thread::enter(&heap);
            f(&mut t);
            t.note_denials();
            t.exit()
        })
    };
    let handles: Vec<_> = bodies.into_iter().map(spawn).collect();
    for h in handles {
        h.join().unwrap();
    }
}
