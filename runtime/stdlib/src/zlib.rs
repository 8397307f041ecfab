//! `zlib`: streams of compressed data, over the port of zlib in Rust (`libz-rs-sys`).

use crate::api::*;
use crate::kinds;
use libz_rs_sys::{self as z, z_stream};
use txpy_heap::Object;
use txpy_vm::exceptions::EOF_ERROR;
use txpy_vm::native::buffer;
use txpy_vm::types::sequence;

crate::exception! { ERROR, "zlib" "error", &txpy_vm::exceptions::EXCEPTION, "What zlib reports." }

object! { pub struct Compress = kinds::COMPRESSOR, release = end_deflate { strm: *mut z_stream } }
object! {
    /// A `Decompress` object, or 3's `_ZlibDecompressor`, which keeps its input (`tail`) to itself.
    pub struct Decompress = kinds::DECOMPRESSOR, release = end_inflate {
        strm: *mut z_stream,
        unused: Value,
        tail: Value,
        zdict: Value,
        eof: bool,
        needs_input: bool,
    }
}
/// Frees a stream with all it holds; nothing for null.
/// # Safety
/// The stream was made by `deflate_init`, `inflate_init` or a copy of theirs, `end` is the function for its kind, and nobody uses it any more.
unsafe fn free(s: *mut z_stream, end: unsafe extern "C" fn(*mut z_stream) -> i32) {
    if !s.is_null() {
        // SAFETY: the caller's; all streams are in boxes.
        unsafe {
            end(s);
            drop(Box::from_raw(s));
        }
    }
}
unsafe fn end_deflate(h: *mut Header) {
    // SAFETY: called once, when the object dies, whose stream is its own.
    unsafe { free((*h.cast::<Compress>()).strm, z::deflateEnd) }
}
unsafe fn end_inflate(h: *mut Header) {
    // SAFETY: as above.
    unsafe { free((*h.cast::<Decompress>()).strm, z::inflateEnd) }
}

pub static COMPRESS: TypeDef = TypeDef {
    name: "Compress", module: "zlib", kind: kinds::COMPRESSOR, size: size_of::<Compress>() as u16, flags: type_flag::NO_NEW, methods: &[COMPRESS_METHODS], doc: "A compressing stream.", ..TypeDef::DEFAULT
};
pub static DECOMPRESS: TypeDef = TypeDef {
    name: "Decompress", module: "zlib", kind: kinds::DECOMPRESSOR, size: size_of::<Decompress>() as u16, flags: type_flag::NO_NEW, methods: &[DECOMPRESS_METHODS], getset: getset! {
        "unused_data" = |th, v| Ok(this::<Decompress>(v).read(th)?.unused), "Data found after the end of the compressed stream.";
        "unconsumed_tail" = |th, v| Ok(this::<Decompress>(v).read(th)?.tail), "Input that a limit of the output left over.";
        #[py3] "eof" = |th, v| Ok(Value::from_bool(this::<Decompress>(v).read(th)?.eof)), "Whether the end of the stream was reached.";
    }, doc: "A decompressing stream.", ..TypeDef::DEFAULT
};
pub static PLAIN: TypeDef = TypeDef {
    name: "_ZlibDecompressor", module: "zlib", kind: kinds::DECOMPRESSOR, size: size_of::<Decompress>() as u16, flags: type_flag::PY3, methods: &[PLAIN_METHODS], getset: getset! {
        "unused_data" = |th, v| Ok(this::<Decompress>(v).read(th)?.unused), "Data found after the end of the compressed stream.";
        "eof" = |th, v| Ok(Value::from_bool(this::<Decompress>(v).read(th)?.eof)), "True if the end-of-stream marker has been reached.";
        "needs_input" = |th, v| Ok(Value::from_bool(this::<Decompress>(v).read(th)?.needs_input)), "True if more input is needed before more decompressed data can be produced.";
    }, doc: "Create a decompressor object for decompressing data incrementally.", ..TypeDef::DEFAULT
};
static COMPRESS_METHODS: &[NativeDef] = natives! {
    #[io] "compress(self, data, /)" = |th, a| { let d = byte_string(th, a.get(1))?; let out = deflate_all(th, this(a.get(0)), d, z::Z_NO_FLUSH, "while compressing data")?; th.new_bytes(&out) }, "Compress data, returning what is ready.";
    #[io] "flush(self, mode=zlib.Z_FINISH, /)" = compress_flush, "Return all that is still inside.";
    #[io] "copy(self, /)" = compress_copy, "Return a copy of the compression object.";
    #[py3, io] "__copy__(self, /)" = compress_copy, "Return a copy of the compression object.";
    #[py3, io] "__deepcopy__(self, memo, /)" = compress_copy, "Return a copy of the compression object.";
};
static DECOMPRESS_METHODS: &[NativeDef] = natives! {
    #[py2, io] "decompress(self, data, max_length=0)" = decompress, "Return decompressed data.";
    #[py3, io] "decompress(self, data, /, max_length=0)" = decompress, "Return a bytes object containing the decompressed version of the data.";
    #[io] "flush(self, length=zlib.DEF_BUF_SIZE, /)" = decompress_flush, "Return a bytes object containing any remaining decompressed data.";
    #[io] "copy(self, /)" = decompress_copy, "Return a copy of the decompression object.";
    #[py3, io] "__copy__(self, /)" = decompress_copy, "Return a copy of the decompression object.";
    #[py3, io] "__deepcopy__(self, memo, /)" = decompress_copy, "Return a copy of the decompression object.";
};
static PLAIN_METHODS: &[NativeDef] = natives! {
    "__new__(cls, wbits=15, zdict=b'')" = plain_new, "Create and return a new object.";
    #[io] "decompress(self, data, max_length=-1)" = plain_decompress, "Decompress *data*, returning uncompressed data as bytes.";
};

