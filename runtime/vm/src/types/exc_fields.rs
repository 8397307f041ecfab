//! Fields of particular exception classes: `errno`, `value`, `code`, `name` and their like, kept in `Exception::extra`.

use super::exception::Exception;
use super::{int, text, tuple};
use crate::exceptions::*;
use crate::native::{Args, GetSetDef, NativeDef, TypeDef};
use crate::object::{self, instance};
use crate::thread::Thread;
use txpy_heap::{Gc, R, Value};

fn this(v: Value) -> Gc<Exception> { v.cast().expect("checked by the call") }
fn get<const I: usize>(th: &mut Thread, v: Value) -> R<Value> { Ok(this(v).read(th)?.extra[I].get().unwrap_or(Value::NONE)) }
fn set<const I: usize>(th: &mut Thread, v: Value, x: Value) -> R<()> {
    this(v).write(th)?.extra[I] = x;
    Ok(())
}
fn put(th: &mut Thread, v: Gc<Exception>, fields: &[Value]) -> R<()> {
    let mut g = v.write(th)?;
    g.extra[..fields.len()].copy_from_slice(fields);
    Ok(())
}

fn written(th: &mut Thread, v: Value) -> R<Value> {
    match this(v).read(th)?.extra[4].get() {
        Some(n) => Ok(n),
        None => Err(th.attribute_error("characters_written")),
    }
}
fn set_written(th: &mut Thread, v: Value, x: Value) -> R<()> {
    if x.is_unset() && this(v).read(th)?.extra[4].is_unset() {
        return Err(th.attribute_error("characters_written"));
    }
    let n = if x.is_unset() { x } else { Value::int(int::arg_i64(th, x)?) };
    this(v).write(th)?.extra[4] = n;
    Ok(())
}

