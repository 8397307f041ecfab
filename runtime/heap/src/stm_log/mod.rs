//! Seeing conflicts: what transactions do, recorded into a file while the program runs (TXPY_STM_LOG).
//!
//! A transaction that is short and that nothing happens to costs a look at a clock; many of them make one record.
//! Everything else is a record of its own. The other side's place is known by a table for each slot: what objects its transaction took, and where.

mod file;
pub mod format;

use crate::local::Local;
use crate::protocol::word::DIRTY;
use crate::protocol::{Mode, NSLOTS, Note, tick, ticks};
use crate::thread::Thread;
use crate::world::Ref;
use crate::object::Header;
use file::Writer;
use format::*;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, AtomicUsize, Ordering::*};

static ON: AtomicBool = AtomicBool::new(false);
/// Whether a log is written.
#[inline(always)]
pub fn on() -> bool { ON.load(Relaxed) }

/// A transaction up to this many ticks is short: some 20 us.
static SHORT: AtomicU64 = AtomicU64::new(0);
/// A batch of short transactions ends after this many times SHORT.
const BATCH: u64 = 64;
/// Of short transactions one in so many is timed.
const TIMED: u32 = 16;
/// As many objects taken make a transaction worth timing.
const MANY: u32 = 8;

/// Where a program stands: file, line, function.
pub struct Place {
    pub file: String,
    pub line: u32,
    pub function: String,
}
/// How the vm tells where a thread stands: offset of its position in its thread, what place a position is, of whatever thread, as far as
/// that is known, and the name of an object's class.
#[derive(Clone, Copy)]
pub struct Hooks {
    pub position: usize,
    pub place: fn(usize) -> Option<Place>,
    pub class: fn(*const Header) -> String,
}
static HOOKS: Mutex<Option<Hooks>> = Mutex::new(None);
/// Before the first thread is attached.
pub fn set_hooks(h: Hooks) { *HOOKS.lock().unwrap_or_else(|e| e.into_inner()) = Some(h) }

/// Numbers of places and names, and where they are defined.
struct Table {
    places: HashMap<(String, u32, String), u32>,
    names: HashMap<String, u16>,
    writer: Writer,
}
static TABLE: Mutex<Option<Table>> = Mutex::new(None);
fn with_table<T>(f: impl FnOnce(&mut Table) -> T) -> T {
    f(TABLE.lock().unwrap_or_else(|e| e.into_inner()).get_or_insert_with(|| Table { places: HashMap::new(), names: HashMap::new(), writer: Writer::new(true) }))
}
/// Most numbered places.
const MOST_PLACES: usize = 1 << 20;

/// What a slot's transaction took and the thread's position then, by a hash of the address. Written by the slot's thread, read by others
/// as a hint.
struct Taken {
    object: AtomicUsize,
    at: AtomicUsize,
}
const TAKEN: usize = 512;
static HELD: [[Taken; TAKEN]; NSLOTS] = [const { [const { Taken { object: AtomicUsize::new(0), at: AtomicUsize::new(0) } }; TAKEN] }; NSLOTS];
fn taken(slot: usize, o: Ref) -> &'static Taken {
    let a = o.0 as usize >> 4;
    &HELD[slot][(a ^ a >> 9) % TAKEN]
}
/// The position where a slot's transaction took an object, 0 if that is not known.
fn taken_at(slot: usize, o: Ref) -> usize {
    let t = taken(slot, o);
    if t.object.load(Relaxed) == o.0 as usize { t.at.load(Relaxed) } else { 0 }
}
/// Where the thread of a slot stood when it last met a conflict, and which thread it is.
static ASKING: [AtomicUsize; NSLOTS] = [const { AtomicUsize::new(0) }; NSLOTS];
static OCCUPANT: [AtomicU16; NSLOTS] = [const { AtomicU16::new(0) }; NSLOTS];

/// Starts logging when the environment asks for it.
pub(crate) fn init() {
    let Ok(path) = std::env::var("TXPY_STM_LOG") else { return };
    if path.is_empty() || on() {
        return;
    }
    if let Err(e) = file::open(&path) {
        eprintln!("txpy: can't write the log {path}: {e}");
        return;
    }
    SHORT.store(ticks(20_000), Relaxed);
    with_table(|t| {
        file::start(&mut t.writer, now());
        t.writer.put(clock());
    });
    extern "C" fn stop() { ON.store(false, Relaxed) }
    // SAFETY: `stop` does nothing but a store. A forked child has the parent's chunks mapped: it writes nothing.
    unsafe { libc::pthread_atfork(None, None, Some(stop)) };
    ON.store(true, Relaxed);
}

