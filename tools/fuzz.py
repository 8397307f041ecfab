"""Feeds odd inputs to parts of txpy and watches the process: no panic, no signal, no more than 1 GiB of memory, no more than 10 s of the processor for one
input.

    python3 tools/fuzz.py --txpy PATH [--language 2|3] [--seconds 60] [--seed N] [--cpython PATH] [--findings FOLDER] [TARGET ...]

TARGETs (all when none is named): parse compile pickle struct re json numbers format. Inputs are made of the seeds below (for source text: of the scripts in
runtime/txpy/tests and examples) by changes that know their structure: tokens and lines, pickle's instructions, pieces of patterns, of numbers and of formats.
One txpy process takes many inputs, one after the other; exceptions are fine. An input that ends it, takes too long or too much memory is a finding: it is
reduced and saved in the folder of findings (target, kind and number are the file's name). With --cpython, inputs that take that interpreter too long or too
much memory as well are not counted. Prints the number of executions and of findings; the status is 1 if there are any.
"""
import argparse
import base64
import collections
import datetime
import glob
import os
import pickle
import pickletools
import random
import re
import resource
import select
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
MOST_SECONDS = 10.0
MOST_MEMORY = 1 << 30

# Runs in txpy (and in CPython): reads inputs as lines of base64, writes a dot for each.
HARNESS = r'''
import base64, os, sys, warnings
warnings.simplefilter("ignore")
target = sys.argv[1]
two = sys.version_info[0] == 2
lines = sys.stdin if two else sys.stdin.buffer


def text(b):
    try:
        return b.decode("utf-8", "strict" if two else "surrogatepass")
    except UnicodeDecodeError:
        return b.decode("utf-8", "replace")


def attempt(f, *args, **named):
    try:
        return f(*args, **named)
    except Exception:
        return None


def parse(b):
    attempt(compile, b, "<fuzz>", "exec", 0x400)


def compile_(b):
    for mode in "exec", "eval", "single":
        attempt(compile, b, "<fuzz>", mode)


SAFE = set("""collections.OrderedDict collections.deque collections.Counter datetime.datetime datetime.date datetime.timedelta fractions.Fraction decimal.Decimal
copyreg._reconstructor copy_reg._reconstructor _codecs.encode builtins.object builtins.set builtins.frozenset builtins.complex builtins.range builtins.bytearray
builtins.list builtins.dict builtins.int builtins.str builtins.bytes builtins.slice __builtin__.object __builtin__.set __builtin__.frozenset __builtin__.complex
__builtin__.xrange __builtin__.bytearray __builtin__.list __builtin__.dict __builtin__.int __builtin__.str __builtin__.long __builtin__.unicode""".split())


def found(module, name):
    if module + "." + name not in SAFE:
        raise ValueError(name)
    __import__(module)
    return getattr(sys.modules[module], name)


def pickle_(b):
    import io, pickle
    if two:
        import cPickle
        p = cPickle.Unpickler(io.BytesIO(b))
        p.find_global = found
        attempt(p.load)
        pickle.Unpickler.find_class = lambda self, module, name: found(module, name)
        attempt(pickle.Unpickler(io.BytesIO(b)).load)
        return

    class Unpickler(pickle.Unpickler):
        def find_class(self, module, name):
            return found(module, name)

    v = attempt(Unpickler(io.BytesIO(b)).load)
    attempt(Unpickler(io.BytesIO(b), encoding="bytes", fix_imports=False).load)
    attempt(repr, v)


def struct_(b):
    import struct
    form, _, data = b.partition(b"\0")
    n = attempt(struct.calcsize, form)
    if n is None or n > 1000000:
        return
    data = (data * (n // max(1, len(data)) + 1))[:n] if data else b"\0" * n
    v = attempt(struct.unpack, form, data)
    if v is not None:
        attempt(struct.pack, form, *v)
    attempt(struct.unpack_from, form, data, 1)
    attempt(struct.pack, form, *[1] * (len(v) if v else 1))
    if not two:
        attempt(lambda: list(struct.iter_unpack(form, data * 2)))


def re_(b):
    import re
    pattern, _, subject = b.partition(b"\0")
    # Patterns that take time exponential in the subject's length are no findings.
    subject = subject[:12]
    flags = (0, re.I, re.M, re.S, re.X, re.I | re.M)[len(b) % 6]
    for p, s in (pattern, subject), (text(pattern), text(subject)):
        re.purge()
        c = attempt(re.compile, p, flags)
        if c is None:
            continue
        for f in c.match, c.search, c.findall, c.split:
            attempt(f, s)
        attempt(c.sub, p, s)
        m = attempt(c.search, s)
        if m:
            attempt(m.groupdict)
            attempt(m.expand, p)


def json_(b):
    import json
    for s in b, text(b):
        v = attempt(json.loads, s)
        if v is not None:
            s = attempt(json.dumps, v, indent=len(b) % 3, sort_keys=len(b) % 2 == 0)
            if s is not None:
                attempt(json.loads, s)


def numbers(b):
    import ast, decimal, fractions
    for s in b, text(b):
        for f in int, float, complex, decimal.Decimal, fractions.Fraction, float.fromhex:
            if f is fractions.Fraction and (b.find(b"e") >= 0 or b.find(b"E") >= 0):
                continue
            v = attempt(f, s)
            if v is not None:
                attempt(repr, v)
        for base in 0, 2, 8, 16, 36:
            attempt(int, s, base)
            if two:
                attempt(long, s, base)
        attempt(ast.literal_eval, s)


def format_(b):
    import datetime, decimal
    values = 0, -7, 10 ** 30, 1.5, -0.0, float("inf"), float("nan"), 1e300, 2 + 3j, "text", u"\u20ac\U0001f600", b"bytes", None, True, decimal.Decimal("1.25"), datetime.date(2020, 2, 29)
    for s in b, text(b):
        for v in values:
            attempt(lambda: s % v)
            attempt(lambda: s % (v, 3, v))
            attempt(lambda: s % {"a": v, "b": 3})
            attempt(format, v, s)
        for v in values:
            attempt(lambda: s.format(v, 5, a=v, b=[v, 1]))


TARGETS = {"parse": parse, "compile": compile_, "pickle": pickle_, "struct": struct_, "re": re_, "json": json_, "numbers": numbers, "format": format_}
run = TARGETS[target]
while True:
    line = lines.readline()
    if not line:
        break
    run(base64.b64decode(line.strip()))
    os.write(1, b".")
'''


