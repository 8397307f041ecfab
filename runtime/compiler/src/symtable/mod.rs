//! Scopes: which names a module, function, class or comprehension binds, and where every name it uses lives.
//!
//! Two passes: `build` and `exprs` walk the tree and note definitions and uses; `resolve` decides for each name of each scope whether it
//! is a local, a cell, a free variable or a global. List, set and dict comprehensions are scopes of their own, but run in the frame
//! of the scope around them ([`Scope::inlined`]), so a name they share with that frame needs no cell.

mod build;
mod exprs;
mod lint;
mod resolve;

use std::borrow::Cow;
use std::collections::HashMap;

use txpy_syntax::ast::{Span, Tree};
use txpy_syntax::{Grammar, SyntaxError};

pub type Name<'a> = Cow<'a, str>;
pub type ScopeId = usize;

pub mod def {
    /// Declared `global`.
    pub const GLOBAL: u16 = 1;
    /// Assigned, imported, defined, deleted.
    pub const BOUND: u16 = 2;
    pub const PARAM: u16 = 4;
    pub const NONLOCAL: u16 = 8;
    pub const USED: u16 = 16;
    pub const ANNOTATED: u16 = 32;
    /// Deleted somewhere: never taken for definitely bound.
    pub const DELETED: u16 = 64;
    /// Loop variable of a comprehension.
    pub const ITERATION: u16 = 128;
    pub const TYPE_PARAM: u16 = 256;
    /// Target of `:=` that a comprehension hands to the scope around it.
    pub const WALRUS: u16 = 512;
}

/// Where a name lives, seen from one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Res {
    Unresolved,
    /// Bound here; in a class or module scope: a name of the namespace.
    Local,
    /// Bound here, captured by an inner function.
    Cell,
    /// Bound by an enclosing function.
    Free,
    GlobalExplicit,
    GlobalImplicit,
}

#[derive(Clone, Copy, Debug)]
pub struct Symbol {
    pub flags: u16,
    pub res: Res,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    Module,
    Class,
    Function,
    Lambda,
    ListComp,
    SetComp,
    DictComp,
    GenExp,
    /// Around a generic function, class or alias: binds its type parameters.
    TypeParams,
    /// Lazily evaluated value of a type alias, bound or default of a type parameter.
    TypeThunk,
}

impl ScopeKind {
    pub fn is_comp(self) -> bool {
        matches!(self, ScopeKind::ListComp | ScopeKind::SetComp | ScopeKind::DictComp | ScopeKind::GenExp)
    }

    pub fn is_function(self) -> bool {
        !matches!(self, ScopeKind::Module | ScopeKind::Class)
    }
}

#[derive(Debug)]
pub struct Scope<'a> {
    pub kind: ScopeKind,
    pub name: &'a str,
    pub parent: Option<ScopeId>,
    pub symbols: HashMap<Name<'a>, Symbol>,
    /// Names in order of first appearance.
    pub order: Vec<Name<'a>>,
    /// Cells that the closure brings, in order.
    pub frees: Vec<Name<'a>>,
    /// Class whose private names are mangled here.
    pub private: Option<&'a str>,
    /// A comprehension that runs in the frame around it.
    pub inlined: bool,
    /// Inside some function.
    pub nested: bool,
    pub generator: bool,
    /// 2.7: has a `return` with a value.
    pub returns_value: bool,
    pub coroutine: bool,
    /// 2.7: `exec` without `in` or `import *`: names live in a dict.
    pub dynamic: bool,
    bare_exec: Option<Span>,
    import_star: Option<Span>,
    /// Class: a method needs `__class__`.
    pub class_cell: bool,
    /// Directly in a class (type parameters, their thunks): names are looked up in the class namespace first.
    pub sees_class: bool,
    /// Rebinds names in the middle of expressions (`:=`, list comprehensions of 2.7).
    pub binds_in_expr: bool,
    /// Number of iterables of enclosing comprehensions we are in, for errors about `:=`.
    in_iterable: u32,
    has_free: bool,
    child_free: bool,
    has_annotations: bool,
}

impl<'a> Scope<'a> {
    pub fn get(&self, name: &str) -> Option<&Symbol> {
        self.symbols.get(name)
    }

    pub fn flags(&self, name: &str) -> u16 {
        self.symbols.get(name).map_or(0, |s| s.flags)
    }

    pub fn res(&self, name: &str) -> Res {
        self.symbols.get(name).map_or(Res::GlobalImplicit, |s| s.res)
    }

    /// Contains annotations of variables, so that a module or class makes `__annotations__`.
    pub fn annotates(&self) -> bool {
        self.has_annotations
    }
}

/// The scopes of a tree, found by the node that opens them.
pub struct SymTable<'a> {
    pub scopes: Vec<Scope<'a>>,
    by_node: HashMap<(usize, u8), ScopeId>,
    pub warnings: Vec<(u32, String)>,
}

/// Tells scopes of one node apart.
pub mod part {
    pub const BODY: u8 = 0;
    pub const TYPE_PARAMS: u8 = 1;
    pub const BOUND: u8 = 2;
    pub const DEFAULT: u8 = 3;
}

/// Key of a node: its place in the arena.
pub fn node<T>(t: &T) -> usize {
    std::ptr::from_ref(t) as usize
}

impl<'a> SymTable<'a> {
    pub fn find<T>(&self, t: &T, part: u8) -> ScopeId {
        self.by_node[&(node(t), part)]
    }

    pub fn build(tree: &Tree<'a>, grammar: &Grammar) -> Result<SymTable<'a>, SyntaxError> {
        let mut b = build::Builder::new(tree, grammar);
        b.module(tree)?;
        let mut table = b.finish();
        resolve::resolve(&mut table, tree, grammar)?;
        Ok(table)
    }
}

/// `__name` inside class `C` is `_C__name`.
pub fn mangle<'a>(private: Option<&str>, name: &'a str) -> Name<'a> {
    let Some(class) = private else { return Cow::Borrowed(name) };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return Cow::Borrowed(name);
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return Cow::Borrowed(name);
    }
    Cow::Owned(format!("_{class}{name}"))
}
