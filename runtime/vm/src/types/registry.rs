//! All layouts and the types without a name in builtins: what start-up registers.

use crate::native::TypeDef;
use crate::object::dictview;
use crate::types::*;
use txpy_heap::Object;

macro_rules! layouts { ($($t:path),* $(,)?) => { &[$(<$t as Object>::INFO),*] } }

/// Tells the heap of every layout that the vm declares.
pub fn register_kinds() {
    txpy_heap::register_kinds(layouts![
        tuple::Tuple, range::Range, range::RangeIter, memoryview::MemoryView, str_iter::StrIter, native_function::Native, dict::Dict, dict_iter::DictIter, float::Float, property::Property,
        type_::Type, getset::GetSet, seq_iter::ListIter, seq_iter::SeqIter, seq_iter::CallIter, text::Str, text::Bytes, exception::Exception, super_::Super, classic::Class, classic::Instance,
        set::Set, set::FrozenSet, set::SetIter, function::Function, async_gen::Wrapped, async_gen::Operation, async_gen::Wrapper, slice::Slice, int::Int, list::List, weakref::Proxy,
        module::Module, method::Bound, method::StaticMethod, method::ClassMethod, cell::Cell, bytearray::ByteArray, generator::Generator, traceback::Traceback, traceback::FrameObject,
        mappingproxy::Proxy, complex::Complex, code::Code, iterators::Enumerate, iterators::Zip, iterators::Map, iterators::Filter, iterators::Reversed, member::Member, dictview::DictView,
        generic_alias::GenericAlias, generic_alias::Union, atomic_block::Atomic,
    ]);
    txpy_heap::register_kinds(&[txpy_heap::KindInfo { kind: crate::kinds::OBJECT, ..object::LAYOUT }]);
}

/// Types that scripts reach only through instances.
pub static EXTRA: &[&TypeDef] = &[
    &range::RANGE_ITER, &range::LONG_RANGE_ITER, &seq_iter::SEQ_ITER, &seq_iter::CALL_ITER, &set::SET_ITER, &weakref::PROXY, &weakref::CALLABLE_PROXY, &dictview::KEYS, &dictview::VALUES, &dictview::ITEMS,
    &seq_iter::LIST_ITER, &seq_iter::LIST_REVERSED, &seq_iter::TUPLE_ITER, &generic_alias::GENERIC_ALIAS, &generic_alias::UNION, &atomic_block::ATOMIC,
    &dict_iter::KEYS, &dict_iter::VALUES, &dict_iter::ITEMS, &dict_iter::KEYS_BACK, &dict_iter::VALUES_BACK, &dict_iter::ITEMS_BACK,
];
/// The same for 2.7 alone.
pub static EXTRA27: &[&TypeDef] = &[&classic::CLASSOBJ, &classic::INSTANCE, &range::XRANGE, &int::LONG];
