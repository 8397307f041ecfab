//! `array`: layout, the table of type codes, items to bytes and back, the operations on the storage.

pub mod methods;

use crate::api::*;
use crate::io::storage::{self, ByteStore};
use crate::kinds;
use txpy_heap::{Bytes8, Object};
use txpy_vm::exceptions::BUFFER_ERROR;
use txpy_vm::native::buffer::{self, BufferView};
use txpy_vm::native::stored::{self, Stored};
use txpy_vm::types::bytearray;

object! {
    /// Numbers of one C type in a row.
    pub struct Array = kinds::ARRAY {
        pub code: u8,
        pub exports: usize,
        /// Bytes of all items.
        pub data: ByteStore,
        pub views: Value,
    }
}
object! { pub struct ArrayIter = kinds::ARRAY_ITER { pub array: Value, pub at: usize } }

/// What a type code stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    Int { signed: bool },
    Float,
    /// One character of a byte string (2.7).
    Char,
    /// One code point in four bytes.
    Text,
}
/// Code, meaning, bytes, in which languages it exists, `struct` notation for buffers.
static CODES: &[(u8, Item, usize, Lang, &str)] = &[
    (b'c', Item::Char, 1, Lang::Py2, "c"),
    (b'b', Item::Int { signed: true }, 1, Lang::Both, "b"),
    (b'B', Item::Int { signed: false }, 1, Lang::Both, "B"),
    (b'u', Item::Text, 4, Lang::Both, "w"),
    (b'w', Item::Text, 4, Lang::Py3, "w"),
    (b'h', Item::Int { signed: true }, 2, Lang::Both, "h"),
    (b'H', Item::Int { signed: false }, 2, Lang::Both, "H"),
    (b'i', Item::Int { signed: true }, 4, Lang::Both, "i"),
    (b'I', Item::Int { signed: false }, 4, Lang::Both, "I"),
    (b'l', Item::Int { signed: true }, size_of::<libc::c_long>(), Lang::Both, "l"),
    (b'L', Item::Int { signed: false }, size_of::<libc::c_long>(), Lang::Both, "L"),
    (b'q', Item::Int { signed: true }, 8, Lang::Py3, "q"),
    (b'Q', Item::Int { signed: false }, 8, Lang::Py3, "Q"),
    (b'f', Item::Float, 4, Lang::Both, "f"),
    (b'd', Item::Float, 8, Lang::Both, "d"),
];
pub const TYPECODES: &str = "bBuwhHiIlLqQfd";

pub static ARRAY: TypeDef = TypeDef {
    name: "array", module: "array", kind: kinds::ARRAY, size: size_of::<Array>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::SEQUENCE,
    methods: &[methods::METHODS, methods::OPERATORS],
    getset: getset! {
        "typecode" = |th, v| { let c = this::<Array>(v).read(th)?.code; th.native_str_bytes(&[c]) }, "the typecode character used to create the array";
        "itemsize" = |th, v| { let c = this::<Array>(v).read(th)?.code; Ok(Value::int(size_of_code(c) as i64)) }, "the size, in bytes, of one array item";
    },
    doc: "array(typecode [, initializer]) -> array\n\nA row of numbers (or characters) of one C type.", ..TypeDef::DEFAULT
};
pub static ARRAY_ITER: TypeDef = TypeDef {
    name: "arrayiterator", module: "array", kind: kinds::ARRAY_ITER, size: size_of::<ArrayIter>() as u16, flags: type_flag::NO_NEW, methods: &[next_methods!(step), ITER_METHODS],
    doc: "An iterator over an array.", ..TypeDef::DEFAULT
};
static ITER_METHODS: &[NativeDef] = natives! {
    #[py3] "__reduce__(self, /)" = iter_reduce, "Return state information for pickling.";
    #[py3] "__setstate__(self, state, /)" = iter_setstate, "Set state information for unpickling.";
};

pub static MODULE: ModuleDef = ModuleDef { name: "array", doc: "Rows of numbers of one C type.", functions: FUNCTIONS, types: &[&ARRAY], init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[py3] "_array_reconstructor(arraytype, typecode, mformat_code, items, /)" = methods::reconstruct, "Internal. Used for pickling support.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[Array::INFO, ArrayIter::INFO]);
    iter::register_step(kinds::ARRAY_ITER, step);
    buffer::register_buffer(kinds::ARRAY, export);
    buffer::register_release(kinds::ARRAY, release);
    stored::register::<Array>(kinds::ARRAY);
    buffer::register_track(kinds::ARRAY, bytearray::track_view::<Array>);
    type_::make_native(th, &ARRAY_ITER)?;
    module::set(th, m, "ArrayType", ARRAY.value())?;
    if th.py3() {
        let codes = th.native_str(TYPECODES)?;
        module::set(th, m, "typecodes", codes)?;
        let abc = txpy_vm::import::import_name(th, "_collections_abc")?;
        let class = attr::get_str(th, abc, "MutableSequence")?;
        th.call_method(class, "register", &[ARRAY.value()])?;
    }
    Ok(())
}

