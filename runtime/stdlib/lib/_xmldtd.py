"""Document type declarations of XML: entities, attributes' defaults, content models."""

import re

import _xmltokens as tokens

EMPTY, ANY, MIXED, NAME, CHOICE, SEQUENCE = 1, 2, 3, 4, 5, 6
_QUANTIFIERS = {"?": 1, "*": 2, "+": 3}
_declaration = re.compile(u"<!(ENTITY|ATTLIST|ELEMENT|NOTATION)(?=[ \\t\\r\\n])((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>")
_token = re.compile(u"[ \\t\\r\\n]*(\"[^\"]*\"|'[^']*'|%s|[#(),|*+?%%])" % tokens.name_token.pattern)
_parameter = re.compile(u"%%(%s);" % tokens.name.pattern)
_pieces = re.compile(u"[ \\t\\r\\n]+|\"[^\"]*\"|'[^']*'|<![A-Z]+|#?%s|." % tokens.name_token.pattern, re.S)


class Declared(object):
    """What declarations said. Entities: (text, system id, public id, notation), the text None for external ones."""

    def __init__(self):
        self.entities, self.parameters, self.attributes = {}, {}, {}
        self.incomplete = self.standalone = False


class Wrong(Exception):
    """Number of an error, and where in the text."""

    def __init__(self, code, at):
        Exception.__init__(self, code, at)
        self.code, self.at = code, at


def unquoted(literal):
    return literal[1:-1]


def public_id(literal, at):
    text = unquoted(literal)
    if not tokens.public_literal.match(text):
        raise Wrong(32, at + 1 + next(i for i, c in enumerate(text) if not tokens.public_literal.match(c)))
    return u" ".join(text.split())


