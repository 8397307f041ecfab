//! Where threads stand and what objects are called, for the log of transactions.

use crate::interp::frame::Frame;
use crate::thread::Thread;
use crate::types::text;
use crate::types::type_::{self, Type};
use std::mem::offset_of;
use std::sync::Once;
use txpy_heap::stm_log::{Hooks, Place, set_hooks};
use txpy_heap::Header;

/// Tells the log, before the first thread is attached.
pub(crate) fn tell() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_hooks(Hooks { position: offset_of!(Thread, pc), place, class }));
}

/// The place of the innermost frame.
fn place(th: *const txpy_heap::Thread) -> Option<Place> {
    // SAFETY: the heap's part is the first field of a thread; the log asks on the thread itself, which stands in a slow path.
    let th = unsafe { &*th.cast::<Thread>() };
    if th.pc.is_null() {
        return None;
    }
    let frame = Frame::innermost(th)?;
    let code = frame.code();
    let c = code.frozen();
    Some(Place { file: text::lossy(c.filename).into_owned(), line: frame.line(), function: text::lossy(c.qualname).into_owned() })
}

fn class(h: *const Header) -> String {
    // SAFETY: the object is alive, as the log asks about one that is being acquired.
    let h = unsafe { &*h };
    match txpy_heap::shape::shape(h.shape_id()).class.cast::<Type>() {
        Some(c) => type_::name_text(c).into_owned(),
        None => txpy_heap::kinds::info(h.kind).name.to_string(),
    }
}
