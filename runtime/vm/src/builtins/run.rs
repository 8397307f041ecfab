//! Builtins that compile, run and import code, and read input.

use crate::exceptions::*;
use crate::interp::enter;
use crate::interp::frame::Frame;
use crate::names::{N, n};
use crate::native::{Args, NativeDef};
use crate::object::{self, attr};
use crate::thread::Thread;
use crate::types::code::{self, Code};
use crate::types::dict::{self, Dict};
use crate::types::{function, int, text, traceback};
use txpy_compiler::image::Image;
use txpy_heap::{Gc, R, Unwind, Value};
use txpy_syntax::{FutureFlags, Grammar, Mode, SourceKind, SyntaxError};

pub static FUNCTIONS: &[NativeDef] = natives! {
    "__import__(name, globals=None, locals=None, fromlist=(), level=0)" = import, "Import a module.";
    #[py2] "compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1)" = compile, "Compile source into a code object that can be executed by exec() or eval().";
    #[py3] "compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)" = compile, "Compile source into a code object that can be executed by exec() or eval().";
    "eval(source, /, globals=None, locals=None)" = eval, "Evaluate the given source in the context of globals and locals.";
    #[py3] "exec(source, /, globals=None, locals=None, *, closure=None)" = exec, "Execute the given source in the context of globals and locals.";
    #[py2] "execfile(filename, globals=None, locals=None, /)" = execfile, "Read and execute a Python script from a file.";
    #[py2] "reload(module, /)" = reload, "Reload the module.";
};
/// Helpers of compiled code.
pub static HELPERS: &[NativeDef] = natives! {
    "LOCALS()" = locals, "Local variables of the running frame.";
};

/// CO_* bits that `compile(flags=)` understands beside the future ones.
const ONLY_AST: i64 = 0x400;
/// Bits of 2.7 and 3 that change nothing here (implied dedents, type comments, folded trees) or are handled: a tree, `await` at top level.
const KNOWN: [i64; 2] = [0x200 | ONLY_AST, 0x200 | ONLY_AST | 0x1000 | ALLOW_TOP_LEVEL_AWAIT | 0x4000 | 0x8000];
const ALLOW_TOP_LEVEL_AWAIT: i64 = 0x2000;

/// What `compile` needs to give and take syntax trees as objects; the library's `ast` provides it.
pub struct TreeHooks {
    /// The objects of a parsed text; the last argument is the minor version of Python 3 whose grammar is allowed.
    pub to_objects: fn(&mut Thread, &txpy_syntax::Tree, &str, Option<u32>) -> R<Value>,
    /// Compiles a tree of objects; None if the Value is none.
    pub compile: fn(&mut Thread, Value, &str, Mode, FutureFlags, u8) -> R<Option<Gc<Code>>>,
    /// Whether a Value is a node.
    pub is_tree: fn(Value) -> bool,
}
static TREES: std::sync::OnceLock<TreeHooks> = std::sync::OnceLock::new();
pub fn set_tree_hooks(hooks: TreeHooks) { let _ = TREES.set(hooks); }

pub fn grammar() -> Grammar { if crate::dialect::py3() { Grammar::py3() } else { Grammar::py27() } }

