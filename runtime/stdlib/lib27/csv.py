"""Comma separated values: readers and writers of rows, of dicts, dialects and their detection."""
import re
from _csv import (Error, __version__, writer, reader, register_dialect, unregister_dialect, get_dialect, list_dialects, field_size_limit, QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC,
                  QUOTE_NONE)
from _csv import Dialect as _Dialect

__all__ = ['QUOTE_MINIMAL', 'QUOTE_ALL', 'QUOTE_NONNUMERIC', 'QUOTE_NONE', 'Error', 'Dialect', '__doc__', 'excel', 'excel_tab', 'field_size_limit', 'reader', 'writer',
           'register_dialect', 'get_dialect', 'list_dialects', 'Sniffer', 'unregister_dialect', '__version__', 'DictReader', 'DictWriter']


class Dialect:
    """How rows are written: subclasses set the attributes."""
    _name, _valid = '', False
    delimiter = lineterminator = skipinitialspace = None
    quoting = quotechar = doublequote = escapechar = None

    def __init__(self):
        self._valid = self.__class__ != Dialect
        self._validate()

    def _validate(self):
        try:
            _Dialect(self)
        except TypeError as e:
            raise Error(str(e))


class excel(Dialect):
    """What Excel writes."""
    delimiter, lineterminator, skipinitialspace = ',', '\r\n', False
    quoting, quotechar, doublequote = QUOTE_MINIMAL, '"', True


class excel_tab(excel):
    """What Excel writes with tabs."""
    delimiter = '\t'


register_dialect('excel', excel)
register_dialect('excel-tab', excel_tab)


class DictReader:
    """Rows as dicts."""

    def __init__(self, f, fieldnames=None, restkey=None, restval=None, dialect='excel', *args, **kwds):
        self.reader, self.dialect = reader(f, dialect, *args, **kwds), dialect
        self._fieldnames, self.restkey, self.restval = fieldnames, restkey, restval
        self.line_num = 0

    def __iter__(self):
        return self

    @property
    def fieldnames(self):
        if self._fieldnames is None:
            # None without a first row.
            self._fieldnames = next(self.reader, None)
        self.line_num = self.reader.line_num
        return self._fieldnames

    @fieldnames.setter
    def fieldnames(self, value):
        self._fieldnames = value

    def next(self):
        if self.line_num == 0:
            # Reads the names.
            self.fieldnames
        row = self.reader.next()
        self.line_num = self.reader.line_num
        while row == []:
            row = self.reader.next()
        names = self.fieldnames
        d = dict(zip(names, row))
        have, want = len(row), len(names)
        if want < have:
            d[self.restkey] = row[want:]
        for name in names[have:]:
            d[name] = self.restval
        return d


class DictWriter:
    """Writes dicts as rows."""

    def __init__(self, f, fieldnames, restval='', extrasaction='raise', dialect='excel', *args, **kwds):
        self.fieldnames, self.restval = fieldnames, restval
        if extrasaction.lower() not in ('raise', 'ignore'):
            raise ValueError("extrasaction (%s) must be 'raise' or 'ignore'" % extrasaction)
        self.extrasaction = extrasaction
        self.writer = writer(f, dialect, *args, **kwds)

    def writeheader(self):
        self.writerow(dict(zip(self.fieldnames, self.fieldnames)))

    def _dict_to_list(self, rowdict):
        if self.extrasaction == 'raise':
            wrong = [k for k in rowdict if k not in self.fieldnames]
            if wrong:
                raise ValueError('dict contains fields not in fieldnames: ' + ', '.join([repr(x) for x in wrong]))
        return [rowdict.get(key, self.restval) for key in self.fieldnames]

    def writerow(self, rowdict):
        return self.writer.writerow(self._dict_to_list(rowdict))

    def writerows(self, rowdicts):
        return self.writer.writerows([self._dict_to_list(d) for d in rowdicts])


