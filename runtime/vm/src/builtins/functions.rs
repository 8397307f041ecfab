//! Builtin functions about objects, numbers and characters.

use crate::exceptions::ATTRIBUTE_ERROR;
use crate::interp::frame::Frame;
use crate::native::{Args, NativeDef};
use crate::object::number::{self, Op};
use crate::object::{self, attr, iter};
use crate::thread::Thread;
use crate::types::dict::{self, Dict};
use crate::types::dunder::D;
use crate::types::object::attr_name;
use crate::types::{format, int, text, traceback, tuple};
use txpy_heap::{R, Value};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "abs(x, /)" = abs, "Return the absolute value of the argument.";
    #[py3] "ascii(obj, /)" = ascii_, "Return an ASCII-only representation of an object.";
    "bin(number, /)" = bin, "Return the binary representation of an integer.\n\n>>> bin(10)\n'0b1010'";
    "hex(number, /)" = hex, "Return the hexadecimal representation of an integer.\n\n>>> hex(255)\n'0xff'";
    "oct(number, /)" = oct, "Return the octal representation of an integer.\n\n>>> oct(8) in ('0o10', '010')\nTrue";
    #[py3] "breakpoint(*args, **kws)" = breakpoint, "Call sys.breakpointhook with the arguments.";
    "callable(obj, /)" = callable, "Return whether the object is callable.";
    "chr(i, /)" = chr, "Return a string of one character.";
    #[py2] "unichr(i, /)" = unichr, "Return a Unicode string of one character.";
    "ord(c, /)" = ord, "Return the Unicode code point for a one-character string.";
    "delattr(obj, name, /)" = delattr, "Deletes the named attribute from the given object.";
    "dir(object=None, /)" = dir, "Names of an object's attributes.";
    "divmod(x, y, /)" = divmod, "Return the tuple (x//y, x%y).";
    "format(value, format_spec='', /)" = format_, "Return type(value).__format__(value, format_spec).";
    "getattr(object, name, default=None, /)" = getattr, "Get a named attribute from an object.";
    "hasattr(obj, name, /)" = hasattr, "Return whether the object has an attribute with the given name.";
    "hash(obj, /)" = hash, "Return the hash value for the given object.";
    "id(obj, /)" = id, "Return the identity of an object.";
    "pow(base, exp, mod=None)" = pow, "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.";
    "repr(obj, /)" = repr, "Return the canonical string representation of the object.";
    "round(number, ndigits=None)" = round, "Round a number to a given precision in decimal digits.";
    "setattr(obj, name, value, /)" = setattr, "Sets the named attribute on the given object to the specified value.";
    "vars(object=None, /)" = vars, "The __dict__ of an object, or the local variables.";
    "globals()" = globals, "Return the dictionary containing the current scope's global variables.";
    "locals()" = locals, "Return a dictionary containing the current scope's local variables.";
    #[py3] "aiter(async_iterable, /)" = aiter, "Return an AsyncIterator for an AsyncIterable object.";
    #[py3] "anext(aiterator, default=None, /)" = anext, "Return the next item from the async iterator.";
    #[py2] "cmp(x, y, /)" = cmp, "Return negative if x<y, zero if x==y, positive if x>y.";
    #[py2] "coerce(x, y, /)" = coerce, "Return both arguments as one type.";
    #[py2] "intern(string, /)" = intern, "Enter a string in the table of interned strings.";
    #[py2] "apply(function, args=(), kwargs={}, /)" = apply, "Call a callable object with positional arguments from a tuple and keywords from a dictionary.";
    #[py2] "reduce(function, sequence, initial=None, /)" = reduce, "Apply a function of two arguments cumulatively to the items of a sequence.";
};

fn abs(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if let Some(i) = v.as_int() {
        return int::from_i64(th, i.abs());
    }
    if v.is_float() {
        return crate::types::float::new(th, v.float_unchecked().abs());
    }
    number::unary(th, D::abs, v)
}
/// `ascii(v)`: repr with everything beyond ASCII escaped.
pub fn ascii(th: &mut Thread, v: Value) -> R<Value> {
    let r = object::repr(th, v)?;
    let Some(b) = text::bytes_of(r).filter(|b| !b.is_ascii()) else { return Ok(r) };
    let mut out = String::with_capacity(b.len() * 2);
    for c in text::code_points(b) {
        match c {
            0..0x80 => out.push(c as u8 as char),
            0x80..0x100 => out += &format!("\\x{c:02x}"),
            0x100..0x10000 => out += &format!("\\u{c:04x}"),
            _ => out += &format!("\\U{c:08x}"),
        }
    }
    th.new_str(&out)
}
fn ascii_(th: &mut Thread, a: Args) -> R<Value> { ascii(th, a.get(0)) }

