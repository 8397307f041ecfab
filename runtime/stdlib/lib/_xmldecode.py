"""From bytes of an XML document to text, piece by piece: each decoder gives (text, bytes of an unfinished character, whether something is wrong
behind them)."""

import codecs


def utf8(data):
    try:
        text, used = codecs.utf_8_decode(data, "strict", False)
        broken = False
    except UnicodeDecodeError as e:
        text, used, broken = data[:e.start].decode("utf-8"), e.start, True
    return text, data[used:], broken


class Utf16(object):
    def __init__(self, name):
        self.order = {"utf-16le": "utf_16_le", "utf-16be": "utf_16_be"}.get(name)

    def __call__(self, data):
        if self.order is None:
            self.order = "utf_16_le" if data[:2] in (b"\xff\xfe", b"<\0") else "utf_16_be"
            if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                data = data[2:]
        decode = getattr(codecs, self.order + "_decode")
        try:
            text, used = decode(data, "strict", False)
            broken = False
        except UnicodeDecodeError as e:
            text, used, broken = decode(data[:e.start], "strict", False)[0], e.start, True
        return text, data[used:], broken


class Table(object):
    def __init__(self, table):
        self.table = table

    def __call__(self, data):
        text = codecs.charmap_decode(data, "replace", self.table)[0]
        stop = text.find(u"\ufffd")
        return (text, b"", False) if stop < 0 else (text[:stop], b"", True)
