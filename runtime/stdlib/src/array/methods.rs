//! `array`: what scripts call.

use super::{ARRAY, Array, Item, bytes, code_of, decode, encode, get, item_of, iterate, len, make, size_of_code, splice};
use crate::api::*;
use txpy_vm::exceptions::{DEPRECATION_WARNING, EOF_ERROR};
use txpy_vm::native::{buffer, stored};
use txpy_vm::types::bytearray;
use txpy_vm::types::sequence::{self, Key, limit, place};
use txpy_vm::types::slice;

pub static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    #[py2] "__init__(self, *args, **kwargs)" = |_, _| Ok(Value::NONE), "The arguments were __new__'s.";
    "append(self, v, /)" = append, "Append new value v to the end of the array.";
    "buffer_info(self, /)" = buffer_info, "Return a tuple (address, length) giving the current memory address and the length in items.";
    "byteswap(self, /)" = byteswap, "Byteswap all items of the array.";
    #[py3] "clear(self, /)" = |th, a| splice(th, this(a.get(0)), 0, usize::MAX, &[]).map(|_| Value::NONE), "Remove all items from the array.";
    "count(self, v, /)" = count, "Return number of occurrences of v in the array.";
    "extend(self, bb, /)" = |th, a| extend(th, this(a.get(0)), a.get(1)).map(|_| Value::NONE), "Append items to the end of the array.";
    "fromfile(self, f, n, /)" = fromfile, "Read n objects from the file object f and append them to the end of the array.";
    "fromlist(self, list, /)" = fromlist, "Append items to array from list.";
    #[py3] "frombytes(self, buffer, /)" = frombytes, "Appends items from the string, interpreting it as an array of machine values.";
    #[py2] "fromstring(self, string, /)" = frombytes, "Appends items from the string, interpreting it as an array of machine values.";
    #[py2] "read(self, f, n, /)" = fromfile, "Deprecated: use fromfile.";
    #[py2] "write(self, f, /)" = tofile, "Deprecated: use tofile.";
    "fromunicode(self, ustr, /)" = fromunicode, "Extends this array with data from the unicode string ustr.";
    #[py2] "index(self, v, /)" = index, "Return index of first occurrence of v in the array.";
    #[py3] "index(self, v, start=0, stop=sys.maxsize, /)" = index, "Return index of first occurrence of v in the array.";
    "insert(self, i, v, /)" = insert, "Insert a new item v into the array before position i.";
    "pop(self, i=-1, /)" = pop, "Return the i-th element and delete it from the array.";
    "remove(self, v, /)" = remove, "Remove the first occurrence of v in the array.";
    "reverse(self, /)" = reverse, "Reverse the order of the items in the array.";
    "tofile(self, f, /)" = tofile, "Write all items (as machine values) to the file object f.";
    "tolist(self, /)" = |th, a| tolist(th, this(a.get(0))), "Convert array to an ordinary list with the same items.";
    #[py3] "tobytes(self, /)" = |th, a| bytes(th, this(a.get(0)), 0, usize::MAX), "Convert the array to an array of machine values and return the bytes representation.";
    #[py2] "tostring(self, /)" = |th, a| bytes(th, this(a.get(0)), 0, usize::MAX), "Convert the array to an array of machine values and return the string representation.";
    "tounicode(self, /)" = tounicode, "Convert the array to a unicode string.";
    "__copy__(self, /)" = copy, "Return a copy of the array.";
    "__deepcopy__(self, unused, /)" = copy, "Return a copy of the array.";
    #[py2] "__reduce__(self, /)" = |th, a| reduce_list(th, a.get(0)), "Return state information for pickling.";
    #[py3] "__reduce_ex__(self, value, /)" = reduce_ex, "Return state information for pickling.";
    "__sizeof__(self, /)" = sizeof, "Size of the array in memory, in bytes.";
    #[py3, class] "__class_getitem__(cls, item, /)" = |th, a| txpy_vm::types::generic_alias::new(th, a.get(0), a.get(1)), "See PEP 585";
};
pub static OPERATORS: &[NativeDef] = natives! {
    "__len__(self, /)" = |th, a| Ok(Value::int(len(th, this(a.get(0)))? as i64)), "Return len(self).";
    "__iter__(self, /)" = |th, a| iterate(th, a.get(0)), "Implement iter(self).";
    "__getitem__(self, key, /)" = getitem, "Return self[key].";
    "__setitem__(self, key, value, /)" = setitem, "Set self[key] to value.";
    "__delitem__(self, key, /)" = delitem, "Delete self[key].";
    #[py2] "__getslice__(self, i, j, /)" = |th, a| { let k = slice::new(th, a.get(1), a.get(2), Value::NONE)?; getitem(th, Args::of(&[a.get(0), k])) }, "Return self[i:j].";
    #[py2] "__setslice__(self, i, j, value, /)" = |th, a| { let k = slice::new(th, a.get(1), a.get(2), Value::NONE)?; setitem(th, Args::of(&[a.get(0), k, a.get(3)])) }, "Set self[i:j] to value.";
    #[py2] "__delslice__(self, i, j, /)" = |th, a| { let k = slice::new(th, a.get(1), a.get(2), Value::NONE)?; delitem(th, Args::of(&[a.get(0), k])) }, "Delete self[i:j].";
    "__contains__(self, key, /)" = |th, a| Ok(Value::from_bool(find(th, this(a.get(0)), a.get(1), 0, usize::MAX)?.is_some())), "Return bool(key in self).";
    "__repr__(self, /)" = repr, "Return repr(self).";
    "__add__(self, value, /)" = add, "Return self+value.";
    "__iadd__(self, value, /)" = iadd, "Implement self+=value.";
    "__mul__(self, value, /)" = |th, a| times(th, a.get(0), a.get(1)), "Return self*value.";
    "__rmul__(self, value, /)" = |th, a| times(th, a.get(0), a.get(1)), "Return value*self.";
    "__imul__(self, value, /)" = imul, "Implement self*=value.";
    "__eq__(self, value, /)" = |th, a| rich(th, Cmp::Eq, a), "Return self==value.";
    "__ne__(self, value, /)" = |th, a| rich(th, Cmp::Ne, a), "Return self!=value.";
    "__lt__(self, value, /)" = |th, a| rich(th, Cmp::Lt, a), "Return self<value.";
    "__le__(self, value, /)" = |th, a| rich(th, Cmp::Le, a), "Return self<=value.";
    "__gt__(self, value, /)" = |th, a| rich(th, Cmp::Gt, a), "Return self>value.";
    "__ge__(self, value, /)" = |th, a| rich(th, Cmp::Ge, a), "Return self>=value.";
    "__hash__(self, /)" = |th, a| { let n = class_name(a.get(0)); let n = if n == "array" { "array.array".to_string() } else { n }; Err(th.type_error(format!("unhashable type: '{n}'"))) }, "Arrays have no hash.";
};

