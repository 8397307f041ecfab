//! Dtypes: type number, element size, byte order; scalars; parsing and printing of type strings.

pub mod cast;
mod half;
pub mod promote;
mod table;
pub mod text;

pub use half::F16;
pub use table::{Num, ROWS, Row};

use crate::error::{R, fail};
use crate::number::with_type;

/// How elements are encoded. Structured dtypes will refer to a table of fields by `size` and a descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DType {
    pub num: Num,
    /// Elements are in the other byte order than the machine's.
    pub swapped: bool,
    /// Bytes an element.
    pub size: u32,
}

/// A number on its way between Python and an array.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar {
    Bool(bool),
    Int(i64),
    /// An integer above i64, never one below.
    UInt(u64),
    Float(f64),
    Complex(f64, f64),
}

/// Element of complex dtypes, laid out as C's `_Complex`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
#[repr(C)]
pub struct Cplx<F> {
    pub re: F,
    pub im: F,
}
/// Element of complex128.
pub type Complex = Cplx<f64>;

pub const BOOL: DType = DType::plain(Num::Bool, 1);
pub const UINT64: DType = DType::plain(Num::UInt64, 8);
pub const INT64: DType = DType::plain(Num::Int64, 8);
pub const FLOAT64: DType = DType::plain(Num::Float64, 8);
pub const COMPLEX128: DType = DType::plain(Num::Complex128, 16);

impl DType {
    const fn plain(num: Num, size: u32) -> DType {
        DType { num, swapped: false, size }
    }
    pub fn of(num: Num) -> DType {
        DType::plain(num, num.row().size)
    }
    /// The same elements in the machine's byte order.
    pub fn native(self) -> DType {
        DType { swapped: false, ..self }
    }
    /// The same elements in the other byte order; dtypes without one stay.
    pub fn swap(self) -> DType {
        DType { swapped: !self.swapped && self.has_order(), ..self }
    }
    /// Whether elements have a byte order.
    pub fn has_order(self) -> bool {
        !matches!(self.kind(), 'S' | 'V' | 'O') && self.row().size != 1
    }
    /// Bytes of text, letters of 32 bits or raw memory: `size` bytes an element.
    pub fn sized(num: Num, size: u32) -> DType {
        DType::plain(num, size)
    }
    pub fn row(self) -> &'static Row {
        self.num.row()
    }
    pub fn kind(self) -> char {
        self.row().kind
    }
    pub fn itemsize(self) -> usize {
        self.size as usize
    }
    pub fn is_number(self) -> bool {
        matches!(self.kind(), 'b' | 'i' | 'u' | 'f' | 'c')
    }
    /// `dtype.name`.
    pub fn name(self) -> String {
        let row = self.row();
        if row.size == 0 && self.size > 0 { format!("{}{}", row.name, self.size * 8) } else { row.name.to_string() }
    }
    /// How messages and `repr` name the dtype: the name of native numbers, else the type string.
    pub fn shown(self) -> String {
        match self.kind() {
            'S' | 'V' if self.size > 0 => format!("{}{}", self.kind(), self.size),
            'S' | 'V' | 'U' => self.type_string().trim_start_matches('|').to_string(),
            _ if self.swapped => self.type_string(),
            _ => self.name(),
        }
    }
    /// The letter of the byte order in `dtype.str` and pickles: '<', '>', or '|' for dtypes without one.
    pub fn order_letter(self) -> char {
        match self.swapped == cfg!(target_endian = "little") {
            _ if !self.has_order() => '|',
            true => '>',
            false => '<',
        }
    }
    /// `dtype.str`: byte order, kind, size ("<f8").
    pub fn type_string(self) -> String {
        let size = if self.kind() == 'U' { self.size / 4 } else { self.size };
        if self.kind() == 'O' { "|O".into() } else { format!("{}{}{}", self.order_letter(), self.kind(), size) }
    }

    /// Reads what `np.dtype(text)` takes: names, codes, sized kinds, byte orders.
    /// Errors: TypeError; NotImplementedError for dtypes that are known and have no loops yet.
    pub fn parse(text: &str) -> R<DType> {
        let (order, body) = match text.chars().next() {
            Some(c @ ('<' | '>' | '=' | '|')) => (c, &text[1..]),
            _ => ('=', text),
        };
        let alias = match body {
            "bool8" | "bool_" | "Bool" => "bool",
            "int" | "int_" | "long" | "intp" | "p" | "q" | "longlong" => "int64",
            "uint" | "uintp" | "ulong" | "P" | "Q" | "ulonglong" => "uint64",
            "float" | "float_" | "double" | "longdouble" | "longfloat" | "g" => "float64",
            "single" => "float32",
            "half" => "float16",
            "complex" | "complex_" | "cdouble" | "cfloat" | "clongdouble" | "clongfloat" | "G" => "complex128",
            "csingle" | "singlecomplex" => "complex64",
            "byte" => "int8",
            "ubyte" => "uint8",
            "short" => "int16",
            "ushort" => "uint16",
            "intc" => "int32",
            "uintc" => "uint32",
            "a" | "string" | "string_" | "bytes_" => "S",
            "unicode" | "unicode_" | "str_" => "U",
            _ => body,
        };
        let swapped = |row: &Row| row.size != 1 && !matches!(row.kind, 'S' | 'V' | 'O') && order == if cfg!(target_endian = "little") { '>' } else { '<' };
        // Text and raw memory with a length.
        let mut letters = alias.chars();
        let flexible = match letters.next() {
            Some('S' | 'a') => Some(Num::Bytes),
            Some('U') => Some(Num::Str),
            Some('V') => Some(Num::Void),
            _ => None,
        };
        if let Some(num) = flexible
            && let Ok(n) = if letters.as_str().is_empty() { Ok(0) } else { letters.as_str().parse::<u32>() }
            && let Some(size) = n.checked_mul(if num == Num::Str { 4 } else { 1 }).filter(|n| *n < i32::MAX as u32)
        {
            return Ok(DType { num, swapped: swapped(num.row()), size });
        }
        let by_size = |row: &&Row| {
            let mut chars = body.chars();
            row.size > 0 && chars.next() == Some(row.kind) && chars.as_str().parse() == Ok(row.size)
        };
        let mut code = alias.chars();
        let single = code.next().filter(|_| code.as_str().is_empty());
        let Some(row) = ROWS.iter().find(|r| r.name == alias || single == Some(r.code)).or_else(|| ROWS.iter().find(by_size)) else {
            fail!(Type, "data type \"{text}\" not understood");
        };
        if !row.ready {
            fail!(NotImplemented, "arrays of dtype {} are not supported yet", row.name);
        }
        Ok(DType { num: row.num, swapped: swapped(row), size: row.size })
    }
}

