//! Arrays lend their memory: the buffer protocol, and `ndarray.data`.

use crate::api::*;
use crate::array::this_view;
use crate::kinds;
use std::borrow::Cow;
use txpy_numpy_core::DType;
use txpy_vm::native::buffer::{self, BufferView};
use txpy_vm::types::memoryview;

pub fn init() { buffer::register_buffer(kinds::NDARRAY, export) }

/// An element in the notation of `struct`, as far as that knows the dtype. None for those that no buffer can have.
fn format(d: DType) -> Option<Cow<'static, str>> {
    let code = d.row().code;
    let order = if d.swapped && d.itemsize() > 1 { ">" } else { "" };
    Some(Cow::Owned(match code {
        'F' => format!("{order}Zf"),
        'D' => format!("{order}Zd"),
        'S' => format!("{}s", d.itemsize()),
        'U' => format!("{order}{}w", d.itemsize() / 4),
        'V' => format!("{}x", d.itemsize()),
        'M' | 'm' => return None,
        c => format!("{order}{c}"),
    }))
}

fn export(th: &mut Thread, v: Value, writable: bool) -> R<BufferView> {
    let view = this_view(th, v)?;
    if writable && view.readonly {
        return Err(th.value_error("buffer source array is read-only"));
    }
    let Some(format) = format(view.dtype) else {
        let code = view.dtype.row().code;
        return Err(th.value_error(format!("cannot include dtype '{code}' in a buffer")));
    };
    let l = &view.layout;
    Ok(BufferView {
        ptr: view.buffer.start().wrapping_offset(l.offset),
        len: l.nbytes(),
        readonly: view.readonly,
        format,
        itemsize: l.itemsize,
        shape: l.shape.iter().map(|n| *n as usize).collect(),
        strides: l.strides.to_vec(),
        owner: v,
        guard: view.buffer.value(),
    })
}

/// `ndarray.data`: a memoryview, in 2.7 a buffer.
pub fn data(th: &mut Thread, v: Value) -> R<Value> {
    if th.py3() {
        return memoryview::new(th, v);
    }
    let builtins = txpy_vm::import::import_name(th, "__builtin__")?;
    let buffer = txpy_vm::object::attr::get_str(th, builtins, "buffer")?;
    th.call(buffer, &[v])
}
