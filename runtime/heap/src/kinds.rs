//! The table of kinds (layouts) and the kinds that the heap itself owns.

use crate::collect::Tracer;
use crate::object::{Header, KindInfo, StorageIn, flag};
use crate::shape;
use crate::value::Value;
use std::cell::UnsafeCell;
use std::sync::Mutex;

/// Kind numbers are below this.
pub const MAX_KINDS: usize = 2048;

pub mod kind {
    pub const VALUES: u16 = 1;
    pub const BYTES8: u16 = 2;
    pub const BUFFER: u16 = 3;
    pub const ROOTED: u16 = 4;
    pub const WEAK: u16 = 5;
}

object! {
    /// Storage of lists, dictionaries, instances: Values under the access word of their owner.
    pub struct Values = kind::VALUES, storage {} tail items: Value
}
object! {
    /// Storage of plain bytes under the access word of their owner.
    pub struct Bytes8 = kind::BYTES8, storage {} tail bytes: u8
}

unsafe fn trace_nothing(_: *const Header, _: &mut Tracer) {}

/// Kind 0: never registered; ends the walk of a half-filled hole.
const NO_KIND: KindInfo =
    KindInfo { name: "", kind: 0, fixed: 0, tail: 0, trace: trace_nothing, edges: false, release: None, frozen: false, storage: false, storage_in: StorageIn::Any, one_storage: 0 };

struct Table(UnsafeCell<[KindInfo; MAX_KINDS]>);
// SAFETY: an entry is written once, under REGISTERING, before the first object of its kind exists.
unsafe impl Sync for Table {}
static TABLE: Table = Table(UnsafeCell::new([NO_KIND; MAX_KINDS]));
static REGISTERING: Mutex<()> = Mutex::new(());

/// Enters kinds into the table. Registering the same kind again is allowed.
/// # Panics
/// When a number is out of range or taken by a kind of another name: a mistake in the program, found at start-up.
pub fn register_kinds(kinds: &[KindInfo]) {
    let _registering = REGISTERING.lock().unwrap_or_else(|e| e.into_inner());
    for k in kinds {
        assert!(k.kind != 0 && (k.kind as usize) < MAX_KINDS, "kind {} of {} is out of range", k.kind, k.name);
        // SAFETY: see `Table`.
        let e = unsafe { &mut (*TABLE.0.get())[k.kind as usize] };
        assert!(e.kind == 0 || e.name == k.name, "kinds {} and {} share the number {}", e.name, k.name, k.kind);
        *e = *k;
        e.one_storage = match k.storage_in {
            StorageIn::At([]) if k.kind != kind::BUFFER && k.tail == 0 => 0,
            StorageIn::At(&[at]) if k.tail == 0 => at,
            _ => KindInfo::MUCH_STORAGE,
        };
    }
}

pub(crate) fn init() {
    use crate::object::Object;
    register_kinds(&[Values::INFO, Bytes8::INFO, crate::buffer::Buffer::INFO, crate::rooted::Rooted::INFO, crate::weak::Weak::INFO]);
}

/// The table's entry of a kind number.
#[inline(always)]
pub fn info(kind: u16) -> &'static KindInfo {
    debug_assert!((kind as usize) < MAX_KINDS, "kind {kind:#x}");
    // SAFETY: see `Table`; the index is masked.
    unsafe { &(*TABLE.0.get())[kind as usize & (MAX_KINDS - 1)] }
}

/// Bytes of an object without shaped slots and dictionary word: where those start.
/// # Safety
/// `h` is an object whose header is filled in.
#[inline(always)]
pub unsafe fn plain_size(h: *const Header) -> usize {
    let k = info(unsafe { (*h).kind });
    let mut n = k.fixed as usize;
    if k.tail != 0 {
        // `object!` puts `len` right after the header of every kind with a tail.
        n += unsafe { *h.add(1).cast::<usize>() } * k.tail as usize;
    }
    (n + 7) & !7
}

/// Bytes that an object occupies, a multiple of the granule.
/// # Safety
/// `h` is an object whose header is filled in.
#[inline(always)]
pub unsafe fn size_of_object(h: *const Header) -> usize {
    let flags = unsafe { (*h).flags.load(std::sync::atomic::Ordering::Relaxed) };
    if flags & (flag::SLOTS | flag::TAIL_DICT) == 0 {
        return unsafe { plain_size(h) };
    }
    if flags & flag::SLOTS != 0 {
        let s = shape::shape(unsafe { (*h).shape_id() });
        return s.slots_at as usize + 8 + s.inline as usize * 8;
    }
    unsafe { plain_size(h) + 8 }
}
