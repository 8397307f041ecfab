//! Shapes (hidden classes): which slot of an instance holds which attribute, and which class it belongs to.
//!
//! A shape is a 64-byte record in one reserved region, addressed by a 32-bit number, never moved, never reused, so that an
//! inline cache may keep the number alone. A class has one tree of shapes per inline capacity; adding an attribute goes to a
//! child. Readers need no lock; a short lock orders the making of children.

use crate::object::Header;
use crate::value::Value;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicU16, AtomicU32, AtomicUsize, Ordering::*};

#[repr(C, align(64))]
pub struct Shape {
    /// The class; kept alive by any marked instance.
    pub class: Value,
    /// Interned name of the last slot; UNSET in a root.
    pub name: Value,
    /// Bumped when an attribute is added to or taken from the class or a base, so that method caches miss.
    pub version: AtomicU32,
    /// The shape without the last slot; 0 in a root.
    pub parent: u32,
    pub root: u32,
    pub first_child: AtomicU32,
    pub next_sibling: AtomicU32,
    /// Collector: number of the last collection that marked the class.
    pub mark: AtomicU32,
    /// Byte offset in the object of the overflow word; the inline slots follow. 0 = instances have no slots.
    pub slots_at: u16,
    /// Inline slots that an instance has room for.
    pub inline: u16,
    /// Named slots so far; those from `inline` on live in the overflow storage.
    pub count: u16,
    pub flags: AtomicU16,
    /// Words of a small instance behind its access word, when these are all that writing it changes; 0 for others.
    pub whole: u16,
}

pub mod shape_flag {
    /// Attributes live in the dictionary that the overflow word holds, not in slots.
    pub const DICT: u16 = 1;
    /// The class (or a base) defines `__getattribute__`, `__setattr__` or `__delattr__`: no inline caches.
    pub const CUSTOM: u16 = 2;
    /// A slot that the class declares has the name of another attribute of its instances.
    pub const HIDDEN_SLOT: u16 = 4;
}

/// Shapes that there may be, unless a limit on addresses allows fewer.
const MAX: usize = 1 << 22;
/// Those that only roots may take, and of these the last that classes can do without an error.
const FOR_ROOTS: usize = 1 << 12;
const FOR_MORE_ROOTS: usize = 1 << 11;
/// Shapes that follow one shape: objects with ever new attributes are better off with a dictionary.
const FAN_OUT: usize = 256;
static ROOM: AtomicUsize = AtomicUsize::new(0);
static BASE: AtomicPtr<Shape> = AtomicPtr::new(std::ptr::null_mut());
static NEXT: AtomicU32 = AtomicU32::new(1);
static MAKING: Mutex<()> = Mutex::new(());

/// Reserves the table's address space, of which there is so much in all. Called once, before any object is made. False if the system refuses.
pub(crate) fn init(limit: usize) -> bool {
    let _making = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    let mut room = MAX;
    while room * size_of::<Shape>() > limit / 16 {
        room /= 2;
    }
    // Pages come when touched and are zero, a valid Shape.
    let p = crate::space::map(room * size_of::<Shape>());
    ROOM.store(room, Relaxed);
    BASE.store(p.cast(), Release);
    !p.is_null() && room > 4 * FOR_ROOTS
}

#[inline(always)]
pub fn base() -> *mut Shape { BASE.load(Relaxed) }

#[inline(always)]
pub fn shape(id: u32) -> &'static Shape {
    // SAFETY: ids come from `new_root` and `child`, both below NEXT; records live as long as the process.
    unsafe { &*base().add(id as usize) }
}

/// Larger instances are not looked through.
const MOST: usize = 8;
/// The word of the first inline slot in an object whose slots follow its header.
pub const FIRST_SLOT: usize = size_of::<Header>() / size_of::<Value>() + 1;
/// [`Shape::whole`]. An object whose slots follow its header has no payload, and so no storage but that of more slots.
fn whole(slots_at: u16, inline: u16, count: u16, flags: u16) -> u16 {
    let n = slots_at / 8 + inline;
    let all = slots_at as usize == size_of::<Header>() && count <= inline && flags & shape_flag::DICT == 0;
    if all && n as usize <= MOST { n } else { 0 }
}

/// Numbers given out so far: 1..count().
pub fn count() -> u32 { NEXT.load(Acquire) }

/// Enters a shape, if `spare` more would still fit.
fn fresh(s: Shape, spare: usize) -> Option<u32> {
    let id = NEXT.load(Relaxed);
    if id as usize + spare >= ROOM.load(Relaxed) {
        return None;
    }
    // SAFETY: the record is not yet reachable and MAKING is held.
    unsafe { base().add(id as usize).write(s) };
    NEXT.store(id + 1, Release);
    Some(id)
}

