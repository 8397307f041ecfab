//! Calls from natives: any callable, with positional and keyword arguments, on a fresh window of the value stack.

use crate::interp;
use crate::kinds;
use crate::native::Args;
use crate::thread::Thread;
use crate::types::dunder::D;
use crate::types::{native_function, tuple};
use txpy_heap::{R, Value};

impl Thread {
    /// Calls `f` with positional arguments.
    pub fn call(&mut self, f: Value, args: &[Value]) -> R<Value> { self.call_args(f, Args::of(args)) }

    /// Calls `f` with arguments as they came.
    pub fn call_args(&mut self, f: Value, a: Args) -> R<Value> {
        match f.kind() {
            Some(kinds::NATIVE) => {
                self.check_stack()?;
                native_function::call(self, f.cast().expect("a native"), a)
            }
            Some(kinds::FUNCTION) => interp::enter::call_function(self, f.cast().expect("a function"), a),
            Some(kinds::BOUND) => {
                let b: txpy_heap::Gc<crate::types::method::Bound> = f.cast().expect("a bound method");
                let b = b.frozen();
                if b.this.is_unset() {
                    crate::types::method_attrs::check_unbound(self, b, a)?;
                    return self.call_args(b.func, a);
                }
                self.check_stack()?;
                with_first(self, b.this, a, |th, a| th.call_args(b.func, a))
            }
            Some(kinds::TYPE) => {
                self.check_stack()?;
                crate::types::type_methods::call_type(self, f.cast().expect("a type"), a)
            }
            _ => match super::dunder(f, D::call) {
                Some(c) => {
                    self.check_stack()?;
                    if matches!(c.kind(), Some(kinds::FUNCTION | kinds::NATIVE)) {
                        with_first(self, f, a, |th, a| th.call_args(c, a))
                    } else {
                        let bound = super::attr::bind(self, c, f, super::class_of(f).value())?;
                        self.call_args(bound, a)
                    }
                }
                None => {
                    let name = super::class_name(f);
                    Err(self.type_error(format!("'{name}' object is not callable")))
                }
            },
        }
    }

    /// Calls `f` with positional arguments and `(name, value)` keywords.
    pub fn call_kw(&mut self, f: Value, args: &[Value], kw: &[(&str, Value)]) -> R<Value> {
        let names = tuple::alloc(self, kw.len())?;
        for (i, (n, _)) in kw.iter().enumerate() {
            let n = self.intern(n)?;
            // SAFETY: interned names are rooted by their table; the tuple is not yet known to anybody else.
            unsafe { names.frozen().tail_mut()[i] = n };
            self.remember(names.header());
        }
        on_stack(self, args.len() + kw.len(), |i| if i < args.len() { args[i] } else { kw[i - args.len()].1 }, names.value(), |th, a| th.call_args(f, a))
    }

    /// `v.name(args)`.
    pub fn call_method(&mut self, v: Value, name: &str, args: &[Value]) -> R<Value> {
        let f = super::attr::get_str(self, v, name)?;
        self.call(f, args)
    }
}

/// Runs `f` with a window of `n` arguments on the value stack.
pub fn on_stack<T>(th: &mut Thread, n: usize, value: impl Fn(usize) -> Value, names: Value, f: impl FnOnce(&mut Thread, Args) -> R<T>) -> R<T> {
    let at = th.top;
    // SAFETY: checked against the end of the reserved value stack; words below `top` are scanned by the collector.
    unsafe {
        if at.add(n + 1) as usize + 4096 > th.stack_end as usize {
            return Err(th.too_deep());
        }
        for i in 0..n {
            at.add(i).write(value(i).bits());
        }
        at.add(n).write(names.bits());
        th.top = at.add(n + 1);
        let r = f(th, Args::new(at.cast(), n, names));
        th.top = at;
        r
    }
}

/// Runs `f` with `first` put before the arguments.
pub fn with_first<T>(th: &mut Thread, first: Value, a: Args, f: impl FnOnce(&mut Thread, Args) -> R<T>) -> R<T> {
    on_stack(th, a.len() + 1, |i| if i == 0 { first } else { a.get(i - 1) }, a.keyword_names(), f)
}

/// Calls `f(*args, **kw)` with a tuple and a dict (or UNSET).
pub fn call_ex(th: &mut Thread, f: Value, args: Value, kw: Value) -> R<Value> {
    let n = tuple::items(args).map_or(0, |t| t.len());
    let Some(d) = kw.cast::<crate::types::dict::Dict>() else {
        let items = tuple::items(args).unwrap_or(&[]);
        return on_stack(th, n, |i| items[i], Value::UNSET, |th, a| th.call_args(f, a));
    };
    let k = crate::types::dict::len(th, d)?;
    if k == 0 {
        return call_ex(th, f, args, Value::UNSET);
    }
    let names = txpy_heap::RootedVec::with_capacity(th, k)?;
    let values = txpy_heap::RootedVec::with_capacity(th, k)?;
    let mut at = 0;
    while let Some((name, v)) = crate::types::dict::next(th, d, &mut at)? {
        if !crate::types::text::is_string(th, name) {
            return Err(th.type_error("keywords must be strings"));
        }
        let name = th.intern_value(name);
        names.push(th, name)?;
        values.push(th, v)?;
    }
    let k = names.len(th)?;
    let names_tuple = tuple::alloc(th, k)?;
    names.with(th, |s| {
        // SAFETY: not yet known to anybody else.
        unsafe { names_tuple.frozen().tail_mut().copy_from_slice(s) }
    })?;
    th.remember(names_tuple.header());
    let all = tuple::alloc(th, n + k)?;
    values.with(th, |s| {
        let items = tuple::items(args).unwrap_or(&[]);
        // SAFETY: not yet known to anybody else.
        let to = unsafe { all.frozen().tail_mut() };
        to[..n].copy_from_slice(items);
        to[n..].copy_from_slice(s);
    })?;
    th.remember(all.header());
    on_stack(th, n + k, |i| all.frozen().items()[i], names_tuple.value(), |th, a| th.call_args(f, a))
}
