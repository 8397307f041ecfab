//! The log's file: threads write to chunks of it that are mapped into memory, so that nothing is left to flush when a process ends, however
//! it ends.

use super::format::{CHUNK, Event, MAGIC, MOST_CHUNKS, RECORD, Record};
use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd;
use std::sync::atomic::{Ordering, compiler_fence};
use std::sync::{Mutex, OnceLock};

/// Longest text of a record.
const MOST_TEXT: usize = 2048;

struct Log {
    file: File,
    chunks: Mutex<u64>,
}
static LOG: OnceLock<Log> = OnceLock::new();

/// Opens the log. A file that another process is writing stays as it is: a program that runs the next one leaves the variable to it.
pub(super) fn open(path: &str) -> std::io::Result<()> {
    let open = |path: &str| OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    // SAFETY: a system call on a descriptor that is open.
    let lock = |f: &File| unsafe { libc::flock(f.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) == 0 };
    let mut file = open(path)?;
    if !lock(&file) {
        file = open(&format!("{path}.{}", std::process::id()))?;
        lock(&file);
    }
    file.set_len(0)?;
    let _ = LOG.set(Log { file, chunks: Mutex::new(0) });
    Ok(())
}

/// Where a thread writes: the rest of its chunk.
pub(super) struct Writer {
    chunk: *mut u8,
    used: usize,
    /// There is no more room in the file.
    full: bool,
    /// Definitions go on when the file is full.
    unlimited: bool,
}
// SAFETY: the chunk is this writer's alone.
unsafe impl Send for Writer {}

impl Writer {
    pub(super) const fn new(unlimited: bool) -> Writer { Writer { chunk: std::ptr::null_mut(), used: CHUNK, full: false, unlimited } }

    pub(super) fn put(&mut self, r: Record) {
        if self.used == CHUNK && !self.next_chunk() {
            return;
        }
        let w = r.words().map(u64::to_le);
        // SAFETY: there is room for a record in the mapped chunk, at a multiple of its size.
        unsafe {
            let to = self.chunk.add(self.used).cast::<u64>();
            to.write(w[0]);
            to.add(2).write(w[2]);
            to.add(3).write(w[3]);
            // The event last: a record that was cut off by the process's end is none.
            compiler_fence(Ordering::Release);
            to.add(1).write_volatile(w[1]);
        }
        self.used += RECORD;
    }

    /// A record with text; its `b` is set.
    pub(super) fn put_text(&mut self, mut r: Record, text: &[u8]) {
        let text = &text[..text.len().min(MOST_TEXT)];
        r.b = text.len() as u64;
        let bytes = RECORD + text.len().next_multiple_of(RECORD);
        if CHUNK - self.used < bytes && !self.next_chunk() {
            return;
        }
        // SAFETY: there is room for both. The text first, as a record without its text is worse than none.
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), self.chunk.add(self.used + RECORD), text.len()) };
        let end = self.used + bytes;
        self.put(r);
        self.used = end;
    }

    #[cold]
    fn next_chunk(&mut self) -> bool {
        self.close();
        if self.full {
            return false;
        }
        let next = LOG.get().and_then(|l| l.chunk(self.unlimited));
        self.full = next.is_none();
        if let Some(p) = next {
            (self.chunk, self.used) = (p, 0);
        }
        !self.full
    }

    pub(super) fn close(&mut self) {
        if !self.chunk.is_null() {
            // SAFETY: mapped by `Log::chunk`.
            unsafe { libc::munmap(self.chunk.cast(), CHUNK) };
        }
        (self.chunk, self.used) = (std::ptr::null_mut(), CHUNK);
    }
}

impl Log {
    /// Maps one more chunk of the file; None when there is no room on the disk.
    fn chunk(&self, unlimited: bool) -> Option<*mut u8> {
        let mut n = self.chunks.lock().unwrap_or_else(|e| e.into_inner());
        if *n >= MOST_CHUNKS && !unlimited {
            return None;
        }
        let fd = self.file.as_raw_fd();
        // SAFETY: system calls on the log's descriptor. The room is reserved before, or a full disk would kill the program at a store.
        let p = unsafe {
            if libc::posix_fallocate(fd, (*n * CHUNK as u64) as libc::off_t, CHUNK as libc::off_t) != 0 {
                return None;
            }
            libc::mmap(std::ptr::null_mut(), CHUNK, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_POPULATE, fd, (*n * CHUNK as u64) as libc::off_t)
        };
        *n += 1;
        (p != libc::MAP_FAILED).then_some(p.cast())
    }
}

/// The START record.
pub(super) fn start(w: &mut Writer, now: u64) {
    let here = std::env::current_dir().map(|d| d.to_string_lossy().into_owned()).unwrap_or_default();
    w.put_text(Record { time: now, thread: 0, other: 0, event: Event::Start, flags: 0, what: 0, a: MAGIC, b: 0 }, here.as_bytes());
}
