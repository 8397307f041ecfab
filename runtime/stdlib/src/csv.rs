//! `_csv`: dialects, the reader's state machine, the writer.

use crate::api::*;
use crate::kinds;
use crate::support::Root;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use txpy_heap::Object;

crate::exception! { ERROR, "_csv" "Error", &txpy_vm::exceptions::EXCEPTION, "What csv reports." }

object! {
    pub struct Dialect = kinds::CSV_DIALECT, frozen {
        delimiter: u32,
        /// No character: `NONE`.
        quote: u32,
        escape: u32,
        quoting: u8,
        double: bool,
        skip_space: bool,
        strict: bool,
        terminator: Value,
    }
}
object! { pub struct Reader = kinds::CSV_READER { input: Value, dialect: Gc<Dialect>, line: i64 } }
object! { pub struct Writer = kinds::CSV_WRITER { write: Value, dialect: Gc<Dialect> } }

const NONE: u32 = u32::MAX;
const MINIMAL: u8 = 0;
const ALL: u8 = 1;
const NONNUMERIC: u8 = 2;
const QUOTE_NONE: u8 = 3;
const STRINGS: u8 = 4;
const NOTNULL: u8 = 5;

static DIALECTS: Root = Root::new();
/// Longest field that a reader accepts.
static LIMIT: AtomicI64 = AtomicI64::new(128 << 10);