/// A shape without attributes for instances of `class`: `slots_at` bytes of fixed payload, then the overflow word, then `inline` slots.
/// None when there are too many: for new classes.
pub fn first_root(class: Value, slots_at: u16, inline: u16, flags: u16, version: u32) -> Option<u32> { make_root(class, slots_at, inline, flags, version, FOR_MORE_ROOTS) }
/// As `first_root`, for a class that has one, and for the first classes of all.
/// # Panics
/// When the room that is kept for these is used up: each class needs a handful at most, and new classes have long failed then.
pub fn new_root(class: Value, slots_at: u16, inline: u16, flags: u16, version: u32) -> u32 { make_root(class, slots_at, inline, flags, version, 0).expect("room is kept for roots") }
fn make_root(class: Value, slots_at: u16, inline: u16, flags: u16, version: u32, spare: usize) -> Option<u32> {
    let _making = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    let id = NEXT.load(Relaxed);
    fresh(Shape {
        class, name: Value::UNSET, version: AtomicU32::new(version), parent: 0, root: id, first_child: AtomicU32::new(0),
        next_sibling: AtomicU32::new(0), mark: AtomicU32::new(0), slots_at, inline, count: 0, flags: AtomicU16::new(flags), whole: whole(slots_at, inline, 0, flags),
    }, spare)
}

/// The class of a shape whose class object is made after it (the first types of all).
pub fn set_class(id: u32, class: Value) {
    let _making = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    // SAFETY: done once at start-up or before the first instance exists, so nobody reads it meanwhile.
    unsafe { (*base().add(id as usize)).class = class };
}

/// The slot of `name` (an interned text, compared by identity), if the shape has it.
pub fn lookup(mut id: u32, name: Value) -> Option<u16> {
    loop {
        let s = shape(id);
        if s.count == 0 {
            return None;
        }
        if s.name == name {
            return Some(s.count - 1);
        }
        id = s.parent;
    }
}

/// The shape that follows when the attribute `name` is added. None when an object can hold no more slots, or there are too many shapes: it
/// gets a dictionary then.
pub fn child(id: u32, name: Value) -> Option<u32> {
    let s = shape(id);
    if s.count >= 1000 {
        return None;
    }
    // The child, or how many there are.
    let find = || {
        let (mut c, mut n) = (s.first_child.load(Acquire), 0);
        while c != 0 {
            if shape(c).name == name {
                return Ok(c);
            }
            n += 1;
            c = shape(c).next_sibling.load(Relaxed);
        }
        Err(n)
    };
    match find() {
        Ok(c) => return Some(c),
        Err(FAN_OUT) => return None,
        Err(_) => {}
    }
    let _making = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    match find() {
        Ok(c) => return Some(c),
        Err(FAN_OUT) => return None,
        Err(_) => {}
    }
    let flags = s.flags.load(Relaxed);
    let c = fresh(Shape {
        class: s.class, name, version: AtomicU32::new(s.version.load(Relaxed)), parent: id, root: s.root, first_child: AtomicU32::new(0),
        next_sibling: AtomicU32::new(s.first_child.load(Relaxed)), mark: AtomicU32::new(0), slots_at: s.slots_at, inline: s.inline, count: s.count + 1,
        flags: AtomicU16::new(flags), whole: whole(s.slots_at, s.inline, s.count + 1, flags),
    }, FOR_ROOTS)?;
    s.first_child.store(c, Release);
    Some(c)
}

/// Names of a shape's slots in the order in which they were added.
pub fn names(id: u32) -> impl Iterator<Item = (u16, Value)> {
    let n = shape(id).count;
    let mut ids = vec![0u32; n as usize];
    let mut at = id;
    while shape(at).count > 0 {
        ids[shape(at).count as usize - 1] = at;
        at = shape(at).parent;
    }
    ids.into_iter().enumerate().map(|(i, id)| (i as u16, shape(id).name))
}

/// Sets the version of every shape of a class: all trees whose roots hang together from `root` on. The world is stopped or the class
/// unpublished.
pub fn set_version(root: u32, version: u32) { for_tree(root, |s| s.version.store(version, Relaxed)) }

fn for_tree(root: u32, f: impl Fn(&Shape)) {
    let mut todo = vec![root];
    while let Some(id) = todo.pop() {
        let s = shape(id);
        f(s);
        for next in [s.first_child.load(Acquire), s.next_sibling.load(Acquire)] {
            if next != 0 {
                todo.push(next);
            }
        }
    }
}

/// Sets a flag in every shape of a class. The class is unpublished or the world stopped.
pub fn set_flag(root: u32, flag: u16) {
    for_tree(root, |s| {
        s.flags.fetch_or(flag, Relaxed);
    });
}

/// Hangs a further root of the same class behind `root`, so that changes of the class reach it.
pub fn link_root(root: u32, other: u32) {
    let _making = MAKING.lock().unwrap_or_else(|e| e.into_inner());
    shape(other).next_sibling.store(shape(root).next_sibling.load(Relaxed), Release);
    shape(root).next_sibling.store(other, Release);
}
