//! Where threads stand and what objects are called, for the log of transactions.

use crate::thread::Thread;
use crate::types::code::Code;
use crate::types::text;
use crate::types::type_::{self, Type};
use std::collections::BTreeMap;
use std::mem::offset_of;
use std::sync::{Mutex, Once};
use txpy_heap::stm_log::{Hooks, Place, on, set_hooks};
use txpy_heap::{Gc, Header};

/// The lines of a code object, kept beyond its life: any thread may ask about the position of any other.
struct Lines {
    /// Bytes of the instruction stream.
    bytes: usize,
    file: String,
    function: String,
    /// Word offset from which on a line holds, ascending.
    lines: Vec<(u32, u32)>,
    first: u32,
}
/// By the address of the instruction stream.
static CODES: Mutex<BTreeMap<usize, Lines>> = Mutex::new(BTreeMap::new());

/// Tells the log, before the first thread is attached.
pub(crate) fn tell() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_hooks(Hooks { position: offset_of!(Thread, pc), place, class }));
}

/// A code object was made.
pub(crate) fn learn(code: Gc<Code>) {
    if !on() {
        return;
    }
    let c = code.frozen();
    let (start, bytes) = (c.stream as usize, c.stream_len * 8);
    let lines = c.image().spans.iter().map(|(at, span)| (*at, span.line)).collect();
    let entry = Lines { bytes, file: text::lossy(c.filename).into_owned(), function: text::lossy(c.qualname).into_owned(), lines, first: c.image().first_line };
    let mut codes = CODES.lock().unwrap_or_else(|e| e.into_inner());
    // What was there is dead.
    while let Some((&at, _)) = codes.range(..start + bytes).next_back().filter(|(at, l)| **at + l.bytes > start) {
        codes.remove(&at);
    }
    codes.insert(start, entry);
}

/// The place of a position: the address after an instruction's first word.
fn place(pc: usize) -> Option<Place> {
    let codes = CODES.lock().unwrap_or_else(|e| e.into_inner());
    let (start, l) = codes.range(..pc).next_back().filter(|(start, l)| pc - **start <= l.bytes)?;
    let offset = ((pc - start) / 8).saturating_sub(1) as u32;
    let line = match l.lines.partition_point(|(at, _)| *at <= offset) {
        0 => 0,
        i => l.lines[i - 1].1,
    };
    Some(Place { file: l.file.clone(), line: if line == 0 { l.first } else { line }, function: l.function.clone() })
}

fn class(h: *const Header) -> String {
    // SAFETY: the object is alive, as the log asks about one that is being acquired.
    let h = unsafe { &*h };
    match txpy_heap::shape::shape(h.shape_id()).class.cast::<Type>() {
        Some(c) => type_::name_text(c).into_owned(),
        None => txpy_heap::kinds::info(h.kind).name.to_string(),
    }
}