class Dice(random.Random):
    def some(self, most):
        """Mostly small numbers from 1."""
        return 1 + int(self.random() ** 3 * most)

    def one_in(self, n):
        return self.randrange(n) == 0


class Made:
    """A target whose inputs are lists of pieces."""

    joint = b""

    def __init__(self, dice):
        self.dice = dice
        self.seeds = [p for p in (self.pieces(s) for s in self.texts()) if p]
        self.all = sorted({piece for s in self.seeds for piece in s})

    def pieces(self, text):
        return re.findall(rb"\w+|\s+|[^\w\s]", text)

    def piece(self):
        d = self.dice
        if self.odd and d.one_in(3):
            return d.choice(self.odd)
        return d.choice(self.all)

    def one(self):
        d = self.dice
        p = list(d.choice(self.seeds))
        if len(p) > 60:
            at = d.randrange(len(p) - 40)
            p = p[at:at + d.some(60)]
        for _ in range(d.some(8)):
            at = d.randrange(len(p) + 1)
            to = min(len(p), at + d.some(6))
            k = d.randrange(8)
            if k == 0:
                del p[at:to]
            elif k == 1:
                p[at:at] = p[at:to] * d.some(60)
            elif k == 2:
                p[at:to] = [self.piece()]
            elif k == 3:
                other = d.choice(self.seeds)
                start = d.randrange(len(other))
                p[at:at] = other[start:start + d.some(20)]
            elif k == 4 and p:
                other = d.randrange(len(p))
                p[at:at] = [p[other]]
            elif k == 5 and at < to:
                b = bytearray(p[at])
                if b:
                    b[d.randrange(len(b))] = d.choice([0, 10, 13, 34, 39, 92, 127, 128, 195, 237, 255, d.randrange(256)])
                p[at] = bytes(b)
            else:
                p[at:at] = [self.piece()]
        out = self.joint.join(p)
        if d.one_in(40):
            out = d.choice(self.nests)(out, d.choice([20, 90, 150, 400, 3000]))
        return out[:50000]

    odd = []
    nests = [lambda s, n: s * min(n, 50)]


