//! Plain-data memory outside the heap, released when its object dies: array buffers.

use crate::collect;
use crate::kinds::kind;
use crate::object::{Gc, Header};
use crate::thread::{R, Thread};
use std::alloc::Layout;
use std::sync::atomic::AtomicUsize;

/// Buffers start at a multiple of this.
pub const BUFFER_ALIGN: usize = 64;
/// From here on huge pages pay.
const HUGE: usize = 4 << 20;

object! {
    /// Bytes outside the heap. Address and size never change; the access word covers the contents.
    pub struct Buffer = kind::BUFFER, release = release {
        base: usize,
        start: usize,
        bytes: usize,
        /// Exports that pin the storage: while it is not 0 nobody may resize what owns the buffer.
        pub exports: AtomicUsize,
    }
}

impl Gc<Buffer> {
    /// The memory; valid as long as the object is alive. Reading and writing it needs the object's guard.
    #[inline(always)]
    // SAFETY: the field never changes.
    pub fn start(self) -> *mut u8 { unsafe { (*self.as_ptr()).start as *mut u8 } }
    /// Its size in bytes.
    #[inline(always)]
    // SAFETY: the field never changes.
    pub fn bytes(self) -> usize { unsafe { (*self.as_ptr()).bytes } }
}
impl Buffer {
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: the reader holds the object through a guard.
        unsafe { std::slice::from_raw_parts(self.start as *const u8, self.bytes) }
    }
    #[inline(always)]
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: the writer holds the object through a guard.
        unsafe { std::slice::from_raw_parts_mut(self.start as *mut u8, self.bytes) }
    }
}

unsafe fn release(h: *mut Header) {
    unsafe {
        let b = &mut *h.cast::<Buffer>();
        libc::free(b.base as *mut libc::c_void);
        collect::note_external_freed(b.bytes);
        b.base = 0;
    }
}

fn get(bytes: usize, zeroed: bool) -> *mut u8 {
    // calloc knows which memory comes fresh from the system and is zero already.
    let n = bytes + BUFFER_ALIGN;
    // SAFETY: plain calls; null is handled by the caller.
    unsafe { if zeroed { libc::calloc(1, n).cast() } else { libc::malloc(n).cast() } }
}

impl Thread {
    /// A buffer of `bytes`, aligned to 64. May collect. Errors: OutOfMemory.
    pub fn alloc_buffer(&mut self, bytes: usize, zeroed: bool) -> R<Gc<Buffer>> {
        if Layout::from_size_align(bytes, 4096).is_err() {
            return Err(self.raise_oom());
        }
        let object = self.alloc(0, Buffer { header: Header::NEW, base: 0, start: BUFFER_ALIGN, bytes: 0, exports: AtomicUsize::new(0) })?;
        self.reserve_external(bytes)?;
        let mut p = get(bytes, zeroed);
        if p.is_null() {
            self.collect(true)?;
            p = get(bytes, zeroed);
            if p.is_null() {
                return Err(self.raise_oom());
            }
        }
        let start = (p as usize).next_multiple_of(BUFFER_ALIGN);
        #[cfg(target_os = "linux")]
        if bytes >= HUGE {
            let from = start.next_multiple_of(4096);
            // SAFETY: advice on memory of ours.
            unsafe { libc::madvise(from as *mut libc::c_void, (start + bytes - from) & !4095, libc::MADV_HUGEPAGE) };
        }
        // SAFETY: nobody else has seen the object.
        unsafe {
            let b = &mut *object.as_ptr();
            (b.base, b.start, b.bytes) = (p as usize, start, bytes);
        }
        collect::note_external(bytes);
        Ok(object)
    }

    /// Collects if `bytes` more outside the heap call for it. Errors: OutOfMemory.
    fn reserve_external(&mut self, bytes: usize) -> R<()> {
        if collect::wanted(self) {
            self.collect(false)?;
        }
        if !collect::room_for(bytes) {
            self.collect(true)?;
            if !collect::room_for(bytes) {
                return Err(self.raise_oom());
            }
        }
        Ok(())
    }
}
