//! `binascii`: bytes as hexadecimal digits and base64, checksums.

use crate::api::*;
use txpy_vm::native::buffer;

crate::exception! { ERROR2, "binascii" "Error", &txpy_vm::exceptions::EXCEPTION, "An error in the data." }
crate::exception! { ERROR3, "binascii" "Error", &txpy_vm::exceptions::VALUE_ERROR, "An error in the data." }
crate::exception! { INCOMPLETE, "binascii" "Incomplete", &txpy_vm::exceptions::EXCEPTION, "The data is incomplete." }

pub static MODULE: ModuleDef = ModuleDef { name: "binascii", doc: "Conversion between binary data and ASCII.", functions: FUNCTIONS, types: &[&INCOMPLETE], init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "hexlify(data, /)" = hexlify, "Hexadecimal representation of binary data.";
    "b2a_hex(data, /)" = hexlify, "Hexadecimal representation of binary data.";
    "unhexlify(hexstr, /)" = unhexlify, "Binary data of hexadecimal representation.";
    "a2b_hex(hexstr, /)" = unhexlify, "Binary data of hexadecimal representation.";
    #[py2] "b2a_base64(data, /)" = b2a_base64, "Base64-code line of data.";
    #[py3] "b2a_base64(data, /, *, newline=True)" = b2a_base64, "Base64-code line of data.";
    #[py2] "a2b_base64(data, /)" = a2b_base64, "Decode a line of base64 data.";
    #[py3] "a2b_base64(data, /, *, strict_mode=False)" = a2b_base64, "Decode a line of base64 data.";
    "crc32(data, crc=0, /)" = |th, a| crate::zlib::checksum(th, a, 0, crate::zlib::crc), "Compute CRC-32 incrementally.";
    "crc_hqx(data, crc, /)" = crc_hqx, "Compute CRC-CCITT incrementally.";
    #[py2] "b2a_uu(data, /)" = |th, a| b2a_uu(th, a, false), "Uuencode line of data.";
    #[py3] "b2a_uu(data, /, *, backtick=False)" = |th, a| { let tick = match a.opt(1) { Some(v) => is_true(th, v)?, None => false }; b2a_uu(th, a, tick) }, "Uuencode line of data.";
    "a2b_uu(data, /)" = a2b_uu, "Decode a line of uuencoded data.";
    "a2b_qp(data, header=False)" = a2b_qp, "Decode a string of qp-encoded data.";
    "b2a_qp(data, quotetabs=False, istext=True, header=False)" = b2a_qp, "Encode a string using quoted-printable encoding.";
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let def: &'static TypeDef = if th.py3() { &ERROR3 } else { &ERROR2 };
    type_::make_native(th, def)?;
    module::set(th, m, "Error", def.value())
}
fn error(th: &mut Thread, message: &str) -> Unwind { if th.py3() { th.raise(&ERROR3, message) } else { th.raise(&ERROR2, message) } }
/// A copy of a bytes-like object; text of ASCII only where the functions read text.
fn data(th: &mut Thread, v: Value, ascii: bool) -> R<Value> {
    if text::is_text(v) {
        let b = text::bytes_of(v).unwrap_or(&[]);
        if ascii && th.py3() {
            return if b.is_ascii() { th.new_bytes(b) } else { Err(th.value_error("string argument should contain only ASCII characters")) };
        }
    }
    if ascii && th.py3() && !buffer::is_bytes_like(th, v) {
        let got = class_name(v);
        return Err(th.type_error(format!("argument should be bytes, buffer or ASCII string, not '{got}'")));
    }
    byte_string(th, v)
}

