//! The switches that tell the grammar of Python 2.7 from that of Python 3, and the flags of future imports.

/// What the text is: a module, one expression (`eval`), or one interactive statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Exec,
    Eval,
    Single,
}

/// Declares the switches once: the struct and the two columns.
macro_rules! switches {
    ($($(#[$doc:meta])* $name:ident: $py27:literal, $py3:literal;)+) => {
        /// Grammar switches. Columns of the table: 2.7, 3.13.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Grammar { $($(#[$doc])* pub $name: bool),+ }

        impl Grammar {
            /// The grammar of Python 2.7.18.
            pub const fn py27() -> Grammar { Grammar { $($name: $py27),+ } }

            /// The grammar of Python 3.13.
            pub const fn py3() -> Grammar { Grammar { $($name: $py3),+ } }
        }
    };
}

switches! {
    /// Error wording, tokens and encodings follow 2.7 where they can't be told by a finer switch.
    legacy: true, false;
    /// `print x, y` (switched off by `from __future__ import print_function`).
    print_statement: true, false;
    /// `exec code in globals`.
    exec_statement: true, false;
    /// `` `x` `` is `repr(x)`.
    backticks: true, false;
    /// `<>` is `!=`.
    diamond: true, false;
    /// `def f((a, b)):`.
    tuple_params: true, false;
    /// `raise E, value, traceback` instead of `raise E from cause`.
    raise_commas: true, false;
    /// `except E, target:` and `except E as target:` with any target.
    except_target: true, false;
    /// `0777`, `10L`, `0xFFL`.
    old_numbers: true, false;
    /// Prefix `ur''`.
    ur_prefix: true, false;
    /// Literals without prefix are byte strings (switched off by `unicode_literals`).
    byte_literals: true, false;
    /// `True` and `False` are keywords (2.7: names).
    true_keyword: false, true;
    /// `...` as an expression anywhere (2.7: only in subscripts).
    ellipsis_literal: false, true;
    /// `nonlocal x`.
    nonlocal: false, true;
    /// `def f(a: int) -> int`, `x: int = 1`.
    annotations: false, true;
    /// `def f(*, a)`, `def f(a, /)`, `class C(metaclass=M)`.
    keyword_only: false, true;
    /// `async` and `await` are keywords.
    async_await: false, true;
    /// `x := 1`.
    walrus: false, true;
    /// `match x:`.
    match_statement: false, true;
    /// `type X = int`, `def f[T]()`.
    type_params: false, true;
    /// `except*`.
    except_star: false, true;
    /// `f'{x}'`.
    f_strings: false, true;
    /// `a @ b`.
    matmul: false, true;
    /// `1_000`.
    underscores: false, true;
    /// `yield from x`.
    yield_from: false, true;
    /// `*a, b = c`, `[*a]`, `{**a}`, `f(*a, *b)`.
    unpacking: false, true;
    /// Any expression as a decorator (2.7: dotted name and call).
    any_decorator: false, true;
    /// `with (a as b, c as d):`.
    with_parens: false, true;
    /// Identifiers beyond ASCII.
    unicode_names: false, true;
    /// A tab counts to columns of 8 and the mix need only be inconsistent to fail (2.7 accepts every mix).
    tab_check: false, true;
}

/// Declares the flags of `from __future__ import`: names and CPython's bit of each in `co_flags`.
macro_rules! futures {
    ($($name:ident = $bit:literal, $in27:literal;)+) => {
        /// Future features in force. Bits are those of `co_flags`/`compile(..., flags)` of the language parsed.
        #[allow(non_snake_case)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct FutureFlags { $(pub $name: bool),+ }

        impl FutureFlags {
            /// Switches the feature on. False: there is no such feature in this language.
            pub fn enable(&mut self, feature: &str, legacy: bool) -> bool {
                match feature {
                    $(stringify!($name) if $in27 || !legacy => self.$name = true,)+
                    _ => return false,
                }
                true
            }

            /// The bits of CPython 2.7 (`legacy`) or 3.13.
            pub fn bits(self, legacy: bool) -> u32 {
                let shift = if legacy { 0 } else { 4 };
                let mut bits = 0;
                $(if self.$name && $bit != 0 { bits |= $bit << shift; })+
                bits
            }

            /// The bits of all features.
            pub fn all_bits(legacy: bool) -> u32 {
                let shift = if legacy { 0 } else { 4 };
                0x10 $(| if $in27 || !legacy { $bit << shift } else { 0 })+
            }

            /// Inverse of [`FutureFlags::bits`]; other bits are ignored.
            pub fn from_bits(bits: u32, legacy: bool) -> FutureFlags {
                let shift = if legacy { 0 } else { 4 };
                FutureFlags { $($name: $bit != 0 && bits & ($bit << shift) != 0),+ }
            }
        }
    };
}

// In 2.7 nested_scopes and generators have no bit of their own that compile() would need.
futures! {
    nested_scopes = 0x0, true;
    generators = 0x0, true;
    division = 0x2000, true;
    absolute_import = 0x4000, true;
    with_statement = 0x8000, true;
    print_function = 0x10000, true;
    unicode_literals = 0x20000, true;
    barry_as_FLUFL = 0x40000, false;
    generator_stop = 0x80000, false;
    annotations = 0x100000, false;
}
