//! `_socket`: the socket object and the module's errors and constants.

pub mod address;

use crate::api::*;
use crate::kinds_io;
use crate::support::{self, c_constants, errno, syscall};
use address::Address;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use txpy_heap::Object;
use txpy_vm::exceptions::{ExcDef, IO_ERROR, OS_ERROR, TIMEOUT_ERROR};
use txpy_vm::native::buffer;

crate::exception! { ERROR2, "socket" "error", &IO_ERROR, "What the system reports." }
crate::exception! { GAI2, "socket" "gaierror", &ERROR2, "An error of the resolver." }
crate::exception! { HERROR2, "socket" "herror", &ERROR2, "An error of the resolver." }
crate::exception! { TIMEOUT2, "socket" "timeout", &ERROR2, "Time ran out." }
crate::exception! { GAI3, "socket" "gaierror", &OS_ERROR, "An error of the resolver." }
crate::exception! { HERROR3, "socket" "herror", &OS_ERROR, "An error of the resolver." }

object! {
    pub struct Socket = kinds_io::SOCKET, release = close_socket {
        fd: i32,
        family: i32,
        kind: i32,
        proto: i32,
        /// Seconds; negative: none.
        timeout: f64,
    }
}
unsafe fn close_socket(h: *mut Header) {
    // SAFETY: called once, when the object dies; the descriptor is its own.
    unsafe {
        let fd = (*h.cast::<Socket>()).fd;
        if fd >= 0 {
            libc::close(fd);
        }
    }
}

