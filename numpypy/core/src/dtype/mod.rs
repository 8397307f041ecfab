//! Dtypes: type number, element size, byte order; scalars; parsing and printing of type strings.

pub mod cast;
pub mod promote;
mod table;

pub use table::{Num, ROWS, Row};

use crate::error::{R, fail};

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
    Float(f64),
    Complex(f64, f64),
}

/// Element of complex128, laid out as C's `double _Complex`.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
#[repr(C)]
pub struct Complex {
    pub re: f64,
    pub im: f64,
}

pub const BOOL: DType = DType::plain(Num::Bool, 1);
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
        if row.size == 0 { format!("{}{}", row.name, self.size * 8) } else { row.name.to_string() }
    }
    /// `dtype.str`: byte order, kind, size ("<f8").
    pub fn type_string(self) -> String {
        let order = match self.size {
            1 => '|',
            _ if self.kind() == 'S' || self.kind() == 'V' || self.kind() == 'O' => '|',
            _ if self.swapped == cfg!(target_endian = "little") => '>',
            _ => '<',
        };
        let size = if self.kind() == 'U' { self.size / 4 } else { self.size };
        if self.kind() == 'O' { "|O".into() } else { format!("{order}{}{size}", self.kind()) }
    }

    /// Reads what `np.dtype(text)` takes: names, codes, sized kinds, byte orders.
    /// Errors: TypeError; NotImplementedError for dtypes that are known and have no loops yet.
    pub fn parse(text: &str) -> R<DType> {
        let (order, body) = match text.chars().next() {
            Some(c @ ('<' | '>' | '=' | '|')) => (c, &text[1..]),
            _ => ('=', text),
        };
        let alias = match body {
            "bool8" | "bool_" => "bool",
            "int" | "int_" | "long" | "intp" | "p" => "int64",
            "uint" | "uintp" | "ulong" | "P" => "uint64",
            "float" | "float_" | "double" => "float64",
            "single" => "float32",
            "half" => "float16",
            "complex" | "complex_" | "cdouble" => "complex128",
            "csingle" | "singlecomplex" => "complex64",
            "byte" => "int8",
            "ubyte" => "uint8",
            "short" => "int16",
            "ushort" => "uint16",
            "intc" => "int32",
            "uintc" => "uint32",
            _ => body,
        };
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
        let swapped = row.size > 1 && order == if cfg!(target_endian = "little") { '>' } else { '<' };
        if swapped {
            fail!(NotImplemented, "arrays in foreign byte order are not supported yet");
        }
        Ok(DType { num: row.num, swapped, size: row.size })
    }
}

impl Scalar {
    pub fn dtype(self) -> DType {
        match self {
            Scalar::Bool(_) => BOOL,
            Scalar::Int(_) => INT64,
            Scalar::Float(_) => FLOAT64,
            Scalar::Complex(..) => COMPLEX128,
        }
    }
    pub fn to_complex(self) -> (f64, f64) {
        match self {
            Scalar::Bool(b) => (f64::from(b), 0.0),
            Scalar::Int(i) => (i as f64, 0.0),
            Scalar::Float(x) => (x, 0.0),
            Scalar::Complex(re, im) => (re, im),
        }
    }
    /// The value as an element of `dtype`, converted as C does (unsafe casting).
    pub fn convert(self, num: Num) -> Scalar {
        match num {
            Num::Bool => Scalar::Bool(match self {
                Scalar::Bool(b) => b,
                Scalar::Int(i) => i != 0,
                _ => self.to_complex() != (0.0, 0.0),
            }),
            Num::Int64 => Scalar::Int(match self {
                Scalar::Bool(b) => i64::from(b),
                Scalar::Int(i) => i,
                _ => cast::float_to_int(self.to_complex().0),
            }),
            Num::Float64 => Scalar::Float(self.to_complex().0),
            _ => {
                let (re, im) = self.to_complex();
                Scalar::Complex(re, im)
            }
        }
    }
    /// The bytes of the value as an element of `dtype`, and how many they are.
    pub fn to_bytes(self, dtype: DType) -> ([u8; 16], usize) {
        let mut bytes = [0; 16];
        match self.convert(dtype.num) {
            Scalar::Bool(b) => bytes[0] = u8::from(b),
            Scalar::Int(i) => bytes[..8].copy_from_slice(&i.to_ne_bytes()),
            Scalar::Float(x) => bytes[..8].copy_from_slice(&x.to_ne_bytes()),
            Scalar::Complex(re, im) => {
                bytes[..8].copy_from_slice(&re.to_ne_bytes());
                bytes[8..].copy_from_slice(&im.to_ne_bytes());
            }
        }
        (bytes, dtype.itemsize())
    }
    /// Reads an element from its bytes (as many as the dtype has).
    pub fn from_bytes(b: &[u8], dtype: DType) -> Scalar {
        let word = |i: usize| <[u8; 8]>::try_from(&b[i..i + 8]).expect("eight bytes");
        match dtype.num {
            Num::Bool => Scalar::Bool(b[0] != 0),
            Num::Int64 => Scalar::Int(i64::from_ne_bytes(word(0))),
            Num::Float64 => Scalar::Float(f64::from_ne_bytes(word(0))),
            Num::Complex128 => Scalar::Complex(f64::from_ne_bytes(word(0)), f64::from_ne_bytes(word(8))),
            _ => unreachable!("no elements of {:?} exist yet", dtype.num),
        }
    }
}
