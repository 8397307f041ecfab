//! When to collect, and a collection from start to end.

use crate::kinds;
use crate::object::Header;
use crate::roots::Candidates;
use crate::space::{self, BLOCK};
use crate::sweep;
use crate::local::Local;
use crate::thread::Thread;
use crate::verify;
use crate::weak::{self, Watched};
use crate::world;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::*};
use std::time::Instant;

pub use crate::mark::Tracer;

/// Least (for each thread that allocates, up to one a core) and most allocation between collections.
const MIN_BUDGET: usize = 8 << 20;
const MAX_BUDGET: usize = 256 << 20;
/// The old generation is collected when the live heap has grown by this factor, in percent, and to this size at least.
const GROWTH: usize = 200;
const MIN_FULL: usize = 32 << 20;
const MIN_FULL_STRESS: usize = 256 << 10;

/// Bytes handed out for allocation since the last collection, buffers included.
static ALLOCATED: AtomicUsize = AtomicUsize::new(0);
static BUDGET: AtomicUsize = AtomicUsize::new(MIN_BUDGET);
/// Bytes that objects hold outside the heap.
static EXTERNAL: AtomicUsize = AtomicUsize::new(0);
/// Soft limit of heap and external bytes together.
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);
static STRESS: AtomicU32 = AtomicU32::new(0);
/// Objects that the mark stack may hold.
static MOST_MARKING: AtomicUsize = AtomicUsize::new(usize::MAX);
pub(crate) static POISON: AtomicBool = AtomicBool::new(false);
pub(crate) static VERIFY: AtomicBool = AtomicBool::new(false);
/// 1: a line for each collection, 2: what the full ones found alive, by kind.
static LOG: AtomicU32 = AtomicU32::new(0);

/// What the collector knows from one collection to the next.
pub(crate) struct Heap {
    pub epoch: u32,
    /// Live bytes when the old generation was last collected; buffers included.
    live_after_full: usize,
    /// Live bytes of the heap as far as known.
    live: usize,
    /// The next collection takes the old generation too.
    full_next: bool,
    pub watched: Watched,
    pub young_release: Vec<*mut Header>,
    pub old_release: Vec<*mut Header>,
    /// Shapes whose names are marked already.
    shapes_done: u32,
    root_hooks: Vec<fn(&mut Tracer)>,
    weak_hooks: Vec<fn(&mut Tracer) -> bool>,
    sweep_hooks: Vec<fn(&Tracer)>,
}
// SAFETY: used under its lock only.
unsafe impl Send for Heap {}

static HEAP: Mutex<Option<Heap>> = Mutex::new(None);
static COLLECTIONS: AtomicU64 = AtomicU64::new(0);
static FULL_COLLECTIONS: AtomicU64 = AtomicU64::new(0);

fn with_heap<T>(f: impl FnOnce(&mut Heap) -> T) -> T {
    f(HEAP.lock().unwrap_or_else(|e| e.into_inner()).get_or_insert_with(|| Heap {
        epoch: 0, live_after_full: 0, live: 0, full_next: false, watched: Watched::default(), young_release: Vec::new(), old_release: Vec::new(),
        shapes_done: 1, root_hooks: Vec::new(), weak_hooks: Vec::new(), sweep_hooks: Vec::new(),
    }))
}

/// Has `f` called at each collection to trace the statics of another part of the program.
pub fn add_root_hook(f: fn(&mut Tracer)) { with_heap(|h| h.root_hooks.push(f)) }
/// Has `f` called when all that is reachable is marked. It may look at what is ([`Tracer::is_marked`]) and mark more, and
/// returns whether it did; all such hooks run again until none does.
pub fn add_weak_hook(f: fn(&mut Tracer) -> bool) { with_heap(|h| h.weak_hooks.push(f)) }
/// Has `f` called when everything alive is marked and nothing is freed yet: to drop dead entries of tables ([`Tracer::is_marked`]).
pub fn add_sweep_hook(f: fn(&Tracer)) { with_heap(|h| h.sweep_hooks.push(f)) }