pub static DIALECT: TypeDef = TypeDef {
    name: "Dialect", module: "_csv", kind: kinds::CSV_DIALECT, size: size_of::<Dialect>() as u16, flags: type_flag::BASE, methods: &[DIALECT_METHODS], getset: getset! {
        "delimiter" = |th, v| one_char(th, this::<Dialect>(v).frozen().delimiter), "";
        "quotechar" = |th, v| one_char(th, this::<Dialect>(v).frozen().quote), "";
        "escapechar" = |th, v| one_char(th, this::<Dialect>(v).frozen().escape), "";
        "quoting" = |_, v| Ok(Value::int(this::<Dialect>(v).frozen().quoting as i64)), "";
        "lineterminator" = |_, v| Ok(this::<Dialect>(v).frozen().terminator), "";
        "doublequote" = |th, v| flag(th, this::<Dialect>(v).frozen().double), "";
        "skipinitialspace" = |th, v| flag(th, this::<Dialect>(v).frozen().skip_space), "";
        "strict" = |th, v| flag(th, this::<Dialect>(v).frozen().strict), "";
    }, doc: "CSV dialect", ..TypeDef::DEFAULT
};
static DIALECT_METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = dialect_new, "Create and return a new object.";
    #[py3] "__reduce_ex__(self, protocol, /)" = |th, a| { let n = class_name(a.get(0)); Err(th.type_error(format!("cannot pickle '{n}' instances"))) }, "Dialects cannot be pickled.";
};
pub static READER: TypeDef = TypeDef {
    name: "reader", module: "_csv", kind: kinds::CSV_READER, size: size_of::<Reader>() as u16, flags: type_flag::NO_NEW, methods: &[next_methods!(step)], getset: getset! {
        "dialect" = |th, v| Ok(this::<Reader>(v).read(th)?.dialect.value()), "";
        "line_num" = |th, v| { let n = this::<Reader>(v).read(th)?.line; int::make(th, n as i128, !th.py3()) }, "";
    }, doc: "Iterates over the rows of a CSV file.", ..TypeDef::DEFAULT
};
pub static WRITER: TypeDef = TypeDef {
    name: "writer", module: "_csv", kind: kinds::CSV_WRITER, size: size_of::<Writer>() as u16, flags: type_flag::NO_NEW, methods: &[WRITER_METHODS], getset: getset! {
        "dialect" = |th, v| Ok(this::<Writer>(v).read(th)?.dialect.value()), "";
    }, doc: "Writes rows to a CSV file.", ..TypeDef::DEFAULT
};
static WRITER_METHODS: &[NativeDef] = natives! {
    "writerow(self, row, /)" = |th, a| writerow(th, this(a.get(0)), a.get(1)), "Construct and write a CSV record from an iterable of fields.";
    "writerows(self, rows, /)" = writerows, "Construct and write a series of sequences to a csv file.";
};
pub static MODULE: ModuleDef = ModuleDef { name: "_csv", doc: "CSV parsing and writing.", functions: FUNCTIONS, types: &[&DIALECT], init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "reader(*args, **kwargs)" = reader, "csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])";
    "writer(*args, **kwargs)" = writer, "csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])";
    "list_dialects()" = |th, _| { let d = dialects(th)?; let l = iter::to_list(th, d.value())?; Ok(l.value()) }, "Return a list of all known dialect names.";
    "register_dialect(*args, **kwargs)" = register_dialect, "Create a mapping from a string name to a dialect class.";
    "unregister_dialect(name)" = unregister_dialect, "Delete the name/dialect mapping associated with a string name.";
    "get_dialect(name)" = |th, a| find_dialect(th, a.get(0)), "Return the dialect instance associated with name.";
    #[io] "field_size_limit(new_limit=None)" = field_size_limit, "Sets an upper limit on parsed fields.";
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[Dialect::INFO, Reader::INFO, Writer::INFO]);
    iter::register_step(kinds::CSV_READER, step);
    let r = type_::make_native(th, &READER)?;
    let w = type_::make_native(th, &WRITER)?;
    let e = type_::make_native(th, &ERROR)?;
    module::set(th, m, "Error", e.value())?;
    crate::support::constants(th, m, &[("QUOTE_MINIMAL", 0), ("QUOTE_ALL", 1), ("QUOTE_NONNUMERIC", 2), ("QUOTE_NONE", 3)])?;
    let version = th.native_str("1.0")?;
    module::set(th, m, "__version__", version)?;
    if th.py3() {
        crate::support::constants(th, m, &[("QUOTE_STRINGS", 4), ("QUOTE_NOTNULL", 5)])?;
        module::set(th, m, "Reader", r.value())?;
        module::set(th, m, "Writer", w.value())?;
    }
    let d = dialects(th)?;
    module::set(th, m, "_dialects", d.value())
}
fn dialects(th: &mut Thread) -> R<Gc<Dict>> { Ok(DIALECTS.get_or(th, |th| Ok(dict::new(th)?.value()))?.cast().expect("a dict")) }
fn error(th: &mut Thread, msg: impl AsRef<str>) -> Unwind { th.raise(&ERROR, msg) }
fn flag(th: &mut Thread, b: bool) -> R<Value> { Ok(if th.py3() { Value::from_bool(b) } else { Value::int(b as i64) }) }
fn one_char(th: &mut Thread, c: u32) -> R<Value> {
    if c == NONE {
        Ok(Value::NONE)
    } else if th.py3() {
        text::char_str(th, c)
    } else {
        text::byte_str(th, c as u8)
    }
}
/// A character is a code point in 3, a byte in 2.7.
fn chars<'a>(th: &Thread, v: Value) -> Chars<'a> { Chars { b: text::bytes_of(v).unwrap_or(&[]), at: 0, wide: th.py3() } }
struct Chars<'a> {
    b: &'a [u8],
    at: usize,
    wide: bool,
}
impl Iterator for Chars<'_> {
    type Item = u32;
    fn next(&mut self) -> Option<u32> {
        let c = *self.b.get(self.at)?;
        if c < 128 || !self.wide {
            self.at += 1;
            return Some(c as u32);
        }
        let (c, n) = text::decode_at(self.b, self.at);
        self.at += n;
        Some(c)
    }
}
fn push(out: &mut Vec<u8>, c: u32, wide: bool) { if c < 128 || !wide { out.push(c as u8) } else { text::push_code_point(out, c) } }

// ---- dialects

