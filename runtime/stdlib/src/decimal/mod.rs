//! `_decimal`: decimal floating-point arithmetic for the module `decimal` of both languages.
//!
//! A number is a sign, an integer and an exponent of ten (`number.rs`); coefficients are binary (`nat.rs`). Operations are functions of numbers
//! and of a context's settings, in which they report what happened; `context.rs` turns the reports into flags and exceptions.

mod arithmetic;
mod context;
mod context_methods;
mod convert;
mod decimal;
mod digits;
mod methods;
mod nat;
mod number;
mod powers;
mod signals;
mod text;

use crate::api::*;
use number::{MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY, Rounding};
use txpy_heap::Object;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_decimal", doc: "Decimal floating-point arithmetic.", functions: context::FUNCTIONS, types: &[&decimal::DECIMAL, &context::CONTEXT], init: Some(init), ..ModuleDef::DEFAULT
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    static KINDS: std::sync::Once = std::sync::Once::new();
    KINDS.call_once(|| txpy_heap::register_kinds(&[decimal::Decimal::INFO, context::Context::INFO, context::Manager::INFO, signals::SignalDict::INFO]));
    for t in [&context::MANAGER, &signals::MIXIN] {
        type_::make_native(th, t)?;
    }
    signals::fill(th, m)?;
    for r in Rounding::ALL {
        let name = th.intern(r.name())?;
        module::set(th, m, r.name(), name)?;
    }
    let version = th.native_str("1.70")?;
    module::set(th, m, "__version__", version)?;
    if th.py3() {
        let version = th.native_str("2.5.1")?;
        module::set(th, m, "__libmpdec_version__", version)?;
        for (name, n) in [("MAX_PREC", MAX_PREC), ("MAX_EMAX", MAX_EMAX), ("MIN_EMIN", MIN_EMIN), ("MIN_ETINY", MIN_ETINY), ("IEEE_CONTEXT_MAX_BITS", context::IEEE_MAX_BITS)] {
            let n = int::from_i64(th, n)?;
            module::set(th, m, name, n)?;
        }
        module::set(th, m, "HAVE_THREADS", Value::TRUE)?;
        module::set(th, m, "HAVE_CONTEXTVAR", Value::TRUE)?;
    }
    Ok(())
}
