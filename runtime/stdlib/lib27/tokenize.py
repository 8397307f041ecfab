"""Source text as a stream of tokens: (type, text, (row, column), (row, column), line)."""

import itertools
import re
import sys
import token
from token import *

__all__ = [_name for _name in dir(token) if not _name.startswith("_")] + ["COMMENT", "tokenize", "generate_tokens", "NL", "untokenize"]
COMMENT, NL = N_TOKENS, N_TOKENS + 1
tok_name[COMMENT], tok_name[NL] = "COMMENT", "NL"
N_TOKENS += 2


def _either(*patterns):
    return "(?:" + "|".join(patterns) + ")"


_EXPONENT = r"[eE][-+]?\d+"
_POINT = _either(r"\d+\.\d*", r"\.\d+") + "(?:" + _EXPONENT + ")?"
_FLOAT = _either(_POINT, r"\d+" + _EXPONENT)
_NUMBER = _either(r"\d+[jJ]", _FLOAT + "[jJ]", _FLOAT, r"0[xX][\da-fA-F]+[lL]?", "0[bB][01]+[lL]?", "0[oO][0-7]+", "0[0-7]*[lL]?", r"[1-9]\d*[lL]?")
_OPERATOR = _either(r"\*\*=?", ">>=?", "<<=?", "<>", "!=", "//=?", r"[-+*/%&|^=<>]=?", "~", r"[][(){}]", r"\r?\n", "[:;.,`@]")
_PREFIX = "[uUbB]?[rR]?"
# A string on one line, or its beginning up to a backslash at the line's end.
_STRING = _PREFIX + _either(r"'[^\n'\\]*(?:\\.[^\n'\\]*)*(?:'|\\\r?\n)", r'"[^\n"\\]*(?:\\.[^\n"\\]*)*(?:"|\\\r?\n)')
_LEXEME = re.compile(r"[ \f\t]*(?:" + "|".join((
    r"(?P<join>\\\r?\n|\Z)", r"(?P<comment>\#[^\r\n]*)", "(?P<triple>" + _PREFIX + "(?:'''|\"\"\"))", "(?P<number>" + _NUMBER + ")",
    "(?P<operator>" + _OPERATOR + ")", "(?P<string>" + _STRING + ")", r"(?P<name>[a-zA-Z_]\w*)")) + ")")
# The rest of a string, by the quotes that end it.
_ENDS = {
    "'": re.compile(r"[^'\\]*(?:\\.[^'\\]*)*'", re.DOTALL), '"': re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''", re.DOTALL), '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""', re.DOTALL),
}
tabsize = 8


class TokenError(Exception):
    """The text ends in the middle of a string or statement."""


class StopTokenizing(Exception):
    """Raised by the function given to tokenize(): it has seen enough."""


def printtoken(type, token, srow_scol, erow_ecol, line):
    print "%d,%d-%d,%d:\t%s\t%s" % (srow_scol + erow_ecol + (tok_name[type], repr(token)))


def tokenize(readline, tokeneater=printtoken):
    """Calls a function with each token of the lines that readline() gives."""
    try:
        for found in generate_tokens(readline):
            tokeneater(*found)
    except StopTokenizing:
        pass


