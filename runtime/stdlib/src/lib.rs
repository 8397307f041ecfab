//! Standard-library modules written in Rust, and their small Python parts.

pub mod api;
pub mod kinds;
pub mod structseq;

pub mod abc;
pub mod ast;
pub mod array;
pub mod atexit;
pub mod binascii;
pub mod bisect;
pub mod codecs;
pub mod codecs_charmap;
pub mod codecs_handlers;
pub mod collections;
pub mod cmath;
pub mod contextvars;
pub mod csv;
pub mod functools;
pub mod gc;
pub mod gc_walk;
pub mod hashes;
pub mod heapq;
pub mod itertools;
pub mod math;
pub mod math_float;
pub mod math_int;
pub mod operator;
pub mod pickle;
pub mod operator_getters;
pub mod decimal;
pub mod embedded;
pub mod errno;
pub mod exceptions2;
pub mod random;
pub mod sre;
pub mod string_;
pub mod struct_;
pub mod struct_format;
pub mod time;
pub mod time_format;
pub mod unicodedata;
pub mod warnings;
pub mod zlib;

pub mod imp;
pub mod buffer2;
pub mod faulthandler;
pub mod fcntl;
pub mod io;
pub mod kinds_io;
pub mod json;
pub mod library27;
pub mod kdf;
pub mod locale;
pub mod marshal;
pub mod mmap;
pub mod multibyte;
pub mod namespace;
pub mod os;
pub mod pwd;
pub mod resource;
pub mod select;
pub mod signal;
pub mod socket;
pub mod support;
pub mod sync;
pub mod sys;
pub mod sys_monitoring;
pub mod sys_info;
pub mod sys_streams;
pub mod termios;
pub mod thread;
pub mod stmdict;
pub mod transaction;

use txpy_vm::ModuleDef;

/// Every native module of this crate; the language decides which of them can be imported.
pub static MODULES: &[&ModuleDef] = &[
    &imp::MODULE,
    &sys_monitoring::MODULE,
    &marshal::MODULE,
    &mmap::MODULE,
    &abc::MODULE,
    &ast::MODULE,
    &array::MODULE,
    &atexit::MODULE,
    &binascii::MODULE,
    &bisect::MODULE,
    &codecs::MODULE,
    &collections::MODULE,
    &cmath::MODULE,
    &contextvars::MODULE,
    &csv::MODULE,
    &decimal::MODULE,
    &functools::MODULE,
    &gc::MODULE,
    hashes::MODULES[0],
    hashes::MODULES[1],
    hashes::MODULES[2],
    hashes::MODULES[3],
    hashes::MODULES[4],
    hashes::MODULES[5],
    hashes::MODULES[6],
    hashes::MODULES[7],
    &heapq::MODULE,
    &faulthandler::MODULE,
    &fcntl::MODULE,
    &io::MODULE,
    &os::MODULE,
    &os::spawn::MODULE,
    &pwd::MODULE,
    &pwd::GROUPS,
    &resource::MODULE,
    &select::MODULE,
    &signal::MODULE2,
    &signal::MODULE3,
    &socket::MODULE,
    &sys::MODULE,
    &thread::MODULE2,
    &thread::MODULE3,
    &itertools::MODULE,
    &json::MODULE,
    &kdf::MODULE,
    &library27::MODULE,
    &transaction::MODULE,
    &locale::MODULE,
    &math::MODULE,
    &multibyte::MODULE,
    &operator::MODULE,
    &operator::MODULE2,
    &pickle::MODULE,
    &random::MODULE,
    &sre::MODULE,
    &errno::MODULE,
    &exceptions2::MODULE,
    &string_::MODULE,
    &struct_::MODULE,
    &termios::MODULE,
    &time::MODULE,
    &unicodedata::MODULE,
    &warnings::MODULE,
    &zlib::MODULE,
];

/// Before the process ends: writes what open files still hold.
pub fn finish(th: &mut txpy_vm::Thread) { io::textio::flush_all(th) }