class Source(Made):
    odd = [b"\\\n", b"\n", b"\n    ", b"\t", b"\0", b"'''", b'"', b"f'", b"f'{", b"!r:{", b"}'", b"rb'", b"u'\\N{", b"\\x", b"lambda", b"yield", b"await ", b"async ", b"*", b"**", b":=", b"->",
           b"...", b"0x", b"1_0", b"1e", b"09", b"1j", b"@", b"`", b"<>", b"exec ", b"print ", b"print>>", b"global x\n", b"nonlocal x\n", b"match x:\n case ", b"type X[T] = ", b"class C[T: int]:", b"except* ",
           b"\xef\xbb\xbf", b"# coding: latin-1\n", b"# coding: rot13\n", b"\xc3\xa9", b"\xe2\x82\xac", b"from __future__ import annotations\n", b"del ", b"with (", b"try:", b"finally:", b"else:", b"return",
           b"\x0c", b"if 1:\n", b"def f(a, /, *, b):\n", b" for x in y", b"=", b"+=", b"not ", b"is ", b"in ", b"super()", b"__class__", b"__debug__", b"None", b"assert "]
    nests = [lambda s, n: b"(" * n + s + b")" * n, lambda s, n: b"[" * n + s, lambda s, n: b"-" * n + s, lambda s, n: b"lambda: " * n + s, lambda s, n: s + b"+x" * n, lambda s, n: s + b".x" * n,
             lambda s, n: s + b"[0]" * n, lambda s, n: b"".join(b" " * i + b"if x:\n" for i in range(min(n, 150))) + s, lambda s, n: b"f'{" * min(n, 200) + s, lambda s, n: b"not " * n + s,
             lambda s, n: b"x if y else " * n + s, lambda s, n: b"x = " * n + s, lambda s, n: s + b" and x < y" * n, lambda s, n: b"{" * n + s, lambda s, n: s + b"(" * n, lambda s, n: b"async " * n + s]

    def texts(self):
        root = os.path.join(HERE, "..")
        for name in sorted(glob.glob(root + "/runtime/txpy/tests/**/*.py", recursive=True) + glob.glob(root + "/examples/**/*.py", recursive=True)):
            with open(name, "rb") as f:
                yield f.read()


class Pickles(Made):
    odd = [b"0", b"2", b"(", b"t", b"l", b"d", b"}", b"]", b")", b"\x85", b"\x86", b"\x87", b"R", b"b", b"s", b"u", b"a", b"e", b"o", b"\x81", b"\x90", b"\x91", b"\x94", b"q\0", b"h\0", b"j\xff\xff\xff\x7f",
           b"r\xff\xff\xff\xff", b"T\xff\xff\xff\x7f", b"B\xff\xff\xff\x7f", b"\x8d" + b"\xff" * 8, b"\x8e" + b"\xff" * 7 + b"\x7f", b"\x95" + b"\xff" * 8, b"I99999999999999999999\n", b"L-1L\n", b"F1e999\n",
           b"S'\\x'\n", b"V\\ud800\n", b"I01\n", b"\x8b\xff\xff\xff\xff", b"\x8a\xff" + b"\xff" * 255, b"g99999999\n", b"p-1\n", b"p99999999\n", b"i__builtin__\nlist\n", b"cbuiltins\nset\n", b"\x93", b"\x97",
           b"\x98", b"P1\n", b"Q", b"\x82\1", b"\x96" + b"\xff" * 8, b".", b"\x80\5", b"\x80\xff", b"D-1\n", b"j\0\0\0\0"]
    nests = [lambda s, n: b"(" * n + s, lambda s, n: b"]" * n + b"a" * (n - 1) + b".", lambda s, n: b")" + b"\x85" * n + b".", lambda s, n: s[:-1] + b"\x85" * n + b".", lambda s, n: s[:-1] * min(n, 50) + b"."]

    def texts(self):
        values = [None, 1, -(1 << 70), 1.5, "text", "\u20ac", b"bytes", (1, 2, (3,)), [1, [2, 3]], {"a": 1, 2: [3]}, {1, 2}, frozenset([3]), collections.OrderedDict(a=1), datetime.datetime(2020, 1, 2, 3, 4),
                  complex(1, 2), range(3), bytearray(b"abc"), collections.deque([1, 2], 5), collections.Counter("aab"), object(), slice(1, 2), [True, False, None] * 3]
        shared = [1]
        values.append([shared, shared, (shared, {"x": shared})])
        for v in values:
            for protocol in range(6):
                try:
                    yield pickle.dumps(v, protocol)
                except Exception:
                    pass

    def pieces(self, text):
        at = [op[2] for op in pickletools.genops(text)] + [len(text)]
        return [text[a:b] for a, b in zip(at, at[1:])]


