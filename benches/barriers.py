"""What the ownership protocol's barriers cost: the usual build against one whose barriers keep only the generational test.

    cargo build --release -p txpy
    cargo build --release -p txpy -p txpy-heap --features txpy-heap/generational-barriers --target-dir target/generational
    python3 benches/barriers.py --txpy target/release/txpy --plain target/generational/release/txpy [--pairs 15] [--no-callgrind]

Instructions are callgrind's on small sizes, times the median of interleaved pairs (CPU seconds) on the usual ones. Asked: 4 % in both.
"""
import argparse
import math
import os
import re
import resource
import statistics
import subprocess

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts")
# Sizes that callgrind runs in some seconds.
SMALL = {
    "binary_trees": 9, "exceptions": 8000, "fannkuch": 7, "generators": 4000, "lcs": 150, "mandelbrot": 60, "nbody": 3000, "pi_digits": 150,
    "raytrace": 24, "scheduler": 4000, "sieve": 60000, "spectral_norm": 60, "word_count": 8000,
}


def instructions(executable, script, size):
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", executable, os.path.join(HERE, script + ".py"), str(size)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found:
        raise SystemExit("%s under callgrind: %s" % (script, done.stderr[-500:]))
    return int(found.group(1))


def seconds(executable, script):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([executable, os.path.join(HERE, script + ".py")], stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--txpy", required=True)
    options.add_argument("--plain", required=True)
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--only", nargs="*", default=sorted(SMALL))
    options.add_argument("--no-callgrind", action="store_true")
    given = options.parse_args()
    counts, times = [], []
    print("%-16s %14s %14s %8s %8s" % ("", "instructions", "plain", "ratio", "time"))
    for script in given.only:
        count = (0, 0, 1.0)
        if not given.no_callgrind:
            full = [instructions(e, script, SMALL[script]) for e in (given.txpy, given.plain)]
            count = (full[0], full[1], full[0] / full[1])
        pairs = [(seconds(given.txpy, script), seconds(given.plain, script)) for _ in range(given.pairs)]
        ratio = statistics.median([a / b for a, b in pairs]) if pairs else 1.0
        counts.append(count[2])
        times.append(ratio)
        print("%-16s %14d %14d %8.3f %8.3f" % (script, count[0], count[1], count[2], ratio), flush=True)
    mean = lambda v: math.exp(sum(map(math.log, v)) / len(v))
    print("%-16s %29s %8.3f %8.3f" % ("geometric mean", "", mean(counts), mean(times)))


main()