pub static SOCKET: TypeDef = TypeDef {
    name: "socket", module: "_socket", kind: kinds_io::SOCKET, size: size_of::<Socket>() as u16, flags: type_flag::BASE, methods: &[METHODS], getset: getset! {
        "family" = |th, v| Ok(Value::int(this::<Socket>(v).read(th)?.family.into())), "the socket family";
        "type" = |th, v| Ok(Value::int(this::<Socket>(v).read(th)?.kind.into())), "the socket type";
        "proto" = |th, v| Ok(Value::int(this::<Socket>(v).read(th)?.proto.into())), "the socket protocol";
        "timeout" = |th, v| { let t = this::<Socket>(v).read(th)?.timeout; timeout_value(th, t) }, "the socket timeout";
    }, doc: "A network connection.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    "__new__(cls, *args, **kwargs)" = new, "Create and return a new object.";
    #[py2] "__init__(self, family=2, type=1, proto=0)" = init, "Open a socket.";
    #[py3] "__init__(self, family=-1, type=-1, proto=-1, fileno=None)" = init, "Open a socket.";
    "__repr__(self, /)" = repr, "Return repr(self).";
    #[py2, blocks] "accept(self, /)" = accept2, "Wait for an incoming connection. Return a new socket and the address of the client.";
    #[py3, blocks] "_accept(self, /)" = accept3, "Wait for an incoming connection. Return a descriptor and the address of the client.";
    #[io] "bind(self, address, /)" = bind, "Bind the socket to a local address.";
    #[io] "close(self, /)" = close, "Close the socket.";
    #[py3] "__del__(self, /)" = del, "Close the socket.";
    #[blocks] "connect(self, address, /)" = |th, a| connect(th, a, false), "Connect the socket to a remote address.";
    #[blocks] "connect_ex(self, address, /)" = |th, a| connect(th, a, true), "This is like connect(address), but returns an error code instead of raising an exception.";
    #[py3] "detach(self, /)" = detach, "Close the socket object without closing the underlying file descriptor.";
    #[py2] "dup(self, /)" = dup2, "Return a new socket object connected to the same system resource.";
    "fileno(self, /)" = |th, a| Ok(Value::int(this::<Socket>(a.get(0)).read(th)?.fd.into())), "Return the integer file descriptor of the socket.";
    "getpeername(self, /)" = |th, a| named(th, a, libc::getpeername), "Return the address of the remote endpoint.";
    "getsockname(self, /)" = |th, a| named(th, a, libc::getsockname), "Return the address of the local endpoint.";
    "getsockopt(self, level, option, buffersize=0, /)" = getsockopt, "Get a socket option.";
    "setsockopt(self, level, option, value, optlen=0, /)" = setsockopt, "Set a socket option.";
    "gettimeout(self, /)" = |th, a| { let t = this::<Socket>(a.get(0)).read(th)?.timeout; timeout_value(th, t) }, "Returns the timeout in seconds (float) associated with socket operations.";
    "settimeout(self, timeout, /)" = settimeout, "Set a timeout on socket operations.";
    "setblocking(self, flag, /)" = setblocking, "Set the socket to blocking (flag is true) or non-blocking (false).";
    #[py3] "getblocking(self, /)" = |th, a| Ok(Value::from_bool(this::<Socket>(a.get(0)).read(th)?.timeout != 0.0)), "Returns True if socket is in blocking mode, or False if it is in non-blocking mode.";
    #[py2, io] "listen(self, backlog, /)" = listen, "Enable a server to accept connections.";
    #[py3, io] "listen(self, backlog=128, /)" = listen, "Enable a server to accept connections.";
    #[blocks] "recv(self, bufsize, flags=0, /)" = recv, "Receive up to buffersize bytes from the socket.";
    #[blocks] "recv_into(self, buffer, nbytes=0, flags=0)" = recv_into, "A version of recv() that stores its data into a buffer rather than creating a new string.";
    #[blocks] "recvfrom(self, bufsize, flags=0, /)" = recvfrom, "Like recv(buffersize, flags) but also return the sender's address info.";
    #[blocks] "recvfrom_into(self, buffer, nbytes=0, flags=0)" = recvfrom_into, "Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.";
    #[blocks] "send(self, data, flags=0, /)" = send, "Send a data string to the socket.";
    #[blocks] "sendall(self, data, flags=0, /)" = sendall, "Send a data string to the socket, all of it.";
    #[blocks] "sendto(self, data, flags_or_address, address=None, /)" = sendto, "Like send(data, flags) but allows specifying the destination address.";
    #[io] "shutdown(self, how, /)" = shutdown, "Shut down the reading side of the socket, the writing side, or both ends.";
};
pub static MODULE: ModuleDef = ModuleDef { name: "_socket", doc: "Sockets of the system.", functions: FUNCTIONS, types: &[&SOCKET], init: Some(module_init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "socketpair(family=1, type=1, proto=0, /)" = socketpair, "Create a pair of socket objects from the sockets returned by the platform socketpair() function.";
    #[py2] "fromfd(fd, family, type, proto=0, /)" = fromfd, "Create a socket object from a duplicate of the given file descriptor.";
    #[py3] "dup(fd, /)" = |th, a| { let fd = int::arg_i32(th, a.get(0))?; let n = duplicate(th, fd)?; Ok(Value::int(n.into())) }, "Duplicate an integer socket file descriptor.";
    #[py3] "close(fd, /)" = |th, a| { let fd = int::arg_i32(th, a.get(0))?; close_fd(th, fd).map(|_| Value::NONE) }, "Close an integer socket file descriptor.";
    "getdefaulttimeout()" = |th, _| timeout_value(th, f64::from_bits(DEFAULT_TIMEOUT.load(Relaxed))), "Returns the default timeout in seconds (float) for new socket objects.";
    #[io] "setdefaulttimeout(timeout, /)" = |th, a| { let t = timeout_arg(th, a.get(0))?; DEFAULT_TIMEOUT.store(t.to_bits(), Relaxed); Ok(Value::NONE) }, "Set the default timeout in seconds (float) for new socket objects.";
    "htons(integer, /)" = |th, a| order(th, a, "htons", 16), "Convert a 16-bit unsigned integer from host to network byte order.";
    "ntohs(integer, /)" = |th, a| order(th, a, "ntohs", 16), "Convert a 16-bit unsigned integer from network to host byte order.";
    "htonl(integer, /)" = |th, a| order(th, a, "htonl", 32), "Convert a 32-bit unsigned integer from host to network byte order.";
    "ntohl(integer, /)" = |th, a| order(th, a, "ntohl", 32), "Convert a 32-bit unsigned integer from network to host byte order.";
};
static DEFAULT_TIMEOUT: AtomicU64 = AtomicU64::new((-1f64).to_bits());

const CONSTANTS: &[(&str, i64)] = c_constants! {
    AF_UNSPEC AF_UNIX AF_INET AF_INET6 SOCK_STREAM SOCK_DGRAM SOCK_RAW SOCK_RDM SOCK_SEQPACKET
    SOL_SOCKET SO_DEBUG SO_ACCEPTCONN SO_REUSEADDR SO_KEEPALIVE SO_DONTROUTE SO_BROADCAST SO_LINGER SO_OOBINLINE SO_SNDBUF SO_RCVBUF SO_SNDLOWAT SO_RCVLOWAT SO_SNDTIMEO SO_RCVTIMEO SO_ERROR SO_TYPE
    SOMAXCONN MSG_OOB MSG_PEEK MSG_DONTROUTE MSG_DONTWAIT MSG_TRUNC MSG_CTRUNC MSG_WAITALL
    IPPROTO_IP IPPROTO_ICMP IPPROTO_IGMP IPPROTO_TCP IPPROTO_UDP IPPROTO_IPV6 IPPROTO_RAW IPPROTO_ICMPV6
    IP_TOS IP_TTL IP_MULTICAST_IF IP_MULTICAST_TTL IP_MULTICAST_LOOP IP_ADD_MEMBERSHIP IP_DROP_MEMBERSHIP IP_HDRINCL
    IPV6_MULTICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_LOOP IPV6_UNICAST_HOPS IPV6_V6ONLY
    TCP_NODELAY TCP_MAXSEG AI_PASSIVE AI_CANONNAME AI_NUMERICHOST AI_NUMERICSERV AI_ADDRCONFIG AI_V4MAPPED AI_ALL
    NI_MAXHOST NI_NUMERICHOST NI_NUMERICSERV NI_NOFQDN NI_NAMEREQD NI_DGRAM
    EAI_AGAIN EAI_BADFLAGS EAI_FAIL EAI_FAMILY EAI_MEMORY EAI_NONAME EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM
    SHUT_RD SHUT_WR SHUT_RDWR INADDR_ANY INADDR_LOOPBACK INADDR_BROADCAST INADDR_NONE
};
#[cfg(target_os = "linux")]
const LINUX: &[(&str, i64)] = c_constants! {
    SO_REUSEPORT SO_PEERCRED SO_BINDTODEVICE SO_PRIORITY SO_MARK SO_DOMAIN SO_PROTOCOL SO_PASSCRED SOCK_NONBLOCK SOCK_CLOEXEC TCP_KEEPIDLE TCP_KEEPINTVL TCP_KEEPCNT TCP_CORK TCP_DEFER_ACCEPT TCP_INFO TCP_LINGER2 TCP_QUICKACK TCP_SYNCNT
    TCP_WINDOW_CLAMP TCP_USER_TIMEOUT TCP_CONGESTION TCP_FASTOPEN MSG_NOSIGNAL MSG_MORE MSG_EOR MSG_ERRQUEUE MSG_CMSG_CLOEXEC AF_NETLINK AF_PACKET AF_VSOCK AF_CAN SCM_RIGHTS SCM_CREDENTIALS
};
#[cfg(not(target_os = "linux"))]
const LINUX: &[(&str, i64)] = &[];

fn module_init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[Socket::INFO]);
    let (err, gai, her): (&'static ExcDef, &'static ExcDef, &'static ExcDef) = if th.py3() { (&OS_ERROR, &GAI3, &HERROR3) } else { (&ERROR2, &GAI2, &HERROR2) };
    let timeout: &'static ExcDef = if th.py3() { &TIMEOUT_ERROR } else { &TIMEOUT2 };
    for (name, def) in [("error", err), ("gaierror", gai), ("herror", her), ("timeout", timeout)] {
        let t = type_::make_native(th, def)?;
        module::set(th, m, name, t.value())?;
    }
    module::set(th, m, "SocketType", SOCKET.value())?;
    module::set(th, m, "has_ipv6", Value::TRUE)?;
    support::constants(th, m, CONSTANTS)?;
    support::constants(th, m, LINUX)?;
    support::constants(th, m, &[("IPV6_JOIN_GROUP", libc::IPV6_ADD_MEMBERSHIP.into()), ("IPV6_LEAVE_GROUP", libc::IPV6_DROP_MEMBERSHIP.into())])?;
    module::add_functions(th, m, address::FUNCTIONS)
}

