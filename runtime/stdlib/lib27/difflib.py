"""Differences between sequences: matching blocks, ratios, deltas of lines in several formats."""

import heapq
from collections import namedtuple as _namedtuple

__all__ = ["get_close_matches", "ndiff", "restore", "SequenceMatcher", "Differ", "IS_CHARACTER_JUNK", "IS_LINE_JUNK", "context_diff", "unified_diff",
           "HtmlDiff", "Match"]

Match = _namedtuple("Match", "a b size")


def _calculate_ratio(matches, length):
    return 2.0 * matches / length if length else 1.0


class SequenceMatcher:
    """Compares two sequences of hashable items: the longest block without junk that both have, then what is before and behind it in the
    same way (J. Ratcliff and J. Metzener, Pattern Matching: The Gestalt Approach, 1988). Faster for many first sequences than for many second ones."""

    def __init__(self, isjunk=None, a="", b="", autojunk=True):
        self.isjunk, self.autojunk = isjunk, autojunk
        self.a = self.b = None
        self.set_seqs(a, b)

    def set_seqs(self, a, b):
        self.set_seq1(a)
        self.set_seq2(b)

    def set_seq1(self, a):
        if a is not self.a:
            self.a, self.matching_blocks, self.opcodes = a, None, None

    def set_seq2(self, b):
        if b is not self.b:
            self.b, self.matching_blocks, self.opcodes, self.fullbcount = b, None, None, None
            self.__chain_b()

    def __chain_b(self):
        # Where each item of b stands; junk and, in a long b, items that make up more than a hundredth don't begin a block.
        b = self.b
        self.b2j = places = {}
        for i, item in enumerate(b):
            places.setdefault(item, []).append(i)
        junk = set(filter(self.isjunk, places)) if self.isjunk else set()
        for item in junk:
            del places[item]
        popular = set()
        if self.autojunk and len(b) >= 200:
            most = len(b) // 100 + 1
            popular = set(item for item in places if len(places[item]) > most)
            for item in popular:
                del places[item]
        self.isbjunk, self.isbpopular = junk.__contains__, popular.__contains__

    def find_longest_match(self, alo, ahi, blo, bhi):
        """The longest block in a[alo:ahi] and b[blo:bhi]: the first in a, then in b, of several; its neighbours may be junk."""
        a, b, places, is_junk = self.a, self.b, self.b2j, self.isbjunk
        i, j, size = alo, blo, 0
        # Lengths of the blocks that end before this item of a, by the place in b behind them.
        lengths = {}
        for at in xrange(alo, ahi):
            now = {}
            for place in places.get(a[at], ()):
                if place >= bhi:
                    break
                if place >= blo:
                    n = now[place] = lengths.get(place - 1, 0) + 1
                    if n > size:
                        i, j, size = at - n + 1, place - n + 1, n
            lengths = now
        # Popular items first, as blocks of junk only come behind all others.
        for junk in (False, True):
            while i > alo and j > blo and is_junk(b[j - 1]) == junk and a[i - 1] == b[j - 1]:
                i, j, size = i - 1, j - 1, size + 1
            while i + size < ahi and j + size < bhi and is_junk(b[j + size]) == junk and a[i + size] == b[j + size]:
                size += 1
        return Match(i, j, size)

    def get_matching_blocks(self):
        """The blocks that both have, in order, then an empty one at the end."""
        if self.matching_blocks is None:
            found, todo = [], [(0, len(self.a), 0, len(self.b))]
            while todo:
                alo, ahi, blo, bhi = todo.pop()
                i, j, size = block = self.find_longest_match(alo, ahi, blo, bhi)
                if size:
                    found.append(block)
                    if alo < i and blo < j:
                        todo.append((alo, i, blo, j))
                    if i + size < ahi and j + size < bhi:
                        todo.append((i + size, ahi, j + size, bhi))
            joined = []
            for i, j, size in sorted(found):
                if joined and (joined[-1].a + joined[-1].size, joined[-1].b + joined[-1].size) == (i, j):
                    joined[-1] = joined[-1]._replace(size=joined[-1].size + size)
                else:
                    joined.append(Match(i, j, size))
            self.matching_blocks = joined + [Match(len(self.a), len(self.b), 0)]
        return self.matching_blocks

    def get_opcodes(self):
        """What turns a to b: (tag, i1, i2, j1, j2), the tag one of replace, delete, insert and equal."""
        if self.opcodes is None:
            self.opcodes = out = []
            i = j = 0
            for at, to, size in self.get_matching_blocks():
                if i < at or j < to:
                    out.append(("replace" if i < at and j < to else "delete" if i < at else "insert", i, at, j, to))
                i, j = at + size, to + size
                if size:
                    out.append(("equal", at, i, to, j))
        return self.opcodes

    def get_grouped_opcodes(self, n=3):
        """The changes in groups, with up to n equal items around each."""
        codes = list(self.get_opcodes()) or [("equal", 0, 1, 0, 1)]
        for at, ends in ((0, (True, False)), (-1, (False, True))):
            tag, i1, i2, j1, j2 = codes[at]
            if tag == "equal":
                codes[at] = (tag, max(i1, i2 - n), i2, max(j1, j2 - n), j2) if ends[0] else (tag, i1, min(i2, i1 + n), j1, min(j2, j1 + n))
        group = []
        for tag, i1, i2, j1, j2 in codes:
            # What is equal for long ends a group and begins the next one.
            if tag == "equal" and i2 - i1 > 2 * n:
                group.append((tag, i1, min(i2, i1 + n), j1, min(j2, j1 + n)))
                yield group
                group = []
                i1, j1 = max(i1, i2 - n), max(j1, j2 - n)
            group.append((tag, i1, i2, j1, j2))
        if group and not (len(group) == 1 and group[0][0] == "equal"):
            yield group

    def ratio(self):
        """How similar they are, from 0 to 1: twice the items in common by all items."""
        return _calculate_ratio(sum(block.size for block in self.get_matching_blocks()), len(self.a) + len(self.b))

    def quick_ratio(self):
        """At least ratio(): items count wherever they stand."""
        if self.fullbcount is None:
            self.fullbcount = counts = {}
            for item in self.b:
                counts[item] = counts.get(item, 0) + 1
        left, matches = {}, 0
        for item in self.a:
            n = left.get(item)
            if n is None:
                n = self.fullbcount.get(item, 0)
            left[item] = n - 1
            matches += n > 0
        return _calculate_ratio(matches, len(self.a) + len(self.b))

    def real_quick_ratio(self):
        """At least quick_ratio(): by the lengths alone."""
        return _calculate_ratio(min(len(self.a), len(self.b)), len(self.a) + len(self.b))

    def _reaches(self, least):
        """Whether ratio() is at least that much; cheaper tests come first."""
        return self.real_quick_ratio() >= least and self.quick_ratio() >= least and self.ratio() >= least


