#!/usr/bin/env python3
"""Compare txpy with CPython on the scripts of benches/scripts.

Every round runs each script once with each interpreter, one after the other,
so that a change of the machine's load meets all of them. Times are wall-clock
seconds of whole processes, start-up included. The exit status is 1 when a
run failed or outputs differ, 2 when an interpreter or script is missing.
"""

import argparse
import math
import os
import shutil
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = os.path.join(HERE, "scripts")


class Interpreter:
    """A command line that runs a script, with what its runs gave."""

    def __init__(self, label, command):
        self.label = label
        self.command = command

    def version(self):
        code = "import sys; sys.stdout.write(sys.version.replace(chr(10), ' '))"
        result = subprocess.run(self.command + ["-c", code], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL)
        return result.stdout.decode("utf-8", "replace").strip() or "unknown version"

    def run(self, script, limit):
        """(seconds, output or None, message): output is None when it failed."""
        start = time.perf_counter()
        try:
            result = subprocess.run(self.command + [script], stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                    timeout=limit)
        except subprocess.TimeoutExpired:
            return limit, None, "longer than %g s" % limit
        seconds = time.perf_counter() - start
        if result.returncode != 0:
            lines = result.stderr.decode("utf-8", "replace").strip().split("\n")
            return seconds, None, "status %d: %s" % (result.returncode, lines[-1])
        return seconds, result.stdout.replace(b"\r\n", b"\n"), ""


class Pair:
    """txpy in one language against the CPython of that language."""

    def __init__(self, language, txpy, cpython):
        self.language = language
        self.txpy = txpy
        self.cpython = cpython
        self.times = {}
        self.faults = {}

    def measure(self, name, script, limit):
        if name in self.faults:
            return
        outputs = []
        for side in (self.txpy, self.cpython):
            seconds, output, message = side.run(script, limit)
            if output is None:
                self.faults[name] = "%s: %s" % (side.label, message)
                return
            outputs.append(output)
            self.times.setdefault((name, side.label), []).append(seconds)
        if outputs[0] != outputs[1]:
            self.faults[name] = "outputs differ: " + first_difference(*outputs)

    def report(self, names, summary):
        print("%-16s %10s %12s %8s" % (
            "Python " + self.language, self.txpy.label, self.cpython.label, "ratio"))
        logarithms = []
        for name in names:
            if name in self.faults:
                print("%-16s %s" % (name, self.faults[name]))
                continue
            ours = summary(self.times[name, self.txpy.label])
            theirs = summary(self.times[name, self.cpython.label])
            logarithms.append(math.log(ours / theirs))
            print("%-16s %9.3fs %11.3fs %8.2f" % (name, ours, theirs, ours / theirs))
        if logarithms:
            mean = math.exp(sum(logarithms) / len(logarithms))
            print("%-16s %10s %12s %8.2f" % ("geometric mean", "", "", mean))
        print()


def first_difference(a, b):
    left, right = a.split(b"\n"), b.split(b"\n")
    for number, (x, y) in enumerate(zip(left, right), 1):
        if x != y:
            return "line %d: %r, %r" % (number, x[:60], y[:60])
    return "%d lines, %d lines" % (len(left), len(right))


def find(given, names, what):
    """The executable given on the command line, or the first of names there is."""
    for name in [given] if given else names:
        path = shutil.which(name)
        if path:
            return path
    sys.stderr.write("compare.py: no %s; give its path\n" % what)
    sys.exit(2)


def scripts_named(only):
    names = sorted(f[:-3] for f in os.listdir(SCRIPTS) if f.endswith(".py"))
    if not only:
        return names
    wanted = [part for text in only for part in text.split(",") if part]
    unknown = [name for name in wanted if name not in names]
    if unknown:
        sys.stderr.write("compare.py: no script %s; there are: %s\n" % (
            ", ".join(unknown), ", ".join(names)))
        sys.exit(2)
    return wanted


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--txpy", help="txpy executable (default: target/release/txpy, "
                        "then the PATH)")
    parser.add_argument("--python3", help="CPython 3 executable")
    parser.add_argument("--python2", nargs="?", const="", metavar="EXECUTABLE",
                        help="also run txpy -2 against CPython 2.7")
    parser.add_argument("--rounds", type=int, default=5, help="rounds (default 5)")
    parser.add_argument("--only", action="append", metavar="NAME[,NAME]",
                        help="run these scripts only")
    parser.add_argument("--median", action="store_true",
                        help="show the median of the rounds, not the shortest")
    parser.add_argument("--limit", type=float, default=120.0,
                        help="seconds that one run may take (default 120)")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    return options


def main():
    options = arguments()
    names = scripts_named(options.only)
    built = os.path.join(HERE, "..", "target", "release", "txpy")
    txpy = find(options.txpy, [os.path.normpath(built), "txpy"], "txpy")
    python3 = find(options.python3, ["python3.13", "python3"], "CPython 3")
    pairs = [Pair("3", Interpreter("txpy", [txpy]), Interpreter("CPython 3", [python3]))]
    if options.python2 is not None:
        python2 = find(options.python2, ["python2.7", "python2"], "CPython 2.7")
        pairs.append(Pair("2.7", Interpreter("txpy -2", [txpy, "-2"]),
                          Interpreter("CPython 2.7", [python2])))
    for pair in pairs:
        for side in (pair.txpy, pair.cpython):
            print("%-12s %s (%s)" % (side.label, " ".join(side.command), side.version()))
    summary = statistics.median if options.median else min
    print("%s of %d rounds\n" % ("median" if options.median else "shortest", options.rounds))
    for _ in range(options.rounds):
        for name in names:
            for pair in pairs:
                pair.measure(name, os.path.join(SCRIPTS, name + ".py"), options.limit)
    for pair in pairs:
        pair.report(names, summary)
    return 1 if any(pair.faults for pair in pairs) else 0


if __name__ == "__main__":
    sys.exit(main())