fn monotonic() -> u64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills in the struct.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}
fn now() -> u64 { tick().unwrap_or_else(monotonic) }
fn clock() -> Record { record(Event::Clock, now(), 0, monotonic(), 0) }
fn record(event: Event, time: u64, thread: u16, a: u64, b: u64) -> Record { Record { time, thread, other: 0, event, flags: 0, what: 0, a, b } }

/// A conflict that a thread met, or that doomed it.
#[derive(Clone, Copy, Default)]
struct Conflict {
    /// Of a wait.
    since: u64,
    /// Own place and the other's.
    places: u64,
    other: u16,
    flags: u8,
    what: u16,
}

/// A thread's part of the log.
pub(crate) struct ThreadLog {
    id: u16,
    writer: Writer,
    /// The thread's position, and what places the last ones looked up are.
    position: *const usize,
    seen: [(usize, u32); SEEN],
    last_clock: u64,
    began: u64,
    short: u64,
    /// The last transaction measured was short, and nothing happened to the running one yet.
    plain: bool,
    /// It gets a record.
    eventful: bool,
    grants: u32,
    /// Blocks of the transaction that ends before its last one.
    rounds: u32,
    /// Blocks in short transactions since `batch_from`, and when the batch must end.
    batch: u32,
    batch_from: u64,
    batch_until: u64,
    timed: u32,
    timed_sum: u64,
    wait: Option<Conflict>,
    doom: Option<Conflict>,
    /// Since when the thread waits to begin, or for the token.
    waits_since: u64,
}
const SEEN: usize = 64;
static NOWHERE: usize = 0;

/// A thread enters the world.
pub(crate) fn enter(local: &mut Local, th: *const Thread) {
    if !on() {
        return;
    }
    static NEXT: AtomicU16 = AtomicU16::new(1);
    let hooks = *HOOKS.lock().unwrap_or_else(|e| e.into_inner());
    let mut log = Box::new(ThreadLog {
        id: NEXT.fetch_add(1, Relaxed), writer: Writer::new(false),
        position: hooks.map_or(&NOWHERE, |h| th.cast::<u8>().wrapping_add(h.position).cast()),
        seen: [(0, 0); SEEN], last_clock: 0, began: 0, short: SHORT.load(Relaxed), eventful: false, plain: false, grants: 0, rounds: 0, batch: 0, batch_from: 0,
        batch_until: u64::MAX, timed: 0, timed_sum: 0,
        wait: None, doom: None, waits_since: 0,
    });
    let t = now();
    log.put(record(Event::Thread, t, log.id, 0, 0));
    local.log = Some(log);
}

pub(crate) fn leave(local: &mut Local) {
    if let Some(mut l) = local.log.take()
        && on()
    {
        let t = now();
        l.close_batch(t);
        l.last_clock = 0;
        l.put(record(Event::ThreadEnd, t, l.id, 0, 0));
        l.writer.close();
    }
}

pub(crate) fn entered(local: &Local, slot: usize) {
    if let Some(l) = &local.log {
        OCCUPANT[slot].store(l.id, Relaxed);
        ASKING[slot].store(0, Relaxed);
    }
}

/// A collection by this thread; all threads are stopped, so what they know of positions can go: code may have died.
pub(crate) fn collected(th: &mut Thread, all: &[*mut Thread], since: u64, full: bool) {
    let t = now();
    for &t in all {
        // SAFETY: listed threads are alive and stopped.
        unsafe {
            if (*t).attached
                && let Some(l) = &mut (*t).local().log
            {
                l.seen.fill((0, 0));
            }
        }
    }
    if let Some(l) = &mut th.local().log {
        let mut r = record(Event::Collection, since, l.id, 0, t.saturating_sub(since));
        r.flags = if full { FULL } else { 0 };
        l.put(r);
    }
}
pub(crate) fn time() -> u64 { if on() { now() } else { 0 } }

/// The running transaction ends by itself: here is where.
#[cold]
pub(crate) fn gives_up(local: &mut Local) {
    if let Some(l) = &mut local.log {
        l.doom = Some(Conflict { places: l.here() as u64, ..Conflict::default() });
    }
}

/// What the protocol reports.
#[inline(always)]
pub(crate) fn note(local: &mut Local, slot: usize, n: Note<Ref>) {
    // Which it is, each caller knows.
    match n {
        Note::Taken(o) => taken_now(local, slot, o),
        Note::Began => began(local),
        Note::Committed => committed(local),
        _ => rare(local, slot, n),
    }
}

