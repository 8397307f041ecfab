//! Instructions of compiled patterns; the numbers are those of Python 3's `re._constants`.

pub const MAGIC: u32 = 20230612;
/// Bytes of a code word.
pub const CODESIZE: u32 = 4;
pub const MAXREPEAT: u32 = u32::MAX;
pub const MAXGROUPS: u32 = u32::MAX / 2;

/// Bits of INFO's flags: what follows begins with a literal, is all of the pattern, or begins with one of a set.
pub mod info {
    pub const PREFIX: u32 = 1;
    pub const LITERAL: u32 = 2;
    pub const CHARSET: u32 = 4;
}

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident: $($x:ident)*) => {
        $(#[$doc])*
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u32)]
        pub enum $name { $($x),* }
        impl $name {
            const ALL: &[$name] = &[$($name::$x),*];
            /// What a code word stands for.
            #[inline]
            pub fn of(word: u32) -> Option<$name> { $name::ALL.get(word as usize).copied() }
        }
    };
}
numbered! {
    /// An instruction.
    Op: FAILURE SUCCESS ANY ANY_ALL ASSERT ASSERT_NOT AT BRANCH CATEGORY CHARSET BIGCHARSET GROUPREF GROUPREF_EXISTS IN INFO JUMP LITERAL MARK MAX_UNTIL
        MIN_UNTIL NOT_LITERAL NEGATE RANGE REPEAT REPEAT_ONE SUBPATTERN MIN_REPEAT_ONE ATOMIC_GROUP POSSESSIVE_REPEAT POSSESSIVE_REPEAT_ONE
        GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE GROUPREF_LOC_IGNORE IN_LOC_IGNORE LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE
        GROUPREF_UNI_IGNORE IN_UNI_IGNORE LITERAL_UNI_IGNORE NOT_LITERAL_UNI_IGNORE RANGE_UNI_IGNORE
}
numbered! {
    /// A place, the operand of AT.
    At: BEGINNING BEGINNING_LINE BEGINNING_STRING BOUNDARY NON_BOUNDARY END END_LINE END_STRING LOC_BOUNDARY LOC_NON_BOUNDARY UNI_BOUNDARY UNI_NON_BOUNDARY
}
numbered! {
    /// A class of characters, the operand of CATEGORY; each is followed by its complement.
    Category: DIGIT NOT_DIGIT SPACE NOT_SPACE WORD NOT_WORD LINEBREAK NOT_LINEBREAK LOC_WORD LOC_NOT_WORD UNI_DIGIT UNI_NOT_DIGIT UNI_SPACE UNI_NOT_SPACE
        UNI_WORD UNI_NOT_WORD UNI_LINEBREAK UNI_NOT_LINEBREAK
}
