"""Runs test suites of packages from PyPI under pytest on txpy and on CPython 3.13, and compares them test by test.

    python3.13 -m pip install --no-compile --target target/packages six attrs mpmath==1.3.0 sympy==1.14.0 pytest==9.2.0 hypothesis==6.140.0
    python3 compat-tests/packages/run.py --txpy target/release/txpy --site target/packages [--check] [FILE ...]

A table per file: tests that pass on CPython, how many of those pass on txpy, seconds of those that pass on both. `known_failing.txt` is the ratchet: --check
fails when another test fails, or when a test in it passes; --update writes it. CPython's results are kept in the results folder (--fresh runs them again).
"""
import collections
import concurrent.futures
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from harness import find_cpython, load, named, options, percent, ratchet, run_file, save  # noqa: E402

SUITES = ["mpmath/tests", "sympy/core/tests"]
SILENCE = 120  # seconds without a result after which a test counts as hanging


def main():
    p = options(__doc__, "target/compat-tests/packages", SILENCE)
    p.add_argument("--site", default="target/packages", help="folder that pip installed the packages into")
    p.add_argument("--slow", type=float, default=10, metavar="N", help="name tests that take more than N times CPython's time, and a second")
    p.add_argument("files", nargs="*", help="test files below the site folder; those of all suites if left out")
    a = p.parse_args()
    site = os.path.abspath(a.site)
    files = a.files or sorted(os.path.relpath(f, site) for s in SUITES for f in glob.glob(os.path.join(site, s, "test_*.py")))
    if not files:
        sys.exit(f"{a.site}: no packages there; see --help")
    os.makedirs(a.results, exist_ok=True)
    pythons = {"cpython": a.cpython or find_cpython("3.13"), "txpy": named(os.path.abspath(a.txpy), "3.13")}

    def command(python, file):
        def with_paths(results, done):
            settings = {"PYTHONPATH": f"{site}:{HERE}", "TXPY_RESULTS": results, "TXPY_DONE": done}
            return ["env"] + [f"{k}={v}" for k, v in settings.items()] + [
                pythons[python], "-m", "pytest", "-q", "-p", "report", "-p", "no:cacheprovider", "--rootdir", site, "-c", os.devnull, os.path.join(site, file)]
        return with_paths

    def results(python, file, again):
        path = os.path.join(a.results, f"{file.replace('/', '.')}.{python}.tsv")
        if again or not os.path.exists(path):
            save(path, run_file(command(python, file), file, a.silence))
        return load(path)

    def one(file):
        return file, results("cpython", file, a.fresh), results("txpy", file, not a.reuse)

    failing, totals, slow = {}, collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for file, want, got in pool.map(one, files):
            passing = [t for t, (s, _) in want.items() if s == "pass"]
            reason = next((m for s, m in got.values() if s.startswith("import-")), None)
            seconds = [0.0, 0.0]
            for t in passing:
                status, message = got.get(t, ("fail", reason or "not run"))
                if status != "pass":
                    failing[t] = (status, message)
                    continue
                pair = [float(want[t][1]), float(message)]
                seconds = [x + y for x, y in zip(seconds, pair)]
                if pair[1] > max(1, a.slow * pair[0]):
                    slow.append((t, *pair))
            good = sum(t not in failing for t in passing)
            suite = os.path.dirname(file)
            for name in (suite, "total"):
                totals[name, "wanted"] += len(passing)
                totals[name, "good"] += good
            note = f"  not imported: {reason}" if reason else ""
            print(f"{file:52} {len(passing):5} {good:5} {percent(good, len(passing))} {seconds[0]:7.1f} {seconds[1]:7.1f}{note}", flush=True)
    for name in dict.fromkeys([n for n, _ in totals if n != "total"] + ["total"]):
        wanted, good = totals[name, "wanted"], totals[name, "good"]
        print(f"{name:52} {wanted:5} {good:5} {percent(good, wanted)}")
    for t, base, mine in slow:
        print(f"slow: {t}: {mine:.1f} s, CPython {base:.1f} s")
    for t, (status, message) in failing.items():
        if a.failures or status in ("crash", "hang"):
            print(f"{status}\t{t}\t{re.sub('0x[0-9a-f]+', '0x', message)}")
    ratchet(os.path.join(HERE, "known_failing.txt"), failing, lambda t: t.split("::")[0] in files, a.update, a.check)


if __name__ == "__main__":
    main()
