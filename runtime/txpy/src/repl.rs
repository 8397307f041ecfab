//! The prompt: reads statements from a terminal with editing, history and completion, or line by line from other input, and runs them in `__main__`.

use crate::complete;
use crate::options::Options;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, ExternalPrinter, Helper};
use std::cell::{Cell, RefCell};
use std::io::{BufRead, IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;
use txpy_stdlib::{signal, termios};
use txpy_vm::exceptions::{KEYBOARD_INTERRUPT, SYSTEM_EXIT};
use txpy_vm::interactive::{self, State};
use txpy_vm::types::module::Module;
use txpy_vm::{Gc, R, Thread, builtins, import, object, runtime};

/// What reading a line ended in.
enum Line {
    Text(String),
    Interrupted,
    End,
}

/// Reads lines. The editor has a thread of its own: the thread that runs Python must not hold others up while somebody types.
enum Input {
    Editor(Editing),
    Plain,
}
struct Editing {
    ask: Sender<Ask>,
    say: Receiver<Say>,
    /// Writes above the line that is being typed.
    printer: RefCell<Printer>,
    /// The editor has the terminal.
    reading: Cell<bool>,
    terminal: Option<termios::Settings>,
}
type Printer = Box<dyn ExternalPrinter + Send>;
/// How often the waiting thread looks for signals.
const LOOK: Duration = Duration::from_millis(50);
/// To the editor's thread.
enum Ask {
    Line(String),
    /// Completions: where what they replace begins, and what they are.
    Completed(usize, Vec<String>),
    Close,
}
/// From the editor's thread.
enum Say {
    Ready(Printer),
    Line(Line),
    Complete(String),
    Closed,
}

/// Runs the prompt until the input ends. `fresh`: no program ran before, so the version is shown and PYTHONSTARTUP is run.
pub fn run(th: &mut Thread, options: &Options, fresh: bool) -> R<()> {
    let main = if fresh { runtime::main_module(th)? } else { the_main(th)? };
    let terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        if builtins::sys_attr(th, name)?.is_none() {
            let v = th.native_str(text)?;
            builtins::set_sys_attr(th, name, v)?;
        }
    }
    if fresh && !options.flags.quiet {
        let (a, b, c) = options.version;
        eprintln!("Python {a}.{b}.{c} (txpy {}, transactional) on {}\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    }
    if let (true, Some(file)) = (fresh, options.variable("PYTHONSTARTUP")) {
        startup(th, main, &file)?;
    }
    let input = if terminal { editing(history_file(options)) } else { Input::Plain };
    let r = statements(th, main, &input);
    if let Input::Editor(e) = &input {
        let _ = e.ask.send(Ask::Close);
        if !e.reading.get() {
            while !matches!(e.say.recv(), Ok(Say::Closed) | Err(_)) {}
        } else if let Some(t) = &e.terminal {
            // A signal's handler left the prompt.
            println!();
            t.restore(0);
        }
    }
    r
}
fn the_main(th: &mut Thread) -> R<Gc<Module>> {
    let m = txpy_vm::types::dict::get_str(th, import::modules(), "__main__")?;
    match m.and_then(|m| m.cast::<Module>()) {
        Some(m) => Ok(m),
        None => runtime::main_module(th),
    }
}
fn startup(th: &mut Thread, main: Gc<Module>, file: &str) -> R<()> {
    match std::fs::read(file) {
        Ok(source) => {
            let r = interactive::run_file(th, main, &source, file);
            show(th, r)
        }
        Err(e) => {
            runtime::write_stderr(th, &format!("Could not open PYTHONSTARTUP\nFileNotFoundError: [Errno {}] {}: '{file}'\n", e.raw_os_error().unwrap_or(0), crate::options::os_text(&e)));
            Ok(())
        }
    }
}
fn history_file(options: &Options) -> Option<std::path::PathBuf> {
    match options.variable("PYTHON_HISTORY") {
        Some(p) => Some(p.into()),
        None => std::env::var_os("HOME").map(|h| std::path::Path::new(&h).join(".txpy_history")),
    }
}

/// Shows an exception and goes on; only SystemExit leaves the prompt.
fn show(th: &mut Thread, r: R<()>) -> R<()> {
    if r.is_ok() {
        return Ok(());
    }
    let Some(e) = th.catch_any() else { return r };
    if txpy_vm::types::exception::is_instance(e, &SYSTEM_EXIT) {
        return Err(th.reraise(e));
    }
    for (name, v) in [("last_type", object::class_of(e).value()), ("last_value", e)].into_iter().chain(th.py3().then_some(("last_exc", e))) {
        builtins::set_sys_attr(th, name, v)?;
    }
    runtime::show_uncaught(th, e);
    Ok(())
}

fn statements(th: &mut Thread, main: Gc<Module>, input: &Input) -> R<()> {
    let mut state = State::default();
    let mut text = String::new();
    loop {
        let prompt = prompt(th, if text.is_empty() { "ps1" } else { "ps2" });
        match input.line(th, main, &prompt)? {
            Line::End if text.is_empty() => {
                if matches!(input, Input::Editor(_)) {
                    println!();
                }
                return Ok(());
            }
            Line::End => {
                // What stands there is run as it is.
                let r = interactive::run(th, main, &text, &mut state);
                show(th, r)?;
                text.clear();
                continue;
            }
            Line::Interrupted => {
                text.clear();
                runtime::write_stderr(th, "\nKeyboardInterrupt\n");
                continue;
            }
            Line::Text(line) => {
                text.push_str(&line);
                text.push('\n');
            }
        }
        if text.trim().is_empty() {
            text.clear();
            continue;
        }
        if interactive::wants_more(&text, &state) {
            continue;
        }
        let r = interactive::run(th, main, &text, &mut state);
        show(th, r)?;
        text.clear();
    }
}
/// `sys.ps1` or `sys.ps2` as text; an object's `str` is asked each time.
fn prompt(th: &mut Thread, name: &str) -> String {
    let text = builtins::sys_attr(th, name).and_then(|v| v.map_or(Ok(String::new()), |v| object::str_text(th, v)));
    th.catch_any();
    text.unwrap_or_default()
}

impl Input {
    fn line(&self, th: &mut Thread, main: Gc<Module>, prompt: &str) -> R<Line> {
        // A signal that came too late for the last statement.
        if signals(th, || ())? {
            return Ok(Line::Interrupted);
        }
        let Input::Editor(e) = self else { return Ok(plain(th, prompt)) };
        // What the program printed without a line's end stays before the prompt.
        runtime::flush_output(th);
        if e.ask.send(Ask::Line(prompt.to_string())).is_err() {
            return Ok(Line::End);
        }
        e.reading.set(true);
        loop {
            match th.blocking(|| e.say.recv_timeout(LOOK)) {
                Ok(Say::Line(line)) => {
                    e.reading.set(false);
                    return Ok(line);
                }
                Ok(Say::Complete(before)) => {
                    let (from, names) = complete::candidates(th, main, &before);
                    let _ = e.ask.send(Ask::Completed(from, names));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if signals(th, || println!())? {
                        let _ = e.printer.borrow_mut().print("KeyboardInterrupt".to_string());
                    }
                }
                Ok(Say::Ready(_)) => {}
                Ok(Say::Closed) | Err(RecvTimeoutError::Disconnected) => {
                    e.reading.set(false);
                    return Ok(Line::End);
                }
            }
        }
    }
}
/// Runs the handlers of signals that came. True: one raised KeyboardInterrupt. Another exception shows, after `begin`; SystemExit leaves the prompt.
fn signals(th: &mut Thread, begin: impl FnOnce()) -> R<bool> {
    let r = signal::check(th);
    if r.is_ok() {
        return Ok(false);
    }
    let Some(e) = th.catch_any() else { return r.map(|()| false) };
    if txpy_vm::types::exception::is_instance(e, &KEYBOARD_INTERRUPT) {
        return Ok(true);
    }
    let e = Err(th.reraise(e));
    begin();
    show(th, e)?;
    Ok(false)
}
/// A line of input that is no terminal; the prompt goes where CPython puts it.
fn plain(th: &mut Thread, prompt: &str) -> Line {
    runtime::flush_output(th);
    if th.py3() {
        eprint!("{prompt}");
    } else {
        print!("{prompt}");
        let _ = std::io::stdout().flush();
    }
    let mut line = String::new();
    match th.blocking(|| std::io::stdin().lock().read_line(&mut line)) {
        Ok(0) | Err(_) => Line::End,
        Ok(_) => Line::Text(line.trim_end_matches('\n').to_string()),
    }
}

struct Completions {
    say: Sender<Say>,
    ask: std::rc::Rc<Receiver<Ask>>,
}
impl Helper for Completions {}
impl Highlighter for Completions {}
impl Validator for Completions {}
impl Hinter for Completions {
    type Hint = String;
}
impl Completer for Completions {
    type Candidate = String;
    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = &line[..pos];
        // A tab at the begin of a line indents.
        if before.trim().is_empty() {
            return Ok((pos, vec!["    ".to_string()]));
        }
        let _ = self.say.send(Say::Complete(before.to_string()));
        match self.ask.recv() {
            Ok(Ask::Completed(from, names)) => Ok((from, names)),
            _ => Ok((pos, Vec::new())),
        }
    }
}

/// Starts the editor's thread.
fn editing(history: Option<std::path::PathBuf>) -> Input {
    let ((ask, asked), (say, said)) = (channel(), channel());
    let terminal = termios::Settings::of(0);
    let started = std::thread::Builder::new().name("editor".into()).spawn(move || editor(asked, say, history));
    match started.map(|_| said.recv()) {
        Ok(Ok(Say::Ready(printer))) => Input::Editor(Editing { ask, say: said, printer: RefCell::new(printer), reading: Cell::new(false), terminal }),
        _ => Input::Plain,
    }
}
fn editor(asked: Receiver<Ask>, say: Sender<Say>, history: Option<std::path::PathBuf>) {
    txpy_stdlib::signal::leave_to_others();
    let asked = std::rc::Rc::new(asked);
    let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).max_history_size(1000).map_or_else(|_| Config::default(), |c| c.build());
    let Ok(mut e) = Editor::<Completions, DefaultHistory>::with_config(config) else { return };
    let Ok(printer) = e.create_external_printer() else { return };
    let _ = say.send(Say::Ready(Box::new(printer)));
    e.set_helper(Some(Completions { say: say.clone(), ask: asked.clone() }));
    if let Some(file) = &history {
        let _ = e.load_history(file);
    }
    while let Ok(Ask::Line(prompt)) = asked.recv() {
        let line = match e.readline(&prompt) {
            Ok(text) => {
                if let Some(file) = &history {
                    let _ = e.append_history(file);
                }
                Line::Text(text)
            }
            Err(ReadlineError::Interrupted) => Line::Interrupted,
            Err(_) => Line::End,
        };
        if say.send(Say::Line(line)).is_err() {
            break;
        }
    }
    let _ = say.send(Say::Closed);
}
