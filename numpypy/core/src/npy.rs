//! Headers of .npy files, versions 1.0 and 2.0.

use crate::dtype::DType;
use crate::error::{R, fail};
use crate::layout::Dims;

/// What a header says.
#[derive(Clone, PartialEq, Debug)]
pub struct Header {
    pub dtype: DType,
    pub fortran: bool,
    pub shape: Dims,
    /// Bytes before the data.
    pub len: usize,
}

const MAGIC: &[u8] = b"\x93NUMPY";

/// The header's bytes; the data starts at a multiple of 64.
pub fn write_header(dtype: DType, fortran: bool, shape: &[isize]) -> Vec<u8> {
    let shown: Vec<String> = shape.iter().map(|n| n.to_string()).collect();
    let shape = if shown.len() == 1 { format!("({},)", shown[0]) } else { format!("({})", shown.join(", ")) };
    let text = format!("{{'descr': '{}', 'fortran_order': {}, 'shape': {shape}, }}", dtype.type_string(), if fortran { "True" } else { "False" });
    // 32 axes of 20 digits stay far below 64 KiB, so version 1.0 always does.
    let room = (10 + text.len() + 1).next_multiple_of(64) - 10;
    let mut out = MAGIC.to_vec();
    out.extend([1, 0]);
    out.extend((room as u16).to_le_bytes());
    out.extend(text.bytes());
    out.resize(10 + room - 1, b' ');
    out.push(b'\n');
    out
}

/// The part of `text` after a quoted key and colon.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let at = text.find(&format!("'{key}'")).or_else(|| text.find(&format!("\"{key}\"")))?;
    Some(text[at + key.len() + 2..].trim_start().strip_prefix(':')?.trim_start())
}

/// Reads a header at the start of `bytes`. Errors: ValueError; NotImplementedError for dtypes without support.
pub fn read_header(bytes: &[u8]) -> R<Header> {
    if bytes.len() < 8 || &bytes[..6] != MAGIC {
        let shown: String = bytes.iter().take(6).flat_map(|&b| std::ascii::escape_default(b)).map(char::from).collect();
        fail!(Value, "the magic string is not correct; expected '\\x93NUMPY', got '{shown}'");
    }
    let (start, len) = match (bytes[6], bytes[7], bytes.get(8..12)) {
        (1, 0, Some(n)) => (10, u16::from_le_bytes([n[0], n[1]]) as usize),
        (2 | 3, 0, Some(n)) => (12, u32::from_le_bytes([n[0], n[1], n[2], n[3]]) as usize),
        (1..=3, 0, None) => fail!(Value, "EOF: reading array header length, expected 2 bytes got {}", bytes.len() - 8),
        (a, b, _) => fail!(Value, "we only support format version (1,0), (2, 0), and (3, 0), not ({a}, {b})"),
    };
    let Some(text) = bytes.get(start..start + len).and_then(|b| std::str::from_utf8(b).ok()) else {
        fail!(Value, "EOF: reading array header, expected {len} bytes got {}", bytes.len().saturating_sub(start));
    };
    let bad = || crate::Error::new(crate::Kind::Value, format!("Cannot parse header: {text:?}"));
    let descr = value_of(text, "descr").ok_or_else(bad)?;
    if descr.starts_with('[') {
        fail!(NotImplemented, "structured dtypes are not supported yet");
    }
    let quote = descr.chars().next().filter(|c| *c == '\'' || *c == '"').ok_or_else(bad)?;
    let name = descr[1..].split(quote).next().ok_or_else(bad)?;
    let fortran = value_of(text, "fortran_order").ok_or_else(bad)?.starts_with("True");
    let shape = value_of(text, "shape").and_then(|s| s.strip_prefix('(')).and_then(|s| s.split(')').next()).ok_or_else(bad)?;
    let shape: Result<Dims, _> = shape.split(',').map(|n| n.trim().trim_end_matches('L')).filter(|n| !n.is_empty()).map(str::parse::<isize>).collect();
    let shape = shape.map_err(|_| bad())?;
    let dtype = DType::parse(name)?;
    crate::layout::checked_size(&shape, dtype.itemsize())?;
    Ok(Header { dtype, fortran, shape, len: start + len })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dtype::FLOAT64;

    #[test]
    fn headers_survive() {
        for (fortran, shape) in [(false, &[][..]), (true, &[3, 4]), (false, &[7])] {
            let h = write_header(FLOAT64, fortran, shape);
            assert_eq!(h.len() % 64, 0);
            assert_eq!(read_header(&h).unwrap(), Header { dtype: FLOAT64, fortran, shape: shape.into(), len: h.len() });
        }
        let h = write_header(FLOAT64, false, &[2, 3]);
        assert_eq!(&h[..10], b"\x93NUMPY\x01\x00v\x00");
        assert!(h[10..].starts_with(b"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }   "));
    }

    #[test]
    fn damaged_headers_are_refused() {
        let good = write_header(FLOAT64, false, &[2, 3]);
        for n in 0..good.len() {
            assert!(read_header(&good[..n]).is_err(), "{n} bytes");
        }
        let text = String::from_utf8_lossy(&good[10..]).replace("(2, 3)", "(9223372036854775807, 9)");
        let mut bad = good[..8].to_vec();
        bad.extend((text.len() as u16).to_le_bytes());
        bad.extend(text.bytes());
        assert!(read_header(&bad).unwrap_err().message.starts_with("array is too big"));
    }
}