fn of(v: Value) -> Option<Gc<Array>> { v.cast() }

// ---- making

fn new(th: &mut Thread, a: Args) -> R<Value> {
    let class = txpy_vm::types::int_args::new_class(th, &ARRAY, a.get(0))?;
    if a.has_keywords() && class.value() == ARRAY.value() {
        return Err(th.type_error(if th.py3() { "array.array() takes no keyword arguments" } else { "array.array() does not take keyword arguments" }));
    }
    let n = a.positional() - 1;
    if n == 0 || n > 2 {
        let (bound, k, s) = if n == 0 { ("at least", 1, "") } else { ("at most", 2, "s") };
        return Err(th.type_error(format!("array() takes {bound} {k} argument{s} ({n} given)")));
    }
    let got = a.get(1);
    let one = text::bytes_of(got).filter(|b| b.len() == 1 && (text::is_text(got) || !th.py3()));
    let Some(code) = one.map(|b| b[0]) else {
        if th.py3() && text::is_text(got) && text::len_of(got) == 1 {
            return Err(bad_code(th));
        }
        let name = class_name(got);
        return Err(th.type_error(if th.py3() { format!("array() argument 1 must be a unicode character, not {name}") } else { format!("array() argument 1 or typecode must be char (string or ascii-unicode with length 1), not {name}") }));
    };
    if th.py3() && code == b'u' {
        warn(th, &DEPRECATION_WARNING, "The 'u' type code is deprecated and will be removed in Python 3.16")?;
    }
    let initial = if n == 2 { a.opt(2) } else { None };
    let text_item = item_of(code) == Item::Text && super::known(th, code);
    if let Some(v) = initial {
        if th.py3() && !text_item {
            if text::is_text(v) {
                return Err(th.type_error(format!("cannot use a str to initialize an array with typecode '{}'", code as char)));
            }
            if let Some(b) = of(v).filter(|_| super::known(th, code)) {
                let c = code_of(th, b)?;
                if item_of(c) == Item::Text {
                    return Err(th.type_error(format!("cannot use a unicode array to initialize an array with typecode '{}'", code as char)));
                }
            }
        }
    }
    if !super::known(th, code) {
        return Err(bad_code(th));
    }
    let out = instance::alloc_like(th, class.value(), |_| super::blank(code))?;
    let Some(v) = initial else { return Ok(out.value()) };
    if text_item && text::is_text(v) {
        append_text(th, out, v)?;
    } else if text::is_bytes(v) || v.is::<bytearray::ByteArray>() {
        append_bytes(th, out, v)?;
    } else {
        extend_any(th, out, v)?;
    }
    Ok(out.value())
}
fn bad_code(th: &mut Thread) -> Unwind {
    th.value_error(if th.py3() { "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)" } else { "bad typecode (must be c, b, B, u, h, H, i, I, l, L, f or d)" })
}
fn push(th: &mut Thread, a: Gc<Array>, v: Value) -> R<()> {
    let code = code_of(th, a)?;
    let w = encode(th, code, v)?;
    splice(th, a, usize::MAX, usize::MAX, &w[..size_of_code(code)])
}
fn append(th: &mut Thread, a: Args) -> R<Value> { push(th, this(a.get(0)), a.get(1)).map(|_| Value::NONE) }
fn append_text(th: &mut Thread, a: Gc<Array>, v: Value) -> R<()> {
    let Some(size) = text::len_of(v).checked_mul(4) else { return Err(th.memory_error()) };
    let room = text::alloc_bytes(th, size)?;
    // SAFETY: not yet known to anybody else.
    let to = unsafe { room.frozen().tail_mut() };
    for (c, o) in text::code_points(text::bytes_of(v).unwrap_or(&[])).zip(to.chunks_exact_mut(4)) {
        o.copy_from_slice(&c.to_ne_bytes());
    }
    splice(th, a, usize::MAX, usize::MAX, room.frozen().data())
}
fn append_bytes(th: &mut Thread, a: Gc<Array>, v: Value) -> R<()> {
    let v = byte_string(th, v)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let size = size_of_code(code_of(th, a)?);
    if b.len() % size != 0 {
        return Err(th.value_error(if th.py3() { "bytes length not a multiple of item size" } else { "string length not a multiple of item size" }));
    }
    splice(th, a, usize::MAX, usize::MAX, b)
}
/// Appends the items of any iterable; of other arrays number by number.
fn extend_any(th: &mut Thread, a: Gc<Array>, v: Value) -> R<()> {
    if let Some(b) = of(v) {
        if code_of(th, a)? == code_of(th, b)? {
            let all = bytes(th, b, 0, usize::MAX)?;
            return splice(th, a, usize::MAX, usize::MAX, text::bytes_of(all).unwrap_or(&[]));
        }
    }
    iter::for_each(th, v, |th, x| push(th, a, x))
}
fn extend(th: &mut Thread, a: Gc<Array>, v: Value) -> R<()> {
    if let Some(b) = of(v) {
        if code_of(th, a)? != code_of(th, b)? {
            return Err(th.type_error("can only extend with array of same kind"));
        }
    }
    extend_any(th, a, v)
}
fn fromlist(th: &mut Thread, a: Args) -> R<Value> {
    let Some(l) = a.get(1).cast::<List>() else { return Err(th.type_error("arg must be list")) };
    let arr: Gc<Array> = this(a.get(0));
    // All or nothing: gathered apart first.
    let code = code_of(th, arr)?;
    let part: Gc<Array> = this(make(th, code, &[])?);
    let n = list::len(th, l)?;
    let mut i = 0;
    while let Some(v) = list::get(th, l, i)? {
        push(th, part, v)?;
        if list::len(th, l)? != n {
            return Err(th.runtime_error("list changed size during iteration"));
        }
        i += 1;
        if i % 1024 == 0 {
            th.poll()?;
        }
    }
    extend_any(th, arr, part.value())?;
    Ok(Value::NONE)
}
fn frombytes(th: &mut Thread, a: Args) -> R<Value> {
    if text::is_text(a.get(1)) && th.py3() {
        return Err(buffer::required(th, a.get(1)));
    }
    if a.get(0) == a.get(1) && !th.py3() {
        return Err(th.value_error("array.fromstring(x): x cannot be self"));
    }
    append_bytes(th, this(a.get(0)), a.get(1)).map(|_| Value::NONE)
}
fn only_text(th: &mut Thread, a: Args, method: &str) -> R<()> {
    let c = code_of(th, this(a.get(0)))?;
    if item_of(c) == Item::Text {
        return Ok(());
    }
    Err(th.value_error(if th.py3() { format!("{method}() may only be called on unicode type arrays ('u' or 'w')") } else { format!("{method}() may only be called on type 'u' arrays") }))
}
fn fromunicode(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_text(a.get(1)) {
        let got = class_name(a.get(1));
        return Err(th.type_error(if th.py3() { format!("fromunicode() argument must be str, not {got}") } else { format!("fromunicode() argument 1 must be unicode, not {got}") }));
    }
    only_text(th, a, "fromunicode")?;
    append_text(th, this(a.get(0)), a.get(1)).map(|_| Value::NONE)
}
fn tounicode(th: &mut Thread, a: Args) -> R<Value> {
    only_text(th, a, "tounicode")?;
    text_value(th, this(a.get(0)))
}
fn text_value(th: &mut Thread, a: Gc<Array>) -> R<Value> {
    let all = bytes(th, a, 0, usize::MAX)?;
    let mut out = Vec::new();
    for w in text::bytes_of(all).unwrap_or(&[]).chunks_exact(4) {
        let c = u32::from_ne_bytes([w[0], w[1], w[2], w[3]]);
        if c > 0x10FFFF {
            return Err(th.value_error(format!("character U+{c:x} is not in range [U+0000; U+10ffff]")));
        }
        if out.try_reserve(4).is_err() {
            return Err(th.memory_error());
        }
        text::push_code_point(&mut out, c);
    }
    text::new_str(th, &out)
}
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let all = bytes(th, s, 0, usize::MAX)?;
    let code = code_of(th, s)?;
    make(th, code, text::bytes_of(all).unwrap_or(&[]))
}

