//! Code generation: one [`Unit`] per frame (module, function, class body), statements and expressions to register instructions.

mod asm;
mod assign;
mod call;
mod class;
mod comp;
mod cond;
mod display;
mod expr;
pub mod fold;
mod func;
mod loops;
mod match_;
mod names;
mod patterns;
mod regs;
mod star;
mod stmt;
mod try_;
mod typeparams;
mod unparse;
mod with;

use std::collections::HashMap;

use txpy_syntax::ast::*;
use txpy_syntax::{Grammar, Mode, SyntaxError};

use crate::Options;
use crate::errors::{MAX_DEPTH, error_at, too_deep};
use crate::image::{Const, Image, code_flag};
use crate::ops::{NO_REG, Op};
use crate::symtable::{Name, Res, Scope, ScopeId, ScopeKind, SymTable, def};
use asm::{Asm, Label};

pub type Result<T> = std::result::Result<T, SyntaxError>;

/// What `break`, `continue` and `return` have to leave.
pub enum BlockKind<'a> {
    Loop { brk: Label, cont: Label },
    /// A finally body still to run.
    Finally(&'a [Stmt<'a>]),
    /// 2.7: a finally body, which `continue` can't leave.
    InFinally,
    /// `with`: the exit function's register.
    With { exit: u16, is_async: bool, span: Span },
    /// An except clause or the exceptional copy of a finally body: the register with what was handled before.
    Handling { saved: u16 },
    /// `except ... as name`: unbound on every way out.
    Unbind(&'a Expr<'a>),
    /// except*: can't be left by a jump.
    Star,
    /// A guarded range without cleanup.
    Region,
}

pub struct Block<'a> {
    kind: BlockKind<'a>,
    /// Where its range was opened last; copies of finally bodies lie outside.
    open: Label,
    ranges: Vec<(Label, Label)>,
}

pub struct Inline<'a> {
    scope: ScopeId,
    regs: HashMap<Name<'a>, u16>,
    /// Placeholder that unbinds the register at entry, if something reads it too early.
    clear: HashMap<u16, Option<usize>>,
}

/// The code being made for one frame.
pub struct Unit<'a> {
    scope: ScopeId,
    inline: Vec<Inline<'a>>,
    name: String,
    qualname: String,
    first_line: u32,
    flags: u32,
    argcount: u16,
    posonly: u16,
    kwonly: u16,
    locals: HashMap<Name<'a>, u16>,
    cells: HashMap<Name<'a>, u16>,
    varnames: Vec<String>,
    tuples: Vec<String>,
    cellvars: Vec<(String, u16)>,
    free_reg: u16,
    /// First temporary, next free one, most used.
    temps: u16,
    top: u16,
    max: u16,
    blocks: Vec<Block<'a>>,
    asm: Asm,
    /// Locals that some CHECK guards: unbound at entry.
    unset: Vec<u16>,
    doc: Option<Const>,
    /// The frame's namespace is r[0].
    namespace: bool,
    /// 2.7: register with what was handled when the function was entered; set by its first except clause.
    exc_home: Option<u16>,
    home_exc: u16,
    home_start: Option<Label>,
    /// Where a failed match of the except clause just compiled goes.
    next_clause: Option<Label>,
    /// Class: names assigned to attributes of `self` in its methods.
    static_attrs: Vec<String>,
    is_async: bool,
    is_generator: bool,
    /// The statement compiled next is a `with`, the whole body of a loop with this state.
    round: Option<u16>,
}

pub struct Compiler<'a, 'o> {
    options: &'o Options<'o>,
    source: &'a str,
    legacy: bool,
    future: txpy_syntax::FutureFlags,
    pub(crate) table: SymTable<'a>,
    unit: Unit<'a>,
    outer: Vec<Unit<'a>>,
    depth: u32,
    interactive: bool,
    /// Inlined comprehensions that name a builtin which shows locals, once somebody asked.
    looking: Option<Vec<ScopeId>>,
}

impl<'a> Unit<'a> {
    fn new(scope: ScopeId, name: String, qualname: String, first_line: u32) -> Unit<'a> {
        Unit {
            scope,
            inline: Vec::new(),
            name,
            qualname,
            first_line,
            flags: 0,
            argcount: 0,
            posonly: 0,
            kwonly: 0,
            locals: HashMap::new(),
            cells: HashMap::new(),
            varnames: Vec::new(),
            tuples: Vec::new(),
            cellvars: Vec::new(),
            free_reg: 0,
            temps: 0,
            top: 0,
            max: 0,
            blocks: Vec::new(),
            asm: Asm::new(),
            unset: Vec::new(),
            doc: None,
            namespace: false,
            exc_home: None,
            home_exc: 0,
            home_start: None,
            next_clause: None,
            static_attrs: Vec::new(),
            is_async: false,
            is_generator: false,
            round: None,
        }
    }
}

