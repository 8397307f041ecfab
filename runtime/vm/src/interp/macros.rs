//! The handlers' vocabulary.

/// Declares a handler: `op! { NAME(pc, base, th, insn, tab) { ... } }`.
macro_rules! op {
    ($($(#[$m:meta])* $name:ident($pc:ident, $base:ident, $th:ident, $insn:ident, $tab:ident) $body:block)*) => {
        $($(#[$m])*
        #[allow(non_snake_case, unused_variables, unreachable_code, clippy::missing_safety_doc)]
        pub(in crate::interp) unsafe fn $name($pc: *const u64, $base: *mut txpy_heap::Value, $th: *mut crate::thread::Thread, $insn: u64, $tab: *const crate::interp::Handler) -> u64 {
            // SAFETY: code objects hold only instructions that the compiler's verifier accepts: registers lie in the window, jumps and
            // constants in the code; the window lies in the value stack (checked at the call).
            unsafe { $body }
        })*
    };
}
/// As `op!` for a path off the fast one: never inlined, cold.
macro_rules! slow {
    ($($name:ident($pc:ident, $base:ident, $th:ident, $insn:ident, $tab:ident) $body:block)*) => {
        $(op! { #[cold] #[inline(never)] $name($pc, $base, $th, $insn, $tab) $body })*
    };
}
// Operands as 16-bit loads: pc stands one word after the instruction.
macro_rules! a { ($pc:ident) => { *$pc.cast::<u16>().sub(3) as usize } }
macro_rules! b { ($pc:ident) => { *$pc.cast::<u16>().sub(2) as usize } }
macro_rules! c { ($pc:ident) => { *$pc.cast::<u16>().sub(1) as usize } }
macro_rules! ib { ($pc:ident) => { *$pc.cast::<i16>().sub(2) as i64 } }
macro_rules! ic { ($pc:ident) => { *$pc.cast::<i16>().sub(1) as i64 } }
macro_rules! j { ($pc:ident) => { *$pc.cast::<i32>().sub(1) as isize } }
macro_rules! x { ($pc:ident) => { *$pc.cast::<u8>().sub(7) } }
/// Register `i`.
macro_rules! r { ($base:ident, $i:expr) => { *$base.add($i) } }
/// Dispatches the instruction at `pc`.
macro_rules! next {
    ($pc:expr, $base:expr, $th:expr, $tab:expr) => {{
        let pc: *const u64 = $pc;
        let insn = *pc;
        return ((*$tab.add(insn as u8 as usize)).0)(pc.add(1), $base, $th, insn, $tab);
    }};
}
/// Goes on in another function of the handler signature.
macro_rules! goto { ($f:expr, $pc:expr, $base:expr, $th:expr, $insn:expr, $tab:expr) => { return $f($pc, $base, $th, $insn, $tab) } }
/// Publishes the frame and gives `&mut Thread` for the extent of a slow path.
macro_rules! enter { ($pc:expr, $base:expr, $th:expr) => { crate::interp::enter::publish($th, $pc, $base) } }
/// The value of an `R`, or unwinding.
macro_rules! try_ {
    ($e:expr, $pc:expr, $base:expr, $th:expr, $insn:expr, $tab:expr) => {
        match $e {
            Ok(v) => v,
            Err(_) => goto!(crate::interp::unwind::unwind, $pc, $base, $th, $insn, $tab),
        }
    };
}
