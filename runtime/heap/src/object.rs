//! Object headers, typed references and the `object!` macro that declares a heap object's layout.
//!
//! Every heap object starts with a 16-byte [`Header`]; what follows is plain old data plus Values, without `Drop`. Objects never
//! move. `object!` writes the struct, its trace function and its size function from one declaration.

use crate::collect::Tracer;
use crate::value::Value;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, Ordering::Relaxed};

#[repr(C)]
pub struct Header {
    /// The access word of PROTOCOL.md.
    pub access: AtomicU64,
    /// Index into the shape table ([`crate::shape`]).
    pub shape: AtomicU32,
    /// Which layout the payload has; index into the kind table.
    pub kind: u16,
    /// [`flag`] bits.
    pub flags: AtomicU16,
}

pub mod flag {
    /// The object carries shaped slots after its fixed payload; where, its shape tells.
    pub const SLOTS: u16 = 1;
    /// Queued for its class's `__del__` when it dies.
    pub const FINALIZER: u16 = 2;
    /// Some weak reference points here.
    pub const WEAKREF: u16 = 4;
    /// Lives in the large-object space.
    pub const LARGE: u16 = 8;
    /// An array result that only the running expression holds: its buffer may be reused when the operand dies.
    pub const TEMP: u16 = 16;
    /// Python 2: a heap integer of at most 64 bits that is an `int`, not a `long`.
    pub const SMALL_INT: u16 = 32;
    /// Immutable after construction: all read bits set, never written through a barrier.
    pub const FROZEN: u16 = 64;
    /// A variable-size object followed by one word with its instance dictionary (subclasses of str, tuple, int ...).
    pub const TAIL_DICT: u16 = 128;
    /// A text that stands in the intern table.
    pub const INTERNED: u16 = 256;
    /// Its own changes mean nothing to scripts (a namespace that gets an empty cell): aborts leave them.
    pub const UNDONE_NEVER: u16 = 2048;
    /// Other threads had to be asked for it: a transaction gives it up at its end.
    pub const CONTENDED: u16 = 4096;
    /// Free for the type to use (its declaration says for what).
    pub const USER1: u16 = 512;
    pub const USER2: u16 = 1024;
}

impl Header {
    /// Placeholder in a payload literal; allocation fills the real one in.
    pub const NEW: Header = Header { access: AtomicU64::new(0), shape: AtomicU32::new(0), kind: 0, flags: AtomicU16::new(0) };
    #[inline(always)]
    pub fn has(&self, flag: u16) -> bool { self.flags.load(Relaxed) & flag != 0 }
    #[inline(always)]
    pub fn set(&self, flag: u16) { self.flags.fetch_or(flag, Relaxed); }
    #[inline(always)]
    pub fn clear(&self, flag: u16) { self.flags.fetch_and(!flag, Relaxed); }
    #[inline(always)]
    pub fn shape_id(&self) -> u32 { self.shape.load(Relaxed) }
}

/// Flags that other threads or the collector rely on: an abort leaves them as they are.
pub(crate) const KEPT_FLAGS: u16 = flag::WEAKREF | flag::FINALIZER | flag::LARGE | flag::INTERNED | flag::UNDONE_NEVER | flag::CONTENDED;

/// What the heap must know of a layout. Registered once at start-up by the crate that declares it.
#[derive(Clone, Copy)]
pub struct KindInfo {
    pub name: &'static str,
    pub kind: u16,
    /// Bytes of header and payload, without tail, shaped slots and [`flag::TAIL_DICT`]'s word.
    pub fixed: u32,
    /// Bytes of a tail item, 0 without a tail. The number of items is the word after the header and never changes.
    pub tail: u32,
    /// Visits every Value and reference of payload and tail.
    pub trace: unsafe fn(*const Header, &mut Tracer),
    /// Whether there may be any.
    pub edges: bool,
    /// Releases outside resources when the object dies. Must not touch other objects.
    pub release: Option<unsafe fn(*mut Header)>,
    /// Immutable after construction.
    pub frozen: bool,
    /// Storage of an owner: no access word of its own, traced with its owner.
    pub storage: bool,
    /// Where references to storage lie.
    pub storage_in: StorageIn,
    /// The same for the most common kinds, those without a tail, filled in by the table: 0 for none, one offset, or [`KindInfo::MUCH_STORAGE`].
    pub one_storage: u16,
}
impl KindInfo {
    pub const MUCH_STORAGE: u16 = u16::MAX;
}

/// Which of an object's fields lead to its storage.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum StorageIn {
    /// Any may.
    Any,
    /// Those at these offsets in bytes, each an `Option<Gc<_>>` or a `Gc<_>` of storage that leads to no other. Storage in an overflow word
    /// ([`flag::SLOTS`]) is not meant.
    At(&'static [u16]),
}