pub static MODULE: ModuleDef = ModuleDef { name: "zlib", doc: "Compression and checksums of zlib.", functions: FUNCTIONS, types: &[&PLAIN], init: Some(init), ..ModuleDef::DEFAULT };
static FUNCTIONS: &[NativeDef] = natives! {
    #[py2] "compress(string, level=-1, /)" = compress_whole, "Return the string compressed.";
    #[py3] "compress(data, /, level=-1, wbits=15)" = compress_whole, "Returns a bytes object containing compressed data.";
    #[py2] "decompress(string, wbits=15, bufsize=16384, /)" = decompress_whole, "Return the string decompressed.";
    #[py3] "decompress(data, /, wbits=15, bufsize=16384)" = decompress_whole, "Returns a bytes object containing the uncompressed data.";
    #[py2] "compressobj(level=-1, method=8, wbits=15, memlevel=8, strategy=0, /)" = compressobj, "Return a compressor object.";
    #[py3] "compressobj(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)" = compressobj, "Return a compressor object.";
    #[py2] "decompressobj(wbits=15, /)" = decompressobj, "Return a decompressor object.";
    #[py3] "decompressobj(wbits=15, zdict=b'')" = decompressobj, "Return a decompressor object.";
    "adler32(data, value=1, /)" = |th, a| checksum(th, a, 1, adler), "Compute an Adler-32 checksum of data.";
    "crc32(data, value=0, /)" = |th, a| checksum(th, a, 0, crc), "Compute a CRC-32 checksum of data.";
};
const CONSTANTS: &[(&str, i64)] = &[
    ("MAX_WBITS", 15), ("DEFLATED", 8), ("DEF_MEM_LEVEL", 8), ("DEF_BUF_SIZE", 16384), ("Z_BEST_SPEED", 1), ("Z_BEST_COMPRESSION", 9), ("Z_DEFAULT_COMPRESSION", -1),
    ("Z_FILTERED", 1), ("Z_HUFFMAN_ONLY", 2), ("Z_DEFAULT_STRATEGY", 0), ("Z_FINISH", 4), ("Z_NO_FLUSH", 0), ("Z_SYNC_FLUSH", 2), ("Z_FULL_FLUSH", 3),
];
const CONSTANTS3: &[(&str, i64)] = &[("Z_NO_COMPRESSION", 0), ("Z_RLE", 3), ("Z_FIXED", 4), ("Z_PARTIAL_FLUSH", 1), ("Z_BLOCK", 5), ("Z_TREES", 6)];
const VERSION: &str = "1.3.1";

