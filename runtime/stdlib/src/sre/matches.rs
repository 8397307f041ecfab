//! `re.Match`.

use super::compile27;
use super::pattern::{Out, Pattern, group_number, pattern_of, template_of};
use super::run::{Finder, Subject};
use crate::api::*;
use crate::kinds;

object! {
    pub struct Match = kinds::MATCH, frozen {
        pub pattern: Gc<Pattern>,
        pub string: Value,
        /// The string or the bytes that were searched.
        pub text: Value,
        pub pos: usize,
        pub endpos: usize,
        pub last: i64,
    } tail marks: i64
}
pub static MATCH: TypeDef = TypeDef {
    name: "Match", module: "re", kind: kinds::MATCH, flags: type_flag::NO_NEW, methods: &[METHODS],
    getset: getset! {
        "string" = |_, v| Ok(of(v).string), "The string passed to match() or search().";
        "re" = |_, v| Ok(of(v).pattern.value()), "The regular expression object.";
        "pos" = |_, v| Ok(Value::int(of(v).pos as i64)), "The index into the string at which the RE engine started looking for a match.";
        "endpos" = |_, v| Ok(Value::int(of(v).endpos as i64)), "The index into the string beyond which the RE engine will not go.";
        "lastindex" = |_, v| Ok(if of(v).last >= 0 { Value::int(of(v).last) } else { Value::NONE }), "The integer index of the last matched capturing group.";
        "lastgroup" = |_, v| Ok(name_of(of(v), of(v).last)), "The name of the last matched capturing group.";
        "regs" = regs, "Spans of all groups.";
    },
    doc: "The result of re.match() and re.search().", ..TypeDef::DEFAULT
};
/// The same in 2.7.
pub static MATCH2: TypeDef = TypeDef {
    name: "SRE_Match", module: "_sre", kind: kinds::MATCH, flags: type_flag::NO_NEW, methods: &[METHODS], getset: MATCH.getset,
    doc: "The result of re.match() and re.search().", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "group(self, /, *args)" = group, "Return subgroup(s) of the match by indices or names.";
    "groups(self, default=None)" = groups, "Return a tuple containing all the subgroups of the match, from 1.";
    "groupdict(self, default=None)" = groupdict, "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.";
    "start(self, group=0, /)" = |th, a| Ok(Value::int(span_of(th, a)?.0)), "Return index of the start of the substring matched by group.";
    "end(self, group=0, /)" = |th, a| Ok(Value::int(span_of(th, a)?.1)), "Return index of the end of the substring matched by group.";
    "span(self, group=0, /)" = |th, a| { let (b, e) = span_of(th, a)?; th.new_tuple(&[Value::int(b), Value::int(e)]) }, "For match object m, return the 2-tuple (m.start(group), m.end(group)).";
    "expand(self, template)" = expand, "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.";
    #[py3] "__getitem__(self, key, /)" = |th, a| { let i = group_number(th, pattern_of(of(a.get(0))), a.get(1))?; piece(th, of(a.get(0)), i, Value::NONE) }, "Return self[key].";
    #[py3] "__repr__(self, /)" = repr, "Return repr(self).";
    #[py3] "__copy__(self, /)" = |_, a| Ok(a.get(0)), "Return self.";
    #[py3] "__deepcopy__(self, memo, /)" = |_, a| Ok(a.get(0)), "Return self.";
    #[py2] "__copy__(self, /)" = |th, _| Err(th.type_error("cannot copy this match object")), "Matches are not copied.";
    #[py2] "__deepcopy__(self, memo, /)" = |th, _| Err(th.type_error("cannot deepcopy this match object")), "Matches are not copied.";
    #[py3, class] "__class_getitem__(cls, item, /)" = |th, a| crate::itertools::select::alias(th, a), "See PEP 585";
};
pub fn register(th: &mut Thread) -> R<()> {
    use txpy_heap::Object;
    txpy_heap::register_kinds(&[Match::INFO]);
    type_::make_native(th, if th.py3() { &MATCH } else { &MATCH2 })?;
    Ok(())
}
fn of<'a>(v: Value) -> &'a Match {
    let m: Gc<Match> = this(v);
    // SAFETY: frozen and never moved; the caller keeps `v`.
    unsafe { &*m.as_ptr() }
}

