//! Reads a log of transactions. A log may be cut off anywhere, or be something else.

use std::collections::HashMap;
use txpy_heap::stm_log::format::{CHUNK, Event, MAGIC, MOST_CHUNKS, RECORD, Record};

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub file: String,
    pub line: u32,
    pub function: String,
}

/// Something that happened; times and lengths in nanoseconds, from the log's start.
#[derive(Clone, Debug)]
pub struct Happening {
    pub start: f64,
    pub length: f64,
    pub thread: u16,
    /// 0: none.
    pub other: u16,
    pub event: Event,
    pub flags: u8,
    pub what: u16,
    /// Numbers of places, 0 for none: own and the other's.
    pub places: (u32, u32),
    /// Of a batch: how many, and the share of time inside.
    pub count: u32,
    pub busy: f64,
}

#[derive(Debug, Default)]
pub struct Log {
    /// The directory that the program ran in.
    pub directory: String,
    /// In order of their start.
    pub happenings: Vec<Happening>,
    pub places: HashMap<u32, Place>,
    pub names: HashMap<u16, String>,
    pub threads: Vec<u16>,
    /// Length of the program's run as far as logged.
    pub length: f64,
    /// The log was full before the program's end.
    pub full: bool,
}

/// Reads a log. Errors: a message, when it is none.
pub fn read(bytes: &[u8]) -> Result<Log, String> {
    let first = Record::from_bytes(bytes).filter(|r| r.event == Event::Start && r.a == MAGIC);
    let Some(first) = first else {
        return Err(if bytes.is_empty() { "the file is empty".to_string() } else { "not a log written by TXPY_STM_LOG".to_string() });
    };
    let mut log = Log { full: (bytes.len() / CHUNK) as u64 > MOST_CHUNKS, ..Log::default() };
    let mut records = Vec::new();
    let mut clocks = Vec::new();
    for chunk in bytes.chunks(CHUNK) {
        let mut at = 0;
        while at < chunk.len() {
            // The rest of a chunk is unused from the first record on that is none.
            let Some(r) = Record::from_bytes(&chunk[at..]) else { break };
            at += RECORD;
            let text = r.text();
            if text > chunk.len() - at {
                break;
            }
            let text_bytes = &chunk[at..at + text];
            at += text.next_multiple_of(RECORD);
            match r.event {
                Event::Start if r.a == MAGIC => log.directory = String::from_utf8_lossy(text_bytes).into_owned(),
                Event::Start => {}
                Event::Clock => clocks.push((r.time, r.a)),
                Event::Place => {
                    let text = String::from_utf8_lossy(text_bytes);
                    let (file, function) = text.split_once('\0').unwrap_or((&text, ""));
                    log.places.insert(r.a as u32, Place { file: file.to_string(), line: (r.a >> 32) as u32, function: function.to_string() });
                }
                Event::Name => {
                    log.names.insert(r.a as u16, String::from_utf8_lossy(text_bytes).into_owned());
                }
                _ => records.push(r),
            }
        }
    }
    let rate = nanoseconds_per_tick(&clocks);
    for r in records {
        let start = r.time.wrapping_sub(first.time) as i64 as f64 * rate;
        if !(0.0..1e18).contains(&start) {
            continue; // no time of this run
        }
        let length = (r.b as f64 * rate).min(1e18);
        if !log.threads.contains(&r.thread) {
            log.threads.push(r.thread);
        }
        log.length = log.length.max(start + length);
        let mut h = Happening { start, length, thread: r.thread, other: r.other, event: r.event, flags: r.flags, what: r.what, places: (0, 0), count: 1, busy: 1.0 };
        match r.event {
            Event::Batch => (h.count, h.busy) = (r.a as u32, ((r.a >> 32) as f64 / 65536.0).min(1.0)),
            Event::Commit => (h.places.0, h.count) = (r.a as u32, (r.a >> 32) as u32),
            Event::Abort | Event::Wait | Event::Irrevocable => h.places = (r.a as u32, (r.a >> 32) as u32),
            _ => {}
        }
        if r.event == Event::Irrevocable {
            h.start -= length; // the record's time is when it was granted
        }
        log.happenings.push(h);
    }
    log.threads.sort_unstable();
    log.happenings.sort_by(|a, b| a.start.total_cmp(&b.start));
    Ok(log)
}

