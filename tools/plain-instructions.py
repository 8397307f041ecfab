#!/usr/bin/env python3
"""Instructions of code without transactions in two builds of txpy, by callgrind.

    plain-instructions.py BEFORE AFTER [--only NAME ...] [--language 2 3] [--jobs 2]

Each program of plain-programs.py, each of benches/scripts and each demo of examples/stm (--plain) runs with two sizes in both builds and languages.
The difference of the two is what the loop costs: start-up does not count. The table shows instructions per iteration (of the loops) or
millions of them (benches, demos), and AFTER by BEFORE. Status 1 when the geometric mean is above 1.02 in a language.
"""
import argparse
import ast
import os
import re
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
LIMIT = 1.02
COUNT = 20000
# Those that allocate little for each iteration run over several collections, so that one more or less changes little.
COUNTS = {name: 60000 for name in ("closures", "instances", "linked_objects", "floats")}
BENCHES = {
    "binary_trees": (8, 9), "exceptions": (4000, 8000), "fannkuch": (6, 7), "generators": (2000, 4000), "lcs": (100, 150), "mandelbrot": (40, 60),
    "nbody": (1500, 3000), "pi_digits": (100, 150), "raytrace": (16, 24), "scheduler": (2000, 4000), "sieve": (30000, 60000),
    "spectral_norm": (40, 60), "word_count": (4000, 8000),
}
DEMOS = {
    "many_square_roots": "--numbers %d000", "trees": "--trees %d0", "trees2": "--jobs %d0", "raytracer": "--width %d0 --height 10",
    "scheduler": "--tasks %d00", "bank": "--transfers %d00 --audit 0", "router": "--nets %d --width 40 --height 40", "word_count": "--pages %d",
    "events": "--customers 100 --ticks %d000",
}
# Stands for the module that older builds don't have: the demos import it and, with --plain, leave it alone. What start-up made is old after a
# collection; otherwise the loop's first would trace it, in one build with the small size and in the other with the large one only.
NO_TRANSACTIONS = "import gc, time\ngc.collect()\natomic = TransactionQueue = None\nstmdict = dict\nclock = getattr(time, 'process_time', None) or time.clock\n"


def loops():
    with open(os.path.join(HERE, "plain-programs.py")) as source:
        tree = ast.parse(source.read())
    return [f.name for f in tree.body if isinstance(f, ast.FunctionDef)]


def programs():
    """Name, both command lines, and what their difference is divided by."""
    for name in loops():
        count = COUNTS.get(name, COUNT)
        line = [os.path.join(HERE, "plain-programs.py"), name]
        yield name, [line + [str(count)], line + [str(2 * count)]], count
    for name, sizes in BENCHES.items():
        script = os.path.join(ROOT, "benches", "scripts", name + ".py")
        yield "bench " + name, [[script, str(size)] for size in sizes], 1e6
    for name, options in DEMOS.items():
        script = os.path.join(ROOT, "examples", "stm", name + ".py")
        yield "demo " + name, [[script, "--plain"] + (options % size).split() for size in (4, 8)], 1e6


def instructions(command, modules):
    settings = dict(os.environ, PYTHONHASHSEED="0", PYTHONPATH=modules)
    settings.pop("TXPY_STM_STRESS", None)
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, env=settings, timeout=300)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise SystemExit("%r under callgrind: %s" % (command, done.stderr[-800:]))
    return int(found.group(1))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("before", type=os.path.abspath)
    options.add_argument("after", type=os.path.abspath)
    options.add_argument("--only", nargs="*", help="names, or `bench` or `demo` for all of those")
    options.add_argument("--language", nargs="*", default=["2", "3"], choices=["2", "3"])
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    given = options.parse_args()
    wanted = [p for p in programs() if not given.only or set(given.only) & {p[0], p[0].split()[0]}]
    failed = False
    with tempfile.TemporaryDirectory() as modules, ThreadPoolExecutor(given.jobs) as pool:
        with open(os.path.join(modules, "transaction.py"), "w") as module:
            module.write(NO_TRANSACTIONS)
        for language in given.language:
            rows = [(name, share, [[pool.submit(instructions, [executable, "-" + language] + line, modules) for line in lines]
                                   for executable in (given.before, given.after)]) for name, lines, share in wanted]
            print("%-24s %12s %12s %8s" % ("Python " + language, "before", "after", "ratio"))
            ratios = []
            for name, share, runs in rows:
                before, after = [(large.result() - small.result()) / share for small, large in runs]
                ratios.append(after / before)
                print("%-24s %12.1f %12.1f %8.3f" % (name, before, after, ratios[-1]), flush=True)
            mean = statistics.geometric_mean(ratios)
            failed |= mean > LIMIT
            print("%-24s %34.3f\n" % ("geometric mean", mean), flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