def get_close_matches(word, possibilities, n=3, cutoff=0.6):
    """The up to n possibilities most similar to a word, the best one first; less similar ones than `cutoff` don't count."""
    if not n > 0:
        raise ValueError("n must be > 0: %r" % (n,))
    if not 0.0 <= cutoff <= 1.0:
        raise ValueError("cutoff must be in [0.0, 1.0]: %r" % (cutoff,))
    matcher, found = SequenceMatcher(), []
    matcher.set_seq2(word)
    for x in possibilities:
        matcher.set_seq1(x)
        if matcher._reaches(cutoff):
            found.append((matcher.ratio(), x))
    return [x for _, x in heapq.nlargest(n, found)]


# ---- deltas of lines

def _leading(text, c):
    return len(text) - len(text.lstrip(c))


class Differ:
    """Deltas in which similar lines stand side by side with hints at what changed in them."""

    def __init__(self, linejunk=None, charjunk=None):
        self.linejunk, self.charjunk = linejunk, charjunk

    def compare(self, a, b):
        """The lines of a delta: "- " in a only, "+ " in b only, "  " in both, "? " a hint."""
        for tag, alo, ahi, blo, bhi in SequenceMatcher(self.linejunk, a, b).get_opcodes():
            if tag == "replace":
                lines = self._fancy_replace(a, alo, ahi, b, blo, bhi)
            elif tag == "insert":
                lines = self._dump("+", b, blo, bhi)
            else:
                lines = self._dump("-" if tag == "delete" else " ", a, alo, ahi)
            for line in lines:
                yield line

    def _dump(self, tag, x, lo, hi):
        for i in xrange(lo, hi):
            yield "%s %s" % (tag, x[i])

    def _plain_replace(self, a, alo, ahi, b, blo, bhi):
        # The shorter part first.
        parts = [self._dump("+", b, blo, bhi), self._dump("-", a, alo, ahi)]
        for part in parts if bhi - blo < ahi - alo else reversed(parts):
            for line in part:
                yield line

    def _fancy_replace(self, a, alo, ahi, b, blo, bhi):
        """Looks for the two most similar lines; what is around them is done in the same way."""
        best, cutoff = 0.74, 0.75
        matcher = SequenceMatcher(self.charjunk)
        same = at = None
        for j in xrange(blo, bhi):
            matcher.set_seq2(b[j])
            for i in xrange(alo, ahi):
                if a[i] == b[j]:
                    # The first of equal ones serves where no others are similar.
                    if same is None:
                        same = i, j
                    continue
                matcher.set_seq1(a[i])
                if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and matcher.ratio() > best:
                    best, at = matcher.ratio(), (i, j)
        if best < cutoff:
            if same is None:
                for line in self._plain_replace(a, alo, ahi, b, blo, bhi):
                    yield line
                return
            at = same
        else:
            same = None
        i, j = at
        for line in self._fancy_helper(a, alo, i, b, blo, j):
            yield line
        if same is None:
            atags = btags = ""
            matcher.set_seqs(a[i], b[j])
            for tag, i1, i2, j1, j2 in matcher.get_opcodes():
                old, new = {"replace": "^^", "delete": "- ", "insert": " +", "equal": "  "}[tag]
                atags += old * (i2 - i1)
                btags += new * (j2 - j1)
            for line in self._qformat(a[i], b[j], atags, btags):
                yield line
        else:
            yield "  " + a[i]
        for line in self._fancy_helper(a, i + 1, ahi, b, j + 1, bhi):
            yield line

    def _fancy_helper(self, a, alo, ahi, b, blo, bhi):
        if alo < ahi and blo < bhi:
            return self._fancy_replace(a, alo, ahi, b, blo, bhi)
        return self._dump("-", a, alo, ahi) if alo < ahi else self._dump("+", b, blo, bhi)

    def _qformat(self, aline, bline, atags, btags):
        # Hints keep the tabs that both lines begin with.
        common = min(_leading(aline, "\t"), _leading(bline, "\t"))
        common = min(common, _leading(atags[:common], " "), _leading(btags[:common], " "))
        for mark, line, tags in (("-", aline, atags), ("+", bline, btags)):
            yield mark + " " + line
            tags = tags[common:].rstrip()
            if tags:
                yield "? %s%s\n" % ("\t" * common, tags)


