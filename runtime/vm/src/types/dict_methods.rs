//! Methods of `dict` in both languages.

use super::dict::{self, DICT, Dict};
use super::dict_iter::{self, What};
use super::dunder::D;
use super::{int, list, set, text, tuple};
use crate::exceptions::{KEY_ERROR, TYPE_ERROR};
use crate::native::{Args, NativeDef};
use crate::object::compare::{self, Cmp};
use crate::object::{self, attr, class_name, dictview, instance, item, iter, same_or_equal};
use crate::thread::Thread;
use txpy_heap::{Gc, Header, R, Unwind, Value};

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    "__init__(self, *args, **kwargs)" = init, "Initialize self.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__len__(self, /)" = len, "Return len(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = delitem, "Delete self[key].";
    "__contains__(self, key, /)" = contains, "True if the dictionary has the specified key, else False.";
    "__iter__(self, /)" = |th, a| dict_iter::new(th, this(a), What::Keys, false), "Implement iter(self).";
    #[py3] "__reversed__(self, /)" = |th, a| dict_iter::new(th, this(a), What::Keys, true), "Return a reverse iterator over the dict keys.";
    "__eq__(self, value, /)" = |th, a| rich(th, a, true), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, a, false), "Return self!=value.";
    #[py2] "__cmp__(self, value, /)" = cmp, "x.__cmp__(y) <==> cmp(x,y)";
    #[py3] "__or__(self, value, /)" = or, "Return self|value.";
    #[py3] "__ror__(self, value, /)" = ror, "Return value|self.";
    #[py3] "__ior__(self, value, /)" = ior, "Return self|=value.";
    "get(self, key, default=None, /)" = get, "Return the value for key if key is in the dictionary, else default.";
    "setdefault(self, key, default=None, /)" = setdefault, "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value for key if key is in the dictionary, else default.";
    "pop(self, key, default=<unrepresentable>, /)" = pop, "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.";
    "popitem(self, /)" = popitem, "Remove and return a (key, value) pair as a 2-tuple.";
    "update(self, *args, **kwargs)" = update, "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.";
    "clear(self, /)" = clear, "Remove all items from the dict.";
    "copy(self, /)" = copy, "Return a shallow copy of the dict.";
    #[class] "fromkeys(type, iterable, value=None, /)" = fromkeys, "Create a new dictionary with keys from iterable and values set to value.";
    #[py3] "keys(self, /)" = |th, a| dictview::new(th, this(a), What::Keys), "D.keys() -> a set-like object providing a view on D's keys";
    #[py3] "values(self, /)" = |th, a| dictview::new(th, this(a), What::Values), "D.values() -> an object providing a view on D's values";
    #[py3] "items(self, /)" = |th, a| dictview::new(th, this(a), What::Items), "D.items() -> a set-like object providing a view on D's items";
    #[py2] "keys(self, /)" = |th, a| listed(th, this(a), What::Keys), "D.keys() -> list of D's keys";
    #[py2] "values(self, /)" = |th, a| listed(th, this(a), What::Values), "D.values() -> list of D's values";
    #[py2] "items(self, /)" = |th, a| listed(th, this(a), What::Items), "D.items() -> list of D's (key, value) pairs, as 2-tuples";
    #[py2] "iterkeys(self, /)" = |th, a| dict_iter::new(th, this(a), What::Keys, false), "D.iterkeys() -> an iterator over the keys of D";
    #[py2] "itervalues(self, /)" = |th, a| dict_iter::new(th, this(a), What::Values, false), "D.itervalues() -> an iterator over the values of D";
    #[py2] "iteritems(self, /)" = |th, a| dict_iter::new(th, this(a), What::Items, false), "D.iteritems() -> an iterator over the (key, value) items of D";
    #[py2] "viewkeys(self, /)" = |th, a| dictview::new(th, this(a), What::Keys), "D.viewkeys() -> a set-like object providing a view on D's keys";
    #[py2] "viewvalues(self, /)" = |th, a| dictview::new(th, this(a), What::Values), "D.viewvalues() -> an object providing a view on D's values";
    #[py2] "viewitems(self, /)" = |th, a| dictview::new(th, this(a), What::Items), "D.viewitems() -> a set-like object providing a view on D's items";
    #[py2] "has_key(self, key, /)" = contains, "D.has_key(k) -> True if D has a key k, else False";
    "__sizeof__(self, /)" = sizeof, "Return the size of the dict in memory, in bytes.";
};

