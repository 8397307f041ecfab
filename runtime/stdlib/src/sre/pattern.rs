//! `re.Pattern`.

use super::compile27;
use super::matches::{Match, expand_into, new_match};
use super::run::{Finder, Mode, Subject};
use super::validate;
use crate::api::*;
use crate::kinds;
use txpy_vm::types::text::Bytes;

object! {
    pub struct Pattern = kinds::PATTERN, frozen {
        pub pattern: Value,
        pub flags: u32,
        pub code: Gc<Bytes>,
        pub groups: usize,
        /// Dict: number of a name.
        pub groupindex: Value,
        /// Tuple: name of a number, or None.
        pub indexgroup: Value,
    }
}
object! { pub struct Scanner = kinds::SCANNER { pub pattern: Gc<Pattern>, pub string: Value, pub at: usize, pub end: usize, pub must_advance: bool, pub iterates: bool } }

pub static PATTERN: TypeDef = TypeDef {
    name: "Pattern", module: "re", kind: kinds::PATTERN, size: size_of::<Pattern>() as u16, flags: type_flag::NO_NEW | type_flag::WEAK, methods: &[METHODS],
    getset: getset! {
        "pattern" = |_, v| Ok(this::<Pattern>(v).frozen().pattern), "The pattern string from which the RE object was compiled.";
        "flags" = |_, v| Ok(Value::int(this::<Pattern>(v).frozen().flags as i64)), "The regex matching flags.";
        "groups" = |_, v| Ok(Value::int(this::<Pattern>(v).frozen().groups as i64)), "The number of capturing groups in the pattern.";
        #[py2] "groupindex" = |_, v| Ok(this::<Pattern>(v).frozen().groupindex), "A dictionary mapping group names to group numbers.";
        #[py3] "groupindex" = |th, v| { let p = this::<Pattern>(v).frozen().groupindex; let types = txpy_vm::import::import_name(th, "types")?; let f = attr::get_str(th, types, "MappingProxyType")?; th.call(f, &[p]) }, "A dictionary mapping group names to group numbers.";
    },
    doc: "Compiled regular expression object.", ..TypeDef::DEFAULT
};
/// The same in 2.7.
pub static PATTERN2: TypeDef = TypeDef {
    name: "SRE_Pattern", module: "_sre", kind: kinds::PATTERN, size: size_of::<Pattern>() as u16, flags: type_flag::NO_NEW | type_flag::WEAK, methods: &[METHODS],
    getset: PATTERN.getset, doc: "Compiled regular expression objects", ..TypeDef::DEFAULT
};
pub static SCANNER: TypeDef = TypeDef {
    name: "SRE_Scanner", module: "_sre", kind: kinds::SCANNER, size: size_of::<Scanner>() as u16, flags: type_flag::NO_NEW, methods: &[SCANNER_METHODS, next_methods!(scan_step)],
    getset: getset! { "pattern" = |th, v| Ok(this::<Scanner>(v).read(th)?.pattern.value()), "The pattern."; }, doc: "Goes from match to match.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "match(self, string, pos=0, endpos=None)" = |th, a| once(th, a, Mode::Match), "Matches zero or more characters at the beginning of the string.";
    #[py3] "fullmatch(self, string, pos=0, endpos=None)" = |th, a| once(th, a, Mode::Full), "Matches against all of the string.";
    "search(self, string, pos=0, endpos=None)" = |th, a| once(th, a, Mode::Search), "Scan through string looking for a match, and return a corresponding match object instance.";
    "findall(self, string, pos=0, endpos=None)" = findall, "Return a list of all non-overlapping matches of pattern in string.";
    "finditer(self, string, pos=0, endpos=None)" = |th, a| scanner(th, a, true), "Return an iterator over all non-overlapping matches for the RE pattern in string.";
    "scanner(self, string, pos=0, endpos=None)" = |th, a| scanner(th, a, false), "Return an object that goes from match to match.";
    "split(self, string, maxsplit=0)" = split, "Split string by the occurrences of pattern.";
    "sub(self, repl, string, count=0)" = |th, a| Ok(sub(th, a)?.0), "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.";
    "subn(self, repl, string, count=0)" = |th, a| { let (s, n) = sub(th, a)?; th.new_tuple(&[s, Value::int(n as i64)]) }, "Return the tuple (new_string, number_of_subs_made).";
    #[py3] "__repr__(self, /)" = repr, "Return repr(self).";
    #[py3] "__eq__(self, value, /)" = eq, "Return self==value.";
    #[py3] "__hash__(self, /)" = hash, "Return hash(self).";
    #[py3] "__copy__(self, /)" = |_, a| Ok(a.get(0)), "Return self.";
    #[py3] "__deepcopy__(self, memo, /)" = |_, a| Ok(a.get(0)), "Return self.";
    #[py2] "__copy__(self, /)" = |th, _| Err(th.type_error("cannot copy this pattern object")), "Patterns are not copied.";
    #[py2] "__deepcopy__(self, memo, /)" = |th, _| Err(th.type_error("cannot deepcopy this pattern object")), "Patterns are not copied.";
    #[py3] "__reduce__(self, /)" = |th, a| { let p: Gc<Pattern> = this(a.get(0)); let re = txpy_vm::import::import_name(th, "re")?; let f = attr::get_str(th, re, "_compile")?; let args = th.new_tuple(&[p.frozen().pattern, Value::int(p.frozen().flags as i64)])?; th.new_tuple(&[f, args]) }, "Return state information for pickling.";
    #[py3, class] "__class_getitem__(cls, item, /)" = |th, a| crate::itertools::select::alias(th, a), "See PEP 585";
};
static SCANNER_METHODS: &[NativeDef] = natives! {
    "match(self, /)" = |th, a| { let m = scan(th, a.get(0), Mode::Match)?; Ok(if m == Value::STOP { Value::NONE } else { m }) }, "The match at the scanner's place.";
    "search(self, /)" = |th, a| { let m = scan(th, a.get(0), Mode::Search)?; Ok(if m == Value::STOP { Value::NONE } else { m }) }, "The next match.";
};
pub fn register(th: &mut Thread) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[Pattern::INFO, Scanner::INFO]);
    iter::register_step(kinds::SCANNER, scan_step);
    type_::make_native(th, if th.py3() { &PATTERN } else { &PATTERN2 })?;
    type_::make_native(th, &SCANNER)?;
    Ok(())
}
impl Pattern {
    pub fn code<'a>(&self) -> &'a [u32] {
        // SAFETY: a frozen byte string that lives as long as the pattern, which the caller holds; any bits are a u32.
        unsafe {
            let b = (&*self.code.as_ptr()).data();
            let (head, words, _) = (*(b as *const [u8])).align_to::<u32>();
            debug_assert!(head.is_empty());
            words
        }
    }
}
/// The pattern that the call checked; frozen, alive as long as the caller's arguments.
fn of<'a>(v: Value) -> &'a Pattern {
    let p: Gc<Pattern> = this(v);
    // SAFETY: frozen and never moved; the caller keeps `v`.
    unsafe { &*p.as_ptr() }
}

