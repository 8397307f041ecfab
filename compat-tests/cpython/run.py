"""Runs CPython's own test files, unmodified, on txpy and on that CPython, and compares them test by test.

    python3 compat-tests/cpython/run.py --txpy target/release/txpy --language 3.13 [--cpython PATH] [--check] [FILE ...]

A table per file: tests that pass on CPython, how many of those pass on txpy. `known_failing-LANGUAGE.txt` is the ratchet: --check fails
when another test fails, or when a test in it passes; --update writes it. `excluded-LANGUAGE.txt` lists tests of CPython's internals
(id, tab, reason), which do not count. CPython's results are kept in the results folder (--fresh runs them again).
"""
import argparse
import atexit
import collections
import concurrent.futures
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BOTH = """grammar syntax types builtin bool int long float complex list tuple dict set slice iter generators genexps listcomps decorators
class descr exceptions with scope string format unicode str itertools functools operator math struct re copy pickle collections heapq
bisect random json csv datetime time decimal fractions threading queue weakref io os tempfile subprocess argparse textwrap traceback
inspect codecs array cmath mmap""".split()
ONLY = {
    "2.7": [],
    "3.13": """fstring patma coroutines enum dataclasses typing statistics keywordonlyarg named_expressions""".split(),
}
LANGUAGES = {"2.7": ["python2.7"], "3.13": ["python3.13"]}
SILENCE = 60  # seconds without a result after which a test counts as hanging
RESTARTS = 40  # processes a file may use up
MEMORY = 12 << 30


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--txpy", default="target/release/txpy")
    p.add_argument("--language", choices=sorted(LANGUAGES), default="3.13")
    p.add_argument("--cpython", help="the CPython of that language (default: looked up with pyenv, then on PATH)")
    p.add_argument("--results", default="target/compat-tests/cpython", help="folder of results")
    p.add_argument("--fresh", action="store_true", help="run CPython again although its results are there")
    p.add_argument("--reuse", action="store_true", help="take txpy's results from the results folder, too")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--silence", type=float, default=SILENCE, help="seconds without a result after which a test counts as hanging")
    p.add_argument("--messages", type=int, default=0, metavar="N", help="print the N most frequent failure messages")
    p.add_argument("--failures", action="store_true", help="print each failing test with its message")
    p.add_argument("--check", action="store_true", help="fail where results differ from the ratchet file")
    p.add_argument("--update", action="store_true", help="write the ratchet file")
    p.add_argument("files", nargs="*", help="test_NAME; all of the language's if left out")
    a = p.parse_args()
    cpython = a.cpython or find_cpython(a.language)
    tests = subprocess.run([cpython, "-c", "import test, os; print(os.path.dirname(os.path.abspath(test.__file__)))"],
                           capture_output=True, text=True, check=True).stdout.strip()
    wanted = a.files or ["test_" + n for n in BOTH + ONLY[a.language]]
    files = []
    for f in wanted:
        if os.path.exists(os.path.join(tests, f + ".py")) or os.path.isdir(os.path.join(tests, f)):
            files.append(f)
        elif a.files:
            sys.exit(f"{f}: no such test file of {a.language}")
    os.makedirs(a.results, exist_ok=True)
    excluded = read_list(os.path.join(HERE, f"excluded-{a.language}.txt"))
    txpy = [named(os.path.abspath(a.txpy), a.language)]

    # Tests start processes that import test.support: there, too, the package is CPython's, and nothing else is.
    library = tempfile.mkdtemp(prefix="compat-")
    atexit.register(shutil.rmtree, library, True)
    os.symlink(tests, os.path.join(library, "test"))
    if a.language != "2.7":
        found = subprocess.run(txpy + ["-c", "import sys; print(chr(10).join(p for p in sys.path if p.startswith(('/', '<txpy>/lib3'))))"], capture_output=True, text=True, check=True)
        os.environ["TXPY_LIB"] = ":".join(found.stdout.splitlines() + [library])

    def one(name):
        base = os.path.join(a.results, f"{name}.cpython-{a.language}.tsv")
        if a.fresh or not os.path.exists(base):
            save(base, run_file([cpython], tests, name, a.silence))
        want = load(base)
        mine = os.path.join(a.results, f"{name}.txpy-{a.language}.tsv")
        if not (a.reuse and os.path.exists(mine)):
            save(mine, run_file(txpy, tests, name, a.silence))
        got = load(mine)
        return name, want, got

    failing, left_out, table, messages, crashes = {}, 0, [], collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(a.jobs) as pool:
        for name, want, got in pool.map(one, files):
            passing = [t for t, (s, _) in want.items() if s == "pass"]
            left_out += sum(t in excluded for t in passing)
            passing = [t for t in passing if t not in excluded]
            reason = next((f"{m}" for t, (s, m) in got.items() if s.startswith("import-")), None)
            for t in passing:
                status, message = got.get(t, ("fail", reason or "not run"))
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
    for t, status, message in crashes:
        print(f"{status}: {t}: {message}")
    if a.failures:
        for t, (status, message) in failing.items():
            print(f"{status}\t{t}\t{message}")
    for text, n in messages.most_common(a.messages):
        print(f"{n:5}  {text[:200]}")
    ratchet = os.path.join(HERE, f"known_failing-{a.language}.txt")
    known = set(read_list(ratchet))
    covered = {t for t in known if any(t.startswith(f"test.{f}.") or t == f"test.{f}" for f in files)}
    if a.update:
        with open(ratchet, "w") as f:
            f.writelines(t + "\n" for t in sorted((known - covered) | set(failing)))
    if a.check:
        new, mended = sorted(set(failing) - known), sorted(covered - set(failing))
        for t in new:
            print(f"fails, but is not in the ratchet file: {t}: {failing[t][1]}")
        for t in mended:
            print(f"passes, but is in the ratchet file: {t}")
        sys.exit(1 if new or mended else 0)


