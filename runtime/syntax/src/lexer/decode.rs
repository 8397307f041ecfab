//! Source bytes to UTF-8: byte order mark, coding declaration, the few encodings that need no codec registry.

use crate::error::{ErrorKind, SyntaxError};
use crate::{Options, SourceKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    Latin9,
    Cp1252,
}

/// Bytes 0x80-0x9F of Windows-1252; 0 is undefined.
const CP1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
];

/// Where ISO 8859-15 differs from 8859-1.
const LATIN9: [(u8, u16); 8] = [
    (0xA4, 0x20AC), (0xA6, 0x160), (0xA8, 0x161), (0xB4, 0x17D), (0xB8, 0x17E), (0xBC, 0x152), (0xBD, 0x153),
    (0xBE, 0x178),
];

impl Encoding {
    fn by_name(name: &str) -> Option<Encoding> {
        let name: String = name.chars().map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
        Some(match name.as_str() {
            "utf-8" | "utf8" | "u8" | "utf" | "utf-8-sig" | "cp65001" => Encoding::Utf8,
            n if n.starts_with("utf-8-") => Encoding::Utf8,
            "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => Encoding::Ascii,
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "iso-latin-1" | "8859" | "cp819" | "l1" | "latin"
            | "iso-8859-1-1987" => Encoding::Latin1,
            n if n.starts_with("latin-1-") || n.starts_with("iso-8859-1-") || n.starts_with("iso-latin-1-") => {
                Encoding::Latin1
            }
            "iso-8859-15" | "iso8859-15" | "latin-9" | "latin9" | "l9" => Encoding::Latin9,
            "cp1252" | "windows-1252" | "1252" => Encoding::Cp1252,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Ascii => "ascii",
            Encoding::Latin1 => "iso-8859-1",
            Encoding::Latin9 => "iso-8859-15",
            Encoding::Cp1252 => "cp1252",
        }
    }

    fn char(self, byte: u8) -> Option<char> {
        if byte < 0x80 {
            return Some(byte as char);
        }
        match self {
            Encoding::Utf8 | Encoding::Ascii => None,
            Encoding::Latin1 => Some(byte as char),
            Encoding::Latin9 => match LATIN9.iter().find(|(b, _)| *b == byte) {
                Some((_, code)) => char::from_u32(*code as u32),
                None => Some(byte as char),
            },
            Encoding::Cp1252 if byte < 0xA0 => {
                char::from_u32(CP1252[byte as usize - 0x80] as u32).filter(|c| *c != '\0')
            }
            Encoding::Cp1252 => Some(byte as char),
        }
    }

    /// Appends text as bytes of this encoding (2.7's byte literals keep the file's encoding).
    pub fn encode(self, text: &str, out: &mut Vec<u8>) {
        if matches!(self, Encoding::Utf8 | Encoding::Ascii) {
            out.extend_from_slice(text.as_bytes());
            return;
        }
        for c in text.chars() {
            let byte = if (c as u32) < 0x80 { Some(c as u8) } else { (0x80..=0xFF).find(|b| self.char(*b) == Some(c)) };
            out.push(byte.unwrap_or(b'?'));
        }
    }
}

pub struct Decoded {
    /// With `\n` line ends, and ending in one unless empty.
    pub text: String,
    pub declared: Option<Encoding>,
    /// What byte literals of 2.7 are written in.
    pub encoding: Encoding,
}

fn error(msg: String, line: u32) -> SyntaxError {
    SyntaxError {
        kind: ErrorKind::Syntax, msg, line, col: 0, end_line: line, end_col: 0, text: None, incomplete: false,
    }
}

/// The encoding named in a comment of the first two lines (PEP 263): `coding[=:]\s*([-\w.]+)`.
fn declaration(source: &[u8]) -> Option<&str> {
    let mut lines = source.split(|b| *b == b'\n' || *b == b'\r');
    for _ in 0..2 {
        let line = lines.next()?;
        let trimmed = line.iter().position(|b| !matches!(b, b' ' | b'\t' | 0x0C));
        match trimmed {
            Some(at) if line[at] == b'#' => {
                let mut from = at;
                while let Some(found) = line[from..].windows(6).position(|w| w == b"coding") {
                    let mut at = from + found + 6;
                    from = at;
                    if !matches!(line.get(at), Some(b':' | b'=')) {
                        continue;
                    }
                    at += 1;
                    while matches!(line.get(at), Some(b' ' | b'\t')) {
                        at += 1;
                    }
                    let name = &line[at..];
                    let end = name
                        .iter()
                        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.')))
                        .unwrap_or(name.len());
                    if end > 0 {
                        return std::str::from_utf8(&name[..end]).ok();
                    }
                }
            }
            Some(_) => return None,
            None => {}
        }
    }
    None
}

/// Universal newlines, plus a final line end.
fn normalise(text: &mut String) {
    if text.contains('\r') {
        *text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// 2.7 reads a file by C strings: what stands between a null byte and the end of its line, that end included, does not exist.
fn cut_at_nulls(source: &[u8]) -> Vec<u8> {
    source.split_inclusive(|b| *b == b'\n').flat_map(|l| l.split(|b| *b == 0).next().unwrap_or(l)).copied().collect()
}

/// Decodes a source as its options demand.
///
/// Errors: null bytes, unknown encoding, bytes that are invalid in it.
pub fn decode(source: &[u8], options: &Options) -> Result<Decoded, SyntaxError> {
    let legacy = options.grammar.legacy;
    let cut;
    let source = if legacy && options.source_kind == SourceKind::File && source.contains(&0) {
        cut = cut_at_nulls(source);
        &cut
    } else {
        source
    };
    if source.contains(&0) {
        let (kind, msg) = match (legacy, options.source_kind) {
            (true, _) => (ErrorKind::Type, "compile() expected string without null bytes"),
            (false, SourceKind::File) => (ErrorKind::Syntax, "source code cannot contain null bytes"),
            (false, _) => (ErrorKind::Syntax, "source code string cannot contain null bytes"),
        };
        return Err(SyntaxError { kind, ..error(msg.to_string(), 0) });
    }
    let (body, bom) = match source.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (source, false),
    };
    let mut declared = None;
    if options.source_kind != SourceKind::Text {
        if let Some(name) = declaration(body) {
            let Some(encoding) = Encoding::by_name(name) else {
                let msg = if bom { format!("encoding problem: {name} with BOM") } else { format!("unknown encoding: {name}") };
                return Err(error(msg, 0));
            };
            // CPython compares the spelling: `utf8` is refused after a byte order mark.
            let spelled = name.to_ascii_lowercase().replace('_', "-");
            if bom && !(spelled == "utf-8" || spelled.starts_with("utf-8-")) {
                return Err(error(format!("encoding problem: {name} with BOM"), 0));
            }
            declared = Some(encoding);
        }
    }
    let undeclared = declared.is_none() && !bom && options.source_kind != SourceKind::Text;
    let encoding = match declared {
        Some(encoding) => encoding,
        None if undeclared && legacy && options.source_kind == SourceKind::Bytes => Encoding::Latin1,
        None if undeclared && legacy => Encoding::Ascii,
        None => Encoding::Utf8,
    };
    let mut text = if body.is_ascii() || encoding == Encoding::Utf8 {
        match std::str::from_utf8(body) {
            Ok(text) => text.to_string(),
            Err(e) => return Err(bad_utf8(body, e, undeclared, options)),
        }
    } else {
        let mut text = String::with_capacity(body.len() + body.len() / 8);
        for (at, &byte) in body.iter().enumerate() {
            let Some(c) = encoding.char(byte) else {
                let line = line_of(body, at);
                if legacy && undeclared {
                    return Err(error(
                        format!(
                            "Non-ASCII character '\\x{byte:02x}' in file {} on line {line}, but no encoding declared; \
                             see http://python.org/dev/peps/pep-0263/ for details",
                            options.filename
                        ),
                        line,
                    ));
                }
                let (codec, why) = match encoding {
                    Encoding::Ascii => ("ascii", "ordinal not in range(128)"),
                    _ => ("charmap", "character maps to <undefined>"),
                };
                let msg = format!("'{codec}' codec can't decode byte 0x{byte:02x} in position {at}: {why}");
                return Err(error(if legacy { msg } else { format!("(unicode error) {msg}") }, if legacy { line } else { 0 }));
            };
            text.push(c);
        }
        text
    };
    normalise(&mut text);
    Ok(Decoded { text, declared: declared.or(bom.then_some(Encoding::Utf8)), encoding })
}

fn line_of(body: &[u8], at: usize) -> u32 {
    body[..at].iter().filter(|b| **b == b'\n').count() as u32 + 1
}

fn bad_utf8(body: &[u8], e: std::str::Utf8Error, undeclared: bool, options: &Options) -> SyntaxError {
    let at = e.valid_up_to();
    let byte = body[at];
    let line = line_of(body, at);
    if undeclared && options.source_kind == SourceKind::File && !options.grammar.legacy {
        return error(
            format!(
                "Non-UTF-8 code starting with '\\x{byte:02x}' in file {} on line {line}, but no encoding declared; \
                 see https://peps.python.org/pep-0263/ for details",
                options.filename
            ),
            line,
        );
    }
    let why = match (byte, e.error_len()) {
        (_, None) => "unexpected end of data",
        (0x80..=0xC1 | 0xF5..=0xFF, _) => "invalid start byte",
        _ => "invalid continuation byte",
    };
    let msg = format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {why}");
    error(if options.grammar.legacy { msg } else { format!("(unicode error) {msg}") }, 0)
}