/// `address_limit`: RLIMIT_AS.
pub(crate) fn init(address_limit: usize) {
    kinds::init();
    let var = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<usize>().ok());
    let physical = crate::limits::memory_limit();
    let mut limit = (physical - physical / 10).min(address_limit - address_limit / 8).min(space::span().saturating_mul(8));
    if let Some(n) = var("TXPY_MEMORY_LIMIT") {
        limit = limit.min(n);
    }
    LIMIT.store(limit, Relaxed);
    crate::stm_log::init();
    crate::tx::set_injected_aborts(var("TXPY_STM_STRESS").unwrap_or(0) as u32);
    STRESS.store(var("TXPY_GC_STRESS").unwrap_or(0) as u32, Relaxed);
    MOST_MARKING.store(var("TXPY_GC_STACK").map_or(usize::MAX, |n| n as usize), Relaxed);
    POISON.store(var("TXPY_GC_POISON").unwrap_or(0) != 0, Relaxed);
    VERIFY.store(var("TXPY_GC_VERIFY").unwrap_or(0) != 0, Relaxed);
    LOG.store(var("TXPY_GC_LOG").unwrap_or(0) as u32, Relaxed);
}

/// Run-time switches, as the TXPY_GC_* variables set them.
pub struct Switches {
    /// Collect at each N-th safepoint that looks; 0 = only when needed; 1 = at every allocation.
    pub stress: u32,
    /// Fill freed lines with a pattern that is no value.
    pub poison: bool,
    /// Check the heap after each collection.
    pub verify: bool,
}
/// Sets the switches; returns what they were. A thread heeds `stress` from its next slow path on.
pub fn set_switches(s: Switches) -> Switches {
    space::init();
    Switches { stress: STRESS.swap(s.stress, Relaxed), poison: POISON.swap(s.poison, Relaxed), verify: VERIFY.swap(s.verify, Relaxed) }
}
/// Sets the soft limit of heap and external bytes together; returns the old one.
pub fn set_limit(bytes: usize) -> usize {
    space::init();
    LIMIT.swap(bytes, Relaxed)
}

/// Figures for `gc.get_stats()`, tests and benchmarks. Bytes.
#[derive(Clone, Copy, Debug)]
pub struct Statistics {
    pub collections: u64,
    pub full_collections: u64,
    /// Blocks in use.
    pub heap: usize,
    /// Held by live objects outside the heap, and by dead ones that were not yet found.
    pub external: usize,
    /// Live after the last collection as far as known.
    pub live: usize,
}
pub fn statistics() -> Statistics {
    Statistics {
        collections: COLLECTIONS.load(Relaxed), full_collections: FULL_COLLECTIONS.load(Relaxed), heap: space::lock().used * BLOCK,
        external: EXTERNAL.load(Relaxed), live: with_heap(|h| h.live),
    }
}

pub(crate) fn note_allocated(bytes: usize) { ALLOCATED.fetch_add(bytes, Relaxed); }
pub(crate) fn note_external(bytes: usize) {
    EXTERNAL.fetch_add(bytes, Relaxed);
    note_allocated(bytes);
}
pub(crate) fn note_external_freed(bytes: usize) { EXTERNAL.fetch_sub(bytes, Relaxed); }

pub(crate) fn most_marking() -> usize { MOST_MARKING.load(Relaxed) }
#[inline(always)]
pub(crate) fn stress() -> u32 { STRESS.load(Relaxed) }

/// Whether the thread, which is at a safepoint, is to collect.
pub(crate) fn wanted(th: &mut Thread) -> bool {
    let s = stress();
    s != 0 && th.stress_tick(s) || due()
}

/// Whether enough was allocated for a collection at the next safepoint.
pub(crate) fn due() -> bool { ALLOCATED.load(Relaxed) >= BUDGET.load(Relaxed) }

