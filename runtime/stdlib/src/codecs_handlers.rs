//! Error handlers of codecs as objects: `_codecs.register_error`, `lookup_error`, and the builtin handlers as functions.

use crate::api::*;
use crate::codecs::{callable, name_arg, pair};
use crate::support::Root;
use txpy_vm::exceptions::{UNICODE_DECODE_ERROR, UNICODE_ENCODE_ERROR, UNICODE_ERROR, UNICODE_TRANSLATE_ERROR};
use txpy_vm::types::codec_errors::{self, Decode, Encode, Handler};
use txpy_vm::types::{codec, codec_utf, exception, native_function};

/// The builtin handlers, in the order of `codec_errors::NAMES`.
static BUILTIN: &[NativeDef] = natives! {
    "strict_errors(exception, /)" = strict, "Implements the 'strict' error handling, which raises a UnicodeError on coding errors.";
    "ignore_errors(exception, /)" = |th, a| handle(th, a, Handler::Ignore), "Implements the 'ignore' error handling, which ignores malformed data and continues.";
    "replace_errors(exception, /)" = |th, a| handle(th, a, Handler::Replace), "Implements the 'replace' error handling, which replaces malformed data with a replacement marker.";
    "backslashreplace_errors(exception, /)" = |th, a| handle(th, a, Handler::Backslash), "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.";
    "xmlcharrefreplace_errors(exception, /)" = |th, a| handle(th, a, Handler::XmlChar), "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference.";
    "surrogateescape(exception, /)" = |th, a| handle(th, a, Handler::SurrogateEscape), "Implements the 'surrogateescape' error handling.";
    "surrogatepass(exception, /)" = |th, a| handle(th, a, Handler::SurrogatePass), "Implements the 'surrogatepass' error handling.";
    "namereplace_errors(exception, /)" = |th, a| handle(th, a, Handler::NameReplace), "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence.";
};
/// The builtin handlers' function objects by name.
static FUNCTIONS: Root = Root::new();

pub fn register(th: &mut Thread, a: Args) -> R<Value> {
    let name = name_arg(th, a.get(0), "register_error", 1)?;
    if !callable(th, a.get(1))? {
        return Err(th.type_error("handler must be callable"));
    }
    let d = codec::handlers(th)?;
    dict::set_str(th, d, &name, a.get(1))?;
    Ok(Value::NONE)
}
pub fn lookup(th: &mut Thread, a: Args) -> R<Value> {
    let name = match a.opt(0) {
        Some(v) => name_arg(th, v, "lookup_error", 1)?,
        None => "strict".into(),
    };
    let d = codec::handlers(th)?;
    if let Some(f) = dict::get_str(th, d, &name)? {
        return Ok(f);
    }
    let known = codec_errors::builtin(th, &name).and_then(|_| codec_errors::NAMES.iter().position(|(n, _)| *n == name));
    let Some(i) = known else { return Err(th.raise(&LOOKUP_ERROR, format!("unknown error handler name '{name}'"))) };
    let all: Gc<Dict> = FUNCTIONS.get_or(th, |th| Ok(dict::new(th)?.value()))?.cast().expect("a dict");
    if let Some(f) = dict::get_str(th, all, &name)? {
        return Ok(f);
    }
    let f = native_function::new(th, &BUILTIN[i], Value::UNSET, Value::NONE)?;
    let key = th.intern(&name)?;
    dict::set_default(th, all, key, f)
}

fn strict(th: &mut Thread, a: Args) -> R<Value> {
    let e = a.get(0);
    if exception::is_instance(e, &txpy_vm::exceptions::BASE_EXCEPTION) { Err(th.raise_value(e)) } else { Err(th.type_error("codec must pass exception instance")) }
}
fn unfit(th: &mut Thread, v: Value) -> Unwind {
    let got = class_name(v);
    th.type_error(format!("don't know how to handle {got} in error callback"))
}
/// What a builtin handler makes of a Unicode error: the replacement and where to go on.
fn handle(th: &mut Thread, a: Args, h: Handler) -> R<Value> {
    let e = a.get(0);
    let is = |def| exception::is_instance(e, def);
    let (encoding_error, decoding) = (is(&UNICODE_ENCODE_ERROR), is(&UNICODE_DECODE_ERROR));
    if !encoding_error && !decoding && !is(&UNICODE_TRANSLATE_ERROR) {
        return Err(unfit(th, e));
    }
    let object = attr::get_str(th, e, "object")?;
    let (start, end) = (attr::get_str(th, e, "start")?, attr::get_str(th, e, "end")?);
    let n = text::len_of(object) as i64;
    let start = int::to_i64(start).unwrap_or(0).clamp(0, (n - 1).max(0));
    let end = int::to_i64(end).unwrap_or(n).clamp(n.min(1), n).max(start);
    let (start, end) = (start as usize, end as usize);
    if !encoding_error && !decoding {
        let s = match h {
            Handler::Ignore => String::new(),
            Handler::Replace => "\u{FFFD}".repeat(end - start),
            Handler::Backslash if th.py3() => codec_utf::points(text::bytes_of(object).unwrap_or(&[]))[start..end].iter().map(|c| codec::escape(*c)).collect(),
            _ => return Err(unfit(th, e)),
        };
        let s = th.new_str(&s)?;
        return pair(th, s, end);
    }
    let given = attr::get_str(th, e, "encoding")?;
    let given = text::lossy(given).into_owned();
    let encoding = codec::find(&given).map_or(given.as_str(), |c| c.0);
    let r = if decoding {
        let mut d = Decode { encoding, errors: "strict", object, out: Vec::new(), last: true, used: 0, handler: Some(h) };
        d.error(th, start, end, "").map(|at| (d.out, at, false))
    } else {
        let chars = codec_utf::points(text::bytes_of(object).unwrap_or(&[]));
        let mut x = Encode { encoding, errors: "strict", object, out: Vec::new(), handler: Some(h), chars };
        x.replacement(th, start, end, "").map(|(with, at)| {
            let bytes = matches!(h, Handler::SurrogateEscape | Handler::SurrogatePass);
            with.iter().for_each(|c| text::push_code_point(&mut x.out, *c));
            (x.out, at, bytes)
        })
    };
    match r {
        // Called from scripts, it takes all or nothing.
        Ok((_, at, true)) if at < end => Err(th.raise_value(e)),
        Ok((out, at, bytes)) => {
            let v = if bytes { th.new_bytes(&out)? } else { text::new_str(th, &out)? };
            pair(th, v, at)
        }
        // What the handler does not take goes on as it came.
        Err(u) => Err(if th.catch(&UNICODE_ERROR).is_some() { th.raise_value(e) } else { u }),
    }
}
