//! Modules that are being loaded, and by whom: another thread that imports one waits until its body has run.

use crate::thread::Thread;
use crate::{atomic, runtime};
use std::sync::atomic::{AtomicUsize, Ordering::*};
use std::sync::{Mutex, MutexGuard};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};
use txpy_heap::R;

/// Taken for moments and never outside of the world, so that a fork finds it free.
static TABLE: Mutex<Table> = Mutex::new(Table { loads: Vec::new(), waits: Vec::new() });
/// Entries of `loads`.
static COUNT: AtomicUsize = AtomicUsize::new(0);

struct Table {
    loads: Vec<(String, ThreadId)>,
    waits: Vec<(thread::Thread, String)>,
}
fn table() -> MutexGuard<'static, Table> { TABLE.lock().unwrap_or_else(|e| e.into_inner()) }

impl Table {
    fn loader(&self, name: &str) -> Option<ThreadId> { self.loads.iter().find(|l| l.0 == name).map(|l| l.1) }

    /// Whether `me` has to wait for a module: another thread loads it, and does not wait, itself or by others, for what `me` loads. In such a
    /// circle somebody has to make do with a module whose body has not yet run to its end.
    fn must_wait(&self, me: ThreadId, name: &str) -> bool {
        let mut name = name;
        // A thread waits for one module at a time.
        for _ in 0..=self.waits.len() {
            match self.loader(name) {
                None => return true,
                Some(t) if t == me => return false,
                Some(t) => match self.waits.iter().find(|w| w.0.id() == t) {
                    Some(w) => name = &w.1,
                    None => return true,
                },
            }
        }
        true
    }
    fn stop_waiting(&mut self, me: ThreadId) { self.waits.retain(|w| w.0.id() != me) }
}

/// Whether a thread, this or another, is running the module's body.
pub fn is_loading(name: &str) -> bool { COUNT.load(Acquire) != 0 && table().loader(name).is_some() }

/// Waits while another thread loads the module; whether there was something to wait for. Errors: Abort, as a block that can be rolled back is tried again
/// later instead; what signal handlers raise.
pub fn wait(th: &mut Thread, name: &str) -> R<bool> {
    if COUNT.load(Acquire) == 0 {
        return Ok(false);
    }
    let (me, started) = (thread::current(), Instant::now());
    let may_abort = th.may_abort();
    let mut waited = false;
    loop {
        {
            let mut t = table();
            t.stop_waiting(me.id());
            if t.loader(name).is_none() || !t.must_wait(me.id(), name) {
                return Ok(waited);
            }
            if !may_abort {
                t.waits.push((me.clone(), name.to_string()));
            }
        }
        if may_abort {
            return Err(atomic::wait_and_retry(th));
        }
        waited = true;
        // Short, as a signal may come just before.
        th.blocking(|| thread::park_timeout(Duration::from_millis(50)));
        let r = runtime::run_poll_hook(th).and_then(|()| atomic::check_deadlock(th, started));
        if r.is_err() {
            table().stop_waiting(me.id());
            r?;
        }
    }
}

/// Ends a load wherever it is left.
pub struct Loading<'a>(&'a str);
impl Drop for Loading<'_> {
    fn drop(&mut self) { end(self.0); }
}
/// This thread begins to load a module. Waits for others that do. Errors: as [`wait`].
pub fn begin<'a>(th: &mut Thread, name: &'a str) -> R<Loading<'a>> {
    enter(th, name)?;
    Ok(Loading(name))
}
/// As [`begin`], to be ended by [`end`].
pub fn enter(th: &mut Thread, name: &str) -> R<()> {
    let me = thread::current().id();
    loop {
        wait(th, name)?;
        let mut t = table();
        // Another thread may have come between.
        if t.loader(name).is_none() || !t.must_wait(me, name) {
            t.loads.push((name.to_string(), me));
            COUNT.store(t.loads.len(), Release);
            return Ok(());
        }
    }
}
/// This thread has loaded a module, or failed to. False if it had not begun.
pub fn end(name: &str) -> bool {
    let me = thread::current().id();
    let mut t = table();
    let Some(at) = t.loads.iter().rposition(|l| l.1 == me && l.0 == name) else { return false };
    t.loads.remove(at);
    COUNT.store(t.loads.len(), Release);
    t.waits.iter().filter(|w| w.1 == name).for_each(|w| w.0.unpark());
    true
}

/// In the child of a fork: other threads' loads are over.
pub fn after_fork() {
    let me = thread::current().id();
    let mut t = table();
    t.loads.retain(|l| l.1 == me);
    t.waits.clear();
    COUNT.store(t.loads.len(), Release);
}