/// # Safety
/// Implemented by `object!` only: `repr(C)`, header first, `KIND` used for no other layout.
pub unsafe trait Object: 'static {
    const KIND: u16;
    const INFO: KindInfo;
    /// Element size of the tail in bytes, 0 without one.
    const TAIL: usize;
}

/// A typed reference to a heap object. Copy; keeps the object alive while it is on a native stack, the value stack or in an object.
#[repr(transparent)]
pub struct Gc<T>(NonNull<T>, PhantomData<*mut T>);

impl<T> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Self { *self }
}
impl<T> Copy for Gc<T> {}
impl<T> PartialEq for Gc<T> {
    #[inline(always)]
    fn eq(&self, o: &Self) -> bool { self.0 == o.0 }
}
impl<T> Eq for Gc<T> {}
// SAFETY: a reference by itself gives no access to the payload; guards and frozen reads do, and they follow the protocol.
unsafe impl<T> Send for Gc<T> {}
unsafe impl<T> Sync for Gc<T> {}

impl<T> Gc<T> {
    /// # Safety
    /// `p` is a live object with payload `T`.
    #[inline(always)]
    pub const unsafe fn from_ptr(p: *mut T) -> Gc<T> { Gc(unsafe { NonNull::new_unchecked(p) }, PhantomData) }
    #[inline(always)]
    pub fn as_ptr(self) -> *mut T { self.0.as_ptr() }
    #[inline(always)]
    pub fn value(self) -> Value { Value::from_ptr(self.0.as_ptr().cast()) }
    #[inline(always)]
    pub fn header(&self) -> &Header {
        // SAFETY: every object starts with its header and is alive while a reference to it is visible.
        unsafe { &*self.0.as_ptr().cast() }
    }
}
impl<T> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(g: Gc<T>) -> Value { g.value() }
}
impl<T> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { write!(f, "<gc {:p}>", self.0) }
}