def percent(n, of):
    return f"{100 * n / of:6.1f} %" if of else "     - "


def find_cpython(language):
    """The executable of an installed CPython of that language."""
    if shutil.which("pyenv"):
        for version in subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True).stdout.split():
            if version.startswith(language + "."):
                prefix = subprocess.run(["pyenv", "prefix", version], capture_output=True, text=True).stdout.strip()
                return os.path.join(prefix, "bin", "python")
    for name in LANGUAGES[language]:
        if shutil.which(name):
            return shutil.which(name)
    sys.exit(f"no CPython {language} found; name one with --cpython")


def named(txpy, language):
    """A name of the executable that chooses the language: tests start sys.executable, too."""
    link = os.path.join(tempfile.mkdtemp(prefix="compat-"), "python" + language)
    atexit.register(shutil.rmtree, os.path.dirname(link), True)
    os.symlink(txpy, link)
    return link


def read_list(path):
    """A file's lines up to the first tab, without comments, with what follows the tab."""
    if not os.path.exists(path):
        return {}
    with open(path) as f:
        lines = [line.rstrip("\n") for line in f]
    return dict((x.split("\t", 1) + [""])[:2] for x in lines if x and not x.startswith("#"))


def save(path, results):
    with open(path + ".new", "w") as f:
        f.writelines(f"{s}\t{t}\t{m}\n" for t, (s, m) in results.items())
    os.replace(path + ".new", path)


def load(path):
    with open(path) as f:
        rows = [line.rstrip("\n").split("\t", 2) for line in f]
    return {t: (s, m) for s, t, m in rows}


def run_file(command, tests, name, silence):
    """{test: (status, message)} of one file: processes are started until each test was run, died or was killed."""
    results = {}
    folder = tempfile.mkdtemp(prefix="compat-")
    try:
        for _ in range(RESTARTS):
            path, done = os.path.join(folder, "results"), os.path.join(folder, "done")
            open(path, "w").close()
            with open(done, "w") as f:
                f.writelines(t + "\n" for t in results)
            work = os.path.join(folder, "work")
            os.makedirs(work, exist_ok=True)
            ended, why = run_process(command + [os.path.join(HERE, "driver.py"), tests, name, path, done], work, path, silence)
            shutil.rmtree(work, ignore_errors=True)
            running, finished = None, False
            with open(path, errors="replace") as f:
                for line in f:
                    status, test, message = line.rstrip("\n").split("\t", 2)
                    if status == "start":
                        running = test
                    elif status == "end":
                        finished = True
                    elif status == "fixture":
                        results["fixture " + test] = ("fixture", message)
                    else:
                        results[test] = (status, message)
                        running = None
                        finished = finished or status.startswith("import-")
            if finished:
                break
            if running is None:
                results.setdefault(name, ("import-fail", f"{ended}: {why}"))
                break
            results[running] = (ended, why)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return results


def run_process(command, work, path, silence):
    """Runs until the process ends or its results stop growing; ('crash' or 'hang', last words)."""
    errors = tempfile.TemporaryFile()
    env = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8", TMPDIR=work)
    for name in ("PYTHONPATH", "PYTHONHOME"):
        env.pop(name, None)

    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    proc = subprocess.Popen(command, cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                            start_new_session=True, preexec_fn=limits)
    size, since, ended = 0, time.monotonic(), "crash"
    while True:
        try:
            proc.wait(0.2)
            break
        except subprocess.TimeoutExpired:
            now = os.path.getsize(path)
            if now != size:
                size, since = now, time.monotonic()
            elif time.monotonic() - since > silence:
                ended = "hang"
                break
    try:
        os.killpg(proc.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    proc.wait()
    errors.seek(max(0, errors.seek(0, 2) - 2000))
    lines = errors.read().decode(errors="replace").strip().splitlines()
    last = lines[-1] if lines else ""
    last = next((x for x in lines if "panicked" in x), last)
    return ended, clean(f"status {proc.returncode}: {last}")


def clean(text):
    return "".join(c if " " <= c <= "~" else " " for c in text)[:300]


if __name__ == "__main__":
    main()