pub fn compile(th: &mut Thread, a: Args) -> R<Value> {
    let words = iter::to_vec(th, a.get(2))?;
    let n = words.len(th)?;
    let mut code = Vec::new();
    if code.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    for i in 0..n {
        let w = words.get(th, i)?;
        let w = int::to_u64(w).and_then(|w| u32::try_from(w).ok());
        let Some(w) = w else { return Err(th.overflow_error("regular expression code size limit exceeded")) };
        code.push(w);
    }
    let groups = int::arg_usize(th, a.get(3))?;
    let flags = int::arg_u32(th, a.get(1))?;
    let mut indexgroup = a.get(5);
    if !th.py3() {
        if compile27::translate(&mut code, flags).is_none() {
            return Err(th.raise(&RUNTIME_ERROR, "invalid SRE code"));
        }
        indexgroup = iter::to_tuple(th, indexgroup)?;
    }
    validate::check(th, &code, groups)?;
    new_pattern(th, a.get(0), flags, &code, groups, a.get(4), indexgroup)
}
/// A pattern object of the matcher's code.
pub fn new_pattern(th: &mut Thread, pattern: Value, flags: u32, words: &[u32], groups: usize, groupindex: Value, indexgroup: Value) -> R<Value> {
    let code = text::alloc_bytes(th, words.len() * 4)?;
    // SAFETY: not yet known to anybody else.
    let bytes = unsafe { code.frozen().tail_mut() };
    for (b, w) in bytes.chunks_exact_mut(4).zip(words) {
        b.copy_from_slice(&w.to_ne_bytes());
    }
    let shape = if th.py3() { PATTERN.shape() } else { PATTERN2.shape() };
    Ok(th.alloc(shape, Pattern { header: Header::NEW, pattern, flags, code, groups, groupindex, indexgroup })?.value())
}

