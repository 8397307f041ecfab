//! Transactions: begin, end, irrevocability.
use super::mutants::{self, Mutant, Site, ord};
use super::mutator::Mutator;
use super::slot::{DOOM, IRREVOCABLE, PLAIN, YIELD};
use super::space::{Abort, Note, R, Space};
use super::sys::{Backoff, Ordering::*, tick};
use super::way::Way;
use super::word::{DIRTY, EXCL, LOGGED, Mode, NEVER, OLD, QUIET, bits, write_key};

/// One in so many transactions looks whether its thread is alone.
const SOLO_EVERY: u32 = 1024;

impl<S: Space> Mutator<S> {
    /// Begins a transaction; waits until the one that the last attempt made way for has ended, until those that waited for the last one have
    /// had their turn, and until no plain operation that was denied too often is left. After an abort the new attempt keeps its age, so the oldest gets through.
    pub fn begin(&mut self) {
        let (_, world) = self.shared();
        if world.could_be_solo() {
            self.with_stopped_world(|_| ());
        }
        let mut b = Backoff::default();
        let (mut waits, mut seen) = (false, None);
        while !self.try_begin() {
            if !std::mem::replace(&mut waits, true) {
                self.note(Note::WaitsToBegin);
            }
            if let Some((h, seq)) = self.lost_to {
                if world.slots[h].tx_seq.load(Acquire) != seq {
                    self.lost_to = None;
                    self.unregister();
                    continue;
                }
                self.register(h);
            } else if self.needs_lane() && self.take_lane(&mut seen) {
                continue;
            }
            self.wait_plain(&mut b);
        }
    }

    /// Begins a transaction if nobody comes first. Never waits, is no safepoint.
    #[inline]
    pub fn try_begin(&mut self) -> bool {
        debug_assert!(!self.in_tx, "transactions do not nest here");
        let (_, world) = self.shared();
        if self.solo_in == 0 {
            self.solo_in = SOLO_EVERY;
            if world.could_be_solo() {
                return false;
            }
        }
        self.solo_in -= 1;
        if self.me().waiters.load(Acquire) != 0 && !mutants::on(Mutant::NoWaiters)
            || world.gate.load(Acquire) != 0
            || self.retry && (world.irrev.load(Acquire) != 0 || self.lost_to.is_some())
            || self.needs_lane()
        {
            return false;
        }
        self.blind = world.is_solo() && !self.retry && self.blind_in == 0;
        self.blind_in = self.blind_in.saturating_sub(1);
        // Else there is nobody to go before.
        if !self.blind {
            let now = tick();
            self.way.began(now);
            if self.age == PLAIN {
                self.age = self.next_age(now);
            }
        }
        self.note(Note::Began);
        self.me().age.store(self.age, Release);
        self.step_seq();
        self.in_tx = true;
        self.set_keys();
        true
    }

    /// The number of the slot's transaction, even outside of one; written by its thread only.
    fn step_seq(&self) {
        let seq = &self.me().tx_seq;
        seq.store(seq.load(Relaxed).wrapping_add(1), Release);
    }