/// What an object's field may be: the collector must be able to visit it.
pub trait Trace {
    /// Whether it may hold a reference.
    const EDGES: bool = true;
    fn trace(&self, t: &mut Tracer);
}
impl Trace for Value {
    #[inline(always)]
    fn trace(&self, t: &mut Tracer) { t.value(*self) }
}
impl<T> Trace for Gc<T> {
    #[inline(always)]
    fn trace(&self, t: &mut Tracer) { t.value(self.value()) }
}
impl<T> Trace for Option<Gc<T>> {
    #[inline(always)]
    fn trace(&self, t: &mut Tracer) {
        if let Some(g) = self {
            t.value(g.value())
        }
    }
}
impl<T: Trace, const N: usize> Trace for [T; N] {
    #[inline(always)]
    fn trace(&self, t: &mut Tracer) { self.iter().for_each(|x| x.trace(t)) }
    const EDGES: bool = T::EDGES;
}
macro_rules! untraced { ($($t:ty),*) => { $(impl Trace for $t { const EDGES: bool = false; #[inline(always)] fn trace(&self, _: &mut Tracer) {} })* } }
untraced!(bool, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, isize, f32, f64, AtomicU32, AtomicU64, AtomicU16, std::sync::atomic::AtomicUsize, std::sync::atomic::AtomicBool, std::sync::atomic::AtomicU8);
impl<T> Trace for *const T {
    const EDGES: bool = false;
    fn trace(&self, _: &mut Tracer) {}
}
impl<T> Trace for *mut T {
    const EDGES: bool = false;
    fn trace(&self, _: &mut Tracer) {}
}

/// A field of a frozen object that is filled in later (a cache, a lazily made dictionary). Store through
/// [`crate::Thread::set_late`], so that the collector hears of it.
#[repr(transparent)]
pub struct Late(pub AtomicU64);
impl Late {
    pub const fn new(v: Value) -> Late { Late(AtomicU64::new(v.0)) }
    #[inline(always)]
    pub fn get(&self) -> Value { Value(self.0.load(std::sync::atomic::Ordering::Acquire)) }
}
impl Trace for Late {
    fn trace(&self, t: &mut Tracer) { t.value(self.get()) }
}

/// Declares a heap object's layout.
///
/// ```ignore
/// object! {
///     /// What it is.
///     pub struct List = kinds::LIST { pub len: Value, pub items: Gc<Values> }
/// }
/// object! { pub struct Tuple = kinds::TUPLE, frozen { } tail items: Value }      // adds `len: usize` and a tail of `len` items
/// object! { pub struct Values = kinds::VALUES, storage { } tail items: Value }
/// object! { pub struct File = kinds::FILE, release = close_file { pub fd: i32 } }
/// ```
/// Modifiers, in any order after the kind: `frozen`, `storage`, `release = path`, and `storage_in(fields, ...)`: see [`StorageIn`].
#[macro_export]
macro_rules! object {
    ($(#[$m:meta])* $vis:vis struct $name:ident = $kind:path $(, $mod:ident $(($($field:ident),*))? $(= $arg:path)?)* {
        $($(#[$fm:meta])* $fvis:vis $f:ident : $ft:ty),* $(,)?
    } $(tail $tail:ident : $tt:ty)?) => {
        $crate::object!(@struct [$(#[$m])*] $vis $name [$($(#[$fm])* $fvis $f: $ft,)*] $($tail: $tt)?);
        const _: () = {
            #[allow(unused_unsafe, unused_variables)]
            unsafe fn trace(h: *const $crate::Header, t: &mut $crate::Tracer) {
                // SAFETY: the table of kinds gives this function live objects of this kind.
                unsafe {
                    let o = &*h.cast::<$name>();
                    $($crate::Trace::trace(&o.$f, t);)*
                    $(t.begin_tail();
                    for x in $crate::tail_of::<$name, $tt>(o, o.len) { $crate::Trace::trace(x, t) })?
                }
            }
            #[allow(unused_mut)]
            const INFO: $crate::KindInfo = {
                let mut i = $crate::KindInfo { name: stringify!($name), kind: $kind, fixed: std::mem::size_of::<$name>() as u32, tail: 0 $(+ std::mem::size_of::<$tt>() as u32)?, trace, edges: false $(|| <$ft as $crate::Trace>::EDGES)* $(|| <$tt as $crate::Trace>::EDGES)?, release: None, frozen: false, storage: false, storage_in: $crate::StorageIn::Any, one_storage: 0 };
                if !i.edges {
                    i.storage_in = $crate::StorageIn::At(&[]);
                }
                $($crate::object!(@mod i $name $mod $(($($field),*))? $($arg)?);)*
                i
            };
            // SAFETY: repr(C) with the header first, by construction; the kind table refuses a number that is used twice.
            unsafe impl $crate::Object for $name {
                const KIND: u16 = $kind;
                const INFO: $crate::KindInfo = INFO;
                const TAIL: usize = 0 $(+ std::mem::size_of::<$tt>())?;
            }
        };
        $crate::object!(@tail $vis $name $($tail: $tt)?);
    };
    (@struct [$($m:tt)*] $vis:vis $name:ident [$($fields:tt)*]) => {
        $($m)* #[repr(C)] $vis struct $name { pub header: $crate::Header, $($fields)* }
    };
    (@struct [$($m:tt)*] $vis:vis $name:ident [$($fields:tt)*] $tail:ident: $tt:ty) => {
        $($m)* #[repr(C)] $vis struct $name { pub header: $crate::Header, /** Items in the tail. */ pub len: usize, $($fields)* }
    };
    (@tail $vis:vis $name:ident) => {};
    (@tail $vis:vis $name:ident $tail:ident: $tt:ty) => {
        impl $name {
            /// The items after the fixed part.
            #[inline(always)]
            $vis fn $tail(&self) -> &[$tt] {
                // SAFETY: the object was allocated with `len` items after its fixed part.
                unsafe { $crate::tail_of::<$name, $tt>(self, self.len) }
            }
            /// The items, for the creator before the object is reachable by others, or under the owner's write guard.
            /// # Safety
            /// No other thread can reach the object, or the caller holds its owner for writing.
            #[inline(always)]
            #[allow(clippy::mut_from_ref)]
            $vis unsafe fn tail_mut(&self) -> &mut [$tt] {
                unsafe { std::slice::from_raw_parts_mut((self as *const $name).add(1).cast::<$tt>().cast_mut(), self.len) }
            }
        }
    };
    (@mod $i:ident $name:ident frozen) => { $i.frozen = true; };
    (@mod $i:ident $name:ident storage) => { $i.storage = true; };
    (@mod $i:ident $name:ident release $p:path) => { $i.release = Some($p); };
    (@mod $i:ident $name:ident storage_in ($($field:ident),*)) => { $i.storage_in = $crate::StorageIn::At(&[$(std::mem::offset_of!($name, $field) as u16),*]); };
}

/// # Safety
/// `o` was allocated with `len` items of type `E` after its fixed part.
#[inline(always)]
pub unsafe fn tail_of<T, E>(o: &T, len: usize) -> &[E] {
    unsafe { std::slice::from_raw_parts((o as *const T).add(1).cast::<E>(), len) }
}
