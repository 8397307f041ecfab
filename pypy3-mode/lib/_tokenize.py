# Source text as a stream of tokens, on which the module tokenize builds.

import bisect
import re
import token

_NUMBER = re.compile(
    r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+"
    r"|(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][-+]?[0-9](?:_?[0-9])*)?[jJ]?")
_NAME = re.compile(r"\w+")
_SPACE = re.compile(r"[ \t\f]*")
_STRING = re.compile(r"([a-zA-Z]{0,2})('''|\"\"\"|'|\")")
_OPERATORS = re.compile("|".join(re.escape(op) for op in sorted(token.EXACT_TOKEN_TYPES, key=len, reverse=True)))
_PLAIN = {"", "r", "u", "b", "br", "rb"}
_FORMATTED = {"f": "FSTRING", "fr": "FSTRING", "rf": "FSTRING", "t": "TSTRING", "tr": "TSTRING", "rt": "TSTRING"}
_PAIRS = {")": "(", "]": "[", "}": "{"}


class _Formatted:
    """An f-string that is being read: where its innermost replacement field stands."""

    def __init__(self, kind, quote, raw, start):
        self.kind, self.quote, self.raw, self.start = kind, quote, raw, start
        self.fields = []  # depth of brackets at each open field; with whether its format specification is being read

    def in_text(self):
        return not self.fields or self.fields[-1][1]