fn hexlify(th: &mut Thread, a: Args) -> R<Value> {
    let v = data(th, a.get(0), false)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let out = hex_digits(th, b)?;
    th.new_bytes(&out)
}
fn unhexlify(th: &mut Thread, a: Args) -> R<Value> {
    let v = data(th, a.get(0), true)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let refuse = |th: &mut Thread, m: &str| if th.py3() { error(th, m) } else { th.type_error(m) };
    if b.len() % 2 != 0 {
        return Err(refuse(th, "Odd-length string"));
    }
    let mut out = room(th, b.len() / 2)?;
    for p in b.chunks_exact(2) {
        match ((p[0] as char).to_digit(16), (p[1] as char).to_digit(16)) {
            (Some(h), Some(l)) => out.push((h << 4 | l) as u8),
            _ => return Err(refuse(th, "Non-hexadecimal digit found")),
        }
    }
    th.new_bytes(&out)
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The number that a letter stands for; 255 for those that are none.
static NUMBERS: [u8; 256] = {
    let mut numbers = [255; 256];
    let mut i = 0;
    while i < 64 {
        numbers[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    numbers
};
/// Up to three bytes as 24 bits.
fn triple(c: &[u8]) -> u32 { [0, 1, 2].iter().fold(0, |n, i| n << 8 | u32::from(c.get(*i).copied().unwrap_or(0))) }
fn b2a_base64(th: &mut Thread, a: Args) -> R<Value> {
    let newline = match a.opt(1) {
        Some(v) => is_true(th, v)?,
        None => true,
    };
    let v = data(th, a.get(0), false)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let mut out = room(th, (b.len() / 3 + 2).saturating_mul(4))?;
    for c in b.chunks(3) {
        let n = triple(c);
        for i in 0..4 {
            out.push(if i <= c.len() { ALPHABET[(n >> (18 - 6 * i)) as usize & 63] } else { b'=' });
        }
    }
    if newline {
        out.push(b'\n');
    }
    th.new_bytes(&out)
}
fn a2b_base64(th: &mut Thread, a: Args) -> R<Value> {
    let strict = match a.opt(1) {
        Some(v) => is_true(th, v)?,
        None => false,
    };
    let v = data(th, a.get(0), true)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    if strict && b.first() == Some(&b'=') {
        return Err(error(th, "Leading padding not allowed"));
    }
    let mut out = room(th, b.len() / 4 * 3 + 3)?;
    let (mut bits, mut n, mut quad, mut pads) = (0u32, 0u32, 0usize, 0usize);
    let mut complete = false;
    for (i, c) in b.iter().enumerate() {
        if *c == b'=' {
            pads += 1;
            if quad >= 2 && quad + pads >= 4 {
                complete = true;
                if strict && i + 1 < b.len() {
                    return Err(error(th, "Excess data after padding"));
                }
                // What follows the padding is not read.
                break;
            }
            continue;
        }
        let d = NUMBERS[*c as usize];
        if d == 255 {
            if strict {
                return Err(error(th, "Only base64 data is allowed"));
            }
            continue;
        }
        if strict && pads > 0 {
            return Err(error(th, "Discontinuous padding not allowed"));
        }
        pads = 0;
        quad = (quad + 1) % 4;
        bits = bits << 6 | u32::from(d);
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push((bits >> n) as u8);
            bits &= (1 << n) - 1;
        }
    }
    if !complete && quad != 0 {
        if quad == 1 && th.py3() {
            let count = out.len() / 3 * 4 + 1;
            return Err(error(th, &format!("Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4")));
        }
        return Err(error(th, "Incorrect padding"));
    }
    th.new_bytes(&out)
}

fn crc_hqx(th: &mut Thread, a: Args) -> R<Value> {
    let start = low_bits(th, a.get(1))? as u16;
    let v = data(th, a.get(0), false)?;
    let crc = text::bytes_of(v).unwrap_or(&[]).iter().fold(start, |crc, b| (0..8).fold(crc ^ u16::from(*b) << 8, |c, _| if c & 0x8000 != 0 { c << 1 ^ 0x1021 } else { c << 1 }));
    Ok(Value::int(i64::from(crc)))
}

fn b2a_uu(th: &mut Thread, a: Args, tick: bool) -> R<Value> {
    let v = data(th, a.get(0), false)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    if b.len() > 45 {
        return Err(error(th, "At most 45 bytes at once"));
    }
    let digit = |n: u32| if n == 0 && tick { b'`' } else { b' ' + n as u8 };
    let mut out = vec![digit(b.len() as u32)];
    for c in b.chunks(3) {
        let n = triple(c);
        out.extend((0..4).map(|i| digit(n >> (18 - 6 * i) & 63)));
    }
    out.push(b'\n');
    th.new_bytes(&out)
}
fn a2b_uu(th: &mut Thread, a: Args) -> R<Value> {
    let v = data(th, a.get(0), true)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let length = b.first().map_or(32, |c| c.wrapping_sub(b' ') as usize & 63);
    let mut out = vec![];
    let mut at = 1;
    let (mut bits, mut n) = (0u32, 0);
    while out.len() < length {
        // A line cut short stands for blanks.
        let c = match b.get(at) {
            None | Some(b'\n' | b'\r') => 0,
            Some(c) if (b' '..=b' ' + 64).contains(c) => u32::from(c - b' ') & 63,
            Some(_) => return Err(error(th, "Illegal char")),
        };
        at += 1;
        bits = bits << 6 | c;
        n += 6;
        if n >= 8 {
            n -= 8;
            out.push((bits >> n) as u8);
            bits &= (1 << n) - 1;
        }
    }
    if b.get(at..).is_some_and(|rest| rest.iter().any(|c| !matches!(c, b' ' | b'`' | b'\n' | b'\r'))) {
        return Err(error(th, "Trailing garbage"));
    }
    th.new_bytes(&out)
}

// ---- quoted-printable

/// No line is longer, its soft break included.
const LONGEST: usize = 76;

fn flag_arg(th: &mut Thread, a: Args, i: usize, default: bool) -> R<bool> { a.opt(i).map_or(Ok(default), |v| is_true(th, v)) }
fn a2b_qp(th: &mut Thread, a: Args) -> R<Value> {
    let header = flag_arg(th, a, 1, false)?;
    let v = data(th, a.get(0), true)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let mut out = room(th, b.len())?;
    let mut at = 0;
    while at < b.len() {
        let c = b[at];
        at += 1;
        match (c, b.get(at)) {
            (b'=', None) => {}
            // A soft line break: nothing up to the line's end counts.
            (b'=', Some(b'\n' | b'\r')) => at += b[at..].iter().position(|c| *c == b'\n').map_or(b.len() - at, |n| n + 1),
            (b'=', Some(b'=')) => {
                out.push(b'=');
                at += 1;
            }
            (b'=', Some(h)) => match ((*h as char).to_digit(16), b.get(at + 1).and_then(|l| (*l as char).to_digit(16))) {
                (Some(h), Some(l)) => {
                    out.push((h << 4 | l) as u8);
                    at += 2;
                }
                _ => out.push(b'='),
            },
            (b'_', _) if header => out.push(b' '),
            _ => out.push(c),
        }
    }
    th.new_bytes(&out)
}
fn b2a_qp(th: &mut Thread, a: Args) -> R<Value> {
    let (quote_tabs, is_text, header) = (flag_arg(th, a, 1, false)?, flag_arg(th, a, 2, true)?, flag_arg(th, a, 3, false)?);
    let v = data(th, a.get(0), false)?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    // The first line's end decides for all.
    let end: &[u8] = if b.iter().position(|c| *c == b'\n').is_some_and(|i| i > 0 && b[i - 1] == b'\r') { b"\r\n" } else { b"\n" };
    let mut out = room(th, b.len().saturating_mul(3).saturating_add(b.len() / 12))?;
    let quote = |out: &mut Vec<u8>, c: u8| out.extend([b'=', b"0123456789ABCDEF"[usize::from(c >> 4)], b"0123456789ABCDEF"[usize::from(c & 15)]]);
    let (mut at, mut line) = (0, 0);
    while at < b.len() {
        let c = b[at];
        let next = b.get(at + 1).copied();
        let blank = matches!(c, b' ' | b'\t');
        let ends = matches!(c, b'\r' | b'\n');
        let quoted = c > 126
            || c == b'='
            || header && c == b'_'
            || c == b'.' && line == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0))
            || ends && !is_text
            || blank && next.is_none()
            || c < 33 && !ends && (quote_tabs || !blank);
        if quoted {
            if line + 3 >= LONGEST {
                out.push(b'=');
                out.extend_from_slice(end);
                line = 0;
            }
            quote(&mut out, c);
            line += 3;
            at += 1;
            continue;
        }
        if c == b'\n' || c == b'\r' && next == Some(b'\n') {
            // A blank at a line's end would be lost.
            if let Some(last @ (b' ' | b'\t')) = out.last().copied() {
                out.pop();
                quote(&mut out, last);
            }
            out.extend_from_slice(end);
            line = 0;
            at += if c == b'\r' { 2 } else { 1 };
            continue;
        }
        if next.is_some_and(|n| n != b'\n') && line + 1 >= LONGEST {
            out.push(b'=');
            out.extend_from_slice(end);
            line = 0;
        }
        line += 1;
        out.push(if header && c == b' ' { b'_' } else { c });
        at += 1;
    }
    th.new_bytes(&out)
}
