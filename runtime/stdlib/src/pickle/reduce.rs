//! Writing objects by what their `__reduce_ex__` gives, and classes and functions by name.

use super::names::{library, module_of, renamed, walk};
use super::save::Saver;
use super::{op, pickling_error};
use crate::api::*;
use txpy_vm::import;

impl Saver {
    /// An object of no built-in type: a registered reduction, its class's, or a class by name.
    pub fn save_other(&mut self, th: &mut Thread, obj: Value) -> R<()> {
        let class = class_of(obj).value();
        let table = match self.table.get() {
            Some(t) => t,
            None => library(th, "copyreg", "dispatch_table")?,
        };
        let reducer = if dict::DICT.is_exact(table) {
            dict::get(th, this(table), class)?
        } else {
            let r = item::get(th, table, class);
            th.unless(r, &KEY_ERROR)?
        };
        if let Some(f) = reducer {
            let r = th.call(f, &[obj])?;
            return self.save_reduced(th, obj, r);
        }
        if obj.is::<Type>() {
            return self.save_global(th, obj, None);
        }
        let r = match attr::get_str_opt(th, obj, "__reduce_ex__")? {
            Some(f) => th.call(f, &[Value::int(self.proto as i64)])?,
            None => match attr::get_str_opt(th, obj, "__reduce__")? {
                Some(f) => th.call(f, &[])?,
                None => {
                    let (name, r) = (class_name(obj), repr_text(th, obj)?);
                    return Err(pickling_error(th, format!("can't pickle '{name}' object: {r}")));
                }
            },
        };
        self.save_reduced(th, obj, r)
    }

    /// What a reduction gave: a global's name, or a call with state and items.
    pub fn save_reduced(&mut self, th: &mut Thread, obj: Value, r: Value) -> R<()> {
        if text::is_text(r) {
            return self.save_global(th, obj, Some(r));
        }
        let Some(t) = tuple::items(r) else { return Err(pickling_error(th, "__reduce__ must return a string or tuple")) };
        if !(2..=6).contains(&t.len()) {
            return Err(pickling_error(th, "tuple returned by __reduce__ must contain 2 through 6 elements"));
        }
        let part = |i: usize| t.get(i).copied().filter(|v| !v.is_none());
        let (callable, args) = (t[0], t[1]);
        if dunder(callable, D::call).is_none() {
            return Err(pickling_error(th, "first item of the tuple returned by __reduce__ must be callable"));
        }
        if !args.is::<tuple::Tuple>() {
            return Err(pickling_error(th, "second item of the tuple returned by __reduce__ must be a tuple"));
        }
        for (i, which) in [(3, "fourth"), (4, "fifth")] {
            if let Some(x) = part(i).filter(|x| !iter::is_iterator(th, *x)) {
                let got = class_name(x);
                return Err(pickling_error(th, format!("{which} element of the tuple returned by __reduce__ must be an iterator, not {got}")));
            }
        }
        if let Some(x) = part(5).filter(|x| dunder(*x, D::call).is_none()) {
            let got = class_name(x);
            return Err(pickling_error(th, format!("sixth element of the tuple returned by __reduce__ must be a function, not {got}")));
        }
        self.save_call(th, callable, args, Some(obj))?;
        if let Some(it) = part(3) {
            self.append_all(th, it)?;
        }
        if let Some(it) = part(4) {
            self.set_all(th, it)?;
        }
        let Some(state) = part(2) else { return Ok(()) };
        match part(5) {
            None => {
                self.save(th, state)?;
                self.op(op::BUILD);
            }
            Some(setter) => {
                self.save(th, setter)?;
                self.save(th, obj)?;
                self.save(th, state)?;
                self.bytes(&[op::TUPLE2, op::REDUCE, op::POP]);
            }
        }
        Ok(())
    }

    /// A call that makes the object anew; `obj` gets its number then.
    pub fn save_call(&mut self, th: &mut Thread, callable: Value, args: Value, obj: Option<Value>) -> R<()> {
        let name = if self.proto >= 2 { attr::get_str_opt(th, callable, "__name__")? } else { None };
        let name = name.and_then(text::bytes_of).unwrap_or(b"");
        let given = tuple::items(args).unwrap_or(&[]);
        match name {
            b"__newobj_ex__" => self.save_newobj_ex(th, given, obj)?,
            b"__newobj__" => {
                let Some((class, rest)) = given.split_first() else { return Err(pickling_error(th, "__newobj__ arglist is empty")) };
                if attr::get_str_opt(th, *class, "__new__")?.is_none() {
                    return Err(pickling_error(th, "args[0] from __newobj__ args has no __new__"));
                }
                self.check_class(th, *class, obj, "__newobj__")?;
                self.save(th, *class)?;
                let rest = th.new_tuple(rest)?;
                self.save(th, rest)?;
                self.op(op::NEWOBJ);
            }
            _ => {
                self.save(th, callable)?;
                self.save(th, args)?;
                self.op(op::REDUCE);
            }
        }
        let Some(obj) = obj else { return Ok(()) };
        // The arguments may have led back to the object.
        if let Some(i) = self.known(obj) {
            self.op(op::POP);
            self.recall(i);
            return Ok(());
        }
        self.memoize(th, obj)
    }
    fn check_class(&mut self, th: &mut Thread, class: Value, obj: Option<Value>, what: &str) -> R<()> {
        if let Some(obj) = obj {
            let own = attr::get_str(th, obj, "__class__")?;
            if own != class {
                return Err(pickling_error(th, format!("args[0] from {what} args has the wrong class")));
            }
        }
        Ok(())
    }
    fn save_newobj_ex(&mut self, th: &mut Thread, given: &[Value], obj: Option<Value>) -> R<()> {
        let &[class, args, kwargs] = given else {
            return Err(pickling_error(th, format!("length of the NEWOBJ_EX argument tuple must be exactly 3, not {}", given.len())));
        };
        if !class.is::<Type>() {
            let got = class_name(class);
            return Err(pickling_error(th, format!("first item from NEWOBJ_EX argument tuple must be a class, not {got}")));
        }
        self.check_class(th, class, obj, "__newobj_ex__")?;
        if !args.is::<tuple::Tuple>() {
            let got = class_name(args);
            return Err(pickling_error(th, format!("second item from NEWOBJ_EX argument tuple must be a tuple, not {got}")));
        }
        if !kwargs.is::<Dict>() {
            let got = class_name(kwargs);
            return Err(pickling_error(th, format!("third item from NEWOBJ_EX argument tuple must be a dict, not {got}")));
        }
        if self.proto >= 4 {
            for x in given {
                self.save(th, *x)?;
            }
            self.op(op::NEWOBJ_EX);
            return Ok(());
        }
        let (new, partial) = (attr::get_str(th, class, "__new__")?, library(th, "functools", "partial")?);
        let all = RootedVec::from_slice(th, &[new, class])?;
        all.extend(th, tuple::items(args).unwrap_or(&[]))?;
        let all = tuple_of(th, all)?;
        let f = call_ex(th, partial, all, kwargs)?;
        self.save(th, f)?;
        let empty = th.new_tuple(&[])?;
        self.save(th, empty)?;
        self.op(op::REDUCE);
        Ok(())
    }

