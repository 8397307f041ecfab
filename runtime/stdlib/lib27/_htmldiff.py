"""difflib.HtmlDiff: two texts side by side as HTML, with what changed in colours."""

import itertools
import re

# In texts that are being laid out: a mark's beginning (its kind follows), its end, and what fills a tab.
_BEGIN, _END, _FILL = "\0", "\1", "\t"
_KINDS = {"+": "diff_add", "-": "diff_sub", "^": "diff_chg"}
_HINTS = re.compile(r"\++|-+|\^+")


def _marked(line, hint):
    """A line of a delta without its tag, with marks where the hint points."""
    for found in reversed(list(_HINTS.finditer(hint or ""))):
        lo, hi = found.span()
        line = line[:lo] + _BEGIN + hint[lo] + line[lo:hi] + _END + line[hi:]
    return line[2:]


def _pairs(delta):
    """(from, to, whether they differ) of a delta of lines; None for a line that only the other side has."""
    delta = list(delta)
    old, new = [], []

    def flushed():
        out = list(itertools.izip_longest(old, new))
        del old[:], new[:]
        return [(x, y, True) for x, y in out]

    def taken(i):
        # A line, the hint that may follow it, and where the next line is.
        has_hint = delta[i + 1:i + 2] and delta[i + 1][:1] == "?"
        return delta[i], delta[i + 1] if has_hint else None, i + 1 + bool(has_hint)

    i = 0
    while i < len(delta):
        line, hint, after = taken(i)
        if line[0] == "-" and after < len(delta) and delta[after][0] == "+":
            other, other_hint, end = taken(after)
            if hint or other_hint:
                # Similar lines.
                for pair in flushed():
                    yield pair
                yield _marked(line, hint), _marked(other, other_hint), True
                i = end
                continue
        i = after
        if line[0] == " ":
            for pair in flushed():
                yield pair
            yield line[2:], line[2:], False
        else:
            (old if line[0] == "-" else new).append(_BEGIN + line[0] + (line[2:] or " ") + _END)
    for pair in flushed():
        yield pair


def _numbered(pairs):
    counts = [0, 0]
    for x, y, differ in pairs:
        sides = []
        for side, text in enumerate((x, y)):
            counts[side] += text is not None
            sides.append(("", "") if text is None else (counts[side], text))
        yield sides[0], sides[1], differ


def _near_changes(rows, n):
    """The rows up to n from one that differs; None where others are left out."""
    rows = list(rows)
    kept, last = set(), -1
    for i, row in enumerate(rows):
        if row[2]:
            kept.update(range(max(i - n, 0), min(i + n + 1, len(rows))))
    for i in sorted(kept):
        if i != last + 1:
            yield None
        yield rows[i]
        last = i


def _wrapped(side, width):
    """(number, text) in pieces of at most `width` characters; marks go on in the next one. Further pieces have the number ">"."""
    number, text = side
    out, piece, used, mark, i = [], "", 0, "", 0
    while i < len(text):
        if text[i] == _BEGIN:
            mark = text[i + 1]
            piece += text[i:i + 2]
            i += 2
            continue
        if text[i] == _END:
            mark = ""
        else:
            if used == width:
                out.append((number, piece + (_END if mark else "")))
                number, piece, used = ">", _BEGIN + mark if mark else "", 0
            used += 1
        piece += text[i]
        i += 1
    return out + [(number, piece)]


