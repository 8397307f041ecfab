//! The report as a page that needs nothing else: a timeline for each thread, and all conflicts in a table.

use super::json;
use super::read::{Happening, Log};
use super::table::{self, Sources};
use std::io::{self, Write};
use txpy_heap::stm_log::format::Event;

/// Boxes that the timeline carries: of a longer log the longest.
const MOST_BOXES: usize = 100_000;
/// Rows of the table.
const MOST_ROWS: usize = 2000;

pub fn write(log: &Log, name: &str, sources: &mut Sources, to: &mut impl Write) -> io::Result<()> {
    let template = include_str!("page.html");
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (what, after) = after.split_once("}}").unwrap_or((after, ""));
        to.write_all(before.as_bytes())?;
        match what {
            "TITLE" => to.write_all(escape(name).as_bytes())?,
            "SUMMARY" => summary(log, to)?,
            "THREADS" => threads(log, to)?,
            "CONFLICTS" => conflicts(log, sources, to)?,
            "DATA" => data(log, to)?,
            _ => {}
        }
        rest = after;
    }
    to.write_all(rest.as_bytes())
}

fn escape(s: &str) -> String { s.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;") }

fn summary(log: &Log, to: &mut impl Write) -> io::Result<()> {
    let lost: f64 = table::conflicts(log).iter().map(|c| c.lost()).sum();
    write!(to, "{} in {} threads, {} lost in conflicts.", table::duration(log.length), log.threads.len(), table::duration(lost))?;
    if log.full {
        write!(to, " The log was full before the program ended.")?;
    }
    let boxes = log.happenings.len();
    if boxes > MOST_BOXES {
        write!(to, " The timeline has the {MOST_BOXES} longest of {boxes} events.")?;
    }
    Ok(())
}

fn threads(log: &Log, to: &mut impl Write) -> io::Result<()> {
    let all = table::totals(log);
    for id in &log.threads {
        let t = all.get(id).cloned().unwrap_or_default();
        writeln!(
            to, "<tr><td>{id}<td>{}<td>{}<td>{}<td>{}<td data-v={:.0}>{}<td data-v={:.0}>{}<td data-v={:.0}>{}", t.transactions, t.aborts, t.waits, t.irrevocable, t.inside, table::duration(t.inside), t.aborted,
            table::duration(t.aborted), t.waited, table::duration(t.waited)
        )?;
    }
    Ok(())
}

fn conflicts(log: &Log, sources: &mut Sources, to: &mut impl Write) -> io::Result<()> {
    for c in table::conflicts(log).iter().take(MOST_ROWS) {
        write!(
            to, "<tr><td data-v={:.0}>{}<td>{}<td data-v={:.0}>{}<td>{}<td data-v={:.0}>{}<td>{}", c.lost(), table::duration(c.lost()), c.aborts, c.aborted, table::duration(c.aborted), c.waits, c.waited,
            table::duration(c.waited), escape(&c.what)
        )?;
        for s in &c.sides {
            let does = if s.writes { "writes" } else { "reads" };
            match &s.place {
                None => write!(to, "<td>{does} at an unknown place")?,
                Some(p) => write!(to, "<td>{does} <b>{}:{}</b> in {}<code>{}</code>", escape(&p.file), p.line, escape(&p.function), escape(sources.line(p)))?,
            }
        }
        writeln!(to)?;
    }
    Ok(())
}

/// `DATA = {threads, places, names, length, boxes}`; a box is [thread, event, start, length, other, name, place, other place, count, share]; times in us.
fn data(log: &Log, to: &mut impl Write) -> io::Result<()> {
    let mut boxes: Vec<&Happening> = log.happenings.iter().filter(|h| !matches!(h.event, Event::Thread | Event::ThreadEnd)).collect();
    if boxes.len() > MOST_BOXES {
        boxes.sort_by(|a, b| b.length.total_cmp(&a.length));
        boxes.truncate(MOST_BOXES);
        boxes.sort_by(|a, b| a.start.total_cmp(&b.start));
    }
    write!(to, "{{\"threads\":{:?},\"length\":{:.3},\"places\":{{", log.threads, log.length / 1e3)?;
    for (i, (id, p)) in log.places.iter().enumerate() {
        write!(to, "{}\"{id}\":{}", if i == 0 { "" } else { "," }, json::text(&format!("{}:{} in {}", p.file, p.line, p.function)))?;
    }
    write!(to, "}},\"names\":{{")?;
    for (i, id) in log.names.keys().enumerate() {
        write!(to, "{}\"{id}\":{}", if i == 0 { "" } else { "," }, json::text(&table::what(log, *id)))?;
    }
    write!(to, "}},\"events\":{{")?;
    for (i, e) in [Event::Batch, Event::Commit, Event::Abort, Event::Wait, Event::Turn, Event::Irrevocable, Event::Collection].into_iter().enumerate() {
        write!(to, "{}\"{}\":{}", if i == 0 { "" } else { "," }, e as u8, json::text(e.text()))?;
    }
    write!(to, "}},\"boxes\":[")?;
    for (i, h) in boxes.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(to, "{comma}[{},{},{:.3},{:.3},{},{},{},{},{},{:.3}]", h.thread, h.event as u8, h.start / 1e3, h.length / 1e3, h.other, h.what, h.places.0, h.places.1, h.count, h.busy)?;
    }
    write!(to, "]}}")
}