class Structs(Made):
    odd = [b"99999999", b"0", b"-1", b"\0", b" ", b"1", b"9" * 30, b"\xff", b"s", b"p", b"n", b"N", b"P", b"?", b"e", b"F", b"D", b"!", b"=", b"@", b"<", b">", b"x", b"c", b"q", b"Q", b"d", b"f"]

    def texts(self):
        return [b"<bBhHiIlLqQ\0data", b">3s5p2x?\0\xff\x80", b"=efd\0\0\0\xf0\x7f", b"@nNP\0abc", b"!4c 2h\0", b"i0l\0", b"0s\0", b"10p\0\xff"]

    def pieces(self, text):
        return re.findall(rb"\d+|.", text, re.S)


class Patterns(Made):
    odd = [b"*", b"+", b"?", b"{2}", b"{0,2}", b"{,3}", b"{2,}", b"{65535}", b"{4294967295}", b"{99999999999}", b"*?", b"+?", b"??", b"{1,2}?", b"*+", b"++", b"(", b")", b"(?:", b"(?=", b"(?!", b"(?<=", b"(?<!",
           b"(?>", b"(?P<n>", b"(?P=n)", b"(?(1)", b"(?i)", b"(?s-i:", b"(?x)", b"|", b"\\1", b"\\2", b"\\99", b"[", b"]", b"[^", b"a-z", b"z-a", b"\\w", b"\\D", b"\\b", b"\\B", b"\\A", b"\\Z", b"^", b"$", b".",
           b"\\x4", b"\\u20ac", b"\\N{EURO SIGN}", b"\\0", b"\\777", b"\\g<1>", b"\\g<n>", b"#", b"\0", b"\xe2\x82\xac", b"a", b"b", b"aaaa", b"abab", b"()", b"[\\s\\S]", b"(?#", b"(?a)", b"(?L)", b"(?u)"]
    nests = [lambda s, n: b"(" * min(n, 400) + s.replace(b"\0", b")" * min(n, 400) + b"\0"), lambda s, n: b"(?:" * n + s, lambda s, n: s.replace(b"\0", b"|a" * n + b"\0"), lambda s, n: b"a?" * 20 + s,
             lambda s, n: b"[" * n + s, lambda s, n: b"(?=" * n + s, lambda s, n: s + b"a" * n]

    def texts(self):
        return [b"(a*)*?b\0aaa", b"(a|ab)(c|bcd)*(d*)\0abcd", b"(?P<n>a+)(?P=n)\0aaaa", b"^\\s*(\\w+)\\s*=\\s*(.*?)\\s*$\0 name = value ", b"(?<=a)b(?!c)\0abab", b"(?:a{2,3}?)+\0aaaaaa", b"([^b-d]|\\d)+?x\0a1ex",
                b"(?(1)a|b)(c)\0bc", b"(?i:A)(?s:.)\\Z\0a\n", b"(((a)*b)*c)*d\0ababcababcd", b"a++b\0aab", b"(?>a*)a\0aaa", b"\\b(?:\\w|-)+\\b\0one-two three", b"[\xe2\x82\xac\xc3\xa9]+\0\xe2\x82\xac", b"x*\0axb"]

    def pieces(self, text):
        return re.findall(rb"\\.|\(\?P?[=!<:>]*|[*+?]\??|\{[^}]*\}|\w+|.", text, re.S)


