//! From objects to plain nodes: reads the fields that the table names, checks their types and copies what they hold, so that what
//! follows cannot be disturbed by scripts. Errors and their order are CPython's.

use super::classes::State;
use super::table::{self, Field as FieldInfo, K, Many, Type};
use crate::api::*;
use num_bigint::Sign;
use txpy_syntax::ast::{Constant, Span};
use txpy_syntax::Arena;
use txpy_vm::types::{complex, set};

#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub k: K,
    pub span: Span,
    pub fields: &'a [Field<'a>],
}

#[derive(Clone, Copy, Debug)]
pub enum Field<'a> {
    None,
    Node(&'a Node<'a>),
    List(&'a [Field<'a>]),
    Name(&'a str),
    Int(i64),
    Object(Literal<'a>),
}

/// A value that a constant node holds.
#[derive(Clone, Copy, Debug)]
pub enum Literal<'a> {
    Plain(Constant<'a>),
    /// An integer below zero: its absolute value.
    Negative(Constant<'a>),
    Complex(f64, f64),
    Tuple(&'a [Literal<'a>]),
    FrozenSet,
}

impl<'a> Node<'a> {
    fn named(&self, name: &str) -> Field<'a> {
        let i = self.k.class().fields.iter().position(|f| f.name == name).expect("a field of the class");
        self.fields[i]
    }
    pub fn opt(&self, name: &str) -> Option<&'a Node<'a>> {
        match self.named(name) {
            Field::Node(n) => Some(n),
            _ => None,
        }
    }
    /// A node that the class requires.
    pub fn node(&self, name: &str) -> &'a Node<'a> { self.opt(name).expect("checked when it was read") }
    pub fn list(&self, name: &str) -> &'a [Field<'a>] {
        match self.named(name) {
            Field::List(l) => l,
            _ => &[],
        }
    }
    pub fn opt_text(&self, name: &str) -> Option<&'a str> {
        match self.named(name) {
            Field::Name(n) => Some(n),
            _ => None,
        }
    }
    pub fn text(&self, name: &str) -> &'a str { self.opt_text(name).unwrap_or("") }
    pub fn int(&self, name: &str) -> i64 {
        match self.named(name) {
            Field::Int(i) => i,
            _ => 0,
        }
    }
    pub fn literal(&self, name: &str) -> Literal<'a> {
        match self.named(name) {
            Field::Object(l) => l,
            _ => Literal::Plain(Constant::None),
        }
    }
}

pub struct Extract<'a> {
    pub arena: &'a Arena,
    pub state: State,
    pub depth: u32,
}

/// Deeper trees than this do not fit what later passes recurse.
const MAX_DEPTH: u32 = 20_000;

impl<'a> Extract<'a> {
    /// A node that must be an instance of class `k`.
    pub fn node_of(&mut self, th: &mut Thread, v: Value, k: K) -> R<&'a Node<'a>> {
        let span = Span { line: 1, col: 0, end_line: 1, end_col: 0 };
        self.fields(th, v, k, span)
    }

