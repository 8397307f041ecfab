//! Special method names that types cache: one table gives the enum, the names and the lookup by name.

use crate::thread::Thread;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use txpy_heap::{R, Value};

macro_rules! dunders {
    ($($d:ident = $text:literal,)*) => {
        /// A special method that [`Type`](super::type_::Type) caches.
        #[allow(non_camel_case_types)]
        #[repr(u8)]
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum D { $($d),* }
        pub const ALL: &[D] = &[$(D::$d),*];
        pub const TEXTS: &[&str] = &[$($text),*];
        pub const COUNT: usize = TEXTS.len();
    };
}
dunders! {
    new = "__new__", init = "__init__", del = "__del__", repr = "__repr__", str_ = "__str__", unicode = "__unicode__", bytes = "__bytes__",
    format = "__format__", hash = "__hash__", bool_ = "__bool__", nonzero = "__nonzero__", call = "__call__", len = "__len__",
    length_hint = "__length_hint__", getattribute = "__getattribute__", getattr = "__getattr__", setattr = "__setattr__", delattr = "__delattr__",
    dir = "__dir__", get = "__get__", set = "__set__", delete = "__delete__", set_name = "__set_name__", init_subclass = "__init_subclass__",
    class_getitem = "__class_getitem__", instancecheck = "__instancecheck__", subclasscheck = "__subclasscheck__", prepare = "__prepare__",
    mro_entries = "__mro_entries__",
    lt = "__lt__", le = "__le__", eq = "__eq__", ne = "__ne__", gt = "__gt__", ge = "__ge__", cmp = "__cmp__",
    getitem = "__getitem__", setitem = "__setitem__", delitem = "__delitem__", missing = "__missing__", contains = "__contains__",
    iter = "__iter__", next = "__next__", next2 = "next", reversed = "__reversed__",
    getslice = "__getslice__", setslice = "__setslice__", delslice = "__delslice__",
    add = "__add__", sub = "__sub__", mul = "__mul__", div = "__div__", truediv = "__truediv__", floordiv = "__floordiv__", mod_ = "__mod__",
    divmod = "__divmod__", pow = "__pow__", matmul = "__matmul__", lshift = "__lshift__", rshift = "__rshift__", and = "__and__", or = "__or__", xor = "__xor__",
    radd = "__radd__", rsub = "__rsub__", rmul = "__rmul__", rdiv = "__rdiv__", rtruediv = "__rtruediv__", rfloordiv = "__rfloordiv__", rmod = "__rmod__",
    rdivmod = "__rdivmod__", rpow = "__rpow__", rmatmul = "__rmatmul__", rlshift = "__rlshift__", rrshift = "__rrshift__", rand = "__rand__", ror = "__ror__", rxor = "__rxor__",
    iadd = "__iadd__", isub = "__isub__", imul = "__imul__", idiv = "__idiv__", itruediv = "__itruediv__", ifloordiv = "__ifloordiv__", imod = "__imod__",
    ipow = "__ipow__", imatmul = "__imatmul__", ilshift = "__ilshift__", irshift = "__irshift__", iand = "__iand__", ior = "__ior__", ixor = "__ixor__",
    neg = "__neg__", pos = "__pos__", abs = "__abs__", invert = "__invert__", int_ = "__int__", long = "__long__", float_ = "__float__", complex = "__complex__",
    index = "__index__", trunc = "__trunc__", round = "__round__", floor = "__floor__", ceil = "__ceil__", oct = "__oct__", hex = "__hex__", coerce = "__coerce__",
    enter = "__enter__", exit = "__exit__", aenter = "__aenter__", aexit = "__aexit__", await_ = "__await__", aiter = "__aiter__", anext = "__anext__",
    reduce = "__reduce__", reduce_ex = "__reduce_ex__", getstate = "__getstate__", setstate = "__setstate__", getnewargs = "__getnewargs__",
    copy = "__copy__", deepcopy = "__deepcopy__", sizeof = "__sizeof__", fspath = "__fspath__", buffer = "__buffer__", release_buffer = "__release_buffer__",
    match_args = "__match_args__", array_ufunc = "__array_ufunc__", array_priority = "__array_priority__", slots = "__slots__",
}

static NAMES: [AtomicU64; COUNT] = [const { AtomicU64::new(0) }; COUNT];

pub fn init(th: &mut Thread) -> R<()> {
    for (i, t) in TEXTS.iter().enumerate() {
        let v = th.intern(t)?;
        NAMES[i].store(v.bits(), Relaxed);
    }
    Ok(())
}

impl D {
    pub fn text(self) -> &'static str { TEXTS[self as usize] }
    /// The interned name.
    #[inline(always)]
    pub fn name(self) -> Value { Value(NAMES[self as usize].load(Relaxed)) }
}

/// Entries of the table of places.
const SIZE: usize = 512;
const FREE: u8 = u8::MAX;
const _: () = assert!(COUNT < SIZE / 2 && COUNT < FREE as usize);
/// Positions in `TEXTS` by hash.
static PLACES: std::sync::OnceLock<[u8; SIZE]> = std::sync::OnceLock::new();
fn places() -> [u8; SIZE] {
    let mut out = [FREE; SIZE];
    for (i, t) in TEXTS.iter().enumerate() {
        let mut at = super::text::hash_bytes(t.as_bytes()) as usize % SIZE;
        while out[at] != FREE {
            at = (at + 1) % SIZE;
        }
        out[at] = i as u8;
    }
    out
}

/// The special method with this interned name.
pub fn by_name(name: Value) -> Option<D> {
    let b = super::text::bytes_of(name)?;
    if !(b.starts_with(b"__") || b == b"next") {
        return None;
    }
    let table = PLACES.get_or_init(places);
    let mut at = super::text::hash_bytes(b) as usize;
    loop {
        // Less than half of the table is in use.
        let i = table[at % SIZE];
        match TEXTS.get(i as usize) {
            None => return None,
            Some(t) if t.as_bytes() == b => return Some(ALL[i as usize]),
            Some(_) => at += 1,
        }
    }
}
