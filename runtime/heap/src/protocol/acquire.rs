//! Slow path of both barriers: take a free object, share it, or lock the word and ask the holders.
use super::bounce::{REST, REST_FIRST, REST_GROWS};
use super::mutants::{self, Mutant, Site, ord};
use super::mutator::Mutator;
use super::slot::state::{self, waits};
use super::space::{Abort, Note, R, Space};
use super::sys::{Backoff, Ordering::{self, *}};
use super::word::*;

impl<S: Space> Mutator<S> {
    /// On Ok the object is held in `mode`, and no safepoint lies between the grant and the return. Err only in a transaction
    /// that must abort.
    #[cold]
    pub fn acquire(&mut self, o: S::Obj, mode: Mode) -> R<()> {
        let r = self.acquire_inner(o, mode);
        self.note(Note::WaitEnds);
        self.denied = 0;
        self.unregister();
        self.leave_gate();
        r
    }

    /// One look at the word: takes the object if nobody must be asked for it. Never waits, is no safepoint.
    #[inline]
    pub fn try_acquire(&mut self, o: S::Obj, mode: Mode) -> bool {
        let (space, _) = self.shared();
        let common = match mode {
            Mode::Read => self.try_unread(o),
            Mode::Write => self.try_untouched(o, |local| !space.elementwise(local, o)),
        };
        common || self.try_take(o, mode)
    }

    /// As `try_acquire`, of objects that `try_untouched` or `try_unread` has refused.
    #[inline]
    pub fn try_take(&mut self, o: S::Obj, mode: Mode) -> bool {
        if self.doomed {
            return false;
        }
        let (space, world) = self.shared();
        let w = space.word(o).load(Relaxed);
        let holding = holders(w, mode, self.s);
        if w & LOCKED != 0 {
            return false;
        }
        if holding == 0 {
            return self.take(o, mode, w, w, self.order_of(w, mode));
        }
        // Release, as in `take_over`.
        holding & !u64::from(world.ghosts()) == 0 && self.take(o, mode, w, w & !given_up(mode, holding), ord(Site::Implicit, Release))
    }

