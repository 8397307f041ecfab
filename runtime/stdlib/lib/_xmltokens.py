"""What XML text is made of: patterns of tokens, and where a token that no pattern knows goes wrong."""

import re

_START = u":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
_MORE = _START + u"\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"
_NAME = u"[%s][%s]*" % (_START, _MORE)
_SPACE = u"[ \\t\\r\\n]"
_LITERAL = u"(?:\"[^\"]*\"|'[^']*')"

name = re.compile(_NAME)
name_token = re.compile(u"[%s]+" % _MORE)
space = re.compile(_SPACE + u"+")
maybe_space = re.compile(_SPACE + u"*")
literal = re.compile(_LITERAL)
text = re.compile(u"[^<&]+")
bad = re.compile(u"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ud800-\udfff\ufffe\uffff]")
reference = re.compile(u"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(%s));" % _NAME)
start_tag = re.compile(u"<(%s)((?:%s+%s%s*=%s*(?:\"[^<\"]*\"|'[^<']*'))*)%s*(/?)>" % (_NAME, _SPACE, _NAME, _SPACE, _SPACE, _SPACE))
attribute = re.compile(u"(%s)%s*=%s*(?:\"([^\"]*)\"|'([^']*)')" % (_NAME, _SPACE, _SPACE))
end_tag = re.compile(u"</(%s)%s*>" % (_NAME, _SPACE))
instruction = re.compile(u"<\\?(%s)(?:%s+(.*?))?\\?>" % (_NAME, _SPACE), re.S)
comment = re.compile(u"<!--((?:-?[^-])*)-->")
declaration = re.compile(u"<\\?xml(?:%s+version%s*=%s*(\"[^\"]*\"|'[^']*'))?(?:%s+encoding%s*=%s*(\"[^\"]*\"|'[^']*'))?(?:%s+standalone%s*=%s*([\"'](?:yes|no)[\"']))?%s*\\?>"
                         % ((_SPACE,) * 10))
public_literal = re.compile(u"[ \\r\\na-zA-Z0-9\\-'()+,./:=?;!*#@$_%]*\\Z")
version_literal = re.compile(u"[a-zA-Z0-9._:-]+\\Z")
encoding_literal = re.compile(u"[A-Za-z][A-Za-z0-9._-]*\\Z")

# Results of `where_wrong`.
INCOMPLETE = -1


def _quoted(s, at, stops):
    """Behind a literal that begins at `at`; INCOMPLETE, or where a character stands that no literal has (its place, negative)."""
    quote = s[at]
    at += 1
    while at < len(s):
        if s[at] == quote:
            return at + 1, False
        if s[at] in stops or bad.match(s, at):
            return at, True
        at += 1
    return INCOMPLETE, False


def _after_name(s, at):
    """Behind a name, INCOMPLETE if it may go on; and whether that or its absence is the answer."""
    m = name.match(s, at)
    if m is None:
        return (INCOMPLETE if at >= len(s) else at), True
    return (INCOMPLETE, True) if m.end() == len(s) else (m.end(), False)


def wrong_start_tag(s, at):
    """Where a start tag at `at` goes wrong; INCOMPLETE if the text ends first."""
    at, ends = _after_name(s, at + 1)
    if ends:
        return at
    while True:
        begin, at = at, maybe_space.match(s, at).end()
        if at >= len(s):
            return INCOMPLETE
        if s[at] == ">":
            return at
        if s[at] == "/":
            return INCOMPLETE if at + 1 >= len(s) else at + 1
        if at == begin:
            return at
        at, ends = _after_name(s, at)
        if ends:
            return at
        at = maybe_space.match(s, at).end()
        if at >= len(s):
            return INCOMPLETE
        if s[at] != "=":
            return at
        at = maybe_space.match(s, at + 1).end()
        if at >= len(s):
            return INCOMPLETE
        if s[at] not in "'\"":
            return at
        at, wrong = _quoted(s, at, "<")
        if wrong or at == INCOMPLETE:
            return at


def wrong_end_tag(s, at):
    at, ends = _after_name(s, at + 2)
    if ends:
        return at
    at = maybe_space.match(s, at).end()
    return INCOMPLETE if at >= len(s) else at


def wrong_reference(s, at):
    at += 1
    if at >= len(s):
        return INCOMPLETE
    if s[at] != "#":
        return _after_name(s, at)[0]
    at += 1
    digits = "0123456789"
    if at < len(s) and s[at] == "x":
        at, digits = at + 1, "0123456789abcdefABCDEF"
    while at < len(s) and s[at] in digits:
        at += 1
    return INCOMPLETE if at >= len(s) else at


def wrong_instruction(s, at):
    at, ends = _after_name(s, at + 2)
    if ends or s[at] not in " \t\r\n?":
        return at
    if s[at] == "?" and at + 1 < len(s) and s[at + 1] != ">":
        return at + 1
    return INCOMPLETE


def wrong_comment(s, at):
    """Of what begins with `<!--`."""
    end = s.find("--", at + 4)
    if end < 0 or end + 2 >= len(s):
        return INCOMPLETE
    return end + 2


def end_of_doctype(s, at):
    """Behind the `>` of a document type declaration, INCOMPLETE if it is not there."""
    depth = 0
    while at < len(s):
        c = s[at]
        if c in "'\"":
            at = s.find(c, at + 1)
            if at < 0:
                return INCOMPLETE
        elif s.startswith("<!--", at):
            at = s.find("-->", at + 4)
            if at < 0:
                return INCOMPLETE
            at += 2
        elif s.startswith("<?", at):
            at = s.find("?>", at + 2)
            if at < 0:
                return INCOMPLETE
            at += 1
        elif c == "[":
            depth += 1
        elif c == "]":
            depth -= 1
        elif c == ">" and depth <= 0:
            return at + 1
        at += 1
    return INCOMPLETE


def is_character(code):
    return code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000