class HtmlDiff(object):
    """Makes a table, or a page with one, of two lists of lines. Subclasses may have other templates and styles."""
    _file_template = """<!DOCTYPE html>
<html>
<head>
<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">
<title></title>
<style type="text/css">%(styles)s</style>
</head>
<body>
%(table)s
%(legend)s
</body>
</html>"""
    _styles = """
table.diff { font-family: monospace; border-collapse: collapse }
table.diff td { white-space: nowrap; padding: 0 4px }
.diff_header { background: #ddd; text-align: right }
.diff_next { background: #bbb }
.diff_add { background: #afa }
.diff_chg { background: #ff8 }
.diff_sub { background: #faa }
"""
    _table_template = """<table class="diff" id="difflib_chg_%(prefix)s_top">
%(header_row)s
<tbody>
%(data_rows)s</tbody>
</table>"""
    _legend = """<table class="diff">
<tr><td class="diff_add">added</td><td class="diff_chg">changed</td><td class="diff_sub">deleted</td></tr>
<tr><td>f: first change</td><td>n: next change</td><td>t: top</td></tr>
</table>"""
    _default_prefix = 0

    def __init__(self, tabsize=8, wrapcolumn=None, linejunk=None, charjunk=None):
        self._tabsize, self._wrapcolumn, self._linejunk, self._charjunk = tabsize, wrapcolumn, linejunk, charjunk

    def make_file(self, fromlines, tolines, fromdesc="", todesc="", context=False, numlines=5):
        """A page that shows the differences; with `context`, only so many lines around each."""
        table = self.make_table(fromlines, tolines, fromdesc, todesc, context=context, numlines=numlines)
        return self._file_template % dict(styles=self._styles, legend=self._legend, table=table)

    def make_table(self, fromlines, tolines, fromdesc="", todesc="", context=False, numlines=5):
        """A table that shows the differences; with `context`, only so many lines around each."""
        import difflib
        junk = difflib.IS_CHARACTER_JUNK if self._charjunk is None else self._charjunk
        lines = [map(self._untabbed, x) for x in (fromlines, tolines)]
        rows = _numbered(_pairs(difflib.ndiff(lines[0], lines[1], self._linejunk, junk)))
        rows = list(_near_changes(rows, numlines) if context else rows)
        prefix = HtmlDiff._default_prefix
        HtmlDiff._default_prefix += 1
        self._prefix = ["from%d_" % prefix, "to%d_" % prefix]
        header = ""
        if fromdesc or todesc:
            cell = '<th class="diff_next"></th><th colspan="2" class="diff_header">%s</th>'
            header = "<thead><tr>%s</tr></thead>" % "".join(cell % text for text in (fromdesc, todesc))
        return self._table_template % dict(data_rows=self._body(rows, context, numlines), header_row=header, prefix=self._prefix[1])

    def _untabbed(self, line):
        # Tabs stay different from blanks.
        parts, column = [], 0
        for part in line.rstrip("\n").split("\t"):
            if parts:
                fill = self._tabsize - column % self._tabsize if self._tabsize else 0
                parts.append(_FILL * fill)
                column += fill
            parts.append(part)
            column += len(part)
        return "".join(parts)

    def _body(self, rows, context, numlines):
        name = "difflib_chg_%s_" % self._prefix[1]
        if not rows:
            text = "<td></td><td>%s</td>" % ("No Differences Found" if context else "Empty File")
            link = '<td class="diff_next"><a href="#%stop">t</a></td>' % name
            return "<tr>%s%s%s%s</tr>\n" % (link, text, link, text)
        # Changes are targets, a few lines above them; each links to the next one, the last one to the top.
        starts = [i for i, row in enumerate(rows) if row and row[2] and not (i and rows[i - 1] and rows[i - 1][2])]
        targets, links = {}, {}
        for n, i in enumerate(starts):
            targets.setdefault(max(i - numlines, 0), "%s%d" % (name, n))
            links[i] = '<a href="#%s%s">%s</a>' % ((name, n + 1, "n") if n + 1 < len(starts) else (name, "top", "t"))
        if not (rows[0] and rows[0][2]):
            links.setdefault(0, '<a href="#%s0">f</a>' % name if starts else '<a href="#%stop">t</a>' % name)
        out = []
        for i, row in enumerate(rows):
            if row is None:
                if i:
                    out.append("</tbody>\n<tbody>\n")
                continue
            sides = [_wrapped(side, self._wrapcolumn) if self._wrapcolumn else [side] for side in row[:2]]
            for n, (x, y) in enumerate(itertools.izip_longest(*sides, fillvalue=("", ""))):
                target = ' id="%s"' % targets[i] if i in targets and not n else ""
                link = links.get(i, "") if not n else ""
                out.append('<tr><td class="diff_next"%s>%s</td>%s<td class="diff_next">%s</td>%s</tr>\n' % (target, link, self._cells(0, x), link, self._cells(1, y)))
        return "".join(out)

    def _cells(self, side, (number, text)):
        target = ' id="%s%d"' % (self._prefix[side], number) if isinstance(number, int) else ""
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").rstrip()
        text = text.replace(" ", "&nbsp;").replace(_FILL, "&nbsp;").replace(_END, "</span>")
        for kind, name in _KINDS.items():
            text = text.replace(_BEGIN + kind, '<span class="%s">' % name)
        return '<td class="diff_header"%s>%s</td><td>%s</td>' % (target, number if number != ">" else "&gt;", text)


HtmlDiff.__module__ = "difflib"