fn this(a: Args) -> Gc<Dict> { a.get(0).cast().expect("checked by the call") }
fn of(v: Value) -> Gc<Dict> { v.cast().expect("a dict") }

fn new(th: &mut Thread, a: Args) -> R<Value> {
    Ok(instance::alloc_like(th, a.get(0), |_| Dict { header: Header::NEW, used: 0, fill: 0, version: 0, cells: false, index: None, entries: None })?.value())
}
fn init(th: &mut Thread, a: Args) -> R<Value> { fill(th, a, "dict") }
fn update(th: &mut Thread, a: Args) -> R<Value> { fill(th, a, "update") }
fn fill(th: &mut Thread, a: Args, name: &str) -> R<Value> {
    let d = this(a);
    let n = a.positional() - 1;
    if n > 1 {
        let s = if th.py3() { "" } else { "s" };
        return Err(th.type_error(format!("{name} expected at most 1 argument{s}, got {n}")));
    }
    if n == 1 {
        update_from(th, d, a.get(1))?;
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        dict::set(th, d, k, v)?;
    }
    Ok(Value::NONE)
}

/// Whether iterating over the dict subclass gives the dict's own keys; 2.7 does not ask.
fn plain(v: Value) -> bool { v.is::<Dict>() && (!crate::dialect::py3() || DICT.is_exact(v) || object::dunder(v, D::iter) == DICT.ty().frozen().dunder(D::iter)) }

/// What `d.update(v)` does: from a mapping (it has `keys`) or an iterable of pairs.
pub fn update_from(th: &mut Thread, d: Gc<Dict>, v: Value) -> R<()> {
    if DICT.is_exact(v) || plain(v) && !th.py3() {
        return dict::update(th, d, of(v));
    }
    let keys = attr::get_str_opt(th, v, "keys")?;
    if keys.is_some() {
        return merge(th, d, v, true);
    }
    merge_pairs(th, d, v, true)
}
/// The entries of a mapping; those already there stay unless `replace`.
pub fn merge(th: &mut Thread, d: Gc<Dict>, v: Value, replace: bool) -> R<()> {
    if plain(v) {
        let (from, mut at) = (of(v), 0);
        let size = dict::len(th, from)?;
        while let Some((h, k, x)) = dict::next_hashed(th, from, &mut at)? {
            if replace || dict::get_hashed(th, d, h, k)?.is_none() {
                dict::set_hashed(th, d, h, k, x)?;
            }
            if d != from && !from.read(th)?.cells && from.read(th)?.used != size {
                return Err(th.runtime_error("dict mutated during update"));
            }
        }
        return Ok(());
    }
    let keys = th.call_method(v, "keys", &[])?;
    let it = iter::iter(th, keys)?;
    while let Some(k) = iter::next(th, it)? {
        if replace || dict::get(th, d, k)?.is_none() {
            let x = item::get(th, v, k)?;
            dict::set(th, d, k, x)?;
        }
    }
    Ok(())
}
fn merge_pairs(th: &mut Thread, d: Gc<Dict>, v: Value, replace: bool) -> R<()> {
    let it = iter::iter(th, v)?;
    let mut i = 0usize;
    while let Some(pair) = iter::next(th, it)? {
        let fast = iter::to_tuple(th, pair);
        let fast = match fast {
            Ok(t) => t,
            Err(e) => {
                if th.catch(&TYPE_ERROR).is_some() {
                    return Err(th.type_error(format!("cannot convert dictionary update sequence element #{i} to a sequence")));
                }
                return Err(e);
            }
        };
        let Some([k, x]) = tuple::items(fast) else {
            let n = tuple::items(fast).map_or(0, |t| t.len());
            return Err(th.value_error(format!("dictionary update sequence element #{i} has length {n}; 2 is required")));
        };
        if replace || dict::get(th, d, *k)?.is_none() {
            dict::set(th, d, *k, *x)?;
        }
        i += 1;
    }
    Ok(())
}

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let d = this(a);
    object::repr::guarded(th, a.get(0), "{...}", |th| {
        let mut out = vec![b'{'];
        let mut at = 0;
        while let Some((k, v)) = dict::next(th, d, &mut at)? {
            if out.len() > 1 {
                out.extend_from_slice(b", ");
            }
            let r = object::repr(th, k)?;
            out.extend_from_slice(text::bytes_of(r).unwrap_or(&[]));
            out.extend_from_slice(b": ");
            let r = object::repr(th, v)?;
            out.extend_from_slice(text::bytes_of(r).unwrap_or(&[]));
            th.poll()?;
        }
        out.push(b'}');
        th.native_str_bytes(&out)
    })
}
fn len(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(dict::len(th, this(a))? as i64)) }

