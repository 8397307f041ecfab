//! The multibyte codecs' conversions (`_multibyte`); the classes around them are `_multibytecodec`, in Python.

mod iso2022;
mod plain;
mod table;

use crate::api::*;
use crate::codecs::{errors_arg, input, name_arg, text_input};
use plain::Rule;
use txpy_vm::types::codec_errors::{Decode, Encode};
use txpy_vm::types::codec_utf;

pub static MODULE: ModuleDef = ModuleDef { name: "_multibyte", doc: "Conversions of the multibyte codecs.", functions: FUNCTIONS, ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "start(encoding, decoding, /)" = start, "The state in which encoding or decoding begins, None if there is no such encoding.";
    "decode(encoding, data, errors, state, final, /)" = decode, "Decodes what is complete of data (all if final): text, bytes used, state.";
    "encode(encoding, text, errors, state, final, /)" = encode, "Encodes text (and ends it if final): bytes, characters used, state.";
};

/// Why a character was not converted.
enum Wrong {
    /// So many bytes or characters of the input are illegal together.
    Illegal(usize),
    Incomplete,
    /// The state says what no encoder or decoder says.
    Internal,
}
/// How much input a conversion of one character used.
type Step = Result<usize, Wrong>;

/// Writes a sequence given as a number, its first byte the highest.
fn push(out: &mut Vec<u8>, code: u32) {
    let b = code.to_be_bytes();
    let skip = (code.leading_zeros() as usize / 8).min(3);
    out.extend_from_slice(&b[skip..]);
}

