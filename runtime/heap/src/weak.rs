//! Weak references, objects with finalizers, and the queues from which the vm takes what died.

use crate::collect::Tracer;
use crate::kinds::kind;
use crate::object::{Gc, Header, Late, flag};
use crate::thread::{R, Thread};
use crate::value::Value;
use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::*};

/// The untraced reference of a [`Weak`].
#[repr(transparent)]
pub struct Referent(pub AtomicU64);
impl crate::object::Trace for Referent {
    fn trace(&self, _: &mut Tracer) {}
}

object! {
    /// A weak reference: does not keep `referent` alive, and is cleared when it dies.
    pub struct Weak = kind::WEAK, frozen {
        pub referent: Referent,
        /// Called by the vm with the weak reference when the referent has died; None or UNSET without.
        pub callback: Value,
        /// Hash of the referent once it was asked for (an int), else UNSET.
        pub hash: Late,
    }
}

impl Gc<Weak> {
    /// The referent; None once it is dead.
    pub fn get(&self) -> Option<Value> { Value(self.frozen().referent.0.load(Relaxed)).get() }
    /// Forgets the referent: no callback will come.
    pub fn clear(&self) { self.frozen().referent.0.store(Value::UNSET.0, Relaxed); }
}

impl Thread {
    /// A weak reference to an object. Values that are no references never die.
    pub fn new_weak(&mut self, shape: u32, referent: Value, callback: Value) -> R<Gc<Weak>> {
        let init = Weak { header: Header::NEW, referent: Referent(AtomicU64::new(referent.0)), callback, hash: Late::new(Value::UNSET) };
        let g = self.alloc(shape, init)?;
        self.register_weak(g);
        Ok(g)
    }
    /// Enters a weak reference that the caller allocated by itself (an instance of a subclass).
    pub fn register_weak(&mut self, weak: Gc<Weak>) {
        if let Some(v) = weak.get()
            && let Some(h) = v.header()
        {
            h.set(flag::WEAKREF);
            self.local().weaks.push(weak.as_ptr().cast());
        }
    }
    /// A weak reference with callback whose referent has died, once each.
    pub fn take_dead_weak(&mut self) -> Option<Gc<Weak>> { take(&DEAD_WEAK)?.cast() }
    /// An unreachable object with finalizer, once each; it is alive again and its FINALIZER flag is off.
    pub fn take_finalizable(&mut self) -> Option<Value> { take(&FINALIZABLE) }
    /// Whether a queue of the dead has entries: one load, for the vm's polls.
    #[inline(always)]
    pub fn has_dead(&self) -> bool { PENDING.load(Relaxed) != 0 }
}

type Queue = Mutex<VecDeque<Value>>;
static DEAD_WEAK: Queue = Mutex::new(VecDeque::new());
static FINALIZABLE: Queue = Mutex::new(VecDeque::new());
/// Entries of both queues.
static PENDING: AtomicU64 = AtomicU64::new(0);

fn take(q: &Queue) -> Option<Value> {
    if PENDING.load(Acquire) == 0 {
        return None;
    }
    // The Value is on the native stack before the lock goes, and no safepoint lies between.
    let v = q.lock().unwrap_or_else(|e| e.into_inner()).pop_front()?;
    PENDING.fetch_sub(1, Release);
    Some(v)
}
fn put(q: &Queue, v: Value) {
    q.lock().unwrap_or_else(|e| e.into_inner()).push_back(v);
    PENDING.fetch_add(1, Release);
}

/// Queued objects are roots.
pub(crate) fn trace_queues(t: &mut Tracer) {
    for q in [&DEAD_WEAK, &FINALIZABLE] {
        for &v in q.lock().unwrap_or_else(|e| e.into_inner()).iter() {
            t.value(v);
        }
    }
}

/// Weak references and finalizers known to the heap, by generation.
#[derive(Default)]
pub(crate) struct Watched {
    pub young_weak: Vec<*mut Header>,
    pub old_weak: Vec<*mut Header>,
    pub young_final: Vec<*mut Header>,
    pub old_final: Vec<*mut Header>,
}
// SAFETY: used with the world stopped or under the heap's lock.
unsafe impl Send for Watched {}

impl Watched {
    /// Clears weak references of this collection's generations whose referent is not marked.
    pub fn clear_weak(&mut self, t: &mut Tracer, full: bool) {
        let clear = |list: &[*mut Header]| {
            for &w in list {
                // SAFETY: listed weak references are objects whose memory this collection has not swept yet.
                let weak: Gc<Weak> = unsafe { Gc::from_ptr(w.cast()) };
                if !t.is_marked(weak.value()) {
                    continue;
                }
                let Some(v) = weak.get() else { continue };
                if !t.is_marked(v) {
                    weak.clear();
                    if !matches!(weak.frozen().callback, Value::NONE | Value::UNSET) {
                        put(&DEAD_WEAK, weak.value());
                    }
                }
            }
        };
        clear(&self.young_weak);
        // An old weak reference may point to a young object only if it was made with it; a later referent can't be set.
        if full {
            clear(&self.old_weak);
        }
    }

    /// Resurrects unreachable objects with finalizer into the queue; the caller marks on from them. All that die together are
    /// queued together, whether or not they reach each other. True if there were any.
    pub fn resurrect(&mut self, t: &mut Tracer, full: bool) -> bool {
        let mut dead = Vec::new();
        let mut pick = |list: &mut Vec<*mut Header>| {
            list.retain(|&h| {
                let v = Value::from_ptr(h);
                let alive = t.is_marked(v);
                if !alive {
                    dead.push(v);
                }
                alive
            })
        };
        pick(&mut self.young_final);
        if full {
            pick(&mut self.old_final);
        }
        for &v in &dead {
            if let Some(h) = v.header() {
                h.clear(flag::FINALIZER);
            }
            put(&FINALIZABLE, v);
            t.value(v);
        }
        !dead.is_empty()
    }

    /// After marking: forgets dead weak references, and those that are cleared; the survivors are old now.
    pub fn promote(&mut self, t: &Tracer, full: bool) {
        let keep = |&w: &*mut Header| {
            // SAFETY: as in clear_weak.
            let weak: Gc<Weak> = unsafe { Gc::from_ptr(w.cast()) };
            t.is_marked(weak.value()) && weak.get().is_some()
        };
        if full {
            self.old_weak.retain(keep);
        }
        self.young_weak.retain(keep);
        self.old_weak.append(&mut self.young_weak);
        self.old_final.append(&mut self.young_final);
    }
}