// ---- files

fn fromfile(th: &mut Thread, a: Args) -> R<Value> {
    let f = a.get(1);
    if !th.py3() && !f.is::<crate::io::file2::File>() {
        return Err(th.type_error("arg1 must be open file"));
    }
    let n = sequence::ssize(th, a.get(2))?;
    if n < 0 {
        return Err(th.value_error("negative count"));
    }
    let arr: Gc<Array> = this(a.get(0));
    let size = size_of_code(code_of(th, arr)?) as i64;
    let Some(want) = n.checked_mul(size) else { return Err(th.memory_error()) };
    let b = th.call_method(f, "read", &[Value::int(want)])?;
    if !text::is_bytes(b) {
        return Err(th.type_error("read() didn't return bytes"));
    }
    let have = text::bytes_of(b).unwrap_or(&[]);
    let short = (have.len() as i64) < want;
    let whole = if th.py3() { b } else { let k = have.len() / size as usize * size as usize; th.new_bytes(&have[..k])? };
    append_bytes(th, arr, whole)?;
    if short {
        return Err(th.raise(&EOF_ERROR, if th.py3() { "read() didn't return enough bytes" } else { "not enough items in file" }));
    }
    Ok(Value::NONE)
}
fn tofile(th: &mut Thread, a: Args) -> R<Value> {
    let f = a.get(1);
    if !th.py3() && !f.is::<crate::io::file2::File>() {
        return Err(th.type_error("arg must be open file"));
    }
    let arr: Gc<Array> = this(a.get(0));
    let mut at = 0;
    while at < arr.read(th)?.data.len {
        let part = bytes(th, arr, at, at + (64 << 10))?;
        th.call_method(f, "write", &[part])?;
        at += 64 << 10;
    }
    Ok(Value::NONE)
}

