//! `errno`: names of the system's error numbers.

use crate::api::*;

macro_rules! errors {
    ($($name:ident)*) => { const ERRORS: &[(&str, i32)] = &[$((stringify!($name), libc::$name)),*]; };
}
// Where two names share a number, the one that `errorcode` shows comes last.
errors! {
    EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EWOULDBLOCK EAGAIN ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL
    ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLOCK EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP ENOMSG EIDRM ECHRNG
    EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT EBFONT ENOSTR ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE
    ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE
    EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT ENOTSUP EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE
    EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN
    EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT
}
/// Names that Python 3 has on top.
const ERRORS3: &[(&str, i32)] = &[
    ("ENOMEDIUM", libc::ENOMEDIUM), ("EMEDIUMTYPE", libc::EMEDIUMTYPE), ("ECANCELED", libc::ECANCELED), ("ENOKEY", libc::ENOKEY), ("EKEYEXPIRED", libc::EKEYEXPIRED),
    ("EKEYREVOKED", libc::EKEYREVOKED), ("EKEYREJECTED", libc::EKEYREJECTED), ("EOWNERDEAD", libc::EOWNERDEAD), ("ENOTRECOVERABLE", libc::ENOTRECOVERABLE), ("ERFKILL", libc::ERFKILL), ("EHWPOISON", libc::EHWPOISON),
];

pub static MODULE: ModuleDef = ModuleDef { name: "errno", doc: "This module makes available standard errno system symbols.", init: Some(init), ..ModuleDef::DEFAULT };

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let codes = dict::new(th)?;
    let more = if th.py3() { ERRORS3 } else { &[] };
    for (name, n) in ERRORS.iter().chain(more) {
        let n = Value::int(*n as i64);
        module::set(th, m, name, n)?;
        let text = th.intern(name)?;
        dict::set(th, codes, n, text)?;
    }
    module::set(th, m, "errorcode", codes.value())
}