class Jsons(Made):
    odd = [b"{", b"}", b"[", b"]", b":", b",", b'"', b"\\u", b"\\ud800", b"\\udc00", b"NaN", b"Infinity", b"-Infinity", b"-", b"1e999", b"1" * 400, b"0.", b".5", b"01", b"null", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\n", b" "]
    nests = [lambda s, n: b"[" * n + s + b"]" * n, lambda s, n: b'{"a":' * n + s + b"}" * n, lambda s, n: b"[" * 100000, lambda s, n: b'"' + s * min(n, 40)]

    def texts(self):
        return [b'{"a": [1, 2.5, -3e4, true, false, null], "b": {"c": "text \\u20ac \\n"}}', b'["", {}, [], 0, "\xe2\x82\xac"]', b'"\\ud83d\\ude00"', b"[1,[2,[3,[4]]]]", b'{"x":1,"x":2}', b"123456789012345678901234567890"]


class Numbers(Made):
    odd = [b"0", b"1", b"9", b"_", b".", b"e", b"E", b"+", b"-", b"0x", b"0o", b"0b", b"j", b"J", b"L", b"l", b"inf", b"nan", b"sNaN123", b"p", b"(", b")", b" ", b"\t", b"/", b"\xd9\xa3", b"\xef\xbc\x91", b"9" * 400, b"0" * 500,
           b"e400", b"e-400", b"e999999999", b"e99999999999999999999", b"p-1074", b"p99999999999", b"9" * 5000, b"\0", b"\xc2\xa0", b"1" * 20000]

    def texts(self):
        return [b"0", b"-12", b"1_000", b"3.25", b"1e10", b"-1.5E-3", b"0x1f", b"0o17", b"0b101", b"1+2j", b"(3-4J)", b"inf", b"-nan", b"0x1.8p3", b"1/3", b"12L", b"017", b" 5 ", b"2.2250738585072011e-308", b"9007199254740993",
                b"1.7976931348623159e308", b"sNaN", b"4.9e-324", b"123456789.123456789e-5", b"1" * 60]

    def pieces(self, text):
        return re.findall(rb".", text, re.S)


class Formats(Made):
    odd = [b"%", b"%%", b"{", b"}", b"{{", b"{0", b"{a", b"[0]", b".real", b".__class__", b"!r", b"!s", b"!a", b":", b"<", b">", b"^", b"=", b"+", b"-", b" ", b"#", b"0", b"20", b"99999", b"9" * 25, b".5", b".99999", b",", b"_",
           b"z", b"b", b"c", b"d", b"o", b"x", b"X", b"e", b"f", b"F", b"g", b"G", b"n", b"s", b"r", b"a", b"i", b"u", b"(a)", b"(b)", b"*", b".*", b"l", b"h", b"L", b"\xe2\x82\xac", b"\0", b"%Y", b"%j", b"%f", b"{}", b"{:{}}", b"1$"]
    nests = [lambda s, n: b"{" * n + s + b"}" * n, lambda s, n: b"%(" * n + s, lambda s, n: b"{0:" * n + s, lambda s, n: b"{0" + b".real" * n + b"}"]

    def texts(self):
        return [b"%5.2f|%-10s|%+d", b"%(a)s %(b)05d", b"%*.*f", b"%c%%%x%#o", b"{0:>10}{1!r:^5}{a[0]}", b"{:,.3f}{:#x}", b"{0.real:e} {b[1]:08b}", b">+20,.3f", b"*^30_x", b"#010b", b"%r %a", b"{a:{b[1]}}", b"%Y-%m-%d", b"010.3%", b" <5n"]

    def pieces(self, text):
        return re.findall(rb"\d+|.", text, re.S)


TARGETS = {"parse": Source, "compile": Source, "pickle": Pickles, "struct": Structs, "re": Patterns, "json": Jsons, "numbers": Numbers, "format": Formats}


class Child:
    """An interpreter that takes inputs."""

    def __init__(self, command, target):
        self.errors = tempfile.TemporaryFile()

        def limits():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        self.process = subprocess.Popen(command + ["-c", HARNESS, target], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, preexec_fn=limits, cwd=tempfile.gettempdir())
        self.read = self.process.stdout.fileno()

    def feed(self, inputs):
        """None if all inputs were taken; else the number of those before the bad one, and what is wrong with it."""
        try:
            self.process.stdin.write(b"".join(base64.b64encode(i) + b"\n" for i in inputs))
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        done, began, spent = 0, time.monotonic(), self.processor_time()
        while done < len(inputs):
            if select.select([self.read], [], [], 0.1)[0]:
                got = os.read(self.read, 65536)
                if not got:
                    status = self.process.wait()
                    return done, "ends by signal %d" % -status if status < 0 else "ends with status %d" % status
                done, began, spent = done + len(got), time.monotonic(), self.processor_time()
            # By the clock much longer: the machine may have other things to do.
            if self.processor_time() - spent > MOST_SECONDS or time.monotonic() - began > 10 * MOST_SECONDS:
                return done, "takes more than %d s" % MOST_SECONDS
            if self.memory() > MOST_MEMORY:
                return done, "takes more than 1 GiB"
        self.errors.seek(0)
        said = self.errors.read()
        if b"panicked" in said:
            return len(inputs) - 1, "panic"
        return None

    def memory(self):
        try:
            with open("/proc/%d/statm" % self.process.pid) as f:
                return int(f.read().split()[1]) * resource.getpagesize()
        except (OSError, IndexError):
            return 0

    def processor_time(self):
        try:
            with open("/proc/%d/stat" % self.process.pid) as f:
                return sum(map(int, f.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return 0.0

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close() if not self.process.stdin.closed else None
        self.process.stdout.close()
        self.errors.seek(0)
        said = self.errors.read()[-2000:].decode("utf-8", "replace")
        self.errors.close()
        return said


def verdict(command, target, inputs):
    """What is wrong with the inputs in a fresh process, or None; and what it said."""
    c = Child(command, target)
    found = c.feed(inputs)
    said = c.end()
    return found, said


def reduced(command, target, data, kind, most):
    """A shorter input that is bad in the same way."""
    step, end = max(1, len(data) // 2), time.monotonic() + most
    while step and time.monotonic() < end:
        at = 0
        while at < len(data) and time.monotonic() < end:
            shorter = data[:at] + data[at + step:]
            found, _ = verdict(command, target, [shorter])
            if found and found[1] == kind:
                data = shorter
            else:
                at += step
        step //= 2
    return data


def fuzz(given, command, target):
    dice = Dice("%s %s %s" % (target, given.language, given.seed))
    maker = TARGETS[target](dice)
    runs = findings = 0
    end = time.monotonic() + given.seconds
    child, taken = None, 0
    while time.monotonic() < end:
        if child is None or taken > 20000:
            if child:
                child.end()
            child, taken = Child(command, target), 0
        batch = [maker.one() for _ in range(100)]
        found = child.feed(batch)
        runs += found[0] + 1 if found else len(batch)
        taken += len(batch)
        if not found:
            continue
        said = child.end()
        child = None
        bad = batch[found[0]]
        alone, again = verdict(command, target, [bad])
        kind = alone[1] if alone else found[1] + ", after others"
        if alone and given.cpython and kind.startswith("takes"):
            if verdict([given.cpython], target, [bad])[0]:
                continue
        findings += 1
        if alone:
            bad = reduced(command, target, bad, kind, 60 if kind.startswith("takes") else 20)
        else:
            bad = b"\n".join(base64.b64encode(i) for i in batch[:found[0] + 1])
        os.makedirs(given.findings, exist_ok=True)
        name = os.path.join(given.findings, "%s-%s-%s-%d" % (target, given.language, kind.split(",")[0].replace(" ", "-"), runs))
        with open(name, "wb") as f:
            f.write(bad)
        print("%s (%s): %s: %r\n    %s" % (target, given.language, kind, bad[:300], (again or said).strip()[-600:]), flush=True)
    if child:
        child.end()
    print("%s (%s): %d executions, %d findings" % (target, given.language, runs, findings), flush=True)
    return findings


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--txpy", required=True)
    options.add_argument("--language", choices=["2", "3"], action="append")
    options.add_argument("--seconds", type=float, default=60.0, help="for each target and language")
    options.add_argument("--seed", default="0")
    options.add_argument("--cpython", help="what takes this one too long as well is no finding")
    options.add_argument("--findings", default="fuzz-findings")
    options.add_argument("targets", nargs="*", metavar="TARGET")
    given = options.parse_args()
    for t in given.targets:
        if t not in TARGETS:
            options.error("no such target: %s" % t)
    findings = 0
    for language in given.language or ["3", "2"]:
        for target in given.targets or TARGETS:
            given.language = language
            findings += fuzz(given, [given.txpy, "-" + language], target)
    sys.exit(findings != 0)


main()
