//! How much memory the process may use: physical memory and the control group's limit; addresses.

use std::fs::read_to_string;

/// Bytes that the process may use at most, as far as the system tells.
pub fn memory_limit() -> usize {
    let mut limit = physical();
    for line in read_to_string("/proc/self/cgroup").unwrap_or_default().lines() {
        // "hierarchy:controllers:path"; version 2 has no controllers.
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (root, file) = if controllers.is_empty() {
            ("/sys/fs/cgroup", "memory.max")
        } else if controllers.split(',').any(|c| c == "memory") {
            ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
        } else {
            continue;
        };
        // A limit of any ancestor holds too. Inside a container the path may be the host's, and only the root is visible.
        let mut at = path;
        loop {
            if let Some(n) = read_to_string(format!("{root}{}/{file}", at.trim_end_matches('/'))).ok().and_then(|s| s.trim().parse().ok()) {
                limit = limit.min(n);
            }
            match at.rfind('/') {
                Some(i) if !at.is_empty() => at = &at[..i],
                _ => break,
            }
        }
    }
    limit
}

/// Bytes of addresses that the process may have (RLIMIT_AS); usize::MAX without a limit.
pub fn address_limit() -> usize {
    // SAFETY: getrlimit writes the struct that it is given.
    unsafe {
        let mut l: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(libc::RLIMIT_AS, &mut l) == 0 && l.rlim_cur != libc::RLIM_INFINITY { l.rlim_cur as usize } else { usize::MAX }
    }
}

fn physical() -> usize {
    // SAFETY: queries.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    if pages > 0 && size > 0 { (pages as usize).saturating_mul(size as usize) } else { usize::MAX / 2 }
}