    /// The common case of `try_acquire` for writing: `take` of an object that this transaction has not written and that is nobody else's.
    /// `whole`, asked once the object is held: whether all of it is to be logged, so that later writes pass the fast path.
    #[inline(always)]
    pub fn try_untouched(&mut self, o: S::Obj, whole: impl FnOnce(&S::Local) -> bool) -> bool {
        let (space, world) = self.shared();
        let word = space.word(o);
        let w = word.load(Relaxed);
        if !is_untouched(w, self.touched) || !space.has_room(&self.local, w & OLD != 0) {
            return false;
        }
        if !world.exchange(word, w, self.write_key, if w & EXCL != 0 { Relaxed } else { ord(Site::Share, Acquire) }) {
            return false;
        }
        if w & OLD != 0 {
            space.remember_now(&mut self.local, o);
        }
        if space.log_small(&mut self.local, o) {
            self.note(Note::Taken(o));
        } else {
            let whole = whole(&self.local);
            self.log_first(o, whole);
        }
        true
    }
    /// The common case of `try_acquire` for reading in a transaction: `take` of an object that nobody else may write.
    #[inline(always)]
    pub fn try_unread(&mut self, o: S::Obj) -> bool {
        let taken = self.take_unread(o);
        if taken {
            self.note(Note::Taken(o));
        }
        taken
    }
    /// The same without its note, which handlers of the interpreter make apart.
    #[inline(always)]
    pub fn take_unread(&mut self, o: S::Obj) -> bool {
        let (space, _) = self.shared();
        let word = space.word(o);
        let w = word.load(Relaxed);
        let mine = may_of(self.read_key);
        if (w | NEVER) & self.unread != 0 || w & EXCL != 0 && w & mine == 0 || !space.has_room_to_read(&self.local) {
            return false;
        }
        // As `count_reading`, of a word that has room for it.
        let new = (if self.reads_alone(o, w, mine) { w } else { w + (1 << READINGS_SHIFT) }) | mine | self.read_key;
        if mutants::on(Mutant::UnreadStored) {
            word.store(new, Relaxed);
        } else if word.compare_exchange(w, new, ord(Site::Share, Acquire), Relaxed).is_err() {
            return false;
        }
        space.log_read_now(&mut self.local, o);
        true
    }
    /// The most common case of `try_untouched`, in the fewest steps, which compiled code and the interpreter have in line. On true the object is held for
    /// writing word by word, and the caller, who has seen to room in the log, logs what it writes before anything else. Not for objects that may be held by
    /// element: what an acquisition by element logs of these is not logged then.
    #[inline(always)]
    pub fn take_fresh(&mut self, o: S::Obj) -> bool {
        let word = self.shared().0.word(o);
        if word.load(Relaxed) != self.fresh {
            return false;
        }
        if mutants::on(Mutant::FreshStored) {
            word.store(self.by_word, Relaxed);
            return true;
        }
        word.compare_exchange(0, self.by_word, ord(Site::Share, Acquire), Relaxed).is_ok()
    }
    /// Whether the transaction may write words of the object, which the caller logs before: it holds the object since `take_fresh`, and not as a whole; or its
    /// thread is alone, and the object stays as it is. It gets its marks when another thread begins to run ([`Mutator::mark_written`]); usually none does,
    /// and nothing is left to do at the transaction's end.
    #[inline(always)]
    pub fn has_by_word(&self, o: S::Obj) -> bool {
        self.shared().0.word(o).load(Relaxed) == self.by_word
    }
    /// Notes and logs an object that was taken just now.
    #[inline(never)]
    pub fn log_first(&mut self, o: S::Obj, whole: bool) {
        let (space, _) = self.shared();
        self.note(Note::Taken(o));
        if !whole {
            // Nobody else looks at this bit.
            space.word(o).fetch_and(!LOGGED, Relaxed);
        }
        space.log_write(&mut self.local, o, true);
    }

    /// Whether getting `mode` is an own fix-up, with nothing to synchronise with.
    #[inline(always)]
    fn is_mine(&self, w: u64, mode: Mode) -> bool {
        w & self.my_may() != 0 && (mode == Mode::Read || w & EXCL != 0)
    }
    #[inline(always)]
    fn order_of(&self, w: u64, mode: Mode) -> Ordering {
        if self.is_mine(w, mode) { Relaxed } else { ord(Site::Share, Acquire) }
    }

    /// Takes an object whose word is `w`, false if it is not any more, and that nobody else holds in the way of `mode` when it is `given`.
    #[inline]
    fn take(&mut self, o: S::Obj, mode: Mode, w: u64, given: u64, order: Ordering) -> bool {
        let (space, world) = self.shared();
        let word = space.word(o);
        if self.tracks() {
            space.reserve(&mut self.local, o, mode);
        }
        self.mutant_copy_first(o, given, mode);
        let new = self.grant(o, given, mode) | if mutants::on(Mutant::FixWhileLocked) || mutants::on(Mutant::ShareLocked) { w & LOCKED } else { 0 };
        if mutants::on(Mutant::PlainFixup) && order == Relaxed && mode == Mode::Write {
            word.store(new, Release);
        } else if new != w {
            // new == w: writes by element in a transaction. The bits are lost only by our own doing, so a look at the word is as
            // good as on the fast path.
            if !world.exchange(word, w, new, order) {
                return false;
            }
        }
        self.granted(o, given, mode);
        true
    }

