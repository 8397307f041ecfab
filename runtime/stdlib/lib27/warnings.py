"""Warnings: what happens to them is decided by a list of filters."""

import linecache
import sys
import types

__all__ = ["warn", "warn_explicit", "showwarning", "formatwarning", "filterwarnings", "simplefilter", "resetwarnings", "catch_warnings"]

# (action, message pattern or None, category, module pattern or None, line or 0), first match counts.
filters = []
defaultaction = default_action = "default"
onceregistry = once_registry = {}
_ACTIONS = ("error", "ignore", "always", "default", "module", "once")


def warnpy3k(message, category=None, stacklevel=1):
    if sys.py3kwarning:
        warn(message, DeprecationWarning if category is None else category, stacklevel + 1)


def formatwarning(message, category, filename, lineno, line=None):
    try:
        unicodetype = unicode
    except NameError:
        unicodetype = ()
    try:
        message = str(message)
    except UnicodeEncodeError:
        pass
    text = "%s: %s: %s\n" % (lineno, category.__name__, message)
    line = linecache.getline(filename, lineno) if line is None else line
    if line:
        line = line.strip()
        if isinstance(text, unicodetype) and isinstance(line, str):
            line = unicode(line, "latin1")
        text += "  %s\n" % line
    if isinstance(text, unicodetype) and isinstance(filename, str):
        filename = unicode(filename, sys.getfilesystemencoding() or "ascii", "replace")
    text = "%s:%s" % (filename, text)
    if isinstance(text, unicodetype):
        text = text.encode(getattr(sys.stderr, "encoding", None) or "ascii", "backslashreplace")
    return text


def _show_warning(message, category, filename, lineno, file=None, line=None):
    if file is None:
        file = sys.stderr
        if file is None:
            return
    try:
        file.write(formatwarning(message, category, filename, lineno, line))
    except (IOError, UnicodeError):
        pass


showwarning = _show_warning


def _insert(item, append):
    if append:
        filters.append(item)
    else:
        filters.insert(0, item)


def filterwarnings(action, message="", category=Warning, module="", lineno=0, append=0):
    import re
    assert action in _ACTIONS, "invalid action: %r" % (action,)
    assert isinstance(message, basestring), "message must be a string"
    assert isinstance(category, (type, types.ClassType)), "category must be a class"
    assert issubclass(category, Warning), "category must be a Warning subclass"
    assert isinstance(module, basestring), "module must be a string"
    assert isinstance(lineno, int) and lineno >= 0, "lineno must be an int >= 0"
    _insert((action, re.compile(message, re.I), category, re.compile(module), lineno), append)


def simplefilter(action, category=Warning, lineno=0, append=0):
    assert action in _ACTIONS, "invalid action: %r" % (action,)
    assert isinstance(lineno, int) and lineno >= 0, "lineno must be an int >= 0"
    _insert((action, None, category, None, lineno), append)


def resetwarnings():
    filters[:] = []


class _OptionError(Exception):
    """An option -W that can't be understood."""


def _processoptions(args):
    for arg in args:
        try:
            _setoption(arg)
        except _OptionError as msg:
            print >> sys.stderr, "Invalid -W option ignored:", msg


def _setoption(arg):
    import re
    parts = [part.strip() for part in arg.split(":")]
    if len(parts) > 5:
        raise _OptionError("too many fields (max 5): %r" % (arg,))
    action, message, category, module, lineno = parts + [""] * (5 - len(parts))
    action = _getaction(action)
    category = _getcategory(category)
    module = re.escape(module)
    if module:
        module += "$"
    filterwarnings(action, re.escape(message), category, module, _getlineno(lineno))


def _getlineno(text):
    try:
        lineno = int(text or 0)
    except (ValueError, OverflowError):
        lineno = text
    if not isinstance(lineno, (int, long)) or lineno < 0:
        raise _OptionError("invalid lineno %r" % (lineno,))
    return lineno


def _getaction(action):
    if not action:
        return "default"
    if action == "all":
        return "always"
    for known in _ACTIONS:
        if known.startswith(action):
            return known
    raise _OptionError("invalid action: %r" % (action,))


def _getcategory(category):
    import re
    if not category:
        return Warning
    if re.match("^[a-zA-Z0-9_]+$", category):
        try:
            found = eval(category)
        except NameError:
            raise _OptionError("unknown warning category: %r" % (category,))
    else:
        module, _, name = category.rpartition(".")
        try:
            m = __import__(module, None, None, [name])
        except ImportError:
            raise _OptionError("invalid module name: %r" % (module,))
        try:
            found = getattr(m, name)
        except AttributeError:
            raise _OptionError("unknown warning category: %r" % (category,))
    if not issubclass(found, Warning):
        raise _OptionError("invalid warning category: %r" % (category,))
    return found


