"""Runs CPython's own test files, unmodified, on txpy and on that CPython, and compares them test by test.

    python3 compat-tests/cpython/run.py --txpy target/release/txpy --language 3.13 [--cpython PATH] [--check] [FILE ...]

A table per file: tests that pass on CPython, how many of those pass on txpy. `known_failing-LANGUAGE.txt` is the ratchet: --check fails
when another test fails, or when a test in it passes; --update writes it. `excluded-LANGUAGE.txt` lists tests of CPython's internals
(id, tab, reason), which do not count. CPython's results are kept in the results folder (--fresh runs them again).

With --in-blocks each test function runs in an atomic block that is rolled back at every 997th chance (TXPY_STM_STRESS says otherwise). What counts
are the tests that pass outside; `known_failing_in_blocks-LANGUAGE.txt` is the ratchet then (id, tab, a word for the reason that its head explains).
"""
import atexit
import collections
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from harness import find_cpython, load, named, options, percent, ratchet, read_list, run_file, save  # noqa: E402

BOTH = """grammar syntax types builtin bool int long float complex list tuple dict set slice iter generators genexps listcomps decorators
class descr exceptions with scope string format unicode str itertools functools operator math struct re copy pickle collections heapq
bisect random json csv datetime time decimal fractions threading threading_local queue weakref io os tempfile subprocess argparse textwrap traceback
inspect codecs array cmath mmap abc fork1 thread""".split()
ONLY = {
    "2.7": [],
    "3.13": """fstring patma metaclass type_annotations coroutines enum dataclasses typing statistics keywordonlyarg named_expressions""".split(),
}
# Not in blocks unless named: their subject is other threads, which wait for the block's end as the block waits for them.
NOT_IN_BLOCKS = ["threading", "threading_local", "thread", "fork1"]
SILENCE = 60  # seconds without a result after which a test counts as hanging


def main():
    p = options(__doc__, "target/compat-tests/cpython", SILENCE)
    p.add_argument("--language", choices=sorted(ONLY), default="3.13")
    p.add_argument("--messages", type=int, default=0, metavar="N", help="print the N most frequent failure messages")
    p.add_argument("--in-blocks", action="store_true", help="run each test function in an atomic block, with aborts injected")
    p.add_argument("files", nargs="*", help="test_NAME; all of the language's if left out")
    a = p.parse_args()
    cpython = a.cpython or find_cpython(a.language)
    tests = subprocess.run([cpython, "-c", "import test, os; print(os.path.dirname(os.path.abspath(test.__file__)))"],
                           capture_output=True, text=True, check=True).stdout.strip()
    wanted = a.files or ["test_" + n for n in BOTH + ONLY[a.language] if not (a.in_blocks and n in NOT_IN_BLOCKS)]
    files = []
    for f in wanted:
        if os.path.exists(os.path.join(tests, f + ".py")) or os.path.isdir(os.path.join(tests, f)):
            files.append(f)
        elif a.files:
            sys.exit(f"{f}: no such test file of {a.language}")
    os.makedirs(a.results, exist_ok=True)
    os.environ.pop("PYTHONPATH", None)
    excluded = read_list(os.path.join(HERE, f"excluded-{a.language}.txt"))
    known = f"known_failing-{a.language}.txt"
    mode, arguments = "", []
    if a.in_blocks:
        excluded.update(read_list(os.path.join(HERE, known)))
        known = f"known_failing_in_blocks-{a.language}.txt"
        mode, arguments = "-in-blocks", ["in-blocks"]
        os.environ.setdefault("TXPY_STM_STRESS", "997")
    txpy = [named(os.path.abspath(a.txpy), a.language)]

    # Tests start processes that import test.support: there, too, the package is CPython's, and nothing else is. Modules of CPython's internals, which
    # some files import at their head, have stand-ins.
    library = tempfile.mkdtemp(prefix="compat-")
    atexit.register(shutil.rmtree, library, True)
    os.symlink(tests, os.path.join(library, "test"))
    if a.language != "2.7":
        found = subprocess.run(txpy + ["-c", "import sys; print(chr(10).join(p for p in sys.path if p.startswith(('/', '<txpy>/lib3'))))"], capture_output=True, text=True, check=True)
        os.environ["TXPY_LIB"] = ":".join(found.stdout.splitlines() + [library, os.path.join(HERE, "internals")])

    def command(python, name, arguments):
        return lambda results, done: python + [os.path.join(HERE, "driver.py"), tests, name, results, done] + arguments

    def one(name):
        base = os.path.join(a.results, f"{name}.cpython-{a.language}.tsv")
        if a.fresh or not os.path.exists(base):
            save(base, run_file(command([cpython], name, []), name, a.silence))
        want = load(base)
        mine = os.path.join(a.results, f"{name}.txpy-{a.language}{mode}.tsv")
        if not (a.reuse and os.path.exists(mine)):
            save(mine, run_file(command(txpy, name, arguments), name, a.silence))
        got = load(mine)
        return name, want, got

    rolled_back = 0
    failing, left_out, table, messages, crashes = {}, 0, [], collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for name, want, got in pool.map(one, files):
            passing = [t for t, (s, _) in want.items() if s == "pass"]
            left_out += sum(t in excluded for t in passing)
            passing = [t for t in passing if t not in excluded]
            reason = next((f"{m}" for t, (s, m) in got.items() if s.startswith("import-")), None)
            for t in passing:
                status, message = got.get(t, ("fail", reason or "not run"))
                rolled_back += message.startswith("rolled back")
                if status != "pass":
                    failing[t] = (status, message)
                    messages[re.sub(r"@.*|0x[0-9a-f]+", "", f"{status}: {message}")] += 1
                    if status in ("crash", "hang"):
                        crashes.append((t, status, message))
            good = sum(t not in failing for t in passing)
            table.append((name, len(passing), good))
            note = f"  not imported: {reason}" if reason else ""
            print(f"{name:24} {len(passing):6} {good:6} {percent(good, len(passing))}{note}", flush=True)
    total, good = sum(r[1] for r in table), sum(r[2] for r in table)
    print(f"{'total':24} {total:6} {good:6} {percent(good, total)}   left out: {left_out}; below 60 %: "
          + (" ".join(n for n, w, g in table if g < 0.6 * w) or "none"))
    if a.in_blocks:
        print(f"rolled back at least once, and passed: {rolled_back}")
    for t, status, message in crashes:
        print(f"{status}: {t}: {message}")
    if a.failures:
        for t, (status, message) in failing.items():
            print(f"{status}\t{t}\t{message}")
    for text, n in messages.most_common(a.messages):
        print(f"{n:5}  {text[:200]}")
    covers = lambda t: any(t.startswith(f"test.{f}.") or t == f"test.{f}" for f in files)
    ratchet(os.path.join(HERE, known), failing, covers, a.update, a.check, why_in_block if a.in_blocks else lambda message: "")


def why_in_block(message):
    """The word that stands behind a new test in the ratchet file of blocks; the others are found by hand."""
    return "threads" if "deadlock: an atomic block" in message else "unexplained"


if __name__ == "__main__":
    main()
