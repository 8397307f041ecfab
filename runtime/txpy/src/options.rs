//! The command line.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub enum Program {
    Script(String),
    Command(String),
    Module(String),
    Stdin,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub version: (u32, u32, u32),
    pub program: Program,
    /// `sys.argv`.
    pub argv: Vec<Vec<u8>>,
    pub optimize: u8,
    pub ignore_environment: bool,
    /// `sys.executable`: as the program was called, so that a name that chooses the language does so again.
    pub executable: Vec<u8>,
    /// `-W` and `-X`.
    pub warnings: Vec<String>,
    pub extensions: Vec<(String, Option<String>)>,
    pub flags: txpy_stdlib::sys_info::Options,
    /// Report on this log and stop; write a trace here.
    pub stm_report: Option<String>,
    pub trace: Option<String>,
    /// Print this and stop.
    pub only_print: Option<String>,
}

const USAGE: &str = "usage: txpy [-2 | -3 | --python VERSION] [-O] [-E] [-W filter] [-c command | -m module | script | -] [arguments]

Called by the name python2, python2.7, txpy2 or txpy2.7 it begins as with -2.

  -2, --python 2.7    run Python 2.7
  -3                  run Python 3 (the default)
  --python 3.2        run Python 3 that reports this version and keeps what later ones removed
  -c command          run the text
  -m module           run a module as the program
  -O, -OO             drop assert statements; drop documentation as well
  -E                  ignore PYTHONPATH and the like
  -W filter           what to do with warnings (action:message:category:module:line)
  --stm-report LOG    report on the conflicts in a log of transactions, as a text and as the page LOG.html;
                      a program run with the environment variable TXPY_STM_LOG=LOG writes one
  --trace FILE        with --stm-report: write the log as a trace for Perfetto or Chrome too
  -V, --version       print the version
  -h, --help          print this";

/// Parses the arguments, the program's name first. Errors are texts for stderr.
pub fn parse(args: impl Iterator<Item = OsString>) -> Result<Options, String> {
    let mut args = args;
    let called = args.next().unwrap_or_default();
    let two = called.to_str().is_some_and(|name| name.ends_with("python2") || name.ends_with("python2.7") || name.ends_with("txpy2") || name.ends_with("txpy2.7"));
    let mut o = Options { version: if two { (2, 7, 18) } else { (3, 13, 0) }, program: Program::Stdin, argv: vec![Vec::new()], optimize: 0, ignore_environment: false, executable: executable(&called), warnings: Vec::new(), extensions: Vec::new(), flags: Default::default(), stm_report: None, trace: None, only_print: None };
    let mut pending: Vec<OsString> = Vec::new();
    let next_text = |args: &mut dyn Iterator<Item = OsString>, what: &str| args.next().map(|s| s.to_string_lossy().into_owned()).ok_or_else(|| format!("Argument expected for the {what} option\n{USAGE}"));
    let mut show_version = false;
    while let Some(arg) = pending.pop().or_else(|| args.next()) {
        let text = arg.to_string_lossy().into_owned();
        // `-Sc text` is `-S -c text`, `-ctext` is `-c text`.
        if let [b'-', first, rest @ ..] = text.as_bytes()
            && !rest.is_empty()
            && first.is_ascii()
        {
            let (one, other) = (&text[..2], &text[2..]);
            match first {
                b'c' => {
                    o.program = Program::Command(other.to_string());
                    o.argv = vec![b"-c".to_vec()];
                    break;
                }
                b'm' => {
                    o.program = Program::Module(other.to_string());
                    o.argv = vec![b"-m".to_vec()];
                    break;
                }
                _ if FLAGS.contains(first) && other.bytes().all(|c| FLAGS.contains(&c) || b"cmWXh?V".contains(&c)) || FLAGS.contains(first) && other.starts_with(['c', 'm', 'W', 'X']) => {
                    pending.push(format!("-{other}").into());
                    pending.push(one.into());
                    continue;
                }
                _ => {}
            }
        }
        match text.as_str() {
            "-2" => o.version = (2, 7, 18),
            "-3" => o.version = (3, 13, 0),
            "--python" => {
                let v = next_text(&mut args, "--python")?;
                o.version = version(&v).ok_or_else(|| format!("txpy: unknown Python version: {v}"))?;
            }
            "-h" | "--help" => {
                o.only_print = Some(USAGE.to_string());
                return Ok(o);
            }
            "--stm-report" => o.stm_report = Some(next_text(&mut args, "--stm-report")?),
            "--trace" => o.trace = Some(next_text(&mut args, "--trace")?),
            "-V" | "--version" => show_version = true,
            "-O" => o.optimize = (o.optimize + 1).min(2),
            "-OO" => o.optimize = 2,
            "-E" => o.ignore_environment = true,
            "-I" => (o.ignore_environment, o.flags.isolated) = (true, true),
            "-S" => o.flags.no_site = true,
            "-b" => o.flags.bytes_warning += 1,
            // Accepted for compatibility: output is unbuffered only on request of the script, no byte code is written anyway.
            "-u" | "-B" | "-s" | "-i" | "-q" | "-v" | "-d" | "-R" | "-P" | "-t" | "-x" => {}
            "-W" => o.warnings.push(next_text(&mut args, &text)?),
            "-X" => o.extensions.push(extension(&next_text(&mut args, &text)?)),
            _ if text.starts_with("-W") => o.warnings.push(text[2..].to_string()),
            _ if text.starts_with("-X") => o.extensions.push(extension(&text[2..])),
            "-c" => {
                o.program = Program::Command(next_text(&mut args, "-c")?);
                o.argv = vec![b"-c".to_vec()];
                break;
            }
            "-m" => {
                o.program = Program::Module(next_text(&mut args, "-m")?);
                o.argv = vec![b"-m".to_vec()];
                break;
            }
            "-" => {
                o.argv = vec![b"-".to_vec()];
                break;
            }
            _ if text.starts_with('-') => return Err(format!("Unknown option: {text}\n{USAGE}")),
            _ => {
                o.argv = vec![arg.into_vec()];
                o.program = Program::Script(text);
                break;
            }
        }
    }
    if o.trace.is_some() && o.stm_report.is_none() {
        return Err(format!("--trace goes with --stm-report\n{USAGE}"));
    }
    if let (false, Ok(more)) = (o.ignore_environment, std::env::var("PYTHONWARNINGS")) {
        o.warnings.splice(0..0, more.split(',').filter(|w| !w.is_empty()).map(str::to_string));
    }
    o.flags.optimize = o.optimize;
    o.flags.ignore_environment = o.ignore_environment;
    o.argv.extend(args.map(OsStringExt::into_vec));
    if show_version {
        let (a, b, c) = o.version;
        o.only_print = Some(format!("Python {a}.{b}.{c} (txpy {})", env!("CARGO_PKG_VERSION")));
    }
    Ok(o)
}