def warn(message, category=None, stacklevel=1):
    """Issues a warning at the place of the caller, or of a caller's caller by stacklevel."""
    if isinstance(message, Warning):
        category = message.__class__
    if category is None:
        category = UserWarning
    assert issubclass(category, Warning)
    try:
        caller = sys._getframe(stacklevel)
    except ValueError:
        namespace, lineno = sys.__dict__, 1
    else:
        namespace, lineno = caller.f_globals, caller.f_lineno
    module = namespace.get("__name__", "<string>")
    filename = namespace.get("__file__")
    if filename:
        if filename.lower().endswith((".pyc", ".pyo")):
            filename = filename[:-1]
    else:
        if module == "__main__":
            filename = (getattr(sys, "argv", None) or ["__main__"])[0] or "__main__"
        if not filename:
            filename = module
    registry = namespace.setdefault("__warningregistry__", {})
    warn_explicit(message, category, filename, lineno, module, registry, namespace)


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None):
    lineno = int(lineno)
    if module is None:
        module = filename or "<unknown>"
        if module[-3:].lower() == ".py":
            module = module[:-3]
    if registry is None:
        registry = {}
    text = message
    if isinstance(message, Warning):
        text, category = str(message), message.__class__
    else:
        message = category(message)
    key = text, category, lineno
    if registry.get(key):
        return
    for action, pattern, kind, place, line in filters:
        if ((pattern is None or pattern.match(text)) and issubclass(category, kind)
                and (place is None or place.match(module)) and line in (0, lineno)):
            break
    else:
        action = defaultaction
    if action == "ignore":
        registry[key] = 1
        return
    linecache.getlines(filename, module_globals)
    if action == "error":
        raise message
    if action == "once":
        registry[key] = 1
        shared = text, category
        if onceregistry.get(shared):
            return
        onceregistry[shared] = 1
    elif action == "module":
        registry[key] = 1
        shared = text, category, 0
        if registry.get(shared):
            return
        registry[shared] = 1
    elif action == "default":
        registry[key] = 1
    elif action != "always":
        raise RuntimeError("Unrecognized action (%r) in warnings.filters:\n %s" % (action, (action, pattern, kind, place, line)))
    if not hasattr(showwarning, "__call__"):
        raise TypeError("warnings.showwarning() must be set to a function or method")
    showwarning(message, category, filename, lineno)


class WarningMessage(object):
    """One warning as catch_warnings() records it."""

    _WARNING_DETAILS = ("message", "category", "filename", "lineno", "file", "line")

    def __init__(self, message, category, filename, lineno, file=None, line=None):
        self.message, self.category = message, category
        self.filename, self.lineno, self.file, self.line = filename, lineno, file, line
        self._category_name = category.__name__ if category else None

    def __str__(self):
        return "{message : %r, category : %r, filename : %r, lineno : %s, line : %r}" % (
            self.message, self._category_name, self.filename, self.lineno, self.line)


class catch_warnings(object):
    """Restores filters and showwarning() at the end of the block; record=True gives a list of what was shown."""

    def __init__(self, record=False, module=None):
        self._record = record
        self._module = sys.modules["warnings"] if module is None else module
        self._entered = False

    def __repr__(self):
        args = []
        if self._record:
            args.append("record=True")
        if self._module is not sys.modules["warnings"]:
            args.append("module=%r" % self._module)
        return "%s(%s)" % (type(self).__name__, ", ".join(args))

    def __enter__(self):
        if self._entered:
            raise RuntimeError("Cannot enter %r twice" % self)
        self._entered = True
        module = self._module
        self._filters, self._showwarning = module.filters, module.showwarning
        module.filters = list(self._filters)
        if not self._record:
            return None
        log = []

        def record(*args, **kwargs):
            log.append(WarningMessage(*args, **kwargs))

        self._module.showwarning = record
        return log

    def __exit__(self, *exc_info):
        if not self._entered:
            raise RuntimeError("Cannot exit %r without entering first" % self)
        self._module.filters = self._filters
        self._module.showwarning = self._showwarning


_processoptions(sys.warnoptions)
if not sys.py3kwarning:
    for _category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning):
        simplefilter("ignore", _category, append=1)
    del _category
simplefilter({0: "ignore", 1: "default"}.get(getattr(sys.flags, "bytes_warning", 0), "error"), BytesWarning, append=1)
