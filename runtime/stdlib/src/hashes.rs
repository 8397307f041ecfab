//! `_md5`, `_sha1`, `_sha2`, `_sha3`, `_blake2` of 3 and `_md5`, `_sha`, `_sha256`, `_sha512` of 2.7: digests, over RustCrypto's and blake2_simd's crates.

use crate::api::*;
use crate::kinds;
use sha2::Digest as _;
use hmac::SimpleHmac;
use sha3::digest::{ExtendableOutput, FixedOutput, HashMarker, Output, OutputSizeUser, Update, XofReader, block_api::BlockSizeUser, consts};
use txpy_heap::Object;
use txpy_vm::native::buffer;

macro_rules! algorithms {
    ($($id:ident $def:ident $type_name:literal $module:literal $name:literal $ty:ty, $size:literal, $block:literal;)*) => {
        /// The state of a running digest: arrays and counters, no variant owns memory.
        #[derive(Clone)]
        pub(crate) enum Algo {
            $($id($ty),)*
            Shake128(sha3::Shake128),
            Shake256(sha3::Shake256),
            Blake2b(blake2b_simd::State),
            Blake2s(blake2s_simd::State),
        }
        impl Algo {
            pub(crate) fn update(&mut self, b: &[u8]) {
                match self {
                    $(Algo::$id(h) => sha2::Digest::update(h, b),)*
                    Algo::Shake128(h) => h.update(b),
                    Algo::Shake256(h) => h.update(b),
                    Algo::Blake2b(h) => { h.update(b); }
                    Algo::Blake2s(h) => { h.update(b); }
                }
            }
            /// The digest of what came so far; empty for the functions of any length.
            pub(crate) fn digest(&self) -> Vec<u8> {
                match self {
                    $(Algo::$id(h) => h.clone().finalize().to_vec(),)*
                    Algo::Blake2b(h) => h.finalize().as_bytes().to_vec(),
                    Algo::Blake2s(h) => h.finalize().as_bytes().to_vec(),
                    Algo::Shake128(_) | Algo::Shake256(_) => Vec::new(),
                }
            }
            fn name(&self) -> &'static str {
                match self {
                    $(Algo::$id(_) => $name,)*
                    Algo::Shake128(_) => "shake_128",
                    Algo::Shake256(_) => "shake_256",
                    Algo::Blake2b(_) => "blake2b",
                    Algo::Blake2s(_) => "blake2s",
                }
            }
            pub(crate) fn block(&self) -> i64 {
                match self {
                    $(Algo::$id(_) => $block,)*
                    Algo::Shake128(_) => 168,
                    Algo::Shake256(_) => 136,
                    Algo::Blake2b(_) => 128,
                    Algo::Blake2s(_) => 64,
                }
            }
            pub(crate) fn size(&self) -> i64 {
                match self {
                    $(Algo::$id(_) => $size,)*
                    Algo::Shake128(_) | Algo::Shake256(_) => 0,
                    Algo::Blake2b(h) => h.finalize().as_bytes().len() as i64,
                    Algo::Blake2s(h) => h.finalize().as_bytes().len() as i64,
                }
            }
            /// A digest of fixed length by its name, in any spelling of OpenSSL's.
            pub(crate) fn named(name: &str) -> Option<Algo> {
                let plain = name.to_ascii_lowercase();
                match plain.strip_prefix("sha-").map(|n| format!("sha{n}")).unwrap_or(plain).replace('-', "_").as_str() {
                    $($name => Some(Algo::$id(<$ty>::default())),)*
                    "blake2b" | "blake2b512" => Some(Algo::Blake2b(blake2b_simd::Params::new().to_state())),
                    "blake2s" | "blake2s256" => Some(Algo::Blake2s(blake2s_simd::Params::new().to_state())),
                    _ => None,
                }
            }
            /// The key that PBKDF2 makes with HMAC over a digest of fixed length, into `out`.
            pub(crate) fn pbkdf2(&self, password: &[u8], salt: &[u8], rounds: u32, out: &mut [u8]) {
                match self {
                    $(Algo::$id(_) => pbkdf2::pbkdf2_hmac::<$ty>(password, salt, rounds, out),)*
                    Algo::Blake2b(_) => pbkdf2::pbkdf2::<SimpleHmac<Blake2b>>(password, salt, rounds, out).expect("HMAC takes keys of any length"),
                    Algo::Blake2s(_) => pbkdf2::pbkdf2::<SimpleHmac<Blake2s>>(password, salt, rounds, out).expect("HMAC takes keys of any length"),
                    Algo::Shake128(_) | Algo::Shake256(_) => unreachable!("digests of any length have no HMAC"),
                }
            }
            /// The class of its objects.
            fn def(&self) -> &'static TypeDef {
                match self {
                    $(Algo::$id(_) => &$def,)*
                    Algo::Shake128(_) => &SHAKE_128,
                    Algo::Shake256(_) => &SHAKE_256,
                    Algo::Blake2b(_) => &BLAKE2B,
                    Algo::Blake2s(_) => &BLAKE2S,
                }
            }
        }
        $(pub static $def: TypeDef = TypeDef {
            name: $type_name, module: $module, kind: kinds::HASHER, size: size_of::<Hasher>() as u16, flags: type_flag::NO_NEW, methods: &[METHODS], getset: GETSET,
            doc: "A running digest.", ..TypeDef::DEFAULT
        };)*
    };
}
algorithms! {
    Md5 MD5 "md5" "_md5" "md5" md5::Md5, 16, 64;
    Sha1 SHA1 "sha1" "_sha1" "sha1" sha1::Sha1, 20, 64;
    Sha224 SHA224 "SHA224Type" "_sha2" "sha224" sha2::Sha224, 28, 64;
    Sha256 SHA256 "SHA256Type" "_sha2" "sha256" sha2::Sha256, 32, 64;
    Sha384 SHA384 "SHA384Type" "_sha2" "sha384" sha2::Sha384, 48, 128;
    Sha512 SHA512 "SHA512Type" "_sha2" "sha512" sha2::Sha512, 64, 128;
    Sha3_224 SHA3_224 "sha3_224" "_sha3" "sha3_224" sha3::Sha3_224, 28, 144;
    Sha3_256 SHA3_256 "sha3_256" "_sha3" "sha3_256" sha3::Sha3_256, 32, 136;
    Sha3_384 SHA3_384 "sha3_384" "_sha3" "sha3_384" sha3::Sha3_384, 48, 104;
    Sha3_512 SHA3_512 "sha3_512" "_sha3" "sha3_512" sha3::Sha3_512, 64, 72;
}

