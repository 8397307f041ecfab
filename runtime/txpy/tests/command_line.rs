//! The command line, the environment, site, and the prompt on a terminal. The executable runs as a copy in an empty folder: it needs no other file.

use std::io::{Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A folder for the tests, with the copy.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let dir = std::env::temp_dir().join(format!("txpy-command-line-{}", std::process::id()));
        std::fs::create_dir_all(dir.join("bin")).expect("a folder");
        std::fs::copy(env!("CARGO_BIN_EXE_txpy"), dir.join("bin/txpy")).expect("a copy");
        dir
    })
}
fn txpy(args: &[&str]) -> Command {
    let mut c = Command::new(folder().join("bin/txpy"));
    c.args(args).env_clear().env("HOME", folder()).current_dir(folder()).stdin(Stdio::null());
    c
}
fn outcome(c: &mut Command) -> (i32, String, String) {
    let out = c.output().expect("it runs");
    (out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned())
}
/// What a command prints; it must succeed and print nothing to stderr.
fn prints(args: &[&str]) -> String {
    let (status, out, err) = outcome(&mut txpy(args));
    assert_eq!((status, err.as_str()), (0, ""), "{args:?}");
    out
}
fn file(name: &str, text: &str) -> String {
    let path = folder().join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn options_show_in_sys() {
    assert_eq!(prints(&["-2Oc", "import sys; print sys.flags.optimize, __debug__, sys.argv", "a", "-b"]), "1 False ['-c', 'a', '-b']\n");
    let text = "import sys; f = sys.flags; print(f.isolated, f.ignore_environment, f.no_user_site, f.safe_path, f.no_site, f.quiet, f.bytes_warning)";
    assert_eq!(prints(&["-IqSb", "-c", text]), "1 1 1 True 1 1 1\n");
    assert_eq!(prints(&["-W", "error", "-Wignore::UserWarning", "-Xa", "-X", "b=c", "-c", "import sys; print(sys.warnoptions, sys._xoptions)"]), "['error', 'ignore::UserWarning'] {'a': True, 'b': 'c'}\n");
    assert_eq!(prints(&["-c", "import sys; print(sys.executable.endswith('/bin/txpy'), sys.flags.hash_randomization)"]), "True 1\n");
    assert!(prints(&["-V"]).starts_with("Python 3.13.0 (txpy "));
    assert!(prints(&["-h"]).contains("\n-c cmd : program passed in as string"));
}

#[test]
fn bad_options_are_told_as_cpython_tells_them() {
    for (args, first) in [(&["-j"][..], "Unknown option: -j"), (&["--foo"], "unknown option --foo"), (&["-c"], "Argument expected for the -c option"), (&["-Bj"], "Unknown option: -j")] {
        let (status, out, err) = outcome(&mut txpy(args));
        assert_eq!((status, out.as_str(), err.lines().next()), (2, "", Some(first)));
        assert_eq!(err.lines().last(), Some("Try `txpy -h' for more information."));
    }
    assert_eq!(outcome(&mut txpy(&["/none.py"])), (2, String::new(), "txpy: can't open file '/none.py': [Errno 2] No such file or directory\n".to_string()));
    let (status, _, err) = outcome(txpy(&["-c", "pass"]).env("PYTHONHASHSEED", "x"));
    assert!(status != 0 && err.contains("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]"), "{err}");
}

#[test]
fn programs_are_files_folders_modules_and_input() {
    let main = file("app/__main__.py", "import sys, helper\nprint(__name__ + ' ' + helper.x + ' ' + str(sys.argv[1:]))\n");
    file("app/helper.py", "x = 'helped'\n");
    let app = folder().join("app").display().to_string();
    for v in ["-2", "-3"] {
        assert_eq!(prints(&[v, &app, "1"]), "__main__ helped ['1']\n");
        assert_eq!(prints(&[v, &main]), "__main__ helped []\n");
        let mut c = txpy(&[v, "-", "x"]);
        let mut child = c.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
        child.stdin.take().expect("a pipe").write_all(b"import sys\nprint(sys.argv)\n").expect("it reads");
        assert_eq!(String::from_utf8_lossy(&child.wait_with_output().expect("it ends").stdout), "['-', 'x']\n");
    }
    let mut c = txpy(&["-m", "json.tool", "--compact"]);
    let mut child = c.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it runs");
    child.stdin.take().expect("a pipe").write_all(b"{\"a\": [1]}").expect("it reads");
    assert_eq!(String::from_utf8_lossy(&child.wait_with_output().expect("it ends").stdout), "{\"a\":[1]}\n");
    let first = file("first.py", "not python at all\nimport sys\nprint(sys._getframe().f_lineno)\n");
    assert_eq!(prints(&["-x", &first]), "3\n");
    let zip = folder().join("app.pyz").display().to_string();
    prints(&["-c", "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n    for n in '__main__', 'helper': z.write('app/%s.py' % n, n + '.py')", &zip]);
    assert_eq!(prints(&[&zip, "2"]), "__main__ helped ['2']\n");
    let empty = folder().join("empty");
    std::fs::create_dir_all(&empty).expect("a folder");
    let (status, _, err) = outcome(&mut txpy(&[&empty.display().to_string()]));
    assert_eq!((status, err), (1, format!("txpy: can't find '__main__' module in '{}'\n", empty.display())));
}

#[test]
fn the_environment_counts() {
    file("path/from_path.py", "x = 'path'\n");
    let text = "import from_path; print(from_path.x)";
    let path = folder().join("path");
    for v in ["-2", "-3"] {
        assert_eq!(outcome(txpy(&[v, "-c", text]).env("PYTHONPATH", &path)).1, "path\n");
        assert_eq!(outcome(txpy(&[v, "-E", "-c", text]).env("PYTHONPATH", &path)).0, 1);
    }
    let (_, out, _) = outcome(txpy(&["-W", "a::b", "-c", "import sys; print(sys.warnoptions)"]).env("PYTHONWARNINGS", "error,ignore"));
    assert_eq!(out, "['error', 'ignore', 'a::b']\n");
    let (_, out, _) = outcome(txpy(&["-c", "import sys; print(sys.flags.optimize, sys.stdout.write_through)"]).env("PYTHONOPTIMIZE", "2").env("PYTHONUNBUFFERED", "1"));
    assert_eq!(out, "2 True\n");
}

#[test]
fn packages_of_sites_are_found() {
    for (v, name) in [("-2", "python2.7"), ("-3", "python3.13")] {
        file(&format!(".local/lib/{name}/site-packages/of_user.py"), "x = 1\n");
        file(&format!("lib/{name}/site-packages/of_site.py"), "x = 2\n");
        file(&format!("lib/{name}/site-packages/more.pth"), "# comment\nelsewhere\nimport sys; sys.by_pth = True\n/none\n");
        file(&format!("lib/{name}/site-packages/elsewhere/of_pth.py"), "x = 3\n");
        assert_eq!(prints(&[v, "-c", "import sys, of_user, of_site, of_pth; print(of_user.x + of_site.x + of_pth.x); print(sys.by_pth)"]), "6\nTrue\n");
        assert_eq!(outcome(&mut txpy(&[v, "-s", "-c", "import of_user"])).0, 1);
        assert_eq!(outcome(&mut txpy(&[v, "-S", "-c", "import of_site"])).0, 1);
        assert_eq!(prints(&[v, "-c", "print(exit); print(repr(help)[:11])"]), "Use exit() or Ctrl-D (i.e. EOF) to exit\nType help()\n");
    }
}

/// The program on a pseudo-terminal.
struct Terminal {
    side: std::fs::File,
    child: std::process::Child,
    seen: String,
}
impl Terminal {
    fn new(args: &[&str]) -> Terminal {
        let (mut ours, mut theirs) = (0, 0);
        // SAFETY: openpty fills in two descriptors, which are nobody else's.
        let (side, theirs) = unsafe {
            assert_eq!(libc::openpty(&mut ours, &mut theirs, std::ptr::null_mut(), std::ptr::null(), std::ptr::null()), 0);
            (std::fs::File::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs))
        };
        let mut c = txpy(args);
        let copy = || Stdio::from(theirs.try_clone().expect("a descriptor"));
        c.env("TERM", "xterm").stdin(copy()).stdout(copy()).stderr(copy());
        // SAFETY: only calls that are safe after a fork: the terminal becomes the session's, and Ctrl-C counts even if whoever runs the tests ignores it.
        unsafe {
            std::os::unix::process::CommandExt::pre_exec(&mut c, || {
                libc::signal(libc::SIGINT, libc::SIG_DFL);
                libc::setsid();
                libc::ioctl(0, libc::TIOCSCTTY, 0);
                Ok(())
            });
            libc::fcntl(ours, libc::F_SETFL, libc::O_NONBLOCK);
        }
        Terminal { side, child: c.spawn().expect("it runs"), seen: String::new() }
    }
    fn send(&mut self, text: &str) { self.side.write_all(text.as_bytes()).expect("the terminal takes it") }
    /// Waits until this text has come, and forgets all before it.
    fn wait(&mut self, text: &str) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(i) = self.seen.find(text) {
                self.seen.drain(..i + text.len());
                return;
            }
            assert!(Instant::now() < end, "waited for {text:?}, got {:?}", self.seen);
            let mut buffer = [0; 4096];
            match self.side.read(&mut buffer) {
                Ok(n) if n > 0 => self.seen.push_str(&String::from_utf8_lossy(&buffer[..n])),
                _ => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }
    fn signal(&self, number: i32) {
        // SAFETY: the child has not been waited for, so its number is its own.
        unsafe { libc::kill(self.child.id() as i32, number) };
    }
    fn status(&mut self) -> i32 {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(s) = self.child.try_wait().expect("a child") {
                return s.code().unwrap_or(-1);
            }
            assert!(Instant::now() < end, "the program does not end");
            let _ = self.side.read(&mut [0; 4096]);
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Terminal {
    /// What a failed test leaves must not run on.
    fn drop(&mut self) { let _ = self.child.kill(); }
}

#[test]
fn the_prompt_edits_completes_and_is_interrupted() {
    for v in ["-2", "-3"] {
        let mut t = Terminal::new(&[v]);
        t.wait(">>> ");
        t.send("6 * 7\r");
        t.wait("\n42\r\n");
        t.wait(">>> ");
        t.send("_ + 1\r");
        t.wait("\n43\r\n");
        // A block ends with an empty line.
        t.send("for i in range(2):\r");
        t.wait("... ");
        t.send("    print('row%d' % i)\r");
        t.wait("... ");
        t.send("\r");
        t.wait("row0\r\nrow1\r\n");
        t.send("(1 +\r");
        t.wait("... ");
        t.send("2)\r");
        t.wait("\n3\r\n");
        // An error shows and changes nothing.
        t.send("1 / 0\r");
        t.wait("ZeroDivisionError");
        t.wait(">>> ");
        // Names and attributes are completed.
        t.send("import sys; marvellous = 'a' + 'bc'\r");
        t.wait(">>> ");
        t.send("marvel\t.upp\t()\r");
        t.wait("'ABC'");
        t.wait(">>> ");
        // Ctrl-C while typing drops the line; while running it is an exception.
        t.send("never(\x03");
        t.wait("KeyboardInterrupt");
        t.wait(">>> ");
        t.send("while True: pass\r");
        t.wait("... ");
        t.send("\r");
        std::thread::sleep(Duration::from_millis(300));
        t.send("\x03");
        t.wait("KeyboardInterrupt");
        t.wait(">>> ");
        // A signal while the prompt waits: its handler runs, and the prompt goes on.
        t.send("import os, signal; _ = signal.signal(signal.SIGUSR1, lambda *_: 1 / 0)\r");
        t.wait(">>> ");
        for (signal, text) in [(libc::SIGINT, "KeyboardInterrupt"), (libc::SIGUSR1, "ZeroDivisionError")] {
            t.signal(signal);
            t.wait(text);
        }
        t.send("sys.ps1 = 'next> '\r");
        t.wait("next> ");
        // An arrow upwards: the line before.
        t.send("40 + 4\r");
        t.wait("\n44\r\n");
        t.send("\x1b[A0\r");
        t.wait("\n80\r\n");
        t.wait("next> ");
        t.send("\x04");
        assert_eq!(t.status(), 0);
        assert!(std::fs::read_to_string(folder().join(".txpy_history")).expect("a history").contains("40 + 4\n"));
    }
    let mut t = Terminal::new(&["-i", "-c", "x = 5"]);
    t.wait(">>> ");
    t.send("x + 1\r");
    t.wait("\n6\r\n");
    t.send("raise SystemExit(3)\r");
    assert_eq!(t.status(), 3);
    // A handler leaves the prompt.
    let mut t = Terminal::new(&["-i", "-c", "import signal; _ = signal.signal(signal.SIGUSR1, lambda *_: exit(4))"]);
    t.wait(">>> ");
    t.signal(libc::SIGUSR1);
    assert_eq!(t.status(), 4);
}
