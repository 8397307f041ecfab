"""What the runners of other people's tests share: processes that may crash or hang, files of results, ratchet files."""
import argparse
import atexit
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

RESTARTS = 40  # processes a file may use up
MEMORY = 12 << 30


def options(doc, results, silence):
    """The parser of a runner's command line, with what all of them take."""
    p = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--txpy", default="target/release/txpy")
    p.add_argument("--cpython", help="the CPython of that language (default: looked up with pyenv, then on PATH)")
    p.add_argument("--results", default=results, help="folder of results")
    p.add_argument("--fresh", action="store_true", help="run CPython again although its results are there")
    p.add_argument("--reuse", action="store_true", help="take txpy's results from the results folder, too")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--silence", type=float, default=silence, help="seconds without a result after which a test counts as hanging")
    p.add_argument("--failures", action="store_true", help="print each failing test with its message")
    p.add_argument("--check", action="store_true", help="fail where results differ from the ratchet file")
    p.add_argument("--update", action="store_true", help="write the ratchet file")
    return p


def percent(n, of):
    return f"{100 * n / of:6.1f} %" if of else "     - "


def find_cpython(language):
    """The executable of an installed CPython of that language."""
    if shutil.which("pyenv"):
        for version in subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True).stdout.split():
            if version.startswith(language + "."):
                prefix = subprocess.run(["pyenv", "prefix", version], capture_output=True, text=True).stdout.strip()
                return os.path.join(prefix, "bin", "python")
    if shutil.which("python" + language):
        return shutil.which("python" + language)
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


def ratchet(path, failing, covers, update, check, reason=lambda message: ""):
    """The file of tests known to fail: writes it, or compares with it and ends the program. `covers` says of a test whether it was run.
    The file's head and the reasons in it stay; `reason` gives that of a test that is new there."""
    known = read_list(path)
    covered = {t for t in known if covers(t)}
    if update:
        head = []
        if os.path.exists(path):
            with open(path) as f:
                head = [line for line in f if line.startswith("#")]
        why = {t: known[t] if t in known else reason(failing[t][1]) for t in (set(known) - covered) | set(failing)}
        with open(path, "w") as f:
            f.writelines(head)
            f.writelines((t + "\t" + why[t]).rstrip("\t") + "\n" for t in sorted(why))
    if check:
        new, mended = sorted(set(failing) - set(known)), sorted(covered - set(failing))
        for t in new:
            print(f"fails, but is not in the ratchet file: {t}: {failing[t][1]}")
        for t in mended:
            print(f"passes, but is in the ratchet file: {t}")
        sys.exit(1 if new or mended else 0)


def run_file(command, name, silence):
    """{test: (status, message)} of one file: processes are started until each test was run, died or was killed. `command` takes the path of the
    file that results go to and that of one with the tests that have been run."""
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
            ended, why = run_process(command(path, done), work, path, silence)
            shutil.rmtree(work, ignore_errors=True)
            running, finished, before = None, False, len(results)
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
            if running is None and len(results) > before:
                continue
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
    env.pop("PYTHONHOME", None)

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