// ---- errors

/// The class of what the module itself raises.
pub fn error_class(th: &Thread) -> &'static ExcDef { if th.py3() { &OS_ERROR } else { &ERROR2 } }
fn fail(th: &mut Thread, e: i32) -> Unwind {
    if th.py3() {
        return support::os_error_code(th, e);
    }
    support::raise_code(th, &ERROR2, e, &support::strerror(e))
}
pub fn gai_error(th: &mut Thread, code: i32) -> Unwind {
    if code == libc::EAI_SYSTEM {
        return fail(th, errno());
    }
    // SAFETY: the texts of the resolver are static.
    let s = unsafe { std::ffi::CStr::from_ptr(libc::gai_strerror(code)) }.to_string_lossy().into_owned();
    support::raise_code(th, if th.py3() { &GAI3 } else { &GAI2 }, code, &s)
}
pub fn herror(th: &mut Thread) -> Unwind {
    support::raise_code(th, if th.py3() { &HERROR3 } else { &HERROR2 }, 1, "Unknown host")
}
fn timed_out(th: &mut Thread) -> Unwind { if th.py3() { th.raise(&TIMEOUT_ERROR, "timed out") } else { th.raise(&TIMEOUT2, "timed out") } }

// ---- making and closing

fn blank() -> Socket { Socket { header: Header::NEW, fd: -1, family: 0, kind: 0, proto: 0, timeout: -1.0 } }
fn new(th: &mut Thread, a: Args) -> R<Value> {
    let class = txpy_vm::types::int_args::new_class(th, &SOCKET, a.get(0))?;
    Ok(instance::alloc_like(th, class.value(), |_| blank())?.value())
}
/// Takes over a descriptor.
fn adopt(th: &mut Thread, s: Gc<Socket>, fd: i32, family: i32, kind: i32, proto: i32) -> R<()> {
    let timeout = f64::from_bits(DEFAULT_TIMEOUT.load(Relaxed));
    if timeout >= 0.0 {
        set_nonblocking(fd, true);
    }
    let mut g = s.write(th)?;
    let old = std::mem::replace(&mut g.fd, fd);
    (g.family, g.kind, g.proto, g.timeout) = (family, kind, proto, timeout);
    drop(g);
    if old >= 0 {
        close_fd(th, old)?;
    }
    Ok(())
}
fn set_nonblocking(fd: i32, on: bool) {
    // SAFETY: flags of a descriptor.
    unsafe {
        let f = libc::fcntl(fd, libc::F_GETFL);
        libc::fcntl(fd, libc::F_SETFL, if on { f | libc::O_NONBLOCK } else { f & !libc::O_NONBLOCK });
    }
}
fn set_cloexec(fd: i32) {
    // SAFETY: flags of a descriptor.
    unsafe {
        let f = libc::fcntl(fd, libc::F_GETFD);
        libc::fcntl(fd, libc::F_SETFD, f | libc::FD_CLOEXEC);
    }
}
fn option_of(fd: i32, what: i32) -> Result<i32, i32> {
    let (mut v, mut n) = (0i32, 4 as libc::socklen_t);
    // SAFETY: an int option, with its size.
    if unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, what, (&raw mut v).cast(), &mut n) } == 0 { Ok(v) } else { Err(errno()) }
}
fn init(th: &mut Thread, a: Args) -> R<Value> {
    let s: Gc<Socket> = this(a.get(0));
    let py3 = th.py3();
    let mut n = [-1; 3];
    for (i, n) in n.iter_mut().enumerate() {
        if let Some(v) = a.opt(1 + i) {
            *n = int::arg_i32(th, v)?;
        }
    }
    if let Some(f) = a.some(4) {
        if float::exact(f).is_some() {
            return Err(th.type_error("integer argument expected, got float"));
        }
        let fd = int::arg_i32(th, f)?;
        if fd < 0 {
            return Err(th.value_error("negative file descriptor"));
        }
        // What was not told, the system knows.
        let mut addr = Address::empty();
        // SAFETY: the address has the room told.
        let e = if unsafe { libc::getsockname(fd, addr.mut_ptr(), &mut addr.len) } < 0 { errno() } else { 0 };
        if e != 0 && (n[0] == -1 || matches!(e, libc::EBADF | libc::ENOTSOCK)) {
            return Err(fail(th, e));
        }
        if n[0] == -1 {
            n[0] = addr.storage.ss_family.into();
        }
        if n[1] == -1 {
            n[1] = match option_of(fd, libc::SO_TYPE) {
                Ok(v) => v,
                Err(e) => return Err(fail(th, e)),
            };
        }
        #[cfg(target_os = "linux")]
        if n[2] == -1 {
            n[2] = option_of(fd, libc::SO_PROTOCOL).unwrap_or(0);
        }
        adopt(th, s, fd, n[0], n[1], n[2].max(0))?;
        return Ok(Value::NONE);
    }
    let [family, kind, proto] = [if n[0] == -1 && py3 || a.opt(1).is_none() { libc::AF_INET } else { n[0] }, if n[1] == -1 && py3 || a.opt(2).is_none() { libc::SOCK_STREAM } else { n[1] }, n[2].max(0)];
    #[cfg(target_os = "linux")]
    let flag = libc::SOCK_CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flag = 0;
    // SAFETY: plain numbers.
    let fd = unsafe { libc::socket(family, kind | if py3 { flag } else { 0 }, proto) };
    if fd < 0 {
        return Err(fail(th, errno()));
    }
    #[cfg(target_os = "linux")]
    let kind = kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
    adopt(th, s, fd, family, kind, proto)?;
    Ok(Value::NONE)
}
/// A descriptor that nobody else has: closed unless an object takes it.
fn owned(fd: i32) -> OwnedFd {
    // SAFETY: the system has just made it for the caller.
    unsafe { OwnedFd::from_raw_fd(fd) }
}
fn make(th: &mut Thread, fd: OwnedFd, family: i32, kind: i32, proto: i32) -> R<Value> {
    let s = th.alloc(SOCKET.shape(), blank())?;
    adopt(th, s, fd.as_raw_fd(), family, kind, proto)?;
    // The object closes it from now on.
    let _ = fd.into_raw_fd();
    Ok(s.value())
}
fn repr(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Socket>(a.get(0)).read(th)?;
    let (fd, family, kind, proto) = (g.fd, g.family, g.kind, g.proto);
    drop(g);
    th.native_str(&if th.py3() { format!("<socket object, fd={fd}, family={family}, type={kind}, proto={proto}>") } else { format!("<socket object, fd={fd}, family={family}, type={kind}, protocol={proto}>") })
}
fn close_fd(th: &mut Thread, fd: i32) -> R<()> {
    let e = th.blocking(|| {
        // SAFETY: the caller owns the descriptor.
        if unsafe { libc::close(fd) } < 0 { errno() } else { 0 }
    });
    if e != 0 && e != libc::ECONNRESET { Err(fail(th, e)) } else { Ok(()) }
}
fn close(th: &mut Thread, a: Args) -> R<Value> {
    let fd = std::mem::replace(&mut this::<Socket>(a.get(0)).write(th)?.fd, -1);
    if fd >= 0 {
        close_fd(th, fd)?;
    }
    Ok(Value::NONE)
}
fn del(th: &mut Thread, a: Args) -> R<Value> {
    if this::<Socket>(a.get(0)).read(th)?.fd >= 0 {
        support::warn_unclosed(th, "unclosed", a.get(0));
        return close(th, a);
    }
    Ok(Value::NONE)
}
fn detach(th: &mut Thread, a: Args) -> R<Value> { Ok(Value::int(std::mem::replace(&mut this::<Socket>(a.get(0)).write(th)?.fd, -1).into())) }
fn duplicate(th: &mut Thread, fd: i32) -> R<i32> {
    // SAFETY: a new descriptor.
    let n = unsafe { libc::fcntl(fd, if th.py3() { libc::F_DUPFD_CLOEXEC } else { libc::F_DUPFD }, 0) };
    if n < 0 { Err(fail(th, errno())) } else { Ok(n) }
}
fn parts(th: &mut Thread, v: Value) -> R<(i32, i32, i32, i32, f64)> {
    let g = this::<Socket>(v).read(th)?;
    Ok((g.fd, g.family, g.kind, g.proto, g.timeout))
}
fn dup2(th: &mut Thread, a: Args) -> R<Value> {
    let (fd, family, kind, proto, _) = parts(th, a.get(0))?;
    let n = owned(duplicate(th, fd)?);
    make(th, n, family, kind, proto)
}
fn fromfd(th: &mut Thread, a: Args) -> R<Value> {
    let mut n = [0; 4];
    for (i, n) in n.iter_mut().enumerate() {
        if let Some(v) = a.opt(i) {
            *n = int::arg_i32(th, v)?;
        }
    }
    let fd = owned(duplicate(th, n[0])?);
    make(th, fd, n[1], n[2], n[3])
}
fn socketpair(th: &mut Thread, a: Args) -> R<Value> {
    let mut n = [libc::AF_UNIX, libc::SOCK_STREAM, 0];
    for (i, n) in n.iter_mut().enumerate() {
        if let Some(v) = a.some(i) {
            *n = int::arg_i32(th, v)?;
        }
    }
    let mut fds = [0; 2];
    // SAFETY: room for two descriptors.
    if unsafe { libc::socketpair(n[0], n[1], n[2], fds.as_mut_ptr()) } < 0 {
        return Err(fail(th, errno()));
    }
    if th.py3() {
        fds.iter().for_each(|f| set_cloexec(*f));
    }
    let [x, y] = fds.map(owned);
    let x = make(th, x, n[0], n[1], n[2])?;
    let y = make(th, y, n[0], n[1], n[2])?;
    th.new_tuple(&[x, y])
}

