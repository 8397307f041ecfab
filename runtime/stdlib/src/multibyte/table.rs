//! Tables of the multibyte encodings: packed by `tools/make-multibyte-tables.py`, unpacked at first use.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};
use txpy_vm::types::text::push_code_point;

static PACKED: &[u8] = include_bytes!("tables.bin");
/// More than the tables have unpacked.
const MOST: usize = 4 << 20;

/// What a first byte says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum First {
    Illegal,
    /// A character of one byte.
    Is(u32),
    /// Begins a sequence of so many bytes.
    Of(usize),
}
/// What a sequence stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    Nothing,
    /// Illegal, both bytes together.
    Whole,
    One(u32),
    Two(u32, u32),
}
impl Found {
    /// Puts the characters behind `out`; false where there are none.
    pub fn put(self, out: &mut Vec<u8>) -> bool {
        match self {
            Found::Nothing | Found::Whole => return false,
            Found::One(c) => push_code_point(out, c),
            Found::Two(a, b) => {
                push_code_point(out, a);
                push_code_point(out, b);
            }
        }
        true
    }
}

const WHOLE: u32 = 1 << 31;
const PAIR: u32 = 1 << 30;

/// Both directions of an encoding. Sequences are numbers, their first byte the highest.
pub struct Table {
    first: Vec<First>,
    /// By the last two bytes, of sequences of two and of three; 0 is none.
    two: Vec<u32>,
    three: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    /// Sequences of two characters, and by its first character alone whether there are any.
    joined: HashMap<(u32, u32), u32>,
    begins: Vec<u32>,
    /// Sequences + 1 by character, in pages of 256; 0 is none.
    pages: Vec<u16>,
    cells: Vec<u32>,
}

/// Reads the numbers of the unpacked tables.
struct Reader<'a>(&'a [u8]);
impl Reader<'_> {
    fn number(&mut self) -> u32 {
        let (mut n, mut shift) = (0, 0);
        while let Some((b, rest)) = self.0.split_first() {
            self.0 = rest;
            n |= u32::from(b & 127) << shift;
            shift += 7;
            if b & 128 == 0 {
                break;
            }
        }
        n
    }
    fn signed(&mut self) -> i32 {
        let n = self.number() as i32;
        if n & 1 == 0 { n / 2 } else { -(n / 2) - 1 }
    }
    fn runs(&mut self, each: &mut dyn FnMut(u32, u32)) {
        let (mut key, mut last) = (0, 0i32);
        for _ in 0..self.number() {
            key += self.number();
            for _ in 0..self.number() {
                last += self.signed() + 1;
                each(key, last as u32);
                key += 1;
            }
        }
    }
    fn table(&mut self) -> Table {
        let first = (0..256)
            .map(|_| match self.number() {
                0 => First::Illegal,
                n @ 1..=2 => First::Of(n as usize + 1),
                n => First::Is(n - 3),
            })
            .collect();
        let mut t = Table { first, two: vec![0; 1 << 16], three: Vec::new(), pairs: Vec::new(), joined: HashMap::new(), begins: Vec::new(), pages: vec![0; 0x300], cells: vec![0; 256] };
        for b in 0..256 {
            if let First::Is(c) = t.first[b] {
                t.learn(c, b as u32);
            }
        }
        let mut entries = Vec::new();
        self.runs(&mut |key, c| entries.push((key, c)));
        for (key, c) in entries.drain(..) {
            t.two[key as usize] = c;
            t.learn(c, key);
        }
        self.runs(&mut |key, c| entries.push((key, c)));
        if !entries.is_empty() {
            t.three = vec![0; 1 << 16];
        }
        for (key, c) in entries {
            t.three[key as usize] = c;
            t.learn(c, 0x8F0000 | key);
        }
        for _ in 0..self.number() {
            let key = self.number();
            t.two[key as usize] = WHOLE;
        }
        for i in 0..self.number() {
            let (key, a, b) = (self.number(), self.number(), self.number());
            let place = if key > 0xFFFF { &mut t.three } else { &mut t.two };
            place[key as usize & 0xFFFF] = PAIR | i;
            t.pairs.push((a, b));
            t.joined.insert((a, b), key);
            t.begins.push(a);
        }
        for _ in 0..self.number() {
            let (c, code) = (self.number(), self.number());
            *t.cell(c) = if code == 0 { 0 } else { code + 1 };
        }
        t
    }
}

impl Table {
    fn cell(&mut self, c: u32) -> &mut u32 {
        let page = &mut self.pages[c as usize >> 8];
        if *page == 0 {
            *page = (self.cells.len() >> 8) as u16;
            self.cells.resize(self.cells.len() + 256, 0);
        }
        &mut self.cells[usize::from(*page) << 8 | c as usize & 255]
    }
    /// The first sequence found is the one that its character is encoded as.
    fn learn(&mut self, c: u32, code: u32) {
        let cell = self.cell(c);
        if *cell == 0 {
            *cell = code + 1;
        }
    }
    pub fn first(&self, b: u8) -> First { self.first[b as usize] }
    /// What a sequence of two bytes, or one of three that begins with 8F, stands for.
    pub fn sequence(&self, key: u32) -> Found {
        let v = if key > 0xFFFF { self.three.get(key as usize & 0xFFFF).copied().unwrap_or(0) } else { self.two[key as usize] };
        match v {
            0 => Found::Nothing,
            WHOLE => Found::Whole,
            v if v & PAIR != 0 => {
                let (a, b) = self.pairs[(v ^ PAIR) as usize];
                Found::Two(a, b)
            }
            c => Found::One(c),
        }
    }
    pub fn code(&self, c: u32) -> Option<u32> {
        let page = *self.pages.get(c as usize >> 8)?;
        self.cells[usize::from(page) << 8 | c as usize & 255].checked_sub(1)
    }
    /// Whether a character may be one with the character behind it.
    pub fn begins_pair(&self, c: u32) -> bool { self.begins.contains(&c) }
    pub fn pair(&self, a: u32, b: u32) -> Option<u32> { self.joined.get(&(a, b)).copied() }
}

/// The names of the tables in the file, and where the numbers of each begin and end are found by reading them all: some milliseconds, once.
static TABLES: OnceLock<Vec<(String, Table)>> = OnceLock::new();

/// Functions that give the table of the encoding of their name, which is looked for once.
macro_rules! tables {
    ($($name:ident)*) => {$(
        pub fn $name() -> &'static Table {
            static FOUND: LazyLock<&Table> = LazyLock::new(|| table(stringify!($name)));
            &FOUND
        }
    )*};
}
tables! { euc_jp euc_jis_2004 euc_jisx0213 euc_kr gb18030 gb2312 }

/// The table of an encoding that has one.
pub fn table(name: &str) -> &'static Table {
    let all = TABLES.get_or_init(|| {
        let whole = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(PACKED, MOST).unwrap_or_default();
        let mut r = Reader(&whole);
        let mut all = Vec::new();
        while let Some(end) = r.0.iter().position(|b| *b == 0) {
            let name = String::from_utf8_lossy(&r.0[..end]).into_owned();
            r.0 = &r.0[end + 1..];
            all.push((name, r.table()));
        }
        all
    });
    &all.iter().find(|(n, _)| n == name).expect("a name of the table of encodings").1
}