    /// A class or function by its module and name.
    pub fn save_global(&mut self, th: &mut Thread, obj: Value, name: Option<Value>) -> R<()> {
        let name = match name {
            Some(n) => n,
            None => match attr::get_str_opt(th, obj, "__qualname__")? {
                Some(n) => n,
                None => attr::get_str(th, obj, "__name__")?,
            },
        };
        let path = text::lossy(name).into_owned();
        if path.split('.').any(|p| p == "<locals>") {
            let n = repr_text(th, name)?;
            return Err(th.attribute_error(format!("Can't get local object {n}")));
        }
        let module_name = module_of(th, obj, &path)?;
        let shown = text::lossy(module_name).into_owned();
        let module = import::import_name(th, &shown);
        let module = match module {
            Ok(m) => m,
            Err(e) => {
                if th.catch(&txpy_vm::exceptions::IMPORT_ERROR).is_none() && th.catch(&VALUE_ERROR).is_none() {
                    return Err(e);
                }
                let r = repr_text(th, obj)?;
                return Err(pickling_error(th, format!("Can't pickle {r}: import of module '{shown}' failed")));
            }
        };
        let Some((found, parent)) = walk(th, module, &path)? else {
            let r = repr_text(th, obj)?;
            return Err(pickling_error(th, format!("Can't pickle {r}: attribute lookup {path} on {shown} failed")));
        };
        if found != obj {
            let r = repr_text(th, obj)?;
            return Err(pickling_error(th, format!("Can't pickle {r}: it's not the same object as {shown}.{path}")));
        }
        if self.proto >= 2 && self.save_extension(th, module_name, name, obj)? {
            return Ok(());
        }
        if self.proto >= 4 {
            self.save(th, module_name)?;
            self.save(th, name)?;
            self.op(op::STACK_GLOBAL);
            return self.memoize(th, obj);
        }
        if let Some((_, last)) = path.rsplit_once('.') {
            let (getattr, last) = (txpy_vm::builtins_seq::builtin(th, "getattr")?, th.native_str(last)?);
            let args = th.new_tuple(&[parent, last])?;
            return self.save_call(th, getattr, args, Some(obj));
        }
        let (m, n) = if self.fix_imports { renamed(th, ("REVERSE_NAME_MAPPING", "REVERSE_IMPORT_MAPPING"), module_name, name)? } else { (module_name, name) };
        let (mb, nb) = (text::bytes_of(m).unwrap_or(b""), text::bytes_of(n).unwrap_or(b""));
        if self.proto < 3 && !(mb.is_ascii() && nb.is_ascii()) {
            return Err(pickling_error(th, format!("can't pickle global identifier '{}.{}' using pickle protocol {}", text::lossy(m), text::lossy(n), self.proto)));
        }
        self.op(op::GLOBAL);
        self.bytes(mb);
        self.bytes(b"\n");
        self.bytes(nb);
        self.bytes(b"\n");
        self.memoize(th, obj)
    }
    /// The short code of a registered global.
    fn save_extension(&mut self, th: &mut Thread, module: Value, name: Value, obj: Value) -> R<bool> {
        let registry = library(th, "copyreg", "_extension_registry")?;
        let Some(registry) = registry.cast::<Dict>() else { return Ok(false) };
        let key = th.new_tuple(&[module, name])?;
        let Some(code) = dict::get(th, registry, key)? else { return Ok(false) };
        let code = match int::to_i64(code) {
            Some(c @ 1..=0x7fff_ffff) => c as u32,
            _ => {
                let (r, c) = (repr_text(th, obj)?, repr_text(th, code)?);
                return Err(pickling_error(th, format!("Can't pickle {r}: extension code {c} isn't an integer in range(1, 0x80000000)")));
            }
        };
        let b = code.to_le_bytes();
        match code {
            ..0x100 => self.bytes(&[op::EXT1, b[0]]),
            ..0x10000 => self.bytes(&[op::EXT2, b[0], b[1]]),
            _ => self.bytes(&[op::EXT4, b[0], b[1], b[2], b[3]]),
        }
        Ok(true)
    }
}