class Subset(object):
    """Reads declarations for a parser."""

    def __init__(self, parser, text, internal=True):
        self.parser, self.text, self.internal = parser, text, internal
        self.declared = parser._declared

    def pieces_to_default(self, text):
        if self.parser.DefaultHandler or self.parser.DefaultHandlerExpand:
            for piece in _pieces.findall(text):
                self.parser._to_default(piece)

    def read(self, at, end):
        s, parser = self.text, self.parser
        while at < end:
            m = tokens.space.match(s, at, end)
            if m:
                parser._to_default(m.group())
                at = m.end()
            elif s.startswith("<!--", at):
                parser._mark = at
                at = parser._comment(s, at)
            elif s.startswith("<?", at):
                parser._mark = at
                at = parser._instruction(s, at)
            elif s[at] == "%":
                m = _parameter.match(s, at, end)
                if m is None:
                    raise Wrong(4, at)
                parser._mark = at
                at = m.end()
                self.parameter(m.group(1), m.start())
            elif not self.internal and s.startswith("<![", at):
                at = self.conditional(at, end)
            else:
                m = _declaration.match(s, at, end)
                if m is None:
                    word = tokens.name_token.match(s, at, end)
                    if word and not tokens.space.match(s, word.end()):
                        raise Wrong(4, word.end())
                    raise Wrong(2 if word or tokens.name.match(s, at + 2) and s.startswith("<!", at) else 4, at)
                before = parser._handled
                parser._mark = at
                wrong = tokens.bad.search(m.group(2))
                if wrong:
                    raise Wrong(4, m.start(2) + wrong.start())
                getattr(self, "_" + m.group(1).lower())(Tokens(m.group(2), m.start(2), parser))
                if parser._handled == before:
                    self.pieces_to_default(m.group())
                at = m.end()

    def parameter(self, name, at):
        declared, parser = self.declared, self.parser
        if not declared.incomplete:
            declared.incomplete = True
            parser._standalone_or_not()
        if not parser._reads_parameters():
            parser._to_default(u"%%%s;" % name)
            return
        known = declared.parameters.get(name)
        if known is None:
            if declared.standalone:
                raise Wrong(11, at)
            parser._call("SkippedEntityHandler", name, 1)
            return
        text, system, public, _ = known
        if text is None:
            parser._external(None, system, public)
            return
        with parser._opened("%" + name, text, at):
            Subset(parser, text, self.internal).read(0, len(text))

    def conditional(self, at, end):
        m = re.compile(u"<!\\[[ \\t\\r\\n]*(INCLUDE|IGNORE)[ \\t\\r\\n]*\\[").match(self.text, at, end)
        if m is None:
            raise Wrong(2, at)
        begin, depth, i = m.end(), 1, m.end()
        while depth:
            close, more = self.text.find("]]>", i, end), self.text.find("<![", i, end)
            if close < 0:
                raise Wrong(2, at)
            if 0 <= more < close:
                depth, i = depth + 1, more + 3
            else:
                depth, i = depth - 1, close + 3
        if m.group(1) == "INCLUDE":
            self.read(begin, i - 3)
        return i

    def _entity(self, t):
        parameter = t.take("%")
        name = t.name()
        text = system = public = notation = None
        at = t.place()
        if t.is_literal():
            text = self.entity_text(unquoted(t.next()), at + 1)
        else:
            system, public = t.external(True)
            if not parameter and t.take("NDATA"):
                notation = t.name()
            else:
                self.parser._mark = t.place()
        t.end()
        known = self.declared.parameters if parameter else self.declared.entities
        if name in known or not parameter and name in ("lt", "gt", "amp", "quot", "apos"):
            return
        known[name] = text, system, public, notation
        parser = self.parser
        if notation is not None and parser._call("UnparsedEntityDeclHandler", name, parser._base, system, public, notation):
            return
        parser._call("EntityDeclHandler", name, int(parameter), text, parser._base, system, public, notation)

    def entity_text(self, text, at):
        """Characters by number are put in, other references stay."""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        out, i = [], 0
        for m in re.finditer(u"[&%]", text):
            if m.start() < i:
                continue
            if m.group() == "%":
                p = _parameter.match(text, m.start())
                if p is None:
                    raise Wrong(4, at + m.start())
                if self.internal:
                    raise Wrong(10, at + m.start())
                known = self.declared.parameters.get(p.group(1))
                out.append(text[i:m.start()])
                i = p.end()
                if known is None or known[0] is None:
                    self.declared.incomplete = True
                else:
                    with self.parser._opened("%" + p.group(1), known[0], at):
                        out.append(known[0])
                continue
            r = tokens.reference.match(text, m.start())
            if r is None:
                raise Wrong(4, at + m.start())
            if r.group(3) is None:
                out.append(text[i:m.start()])
                out.append(self.parser._character(r, at + m.start()))
                i = r.end()
        return u"".join(out) + text[i:]

    def _notation(self, t):
        name = t.name()
        system, public = t.external(False)
        t.end()
        if system is None:
            self.parser._mark = t.place()
        self.parser._call("NotationDeclHandler", name, self.parser._base, system, public)

    def _attlist(self, t):
        element = t.name()
        known = self.declared.attributes.setdefault(element, [])
        while not t.done():
            name = t.name()
            if t.is_next("(") or t.is_next("NOTATION"):
                kind = t.next() if t.is_next("NOTATION") else u""
                kind += t.group()
            else:
                at = t.place()
                kind = t.name()
                if kind not in ("CDATA", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES", "NMTOKEN", "NMTOKENS"):
                    raise Wrong(2, at)
            default, required = None, 0
            fixed = False
            if t.take("#"):
                at = t.place()
                word = t.name()
                if word not in ("REQUIRED", "IMPLIED", "FIXED"):
                    raise Wrong(2, at)
                required, fixed = int(word != "IMPLIED"), word == "FIXED"
            else:
                fixed = True
            if fixed:
                at = t.place()
                if not t.is_literal():
                    raise Wrong(2, at)
                default = self.parser._value(unquoted(t.next()), at + 1, kind == "CDATA", at)
            if all(name != a[0] for a in known):
                known.append((name, kind == "CDATA", default))
                self.parser._call("AttlistDeclHandler", element, name, kind, default, required)

    def _element(self, t):
        name = t.name()
        if t.take("EMPTY"):
            model = EMPTY, 0, None, ()
        elif t.take("ANY"):
            model = ANY, 0, None, ()
        else:
            model = t.model()
        t.end()
        self.parser._call("ElementDeclHandler", name, model)


class Tokens(object):
    """The words of a declaration."""

    def __init__(self, text, start, parser=None):
        self.text, self.start, self.at, self.parser = text, start, 0, parser
        self.last = 0
        self.peek()

    def peek(self):
        self.match = _token.match(self.text, self.at)
        if self.match is None and self.text[self.at:].strip(" \t\r\n"):
            raise Wrong(4, self.place())

    def place(self):
        return self.start + (self.match.start(1) if self.match else len(self.text))

    def done(self):
        return self.match is None

    def next(self):
        if self.match is None:
            raise Wrong(2, self.place())
        found, self.at = self.match.group(1), self.match.end()
        self.last = self.match.start(1)
        if found in ("?", "*", "+") or self.text[self.last - 1:self.last] == "#":
            # One token with what stands before it.
            self.last -= 1
        if self.parser is not None:
            # What handlers are told to have happened here.
            self.parser._mark = self.start + self.last
        self.peek()
        return found

    def is_next(self, word):
        return self.match is not None and self.match.group(1) == word

    def is_literal(self):
        return self.match is not None and self.match.group(1)[0] in "'\""

    def take(self, word):
        return self.is_next(word) and bool(self.next())

    def name(self):
        at = self.place()
        found = self.next()
        if not tokens.name_token.match(found):
            raise Wrong(2, at)
        return found

    def literal(self):
        if not self.is_literal():
            raise Wrong(2, self.place())
        return self.next()

    def end(self):
        if self.match is not None:
            raise Wrong(2, self.place())

    def external(self, both):
        """(system id, public id); without `both` a public one may stand alone."""
        at = self.place()
        if self.take("SYSTEM"):
            return unquoted(self.literal()), None
        if not self.take("PUBLIC"):
            raise Wrong(2, at)
        at = self.place()
        public = public_id(self.literal(), at)
        return (unquoted(self.literal()) if both or self.is_literal() else None), public

    def group(self):
        """Names between brackets, as a text without blanks."""
        out = []
        if not self.take("("):
            raise Wrong(2, self.place())
        while True:
            out.append(self.name())
            if self.take(")"):
                return u"(%s)" % u"|".join(out)
            if not self.take("|"):
                raise Wrong(2, self.place())

    def quantifier(self):
        for sign, number in _QUANTIFIERS.items():
            # It stands right behind what it counts.
            if self.is_next(sign) and self.match.start(1) == self.at:
                self.next()
                return number
        return 0

    def model(self):
        """A content model: (kind, quantifier, name, children)."""
        if not self.take("("):
            raise Wrong(2, self.place())
        # Open groups: their sign and what they have so far.
        open_groups = [["", []]]
        mixed = False
        while True:
            if self.take("("):
                open_groups.append(["", []])
                continue
            if self.is_next("#"):
                if len(open_groups) > 1 or open_groups[0][1]:
                    raise Wrong(2, self.place())
                self.next()
                if not self.take("PCDATA"):
                    raise Wrong(2, self.place())
                mixed = True
            else:
                name = self.name()
                quantifier = 0 if mixed else self.quantifier()
                open_groups[-1][1].append((NAME, quantifier, name, ()))
            while self.take(")"):
                sign, children = open_groups.pop()
                if mixed:
                    star = self.quantifier()
                    if children and star != 2:
                        raise Wrong(2, self.place())
                    return MIXED, star, None, tuple(children)
                made = CHOICE if sign == "|" else SEQUENCE, self.quantifier(), None, tuple(children)
                if not open_groups:
                    return made
                open_groups[-1][1].append(made)
            at = self.place()
            sign = self.next()
            if sign not in ("|", ",") or open_groups[-1][0] not in ("", sign) or mixed and sign == ",":
                raise Wrong(2, at)
            open_groups[-1][0] = sign