const NAMES: [&str; 8] = ["delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict"];

fn find_dialect(th: &mut Thread, name: Value) -> R<Value> {
    let d = dialects(th)?;
    match dict::get(th, d, name)? {
        Some(v) => Ok(v),
        None => Err(error(th, "unknown dialect")),
    }
}
fn register_dialect(th: &mut Thread, a: Args) -> R<Value> {
    arity(th, "", a.positional(), 1, 2)?;
    let ok = if th.py3() { text::is_text(a.get(0)) } else { text::is_string(th, a.get(0)) };
    if !ok {
        return Err(th.type_error(if th.py3() { "dialect name must be a string" } else { "dialect name must be a string or unicode" }));
    }
    let made = make_dialect(th, a, 1)?;
    let d = dialects(th)?;
    dict::set(th, d, a.get(0), made.value())?;
    Ok(Value::NONE)
}
fn unregister_dialect(th: &mut Thread, a: Args) -> R<Value> {
    let d = dialects(th)?;
    match dict::remove(th, d, a.get(0))? {
        Some(_) => Ok(Value::NONE),
        None => Err(error(th, "unknown dialect")),
    }
}
fn field_size_limit(th: &mut Thread, a: Args) -> R<Value> {
    let old = LIMIT.load(Relaxed);
    if let Some(v) = a.opt(0) {
        if !int::is_int_like(v) {
            return Err(th.type_error("limit must be an integer"));
        }
        let n = int::arg_i64(th, v)?;
        LIMIT.store(n, Relaxed);
    }
    int::from_i64(th, old)
}
fn dialect_new(th: &mut Thread, a: Args) -> R<Value> {
    txpy_vm::types::int_args::new_class(th, &DIALECT, a.get(0))?;
    Ok(make_dialect(th, a, 1)?.value())
}
/// A dialect from the positional argument at `skip` and the keywords of `a`. A Dialect without keywords is itself.
fn make_dialect(th: &mut Thread, a: Args, skip: usize) -> R<Gc<Dialect>> {
    if a.positional() > skip + 1 {
        let n = a.positional() - skip;
        return Err(th.type_error(if th.py3() { format!("Dialect() takes at most 9 arguments ({n} given)") } else { format!("function takes at most 9 arguments ({n} given)") }));
    }
    let mut base = a.or(skip, Value::NONE);
    if a.positional() <= skip {
        base = Value::NONE;
    }
    let mut given = [Value::UNSET; 8];
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        let k = text::lossy(k);
        match NAMES.iter().position(|n| *n == k) {
            Some(i) => given[i] = v,
            None if k == "dialect" && base.is_none() => base = v,
            None => return Err(th.type_error(if th.py3() { format!("this function got an unexpected keyword argument '{k}'") } else { format!("'{k}' is an invalid keyword argument for this function") })),
        }
    }
    if !base.is_none() {
        if text::is_string(th, base) {
            base = find_dialect(th, base)?;
        }
        if let Some(d) = base.cast::<Dialect>().filter(|_| given.iter().all(|v| v.is_unset())) {
            return Ok(d);
        }
        for (i, name) in NAMES.iter().enumerate() {
            if given[i].is_unset() {
                if let Some(v) = attr::get_str_opt(th, base, name)? {
                    given[i] = v;
                }
            }
        }
    }
    let delimiter = char_arg(th, NAMES[0], given[0], b','.into(), false)?;
    let double = bool_arg(th, given[1], true)?;
    let escape = char_arg(th, NAMES[2], given[2], NONE, true)?;
    let terminator = match given[3].get() {
        None => th.native_str("\r\n")?,
        Some(v) if v.is_none() => Value::NONE,
        Some(v) if text::is_string(th, v) && (th.py3() || text::is_bytes(v)) => v,
        Some(_) => return Err(th.type_error("\"lineterminator\" must be a string")),
    };
    let quote = char_arg(th, NAMES[4], given[4], b'"'.into(), true)?;
    let quoting = match given[5].get() {
        None => 0,
        Some(v) if int::is_int_like(v) && v != Value::TRUE && v != Value::FALSE => int::arg_i64(th, v)?,
        Some(_) => return Err(th.type_error("\"quoting\" must be an integer")),
    };
    let skip_space = bool_arg(th, given[6], false)?;
    let strict = bool_arg(th, given[7], false)?;
    let top = if th.py3() { NOTNULL } else { QUOTE_NONE };
    if quoting < 0 || quoting > top as i64 {
        return Err(th.type_error("bad \"quoting\" value"));
    }
    let mut quoting = quoting as u8;
    if delimiter == NONE {
        return Err(th.type_error(if th.py3() { "\"delimiter\" must be a 1-character string" } else { "\"delimiter\" must be an 1-character string" }));
    }
    if given[4].is_none() && given[5].is_unset() {
        quoting = QUOTE_NONE;
    }
    if quoting != QUOTE_NONE && quote == NONE {
        return Err(th.type_error("quotechar must be set if quoting enabled"));
    }
    if terminator.is_none() {
        return Err(th.type_error("lineterminator must be set"));
    }
    if th.py3() {
        let ends: Vec<u32> = chars(th, terminator).collect();
        for (name, c, space) in [("delimiter", delimiter, true), ("escapechar", escape, !skip_space), ("quotechar", quote, !skip_space)] {
            if c == 10 || c == 13 || c == 32 && !space {
                return Err(th.value_error(format!("bad {name} value")));
            }
            if c != NONE && ends.contains(&c) {
                return Err(th.value_error(format!("bad {name} or lineterminator value")));
            }
        }
        for (n1, c1, n2, c2) in [("delimiter", delimiter, "escapechar", escape), ("delimiter", delimiter, "quotechar", quote), ("escapechar", escape, "quotechar", quote)] {
            if c1 == c2 && c1 != NONE {
                return Err(th.value_error(format!("bad {n1} or {n2} value")));
            }
        }
    }
    th.alloc(DIALECT.shape(), Dialect { header: Header::NEW, delimiter, quote, escape, quoting, double, skip_space, strict, terminator })
}
fn bool_arg(th: &mut Thread, v: Value, default: bool) -> R<bool> { if v.is_unset() { Ok(default) } else { is_true(th, v) } }
fn char_arg(th: &mut Thread, name: &str, v: Value, default: u32, optional: bool) -> R<u32> {
    if v.is_unset() {
        return Ok(default);
    }
    let py3 = th.py3();
    if v.is_none() && (optional || !py3) {
        return Ok(NONE);
    }
    let ok = if py3 { text::is_text(v) } else { text::is_bytes(v) };
    if !ok {
        let got = class_name(v);
        return Err(th.type_error(if py3 && optional { format!("\"{name}\" must be string or None, not {got}") } else { format!("\"{name}\" must be string, not {got}") }));
    }
    let mut it = chars(th, v);
    match (it.next(), it.next()) {
        (Some(c), None) => Ok(c),
        (None, _) if !py3 => Ok(NONE),
        _ => Err(th.type_error(if py3 { format!("\"{name}\" must be a 1-character string") } else { format!("\"{name}\" must be an 1-character string") })),
    }
}

