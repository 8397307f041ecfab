//! Foreign kernels: status NATIVE. The thread works on the buffers of a few pinned objects and on nothing else of the heap.
//!
//! Requests for a pinned object wait until the kernel has returned; all other objects of the slot are answered implicitly, as
//! for a blocked thread. The world can be stopped meanwhile: the collector neither moves objects nor looks into plain-data
//! buffers, and pinned objects are roots. The one operation that touches payloads in a stopped world, `access_many`'s fallback,
//! waits for kernels that work on its objects. The pins are written before the status (Release) and read while the slot is
//! held (Acquire), so they need no lock. Waiting for a kernel cannot deadlock: a kernel waits for nothing here. Pinning acquires all
//! objects together, so two kernels cannot wait for each other either. Allowed in transactions: their bits on pinned objects
//! are respected as everywhere, and an older transaction's wish to abort this one is noticed when the kernel returns.
use super::mutator::Mutator;
use super::slot::{MAX_PINS, state};
use super::space::{R, Space};
use super::sys::{Backoff, Ordering::*, PARK};
use super::word::Mode;

/// Ends the NATIVE status even when the kernel panics.
struct Leave<'a, S: Space>(&'a mut Mutator<S>);

impl<S: Space> Drop for Leave<'_, S> {
    fn drop(&mut self) {
        self.0.leave_native();
    }
}

impl<S: Space> Mutator<S> {
    /// Acquires `objs` together, pins them and runs `kernel`, which may access their plain-data payloads as asked and
    /// nothing else of the heap. A safepoint for all other objects. `objs` gets sorted; it holds at most MAX_PINS
    /// distinct objects (a kernel with more works on private copies). In a transaction the caller has logged what the kernel writes.
    pub fn native<T>(&mut self, objs: &mut [(S::Obj, Mode)], kernel: impl FnOnce() -> T) -> R<T> {
        self.own_many(objs, false)?;
        let (space, world) = self.shared();
        let mut distinct = objs.to_vec();
        distinct.dedup_by_key(|x| x.0); // sorted with the stronger mode first
        assert!(distinct.len() <= MAX_PINS, "a kernel works on at most {MAX_PINS} pinned objects");
        for (pin, &(o, mode)) in world.pins[self.s].0.iter().zip(&distinct) {
            pin.store(S::encode(o, mode), Relaxed);
        }
        space.publish(&mut self.local);
        self.me().status.store(self.status + state::NATIVE, Release);
        world.wake_statuses();
        let _leave = Leave(self);
        Ok(kernel())
    }

    fn leave_native(&mut self) {
        let (_, world) = self.shared();
        let (status, line) = (self.status, self.me());
        let attempt = || line.status.compare_exchange(status + state::NATIVE, status, Acquire, Relaxed).ok();
        world.door.until(PARK, attempt, || {});
        for pin in &world.pins[self.s].0 {
            pin.store(0, Relaxed);
        }
        world.wake_statuses(); // who waits for a pinned object must post its request again
        self.company();
        if self.must_poll() {
            self.shared().0.nudge(self.s);
        }
    }

    /// Whether the pins of slot h stand in the way of (o, mode). Exact while the slot is held.
    pub(super) fn pinned_by(&self, o: S::Obj, mode: Mode, h: usize) -> bool {
        let (_, world) = self.shared();
        world.pins[h].0.iter().any(|pin| match pin.load(Relaxed) {
            0 => false,
            record => {
                let (p, pinned) = S::decode(record);
                p == o && (mode == Mode::Write || pinned == Mode::Write)
            }
        })
    }

    /// Whether slot h runs a kernel that stands in the way of (o, mode).
    pub(super) fn in_kernel(&self, o: S::Obj, mode: Mode, h: usize) -> bool {
        let status = self.shared().1.slots[h].status.load(Acquire) & state::MASK;
        matches!(status, state::NATIVE | state::NATIVE_HELD) && self.pinned_by(o, mode, h)
    }

    /// Waits, holding nothing, while slot h works on o.
    pub(super) fn wait_kernel_end(&mut self, o: S::Obj, mode: Mode, h: usize) -> R<()> {
        let mut b = Backoff::default();
        while self.in_kernel(o, mode, h) {
            self.wait_step(&mut b)?;
        }
        Ok(())
    }
}