// ---- waiting

fn timeout_value(th: &mut Thread, t: f64) -> R<Value> { if t < 0.0 { Ok(Value::NONE) } else { float::new(th, t) } }
fn timeout_arg(th: &mut Thread, v: Value) -> R<f64> {
    if v.is_none() {
        return Ok(-1.0);
    }
    let Some(t) = float::number(th, v)? else {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { format!("'{got}' object cannot be interpreted as an integer") } else { "a float is required".to_string() }));
    };
    if t.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    if t < 0.0 {
        return Err(th.value_error("Timeout value out of range"));
    }
    if t > 9.2e9 {
        return Err(th.overflow_error("timestamp out of range for platform time_t"));
    }
    Ok(t)
}
fn settimeout(th: &mut Thread, a: Args) -> R<Value> {
    let t = timeout_arg(th, a.get(1))?;
    let mut g = this::<Socket>(a.get(0)).write(th)?;
    g.timeout = t;
    let fd = g.fd;
    drop(g);
    set_nonblocking(fd, t >= 0.0);
    Ok(Value::NONE)
}
fn setblocking(th: &mut Thread, a: Args) -> R<Value> {
    let on = is_true(th, a.get(1))?;
    let mut g = this::<Socket>(a.get(0)).write(th)?;
    g.timeout = if on { -1.0 } else { 0.0 };
    let fd = g.fd;
    drop(g);
    set_nonblocking(fd, !on);
    Ok(Value::NONE)
}
/// Waits until the descriptor can be read or written; false when time ran out.
fn ready(th: &mut Thread, fd: i32, write: bool, until: Instant) -> R<bool> {
    if fd < 0 {
        // `poll` passes over negative descriptors.
        return Err(fail(th, libc::EBADF));
    }
    loop {
        let left = until.saturating_duration_since(Instant::now()).as_micros().div_ceil(1000).min(i32::MAX as u128) as i32;
        let (r, e) = th.blocking(|| {
            let mut p = libc::pollfd { fd, events: if write { libc::POLLOUT } else { libc::POLLIN }, revents: 0 };
            // SAFETY: one entry of this call's.
            let r = unsafe { libc::poll(&mut p, 1, left) };
            (r, if r < 0 { errno() } else { 0 })
        });
        match r {
            0 if left == 0 || Instant::now() >= until => return Ok(false),
            0 => {}
            r if r > 0 => return Ok(true),
            _ if e == libc::EINTR => crate::signal::check(th)?,
            _ => return Err(fail(th, e)),
        }
    }
}
fn deadline(t: f64) -> Option<Instant> { if t > 0.0 { Instant::now().checked_add(Duration::from_secs_f64(t.min(1e9))) } else { None } }
/// Runs a call on a socket, waiting first where it has a timeout.
fn run(th: &mut Thread, fd: i32, until: Option<Instant>, write: bool, mut f: impl FnMut() -> isize) -> R<usize> {
    loop {
        if let Some(u) = until {
            if !ready(th, fd, write, u)? {
                return Err(timed_out(th));
            }
        }
        match syscall(th, &mut f)? {
            Ok(n) => return Ok(n),
            Err(e) if until.is_some() && (e == libc::EAGAIN || e == libc::EWOULDBLOCK) => {}
            Err(e) => return Err(fail(th, e)),
        }
    }
}

