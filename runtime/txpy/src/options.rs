//! The command line and the environment variables that stand for options.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use txpy_stdlib::sys_info::Options as Flags;

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub enum Program {
    Script(String),
    Command(String),
    Module(String),
    /// A prompt if it is a terminal.
    Stdin,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub version: (u32, u32, u32),
    /// Processes that the script starts must be told the version.
    pub passes_on: bool,
    pub program: Program,
    /// `sys.argv`.
    pub argv: Vec<Vec<u8>>,
    pub flags: Flags,
    pub warnoptions: Vec<String>,
    pub xoptions: Vec<(String, Option<String>)>,
    /// `-x`.
    pub skip_first_line: bool,
    /// Report on this log and stop; write a trace here.
    pub stm_report: Option<String>,
    pub trace: Option<String>,
    /// Print this and stop.
    pub only_print: Option<String>,
}

const USAGE: &str = "usage: txpy [-2 | -3 | --python VERSION] [option] ... [-c cmd | -m mod | file | -] [arg] ...";

const HELP: &str = "
Language (called by the name python2, python2.7, txpy2 or txpy2.7 it begins as with -2):
-2     : Python 2.7 (also --python 2.7)
-3     : Python 3.13, the default
--python 3.2 : Python 3 that reports this version and keeps what later ones removed

Options (and corresponding environment variables):
-b     : accepted; sets sys.flags.bytes_warning (-bb: twice)
-B     : accepted: no .pyc files are written anyway
-c cmd : program passed in as string (terminates option list)
-E     : ignore PYTHON* environment variables (such as PYTHONPATH)
-h     : print this help message and exit (also -? or --help)
-i     : inspect interactively after running script; also PYTHONINSPECT=x
-I     : isolate from the user's environment (implies -E, -P and -s)
-m mod : run library module as a script (terminates option list)
-O     : remove assert and __debug__-dependent statements; also PYTHONOPTIMIZE=x
-OO    : do -O changes and also discard docstrings
-P     : don't prepend a potentially unsafe path to sys.path; also PYTHONSAFEPATH
-q     : don't print version and copyright messages on interactive startup
-s     : don't add user site directory to sys.path; also PYTHONNOUSERSITE=x
-S     : don't imply 'import site' on initialization
-u     : unbuffered stdout and stderr; also PYTHONUNBUFFERED=x
-v     : accepted; sets sys.flags.verbose
-V     : print the version number and exit (also --version)
-W arg : warning control; arg is action:message:category:module:lineno;
         also PYTHONWARNINGS=arg
-x     : skip first line of source, allowing use of non-Unix forms of #!cmd
-X opt : set implementation-specific option (dev, int_max_str_digits=N, ...)

Transactions:
--stm-report LOG : report on the conflicts in a log of transactions, as a text
         and as the page LOG.html; a program run with the environment variable
         TXPY_STM_LOG=LOG writes one
--trace FILE : with --stm-report: write the log as a trace for Perfetto too

Arguments:
file   : program read from script file, or a directory with a __main__.py
-      : program read from stdin (default; interactive mode if a tty)
arg ...: arguments passed to program in sys.argv[1:]

Other environment variables:
PYTHONSTARTUP: file executed on interactive startup (no default)
PYTHONPATH   : ':'-separated list of directories prefixed to the search path
PYTHONHASHSEED, PYTHONIOENCODING, PYTHONUSERBASE, PYTHON_HISTORY: as CPython
TXPY_PYTHON  : the version to run without -2, -3 and --python; set for the processes
               that a script starts by sys.executable
TXPY_LIB     : a library to use in place of the one in the executable";

/// The environment variable that tells which language to run when no option does.
pub const LANGUAGE: &str = "TXPY_PYTHON";

