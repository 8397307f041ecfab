"""Encodings of China: codecs by name."""

from _multibytecodec import finder

getcodec = finder("gb2312", "gbk", "gb18030", "hz")