#[inline(never)]
fn taken_now(local: &mut Local, slot: usize, o: Ref) {
    if let Some(l) = &mut local.log {
        l.taken(slot, o, l.position());
    }
}
/// As [`Note::Taken`], by a thread that stands `at` there.
#[inline(always)]
pub(crate) fn taken_by(local: &mut Local, slot: usize, o: Ref, at: usize) {
    if let Some(l) = &mut local.log {
        l.taken(slot, o, at);
    }
}
#[inline(never)]
fn began(local: &mut Local) {
    if let Some(l) = &mut local.log {
        l.began();
    }
}
#[inline(never)]
fn committed(local: &mut Local) {
    if let Some(l) = &mut local.log {
        l.committed();
    }
}
/// The transaction that is about to be committed has had this many blocks before its last one.
#[inline(never)]
pub(crate) fn blocks(local: &mut Local, before: u32) {
    if let Some(l) = &mut local.log {
        l.rounds = before;
    }
}
#[cold]
#[inline(never)]
fn rare(local: &mut Local, slot: usize, n: Note<Ref>) {
    if let Some(l) = &mut local.log {
        l.rare(slot, n);
    }
}

impl ThreadLog {
    fn put(&mut self, r: Record) {
        // About a millisecond without one: the clocks' rates are measured over the log's whole length.
        if r.time.wrapping_sub(self.last_clock) > self.short * BATCH {
            self.last_clock = r.time;
            self.writer.put(clock());
        }
        self.writer.put(r);
    }

    fn position(&self) -> usize {
        // SAFETY: a word of the thread that this log belongs to, which is where it stands.
        unsafe { self.position.read_volatile() }
    }
    /// The number of the place where the thread stands.
    fn here(&mut self) -> u32 { self.place(self.position()) }
    /// The number of a position's place.
    fn place(&mut self, at: usize) -> u32 {
        let known = (at >> 3 ^ at >> 9) % SEEN;
        if at == 0 || self.seen[known].0 == at {
            return if at == 0 { 0 } else { self.seen[known].1 };
        }
        let hooks = *HOOKS.lock().unwrap_or_else(|e| e.into_inner());
        let id = hooks.and_then(|h| (h.place)(at)).map_or(0, place_number);
        self.seen[known] = (at, id);
        id
    }

    #[inline(always)]
    fn taken(&mut self, slot: usize, o: Ref, at: usize) {
        let t = taken(slot, o);
        t.at.store(at, Relaxed);
        t.object.store(o.0 as usize, Relaxed);
        self.grants += 1;
    }

    #[inline(always)]
    fn began(&mut self) {
        let t = now();
        if !self.plain || t.wrapping_sub(self.began) > 2 * self.short || t > self.batch_until {
            self.began_slow(t);
        }
        self.began = t;
        (self.grants, self.rounds) = (0, 0);
    }
    #[cold]
    #[inline(never)]
    fn began_slow(&mut self, t: u64) {
        // After a pause or a transaction that was not measured, this one is.
        self.plain = false;
        if t > self.batch_until {
            self.close_batch(self.began);
        }
        if self.waits_since != 0 {
            let from = std::mem::take(&mut self.waits_since);
            self.put(record(Event::Turn, from, self.id, 0, t.saturating_sub(from)));
        }
        self.eventful = false;
        self.doom = None;
    }

    #[inline(always)]
    fn committed(&mut self) {
        if self.plain && self.grants < MANY && self.batch % TIMED != 0 {
            self.batch += 1 + self.rounds;
        } else {
            self.committed_slow();
        }
    }
    #[cold]
    #[inline(never)]
    fn committed_slow(&mut self) {
        let length = now().saturating_sub(self.began);
        self.plain = length <= self.short && !self.eventful;
        if self.plain {
            if self.batch == 0 {
                (self.batch_from, self.batch_until) = (self.began, self.began.saturating_add(self.short * BATCH));
            }
            self.batch += 1 + self.rounds;
            self.timed += 1 + self.rounds;
            self.timed_sum += length;
            return;
        }
        self.close_batch(self.began);
        let place = self.here();
        self.put(record(Event::Commit, self.began, self.id, place as u64 | (self.rounds as u64 + 1) << 32, length));
    }

