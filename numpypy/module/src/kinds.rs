//! Kind numbers of this crate's objects: from 1024 up.

macro_rules! kinds {
    ($first:expr; $($name:ident)*) => {
        // The names are those of the constants.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum K { $($name),* }
        $(pub const $name: u16 = $first + K::$name as u16;)*
    };
}
kinds! { txpy_vm::kinds::NUMPY; NDARRAY DTYPE SCALAR UFUNC ARRAY_ITER FLATITER }