// ---- looking

fn buffer_info(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let mut g = s.write(th)?;
    let at = g.data.data_mut().as_mut_ptr() as usize;
    drop(g);
    let n = len(th, s)?;
    let at = int::from_u64(th, at as u64)?;
    th.new_tuple(&[at, Value::int(n as i64)])
}
fn find(th: &mut Thread, a: Gc<Array>, v: Value, from: usize, to: usize) -> R<Option<usize>> {
    let mut i = from;
    while i < to {
        let Some(x) = get(th, a, i)? else { break };
        if same_or_equal(th, x, v)? {
            return Ok(Some(i));
        }
        i += 1;
        if i % 1024 == 0 {
            th.poll()?;
        }
    }
    Ok(None)
}
fn count(th: &mut Thread, a: Args) -> R<Value> {
    let (mut n, mut at) = (0, 0);
    while let Some(i) = find(th, this(a.get(0)), a.get(1), at, usize::MAX)? {
        n += 1;
        at = i + 1;
    }
    Ok(Value::int(n))
}
fn index(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let start = match a.opt(2) {
        Some(v) => slice::given_bound(th, v)?,
        None => 0,
    };
    let stop = match a.opt(3) {
        Some(v) => slice::given_bound(th, v)?,
        None => i64::MAX,
    };
    let n = len(th, s)?;
    match find(th, s, a.get(1), limit(start, n), if stop == i64::MAX { usize::MAX } else { limit(stop, n) })? {
        Some(i) => Ok(Value::int(i as i64)),
        None => Err(th.value_error(if th.py3() { "array.index(x): x not in array" } else { "array.index(x): x not in list" })),
    }
}
fn tolist(th: &mut Thread, a: Gc<Array>) -> R<Value> {
    let n = len(th, a)?;
    let l = list::with_capacity(th, n)?;
    let all = bytes(th, a, 0, usize::MAX)?;
    let code = code_of(th, a)?;
    for (i, w) in text::bytes_of(all).unwrap_or(&[]).chunks_exact(size_of_code(code)).enumerate() {
        let v = decode(th, code, w)?;
        list::append(th, l, v)?;
        if i % 4096 == 0 {
            th.poll()?;
        }
    }
    Ok(l.value())
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let code = code_of(th, s)?;
    let name = if th.py3() { class_name(a.get(0)) } else { "array".to_string() };
    if len(th, s)? == 0 {
        return th.native_str(&format!("{name}('{}')", code as char));
    }
    let v = match item_of(code) {
        Item::Char => bytes(th, s, 0, usize::MAX)?,
        Item::Text => text_value(th, s)?,
        _ => tolist(th, s)?,
    };
    let shown = txpy_vm::object::repr::repr(th, v)?;
    let mut out = format!("{name}('{}', ", code as char).into_bytes();
    out.extend_from_slice(text::bytes_of(shown).unwrap_or(&[]));
    out.push(b')');
    th.native_str_bytes(&out)
}
fn sizeof(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Array>(a.get(0)).read(th)?;
    let n = size_of::<Array>() + g.data.capacity();
    Ok(Value::int(n as i64))
}
fn rich(th: &mut Thread, op: Cmp, a: Args) -> R<Value> {
    if of(a.get(1)).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    sequence::compare_items(th, op, a.get(0), a.get(1), |th, v, i| get(th, this(v), i), |th, v| len(th, this(v)))
}