/// The match that `f` found last; `span` in bytes, `pos` and `endpos` in characters.
pub fn new_match(th: &mut Thread, pattern: Gc<Pattern>, s: &Subject, f: &Finder, span: (usize, usize), pos: usize, endpos: usize) -> R<Value> {
    let groups = pattern.frozen().groups;
    let mut marks = Vec::with_capacity(2 * groups + 2);
    for i in 0..=groups {
        let found = if i == 0 { Some(span) } else { f.group(i) };
        marks.extend(match found {
            Some((b, e)) => [s.place(th, b)? as i64, s.place(th, e)? as i64],
            None => [-1, -1],
        });
    }
    let shape = if th.py3() { MATCH.shape() } else { MATCH2.shape() };
    let init = Match { header: Header::NEW, len: marks.len(), pattern, string: s.given, text: s.text, pos, endpos, last: f.last_index().map_or(-1, i64::from) };
    Ok(th.alloc_tail_with(shape, init, &marks)?.value())
}
fn span(m: &Match, i: usize) -> Option<(usize, usize)> {
    let (b, e) = (*m.marks().get(2 * i)?, *m.marks().get(2 * i + 1)?);
    if b < 0 || e < 0 { None } else { Some((b as usize, e as usize)) }
}
fn name_of(m: &Match, i: i64) -> Value { usize::try_from(i).ok().and_then(|i| tuple::items(pattern_of(m).indexgroup)?.get(i).copied()).unwrap_or(Value::NONE) }
fn subject<'a>(m: &Match) -> Subject<'a> {
    let bytes = text::bytes_of(m.text).unwrap_or(&[]);
    let len = text::len_of(m.text);
    Subject { groups: pattern_of(m).groups, given: m.string, text: m.text, bytes, wide: text::is_text(m.text) && len != bytes.len(), len }
}
/// The piece between two characters.
fn cut(th: &mut Thread, s: &Subject, (b, e): (usize, usize)) -> R<Value> {
    let (b, e) = (s.offset(th, b)?, s.offset(th, e)?);
    s.cut(th, b, e)
}
fn piece(th: &mut Thread, m: &Match, i: usize, default: Value) -> R<Value> {
    match span(m, i) {
        Some(span) => cut(th, &subject(m), span),
        None => Ok(default),
    }
}
fn group(th: &mut Thread, a: Args) -> R<Value> {
    let m = of(a.get(0));
    match a.positional() {
        1 => piece(th, m, 0, Value::NONE),
        2 => {
            let i = group_number(th, pattern_of(m), a.get(1))?;
            piece(th, m, i, Value::NONE)
        }
        n => {
            let out = RootedVec::with_capacity(th, n)?;
            for k in 1..n {
                let i = group_number(th, pattern_of(m), a.get(k))?;
                let x = piece(th, m, i, Value::NONE)?;
                out.push(th, x)?;
            }
            tuple_of(th, out)
        }
    }
}
fn groups(th: &mut Thread, a: Args) -> R<Value> {
    let m = of(a.get(0));
    let out = RootedVec::new(th)?;
    for i in 1..m.len / 2 {
        let x = piece(th, m, i, a.or(1, Value::NONE))?;
        out.push(th, x)?;
    }
    tuple_of(th, out)
}
fn groupdict(th: &mut Thread, a: Args) -> R<Value> {
    let m = of(a.get(0));
    let out = dict::new(th)?;
    if let Some(d) = pattern_of(m).groupindex.cast::<Dict>() {
        let mut at = 0;
        while let Some((k, i)) = dict::next(th, d, &mut at)? {
            let x = piece(th, m, int::to_i64(i).unwrap_or(0).max(0) as usize, a.or(1, Value::NONE))?;
            dict::set(th, out, k, x)?;
        }
    }
    Ok(out.value())
}
fn span_of(th: &mut Thread, a: Args) -> R<(i64, i64)> {
    let m = of(a.get(0));
    let i = match a.opt(1) {
        Some(v) => group_number(th, pattern_of(m), v)?,
        None => 0,
    };
    Ok(span(m, i).map_or((-1, -1), |(b, e)| (b as i64, e as i64)))
}
fn regs(th: &mut Thread, v: Value) -> R<Value> {
    let m = of(v);
    let out = RootedVec::new(th)?;
    for p in m.marks().chunks_exact(2) {
        let t = th.new_tuple(&[Value::int(p[0]), Value::int(p[1])])?;
        out.push(th, t)?;
    }
    tuple_of(th, out)
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let m = of(a.get(0));
    let (b, e) = span(m, 0).unwrap_or((0, 0));
    let x = piece(th, m, 0, Value::NONE)?;
    let s = format!("<re.Match object; span=({b}, {e}), match={}>", repr_text(th, x)?);
    th.native_str(&s)
}
fn expand(th: &mut Thread, a: Args) -> R<Value> {
    let m = of(a.get(0));
    let t = template_of(th, m.pattern.value(), a.get(1))?;
    let s = subject(m);
    let mut out = Out::new(text::is_text(m.text));
    expand_into(th, &mut out, t, s.groups, |th, i| span(m, i).map(|x| cut(th, &s, x)).transpose())?;
    out.finish(th)
}
/// Adds a template's literals and groups. A group without match is empty, in 2.7 an error.
pub fn expand_into(th: &mut Thread, out: &mut Out, template: Value, groups: usize, group: impl Fn(&mut Thread, usize) -> R<Option<Value>>) -> R<()> {
    for x in tuple::items(template).unwrap_or(&[]) {
        match int::to_i64(*x) {
            Some(i) => match group(th, i.max(0) as usize)? {
                Some(v) => {
                    let is_text = text::is_text(v);
                    let v = if is_text { v } else { txpy_vm::native::buffer::snapshot(th, v)? };
                    out.push_piece(th, text::bytes_of(v).unwrap_or(&[]), is_text)?;
                }
                None if !th.py3() && i > groups as i64 => return Err(compile27::error(th, "invalid group reference")),
                None if !th.py3() => return Err(compile27::error(th, "unmatched group")),
                None => {}
            },
            None => out.push_value(th, *x)?,
        }
    }
    Ok(())
}