/// Whether the heap with `used` blocks may take `bytes` more.
pub(crate) fn may_grow(used: usize, bytes: usize) -> bool { used.saturating_mul(BLOCK).saturating_add(bytes).saturating_add(EXTERNAL.load(Relaxed)) <= LIMIT.load(Relaxed) }

/// Whether `bytes` can be had, in the heap or outside, under the soft limit.
pub(crate) fn room_for(bytes: usize) -> bool {
    let b = space::lock();
    // Small requests are met from recyclable blocks too.
    may_grow(b.used, bytes) && (bytes > isize::MAX as usize / 2 || b.has_run(bytes.div_ceil(BLOCK).min(u32::MAX as usize) as u32)) || bytes <= BLOCK && !b.recyclable.is_empty()
}

fn cores() -> usize {
    static CORES: AtomicUsize = AtomicUsize::new(0);
    match CORES.load(Relaxed) {
        0 => {
            let n = std::thread::available_parallelism().map_or(1, |n| n.get()).min(16);
            CORES.store(n, Relaxed);
            n
        }
        n => n,
    }
}

/// Stops the world and collects.
pub(crate) fn run(th: &mut Thread, full: bool) {
    let before = COLLECTIONS.load(Acquire);
    let since = crate::stm_log::time();
    world::stopped(th, |th| {
        // Another thread may have collected while this one waited for its turn.
        if full || before == COLLECTIONS.load(Acquire) {
            collect(th, full);
            if crate::stm_log::on() {
                crate::stm_log::collected(th, &world::threads().0, since, full);
            }
        }
    });
}

