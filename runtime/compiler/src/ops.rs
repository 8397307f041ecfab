//! The instruction table: one declaration gives the opcode enum, the disassembler, operand kinds and the docs.
//!
//! An instruction is a u64, low byte first: `op: u8, x: u8, a: u16, b: u16, c: u16`; `j` is the signed 32-bit number in the upper
//! half (where b and c are). `r[n]` is register n of the frame's window. Some instructions are followed by extra words.
//!
//! Operand letters of the table (position = field a, b, c):
//! `d` register written, `r` register read, `u` register read and written, `w` first of several registers (the text says which),
//! `n` name: index of a constant that is an interned native string, `k` index of a constant, `#` unsigned number,
//! `i` signed 16-bit number, `>` jump offset in c (16 bits, in words, from the following instruction), `-` unused.
//! `J` in place of b and c: a 32-bit jump offset; `I` a 32-bit signed number.
//! Extra words: `K` a constant (the compiler writes its index, the loader replaces it by the Value), `C` an inline cache (0 when fresh).
//!
//! Field x of arithmetic: [`x::DIES_B`], [`x::DIES_C`]: the operand is a temporary whose last use this is; [`x::INPLACE`]. The last one on GETATTR
//! and GETITEM: what is read is written back next, so that the object is best had for writing at once.
//!
//! A call's window: `r[a]` callee, then result; `r[a+1 ..= a+4]` are the new frame's header; `r[a+5 ..]` the arguments, which
//! become the callee's registers 0, 1, ...

/// Words between a frame's callee slot and its first register.
pub const FRAME_HEADER: u16 = 5;
/// "No register" where an operand is optional.
pub const NO_REG: u16 = 0xFFFF;

pub mod x {
    pub const DIES_B: u8 = 1;
    pub const DIES_C: u8 = 2;
    pub const INPLACE: u8 = 4;
}

/// Value bits of the singletons, as LOADS carries them.
pub mod singleton {
    pub const UNSET: u16 = 5;
    pub const NONE: u16 = 1 << 3 | 5;
    pub const FALSE: u16 = 2 << 3 | 5;
    pub const TRUE: u16 = 3 << 3 | 5;
    pub const ELLIPSIS: u16 = 4 << 3 | 5;
}

