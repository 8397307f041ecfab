"""A parser of XML that calls handlers: the interface of Expat."""

import codecs as _codecs
import re as _re
import sys as _sys
import types as _types

import _xmldecode
import _xmldtd
import _xmltokens as _tokens

__all__ = ["EXPAT_VERSION", "ErrorString", "ExpatError", "ParserCreate", "XMLParserType", "XML_PARAM_ENTITY_PARSING_ALWAYS", "XML_PARAM_ENTITY_PARSING_NEVER",
           "XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", "error", "errors", "features", "model", "native_encoding", "version_info"]

_two = _sys.version_info[0] == 2
_text = type(u"")
XML_PARAM_ENTITY_PARSING_NEVER, XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE, XML_PARAM_ENTITY_PARSING_ALWAYS = 0, 1, 2
version_info = (2, 2, 8) if _two else (2, 6, 3)
EXPAT_VERSION = "expat_%d.%d.%d" % version_info
native_encoding = "UTF-8"
# Text made by entities may be so many times as long as the document, from so many bytes on.
_MOST_AMPLIFICATION, _AMPLIFICATION_FROM = 100, 8 << 20
features = [("sizeof(XML_Char)", 1), ("sizeof(XML_LChar)", 1), ("XML_DTD", 0), ("XML_CONTEXT_BYTES", 1024), ("XML_NS", 0)]
if not _two:
    features += [("XML_BLAP_MAX_AMP", _MOST_AMPLIFICATION), ("XML_BLAP_ACT_THRES", _AMPLIFICATION_FROM), ("XML_GE", 0)]

# By number, from 1 on; 2.7 has those before INVALID_ARGUMENT.
_ERRORS = [line.split(" ", 1) for line in """NO_MEMORY out of memory
SYNTAX syntax error
NO_ELEMENTS no element found
INVALID_TOKEN not well-formed (invalid token)
UNCLOSED_TOKEN unclosed token
PARTIAL_CHAR partial character
TAG_MISMATCH mismatched tag
DUPLICATE_ATTRIBUTE duplicate attribute
JUNK_AFTER_DOC_ELEMENT junk after document element
PARAM_ENTITY_REF illegal parameter entity reference
UNDEFINED_ENTITY undefined entity
RECURSIVE_ENTITY_REF recursive entity reference
ASYNC_ENTITY asynchronous entity
BAD_CHAR_REF reference to invalid character number
BINARY_ENTITY_REF reference to binary entity
ATTRIBUTE_EXTERNAL_ENTITY_REF reference to external entity in attribute
MISPLACED_XML_PI XML or text declaration not at start of entity
UNKNOWN_ENCODING unknown encoding
INCORRECT_ENCODING encoding specified in XML declaration is incorrect
UNCLOSED_CDATA_SECTION unclosed CDATA section
EXTERNAL_ENTITY_HANDLING error in processing external entity reference
NOT_STANDALONE document is not standalone
UNEXPECTED_STATE unexpected parser state - please send a bug report
ENTITY_DECLARED_IN_PE entity declared in parameter entity
FEATURE_REQUIRES_XML_DTD requested feature requires XML_DTD support in Expat
CANT_CHANGE_FEATURE_ONCE_PARSING cannot change setting once parsing has begun
UNBOUND_PREFIX unbound prefix
UNDECLARING_PREFIX must not undeclare prefix
INCOMPLETE_PE incomplete markup in parameter entity
XML_DECL XML declaration not well-formed
TEXT_DECL text declaration not well-formed
PUBLICID illegal character(s) in public id
SUSPENDED parser suspended
NOT_SUSPENDED parser not suspended
ABORTED parsing aborted
FINISHED parsing finished
SUSPEND_PE cannot suspend in external parameter entity
RESERVED_PREFIX_XML reserved prefix (xml) must not be undeclared or bound to another namespace name
RESERVED_PREFIX_XMLNS reserved prefix (xmlns) must not be declared or undeclared
RESERVED_NAMESPACE_URI prefix must not be bound to one of the reserved namespace names
INVALID_ARGUMENT invalid argument
NO_BUFFER a successful prior call to function XML_GetBuffer is required
AMPLIFICATION_LIMIT_BREACH limit on input amplification factor (from DTD and entities) breached""".splitlines()]


class ExpatError(Exception):
    __module__ = "xml.parsers.expat"


error = ExpatError


def ErrorString(code, *more):
    """The text of an error's number, None for other numbers."""
    return _ERRORS[code - 1][1] if 0 < code <= len(_ERRORS) else None


def _submodule(name, doc, **items):
    module = _types.ModuleType("pyexpat." + name, doc)
    module.__dict__.update(items)
    _sys.modules["pyexpat." + name] = module
    return module


