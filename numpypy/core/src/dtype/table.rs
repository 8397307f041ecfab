//! The table of dtypes: one row a type number, from which enum, names and codes come.

macro_rules! dtypes {
    ($($variant:ident $num:literal $code:literal $kind:literal $size:literal $name:literal $ready:literal;)*) => {
        /// Type numbers; the values are NumPy's (they stand in pickles and in `dtype.num`).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum Num { $($variant = $num,)* }

        /// A row of the table.
        pub struct Row {
            pub num: Num,
            /// `dtype.char`.
            pub code: char,
            /// `dtype.kind`.
            pub kind: char,
            /// Bytes an element; 0 where a dtype chooses.
            pub size: u32,
            /// `dtype.name` without a size suffix.
            pub name: &'static str,
            /// Whether loops and casts exist.
            pub ready: bool,
        }

        pub static ROWS: &[Row] = &[$(Row { num: Num::$variant, code: $code, kind: $kind, size: $size, name: $name, ready: $ready },)*];
    };
}

dtypes! {
    // variant  num code kind size name       loops
    Bool        0  '?'  'b'  1  "bool"        true;
    Int8        1  'b'  'i'  1  "int8"        true;
    UInt8       2  'B'  'u'  1  "uint8"       true;
    Int16       3  'h'  'i'  2  "int16"       true;
    UInt16      4  'H'  'u'  2  "uint16"      true;
    Int32       5  'i'  'i'  4  "int32"       true;
    UInt32      6  'I'  'u'  4  "uint32"      true;
    Int64       7  'l'  'i'  8  "int64"       true;
    UInt64      8  'L'  'u'  8  "uint64"      true;
    LongLong    9  'q'  'i'  8  "int64"       false;
    ULongLong  10  'Q'  'u'  8  "uint64"      false;
    Float32    11  'f'  'f'  4  "float32"     true;
    Float64    12  'd'  'f'  8  "float64"     true;
    Complex64  14  'F'  'c'  8  "complex64"   true;
    Complex128 15  'D'  'c' 16  "complex128"  true;
    Object     17  'O'  'O'  8  "object"      false;
    Bytes      18  'S'  'S'  0  "bytes"       false;
    Str        19  'U'  'U'  0  "str"         false;
    Void       20  'V'  'V'  0  "void"        false;
    Datetime   21  'M'  'M'  8  "datetime64"  false;
    Timedelta  22  'm'  'm'  8  "timedelta64" false;
    Float16    23  'e'  'f'  2  "float16"     true;
}

impl Num {
    pub fn row(self) -> &'static Row {
        // Rows are ordered by number; 13 and 16 (long double and its complex) have none.
        let n = self as usize;
        &ROWS[n - usize::from(n > 13) - usize::from(n > 16)]
    }
}
