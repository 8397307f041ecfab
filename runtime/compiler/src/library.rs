//! Library files as one block of bytes for the executable: an index by name, each file's code image, and its text, compressed.
//!
//! Layout, numbers in little-endian u32: the count of files; for each file, by ascending name, [`FIELDS`] numbers: where the name stands and its
//! length, the same of the image (length 0: none) and of the compressed text, and the text's own length with [`LAZY`]; then what they point to.

use crate::{Image, Options, compile_source, store};
use txpy_syntax::{FutureFlags, Grammar, Mode, SourceKind};

const FIELDS: usize = 7;
const LAZY: u32 = 1 << 31;

/// A file to pack.
pub struct Input {
    /// Below the library's folder, parts separated by `/`.
    pub name: String,
    pub text: Vec<u8>,
    /// Compiled as if it imported `annotations` from `__future__`.
    pub lazy_annotations: bool,
}

/// Packs files: those that end in `.py` with their images. `failed` is told about files that do not compile; they are packed without an image, so
/// that importing them raises the error.
pub fn pack(mut files: Vec<Input>, grammar: &Grammar, mut failed: impl FnMut(&str, &str)) -> Vec<u8> {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut out = (files.len() as u32).to_le_bytes().to_vec();
    out.resize(4 + files.len() * FIELDS * 4, 0);
    for (i, f) in files.iter().enumerate() {
        let image = if f.name.ends_with(".py") { image_of(f, grammar).map_err(|e| failed(&f.name, &e)).unwrap_or_default() } else { Vec::new() };
        let packed = miniz_oxide::deflate::compress_to_vec(&f.text, 6);
        let mut at = 4 + i * FIELDS * 4;
        for part in [f.name.as_bytes(), &image, &packed] {
            for n in [out.len(), part.len()] {
                let n = u32::try_from(n).expect("a library is smaller than 4 GiB");
                out[at..at + 4].copy_from_slice(&n.to_le_bytes());
                at += 4;
            }
            out.extend_from_slice(part);
        }
        let last = f.text.len() as u32 | if f.lazy_annotations { LAZY } else { 0 };
        out[at..at + 4].copy_from_slice(&last.to_le_bytes());
    }
    out
}
fn image_of(f: &Input, grammar: &Grammar) -> Result<Vec<u8>, String> {
    // Files are named when they are loaded.
    let options = Options { filename: "", flags: flags(f.lazy_annotations), ..Options::default() };
    let image = compile_source(&f.text, Mode::Exec, SourceKind::File, grammar, &options).map_err(|e| format!("{} (line {})", e.msg, e.line))?;
    Ok(store::part_to_bytes(&image))
}

fn flags(lazy_annotations: bool) -> FutureFlags { FutureFlags { annotations: lazy_annotations, ..FutureFlags::default() } }

/// Reads the files below a folder, for build scripts, which cargo runs again when something in it changes.
pub fn read_folder(root: &std::path::Path, lazy_annotations: bool, wanted: &dyn Fn(&str) -> bool) -> std::io::Result<Vec<Input>> {
    let mut out = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(dir) = folders.pop() {
        for e in std::fs::read_dir(&dir)? {
            let p = e?.path();
            if p.is_dir() {
                folders.push(p);
                continue;
            }
            let name = p.strip_prefix(root).unwrap_or(&p).to_string_lossy().into_owned();
            if wanted(&name) {
                out.push(Input { name, text: std::fs::read(&p)?, lazy_annotations });
            }
        }
    }
    Ok(out)
}

/// For build scripts: packs a folder's Python files, all of which must compile, as `TO.bin` in cargo's output folder.
pub fn embed(folder: &std::path::Path, to: &str, grammar: &Grammar) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = read_folder(folder, false, &|name| name.ends_with(".py")).expect("the library's folder");
    write(to, &pack(files, grammar, |name, error| panic!("{name}: {error}")));
}
/// For build scripts: writes `TO.bin` in cargo's output folder.
pub fn write(to: &str, packed: &[u8]) {
    let folder = std::env::var("OUT_DIR").expect("set by cargo");
    std::fs::write(std::path::Path::new(&folder).join(format!("{to}.bin")), packed).expect("the build folder can be written");
}

/// Packed files.
#[derive(Clone, Copy)]
pub struct Library(&'static [u8]);

/// A file of a library.
#[derive(Clone, Copy)]
pub struct File {
    pub name: &'static str,
    image: &'static [u8],
    packed: &'static [u8],
    /// Bytes of the text.
    pub size: usize,
    /// How to compile the text.
    pub flags: FutureFlags,
}

impl Library {
    /// What [`pack`] made.
    pub const fn new(packed: &'static [u8]) -> Library { Library(packed) }
    fn number(&self, at: usize) -> usize { self.0.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes) as usize }
    pub fn len(&self) -> usize { self.number(0) }
    pub fn is_empty(&self) -> bool { self.len() == 0 }
    fn part(&self, at: usize) -> &'static [u8] { self.0.get(self.number(at)..).and_then(|b| b.get(..self.number(at + 4))).unwrap_or(&[]) }
    pub fn name(&self, i: usize) -> &'static str { std::str::from_utf8(self.part(4 + i * FIELDS * 4)).unwrap_or("") }
    fn file(&self, i: usize) -> File {
        let at = 4 + i * FIELDS * 4;
        let last = self.number(at + 24) as u32;
        File { name: self.name(i), image: self.part(at + 8), packed: self.part(at + 16), size: (last & !LAZY) as usize, flags: flags(last & LAZY != 0) }
    }
    /// Position of the first file whose name is not below `name`.
    fn lower_bound(&self, name: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let mid = low.midpoint(high);
            if self.name(mid) < name { low = mid + 1 } else { high = mid }
        }
        low
    }
    pub fn find(&self, name: &str) -> Option<File> {
        let i = self.lower_bound(name);
        (i < self.len() && self.name(i) == name).then(|| self.file(i))
    }
    /// Names of what lies in a folder (`""`: the library's own), folders once; None if there is no such folder.
    pub fn list(&self, folder: &str) -> Option<Vec<&'static str>> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut out: Vec<&str> = Vec::new();
        for i in self.lower_bound(&prefix)..self.len() {
            let Some(rest) = self.name(i).strip_prefix(&*prefix) else { break };
            let head = rest.split('/').next().unwrap_or(rest);
            // What lies in one folder stands together.
            if out.last() != Some(&head) {
                out.push(head);
            }
        }
        if out.is_empty() { None } else { Some(out) }
    }
    /// Whether files lie below this name.
    pub fn is_folder(&self, name: &str) -> bool {
        let prefix = format!("{name}/");
        let i = self.lower_bound(&prefix);
        name.is_empty() || i < self.len() && self.name(i).starts_with(&prefix)
    }
}

impl File {
    /// The code image of a file that compiles, without `-O`.
    pub fn image(&self, filename: &str) -> Option<Image> {
        if self.image.is_empty() { None } else { store::part_from_bytes(self.image, filename).ok() }
    }
    pub fn text(&self) -> Vec<u8> { miniz_oxide::inflate::decompress_to_vec_with_limit(self.packed, self.size).unwrap_or_default() }
}