// ---- connections

fn accept(th: &mut Thread, a: Args) -> R<(OwnedFd, Value)> {
    let (fd, _, _, _, t) = parts(th, a.get(0))?;
    let mut addr = Address::empty();
    let p = (&raw mut addr) as usize;
    let n = run(th, fd, deadline(t), false, || {
        let a = p as *mut Address;
        // SAFETY: the address outlives the call and has the room told.
        unsafe {
            (*a).len = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
            libc::accept(fd, (*a).mut_ptr(), &raw mut (*a).len) as isize
        }
    })? as i32;
    if th.py3() {
        set_cloexec(n);
    }
    let n = owned(n);
    Ok((n, addr.value(th)?))
}
fn accept2(th: &mut Thread, a: Args) -> R<Value> {
    let (fd, addr) = accept(th, a)?;
    let (_, family, kind, proto, _) = parts(th, a.get(0))?;
    let s = make(th, fd, family, kind, proto)?;
    th.new_tuple(&[s, addr])
}
fn accept3(th: &mut Thread, a: Args) -> R<Value> {
    let (fd, addr) = accept(th, a)?;
    let pair = th.new_tuple(&[Value::int(fd.as_raw_fd().into()), addr])?;
    let _ = fd.into_raw_fd();
    Ok(pair)
}
fn bind(th: &mut Thread, a: Args) -> R<Value> {
    let (fd, family, ..) = parts(th, a.get(0))?;
    let addr = address::parse(th, a.get(1), family, "bind")?;
    // SAFETY: an address with its length.
    if unsafe { libc::bind(fd, addr.ptr(), addr.len) } < 0 { Err(fail(th, errno())) } else { Ok(Value::NONE) }
}
fn listen(th: &mut Thread, a: Args) -> R<Value> {
    let fd = parts(th, a.get(0))?.0;
    let n = match a.opt(1) {
        Some(v) => int::arg_i32(th, v)?,
        None => 128,
    };
    // SAFETY: plain numbers.
    if unsafe { libc::listen(fd, n.max(0)) } < 0 { Err(fail(th, errno())) } else { Ok(Value::NONE) }
}
fn connect(th: &mut Thread, a: Args, code: bool) -> R<Value> {
    let (fd, family, _, _, t) = parts(th, a.get(0))?;
    let addr = address::parse(th, a.get(1), family, if code { "connect_ex" } else { "connect" })?;
    let start = |th: &mut Thread| th.blocking(|| {
        // SAFETY: an address with its length.
        if unsafe { libc::connect(fd, addr.ptr(), addr.len) } < 0 { errno() } else { 0 }
    });
    let mut e = start(th);
    if e == libc::EINTR {
        crate::signal::check(th)?;
    }
    // A connection under way is waited for, unless the socket does not block.
    if (e == libc::EINPROGRESS || e == libc::EINTR) && t != 0.0 {
        let until = deadline(t).or_else(|| Instant::now().checked_add(Duration::from_secs(1 << 30)));
        e = match until {
            Some(u) if !ready(th, fd, true, u)? => if code { libc::EAGAIN } else { return Err(timed_out(th)) },
            _ => option_of(fd, libc::SO_ERROR).unwrap_or_else(|e| e),
        };
    }
    if code {
        return Ok(Value::int(e.into()));
    }
    if e != 0 { Err(fail(th, e)) } else { Ok(Value::NONE) }
}
fn shutdown(th: &mut Thread, a: Args) -> R<Value> {
    let fd = parts(th, a.get(0))?.0;
    let how = int::arg_i32(th, a.get(1))?;
    // SAFETY: plain numbers.
    if unsafe { libc::shutdown(fd, how) } < 0 { Err(fail(th, errno())) } else { Ok(Value::NONE) }
}
fn named(th: &mut Thread, a: Args, f: unsafe extern "C" fn(i32, *mut libc::sockaddr, *mut libc::socklen_t) -> i32) -> R<Value> {
    let fd = parts(th, a.get(0))?.0;
    let mut addr = Address::empty();
    // SAFETY: the address has the room told.
    if unsafe { f(fd, addr.mut_ptr(), &mut addr.len) } < 0 {
        return Err(fail(th, errno()));
    }
    addr.value(th)
}
fn getsockopt(th: &mut Thread, a: Args) -> R<Value> {
    let fd = parts(th, a.get(0))?.0;
    let (level, option) = (int::arg_i32(th, a.get(1))?, int::arg_i32(th, a.get(2))?);
    let n = match a.opt(3) {
        Some(v) => int::arg_i32(th, v)?,
        None => 0,
    };
    if n < 0 || n > 1024 {
        return Err(th.raise(error_class(th), "getsockopt buflen out of range"));
    }
    let mut buf = [0u8; 1024];
    let mut len = if n == 0 { 4 } else { n as libc::socklen_t };
    // SAFETY: the buffer has the room told.
    if unsafe { libc::getsockopt(fd, level, option, buf.as_mut_ptr().cast(), &mut len) } < 0 {
        return Err(fail(th, errno()));
    }
    if n == 0 { Ok(Value::int(i32::from_ne_bytes([buf[0], buf[1], buf[2], buf[3]]).into())) } else { th.new_bytes(&buf[..len as usize]) }
}
fn setsockopt(th: &mut Thread, a: Args) -> R<Value> {
    let fd = parts(th, a.get(0))?.0;
    let (level, option) = (int::arg_i32(th, a.get(1))?, int::arg_i32(th, a.get(2))?);
    let r = if int::is_int_like(a.get(3)) {
        let v = int::arg_i32(th, a.get(3))?;
        // SAFETY: an int with its size.
        unsafe { libc::setsockopt(fd, level, option, (&raw const v).cast(), 4) }
    } else if a.get(3).is_none() {
        let n = int::arg_u32(th, a.or(4, Value::int(0)))?;
        // SAFETY: options of no value.
        unsafe { libc::setsockopt(fd, level, option, std::ptr::null(), n) }
    } else {
        let s = buffer::snapshot(th, a.get(3))?;
        let b = text::bytes_of(s).unwrap_or(&[]);
        // SAFETY: a byte string with its length.
        unsafe { libc::setsockopt(fd, level, option, b.as_ptr().cast(), b.len() as libc::socklen_t) }
    };
    if r < 0 { Err(fail(th, errno())) } else { Ok(Value::NONE) }
}

