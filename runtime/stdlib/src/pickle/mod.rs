//! `_pickle` of Python 3: Pickler, Unpickler, their memo proxies, PickleBuffer, and the functions built on them.

mod buffer;
mod load;
mod memo;
mod names;
mod pickler;
mod reduce;
mod save;
mod unpickler;

use crate::api::*;
use crate::support::Root;

pub static MODULE: ModuleDef = ModuleDef {
    name: "_pickle", doc: "Pickling in Rust.", functions: FUNCTIONS,
    types: &[&pickler::PICKLER, &unpickler::UNPICKLER, &buffer::PICKLE_BUFFER], init: Some(fill), lang: Lang::Py3, ..ModuleDef::DEFAULT
};
static FUNCTIONS: &[NativeDef] = natives! {
    "dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)" = pickler::dump, "Write a pickled representation of obj to the open file object file.";
    "dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None)" = pickler::dumps, "Return the pickled representation of the object as a bytes object.";
    "load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())" = unpickler::load, "Read and return an object from the pickle data stored in a file.";
    "loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())" = unpickler::loads, "Read and return an object from the given pickle data.";
};

static PICKLE_ERROR: Root = Root::new();
static PICKLING_ERROR: Root = Root::new();
static UNPICKLING_ERROR: Root = Root::new();

fn fill(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let kinds = [pickler::INFO, unpickler::INFO, memo::PICKLER_INFO, memo::UNPICKLER_INFO, buffer::INFO];
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        txpy_heap::register_kinds(&kinds);
        buffer::register();
    });
    type_::make_native(th, &memo::PICKLER_MEMO)?;
    type_::make_native(th, &memo::UNPICKLER_MEMO)?;
    let mut base = txpy_vm::exceptions::EXCEPTION.value();
    for (i, (root, name)) in [(&PICKLE_ERROR, "PickleError"), (&PICKLING_ERROR, "PicklingError"), (&UNPICKLING_ERROR, "UnpicklingError")].into_iter().enumerate() {
        let (n, bases, ns) = (th.native_str(name)?, th.new_tuple(&[base])?, dict::new(th)?);
        let module = th.native_str("_pickle")?;
        dict::set_str(th, ns, "__module__", module)?;
        let class = th.call(type_::TYPE.value(), &[n, bases, ns.value()])?;
        root.set(class);
        if i == 0 {
            base = class;
        }
        module::set(th, m, name, class)?;
    }
    Ok(())
}
fn raise(th: &mut Thread, root: &Root, msg: &str) -> Unwind {
    let class = root.get().unwrap_or(txpy_vm::exceptions::EXCEPTION.value());
    let made = th.native_str(msg).and_then(|m| th.call(class, &[m]));
    match made {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}
fn pickling_error(th: &mut Thread, msg: impl AsRef<str>) -> Unwind { raise(th, &PICKLING_ERROR, msg.as_ref()) }
fn unpickling_error(th: &mut Thread, msg: impl AsRef<str>) -> Unwind { raise(th, &UNPICKLING_ERROR, msg.as_ref()) }

/// Opcodes.
mod op {
    macro_rules! opcodes { ($($name:ident $value:expr;)*) => { $(pub const $name: u8 = $value;)* }; }
    opcodes! {
        MARK b'('; STOP b'.'; POP b'0'; POP_MARK b'1'; DUP b'2'; FLOAT b'F'; INT b'I'; BININT b'J'; BININT1 b'K'; LONG b'L'; BININT2 b'M';
        NONE b'N'; PERSID b'P'; BINPERSID b'Q'; REDUCE b'R'; STRING b'S'; BINSTRING b'T'; SHORT_BINSTRING b'U'; UNICODE b'V'; BINUNICODE b'X';
        APPEND b'a'; BUILD b'b'; GLOBAL b'c'; DICT b'd'; EMPTY_DICT b'}'; APPENDS b'e'; GET b'g'; BINGET b'h'; INST b'i'; LONG_BINGET b'j';
        LIST b'l'; EMPTY_LIST b']'; OBJ b'o'; PUT b'p'; BINPUT b'q'; LONG_BINPUT b'r'; SETITEM b's'; TUPLE b't'; EMPTY_TUPLE b')';
        SETITEMS b'u'; BINFLOAT b'G'; PROTO 0x80; NEWOBJ 0x81; EXT1 0x82; EXT2 0x83; EXT4 0x84; TUPLE1 0x85; TUPLE2 0x86; TUPLE3 0x87;
        NEWTRUE 0x88; NEWFALSE 0x89; LONG1 0x8a; LONG4 0x8b; BINBYTES b'B'; SHORT_BINBYTES b'C'; SHORT_BINUNICODE 0x8c; BINUNICODE8 0x8d;
        BINBYTES8 0x8e; EMPTY_SET 0x8f; ADDITEMS 0x90; FROZENSET 0x91; NEWOBJ_EX 0x92; STACK_GLOBAL 0x93; MEMOIZE 0x94; FRAME 0x95;
        BYTEARRAY8 0x96; NEXT_BUFFER 0x97; READONLY_BUFFER 0x98;
    }
}
