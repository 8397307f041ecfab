//! Transactions: begin, end, irrevocability.
use super::mutants::{self, Mutant, Site, ord};
use super::mutator::Mutator;
use super::slot::{IRREVOCABLE, PLAIN, YIELD};
use super::space::{Note, R, Space};
use super::sys::{AtomicU64, Backoff, HAS_TICK, Ordering::*, tick};
use super::word::{DIRTY, EXCL, LOGGED, OLD};

impl<S: Space> Mutator<S> {
    /// Begins a transaction; waits until those that waited for the last one have had their turn, and until no plain
    /// operation that was denied too often is left. After an abort the new attempt keeps its age, so the oldest gets through.
    pub fn begin(&mut self) {
        debug_assert!(!self.in_tx, "transactions do not nest here");
        let (_, world) = self.shared();
        let mut b = Backoff::default();
        let mut waits = false;
        while self.me().waiters.load(Acquire) != 0 && !mutants::on(Mutant::NoWaiters)
            || world.gate.load(Acquire) != 0
            || self.retry && world.irrev.load(Acquire) != 0
        {
            if !std::mem::replace(&mut waits, true) {
                self.note(Note::WaitsToBegin);
            }
            self.wait_plain(&mut b);
        }
        let mut time = None;
        if !self.retry {
            self.age = self.next_age();
            time = HAS_TICK.then_some(self.age >> 5);
        }
        self.note(Note::Began(time));
        self.me().age.store(self.age, Release);
        self.step_seq();
        self.in_tx = true;
        self.set_keys();
    }

    /// The number of the slot's transaction, even outside of one; written by its thread only.
    fn step_seq(&self) {
        let seq = &self.me().tx_seq;
        seq.store(seq.load(Relaxed).wrapping_add(1), Release);
    }

    /// A timestamp that no other transaction has, later than all those before up to the clock's resolution. A counter that all
    /// threads share would bounce between their caches, so it is the processor's clock with the slot below it, where there is one.
    fn next_age(&self) -> u64 {
        match tick() {
            // Above IRREVOCABLE and below PLAIN. A slot never begins two transactions in one tick.
            Some(t) => (t << 5 | self.s as u64) & (PLAIN >> 1) | 1 << 5,
            None => self.shared().1.clock.0.fetch_add(1, Relaxed),
        }
    }

    #[inline(always)]
    pub(super) fn note(&mut self, n: Note<S::Obj>) {
        let (space, _) = self.shared();
        let s = self.s;
        space.note(&mut self.local, s, n);
    }

    /// Ends the transaction, keeping its writes; then answers all.
    pub fn commit(&mut self) {
        self.end(false);
    }

    /// Ends the transaction and takes its writes back; then answers all. The next `begin` counts as another attempt of
    /// the same one, unless `give_up_retry` is called before.
    pub fn abort(&mut self) {
        debug_assert!(!self.irrevocable, "an irrevocable transaction cannot abort");
        self.end(true);
    }

    /// The aborted transaction will not run again.
    pub fn give_up_retry(&mut self) {
        debug_assert!(!self.in_tx);
        self.retry = false;
        self.age = PLAIN;
    }

    fn end(&mut self, abort: bool) {
        debug_assert!(self.in_tx);
        self.note(if abort { Note::Aborted } else { Note::Committed });
        let (space, world) = self.shared();
        if abort && mutants::on(Mutant::ClearFirst) {
            self.clear_bits();
            self.mutant_answer_early();
            space.restore(&mut self.local);
        } else {
            if abort {
                space.restore(&mut self.local); // all of it before the first bit is cleared
            }
            self.clear_bits();
        }
        space.clear_logs(&mut self.local, !abort);
        self.in_tx = false;
        self.defer.clear();
        self.set_keys();
        self.retry = abort;
        if !abort {
            self.age = PLAIN;
        }
        self.me().age.store(PLAIN, Release);
        self.step_seq();
        if self.irrevocable {
            self.irrevocable = false;
            world.irrev.store(0, Release);
        }
        if !mutants::on(Mutant::NoWakeAtEnd) {
            world.wake_all();
        }
        if self.yield_at_end {
            self.yield_at_end = false;
            self.me().pending.fetch_or(YIELD, Relaxed);
        }
        let answered = self.safepoint();
        debug_assert!(answered.is_ok());
    }

    /// Clears the transaction bits, one read-modify-write an object. Nobody is answered anywhere in between.
    fn clear_bits(&mut self) {
        let (space, _) = self.shared();
        let txr = self.my_txr();
        let clear = |word: &AtomicU64, bits: u64| {
            if word.load(Relaxed) & bits != 0 {
                word.fetch_and(!bits, ord(Site::TxEnd, Release));
            }
        };
        if mutants::on(Mutant::ReadLogFirst) {
            space.each_read(&mut self.local, |o| clear(space.word(o), txr));
            self.mutant_answer_early();
        }
        let logged = if mutants::on(Mutant::StaleLogged) { 0 } else { LOGGED | DIRTY };
        let read = if mutants::on(Mutant::StaleTxr) { 0 } else { txr };
        let by_early_end = mutants::on(Mutant::ReadLogFirst);
        space.each_written(&mut self.local, |o| {
            // Without our txr the object was done already (repeats are allowed): LOGGED and DIRTY may be another's by now.
            if space.word(o).load(Relaxed) & txr != 0 || by_early_end {
                space.word(o).fetch_and(!(logged | read), ord(Site::TxEnd, Release));
            }
        });
        space.each_read(&mut self.local, |o| clear(space.word(o), read));
        if !mutants::on(Mutant::BornStale) {
            let key = EXCL | self.my_may();
            space.each_born(&mut self.local, |o| {
                // Nobody else can reach it before this transaction has ended: a plain store will do.
                let word = space.word(o);
                word.store(word.load(Relaxed) & OLD | key, Relaxed);
            });
        }
    }

    /// Waits for the token of which there is one, and takes it: from here on nothing can abort this transaction, and all others
    /// make way. Err if an older transaction dooms it while it waits.
    pub fn become_irrevocable(&mut self) -> R<()> {
        debug_assert!(self.in_tx);
        if self.irrevocable {
            return Ok(());
        }
        let (_, world) = self.shared();
        let mut b = Backoff::default();
        let mut waits = false;
        while world.irrev.compare_exchange(0, self.s as u32 + 1, AcqRel, Relaxed).is_err() {
            if !std::mem::replace(&mut waits, true) {
                self.note(Note::WantsToken);
            }
            self.wait_step(&mut b)?;
        }
        self.note(Note::GotToken);
        self.irrevocable = true;
        self.age = IRREVOCABLE;
        self.me().age.store(IRREVOCABLE, Release);
        world.wake_all(); // who would have won against us must withdraw
        Ok(())
    }

    /// A wait step of plain code, which nothing can doom.
    fn wait_plain(&mut self, b: &mut Backoff) {
        let r = self.wait_step(b);
        debug_assert!(r.is_ok());
    }

    fn mutant_answer_early(&mut self) {
        self.in_tx = false;
        let _ = self.poll();
    }
}
