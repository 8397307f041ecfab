//! `itertools`: the module's table. Every iterator is a kind with a native step.

pub mod combine;
pub mod group;
pub mod infinite;
mod pickle;
pub mod select;
pub mod zips;

use crate::api::*;

pub static MODULE: ModuleDef = ModuleDef {
    name: "itertools",
    doc: "Functional tools for creating and using iterators.",
    functions: FUNCTIONS,
    types: &[
        &infinite::COUNT, &infinite::CYCLE, &infinite::REPEAT, &select::CHAIN, &select::COMPRESS, &select::DROPWHILE, &select::TAKEWHILE, &select::FILTERFALSE,
        &select::STARMAP, &select::ISLICE, &select::ACCUMULATE, &select::BATCHED, &select::PAIRWISE, &group::GROUPBY, &group::GROUPER, &group::TEE,
        &zips::ZIP_LONGEST, &zips::IZIP, &zips::IMAP, &zips::IFILTER, &combine::PRODUCT, &combine::COMBINATIONS, &combine::WITH_REPLACEMENT, &combine::PERMUTATIONS,
    ],
    init: Some(init),
    ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = natives! {
    "tee(iterable, n=2, /)" = group::tee, "Returns a tuple of n independent iterators.";
};

fn init(_: &mut Thread, _: Gc<Module>) -> R<()> {
    infinite::register();
    select::register();
    group::register();
    zips::register();
    combine::register();
    Ok(())
}

/// Declares an iterator type of this module: `iterator! { COUNT, Count, kinds::COUNT, "count" "count" flags, step, "doc"; natives... }`.
#[macro_export]
macro_rules! iterator {
    ($id:ident, $t:ty, $kind:expr, $name:literal $name2:literal $flags:expr, $step:path, $doc:literal; $($rest:tt)*) => {
        pub static $id: txpy_vm::TypeDef = txpy_vm::TypeDef {
            name: $name, name2: $name2, module: "itertools", kind: $kind, size: size_of::<$t>() as u16, flags: txpy_vm::native::type_flag::BASE | $flags,
            methods: &[txpy_vm::next_methods!($step), txpy_vm::natives! { $($rest)* }], doc: $doc, ..txpy_vm::TypeDef::DEFAULT
        };
    };
}
/// Enters a kind and its step.
pub fn kind(info: txpy_heap::KindInfo, step: iter::Step) {
    txpy_heap::register_kinds(&[info]);
    iter::register_step(info.kind, step);
}