/// Parses the arguments, the program's name first. Errors are texts for stderr.
pub fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Options, String> {
    // No byte code is written.
    let flags = Flags { dont_write_bytecode: true, ..Flags::default() };
    let mut o = Options {
        version: (3, 13, 0), passes_on: false, program: Program::Stdin, argv: vec![Vec::new()], flags, warnoptions: Vec::new(), xoptions: Vec::new(), skip_first_line: false, stm_report: None, trace: None,
        only_print: None,
    };
    // A name chooses the language, so that links can stand for an interpreter.
    let called = args.next().unwrap_or_default();
    if ["python2", "python2.7", "txpy2", "txpy2.7"].iter().any(|n| called.as_bytes().ends_with(n.as_bytes())) {
        o.version = (2, 7, 18);
    } else if let Some(v) = std::env::var(LANGUAGE).ok().and_then(|v| version(&v)) {
        // Children of a script run in its language.
        o.version = v;
    }
    let by_itself = o.version;
    let mut show_version = false;
    // Of the command line; those of the environment stand before them.
    let mut warnoptions = Vec::new();
    'args: while let Some(arg) = args.next() {
        let text = arg.to_string_lossy().into_owned();
        if let Some(long) = text.strip_prefix("--") {
            let mut value = |what: &str| args.next().map(|s| s.to_string_lossy().into_owned()).ok_or_else(|| missing(what));
            match long {
                "python" => {
                    let v = value("--python")?;
                    o.version = version(&v).ok_or_else(|| format!("txpy: unknown Python version: {v}"))?;
                }
                "help" => {
                    o.only_print = Some(format!("{USAGE}\n{HELP}"));
                    return Ok(o);
                }
                "version" => show_version = true,
                "stm-report" => o.stm_report = Some(value("--stm-report")?),
                "trace" => o.trace = Some(value("--trace")?),
                "" => {
                    // What follows is the program, even if it looks like an option.
                    if let Some(script) = args.next() {
                        o.script(script);
                    }
                    break;
                }
                _ => return Err(format!("unknown option --{long}\n{USAGE}\nTry `txpy -h' for more information.")),
            }
            continue;
        }
        if text == "-" {
            o.argv = vec![b"-".to_vec()];
            break;
        }
        let Some(letters) = arg.as_bytes().strip_prefix(b"-") else {
            o.script(arg);
            break;
        };
        for (i, letter) in letters.iter().enumerate() {
            // The rest of the word, or else the next one.
            let mut value = |what: &str| match &letters[i + 1..] {
                [] => args.next().map(|s| s.to_string_lossy().into_owned()).ok_or_else(|| missing(what)),
                rest => Ok(String::from_utf8_lossy(rest).into_owned()),
            };
            let f = &mut o.flags;
            match letter {
                b'2' => o.version = (2, 7, 18),
                b'3' => o.version = (3, 13, 0),
                b'b' => f.bytes_warning += 1,
                b'B' => f.dont_write_bytecode = true,
                b'd' => f.debug = true,
                b'E' => f.ignore_environment = true,
                b'i' => (f.inspect, f.interactive) = (true, true),
                b'I' => f.isolate(),
                b'O' => f.optimize = (f.optimize + 1).min(2),
                b'P' => f.safe_path = true,
                b'q' => f.quiet = true,
                b'R' => f.hash_randomization = true,
                // 2.7's check of tabs: they are errors anyway.
                b't' => {}
                b's' => f.no_user_site = true,
                b'S' => f.no_site = true,
                b'u' => f.unbuffered = true,
                b'v' => f.verbose = f.verbose.saturating_add(1),
                b'V' => show_version = true,
                b'x' => o.skip_first_line = true,
                b'h' | b'?' => {
                    o.only_print = Some(format!("{USAGE}\n{HELP}"));
                    return Ok(o);
                }
                b'W' => {
                    warnoptions.push(value("-W")?);
                    continue 'args;
                }
                b'X' => {
                    let v = value("-X")?;
                    o.xoptions.push(match v.split_once('=') {
                        Some((k, v)) => (k.to_string(), Some(v.to_string())),
                        None => (v, None),
                    });
                    continue 'args;
                }
                b'c' | b'm' => {
                    let v = value(if *letter == b'c' { "-c" } else { "-m" })?;
                    o.program = if *letter == b'c' { Program::Command(v) } else { Program::Module(v) };
                    o.argv = vec![vec![b'-', *letter]];
                    break 'args;
                }
                _ => return Err(format!("Unknown option: -{}\n{USAGE}\nTry `txpy -h' for more information.", char::from(*letter))),
            }
        }
    }
    if o.trace.is_some() && o.stm_report.is_none() {
        return Err(format!("--trace goes with --stm-report\n{USAGE}"));
    }
    o.argv.extend(args.map(OsStringExt::into_vec));
    if show_version {
        let (a, b, c) = o.version;
        o.only_print = Some(format!("Python {a}.{b}.{c} (txpy {})", env!("CARGO_PKG_VERSION")));
        return Ok(o);
    }
    o.environment()?;
    o.warnoptions.extend(warnoptions);
    if o.flags.bytes_warning > 0 {
        o.warnoptions.push(format!("{}::BytesWarning", if o.flags.bytes_warning > 1 { "error" } else { "default" }));
    }
    o.passes_on = o.version != by_itself;
    Ok(o)
}
fn missing(what: &str) -> String { format!("Argument expected for the {what} option\n{USAGE}\nTry `txpy -h' for more information.") }

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
    fn script(&mut self, name: OsString) {
        self.program = Program::Script(name.to_string_lossy().into_owned());
        self.argv = vec![name.into_vec()];
    }
    /// An environment variable that is set and not empty, unless the environment is to be ignored.
    pub fn variable(&self, name: &str) -> Option<String> {
        if self.flags.ignore_environment {
            return None;
        }
        std::env::var_os(name).map(|v| v.to_string_lossy().into_owned()).filter(|v| !v.is_empty())
    }
    /// Variables that stand for options.
    fn environment(&mut self) -> Result<(), String> {
        // A number is a level, any other text 1.
        let level = |v: Option<String>| v.map_or(0, |v| v.parse::<u8>().unwrap_or(1).max(1));
        self.flags.optimize = self.flags.optimize.max(level(self.variable("PYTHONOPTIMIZE"))).min(2);
        self.flags.verbose = self.flags.verbose.max(level(self.variable("PYTHONVERBOSE")));
        self.flags.inspect |= self.variable("PYTHONINSPECT").is_some();
        self.flags.unbuffered |= self.variable("PYTHONUNBUFFERED").is_some();
        self.flags.no_user_site |= self.variable("PYTHONNOUSERSITE").is_some();
        self.flags.debug |= self.variable("PYTHONDEBUG").is_some();
        let py3 = self.version.0 == 3;
        self.flags.safe_path |= py3 && self.variable("PYTHONSAFEPATH").is_some();
        let option = |name: &str| self.xoptions.iter().rev().find(|(k, _)| k == name).map(|(_, v)| v.clone());
        self.flags.dev_mode = py3 && (option("dev").is_some() || self.variable("PYTHONDEVMODE").is_some());
        self.flags.utf8_mode = py3 && (option("utf8").is_some_and(|v| v.as_deref() != Some("0")) || self.variable("PYTHONUTF8").is_some_and(|v| v == "1"));
        let digits = option("int_max_str_digits").flatten().or_else(|| self.variable("PYTHONINTMAXSTRDIGITS"));
        if let (true, Some(v)) = (py3, digits) {
            match v.parse::<u32>() {
                Ok(n) if n == 0 || n >= 640 => self.flags.int_max_str_digits = Some(n),
                _ => return Err("Fatal Python error: config_init_int_max_str_digits: -X int_max_str_digits: invalid limit; must be >= 640 or 0 for unlimited.\nPython runtime state: preinitialized".to_string()),
            }
        }
        match self.variable("PYTHONHASHSEED").as_deref() {
            None => self.flags.hash_randomization = py3 || self.flags.hash_randomization,
            Some("random") => self.flags.hash_randomization = true,
            Some(v) => match v.parse::<u32>() {
                Ok(n) => self.flags.hash_randomization = n != 0,
                Err(_) if py3 => {
                    return Err("Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]\nPython runtime state: preinitialized".to_string());
                }
                Err(_) => return Err("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]".to_string()),
            },
        }
        if self.flags.dev_mode {
            self.warnoptions.push("default".to_string());
        }
        if let Some(w) = self.variable("PYTHONWARNINGS") {
            self.warnoptions.extend(w.split(',').map(str::to_string));
        }
        Ok(())
    }
    /// Directories of the standard library and of PYTHONPATH, in order of search.
    pub fn library_path(&self) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(p) = self.variable("PYTHONPATH") {
            out.extend(p.split(':').filter(|d| !d.is_empty()).map(str::to_string));
        }
        out.push(txpy_stdlib::library27::SHARED.to_string());
        if self.version.0 == 2 {
            out.push(txpy_stdlib::library27::FOLDER.to_string());
        }
        match (std::env::var("TXPY_LIB"), self.version.0) {
            (Ok(lib), _) => out.extend(lib.split(':').map(str::to_string)),
            (Err(_), 3) => out.push(txpy_py3::FOLDER.to_string()),
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
