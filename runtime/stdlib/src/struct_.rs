//! `_struct`: the module and the class Struct.

use crate::api::*;
use crate::kinds;
use crate::struct_format::{ERROR, Format, pack_one, parse, unpack_one};
use txpy_vm::native::buffer;

object! { pub struct Struct = kinds::STRUCT { pub format: Value } }
object! { pub struct StructIter = kinds::STRUCT_ITER { pub format: Value, pub data: Value, pub at: usize } }

pub static STRUCT: TypeDef = TypeDef {
    name: "Struct", module: "_struct", kind: kinds::STRUCT, size: size_of::<Struct>() as u16, flags: type_flag::BASE | type_flag::WEAK, methods: &[METHODS],
    getset: getset! {
        "format" = |th, v| Ok(this::<Struct>(v).read(th)?.format), "struct format string";
        "size" = |th, v| { let f = this::<Struct>(v).read(th)?.format; let f = format(th, f)?; Ok(Value::int(f.size as i64)) }, "struct size in bytes";
    },
    doc: "Struct(fmt) --> compiled struct object", ..TypeDef::DEFAULT
};
pub static STRUCT_ITER: TypeDef = TypeDef {
    name: "unpack_iterator", module: "_struct", kind: kinds::STRUCT_ITER, size: size_of::<StructIter>() as u16, flags: type_flag::NO_NEW, methods: &[next_methods!(step), natives! {
        "__length_hint__(self, /)" = |th, a| {
            let g = this::<StructIter>(a.get(0)).read(th)?;
            let (f, data, at) = (g.format, g.data, g.at);
            drop(g);
            let f = format(th, f)?;
            Ok(Value::int((text::len_of(data).saturating_sub(at) / f.size.max(1)) as i64))
        }, "Private method returning an estimate of len(list(it)).";
    }], doc: "Unpacks piece by piece.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, format)" = new, "Create and return a new object.";
    "pack(self, /, *values)" = |th, a| { let f = own(th, a.get(0))?; pack(th, &f, a.skip(1)) }, "Return a bytes object containing values packed according to the format.";
    "pack_into(self, /, *args)" = |th, a| { let f = own(th, a.get(0))?; pack_into(th, &f, a.skip(1)) }, "Pack values and write the packed bytes into the buffer.";
    "unpack(self, buffer, /)" = |th, a| { let f = own(th, a.get(0))?; unpack(th, &f, a.get(1)) }, "Return a tuple containing unpacked values.";
    "unpack_from(self, /, buffer, offset=0)" = |th, a| { let f = own(th, a.get(0))?; unpack_from(th, &f, a.get(1), a.opt(2)) }, "Return a tuple containing unpacked values, from an offset on.";
    #[py3] "iter_unpack(self, buffer, /)" = |th, a| { let f = this::<Struct>(a.get(0)).read(th)?.format; iter_unpack(th, f, a.get(1)) }, "Return an iterator yielding tuples.";
    #[py3] "__repr__(self, /)" = |th, a| { let f = this::<Struct>(a.get(0)).read(th)?.format; let s = format!("{}({})", class_name(a.get(0)), repr_text(th, f)?); th.native_str(&s) }, "Return repr(self).";
};
pub static MODULE: ModuleDef = ModuleDef {
    name: "_struct", doc: "Functions to convert between Python values and C structs.", functions: FUNCTIONS, types: &[&STRUCT], init: Some(init), ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = natives! {
    "calcsize(format, /)" = |th, a| { let f = format(th, a.get(0))?; Ok(Value::int(f.size as i64)) }, "Return size in bytes of the struct described by the format string.";
    "pack(*args)" = |th, a| { let f = first(th, a)?; pack(th, &f, a.skip(1)) }, "Return a bytes object containing the values packed according to the format string.";
    "pack_into(*args)" = |th, a| { let f = first(th, a)?; pack_into(th, &f, a.skip(1)) }, "Pack values and write the packed bytes into the buffer.";
    "unpack(format, buffer, /)" = |th, a| { let f = format(th, a.get(0))?; unpack(th, &f, a.get(1)) }, "Return a tuple containing values unpacked according to the format string.";
    "unpack_from(format, /, buffer, offset=0)" = |th, a| { let f = format(th, a.get(0))?; unpack_from(th, &f, a.get(1), a.opt(2)) }, "Return a tuple containing values unpacked according to the format string, from an offset on.";
    #[py3] "iter_unpack(format, buffer, /)" = |th, a| iter_unpack(th, a.get(0), a.get(1)), "Return an iterator yielding tuples.";
    "_clearcache()" = |_, _| Ok(Value::NONE), "Clear the internal cache.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[Struct::INFO, StructIter::INFO]);
    iter::register_step(kinds::STRUCT_ITER, step);
    type_::make_native(th, &STRUCT_ITER)?;
    let e = type_::make_native(th, &ERROR)?;
    module::set(th, m, "error", e.value())
}

fn format(th: &mut Thread, v: Value) -> R<Format> {
    let Some(b) = text::bytes_of(v) else {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { format!("Struct() argument 1 must be a str or bytes object, not {got}") } else { "Struct() argument 1 must be string, not ".to_string() + &got }));
    };
    if b.contains(&0) {
        return Err(th.raise(&ERROR, "embedded null character"));
    }
    match parse(b, th.py3()) {
        Ok(f) => Ok(f),
        Err(msg) => Err(th.raise(&ERROR, msg)),
    }
}
fn first(th: &mut Thread, a: Args) -> R<Format> {
    if a.is_empty() {
        return Err(th.type_error("missing format argument"));
    }
    format(th, a.get(0))
}
fn own(th: &mut Thread, v: Value) -> R<Format> {
    let f = this::<Struct>(v).read(th)?.format;
    format(th, f)
}
fn new(th: &mut Thread, a: Args) -> R<Value> {
    format(th, a.get(1))?;
    let f = if th.py3() && text::is_bytes(a.get(1)) { th.new_str(&text::lossy(a.get(1)))? } else { a.get(1) };
    Ok(instance::alloc_like(th, a.get(0), |_| Struct { header: Header::NEW, format: f })?.value())
}

