//! A growable run of bytes under the access word of the object that owns it.

use txpy_heap::{Bytes8, Header};
use txpy_vm::{Gc, R, Thread};

/// Length in use, and storage with room for more.
#[derive(Clone, Copy, Default)]
pub struct ByteStore {
    pub len: usize,
    pub storage: Option<Gc<Bytes8>>,
}
impl txpy_heap::Trace for ByteStore {
    fn trace(&self, t: &mut txpy_heap::Tracer) { txpy_heap::Trace::trace(&self.storage, t) }
}
impl ByteStore {
    pub const EMPTY: ByteStore = ByteStore { len: 0, storage: None };
    pub fn capacity(&self) -> usize { self.storage.map_or(0, |s| s.frozen().len) }
    pub fn data(&self) -> &[u8] {
        match self.storage {
            // SAFETY: storage belongs to its owner, which whoever has `&ByteStore` holds.
            Some(s) => unsafe { &(&*s.as_ptr()).bytes()[..self.len] },
            None => &[],
        }
    }
    pub fn data_mut(&mut self) -> &mut [u8] {
        match self.storage {
            // SAFETY: as above, held for writing.
            Some(s) => unsafe { &mut (&*s.as_ptr()).tail_mut()[..self.len] },
            None => &mut [],
        }
    }
    /// Appends what is known to fit.
    pub fn push_fitting(&mut self, b: &[u8]) {
        let at = self.len;
        self.len += b.len();
        self.data_mut()[at..].copy_from_slice(b);
    }
    /// Moves the contents into storage with more room.
    pub fn move_to(&mut self, fresh: Gc<Bytes8>) {
        // SAFETY: the fresh storage is known to nobody else.
        (unsafe { (&*fresh.as_ptr()).tail_mut() })[..self.len].copy_from_slice(self.data());
        self.storage = Some(fresh);
    }
}
/// Fresh storage.
pub fn storage(th: &mut Thread, n: usize) -> R<Gc<Bytes8>> { th.alloc_tail::<Bytes8>(0, Bytes8 { header: Header::NEW, len: n }, n) }
/// Capacity for `want` bytes, growing by half.
pub fn grown(have: usize, want: usize) -> usize { want.max(have + have / 2).max(64) }
