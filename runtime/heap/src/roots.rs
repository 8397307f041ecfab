//! Where references hide outside the heap: native stacks, value stacks, and how a word that may be one is resolved.

use crate::kinds::size_of_object;
use crate::object::Header;
use crate::space::*;
use std::sync::atomic::Ordering::*;

/// Runs `f` with every register of the caller in memory at or above the address that `f` is given.
#[inline(never)]
pub fn spilled<T>(f: impl FnOnce(usize) -> T) -> T {
    let mut regs = [0usize; 20];
    let sp: usize;
    let p = regs.as_mut_ptr();
    // SAFETY: stores the callee-saved registers to `regs` and reads the stack pointer.
    unsafe {
        #[cfg(target_arch = "x86_64")]
        std::arch::asm!("mov [{p}], rbx", "mov [{p} + 8], rbp", "mov [{p} + 16], r12", "mov [{p} + 24], r13", "mov [{p} + 32], r14", "mov [{p} + 40], r15", "mov {s}, rsp", p = in(reg) p, s = out(reg) sp);
        #[cfg(target_arch = "aarch64")]
        std::arch::asm!("stp x19, x20, [{p}]", "stp x21, x22, [{p}, 16]", "stp x23, x24, [{p}, 32]", "stp x25, x26, [{p}, 48]", "stp x27, x28, [{p}, 64]", "stp x29, x30, [{p}, 80]", "stp d8, d9, [{p}, 96]", "stp d10, d11, [{p}, 112]", "stp d12, d13, [{p}, 128]", "stp d14, d15, [{p}, 144]", "mov {s}, sp", p = in(reg) p, s = out(reg) sp);
        #[cfg(target_arch = "x86")]
        std::arch::asm!("mov [{p}], ebx", "mov [{p} + 4], ebp", "mov [{p} + 8], esi", "mov [{p} + 12], edi", "mov {s}, esp", p = in(reg) p, s = out(reg) sp);
        #[cfg(target_arch = "arm")]
        std::arch::asm!("stm {p}, {{r4-r11}}", "mov {s}, sp", p = in(reg) p, s = out(reg) sp);
    }
    let r = f(sp);
    std::hint::black_box(&regs);
    r
}

/// Lowest and highest address of the calling thread's native stack.
pub fn native_stack() -> (usize, usize) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    // SAFETY: the calls fill in the structs that they are given.
    unsafe {
        let mut attr: libc::pthread_attr_t = std::mem::zeroed();
        assert!(libc::pthread_getattr_np(libc::pthread_self(), &mut attr) == 0, "the thread's stack is unknown");
        let (mut low, mut size) = (std::ptr::null_mut(), 0);
        libc::pthread_attr_getstack(&attr, &mut low, &mut size);
        libc::pthread_attr_destroy(&mut attr);
        (low as usize, low as usize + size)
    }
    #[cfg(target_os = "macos")]
    // SAFETY: a query about the calling thread.
    unsafe {
        let (me, high) = (libc::pthread_self(), libc::pthread_get_stackaddr_np(libc::pthread_self()) as usize);
        (high - libc::pthread_get_stacksize_np(me), high)
    }
}

/// Words that may be references, gathered from all stacks before any mark is cleared.
#[derive(Default)]
pub struct Candidates {
    /// Addresses in young parts of blocks, to be found by walking holes.
    young: Vec<usize>,
    /// Starts of objects.
    pub found: Vec<*mut Header>,
}

impl Candidates {
    /// Takes the words of a range of memory.
    /// # Safety
    /// The range is readable.
    pub unsafe fn scan(&mut self, from: usize, to: usize) {
        let mut p = from.next_multiple_of(size_of::<usize>());
        while p + size_of::<usize>() <= to {
            // Volatile: other threads' stacks are plain memory to us.
            self.word(unsafe { (p as *const usize).read_volatile() });
            p += size_of::<usize>();
        }
    }

    #[inline]
    pub fn word(&mut self, w: usize) {
        let Some(mut b) = block_of(w) else { return };
        let m = meta(b);
        match m.state.load(Relaxed) {
            state::SMALL => {
                let line = (w & (BLOCK - 1)) / LINE;
                if m.lines[line].load(Relaxed) == 0 {
                    if line < m.taken.load(Relaxed) as usize {
                        self.young.push(w);
                    }
                } else if let Some(h) = old_object(b, w) {
                    self.found.push(h);
                }
            }
            s @ (state::LARGE | state::REST) => {
                if s == state::REST {
                    b = m.head.load(Relaxed);
                }
                let h: *mut Header = block_address(b).cast();
                // SAFETY: a large object's block run has its header first; kind 0 while it is not filled in.
                if unsafe { (*h).kind != 0 && w < h as usize + size_of_object(h) } {
                    self.found.push(h);
                }
            }
            _ => {}
        }
    }

    /// Resolves what lies in young parts. All allocation regions are closed.
    pub fn resolve(&mut self) {
        self.young.sort_unstable();
        self.young.dedup();
        let (mut at, mut end) = (0usize, 0usize);
        let mut hole = (0usize, 0usize);
        for &w in &self.young {
            if !(hole.0..hole.1).contains(&w) {
                hole = hole_of(w);
                (at, end) = (hole.0, hole.0);
            }
            // `at..end` is the last object looked at.
            while end <= w && end + size_of::<Header>() <= hole.1 {
                let h = end as *const Header;
                // SAFETY: walked from the hole's start by sizes; a closed region ends with kind 0.
                unsafe {
                    if (*h).kind == 0 {
                        break;
                    }
                    (at, end) = (end, end + size_of_object(h));
                }
            }
            if at <= w && w < end && self.found.last() != Some(&(at as *mut Header)) {
                self.found.push(at as *mut Header);
            }
        }
        self.young.clear();
    }
}

/// The run of unmarked lines around an address.
pub(crate) fn hole_of(w: usize) -> (usize, usize) {
    let start = w & !(BLOCK - 1);
    let m = meta(block_of(w).expect("an address in the heap"));
    let line = (w - start) / LINE;
    let (mut from, mut to) = (line, line + 1);
    while from > 0 && m.lines[from - 1].load(Relaxed) == 0 {
        from -= 1;
    }
    while to < LINES && m.lines[to].load(Relaxed) == 0 {
        to += 1;
    }
    (start + from * LINE, start + to.min(m.taken.load(Relaxed) as usize) * LINE)
}

/// The marked object of a small block that an address points into.
fn old_object(block: u32, w: usize) -> Option<*mut Header> {
    let m = meta(block);
    let g = (w & (BLOCK - 1)) / GRANULE;
    let mut i = g >> 6;
    let mut bits = m.marks[i].load(Relaxed) & (u64::MAX >> (63 - (g & 63)));
    // Small objects are at most LARGE bytes long.
    let lowest = i.saturating_sub(LARGE / GRANULE / 64 + 1);
    loop {
        if bits != 0 {
            let h = (block_address(block) as usize + ((i << 6) + 63 - bits.leading_zeros() as usize) * GRANULE) as *mut Header;
            // SAFETY: a mark bit says that an object starts here.
            return if w < h as usize + unsafe { size_of_object(h) } { Some(h) } else { None };
        }
        if i == lowest {
            return None;
        }
        i -= 1;
        bits = m.marks[i].load(Relaxed);
    }
}
