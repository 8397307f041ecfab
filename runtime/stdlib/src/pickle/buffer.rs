//! `PickleBuffer`: marks memory that may be pickled out of band.

use crate::api::*;
use crate::kinds;
use txpy_heap::Object;
use txpy_vm::native::buffer;
use txpy_vm::types::memoryview;

object! {
    pub struct PickleBuffer = kinds::PICKLE_BUFFER {
        /// A memoryview of the memory; UNSET once released.
        pub view: Value,
    }
}
pub const INFO: txpy_heap::KindInfo = PickleBuffer::INFO;
pub static PICKLE_BUFFER: TypeDef = TypeDef {
    name: "PickleBuffer", module: "pickle", kind: kinds::PICKLE_BUFFER, size: size_of::<PickleBuffer>() as u16, flags: type_flag::BASE | type_flag::WEAK | type_flag::PY3,
    methods: &[METHODS], doc: "Wrapper for potentially out-of-band buffers", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, object, /)" = new, "Create a buffer.";
    "raw(self, /)" = raw, "Return a memoryview of the raw memory underlying this buffer.";
    "release(self, /)" = release, "Release the underlying buffer held by the PickleBuffer object.";
};

pub fn register() {
    buffer::register_buffer(kinds::PICKLE_BUFFER, |th, v, writable| {
        let view = view_of(th, v)?;
        buffer::acquire(th, view, writable)
    });
}
/// The memoryview behind a PickleBuffer.
pub fn view_of(th: &mut Thread, v: Value) -> R<Value> {
    let view = this::<PickleBuffer>(v).read(th)?.view;
    if view.is_unset() {
        return Err(th.value_error("operation forbidden on released PickleBuffer object"));
    }
    Ok(view)
}
fn new(th: &mut Thread, a: Args) -> R<Value> {
    if !buffer::is_bytes_like(th, a.get(1)) {
        return Err(buffer::required(th, a.get(1)));
    }
    let view = th.call(memoryview::MEMORYVIEW.value(), &[a.get(1)])?;
    Ok(instance::alloc_like(th, a.get(0), |_| PickleBuffer { header: Header::NEW, view })?.value())
}
fn raw(th: &mut Thread, a: Args) -> R<Value> {
    let view = view_of(th, a.get(0))?;
    for name in ["c_contiguous", "f_contiguous"] {
        let yes = attr::get_str(th, view, name)?;
        if !is_true(th, yes)? {
            continue;
        }
        let zero = attr::get_str(th, view, "ndim")?;
        let flat = if name == "c_contiguous" { view } else { attr::get_str_opt(th, view, "T")?.unwrap_or(view) };
        let b = th.native_str("B")?;
        let format = attr::get_str(th, flat, "format")?;
        if text::equal(format, b) == Some(true) && zero == Value::int(1) {
            return th.call(memoryview::MEMORYVIEW.value(), &[flat]);
        }
        return th.call_method(flat, "cast", &[b]);
    }
    Err(th.raise(&txpy_vm::exceptions::BUFFER_ERROR, "cannot extract raw buffer from non-contiguous buffer"))
}
fn release(th: &mut Thread, a: Args) -> R<Value> {
    this::<PickleBuffer>(a.get(0)).write(th)?.view = Value::UNSET;
    Ok(Value::NONE)
}