fn init(th: &mut Thread, m: Gc<Module>) -> R<()> {
    txpy_heap::register_kinds(&[Compress::INFO, Decompress::INFO]);
    type_::make_native(th, &COMPRESS)?;
    type_::make_native(th, &DECOMPRESS)?;
    let e = type_::make_native(th, &ERROR)?;
    module::set(th, m, "error", e.value())?;
    crate::support::constants(th, m, CONSTANTS)?;
    if th.py3() {
        crate::support::constants(th, m, CONSTANTS3)?;
    }
    for name in ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION", "__version__"] {
        let v = th.native_str(if name == "__version__" { "1.0" } else { VERSION })?;
        module::set(th, m, name, v)?;
    }
    Ok(())
}

// ---- arguments and errors

fn int_arg(th: &mut Thread, v: Option<Value>, default: i32) -> R<i32> { v.map_or(Ok(default), |v| int::arg_i32(th, v)) }
/// A size: 2.7 asks `__int__` too.
fn size_arg(th: &mut Thread, v: Value) -> R<i64> { if th.py3() { sequence::ssize(th, v) } else { int::arg_i64(th, v) } }
/// zlib's error as an exception, with what the stream says.
fn fail(th: &mut Thread, err: i32, said: Option<String>, doing: &str) -> Unwind {
    let said = said.or_else(|| {
        Some(match err {
            z::Z_VERSION_ERROR => "library version mismatch",
            z::Z_BUF_ERROR => "incomplete or truncated stream",
            z::Z_STREAM_ERROR => "inconsistent stream state",
            z::Z_DATA_ERROR => "invalid input data",
            _ => return None,
        }.to_string())
    });
    match said {
        Some(s) => th.raise(&ERROR, format!("Error {err} {doing}: {s}")),
        None => th.raise(&ERROR, format!("Error {err} {doing}")),
    }
}
fn message(s: &z_stream) -> Option<String> {
    // SAFETY: the message is a static text of the library or null.
    if s.msg.is_null() { None } else { Some(unsafe { std::ffi::CStr::from_ptr(s.msg) }.to_string_lossy().into_owned()) }
}
fn stream() -> Box<z_stream> { Box::new(z_stream::default()) }
const STREAM_SIZE: i32 = size_of::<z_stream>() as i32;
fn deflate_init(level: i32, method: i32, wbits: i32, mem: i32, strategy: i32) -> Result<*mut z_stream, i32> {
    let mut s = stream();
    // SAFETY: a zeroed stream of the size told; it stays where the box is.
    match unsafe { z::deflateInit2_(&mut *s, level, method, wbits, mem, strategy, z::zlibVersion(), STREAM_SIZE) } {
        z::Z_OK => Ok(Box::into_raw(s)),
        e => Err(e),
    }
}
fn inflate_init(wbits: i32) -> Result<*mut z_stream, i32> {
    let mut s = stream();
    // SAFETY: as above.
    match unsafe { z::inflateInit2_(&mut *s, wbits, z::zlibVersion(), STREAM_SIZE) } {
        z::Z_OK => Ok(Box::into_raw(s)),
        e => Err(e),
    }
}

// ---- one round of work

/// Input at one go, so that other threads do not wait for long.
const PIECE: usize = 256 << 10;
struct Round {
    code: i32,
    used: usize,
    said: Option<String>,
    /// The output buffer was filled to its end.
    full: bool,
}
/// Runs `f` (deflate or inflate) once over `input`, appending at most `room` bytes to `out`.
fn round(s: *mut z_stream, input: &[u8], out: &mut Vec<u8>, room: usize, flush: i32, f: unsafe extern "C" fn(*mut z_stream, i32) -> i32) -> Result<Round, ()> {
    if out.try_reserve(room).is_err() {
        return Err(());
    }
    let at = out.len();
    out.resize(at + room, 0);
    // SAFETY: the caller holds the stream's object for writing; input and output are valid for the lengths told while the call runs.
    unsafe {
        let n = input.len().min(u32::MAX as usize);
        (*s).next_in = input.as_ptr().cast_mut();
        (*s).avail_in = n as u32;
        (*s).next_out = out.as_mut_ptr().add(at);
        (*s).avail_out = room as u32;
        let code = f(s, flush);
        let (used, left) = (n - (*s).avail_in as usize, (*s).avail_out as usize);
        (*s).next_in = std::ptr::null_mut();
        (*s).next_out = std::ptr::null_mut();
        (*s).avail_in = 0;
        out.truncate(at + room - left);
        Ok(Round { code, used, said: message(&*s), full: left == 0 })
    }
}

// ---- compression

