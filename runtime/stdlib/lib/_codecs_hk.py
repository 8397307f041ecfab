"""Encodings of Hong Kong: codecs by name."""

from _multibytecodec import finder

getcodec = finder("big5hkscs")