/// `pos` and `endpos`, limited to the subject.
fn bounds(th: &mut Thread, a: Args, s: &Subject) -> R<(usize, usize)> {
    let clip = |th: &mut Thread, v: Option<Value>, default: usize| match v {
        Some(v) => Ok(txpy_vm::types::sequence::clamped(th, v)?.clamp(0, s.len as i64) as usize),
        None => Ok(default),
    };
    Ok((clip(th, a.opt(2), 0)?, clip(th, a.opt(3), s.len)?))
}
fn string_argument(th: &mut Thread, a: Args) -> R<Value> {
    match a.opt(1) {
        Some(v) => Ok(v),
        None => Err(th.type_error("missing required argument 'string' (pos 1)")),
    }
}
fn once(th: &mut Thread, a: Args, mode: Mode) -> R<Value> {
    let p = of(a.get(0));
    let v = string_argument(th, a)?;
    let s = Subject::new(th, p, v)?;
    let (from, to) = bounds(th, a, &s)?;
    if from > to {
        return Ok(Value::NONE);
    }
    let mut f = Finder::new(th, p, &s, from, to)?;
    match f.next(th, mode)? {
        Some(span) => new_match(th, this(a.get(0)), &s, &f, span, from, to),
        None => Ok(Value::NONE),
    }
}
fn findall(th: &mut Thread, a: Args) -> R<Value> {
    let p = of(a.get(0));
    let s = Subject::new(th, p, a.get(1))?;
    let (from, to) = bounds(th, a, &s)?;
    let out = list::with_capacity(th, 0)?;
    if from > to {
        return Ok(out.value());
    }
    let mut f = Finder::new(th, p, &s, from, to)?;
    while let Some((b, e)) = f.next(th, Mode::Search)? {
        let group = |th: &mut Thread, f: &Finder, i: usize| {
            let (b, e) = f.group(i).unwrap_or((0, 0));
            s.cut(th, b, e)
        };
        let x = match p.groups {
            0 => s.cut(th, b, e)?,
            1 => group(th, &f, 1)?,
            n => {
                let row = RootedVec::with_capacity(th, n)?;
                for i in 1..=n {
                    let g = group(th, &f, i)?;
                    row.push(th, g)?;
                }
                tuple_of(th, row)?
            }
        };
        list::append(th, out, x)?;
        f.advance();
    }
    Ok(out.value())
}
fn scanner(th: &mut Thread, a: Args, iterates: bool) -> R<Value> {
    let p = of(a.get(0));
    let s = Subject::new(th, p, a.get(1))?;
    let (at, end) = bounds(th, a, &s)?;
    Ok(th.alloc(SCANNER.shape(), Scanner { header: Header::NEW, pattern: this(a.get(0)), string: a.get(1), at, end, must_advance: false, iterates })?.value())
}
/// The next match of a scanner, STOP at the end.
fn scan(th: &mut Thread, v: Value, mode: Mode) -> R<Value> {
    let sc: Gc<Scanner> = this(v);
    let g = sc.read(th)?;
    let (pattern, string, at, end, must_advance) = (g.pattern, g.string, g.at, g.end, g.must_advance);
    drop(g);
    if at > end {
        return Ok(Value::STOP);
    }
    let p = of(pattern.value());
    let s = Subject::new(th, p, string)?;
    let mut f = Finder::new(th, p, &s, at, end)?;
    f.set_must_advance(must_advance);
    let Some((b, e)) = f.next(th, mode)? else {
        sc.write(th)?.at = usize::MAX;
        return Ok(Value::STOP);
    };
    let at = s.place(th, e)?;
    let mut g = sc.write(th)?;
    // 2.7 goes on a character further behind an empty match.
    let two = !txpy_vm::dialect::py3();
    g.must_advance = b == e && !two;
    g.at = at + usize::from(two && b == e);
    drop(g);
    new_match(th, pattern, &s, &f, (b, e), 0, end)
}
fn scan_step(th: &mut Thread, v: Value) -> R<Value> { scan(th, v, Mode::Search) }

