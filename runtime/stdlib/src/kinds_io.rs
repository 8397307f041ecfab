//! Kind numbers of the layouts that sys, io, os, thread and signal declare: 768 to 1023.

use crate::kinds::kinds;
use txpy_heap::{Object, register_kinds};

kinds! { txpy_vm::kinds::STDLIB + 256;
    IOBASE FILEIO BYTESIO STRINGIO BUFFERED RWPAIR TEXTIO NEWLINE_DECODER FILE2 BYTESIO_BUFFER
    LOCK RLOCK THREAD_HANDLE LOCAL
    DIR_ENTRY SCANDIR POLL NAMESPACE BUFFER2 SOCKET JSON_SCANNER JSON_ENCODER MMAP
}

/// Enters the layouts into the heap's table. Called once at start.
pub fn register() {
    register_kinds(&[
        crate::io::base::IoBase::INFO, crate::io::fileio::FileIo::INFO, crate::io::bytesio::BytesIo::INFO, crate::io::bytesio::BytesIoBuffer::INFO,
        crate::io::stringio::StringIo::INFO, crate::io::buffered::Buffered::INFO, crate::io::rwpair::RwPair::INFO, crate::io::textio::TextIo::INFO,
        crate::io::newline::NewlineDecoder::INFO, crate::io::file2::File::INFO,
        crate::thread::lock::Lock::INFO, crate::thread::rlock::RLock::INFO, crate::thread::handle::Handle::INFO, crate::thread::local::Local::INFO,
        crate::namespace::Namespace::INFO, crate::buffer2::Buffer2::INFO, crate::select::Poll::INFO, crate::os::scandir::DirEntry::INFO, crate::os::scandir::ScanDir::INFO, crate::mmap::Mmap::INFO,
    ]);
    crate::buffer2::register();
    crate::mmap::register();
    crate::io::register();
    crate::os::scandir::register();
}