fn deflate_all(th: &mut Thread, c: Gc<Compress>, data: Value, flush: i32, doing: &str) -> R<Vec<u8>> {
    let mut out = Vec::new();
    let b = text::bytes_of(data).unwrap_or(&[]);
    let mut at = 0;
    loop {
        th.poll()?;
        let piece = &b[at..(at + PIECE).min(b.len())];
        let last = at + piece.len() == b.len();
        let room = (piece.len() / 2).clamp(1 << 10, PIECE);
        let g = c.write(th)?;
        let s = g.strm;
        if s.is_null() {
            drop(g);
            return Err(fail(th, z::Z_STREAM_ERROR, None, doing));
        }
        let r = round(s, piece, &mut out, room, if last { flush } else { z::Z_NO_FLUSH }, z::deflate);
        drop(g);
        let Ok(r) = r else { return Err(th.memory_error()) };
        at += r.used;
        match r.code {
            z::Z_OK | z::Z_BUF_ERROR => {}
            z::Z_STREAM_END => return Ok(out),
            e => return Err(fail(th, e, r.said, doing)),
        }
        if at == b.len() && !r.full {
            return Ok(out);
        }
        if r.code == z::Z_BUF_ERROR && r.used == 0 && !r.full {
            return Err(fail(th, r.code, r.said, doing));
        }
    }
}
fn compress_whole(th: &mut Thread, a: Args) -> R<Value> {
    let data = byte_string(th, a.get(0))?;
    let level = int_arg(th, a.opt(1), -1)?;
    let wbits = int_arg(th, a.opt(2), 15)?;
    let s = match deflate_init(level, 8, wbits, 8, 0) {
        Ok(s) => s,
        Err(z::Z_MEM_ERROR) => return Err(th.raise(&txpy_vm::exceptions::MEMORY_ERROR, "Out of memory while compressing data")),
        Err(z::Z_STREAM_ERROR) => return Err(th.raise(&ERROR, "Bad compression level")),
        Err(e) => return Err(fail(th, e, None, "while compressing data")),
    };
    let c = new_compress(th, s)?;
    let out = deflate_all(th, c, data, z::Z_FINISH, "while compressing data")?;
    th.new_bytes(&out)
}
fn new_compress(th: &mut Thread, s: *mut z_stream) -> R<Gc<Compress>> {
    match th.alloc(COMPRESS.shape(), Compress { header: Header::NEW, strm: s }) {
        Ok(c) => Ok(c),
        Err(e) => {
            // SAFETY: made by `deflate_init` or `deflateCopy`, and no object owns it.
            unsafe { free(s, z::deflateEnd) };
            Err(e)
        }
    }
}
fn compressobj(th: &mut Thread, a: Args) -> R<Value> {
    let mut n = [0; 5];
    for (i, (n, d)) in n.iter_mut().zip([-1, 8, 15, 8, 0]).enumerate() {
        *n = int_arg(th, a.opt(i), d)?;
    }
    let zdict = match a.some(5) {
        Some(d) => Some(buffer::snapshot(th, d)?),
        None => None,
    };
    let s = match deflate_init(n[0], n[1], n[2], n[3], n[4]) {
        Ok(s) => s,
        Err(z::Z_MEM_ERROR) => return Err(th.raise(&txpy_vm::exceptions::MEMORY_ERROR, "Can't allocate memory for compression object")),
        Err(z::Z_STREAM_ERROR) => return Err(th.value_error("Invalid initialization option")),
        Err(e) => return Err(fail(th, e, None, "while creating compression object")),
    };
    let c = new_compress(th, s)?;
    if let Some(d) = zdict {
        let b = text::bytes_of(d).unwrap_or(&[]);
        // SAFETY: nobody else knows the stream yet; the dictionary is read only.
        match unsafe { z::deflateSetDictionary(s, b.as_ptr(), b.len() as u32) } {
            z::Z_OK => {}
            z::Z_STREAM_ERROR => return Err(th.value_error("Invalid dictionary")),
            _ => return Err(th.value_error("deflateSetDictionary()")),
        }
    }
    Ok(c.value())
}
fn compress_flush(th: &mut Thread, a: Args) -> R<Value> {
    let mode = int_arg(th, a.opt(1), z::Z_FINISH)?;
    let c: Gc<Compress> = this(a.get(0));
    if mode == z::Z_NO_FLUSH {
        return th.new_bytes(b"");
    }
    let empty = th.new_bytes(b"")?;
    let out = deflate_all(th, c, empty, mode, "while flushing")?;
    if mode == z::Z_FINISH {
        let mut g = c.write(th)?;
        let s = std::mem::replace(&mut g.strm, std::ptr::null_mut());
        drop(g);
        // SAFETY: taken out of the object under its guard: nobody else has it.
        unsafe { free(s, z::deflateEnd) };
    }
    th.new_bytes(&out)
}
fn compress_copy(th: &mut Thread, a: Args) -> R<Value> {
    let g = this::<Compress>(a.get(0)).write(th)?;
    let mut s = stream();
    // SAFETY: the source is held for writing; a finished stream is null, which the library refuses.
    let r = unsafe { z::deflateCopy(&mut *s, g.strm) };
    drop(g);
    match r {
        z::Z_OK => Ok(new_compress(th, Box::into_raw(s))?.value()),
        z::Z_STREAM_ERROR => Err(th.value_error("Inconsistent stream state")),
        z::Z_MEM_ERROR => Err(th.raise(&txpy_vm::exceptions::MEMORY_ERROR, "Can't allocate memory for compression object")),
        e => Err(fail(th, e, None, "while copying compression object")),
    }
}

