"""Native objects that change step by step, once without blocks and once with each step in a block (which aborts are injected into): their results must
be the same. Prints `same`.
"""
from __future__ import print_function

import array
import codecs
import collections
import csv
import hashlib
import heapq
import io
import itertools
import mmap
import os
import pickle
import random
import re
import sys
import tempfile
import zlib

from transaction import atomic

STEPS = 30
folder = tempfile.mkdtemp()
written = os.path.join(folder, "written")
lines = os.path.join(folder, "lines")
with open(lines, "w") as f:
    f.write("line of text\n" * 3000)
noise = bytes(bytearray(random.Random(1).randrange(256) for _ in range(3000)))


class Lines(object):
    def __init__(self):
        self.lines = []
        self.writer = csv.writer(self)

    def write(self, s):
        self.lines.append(s)


class Pickled(object):
    def __init__(self):
        self.out = io.BytesIO()
        self.pickler = pickle.Pickler(self.out, 2)


class Compressed(object):
    def __init__(self):
        self.data = zlib.compress(noise)
        self.reader = zlib.decompressobj()


class Mapped(object):
    def __init__(self):
        self.memory = mmap.mmap(-1, 100)
        self.view = memoryview(self.memory)

    def add(self, n):
        self.view[0] += 1
        memoryview(self.memory)[n] += 2
        self.view[50:52] = bytes([self.view[50] + 1, n])


def flushed(stream, inner):
    stream.flush()
    return inner().getvalue()


def group(groups):
    key, members = next(groups)
    return key, list(members)


def reread(f):
    f.seek(0)
    text = f.read()
    f.close()
    return text


def several(*values):
    """For steps that are there for what they do."""
    return values


# What to make, the n-th step, and what to look at in the end.
CASES = {
    "hash": (hashlib.sha256, lambda o, n: several(o.update(b"x" * n), o.copy().hexdigest()), lambda o: o.hexdigest()),
    "compress": (zlib.compressobj, lambda o, n: o.compress(noise[n * 9:n * 90]), lambda o: o.flush()),
    "decompress": (Compressed, lambda o, n: o.reader.decompress(o.data[n * 100:n * 100 + 100]), lambda o: o.reader.flush()),
    "random": (lambda: random.Random(5), lambda o, n: (o.random(), o.getrandbits(70), o.gauss(0, 1)), lambda o: o.getstate()),
    "BytesIO": (io.BytesIO, lambda o, n: (o.write(b"ab" * n), o.tell()), lambda o: o.getvalue()),
    "StringIO": (io.StringIO, lambda o, n: (o.write(u"ab\n" * n), o.tell()), lambda o: o.getvalue()),
    "TextIOWrapper": (lambda: io.TextIOWrapper(io.BytesIO()), lambda o, n: o.write(u"ab\n" * n), lambda o: flushed(o, lambda: o.buffer)),
    "BufferedWriter": (lambda: io.BufferedWriter(io.BytesIO()), lambda o, n: o.write(b"ab\n" * n * 30), lambda o: flushed(o, lambda: o.raw)),
    "BufferedReader": (lambda: io.BufferedReader(io.BytesIO(b"abcdefgh\n" * 500)), lambda o, n: (o.read(7), o.readline()), lambda o: o.tell()),
    "text reader": (lambda: io.TextIOWrapper(io.BytesIO(b"abcdefgh\n" * 500)), lambda o, n: (o.read(7), o.readline()), lambda o: o.tell()),
    "csv writer": (Lines, lambda o, n: o.writer.writerow([n, "a b", "c,d"]), lambda o: o.lines),
    "csv reader": (lambda: csv.reader(['a,"b\n', 'c",d\n'] * 40), lambda o, n: (next(o), o.line_num), list),
    "pickler": (Pickled, lambda o, n: several(o.pickler.dump([n, "x", (1, 2)]))[1:], lambda o: o.out.getvalue()),
    "tee": (lambda: itertools.tee(iter(range(100))), lambda o, n: next(o[n % 2]), lambda o: [list(x) for x in o]),
    "groupby": (lambda: itertools.groupby(range(200), lambda x: x // 3), lambda o, n: group(o), lambda o: [(k, list(g)) for k, g in o]),
    "product": (lambda: itertools.product("abc", repeat=5), lambda o, n: next(o), list),
    "permutations": (lambda: itertools.permutations(range(5)), lambda o, n: next(o), list),
    "islice": (lambda: itertools.islice(itertools.cycle("abc"), 3, 90), lambda o, n: next(o), list),
    "deque": (collections.deque, lambda o, n: several(o.append(n), o.rotate(2), o.extendleft([n, n])), list),
    "OrderedDict": (collections.OrderedDict, lambda o, n: several(o.__setitem__(n % 7, n), o.pop(n % 5, None)), lambda o: list(o.items())),
    "array": (lambda: array.array("d"), lambda o, n: several(o.append(n), o.extend(array.array("d", [1.5] * n))), lambda o: o.tolist()),
    "bytearray": (bytearray, lambda o, n: several(o.extend(b"ab" * n), o.append(n)), bytes),
    "decoder": (codecs.getincrementaldecoder("utf-8"), lambda o, n: o.decode(u"\u20ac".encode("utf-8")[n % 3:n % 3 + 1]), lambda o: o.getstate()),
    "named groups": (lambda: re.match("(?P<a>.)(?P<b>.)", "xy"), lambda o, n: (o.group("a"), o.start("b")), lambda o: o.groupdict()),
    "dict iterator": (lambda: iter(dict.fromkeys(range(100))), lambda o, n: next(o), list),
    "enumerate": (lambda: enumerate(reversed(list(range(99)))), lambda o, n: next(o), list),
    "heap": (list, lambda o, n: several(heapq.heappush(o, n * 7919 % 31), o[0]), list),
    "text file": (lambda: open(written, "w+"), lambda o, n: several(o.write("ab\n" * n), n % 10 or o.flush())[2:], reread),
    "byte file": (lambda: open(written, "wb+"), lambda o, n: several(o.write(b"ab\n" * n * 99))[1:], reread),
    "unbuffered file": (lambda: open(written, "wb+", 0), lambda o, n: several(o.write(b"ab\n" * n))[1:], reread),
    "file read": (lambda: open(lines), lambda o, n: (o.readline(), o.read(3), o.tell()), lambda o: several(o.read(), o.close())[0]),
}


if sys.version_info[0] > 2:
    CASES["mapped memory"] = (Mapped, lambda o, n: several(o.add(n)), lambda o: o.memory[:])


def plainly(make, step, end):
    o = make()
    return [step(o, n) for n in range(STEPS)], end(o)


def in_blocks(make, step, end):
    o = make()
    out = []
    for n in range(STEPS):
        with atomic:
            out.append(step(o, n))
            # More chances for an abort after the step.
            sum([k for k in range(40)])
    return out, end(o)


different = [name for name in sorted(CASES) if plainly(*CASES[name]) != in_blocks(*CASES[name])]
os.remove(written)
os.remove(lines)
os.rmdir(folder)
print("different: " + ", ".join(different) if different else "same")
sys.exit(bool(different))
