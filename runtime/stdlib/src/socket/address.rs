//! `_socket`: addresses to the system's form and back, names of hosts.

use super::{gai_error, herror};
use crate::api::*;
use crate::support::{self, c_text};
use std::ffi::{CStr, CString};

// SAFETY: declared as in <arpa/inet.h>.
unsafe extern "C" {
    fn inet_ntop(family: libc::c_int, from: *const libc::c_void, to: *mut libc::c_char, size: libc::socklen_t) -> *const libc::c_char;
    fn inet_pton(family: libc::c_int, from: *const libc::c_char, to: *mut libc::c_void) -> libc::c_int;
}

/// An address in the system's form.
#[derive(Clone, Copy)]
pub struct Address {
    pub storage: libc::sockaddr_storage,
    pub len: libc::socklen_t,
}
impl Address {
    pub fn empty() -> Address {
        // SAFETY: all zeros are a valid (unspecified) address.
        Address { storage: unsafe { std::mem::zeroed() }, len: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }
    pub fn ptr(&self) -> *const libc::sockaddr { (&raw const self.storage).cast() }
    pub fn mut_ptr(&mut self) -> *mut libc::sockaddr { (&raw mut self.storage).cast() }
    fn of<T>(v: T) -> Address {
        let mut a = Address::empty();
        const { assert!(size_of::<T>() <= size_of::<libc::sockaddr_storage>()) };
        // SAFETY: the storage is large enough for any of the system's address types.
        unsafe { (&raw mut a.storage).cast::<T>().write(v) };
        a.len = size_of::<T>() as libc::socklen_t;
        a
    }
    /// The host of an internet address; as text.
    fn host(&self) -> String {
        let mut buf = [0 as libc::c_char; 64];
        // SAFETY: the family says which type the storage holds; the buffer is as long as told and ended with a zero.
        unsafe {
            let p = if self.storage.ss_family as i32 == libc::AF_INET6 {
                (&raw const (*(&raw const self.storage).cast::<libc::sockaddr_in6>()).sin6_addr).cast()
            } else {
                (&raw const (*(&raw const self.storage).cast::<libc::sockaddr_in>()).sin_addr).cast()
            };
            if inet_ntop(self.storage.ss_family as i32, p, buf.as_mut_ptr(), 64).is_null() {
                return String::new();
            }
            CStr::from_ptr(buf.as_ptr()).to_string_lossy().into_owned()
        }
    }
    /// What scripts see.
    pub fn value(&self, th: &mut Thread) -> R<Value> {
        if self.len == 0 {
            return Ok(Value::NONE);
        }
        match self.storage.ss_family as i32 {
            libc::AF_INET => {
                // SAFETY: the family says so.
                let port = u16::from_be(unsafe { (*(&raw const self.storage).cast::<libc::sockaddr_in>()).sin_port });
                let host = th.native_str(&self.host())?;
                th.new_tuple(&[host, Value::int(port.into())])
            }
            libc::AF_INET6 => {
                // SAFETY: the family says so.
                let a = unsafe { *(&raw const self.storage).cast::<libc::sockaddr_in6>() };
                let host = th.native_str(&self.host())?;
                th.new_tuple(&[host, Value::int(u16::from_be(a.sin6_port).into()), Value::int(u32::from_be(a.sin6_flowinfo).into()), Value::int(a.sin6_scope_id.into())])
            }
            libc::AF_UNIX => {
                // SAFETY: the family says so.
                let path = unsafe { (*(&raw const self.storage).cast::<libc::sockaddr_un>()).sun_path };
                let n = (self.len as usize).saturating_sub(size_of::<libc::sockaddr_un>() - path.len()).min(path.len());
                let b: Vec<u8> = path[..n].iter().map(|c| *c as u8).collect();
                // A name of the abstract space begins with a zero; others end at the first one.
                if b.first() == Some(&0) && n > 0 {
                    return th.new_bytes(&b);
                }
                let end = b.iter().position(|c| *c == 0).unwrap_or(n);
                support::fs_str(th, &b[..end])
            }
            family => {
                let rest = th.new_bytes(b"")?;
                th.new_tuple(&[Value::int(family.into()), rest])
            }
        }
    }
}

fn text_arg(th: &mut Thread, v: Value) -> R<Option<Vec<u8>>> {
    if v.is_none() {
        return Ok(None);
    }
    if text::is_text(v) && !text::bytes_of(v).unwrap_or(&[]).is_ascii() {
        let b = txpy_vm::types::codec::encode(th, v, "idna", "strict")?;
        return Ok(text::bytes_of(b).map(<[u8]>::to_vec));
    }
    if text::is_text(v) || text::is_bytes(v) {
        return Ok(text::bytes_of(v).map(<[u8]>::to_vec));
    }
    if v.is::<txpy_vm::types::bytearray::ByteArray>() {
        let b = txpy_vm::native::buffer::snapshot(th, v)?;
        return Ok(text::bytes_of(b).map(<[u8]>::to_vec));
    }
    let got = class_name(v);
    Err(th.type_error(if th.py3() { format!("str, bytes or bytearray expected, not {got}") } else { format!("must be string, not {got}") }))
}
/// The address of a host: numeric, empty for any, or found by the resolver.
pub fn resolve(th: &mut Thread, host: Value, family: i32) -> R<Address> {
    let Some(b) = text_arg(th, host)? else { return Err(th.type_error("str, bytes or bytearray expected, not NoneType")) };
    if b.is_empty() || b == b"<broadcast>" {
        let any = if b.is_empty() { libc::INADDR_ANY } else { libc::INADDR_BROADCAST };
        // SAFETY: plain data.
        return Ok(unsafe {
            if family == libc::AF_INET6 {
                let mut a: libc::sockaddr_in6 = std::mem::zeroed();
                a.sin6_family = libc::AF_INET6 as _;
                Address::of(a)
            } else {
                let mut a: libc::sockaddr_in = std::mem::zeroed();
                a.sin_family = libc::AF_INET as _;
                a.sin_addr.s_addr = any.to_be();
                Address::of(a)
            }
        });
    }
    let all = lookup(th, Some(b), None, family, 0, 0, 0)?;
    match all.first() {
        Some(e) => Ok(e.address),
        None => Err(th.raise(&txpy_vm::exceptions::OS_ERROR, "no address found")),
    }
}

/// One answer of the resolver.
pub struct Entry {
    pub family: i32,
    pub kind: i32,
    pub proto: i32,
    pub canon: String,
    pub address: Address,
}
pub fn lookup(th: &mut Thread, host: Option<Vec<u8>>, service: Option<Vec<u8>>, family: i32, kind: i32, proto: i32, flags: i32) -> R<Vec<Entry>> {
    let host = match host {
        Some(h) => Some(c_text(th, h)?),
        None => None,
    };
    let service = match service {
        Some(s) => Some(c_text(th, s)?),
        None => None,
    };
    let (code, out) = th.blocking(|| {
        let mut out = Vec::new();
        // SAFETY: the hints are plain data, the texts live through the call, the list is freed after it was copied.
        unsafe {
            let mut hints: libc::addrinfo = std::mem::zeroed();
            (hints.ai_family, hints.ai_socktype, hints.ai_protocol, hints.ai_flags) = (family, kind, proto, flags);
            let mut list = std::ptr::null_mut();
            let r = libc::getaddrinfo(host.as_ref().map_or(std::ptr::null(), |h| h.as_ptr()), service.as_ref().map_or(std::ptr::null(), |s| s.as_ptr()), &hints, &mut list);
            if r != 0 {
                return (r, out);
            }
            let mut p = list;
            while !p.is_null() {
                let e = &*p;
                let mut a = Address::empty();
                let n = (e.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
                std::ptr::copy_nonoverlapping(e.ai_addr.cast::<u8>(), (&raw mut a.storage).cast::<u8>(), n);
                a.len = n as libc::socklen_t;
                let canon = if e.ai_canonname.is_null() { String::new() } else { CStr::from_ptr(e.ai_canonname).to_string_lossy().into_owned() };
                out.push(Entry { family: e.ai_family, kind: e.ai_socktype, proto: e.ai_protocol, canon, address: a });
                p = e.ai_next;
            }
            libc::freeaddrinfo(list);
            (0, out)
        }
    });
    if code == 0 { Ok(out) } else { Err(gai_error(th, code)) }
}

fn port_arg(th: &mut Thread, v: Value, func: &str) -> R<u16> {
    let n = int::index(th, v)?;
    match int::to_i64(n).and_then(|n| u16::try_from(n).ok()) {
        Some(p) => Ok(p),
        None => Err(th.overflow_error(format!("{func}(): port must be 0-65535."))),
    }
}
/// An address argument of `func` for a socket of this family.
pub fn parse(th: &mut Thread, v: Value, family: i32, func: &str) -> R<Address> {
    match family {
        libc::AF_UNIX => {
            let b = if text::is_text(v) {
                support::fs_encode(text::bytes_of(v).unwrap_or(&[]))
            } else {
                let s = txpy_vm::native::buffer::snapshot(th, v)?;
                text::bytes_of(s).unwrap_or(&[]).to_vec()
            };
            // SAFETY: plain data.
            let mut a: libc::sockaddr_un = unsafe { std::mem::zeroed() };
            a.sun_family = libc::AF_UNIX as _;
            let room = a.sun_path.len() - (b.first() != Some(&0)) as usize;
            if b.len() > room {
                return Err(th.raise(&txpy_vm::exceptions::OS_ERROR, "AF_UNIX path too long"));
            }
            for (to, c) in a.sun_path.iter_mut().zip(&b) {
                *to = *c as libc::c_char;
            }
            let mut out = Address::of(a);
            let base = size_of::<libc::sockaddr_un>() - a.sun_path.len();
            out.len = (base + b.len() + (b.first() != Some(&0)) as usize) as libc::socklen_t;
            Ok(out)
        }
        libc::AF_INET | libc::AF_INET6 => {
            let six = family == libc::AF_INET6;
            let name = if six { "AF_INET6" } else { "AF_INET" };
            let Some(items) = tuple::items(v) else {
                let got = class_name(v);
                return Err(th.type_error(if th.py3() { format!("{func}(): {name} address must be tuple, not {got}") } else { format!("getsockaddrarg: {name} address must be tuple, not {got}") }));
            };
            let ok = if six { (2..=4).contains(&items.len()) } else { items.len() == 2 };
            if !ok {
                return Err(th.type_error(if six { format!("{func}(): AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])") } else { format!("{func}(): AF_INET address must be a pair (host, port)") }));
            }
            let mut a = resolve(th, items[0], family)?;
            let port = port_arg(th, items[1], func)?;
            let mut extra = [0u32; 2];
            for (e, v) in extra.iter_mut().zip(items.iter().skip(2)) {
                *e = int::arg_u32(th, *v)?;
            }
            // SAFETY: `resolve` gave an address of the family.
            unsafe {
                if six {
                    let p = (&raw mut a.storage).cast::<libc::sockaddr_in6>();
                    (*p).sin6_port = port.to_be();
                    (*p).sin6_flowinfo = extra[0].to_be();
                    (*p).sin6_scope_id = extra[1];
                } else {
                    (*(&raw mut a.storage).cast::<libc::sockaddr_in>()).sin_port = port.to_be();
                }
            }
            Ok(a)
        }
        _ => Err(th.raise(&txpy_vm::exceptions::OS_ERROR, format!("{func}(): unknown address family"))),
    }
}

// ---- functions of the module

pub static FUNCTIONS: &[NativeDef] = natives! {
    #[blocks] "getaddrinfo(host, port, family=0, type=0, proto=0, flags=0)" = getaddrinfo, "Resolve host and port into addrinfo struct.";
    #[blocks] "getnameinfo(sockaddr, flags, /)" = getnameinfo, "Get host and port for a sockaddr.";
    "gethostname()" = gethostname, "Return the current host name.";
    #[blocks] "gethostbyname(host, /)" = |th, a| { let x = resolve(th, a.get(0), libc::AF_INET)?; th.native_str(&x.host()) }, "Return the IP address (a string of the form '255.255.255.255') for a host.";
    #[blocks] "gethostbyname_ex(host, /)" = gethostbyname_ex, "Return the true host name, a list of aliases, and a list of IP addresses, for a host.";
    #[blocks] "gethostbyaddr(host, /)" = gethostbyaddr, "Return the true host name, a list of aliases, and a list of IP addresses, for a host.";
    "getservbyname(servicename, protocolname=None, /)" = getservbyname, "Return a port number from a service name and protocol name.";
    "getservbyport(port, protocolname=None, /)" = getservbyport, "Return the service name from a port number and protocol name.";
    "getprotobyname(name, /)" = getprotobyname, "Return the protocol number for the named protocol.";
    "inet_aton(ip_addr, /)" = inet_aton, "Convert an IP address in string format to the 32-bit packed binary format used in low-level network functions.";
    "inet_ntoa(packed_ip, /)" = inet_ntoa, "Convert an IP address from 32-bit packed binary format to string format";
    "inet_pton(address_family, ip_string, /)" = pton, "Convert an IP address from string format to a packed string suitable for use with low-level network functions.";
    "inet_ntop(address_family, packed_ip, /)" = ntop, "Convert a packed IP address of the given family to string format.";
    #[py3] "if_nameindex()" = if_nameindex, "Returns a list of network interface information (index, name) tuples.";
    #[py3] "if_nametoindex(oname, /)" = if_nametoindex, "Returns the interface index corresponding to the interface name if_name.";
};
fn getaddrinfo(th: &mut Thread, a: Args) -> R<Value> {
    let host = text_arg(th, a.get(0))?;
    let p = a.get(1);
    let port = if p.is_none() {
        None
    } else if int::is_int_like(p) {
        Some(repr_text(th, p)?.trim_end_matches('L').as_bytes().to_vec())
    } else if text::is_text(p) || text::is_bytes(p) {
        text::bytes_of(p).map(<[u8]>::to_vec)
    } else {
        return Err(th.raise(&txpy_vm::exceptions::OS_ERROR, "Int or String expected"));
    };
    let mut n = [0; 4];
    for (i, n) in n.iter_mut().enumerate() {
        if let Some(v) = a.opt(2 + i) {
            *n = int::arg_i32(th, v)?;
        }
    }
    let found = lookup(th, host, port, n[0], n[1], n[2], n[3])?;
    let out = list::with_capacity(th, found.len())?;
    for e in found {
        let canon = th.native_str(&e.canon)?;
        let addr = e.address.value(th)?;
        let t = th.new_tuple(&[Value::int(e.family.into()), Value::int(e.kind.into()), Value::int(e.proto.into()), canon, addr])?;
        list::append(th, out, t)?;
    }
    Ok(out.value())
}
fn getnameinfo(th: &mut Thread, a: Args) -> R<Value> {
    let flags = int::arg_i32(th, a.get(1))?;
    let Some(items) = tuple::items(a.get(0)).filter(|i| i.len() >= 2) else { return Err(th.type_error("getnameinfo() argument 1 must be a tuple")) };
    let host = text_arg(th, items[0])?;
    let port = repr_text(th, items[1])?;
    let found = lookup(th, host, Some(port.trim_end_matches('L').as_bytes().to_vec()), 0, libc::SOCK_DGRAM, 0, libc::AI_NUMERICHOST)?;
    let Some(e) = found.first() else { return Err(gai_error(th, libc::EAI_NONAME)) };
    let addr = e.address;
    let (r, host, serv) = th.blocking(|| {
        let (mut h, mut s) = ([0 as libc::c_char; 1025], [0 as libc::c_char; 64]);
        // SAFETY: the buffers are as long as told and ended with zeros.
        unsafe {
            let r = libc::getnameinfo(addr.ptr(), addr.len, h.as_mut_ptr(), 1025, s.as_mut_ptr(), 64, flags);
            (r, CStr::from_ptr(h.as_ptr()).to_string_lossy().into_owned(), CStr::from_ptr(s.as_ptr()).to_string_lossy().into_owned())
        }
    });
    if r != 0 {
        return Err(gai_error(th, r));
    }
    let h = th.native_str(&host)?;
    let s = th.native_str(&serv)?;
    th.new_tuple(&[h, s])
}
fn gethostname(th: &mut Thread, _: Args) -> R<Value> {
    let mut buf = [0u8; 1024];
    // SAFETY: the buffer is as long as told.
    if unsafe { libc::gethostname(buf.as_mut_ptr().cast(), 1023) } != 0 {
        return Err(support::os_error(th));
    }
    let n = buf.iter().position(|c| *c == 0).unwrap_or(1023);
    support::fs_str(th, &buf[..n])
}
fn names(th: &mut Thread, name: &str, hosts: &[Entry]) -> R<Value> {
    let name = th.native_str(name)?;
    let aliases = list::with_capacity(th, 0)?;
    let out = list::with_capacity(th, hosts.len())?;
    let mut seen: Vec<String> = Vec::new();
    for e in hosts {
        let h = e.address.host();
        if !seen.contains(&h) {
            let v = th.native_str(&h)?;
            list::append(th, out, v)?;
            seen.push(h);
        }
    }
    th.new_tuple(&[name, aliases.value(), out.value()])
}
fn gethostbyname_ex(th: &mut Thread, a: Args) -> R<Value> {
    let Some(host) = text_arg(th, a.get(0))? else { return Err(th.type_error("str, bytes or bytearray expected, not NoneType")) };
    let found = lookup(th, Some(host), None, libc::AF_INET, libc::SOCK_STREAM, 0, libc::AI_CANONNAME)?;
    let name = found.first().map_or(String::new(), |e| e.canon.clone());
    names(th, &name, &found)
}
fn gethostbyaddr(th: &mut Thread, a: Args) -> R<Value> {
    let Some(host) = text_arg(th, a.get(0))? else { return Err(th.type_error("str, bytes or bytearray expected, not NoneType")) };
    let found = lookup(th, Some(host), None, 0, libc::SOCK_STREAM, 0, 0)?;
    let Some(e) = found.first() else { return Err(herror(th)) };
    let addr = e.address;
    let (r, name) = th.blocking(|| {
        let mut h = [0 as libc::c_char; 1025];
        // SAFETY: the buffer is as long as told and ended with a zero.
        unsafe {
            let r = libc::getnameinfo(addr.ptr(), addr.len, h.as_mut_ptr(), 1025, std::ptr::null_mut(), 0, libc::NI_NAMEREQD);
            (r, CStr::from_ptr(h.as_ptr()).to_string_lossy().into_owned())
        }
    });
    if r != 0 { Err(herror(th)) } else { names(th, &name, &found) }
}
/// The databases of services and protocols give results in memory of their own.
static DATABASE: std::sync::Mutex<()> = std::sync::Mutex::new(());
fn c_arg(th: &mut Thread, v: Value, func: &str, n: usize) -> R<CString> {
    if !text::is_string(th, v) {
        let got = class_name(v);
        let want = if th.py3() { "str" } else { "string" };
        return Err(th.type_error(format!("{func}() argument {n} must be {want}, not {got}")));
    }
    c_text(th, text::bytes_of(v).unwrap_or(&[]).to_vec())
}
fn getservbyname(th: &mut Thread, a: Args) -> R<Value> {
    let name = c_arg(th, a.get(0), "getservbyname", 1)?;
    let proto = match a.some(1) {
        Some(p) => Some(c_arg(th, p, "getservbyname", 2)?),
        None => None,
    };
    let port = {
        let _lock = DATABASE.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: the lock keeps the result from being overwritten before it is read.
        unsafe {
            let s = libc::getservbyname(name.as_ptr(), proto.as_ref().map_or(std::ptr::null(), |p| p.as_ptr()));
            if s.is_null() { None } else { Some(u16::from_be((*s).s_port as u16)) }
        }
    };
    match port {
        Some(p) => Ok(Value::int(p.into())),
        None => Err(th.raise(super::error_class(th), "service/proto not found")),
    }
}
fn getservbyport(th: &mut Thread, a: Args) -> R<Value> {
    let port = port_arg(th, a.get(0), "getservbyport")?;
    let proto = match a.some(1) {
        Some(p) => Some(c_arg(th, p, "getservbyport", 2)?),
        None => None,
    };
    let name = {
        let _lock = DATABASE.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: as above.
        unsafe {
            let s = libc::getservbyport(i32::from(port.to_be()), proto.as_ref().map_or(std::ptr::null(), |p| p.as_ptr()));
            if s.is_null() { None } else { Some(CStr::from_ptr((*s).s_name).to_string_lossy().into_owned()) }
        }
    };
    match name {
        Some(n) => th.native_str(&n),
        None => Err(th.raise(super::error_class(th), "port/proto not found")),
    }
}
fn getprotobyname(th: &mut Thread, a: Args) -> R<Value> {
    let name = c_arg(th, a.get(0), "getprotobyname", 1)?;
    let n = {
        let _lock = DATABASE.lock().unwrap_or_else(|e| e.into_inner());
        // SAFETY: as above.
        unsafe {
            let s = libc::getprotobyname(name.as_ptr());
            if s.is_null() { None } else { Some((*s).p_proto) }
        }
    };
    match n {
        Some(n) => Ok(Value::int(n.into())),
        None => Err(th.raise(super::error_class(th), "protocol not found")),
    }
}
fn inet_aton(th: &mut Thread, a: Args) -> R<Value> {
    let s = c_arg(th, a.get(0), "inet_aton", 1)?;
    // SAFETY: declared as in <arpa/inet.h>.
    unsafe extern "C" {
        fn inet_aton(s: *const libc::c_char, to: *mut libc::in_addr) -> libc::c_int;
    }
    let mut addr = libc::in_addr { s_addr: 0 };
    // SAFETY: the text ends with a zero, the result is plain data.
    if unsafe { inet_aton(s.as_ptr(), &mut addr) } == 0 {
        return Err(th.raise(super::error_class(th), "illegal IP address string passed to inet_aton"));
    }
    th.new_bytes(&addr.s_addr.to_ne_bytes())
}
fn inet_ntoa(th: &mut Thread, a: Args) -> R<Value> {
    let v = txpy_vm::native::buffer::snapshot(th, a.get(0))?;
    match text::bytes_of(v) {
        Some([a, b, c, d]) => th.native_str(&format!("{a}.{b}.{c}.{d}")),
        _ => Err(th.raise(super::error_class(th), "packed IP wrong length")),
    }
}
fn pton(th: &mut Thread, a: Args) -> R<Value> {
    let family = int::arg_i32(th, a.get(0))?;
    let s = c_arg(th, a.get(1), "inet_pton", 2)?;
    let mut out = [0u8; 16];
    // SAFETY: 16 bytes are enough for every family the call knows.
    let r = unsafe { inet_pton(family, s.as_ptr(), out.as_mut_ptr().cast()) };
    match (r, family) {
        (1, libc::AF_INET) => th.new_bytes(&out[..4]),
        (1, _) => th.new_bytes(&out),
        (0, _) => Err(th.raise(super::error_class(th), "illegal IP address string passed to inet_pton")),
        _ => Err(support::os_error(th)),
    }
}
fn ntop(th: &mut Thread, a: Args) -> R<Value> {
    let family = int::arg_i32(th, a.get(0))?;
    let v = txpy_vm::native::buffer::snapshot(th, a.get(1))?;
    let b = text::bytes_of(v).unwrap_or(&[]);
    let want = match family {
        libc::AF_INET => 4,
        libc::AF_INET6 => 16,
        _ => return Err(th.value_error(format!("unknown address family {family}"))),
    };
    if b.len() != want {
        return Err(th.value_error("invalid length of packed IP address string"));
    }
    let mut buf = [0 as libc::c_char; 64];
    // SAFETY: the address has the family's length, the buffer is as long as told.
    unsafe {
        if inet_ntop(family, b.as_ptr().cast(), buf.as_mut_ptr(), 64).is_null() {
            return Err(support::os_error(th));
        }
        let s = CStr::from_ptr(buf.as_ptr()).to_string_lossy().into_owned();
        th.native_str(&s)
    }
}
fn if_nameindex(th: &mut Thread, _: Args) -> R<Value> {
    let mut found = Vec::new();
    // SAFETY: the list ends with index 0 and is freed after it was copied.
    unsafe {
        let p = libc::if_nameindex();
        if p.is_null() {
            return Err(support::os_error(th));
        }
        let mut q = p;
        while (*q).if_index != 0 && !(*q).if_name.is_null() {
            found.push(((*q).if_index, CStr::from_ptr((*q).if_name).to_bytes().to_vec()));
            q = q.add(1);
        }
        libc::if_freenameindex(p);
    }
    let out = list::with_capacity(th, found.len())?;
    for (i, n) in found {
        let n = support::fs_str(th, &n)?;
        let t = th.new_tuple(&[Value::int(i.into()), n])?;
        list::append(th, out, t)?;
    }
    Ok(out.value())
}
fn if_nametoindex(th: &mut Thread, a: Args) -> R<Value> {
    let b = support::fs_encode(text::bytes_of(a.get(0)).unwrap_or(&[]));
    let s = c_text(th, b)?;
    // SAFETY: the text ends with a zero.
    match unsafe { libc::if_nametoindex(s.as_ptr()) } {
        0 => Err(th.raise(super::error_class(th), "no interface with this name")),
        i => Ok(Value::int(i.into())),
    }
}
