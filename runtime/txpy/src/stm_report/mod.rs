//! `txpy --stm-report LOG`: what a log of transactions says, as text, as a page, as a trace.

mod json;
mod page;
mod read;
mod table;
mod trace;

use std::fs::File;
use std::io::{BufWriter, Read, Write};

/// Conflicts in the text.
const MOST: usize = 10;
/// Longer files are read up to here.
const MOST_BYTES: u64 = 2 << 30;

/// Prints the report on `log`, writes the page `log.html`, and the trace if one is wanted. Errors: a message.
pub fn run(log: &str, trace: Option<&str>) -> Result<(), String> {
    let mut bytes = Vec::new();
    File::open(log).and_then(|f| f.take(MOST_BYTES).read_to_end(&mut bytes)).map_err(|e| problem(log, &e))?;
    let data = read::read(&bytes).map_err(|e| format!("{log}: {e}"))?;
    drop(bytes);
    let mut sources = table::Sources::new(&data.directory);
    let text = table::text(&data, MOST, &mut sources);
    // A reader that closed the pipe has seen enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    let page = format!("{log}.html");
    write(&page, |to| page::write(&data, log, &mut sources, to))?;
    let _ = writeln!(std::io::stdout(), "\nTimeline and all conflicts: {page}");
    if let Some(path) = trace {
        write(path, |to| trace::write(&data, to))?;
        let _ = writeln!(std::io::stdout(), "Trace: {path}");
    }
    Ok(())
}

fn write(path: &str, f: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<(), String> {
    let file = File::create(path).map_err(|e| problem(path, &e))?;
    let mut to = BufWriter::new(file);
    f(&mut to).and_then(|()| to.flush()).map_err(|e| problem(path, &e))
}

fn problem(path: &str, e: &std::io::Error) -> String { format!("{path}: {}", crate::options::os_text(e)) }