// ---- changing

fn byteswap(th: &mut Thread, a: Args) -> R<Value> {
    let mut g = this::<Array>(a.get(0)).write(th)?;
    let size = size_of_code(g.code);
    if size > 1 {
        g.data.data_mut().chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    Ok(Value::NONE)
}
fn reverse(th: &mut Thread, a: Args) -> R<Value> {
    let mut g = this::<Array>(a.get(0)).write(th)?;
    let size = size_of_code(g.code);
    let d = g.data.data_mut();
    d.reverse();
    if size > 1 {
        d.chunks_exact_mut(size).for_each(<[u8]>::reverse);
    }
    Ok(Value::NONE)
}
fn insert(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let i = sequence::position(th, a.get(1))?;
    let code = code_of(th, s)?;
    let w = encode(th, code, a.get(2))?;
    let n = len(th, s)?;
    let at = limit(i, n) * size_of_code(code);
    splice(th, s, at, at, &w[..size_of_code(code)])?;
    Ok(Value::NONE)
}
fn delete(th: &mut Thread, s: Gc<Array>, i: usize) -> R<()> {
    let size = size_of_code(code_of(th, s)?);
    splice(th, s, i * size, (i + 1) * size, &[])
}
fn pop(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let i = match a.opt(1) {
        Some(v) => sequence::position(th, v)?,
        None => -1,
    };
    let n = len(th, s)?;
    if n == 0 {
        return Err(th.index_error("pop from empty array"));
    }
    let Some(at) = place(i, n) else { return Err(th.index_error("pop index out of range")) };
    let Some(v) = get(th, s, at)? else { return Err(th.index_error("pop index out of range")) };
    delete(th, s, at)?;
    Ok(v)
}
fn remove(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    match find(th, s, a.get(1), 0, usize::MAX)? {
        Some(i) => delete(th, s, i).map(|_| Value::NONE),
        None => Err(th.value_error(if th.py3() { "array.remove(x): x not in array" } else { "array.remove(x): x not in list" })),
    }
}
fn key(th: &mut Thread, v: Value) -> R<Key> {
    if !v.is_int() && !v.is::<slice::Slice>() && int::index_opt(th, v)?.is_none() {
        return Err(th.type_error("array indices must be integers"));
    }
    sequence::key(th, "array", v)
}
fn getitem(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    match key(th, a.get(1))? {
        Key::Index(i) => {
            let n = len(th, s)?;
            let v = match place(i, n) {
                Some(at) => get(th, s, at)?,
                None => None,
            };
            match v {
                Some(v) => Ok(v),
                None => Err(th.index_error("array index out of range")),
            }
        }
        Key::Slice(start, stop, step) => {
            let n = len(th, s)?;
            let code = code_of(th, s)?;
            let size = size_of_code(code);
            let (start, _, count) = slice::adjust(start, stop, step, n);
            if step == 1 {
                let part = bytes(th, s, start as usize * size, (start as usize + count) * size)?;
                return make(th, code, text::bytes_of(part).unwrap_or(&[]));
            }
            let all = bytes(th, s, 0, usize::MAX)?;
            let all = text::bytes_of(all).unwrap_or(&[]);
            let room = text::alloc_bytes(th, count * size)?;
            // SAFETY: not yet known to anybody else.
            let to = unsafe { room.frozen().tail_mut() };
            for (i, o) in to.chunks_exact_mut(size).enumerate() {
                let at = (start + i as i64 * step) as usize * size;
                if let Some(w) = all.get(at..at + size) {
                    o.copy_from_slice(w);
                }
            }
            make(th, code, room.frozen().data())
        }
    }
}
fn setitem(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let code = code_of(th, s)?;
    let size = size_of_code(code);
    match key(th, a.get(1))? {
        Key::Index(i) => {
            let out = |th: &mut Thread| Err(th.index_error("array assignment index out of range"));
            let n = len(th, s)?;
            if place(i, n).is_none() {
                return out(th);
            }
            let w = encode(th, code, a.get(2))?;
            let mut g = stored::edit(th, s)?;
            let n = g.data.len / size;
            match place(i, n) {
                Some(at) => {
                    stored::log(&mut g, at * size, (at + 1) * size);
                    g.data.data_mut()[at * size..(at + 1) * size].copy_from_slice(&w[..size]);
                }
                None => {
                    drop(g);
                    return out(th);
                }
            }
        }
        Key::Slice(start, stop, step) => {
            let Some(from) = of(a.get(2)) else {
                let got = class_name(a.get(2));
                return Err(th.type_error(format!("can only assign array (not \"{got}\") to array slice")));
            };
            if code_of(th, from)? != code {
                return Err(th.type_error("bad argument type for built-in operation"));
            }
            let with = bytes(th, from, 0, usize::MAX)?;
            let with = text::bytes_of(with).unwrap_or(&[]);
            let n = len(th, s)?;
            let (start, stop, count) = slice::adjust(start, stop, step, n);
            if step == 1 {
                splice(th, s, start as usize * size, stop.max(start) as usize * size, with)?;
                return Ok(Value::NONE);
            }
            if with.len() / size != count {
                return Err(th.value_error(format!("attempt to assign array of size {} to extended slice of size {count}", with.len() / size)));
            }
            let mut g = stored::edit(th, s)?;
            for (i, w) in with.chunks_exact(size).enumerate() {
                let at = (start + i as i64 * step) as usize * size;
                if at + size <= g.data.len {
                    stored::log(&mut g, at, at + size);
                    g.data.data_mut()[at..at + size].copy_from_slice(w);
                }
            }
        }
    }
    Ok(Value::NONE)
}
fn delitem(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let size = size_of_code(code_of(th, s)?);
    match key(th, a.get(1))? {
        Key::Index(i) => {
            let n = len(th, s)?;
            match place(i, n) {
                Some(at) => delete(th, s, at)?,
                None => return Err(th.index_error("array assignment index out of range")),
            }
        }
        Key::Slice(start, stop, step) => {
            let n = len(th, s)?;
            let (start, stop, count) = slice::adjust(start, stop, step, n);
            if step == 1 {
                splice(th, s, start as usize * size, stop.max(start) as usize * size, &[])?;
                return Ok(Value::NONE);
            }
            let all = bytes(th, s, 0, usize::MAX)?;
            let all = text::bytes_of(all).unwrap_or(&[]);
            let room = text::alloc_bytes(th, all.len().saturating_sub(count * size))?;
            // SAFETY: not yet known to anybody else.
            let to = unsafe { room.frozen().tail_mut() };
            let last = start + (count as i64 - 1) * step;
            let (low, gap) = (start.min(last), step.abs());
            let mut outs = to.chunks_exact_mut(size);
            for (i, w) in all.chunks_exact(size).enumerate() {
                let d = i as i64 - low;
                let gone = count > 0 && d >= 0 && d % gap == 0 && (d / gap) < count as i64;
                if !gone {
                    if let Some(o) = outs.next() {
                        o.copy_from_slice(w);
                    }
                }
            }
            splice(th, s, 0, usize::MAX, room.frozen().data())?;
        }
    }
    Ok(Value::NONE)
}

// ---- operators

fn add(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Array> = this(a.get(0));
    let Some(o) = of(a.get(1)) else {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("can only append array (not \"{got}\") to array")));
    };
    let code = code_of(th, s)?;
    if code_of(th, o)? != code {
        return Err(th.type_error("bad argument type for built-in operation"));
    }
    let (x, y) = (bytes(th, s, 0, usize::MAX)?, bytes(th, o, 0, usize::MAX)?);
    let v = make(th, code, text::bytes_of(x).unwrap_or(&[]))?;
    splice(th, this(v), usize::MAX, usize::MAX, text::bytes_of(y).unwrap_or(&[]))?;
    Ok(v)
}
fn iadd(th: &mut Thread, a: Args) -> R<Value> {
    if of(a.get(1)).is_none() {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("can only extend array with array (not \"{got}\")")));
    }
    extend(th, this(a.get(0)), a.get(1))?;
    Ok(a.get(0))
}
/// All bytes `n` times.
fn repeated(th: &mut Thread, s: Gc<Array>, n: i64) -> R<Value> {
    let all = bytes(th, s, 0, usize::MAX)?;
    if text::len_of(all).checked_mul(n.max(0) as usize).is_none_or(|t| t > isize::MAX as usize) {
        return Err(th.memory_error());
    }
    text::repeat(th, all, n.max(0) as usize)
}
fn times(th: &mut Thread, v: Value, by: Value) -> R<Value> {
    if int::index_opt(th, by)?.is_none() {
        let got = class_name(by);
        return Err(th.type_error(format!("can't multiply sequence by non-int of type '{got}'")));
    }
    let n = sequence::ssize(th, by)?;
    let b = repeated(th, this(v), n)?;
    let code = code_of(th, this(v))?;
    make(th, code, text::bytes_of(b).unwrap_or(&[]))
}
fn imul(th: &mut Thread, a: Args) -> R<Value> {
    let n = sequence::ssize(th, a.get(1))?;
    let s: Gc<Array> = this(a.get(0));
    let b = repeated(th, s, n)?;
    splice(th, s, 0, usize::MAX, text::bytes_of(b).unwrap_or(&[]))?;
    Ok(a.get(0))
}