    /// What short transactions there were is a record now; `end`: begin of the last one, or later.
    fn close_batch(&mut self, end: u64) {
        let n = std::mem::take(&mut self.batch);
        self.batch_until = u64::MAX;
        if n == 0 {
            return;
        }
        let busy = self.timed_sum as u128 * n as u128 / self.timed.max(1) as u128;
        let span = end.saturating_sub(self.batch_from).max(if n == 1 { self.timed_sum } else { 1 });
        let share = (busy * 65536 / span as u128).min(65536) as u64;
        (self.timed, self.timed_sum) = (0, 0);
        self.put(record(Event::Batch, self.batch_from, self.id, n as u64 | share << 32, span));
    }

    fn rare(&mut self, slot: usize, n: Note<Ref>) {
        self.plain &= matches!(n, Note::WaitEnds) && self.wait.is_none();
        match n {
            Note::Taken(_) | Note::Began | Note::Committed => {}
            Note::WaitsToBegin => {
                self.close_batch(self.began);
                self.waits_since = now();
            }
            Note::Waits { o, mode, h } => {
                self.end_wait();
                ASKING[slot].store(self.position(), Relaxed);
                self.wait = Some(Conflict { since: now(), ..self.conflict(o, mode, self.position(), taken_at(h, o), h) });
                self.eventful = true;
            }
            Note::WaitEnds => self.end_wait(),
            Note::Doomed { o, mode, by } => {
                if self.doom.is_none() {
                    self.doom = Some(self.conflict(o, mode, taken_at(slot, o), ASKING[by].load(Relaxed), by));
                }
            }
            Note::GivesWay { o, mode, h } => self.doom = Some(self.conflict(o, mode, self.position(), taken_at(h, o), h)),
            Note::Aborted => {
                self.end_wait();
                self.close_batch(self.began);
                let t = now();
                let d = self.doom.take().unwrap_or_default();
                let r = Record { other: d.other, flags: d.flags, what: d.what, ..record(Event::Abort, self.began, self.id, d.places, t.saturating_sub(self.began)) };
                self.put(r);
                self.waits_since = 0;
            }
            Note::WantsToken => self.waits_since = now(),
            Note::GotToken => {
                self.eventful = true;
                let (t, from, here) = (now(), std::mem::take(&mut self.waits_since), self.here());
                self.put(record(Event::Irrevocable, t, self.id, here as u64, if from == 0 { 0 } else { t.saturating_sub(from) }));
            }
        }
    }

    /// A conflict over `o` with the thread of slot `h`, of the accesses at two positions.
    fn conflict(&mut self, o: Ref, mode: Mode, mine: usize, others: usize, h: usize) -> Conflict {
        let mut flags = if mode == Mode::Write { ASKS_TO_WRITE } else { 0 };
        if o.header().access.load(Relaxed) & DIRTY != 0 {
            flags |= HAD_WRITTEN;
        }
        let places = self.place(mine) as u64 | (self.place(others) as u64) << 32;
        Conflict { since: 0, places, other: OCCUPANT[h].load(Relaxed), flags, what: class_number(o) }
    }

    fn end_wait(&mut self) {
        if let Some(w) = self.wait.take() {
            let length = now().saturating_sub(w.since);
            self.close_batch(self.began);
            let r = Record { other: w.other, flags: w.flags, what: w.what, ..record(Event::Wait, w.since, self.id, w.places, length) };
            self.put(r);
        }
    }
}

fn place_number(p: Place) -> u32 {
    with_table(|t| {
        let key = (p.file, p.line, p.function);
        if let Some(&id) = t.places.get(&key) {
            return id;
        }
        if t.places.len() >= MOST_PLACES {
            return 0;
        }
        let id = t.places.len() as u32 + 1;
        t.writer.put_text(record(Event::Place, 0, 0, id as u64 | (key.1 as u64) << 32, 0), format!("{}\0{}", key.0, key.2).as_bytes());
        t.places.insert(key, id);
        id
    })
}

fn class_number(o: Ref) -> u16 {
    let hooks = *HOOKS.lock().unwrap_or_else(|e| e.into_inner());
    let name = match hooks {
        Some(h) => (h.class)(o.0),
        None => crate::kinds::info(o.header().kind).name.to_string(),
    };
    with_table(|t| {
        if let Some(&n) = t.names.get(&name) {
            return n;
        }
        let Ok(n) = u16::try_from(t.names.len() + 1) else { return 0 };
        t.writer.put_text(record(Event::Name, 0, 0, n as u64, 0), name.as_bytes());
        t.names.insert(name, n);
        n
    })
}
