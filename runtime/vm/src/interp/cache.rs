//! Inline caches of attribute access.
//!
//! A cache word is 0, or describes one shape in itself, or is the address of an [`Entry`]. A word that describes a slot: shape number in the
//! low half; in the upper half either bit 31 and the slot's byte offset (an attribute that exists), or bit 30 and the number of the shape
//! that follows (an attribute that a store adds). Shape numbers and offsets of a described slot stay true: when a class later gets a data
//! descriptor of a slot's name, all words are cleared with the world stopped. Entries live for ever and never change; a site stops
//! making them after [`MISSES`].

use crate::types::module::Module;
use crate::types::type_::Type;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::shape::{self, Shape, shape_flag};
use txpy_heap::{Gc, Header, Value};

/// What an attribute was found to be for a shape.
pub struct Entry {
    pub shape: u32,
    pub version: u32,
    /// The function in the class, the getter, or the attribute's cell; UNSET for slots.
    pub value: Value,
    pub what: What,
    pub count: u32,
    pub next: *const Entry,
}
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A Python function: binds.
    Function,
    /// A native method: binds, `self` is known to fit.
    Native,
    /// A class attribute that is no descriptor: `value` is its cell.
    Cell,
    /// The instance's own attribute at this byte offset.
    Slot(u32),
    /// A store that adds an inline slot and leads to this shape.
    Add(u32),
    /// A property: `value` is its getter, a Python function.
    Property,
    /// A name of the module with this serial number: `value` is its cell.
    Module(u32),
    /// An attribute, found as it is, of the class with this version: `value` is its cell.
    Class(u32),
}
const MISSES: u32 = 24;
const CHAIN: usize = 6;

/// The byte offset that the word describes for a shape, if it is about that shape.
#[inline(always)]
pub fn slot_offset(word: u64, shape: u32) -> Option<usize> { if word as u32 == shape && (word as i64) < 0 { Some(offset(word)) } else { None } }
/// The byte offset in a word that describes a slot.
#[inline(always)]
pub fn offset(word: u64) -> usize { (word >> 32) as usize & 0x7FFF_FFFF }
#[inline(always)]
pub fn next_shape(word: u64, shape: u32) -> Option<u32> { if word as u32 == shape && word >> 62 == 1 { Some((word >> 32) as u32 & 0x3FFF_FFFF) } else { None } }

pub fn describe(shape: u32, offset: usize) -> u64 { shape as u64 | (offset as u64) << 32 | 1 << 63 }
pub fn describe_add(shape: u32, next: u32) -> u64 { shape as u64 | (next as u64) << 32 | 1 << 62 }

/// Byte offset of slot `i` if it lies inline.
#[inline(always)]
pub fn inline_offset(s: &Shape, i: u16) -> Option<usize> { if i < s.inline { Some(s.slots_at as usize + 8 + 8 * i as usize) } else { None } }

/// The first entry that the word leads to, null when it describes a slot or nothing.
#[inline(always)]
fn chain(word: u64) -> *const Entry { if word >> 62 == 0 { word as *const Entry } else { std::ptr::null() } }

/// The entry for an object of this shape in the word's chain.
#[inline(always)]
pub fn entry<'a>(word: u64, shape: u32) -> Option<&'a Entry> {
    let mut e = chain(word);
    // SAFETY: a word without the two upper bits is 0 or the address of a leaked entry.
    unsafe {
        while !e.is_null() {
            if (*e).shape == shape {
                return if shape::shape(shape).version.load(Relaxed) == (*e).version { Some(&*e) } else { None };
            }
            e = (*e).next;
        }
    }
    None
}

/// An object's shape and the state of its class before something was looked up: other threads may change both meanwhile, and what was
/// found holds for these.
#[derive(Clone, Copy)]
pub struct Seen {
    pub id: u32,
    version: u32,
}
pub fn seen(h: &Header) -> Seen { Seen::of(h.shape_id()) }
impl Seen {
    pub fn of(id: u32) -> Seen { Seen { id, version: shape::shape(id).version.load(Relaxed) } }
}

