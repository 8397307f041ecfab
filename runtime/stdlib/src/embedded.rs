//! The embedded library's files for those who ask the system: `stat`, `listdir`, `open` for reading.

use std::ffi::{CStr, OsStr};
use std::io::{Seek, Write};
#[cfg(target_os = "linux")]
use std::os::fd::FromRawFd;
use std::os::fd::IntoRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use txpy_vm::library;

/// State of a path that leads into the library; None for all others.
pub fn stat(path: &[u8]) -> Option<Result<libc::stat, i32>> {
    let path = inside(path)?;
    // SAFETY: a struct of numbers.
    let mut st: libc::stat = unsafe { std::mem::zeroed() };
    match library::find(path) {
        Some(f) => {
            st.st_mode = libc::S_IFREG | 0o444;
            st.st_size = f.size as libc::off_t;
        }
        None if library::is_folder(path) => st.st_mode = libc::S_IFDIR | 0o555,
        None => return Some(Err(libc::ENOENT)),
    }
    st.st_nlink = 1;
    Some(Ok(st))
}

/// Names in a folder of the library, as `names` of a directory gives them; None for all other paths.
pub fn names(path: &[u8]) -> Option<Result<Vec<(Vec<u8>, u8, u64)>, i32>> {
    let path = inside(path)?;
    let Some(list) = library::list(path) else { return Some(Err(if library::find(path).is_some() { libc::ENOTDIR } else { libc::ENOENT })) };
    Some(Ok(list.into_iter().map(|(n, folder)| (n.as_bytes().to_vec(), if folder { libc::DT_DIR } else { libc::DT_REG }, 0)).collect()))
}

/// Opens a file, which may be one of the library: a descriptor, or -1 and the system's error.
pub fn open(dir: i32, path: &CStr, flags: i32, mode: libc::mode_t) -> i32 {
    let Some(inner) = inside(path.to_bytes()) else {
        // SAFETY: a path that ends with zero.
        return unsafe { libc::openat(dir, path.as_ptr(), flags, mode as libc::c_uint) };
    };
    let error = match library::find(inner) {
        Some(f) if flags & libc::O_ACCMODE == libc::O_RDONLY && flags & libc::O_TRUNC == 0 => return open_text(&f.text()),
        None if !library::is_folder(inner) && flags & libc::O_CREAT == 0 => libc::ENOENT,
        None if flags & libc::O_ACCMODE == libc::O_RDONLY && flags & libc::O_CREAT == 0 => libc::EISDIR,
        _ => libc::EROFS,
    };
    // SAFETY: the calling thread's error number.
    unsafe { *crate::support::errno_place() = error };
    -1
}
/// A descriptor from which a text can be read.
fn open_text(text: &[u8]) -> i32 {
    let copy = || -> std::io::Result<std::fs::File> {
        let mut f = unnamed()?;
        f.write_all(text)?;
        f.rewind()?;
        Ok(f)
    };
    match copy() {
        Ok(f) => f.into_raw_fd(),
        Err(e) => {
            // SAFETY: the calling thread's error number.
            unsafe { *crate::support::errno_place() = e.raw_os_error().unwrap_or(libc::EIO) };
            -1
        }
    }
}
/// A file without a name.
#[cfg(target_os = "linux")]
fn unnamed() -> std::io::Result<std::fs::File> {
    // SAFETY: a name that ends with zero; the new descriptor is nobody else's.
    unsafe {
        let fd = libc::memfd_create(c"txpy library".as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 { Err(std::io::Error::last_os_error()) } else { Ok(std::fs::File::from_raw_fd(fd)) }
    }
}
#[cfg(not(target_os = "linux"))]
fn unnamed() -> std::io::Result<std::fs::File> {
    static COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let n = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let name = std::env::temp_dir().join(format!("txpy-{}-{n}", std::process::id()));
    let f = std::fs::File::options().read(true).write(true).create_new(true).open(&name)?;
    std::fs::remove_file(&name)?;
    Ok(f)
}

fn inside(path: &[u8]) -> Option<&Path> {
    let path = Path::new(OsStr::from_bytes(path));
    library::leads_into(path).then_some(path)
}