/// KeyError with the key as its argument.
pub fn key_error(th: &mut Thread, key: Value) -> Unwind { th.raise_with(&KEY_ERROR, &[key]) }

fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    if let Some(v) = dict::get(th, this(a), a.get(1))? {
        return Ok(v);
    }
    if !DICT.is_exact(a.get(0)) {
        if let Some(f) = object::dunder(a.get(0), D::missing) {
            return object::call_special(th, f, a.get(0), &[a.get(1)]);
        }
    }
    Err(key_error(th, a.get(1)))
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    dict::set(th, this(a), a.get(1), a.get(2))?;
    Ok(Value::NONE)
}
fn delitem(th: &mut Thread, a: Args) -> R<Value> {
    // The key is most likely there: asked for writing at once, another thread gives the dict up once, not twice.
    dict::own(th, this(a))?;
    match dict::remove(th, this(a), a.get(1))? {
        Some(_) => Ok(Value::NONE),
        None => Err(key_error(th, a.get(1))),
    }
}
fn contains(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::from_bool(dict::get(th, this(a), a.get(1))?.is_some())) }
fn get(th: &mut Thread, a: Args) -> R<Value> { Ok(dict::get(th, this(a), a.get(1))?.unwrap_or(a.or(2, Value::NONE))) }
fn setdefault(th: &mut Thread, a: Args) -> R<Value> { dict::set_default(th, this(a), a.get(1), a.or(2, Value::NONE)) }
fn pop(th: &mut Thread, a: Args) -> R<Value> {
    // An empty dict does not ask for the key's hash.
    let gone = if dict::len(th, this(a))? == 0 { None } else { dict::remove(th, this(a), a.get(1))? };
    match gone.or(a.opt(2)) {
        Some(v) => Ok(v),
        None => Err(key_error(th, a.get(1))),
    }
}
fn popitem(th: &mut Thread, a: Args) -> R<Value> {
    let d = this(a);
    loop {
        let mut at = usize::MAX;
        let Some((h, k, _)) = dict::previous(th, d, &mut at)? else {
            let msg = th.native_str("popitem(): dictionary is empty")?;
            return Err(key_error(th, msg));
        };
        if let Some(v) = dict::remove_hashed(th, d, h, k)? {
            return th.new_tuple(&[k, v]);
        }
    }
}
fn clear(th: &mut Thread, a: Args) -> R<Value> {
    dict::clear(th, this(a))?;
    Ok(Value::NONE)
}
fn copy(th: &mut Thread, a: Args) -> R<Value> { Ok(dict::copy(th, this(a))?.value()) }
fn fromkeys(th: &mut Thread, a: Args) -> R<Value> {
    let (class, value) = (a.get(0), a.or(2, Value::NONE));
    let d = th.call(class, &[])?;
    if let Some(d) = d.cast::<Dict>().filter(|_| DICT.is_exact(d)) {
        let from = a.get(1);
        let mut at = 0;
        // Dicts and sets keep the hashes of their keys.
        if let Some(from) = from.cast::<Dict>().filter(|_| DICT.is_exact(from)) {
            while let Some((h, k, _)) = dict::next_hashed(th, from, &mut at)? {
                dict::set_hashed(th, d, h, k, value)?;
            }
        } else if set::SET.is_exact(from) || set::FROZENSET.is_exact(from) {
            while let Some((h, k)) = set::next(th, from, &mut at)? {
                dict::set_hashed(th, d, h as u64, k, value)?;
            }
        } else {
            iter::for_each(th, from, |th, k| dict::set(th, d, k, value))?;
        }
        return Ok(d.value());
    }
    iter::for_each(th, a.get(1), |th, k| item::set(th, d, k, value))?;
    Ok(d)
}

