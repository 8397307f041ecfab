"""What transactions cost and how they scale: the demos in examples/stm, single blocks, shared lists and dicts.

    python3 benches/stm/compare.py --txpy PATH [--python3 PATH] [--rounds 7] [--only cost block scaling shared fairness]

cost      one thread, each demo with its blocks and without them (asked: 1.15)
block     `with atomic: x.n += 1` by `with lock:` around the same (asked: 1)
scaling   two threads' throughput by that of two processes with one thread each (asked: 0.95; router and bank 0.8), and the time of eight threads by that
          of two (asked: 1.1); `near`: the ratio to processes in rounds before and after which a word went from core to core in at most three times the shortest
          time that was seen, and how many these were; nan without rustc, which the probe needs. A virtual machine's processors lie now beside each other, now far apart, which no program can help
shared    plain threads on one list or dict, with a lock and without: time by that of --python3, CPython 3.13 (asked: 1)
fairness  long transactions against short ones: what ended, rollbacks, the longest wait

Rounds run everything that is compared in turn; printed are medians over the rounds, of ratios those of the rounds' ratios. Times are what the scripts
measured themselves, so start-up does not count; the cost is in processor time, the rest by the clock.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DEMOS = os.path.join(HERE, "..", "..", "examples", "stm")
# What makes a demo run for some tenths of a second in two threads, so that their start and the first collection count little. A demo may have several
# sizes: its name, a colon, the size's.
SIZES = {
    "many_square_roots": "--numbers 1800000",
    "trees": "--trees 16000",
    "trees2": "--jobs 18000",
    "raytracer": "--width 480 --height 270",
    "scheduler": "--tasks 72000 --work 600",
    "bank": "--transfers 1200000 --accounts 2000 --audit 0",
    # So many accounts that no cache has them all: what the other core had last costs little more than what neither has.
    "bank:large": "--transfers 1200000 --accounts 200000 --audit 0",
    "router": "--nets 400 --width 200 --height 200",
    "word_count": "--pages 3000",
    "events": "--customers 12000 --ticks 200000",
}


def start(command):
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def last_line(process):
    """Names and numbers of the last line that a script prints: `seconds 1.5 processor 1.4`."""
    out = process.communicate()[0]
    if process.returncode:
        raise SystemExit("%r: status %s" % (process.args, process.returncode))
    words = out.splitlines()[-1].split()
    return dict(zip(words[::2], map(float, words[1::2])))


def medians(rows):
    return [statistics.median(c) for c in zip(*rows)]


class Bench:
    def __init__(self, given):
        self.rounds = given.rounds
        self.txpy = [given.txpy] + (["-2"] if given.python2 else [])
        self.python3 = given.python3
        self.demos = given.demos

    def demo(self, name, *options):
        return start(self.txpy + [os.path.join(DEMOS, name.split(":")[0] + ".py"), "--seconds"] + SIZES[name].split() + list(options))

    def script(self, name, *options):
        return start(self.txpy + [os.path.join(HERE, name + ".py")] + [str(o) for o in options])

    def cost(self):
        print("%-20s %10s %10s %8s" % ("cost, processor s", "blocks", "plain", "ratio"))
        ratios = []
        for name in self.demos:
            rows = []
            for _ in range(self.rounds):
                blocks = last_line(self.demo(name, "--threads", "1"))["processor"]
                plain = last_line(self.demo(name, "--plain"))["processor"]
                rows.append((blocks, plain, blocks / plain))
            row = medians(rows)
            ratios.append(row[2])
            print("%-20s %10.3f %10.3f %8.2f" % ((name,) + tuple(row)), flush=True)
        print("%-20s %30.2f\n" % ("geometric mean", statistics.geometric_mean(ratios)))

    def block(self):
        rows = []
        for _ in range(self.rounds):
            r = last_line(self.script("block"))
            rows.append((r["block"], r["lock"], r["bare"], r["block"] / r["lock"]))
        print("%-20s %10s %10s %10s %8s" % ("x.n += 1, ns", "atomic", "lock", "bare", "ratio"))
        print("%-20s %10.0f %10.0f %10.0f %8.2f\n" % (("",) + tuple(medians(rows))))

    def scaling(self):
        with tempfile.TemporaryDirectory() as place:
            probe = os.path.join(place, "latency")
            known = shutil.which("rustc") and not subprocess.call(["rustc", "-O", "-o", probe, os.path.join(HERE, "latency.rs")])
            self.scaling_by(lambda: last_line(start([probe]))["latency"] if known else float("nan"))

    def scaling_by(self, latency):
        print("%-20s %10s %10s %10s %8s %8s %14s" % ("scaling, seconds", "2 procs", "2 threads", "8 threads", "to procs", "8 to 2", "near (rounds)"))
        results = {}
        for name in self.demos:
            results[name] = rows = []
            for _ in range(self.rounds):
                pair = [self.demo(name, "--threads", "1") for _ in range(2)]
                processes = max([last_line(p)["seconds"] for p in pair])
                before = latency()
                two = last_line(self.demo(name, "--threads", "2"))["seconds"]
                apart = max(before, latency())
                eight = last_line(self.demo(name, "--threads", "8"))["seconds"]
                # Each process did the whole work, the threads did it once together.
                rows.append((processes, two, eight, processes / (2 * two), eight / two, apart))
        nearest = min(row[-1] for rows in results.values() for row in rows)
        for name, rows in results.items():
            near = [row[3] for row in rows if row[-1] <= 3 * nearest]
            shown = (name,) + tuple(medians(rows)[:-1]) + (statistics.median(near) if near else float("nan"), len(near))
            print("%-20s %10.3f %10.3f %10.3f %8.2f %8.2f %8.2f %5d" % shown, flush=True)
        print("a word from core to core: %.0f ns at least\n" % nearest)

    def shared(self):
        if not self.python3:
            print("shared: left out, as --python3 is not given\n")
            return
        print("%-20s %8s %10s %10s %8s" % ("shared, seconds", "threads", "txpy", "CPython", "ratio"))
        for kind in ("append", "append_locked", "list_store", "list_add_locked", "dict_store", "dict_add_locked", "dict_read"):
            for threads in (2, 8):
                rows = []
                for _ in range(self.rounds):
                    ours = last_line(self.script("shared", kind, threads, 400000))["seconds"]
                    theirs = last_line(start([self.python3, os.path.join(HERE, "shared.py"), kind, str(threads), "400000"]))["seconds"]
                    rows.append((ours, theirs, ours / theirs))
                print("%-20s %8d %10.3f %10.3f %8.2f" % ((kind, threads) + tuple(medians(rows))), flush=True)
        print()

    def fairness(self):
        for long_ones, short_ones in ((1, 1), (1, 4), (4, 1)):
            print("fairness: %d threads with long transactions, %d with short ones" % (long_ones, short_ones))
            p = self.script("fairness", long_ones, short_ones, 1.0)
            print(p.communicate()[0], flush=True)


def main():
    parts = ["cost", "block", "scaling", "shared", "fairness"]
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--txpy", required=True)
    options.add_argument("--python3", help="CPython 3.13, for what is shared by plain threads")
    options.add_argument("--python2", action="store_true", help="run txpy -2")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--only", nargs="*", choices=parts, default=parts)
    options.add_argument("--demos", nargs="*", choices=sorted(SIZES), default=list(SIZES))
    given = options.parse_args()
    bench = Bench(given)
    for part in given.only:
        getattr(bench, part)()


main()
