"""Texts of tracebacks and exceptions."""

import linecache
import sys
import types

__all__ = ["extract_stack", "extract_tb", "format_exception", "format_exception_only", "format_list", "format_stack", "format_tb",
           "print_exc", "format_exc", "print_exception", "print_last", "print_stack", "print_tb", "tb_lineno"]


def _print(file, str="", terminator="\n"):
    file.write(str + terminator)


def format_list(extracted_list):
    entries = []
    for filename, lineno, name, line in extracted_list:
        entry = '  File "%s", line %d, in %s\n' % (filename, lineno, name)
        if line:
            entry += "    %s\n" % line.strip()
        entries.append(entry)
    return entries


def print_list(extracted_list, file=None):
    (sys.stderr if file is None else file).write("".join(format_list(extracted_list)))


def _entry(frame, lineno):
    code = frame.f_code
    linecache.checkcache(code.co_filename)
    line = linecache.getline(code.co_filename, lineno, frame.f_globals)
    return code.co_filename, lineno, code.co_name, line.strip() if line else None


def _limit(limit):
    return getattr(sys, "tracebacklimit", None) if limit is None else limit


def extract_tb(tb, limit=None):
    limit = _limit(limit)
    found = []
    while tb is not None and (limit is None or len(found) < limit):
        found.append(_entry(tb.tb_frame, tb.tb_lineno))
        tb = tb.tb_next
    return found


def print_tb(tb, limit=None, file=None):
    print_list(extract_tb(tb, limit), file)


def format_tb(tb, limit=None):
    return format_list(extract_tb(tb, limit))


def format_exception(etype, value, tb, limit=None):
    head = ["Traceback (most recent call last):\n"] + format_tb(tb, limit) if tb else []
    return head + format_exception_only(etype, value)


def print_exception(etype, value, tb, limit=None, file=None):
    file = sys.stderr if file is None else file
    for text in format_exception(etype, value, tb, limit):
        file.write(text)


def format_exception_only(etype, value):
    # String exceptions, classic instances and None have no name of their own.
    if isinstance(etype, BaseException) or isinstance(etype, types.InstanceType) or etype is None or type(etype) is str:
        return [_final_line(etype, value)]
    name = etype.__name__
    if not issubclass(etype, SyntaxError):
        return [_final_line(name, value)]
    lines = []
    try:
        message, (filename, lineno, offset, text) = value.args
    except Exception:
        pass
    else:
        lines.append('  File "%s", line %d\n' % (filename or "<string>", lineno))
        if text is not None:
            lines.append("    %s\n" % text.strip())
            if offset is not None:
                before = text.rstrip("\n")[:min(len(text), offset) - 1].lstrip()
                lines.append("    %s^\n" % "".join(c.isspace() and c or " " for c in before))
        value = message
    lines.append(_final_line(name, value))
    return lines


def _final_line(etype, value):
    text = _some_str(value)
    if value is None or not text:
        return "%s\n" % etype
    return "%s: %s\n" % (etype, text)


_format_final_exc_line = _final_line


def _some_str(value):
    try:
        return str(value)
    except Exception:
        pass
    try:
        return unicode(value).encode("ascii", "backslashreplace")
    except Exception:
        return "<unprintable %s object>" % type(value).__name__


def print_exc(limit=None, file=None):
    kind, value, tb = sys.exc_info()
    print_exception(kind, value, tb, limit, file)


def format_exc(limit=None):
    return "".join(format_exception(*(sys.exc_info() + (limit,))))


def print_last(limit=None, file=None):
    if not hasattr(sys, "last_type"):
        raise ValueError("no last exception")
    print_exception(sys.last_type, sys.last_value, sys.last_traceback, limit, file)


def print_stack(f=None, limit=None, file=None):
    print_list(extract_stack(f or sys._getframe(1), limit), file)


def format_stack(f=None, limit=None):
    return format_list(extract_stack(f or sys._getframe(1), limit))


def extract_stack(f=None, limit=None):
    if f is None:
        f = sys._getframe(1)
    limit = _limit(limit)
    found = []
    while f is not None and (limit is None or len(found) < limit):
        found.append(_entry(f, f.f_lineno))
        f = f.f_back
    found.reverse()
    return found


def tb_lineno(tb):
    return tb.tb_lineno