def IS_LINE_JUNK(line, pat=None):
    """Whether a line is blank, or has a single # and blanks only."""
    return (line.strip() in ("", "#")) if pat is None else pat(line) is not None


def IS_CHARACTER_JUNK(ch, ws=" \t"):
    """Whether a character is a blank or a tab."""
    return ch in ws


def ndiff(a, b, linejunk=None, charjunk=IS_CHARACTER_JUNK):
    """A delta as Differ makes it."""
    return Differ(linejunk, charjunk).compare(a, b)


def restore(delta, which):
    """The lines of the first (1) or the second sequence (2) that a delta of ndiff() was made of."""
    try:
        tag = {1: "- ", 2: "+ "}[int(which)]
    except KeyError:
        raise ValueError("unknown delta choice (must be 1 or 2): %r" % which)
    for line in delta:
        if line[:2] in ("  ", tag):
            yield line[2:]


def _format_range_unified(start, stop):
    length = stop - start
    if length == 1:
        return str(start + 1)
    # An empty range is named by the line before it.
    return "%d,%d" % (start + 1 if length else start, length)


def _format_range_context(start, stop):
    return "%d,%d" % (start + 1, stop) if stop - start > 1 else str(stop)


def _with_date(mark, name, date, lineterm):
    return "{} {}{}{}".format(mark, name, "\t{}".format(date) if date else "", lineterm)


def unified_diff(a, b, fromfile="", tofile="", fromfiledate="", tofiledate="", n=3, lineterm="\n"):
    """The lines of a unified diff, with n lines of context. For input without line ends `lineterm` is "" so that no line has one."""
    started = False
    for group in SequenceMatcher(None, a, b).get_grouped_opcodes(n):
        if not started:
            started = True
            yield _with_date("---", fromfile, fromfiledate, lineterm)
            yield _with_date("+++", tofile, tofiledate, lineterm)
        first, last = group[0], group[-1]
        yield "@@ -{} +{} @@{}".format(_format_range_unified(first[1], last[2]), _format_range_unified(first[3], last[4]), lineterm)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                for line in a[i1:i2]:
                    yield " " + line
                continue
            for line in a[i1:i2]:
                yield "-" + line
            for line in b[j1:j2]:
                yield "+" + line


def context_diff(a, b, fromfile="", tofile="", fromfiledate="", tofiledate="", n=3, lineterm="\n"):
    """The lines of a context diff, with n lines of context. For input without line ends `lineterm` is "" so that no line has one."""
    marks = {"insert": "+ ", "delete": "- ", "replace": "! ", "equal": "  "}
    started = False
    for group in SequenceMatcher(None, a, b).get_grouped_opcodes(n):
        if not started:
            started = True
            yield _with_date("***", fromfile, fromfiledate, lineterm)
            yield _with_date("---", tofile, tofiledate, lineterm)
        first, last = group[0], group[-1]
        yield "***************" + lineterm
        for lines, lo, hi, around, missing in ((a, 1, 2, "***", "insert"), (b, 3, 4, "---", "delete")):
            yield "{} {} {}{}".format(around, _format_range_context(first[lo], last[hi]), around + around[0], lineterm)
            # Only the side that has changes is shown.
            if any(code[0] not in ("equal", missing) for code in group):
                for code in group:
                    if code[0] != missing:
                        for line in lines[code[lo]:code[hi]]:
                            yield marks[code[0]] + line


from _htmldiff import HtmlDiff