/// Compiles a whole tree.
pub fn module<'a>(tree: &Tree<'a>, grammar: &Grammar, options: &Options<'_>, table: SymTable<'a>) -> Result<Image> {
    let name = "<module>".to_string();
    let mut unit = Unit::new(0, name.clone(), name, 1);
    unit.namespace = options.namespace;
    let mut c = Compiler {
        options,
        source: tree.source,
        legacy: grammar.legacy,
        future: tree.flags,
        table,
        unit,
        outer: Vec::new(),
        depth: 0,
        interactive: tree.mode == Mode::Single, looking: None };
    c.setup_registers(&[]);
    c.module_body(tree)?;
    let mut image = c.finish_unit()?;
    image.first_line = if tree.mode == Mode::Exec && !grammar.legacy { 1 } else { tree.body.first().map_or(1, |s| s.span.line) };
    Ok(image)
}

impl<'a> Compiler<'a, '_> {
    pub(super) fn error<T>(&self, span: Span, msg: impl Into<String>) -> Result<T> {
        Err(error_at(self.source, self.legacy, span, msg))
    }

    pub(super) fn scope(&self) -> &Scope<'a> {
        &self.table.scopes[self.unit.scope]
    }

    /// The scope whose names the code at hand sees: that of the innermost inlined comprehension or of the frame.
    pub(super) fn scope_here(&self) -> ScopeId {
        self.unit.inline.last().map_or(self.unit.scope, |i| i.scope)
    }

    pub(super) fn enter(&mut self, span: Span) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(too_deep(span)) } else { Ok(()) }
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn at(&mut self, span: Span) {
        self.unit.asm.span = span;
    }

    pub(super) fn emit(&mut self, op: Op, a: u16, b: u16, c: u16) {
        self.unit.asm.emit(op, 0, a, b, c);
    }

    pub(super) fn emit_x(&mut self, op: Op, x: u8, a: u16, b: u16, c: u16) {
        self.unit.asm.emit(op, x, a, b, c);
    }

    pub(super) fn label(&mut self) -> Label {
        self.unit.asm.label()
    }

    fn module_body(&mut self, tree: &Tree<'a>) -> Result<()> {
        if tree.mode == Mode::Eval {
            if let Some(e) = tree.eval_expr() {
                let r = self.operand(e)?;
                self.at(e.span);
                self.emit(Op::RET, r.reg, 0, 0);
            }
            return Ok(());
        }
        let mut body = tree.body;
        // A module that is imported while its importer handles an exception leaves that one alone.
        self.open_home(body);
        if tree.mode == Mode::Exec {
            let annotates = self.scope().annotates();
            if annotates {
                self.make_annotations();
            }
            if let Some((doc, rest)) = self.split_doc(body) {
                if let Some(doc) = doc {
                    self.at(body[0].span);
                    self.store_const("__doc__", doc.clone())?;
                    self.unit.doc = Some(doc);
                }
                body = rest;
            }
        } else if self.scope().annotates() {
            self.make_annotations();
        }
        self.body(body)?;
        if let Some(last) = tree.body.last() {
            self.at(last.span);
        }
        self.return_none();
        Ok(())
    }

    /// `__annotations__ = {}` unless the module has them already (interactive input).
    pub(super) fn make_annotations(&mut self) {
        let mark = self.mark();
        let d = self.temp();
        self.emit(Op::DICT, d, d, 0);
        let n = self.unit.asm.name("__annotations__");
        if self.unit.namespace || self.scope().kind == ScopeKind::Class {
            self.emit(Op::STOREN, d, n, 0);
        } else {
            self.emit(Op::STOREG, d, n, 0);
        }
        self.release(mark);
    }

    /// A docstring and the statements after it; the text is None where docstrings are stripped.
    #[allow(clippy::type_complexity)]
    pub(super) fn split_doc(&self, body: &'a [Stmt<'a>]) -> Option<(Option<Const>, &'a [Stmt<'a>])> {
        let (first, rest) = body.split_first()?;
        let StmtKind::Expr(e) = &first.kind else { return None };
        let ExprKind::Constant { value, .. } = &e.kind else { return None };
        let doc = match value {
            Constant::Str(s) if !self.legacy => Const::Str(clean_doc(s)),
            Constant::Str(s) => Const::Str((*s).into()),
            Constant::Bytes(s) if self.legacy => Const::Bytes((*s).into()),
            _ => return None,
        };
        Some(((self.options.optimize < 2).then_some(doc), rest))
    }

    pub(super) fn store_const(&mut self, name: &'a str, value: Const) -> Result<()> {
        let mark = self.mark();
        let t = self.temp();
        self.load_const(value, t);
        let n = self.unit.asm.name(name);
        let op = if self.unit.namespace { Op::STOREN } else { Op::STOREG };
        self.emit(op, t, n, 0);
        self.release(mark);
        Ok(())
    }

    /// Leaves the function with None; nothing if this place isn't reached.
    pub(super) fn return_none(&mut self) {
        if let Some(home) = self.unit.exc_home {
            self.restore_home(home);
        }
        self.emit(Op::RETNONE, 0, 0, 0);
    }

    /// The code image of the current unit.
    pub(super) fn finish_unit(&mut self) -> Result<Image> {
        self.close_home();
        let placeholder = Unit::new(0, String::new(), String::new(), 0);
        let mut u = std::mem::replace(&mut self.unit, placeholder);
        let span = Span { line: u.first_line, col: 0, end_line: u.first_line, end_col: 0 };
        let looks = self.looks_at_locals(u.scope);
        let scope = &self.table.scopes[u.scope];
        prologue(&mut u, scope, looks);
        u.asm.prologue_span(span);
        let overflow = u.asm.overflow || u.max >= regs::MAX_REGS;
        let doc = u.doc.take().map(|d| u.asm.high_const(d));
        let freevars: Vec<String> = scope.frees.iter().map(|f| f.to_string()).collect();
        let mut flags = u.flags | self.future.bits(self.legacy);
        if scope.kind.is_function() {
            flags |= code_flag::OPTIMIZED | code_flag::NEWLOCALS;
            if scope.nested {
                flags |= code_flag::NESTED;
            }
        }
        if u.namespace {
            flags |= code_flag::NAMESPACE;
            flags &= !code_flag::OPTIMIZED;
        }
        if freevars.is_empty() && u.cellvars.is_empty() {
            flags |= code_flag::NOFREE;
        }
        let layout = u.asm.finish();
        if overflow {
            return self.error(span, format!("too many names, constants or nested values in '{}'", u.name));
        }
        Ok(Image {
            name: u.name,
            qualname: u.qualname,
            filename: self.options.filename.into(),
            first_line: u.first_line,
            flags,
            argcount: u.argcount,
            posonly: u.posonly,
            kwonly: u.kwonly,
            nregs: u.max.max(1),
            varnames: u.varnames,
            cellvars: u.cellvars,
            freevars,
            tuples: u.tuples,
            free_reg: u.free_reg,
            code: layout.code,
            consts: layout.consts,
            handlers: layout.handlers,
            spans: layout.spans.into(),
            doc: doc.map(|d| d as usize + layout.low_count),
            warnings: Vec::new(),
        })
    }
}