// ---- data

fn flags_arg(th: &mut Thread, v: Option<Value>) -> R<i32> { v.map_or(Ok(0), |v| int::arg_i32(th, v)) }
/// Receives up to `n` bytes into memory of our own.
fn receive(th: &mut Thread, s: Value, n: usize, flags: i32, from: Option<&mut Address>) -> R<Vec<u8>> {
    let (fd, _, _, _, t) = parts(th, s)?;
    let mut buf: Vec<u8> = Vec::new();
    if buf.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    let (p, at) = (buf.as_mut_ptr() as usize, from.map_or(0, |a| (a as *mut Address) as usize));
    let got = run(th, fd, deadline(t), false, || {
        // SAFETY: buffer and address outlive the call and have the room told.
        unsafe {
            if at == 0 {
                libc::recv(fd, p as *mut _, n, flags)
            } else {
                let a = at as *mut Address;
                (*a).len = size_of::<libc::sockaddr_storage>() as libc::socklen_t;
                libc::recvfrom(fd, p as *mut _, n, flags, (*a).mut_ptr(), &raw mut (*a).len)
            }
        }
    })?;
    // SAFETY: the call has written so many bytes of the room.
    unsafe { buf.set_len(got.min(n)) };
    Ok(buf)
}
fn size(th: &mut Thread, v: Value, who: &str) -> R<usize> {
    let n = int::arg_i64(th, v)?;
    if n < 0 { Err(th.value_error(format!("negative buffersize in {who}"))) } else { Ok(n as usize) }
}
fn recv(th: &mut Thread, a: Args) -> R<Value> {
    let n = size(th, a.get(1), "recv")?;
    let flags = flags_arg(th, a.opt(2))?;
    let b = receive(th, a.get(0), n, flags, None)?;
    th.new_bytes(&b)
}
fn recvfrom(th: &mut Thread, a: Args) -> R<Value> {
    let n = size(th, a.get(1), "recvfrom")?;
    let flags = flags_arg(th, a.opt(2))?;
    let mut addr = Address::empty();
    let b = receive(th, a.get(0), n, flags, Some(&mut addr))?;
    let b = th.new_bytes(&b)?;
    let v = addr.value(th)?;
    th.new_tuple(&[b, v])
}
fn into(th: &mut Thread, a: Args, from: Option<&mut Address>, who: &str) -> R<Value> {
    let view = buffer::acquire(th, a.get(1), true)?;
    let r = into_view(th, a, &view, from, who);
    view.release(th)?;
    r
}
fn into_view(th: &mut Thread, a: Args, view: &buffer::BufferView, from: Option<&mut Address>, who: &str) -> R<Value> {
    let mut n = match a.opt(2) {
        Some(v) => size(th, v, who)?,
        None => 0,
    };
    if n == 0 {
        n = view.len;
    }
    if n > view.len {
        return Err(th.value_error("buffer too small for requested bytes"));
    }
    let flags = flags_arg(th, a.opt(3))?;
    let b = receive(th, a.get(0), n, flags, from)?;
    view.put(th, 0, &b)?;
    Ok(Value::int(b.len() as i64))
}
fn recv_into(th: &mut Thread, a: Args) -> R<Value> { into(th, a, None, "recv_into") }
fn recvfrom_into(th: &mut Thread, a: Args) -> R<Value> {
    let mut addr = Address::empty();
    let n = into(th, a, Some(&mut addr), "recvfrom_into")?;
    let v = addr.value(th)?;
    th.new_tuple(&[n, v])
}
fn send_some(th: &mut Thread, s: Value, b: &[u8], flags: i32, to: Option<&Address>, until: Option<Instant>) -> R<usize> {
    let fd = parts(th, s)?.0;
    let (p, n) = (b.as_ptr() as usize, b.len());
    let to = to.copied();
    run(th, fd, until, true, || {
        // SAFETY: the bytes are a live object's; an address with its length.
        unsafe {
            match &to {
                Some(a) => libc::sendto(fd, p as *const _, n, flags, a.ptr(), a.len),
                None => libc::send(fd, p as *const _, n, flags),
            }
        }
    })
}
fn send(th: &mut Thread, a: Args) -> R<Value> {
    let d = byte_string(th, a.get(1))?;
    let flags = flags_arg(th, a.opt(2))?;
    let t = parts(th, a.get(0))?.4;
    let n = send_some(th, a.get(0), text::bytes_of(d).unwrap_or(&[]), flags, None, deadline(t))?;
    Ok(Value::int(n as i64))
}
fn sendall(th: &mut Thread, a: Args) -> R<Value> {
    let d = byte_string(th, a.get(1))?;
    let flags = flags_arg(th, a.opt(2))?;
    // The timeout is one for all of it.
    let until = deadline(parts(th, a.get(0))?.4);
    let mut b = text::bytes_of(d).unwrap_or(&[]);
    while !b.is_empty() {
        let n = send_some(th, a.get(0), b, flags, None, until)?;
        b = &b[n.min(b.len())..];
        th.poll()?;
    }
    Ok(Value::NONE)
}
fn sendto(th: &mut Thread, a: Args) -> R<Value> {
    let d = byte_string(th, a.get(1))?;
    let (flags, to) = match a.opt(3) {
        Some(to) => (int::arg_i32(th, a.get(2))?, to),
        None => (0, a.get(2)),
    };
    let (_, family, _, _, t) = parts(th, a.get(0))?;
    let addr = address::parse(th, to, family, "sendto")?;
    let n = send_some(th, a.get(0), text::bytes_of(d).unwrap_or(&[]), flags, Some(&addr), deadline(t))?;
    Ok(Value::int(n as i64))
}

/// Byte order of 16 or 32 bits.
fn order(th: &mut Thread, a: Args, name: &str, bits: u32) -> R<Value> {
    let v = int::index(th, a.get(0))?;
    if int::is_negative(v) {
        return Err(th.overflow_error(if th.py3() { format!("{name}: can't convert negative Python int to C {bits}-bit unsigned integer") } else { "can't convert negative number to unsigned long".to_string() }));
    }
    match int::to_u64(v).filter(|n| *n >> bits == 0) {
        Some(n) if bits == 16 => Ok(Value::int(i64::from((n as u16).to_be()))),
        Some(n) => int::make(th, (n as u32).to_be().into(), !th.py3() && (n as u32).to_be() > i32::MAX as u32 && size_of::<libc::c_long>() == 4),
        None => Err(th.overflow_error(if th.py3() { format!("{name}: Python int too large to convert to C {bits}-bit unsigned integer") } else { "long int larger than 32 bits".to_string() })),
    }
}