macro_rules! ops {
    ($($(#[doc = $doc:literal])* $name:ident $operands:literal $words:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(clippy::upper_case_acronyms)]
        pub enum Op { $($(#[doc = $doc])* $name),* }
        /// (name, operands, extra words, doc) by opcode.
        pub const TABLE: &[(&str, &str, &str, &str)] = &[$((stringify!($name), $operands, $words, concat!($($doc),*))),*];
        impl Op {
            pub const ALL: &[Op] = &[$(Op::$name),*];
        }
        /// Calls `$m!` with the list of opcode names: handlers tables are generated from it.
        #[macro_export]
        macro_rules! for_each_op { ($m:ident) => { $m! { $($name)* } } }
    };
}

ops! {
    /// r[a] = r[b]
    MOVE "dr-" "";
    /// r[a] = constant word
    LOADK "d--" "K";
    /// r[a] = int I
    LOADI "dI" "";
    /// r[a] = the singleton whose Value bits are b (None, True, UNSET ...)
    LOADS "d#-" "";
    /// r[a] = runtime helper number b (`helper` module)
    LOADX "d#-" "";
    /// r[a .. a+b] = UNSET (locals that may be read before they are bound; done once at function entry)
    CLEAR "w#-" "";
    /// raise UnboundLocalError for name b if r[a] is UNSET
    CHECK "rn-" "";
    /// as CHECK, then r[a] = UNSET (`del local`)
    DELLOCAL "un-" "";

    /// r[a] = global or builtin named b
    LOADG "dn-" "C";
    /// global named b = r[a]
    STOREG "rn-" "C";
    DELG "-n-" "";
    /// namespace r[0] (class body, exec): r[a] = name b from the namespace, then globals, then builtins
    LOADN "dn-" "C";
    STOREN "rn-" "C";
    DELN "-n-" "";
    /// class body: name b from the namespace r[0], then from cell r[c]
    LOADNC "dnr" "";

    /// wrap r[a] (a parameter) in a new cell
    MKCELL "u--" "";
    /// r[a] = new empty cell
    NEWCELL "d--" "";
    /// r[a .. a+b] = the function's closure cells
    COPYFREE "w#-" "";
    /// r[a] = contents of cell r[b], name c; NameError / UnboundLocalError if empty (x = 1: free variable)
    LOADC "drn" "";
    /// contents of cell r[a] = r[b]
    STOREC "rr-" "";
    /// empty cell r[a], name b; error if it is empty
    DELC "rn-" "";

    /// r[a] = r[b].name c
    GETATTR "drn" "C";
    /// r[a].name c = r[b]
    SETATTR "rrn" "C";
    /// del r[a].name b
    DELATTR "rn-" "";
    /// r[a] = r[b][r[c]]
    GETITEM "drr" "";
    /// r[a] = r[b][c]
    GETITEMI "dr#" "";
    /// r[a][r[b]] = r[c]
    SETITEM "rrr" "";
    /// del r[a][r[b]]
    DELITEM "rr-" "";
    /// r[a] = slice(r[b], r[b+1], r[b+2])
    SLICE "dw-" "";
    /// 2.7: r[a] = r[b][r[c] : r[c+1]], a bound that was left out is UNSET
    GETSLICE "drw" "";
    /// 2.7: r[a][r[b] : r[b+1]] = r[c]
    SETSLICE "rwr" "";
    /// 2.7: del r[a][r[b] : r[b+1]]
    DELSLICE "rw-" "";

    NEG "dr-" "";
    POS "dr-" "";
    INVERT "dr-" "";
    NOT "dr-" "";
    ADD "drr" "";
    SUB "drr" "";
    MUL "drr" "";
    /// 2.7's classic division
    DIV "drr" "";
    TRUEDIV "drr" "";
    FLOORDIV "drr" "";
    MOD "drr" "";
    POW "drr" "";
    MATMUL "drr" "";
    LSHIFT "drr" "";
    RSHIFT "drr" "";
    AND "drr" "";
    OR "drr" "";
    XOR "drr" "";
    /// r[a] = r[b] + int c
    ADDI "dri" "";
    SUBI "dri" "";
    MULI "dri" "";

    LT "drr" "";
    LE "drr" "";
    EQ "drr" "";
    NE "drr" "";
    GT "drr" "";
    GE "drr" "";
    IS "drr" "";
    ISNOT "drr" "";
    IN "drr" "";
    NOTIN "drr" "";
    /// r[a] = whether exception r[b] matches class or tuple r[c]
    EXCMATCH "drr" "";

    JMP "-J" "";
    /// backward jump with a safepoint poll
    LOOP "-J" "";
    /// jump if r[a] is true
    JT "rJ" "";
    JF "rJ" "";
    /// backward jump if r[a] is true, with poll
    LOOPT "rJ" "";
    JNONE "rJ" "";
    JNOTNONE "rJ" "";
    /// jump if r[a] is UNSET
    JUNSET "rJ" "";
    /// jump if r[a] < r[b] ...
    JLT "rr>" "";
    JLE "rr>" "";
    JGT "rr>" "";
    JGE "rr>" "";
    JEQ "rr>" "";
    JNE "rr>" "";
    /// jump if not r[a] < r[b] ...
    JNLT "rr>" "";
    JNLE "rr>" "";
    JNGT "rr>" "";
    JNGE "rr>" "";
    JNEQ "rr>" "";
    JNNE "rr>" "";
    /// jump if r[a] < int b ...
    JLTI "ri>" "";
    JLEI "ri>" "";
    JGTI "ri>" "";
    JGEI "ri>" "";
    JEQI "ri>" "";
    JNEI "ri>" "";
    JNLTI "ri>" "";
    JNLEI "ri>" "";
    JNGTI "ri>" "";
    JNGEI "ri>" "";
    JNEQI "ri>" "";
    JNNEI "ri>" "";
    /// loop-closing: backward jump with poll if r[a] < r[b] ...
    LOOPLT "rr>" "";
    LOOPLE "rr>" "";
    LOOPGT "rr>" "";
    LOOPGE "rr>" "";
    LOOPEQ "rr>" "";
    LOOPNE "rr>" "";
    LOOPLTI "ri>" "";
    LOOPLEI "ri>" "";
    LOOPGTI "ri>" "";
    LOOPGEI "ri>" "";
    LOOPEQI "ri>" "";
    LOOPNEI "ri>" "";
    /// jump if r[a] is r[b]
    JIS "rr>" "";
    JISNOT "rr>" "";

    /// r[a], r[a+1] = iteration state of iter(r[b]) (an iterator; or an int and its end for a range; or a list or tuple and an index)
    GETITER "wr-" "";
    /// r[b] = next item of the state r[a], r[a+1] and jump back (with poll); falls through at the end
    FORLOOP "wd>" "";
    /// r[b] = next item of the state r[a], r[a+1]; jumps forward at the end
    FORITER "wd>" "";
    /// r[b .. b+c] = the items of r[a]; ValueError on another number
    UNPACK "rw#" "";
    /// r[b ..] = c items of r[a], a list of the rest, x items
    UNPACKEX "rw#" "";

    LIST "dw#" "";
    TUPLE "dw#" "";
    SET "dw#" "";
    /// r[a] = dict of c pairs r[b], r[b+1], ...
    DICT "dw#" "";
    /// append r[b] to the list r[a] that the code itself made
    LISTAPPEND "rr-" "";
    LISTEXTEND "rr-" "";
    /// r[a] = tuple(list r[b])
    LISTTUPLE "dr-" "";
    SETADD "rr-" "";
    SETUPDATE "rr-" "";
    DICTSET "rrr" "";
    /// dict r[a].update(r[b]) as `{**b}` does
    DICTUPDATE "rr-" "";
    /// as DICTUPDATE for call keywords: TypeError on a key that is no string or stands there already; r[c] is the callee (for the message)
    DICTMERGE "rrr" "";
    /// r[a] = concatenation of the c texts r[b ..]
    JOINSTR "dw#" "";
    /// r[a] = format(r[b], spec r[c] or none if NO_REG), x = conversion 0, 's', 'r' or 'a'
    FORMAT "drr" "";

    /// call r[a] with c arguments at r[a+5 ..]; result in r[a]
    CALL "w-#" "";
    /// call method b of r[a+5] with c arguments (without self) at r[a+6 ..]; result in r[a]
    CALLM "wn#" "C";
    /// r[a] = method b of r[a+5]; UNSET in r[a+5] if it does not take that as its first argument
    METHOD "wn-" "C";
    /// call what METHOD found with c arguments (without self) at r[a+6 ..]; result in r[a]
    CALLFOUND "w-#" "";
    /// as CALL; the last arguments are keywords, their names the tuple constant b; c counts all arguments
    CALLKW "wk#" "";
    /// call r[a] with the tuple r[a+5] and, if x = 1, the dict r[a+6]
    CALLEX "w--" "";
    RET "r--" "";
    RETNONE "---" "";

    /// r[a] = function of code constant b; x = 1: r[c] defaults tuple, r[c+1] keyword defaults dict, r[c+2] annotations, r[c+3] closure tuple (UNSET each if none)
    MKFUNC "dkw" "";
    /// first instruction of a generator, coroutine or async generator function: make the object, return it; resumes at the next instruction
    MKGEN "---" "";
    /// give r[b] to whoever resumed; when resumed again r[a] = what was sent. c: registers in use
    YIELD "dr#" "";
    /// delegate: send r[a] to iterator r[b]; yields what it gives and runs again when resumed, with the sent value in r[a]; at its end r[a] = its result. c: registers in use
    YIELDFROM "ur#" "";
    /// r[a] = what `yield from r[b]` iterates (x = 1: inside a coroutine-enabled generator)
    GETYIELDITER "dr-" "";
    /// r[a] = what `await r[b]` iterates (x = 1: __aenter__, 2: __aexit__, for the message)
    AWAITABLE "dr-" "";
    AITER "dr-" "";
    /// r[a] = awaitable of r[b].__anext__()
    ANEXT "dr-" "";
    /// r[a] = r[b] wrapped as a value that an async generator yields
    ASYNCWRAP "dr-" "";

    /// raise r[a]; x = 1: from r[b]
    RAISE "rr-" "";
    /// raise again what is being handled
    RAISE0 "---" "";
    /// 2.7: raise r[a], r[a+1], r[a+2] (UNSET where left out)
    RAISE3 "w--" "";
    /// go on unwinding with exception r[a], its traceback as it is
    RERAISE "r--" "";
    /// r[a] = what is being handled so far; r[b] is being handled now
    PUSHEXC "dr-" "";
    /// r[a] is being handled again
    POPEXC "r--" "";
    /// r[a] = bound __exit__ of r[b], r[a+1] = r[b].__enter__()
    WITHENTER "wr-" "";
    /// r[a] = r[b](type, value, traceback) of exception r[c], or of three Nones if NO_REG
    WITHEXIT "drr" "";
    /// as WITHEXIT without an exception, at the end of the body of a loop whose state is r[c], r[c+1] (NO_REG: none) and whose next round begins with WITHENTER:
    /// a transaction may go on in that round
    WITHROUND "drr" "";
    /// behind such a loop: ends a transaction that was to go on
    ENDROUNDS "---" "";
    /// r[a] = bound __aexit__ of r[b], r[a+1] = r[b].__aenter__()
    AWITHENTER "wr-" "";
    /// except*: r[a] = matching part of group r[b] for class r[c] (None if nothing), r[a+1] = rest or None
    EGMATCH "wrr" "";
    /// except*: r[a] = exception to raise at the end from the list r[b] of raised and unhandled parts and the original r[c]; None if none
    EGJOIN "drr" "";

    /// r[a] = import of name b; r[c] = level, r[c+1] = from-list
    IMPORT "dnw" "";
    /// r[a] = attribute or submodule c of module r[b], as `from b import c`
    IMPORTFROM "drn" "";
    /// all public names of module r[a] into the namespace (x = 1: namespace r[0], else globals)
    IMPORTSTAR "r--" "";

    /// 2.7: print r[a] to r[b] (NO_REG: sys.stdout)
    PRINT "rr-" "";
    PRINTNL "-r-" "";
    /// 2.7: exec r[a] in r[b], r[c] (UNSET where left out)
    EXEC "rrr" "";
    /// 2.7: r[a] = repr(r[b])
    REPR "dr-" "";
    /// interactive: show r[a] through sys.displayhook
    DISPLAY "r--" "";

    /// r[a] = whether r[b] matches as a sequence
    MATCHSEQ "dr-" "";
    MATCHMAP "dr-" "";
    /// r[a] = tuple of values of mapping r[b] for the keys tuple r[c], or None
    MATCHKEYS "drr" "";
    /// r[a] = tuple of attributes of r[b] as instance of class r[c] with x positional patterns and keyword names tuple constant word, or None
    MATCHCLASS "drr" "K";
    /// r[a] = len(r[b])
    LEN "dr-" "";
}

/// Runtime helpers that LOADX gives: natives that compiled code calls and that no name reaches.
pub mod helper {
    macro_rules! helpers {
        ($($(#[doc = $doc:literal])* $name:ident)*) => {
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            #[repr(u16)]
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum Helper { $($(#[doc = $doc])* $name),* }
            pub const NAMES: &[&str] = &[$(stringify!($name)),*];
        };
    }
    helpers! {
        /// (body function, name, *bases, **keywords), as `__build_class__` (3)
        __build_class__
        /// (body function, name, bases tuple): metaclass by `__metaclass__` (2.7)
        BUILD_CLASS2
        /// the class AssertionError
        ASSERTION_ERROR
        /// (name) -> TypeVar; (name, function that gives the bound), (name, function that gives the constraints tuple) likewise; ParamSpec; TypeVarTuple; type alias (name, params, value function)
        TYPEVAR
        TYPEVAR_BOUND
        TYPEVAR_CONSTRAINTS
        PARAMSPEC
        TYPEVARTUPLE
        TYPEALIAS
        /// (params tuple) -> Generic[params]
        GENERIC
        /// (function or class, params tuple) -> the same with `__type_params__`
        SET_TYPE_PARAMS
        /// (type parameter, function that gives its default) -> type parameter
        SET_TYPE_DEFAULT
        /// (async iterator's exception) -> whether it is StopAsyncIteration
        IS_STOP_ASYNC
        /// () -> the namespace dict of the frame: `locals()` semantics for exec in functions
        LOCALS
    }
}

impl Op {
    pub fn from_u8(b: u8) -> Option<Op> { Op::ALL.get(b as usize).copied() }
    pub fn name(self) -> &'static str { TABLE[self as usize].0 }
    pub fn operands(self) -> &'static str { TABLE[self as usize].1 }
    /// Kinds of the extra words.
    pub fn words(self) -> &'static str { TABLE[self as usize].2 }
    /// Words of the whole instruction.
    pub fn len(self) -> usize { 1 + self.words().len() }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Insn(pub u64);

impl Insn {
    pub const fn abc(op: Op, x: u8, a: u16, b: u16, c: u16) -> Insn { Insn(op as u64 | (x as u64) << 8 | (a as u64) << 16 | (b as u64) << 32 | (c as u64) << 48) }
    pub const fn aj(op: Op, a: u16, j: i32) -> Insn { Insn(op as u64 | (a as u64) << 16 | (j as u32 as u64) << 32) }
    pub fn op(self) -> Option<Op> { Op::from_u8(self.0 as u8) }
    pub const fn x(self) -> u8 { (self.0 >> 8) as u8 }
    pub const fn a(self) -> u16 { (self.0 >> 16) as u16 }
    pub const fn b(self) -> u16 { (self.0 >> 32) as u16 }
    pub const fn c(self) -> u16 { (self.0 >> 48) as u16 }
    pub const fn j(self) -> i32 { (self.0 >> 32) as i32 }
}