/// An integer as a scalar, whichever word it needs.
impl From<u64> for Scalar {
    fn from(x: u64) -> Scalar {
        i64::try_from(x).map_or(Scalar::UInt(x), Scalar::Int)
    }
}

impl Scalar {
    /// The dtype that a Python number of this value has.
    pub fn dtype(self) -> DType {
        match self {
            Scalar::Bool(_) => BOOL,
            Scalar::Int(_) => INT64,
            Scalar::UInt(_) => UINT64,
            Scalar::Float(_) => FLOAT64,
            Scalar::Complex(..) => COMPLEX128,
        }
    }
    pub fn to_complex(self) -> (f64, f64) {
        match self {
            Scalar::Bool(b) => (f64::from(b), 0.0),
            Scalar::Int(i) => (i as f64, 0.0),
            Scalar::UInt(u) => (u as f64, 0.0),
            Scalar::Float(x) => (x, 0.0),
            Scalar::Complex(re, im) => (re, im),
        }
    }
    pub fn truth(self) -> bool {
        match self {
            Scalar::Bool(b) => b,
            Scalar::Int(i) => i != 0,
            Scalar::UInt(_) => true,
            _ => self.to_complex() != (0.0, 0.0),
        }
    }
    fn stored<T: cast::Store>(self) -> T {
        match self {
            Scalar::Bool(b) => T::from_i64(b.into()),
            Scalar::Int(i) => T::from_i64(i),
            Scalar::UInt(u) => T::from_u64(u),
            Scalar::Float(x) => T::from_f64(x),
            Scalar::Complex(re, im) => T::from_c64(Cplx { re, im }),
        }
    }
    /// The value as an element of a number dtype, converted as C does (unsafe casting).
    pub fn convert(self, num: Num) -> Scalar {
        let d = DType::of(num);
        let (bytes, n) = self.to_bytes(d);
        Scalar::from_bytes(&bytes[..n], d)
    }
    /// The bytes of the value as an element of a number dtype, and how many they are.
    pub fn to_bytes(self, dtype: DType) -> ([u8; 16], usize) {
        let mut bytes = [0; 16];
        with_type!(dtype.num, T => {
            // SAFETY: 16 bytes take the widest element.
            unsafe { crate::loops::kernel::put::<T>(bytes.as_mut_ptr(), self.stored::<T>()) }
        }, _ => unreachable!("{:?} is no number", dtype.num));
        if dtype.swapped {
            dtype.reverse(&mut bytes[..dtype.size as usize]);
        }
        (bytes, dtype.itemsize())
    }
    /// Reads an element of a number dtype from its bytes (as many as the dtype has).
    pub fn from_bytes(b: &[u8], dtype: DType) -> Scalar {
        let mut bytes = [0; 16];
        bytes[..dtype.itemsize()].copy_from_slice(&b[..dtype.itemsize()]);
        if dtype.swapped {
            dtype.reverse(&mut bytes[..dtype.size as usize]);
        }
        let word = u64::from_ne_bytes(*bytes.first_chunk().expect("eight bytes"));
        let second = u64::from_ne_bytes(*bytes.last_chunk().expect("eight bytes"));
        let single = |bits: u64| f64::from(f32::from_bits(bits as u32));
        // The low bytes are the number's; a big-endian machine has it at the other end.
        let word = if cfg!(target_endian = "big") && dtype.size < 8 { word >> (64 - 8 * dtype.size) } else { word };
        match dtype.num {
            Num::Bool => Scalar::Bool(b[0] != 0),
            Num::Int8 => Scalar::Int((word as i8).into()),
            Num::Int16 => Scalar::Int((word as i16).into()),
            Num::Int32 => Scalar::Int((word as i32).into()),
            Num::Int64 => Scalar::Int(word as i64),
            Num::UInt8 | Num::UInt16 | Num::UInt32 | Num::UInt64 => word.into(),
            Num::Float16 => Scalar::Float(F16(word as u16).to_f32().into()),
            Num::Float32 => Scalar::Float(single(word)),
            Num::Float64 => Scalar::Float(f64::from_bits(word)),
            Num::Complex64 if cfg!(target_endian = "big") => Scalar::Complex(single(word >> 32), single(word)),
            Num::Complex64 => Scalar::Complex(single(word), single(word >> 32)),
            Num::Complex128 => Scalar::Complex(f64::from_bits(word), f64::from_bits(second)),
            _ => unreachable!("{:?} is no number", dtype.num),
        }
    }
}

impl DType {
    /// Exchanges the bytes of an element's parts.
    fn reverse(self, bytes: &mut [u8]) {
        let parts = if self.kind() == 'c' { 2 } else { 1 };
        bytes.chunks_exact_mut(self.itemsize() / parts).for_each(<[u8]>::reverse);
    }
}