/// A list of the dict's keys, values or pairs.
pub fn listed(th: &mut Thread, d: Gc<Dict>, what: What) -> R<Value> {
    let n = dict::len(th, d)?;
    let out = list::with_capacity(th, n)?;
    let mut at = 0;
    while let Some((k, v)) = dict::next(th, d, &mut at)? {
        let x = dict_iter::shown(th, what as u8, k, v)?;
        list::append(th, out, x)?;
    }
    Ok(out.value())
}

fn rich(th: &mut Thread, a: Args, want: bool) -> R<Value> {
    if !a.get(1).is::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let same = equal(th, this(a), of(a.get(1)))?;
    Ok(Value::from_bool(same == want))
}
fn equal(th: &mut Thread, a: Gc<Dict>, b: Gc<Dict>) -> R<bool> {
    th.check_stack()?;
    if dict::len(th, a)? != dict::len(th, b)? {
        return Ok(false);
    }
    let mut at = 0;
    while let Some((h, k, v)) = dict::next_hashed(th, a, &mut at)? {
        match dict::get_hashed(th, b, h, k)? {
            Some(w) if same_or_equal(th, v, w)? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// 2.7's order of dicts: by length, then by the smallest key whose value differs, then by that value.
fn cmp(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<Dict>() {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("dict.__cmp__(x,y) requires y to be a 'dict', not a '{got}'")));
    }
    let (x, y) = (this(a), of(a.get(1)));
    th.check_stack()?;
    let (n, m) = (dict::len(th, x)?, dict::len(th, y)?);
    if n != m {
        return Ok(Value::int(if n < m { -1 } else { 1 }));
    }
    let Some((k, v)) = odd_one(th, x, y)? else { return Ok(Value::int(0)) };
    let Some((l, w)) = odd_one(th, y, x)? else { return Ok(Value::int(0)) };
    let r = order(th, k, l)?;
    let r = if r == 0 { order(th, v, w)? } else { r };
    Ok(Value::int(r))
}
fn order(th: &mut Thread, a: Value, b: Value) -> R<i64> {
    if compare::compare_bool(th, Cmp::Eq, a, b)? {
        return Ok(0);
    }
    Ok(if compare::compare_bool(th, Cmp::Lt, a, b)? { -1 } else { 1 })
}
/// The smallest key of `a` whose value `b` does not have, with that value.
fn odd_one(th: &mut Thread, a: Gc<Dict>, b: Gc<Dict>) -> R<Option<(Value, Value)>> {
    let mut best: Option<(Value, Value)> = None;
    let mut at = 0;
    while let Some((h, k, v)) = dict::next_hashed(th, a, &mut at)? {
        if let Some((l, _)) = best {
            if !compare::compare_bool(th, Cmp::Lt, k, l)? {
                continue;
            }
        }
        let same = match dict::get_hashed(th, b, h, k)? {
            Some(w) => same_or_equal(th, v, w)?,
            None => false,
        };
        if !same {
            best = Some((k, v));
        }
    }
    Ok(best)
}

fn or(th: &mut Thread, a: Args) -> R<Value> { union(th, a.get(0), a.get(1)) }
fn ror(th: &mut Thread, a: Args) -> R<Value> { union(th, a.get(1), a.get(0)) }
fn union(th: &mut Thread, a: Value, b: Value) -> R<Value> {
    if !a.is::<Dict>() || !b.is::<Dict>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let out = dict::copy(th, of(a))?;
    merge(th, out, b, true)?;
    Ok(out.value())
}
fn ior(th: &mut Thread, a: Args) -> R<Value> {
    update_from(th, this(a), a.get(1))?;
    Ok(a.get(0))
}
fn sizeof(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a).read(th)?;
    let n = size_of::<Dict>() + g.entries.map_or(0, |e| 8 * e.frozen().len) + g.index.map_or(0, |i| i.frozen().len);
    int::from_i64(th, n as i64)
}
