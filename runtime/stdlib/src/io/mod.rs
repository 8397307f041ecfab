//! `_io`: files, buffers and text streams; `file` of Python 2.7.

pub mod base;
pub mod buffered;
pub mod bytesio;
pub mod file2;
pub mod file2_read;
pub mod fileio;
pub mod newline;
pub mod open;
pub mod rwpair;
pub mod storage;
pub mod stringio;
pub mod textio;
pub mod textio_read;

use crate::support::Root;
use txpy_vm::exceptions::{BLOCKING_IO_ERROR, IO_ERROR, OS_ERROR, VALUE_ERROR};
use txpy_vm::types::{dict, module, type_};
use txpy_vm::{Gc, ModuleDef, NativeDef, R, Thread, Unwind, Value, natives};

pub const DEFAULT_BUFFER_SIZE: usize = 8192;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_io",
    doc: "Files, buffers and text streams.",
    functions: FUNCTIONS,
    types: &[
        &base::IO_BASE, &base::RAW_IO_BASE, &base::BUFFERED_IO_BASE, &base::TEXT_IO_BASE, &fileio::FILE_IO, &bytesio::BYTES_IO, &stringio::STRING_IO,
        &buffered::READER, &buffered::WRITER, &buffered::RANDOM, &rwpair::RW_PAIR, &textio::TEXT_IO, &newline::DECODER,
    ],
    init: Some(init),
    ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = natives! {
    #[io] "open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)" = open::open, "Open file and return a stream.";
    #[io] "open_code(path)" = open::open_code, "Open the file with the code of a module.";
    "text_encoding(encoding, stacklevel=2, /)" = open::text_encoding, "Encoding that open() uses for None.";
};

static UNSUPPORTED: Root = Root::new();
static BLOCKING2: Root = Root::new();

fn init(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    module::set(th, m, "DEFAULT_BUFFER_SIZE", Value::int(DEFAULT_BUFFER_SIZE as i64))?;
    let u = unsupported_class(th)?;
    module::set(th, m, "UnsupportedOperation", u)?;
    let b = blocking_class(th)?;
    module::set(th, m, "BlockingIOError", b)
}
fn make_class(th: &mut Thread, name: &str, bases: &[Value]) -> R<Value> {
    let d = dict::new(th)?;
    let module = th.native_str("io")?;
    dict::set_str(th, d, "__module__", module)?;
    let name = th.intern(name)?;
    Ok(type_::new_class(th, type_::TYPE.ty(), name, bases, d)?.value())
}
/// `io.UnsupportedOperation`.
pub fn unsupported_class(th: &mut Thread) -> R<Value> {
    UNSUPPORTED.get_or(th, |th| {
        let bases = if th.py3() { [OS_ERROR.value(), VALUE_ERROR.value()] } else { [VALUE_ERROR.value(), IO_ERROR.value()] };
        make_class(th, "UnsupportedOperation", &bases)
    })
}
/// `io.BlockingIOError`, in 2.7 a class of this module.
pub fn blocking_class(th: &mut Thread) -> R<Value> {
    if th.py3() { Ok(BLOCKING_IO_ERROR.value()) } else { BLOCKING2.get_or(th, |th| make_class(th, "BlockingIOError", &[IO_ERROR.value()])) }
}
/// The class of errors of input and output: OSError, in 2.7 IOError.
pub fn error_class(th: &Thread) -> &'static txpy_vm::exceptions::ExcDef { if th.py3() { &OS_ERROR } else { &IO_ERROR } }
#[cold]
pub fn unsupported(th: &mut Thread, what: &str) -> Unwind {
    let mut make = || {
        let c = unsupported_class(th)?;
        let msg = th.native_str(what)?;
        th.call(c, &[msg])
    };
    match make() {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}
#[cold]
pub fn closed_error(th: &mut Thread) -> Unwind { th.value_error("I/O operation on closed file.") }

/// Registers iteration and the buffer protocol of these types.
pub fn register() {
    txpy_vm::object::iter::register_step(crate::kinds_io::FILE2, file2_read::step);
    txpy_vm::object::iter::register_step(crate::kinds_io::TEXTIO, textio_read::step);
    txpy_vm::native::buffer::register_buffer(crate::kinds_io::BYTESIO_BUFFER, bytesio::export);
    txpy_vm::native::stored::register::<bytesio::BytesIo>(crate::kinds_io::BYTESIO);
    txpy_vm::native::buffer::register_release(crate::kinds_io::BYTESIO_BUFFER, bytesio::release_export);
}
