//! `ast.AST`: the base of all node classes.

use crate::api::*;
use crate::kinds;
use txpy_vm::exceptions::DEPRECATION_WARNING;

object! {
    /// A node: its fields are attributes.
    pub struct Node = kinds::AST_NODE { unused: u64 }
}

/// Names of the module as scripts see it: `ast` in Python 3, `_ast` in 2.7.
macro_rules! base {
    ($id:ident, $module:literal) => {
        pub static $id: TypeDef = TypeDef {
            name: "AST", module: $module, kind: kinds::AST_NODE, size: size_of::<Node>() as u16,
            flags: type_flag::BASE | type_flag::DICT | type_flag::WEAK, methods: &[METHODS], ..TypeDef::DEFAULT
        };
    };
}
base!(AST3, "ast");
base!(AST2, "_ast");
pub fn def() -> &'static TypeDef { if txpy_vm::dialect::py3() { &AST3 } else { &AST2 } }

static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new_, "Create a node.";
    "__init__(self, *args, **kwargs)" = init, "Initialize self.";
    "__reduce__(self, /)" = reduce, "Helper for pickle.";
};

pub fn is_node(v: Value) -> bool { v.is::<Node>() }

/// An empty node of a class.
pub fn alloc(th: &mut Thread, class: Value) -> R<Value> {
    Ok(alloc_slotted(th, def(), class, Node { header: Header::NEW, unused: 0 })?.value())
}
fn new_(th: &mut Thread, a: Args) -> R<Value> { alloc(th, a.get(0)) }

/// A tuple of names that a class says it has; empty when it is none.
fn names_of(th: &mut Thread, class: Value, what: &str) -> R<Value> {
    match attr::get_str_opt(th, class, what)? {
        Some(v) => iter::to_tuple(th, v),
        None => th.new_tuple(&[]),
    }
}
fn holds(th: &mut Thread, names: Value, name: Value) -> R<bool> {
    for n in tuple::items(names).unwrap_or(&[]) {
        if same_or_equal(th, *n, name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn init(th: &mut Thread, a: Args) -> R<Value> {
    let this = a.get(0);
    let class = class_of(this).value();
    let name = class_name(this);
    let fields = names_of(th, class, "_fields")?;
    let items = tuple::items(fields).unwrap_or(&[]);
    let given = a.positional() - 1;
    let n = items.len();
    if given > n && th.py3() {
        let s = if n == 1 { "" } else { "s" };
        return Err(th.type_error(format!("{name} constructor takes at most {n} positional argument{s}")));
    }
    if given > 0 && given != n && !th.py3() {
        let (either, s) = (if n == 0 { "" } else { "either 0 or " }, if n == 1 { "" } else { "s" });
        return Err(th.type_error(format!("{name} constructor takes {either}{n} positional argument{s}")));
    }
    for (i, field) in items.iter().enumerate().take(given) {
        attr::set(th, this, *field, a.get(1 + i))?;
    }
    for i in 0..a.keyword_count() {
        let (k, v) = a.keyword(i);
        if th.py3() {
            if holds(th, fields, k)? {
                let positional = th.new_tuple(&items[..given])?;
                if holds(th, positional, k)? {
                    let k = repr_text(th, k)?;
                    return Err(th.type_error(format!("{name} got multiple values for argument {k}")));
                }
            } else {
                let attributes = names_of(th, class, "_attributes")?;
                if !holds(th, attributes, k)? {
                    let k = repr_text(th, k)?;
                    warn(th, &DEPRECATION_WARNING, &format!("{name}.__init__ got an unexpected keyword argument {k}. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15."))?;
                }
            }
        }
        attr::set(th, this, k, v)?;
    }
    if th.py3() {
        fill(th, this, a, fields, given)?;
    }
    Ok(Value::NONE)
}
/// Gives fields that were left out what their types say: an empty list, `Load()`; optional ones read as None from the class.
fn fill(th: &mut Thread, this: Value, a: Args, fields: Value, given: usize) -> R<()> {
    let class = class_of(this).value();
    let name = class_name(this);
    let types = attr::get_str_opt(th, class, "_field_types")?.and_then(|t| t.cast::<Dict>());
    for field in tuple::items(fields).unwrap_or(&[]).iter().skip(given) {
        let text = text::lossy(*field);
        if a.named(&text).is_some() {
            continue;
        }
        let Some(types) = types else { continue };
        match dict::get(th, types, *field)? {
            None => {
                let f = repr_text(th, *field)?;
                warn(th, &DEPRECATION_WARNING, &format!("Field {f} is missing from {name}._field_types. This will become an error in Python 3.15."))?;
            }
            Some(t) if class_name(t) == "Union" || class_name(t) == "UnionType" => {}
            Some(t) if class_name(t) == "GenericAlias" => {
                let empty = list::new(th, &[])?;
                attr::set(th, this, *field, empty)?;
            }
            Some(t) => {
                let state = super::classes::State::get(th)?;
                if t == state.group("expr_context") {
                    let load = state.singleton(super::table::K::Load);
                    attr::set(th, this, *field, load)?;
                } else {
                    warn(th, &DEPRECATION_WARNING, &format!("{name}.__init__ missing 1 required positional argument: '{text}'. This will become an error in Python 3.15."))?;
                }
            }
        }
    }
    Ok(())
}

/// In Python 3 leading fields are arguments of the class and the rest is state; in 2.7 all is state.
fn reduce(th: &mut Thread, a: Args) -> R<Value> {
    let this = a.get(0);
    let class = class_of(this).value();
    let d = instance::dict_of(th, this)?;
    let state = dict::copy(th, d)?;
    let args = RootedVec::new(th)?;
    if th.py3() {
        let fields = names_of(th, class, "_fields")?;
        for f in tuple::items(fields).unwrap_or(&[]) {
            match dict::remove(th, state, *f)? {
                Some(v) => args.push(th, v)?,
                None => break,
            }
        }
    }
    let args = tuple_of(th, args)?;
    th.new_tuple(&[class, args, state.value()])
}