/// `iter(v)`; None if it has none.
fn iterator(th: &mut Thread, v: Value) -> R<Option<Value>> {
    let r = iter::iter(th, v);
    th.unless(r, &TYPE_ERROR)
}

// ---- reader

fn reader(th: &mut Thread, a: Args) -> R<Value> {
    arity(th, "", a.positional(), 1, usize::MAX)?;
    let input = if th.py3() { Some(iter::iter(th, a.get(0))?) } else { iterator(th, a.get(0))? };
    let Some(input) = input else { return Err(th.type_error("argument 1 must be an iterator")) };
    let dialect = make_dialect(th, a, 1)?;
    Ok(th.alloc(READER.shape(), Reader { header: Header::NEW, input, dialect, line: 0 })?.value())
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    StartRecord,
    StartField,
    Escaped,
    InField,
    InQuoted,
    EscapedInQuoted,
    QuoteInQuoted,
    EatNewline,
    AfterEscapedNewline,
}
/// One record being read.
struct Parse<'a> {
    d: &'a Dialect,
    state: State,
    field: Vec<u8>,
    /// The field was not quoted so far.
    plain: bool,
    chars: i64,
    limit: i64,
    wide: bool,
    /// The record: a list.
    out: Gc<List>,
}
impl Parse<'_> {
    fn add(&mut self, th: &mut Thread, c: u32) -> R<()> {
        if self.chars >= self.limit {
            let n = self.limit;
            return Err(error(th, format!("field larger than field limit ({n})")));
        }
        self.chars += 1;
        push(&mut self.field, c, self.wide);
        Ok(())
    }
    fn save(&mut self, th: &mut Thread) -> R<()> {
        let q = self.d.quoting;
        let v = if self.plain && self.field.is_empty() && self.wide && (q == NOTNULL || q == STRINGS) {
            Value::NONE
        } else {
            let s = th.native_str_bytes(&self.field)?;
            let number = self.plain && (q == NONNUMERIC && !self.field.is_empty() || q == STRINGS);
            if number { th.call(float::FLOAT.value(), &[s])? } else { s }
        };
        list::append(th, self.out, v)?;
        self.field.clear();
        self.chars = 0;
        Ok(())
    }
    /// The end of a line was met (None) or one of its characters.
    fn ended(&mut self, th: &mut Thread, c: Option<u32>) -> R<()> {
        self.save(th)?;
        self.state = if c.is_none() { State::StartRecord } else { State::EatNewline };
        Ok(())
    }
    /// One character, or None at the end of a line.
    fn feed(&mut self, th: &mut Thread, c: Option<u32>) -> R<()> {
        let newline = matches!(c, None | Some(10 | 13));
        let d = self.d;
        let is = |x: u32| x != NONE && c == Some(x);
        match self.state {
            State::StartRecord => match c {
                None => {}
                Some(10 | 13) => self.state = State::EatNewline,
                _ => {
                    self.state = State::StartField;
                    return self.feed(th, c);
                }
            },
            State::StartField => {
                self.plain = true;
                if newline {
                    return self.ended(th, c);
                }
                if is(d.quote) && d.quoting != QUOTE_NONE {
                    self.plain = false;
                    self.state = State::InQuoted;
                } else if is(d.escape) {
                    self.state = State::Escaped;
                } else if c == Some(32) && d.skip_space {
                } else if is(d.delimiter) {
                    self.save(th)?;
                } else {
                    self.state = State::InField;
                    return self.add(th, c.unwrap_or(0));
                }
            }
            State::Escaped => {
                self.add(th, c.unwrap_or(10))?;
                self.state = if self.wide && matches!(c, Some(10 | 13)) { State::AfterEscapedNewline } else { State::InField };
            }
            State::AfterEscapedNewline if c.is_none() => {}
            State::InField | State::AfterEscapedNewline => {
                if newline {
                    return self.ended(th, c);
                }
                if is(d.escape) {
                    self.state = State::Escaped;
                } else if is(d.delimiter) {
                    self.save(th)?;
                    self.state = State::StartField;
                } else {
                    self.state = State::InField;
                    return self.add(th, c.unwrap_or(0));
                }
            }
            State::InQuoted => match c {
                None => {}
                _ if is(d.escape) => self.state = State::EscapedInQuoted,
                _ if is(d.quote) && d.quoting != QUOTE_NONE => self.state = if d.double { State::QuoteInQuoted } else { State::InField },
                Some(c) => return self.add(th, c),
            },
            State::EscapedInQuoted => {
                self.state = State::InQuoted;
                return self.add(th, c.unwrap_or(10));
            }
            State::QuoteInQuoted => {
                if d.quoting != QUOTE_NONE && is(d.quote) {
                    self.state = State::InQuoted;
                    return self.add(th, d.quote);
                }
                if is(d.delimiter) {
                    self.save(th)?;
                    self.state = State::StartField;
                } else if newline {
                    return self.ended(th, c);
                } else if !d.strict {
                    self.state = State::InField;
                    return self.add(th, c.unwrap_or(0));
                } else {
                    let show = |c: u32| char::from_u32(c).unwrap_or('?');
                    return Err(error(th, format!("'{}' expected after '{}'", show(d.delimiter), show(d.quote))));
                }
            }
            State::EatNewline => match c {
                Some(10 | 13) => {}
                None => self.state = State::StartRecord,
                _ => {
                    let m = if self.wide { "new-line character seen in unquoted field - do you need to open the file with newline=''?" } else { "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?" };
                    return Err(error(th, m));
                }
            },
        }
        Ok(())
    }
}
fn step(th: &mut Thread, v: Value) -> R<Value> {
    let r: Gc<Reader> = this(v);
    let g = r.read(th)?;
    let (input, dialect) = (g.input, g.dialect);
    drop(g);
    let out = list::with_capacity(th, 8)?;
    let wide = th.py3();
    let mut p = Parse { d: dialect.frozen(), state: State::StartRecord, field: Vec::new(), plain: true, chars: 0, limit: LIMIT.load(Relaxed), wide, out };
    loop {
        let Some(line) = iter::next(th, input)? else {
            if p.chars != 0 || p.state == State::InQuoted {
                if p.d.strict {
                    return Err(error(th, "unexpected end of data"));
                }
                p.save(th)?;
                return Ok(out.value());
            }
            return Ok(Value::STOP);
        };
        let line = if wide {
            if !text::is_text(line) {
                let got = class_name(line);
                return Err(error(th, format!("iterator should return strings, not {got} (the file should be opened in text mode)")));
            }
            line
        } else if text::is_text(line) {
            txpy_vm::types::codec::encode(th, line, "ascii", "strict")?
        } else if text::is_bytes(line) {
            line
        } else {
            let got = class_name(line);
            return Err(th.type_error(format!("expected string or Unicode object, {got} found")));
        };
        r.write(th)?.line += 1;
        for (i, c) in chars(th, line).enumerate() {
            if c == 0 && !wide {
                return Err(error(th, "line contains NUL"));
            }
            p.feed(th, Some(c))?;
            if i % 4096 == 4095 {
                th.poll()?;
            }
        }
        p.feed(th, None)?;
        if p.state == State::StartRecord {
            return Ok(out.value());
        }
    }
}

