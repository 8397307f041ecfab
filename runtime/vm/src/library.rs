//! Library files inside the executable. Scripts see them in folders that exist on no disk, `<txpy>/lib3` for example.

use std::borrow::Cow;
use std::path::Path;
use std::sync::RwLock;
use txpy_compiler::library::{File, Library};

/// What paths of library files begin with, or have in them when something made them absolute.
const ROOT: &str = "<txpy>/";
/// Libraries by their folders below the root.
static LIBRARIES: RwLock<Vec<(&'static str, Library)>> = RwLock::new(Vec::new());

/// Makes the files of a library known; its folder is `<txpy>/NAME`.
pub fn register(name: &'static str, library: Library) { LIBRARIES.write().unwrap_or_else(|e| e.into_inner()).push((name, library)) }

/// The library that a path leads into, and the name there.
fn locate(path: &str) -> Option<(Library, Cow<'_, str>)> {
    let at = path.find(ROOT)?;
    if at != 0 && path.as_bytes()[at - 1] != b'/' {
        return None;
    }
    let rest = &path[at + ROOT.len()..];
    let rest: Cow<str> = if rest.contains("/.") || rest.contains("//") || rest.ends_with('/') { normal(rest).into() } else { rest.into() };
    let (folder, name) = match rest.find('/') {
        Some(i) => (&rest[..i], i + 1),
        None => (&*rest, rest.len()),
    };
    let library = LIBRARIES.read().unwrap_or_else(|e| e.into_inner()).iter().find(|l| l.0 == folder)?.1;
    Some(match rest {
        Cow::Borrowed(r) => (library, r[name..].into()),
        Cow::Owned(r) => (library, r[name..].to_string().into()),
    })
}
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether a path leads into a library, to something that exists or not.
pub fn leads_into(path: &Path) -> bool { path.to_str().and_then(locate).is_some() }
pub fn find(path: &Path) -> Option<File> {
    let (library, name) = locate(path.to_str()?)?;
    library.find(&name)
}
pub fn is_folder(path: &Path) -> bool { path.to_str().and_then(locate).is_some_and(|(library, name)| library.is_folder(&name)) }
/// Names in a folder, each with whether it is a folder.
pub fn list(path: &Path) -> Option<Vec<(&'static str, bool)>> {
    let (library, folder) = locate(path.to_str()?)?;
    let is_folder = |n: &str| library.is_folder(&if folder.is_empty() { n.to_string() } else { format!("{folder}/{n}") });
    Some(library.list(&folder)?.into_iter().map(|n| (n, is_folder(n))).collect())
}
/// Names of the files of a library.
pub fn names(folder: &str) -> Vec<&'static str> {
    let all = LIBRARIES.read().unwrap_or_else(|e| e.into_inner());
    all.iter().filter(|l| l.0 == folder).flat_map(|l| (0..l.1.len()).map(|i| l.1.name(i))).collect()
}