def _indentation(line):
    """Where a line's text begins, and its column."""
    column = 0
    for at, c in enumerate(line):
        if c == " ":
            column += 1
        elif c == "\t":
            column = (column // tabsize + 1) * tabsize
        elif c == "\f":
            column = 0
        else:
            return at, column
    return len(line), column


class _Open(object):
    """A string whose end is on a later line."""

    def __init__(self, start, text, line, end, joined):
        self.start, self.text, self.line, self.end = start, text, line, end
        # Each of its lines but the last one ends with a backslash.
        self.joined = joined


def generate_tokens(readline):
    """The tokens of the lines that readline() gives; an empty one, or StopIteration, is the end."""
    row, depth, joined = 0, 0, False
    indents = [0]
    inside = None
    while True:
        try:
            line = readline()
        except StopIteration:
            line = ""
        row += 1
        at = 0
        if inside:
            if not line:
                raise TokenError("EOF in multi-line string", inside.start)
            found = inside.end.match(line)
            inside.text += line[:found.end()] if found else line
            if found:
                at = found.end()
                yield STRING, inside.text, inside.start, (row, at), inside.line + line
                inside = None
            else:
                if inside.joined and not line.endswith(("\\\n", "\\\r\n")):
                    yield ERRORTOKEN, inside.text, inside.start, (row, len(line)), inside.line
                    inside = None
                else:
                    inside.line += line
                continue
        elif depth == 0 and not joined:
            if not line:
                break
            at, column = _indentation(line)
            if at == len(line):
                break
            if line[at] in "#\r\n":
                # Lines without code don't count for the indentation.
                if line[at] == "#":
                    text = line[at:].rstrip("\r\n")
                    yield COMMENT, text, (row, at), (row, at + len(text)), line
                    at += len(text)
                yield NL, line[at:], (row, at), (row, len(line)), line
                continue
            if column > indents[-1]:
                indents.append(column)
                yield INDENT, line[:at], (row, 0), (row, at), line
            while column < indents[-1]:
                if column not in indents:
                    raise IndentationError("unindent does not match any outer indentation level", ("<tokenize>", row, at, line))
                indents.pop()
                yield DEDENT, "", (row, at), (row, at), line
        else:
            if not line:
                raise TokenError("EOF in multi-line statement", (row, 0))
            joined = False
        while at < len(line):
            found = _LEXEME.match(line, at)
            if not found:
                yield ERRORTOKEN, line[at], (row, at), (row, at + 1), line
                at += 1
                continue
            kind = found.lastgroup
            text, (start, at) = found.group(kind), found.span(kind)
            if start == at:
                continue
            where = (row, start), (row, at), line
            if kind == "join":
                joined = True
            elif kind == "operator" and text[-1] == "\n":
                yield (NL if depth else NEWLINE, text) + where
            elif kind == "operator":
                depth += (text in "([{") - (text in ")]}")
                yield (OP, text) + where
            elif kind == "triple":
                end = _ENDS[text[-3:]]
                close = end.match(line, at)
                if not close:
                    inside = _Open((row, start), line[start:], line, end, False)
                    break
                at = close.end()
                yield STRING, line[start:at], (row, start), (row, at), line
            elif kind == "string" and text[-1] == "\n":
                inside = _Open((row, start), line[start:], line, _ENDS[text.lstrip("uUbBrR")[0]], True)
                break
            else:
                yield ({"number": NUMBER, "comment": COMMENT, "string": STRING, "name": NAME}[kind], text) + where
    for _ in indents[1:]:
        yield DEDENT, "", (row, 0), (row, 0), ""
    yield ENDMARKER, "", (row, 0), (row, 0), ""


class Untokenizer(object):
    """Puts tokens together to a text again."""

    def __init__(self):
        self.tokens = []
        self.prev_row, self.prev_col = 1, 0

    def add_whitespace(self, start):
        row, column = start
        if (row, column) < (self.prev_row, self.prev_col):
            raise ValueError("start ({},{}) precedes previous end ({},{})".format(row, column, self.prev_row, self.prev_col))
        if row > self.prev_row:
            self.tokens.append("\\\n" * (row - self.prev_row))
            self.prev_col = 0
        if column > self.prev_col:
            self.tokens.append(" " * (column - self.prev_col))

    def untokenize(self, iterable):
        tokens = iter(iterable)
        indents, fresh = [], False
        for found in tokens:
            if len(found) == 2:
                self.compat(found, tokens)
                break
            kind, text, start, end, line = found
            if kind == ENDMARKER:
                break
            if kind == INDENT:
                indents.append(text)
                continue
            if kind == DEDENT:
                indents.pop()
                self.prev_row, self.prev_col = end
                continue
            ends = kind in (NEWLINE, NL)
            if not ends and fresh:
                # Spaces and tabs as they were, also on lines that only go on.
                if indents and start[1] >= len(indents[-1]):
                    self.tokens.append(indents[-1])
                    self.prev_col = len(indents[-1])
            fresh = ends or fresh and not indents
            self.add_whitespace(start)
            self.tokens.append(text)
            self.prev_row, self.prev_col = (end[0] + 1, 0) if ends else end
        return "".join(self.tokens)

    def compat(self, token, iterable):
        """Tokens without positions: the text means the same, its layout is another."""
        indents, put = [], self.tokens.append
        fresh, after_string = token[0] in (NEWLINE, NL), False
        for found in itertools.chain([token], iterable):
            kind, text = found[:2]
            if kind in (NAME, NUMBER):
                text += " "
            if kind == STRING and after_string:
                # Strings side by side must not become one.
                text = " " + text
            after_string = kind == STRING
            if kind == INDENT:
                indents.append(text)
                continue
            if kind == DEDENT:
                indents.pop()
                continue
            if kind in (NEWLINE, NL):
                fresh = True
            elif fresh and indents:
                put(indents[-1])
                fresh = False
            put(text)


def untokenize(iterable):
    """A text with these tokens: the same one if they have positions."""
    return Untokenizer().untokenize(iterable)


if __name__ == "__main__":
    tokenize(open(sys.argv[1]).readline if len(sys.argv) > 1 else sys.stdin.readline)
