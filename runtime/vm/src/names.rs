//! Interned names: texts compared by identity. Names of the language's native `str` type.

use crate::thread::Thread;
use crate::types::text;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::*};
use txpy_heap::{R, Tracer, Value};

macro_rules! names {
    ($($n:ident)*) => {
        /// Names that Rust code uses.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum N { $($n),* }
        const TEXTS: &[&str] = &[$(stringify!($n)),*];
        static KNOWN: [AtomicU64; TEXTS.len()] = [const { AtomicU64::new(0) }; TEXTS.len()];
    };
}
names! {
    __abstractmethods__ __all__ __annotations__ __bases__ __builtins__ __cached__ __cause__ __class__ __closure__ __code__ __context__ __debug__
    __defaults__ __dict__ __doc__ __file__ __firstlineno__ __func__ __future__ __globals__ __import__ __kwdefaults__ __loader__ __main__ __metaclass__
    __module__ __mro__ __name__ __objclass__ __orig_bases__ __origin__ __package__ __path__ __qualname__ __self__ __slots__ __spec__
    __static_attributes__ __suppress_context__ __text_signature__ __traceback__ __type_params__ __weakref__ __wrapped__ __match_args__
    __notes__ args builtins __builtin__ close code displayhook encoding end errno errors excepthook exitcode fileno file filename flush func
    get items join key keys lineno message metaclass modules msg name namespace offset path print_file_and_line readline send sep softspace
    stderr stdin stdout strerror text throw tracebacklimit value values write fset fget fdel doc
    object reverse cmp default start step stop main
}

#[derive(Default)]
struct Table {
    names: HashMap<Box<[u8]>, Value, BuildHasherDefault<NameHasher>>,
    /// Those that no collection has seen yet.
    young: Vec<Value>,
}
static TABLE: Mutex<Option<Table>> = Mutex::new(None);

/// The hash that texts have as objects.
#[derive(Default)]
struct NameHasher(u64);
impl Hasher for NameHasher {
    fn write(&mut self, b: &[u8]) { self.0 = text::hash_bytes(b) }
    // The length, which the hash has in it.
    fn write_usize(&mut self, _: usize) {}
    fn finish(&self) -> u64 { self.0 }
}

/// The interned name with the text `s`.
#[inline(always)]
pub fn n(s: N) -> Value { Value(KNOWN[s as usize].load(Relaxed)) }

/// Makes the well-known names. The native text type must be chosen.
pub fn init(th: &mut Thread) -> R<()> {
    txpy_heap::add_root_hook(trace);
    for (i, t) in TEXTS.iter().enumerate() {
        let v = th.intern(t)?;
        KNOWN[i].store(v.bits(), Relaxed);
    }
    Ok(())
}

fn trace(t: &mut Tracer) {
    // The world is stopped; a thread never stops while it holds the lock (no safepoint inside).
    let mut table = TABLE.lock().unwrap_or_else(|e| e.into_inner());
    let Some(table) = &mut *table else { return };
    // Names are for ever, and lead nowhere: one that is old needs no look until old objects may die.
    if t.full() {
        table.names.values().for_each(|v| t.value(*v));
    } else {
        t.values(&table.young);
    }
    table.young.clear();
}

impl Thread {
    /// The interned native string with this text.
    pub fn intern(&mut self, s: &str) -> R<Value> { self.intern_bytes(s.as_bytes()) }

    pub fn intern_bytes(&mut self, s: &[u8]) -> R<Value> {
        if let Some(v) = find(s) {
            return Ok(v);
        }
        let v = self.native_str_bytes(s)?;
        Ok(enter(s, v))
    }

    /// The interned form of a text; texts that are not exact native strings come back as they are.
    pub fn intern_value(&mut self, v: Value) -> Value {
        let Some(h) = v.header() else { return v };
        if h.has(txpy_heap::flag::INTERNED) || !self.is_native_str_exact(v) {
            return v;
        }
        let Some(b) = text::bytes_of(v) else { return v };
        match find(b) {
            Some(v) => v,
            None => enter(b, v),
        }
    }
}

fn find(s: &[u8]) -> Option<Value> {
    let table = TABLE.lock().unwrap_or_else(|e| e.into_inner());
    table.as_ref().and_then(|t| t.names.get(s).copied())
}

fn enter(s: &[u8], v: Value) -> Value {
    let mut table = TABLE.lock().unwrap_or_else(|e| e.into_inner());
    let table = table.get_or_insert_default();
    let v = *table.names.entry(s.into()).or_insert_with(|| {
        table.young.push(v);
        v
    });
    if let Some(h) = v.header() {
        h.set(txpy_heap::flag::INTERNED);
    }
    v
}