// ---- writer

fn writer(th: &mut Thread, a: Args) -> R<Value> {
    arity(th, "", a.positional(), 1, usize::MAX)?;
    let dialect = make_dialect(th, a, 1)?;
    let write = match attr::get_str_opt(th, a.get(0), "write")? {
        Some(w) if dunder(w, D::call).is_some() => w,
        _ => return Err(th.type_error("argument 1 must have a \"write\" method")),
    };
    Ok(th.alloc(WRITER.shape(), Writer { header: Header::NEW, write, dialect })?.value())
}
fn is_number(v: Value) -> bool { v.is_int() || v.is_float() || int::is_int_like(v) || txpy_vm::types::complex::parts(v).is_none() && [D::float_, D::int_, D::index].iter().any(|d| dunder(v, *d).is_some()) }
/// Appends a field. Gives whether it must stand in quotes.
fn append(th: &mut Thread, d: &Dialect, rec: &mut Vec<u8>, field: Option<Value>, mut quoted: bool, ends: &[u32]) -> R<()> {
    let wide = th.py3();
    let at = rec.len();
    if let Some(f) = field {
        for (i, c) in chars(th, f).enumerate() {
            if i % 4096 == 4095 {
                th.poll()?;
            }
            if rec.try_reserve(12).is_err() {
                return Err(th.memory_error());
            }
            let special = c == d.delimiter || c == d.escape || c == d.quote || wide && (c == 10 || c == 13) || ends.contains(&c);
            if special {
                let mut escape = false;
                if d.quoting == QUOTE_NONE {
                    escape = true;
                } else if c == d.quote {
                    if d.double { push(rec, d.quote, wide) } else { escape = true }
                } else if c == d.escape && wide {
                    escape = true;
                }
                if escape {
                    if d.escape == NONE {
                        return Err(error(th, "need to escape, but no escapechar set"));
                    }
                    push(rec, d.escape, wide);
                } else {
                    quoted = true;
                }
            }
            push(rec, c, wide);
        }
    }
    if wide && rec.len() == at && d.delimiter == 32 && d.skip_space {
        if d.quoting == QUOTE_NONE || field.is_none() && (d.quoting == STRINGS || d.quoting == NOTNULL) {
            return Err(error(th, "empty field must be quoted if delimiter is a space and skipinitialspace is true"));
        }
        quoted = true;
    }
    if quoted {
        let mut q = Vec::new();
        push(&mut q, d.quote, wide);
        rec.splice(at..at, q.iter().copied());
        rec.extend_from_slice(&q);
    }
    Ok(())
}
fn writerow(th: &mut Thread, w: Gc<Writer>, row: Value) -> R<Value> {
    let g = w.read(th)?;
    let (write, dialect) = (g.write, g.dialect);
    drop(g);
    let d = dialect.frozen();
    let it = match iterator(th, row)? {
        Some(i) => i,
        None => {
            let got = class_name(row);
            return Err(error(th, if th.py3() { format!("iterable expected, not {got}") } else { "sequence expected".to_string() }));
        }
    };
    let ends: Vec<u32> = chars(th, d.terminator).collect();
    let wide = th.py3();
    let mut rec = Vec::new();
    let (mut n, mut null) = (0, false);
    while let Some(v) = iter::next(th, it)? {
        let is_str = if wide { text::is_text(v) } else { text::is_string(th, v) };
        let quoted = match d.quoting {
            ALL => true,
            NONNUMERIC => !is_number(v),
            STRINGS => is_str,
            NOTNULL => !v.is_none(),
            _ => d.quoting != MINIMAL && d.quoting != QUOTE_NONE,
        };
        null = v.is_none();
        if n > 0 {
            push(&mut rec, d.delimiter, wide);
        }
        let field = if v.is_none() {
            None
        } else if text::is_text(v) && !wide {
            Some(txpy_vm::types::codec::encode(th, v, "ascii", "strict")?)
        } else if is_str {
            Some(v)
        } else if !wide && float::exact(v).is_some() {
            Some(txpy_vm::object::repr::repr(th, v)?)
        } else {
            Some(txpy_vm::object::repr::str_(th, v)?)
        };
        append(th, d, &mut rec, field, quoted, &ends)?;
        n += 1;
    }
    if n > 0 && rec.is_empty() {
        if d.quoting == QUOTE_NONE || null && (d.quoting == STRINGS || d.quoting == NOTNULL) {
            return Err(error(th, "single empty field record must be quoted"));
        }
        append(th, d, &mut rec, None, true, &ends)?;
    }
    rec.extend_from_slice(text::bytes_of(d.terminator).unwrap_or(&[]));
    let s = th.native_str_bytes(&rec)?;
    th.call(write, &[s])
}
fn writerows(th: &mut Thread, a: Args) -> R<Value> {
    let it = if th.py3() { Some(iter::iter(th, a.get(1))?) } else { iterator(th, a.get(1))? };
    let Some(it) = it else { return Err(th.type_error("writerows() argument must be iterable")) };
    while let Some(row) = iter::next(th, it)? {
        writerow(th, this(a.get(0)), row)?;
    }
    Ok(Value::NONE)
}
