//! The log as events for the Chrome and Perfetto trace viewers (JSON, "Trace Event Format").

use super::json;
use super::read::Log;
use super::table;
use std::io::{self, Write};
use txpy_heap::stm_log::format::Event;

/// Writes complete events ("X"), one track a thread; times in microseconds.
pub fn write(log: &Log, to: &mut impl Write) -> io::Result<()> {
    write!(to, "{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[")?;
    write!(to, "{{\"ph\":\"M\",\"pid\":1,\"name\":\"process_name\",\"args\":{{\"name\":\"txpy\"}}}}")?;
    for t in &log.threads {
        write!(to, ",\n{{\"ph\":\"M\",\"pid\":1,\"tid\":{t},\"name\":\"thread_name\",\"args\":{{\"name\":\"thread {t}\"}}}}")?;
    }
    let place = |id: u32| log.places.get(&id).map_or(String::new(), |p| format!("{}:{} in {}", p.file, p.line, p.function));
    for h in &log.happenings {
        if matches!(h.event, Event::Thread | Event::ThreadEnd) {
            continue;
        }
        write!(to, ",\n{{\"ph\":\"X\",\"pid\":1,\"tid\":{},\"cat\":\"stm\",\"name\":{},\"ts\":{:.3},\"dur\":{:.3},\"args\":{{", h.thread, json::text(h.event.text()), h.start / 1e3, h.length / 1e3)?;
        match h.event {
            Event::Batch => write!(to, "\"count\":{},\"share of time inside\":{:.4}", h.count, h.busy)?,
            Event::Abort | Event::Wait if h.other != 0 => write!(
                to, "\"object\":{},\"here\":{},\"other thread\":{},\"there\":{}", json::text(&table::what(log, h.what)), json::text(&place(h.places.0)), h.other, json::text(&place(h.places.1))
            )?,
            Event::Commit | Event::Abort | Event::Irrevocable => write!(to, "\"here\":{}", json::text(&place(h.places.0)))?,
            _ => {}
        }
        write!(to, "}}}}")?;
    }
    writeln!(to, "\n]}}")
}