// ---- decompression

fn new_decompress(th: &mut Thread, def: &'static TypeDef, class: Option<Value>, s: *mut z_stream, zdict: Value) -> R<Gc<Decompress>> {
    let empty = th.new_bytes(b"");
    let made = match empty {
        Ok(e) => {
            let init = Decompress { header: Header::NEW, strm: s, unused: e, tail: e, zdict, eof: false, needs_input: true };
            match class {
                Some(c) => instance::alloc_like(th, c, |_| init),
                None => th.alloc(def.shape(), init),
            }
        }
        Err(e) => Err(e),
    };
    if made.is_err() {
        // SAFETY: made by `inflate_init` or `inflateCopy`, and no object owns it.
        unsafe { free(s, z::inflateEnd) };
    }
    made
}
/// Gives a stream its dictionary. Errors: the library's number and what the stream says.
fn set_dictionary(s: *mut z_stream, zdict: Value) -> Result<(), (i32, Option<String>)> {
    let b = text::bytes_of(zdict).unwrap_or(&[]);
    // SAFETY: the caller owns the stream or holds its object for writing.
    match unsafe { z::inflateSetDictionary(s, b.as_ptr(), b.len() as u32) } {
        z::Z_OK => Ok(()),
        // SAFETY: as above.
        e => Err((e, message(unsafe { &*s }))),
    }
}
fn dictionary_error(th: &mut Thread, (e, said): (i32, Option<String>)) -> Unwind { fail(th, e, said, "while setting zdict") }
fn make_decompress(th: &mut Thread, def: &'static TypeDef, class: Option<Value>, wbits: Option<Value>, zdict: Option<Value>) -> R<Value> {
    let wbits = int_arg(th, wbits, 15)?;
    let zdict = match zdict {
        Some(d) => {
            if !buffer::is_bytes_like(th, d) {
                return Err(th.type_error("zdict argument must support the buffer protocol"));
            }
            buffer::snapshot(th, d)?
        }
        None => Value::UNSET,
    };
    let s = match inflate_init(wbits) {
        Ok(s) => s,
        Err(z::Z_STREAM_ERROR) => return Err(th.value_error("Invalid initialization option")),
        Err(z::Z_MEM_ERROR) => return Err(th.raise(&txpy_vm::exceptions::MEMORY_ERROR, "Can't allocate memory for decompression object")),
        Err(e) => return Err(fail(th, e, None, "while creating decompression object")),
    };
    let d = new_decompress(th, def, class, s, zdict)?;
    // Raw streams do not ask for their dictionary.
    if !zdict.is_unset() && wbits < 0 {
        set_dictionary(s, zdict).map_err(|e| dictionary_error(th, e))?;
    }
    Ok(d.value())
}
fn decompressobj(th: &mut Thread, a: Args) -> R<Value> { make_decompress(th, &DECOMPRESS, None, a.opt(0), a.opt(1)) }
fn plain_new(th: &mut Thread, a: Args) -> R<Value> {
    let class = txpy_vm::types::int_args::new_class(th, &PLAIN, a.get(0))?;
    make_decompress(th, &PLAIN, Some(class.value()), a.opt(1), a.opt(2))
}

