"""Threads against processes: independent Python work in two threads, in two processes, in one thread and in eight threads.

    python3 benches/threads/compare.py --txpy PATH [--rounds 7] [--units 1500000]

Each round runs the four in turn. Printed are medians over the rounds of: two threads' throughput by that of two separate processes (asked:
0.95), by that of one thread, and eight threads' time by that of two (asked: 1.05). The time is what the script itself took, so start-up
does not count; of two processes the longer one counts.
"""
import argparse
import os
import statistics
import subprocess

WORK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "work.py")
KINDS = ["objects", "containers", "texts", "trees", "generators"]


def start(command, kind, threads, units):
    return subprocess.Popen(command + [WORK, kind, str(threads), str(units)], stdout=subprocess.PIPE, text=True)


def seconds(process):
    out = process.communicate()[0]
    if process.returncode:
        raise SystemExit("%r: status %s" % (process.args, process.returncode))
    return float(out)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--txpy", required=True)
    options.add_argument("--python2", action="store_true", help="run txpy -2")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--units", type=int, default=1500000)
    options.add_argument("--only", nargs="*", default=KINDS)
    given = options.parse_args()
    command = [given.txpy] + (["-2"] if given.python2 else [])
    n = given.units
    print("%-12s %10s %10s %10s %10s   %9s %9s %9s" % ("seconds", "1 thread", "2 threads", "2 procs", "8 threads", "to procs", "to one", "8 to 2"))
    worst = []
    for kind in given.only:
        rows = []
        for _ in range(given.rounds):
            one = seconds(start(command, kind, 1, n))
            two = seconds(start(command, kind, 2, 2 * n))
            pair = [start(command, kind, 1, n) for _ in range(2)]
            processes = max([seconds(p) for p in pair])
            eight = seconds(start(command, kind, 8, 2 * n))
            rows.append((one, two, processes, eight, processes / two, 2 * one / two, eight / two))
        columns = [statistics.median(c) for c in zip(*rows)]
        worst.append(columns)
        print("%-12s %10.3f %10.3f %10.3f %10.3f   %9.2f %9.2f %9.2f" % ((kind,) + tuple(columns)), flush=True)
    print("%-12s %43s   %9.2f %9.2f %9.2f" % ("median", "", *[statistics.median([w[i] for w in worst]) for i in (4, 5, 6)]))


main()