pub(crate) fn collect(_th: &mut Thread, full: bool) {
    let started = Instant::now();
    let threads = world::threads();
    with_heap(|heap| {
        let full = full || heap.full_next;
        heap.epoch += 1;
        // 1. Close allocation regions and take over the threads' lists.
        let mut remembered = Vec::new();
        let mut take = |l: &mut Local, heap: &mut Heap| {
            remembered.append(&mut l.remembered);
            heap.young_release.append(&mut l.releasable);
            heap.watched.young_final.append(&mut l.finalizable);
            heap.watched.young_weak.append(&mut l.weaks);
        };
        let mut allocating = 0;
        for &t in &threads.0 {
            // SAFETY: listed threads are alive and stopped.
            unsafe {
                if (*t).attached {
                    allocating += !(*t).bump.is_null() as usize;
                    (*t).close_regions();
                    take((*t).local(), heap);
                }
            }
        }
        if let Some(l) = world::orphans().as_mut() {
            take(l, heap);
        }
        // 2. Resolve everything that may be a reference, while marks still tell where objects start.
        let mut found = Candidates::default();
        for &t in &threads.0 {
            // SAFETY: as above; the ranges belong to the thread and are readable.
            unsafe {
                let t = &mut *t;
                if t.attached {
                    t.clear_above_top();
                    found.scan(t.stack_base as usize, t.top as usize);
                    let l = t.local();
                    found.scan(l.native_top, l.native_base);
                    found.scan(l.extra.0, l.extra.0 + l.extra.1);
                    l.logs.roots(|_| {}, |words| words.iter().for_each(|&w| found.word(w as usize)));
                }
            }
        }
        found.resolve();
        // 3. Clear the old generation's marks.
        if full {
            sweep::clear_marks();
        }
        // 4. Mark.
        let mut t = Tracer::new(heap.epoch);
        t.census = (full && LOG.load(Relaxed) > 1).then(|| Box::new([(0, 0); kinds::MAX_KINDS]));
        t.full = full;
        if !full {
            // SAFETY: remembered objects are old, and old objects die in full collections only.
            unsafe { t.remembered(&remembered) };
        }
        for &h in &found.found {
            t.edge(h);
        }
        for &th in &threads.0 {
            // SAFETY: as above.
            unsafe {
                let th = &mut *th;
                if th.attached {
                    t.values(&th.roots);
                    t.value(th.exception);
                    t.value(th.handled);
                    th.local().logs.roots(|v| t.value(v), |_| {});
                }
            }
        }
        world::each_requested(|h| t.edge(h));
        let shapes = crate::shape::count();
        // Names are compared by address, so they live as long as the shapes, which is for ever.
        for id in if full { 1 } else { heap.shapes_done }..shapes {
            t.value(crate::shape::shape(id).name);
        }
        heap.shapes_done = shapes;
        weak::trace_queues(&mut t);
        for f in &heap.root_hooks {
            f(&mut t);
        }
        t.drain();
        // 5. What dies: weak references first, then finalizers bring objects back, then whatever hooks want.
        heap.watched.clear_weak(&mut t, full);
        if heap.watched.resurrect(&mut t, full) {
            t.drain();
            heap.watched.clear_weak(&mut t, full);
        }
        loop {
            let mut more = false;
            for f in &heap.weak_hooks {
                more |= f(&mut t);
                t.drain();
            }
            if !more {
                break;
            }
        }
        heap.watched.clear_weak(&mut t, full);
        heap.watched.promote(&t, full);
        for f in &heap.sweep_hooks {
            f(&t);
        }
        sweep::release(heap, &t, full);
        // 6. Free lines and blocks.
        let swept = sweep::sweep(full);
        // 7. Decide about the next one.
        let external = EXTERNAL.load(Relaxed);
        heap.live = if full { t.bytes } else { heap.live + t.bytes };
        let live = heap.live + external;
        if full {
            heap.live_after_full = live;
        }
        // Under stress collections are many and each is verified: what floats in the old generation must stay little.
        let least = if stress() == 0 { MIN_FULL } else { MIN_FULL_STRESS };
        heap.full_next = !full && live >= (heap.live_after_full.saturating_mul(GROWTH) / 100).max(least);
        let limit = LIMIT.load(Relaxed);
        // Each thread goes as long between collections as it would alone: they stop all the others.
        let least = MIN_BUDGET * allocating.clamp(1, cores());
        let mut budget = (live / 2).clamp(least, MAX_BUDGET);
        // Near the limit: more often, and all of it.
        let used = space::lock().used * BLOCK + external;
        if used.saturating_add(budget) > limit {
            heap.full_next |= !full;
            budget = (limit.saturating_sub(used) / 2).clamp(1 << 20, budget);
        }
        BUDGET.store(budget, Relaxed);
        ALLOCATED.store(0, Relaxed);
        COLLECTIONS.fetch_add(1, Release);
        FULL_COLLECTIONS.fetch_add(full as u64, Relaxed);
        let given = if full { space::lock().shrink((budget.max(heap.live / 4)) / BLOCK) } else { 0 };
        if LOG.load(Relaxed) > 0 {
            eprintln!(
                "gc {} {}: {:.3} ms, marked {} KiB, live {} KiB, external {} KiB, blocks {} ({} freed, {} recyclable, {} given back), {} stack references, {} remembered, next in {} KiB{}",
                heap.epoch, if full { "full" } else { "young" }, started.elapsed().as_secs_f64() * 1e3, t.bytes >> 10, heap.live >> 10, external >> 10,
                space::lock().used, swept.freed, swept.recyclable, given, found.found.len(), remembered.len(), budget >> 10, if heap.full_next { ", full" } else { "" }
            );
            let mut kinds_found: Vec<_> = t.census.iter().flat_map(|c| c.iter().enumerate()).filter(|(_, c)| c.0 > 0).collect();
            kinds_found.sort_by_key(|(_, c)| std::cmp::Reverse(c.1));
            for (kind, (n, bytes)) in kinds_found {
                eprintln!("  {n:9} {:24} {bytes:11} bytes", kinds::info(kind as u16).name);
            }
        }
        if VERIFY.load(Relaxed) {
            verify::check(&threads.0, heap.epoch);
        }
    });
}
