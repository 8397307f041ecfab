//! Class definitions.

use txpy_syntax::ast::*;

use super::{Compiler, Result};
use crate::image::Const;
use crate::ops::{Op, helper::Helper, singleton};
use crate::symtable::part;

impl<'a> Compiler<'a, '_> {
    pub(super) fn class_def(&mut self, s: &'a Stmt<'a>, c: &'a ClassDef<'a>) -> Result<()> {
        self.check_store(c.name, s.span)?;
        let mark = self.mark();
        let windows = self.decorators(c.decorators)?;
        let line = c.decorators.first().map_or(s.span.line, |d| d.span.line);
        if c.type_params.is_empty() {
            self.class_value(s.span, c, line, None)?;
        } else {
            let d = self.temp();
            self.generic_class(s.span, c, line, d)?;
        }
        self.decorate(c.decorators, &windows);
        self.at(s.span);
        self.store_name(c.name, mark, s.span)?;
        self.release(mark);
        Ok(())
    }

    /// Builds the class in a window at the top; its result is there. `generic`: register of an additional base.
    pub(super) fn class_value(&mut self, span: Span, c: &'a ClassDef<'a>, line: u32, generic: Option<u16>) -> Result<u16> {
        self.check_keywords(c.keywords)?;
        let a = self.temps(5);
        let head = Span { end_line: span.line, end_col: span.col, ..span };
        self.at(head);
        let build = if self.legacy { Helper::BUILD_CLASS2 } else { Helper::__build_class__ };
        self.emit(Op::LOADX, a, build as u16, 0);
        let f = self.temp();
        self.class_function(c, line, f)?;
        self.at(head);
        let name = self.temp();
        self.load_const(Const::Name(c.name.into()), name);
        if self.legacy {
            let bases = self.mark();
            for b in c.bases {
                self.push(b)?;
            }
            self.at(head);
            self.release(bases);
            let t = self.temp();
            self.emit(Op::TUPLE, t, bases, c.bases.len() as u16);
            self.emit(Op::CALL, a, 0, 3);
        } else if let Some(g) = generic {
            self.generic_bases(head, a, c, g)?;
        } else {
            self.arguments(head, a, None, 2, c.bases, c.keywords)?;
        }
        self.release(a + 1);
        Ok(a)
    }

    /// The base `Generic[...]` comes after the written ones.
    fn generic_bases(&mut self, span: Span, a: u16, c: &'a ClassDef<'a>, generic: u16) -> Result<()> {
        let list = self.temp();
        self.emit(Op::LIST, list, a + 5, 2);
        self.extend_list(list, c.bases)?;
        self.emit(Op::LISTAPPEND, list, generic, 0);
        self.emit(Op::LISTTUPLE, a + 5, list, 0);
        self.release(a + 6);
        if !c.keywords.is_empty() {
            let d = self.temp();
            self.keyword_dict(span, d, a, c.keywords)?;
        }
        self.at(span);
        self.emit_x(Op::CALLEX, !c.keywords.is_empty() as u8, a, 0, 0);
        Ok(())
    }

    fn class_function(&mut self, c: &'a ClassDef<'a>, line: u32, dest: u16) -> Result<()> {
        let scope = self.table.find(c, part::BODY);
        self.enter(c.body.first().map_or(Span::default(), |s| s.span))?;
        self.begin_unit(scope, c.name, line);
        self.setup_registers(&[]);
        self.at(Span { line, end_line: line, ..Span::default() });
        self.class_body(c, line)?;
        let image = self.end_unit()?;
        self.leave();
        let mark = self.mark();
        let w = self.temps(4);
        for i in 0..3 {
            self.emit(Op::LOADS, w + i, singleton::UNSET, 0);
        }
        self.closure(image, scope, w, dest);
        self.release(mark);
        Ok(())
    }

    fn set_in_class(&mut self, name: &str, value: Const) {
        let t = self.temp();
        self.load_const(value, t);
        let n = self.unit.asm.name(name);
        self.emit(Op::STOREN, t, n, 0);
        self.release(t);
    }

    fn class_body(&mut self, c: &'a ClassDef<'a>, line: u32) -> Result<()> {
        // First, so that nothing else uses the register.
        self.open_home(c.body);
        let t = self.temp();
        let (from, to) = (self.unit.asm.name("__name__"), self.unit.asm.name("__module__"));
        self.emit(Op::LOADN, t, from, 0);
        self.emit(Op::STOREN, t, to, 0);
        self.release(t);
        if !self.legacy {
            let qualname = self.unit.qualname.clone();
            self.set_in_class("__qualname__", Const::Name(qualname.into()));
            self.set_in_class("__firstlineno__", Const::Int(line as i64));
        }
        if self.scope().annotates() {
            self.make_annotations();
        }
        let mut body = c.body;
        if let Some((doc, rest)) = self.split_doc(body) {
            if let Some(doc) = doc {
                self.at(body[0].span);
                self.set_in_class("__doc__", doc.clone());
                self.unit.doc = Some(doc);
            }
            body = rest;
        }
        self.body(body)?;
        if !self.legacy {
            let names = std::mem::take(&mut self.unit.static_attrs);
            let names = names.iter().map(|n| Const::Name(n.as_str().into())).collect();
            self.set_in_class("__static_attributes__", Const::Tuple(names));
        }
        if self.scope().class_cell {
            let cell = self.unit.cells["__class__"];
            self.emit(Op::RET, cell, 0, 0);
        } else {
            self.return_none();
        }
        Ok(())
    }
}
