//! `_ast`: syntax trees as objects, made from our trees (`to_nodes`) and turned back to them (`extract`, `build`) for `compile`.

mod build;
mod build_expr;
mod classes;
mod extract;
mod node;
mod table;
mod to_nodes;

use crate::api::*;
use table::K;
use txpy_syntax::{Arena, FutureFlags, Mode};
use txpy_vm::builtins::{TreeHooks, grammar, raise_syntax_error, set_tree_hooks};
use txpy_vm::types::code::{self, Code};

pub static MODULE: ModuleDef = ModuleDef { name: "_ast", init: Some(init), ..ModuleDef::DEFAULT };

/// Gives `compile` its hooks.
pub fn register() {
    classes::register();
    set_tree_hooks(TreeHooks { to_objects: to_nodes::to_objects, compile, is_tree: node::is_node });
}

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let state = classes::State::get(th)?;
    module::set(th, m, "AST", state.base())?;
    let groups = state.groups();
    for (i, g) in classes::groups().iter().enumerate() {
        module::set(th, m, g, groups[i])?;
    }
    for k in table::all().filter(|k| k.class().exists) {
        module::set(th, m, k.name(), state.class(k))?;
    }
    let flags: &[(&str, i64)] = if th.py3() {
        &[("PyCF_ONLY_AST", 0x400), ("PyCF_TYPE_COMMENTS", 0x1000), ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000), ("PyCF_OPTIMIZED_AST", 0x8400)]
    } else {
        &[("PyCF_ONLY_AST", 0x400)]
    };
    crate::support::constants(th, m, flags)?;
    if !th.py3() {
        let v = th.native_str("82160")?;
        module::set(th, m, "__version__", v)?;
    }
    Ok(())
}

/// The class of trees for a mode.
fn root(mode: Mode) -> K {
    match mode {
        Mode::Exec => K::Module,
        Mode::Eval => K::Expression,
        Mode::Single => K::Interactive,
    }
}

/// Whether a Value is a tree for a mode; TypeError for any other node.
fn check(th: &mut Thread, v: Value, mode: Mode) -> R<bool> {
    if !node::is_node(v) {
        return Ok(false);
    }
    let state = classes::State::get(th)?;
    let want = root(mode);
    if !is_instance(v, state.class(want).cast().expect("a class")) {
        let (want, got) = (want.name(), class_name(v));
        return Err(th.type_error(format!("expected {want} node, got {got}")));
    }
    Ok(true)
}

fn compile(th: &mut Thread, v: Value, filename: &str, mode: Mode, flags: FutureFlags, optimize: u8) -> R<Option<Gc<Code>>> {
    if !check(th, v, mode)? {
        return Ok(None);
    }
    let arena = Arena::new();
    let state = classes::State::get(th)?;
    let node = extract::Extract { arena: &arena, state, depth: 0 }.node_of(th, v, root(mode))?;
    let tree = build::tree(th, &arena, node, mode, flags, arena.alloc_str(filename))?;
    let options = txpy_compiler::Options { filename, optimize, namespace: true, flags: tree.flags };
    match txpy_compiler::compile(&tree, &grammar(), &options) {
        Ok(image) => code::load(th, image.into()).map(Some),
        Err(e) => Err(raise_syntax_error(th, &e, filename)),
    }
}