    /// A timestamp that no other slot has, later than those of other slots' transactions that ended some time ago. A counter that all
    /// threads share would bounce between their caches, so it is the processor's clock with the slot below it, where there is one.
    fn next_age(&self, now: Option<u64>) -> u64 {
        match now {
            // Above IRREVOCABLE and below PLAIN.
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
        self.commit_silent();
        self.answer_after();
    }

    /// Ends the transaction, keeping its writes. Is no safepoint: the caller then goes to one, if [`Mutator::must_poll`] says so.
    #[inline]
    pub fn commit_silent(&mut self) {
        self.end(false);
    }

    fn answer_after(&mut self) {
        let answered = self.safepoint();
        debug_assert!(answered.is_ok());
    }

    /// Ends the transaction and takes its writes back; then answers all. The next `begin` counts as another attempt of
    /// the same one, unless `give_up_retry` is called before.
    pub fn abort(&mut self) {
        debug_assert!(!self.irrevocable, "an irrevocable transaction cannot abort");
        self.end(true);
        self.answer_after();
    }

    /// The aborted transaction will not run again.
    pub fn give_up_retry(&mut self) {
        debug_assert!(!self.in_tx);
        self.retry = false;
        self.lost_to = None;
        self.lane.gave_up();
        self.way = Way::default();
        self.age = PLAIN;
    }

    pub(super) fn end(&mut self, abort: bool) {
        debug_assert!(self.in_tx && (abort || !self.doomed));
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
        self.blind = false;
        if std::mem::take(&mut self.doomed) {
            self.blind_in = SOLO_EVERY;
            self.me().pending.fetch_and(!DOOM, Relaxed);
        }
        if !abort {
            self.age = PLAIN;
            self.lost_to = None;
            self.lane.won();
            self.way.committed();
        } else if let Some(other) = self.way.to.take() {
            // It has not lost, and need not run alone.
            self.lost_to = Some(other);
        } else if self.lost_to.is_some() {
            self.lane.lost();
        }
        self.me().age.store(PLAIN, Release);
        self.step_seq();
        if self.irrevocable {
            self.irrevocable = false;
            world.irrev.store(0, Release);
            world.wake_all(); // who waits for the token
        }
        self.keep_lane(!abort);
        if self.yield_at_end {
            self.yield_at_end = false;
            self.me().pending.fetch_or(YIELD, Relaxed);
        }
        // Who has asked is woken by the answer.
        let waiters = self.me().waiters.load(SeqCst);
        if waiters != 0 && !mutants::on(Mutant::NoWakeAtEnd) {
            bits(waiters as u64).for_each(|s| world.wake(s));
        }
    }

    /// Clears the transaction bits, one read-modify-write an object; the same step gives up objects that others may want, like an answer,
    /// unasked. Nobody is answered anywhere in between.
    fn clear_bits(&mut self) {
        let (space, world) = self.shared();
        let txr = self.my_txr();
        let owned = EXCL | self.my_may();
        let solo = world.is_solo();
        // First those that nobody else can reach yet: what they were put into may be given up below.
        if !mutants::on(Mutant::BornLast) {
            self.clear_born();
        }
        let clear = |o, bits: u64, mode| {
            // Without our txr the object was done already (repeats are allowed): LOGGED, DIRTY and EXCL may be another's by now.
            let word = space.word(o);
            // One that has become quiet stays so.
            let w = word.load(Relaxed);
            if w & (txr | QUIET) == txr || mutants::on(Mutant::ReadLogFirst) || mutants::on(Mutant::GivesUpOthers) {
                let bits = bits | if space.gives_up(o, mode, solo) { owned } else { 0 };
                if solo {
                    word.store(w & !bits, Relaxed);
                } else {
                    word.fetch_and(!bits, ord(Site::TxEnd, Release));
                }
            }
        };
        if mutants::on(Mutant::ReadLogFirst) {
            space.each_read(&mut self.local, |o| clear(o, txr, Mode::Read));
            self.mutant_answer_early();
        }
        let logged = if mutants::on(Mutant::StaleLogged) { 0 } else { LOGGED | DIRTY };
        let read = if mutants::on(Mutant::StaleTxr) { 0 } else { txr };
        // Who is alone has nobody to give up to.
        let (held, plain) = if self.blind { (self.write_key, write_key(self.s, false)) } else { (NEVER, 0) };
        // What a thread that is alone has written by the word has no mark.
        space.each_written(&mut self.local, !self.blind, |o| {
            let word = space.word(o);
            if word.load(Relaxed) == held {
                word.store(plain, Relaxed);
            } else {
                clear(o, logged | read, Mode::Write);
            }
        });
        space.each_read(&mut self.local, |o| clear(o, read, Mode::Read));
        if mutants::on(Mutant::BornLast) {
            self.clear_born();
        }
    }

    /// What was born in the transaction becomes an ordinary object of this slot, or of nobody, by plain stores: nobody else can reach it.
    fn clear_born(&mut self) {
        if mutants::on(Mutant::BornStale) {
            return;
        }
        let (space, world) = self.shared();
        let (key, solo) = (EXCL | self.my_may(), world.is_solo());
        space.each_born(&mut self.local, |o| {
            let word = space.word(o);
            word.store(word.load(Relaxed) & OLD | if space.gives_up(o, Mode::Write, solo) { 0 } else { key }, Relaxed);
        });
    }

    /// Waits for the token of which there is one, and takes it: from here on nothing can abort this transaction, and all others
    /// make way. Err if an older transaction dooms it while it waits.
    pub fn become_irrevocable(&mut self) -> R<()> {
        debug_assert!(self.in_tx);
        if self.irrevocable {
            return Ok(());
        }
        if self.blind || self.doomed {
            // What it has read is not known, so it can't be promised to stay. It runs again, with notes.
            self.blind_in = SOLO_EVERY;
            return Err(Abort);
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
        let _ = self.poll(false);
    }
}