/// Raises what the parser or compiler reports.
pub fn raise_syntax_error(th: &mut Thread, e: &SyntaxError, filename: &str) -> Unwind {
    use txpy_syntax::ErrorKind;
    let def = match e.kind {
        ErrorKind::Indentation => &INDENTATION_ERROR,
        ErrorKind::Tab => &TAB_ERROR,
        ErrorKind::TooComplex => return th.raise(&MEMORY_ERROR, &e.msg),
        ErrorKind::Value => return th.value_error(&e.msg),
        ErrorKind::Type => return th.type_error(&e.msg),
        ErrorKind::Syntax => &SYNTAX_ERROR,
    };
    let mut make = || -> R<Value> {
        let msg = th.native_str(&e.msg)?;
        let file = th.native_str(filename)?;
        let line = match &e.text {
            Some(t) => th.native_str(t)?,
            None => Value::NONE,
        };
        let number = |i: u32| if i == 0 { Value::NONE } else { Value::int(i as i64) };
        let detail = if th.py3() {
            th.new_tuple(&[file, number(e.line), number(e.col), line, number(e.end_line), number(e.end_col)])?
        } else {
            th.new_tuple(&[file, number(e.line), number(e.col), line])?
        };
        // What 2.7 finds after parsing says its place in attributes, not in the arguments; it has no column.
        if !th.py3() && e.col == 0 && e.line > 0 {
            let x = crate::types::exception::new(th, def, &[msg])?;
            crate::types::exc_fields::set_place(th, x, detail)?;
            return Ok(x);
        }
        crate::types::exception::new(th, def, &[msg, detail])
    };
    match make() {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}

/// Compiles a text; SyntaxError as CPython raises it.
pub fn compile_text(th: &mut Thread, source: &[u8], kind: SourceKind, filename: &str, mode: Mode, namespace: bool, flags: FutureFlags, optimize: u8) -> R<Gc<Code>> {
    let options = txpy_compiler::Options { filename, optimize, namespace, flags };
    match compile_image(source, mode, kind, &options) {
        Ok(image) => {
            warn(th, &image, filename, source)?;
            code::load(th, image.into())
        }
        Err(e) => Err(raise_syntax_error(th, &e, filename)),
    }
}
/// Shows the compiler's warnings; one that filters make an error becomes a SyntaxError.
fn warn(th: &mut Thread, image: &Image, filename: &str, source: &[u8]) -> R<()> {
    for (line, msg) in &image.warnings {
        let shown = crate::warn::warn_at(th, &SYNTAX_WARNING, msg, filename, *line);
        if let Err(e) = shown {
            if th.catch(&SYNTAX_WARNING).is_none() {
                return Err(e);
            }
            let text = source.split(|b| *b == b'\n').nth(*line as usize - 1).map(|t| String::from_utf8_lossy(t).into_owned());
            let error = SyntaxError { kind: txpy_syntax::ErrorKind::Syntax, msg: msg.clone(), line: *line, col: 1, end_line: *line, end_col: 1, text, incomplete: false };
            return Err(raise_syntax_error(th, &error, filename));
        }
    }
    Ok(())
}
fn compile_image(source: &[u8], mode: Mode, kind: SourceKind, options: &txpy_compiler::Options) -> Result<Image, SyntaxError> {
    txpy_compiler::compile_source(source, mode, kind, &grammar(), options)
}

/// Source text given to compile, eval or exec: text or bytes.
fn source_of(th: &mut Thread, v: Value, what: &str) -> R<(Vec<u8>, SourceKind)> {
    if let Some(b) = text::bytes_of(v) {
        let kind = if text::is_text(v) { SourceKind::Text } else { SourceKind::Bytes };
        if b.contains(&0) {
            let msg = "source code string cannot contain null bytes";
            return Err(if th.py3() { th.raise(&SYNTAX_ERROR, msg) } else { th.type_error(if what == "compile" { "compile() expected string without null bytes" } else { msg }) });
        }
        return Ok((b.to_vec(), kind));
    }
    if v.is::<crate::types::bytearray::ByteArray>() || v.is::<crate::types::memoryview::MemoryView>() {
        let b = th.call(text::BYTES.value(), &[v])?;
        return Ok((text::bytes_of(b).unwrap_or(b"").to_vec(), SourceKind::Bytes));
    }
    let msg = match (what, th.py3()) {
        ("compile", true) => "compile() arg 1 must be a string, bytes or AST object".to_string(),
        ("compile", false) => "expected a readable buffer object".to_string(),
        (_, true) => format!("{what}() arg 1 must be a string, bytes or code object"),
        (_, false) => format!("{what}() arg 1 must be a string or code object"),
    };
    Err(th.type_error(msg))
}

/// Future flags of the code that is calling.
fn inherited(th: &Thread) -> FutureFlags {
    match Frame::innermost(th) {
        Some(f) => FutureFlags::from_bits(f.code().frozen().flags, !th.py3()),
        None => FutureFlags::default(),
    }
}

fn compile(th: &mut Thread, a: Args) -> R<Value> {
    let filename = fs_text(th, a.get(1))?;
    let mode_text = text::lossy(a.get(2)).into_owned();
    let flags = match a.opt(3) {
        Some(f) => int::arg_i64(th, f)?,
        None => 0,
    };
    let dont_inherit = match a.opt(4) {
        Some(v) => object::is_true(th, v)?,
        None => false,
    };
    let optimize = match a.opt(5) {
        Some(v) => int::arg_i64(th, v)?,
        None => -1,
    };
    if !(-1..=2).contains(&optimize) {
        return Err(th.value_error("compile(): invalid optimize value"));
    }
    if flags & !(KNOWN[th.py3() as usize] | FutureFlags::all_bits(!th.py3()) as i64) != 0 {
        return Err(th.value_error("compile(): unrecognised flags"));
    }
    if flags & ALLOW_TOP_LEVEL_AWAIT != 0 && th.py3() {
        return Err(th.not_implemented("top-level await (compile with PyCF_ALLOW_TOP_LEVEL_AWAIT)"));
    }
    let mode = match mode_text.as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" if th.py3() && flags & ONLY_AST != 0 => return Err(th.not_implemented("signature type comments (compile mode 'func_type')")),
        "func_type" if th.py3() => return Err(th.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST")),
        _ => {
            let msg = match (th.py3(), flags & ONLY_AST != 0) {
                (true, true) => "compile() mode must be 'exec', 'eval', 'single' or 'func_type'",
                (true, false) => "compile() mode must be 'exec', 'eval' or 'single'",
                (false, _) => "compile() arg 3 must be 'exec', 'eval' or 'single'",
            };
            return Err(th.value_error(msg));
        }
    };
    if a.get(0).is::<Code>() {
        return Ok(a.get(0));
    }
    let mut future = FutureFlags::from_bits(flags as u32, !th.py3());
    if !dont_inherit {
        future = FutureFlags::from_bits(future.bits(!th.py3()) | inherited(th).bits(!th.py3()), !th.py3());
    }
    let level = if optimize < 0 { crate::runtime::optimize() } else { optimize as u8 };
    if let Some(hooks) = TREES.get() {
        if flags & ONLY_AST == 0 {
            if let Some(code) = (hooks.compile)(th, a.get(0), &filename, mode, future, level)? {
                return Ok(code.value());
            }
        } else if (hooks.is_tree)(a.get(0)) {
            return Ok(a.get(0));
        }
    }
    let (source, kind) = source_of(th, a.get(0), "compile")?;
    let Some(hooks) = TREES.get().filter(|_| flags & ONLY_AST != 0) else {
        return Ok(compile_text(th, &source, kind, &filename, mode, true, future, level)?.value());
    };
    let feature = match a.opt(6) {
        Some(v) => u32::try_from(int::arg_i64(th, v)?).ok(),
        None => None,
    };
    let arena = txpy_syntax::Arena::new();
    let grammar = grammar();
    let parsing = txpy_syntax::Options { mode, grammar: &grammar, source_kind: kind, filename: &filename, flags: future };
    match txpy_syntax::parse_with(&arena, &source, &parsing) {
        Ok(tree) => (hooks.to_objects)(th, &tree, &filename, feature),
        Err(e) => Err(raise_syntax_error(th, &e, &filename)),
    }
}

/// A file name given as text, bytes or path object.
pub fn fs_text(th: &mut Thread, v: Value) -> R<String> {
    if text::bytes_of(v).is_some() {
        return Ok(text::lossy(v).into_owned());
    }
    if let Some(p) = object::call_dunder(th, v, crate::types::dunder::D::fspath, &[])? {
        return Ok(text::lossy(p).into_owned());
    }
    let got = object::class_name(v);
    Err(th.type_error(format!("expected str, bytes or os.PathLike object, not {got}")))
}

/// Globals and locals of an exec or eval: those given, or the caller's.
fn scopes(th: &mut Thread, globals: Option<Value>, locals: Option<Value>, what: &str) -> R<(Gc<Dict>, Value)> {
    match (globals, locals) {
        (None, l) => {
            let Some(f) = Frame::innermost(th) else { return Err(th.system_error("globals and locals cannot be NULL")) };
            let g = f.function().frozen().globals;
            let l = match l {
                Some(l) => l,
                None => traceback::locals(th, f)?,
            };
            Ok((g, l))
        }
        (Some(g), l) => {
            let Some(d) = g.cast::<Dict>() else {
                let got = object::class_name(g);
                let msg = if what == "eval" { "globals must be a dict".to_string() } else if th.py3() { format!("{what}() globals must be a dict, not {got}") } else { format!("{what}: arg 2 must be a dictionary or None") };
                return Err(th.type_error(msg));
            };
            if dict::get_name(th, d, n(N::__builtins__))?.is_none() {
                let b = super::the_module().value();
                dict::set(th, d, n(N::__builtins__), b)?;
            }
            if let Some(l) = l {
                if object::dunder(l, crate::types::dunder::D::getitem).is_none() {
                    let got = object::class_name(l);
                    let msg = match (what, th.py3()) {
                        ("eval", _) => "locals must be a mapping".to_string(),
                        ("exec", true) => format!("locals must be a mapping or None, not {got}"),
                        _ => format!("{what}() locals must be a mapping"),
                    };
                    return Err(th.type_error(msg));
                }
            }
            Ok((d, l.unwrap_or(g)))
        }
    }
}

/// Runs a code object with a namespace.
pub fn run(th: &mut Thread, code: Gc<Code>, globals: Gc<Dict>, locals: Value) -> R<Value> {
    if !code.frozen().freevars.frozen().items().is_empty() {
        return Err(th.type_error("code object passed to exec() may not contain free variables"));
    }
    let f = function::new(th, code, globals, Value::UNSET)?;
    enter::run_code(th, f, locals)
}

fn eval(th: &mut Thread, a: Args) -> R<Value> {
    let (g, l) = scopes(th, a.some(1), a.some(2), "eval")?;
    if let Some(c) = a.get(0).cast::<Code>() {
        return run(th, c, g, l);
    }
    let (source, kind) = source_of(th, a.get(0), "eval")?;
    let start = source.iter().position(|c| *c != b' ' && *c != b'\t').unwrap_or(source.len());
    let flags = inherited(th);
    let c = compile_text(th, &source[start..], kind, "<string>", Mode::Eval, true, flags, crate::runtime::optimize())?;
    run(th, c, g, l)
}
fn exec(th: &mut Thread, a: Args) -> R<Value> {
    let (g, l) = scopes(th, a.some(1), a.some(2), "exec")?;
    let closure = a.some(3);
    let Some(c) = a.get(0).cast::<Code>() else {
        if closure.is_some() {
            return Err(th.type_error("closure can only be used when source is a code object"));
        }
        exec_in(th, a.get(0), g, l)?;
        return Ok(Value::NONE);
    };
    let want = c.frozen().freevars.frozen().items().len();
    let cells = closure.and_then(crate::types::tuple::items);
    if want == 0 && closure.is_some() {
        return Err(th.type_error("cannot use a closure with this code object"));
    }
    if want > 0 && !cells.is_some_and(|cells| cells.len() == want && cells.iter().all(|c| c.is::<crate::types::cell::Cell>())) {
        return Err(th.type_error(format!("code object requires a closure of exactly length {want}")));
    }
    let f = function::new(th, c, g, closure.unwrap_or(Value::UNSET))?;
    enter::run_code(th, f, l)?;
    Ok(Value::NONE)
}
pub(super) fn exec_in(th: &mut Thread, v: Value, g: Gc<Dict>, l: Value) -> R<()> {
    let c = match v.cast::<Code>() {
        Some(c) => c,
        None => {
            let (source, kind) = source_of(th, v, "exec")?;
            let flags = inherited(th);
            compile_text(th, &source, kind, "<string>", Mode::Exec, true, flags, crate::runtime::optimize())?
        }
    };
    run(th, c, g, l)?;
    Ok(())
}
/// 2.7's exec statement with its scopes, UNSET where left out.
pub(super) fn exec_scopes(th: &mut Thread, g: Value, l: Value) -> R<(Gc<Dict>, Value)> {
    let some = |v: Value| v.get().filter(|v| !v.is_none());
    scopes(th, some(g), some(l), "exec")
}
fn execfile(th: &mut Thread, a: Args) -> R<Value> {
    let name = fs_text(th, a.get(0))?;
    let (g, l) = scopes(th, a.some(1), a.some(2), "execfile")?;
    let source = match std::fs::read(&name) {
        Ok(s) => s,
        Err(e) => return Err(crate::runtime::os_error(th, &e, Some(a.get(0)))),
    };
    let c = compile_text(th, &source, SourceKind::File, &name, Mode::Exec, true, FutureFlags::default(), crate::runtime::optimize())?;
    run(th, c, g, l)?;
    Ok(Value::NONE)
}
fn import(th: &mut Thread, a: Args) -> R<Value> {
    if !text::is_string(th, a.get(0)) {
        let got = object::class_name(a.get(0));
        return Err(th.type_error(if th.py3() { "module name must be a string".to_string() } else { format!("__import__() argument 1 must be string, not {got}") }));
    }
    let level = match a.opt(4) {
        Some(l) => int::arg_i64(th, l)?,
        None => if th.py3() { 0 } else { -1 },
    };
    let name = text::lossy(a.get(0)).into_owned();
    crate::import::import(th, &name, a.get(1).cast::<Dict>(), a.or(3, Value::NONE), level)
}
fn reload(th: &mut Thread, a: Args) -> R<Value> {
    let Some(m) = a.get(0).cast::<crate::types::module::Module>() else { return Err(th.type_error("reload() argument must be module")) };
    let name = attr::get_str(th, m.value(), "__name__")?;
    crate::import::reload(th, m, &text::lossy(name))
}
fn locals(th: &mut Thread, _: Args) -> R<Value> {
    match Frame::innermost(th) {
        Some(f) => traceback::locals(th, f),
        None => Ok(dict::new(th)?.value()),
    }
}