/// The packed values in memory of our own.
fn packed(th: &mut Thread, f: &Format, a: Args, who: &str) -> R<Vec<u8>> {
    if a.len() != f.values {
        let n = a.len();
        let msg = if th.py3() { format!("{who} expected {} items for packing (got {n})", f.values) } else { format!("{who} expected {} items for packing (got {n})", f.values) };
        return Err(th.raise(&ERROR, msg));
    }
    let mut out = Vec::new();
    if out.try_reserve_exact(f.size).is_err() {
        return Err(th.memory_error());
    }
    out.resize(f.size, 0);
    let mut next = 0;
    for it in &f.items {
        if matches!(it.code, b's' | b'p') {
            pack_one(th, f, *it, a.get(next), &mut out[it.offset..it.offset + it.count])?;
            next += 1;
            continue;
        }
        for k in 0..it.count {
            let at = it.offset + k * it.size;
            pack_one(th, f, *it, a.get(next), &mut out[at..at + it.size])?;
            next += 1;
        }
    }
    Ok(out)
}
fn pack(th: &mut Thread, f: &Format, a: Args) -> R<Value> {
    let out = packed(th, f, a, "pack")?;
    th.new_bytes(&out)
}
/// Where in `have` bytes the `size` bytes at `offset` begin. Errors: struct's texts.
fn place(th: &mut Thread, offset: i64, size: usize, have: usize, pack: bool) -> R<usize> {
    let (who, doing) = if pack { ("pack_into", "packing") } else { ("unpack_from", "unpacking") };
    let py3 = th.py3();
    let at = if offset < 0 {
        if py3 && offset + size as i64 > 0 {
            let msg = if pack { format!("no space to pack {size} bytes at offset {offset}") } else { format!("not enough data to unpack {size} bytes at offset {offset}") };
            return Err(th.raise(&ERROR, msg));
        }
        let at = offset.saturating_add(have as i64);
        if at < 0 {
            let msg = if py3 { format!("offset {offset} out of range for {have}-byte buffer") } else { format!("{who} requires a buffer of at least {size} bytes") };
            return Err(th.raise(&ERROR, msg));
        }
        at
    } else {
        offset
    } as usize;
    if at > have || have - at < size {
        let msg = if py3 {
            format!("{who} requires a buffer of at least {} bytes for {doing} {size} bytes at offset {at} (actual buffer size is {have})", at.saturating_add(size))
        } else {
            format!("{who} requires a buffer of at least {size} bytes")
        };
        return Err(th.raise(&ERROR, msg));
    }
    Ok(at)
}
fn pack_into(th: &mut Thread, f: &Format, a: Args) -> R<Value> {
    if a.len() < 2 {
        let what = if a.is_empty() { "buffer" } else { "offset" };
        return Err(th.raise(&ERROR, format!("pack_into expected {what} argument")));
    }
    let offset = txpy_vm::types::sequence::ssize(th, a.get(1))?;
    if text::is_bytes(a.get(0)) || !buffer::is_bytes_like(th, a.get(0)) {
        let (got, what) = (class_name(a.get(0)), if th.py3() { "bytes-like object" } else { "buffer" });
        return Err(th.type_error(format!("argument must be read-write {what}, not {got}")));
    }
    let bytes = packed(th, f, a.skip(2), "pack_into")?;
    let view = buffer::acquire(th, a.get(0), true)?;
    let r = match place(th, offset, f.size, view.len, true) {
        Ok(at) => view.put(th, at, &bytes),
        Err(e) => Err(e),
    };
    view.release(th)?;
    r?;
    Ok(Value::NONE)
}
/// The values at `at` of a byte string that is long enough.
fn values(th: &mut Thread, f: &Format, b: &[u8]) -> R<Value> {
    let out = RootedVec::with_capacity(th, f.values)?;
    for it in &f.items {
        if matches!(it.code, b's' | b'p') {
            let v = unpack_one(th, f, it.code, &b[it.offset..it.offset + it.count])?;
            out.push(th, v)?;
            continue;
        }
        for k in 0..it.count {
            let at = it.offset + k * it.size;
            let v = unpack_one(th, f, it.code, &b[at..at + it.size])?;
            out.push(th, v)?;
        }
    }
    tuple_of(th, out)
}
fn unpack(th: &mut Thread, f: &Format, v: Value) -> R<Value> {
    let wrong27 = !th.py3() && !buffer::is_bytes_like(th, v);
    let data = if wrong27 { th.new_bytes(b"")? } else { buffer::snapshot(th, v)? };
    let b = text::bytes_of(data).unwrap_or(&[]);
    if wrong27 || b.len() != f.size {
        let msg = if th.py3() { format!("unpack requires a buffer of {} bytes", f.size) } else { format!("unpack requires a string argument of length {}", f.size) };
        return Err(th.raise(&ERROR, msg));
    }
    values(th, f, b)
}
fn unpack_from(th: &mut Thread, f: &Format, v: Value, offset: Option<Value>) -> R<Value> {
    let offset = match offset {
        Some(o) => txpy_vm::types::sequence::ssize(th, o)?,
        None => 0,
    };
    let view = buffer::acquire(th, v, false)?;
    let at = place(th, offset, f.size, view.len, false);
    let data = match at {
        Ok(at) => view.read(th, |b| b[at..at + f.size].to_vec()),
        Err(e) => Err(e),
    };
    view.release(th)?;
    values(th, f, &data?)
}
fn iter_unpack(th: &mut Thread, fmt: Value, v: Value) -> R<Value> {
    let f = format(th, fmt)?;
    if f.size == 0 {
        return Err(th.raise(&ERROR, "cannot iteratively unpack with a struct of length 0"));
    }
    let data = buffer::snapshot(th, v)?;
    if text::len_of(data) % f.size != 0 {
        return Err(th.raise(&ERROR, format!("iterative unpacking requires a buffer of a multiple of {} bytes", f.size)));
    }
    Ok(th.alloc(STRUCT_ITER.shape(), StructIter { header: Header::NEW, format: fmt, data, at: 0 })?.value())
}
fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<StructIter> = this(v);
    let fmt = it.read(th)?.format;
    let f = format(th, fmt)?;
    let mut g = it.write(th)?;
    let (data, at) = (g.data, g.at);
    let b = text::bytes_of(data).unwrap_or(&[]);
    if at + f.size > b.len() {
        return Ok(Value::STOP);
    }
    g.at = at + f.size;
    drop(g);
    values(th, &f, &b[at..at + f.size])
}