fn split(th: &mut Thread, a: Args) -> R<Value> {
    let p = of(a.get(0));
    let s = Subject::new(th, p, a.get(1))?;
    let max = match a.opt(2) {
        Some(v) => txpy_vm::types::sequence::ssize(th, v)?,
        None => 0,
    };
    let out = list::with_capacity(th, 0)?;
    let mut f = Finder::new(th, p, &s, 0, s.len)?;
    let (mut last, mut n) = (0, 0);
    while max == 0 || n < max {
        let Some((b, e)) = f.next(th, Mode::Search)? else { break };
        if b == e && !th.py3() {
            f.advance();
            continue;
        }
        let x = s.cut(th, last, b)?;
        list::append(th, out, x)?;
        for i in 1..=p.groups {
            let g = match f.group(i) {
                Some((b, e)) => s.cut(th, b, e)?,
                None => Value::NONE,
            };
            list::append(th, out, g)?;
        }
        last = e;
        n += 1;
        f.advance();
    }
    let x = s.cut(th, last, s.bytes.len())?;
    list::append(th, out, x)?;
    Ok(out.value())
}

/// A result that is put together from pieces.
pub struct Out {
    pub bytes: Vec<u8>,
    /// The pieces are text. In 2.7 one text among byte strings makes all text.
    pub text: bool,
}
impl Out {
    pub fn new(text: bool) -> Out { Out { bytes: Vec::new(), text } }
    fn push(&mut self, th: &mut Thread, b: &[u8]) -> R<()> {
        if self.bytes.try_reserve(b.len()).is_err() {
            return Err(th.memory_error());
        }
        self.bytes.extend_from_slice(b);
        Ok(())
    }
    /// Adds a piece of the subject.
    pub fn push_piece(&mut self, th: &mut Thread, b: &[u8], is_text: bool) -> R<()> {
        self.agree(th, b, is_text)?;
        self.push(th, b)
    }
    /// 2.7: what stands here and `b` become one kind; bytes count as ASCII.
    fn agree(&mut self, th: &mut Thread, b: &[u8], is_text: bool) -> R<()> {
        if is_text != self.text {
            let bytes = if is_text { th.new_bytes(&self.bytes)? } else { th.new_bytes(b)? };
            txpy_vm::types::codec::check_ascii(th, bytes)?;
            self.text = true;
        }
        Ok(())
    }
    /// Adds the contents of a string or bytes-like object of the subject's kind; in 2.7 of any kind.
    pub fn push_value(&mut self, th: &mut Thread, v: Value) -> R<()> {
        let is_text = text::is_text(v);
        let two = !th.py3();
        let fits = if two { is_text || text::is_bytes(v) } else { is_text == self.text && (is_text || txpy_vm::native::buffer::is_bytes_like(th, v)) };
        if !fits {
            let got = class_name(v);
            let wanted = if two { if self.text { "string or Unicode" } else { "string" } } else if self.text { "str instance" } else { "a bytes-like object" };
            return Err(th.type_error(format!("sequence item 0: expected {wanted}, {got} found")));
        }
        let v = if is_text { v } else { txpy_vm::native::buffer::snapshot(th, v)? };
        let b = text::bytes_of(v).unwrap_or(&[]);
        self.push_piece(th, b, is_text)
    }
    pub fn finish(self, th: &mut Thread) -> R<Value> { if self.text { text::new_str(th, &self.bytes) } else { text::new_bytes(th, &self.bytes) } }
}
enum Replacement {
    Literal(Value),
    Template(Value),
    Call(Value),
}
fn sub(th: &mut Thread, a: Args) -> R<(Value, usize)> {
    let (p, repl) = (of(a.get(0)), a.get(1));
    let s = Subject::new(th, p, a.get(2))?;
    let count = match a.opt(3) {
        Some(v) => txpy_vm::types::sequence::ssize(th, v)?,
        None => 0,
    };
    let how = if dunder(repl, D::call).is_some() {
        Replacement::Call(repl)
    } else if text::bytes_of(repl).is_some_and(|b| !b.contains(&b'\\')) {
        Replacement::Literal(repl)
    } else {
        Replacement::Template(template_of(th, a.get(0), repl)?)
    };
    let is_text = text::is_text(s.text);
    let mut out = Out::new(is_text);
    let mut f = Finder::new(th, p, &s, 0, s.len)?;
    let (mut last, mut n) = (0, 0usize);
    while count == 0 || (n as i64) < count {
        let Some((b, e)) = f.next(th, Mode::Search)? else { break };
        if b == e && b == last && n > 0 && !th.py3() {
            f.advance();
            continue;
        }
        out.push_piece(th, &s.bytes[last..b], is_text)?;
        match how {
            Replacement::Literal(v) => out.push_value(th, v)?,
            Replacement::Template(t) => expand_into(th, &mut out, t, s.groups, |th, i| if i == 0 { Some((b, e)) } else { f.group(i) }.map(|(b, e)| s.cut(th, b, e)).transpose())?,
            Replacement::Call(g) => {
                let m = new_match(th, this(a.get(0)), &s, &f, (b, e), 0, s.len)?;
                let r = th.call(g, &[m])?;
                if !r.is_none() {
                    out.push_value(th, r)?;
                }
            }
        }
        last = e;
        n += 1;
        f.advance();
    }
    if n == 0 && (text::STR.is_exact(s.given) || text::BYTES.is_exact(s.given)) {
        return Ok((s.given, 0));
    }
    out.push_piece(th, &s.bytes[last..], is_text)?;
    Ok((out.finish(th)?, n))
}
/// A template with groups, taken apart.
pub fn template_of(th: &mut Thread, p: Value, repl: Value) -> R<Value> {
    if !th.py3() {
        return compile27::template(th, of(p), repl);
    }
    let re = txpy_vm::import::import_name(th, "re")?;
    let f = attr::get_str(th, re, "_compile_template")?;
    th.call(f, &[p, repl])
}

