//! Second pass: decides where each name lives and threads free variables through the scopes between use and binding.

use txpy_syntax::ast::Tree;
use txpy_syntax::{Grammar, SyntaxError};

use super::{Name, Res, ScopeId, ScopeKind, SymTable, Symbol, def};
use crate::errors::error_at;

pub fn resolve(table: &mut SymTable<'_>, tree: &Tree<'_>, grammar: &Grammar) -> Result<(), SyntaxError> {
    // A name that some function declares global is global in the module's own code, too, even where its locals are another dict.
    let declared: Vec<Name<'_>> = table.scopes.iter().skip(1).flat_map(|s| s.order.iter().filter(|n| s.flags(n) & def::GLOBAL != 0)).cloned().collect();
    if let Some(top) = table.scopes.first_mut().filter(|s| s.kind == ScopeKind::Module) {
        for n in &declared {
            if let Some(s) = top.symbols.get_mut(n) {
                s.flags |= def::GLOBAL;
            }
        }
    }
    // Scopes stand in the order they were opened: an enclosing scope before the ones inside, so its bindings are final.
    for id in 0..table.scopes.len() {
        for i in 0..table.scopes[id].order.len() {
            let name = table.scopes[id].order[i].clone();
            let symbol = table.scopes[id].symbols[&name];
            let res = resolve_name(table, id, &name, symbol).map_err(|msg| error_at(tree.source, grammar.legacy, symbol.span, msg))?;
            // A cell found meanwhile by an inner scope stays one.
            if let Some(s) = table.scopes[id].symbols.get_mut(&name)
                && !(s.res == Res::Cell && res == Res::Local)
            {
                s.res = res;
            }
        }
    }
    if grammar.legacy {
        return check_dynamic(table, tree);
    }
    Ok(())
}

fn resolve_name<'a>(table: &mut SymTable<'a>, id: ScopeId, name: &Name<'a>, symbol: Symbol) -> Result<Res, String> {
    let kind = table.scopes[id].kind;
    if symbol.flags & def::GLOBAL != 0 {
        if symbol.flags & def::NONLOCAL != 0 {
            return Err(format!("name '{name}' is nonlocal and global"));
        }
        return Ok(Res::GlobalExplicit);
    }
    if kind == ScopeKind::Module {
        return Ok(Res::Local);
    }
    let nonlocal = symbol.flags & def::NONLOCAL != 0;
    if !nonlocal && symbol.flags & (def::BOUND | def::PARAM) != 0 {
        return Ok(Res::Local);
    }
    let found = search(table, id, name);
    match found {
        Some(()) => Ok(Res::Free),
        None if nonlocal => Err(format!("no binding for nonlocal '{name}' found")),
        None => {
            if table.scopes[id].nested && kind.is_function() {
                table.scopes[id].has_free = true;
            }
            Ok(Res::GlobalImplicit)
        }
    }
}

/// Finds the function around `id` that binds `name`; makes the binding a cell unless only inlined comprehensions lie between.
fn search<'a>(table: &mut SymTable<'a>, id: ScopeId, name: &Name<'a>) -> Option<()> {
    let mut between = vec![id];
    let mut at = table.scopes[id].parent;
    while let Some(p) = at {
        let scope = &table.scopes[p];
        let flags = scope.flags(name);
        let class_cell = scope.kind == ScopeKind::Class && name == "__class__" && flags & def::GLOBAL == 0;
        if class_cell || scope.kind.is_function() {
            if !class_cell && flags & def::GLOBAL != 0 {
                return None;
            }
            if class_cell || (flags & def::NONLOCAL == 0 && flags & (def::BOUND | def::PARAM) != 0) {
                let direct = between.iter().all(|&s| table.scopes[s].inlined);
                if class_cell {
                    table.scopes[p].class_cell = true;
                } else if !direct {
                    if let Some(s) = table.scopes[p].symbols.get_mut(name) {
                        s.res = Res::Cell;
                    }
                    table.scopes[p].child_free = true;
                }
                if !direct || class_cell {
                    thread(table, &between, name);
                }
                return Some(());
            }
        }
        between.push(p);
        at = scope.parent;
    }
    None
}

/// Gives every frame between the use and the binding the cell. Inlined comprehensions have no closure; those that share the
/// binding's frame (the outermost of `between`) reach the cell there.
fn thread<'a>(table: &mut SymTable<'a>, between: &[ScopeId], name: &Name<'a>) {
    for (i, &s) in between.iter().enumerate() {
        if table.scopes[s].inlined {
            continue;
        }
        // Whatever the frame itself calls by this name (a class may bind it too), its closure carries the cell.
        if !table.scopes[s].frees.contains(name) {
            table.scopes[s].frees.push(name.clone());
        }
        table.scopes[s].has_free = true;
        if i + 1 < between.len() {
            table.scopes[s].child_free = true;
        }
    }
}

/// 2.7: a function whose names `exec` or `import *` may change can't share variables with others.
fn check_dynamic(table: &SymTable<'_>, tree: &Tree<'_>) -> Result<(), SyntaxError> {
    for (id, scope) in table.scopes.iter().enumerate() {
        if !scope.dynamic || !scope.kind.is_function() {
            continue;
        }
        let child = scope.child_free || table.scopes.iter().any(|c| c.parent == Some(id) && (c.has_free || c.child_free));
        if !child && !scope.has_free {
            continue;
        }
        let why = if child { "contains a nested function with free variables" } else { "is a nested function" };
        let name = scope.name;
        let msg = match (scope.import_star, scope.bare_exec) {
            (Some(_), Some(_)) => format!("function '{name}' uses import * and bare exec, which are illegal because it {why}"),
            (Some(_), None) => format!("import * is not allowed in function '{name}' because it {why}"),
            _ => format!("unqualified exec is not allowed in function '{name}' because it {why}"),
        };
        let span = scope.import_star.or(scope.bare_exec).unwrap_or_default();
        return Err(error_at(tree.source, true, span, msg));
    }
    Ok(())
}
