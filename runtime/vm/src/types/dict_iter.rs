//! Iterators over the keys, values or items of a dict, in both directions.

use super::dict::{self, Dict};
use crate::kinds;
use crate::native::{Args, NativeDef, TypeDef, type_flag};
use crate::next_methods;
use crate::object::iter;
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Value, object};

/// What an iterator or view shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum What {
    Keys,
    Values,
    Items,
}

object! {
    pub struct DictIter = kinds::DICT_ITER, storage_in() {
        /// UNSET when exhausted.
        pub dict: Value,
        /// Position for `dict::next` or `dict::previous`.
        pub at: usize,
        /// Entries when the iteration began; usize::MAX once it failed.
        pub used: usize,
        /// Items that such a dict can still give.
        pub left: usize,
        /// The dict's version when `used` was last found right; for namespaces, whose entries are counted.
        pub version: u64,
        pub what: u8,
        pub back: bool,
    }
}

macro_rules! dict_iterators {
    ($($id:ident $name:literal $name2:literal;)*) => {
        $(pub static $id: TypeDef = TypeDef {
            name: $name, name2: $name2, kind: kinds::DICT_ITER, size: size_of::<DictIter>() as u16, methods: &[NEXT, METHODS],
            flags: type_flag::NO_NEW, doc: "An iterator over a dict.", ..TypeDef::DEFAULT
        };)*
        pub static TYPES: &[&TypeDef] = &[$(&$id),*];
    };
}
dict_iterators! {
    KEYS "dict_keyiterator" "dictionary-keyiterator";
    VALUES "dict_valueiterator" "dictionary-valueiterator";
    ITEMS "dict_itemiterator" "dictionary-itemiterator";
    KEYS_BACK "dict_reversekeyiterator" "";
    VALUES_BACK "dict_reversevalueiterator" "";
    ITEMS_BACK "dict_reverseitemiterator" "";
}
static NEXT: &[NativeDef] = next_methods!(step);
static METHODS: &[NativeDef] = natives! {
    "__length_hint__(self, /)" = hint, "Private method returning an estimate of len(list(it)).";
    #[py3] "__reduce__(self, /)" = reduce, "Return state information for pickling.";
};

pub fn new(th: &mut Thread, d: Gc<Dict>, what: What, back: bool) -> R<Value> {
    let used = dict::len(th, d)?;
    let version = d.read(th)?.version;
    let shape = TYPES[what as usize + if back { 3 } else { 0 }].shape();
    let at = if back { usize::MAX } else { 0 };
    Ok(th.alloc(shape, DictIter { header: Header::NEW, dict: d.value(), at, used, left: used, version, what: what as u8, back })?.value())
}

/// Key, value or pair.
pub fn shown(th: &mut Thread, what: u8, k: Value, v: Value) -> R<Value> {
    match what {
        0 => Ok(k),
        1 => Ok(v),
        _ => th.new_tuple(&[k, v]),
    }
}

pub fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<DictIter> = v.cast().expect("checked by the call");
    loop {
        let g = it.read(th)?;
        let (d, at, used, version, what, back) = (g.dict, g.at, g.used, g.version, g.what, g.back);
        drop(g);
        let Some(d) = d.cast::<Dict>() else { return Ok(Value::STOP) };
        let g = d.read(th)?;
        let (cells, now, count) = (g.cells, g.version, g.used);
        drop(g);
        if now != version || used == usize::MAX {
            let count = if cells && used != usize::MAX { dict::len(th, d)? } else { count };
            if count != used {
                // It stays failed, even if the dict gets its size back.
                it.write(th)?.used = usize::MAX;
                return Err(th.runtime_error("dictionary changed size during iteration"));
            }
        }
        let mut next = at;
        let found = if back { dict::previous(th, d, &mut next)? } else { dict::next_hashed(th, d, &mut next)? };
        let mut g = it.write(th)?;
        if g.at != at || g.dict != d.value() {
            continue;
        }
        g.at = next;
        g.version = now;
        let Some((_, k, x)) = found else {
            g.dict = Value::UNSET;
            return Ok(Value::STOP);
        };
        if g.left == 0 && !back {
            drop(g);
            if th.py3() {
                return Err(th.runtime_error("dictionary keys changed during iteration"));
            }
        } else {
            g.left = g.left.saturating_sub(1);
            drop(g);
        }
        return shown(th, what, k, x);
    }
}

fn hint(th: &mut Thread, a: Args) -> R<Value> {
    let n = left(th, a.get(0))?;
    Ok(Value::int(n as i64))
}
/// Items still to come.
fn left(th: &mut Thread, v: Value) -> R<usize> {
    let g = v.cast::<DictIter>().expect("checked by the call").read(th)?;
    let (d, mut at, back) = (g.dict, g.at, g.back);
    drop(g);
    let Some(d) = d.cast::<Dict>() else { return Ok(0) };
    let mut n = 0;
    while if back { dict::previous(th, d, &mut at)?.is_some() } else { dict::next(th, d, &mut at)?.is_some() } {
        n += 1;
    }
    Ok(n)
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = a.get(0).cast::<DictIter>().expect("checked by the call").read(th)?;
    let (d, mut at, back, what) = (g.dict, g.at, g.back, g.what);
    drop(g);
    let out = super::list::with_capacity(th, 0)?;
    if let Some(d) = d.cast::<Dict>() {
        while let Some((_, k, x)) = if back { dict::previous(th, d, &mut at)? } else { dict::next_hashed(th, d, &mut at)? } {
            let x = shown(th, what, k, x)?;
            super::list::append(th, out, x)?;
        }
    }
    super::seq_iter::reduced(th, "iter", &[out.value()], None)
}

pub fn register() { iter::register_step(kinds::DICT_ITER, step) }
