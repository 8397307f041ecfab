#!/usr/bin/env python3
"""Runs the cases of runtime/txpy/tests/bad_input on CPython and compares with the outcomes written there.

    tools/check-bad-input.py --py2 PYTHON2.7 --py3 PYTHON3.13 [--txpy TXPY] [PART_OF_A_NAME ...]

Prints each case whose outcome in CPython is not among those expected, with the outcome and the end of stderr; where CPython
itself dies of a signal, runs out of time or cannot run the case (NumPy missing), says so: such an outcome is nothing to copy.
With --txpy the executable runs each case, too, and what differs from CPython is printed even if the table allows it.
"""
import argparse, os, pathlib, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor


def cases():
    folder = pathlib.Path(__file__).resolve().parent.parent / "runtime/txpy/tests/bad_input"
    for path in sorted(folder.glob("*.txt")):
        case = None
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.startswith("=== "):
                f = [x.strip() for x in line[4:].split("|")]
                options = f[3].split() if len(f) > 3 else []
                memory = next((int(o[4:]) for o in options if o.startswith("mem=")), 8_000_000)
                case = {"name": f"{path.stem}.{f[0]}", "outcomes": f[1:3], "memory": memory, "shell": "sh" in options, "code": ""}
                yield case
            elif line.startswith(">>> "):
                f = line[4:].split(", ", 2)
                yield {"name": f"{path.stem}: {f[2]}", "outcomes": f[:2], "memory": 8_000_000, "shell": False, "code": f[2] + "\n"}
                case = None
            elif case is not None:
                case["code"] += line + "\n"


def exception(line):
    name = line.lstrip(" |+-").split(":")[0]
    if name and all(c.isalnum() or c in "_." for c in name):
        return name.rsplit(".")[-1]


def run(case, python, seconds):
    folder = tempfile.mkdtemp()
    try:
        with open(os.path.join(folder, "case.py"), "w", encoding="utf-8", errors="surrogateescape") as f:
            f.write(case["code"])
        script = case["code"] if case["shell"] else "exec $PY case.py"
        env = dict(os.environ, PY=python)
        env.pop("PYTHONPATH", None)
        p = subprocess.Popen(["bash", "-c", f"ulimit -c 0; ulimit -v {case['memory']}; {script}"], env=env, cwd=folder, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)
        try:
            err = p.communicate(timeout=seconds)[1].decode("utf-8", "replace")
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, 9)
            p.communicate()
            return "hang", ""
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    n = p.returncode
    if n < 0 or n > 128 and n != 255:
        return f"signal {-n if n < 0 else n - 128}", err
    if n == 0:
        return "ok", err
    if n == 1:
        names = [e for e in map(exception, err.splitlines()) if e]
        return (names[-1] if names else "exit 1"), err
    return f"exit {n}", err


def right(expected, got, err):
    died = got == "ok" or got.startswith("signal") or got == "hang"
    return any(e == got or e == "exit" and not died or e == "exit 1" and not died and not got.startswith("exit") and err
               for e in expected.split("/"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--py2")
    parser.add_argument("--py3")
    parser.add_argument("--txpy")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--all", action="store_true", help="print every outcome")
    parser.add_argument("parts", nargs="*")
    o = parser.parse_args()
    work = [(c, i, py) for c in cases() for i, py in enumerate((o.py2, o.py3))
            if py and c["outcomes"][i] != "-" and (not o.parts or any(p in c["name"] for p in o.parts))]
    wrong = died = unable = other = 0
    with ThreadPoolExecutor(2) as pool:
        for (c, i, py), (got, err) in zip(work, pool.map(lambda w: run(w[0], w[2], o.seconds), work)):
            expected, end = c["outcomes"][i], " < ".join(err.strip().splitlines()[-1:])[:160]
            if o.all:
                print(f"{c['name']} -{i + 2}: {got}  (expected {expected})  {end}")
            elif got.startswith("signal") or got == "hang":
                died += 1
                print(f"DIES   {c['name']} -{i + 2}: {got}  (expected {expected})")
            elif "numpy" in c["code"] and got in ("ImportError", "ModuleNotFoundError"):
                unable += 1
            elif not right(expected, got, err):
                wrong += 1
                print(f"WRONG  {c['name']} -{i + 2}: {got}  (expected {expected})  {end}")
            elif o.txpy:
                ours, err = run(c, f"{o.txpy} -{i + 2}", o.seconds)
                if ours != got and not (ours.startswith("exit 1") and got.startswith("exit 1")):
                    other += 1
                    print(f"OTHER  {c['name']} -{i + 2}: {got} but txpy: {ours}  (expected {expected})  {end}")
    print(f"{len(work)} outcomes: {wrong} differ, CPython dies in {died}, {unable} need NumPy" + (f", txpy differs in {other}" if o.txpy else ""))
    return 1 if wrong else 0


sys.exit(main())