/// Builtins by which code may look at its own locals.
const LOOKS: &[&str] = &["locals", "vars", "dir", "eval", "exec", "execfile", "_getframe", "currentframe", "super"];

impl Compiler<'_, '_> {
    /// Whether a scope, or a comprehension that runs in its frame, names one of them.
    fn looks_at_locals(&mut self, scope: ScopeId) -> bool {
        let names = |s: &Scope<'_>| LOOKS.iter().any(|n| s.get(n).is_some() && s.res(n) == Res::GlobalImplicit);
        let all = &self.table.scopes;
        let looking = self.looking.get_or_insert_with(|| (0..all.len()).filter(|id| all[*id].inlined && names(&all[*id])).collect());
        let within = |mut id: ScopeId| loop {
            let s = &all[id];
            match s.parent {
                _ if id == scope => return true,
                Some(p) if s.inlined => id = p,
                _ => return false,
            }
        };
        names(&all[scope]) || looking.iter().any(|id| within(*id))
    }
}

/// Generator object, closure cells, own cells, registers that may be read unbound.
fn prologue(u: &mut Unit<'_>, scope: &Scope<'_>, looks: bool) {
    if u.is_generator {
        u.asm.emit_first(Op::MKGEN);
    }
    // The range may cover registers of cells, which are made after it.
    // Code that may look at its own locals gets them all unbound; otherwise only those a CHECK guards.
    let mut unset = std::mem::take(&mut u.unset);
    if looks || u.is_generator {
        unset.extend(u.locals.iter().filter(|(n, _)| scope.flags(n) & def::PARAM == 0).map(|(_, &r)| r));
    }
    // Parameters are bound at entry, even if they are deleted later.
    unset.retain(|r| !u.locals.iter().any(|(n, reg)| reg == r && scope.flags(n) & def::PARAM != 0 && !u.namespace));
    if let (Some(&lo), Some(&hi)) = (unset.iter().min(), unset.iter().max()) {
        u.asm.emit_prologue(Op::CLEAR, 0, lo, hi - lo + 1, 0);
    }
    if !scope.frees.is_empty() {
        u.asm.emit_prologue(Op::COPYFREE, 0, u.free_reg, scope.frees.len() as u16, 0);
    }
    for (name, reg) in &u.cellvars {
        let param = scope.flags(name) & def::PARAM != 0 && !u.namespace;
        u.asm.emit_prologue(if param { Op::MKCELL } else { Op::NEWCELL }, 0, *reg, 0, 0);
    }
}

/// 3.13 strips the indentation that all lines of a docstring but the first share.
fn clean_doc(doc: &[u8]) -> Box<[u8]> {
    let mut lines = doc.split(|&b| b == b'\n');
    let first = lines.next().unwrap_or_default();
    let indent = |l: &[u8]| l.iter().take_while(|&&b| b == b' ').count();
    let margin = doc.split(|&b| b == b'\n').skip(1).filter(|l| indent(l) < l.len()).map(indent).min().unwrap_or(0);
    let mut out = first[indent(first)..].to_vec();
    for l in lines {
        out.push(b'\n');
        out.extend_from_slice(&l[margin.min(indent(l))..]);
    }
    out.into()
}

/// "No register", for optional operands.
pub(super) const NONE_REG: u16 = NO_REG;
