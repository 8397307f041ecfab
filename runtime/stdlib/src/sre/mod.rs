//! `_sre`: compiled patterns and the matcher that runs them. Python 3's compiler is the library's `re` package, 2.7's stands
//! here; both make code of the same instructions (`ops.rs`).

pub mod chars;
pub mod compile27;
pub mod emit27;
pub mod machine;
pub mod matches;
pub mod ops;
pub mod parse27;
pub mod pattern;
pub mod run;
pub mod validate;

use crate::api::*;
use chars::{lower, upper};

pub static MODULE: ModuleDef = ModuleDef { name: "_sre", doc: "Regular expression matching.", functions: FUNCTIONS, init: Some(init), lang: Lang::Both, types: &[] };
static FUNCTIONS: &[NativeDef] = natives! {
    "compile(pattern, flags, code, groups, groupindex, indexgroup)" = pattern::compile, "Make a pattern object of code.";
    #[py3] "template(pattern, template, /)" = |th, a| iter::to_tuple(th, a.get(1)), "template: list of literal, group, literal, ..., literal.";
    #[py2] "_compile_text(pattern, flags, /)" = compile27::compile_text, "Make a pattern object of a pattern's text.";
    #[py2] "getlower(character, flags, /)" = |th, a| { let (c, f) = (int::arg_i32(th, a.get(0))?, int::arg_i32(th, a.get(1))?); Ok(Value::int(if f & 32 != 0 { lower(c as u32) as i64 } else if (65..=90).contains(&c) { c as i64 + 32 } else { c as i64 })) }, "Lower case of a character under the flags.";
    "getcodesize()" = |_, _| Ok(Value::int(ops::CODESIZE as i64)), "Bytes of a code word.";
    #[py3] "ascii_iscased(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))?; Ok(Value::from_bool((c as u8 as i32 == c) && (c as u8).is_ascii_alphabetic())) }, "Whether an ASCII character has case.";
    #[py3] "unicode_iscased(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))? as u32; Ok(Value::from_bool(lower(c) != c || upper(c) != c)) }, "Whether a character has case.";
    #[py3] "ascii_tolower(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))?; Ok(Value::int(if (65..=90).contains(&c) { c + 32 } else { c } as i64)) }, "Lower case of an ASCII character.";
    #[py3] "unicode_tolower(character, /)" = |th, a| { let c = int::arg_i32(th, a.get(0))? as u32; Ok(Value::int(lower(c) as i64)) }, "Lower case of a character.";
};

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    pattern::register(th)?;
    matches::register(th)?;
    for (name, n) in [("MAGIC", if th.py3() { ops::MAGIC } else { 20031017 }), ("CODESIZE", ops::CODESIZE), ("MAXREPEAT", ops::MAXREPEAT), ("MAXGROUPS", ops::MAXGROUPS)] {
        module::set(th, m, name, Value::int(n as i64))?;
    }
    Ok(())
}
