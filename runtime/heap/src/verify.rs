//! Heap verifier: after a collection, every reference in the heap leads to a marked object, and the word of each object agrees
//! with the collector's state.

use crate::kinds;
use crate::mark::{Tracer, trace_object};
use crate::object::{Header, StorageIn};
use crate::protocol::word::OLD;
use crate::shape;
use crate::space::*;
use crate::thread::Thread;
use crate::value::Value;
use std::sync::atomic::Ordering::*;

/// Checks the whole heap. The world is stopped, a collection has just ended.
/// # Panics
/// At the first violation, naming the object.
pub fn check(threads: &[*mut Thread], epoch: u32) {
    let blocks = lock();
    let (high, used) = (blocks.high, blocks.used);
    let mut in_use = 0;
    for b in 0..high {
        let m = meta(b);
        match m.state.load(Relaxed) {
            state::FREE => {
                assert!(m.marks.iter().all(|w| w.load(Relaxed) == 0), "marks in free block {b}");
                continue;
            }
            state::REST => {
                assert!(meta(m.head.load(Relaxed)).state.load(Relaxed) == state::LARGE, "block {b} belongs to no large object");
                in_use += 1;
                continue;
            }
            _ => in_use += 1,
        }
        assert!(m.taken.load(Relaxed) == 0 || m.state.load(Relaxed) == state::LARGE, "block {b} has allocation after a collection");
        let mut end = 0usize;
        for (i, word) in m.marks.iter().enumerate() {
            let mut bits = word.load(Relaxed);
            while bits != 0 {
                let p = block_address(b) as usize + (i * 64 + bits.trailing_zeros() as usize) * GRANULE;
                bits &= bits - 1;
                assert!(p >= end, "objects overlap at {p:#x}");
                // SAFETY: a mark bit says that an object starts here; that is what is being checked.
                end = p + unsafe { object(p as *mut Header, epoch) };
            }
        }
    }
    assert!(in_use == used, "{used} blocks are counted in use, {in_use} are");
    drop(blocks);
    for &t in threads {
        // SAFETY: listed threads are alive and stopped.
        let t = unsafe { &mut *t };
        if !t.attached {
            continue;
        }
        for v in t.roots.iter().chain([&t.exception, &t.handled]) {
            if let Some(p) = v.as_ptr() {
                marked(p, std::ptr::null());
            }
        }
        assert!(t.local().remembered.is_empty(), "remembered objects after a collection");
    }
}

/// # Safety
/// `h` is an object's header, and the world is stopped.
unsafe fn object(h: *mut Header, epoch: u32) -> usize {
    // SAFETY: the caller's.
    unsafe {
        let k = kinds::info((*h).kind);
        assert!(k.kind != 0 && ((*h).kind as usize) < kinds::MAX_KINDS, "object {h:p} has the unknown kind {}", (*h).kind);
        let bytes = kinds::size_of_object(h);
        let m = meta(block_of(h as usize).expect("in the heap"));
        if m.state.load(Relaxed) == state::SMALL {
            let at = h as usize & (BLOCK - 1);
            assert!(at + bytes <= BLOCK && bytes <= LARGE, "{} {h:p} of {bytes} bytes leaves its block", k.name);
            for l in at / LINE..=(at + bytes - 1) / LINE {
                assert!(m.lines[l].load(Relaxed) == 1, "a line of {} {h:p} counts as free", k.name);
            }
        } else {
            assert!(h as usize == h as usize & !(BLOCK - 1) && bytes <= m.run.load(Relaxed) as usize * BLOCK, "large {} {h:p}", k.name);
        }
        // The remembered set is empty, so each survivor must have OLD: its next write is to be noticed.
        let w = (*h).access.load(Relaxed);
        assert!(w & OLD != 0, "{} {h:p} survived without OLD: {w:#x}", k.name);
        let id = (*h).shape_id();
        if id != 0 && shape::shape(id).mark.load(Relaxed) == epoch
            && let Some(c) = shape::shape(id).class.as_ptr()
        {
            marked(c, h);
        }
        let mut t = Tracer::listing();
        trace_object(h, &mut t);
        for p in t.listed() {
            marked(p, h);
        }
        if let StorageIn::At(fields) = k.storage_in {
            (k.trace)(h, &mut t);
            for p in t.listed() {
                let known = fields.iter().any(|&at| *h.byte_add(at as usize).cast::<*mut Header>() == p);
                assert!(known || !kinds::info((*p).kind).storage, "{} {h:p} has storage {p:p} where none is said to be", k.name);
            }
        }
        if k.storage {
            trace_object(h, t.only_tail());
            for p in t.listed() {
                // Storage without references is harmless there.
                let mut inner = Tracer::listing();
                trace_object(p, &mut inner);
                assert!(!kinds::info((*p).kind).storage || inner.listed().len() == 0, "storage {} {h:p} holds storage {p:p} in its tail", k.name);
            }
        }
        bytes
    }
}

fn marked(p: *mut Header, from: *const Header) {
    let kind = |h: *const Header| {
        if h.is_null() {
            return "a root";
        }
        // SAFETY: `h` is a checked object.
        kinds::info(unsafe { (*h).kind }).name
    };
    let b = block_of(p as usize).unwrap_or_else(|| panic!("{} {from:p} refers to {p:p}, which is not in the heap", kind(from)));
    assert!(p as usize % GRANULE == 0 && meta(b).is_marked(p), "{} {from:p} refers to {p:p}, which is not marked", kind(from));
    debug_assert!(Value::from_ptr(p).is_ref());
}
