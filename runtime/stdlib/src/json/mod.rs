//! `_json`: reading and writing JSON for the package `json` of both languages.

pub mod encode;
pub mod scan;

use crate::api::*;
use txpy_heap::Object;

pub static MODULE: ModuleDef = ModuleDef { name: "_json", doc: "json speedups", functions: FUNCTIONS, types: &[&scan::SCANNER, &encode::ENCODER], init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[py3] "scanstring(string, end, strict=True, /)" = scan::scanstring, "Scan the string s for a JSON string. End is the index of the character in s after the quote that started the JSON string.";
    #[py3] "encode_basestring_ascii(string, /)" = |th, a| encode::basestring(th, a, true), "Return an ASCII-only JSON representation of a Python string";
    #[py3] "encode_basestring(string, /)" = |th, a| encode::basestring(th, a, false), "Return a JSON representation of a Python string";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[scan::Scanner::INFO, encode::Encoder::INFO]);
    // 2.7's package uses the two classes only.
    module::set(th, m, "make_scanner", scan::SCANNER.value())?;
    module::set(th, m, "make_encoder", encode::ENCODER.value())
}