errors = _submodule("errors", "Constants used to describe error conditions.", **dict(("XML_ERROR_" + name, text) for name, text in (_ERRORS[:40] if _two else _ERRORS)))
if not _two:
    errors.codes = {text: i + 1 for i, (_, text) in enumerate(_ERRORS)}
    errors.messages = {i + 1: text for i, (_, text) in enumerate(_ERRORS)}
model = _submodule("model", "Constants used to interpret content model information.", XML_CTYPE_EMPTY=1, XML_CTYPE_ANY=2, XML_CTYPE_MIXED=3, XML_CTYPE_NAME=4,
                   XML_CTYPE_CHOICE=5, XML_CTYPE_SEQ=6, XML_CQUANT_NONE=0, XML_CQUANT_OPT=1, XML_CQUANT_REP=2, XML_CQUANT_PLUS=3)

_XML_URI, _XMLNS_URI = u"http://www.w3.org/XML/1998/namespace", u"http://www.w3.org/2000/xmlns/"
_PREDEFINED = {u"lt": u"<", u"gt": u">", u"amp": u"&", u"quot": u'"', u"apos": u"'"}
_HANDLERS = """StartElementHandler EndElementHandler ProcessingInstructionHandler UnparsedEntityDeclHandler NotationDeclHandler StartNamespaceDeclHandler
EndNamespaceDeclHandler CommentHandler StartCdataSectionHandler EndCdataSectionHandler DefaultHandler DefaultHandlerExpand NotStandaloneHandler
ExternalEntityRefHandler StartDoctypeDeclHandler EndDoctypeDeclHandler EntityDeclHandler XmlDeclHandler ElementDeclHandler AttlistDeclHandler
SkippedEntityHandler""".split()
_PROLOG, _CONTENT, _EPILOG = range(3)
_spaces = _re.compile(u"[ \\t\\r\\n]")
_value_pieces = _re.compile(u"[&<]|\\r\\n|[ \\t\\r\\n]")
_lines = _re.compile(u"\\r\\n|\\r|\\n")
_pieces_of_lines = _re.compile(u"\\r\\n|\\r|\\n|[^\\r\\n]+")
_Wrong = _xmldtd.Wrong


class _Opened(object):
    """An entity being read: no entity may contain itself."""

    def __init__(self, parser, name, text, at):
        self.parser, self.name, self.text, self.at = parser, name, text, at

    def __enter__(self):
        parser = self.parser
        if self.name in parser._open:
            raise _Wrong(12, self.at)
        parser._grown[0] += len(self.text)
        if parser._grown[0] > _AMPLIFICATION_FROM and parser._grown[0] > _MOST_AMPLIFICATION * parser._grown[1]:
            raise _Wrong(43, self.at)
        parser._open.append(self.name)

    def __exit__(self, *exc):
        self.parser._open.pop()