impl Stored for Array {
    fn storage(&self) -> Option<Gc<Bytes8>> { self.data.storage }
}
impl bytearray::Lender for Array {
    fn lent(&mut self) -> (&mut usize, &mut Value) { (&mut self.exports, &mut self.views) }
}

// ---- codes and items

/// Whether the code exists in the language.
pub fn known(th: &Thread, c: u8) -> bool {
    let lang = if th.py3() { Lang::Py3 } else { Lang::Py2 };
    CODES.iter().any(|t| t.0 == c && (t.3 == Lang::Both || t.3 == lang))
}
/// Place of each code in `CODES`; arrays have no others than those.
static PLACES: [u8; 128] = {
    let mut places = [1; 128];
    let mut i = 0;
    while i < CODES.len() {
        places[CODES[i].0 as usize] = i as u8;
        i += 1;
    }
    places
};
fn row(c: u8) -> &'static (u8, Item, usize, Lang, &'static str) { &CODES[PLACES[c as usize & 127] as usize] }
pub fn item_of(c: u8) -> Item { row(c).1 }
pub fn size_of_code(c: u8) -> usize { row(c).2 }

/// The bytes of `v` as an item, in the first places of the array. Errors: CPython's, which differ by code.
pub fn encode(th: &mut Thread, code: u8, v: Value) -> R<[u8; 8]> {
    let (_, item, size, ..) = *row(code);
    match item {
        Item::Float => {
            let x = match float::number(th, v)? {
                Some(x) => x,
                None if !th.py3() => return Err(th.type_error("a float is required")),
                None => {
                    let got = class_name(v);
                    return Err(th.type_error(format!("must be real number, not {got}")));
                }
            };
            let mut out = [0; 8];
            if size == 4 { out[..4].copy_from_slice(&(x as f32).to_ne_bytes()) } else { out = x.to_ne_bytes() }
            Ok(out)
        }
        Item::Char => match text::bytes_of(v).filter(|b| text::is_bytes(v) && b.len() == 1) {
            Some(b) => Ok([b[0], 0, 0, 0, 0, 0, 0, 0]),
            None => Err(th.type_error("array item must be char")),
        },
        Item::Text => match text::bytes_of(v).filter(|_| text::is_text(v) && text::len_of(v) == 1) {
            Some(b) => {
                let mut out = [0; 8];
                out[..4].copy_from_slice(&text::decode_at(b, 0).0.to_ne_bytes());
                Ok(out)
            }
            None => Err(th.type_error("array item must be unicode character")),
        },
        Item::Int { signed } => {
            let n = integer(th, code, size, signed, v)?;
            Ok(if cfg!(target_endian = "big") { (n << (64 - 8 * size as u32)).to_be_bytes() } else { n.to_le_bytes() })
        }
    }
}
/// An integer item's bits, checked against its range.
fn integer(th: &mut Thread, code: u8, size: usize, signed: bool, v: Value) -> R<u64> {
    let wide = !signed && matches!(code, b'I' | b'L' | b'Q');
    let i = if wide && !th.py3() {
        // Unsigned longs accept integers as they are, other things by `__int__`.
        match int::num(v) {
            Some(_) => v,
            None => Value::int(int::arg_i64(th, v)?),
        }
    } else if int::num(v).is_some() {
        v
    } else if th.py3() {
        int::index(th, v)?
    } else {
        Value::int(int::arg_i64(th, v)?)
    };
    let negative = int::is_negative(i);
    if wide {
        let fits = if negative { None } else { int::to_u64(i) };
        let top = if size == 8 { u64::MAX } else { u32::MAX as u64 };
        return match fits {
            Some(n) if n <= top => Ok(n),
            Some(_) => Err(th.overflow_error(if code == b'L' { "unsigned long is greater than maximum" } else { "unsigned int is greater than maximum" })),
            None => {
                let small = int::to_i64(i).is_some();
                let msg = match (code, th.py3(), negative) {
                    (b'Q', _, true) => "can't convert negative int to unsigned",
                    (b'Q', _, false) => "int too big to convert",
                    (_, true, true) => "can't convert negative value to unsigned int",
                    (_, true, false) => "Python int too large to convert to C unsigned long",
                    (b'L', false, true) if small => "unsigned long is less than minimum",
                    (_, false, true) if small => "unsigned int is less than minimum",
                    (_, false, true) => "can't convert negative value to unsigned long",
                    (_, false, false) => "long int too large to convert",
                };
                Err(th.overflow_error(msg))
            }
        };
    }
    let Some(n) = int::to_i64(i) else {
        return Err(th.overflow_error(if code == b'q' { "int too big to convert" } else { "Python int too large to convert to C long" }));
    };
    let check = |th: &mut Thread, min: i64, max: i64, what: &str| {
        if n < min {
            Err(th.overflow_error(format!("{what} is less than minimum")))
        } else if n > max {
            Err(th.overflow_error(format!("{what} is greater than maximum")))
        } else {
            Ok(())
        }
    };
    // Items smaller than an int pass through a short or an int, whose range is checked first.
    match code {
        b'b' => {
            check(th, i16::MIN.into(), i16::MAX.into(), "signed short integer")?;
            check(th, -128, 127, "signed char")?;
        }
        b'B' => check(th, 0, 255, "unsigned byte integer")?,
        b'h' => check(th, i16::MIN.into(), i16::MAX.into(), "signed short integer")?,
        b'H' => {
            check(th, i32::MIN.into(), i32::MAX.into(), "signed integer")?;
            check(th, 0, 65535, "unsigned short")?;
        }
        b'i' => check(th, i32::MIN.into(), i32::MAX.into(), "signed integer")?,
        _ if size == 4 => check(th, i32::MIN.into(), i32::MAX.into(), "signed integer")?,
        _ => {}
    }
    Ok(n as u64)
}
/// The item that stands in the first bytes of `b`.
pub fn decode(th: &mut Thread, code: u8, b: &[u8]) -> R<Value> {
    let (_, item, size, ..) = *row(code);
    let mut w = [0u8; 8];
    match item {
        Item::Float if size == 4 => float::new(th, f32::from_ne_bytes([b[0], b[1], b[2], b[3]]) as f64),
        Item::Float => {
            w.copy_from_slice(&b[..8]);
            float::new(th, f64::from_ne_bytes(w))
        }
        Item::Char => text::byte_str(th, b[0]),
        Item::Text => {
            let c = u32::from_ne_bytes([b[0], b[1], b[2], b[3]]);
            if c > 0x10FFFF {
                return Err(th.value_error(if th.py3() { format!("character U+{c:x} is not in range [U+0000; U+10ffff]") } else { "invalid character".to_string() }));
            }
            text::char_str(th, c)
        }
        Item::Int { signed } => {
            let shift = 64 - 8 * size as u32;
            let n = if cfg!(target_endian = "big") {
                w[..size].copy_from_slice(&b[..size]);
                u64::from_be_bytes(w) >> shift
            } else {
                w[..size].copy_from_slice(&b[..size]);
                u64::from_le_bytes(w)
            };
            let n = if signed { ((n << shift) as i64 >> shift) as i128 } else { n as i128 };
            let long = !th.py3() && matches!(code, b'I' | b'L');
            int::make(th, n, long)
        }
    }
}