pub static EXIT: &[GetSetDef] = getset! { "code" = get::<0>, mut set::<0>, "Exit code."; };
pub static STOP: &[GetSetDef] = getset! { #[py3] "value" = get::<0>, mut set::<0>, "Generator return value."; };
pub static NAME: &[GetSetDef] = getset! { #[py3] "name" = get::<0>, mut set::<0>, "Name."; };
pub static ATTRIBUTE: &[GetSetDef] = getset! {
    #[py3] "name" = get::<0>, mut set::<0>, "Name of the attribute.";
    #[py3] "obj" = get::<1>, mut set::<1>, "Object.";
};
pub static IMPORT: &[GetSetDef] = getset! {
    #[py3] "name" = get::<0>, mut set::<0>, "Module name.";
    #[py3] "path" = get::<1>, mut set::<1>, "Module path.";
    #[py3] "name_from" = get::<2>, mut set::<2>, "Name imported from the module.";
    #[py3] "msg" = message, "Message.";
};
pub static OS: &[GetSetDef] = getset! {
    "errno" = get::<0>, mut set::<0>, "Error number.";
    "strerror" = get::<1>, mut set::<1>, "Error text.";
    "filename" = get::<2>, mut set::<2>, "File name.";
    #[py3] "filename2" = get::<3>, mut set::<3>, "Second file name.";
    #[py3] "characters_written" = written, mut set_written, "Number of bytes written before a stream would have blocked.";
};
pub static SYNTAX: &[GetSetDef] = getset! {
    "msg" = get::<0>, mut set::<0>, "Message.";
    "filename" = detail::<0>, mut set_detail::<0>, "File name.";
    "lineno" = detail::<1>, mut set_detail::<1>, "Line.";
    "offset" = detail::<2>, mut set_detail::<2>, "Column, from 1.";
    "text" = detail::<3>, mut set_detail::<3>, "Source line.";
    #[py3] "end_lineno" = detail::<4>, mut set_detail::<4>, "Last line.";
    #[py3] "end_offset" = detail::<5>, mut set_detail::<5>, "Column of the end.";
    "print_file_and_line" = get::<4>, mut set::<4>, "Unused.";
};
pub static UNICODE: &[GetSetDef] = getset! {
    "encoding" = get::<0>, mut set::<0>, "Codec.";
    "object" = get::<1>, mut set::<1>, "Input.";
    "start" = get::<2>, mut set::<2>, "Start of the bad part.";
    "end" = get::<3>, mut set::<3>, "End of the bad part.";
    "reason" = get::<4>, mut set::<4>, "Reason.";
};

pub static EXIT_METHODS: &[NativeDef] = natives! { "__init__(self, *args)" = init_with_fields, "Initialize self."; };
pub static STOP_METHODS: &[NativeDef] = natives! { "__init__(self, *args)" = init_with_fields, "Initialize self."; };
pub static NAME_METHODS: &[NativeDef] = natives! {
    "__init__(self, *args, **kwargs)" = init_named, "Initialize self.";
    #[py3] "__reduce__(self, /)" = named_reduce, "Helper for pickle.";
};
pub static KEY_METHODS: &[NativeDef] = natives! { "__str__(self, /)" = key_str, "Return str(self)."; };
pub static OS_METHODS: &[NativeDef] = natives! {
    #[py3] "__new__(cls, *args, **kwargs)" = os_new, "Create an OSError of the class that errno asks for.";
    "__init__(self, *args)" = init_with_fields, "Initialize self.";
    "__str__(self, /)" = os_str, "Return str(self).";
    "__reduce__(self, /)" = os_reduce, "Helper for pickle.";
};
pub static SYNTAX_METHODS: &[NativeDef] = natives! {
    "__init__(self, *args)" = init_with_fields, "Initialize self.";
    "__str__(self, /)" = syntax_str, "Return str(self).";
};
pub static DECODE_METHODS: &[NativeDef] = natives! {
    "__init__(self, encoding, object, start, end, reason, /)" = unicode_init, "Initialize self.";
    "__str__(self, /)" = decode_str, "Return str(self).";
};
pub static ENCODE_METHODS: &[NativeDef] = natives! {
    "__init__(self, encoding, object, start, end, reason, /)" = unicode_init, "Initialize self.";
    "__str__(self, /)" = encode_str, "Return str(self).";
};
pub static TRANSLATE_METHODS: &[NativeDef] = natives! {
    "__init__(self, object, start, end, reason, /)" = translate_init, "Initialize self.";
    "__str__(self, /)" = translate_str, "Return str(self).";
};

fn is(def: &'static TypeDef, base: &'static TypeDef) -> bool { super::type_::is_subtype(def.ty(), base.ty()) }
fn exists(def: &'static TypeDef) -> bool { def.value().is_ref() }

/// Sets the fields that follow from the arguments of a builtin class.
pub fn fill(th: &mut Thread, def: &'static ExcDef, e: Gc<Exception>, args: &[Value]) -> R<()> {
    if is(def, &STOP_ITERATION) || is(def, &SYSTEM_EXIT) {
        let v = match args {
            [] => Value::UNSET,
            [x] => *x,
            _ => th.new_tuple(args)?,
        };
        return put(th, e, &[v]);
    }
    if is(def, &OS_ERROR) || exists(&ENVIRONMENT_ERROR) && is(def, &ENVIRONMENT_ERROR) {
        if (2..=if th.py3() { 5 } else { 3 }).contains(&args.len()) {
            let file2 = args.get(4).copied().unwrap_or(Value::UNSET);
            let third = args.get(2).copied().unwrap_or(Value::UNSET);
            if th.py3() && int::is_int_like(third) && object::is_instance(e.value(), BLOCKING_IO_ERROR.ty()) {
                // The number of bytes that were written; it stays among the arguments.
                return put(th, e, &[args[0], args[1], Value::UNSET, Value::UNSET, third]);
            }
            put(th, e, &[args[0], args[1], third, file2])?;
            if args.len() > 2 {
                let t = th.new_tuple(&args[..2])?;
                e.write(th)?.args = t;
            }
        }
        return Ok(());
    }
    if is(def, &SYNTAX_ERROR) {
        if let Some(m) = args.first() {
            let detail = match args {
                [_, d] => syntax_detail(th, *d)?,
                _ => Value::UNSET,
            };
            put(th, e, &[*m, detail])?;
        }
        return Ok(());
    }
    if is(def, &UNICODE_DECODE_ERROR) || is(def, &UNICODE_ENCODE_ERROR) {
        if args.len() == 5 {
            return put(th, e, args);
        }
    } else if is(def, &UNICODE_TRANSLATE_ERROR) && args.len() == 4 {
        return put(th, e, &[Value::UNSET, args[0], args[1], args[2], args[3]]);
    }
    Ok(())
}

/// Gives a SyntaxError its place without changing its arguments.
pub fn set_place(th: &mut Thread, e: Value, detail: Value) -> R<()> {
    this(e).write(th)?.extra[1] = detail;
    Ok(())
}

/// Where a SyntaxError is, as a tuple: file, line, column, text and, in 3, the end.
fn syntax_detail(th: &mut Thread, d: Value) -> R<Value> {
    let t = object::iter::to_tuple(th, d)?;
    let n = tuple::items(t).map_or(0, <[Value]>::len);
    match n {
        _ if !th.py3() => if n == 4 { Ok(t) } else { Err(th.index_error("tuple index out of range")) },
        0..4 => Err(th.type_error(format!("function takes at least 4 arguments ({n} given)"))),
        5 => Err(th.type_error("end_offset must be provided when end_lineno is provided")),
        4 | 6 => Ok(t),
        _ => Err(th.type_error(format!("function takes at most 6 arguments ({n} given)"))),
    }
}

/// The builtin class whose fields an instance has.
fn builtin_base(v: Value) -> &'static TypeDef {
    let mro = object::class_of(v).frozen().mro();
    mro.iter().find_map(|c| ALL.iter().find(|d| d.value() == *c)).copied().unwrap_or(&BASE_EXCEPTION)
}

fn init_with_fields(th: &mut Thread, a: Args) -> R<Value> {
    let e = this(a.get(0));
    let all = a.skip(1).collect_tuple(th)?;
    e.write(th)?.args = all;
    fill(th, builtin_base(a.get(0)), e, tuple::items(all).unwrap_or(&[]))?;
    Ok(Value::NONE)
}
fn init_named(th: &mut Thread, a: Args) -> R<Value> {
    let e = this(a.get(0));
    let all = a.without_keywords().skip(1).collect_tuple(th)?;
    e.write(th)?.args = all;
    let names: &[&str] = if object::is_instance(a.get(0), IMPORT_ERROR.ty()) {
        &["name", "path", "name_from"]
    } else if object::is_instance(a.get(0), ATTRIBUTE_ERROR.ty()) {
        &["name", "obj"]
    } else {
        &["name"]
    };
    for at in 0..names.len() {
        e.write(th)?.extra[at] = Value::UNSET;
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        let k = text::lossy(k);
        match names.iter().position(|n| *n == k) {
            Some(at) => e.write(th)?.extra[at] = v,
            None => {
                let class = object::class_name(a.get(0));
                return Err(th.type_error(format!("{class}() got an unexpected keyword argument '{k}'")));
            }
        }
    }
    Ok(Value::NONE)
}
/// The fields that were given by keyword are part of the state.
fn named_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let class = object::class_of(v).value();
    let g = this(v).read(th)?;
    let (args, extra) = (g.args, g.extra);
    drop(g);
    let state = super::dict::new(th)?;
    if instance::has_dict(v) {
        let d = instance::dict_of(th, v)?;
        super::dict::update(th, state, d)?;
    }
    let names: &[&str] = if object::is_instance(v, IMPORT_ERROR.ty()) { &["name", "path"] } else { &["name"] };
    for (i, n) in names.iter().enumerate() {
        if let Some(x) = extra[i].get().filter(|x| !x.is_none()) {
            super::dict::set_str(th, state, n, x)?;
        }
    }
    if super::dict::len(th, state)? == 0 { th.new_tuple(&[class, args]) } else { th.new_tuple(&[class, args, state.value()]) }
}
fn message(th: &mut Thread, v: Value) -> R<Value> {
    let args = super::exception::args(th, this(v))?;
    Ok(match tuple::items(args).unwrap_or(&[]) {
        [x] => *x,
        _ => Value::NONE,
    })
}
fn key_str(th: &mut Thread, a: Args) -> R<Value> {
    let args = super::exception::args(th, this(a.get(0)))?;
    match tuple::items(args).unwrap_or(&[]) {
        [] => th.native_str(""),
        [x] => object::repr(th, *x),
        _ => object::repr(th, args),
    }
}

/// The subclass of OSError for an errno, as PEP 3151 maps them.
pub fn os_class(errno: i64) -> &'static ExcDef {
    match errno as i32 {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => &BLOCKING_IO_ERROR,
        libc::ECHILD => &CHILD_PROCESS_ERROR,
        libc::EPIPE | libc::ESHUTDOWN => &BROKEN_PIPE_ERROR,
        libc::ECONNABORTED => &CONNECTION_ABORTED_ERROR,
        libc::ECONNREFUSED => &CONNECTION_REFUSED_ERROR,
        libc::ECONNRESET => &CONNECTION_RESET_ERROR,
        libc::EEXIST => &FILE_EXISTS_ERROR,
        libc::ENOENT => &FILE_NOT_FOUND_ERROR,
        libc::EISDIR => &IS_A_DIRECTORY_ERROR,
        libc::ENOTDIR => &NOT_A_DIRECTORY_ERROR,
        libc::EINTR => &INTERRUPTED_ERROR,
        libc::EACCES | libc::EPERM => &PERMISSION_ERROR,
        libc::ESRCH => &PROCESS_LOOKUP_ERROR,
        libc::ETIMEDOUT => &TIMEOUT_ERROR,
        _ => &OS_ERROR,
    }
}
fn os_new(th: &mut Thread, a: Args) -> R<Value> {
    let mut class = a.get(0);
    if class == OS_ERROR.value() && (2..=5).contains(&(a.positional() - 1)) {
        if let Some(e) = int::to_i64(a.get(1)) {
            class = os_class(e).value();
        }
    }
    let all = a.skip(1).collect_tuple(th)?;
    let e = th.alloc_exception(class, all)?.value();
    fill(th, builtin_base(e), this(e), tuple::items(all).unwrap_or(&[]))?;
    Ok(e)
}
fn os_str(th: &mut Thread, a: Args) -> R<Value> {
    let g = this(a.get(0)).read(th)?;
    let (errno, text_, file, file2) = (g.extra[0], g.extra[1], g.extra[2], g.extra[3]);
    drop(g);
    if errno.is_unset() || text_.is_unset() {
        let f = BASE_EXCEPTION.ty().frozen().dunder(super::dunder::D::str_).unwrap_or(Value::NONE);
        return th.call(f, &[a.get(0)]);
    }
    let mut s = format!("[Errno {}] {}", object::str_text(th, errno)?, object::str_text(th, text_)?);
    if !file.is_unset() && !file.is_none() {
        s += &format!(": {}", object::repr_text(th, file)?);
        if !file2.is_unset() && !file2.is_none() {
            s += &format!(" -> {}", object::repr_text(th, file2)?);
        }
    }
    th.native_str(&s)
}
fn os_reduce(th: &mut Thread, a: Args) -> R<Value> {
    let class = object::class_of(a.get(0)).value();
    let g = this(a.get(0)).read(th)?;
    let (args, extra) = (g.args, g.extra);
    drop(g);
    let args = match (tuple::items(args), extra[2].get()) {
        (Some([x, y]), Some(f)) => match extra[3].get().filter(|f| !f.is_none()) {
            Some(f2) => th.new_tuple(&[*x, *y, f, Value::NONE, f2])?,
            None => th.new_tuple(&[*x, *y, f])?,
        },
        _ => args,
    };
    if instance::has_dict(a.get(0)) {
        let d = instance::dict_of(th, a.get(0))?;
        if super::dict::len(th, d)? > 0 {
            return th.new_tuple(&[class, args, d.value()]);
        }
    }
    th.new_tuple(&[class, args])
}
fn detail<const I: usize>(th: &mut Thread, v: Value) -> R<Value> {
    let d = this(v).read(th)?.extra[1];
    Ok(tuple::items(d).and_then(|t| t.get(I).copied()).unwrap_or(Value::NONE))
}
fn set_detail<const I: usize>(th: &mut Thread, v: Value, x: Value) -> R<()> {
    let d = this(v).read(th)?.extra[1];
    let mut items = [Value::NONE; 6];
    for (i, y) in tuple::items(d).unwrap_or(&[]).iter().enumerate().take(6) {
        items[i] = *y;
    }
    items[I] = x.get().unwrap_or(Value::NONE);
    let t = th.new_tuple(&items)?;
    this(v).write(th)?.extra[1] = t;
    Ok(())
}
fn syntax_str(th: &mut Thread, a: Args) -> R<Value> {
    let msg = get::<0>(th, a.get(0))?;
    let (file, line) = (detail::<0>(th, a.get(0))?, detail::<1>(th, a.get(0))?);
    let msg = object::str_text(th, msg)?;
    let file = if file.is_none() { None } else { Some(object::str_text(th, file)?) };
    let base = file.as_deref().map(|f| f.rsplit('/').next().unwrap_or(f).to_string());
    let s = match (base, line.is_none()) {
        (Some(f), false) => format!("{msg} ({f}, line {})", object::str_text(th, line)?),
        (Some(f), true) => format!("{msg} ({f})"),
        (None, false) => format!("{msg} (line {})", object::str_text(th, line)?),
        (None, true) => msg,
    };
    th.native_str(&s)
}
fn unicode_init(th: &mut Thread, a: Args) -> R<Value> {
    let e = this(a.get(0));
    let fields = [a.get(1), a.get(2), a.get(3), a.get(4), a.get(5)];
    let all = th.new_tuple(&fields)?;
    e.write(th)?.args = all;
    put(th, e, &fields)?;
    Ok(Value::NONE)
}
fn translate_init(th: &mut Thread, a: Args) -> R<Value> {
    let e = this(a.get(0));
    let all = a.skip(1).collect_tuple(th)?;
    e.write(th)?.args = all;
    put(th, e, &[Value::UNSET, a.get(1), a.get(2), a.get(3), a.get(4)])?;
    Ok(Value::NONE)
}
/// The bad character or byte, for the message.
fn bad(object: Value, start: i64) -> Option<String> {
    let b = text::bytes_of(object)?;
    if text::is_text(object) {
        let c = text::code_points(b).nth(usize::try_from(start).ok()?)?;
        return Some(if c < 0x100 { format!("\\x{c:02x}") } else if c < 0x10000 { format!("\\u{c:04x}") } else { format!("\\U{c:08x}") });
    }
    b.get(usize::try_from(start).ok()?).map(|c| format!("0x{c:02x}"))
}
fn fields(th: &mut Thread, v: Value) -> R<(String, Value, i64, i64, String)> {
    let x = this(v).read(th)?.extra;
    let encoding = if x[0].is_unset() { String::new() } else { object::str_text(th, x[0])? };
    let reason = if x[4].is_unset() { String::new() } else { object::str_text(th, x[4])? };
    Ok((encoding, x[1], int::to_i64(x[2]).unwrap_or(0), int::to_i64(x[3]).unwrap_or(0), reason))
}
fn unicode_text(th: &mut Thread, v: Value, verb: &str, noun: &str, plural: &str) -> R<Value> {
    let (encoding, object, start, end, reason) = fields(th, v)?;
    if object.is_unset() {
        return th.native_str("");
    }
    let codec = if encoding.is_empty() { String::new() } else { format!("'{encoding}' codec ") };
    let s = match bad(object, start) {
        Some(b) if end == start + 1 => {
            let b = if text::is_text(object) { if th.py3() { format!("'{b}'") } else { format!("u'{b}'") } } else { b };
            format!("{codec}can't {verb} {noun} {b} in position {start}: {reason}")
        }
        _ => format!("{codec}can't {verb} {plural} in position {start}-{}: {reason}", end - 1),
    };
    th.native_str(s.trim_start())
}
fn decode_str(th: &mut Thread, a: Args) -> R<Value> { unicode_text(th, a.get(0), "decode", "byte", "bytes") }
fn encode_str(th: &mut Thread, a: Args) -> R<Value> { unicode_text(th, a.get(0), "encode", "character", "characters") }
fn translate_str(th: &mut Thread, a: Args) -> R<Value> { unicode_text(th, a.get(0), "translate", "character", "characters") }

/// Notes name and object in the AttributeError in flight.
pub fn note_attribute(th: &mut Thread, name: Value, v: Value) {
    if let Some(e) = th.exception.cast::<Exception>().filter(|_| th.py3()) {
        let _ = put(th, e, &[name, v]);
    }
}
/// Notes the name in the NameError in flight.
pub fn note_name(th: &mut Thread, name: Value) {
    if let Some(e) = th.exception.cast::<Exception>().filter(|_| th.py3()) {
        let _ = put(th, e, &[name]);
    }
}