    /// A node of a group, None for None.
    fn group(&mut self, th: &mut Thread, v: Value, group: &'static str) -> R<Option<&'a Node<'a>>> {
        if v.is_none() {
            return Ok(None);
        }
        th.check_stack()?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(th.too_deep());
        }
        let class: Gc<type_::Type> = self.state.group(group).cast().expect("a class");
        let own = K::by_name("AST", group);
        let exact = class_of(v).value();
        let span = self.span(th, v, group)?;
        let members = || table::all().filter(|k| k.class().exists && k.class().group == group);
        let found = match own {
            None if is_instance(v, class) => {
                members().find(|k| self.state.class(*k) == exact).or_else(|| members().find(|k| is_instance(v, self.state.class(*k).cast().expect("a class"))))
            }
            own => own,
        };
        let Some(k) = found else {
            let got = repr_text(th, v)?;
            return Err(th.type_error(format!("expected some sort of {group}, but got {got}")));
        };
        let n = self.fields(th, v, k, span)?;
        self.depth -= 1;
        Ok(Some(n))
    }

    /// Where a node stands; what is missing at the end is taken from the start.
    fn span(&mut self, th: &mut Thread, v: Value, group: &'static str) -> R<Span> {
        let names = table::attributes(group);
        let mut at = [1i64, 0, -1, -1];
        for (i, name) in names.iter().enumerate() {
            let found = read(th, v, self.state.places()[i])?;
            match found {
                Some(x) if !(x.is_none() && i >= 2) => at[i] = self.int(th, x)?,
                None if i < 2 => return Err(th.type_error(format!("required field \"{name}\" missing from {group}"))),
                _ => {}
            }
        }
        if th.py3() && !names.is_empty() {
            let (end_line, end_col) = (if at[2] < 0 { at[0] } else { at[2] }, if at[3] < 0 { at[1] } else { at[3] });
            if at[0] > end_line {
                return Err(th.value_error(format!("AST node line range ({}, {end_line}) is not valid", at[0])));
            }
            if at[0] < 0 && end_line != at[0] || at[1] < 0 && at[1] != end_col {
                return Err(th.value_error(format!("AST node column range ({}, {end_col}) for line range ({}, {end_line}) is not valid", at[1], at[0])));
            }
            if at[0] == end_line && at[1] > end_col {
                return Err(th.value_error(format!("line {}, column {}-{end_col} is not a valid range", at[0], at[1])));
            }
        }
        let clamp = |i: i64| i.clamp(0, u32::MAX as i64 - 1) as u32;
        let (line, col) = (clamp(at[0]), clamp(at[1]));
        Ok(Span { line, col, end_line: if at[2] < 0 { line } else { clamp(at[2]) }, end_col: if at[3] < 0 { col } else { clamp(at[3]) } })
    }

    fn fields(&mut self, th: &mut Thread, v: Value, k: K, span: Span) -> R<&'a Node<'a>> {
        let infos = &k.class().fields;
        let mut out = Vec::with_capacity(infos.len());
        for (i, f) in infos.iter().enumerate() {
            let found = read(th, v, self.state.names(k)[i])?;
            out.push(self.field(th, found, k, f)?);
        }
        Ok(self.arena.alloc(Node { k, span, fields: self.arena.alloc_slice_copy(&out) }))
    }

    fn field(&mut self, th: &mut Thread, found: Option<Value>, k: K, f: &FieldInfo) -> R<Field<'a>> {
        let name = k.name();
        match (f.many, found) {
            (Many::Optional, None) => Ok(Field::None),
            (Many::Optional, Some(v)) if v.is_none() => Ok(Field::None),
            (Many::List, None) if th.py3() => Ok(Field::List(&[])),
            (_, None) => Err(th.type_error(format!("required field \"{}\" missing from {name}", f.name))),
            (Many::List, Some(v)) => {
                let Some(l) = v.cast::<List>() else {
                    let got = class_name(v);
                    return Err(th.type_error(format!("{name} field \"{}\" must be a list, not a {got}", f.name)));
                };
                let n = list::len(th, l)?;
                let mut out = Vec::with_capacity(n.min(1 << 16));
                for i in 0..n {
                    let x = list::get(th, l, i)?;
                    let Some(x) = x else { return Err(self.resized(th, k, f)) };
                    out.push(self.one(th, x, f)?);
                }
                if list::len(th, l)? != n {
                    return Err(self.resized(th, k, f));
                }
                Ok(Field::List(self.arena.alloc_slice_copy(&out)))
            }
            (_, Some(v)) => match self.one(th, v, f)? {
                Field::None if f.many == Many::One => {
                    let what = if th.py3() { format!("field '{}'", f.name) } else { format!("field {}", f.name) };
                    Err(th.value_error(format!("{what} is required for {name}")))
                }
                x => Ok(x),
            },
        }
    }
    fn resized(&self, th: &mut Thread, k: K, f: &FieldInfo) -> Unwind {
        th.runtime_error(format!("{} field \"{}\" changed size during iteration", k.name(), f.name))
    }

    fn one(&mut self, th: &mut Thread, v: Value, f: &FieldInfo) -> R<Field<'a>> {
        Ok(match f.typ {
            Type::Node(group) => self.group(th, v, group)?.map_or(Field::None, Field::Node),
            Type::Int => Field::Int(self.int(th, v)?),
            Type::Bool if v == Value::TRUE || v == Value::FALSE => Field::Int((v == Value::TRUE) as i64),
            Type::Bool => {
                let got = repr_text(th, v)?;
                return Err(th.value_error(format!("invalid boolean value: {got}")));
            }
            Type::Identifier | Type::String if v.is_none() => Field::None,
            Type::Identifier => {
                if !th.is_native_str_exact(v) {
                    return Err(th.type_error("AST identifier must be of type str"));
                }
                let s = text::lossy(v);
                Field::Name(self.arena.alloc_str(&s))
            }
            Type::String if th.py3() => {
                if !text::STR.is_exact(v) && !text::is_bytes(v) {
                    return Err(th.type_error("AST string must be of type str"));
                }
                let s = text::lossy(v);
                Field::Name(self.arena.alloc_str(&s))
            }
            Type::String => {
                if !text::is_string(th, v) {
                    return Err(th.type_error("AST string must be of type str or unicode"));
                }
                Field::Object(self.literal(th, v)?)
            }
            Type::Object => Field::Object(self.literal(th, v)?),
        })
    }

    fn int(&self, th: &mut Thread, v: Value) -> R<i64> {
        if !int::is_int_like(v) {
            let got = repr_text(th, v)?;
            return Err(th.value_error(format!("invalid integer value: {got}")));
        }
        match int::to_i64(v).filter(|i| i32::try_from(*i).is_ok()) {
            Some(i) => Ok(i),
            None => Err(th.overflow_error(if th.py3() { "Python int too large to convert to C int" } else { "signed integer is greater than maximum" })),
        }
    }

    fn literal(&mut self, th: &mut Thread, v: Value) -> R<Literal<'a>> {
        th.check_stack()?;
        let plain = |c| Ok(Literal::Plain(c));
        match v {
            Value::NONE => return plain(Constant::None),
            Value::TRUE => return plain(Constant::True),
            Value::FALSE => return plain(Constant::False),
            Value::ELLIPSIS => return plain(Constant::Ellipsis),
            _ => {}
        }
        if int::exact(v).is_some() {
            let long = int::is_long(v);
            let (sign, digits) = int::to_bigint(v).expect("an integer").into_parts();
            let c = match i64::try_from(&digits) {
                Ok(value) => Constant::Int { value, long },
                Err(_) => Constant::BigInt { digits: self.arena.alloc_str(&digits.to_str_radix(16)), radix: 16, long },
            };
            return Ok(if sign == Sign::Minus { Literal::Negative(c) } else { Literal::Plain(c) });
        }
        if let Some(f) = float::exact(v) {
            return plain(Constant::Float(f));
        }
        if let Some((re, im)) = complex::parts(v).filter(|_| complex::COMPLEX.is_exact(v)) {
            return Ok(if re.to_bits() == 0 { Literal::Plain(Constant::Imag(im)) } else { Literal::Complex(re, im) });
        }
        if let Some(b) = text::bytes_of(v).filter(|_| text::STR.is_exact(v) || text::BYTES.is_exact(v)) {
            let b = self.arena.alloc_slice_copy(b);
            return plain(if text::is_text(v) { Constant::Str(b) } else { Constant::Bytes(b) });
        }
        if th.py3() {
            if tuple::TUPLE.is_exact(v) {
                return self.literals(th, tuple::items(v).unwrap_or(&[])).map(Literal::Tuple);
            }
            if set::FROZENSET.is_exact(v) {
                return Ok(Literal::FrozenSet);
            }
            let got = class_name(v);
            return Err(th.type_error(format!("got an invalid type in Constant: {got}")));
        }
        let got = class_name(v);
        Err(th.not_implemented(&format!("an object of class '{got}' as a constant of a syntax tree")))
    }
    fn literals(&mut self, th: &mut Thread, items: &[Value]) -> R<&'a [Literal<'a>]> {
        let mut out = Vec::with_capacity(items.len());
        for x in items {
            out.push(self.literal(th, *x)?);
        }
        Ok(self.arena.alloc_slice_copy(&out))
    }
}

/// An attribute; in 2.7 one that cannot be read is missing.
fn read(th: &mut Thread, v: Value, name: Value) -> R<Option<Value>> {
    match attr::get_opt(th, v, name) {
        Err(_) if !th.py3() && th.catch_any().is_some() => Ok(None),
        r => r,
    }
}
