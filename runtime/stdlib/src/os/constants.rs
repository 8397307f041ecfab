//! Constants of `posix`.

use crate::support::{c_constants, constants};
use txpy_vm::types::module;
use txpy_vm::{Gc, R, Thread};

const COMMON: &[(&str, i64)] = c_constants! {
    O_RDONLY O_WRONLY O_RDWR O_APPEND O_CREAT O_EXCL O_TRUNC O_NONBLOCK O_NOCTTY O_SYNC O_DSYNC O_DIRECTORY O_NOFOLLOW O_CLOEXEC O_ACCMODE
    F_OK R_OK W_OK X_OK WNOHANG WUNTRACED WCONTINUED RTLD_LAZY RTLD_NOW RTLD_GLOBAL RTLD_LOCAL SEEK_SET SEEK_CUR SEEK_END
    PRIO_PROCESS PRIO_PGRP PRIO_USER WEXITED WSTOPPED WNOWAIT P_PID P_PGID P_ALL CLD_EXITED CLD_KILLED CLD_DUMPED CLD_STOPPED CLD_CONTINUED
    F_LOCK F_TLOCK F_ULOCK F_TEST
};
#[cfg(target_os = "linux")]
const LINUX: &[(&str, i64)] = c_constants! {
    O_DIRECT O_NOATIME O_PATH O_TMPFILE O_RSYNC O_ASYNC O_LARGEFILE SCHED_OTHER SCHED_FIFO SCHED_RR SCHED_BATCH SCHED_IDLE RTLD_NODELETE RTLD_NOLOAD RTLD_DEEPBIND
    GRND_NONBLOCK GRND_RANDOM SEEK_DATA SEEK_HOLE ST_RDONLY ST_NOSUID
};

pub fn fill(th: &mut Thread, m: Gc<module::Module>) -> R<()> {
    constants(th, m, COMMON)?;
    #[cfg(target_os = "linux")]
    constants(th, m, LINUX)?;
    constants(th, m, &[
        ("O_NDELAY", libc::O_NONBLOCK as i64), ("EX_OK", 0), ("EX_USAGE", 64), ("EX_DATAERR", 65), ("EX_NOINPUT", 66), ("EX_NOUSER", 67), ("EX_NOHOST", 68),
        ("EX_UNAVAILABLE", 69), ("EX_SOFTWARE", 70), ("EX_OSERR", 71), ("EX_OSFILE", 72), ("EX_CANTCREAT", 73), ("EX_IOERR", 74), ("EX_TEMPFAIL", 75),
        ("EX_PROTOCOL", 76), ("EX_NOPERM", 77), ("EX_CONFIG", 78), ("NGROUPS_MAX", 65536), ("TMP_MAX", 238328),
    ])?;
    if th.py3() {
        constants(th, m, &[("POSIX_SPAWN_OPEN", 0), ("POSIX_SPAWN_CLOSE", 1), ("POSIX_SPAWN_DUP2", 2)])?;
    }
    Ok(())
}
