"""Encodings of Taiwan: codecs by name."""

from _multibytecodec import finder

getcodec = finder("big5", "cp950")