/// Options that take nothing.
const FLAGS: &[u8] = b"23OEIuBsSiqvbdRPtx";

/// `-X name` and `-X name=value`.
fn extension(s: &str) -> (String, Option<String>) {
    match s.split_once('=') {
        Some((k, v)) => (k.to_string(), Some(v.to_string())),
        None => (s.to_string(), None),
    }
}

/// The path of a program that was called by this name.
fn executable(called: &OsString) -> Vec<u8> {
    let name = std::path::Path::new(called);
    let path = if called.as_encoded_bytes().contains(&b'/') {
        std::env::current_dir().ok().map(|dir| dir.join(name))
    } else {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|dir| dir.join(name)).find(|p| p.is_file())
    };
    let path = path.filter(|p| p.is_file()).or_else(|| std::env::current_exe().ok());
    path.map(|p| p.into_os_string().into_vec()).unwrap_or_default()
}

fn version(s: &str) -> Option<(u32, u32, u32)> {
    let mut parts = s.split('.').map(|p| p.parse::<u32>().ok());
    let major = parts.next()??;
    let minor = parts.next().flatten();
    match (major, minor) {
        (2, None | Some(7)) => Some((2, 7, 18)),
        (3, None | Some(13)) => Some((3, 13, 0)),
        (3, Some(m)) if (2..13).contains(&m) => Some((3, m, 0)),
        _ => None,
    }
}

impl Options {
    /// Directories of the standard library and of PYTHONPATH, in order of search.
    pub fn library_path(&self) -> Vec<String> {
        let mut out = Vec::new();
        if !self.ignore_environment {
            if let Ok(p) = std::env::var("PYTHONPATH") {
                out.extend(p.split(':').filter(|d| !d.is_empty()).map(str::to_string));
            }
        }
        out.push(txpy_stdlib::library27::SHARED.to_string());
        if self.version.0 == 2 {
            out.push(txpy_stdlib::library27::FOLDER.to_string());
        }
        match (std::env::var("TXPY_LIB"), self.version.0) {
            (Ok(lib), _) => out.extend(lib.split(':').map(str::to_string)),
            (Err(_), 3) => out.extend(txpy_py3::library().map(str::to_string)),
            (Err(_), _) => out.extend(library27()),
        }
        out
    }
}

/// The library of an installed CPython 2.7, from the usual places.
fn library27() -> Option<String> {
    let mut places = vec!["/usr/lib/python2.7".to_string(), "/usr/local/lib/python2.7".to_string()];
    if let Ok(path) = std::env::var("PATH") {
        for dir in path.split(':') {
            if let Some(prefix) = std::path::Path::new(dir).parent() {
                places.push(prefix.join("lib/python2.7").to_string_lossy().into_owned());
            }
        }
    }
    if let Ok(root) = std::env::var("PYENV_ROOT").or_else(|_| std::env::var("HOME").map(|h| format!("{h}/.pyenv"))) {
        places.push(format!("{root}/versions/2.7.18/lib/python2.7"));
    }
    places.into_iter().find(|p| std::path::Path::new(p).join("os.py").is_file())
}

/// The text of a system error without Rust's suffix.
pub fn os_text(e: &std::io::Error) -> String { e.to_string().split(" (os error").next().unwrap_or("").to_string() }
