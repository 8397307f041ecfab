//! `_lru_cache_wrapper`: the memo behind `functools.lru_cache`. The dict's insertion order is the order of use.

use crate::api::*;
use crate::kinds;

object! {
    pub struct LruCache = kinds::LRU_CACHE {
        pub func: Value,
        pub cache: Gc<Dict>,
        /// Makes the result of cache_info().
        pub info: Value,
        /// Negative: without bound.
        pub max: i64,
        pub typed: bool,
        pub hits: u64,
        pub misses: u64,
    }
}
pub static LRU_CACHE: TypeDef = TypeDef {
    name: "_lru_cache_wrapper", module: "functools", kind: kinds::LRU_CACHE, size: size_of::<LruCache>() as u16,
    flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK | type_flag::PY3, methods: &[METHODS],
    getset: getset! { "__dict__" = |th, v| Ok(instance::dict_of(th, v)?.value()), "Attributes."; },
    doc: "A callable that remembers its results.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, user_function, maxsize, typed, cache_info_type)" = new, "Create and return a new object.";
    "__call__(self, /, *args, **kwargs)" = call, "Call self as a function.";
    "__get__(self, instance, owner=None, /)" = |th, a| if a.get(1).is_none() { Ok(a.get(0)) } else { txpy_vm::types::method::bind(th, a.get(0), a.get(1), class_of(a.get(1)).value()) }, "Return an attribute of instance, which is of type owner.";
    "cache_info(self, /)" = cache_info, "Report cache statistics";
    "cache_clear(self, /)" = cache_clear, "Clear the cache and cache statistics";
    "__reduce__(self, /)" = |th, a| attr::get_str(th, a.get(0), "__qualname__"), "Return state information for pickling.";
    "__copy__(self, /)" = |_, a| Ok(a.get(0)), "Return self.";
    "__deepcopy__(self, memo, /)" = |_, a| Ok(a.get(0)), "Return self.";
};
pub fn register() {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[LruCache::INFO]);
}

fn new(th: &mut Thread, a: Args) -> R<Value> {
    if dunder(a.get(1), D::call).is_none() {
        return Err(th.type_error("the first argument must be callable"));
    }
    let max = match a.get(2) {
        v if v.is_none() => -1,
        v => match int::index_opt(th, v)?.and_then(int::to_i64) {
            Some(n) => n.max(0),
            None => return Err(th.type_error("maxsize should be integer or None")),
        },
    };
    let typed = is_true(th, a.get(3))?;
    let cache = dict::new(th)?;
    Ok(alloc_slotted(th, &LRU_CACHE, a.get(0), LruCache { header: Header::NEW, func: a.get(1), cache, info: a.get(4), max, typed, hits: 0, misses: 0 })?.value())
}

/// The key of a call: one simple argument itself, otherwise a tuple of everything that tells calls apart.
fn key(th: &mut Thread, a: Args, typed: bool) -> R<Value> {
    if !typed && a.len() == 2 && !a.has_keywords() && (a.get(1).is_int() || text::STR.is_exact(a.get(1))) {
        return Ok(a.get(1));
    }
    let v = RootedVec::new(th)?;
    for i in 1..a.positional() {
        v.push(th, a.get(i))?;
    }
    if a.has_keywords() {
        v.push(th, LRU_CACHE.value())?;
        for i in 0..a.keyword_count() {
            let (k, x) = a.keyword(i);
            v.push(th, k)?;
            v.push(th, x)?;
        }
    }
    if typed {
        for i in 1..a.positional() {
            v.push(th, class_of(a.get(i)).value())?;
        }
        for i in 0..a.keyword_count() {
            v.push(th, class_of(a.keyword(i).1).value())?;
        }
    }
    tuple_of(th, v)
}
fn call(th: &mut Thread, a: Args) -> R<Value> {
    let c: Gc<LruCache> = this(a.get(0));
    let g = c.read(th)?;
    let (func, cache, max, typed) = (g.func, g.cache, g.max, g.typed);
    drop(g);
    if max == 0 {
        c.write(th)?.misses += 1;
        return th.call_args(func, a.skip(1));
    }
    let k = key(th, a, typed)?;
    let hash = dict::key_hash(th, k)?;
    let known = if max > 0 { dict::get_to_end(th, cache, hash, k)? } else { dict::get_hashed(th, cache, hash, k)? };
    if let Some(v) = known {
        c.write(th)?.hits += 1;
        return Ok(v);
    }
    c.write(th)?.misses += 1;
    let v = th.call_args(func, a.skip(1))?;
    if max < 0 {
        dict::set_hashed(th, cache, hash, k, v)?;
        return Ok(v);
    }
    // The call may have entered the key itself, and then what it entered stays.
    dict::add_hashed(th, cache, hash, k, v)?;
    while dict::len(th, cache)? as i64 > max {
        let mut at = 0;
        match dict::next_hashed(th, cache, &mut at)? {
            Some((h, oldest, _)) => dict::remove_hashed(th, cache, h, oldest)?,
            None => break,
        };
    }
    Ok(v)
}
fn cache_info(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<LruCache>(a.get(0)).read(th)?;
    let (info, max, hits, misses, cache) = (g.info, g.max, g.hits, g.misses, g.cache);
    drop(g);
    let n = dict::len(th, cache)?;
    let max = if max < 0 { Value::NONE } else { int::from_i64(th, max)? };
    let (hits, misses) = (int::from_u64(th, hits)?, int::from_u64(th, misses)?);
    th.call(info, &[hits, misses, max, Value::int(n as i64)])
}
fn cache_clear(th: &mut Thread, a: Args) -> R<Value> {
    let fresh = dict::new(th)?;
    let mut g = this::<LruCache>(a.get(0)).write(th)?;
    (g.cache, g.hits, g.misses) = (fresh, 0, 0);
    Ok(Value::NONE)
}