// ---- storage

pub fn code_of(th: &mut Thread, a: Gc<Array>) -> R<u8> { Ok(a.read(th)?.code) }
/// Number of items.
pub fn len(th: &mut Thread, a: Gc<Array>) -> R<usize> {
    let g = a.read(th)?;
    Ok(g.data.len / size_of_code(g.code))
}
/// Item `i`, None past the end.
pub fn get(th: &mut Thread, a: Gc<Array>, i: usize) -> R<Option<Value>> {
    let g = a.read(th)?;
    let size = size_of_code(g.code);
    let Some(at) = i.checked_mul(size).filter(|at| at + size <= g.data.len) else { return Ok(None) };
    let mut w = [0u8; 8];
    w[..size].copy_from_slice(&g.data.data()[at..at + size]);
    let code = g.code;
    drop(g);
    decode(th, code, &w).map(Some)
}
/// All bytes as a byte string.
pub fn bytes(th: &mut Thread, a: Gc<Array>, from: usize, to: usize) -> R<Value> {
    loop {
        let n = a.read(th)?.data.len;
        let (from, to) = (from.min(n), to.min(n));
        let out = text::alloc_bytes(th, to.saturating_sub(from))?;
        let g = a.read(th)?;
        if g.data.len == n {
            if from < to {
                // SAFETY: not yet known to anybody else.
                unsafe { out.frozen().tail_mut() }.copy_from_slice(&g.data.data()[from..to]);
            }
            return Ok(out.value());
        }
    }
}
/// Replaces the bytes `from..to` (clamped to the length) by `with`, which is no array's own storage.
/// Errors: BufferError when the size changes under an export, MemoryError.
pub fn splice(th: &mut Thread, a: Gc<Array>, from: usize, to: usize, with: &[u8]) -> R<()> {
    loop {
        let mut g = stored::edit(th, a)?;
        let n = g.data.len;
        let from = from.min(n);
        let to = to.clamp(from, n);
        let new = n - (to - from) + with.len();
        if new != n && g.exports != 0 {
            drop(g);
            if bytearray::settle(th, a)? {
                continue;
            }
            return Err(th.raise(&BUFFER_ERROR, "cannot resize an array that is exporting buffers"));
        }
        if new <= g.data.capacity() {
            g.data.len = n.max(new);
            // What stands behind moves when the length changes.
            stored::log(&mut g, from, if new == n { to } else { n.max(new) });
            let d = g.data.data_mut();
            d.copy_within(to..n, from + with.len());
            d[from..from + with.len()].copy_from_slice(with);
            g.data.len = new;
            return Ok(());
        }
        drop(g);
        let fresh = storage::storage(th, new + (new >> 3) + 16)?;
        let mut g = stored::edit(th, a)?;
        if g.data.len == n && g.exports == 0 && n <= fresh.frozen().len {
            g.data.move_to(fresh);
        }
    }
}
/// A new array of the type itself with these bytes.
pub fn make(th: &mut Thread, code: u8, b: &[u8]) -> R<Value> {
    let a = th.alloc(ARRAY.shape(), blank(code))?;
    splice(th, a, 0, 0, b)?;
    Ok(a.value())
}
pub fn blank(code: u8) -> Array { Array { header: Header::NEW, code, exports: 0, data: ByteStore::EMPTY, views: Value::UNSET } }