class Sniffer:
    """Guesses the dialect of a sample, and whether its first row is a header."""

    def __init__(self):
        self.preferred = [',', '\t', ';', ' ', ':']

    def sniff(self, sample, delimiters=None):
        """The dialect that a sample of a file seems to be in."""
        quote, double, delimiter, skip = self._by_quotes(sample, delimiters)
        if not delimiter:
            delimiter, skip = self._by_counts(sample, delimiters)
        if not delimiter:
            raise Error('Could not determine delimiter')

        class dialect(Dialect):
            _name = 'sniffed'
            lineterminator = '\r\n'
            quoting = QUOTE_MINIMAL
        dialect.doublequote = double
        dialect.delimiter = delimiter
        dialect.quotechar = quote or '"'
        dialect.skipinitialspace = skip
        return dialect

    def _by_quotes(self, data, delimiters):
        """Looks for quoted fields and what stands around them."""
        for pattern in (r'(?P<delim>[^\w\n"\'])(?P<space> ?)(?P<quote>["\']).*?(?P=quote)(?P=delim)', r'(?:^|\n)(?P<quote>["\']).*?(?P=quote)(?P<delim>[^\w\n"\'])(?P<space> ?)',
                        r'(?P<delim>[^\w\n"\'])(?P<space> ?)(?P<quote>["\']).*?(?P=quote)(?:$|\n)', r'(?:^|\n)(?P<quote>["\']).*?(?P=quote)(?:$|\n)'):
            found = list(re.finditer(pattern, data, re.DOTALL | re.MULTILINE))
            if found:
                break
        else:
            return '', False, None, 0
        quotes, delims = {}, {}
        spaces = 0
        for m in found:
            groups = m.groupdict()
            quotes[groups['quote']] = quotes.get(groups['quote'], 0) + 1
            delim = groups.get('delim')
            if delim and (delimiters is None or delim in delimiters):
                delims[delim] = delims.get(delim, 0) + 1
            if groups.get('space'):
                spaces += 1
        quote = max(quotes, key=quotes.get)
        if delims:
            delim = max(delims, key=delims.get)
            skip = delims[delim] == spaces
            if delim == '\n':
                delim = ''
        else:
            delim, skip = '', 0
        # A doubled quote inside a quoted field.
        double = re.search(r'((%(d)s)|^)\W*%(q)s[^%(d)s\n]*%(q)s[^%(d)s\n]*%(q)s\W*((%(d)s)|$)' % {'d': re.escape(delim), 'q': quote}, data, re.MULTILINE) is not None
        return quote, double, delim, skip

    def _by_counts(self, data, delimiters):
        """The character that stands equally often in nearly all lines."""
        lines = [l for l in data.split('\n') if l]
        if not lines:
            return '', 0
        ascii = [chr(c) for c in range(127)]
        size = min(10, len(lines))
        seen, at = {}, 0
        candidates = {}
        while at < len(lines):
            for line in lines[at:at + size]:
                for c in ascii:
                    n = line.count(c)
                    counts = seen.setdefault(c, {})
                    counts[n] = counts.get(n, 0) + 1
            at += size
            total = float(min(at, len(lines)))
            modes = {}
            for c, counts in seen.items():
                if list(counts) == [0]:
                    continue
                freq = max(counts, key=lambda k: counts[k])
                modes[c] = freq, counts[freq] - (sum(counts.values()) - counts[freq])
            consistency = 1.0
            candidates = {}
            while not candidates and consistency >= 0.9:
                for c, (freq, score) in modes.items():
                    if freq > 0 and score > 0 and score / total >= consistency and (delimiters is None or c in delimiters):
                        candidates[c] = freq, score
                consistency -= 0.01
            if len(candidates) == 1:
                delim = list(candidates)[0]
                return delim, lines[0].count(delim) == lines[0].count('%c ' % delim)
        if not candidates:
            return '', 0
        for d in self.preferred:
            if d in candidates:
                return d, lines[0].count(d) == lines[0].count('%c ' % d)
        delim = max(candidates, key=lambda c: (candidates[c], c))
        return delim, lines[0].count(delim) == lines[0].count('%c ' % delim)

    def has_header(self, sample):
        """Whether the first row differs in kind from those below it."""
        from StringIO import StringIO
        rows = reader(StringIO(sample), self.sniff(sample))
        header = rows.next()
        kinds = dict.fromkeys(range(len(header)))
        for n, row in enumerate(rows):
            if n > 20:
                break
            if len(row) != len(header):
                continue
            for col in list(kinds):
                for kind in (int, long, float, complex):
                    try:
                        kind(row[col])
                        break
                    except (ValueError, OverflowError):
                        pass
                else:
                    kind = len(row[col])
                if kind is long:
                    kind = int
                if kind != kinds[col]:
                    if kinds[col] is None:
                        kinds[col] = kind
                    else:
                        del kinds[col]
        votes = 0
        for col, kind in kinds.items():
            if isinstance(kind, int):
                votes += 1 if len(header[col]) != kind else -1
            elif kind is not None:
                try:
                    kind(header[col])
                except (ValueError, TypeError):
                    votes += 1
                else:
                    votes -= 1
        return votes > 0
