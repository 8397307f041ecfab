//! Looking at all live objects, and at what an object refers to, from outside: what `gc.get_referrers` and its like are built on.
//!
//! Scripts see objects that have a class. Storage and other internal objects count as a part of those that lead to them.

use crate::collect::{self, Tracer};
use crate::kinds;
use crate::mark::trace_object;
use crate::object::{Header, flag};
use crate::rooted::RootedVec;
use crate::shape::{self, shape_flag};
use crate::space::each_marked;
use crate::thread::{R, Thread};
use crate::value::Value;
use crate::world;
use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;

/// Lists references, those of internal objects in their place.
struct Lister {
    tracer: Tracer,
    todo: Vec<*mut Header>,
    /// Internal objects that were looked into: they may lead to each other.
    seen: HashSet<*mut Header>,
}

/// Whether scripts can meet the object.
fn has_class(h: &Header) -> bool { h.shape_id() != 0 && shape::shape(h.shape_id()).class.is_ref() }

impl Lister {
    fn new() -> Lister { Lister { tracer: Tracer::listing(), todo: Vec::new(), seen: HashSet::new() } }

    /// Calls `f` with each reference of `v`; what it says yes to is looked into as well.
    /// # Safety
    /// The object is held for reading, and internal objects that it leads to do not change either; or the world is stopped.
    unsafe fn each(&mut self, v: Value, f: &mut dyn FnMut(Value) -> bool) {
        let Some(p) = v.as_ptr() else { return };
        self.todo.clear();
        self.seen.clear();
        self.todo.push(p);
        while let Some(p) = self.todo.pop() {
            // SAFETY: the caller's; edges of live objects are live.
            unsafe { trace_object(p, &mut self.tracer) };
            for e in self.tracer.listed() {
                // SAFETY: as above.
                let h = unsafe { &*e };
                let storage = kinds::info(h.kind).storage;
                let inside = storage || if has_class(h) { f(Value::from_ptr(e)) } else { true };
                if inside && (storage || self.seen.insert(e)) {
                    self.todo.push(e);
                }
            }
        }
    }
}

/// The heap after a collection, with the world stopped.
pub struct Walk {
    lister: Lister,
    found: Vec<Value>,
    overflowed: bool,
}
impl Walk {
    /// Calls `f` with each object that scripts can meet.
    pub fn each(&mut self, f: &mut dyn FnMut(&mut Walk, Value)) {
        each_marked(|h| {
            // SAFETY: a collection has just ended, so what is marked is alive.
            if unsafe { has_class(&*h) } {
                f(self, Value::from_ptr(h));
            }
        });
    }
    /// Calls `f` with each reference that `v` holds; what it says yes to is looked into as if `v` held that's references too.
    pub fn references(&mut self, v: Value, f: &mut dyn FnMut(Value) -> bool) {
        // SAFETY: the world is stopped.
        unsafe { self.lister.each(v, f) }
    }
    /// The dictionary of an instance that keeps its attributes in one.
    pub fn instance_dict(&self, v: Value) -> Option<Value> {
        let h = v.header()?;
        if !h.has(flag::SLOTS) {
            return None;
        }
        let s = shape::shape(h.shape_id());
        if s.flags.load(Relaxed) & shape_flag::DICT == 0 {
            return None;
        }
        // SAFETY: the overflow word of an object with slots, while nobody writes.
        Some(unsafe { *(h as *const Header).byte_add(s.slots_at as usize).cast::<Value>() })
    }
    /// Adds an object to what was found.
    pub fn keep(&mut self, v: Value) {
        if self.found.try_reserve(1).is_ok() { self.found.push(v) } else { self.overflowed = true }
    }
}

/// What a walk kept, alive until [`Thread::end_census`].
pub struct Census {
    pub found: &'static mut [Value],
    before: (usize, usize),
}

impl Thread {
    /// Collects garbage, and has `visit` look at what is left with the world stopped. Errors: OutOfMemory.
    pub fn census(&mut self, visit: impl FnOnce(&mut Walk)) -> R<Census> {
        let before = self.local().extra;
        let (found, overflowed) = world::stopped(self, |th| {
            collect::collect(th, true);
            let mut walk = Walk { lister: Lister::new(), found: Vec::new(), overflowed: false };
            visit(&mut walk);
            let found = Box::leak(walk.found.into_boxed_slice());
            th.local().extra = (found.as_ptr() as usize, size_of_val(found));
            (found, walk.overflowed)
        });
        let census = Census { found, before };
        self.look_for_dead();
        if overflowed {
            self.end_census(census);
            return Err(self.raise_oom());
        }
        Ok(census)
    }
    pub fn end_census(&mut self, c: Census) {
        self.local().extra = c.before;
        // SAFETY: leaked by `census`.
        drop(unsafe { Box::from_raw(c.found) });
    }

    /// Each object that `v` refers to, as often as it does. Errors: Abort; OutOfMemory.
    pub fn references(&mut self, v: Value) -> R<RootedVec> {
        let mut room = 8;
        loop {
            let out = RootedVec::with_capacity(self, room)?;
            let Some(h) = v.header() else { return Ok(out) };
            self.access_read(h)?;
            let mut found = Vec::new();
            // SAFETY: held for reading since the last safepoint.
            unsafe {
                Lister::new().each(v, &mut |x| {
                    found.push(x);
                    false
                })
            };
            if found.len() <= room {
                // There is room: nothing is allocated, so nothing found can die.
                out.extend(self, &found)?;
                return Ok(out);
            }
            room = found.len();
        }
    }
}