/// BLAKE2 without a key, as HMAC wants digests.
macro_rules! blake2 {
    ($name:ident, $krate:ident, $size:ident, $block:ident) => {
        #[derive(Clone)]
        struct $name($krate::State);
        impl Default for $name {
            fn default() -> Self { $name($krate::State::new()) }
        }
        impl HashMarker for $name {}
        impl BlockSizeUser for $name {
            type BlockSize = consts::$block;
        }
        impl OutputSizeUser for $name {
            type OutputSize = consts::$size;
        }
        impl Update for $name {
            fn update(&mut self, data: &[u8]) {
                self.0.update(data);
            }
        }
        impl FixedOutput for $name {
            fn finalize_into(self, out: &mut Output<Self>) { out.copy_from_slice(self.0.finalize().as_bytes()) }
        }
    };
}
blake2!(Blake2b, blake2b_simd, U64, U128);
blake2!(Blake2s, blake2s_simd, U32, U64);

const WORDS: usize = 64;
const _: () = assert!(size_of::<Algo>() <= WORDS * 8);

object! {
    /// The words hold an `Algo`, whose alignment the heap does not promise.
    pub struct Hasher = kinds::HASHER { state: [u64; WORDS] }
}
impl Hasher {
    fn new(a: Algo) -> Hasher {
        let mut h = Hasher { header: Header::NEW, state: [0; WORDS] };
        h.set(a);
        h
    }
    fn set(&mut self, a: Algo) {
        // SAFETY: the words are large enough (asserted above), and nothing is dropped.
        unsafe { self.state.as_mut_ptr().cast::<Algo>().write_unaligned(a) }
    }
    fn get(&self) -> Algo {
        // SAFETY: `new` stored a state; it owns no memory, so a copy is a clone.
        unsafe { self.state.as_ptr().cast::<Algo>().read_unaligned() }
    }
}

