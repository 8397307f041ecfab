"""Encodings of Japan: codecs by name."""

from _multibytecodec import finder

getcodec = finder("shift_jis", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "euc_jisx0213", "shift_jisx0213")