/// From the two clock records that are furthest apart.
fn nanoseconds_per_tick(clocks: &[(u64, u64)]) -> f64 {
    let (Some(a), Some(b)) = (clocks.iter().min(), clocks.iter().max()) else { return 1.0 };
    let rate = b.1.saturating_sub(a.1) as f64 / b.0.saturating_sub(a.0) as f64;
    if rate.is_finite() && rate > 0.0 { rate } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::super::{page, table, trace};
    use super::*;

    fn push(bytes: &mut Vec<u8>, r: Record, text: &str) {
        let b = if r.text() == 0 && text.is_empty() { r.b } else { text.len() as u64 };
        for w in (Record { b, ..r }).words() {
            bytes.extend_from_slice(&w.to_le_bytes());
        }
        bytes.extend_from_slice(text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(RECORD), 0);
    }

    fn sample() -> Vec<u8> {
        let r = |event, time, a, b| Record { time, thread: 1, other: 2, event, flags: 3, what: 1, a, b };
        let mut bytes = Vec::new();
        push(&mut bytes, r(Event::Start, 100, MAGIC, 0), "/tmp");
        push(&mut bytes, r(Event::Clock, 100, 1000, 0), "");
        push(&mut bytes, r(Event::Place, 0, 1 | 7 << 32, 1), "one.py\0function");
        push(&mut bytes, r(Event::Place, 0, 2 | 9 << 32, 1), "a rather long name of a file that takes two records.py\0<module>");
        push(&mut bytes, r(Event::Name, 0, 1, 1), "list");
        push(&mut bytes, r(Event::Thread, 110, 0, 0), "");
        push(&mut bytes, r(Event::Batch, 120, 10 | 1000 << 32, 50), "");
        push(&mut bytes, r(Event::Wait, 200, 1 | 2 << 32, 50), "");
        push(&mut bytes, r(Event::Abort, 190, 2 | 1 << 32, 100), "");
        push(&mut bytes, r(Event::Irrevocable, 300, 1, 10), "");
        push(&mut bytes, r(Event::Collection, 400, 0, 10), "");
        push(&mut bytes, r(Event::Clock, 500, 1800, 0), "");
        bytes
    }

    fn all_outputs(log: &Log) -> (String, Vec<u8>) {
        let (mut out, mut sources) = (Vec::new(), table::Sources::new("/nonexistent"));
        page::write(log, "a log", &mut sources, &mut out).expect("a Vec takes all");
        trace::write(log, &mut out).expect("a Vec takes all");
        (table::text(log, 10, &mut sources), out)
    }

    #[test]
    fn a_whole_log() {
        let log = read(&sample()).expect("a log");
        // Two nanoseconds a tick; both sides of the abort and of the wait are the same two places.
        let list = table::conflicts(&log);
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].aborts, list[0].waits, list[0].aborted, list[0].waited), (1, 1, 200.0, 100.0));
        assert_eq!(list[0].what, "list");
        assert_eq!(table::totals(&log)[&1].transactions, 10);
        assert!(all_outputs(&log).0.contains("one.py:7 in function"));
    }

    #[test]
    fn cut_off_anywhere_and_damaged_anywhere() {
        let whole = sample();
        for n in 0..whole.len() {
            if let Ok(log) = read(&whole[..n]) {
                all_outputs(&log);
            }
            for damage in [0x01, 0x80, 0xff] {
                let mut b = whole.clone();
                b[n] ^= damage;
                if let Ok(log) = read(&b) {
                    all_outputs(&log);
                }
            }
        }
    }
}