/// Decompresses from `b`, at most `max` bytes of output. Gives the output, how much input was used, and whether the stream ended.
fn inflate_all(th: &mut Thread, d: Gc<Decompress>, b: &[u8], max: usize, flush: i32) -> R<(Vec<u8>, usize, bool)> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        th.poll()?;
        let piece = &b[at..(at + PIECE).min(b.len())];
        let room = (max - out.len()).min((piece.len() * 3).clamp(1 << 10, PIECE).max(out.len().min(1 << 24)));
        if room == 0 {
            return Ok((out, at, false));
        }
        let g = d.write(th)?;
        let (s, zdict) = (g.strm, g.zdict);
        let r = if s.is_null() { Err(()) } else { round(s, piece, &mut out, room, if at + piece.len() == b.len() { flush } else { z::Z_SYNC_FLUSH }, z::inflate) };
        let asks = matches!(&r, Ok(r) if r.code == z::Z_NEED_DICT) && !zdict.is_unset();
        let given = if asks { set_dictionary(s, zdict) } else { Ok(()) };
        drop(g);
        let Ok(r) = r else { return if s.is_null() { Err(fail(th, z::Z_STREAM_ERROR, None, "while decompressing data")) } else { Err(th.memory_error()) } };
        at += r.used;
        match r.code {
            z::Z_OK | z::Z_BUF_ERROR => {}
            z::Z_STREAM_END => return Ok((out, at, true)),
            _ if asks => {
                given.map_err(|e| dictionary_error(th, e))?;
                continue;
            }
            e => return Err(fail(th, e, r.said, "while decompressing data")),
        }
        // All input is used and the library kept no output back, or it cannot go on.
        if !r.full && (at == b.len() || r.used == 0) {
            return Ok((out, at, false));
        }
    }
}
/// What is left of the input: after the end it is unused data, before it the tail.
fn leftovers(th: &mut Thread, d: Gc<Decompress>, rest: &[u8], end: bool) -> R<()> {
    if end {
        let old = d.read(th)?.unused;
        let new = if rest.is_empty() { old } else { let r = th.new_bytes(rest)?; text::concat(th, old, r)? };
        let empty = th.new_bytes(b"")?;
        let mut g = d.write(th)?;
        (g.unused, g.tail, g.eof) = (new, empty, true);
    } else {
        let t = th.new_bytes(rest)?;
        d.write(th)?.tail = t;
    }
    Ok(())
}
fn decompress(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Decompress> = this(a.get(0));
    let data = byte_string(th, a.get(1))?;
    let max = match a.opt(2) {
        Some(v) => size_arg(th, v)?,
        None => 0,
    };
    if max < 0 {
        return Err(th.value_error(if th.py3() { "max_length must be non-negative" } else { "max_length must be greater than zero" }));
    }
    let b = text::bytes_of(data).unwrap_or(&[]);
    if d.read(th)?.eof {
        // The stream has ended: all of it is unused.
        leftovers(th, d, b, true)?;
        return th.new_bytes(b"");
    }
    let (out, used, end) = inflate_all(th, d, b, if max == 0 { usize::MAX } else { max as usize }, z::Z_SYNC_FLUSH)?;
    leftovers(th, d, &b[used..], end)?;
    th.new_bytes(&out)
}
fn decompress_flush(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Decompress> = this(a.get(0));
    if let Some(v) = a.opt(1) {
        if size_arg(th, v)? <= 0 {
            return Err(th.value_error("length must be greater than zero"));
        }
    }
    let g = d.read(th)?;
    let (tail, eof) = (g.tail, g.eof);
    drop(g);
    if eof {
        return th.new_bytes(b"");
    }
    let b = text::bytes_of(tail).unwrap_or(&[]);
    let (out, used, end) = inflate_all(th, d, b, usize::MAX, z::Z_FINISH)?;
    leftovers(th, d, &b[used..], end)?;
    th.new_bytes(&out)
}
fn decompress_copy(th: &mut Thread, a: Args) -> R<Value> {
    let old: Gc<Decompress> = this(a.get(0));
    let mut g = old.write(th)?;
    let mut s = stream();
    // The library looks at the place for output, which must not be null, but does not use it.
    let mut nowhere = 0u8;
    // SAFETY: the source is held for writing; neither stream keeps the place.
    let r = unsafe {
        if !g.strm.is_null() {
            (*g.strm).next_out = &raw mut nowhere;
        }
        let r = z::inflateCopy(&mut *s, g.strm);
        if !g.strm.is_null() {
            (*g.strm).next_out = std::ptr::null_mut();
        }
        s.next_out = std::ptr::null_mut();
        r
    };
    let (unused, tail, zdict, eof) = (g.unused, g.tail, g.zdict, g.eof);
    drop(g);
    match r {
        z::Z_OK => {
            let new = new_decompress(th, &DECOMPRESS, None, Box::into_raw(s), zdict)?;
            let mut g = new.write(th)?;
            (g.unused, g.tail, g.eof) = (unused, tail, eof);
            Ok(new.value())
        }
        z::Z_STREAM_ERROR => Err(th.value_error("Inconsistent stream state")),
        z::Z_MEM_ERROR => Err(th.raise(&txpy_vm::exceptions::MEMORY_ERROR, "Can't allocate memory for decompression object")),
        e => Err(fail(th, e, None, "while copying decompression object")),
    }
}
fn plain_decompress(th: &mut Thread, a: Args) -> R<Value> {
    let d: Gc<Decompress> = this(a.get(0));
    let data = byte_string(th, a.get(1))?;
    let max = match a.opt(2) {
        Some(v) => size_arg(th, v)?,
        None => -1,
    };
    let g = d.read(th)?;
    let (tail, eof) = (g.tail, g.eof);
    drop(g);
    if eof {
        return Err(th.raise(&EOF_ERROR, "End of stream already reached"));
    }
    let all = if text::len_of(tail) == 0 { data } else { text::concat(th, tail, data)? };
    let b = text::bytes_of(all).unwrap_or(&[]);
    let max = if max < 0 { usize::MAX } else { max as usize };
    let (out, used, end) = inflate_all(th, d, b, max, z::Z_SYNC_FLUSH)?;
    leftovers(th, d, &b[used..], end)?;
    // Output may wait inside when the limit was met.
    let needs = !end && used == b.len() && out.len() < max;
    d.write(th)?.needs_input = needs;
    th.new_bytes(&out)
}
fn decompress_whole(th: &mut Thread, a: Args) -> R<Value> {
    let data = byte_string(th, a.get(0))?;
    let wbits = int_arg(th, a.opt(1), 15)?;
    if let Some(v) = a.opt(2) {
        if size_arg(th, v)? <= 0 && th.py3() {
            return Err(th.value_error("bufsize must be greater than zero"));
        }
    }
    let s = match inflate_init(wbits) {
        Ok(s) => s,
        Err(z::Z_MEM_ERROR) => return Err(th.raise(&txpy_vm::exceptions::MEMORY_ERROR, "Out of memory while decompressing data")),
        Err(e) => return Err(fail(th, e, None, "while preparing to decompress data")),
    };
    let d = new_decompress(th, &DECOMPRESS, None, s, Value::UNSET)?;
    let b = text::bytes_of(data).unwrap_or(&[]);
    let (out, _, end) = inflate_all(th, d, b, usize::MAX, z::Z_SYNC_FLUSH)?;
    if !end {
        return Err(fail(th, z::Z_BUF_ERROR, None, "while decompressing data"));
    }
    th.new_bytes(&out)
}

// ---- checksums

fn adler(s: u32, b: &[u8]) -> u32 {
    // SAFETY: reads the bytes told.
    unsafe { z::adler32(s as _, b.as_ptr(), b.len() as u32) as u32 }
}
pub fn crc(s: u32, b: &[u8]) -> u32 {
    // SAFETY: reads the bytes told.
    unsafe { z::crc32(s as _, b.as_ptr(), b.len() as u32) as u32 }
}
/// A checksum; 2.7 gives it with a sign.
pub fn checksum(th: &mut Thread, a: Args, start: u32, f: fn(u32, &[u8]) -> u32) -> R<Value> {
    let mut s = match a.opt(1) {
        Some(v) => low_bits(th, v)? as u32,
        None => start,
    };
    let data = byte_string(th, a.get(0))?;
    for piece in text::bytes_of(data).unwrap_or(&[]).chunks(1 << 20) {
        s = f(s, piece);
        th.poll()?;
    }
    Ok(Value::int(if th.py3() { s as i64 } else { s as i32 as i64 }))
}