class xmlparser(object):
    """XML parser"""

    __slots__ = _HANDLERS + """_character_handler _buffer_text _buffer_size _waiting _waiting_size intern namespace_prefixes ordered_attributes
    specified_attributes _separator _namespaces _base _text _at _mark _fixed _start _known_place _unknown _phase _stack _open _grown _declared _typed _parameters
    _foreign _decoder _raw _override _broken _handled _finished _error_code _failed _single _depth _nested __weakref__""".split()
    if _two:
        __slots__.append("returns_unicode")

    def __new__(cls, *args, **named):
        raise TypeError("cannot create '%s' instances" % ("pyexpat.xmlparser"))

    # ---- settings

    @property
    def CharacterDataHandler(self):
        return self._character_handler

    @CharacterDataHandler.setter
    def CharacterDataHandler(self, handler):
        self._flush()
        self._character_handler = handler

    @property
    def buffer_text(self):
        return self._buffer_text

    @buffer_text.setter
    def buffer_text(self, on):
        if not on:
            self._flush()
        self._buffer_text = bool(on)

    @property
    def buffer_size(self):
        return self._buffer_size

    @buffer_size.setter
    def buffer_size(self, size):
        if not isinstance(size, int) or isinstance(size, bool):
            raise TypeError("buffer_size must be an integer")
        if size <= 0:
            raise ValueError("buffer_size must be greater than zero")
        if size > 0x7FFFFFFF:
            raise ValueError("buffer_size must not be greater than 2147483647")
        self._flush()
        self._buffer_size = size

    @property
    def buffer_used(self):
        return self._waiting_size

    def SetBase(self, base, *more):
        self._base = base if base is None else _text(base)

    def GetBase(self):
        return self._base

    def GetInputContext(self):
        return self._text[self._mark:].encode("utf-8") if self._depth else None

    def SetParamEntityParsing(self, flag, *more):
        if self._start != (1, 0, 0) or self._at:
            return 0
        self._parameters = flag
        return 1

    def UseForeignDTD(self, flag=True, *more):
        if self._start != (1, 0, 0) or self._at:
            raise self._error(26)
        self._foreign = bool(flag)

    def GetReparseDeferralEnabled(self):
        return False

    def SetReparseDeferralEnabled(self, enabled, *more):
        pass

    # ---- places

    def _place(self, at):
        """(line, column, byte) of a place in the text."""
        if self._fixed is not None:
            return self._fixed
        known, (line, column, byte) = self._known_place
        if known > at:
            known, (line, column, byte) = 0, self._start
        piece = self._text[known:at]
        if piece:
            ends = list(_lines.finditer(piece))
            line += len(ends)
            column = len(piece) - ends[-1].end() if ends else column + len(piece)
            byte += len(piece) if self._single else len(piece.encode(self._decoder.order if isinstance(self._decoder, _xmldecode.Utf16) else "utf-8", "replace"))
            self._known_place = at, (line, column, byte)
        return line, column, byte

    CurrentLineNumber = ErrorLineNumber = property(lambda self: self._place(self._mark)[0])
    CurrentColumnNumber = ErrorColumnNumber = property(lambda self: self._place(self._mark)[1])
    CurrentByteIndex = ErrorByteIndex = property(lambda self: self._place(self._mark)[2] if self._depth or self._failed or self._at else -1)
    ErrorCode = property(lambda self: self._error_code)

    def _error(self, code):
        self._error_code = code
        line, column, _ = self._place(self._mark)
        e = ExpatError("%s: line %d, column %d" % (ErrorString(code), line, column))
        e.code, e.offset, e.lineno = code, column, line
        return e

    # ---- calls of handlers

    def _flush(self):
        if self._waiting:
            text, self._waiting, self._waiting_size = u"".join(self._waiting), [], 0
            if self._character_handler is not None:
                self._character_handler(text)

    def _call(self, name, *args):
        """Whether there is such a handler; it has been called."""
        handler = getattr(self, name)
        if handler is None:
            return False
        if self._waiting:
            self._flush()
        self._handled += 1
        handler(*args)
        return True

    def _to_default(self, text):
        handler = self.DefaultHandlerExpand if self.DefaultHandlerExpand is not None else self.DefaultHandler
        if handler is not None and text:
            if self._waiting:
                self._flush()
            handler(text)

    def _characters(self, text):
        """Character data, ends of lines as they should be."""
        if self._character_handler is None:
            self._to_default(text)
        elif self._buffer_text:
            if self._waiting_size + len(text) > self._buffer_size:
                self._flush()
                if len(text) > self._buffer_size:
                    self._character_handler(text)
                    return
            self._waiting.append(text)
            self._waiting_size += len(text)
        else:
            while "\n" in text:
                line, _, text = text.partition(u"\n")
                if line:
                    self._character_handler(line)
                self._character_handler(u"\n")
            if text:
                self._character_handler(text)

    def _raw_characters(self, text):
        wrong = _tokens.bad.search(text)
        good = text[:wrong.start()] if wrong else text
        if self._character_handler is None:
            for piece in _pieces_of_lines.findall(good):
                self._to_default(piece)
        elif good and self._buffer_text:
            self._characters(_lines.sub(u"\n", good) if "\r" in good else good)
        elif good:
            begin = self._mark
            at = 0
            for end in _lines.finditer(good):
                if end.start() > at:
                    self._mark = begin + at
                    self._character_handler(good[at:end.start()])
                self._mark = begin + end.start()
                self._character_handler(u"\n")
                at = end.end()
            if at < len(good):
                self._mark = begin + at
                self._character_handler(good[at:])
            self._mark = begin
        if wrong:
            raise _Wrong(4, self._mark + wrong.start())

    # ---- input

    def Parse(self, data, isfinal=False, *more):
        if self._finished:
            raise self._error(36)
        if self._failed:
            raise self._error(self._error_code)
        if self._depth:
            raise self._error(23)
        if isinstance(data, _text):
            if _two:
                data = data.encode("ascii")
            else:
                data = data.encode("utf-8")
                self._override = "utf-8"
        elif not isinstance(data, bytes):
            data = bytes(bytearray(memoryview(data).tobytes() if not _two else buffer(data)))
        self._grown[1] += len(data)
        self._depth += 1
        try:
            self._decode(data, isfinal)
            self._run(isfinal)
            self._flush()
        except _Wrong as e:
            self._mark, self._failed = max(0, min(e.at, len(self._text))), True
            problem = self._error(e.code)
        except BaseException:
            # What a handler raised ends the parsing.
            self._failed, self._error_code = True, 35
            raise
        else:
            problem = None
        finally:
            self._depth -= 1
        if problem is not None:
            raise problem
        if isfinal:
            self._finished = True
        return 1

    def ParseFile(self, file, *more):
        read = getattr(file, "read", None)
        if read is None:
            raise TypeError("argument must have 'read' attribute")
        while True:
            data = read(2048)
            if not isinstance(data, bytes):
                raise TypeError("read() did not return a %s object (type=%.400s)" % ("string" if _two else "bytes", type(data).__name__))
            if not data:
                return self.Parse(data, True)
            self.Parse(data, False)

    def _decode(self, data, final):
        if self._decoder is None:
            self._raw += data
            raw = self._raw
            if not final and not self._knows_encoding(raw):
                return
            data, self._raw = raw, b""
            self._decoder = self._choose(raw)
            if self._decoder is _xmldecode.utf8 and data.startswith(_codecs.BOM_UTF8):
                data = data[3:]
                self._start = 1, 1, 3
                self._known_place = 0, self._start
        if self._broken:
            return
        if isinstance(self._decoder, _xmldecode.Utf16) and not self._text and self._start == (1, 0, 0) and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self._start = 1, 1, 2
            self._known_place = 0, self._start
        text, rest, self._broken = self._decoder(self._raw + data)
        self._raw = rest
        self._text += text

    def _knows_encoding(self, raw):
        if len(raw) < 5 and raw[:1] in (b"", b"<", b"\0", b"\xef", b"\xfe", b"\xff"):
            return False
        return not raw.startswith(b"<?xml") or b"?>" in raw or len(raw) > 1024

    def _choose(self, raw):
        name = self._override
        if name is None:
            if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw[:2] in (b"<\0", b"\0<"):
                name = "utf-16"
            else:
                m = _re.match(b"<\\?xml[^>]*?[ \\t\\r\\n]encoding[ \\t\\r\\n]*=[ \\t\\r\\n]*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']", raw)
                name = m.group(1).decode("ascii") if m else "utf-8"
                if name.lower() in ("utf-16", "utf-16le", "utf-16be"):
                    # Its declaration could not have been read.
                    return self._unknown_behind_declaration(_Wrong(19, m.start(1)))
        plain = name.lower()
        if plain in ("utf-8", "utf8"):
            return _xmldecode.utf8
        self._single = plain not in ("utf-16", "utf-16le", "utf-16be")
        if not self._single:
            return _xmldecode.Utf16(plain)
        if plain == "us-ascii":
            return _xmldecode.Table(u"".join(chr(i) if not _two else unichr(i) for i in range(128)))
        try:
            table = bytes(bytearray(range(256))).decode(name, "replace")
        except LookupError as e:
            return self._unknown_behind_declaration(e)
        if len(table) != 256:
            return self._unknown_behind_declaration(ValueError("multi-byte encodings are not supported"))
        return _xmldecode.Table(table)

    def _unknown_behind_declaration(self, problem):
        """The decoder of what comes before the error: the declaration that names the encoding."""
        if self._override is not None:
            raise problem
        self._unknown = problem
        return _xmldecode.utf8

    def _run(self, final):
        if self._decoder is None:
            return
        while self._at < len(self._text):
            self._mark = self._at
            if not self._step(self._text, final):
                break
            if self._nested:
                continue
        self._mark = self._at
        rest = self._text[self._at:]
        if rest and self._broken:
            raise _Wrong(4, len(self._text))
        if self._broken:
            raise _Wrong(4, self._at)
        if final:
            if rest:
                raise _Wrong(20 if rest.startswith("<![CDATA[") else 5, self._at)
            if self._raw:
                raise _Wrong(6, self._at)
            if self._phase != _EPILOG and self._fixed is None:
                raise _Wrong(3, self._at)
        elif self._at > 4096 or self._at == len(self._text):
            # What was read is needed no more.
            self._start = self._place(self._at)
            self._text, self._at, self._mark = rest, 0, 0
            self._known_place = 0, self._start

    def _step(self, s, final):
        """Takes one token; False if it is not all there."""
        at = self._at
        c = s[at]
        if c == "<":
            after = s[at + 1:at + 2]
            if after == "/":
                return self._end_tag(s, at)
            if after == "!":
                return self._bang(s, at, final)
            if after == "?":
                return self._question(s, at)
            if not after:
                return False
            return self._start_tag(s, at)
        if self._phase == _CONTENT:
            return self._reference(s, at) if c == "&" else self._run_of_text(s, at, final)
        m = _tokens.space.match(s, at)
        if m is None:
            if _tokens.bad.match(c) or c == "&":
                raise _Wrong(4, at)
            if c == u"\ufeff" and at == 0 and self._start == (1, 0, 0):
                self._at += 1
                return True
            raise _Wrong(9 if self._phase == _EPILOG else 2 if _tokens.name.match(c) else 4, at)
        self._to_default(m.group())
        self._at = m.end()
        return True

    def _run_of_text(self, s, at, final):
        end = _tokens.text.match(s, at).end()
        text = s[at:end]
        stop = text.find("]]>")
        if stop >= 0:
            if stop:
                self._raw_characters(text[:stop])
            raise _Wrong(4, at + stop + 2)
        if end == len(s) and not final:
            # The next piece may make one of these.
            for ending in ("]]", "]", "\r"):
                if text.endswith(ending):
                    end -= len(ending)
                    break
            if end == at:
                return False
        self._at = end
        self._raw_characters(s[at:end])
        return True

    def _incomplete(self, at):
        """What a token that does not match means: False for one that goes on."""
        if at == _tokens.INCOMPLETE:
            return False
        raise _Wrong(4, at)

    # ---- elements

    def _start_tag(self, s, at):
        m = _tokens.start_tag.match(s, at)
        if m is None:
            return self._incomplete(_tokens.wrong_start_tag(s, at))
        if self._phase == _EPILOG:
            raise _Wrong(9, at)
        name, given, empty = m.groups()
        attributes, seen, bound = [], set(), []
        for a in _tokens.attribute.finditer(given):
            key, double, single = a.groups()
            if key in seen:
                raise _Wrong(8, m.start(2) + a.start())
            seen.add(key)
            value = single if double is None else double
            attributes.append((key, self._value(value, m.start(2) + a.end() - len(value) - 1, True, at)))
        declared = self._declared.attributes.get(name)
        specified = len(attributes)
        if declared:
            kinds = dict((key, plain) for key, plain, _ in declared)
            attributes = [(key, value if kinds.get(key, True) else u" ".join(value.split())) for key, value in attributes]
            attributes += [(key, default) for key, _, default in declared if default is not None and key not in seen]
        self._phase = _CONTENT
        self._at = m.end()
        shown = name
        if self._namespaces is not None:
            attributes, specified = self._bind(attributes, specified, bound, at)
            shown = self._expanded(name, True, at)
            keys = set()
            for i, (key, value) in enumerate(attributes):
                if ":" in key:
                    prefix, _, local = key.partition(u":")
                    attributes[i] = self._expanded(key, False, at), value
                    both = self._namespaces[prefix], local
                    if both in keys:
                        raise _Wrong(8, at)
                    keys.add(both)
        if self.specified_attributes:
            attributes = attributes[:specified]
        self._stack.append((name, shown, bound))
        handled = self.StartElementHandler is not None
        if handled:
            self._call("StartElementHandler", shown, [x for pair in attributes for x in pair] if self.ordered_attributes else dict(attributes))
        else:
            self._to_default(m.group())
        if empty:
            self._mark = m.end()
            self._end_element(u"")
        return True

    def _bind(self, attributes, specified, bound, at):
        """Takes declarations of namespaces out of attributes; `bound` learns what they hide."""
        rest, left = [], 0
        for i, (key, uri) in enumerate(attributes):
            if key == "xmlns":
                prefix = None
            elif key.startswith("xmlns:"):
                prefix = key[6:]
            else:
                rest.append((key, uri))
                left += i < specified
                continue
            if prefix is not None and not uri:
                raise _Wrong(28, at)
            if prefix == "xml" and uri != _XML_URI:
                raise _Wrong(38, at)
            if prefix == "xmlns":
                raise _Wrong(39, at)
            if prefix != "xml" and uri in (_XML_URI, _XMLNS_URI):
                raise _Wrong(40, at)
            bound.append((prefix, self._namespaces.get(prefix)))
            self._namespaces[prefix] = uri
            self._call("StartNamespaceDeclHandler", prefix, uri or None)
        return rest, left

    def _expanded(self, name, element, at):
        prefix, colon, local = name.partition(u":")
        if not colon:
            prefix, local = None, name
            uri = self._namespaces.get(None) if element else None
            if not uri:
                return name
        elif not prefix or not local or ":" in local:
            raise _Wrong(4, at)
        else:
            uri = self._namespaces.get(prefix)
            if uri is None:
                raise _Wrong(27, at)
        parts = [uri, local]
        if self.namespace_prefixes and prefix:
            parts.append(prefix)
        return self._separator.join(parts)

    def _end_tag(self, s, at):
        m = _tokens.end_tag.match(s, at)
        if m is None:
            return self._incomplete(_tokens.wrong_end_tag(s, at))
        if self._phase != _CONTENT:
            raise _Wrong(4 if self._phase == _PROLOG else 9, at + (self._phase == _PROLOG))
        if len(self._stack) == self._nested:
            raise _Wrong(13, at)
        if m.group(1) != self._stack[-1][0]:
            raise _Wrong(7, at + 2)
        self._at = m.end()
        self._end_element(m.group())
        return True

    def _end_element(self, raw):
        name, shown, bound = self._stack.pop()
        if not self._stack:
            self._phase = _EPILOG
        if not self._call("EndElementHandler", shown):
            self._to_default(raw)
        for prefix, hidden in reversed(bound):
            self._namespaces[prefix] = hidden
            self._call("EndNamespaceDeclHandler", prefix)

    # ---- other tokens

    def _bang(self, s, at, final):
        if s.startswith("<!--", at):
            end = self._comment(s, at)
            if end < 0:
                return False
            self._at = end
            return True
        for begin in ("<!--",) + {_PROLOG: ("<!DOCTYPE",), _CONTENT: ("<![CDATA[",), _EPILOG: ()}[self._phase]:
            if begin.startswith(s[at:at + len(begin)]):
                if len(s) - at < len(begin):
                    return False
                return (self._cdata if begin == "<![CDATA[" else self._doctype)(s, at, final)
        if self._phase != _CONTENT and _re.match(u"<![A-Z]", s[at:at + 3]):
            raise _Wrong(2 if self._phase == _PROLOG else 9, at)
        raise _Wrong(4, at + (3 if s.startswith("<!-", at) else 2))

    def _comment(self, s, at):
        m = _tokens.comment.match(s, at)
        if m is None:
            self._incomplete(_tokens.wrong_comment(s, at))
            if self._depth and s is not self._text:
                raise _Wrong(5, at)
            return -1
        wrong = _tokens.bad.search(m.group(1))
        if wrong:
            raise _Wrong(4, m.start(1) + wrong.start())
        if not self._call("CommentHandler", _lines.sub(u"\n", m.group(1))):
            self._to_default(m.group())
        return m.end()

    def _cdata(self, s, at, final):
        end = s.find("]]>", at + 9)
        if end < 0 and not final:
            return False
        if not self._call("StartCdataSectionHandler"):
            self._to_default(s[at:at + 9])
        self._mark = at + 9
        if end < 0:
            self._raw_characters(s[at + 9:])
            raise _Wrong(20, len(s))
        if end > at + 9:
            self._raw_characters(s[at + 9:end])
        self._mark = end
        self._at = end + 3
        if not self._call("EndCdataSectionHandler"):
            self._to_default(u"]]>")
        return True

    def _question(self, s, at):
        if at == 0 and self._phase == _PROLOG and self._start[2] in (0, 3) and self._start[0] == 1 and _re.match(u"<\\?xml[ \\t\\r\\n?]", s):
            end = s.find("?>")
            if end < 0:
                return False
            self._declare(s, end + 2)
            self._at = end + 2
            if self._unknown is not None:
                raise self._unknown
            return True
        end = self._instruction(s, at)
        if end < 0:
            return False
        self._at = end
        return True

    def _declare(self, s, end):
        m = _tokens.declaration.match(s)
        if m is None or m.group(1) is None and (not self._fixed or m.group(2) is None):
            raise _Wrong(30, 5)
        version, encoding, standalone = [x[1:-1] if x else None for x in m.groups()]
        if version is not None and not _tokens.version_literal.match(version) or encoding is not None and not _tokens.encoding_literal.match(encoding):
            raise _Wrong(30, 0)
        self._declared.standalone = standalone == "yes"
        if not self._call("XmlDeclHandler", version, encoding, -1 if standalone is None else int(standalone == "yes")):
            self._to_default(s[:end])

    def _instruction(self, s, at):
        m = _tokens.instruction.match(s, at)
        if m is None:
            self._incomplete(_tokens.wrong_instruction(s, at))
            if s is not self._text:
                raise _Wrong(5, at)
            return -1
        target, data = m.group(1), m.group(2) or u""
        if target.lower() == "xml":
            raise _Wrong(17 if target == "xml" else 4, at)
        wrong = _tokens.bad.search(data)
        if wrong:
            raise _Wrong(4, m.start(2) + wrong.start())
        if not self._call("ProcessingInstructionHandler", target, _lines.sub(u"\n", data)):
            self._to_default(m.group())
        return m.end()

    def _doctype(self, s, at, final):
        end = _tokens.end_of_doctype(s, at)
        if end == _tokens.INCOMPLETE:
            if final and len(s) > at + 9:
                raise _Wrong(3, len(s))
            return False
        if self._typed:
            raise _Wrong(2, at)
        self._typed = True
        m = _re.compile(u"<!DOCTYPE[ \\t\\r\\n]+(%s)(.*)>\\Z" % _tokens.name.pattern, _re.S).match(s[at:end])
        if m is None:
            raise _Wrong(2, at)
        name, rest = m.groups()
        bracket = self._subset_begin(rest)
        words = _xmldtd.Tokens(rest if bracket is None else rest[:bracket], at + m.start(2))
        system = public = None
        if not words.done():
            system, public = words.external(True)
        words.end()
        declared = self._declared
        subset = _xmldtd.Subset(self, s)
        inside = end - 1 if bracket is None else at + m.start(2) + bracket
        if system is not None:
            declared.incomplete = True
            self._mark = at + m.start(2) + words.last
            self._standalone_or_not()
        self._mark = inside
        if not self._call("StartDoctypeDeclHandler", name, system, public, int(bracket is not None)):
            subset.pieces_to_default(s[at:at + m.start(2) + (len(rest) if bracket is None else bracket + 1)])
        if bracket is not None:
            close = s.rindex("]", at, end)
            subset.read(at + m.start(2) + bracket + 1, close)
            self._to_default(s[close:close + 1])
        self._mark = end - 1
        if system is not None and self._reads_parameters():
            self._external(None, system, public)
        if not self._call("EndDoctypeDeclHandler"):
            self._to_default(u">")
        self._at = end
        return True

    def _standalone_or_not(self):
        handler = self.NotStandaloneHandler
        if handler is not None and not self._declared.standalone:
            self._flush()
            if not handler():
                raise _Wrong(22, self._mark)

    def _subset_begin(self, rest):
        """Where the internal subset's bracket stands."""
        for m in _re.finditer(u"\"[^\"]*\"|'[^']*'|\\[", rest):
            if m.group() == "[":
                return m.start()
        return None

    def _reads_parameters(self):
        return self._parameters == XML_PARAM_ENTITY_PARSING_ALWAYS or self._parameters == XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE and not self._declared.standalone

    # ---- references

    def _opened(self, name, text, at):
        return _Opened(self, name, text, at)

    def _character(self, m, at):
        """What a reference by number stands for."""
        # No number of so many digits is a character.
        digits = (m.group(1) or m.group(2)).lstrip("0")
        code = int(digits or "0", 16 if m.group(1) else 10) if len(digits) < 8 else -1
        if not _tokens.is_character(code):
            raise _Wrong(14, at)
        return unichr(code) if _two else chr(code)

    def _reference(self, s, at):
        m = _tokens.reference.match(s, at)
        if m is None:
            return self._incomplete(_tokens.wrong_reference(s, at))
        self._at = m.end()
        name = m.group(3)
        if name is None or name in _PREDEFINED:
            text = self._character(m, at) if name is None else _PREDEFINED[name]
            if self._character_handler is not None:
                self._characters(text)
            else:
                self._to_default(m.group())
            return True
        declared = self._declared
        known = declared.entities.get(name)
        if known is None:
            if not (declared.incomplete or self._foreign) or declared.standalone:
                raise _Wrong(11, at)
            if not self._call("SkippedEntityHandler", name, 0):
                self._to_default(m.group())
            return True
        text, system, public, notation = known
        if notation is not None:
            raise _Wrong(15, at)
        if text is None:
            if self.ExternalEntityRefHandler is None:
                self._to_default(m.group())
            else:
                self._external(name, system, public)
            return True
        if self.DefaultHandler is not None and self.DefaultHandlerExpand is None:
            if not self._call("SkippedEntityHandler", name, 0):
                self._to_default(m.group())
            return True
        with self._opened(name, text, at):
            self._inside(text, at)
        return True

    def _inside(self, text, at):
        """Reads an entity's text as content."""
        kept = self._text, self._at, self._mark, self._known_place, self._fixed, self._nested, self._phase
        self._fixed, self._nested = self._place(at), len(self._stack)
        self._text, self._at = text, 0
        try:
            while self._at < len(text):
                self._mark = self._at
                if not self._step(text, True):
                    raise _Wrong(5, at)
            if len(self._stack) != self._nested:
                raise _Wrong(13, at)
        except _Wrong as e:
            # The place is the reference's.
            raise _Wrong(e.code, at)
        finally:
            self._text, self._at, self._mark, self._known_place, self._fixed, self._nested, self._phase = kept

    def _value(self, value, at, plain, tag=None):
        """The value of an attribute: references resolved, blanks as spaces. Entities that are unknown are an error of the tag."""
        wrong = _tokens.bad.search(value)
        if wrong:
            raise _Wrong(4, at + wrong.start())
        if _value_pieces.search(value):
            out = []
            self._value_into(out, value, at, at if tag is None else tag)
            value = u"".join(out)
        return value if plain else u" ".join(value.split())

    def _value_into(self, out, value, at, tag):
        i = 0
        for m in _value_pieces.finditer(value):
            if m.start() < i:
                continue
            out.append(value[i:m.start()])
            i = m.end()
            if m.group() == "<":
                raise _Wrong(4, at + m.start())
            if m.group() != "&":
                out.append(u" ")
                continue
            place = at + m.start()
            r = _tokens.reference.match(value, m.start())
            if r is None:
                wrong = _tokens.wrong_reference(value, m.start())
                raise _Wrong(4, at + (wrong if wrong >= 0 else len(value)))
            i = r.end()
            name = r.group(3)
            if name is None:
                out.append(self._character(r, place))
                continue
            if name in _PREDEFINED:
                out.append(_PREDEFINED[name])
                continue
            known = self._declared.entities.get(name)
            if known is None:
                if not (self._declared.incomplete or self._foreign) or self._declared.standalone:
                    raise _Wrong(11, tag)
                continue
            if known[3] is not None:
                raise _Wrong(15, place)
            if known[0] is None:
                raise _Wrong(16, place)
            with self._opened(name, known[0], place):
                self._value_into(out, known[0], place, tag)
        out.append(value[i:])

    def _external(self, context, system, public):
        if self.ExternalEntityRefHandler is None:
            return
        self._flush()
        if not self.ExternalEntityRefHandler(context, self._base, system, public):
            raise _Wrong(21, self._mark)

    def ExternalEntityParserCreate(self, context, encoding=None, *more):
        """A parser of an entity's text, with the handlers and declarations of this one."""
        child = _create(_ExternalSubset if context is None else _ExternalContent, encoding, self._separator)
        for name in _HANDLERS + ["_character_handler", "_buffer_text", "_buffer_size", "intern", "namespace_prefixes", "ordered_attributes", "specified_attributes",
                                 "_base", "_declared", "_parameters", "_foreign", "_grown"]:
            setattr(child, name, getattr(self, name))
        child._open = list(self._open)
        if self._namespaces is not None:
            child._namespaces = dict(self._namespaces)
        return child