class TokenizerIter:
    """Iterates over (type, string, (row, column), (row, column), line)."""

    def __init__(self, readline, /, *, encoding=None, extra_tokens=False):
        self._it = self._run(readline, encoding, extra_tokens)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._it)

    def _run(self, readline, encoding, extra):
        lines = []
        while True:
            try:
                line = readline()
            except StopIteration:
                break
            if isinstance(line, (bytes, bytearray)):
                line = line.decode(encoding or "utf-8")
            elif not isinstance(line, str):
                raise TypeError("readline() returned a non-string object")
            if not line:
                break
            lines.append(line)
        self.text = "".join(lines)
        self.starts = [0] + [m.end() for m in re.finditer("\n", self.text)]
        if self.starts[-1] != len(self.text):
            self.starts.append(len(self.text))
        for kind, start, end in self._tokens(extra):
            yield self._info(kind, start, end, extra)

    def _place(self, at):
        row = max(bisect.bisect_right(self.starts, at) - 1, 0)
        if row == len(self.starts) - 1 and row > 0 and (at > self.starts[row] or not self.text.endswith("\n")):
            row -= 1
        return row, at - self.starts[row]

    def _line(self, first, last):
        end = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[first]:end]

    def _info(self, kind, start, end, extra):
        if kind == token.ENDMARKER or kind == token.DEDENT and start == len(self.text):
            rows = self.text.count("\n") + (not self.text.endswith("\n") and bool(self.text)) + 1
            return kind, "", (rows, 0), (rows, 0), ""
        row, column = self._place(start)
        if kind == token.NEWLINE and start == len(self.text):
            # The last line has no end of its own.
            return kind, "", (row + 1, column), (row + 1, column + 1), ""
        string = self.text[start:end]
        if kind in (token.NEWLINE, token.NL):
            return kind, string, (row + 1, column), (row + 1, column + len(string)), self._line(row, row)
        if kind == token.DEDENT:
            return kind, "", (row + 1, column), (row + 1, column), self._line(row, row)
        if kind == token.OP and not extra:
            kind = token.EXACT_TOKEN_TYPES[string]
        last, last_column = self._place(end)
        return kind, string, (row + 1, column), (last + 1, last_column), self._line(row, last)

    def _error(self, message, at, kind=SyntaxError):
        row, column = self._place(at)
        return kind(message, ("<string>", row + 1, column + 1, self._line(row, row)))

    def _tokens(self, extra):
        text, n, at = self.text, len(self.text), 0
        indents, brackets, formatted = [0], [], []
        fresh = True  # at the start of a logical line
        while at < n:
            if formatted and formatted[-1].in_text():
                at = yield from self._formatted_text(formatted, brackets, at)
                continue
            if fresh:
                end = _SPACE.match(text, at).end()
                rest = text[end:end + 2]
                if end == n:
                    at = n
                    break
                if rest[0] in "#\n" or rest == "\r\n":
                    at = end
                    if rest[0] == "#":
                        at = self._comment_end(end)
                        if extra:
                            yield token.COMMENT, end, at
                    at, stop = self._line_end(at), at
                    if extra:
                        yield token.NL, stop, at
                    continue
                width = self._width(at, end)
                if width > indents[-1]:
                    indents.append(width)
                    yield token.INDENT, at, end
                while width < indents[-1]:
                    indents.pop()
                    if width > indents[-1]:
                        raise self._error("unindent does not match any outer indentation level", end, IndentationError)
                    yield token.DEDENT, end, end
                fresh, at = False, end
            at = _SPACE.match(text, at).end()
            if at == n:
                break
            c = text[at]
            if c == "#":
                end = self._comment_end(at)
                if extra:
                    yield token.COMMENT, at, end
                at = end
                continue
            if c == "\n" or text.startswith("\r\n", at):
                end = self._line_end(at)
                if brackets or formatted:
                    if extra:
                        yield token.NL, at, end
                else:
                    yield token.NEWLINE, at, end
                    fresh = True
                at = end
                continue
            if c == "\\":
                end = self._line_end(at + 1)
                if end == at + 1:
                    raise self._error("unexpected character after line continuation character", at + 1)
                if end == n:
                    raise self._error("unexpected EOF in multi-line statement", end)
                at = end
                continue
            m = _STRING.match(text, at)
            if m:
                prefix = m.group(1).lower()
                if prefix in _PLAIN:
                    end = self._string_end(m.end(), m.group(2), at)
                    yield token.STRING, at, end
                    at = end
                    continue
                if prefix in _FORMATTED:
                    name = _FORMATTED[prefix]
                    yield getattr(token, name + "_START"), at, m.end()
                    formatted.append(_Formatted(name, m.group(2), "r" in prefix, at))
                    at = m.end()
                    continue
            if c.isdigit() or c == "." and text[at + 1:at + 2].isdigit():
                end = _NUMBER.match(text, at).end()
                self._check_number(at, end)
                yield token.NUMBER, at, end
                at = end
                continue
            m = _NAME.match(text, at)
            if m:
                if not m.group().isidentifier():
                    raise self._error("invalid character %r (U+%04X)" % (c, ord(c)), at)
                yield token.NAME, at, m.end()
                at = m.end()
                continue
            if formatted:
                field = formatted[-1].fields[-1]
                if len(brackets) == field[0] and c in "}:!" and not text.startswith("!=", at):
                    yield token.OP, at, at + 1
                    if c == "}":
                        formatted[-1].fields.pop()
                        brackets.pop()
                    elif c == ":":
                        field[1] = True
                    at += 1
                    continue
            m = _OPERATORS.match(text, at)
            if not m:
                if extra and c in "$?!`":
                    yield token.OP, at, at + 1
                    at += 1
                    continue
                if c.isprintable():
                    raise self._error("invalid character '%s' (U+%04X)" % (c, ord(c)), at)
                raise self._error("invalid non-printable character U+%04X" % ord(c), at)
            if c in "([{":
                brackets.append((c, at))
            elif c in ")]}":
                # Whoever wants all tokens gets those of code that is no program, too.
                if not brackets and not extra:
                    raise self._error("unmatched '%s'" % c, at)
                opening, where = brackets.pop() if brackets else (_PAIRS[c], at)
                if opening != _PAIRS[c] and not extra:
                    raise self._error("closing parenthesis '%s' does not match opening parenthesis '%s'" % (c, opening), at)
            yield token.OP, at, m.end()
            at = m.end()
        if formatted:
            raise self._error(self._unterminated(formatted[-1]), formatted[-1].start)
        if brackets:
            raise self._error("unexpected EOF in multi-line statement", n)
        if not fresh:
            yield token.NEWLINE, n, n
        for _ in indents[1:]:
            yield token.DEDENT, n, n
        yield token.ENDMARKER, n, n

    def _width(self, at, end):
        width = 0
        for c in self.text[at:end]:
            width = 0 if c == "\f" else (width // 8 + 1) * 8 if c == "\t" else width + 1
        return width

    def _comment_end(self, at):
        end = self.text.find("\n", at)
        if end < 0:
            return len(self.text)
        return end - 1 if self.text[end - 1] == "\r" else end

    def _line_end(self, at):
        """Position after the line's end at `at`; `at` where there is none."""
        if self.text.startswith("\r\n", at):
            return at + 2
        return at + 1 if self.text.startswith("\n", at) else at

    def _check_number(self, at, end):
        rest = _NAME.match(self.text, end)
        if rest and not re.match(r"(?:and|else|for|if|in|is|not|or)\b", rest.group()):
            kinds = {"x": "hexadecimal", "o": "octal", "b": "binary"}
            kind = kinds.get(self.text[at + 1:at + 2].lower(), "decimal") if self.text[at] == "0" else "decimal"
            raise self._error("invalid %s literal" % kind, end)

    def _string_end(self, at, quote, start):
        text, n = self.text, len(self.text)
        while at < n:
            c = text[at]
            if c == "\\":
                at += 2
            elif text.startswith(quote, at):
                return at + len(quote)
            elif c == "\n" and len(quote) == 1:
                break
            else:
                at += 1
        row = self._place(start)[0] + 1
        what = "triple-quoted string" if len(quote) == 3 else "string"
        if len(quote) == 3:
            row = self._place(n)[0] + 1
        raise self._error("unterminated %s literal (detected at line %d)" % (what, row), start)

    def _unterminated(self, f):
        what = {"FSTRING": "f-string", "TSTRING": "t-string"}[f.kind]
        if len(f.quote) == 3:
            return "unterminated triple-quoted %s literal (detected at line %d)" % (what, self._place(len(self.text))[0] + 1)
        return "unterminated %s literal (detected at line %d)" % (what, self._place(f.start)[0] + 1)

    def _formatted_text(self, formatted, brackets, at):
        """Literal text of an f-string up to a replacement field or its end."""
        text, n, f = self.text, len(self.text), formatted[-1]
        middle, start, spec = getattr(token, f.kind + "_MIDDLE"), at, bool(f.fields)
        while at < n:
            c = text[at]
            if c == "\\" and not (f.raw and text[at + 1:at + 2] in "{}"):
                if not f.raw and text.startswith("N{", at + 1):
                    end = text.find("}", at)
                    at = end + 1 if end > 0 else at + 2
                    yield middle, start, at
                    start = at
                else:
                    at += 1 if text[at + 1:at + 2] in ("{", "}") else 2
            elif text.startswith(f.quote, at) and not (spec and len(f.quote) == 3):
                if at > start:
                    yield middle, start, at
                yield getattr(token, f.kind + "_END"), at, at + len(f.quote)
                if spec:
                    raise self._error("f-string: expecting '}'", at)
                formatted.pop()
                return at + len(f.quote)
            elif c in "{}" and not spec and text.startswith(c * 2, at):
                yield middle, start, at + 1
                at = start = at + 2
            elif c == "{":
                if at > start:
                    yield middle, start, at
                yield token.OP, at, at + 1
                brackets.append(("{", at))
                f.fields.append([len(brackets), False])
                return at + 1
            elif c == "}":
                if not spec:
                    raise self._error("f-string: single '}' is not allowed", at)
                if at > start or text[at - 1] == "}":
                    yield middle, start, at
                yield token.OP, at, at + 1
                f.fields.pop()
                brackets.pop()
                return at + 1
            elif c == "\n" and len(f.quote) == 1:
                break
            else:
                at += 1
        raise self._error(self._unterminated(f), f.start)