fn export(th: &mut Thread, v: Value, _writable: bool) -> R<BufferView> {
    let mut g = stored::edit(th, this::<Array>(v))?;
    g.exports += 1;
    let (_, _, size, _, format) = *row(g.code);
    let len = g.data.len;
    let ptr = g.data.data_mut().as_mut_ptr();
    Ok(BufferView { ptr, len, readonly: false, format: format.into(), itemsize: size, shape: vec![len / size], strides: vec![size as isize], owner: v, guard: v })
}
fn release(th: &mut Thread, v: Value) -> R<()> {
    let mut g = stored::edit(th, this::<Array>(v))?;
    g.exports = g.exports.saturating_sub(1);
    Ok(())
}

// ---- iterator

pub fn iterate(th: &mut Thread, v: Value) -> R<Value> { Ok(th.alloc(ARRAY_ITER.shape(), ArrayIter { header: Header::NEW, array: v, at: 0 })?.value()) }
fn step(th: &mut Thread, v: Value) -> R<Value> {
    let it: Gc<ArrayIter> = this(v);
    let mut g = it.write(th)?;
    let (array, at) = (g.array, g.at);
    g.at += 1;
    drop(g);
    let Some(a) = array.cast::<Array>() else { return Ok(Value::STOP) };
    match get(th, a, at)? {
        Some(v) => Ok(v),
        None => {
            let mut g = it.write(th)?;
            (g.array, g.at) = (Value::NONE, 0);
            Ok(Value::STOP)
        }
    }
}
fn iter_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<ArrayIter>(a.get(0)).read(th)?;
    let (array, at) = (g.array, g.at);
    drop(g);
    let m = txpy_vm::import::import_name(th, "builtins")?;
    let f = attr::get_str(th, m, "iter")?;
    if array.is_none() {
        let empty = list::with_capacity(th, 0)?.value();
        let args = th.new_tuple(&[empty])?;
        return th.new_tuple(&[f, args]);
    }
    let args = th.new_tuple(&[array])?;
    th.new_tuple(&[f, args, Value::int(at as i64)])
}
fn iter_setstate(th: &mut Thread, a: Args) -> R<Value> {
    let n = txpy_vm::types::sequence::ssize(th, a.get(1))?;
    this::<ArrayIter>(a.get(0)).write(th)?.at = n.max(0) as usize;
    Ok(Value::NONE)
}