    fn acquire_inner(&mut self, o: S::Obj, mode: Mode) -> R<()> {
        if self.doomed && self.tracks() {
            return Err(Abort);
        }
        let (space, world) = self.shared();
        let word = space.word(o);
        let mut idle = Backoff::default();
        let mut rest = REST_FIRST;
        'outer: loop {
            let w = word.load(Relaxed);
            let mine = self.is_mine(w, mode);
            if w & LOCKED != 0 && !self.mutant_ignores_lock(w, mode, mine) {
                let keeps = mine && !self.in_tx && self.bounces.keeps(S::encode(o, mode));
                self.wait_step_of(&mut idle, keeps)?;
                continue;
            }
            idle.reset(); // the next wait on this word is another one: it must announce its park anew
            if w & QUIET != 0 && mode == Mode::Write {
                self.thaw(o);
                continue;
            }
            let holding = holders(w, mode, self.s);
            if holding == 0 {
                if self.take(o, mode, w, w, self.order_of(w, mode)) {
                    return Ok(());
                }
                continue;
            }
            if self.tracks() {
                space.reserve(&mut self.local, o, mode);
            }
            if self.take_over(o, mode, w, holding) {
                return Ok(());
            }
            // Conflicts with transactions are decided on the word, before locking: LOCKED is never held while waiting for a
            // transaction to end.
            let decided = conflicts(w, mode, self.s);
            for h in bits(decided) {
                if !self.wins(h) && !mutants::on(Mutant::LockWhileTx) {
                    self.wait_tx_end(o, mode, h)?;
                    continue 'outer;
                }
            }
            // What a thread that waits has made or used once is not contended for that.
            let asks = bits(holding).any(|h| !waits(world.slots[h].status.load(Relaxed)));
            let wanted_back = self.bounces.wanted_back(S::encode(o, mode));
            self.me().req.store(S::encode(o, mode), ord(Site::Record, Release));
            if word.compare_exchange(w, w | LOCKED, ord(Site::LockCas, Relaxed), Relaxed).is_err() {
                self.me().req.store(0, Release);
                continue;
            }
            // Before the requests, whose answers may look at where this thread stands.
            for h in bits(decided) {
                self.note(Note::Waits { o, mode, h });
            }
            for h in bits(holding) {
                self.post(h);
            }
            let mut n = 0u32;
            let mut b = Backoff::default();
            loop {
                let w = word.load(ord(Site::WaitLoad, Acquire));
                debug_assert!(w & LOCKED != 0, "the lock of {o:?} was taken away");
                let left = holders(w, mode, self.s);
                if left == 0 {
                    debug_assert!(mode == Mode::Read || w & TXRS & !self.my_txr() == 0, "txr without may: {w:x}");
                    self.mutant_copy_first(o, w, mode);
                    if word.compare_exchange(w, self.grant(o, w, mode), ord(Site::Take, Relaxed), Relaxed).is_err() {
                        continue; // a holder cleared transaction bits meanwhile
                    }
                    self.me().req.store(0, Release);
                    world.wake_all(); // who found the word LOCKED
                    self.granted(o, w, mode);
                    if asks {
                        space.transferred(&mut self.local, o);
                    }
                    if wanted_back {
                        self.bounces.taken(S::encode(o, mode));
                    }
                    return Ok(());
                }
                let conflict = conflicts(w, mode, self.s);
                n += 1;
                for h in bits(left) {
                    let c = conflict & may(h) != 0;
                    if !c && self.mutant_requester_clears(o, h) {
                        continue;
                    }
                    let once = mutants::on(Mutant::DecideOnce) && decided & may(h) != 0;
                    if c && !self.wins(h) && !mutants::on(Mutant::LockWhileTx) && !once {
                        self.withdraw(o);
                        self.wait_tx_end(o, mode, h)?;
                        continue 'outer;
                    }
                    let status = world.slots[h].status.load(Relaxed);
                    if waits(status) && (!c || mutants::on(Mutant::ImplicitIgnoresTx)) {
                        self.implicit(o, mode, h);
                    } else if status & state::MASK == state::RUNNING && (n % 4 == 0 || b.announced) {
                        if world.slots[h].pending.load(Relaxed) >> self.s & 1 == 0 {
                            self.post(h); // level-triggered: the bit was answered for an earlier request of this slot
                        } else {
                            space.nudge(h);
                        }
                    }
                }
                if let Err(e) = self.wait_step(&mut b).and_then(|()| self.may_wait(&b, o, mode, conflict)) {
                    if !(mutants::on(Mutant::WayLocked) && self.way.to.is_some()) {
                        self.withdraw(o);
                    }
                    return Err(e);
                }
                if self.me().kept.load(Relaxed) == S::encode(o, mode) {
                    self.me().kept.store(0, Relaxed);
                    self.withdraw(o);
                    self.rest(rest)?;
                    rest = (REST_GROWS * rest).min(REST);
                    continue 'outer;
                }
            }
        }
    }

    /// The implicit answer and the grant in one step, for an object that one slot has, whose thread waits and has not used it in a transaction.
    /// What the object refers to and is held likewise is free then: whoever wants it soon need not hold the slot again, a word that all write.
    /// False if that is not so, or not any more.
    fn take_over(&mut self, o: S::Obj, mode: Mode, w: u64, holding: u64) -> bool {
        let (space, world) = self.shared();
        let h = holding.trailing_zeros() as usize;
        if holding != may(h) || conflicts(w, mode, self.s) != 0 && !mutants::on(Mutant::TakenOver) {
            return false;
        }
        let Some(status) = world.hold(h) else { return false };
        let given = w & !given_up(mode, may(h));
        // Release: other readers, who synchronise with the word only, are to see what its holder wrote.
        let taken = !self.keeps_pinned(o, mode, h, status) && world.exchange(space.word(o), w, self.grant(o, given, mode), ord(Site::Implicit, Release));
        if taken && !mutants::on(Mutant::FreedLate) {
            self.free_beside(o, mode, h, status);
        }
        if taken { world.unhold_taken(h, status) } else { world.unhold(h, status) }
        if taken && mutants::on(Mutant::FreedLate) {
            self.free_beside(o, mode, h, status);
        }
        if taken {
            self.granted(o, given, mode);
            if self.bounces.wanted_back(S::encode(o, mode)) {
                self.bounces.taken(S::encode(o, mode));
            }
        }
        taken
    }

    /// Answers for slot h, which is held, requests of `mode` for objects beside `o` that nobody has made yet.
    fn free_beside(&self, o: S::Obj, mode: Mode, h: usize, status: u64) {
        let (space, world) = self.shared();
        space.each_beside(o, |n| {
            let w = space.word(n).load(Relaxed);
            if w & !OLD == EXCL | may(h) && !self.keeps_pinned(n, mode, h, status) {
                // Whoever is faster asks for it.
                world.exchange(space.word(n), w, w & !given_up(mode, may(h)), ord(Site::Implicit, Release));
            }
        });
    }

    /// Sets this slot's bit in h's pending word.
    fn post(&self, h: usize) {
        let (space, world) = self.shared();
        world.slots[h].pending.fetch_or(1 << self.s, ord(Site::Post, Release));
        space.nudge(h);
        world.wake(h);
    }

    /// Gives a locked word back without having got it.
    fn withdraw(&mut self, o: S::Obj) {
        let (space, world) = self.shared();
        self.me().req.store(0, Release); // before the unlocking: who then still finds the bit finds no record
        space.word(o).fetch_and(!LOCKED, Release);
        world.wake_all();
    }

    /// The word once `mode` is granted on `w`.
    fn grant(&self, o: S::Obj, w: u64, mode: Mode) -> u64 {
        match mode {
            Mode::Read if w & QUIET != 0 => w | MAYS | TXRS,
            Mode::Read if self.tracks_reads() => self.count_reading(o, w & !LOCKED) | self.my_may() | self.my_txr(),
            Mode::Read => (w | self.my_may()) & !LOCKED,
            Mode::Write => {
                let written = match (self.tracks(), self.space.elementwise(&self.local, o)) {
                    // What this transaction has done with it before.
                    (false, _) if w & self.my_txr() != 0 && !mutants::on(Mutant::UntrackedForgets) => w & (self.my_txr() | LOGGED | DIRTY),
                    (false, _) => 0,
                    (true, true) if mutants::on(Mutant::NoDirty) => 0,
                    (true, true) => DIRTY | w & LOGGED,
                    (true, false) => LOGGED | DIRTY,
                };
                EXCL | self.my_may() | if self.tracks() { self.my_txr() } else { 0 } | written
            }
        }
    }

    /// After the CAS from `old` to the grant, before any safepoint: what the grant owes to the logs.
    #[inline(always)]
    fn granted(&mut self, o: S::Obj, old: u64, mode: Mode) {
        let (space, _) = self.shared();
        if mode == Mode::Write && old & OLD != 0 {
            space.remember(&mut self.local, o);
        }
        if self.tracks() {
            self.note(Note::Taken(o));
            // What is written stands in the undo log.
            if old & self.my_txr() == 0 && mode == Mode::Read && self.tracks_reads() {
                space.log_read(&mut self.local, o);
            }
            if mode == Mode::Write && old & LOGGED == 0 && !mutants::on(Mutant::CopyFirst) {
                space.log_write(&mut self.local, o, old & DIRTY == 0);
            }
        }
    }

    /// Whether this thread's transaction goes before that of slot h. Plain code never does, the irrevocable one always.
    pub(super) fn wins(&self, h: usize) -> bool {
        let (_, world) = self.shared();
        self.in_tx && self.age < world.slots[h].age.load(Acquire) && !mutants::on(Mutant::NoWounding)
    }

    /// Gives the object up as soon as the operation is done: for objects that bounce between threads a short lock is
    /// cheaper than a transfer. Without effect on an object of this thread's transaction. The same step as an answer, unasked.
    pub fn release(&mut self, o: S::Obj) {
        let (space, world) = self.shared();
        let word = space.word(o);
        loop {
            let w = word.load(Relaxed);
            if w & self.my_may() == 0 || w & self.my_txr() != 0 || self.stopped {
                return;
            }
            if word.compare_exchange(w, w & !self.my_may() & !EXCL, ord(Site::Answer, Release), Relaxed).is_ok() {
                if w & LOCKED != 0 {
                    world.wake_all(); // the locker waits for just this
                }
                return;
            }
        }
    }

    // ---- mutants; all constant false outside of models

    fn mutant_ignores_lock(&self, w: u64, mode: Mode, mine: bool) -> bool {
        mutants::on(Mutant::FixWhileLocked) && mine || mutants::on(Mutant::ShareLocked) && mode == Mode::Read && w & EXCL == 0
    }

    fn mutant_copy_first(&mut self, o: S::Obj, w: u64, mode: Mode) {
        if mutants::on(Mutant::CopyFirst) && self.in_tx && mode == Mode::Write && w & LOGGED == 0 {
            let (space, _) = self.shared();
            space.log_write(&mut self.local, o, w & DIRTY == 0);
        }
    }

    #[cfg(any(feature = "shuttle", feature = "loom"))]
    fn mutant_requester_clears(&self, o: S::Obj, h: usize) -> bool {
        if !mutants::on(Mutant::RequesterClears) {
            return false;
        }
        let (space, world) = self.shared();
        let acked = world.acks[self.s].fetch_and(!(1 << h), Relaxed) >> h & 1 == 1;
        if acked {
            space.word(o).fetch_and(!may(h) & !EXCL, AcqRel);
        }
        acked
    }

    #[cfg(not(any(feature = "shuttle", feature = "loom")))]
    fn mutant_requester_clears(&self, _: S::Obj, _: usize) -> bool {
        false
    }
}
