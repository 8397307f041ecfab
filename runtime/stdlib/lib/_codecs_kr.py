"""Encodings of Korea: codecs by name."""

from _multibytecodec import finder

getcodec = finder("euc_kr", "cp949", "johab")