fn radix(th: &mut Thread, v: Value, spec: &str, special: Option<D>) -> R<Value> {
    if !th.py3() {
        if let Some(f) = special.and_then(|d| object::dunder(v, d)) {
            let r = object::call_special(th, f, v, &[])?;
            if text::is_string(th, r) {
                return Ok(r);
            }
        }
    }
    let i = int::index(th, v)?;
    let i = int::exact_value(th, i)?;
    let spec = th.native_str(spec)?;
    let f = object::class_of(i).frozen().dunder(D::format).unwrap_or(Value::NONE);
    th.call(f, &[i, spec])
}
fn bin(th: &mut Thread, a: Args) -> R<Value> { radix(th, a.get(0), "#b", None) }
fn hex(th: &mut Thread, a: Args) -> R<Value> { radix(th, a.get(0), "#x", Some(D::hex)) }
fn oct(th: &mut Thread, a: Args) -> R<Value> { radix(th, a.get(0), "#o", Some(D::oct)) }
fn breakpoint(th: &mut Thread, a: Args) -> R<Value> {
    match crate::builtins::sys_attr(th, "breakpointhook")? {
        Some(hook) => th.call_args(hook, a),
        None => Err(th.runtime_error("lost sys.breakpointhook")),
    }
}
fn callable(th: &mut Thread, a: Args) -> R<Value> {
    if crate::types::classic::is_instance(a.get(0)) {
        return Ok(Value::from_bool(crate::types::classic::special(th, a.get(0), D::call)?.is_some()));
    }
    Ok(Value::from_bool(object::dunder(a.get(0), D::call).is_some()))
}
fn chr(th: &mut Thread, a: Args) -> R<Value> {
    if th.py3() {
        return unichr(th, a);
    }
    match int::arg_i64(th, a.get(0))? {
        i @ 0..=255 => th.new_bytes(&[i as u8]),
        _ => Err(th.value_error("chr() arg not in range(256)")),
    }
}
fn unichr(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let i = if th.py3() && int::is_int_like(v) { int::to_i64(v).unwrap_or(-1) } else { int::arg_i64(th, v)? };
    if !(0..=0x10FFFF).contains(&i) {
        return Err(th.value_error(if th.py3() { "chr() arg not in range(0x110000)" } else { "unichr() arg not in range(0x110000) (wide Python build)" }));
    }
    let mut out = Vec::with_capacity(4);
    text::push_code_point(&mut out, i as u32);
    text::new_str(th, &out)
}
fn ord(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    let b = text::bytes_of(v);
    let n = match (b, text::is_text(v)) {
        (Some(b), true) => {
            let mut c = text::code_points(b);
            match (c.next(), c.next()) {
                (Some(c), None) => return Ok(Value::int(c as i64)),
                _ => text::count_chars(b),
            }
        }
        (Some(b), false) => {
            if b.len() == 1 {
                return Ok(Value::int(b[0] as i64));
            }
            b.len()
        }
        _ => match v.cast::<crate::types::bytearray::ByteArray>() {
            Some(_) => {
                let n = object::item::len(th, v)?;
                if n == 1 {
                    return object::item::get(th, v, Value::int(0));
                }
                n
            }
            None => {
                let got = object::class_name(v);
                return Err(th.type_error(format!("ord() expected string of length 1, but {got} found")));
            }
        },
    };
    Err(th.type_error(format!("ord() expected a character, but string of length {n} found")))
}
fn delattr(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    attr::delete(th, a.get(0), name)?;
    Ok(Value::NONE)
}
fn frame(th: &mut Thread) -> R<Frame> {
    match Frame::innermost(th) {
        Some(f) => Ok(f),
        None => Err(th.system_error("no Python frame is running")),
    }
}
fn dir(th: &mut Thread, a: Args) -> R<Value> {
    let names = match a.opt(0) {
        None => {
            let f = frame(th)?;
            let l = traceback::locals(th, f)?;
            th.call_method(l, "keys", &[])?
        }
        Some(v) => match object::dunder(v, D::dir) {
            Some(f) => {
                let r = object::call_special(th, f, v, &[])?;
                check_dir(th, r)?
            }
            None if crate::types::classic::is_instance(v) => match crate::types::classic::special(th, v, D::dir)? {
                Some(f) => {
                    let r = th.call(f, &[])?;
                    check_dir(th, r)?
                }
                None => dir27(th, v)?,
            },
            None => dir27(th, v)?,
        },
    };
    let l = iter::to_list(th, names)?;
    th.call_method(l.value(), "sort", &[])?;
    Ok(l.value())
}
fn check_dir(th: &mut Thread, r: Value) -> R<Value> {
    if th.py3() || r.is::<crate::types::list::List>() {
        return Ok(r);
    }
    let got = object::class_name(r);
    Err(th.type_error(format!("__dir__() must return a list, not {got}")))
}
/// 2.7's default dir().
fn dir27(th: &mut Thread, v: Value) -> R<Value> {
    let names = dict::new(th)?;
    if let Some(d) = attr::get_str_opt(th, v, "__dict__")? {
        if let Some(d) = d.cast::<Dict>() {
            dict::update(th, names, d)?;
        }
    }
    if let Some(t) = v.cast::<crate::types::type_::Type>() {
        crate::types::object::class_names(th, t, names)?;
    } else if crate::types::classic::is_instance(v) {
        crate::types::classic::add_names(th, crate::types::classic::class_of(v), names)?;
    } else if v.is::<crate::types::classic::Class>() {
        crate::types::classic::add_names(th, v, names)?;
    } else if !v.is::<crate::types::module::Module>() {
        crate::types::object::class_names(th, object::class_of(v), names)?;
    }
    crate::types::object::keys(th, names)
}
fn divmod(th: &mut Thread, a: Args) -> R<Value> { number::binary(th, Op::DivMod, a.get(0), a.get(1)) }
fn format_(th: &mut Thread, a: Args) -> R<Value> {
    let spec = match a.opt(1) {
        Some(s) => s,
        None => th.native_str("")?,
    };
    if !text::is_string(th, spec) {
        let got = object::class_name(spec);
        return Err(th.type_error(if th.py3() { format!("format() argument 2 must be str, not {got}") } else { format!("format expects arg 2 to be string or unicode, not {got}") }));
    }
    format::format_value(th, a.get(0), spec)
}
fn getattr(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    match a.opt(2) {
        None => attr::get(th, a.get(0), name),
        Some(d) => Ok(attr::get_opt(th, a.get(0), name)?.unwrap_or(d)),
    }
}
fn hasattr(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    let r = attr::get(th, a.get(0), name);
    if !th.py3() {
        // 2.7 takes any ordinary exception for a no.
        return match r {
            Ok(_) => Ok(Value::TRUE),
            Err(e) => if th.catch(&crate::exceptions::EXCEPTION).is_some() { Ok(Value::FALSE) } else { Err(e) },
        };
    }
    Ok(Value::from_bool(th.unless(r, &ATTRIBUTE_ERROR)?.is_some()))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let h = object::hash(th, a.get(0))?;
    int::from_i64(th, h)
}
fn id(th: &mut Thread, a: Args) -> R<Value> { int::from_i64(th, a.get(0).bits() as i64 & i64::MAX) }
fn pow(th: &mut Thread, a: Args) -> R<Value> {
    match a.some(2) {
        None => number::binary(th, Op::Pow, a.get(0), a.get(1)),
        Some(m) => {
            if let Some(f) = object::dunder(a.get(0), D::pow) {
                let r = object::call_special(th, f, a.get(0), &[a.get(1), m])?;
                if r != Value::NOT_IMPLEMENTED {
                    return Ok(r);
                }
            }
            // Of the others only floats have a say, and they refuse.
            if [a.get(1), m].iter().any(|v| crate::types::float::to_f64(*v).is_some()) {
                return Err(th.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
            }
            let (x, y, z) = (object::class_name(a.get(0)), object::class_name(a.get(1)), object::class_name(m));
            Err(th.type_error(format!("unsupported operand type(s) for ** or pow(): '{x}', '{y}', '{z}'")))
        }
    }
}
fn repr(th: &mut Thread, a: Args) -> R<Value> { object::repr(th, a.get(0)) }
fn round(th: &mut Thread, a: Args) -> R<Value> {
    let v = a.get(0);
    if !th.py3() {
        // 2.7 rounds as a float, halves away from zero.
        let f = crate::types::float::as_f64(th, v)?;
        let digits = match a.opt(1) {
            Some(d) => {
                let d = int::index(th, d)?;
                int::to_i64(d).unwrap_or(if int::is_negative(d) { i64::MIN } else { i64::MAX })
            }
            None => 0,
        };
        return crate::types::float_methods::rounded(th, f, digits, true);
    }
    let Some(f) = object::dunder(v, D::round) else {
        let name = object::class_name(v);
        return Err(th.type_error(format!("type {name} doesn't define __round__ method")));
    };
    match a.some(1) {
        Some(n) => object::call_special(th, f, v, &[n]),
        None => object::call_special(th, f, v, &[]),
    }
}
fn setattr(th: &mut Thread, a: Args) -> R<Value> {
    let name = attr_name(th, a.get(1))?;
    attr::set(th, a.get(0), name, a.get(2))?;
    Ok(Value::NONE)
}
fn vars(th: &mut Thread, a: Args) -> R<Value> {
    match a.opt(0) {
        None => locals(th, a),
        Some(v) => match attr::get_str_opt(th, v, "__dict__")? {
            Some(d) => Ok(d),
            None => Err(th.type_error("vars() argument must have __dict__ attribute")),
        },
    }
}
fn globals(th: &mut Thread, _: Args) -> R<Value> { Ok(frame(th)?.function().frozen().globals.value()) }
fn locals(th: &mut Thread, _: Args) -> R<Value> {
    let f = frame(th)?;
    traceback::locals(th, f)
}
fn aiter(th: &mut Thread, a: Args) -> R<Value> { crate::types::generator::aiter(th, a.get(0)) }
fn anext(th: &mut Thread, a: Args) -> R<Value> {
    match object::call_dunder(th, a.get(0), D::anext, &[])? {
        Some(awaitable) => match a.opt(1) {
            Some(default) => {
                let m = crate::import::import_name(th, "_anext")?;
                let f = object::attr::get_str(th, m, "or_default")?;
                th.call(f, &[awaitable, default])
            }
            None => Ok(awaitable),
        },
        None => {
            let name = object::class_name(a.get(0));
            Err(th.type_error(format!("'{name}' object is not an async iterator")))
        }
    }
}
fn cmp(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(crate::types::order27::cmp(th, a.get(0), a.get(1))? as i64)) }
fn intern(th: &mut Thread, a: Args) -> R<Value> {
    if !th.is_native_str_exact(a.get(0)) {
        let got = object::class_name(a.get(0));
        return Err(th.type_error(format!("intern() argument 1 must be string, not {got}")));
    }
    Ok(th.intern_value(a.get(0)))
}
/// 2.7's coercion: the first operand's `__coerce__`, then the second's.
fn coerce(th: &mut Thread, a: Args) -> R<Value> {
    let (x, y) = (a.get(0), a.get(1));
    for (v, w, swapped) in [(x, y, false), (y, x, true)] {
        let Some(f) = object::dunder(v, D::coerce) else { continue };
        let r = object::call_special(th, f, v, &[w])?;
        if r == Value::NOT_IMPLEMENTED || r.is_none() {
            continue;
        }
        let Some([p, q]) = tuple::items(r) else { return Err(th.type_error("coercion should return None or 2-tuple")) };
        return if swapped { th.new_tuple(&[*q, *p]) } else { Ok(r) };
    }
    if object::class_of(x) == object::class_of(y) && object::dunder(x, D::coerce).is_none() {
        return th.new_tuple(&[x, y]);
    }
    Err(th.type_error("number coercion failed"))
}
fn apply(th: &mut Thread, a: Args) -> R<Value> {
    let args = match a.opt(1) {
        Some(t) if object::dunder(t, D::getitem).is_none() => {
            let got = object::class_name(t);
            return Err(th.type_error(format!("apply() arg 2 expected sequence, found {got}")));
        }
        Some(t) => iter::to_tuple(th, t)?,
        None => tuple::new(th, &[])?,
    };
    if let Some(k) = a.opt(2).filter(|k| !k.is::<dict::Dict>()) {
        let got = object::class_name(k);
        return Err(th.type_error(format!("apply() arg 3 expected dictionary, found {got}")));
    }
    object::call::call_ex(th, a.get(0), args, a.get(2))
}
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let it = iter::iter(th, a.get(1))?;
    let mut acc = match a.opt(2) {
        Some(v) => v,
        None => match iter::next(th, it)? {
            Some(v) => v,
            None => return Err(th.type_error("reduce() of empty sequence with no initial value")),
        },
    };
    while let Some(v) = iter::next(th, it)? {
        acc = th.call(a.get(0), &[acc, v])?;
    }
    Ok(acc)
}