/// Adds an entry to a site's chain, if the shape allows caching and the site does not miss too often.
pub fn remember(cache: &AtomicU64, seen: Seen, value: Value, what: What) {
    let id = seen.id;
    let s = shape::shape(id);
    if s.flags.load(Relaxed) & (shape_flag::DICT | shape_flag::CUSTOM) != 0 {
        return;
    }
    let word = cache.load(Relaxed);
    let old = chain(word);
    // A word that describes a slot becomes an entry, so that a site with several shapes keeps them all.
    let old = if old.is_null() && word >> 62 != 0 && word as u32 != id {
        let of = word as u32;
        let what = if word >> 63 == 1 { What::Slot((word >> 32) as u32 & 0x7FFF_FFFF) } else { What::Add((word >> 32) as u32 & 0x3FFF_FFFF) };
        leak(Entry { shape: of, version: shape::shape(of).version.load(Relaxed), value: Value::UNSET, what, count: 0, next: old })
    } else {
        old
    };
    // SAFETY: as in `entry`.
    let (count, chain) = unsafe {
        if old.is_null() {
            (0, old)
        } else {
            let mut n = 0;
            let mut e = old;
            let mut stale = false;
            while !e.is_null() {
                n += 1;
                stale |= (*e).shape == id;
                e = (*e).next;
            }
            ((*old).count + 1, if n >= CHAIN || stale { std::ptr::null() } else { old })
        }
    };
    if count > MISSES {
        return;
    }
    cache.store(leak(Entry { shape: id, version: seen.version, value, what, count, next: chain }) as u64, Relaxed);
}
fn leak(e: Entry) -> *const Entry { Box::leak(Box::new(e)) }

/// Remembers where a shape keeps the attribute: in the word itself while the site has seen one shape only.
pub fn remember_slot(cache: &AtomicU64, seen: Seen, offset: usize) {
    let (word, id) = (cache.load(Relaxed), seen.id);
    if word == 0 || word as u32 == id && word >> 62 != 0 { cache.store(describe(id, offset), Relaxed) } else { remember(cache, seen, Value::UNSET, What::Slot(offset as u32)) }
}

/// Remembers that a store adds an inline slot to objects of shape `id` and leads to shape `next`.
pub fn remember_add(cache: &AtomicU64, id: u32, next: u32) {
    let word = cache.load(Relaxed);
    if word == 0 || word as u32 == id && word >> 62 != 0 { cache.store(describe_add(id, next), Relaxed) } else { remember(cache, Seen::of(id), Value::UNSET, What::Add(next)) }
}

/// Whether the word says where a slot of such objects lies, or that it is to be added.
pub fn knows_slot(word: u64, shape: u32) -> bool {
    slot_offset(word, shape).is_some() || next_shape(word, shape).is_some() || matches!(entry(word, shape).map(|e| &e.what), Some(What::Slot(_) | What::Add(_)))
}

/// Whether the object of the entry's shape is the very module or class (in the very version) that the entry is about. A cell of
/// their class is all instances'.
#[inline(always)]
pub fn same_owner(e: &Entry, h: *const Header) -> bool {
    // SAFETY: the entry's shape is the root shape of exact modules, or of exact classes.
    unsafe {
        match e.what {
            What::Module(serial) => (*h.cast::<Module>()).serial == serial,
            What::Class(version) => (*h.cast::<Type>()).version.load(Relaxed) == version,
            What::Cell => true,
            _ => false,
        }
    }
}

/// Whether instances of the class may be described by words at all.
pub fn cacheable(h: &Header) -> bool { shape::shape(h.shape_id()).flags.load(Relaxed) & (shape_flag::DICT | shape_flag::CUSTOM) == 0 }

/// All instruction streams with their lengths, so that their caches can be cleared.
static STREAMS: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());
pub fn register(stream: *const u64, len: usize) { STREAMS.lock().unwrap_or_else(|e| e.into_inner()).push((stream as usize, len)) }
pub fn unregister(stream: *const u64) { STREAMS.lock().unwrap_or_else(|e| e.into_inner()).retain(|s| s.0 != stream as usize) }

/// Clears the attribute caches of all code. The world is stopped.
pub fn clear_all() {
    use txpy_compiler::ops::{Insn, Op};
    for (start, len) in STREAMS.lock().unwrap_or_else(|e| e.into_inner()).iter() {
        let mut at = 0;
        while at < *len {
            // SAFETY: a registered stream lives until it is unregistered; nobody else runs.
            let w = unsafe { *(*start as *const u64).add(at) };
            let Some(op) = Insn(w).op() else { break };
            if matches!(op, Op::GETATTR | Op::SETATTR | Op::CALLM | Op::METHOD) {
                // SAFETY: the cache word follows its instruction.
                unsafe { (*(*start as *const AtomicU64).add(at + 1)).store(0, Relaxed) };
            }
            at += op.len();
        }
    }
}

/// The class of a shape.
pub fn class_of(id: u32) -> Option<Gc<Type>> { shape::shape(id).class.cast() }
