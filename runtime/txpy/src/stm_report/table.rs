//! Conflicts summed up: which two places met how often, and what that cost.

use super::read::{Happening, Log, Place};
use std::collections::HashMap;
use std::fmt::Write;
use txpy_heap::stm_log::format::{ASKS_TO_WRITE, Event, HAD_WRITTEN};

/// One side of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Side {
    /// None: not known.
    pub place: Option<Place>,
    /// Whether it wrote the object in any of them; else it only read it.
    pub writes: bool,
}

/// All conflicts of the same two places over objects of the same class.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// In the order of their text, as each may be on either side.
    pub sides: [Side; 2],
    pub what: String,
    pub aborts: u64,
    pub waits: u64,
    /// Nanoseconds: of aborted attempts, and waited.
    pub aborted: f64,
    pub waited: f64,
}
impl Conflict {
    pub fn lost(&self) -> f64 { self.aborted + self.waited }
}

/// What a thread did in all.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub transactions: u64,
    pub aborts: u64,
    pub waits: u64,
    pub irrevocable: u64,
    /// Nanoseconds in transactions that ended well, aborted, waited.
    pub inside: f64,
    pub aborted: f64,
    pub waited: f64,
}

pub fn totals(log: &Log) -> HashMap<u16, Totals> {
    let mut all: HashMap<u16, Totals> = HashMap::new();
    for h in &log.happenings {
        let t = all.entry(h.thread).or_default();
        match h.event {
            Event::Batch => {
                t.transactions += h.count as u64;
                t.inside += h.length * h.busy;
            }
            Event::Commit => {
                t.transactions += h.count as u64;
                t.inside += h.length;
            }
            Event::Abort => {
                t.aborts += 1;
                t.aborted += h.length;
            }
            Event::Wait | Event::Turn => {
                t.waits += 1;
                t.waited += h.length;
            }
            Event::Irrevocable => {
                t.irrevocable += 1;
                t.waited += h.length;
            }
            _ => {}
        }
    }
    all
}

/// Conflicts, the most expensive first.
pub fn conflicts(log: &Log) -> Vec<Conflict> {
    let mut all: HashMap<([Option<Place>; 2], String), Conflict> = HashMap::new();
    for h in &log.happenings {
        if !matches!(h.event, Event::Abort | Event::Wait) || h.other == 0 {
            continue;
        }
        let (sides, what) = (sides(log, h), what(log, h.what));
        let key = (sides.clone().map(|s| s.place), what.clone());
        let c = all.entry(key).or_insert_with(|| Conflict { sides: sides.clone(), what, aborts: 0, waits: 0, aborted: 0.0, waited: 0.0 });
        for (sum, s) in c.sides.iter_mut().zip(&sides) {
            sum.writes |= s.writes;
        }
        if h.event == Event::Abort {
            c.aborts += 1;
            c.aborted += h.length;
        } else {
            c.waits += 1;
            c.waited += h.length;
        }
    }
    let mut list: Vec<Conflict> = all.into_values().collect();
    list.sort_by(|a, b| b.lost().total_cmp(&a.lost()).then_with(|| a.sides.cmp(&b.sides)));
    list
}

fn sides(log: &Log, h: &Happening) -> [Side; 2] {
    let place = |id: u32| log.places.get(&id).cloned();
    let (asks, had) = (h.flags & ASKS_TO_WRITE != 0, h.flags & HAD_WRITTEN != 0);
    // Who waits asked; who aborts was asked.
    let mine_writes = if h.event == Event::Wait { asks } else { had };
    let others_writes = if h.event == Event::Wait { had } else { asks };
    let mut s = [Side { place: place(h.places.0), writes: mine_writes }, Side { place: place(h.places.1), writes: others_writes }];
    s.sort();
    s
}

/// What scripts call objects of a class.
pub fn what(log: &Log, class: u16) -> String {
    match log.names.get(&class).map(String::as_str) {
        Some("cell") => "variable".to_string(),
        Some(n) => n.to_string(),
        None => "object".to_string(),
    }
}