pub static SHAKE_128: TypeDef = TypeDef {
    name: "shake_128", module: "_sha3", kind: kinds::HASHER, size: size_of::<Hasher>() as u16, flags: type_flag::PY3, methods: &[SHAKE_METHODS], getset: GETSET, doc: "SHAKE128, a digest of any length.", ..TypeDef::DEFAULT
};
pub static SHAKE_256: TypeDef = TypeDef {
    name: "shake_256", module: "_sha3", kind: kinds::HASHER, size: size_of::<Hasher>() as u16, flags: type_flag::PY3, methods: &[SHAKE_METHODS], getset: GETSET, doc: "SHAKE256, a digest of any length.", ..TypeDef::DEFAULT
};
pub static BLAKE2B: TypeDef = TypeDef {
    name: "blake2b", module: "_blake2", kind: kinds::HASHER, size: size_of::<Hasher>() as u16, flags: type_flag::PY3 | type_flag::BASE, methods: &[METHODS, BLAKE2B_NEW], getset: GETSET,
    doc: "Return a new BLAKE2b hash object.", ..TypeDef::DEFAULT
};
pub static BLAKE2S: TypeDef = TypeDef {
    name: "blake2s", module: "_blake2", kind: kinds::HASHER, size: size_of::<Hasher>() as u16, flags: type_flag::PY3 | type_flag::BASE, methods: &[METHODS, BLAKE2S_NEW], getset: GETSET,
    doc: "Return a new BLAKE2s hash object.", ..TypeDef::DEFAULT
};
static METHODS: &[NativeDef] = natives! {
    #[py2] "update(self, string, /)" = update, "Update this hash object's state with the provided string.";
    #[py3] "update(self, obj, /)" = update, "Update this hash object's state with the provided bytes-like object.";
    "digest(self, /)" = |th, a| { let d = state(th, a.get(0))?.digest(); th.new_bytes(&d) }, "Return the digest value as a bytes object.";
    "hexdigest(self, /)" = |th, a| { let d = state(th, a.get(0))?.digest(); hex(th, &d) }, "Return the digest value as a string of hexadecimal digits.";
    "copy(self, /)" = copy, "Return a copy of the hash object.";
};
static SHAKE_METHODS: &[NativeDef] = natives! {
    "__new__(cls, data=b'', /, *, usedforsecurity=True)" = shake_new, "Create and return a new object.";
    "update(self, data, /)" = update, "Update this hash object's state with the provided bytes-like object.";
    "digest(self, length, /)" = |th, a| shake(th, a), "Return the digest value as a bytes object.";
    "hexdigest(self, length, /)" = |th, a| { let d = shake(th, a)?; hex(th, text::bytes_of(d).unwrap_or(&[])) }, "Return the digest value as a string of hexadecimal digits.";
    "copy(self, /)" = copy, "Return a copy of the hash object.";
};
macro_rules! blake_table {
    ($($id:ident = $size:literal, $f:ident;)*) => { $(static $id: &[NativeDef] = natives! {
        "__new__(cls, data=b'', /, *, digest_size=0, key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True)" = $f, "Create and return a new object.";
    };)* };
}
blake_table! { BLAKE2B_NEW = "64", blake2b_new; BLAKE2S_NEW = "32", blake2s_new; }
static GETSET: &[GetSetDef] = getset! {
    "name" = |th, v| { let n = state(th, v)?.name(); th.native_str(&if th.py3() { n.to_string() } else { n.to_uppercase() }) }, "Name of the algorithm.";
    "digest_size" = |th, v| Ok(Value::int(state(th, v)?.size())), "Bytes of a digest.";
    #[py2] "digestsize" = |th, v| Ok(Value::int(state(th, v)?.size())), "Bytes of a digest.";
    "block_size" = |th, v| Ok(Value::int(state(th, v)?.block())), "Bytes that the algorithm takes at a time.";
};

