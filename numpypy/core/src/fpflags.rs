//! Floating point error flags: what loops report, and the processor's sticky flags that tell it.

/// A set of error flags; the bits are NumPy's (`FPE_DIVIDEBYZERO` ...), and one of ours.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Flags(pub u32);

impl Flags {
    pub const DIVIDE: u32 = 1;
    pub const OVERFLOW: u32 = 2;
    pub const UNDERFLOW: u32 = 4;
    pub const INVALID: u32 = 8;
    /// An integer was raised to a negative integer: ValueError, whatever errstate says.
    pub const NEGATIVE_POWER: u32 = 16;
    /// The bits that errstate knows, with the words of their messages ("divide by zero encountered in add").
    pub const WORDS: [(u32, &'static str); 4] =
        [(Flags::DIVIDE, "divide by zero"), (Flags::OVERFLOW, "overflow"), (Flags::UNDERFLOW, "underflow"), (Flags::INVALID, "invalid value")];

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

#[cfg(target_arch = "x86_64")]
mod cpu {
    // MXCSR: invalid 0, denormal 1, divide 2, overflow 3, underflow 4.
    fn read() -> u32 {
        let mut word = 0u32;
        // SAFETY: stores the control register to a local; the memory clobber keeps float code on its side.
        unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &mut word, options(nostack)) };
        word
    }
    pub fn clear() {
        let word = read();
        if word & 0x3f != 0 {
            let word = word & !0x3f;
            // SAFETY: only sticky flags change; rounding and masks stay.
            unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &word, options(nostack, readonly)) };
        }
    }
    pub fn get() -> u32 {
        let w = read();
        w >> 2 & 1 | (w >> 3 & 1) << 1 | (w >> 4 & 1) << 2 | (w & 1) << 3
    }
}

#[cfg(target_arch = "aarch64")]
mod cpu {
    // FPSR: invalid 0, divide 1, overflow 2, underflow 3.
    pub fn clear() {
        // SAFETY: only sticky flags change.
        unsafe { std::arch::asm!("msr fpsr, xzr", options(nostack)) };
    }
    pub fn get() -> u32 {
        let w: u64;
        // SAFETY: reads the status register.
        unsafe { std::arch::asm!("mrs {}, fpsr", out(reg) w, options(nostack)) };
        let w = w as u32;
        w >> 1 & 1 | (w >> 2 & 1) << 1 | (w >> 3 & 1) << 2 | (w & 1) << 3
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod cpu {
    // Deliberately silent: no errstate on processors whose status word we don't read.
    pub fn clear() {}
    pub fn get() -> u32 {
        0
    }
}

/// Clears the processor's sticky flags; every stretch of loops starts with it.
pub fn clear() {
    cpu::clear()
}

/// What float operations since [`clear`] raised.
pub fn get() -> u32 {
    cpu::get()
}
