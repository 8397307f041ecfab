"""Constants, functions and templates for strings."""

whitespace = "\t\n\x0b\x0c\r "
lowercase = "abcdefghijklmnopqrstuvwxyz"
uppercase = lowercase.upper()
letters = lowercase + uppercase
ascii_lowercase, ascii_uppercase = lowercase, uppercase
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = "".join(c for c in map(chr, range(33, 127)) if not c.isalnum())
printable = digits + letters + punctuation + " \t\n\r\x0b\x0c"
_idmap = "".join(map(chr, range(256)))
_idmapL = None


def capwords(s, sep=None):
    """Each word with a capital."""
    return (sep or " ").join(word.capitalize() for word in s.split(sep))


def maketrans(fromstr, tostr):
    """A table for str.translate()."""
    if len(fromstr) != len(tostr):
        raise ValueError("maketrans arguments must have same length")
    table = list(_idmap)
    for old, new in zip(fromstr, tostr):
        table[ord(old)] = new
    return "".join(table)


import re as _re


class _multimap:
    """Looks in one mapping, then in another."""

    def __init__(self, primary, secondary):
        self._primary, self._secondary = primary, secondary

    def __getitem__(self, key):
        return self._primary[key] if key in self._primary else self._secondary[key]


class _TemplateMetaclass(type):
    def __init__(cls, name, bases, dct):
        super(_TemplateMetaclass, cls).__init__(name, bases, dct)
        pattern = dct.get("pattern")
        if pattern is None:
            delimiter = _re.escape(cls.delimiter)
            name = cls.idpattern
            pattern = r"%s(?:(?P<escaped>%s)|(?P<named>%s)|{(?P<braced>%s)}|(?P<invalid>))" % (delimiter, delimiter, name, name)
        cls.pattern = _re.compile(pattern, _re.IGNORECASE | _re.VERBOSE)


class Template:
    """A text with $names."""
    __metaclass__ = _TemplateMetaclass

    delimiter = "$"
    idpattern = r"[_a-z][_a-z0-9]*"

    def __init__(self, template):
        self.template = template

    def _invalid(self, mo):
        before = self.template[:mo.start("invalid")].splitlines(True)
        lines = len(before) or 1
        column = mo.start("invalid") - len("".join(before[:-1])) if before else 1
        raise ValueError("Invalid placeholder in string: line %d, col %d" % (lines, column))

    def substitute(*args, **kws):
        return _substituted("substitute", args, kws, False)

    def safe_substitute(*args, **kws):
        return _substituted("safe_substitute", args, kws, True)


def _substituted(name, args, kws, safe):
    """A template's text with the values of args = (template, mapping=None) and of keywords, which may have any name."""
    if not args:
        raise TypeError("descriptor '%s' of 'Template' object needs an argument" % name)
    self = args[0]
    if len(args) > 2:
        raise TypeError("Too many positional arguments")
    if len(args) < 2:
        mapping = kws
    else:
        mapping = _multimap(kws, args[1]) if kws else args[1]

    def value(mo):
        key = mo.group("named") or mo.group("braced")
        if key is not None:
            try:
                return "%s" % (mapping[key],)
            except KeyError:
                if safe:
                    return mo.group()
                raise
        if mo.group("escaped") is not None:
            return self.delimiter
        if mo.group("invalid") is not None:
            if safe:
                return mo.group()
            self._invalid(mo)
        raise ValueError("Unrecognized named group in pattern", self.pattern)

    return self.pattern.sub(value, self.template)


# The errors and functions that strings' methods have replaced.
index_error = atoi_error = atof_error = atol_error = ValueError


def lower(s):
    return s.lower()


def upper(s):
    return s.upper()


def swapcase(s):
    return s.swapcase()


def strip(s, chars=None):
    return s.strip(chars)


def lstrip(s, chars=None):
    return s.lstrip(chars)


def rstrip(s, chars=None):
    return s.rstrip(chars)


def split(s, sep=None, maxsplit=-1):
    return s.split(sep, maxsplit)


splitfields = split


def rsplit(s, sep=None, maxsplit=-1):
    return s.rsplit(sep, maxsplit)


def join(words, sep=" "):
    return sep.join(words)


joinfields = join


def index(s, *args):
    return s.index(*args)


def rindex(s, *args):
    return s.rindex(*args)


def count(s, *args):
    return s.count(*args)


def find(s, *args):
    return s.find(*args)


def rfind(s, *args):
    return s.rfind(*args)


def atof(s):
    return float(s)


def atoi(s, base=10):
    return int(s, base)


def atol(s, base=10):
    return long(s, base)


def ljust(s, width, *args):
    return s.ljust(width, *args)


def rjust(s, width, *args):
    return s.rjust(width, *args)


def center(s, width, *args):
    return s.center(width, *args)


def zfill(x, width):
    return (x if isinstance(x, basestring) else repr(x)).zfill(width)


def expandtabs(s, tabsize=8):
    return s.expandtabs(tabsize)


def translate(s, table, deletions=""):
    if deletions or table is None:
        return s.translate(table, deletions)
    # Adding an empty piece of s makes the table unicode where s is.
    return s.translate(table + s[:0])


def capitalize(s):
    return s.capitalize()


def replace(s, old, new, maxreplace=-1):
    return s.replace(old, new, maxreplace)


class Formatter(object):
    """What str.format() does, by methods to override."""

    def format(*args, **kwargs):
        if not args:
            raise TypeError("descriptor 'format' of 'Formatter' object needs an argument")
        self = args[0]
        try:
            format_string = args[1]
        except IndexError:
            if "format_string" not in kwargs:
                raise TypeError("format() missing 1 required positional argument: 'format_string'")
            format_string = kwargs.pop("format_string")
        return self.vformat(format_string, args[2:], kwargs)

    def vformat(self, format_string, args, kwargs):
        used = set()
        result = self._vformat(format_string, args, kwargs, used, 2)
        self.check_unused_args(used, args, kwargs)
        return result

    def _vformat(self, format_string, args, kwargs, used_args, recursion_depth):
        if recursion_depth < 0:
            raise ValueError("Max string recursion exceeded")
        pieces = []
        for literal, field, spec, conversion in self.parse(format_string):
            if literal:
                pieces.append(literal)
            if field is not None:
                value, used = self.get_field(field, args, kwargs)
                used_args.add(used)
                value = self.convert_field(value, conversion)
                spec = self._vformat(spec, args, kwargs, used_args, recursion_depth - 1)
                pieces.append(self.format_field(value, spec))
        return "".join(pieces)

    def get_value(self, key, args, kwargs):
        return args[key] if isinstance(key, (int, long)) else kwargs[key]

    def check_unused_args(self, used_args, args, kwargs):
        pass

    def format_field(self, value, format_spec):
        return format(value, format_spec)

    def convert_field(self, value, conversion):
        if conversion is None:
            return value
        if conversion == "s":
            return str(value)
        if conversion == "r":
            return repr(value)
        raise ValueError("Unknown conversion specifier {0!s}".format(conversion))

    def parse(self, format_string):
        return format_string._formatter_parser()

    def get_field(self, field_name, args, kwargs):
        first, rest = field_name._formatter_field_name_split()
        value = self.get_value(first, args, kwargs)
        for is_attribute, name in rest:
            value = getattr(value, name) if is_attribute else value[name]
        return value, first