macro_rules! modules {
    ($($id:ident $table:ident $name:literal $lang:ident [$($t:expr),*] $init:expr; { $($(#[$m:ident])? $sig:literal = $make:expr;)* })*) => { $(
        pub static $id: ModuleDef = ModuleDef { name: $name, doc: "Digests.", functions: $table, types: &[$($t),*], init: Some($init), lang: Lang::$lang };
        static $table: &[NativeDef] = natives! { $($(#[$m])? $sig = |th, a| make(th, a, $make), "Return a new hash object; optionally initialized with a string.";)* };
    )* };
}
modules! {
    MD5_MODULE MD5_TABLE "_md5" Both [] init_md5; { #[py2] "new(string='')" = Algo::Md5(Default::default()); #[py3] "md5(string=b'', *, usedforsecurity=True)" = Algo::Md5(Default::default()); }
    SHA1_MODULE SHA1_TABLE "_sha1" Py3 [] init_sha1; { "sha1(string=b'', *, usedforsecurity=True)" = Algo::Sha1(Default::default()); }
    SHA2_MODULE SHA2_TABLE "_sha2" Py3 [] init_sha2; {
        "sha224(string=b'', *, usedforsecurity=True)" = Algo::Sha224(Default::default()); "sha256(string=b'', *, usedforsecurity=True)" = Algo::Sha256(Default::default());
        "sha384(string=b'', *, usedforsecurity=True)" = Algo::Sha384(Default::default()); "sha512(string=b'', *, usedforsecurity=True)" = Algo::Sha512(Default::default());
    }
    SHA3_MODULE SHA3_TABLE "_sha3" Py3 [&SHAKE_128, &SHAKE_256] init_sha3; {
        "sha3_224(data=b'', /, *, usedforsecurity=True)" = Algo::Sha3_224(Default::default()); "sha3_256(data=b'', /, *, usedforsecurity=True)" = Algo::Sha3_256(Default::default());
        "sha3_384(data=b'', /, *, usedforsecurity=True)" = Algo::Sha3_384(Default::default()); "sha3_512(data=b'', /, *, usedforsecurity=True)" = Algo::Sha3_512(Default::default());
    }
    BLAKE2_MODULE BLAKE2_TABLE "_blake2" Py3 [&BLAKE2B, &BLAKE2S] init_blake2; {}
    SHA_MODULE SHA_TABLE "_sha" Py2 [] init_sha1; { "new(string='')" = Algo::Sha1(Default::default()); }
    SHA256_MODULE SHA256_TABLE "_sha256" Py2 [] init_sha2; { "sha224(string='')" = Algo::Sha224(Default::default()); "sha256(string='')" = Algo::Sha256(Default::default()); }
    SHA512_MODULE SHA512_TABLE "_sha512" Py2 [] init_sha2; { "sha384(string='')" = Algo::Sha384(Default::default()); "sha512(string='')" = Algo::Sha512(Default::default()); }
}
pub static MODULES: [&ModuleDef; 8] = [&MD5_MODULE, &SHA1_MODULE, &SHA2_MODULE, &SHA3_MODULE, &BLAKE2_MODULE, &SHA_MODULE, &SHA256_MODULE, &SHA512_MODULE];

fn types(th: &mut Thread, m: Gc<Module>, list: &[&'static TypeDef], names: &[&str]) -> R<()> {
    txpy_heap::register_kinds(&[Hasher::INFO]);
    for (i, t) in list.iter().enumerate() {
        let class = type_::make_native(th, t)?;
        if let Some(n) = names.get(i).filter(|_| th.py3()) {
            module::set(th, m, n, class.value())?;
        }
    }
    Ok(())
}
fn init_md5(th: &mut Thread, m: Gc<Module>) -> R<()> { types(th, m, &[&MD5], &["MD5Type"]) }
fn init_sha1(th: &mut Thread, m: Gc<Module>) -> R<()> {
    if !th.py3() {
        crate::support::constants(th, m, &[("blocksize", 1), ("digest_size", 20), ("digestsize", 20)])?;
    }
    types(th, m, &[&SHA1], &["SHA1Type"])
}
fn init_sha2(th: &mut Thread, m: Gc<Module>) -> R<()> { types(th, m, &[&SHA224, &SHA256, &SHA384, &SHA512], &["SHA224Type", "SHA256Type", "SHA384Type", "SHA512Type"]) }
fn init_sha3(th: &mut Thread, m: Gc<Module>) -> R<()> {
    let name = th.native_str("generic")?;
    module::set(th, m, "implementation", name)?;
    types(th, m, &[&SHA3_224, &SHA3_256, &SHA3_384, &SHA3_512], &[])
}
fn init_blake2(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[Hasher::INFO]);
    for (def, p, list) in [(&BLAKE2B, "BLAKE2B", [16, 16, 64, 64]), (&BLAKE2S, "BLAKE2S", [8, 8, 32, 32])] {
        for (name, n) in ["SALT_SIZE", "PERSON_SIZE", "MAX_KEY_SIZE", "MAX_DIGEST_SIZE"].iter().zip(list) {
            module::set(th, m, &format!("{p}_{name}"), Value::int(n))?;
            dict::set_str(th, def.ty().frozen().dict, name, Value::int(n))?;
        }
    }
    Ok(())
}

// ---- work

fn state(th: &mut Thread, v: Value) -> R<Algo> { Ok(this::<Hasher>(v).read(th)?.get()) }
fn hex(th: &mut Thread, b: &[u8]) -> R<Value> {
    let s = hex_digits(th, b)?;
    th.native_str_bytes(&s)
}
/// The bytes of an argument.
fn data(th: &mut Thread, v: Value) -> R<Value> {
    if text::is_text(v) {
        return if th.py3() { Err(th.type_error("Strings must be encoded before hashing")) } else { byte_string(th, v) };
    }
    if !buffer::is_bytes_like(th, v) {
        let got = class_name(v);
        return Err(th.type_error(if th.py3() { "object supporting the buffer API required".to_string() } else { format!("must be string or buffer, not {got}") }));
    }
    if !text::is_bytes(v) {
        let view = buffer::acquire(th, v, false)?;
        let dims = view.shape.len();
        view.release(th)?;
        if dims > 1 {
            return Err(th.raise(&txpy_vm::exceptions::BUFFER_ERROR, "Buffer must be single dimension"));
        }
    }
    buffer::snapshot(th, v)
}
fn feed(th: &mut Thread, h: Gc<Hasher>, v: Value) -> R<()> {
    let d = data(th, v)?;
    for piece in text::bytes_of(d).unwrap_or(&[]).chunks(1 << 20) {
        let mut g = h.write(th)?;
        let mut s = g.get();
        s.update(piece);
        g.set(s);
        drop(g);
        th.poll()?;
    }
    Ok(())
}
fn make(th: &mut Thread, a: Args, algo: Algo) -> R<Value> {
    let h = th.alloc(algo.def().shape(), Hasher::new(algo))?;
    if let Some(v) = a.opt(0) {
        feed(th, h, v)?;
    }
    Ok(h.value())
}
fn update(th: &mut Thread, a: Args) -> R<Value> { feed(th, this(a.get(0)), a.get(1)).map(|_| Value::NONE) }
fn copy(th: &mut Thread, a: Args) -> R<Value> {
    let s = state(th, a.get(0))?;
    Ok(th.alloc(s.def().shape(), Hasher::new(s))?.value())
}
fn shake_new(th: &mut Thread, a: Args) -> R<Value> {
    let algo = if a.get(0) == SHAKE_128.value() { Algo::Shake128(Default::default()) } else { Algo::Shake256(Default::default()) };
    make(th, Args::of(&[a.get(1)]), algo)
}
fn shake(th: &mut Thread, a: Args) -> R<Value> {
    let n = int::index(th, a.get(1))?;
    if int::is_negative(n) {
        return Err(th.value_error("value must be positive"));
    }
    let n = match int::to_i64(n) {
        Some(n) if n < 1 << 29 => n as usize,
        Some(_) => return Err(th.value_error("length is too large")),
        None => return Err(th.overflow_error("Python int too large to convert to C unsigned long")),
    };
    let s = state(th, a.get(0))?;
    let out = text::alloc_bytes(th, n)?;
    // SAFETY: not yet known to anybody else.
    let to = unsafe { out.frozen().tail_mut() };
    match s {
        Algo::Shake128(h) => h.finalize_xof().read(to),
        Algo::Shake256(h) => h.finalize_xof().read(to),
        _ => {}
    }
    Ok(out.value())
}

// ---- BLAKE2

struct Params<'a> {
    size: i64,
    key: &'a [u8],
    salt: &'a [u8],
    person: &'a [u8],
    /// fanout, depth, leaf_size, node_offset, node_depth, inner_size
    tree: [u64; 6],
    last: bool,
}
/// Reads and checks the parameters. `max`: digest and key; `tag`: salt and person; `offset`: bits of node_offset.
fn params<'a>(th: &mut Thread, a: Args, max: i64, tag: usize, offset_bits: u32) -> R<Params<'a>> {
    let size = match a.opt(2) {
        Some(v) => int::arg_i64(th, v)?,
        None => max,
    };
    if size <= 0 || size > max {
        return Err(th.value_error(format!("digest_size for Blake2{} must be between 1 and {max} bytes, here it is {size}", if max == 64 { "b" } else { "s" })));
    }
    let mut bytes = [&[][..]; 3];
    let limits = [max as usize, tag, tag];
    for i in 0..3 {
        if let Some(v) = a.opt(3 + i) {
            if !buffer::is_bytes_like(th, v) {
                return Err(buffer::required(th, v));
            }
            let s = buffer::snapshot(th, v)?;
            let b = text::bytes_of(s).unwrap_or(&[]);
            if b.len() > limits[i] {
                let n = limits[i];
                return Err(th.value_error(match i {
                    0 => format!("maximum key length is {n} bytes"),
                    1 => format!("maximum salt length is {n} bytes"),
                    _ => format!("maximum person length is {n} bytes"),
                }));
            }
            bytes[i] = b;
        }
    }
    let mut tree = [1, 1, 0, 0, 0, 0];
    let top: [u64; 6] = [255, 255, u32::MAX as u64, if offset_bits == 64 { u64::MAX } else { (1 << offset_bits) - 1 }, 255, max as u64];
    const NAMES: [&str; 6] = ["fanout must be between 0 and 255", "depth must be between 1 and 255", "leaf_size is too large", "node_offset is too large", "node_depth must be between 0 and 255", "inner_size must be between 0 and is "];
    for i in 0..6 {
        let Some(v) = a.opt(6 + i) else { continue };
        let v = int::index(th, v)?;
        let wide = matches!(i, 2 | 3);
        if wide && int::is_negative(v) {
            return Err(if th.py3() { th.value_error("value must be positive") } else { th.overflow_error("value must be positive") });
        }
        let n = int::to_u64(v).filter(|n| *n <= top[i] && (i != 1 || *n >= 1));
        match n {
            Some(n) => tree[i] = n,
            None if wide && int::to_u64(v).is_none() => return Err(th.overflow_error("int too big to convert")),
            None if wide => return Err(th.overflow_error(NAMES[i])),
            None if i == 5 => return Err(th.value_error(format!("inner_size must be between 0 and is {max}"))),
            None => return Err(th.value_error(NAMES[i])),
        }
    }
    let last = match a.opt(12) {
        Some(v) => is_true(th, v)?,
        None => false,
    };
    Ok(Params { size, key: bytes[0], salt: bytes[1], person: bytes[2], tree, last })
}
macro_rules! blake {
    ($f:ident, $krate:ident, $variant:ident, $def:ident, $max:literal, $tag:literal, $bits:literal) => {
        fn $f(th: &mut Thread, a: Args) -> R<Value> {
            let class = txpy_vm::types::int_args::new_class(th, &$def, a.get(0))?;
            let p = params(th, a, $max, $tag, $bits)?;
            let s = $krate::Params::new().hash_length(p.size as usize).key(p.key).salt(p.salt).personal(p.person).fanout(p.tree[0] as u8).max_depth(p.tree[1] as u8)
                .max_leaf_length(p.tree[2] as u32).node_offset(p.tree[3]).node_depth(p.tree[4] as u8).inner_hash_length(p.tree[5] as usize).last_node(p.last).to_state();
            let h = instance::alloc_like(th, class.value(), |_| Hasher::new(Algo::$variant(s)))?;
            if let Some(v) = a.opt(1) {
                feed(th, h, v)?;
            }
            Ok(h.value())
        }
    };
}
blake! { blake2b_new, blake2b_simd, Blake2b, BLAKE2B, 64, 16, 64 }
blake! { blake2s_new, blake2s_simd, Blake2s, BLAKE2S, 32, 8, 48 }