/// Lines of source files, looked up where the program found them.
#[derive(Default)]
pub struct Sources {
    directory: String,
    files: HashMap<String, Vec<String>>,
}
impl Sources {
    pub fn new(directory: &str) -> Sources { Sources { directory: directory.to_string(), files: HashMap::new() } }
    /// The line without its indentation; empty when it can't be read.
    pub fn line(&mut self, p: &Place) -> &str {
        let lines = self.files.entry(p.file.clone()).or_insert_with(|| {
            let path = std::path::Path::new(&self.directory).join(&p.file);
            // Devices have no lines, and a source file is not that long.
            let readable = std::fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() < 64 << 20);
            let bytes = if readable { std::fs::read(&path).unwrap_or_default() } else { Vec::new() };
            String::from_utf8_lossy(&bytes).lines().map(|l| l.trim().to_string()).collect()
        });
        (p.line as usize).checked_sub(1).and_then(|i| lines.get(i)).map_or("", String::as_str)
    }
}

/// A length of time as people read it.
pub fn duration(ns: f64) -> String {
    match ns {
        n if n < 1e3 => format!("{n:.0} ns"),
        n if n < 1e6 => format!("{:.1} us", n / 1e3),
        n if n < 1e9 => format!("{:.1} ms", n / 1e6),
        n => format!("{:.2} s", n / 1e9),
    }
}

/// The report as text: what the threads did, then at most `most` conflicts.
pub fn text(log: &Log, most: usize, sources: &mut Sources) -> String {
    let mut out = String::new();
    let all = totals(log);
    let _ = writeln!(out, "{} in {} thread{}", duration(log.length), log.threads.len(), if log.threads.len() == 1 { "" } else { "s" });
    if log.full {
        let _ = writeln!(out, "The log was full before the program ended.");
    }
    let _ = writeln!(out, "\nthread  transactions    aborts     waits  irrevocable      inside     aborted      waited");
    for id in &log.threads {
        let t = all.get(id).cloned().unwrap_or_default();
        let _ = writeln!(
            out, "{id:>6}  {:>12}  {:>8}  {:>8}  {:>11}  {:>10}  {:>10}  {:>10}", t.transactions, t.aborts, t.waits, t.irrevocable, duration(t.inside), duration(t.aborted), duration(t.waited)
        );
    }
    let by_itself = log.happenings.iter().filter(|h| h.event == Event::Abort && h.other == 0).fold((0u64, 0.0), |(n, t), h| (n + 1, t + h.length));
    if by_itself.0 != 0 {
        let _ = writeln!(out, "\n{} aborted without a conflict (to wait for a lock or queue, for a signal): {}", by_itself.0, duration(by_itself.1));
    }
    let list = conflicts(log);
    if list.is_empty() {
        let _ = writeln!(out, "\nNo conflicts.");
        return out;
    }
    let _ = writeln!(out, "\nConflicts by time lost{}:", if list.len() > most { format!(" (the worst {most} of {})", list.len()) } else { String::new() });
    for (i, c) in list.iter().take(most).enumerate() {
        let _ = writeln!(
            out, "\n{}. {} lost over a {}: {} abort{} ({}), {} wait{} ({})", i + 1, duration(c.lost()), c.what, c.aborts, if c.aborts == 1 { "" } else { "s" }, duration(c.aborted), c.waits,
            if c.waits == 1 { "" } else { "s" }, duration(c.waited)
        );
        for s in &c.sides {
            let does = if s.writes { "writes" } else { "reads" };
            match &s.place {
                None => drop(writeln!(out, "     {does:<6} at an unknown place")),
                Some(p) => {
                    let _ = writeln!(out, "     {does:<6} {}:{} in {}", p.file, p.line, p.function);
                    let line = sources.line(p);
                    if !line.is_empty() {
                        let _ = writeln!(out, "            {line}");
                    }
                }
            }
        }
    }
    out
}
