//! `_sre`: compiled patterns on the engine of the crate `rustpython-sre_engine`. The compiler is the library's `re` package.

pub mod matches;
pub mod pattern;
pub mod run;

use crate::api::*;
use rustpython_sre_engine as engine;

pub static MODULE: ModuleDef = ModuleDef { name: "_sre", doc: "Regular expression matching.", functions: FUNCTIONS, init: Some(init), lang: Lang::Py3, types: &[] };
static FUNCTIONS: &[NativeDef] = natives! {
    "compile(pattern, flags, code, groups, groupindex, indexgroup)" = pattern::compile, "Make a pattern object of code.";
    "template(pattern, template, /)" = |th, a| iter::to_tuple(th, a.get(1)), "template: list of literal, group, literal, ..., literal.";
    "getcodesize()" = |_, _| Ok(Value::int(engine::CODESIZE as i64)), "Bytes of a code word.";
    "ascii_iscased(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))?; Ok(Value::from_bool((c as u8 as i32 == c) && (c as u8).is_ascii_alphabetic())) }, "Whether an ASCII character has case.";
    "unicode_iscased(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))? as u32; Ok(Value::from_bool(lower(c) != c || upper(c) != c)) }, "Whether a character has case.";
    "ascii_tolower(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))?; Ok(Value::int(if (65..=90).contains(&c) { c + 32 } else { c } as i64)) }, "Lower case of an ASCII character.";
    "unicode_tolower(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))? as u32; Ok(Value::int(lower(c) as i64)) }, "Lower case of a character.";
};
fn lower(c: u32) -> u32 { engine::string::lower_unicode(c) }
fn upper(c: u32) -> u32 { engine::string::upper_unicode(c) }

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    pattern::register(th)?;
    matches::register(th)?;
    for (name, n) in [("MAGIC", engine::SRE_MAGIC), ("CODESIZE", engine::CODESIZE), ("MAXREPEAT", engine::MAXREPEAT), ("MAXGROUPS", engine::MAXGROUPS)] {
        module::set(th, m, name, Value::int(n as i64))?;
    }
    Ok(())
}