/// An encoding.
#[derive(Clone, Copy)]
enum Codec {
    Plain(&'static table::Table, Rule),
    Hz,
    Iso(&'static iso2022::Config),
}
static PLAIN: &[&str] = &[
    "gb2312", "gbk", "gb18030", "euc_kr", "cp949", "johab", "big5", "cp950", "big5hkscs", "shift_jis", "cp932", "euc_jp", "shift_jis_2004", "shift_jisx0213",
    "euc_jis_2004", "euc_jisx0213",
];
impl Codec {
    fn named(name: &str) -> Option<(Codec, &'static str)> {
        if name == "hz" {
            return Some((Codec::Hz, "hz"));
        }
        if let Some((name, f)) = iso2022::CONFIGS.iter().find(|(n, _)| *n == name) {
            return Some((Codec::Iso(f), name));
        }
        let name = *PLAIN.iter().find(|n| **n == name)?;
        let rule = match name {
            "gb18030" => Rule::Gb18030,
            "euc_kr" => Rule::EucKr,
            _ => Rule::Table,
        };
        Some((Codec::Plain(table::table(name), rule), name))
    }
    fn decode(self, b: &[u8], state: &mut u64, out: &mut Vec<u8>, py3: bool) -> Step {
        match self {
            Codec::Plain(t, rule) => plain::decode(t, rule, b, out, py3),
            Codec::Hz => plain::decode_hz(b, state, out, py3),
            Codec::Iso(f) => iso2022::decode(f, b, state, out),
        }
    }
    fn encode(self, s: &[u32], state: &mut u64, out: &mut Vec<u8>, whole: bool, py3: bool) -> Step {
        match self {
            Codec::Plain(t, rule) => plain::encode(t, rule, s, out, whole),
            Codec::Hz => plain::encode_hz(s, state, out),
            Codec::Iso(f) => iso2022::encode(f, s, state, out, whole, py3),
        }
    }
    fn reset(self, state: &mut u64, out: &mut Vec<u8>) {
        match self {
            Codec::Plain(..) => {}
            Codec::Hz => plain::reset_hz(state, out),
            Codec::Iso(_) => iso2022::reset(state, out),
        }
    }
}

fn start(th: &mut Thread, a: Args) -> R<Value> {
    let name = name_arg(th, a.get(0), "start", 1)?;
    Ok(match Codec::named(&name) {
        Some((Codec::Iso(_), _)) if is_true(th, a.get(1))? => Value::int(iso2022::START_DECODING as i64),
        Some((Codec::Iso(_), _)) => Value::int(iso2022::START as i64),
        Some(_) => Value::int(0),
        None => Value::NONE,
    })
}
fn codec_arg(th: &mut Thread, a: Args, func: &str) -> R<(Codec, &'static str)> {
    let name = name_arg(th, a.get(0), func, 1)?;
    Codec::named(&name).ok_or_else(|| th.raise(&LOOKUP_ERROR, "no such codec is supported."))
}
#[cold]
fn internal(th: &mut Thread) -> Unwind { th.raise(&RUNTIME_ERROR, "internal codec error") }
const ILLEGAL: &str = "illegal multibyte sequence";
const INCOMPLETE: &str = "incomplete multibyte sequence";

fn decode(th: &mut Thread, a: Args) -> R<Value> {
    let (codec, name) = codec_arg(th, a, "decode")?;
    let object = input(th, a.get(1), "decode")?;
    let errors = errors_arg(th, a.get(2), "decode")?;
    let mut state = low_bits(th, a.get(3))?;
    let last = is_true(th, a.get(4))?;
    let py3 = th.py3();
    let b = text::bytes_of(object).unwrap_or(&[]);
    let mut d = Decode { encoding: name, errors: &errors, object, out: Vec::with_capacity(b.len()), last, used: 0, handler: None };
    let mut at = 0;
    while at < b.len() {
        at = match codec.decode(&b[at..], &mut state, &mut d.out, py3) {
            Ok(n) => at + n,
            Err(Wrong::Incomplete) if !last => break,
            Err(Wrong::Incomplete) => d.error(th, at, b.len(), INCOMPLETE)?,
            Err(Wrong::Illegal(n)) => d.error(th, at, at + n, ILLEGAL)?,
            Err(Wrong::Internal) => return Err(internal(th)),
        };
    }
    let s = text::new_str(th, &d.out)?;
    answer(th, s, at.min(b.len()), state)
}
fn encode(th: &mut Thread, a: Args) -> R<Value> {
    let (codec, name) = codec_arg(th, a, "encode")?;
    let object = text_input(th, a.get(1), "encode")?;
    let errors = errors_arg(th, a.get(2), "encode")?;
    let mut state = low_bits(th, a.get(3))?;
    let (last, py3) = (is_true(th, a.get(4))?, th.py3());
    let chars = codec_utf::points(text::bytes_of(object).unwrap_or(&[]));
    let n = chars.len();
    let mut e = Encode { encoding: name, errors: &errors, object, out: Vec::with_capacity(n * 2), handler: None, chars };
    let mut at = 0;
    while at < n {
        let (end, reason) = match codec.encode(&e.chars[at..], &mut state, &mut e.out, last, py3) {
            Ok(used) => {
                at += used;
                continue;
            }
            Err(Wrong::Incomplete) if !last => break,
            Err(Wrong::Incomplete) => (n, INCOMPLETE),
            Err(Wrong::Illegal(k)) => ((at + k).min(n), ILLEGAL),
            Err(Wrong::Internal) => return Err(internal(th)),
        };
        let (with, next) = e.replacement(th, at, end, reason)?;
        let mut i = 0;
        while i < with.len() {
            match codec.encode(&with[i..], &mut state, &mut e.out, true, py3) {
                Ok(used) => i += used,
                Err(_) => return Err(e.raise(th, at, end, reason)),
            }
        }
        at = next;
    }
    if last {
        codec.reset(&mut state, &mut e.out);
    }
    let b = th.new_bytes(&e.out)?;
    answer(th, b, at, state)
}
fn answer(th: &mut Thread, v: Value, used: usize, state: u64) -> R<Value> {
    let state = int::from_i64(th, state as i64)?;
    th.new_tuple(&[v, Value::int(used as i64), state])
}
