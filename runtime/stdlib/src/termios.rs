//! `termios`: settings of terminals.

use crate::api::*;
use crate::support::{self, c_constants, fd_of};

crate::exception! { ERROR, "termios" "error", &txpy_vm::exceptions::EXCEPTION, "What the system reports." }

pub static MODULE: ModuleDef = ModuleDef { name: "termios", doc: "Control of terminals.", functions: FUNCTIONS, init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    "tcgetattr(fd, /)" = tcgetattr, "Get the tty attributes for file descriptor fd.";
    #[io] "tcsetattr(fd, when, attributes, /)" = tcsetattr, "Set the tty attributes for file descriptor fd.";
    #[io] "tcsendbreak(fd, duration, /)" = |th, a| call(th, a, |fd, n| raw::tcsendbreak(fd, n)), "Send a break on file descriptor fd.";
    #[blocks] "tcdrain(fd, /)" = |th, a| call(th, a, |fd, _| raw::tcdrain(fd)), "Wait until all output written to file descriptor fd has been transmitted.";
    #[io] "tcflush(fd, queue, /)" = |th, a| call(th, a, |fd, n| raw::tcflush(fd, n)), "Discard queued data on file descriptor fd.";
    #[io] "tcflow(fd, action, /)" = |th, a| call(th, a, |fd, n| raw::tcflow(fd, n)), "Suspend or resume input or output on file descriptor fd.";
    #[py3] "tcgetwinsize(fd, /)" = tcgetwinsize, "Get the tty winsize for file descriptor fd.";
    #[py3, io] "tcsetwinsize(fd, winsize, /)" = tcsetwinsize, "Set the tty winsize for file descriptor fd.";
};
mod raw {
    // SAFETY: plain numbers, as in <termios.h>.
    unsafe extern "C" {
        pub safe fn tcsendbreak(fd: i32, n: i32) -> i32;
        pub safe fn tcdrain(fd: i32) -> i32;
        pub safe fn tcflush(fd: i32, n: i32) -> i32;
        pub safe fn tcflow(fd: i32, n: i32) -> i32;
    }
}
const CONSTANTS: &[(&str, i64)] = c_constants! {
    B0 B50 B75 B110 B134 B150 B200 B300 B600 B1200 B1800 B2400 B4800 B9600 B19200 B38400 B57600 B115200 B230400
    TCSANOW TCSADRAIN TCSAFLUSH TCIFLUSH TCOFLUSH TCIOFLUSH TCOOFF TCOON TCIOFF TCION
    IGNBRK BRKINT IGNPAR PARMRK INPCK ISTRIP INLCR IGNCR ICRNL IXON IXANY IXOFF IMAXBEL
    OPOST ONLCR OCRNL ONOCR ONLRET CSIZE CS5 CS6 CS7 CS8 CSTOPB CREAD PARENB PARODD HUPCL CLOCAL CRTSCTS
    ISIG ICANON ECHO ECHOE ECHOK ECHONL NOFLSH TOSTOP IEXTEN ECHOCTL ECHOPRT ECHOKE FLUSHO PENDIN
    VINTR VQUIT VERASE VKILL VEOF VMIN VTIME VSTART VSTOP VSUSP VEOL VREPRINT VDISCARD VWERASE VLNEXT VEOL2
    FIONREAD FIONBIO FIOCLEX FIONCLEX TIOCGWINSZ TIOCSWINSZ TIOCGPGRP TIOCSPGRP TIOCSCTTY TIOCNOTTY TIOCOUTQ TIOCSTI TIOCEXCL TIOCNXCL TIOCMGET TIOCMSET TIOCMBIS TIOCMBIC
};
fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let e = type_::make_native(th, &ERROR)?;
    module::set(th, m, "error", e.value())?;
    support::constants(th, m, CONSTANTS)?;
    support::constants(th, m, &[("NCCS", libc::NCCS as i64)])
}
fn fail(th: &mut Thread) -> Unwind {
    let e = support::errno();
    support::raise_code(th, &ERROR, e, &support::strerror(e))
}
fn blank() -> libc::termios {
    // SAFETY: plain numbers, all zeros are a value.
    unsafe { std::mem::zeroed() }
}
fn get(th: &mut Thread, fd: i32) -> R<libc::termios> {
    match Settings::of(fd) {
        Some(t) => Ok(t.0),
        None => Err(fail(th)),
    }
}
/// What a terminal is set to.
pub struct Settings(libc::termios);
impl Settings {
    /// None: the descriptor is no terminal's.
    pub fn of(fd: i32) -> Option<Settings> {
        let mut t = blank();
        // SAFETY: the structure has the system's layout.
        (unsafe { libc::tcgetattr(fd, &mut t) } == 0).then_some(Settings(t))
    }
    pub fn restore(&self, fd: i32) {
        // SAFETY: as above.
        unsafe { libc::tcsetattr(fd, libc::TCSADRAIN, &self.0) };
    }
}
fn tcgetattr(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_of(th, a.get(0))?;
    let t = get(th, fd)?;
    let raw = t.c_lflag & libc::ICANON == 0;
    let cc = list::with_capacity(th, t.c_cc.len())?;
    for (i, c) in t.c_cc.iter().enumerate() {
        // Without lines VMIN and VTIME are numbers.
        let v = if raw && (i == libc::VMIN || i == libc::VTIME) { Value::int((*c).into()) } else { th.new_bytes(&[*c])? };
        list::append(th, cc, v)?;
    }
    // SAFETY: reads the structure.
    let (ispeed, ospeed) = unsafe { (libc::cfgetispeed(&t), libc::cfgetospeed(&t)) };
    let l = list::with_capacity(th, 7)?;
    for n in [t.c_iflag as i64, t.c_oflag as i64, t.c_cflag as i64, t.c_lflag as i64, ispeed as i64, ospeed as i64] {
        list::append(th, l, Value::int(n))?;
    }
    list::append(th, l, cc.value())?;
    Ok(l.value())
}
fn tcsetattr(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_of(th, a.get(0))?;
    let when = int::arg_i32(th, a.get(1))?;
    let wrong = |th: &mut Thread| Err(th.type_error("tcsetattr, arg 3: must be 7 element list"));
    let Some(l) = a.get(2).cast::<List>() else { return wrong(th) };
    let items = list::snapshot(th, l)?;
    let items = items.frozen().items();
    if items.len() != 7 {
        return wrong(th);
    }
    let mut t = get(th, fd)?;
    let mut n = [0i64; 6];
    for (n, v) in n.iter_mut().zip(items) {
        *n = int::arg_i64(th, *v)?;
    }
    (t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag) = (n[0] as _, n[1] as _, n[2] as _, n[3] as _);
    let cc = match items[6].cast::<List>() {
        Some(c) => list::snapshot(th, c)?,
        None => return Err(th.type_error("tcsetattr: attributes[6] must be 32 element list")),
    };
    if cc.frozen().items().len() != t.c_cc.len() {
        let n = t.c_cc.len();
        return Err(th.type_error(format!("tcsetattr: attributes[6] must be {n} element list")));
    }
    for (to, v) in t.c_cc.iter_mut().zip(cc.frozen().items()) {
        *to = match text::bytes_of(*v) {
            Some([c]) if text::is_bytes(*v) => *c,
            _ if int::is_int_like(*v) => int::arg_i64(th, *v)? as u8,
            _ => return Err(th.type_error("tcsetattr: elements of attributes must be characters or integers")),
        };
    }
    // SAFETY: the structure came from the system and was changed field by field.
    unsafe {
        if libc::cfsetispeed(&mut t, n[4] as libc::speed_t) < 0 || libc::cfsetospeed(&mut t, n[5] as libc::speed_t) < 0 || libc::tcsetattr(fd, when, &t) < 0 {
            return Err(fail(th));
        }
    }
    Ok(Value::NONE)
}
fn call(th: &mut Thread, a: Args, f: fn(i32, i32) -> i32) -> R<Value> {
    let fd = fd_of(th, a.get(0))?;
    let n = match a.opt(1) {
        Some(v) => int::arg_i32(th, v)?,
        None => 0,
    };
    if th.blocking(|| f(fd, n)) < 0 { Err(fail(th)) } else { Ok(Value::NONE) }
}
fn tcgetwinsize(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_of(th, a.get(0))?;
    let mut w = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the request fills this structure.
    if unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &mut w) } < 0 {
        return Err(fail(th));
    }
    th.new_tuple(&[Value::int(w.ws_row.into()), Value::int(w.ws_col.into())])
}
fn tcsetwinsize(th: &mut Thread, a: Args) -> R<Value> {
    let fd = fd_of(th, a.get(0))?;
    let t = iter::to_tuple(th, a.get(1))?;
    let &[rows, cols] = tuple::items(t).unwrap_or(&[]) else { return Err(th.type_error("tcsetwinsize, arg 2: must be a two-item sequence")) };
    let (rows, cols) = (int::arg_i64(th, rows)?, int::arg_i64(th, cols)?);
    let (Ok(rows), Ok(cols)) = (u16::try_from(rows), u16::try_from(cols)) else { return Err(th.overflow_error("winsize value(s) out of range.")) };
    let mut w = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    // SAFETY: the requests read and fill this structure.
    unsafe {
        if libc::ioctl(fd, libc::TIOCGWINSZ, &mut w) < 0 {
            return Err(fail(th));
        }
        (w.ws_row, w.ws_col) = (rows, cols);
        if libc::ioctl(fd, libc::TIOCSWINSZ, &w) < 0 {
            return Err(fail(th));
        }
    }
    Ok(Value::NONE)
}
