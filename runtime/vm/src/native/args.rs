//! `Args`: the arguments of a native call, a view of a window on the value stack.

use crate::thread::Thread;
use std::marker::PhantomData;
use txpy_heap::Value;

/// Arguments of one native call: `n` words at `window`, the last `kw.len()` of them passed by keyword.
///
/// Copy; [`get`](Args::get) copies a Value out, so that nobody holds a reference into the stack. For a native whose signature has no
/// `*args`/`**kwargs` the call has already been bound: `get(i)` is parameter `i`, UNSET where it was left out.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    window: *const Value,
    n: u32,
    /// Tuple of keyword names or UNSET.
    names: Value,
    /// DIES bits of the instruction that made the call (bit i: argument i is a temporary whose last use this is).
    pub dead: u8,
    _life: PhantomData<&'a ()>,
}

impl<'a> Args<'a> {
    /// # Safety
    /// `window` holds `n` Values for as long as the Args lives.
    pub(crate) unsafe fn new(window: *const Value, n: usize, names: Value) -> Args<'a> { Args { window, n: n as u32, names, dead: 0, _life: PhantomData } }
    /// Arguments that stand in an array of the caller's frame (natives calling natives).
    pub fn of(values: &'a [Value]) -> Args<'a> { Args { window: values.as_ptr(), n: values.len() as u32, names: Value::UNSET, dead: 0, _life: PhantomData } }
    /// Positional and keyword arguments together.
    #[inline(always)]
    pub fn len(&self) -> usize { self.n as usize }
    pub fn is_empty(&self) -> bool { self.n == 0 }
    /// Argument `i`, UNSET when there is none.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Value {
        if i < self.n as usize {
            // SAFETY: below n; the window outlives the call (`new`'s contract).
            unsafe { *self.window.add(i) }
        } else {
            Value::UNSET
        }
    }
    /// Argument `i`, or `default` when it was left out.
    #[inline(always)]
    pub fn or(&self, i: usize, default: Value) -> Value {
        let v = self.get(i);
        if v.is_unset() { default } else { v }
    }
    /// Argument `i` if it was given.
    #[inline(always)]
    pub fn opt(&self, i: usize) -> Option<Value> { self.get(i).get() }
    /// Argument `i` if it was given and is not None.
    #[inline(always)]
    pub fn some(&self, i: usize) -> Option<Value> { self.get(i).get().filter(|v| !v.is_none()) }
    #[inline(always)]
    pub fn has_keywords(&self) -> bool { !self.names.is_unset() }
    /// Tuple of the keyword names or UNSET.
    pub fn keyword_names(&self) -> Value { self.names }
    /// Number of positional arguments.
    pub fn positional(&self) -> usize { self.n as usize - self.keyword_count() }
    pub fn keyword_count(&self) -> usize { self.names.cast::<crate::types::tuple::Tuple>().map_or(0, |t| t.frozen().len) }
    /// (name, value) of keyword argument `i`.
    pub fn keyword(&self, i: usize) -> (Value, Value) {
        let names = self.names.cast::<crate::types::tuple::Tuple>().expect("keyword index without keywords");
        (names.frozen().items()[i], self.get(self.positional() + i))
    }
    /// The keyword argument called `name`.
    pub fn named(&self, name: &str) -> Option<Value> {
        (0..self.keyword_count()).map(|i| self.keyword(i)).find(|(n, _)| crate::types::text::bytes_of(*n).is_some_and(|b| b == name.as_bytes())).map(|(_, v)| v)
    }
    /// All without the first `k` positional ones.
    pub fn skip(&self, k: usize) -> Args<'a> {
        let k = k.min(self.positional());
        // SAFETY: stays inside the window.
        Args { window: unsafe { self.window.add(k) }, n: self.n - k as u32, ..*self }
    }
    /// Only the positional ones.
    pub fn without_keywords(&self) -> Args<'a> { Args { n: self.positional() as u32, names: Value::UNSET, ..*self } }
    /// All of them, as if none had been passed by keyword.
    pub fn unnamed(&self) -> Args<'a> { Args { names: Value::UNSET, ..*self } }
    pub fn iter(self) -> impl Iterator<Item = Value> + 'a { (0..self.len()).map(move |i| self.get(i)) }
    pub(crate) fn window(&self) -> *const Value { self.window }
    pub fn collect_tuple(&self, th: &mut Thread) -> txpy_heap::R<Value> {
        // SAFETY: positional() words stand at window.
        let items = unsafe { std::slice::from_raw_parts(self.window, self.positional()) };
        th.new_tuple(items)
    }
}