fn repr(th: &mut Thread, a: Args) -> R<Value> {
    const NAMES: [(u32, &str); 8] = [(2, "re.IGNORECASE"), (4, "re.LOCALE"), (8, "re.MULTILINE"), (16, "re.DOTALL"), (64, "re.VERBOSE"), (128, "re.DEBUG"), (256, "re.ASCII"), (32, "re.UNICODE")];
    let p = of(a.get(0));
    let mut flags = p.flags;
    // Text patterns are UNICODE without saying so.
    if text::is_text(p.pattern) && flags & (4 | 256 | 32) == 32 {
        flags &= !32;
    }
    let mut names: Vec<String> = NAMES.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, n)| n.to_string()).collect();
    let rest = flags & !NAMES.iter().fold(0, |m, (b, _)| m | b);
    if rest != 0 {
        names.push(format!("0x{rest:x}"));
    }
    let shown: String = repr_text(th, p.pattern)?.chars().take(200).collect();
    let s = if names.is_empty() { format!("re.compile({shown})") } else { format!("re.compile({shown}, {})", names.join("|")) };
    th.native_str(&s)
}
fn eq(th: &mut Thread, a: Args) -> R<Value> {
    if !a.get(1).is::<Pattern>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (p, q) = (of(a.get(0)), of(a.get(1)));
    let same = p.flags == q.flags && p.code() == q.code() && text::is_text(p.pattern) == text::is_text(q.pattern) && same_or_equal(th, p.pattern, q.pattern)?;
    Ok(Value::from_bool(same))
}
fn hash(th: &mut Thread, a: Args) -> R<Value> {
    let p = of(a.get(0));
    let h = txpy_vm::object::hash(th, p.pattern)?;
    Ok(Value::int((h ^ p.flags as i64) >> 3))
}
/// Number of a group argument; IndexError for what is none.
pub fn group_number(th: &mut Thread, p: &Pattern, v: Value) -> R<usize> {
    let i = if int::is_int_like(v) || dunder(v, D::index).is_some() {
        let i = int::index(th, v)?;
        int::to_i64(i).unwrap_or(-1)
    } else {
        match p.groupindex.cast::<Dict>() {
            Some(d) => match dict::get(th, d, v) {
                Ok(i) => i.and_then(int::to_i64).unwrap_or(-1),
                // What has no hash is no name either.
                Err(e) => {
                    if th.catch_any().is_none() {
                        return Err(e);
                    }
                    -1
                }
            },
            None => -1,
        }
    };
    if i < 0 || i as usize > p.groups { Err(th.index_error("no such group")) } else { Ok(i as usize) }
}
pub fn pattern_of<'a>(m: &Match) -> &'a Pattern { of(m.pattern.value()) }