class _ExternalContent(xmlparser):
    """Reads an external entity: elements and text without a root."""

    __slots__ = ()

    def _run(self, final):
        if self._phase == _PROLOG and self._decoder is not None:
            if not final and u"<?xml".startswith(self._text[:5]) and "?>" not in self._text:
                return
            if _re.match(u"<\\?xml[ \\t\\r\\n]", self._text):
                end = self._text.find("?>") + 2
                m = _tokens.declaration.match(self._text)
                if m is None or m.group(2) is None or m.group(3) is not None:
                    raise _Wrong(31, 0)
                if not self._call("XmlDeclHandler", m.group(1) and m.group(1)[1:-1], m.group(2)[1:-1], -1):
                    self._to_default(self._text[:end])
                self._at = end
            self._phase = _CONTENT
        xmlparser._run(self, False)
        if final and (self._text[self._at:] or self._stack):
            raise _Wrong(13 if self._stack else 5, self._at)

    def _end_element(self, raw):
        xmlparser._end_element(self, raw)
        self._phase = _CONTENT


class _ExternalSubset(xmlparser):
    """Reads the external part of a document type declaration, all of it at its end."""

    __slots__ = ()

    def _run(self, final):
        if not final:
            return
        begin = 0
        if _re.match(u"<\\?xml[ \\t\\r\\n]", self._text):
            begin = self._text.find("?>") + 2
        _xmldtd.Subset(self, self._text, False).read(begin, len(self._text))
        self._at = len(self._text)