// ---- pickles

fn state(th: &mut Thread, v: Value) -> R<Value> { if instance::has_dict(v) { Ok(instance::dict_of(th, v)?.value()) } else { Ok(Value::NONE) } }
fn reduce_list(th: &mut Thread, v: Value) -> R<Value> {
    let s: Gc<Array> = this(v);
    let code = code_of(th, s)?;
    let code = th.native_str_bytes(&[code])?;
    let l = tolist(th, s)?;
    let (args, d) = (th.new_tuple(&[code, l])?, state(th, v)?);
    let class = class_of(v).value();
    th.new_tuple(&[class, args, d])
}
/// The machine formats of pickled arrays (PEP 3118's neighbours): number, size, signed, big-endian, float.
static MACHINE: &[(u8, bool, usize, bool, bool)] = &[
    (0, false, 1, false, false), (1, true, 1, false, false), (2, false, 2, false, false), (3, false, 2, true, false), (4, true, 2, false, false), (5, true, 2, true, false),
    (6, false, 4, false, false), (7, false, 4, true, false), (8, true, 4, false, false), (9, true, 4, true, false), (10, false, 8, false, false), (11, false, 8, true, false),
    (12, true, 8, false, false), (13, true, 8, true, false), (14, true, 4, false, true), (15, true, 4, true, true), (16, true, 8, false, true), (17, true, 8, true, true),
];
fn machine_code(code: u8) -> u8 {
    let big = cfg!(target_endian = "big");
    let size = size_of_code(code);
    match item_of(code) {
        Item::Text => if big { 21 } else { 20 },
        Item::Char => 0,
        i => {
            let (signed, fl) = match i {
                Item::Int { signed } => (signed, false),
                _ => (true, true),
            };
            MACHINE.iter().find(|m| m.1 == signed && m.2 == size && (size == 1 || m.3 == big) && m.4 == fl).map_or(0, |m| m.0)
        }
    }
}
fn reduce_ex(th: &mut Thread, a: Args) -> R<Value> {
    if !int::is_int_like(a.get(1)) {
        let got = class_name(a.get(1));
        return Err(th.type_error(format!("__reduce_ex__ argument should be an integer, not '{got}'")));
    }
    if int::arg_i64(th, a.get(1))? < 3 {
        return reduce_list(th, a.get(0));
    }
    let s: Gc<Array> = this(a.get(0));
    let code = code_of(th, s)?;
    let m = txpy_vm::import::import_name(th, "array")?;
    let f = attr::get_str(th, m, "_array_reconstructor")?;
    let all = bytes(th, s, 0, usize::MAX)?;
    let c = th.native_str_bytes(&[code])?;
    let class = class_of(a.get(0)).value();
    let args = th.new_tuple(&[class, c, Value::int(machine_code(code) as i64), all])?;
    let d = state(th, a.get(0))?;
    th.new_tuple(&[f, args, d])
}
pub fn reconstruct(th: &mut Thread, a: Args) -> R<Value> {
    let class = a.get(0);
    let Some(t) = class.cast::<Type>() else {
        let got = class_name(class);
        return Err(th.type_error(format!("first argument must be a type object, not {got}")));
    };
    if !type_::is_subtype(t, ARRAY.ty()) {
        let name = type_::name_text(t).into_owned();
        return Err(th.type_error(format!("{name} is not a subtype of array.array")));
    }
    let Some(code) = text::bytes_of(a.get(1)).filter(|b| text::is_text(a.get(1)) && b.len() == 1).map(|b| b[0]) else {
        return Err(th.type_error("_array_reconstructor() argument 2 must be a unicode character, not str"));
    };
    if !super::known(th, code) {
        return Err(th.value_error("second argument must be a valid type code"));
    }
    let machine = int::arg_i64(th, a.get(2))?;
    if !(0..=21).contains(&machine) {
        return Err(th.value_error("third argument must be a valid machine format code."));
    }
    let items = a.get(3);
    if !text::is_bytes(items) {
        let got = class_name(items);
        return Err(th.type_error(format!("fourth argument should be bytes, not {got}")));
    }
    let c = a.get(1);
    if machine as u8 == machine_code(code) {
        return th.call(class, &[c, items]);
    }
    let data = text::bytes_of(items).unwrap_or(&[]);
    if machine >= 18 {
        let name = match machine {
            18 => "utf-16-le",
            19 => "utf-16-be",
            20 => "utf-32-le",
            _ => "utf-32-be",
        };
        let s = txpy_vm::types::codec::decode(th, items, name, "strict")?;
        return th.call(class, &[c, s]);
    }
    let Some(&(_, signed, size, big, fl)) = MACHINE.iter().find(|m| m.0 as i64 == machine) else { return Err(th.value_error("third argument must be a valid machine format code.")) };
    if data.len() % size != 0 {
        return Err(th.value_error("bytes length not a multiple of item size"));
    }
    let l = list::with_capacity(th, data.len() / size)?;
    for w in data.chunks_exact(size) {
        let mut x = [0u8; 8];
        x[..size].copy_from_slice(w);
        if big {
            x[..size].reverse();
        }
        let n = u64::from_le_bytes(x);
        let v = match (fl, size) {
            (true, 4) => float::new(th, f32::from_bits(n as u32) as f64)?,
            (true, _) => float::new(th, f64::from_bits(n))?,
            _ => {
                let shift = 64 - 8 * size as u32;
                int::from_i128(th, if signed { ((n << shift) as i64 >> shift) as i128 } else { n as i128 })?
            }
        };
        list::append(th, l, v)?;
    }
    // A smaller type may not hold the numbers of another machine: the code whose size and meaning fit is taken.
    let exact = b"bBhHiIlLqQfd".iter().find(|k| {
        size_of_code(**k) == size && match item_of(**k) {
            Item::Int { signed: s } => s == signed && !fl,
            Item::Float => fl,
            _ => false,
        }
    });
    let c = match exact {
        Some(k) if !(matches!(item_of(code), Item::Float) == fl && size_of_code(code) >= size) => th.native_str_bytes(&[*k])?,
        _ => c,
    };
    th.call(class, &[c, l.value()])
}