xmlparser.__name__ = "xmlparser"
XMLParserType = xmlparser


def _create(kind, encoding, separator):
    self = object.__new__(kind)
    for name in _HANDLERS:
        setattr(self, name, None)
    self._character_handler = None
    self._buffer_text, self._buffer_size, self._waiting, self._waiting_size = False, 8192, [], 0
    self.intern, self.namespace_prefixes, self.ordered_attributes, self.specified_attributes = {}, False, False, False
    self._separator, self._namespaces = separator, None if separator is None else {u"xml": _XML_URI}
    self._base, self._text, self._at, self._mark, self._fixed = None, u"", 0, 0, None
    self._start = 1, 0, 0
    self._known_place = 0, self._start
    self._unknown = None
    self._phase, self._stack, self._open, self._grown, self._declared = _PROLOG, [], [], [0, 0], _xmldtd.Declared()
    self._parameters, self._foreign, self._decoder, self._raw, self._override = 0, False, None, b"", encoding
    self._typed = self._broken = self._finished = self._failed = self._single = False
    self._handled = self._error_code = self._depth = self._nested = 0
    if _two:
        self.returns_unicode = True
    return self


def ParserCreate(encoding=None, namespace_separator=None, intern=None):
    """Return a new XML parser object."""
    for name, value in ("encoding", encoding), ("namespace_separator", namespace_separator):
        if value is not None and not isinstance(value, (str, _text)):
            if _two:
                raise TypeError("ParserCreate() argument %d must be string or None, not %s" % (1 + (name != "encoding"), type(value).__name__))
            raise TypeError("ParserCreate() argument '%s' must be str or None, not %s" % (name, type(value).__name__))
    if namespace_separator is not None and len(namespace_separator) > 1:
        raise ValueError("namespace_separator must be at most one character, omitted, or None")
    if intern is not None and not isinstance(intern, dict):
        raise TypeError("intern must be a dictionary")
    parser = _create(xmlparser, encoding, None if namespace_separator is None else _text(namespace_separator))
    if intern is not None:
        parser.intern = intern
    return parser
