"""Ctrl-C, exceptions and ends of threads at random moments of atomic blocks, in many processes: no hang, no half-done write.

    python3 tools/interrupt-transactions.py --txpy PATH [--runs 1000] [--first 0] [--stress N]

Each run is runtime/txpy/tests/transactions/interrupted.py with a seed of its own, in both languages in turn; it checks what its blocks move about. Here it
is checked that it ends in time, with a status that it may have, and that no block's output is cut or doubled.
"""
import argparse
import os
import subprocess
import sys

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "runtime", "txpy", "tests", "transactions", "interrupted.py")


def trouble(txpy, seed, stress, patience):
    """What is wrong with the run of a seed, as text; None if nothing is."""
    environment = dict(os.environ, **({"TXPY_STM_STRESS": str(stress)} if stress else {}))
    command = [txpy, "-3" if seed // 4 % 2 else "-2", SCRIPT, str(seed)]
    try:
        p = subprocess.run(command, capture_output=True, text=True, timeout=patience, env=environment)
    except subprocess.TimeoutExpired:
        return "hangs"
    lines = p.stdout.split("\n")
    # Seeds of this kind end by a last Ctrl-C that nobody catches.
    interrupted = seed % 4 == 1
    if interrupted:
        ended = p.returncode != 0 and p.stderr.rstrip().endswith("KeyboardInterrupt")
    else:
        ended = p.returncode == 0 and not p.stderr
    if not ended:
        return "status %s: %s" % (p.returncode, p.stderr)
    if lines.count("whole") != 1 or lines.pop() != "" or set(lines) - {"<>", "whole"}:
        return "printed %r" % [line for line in lines if line != "<>"]
    return None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--txpy", required=True)
    options.add_argument("--runs", type=int, default=1000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--stress", type=int, default=0)
    options.add_argument("--patience", type=float, default=60.0)
    given = options.parse_args()
    wrong = 0
    for seed in range(given.first, given.first + given.runs):
        found = trouble(given.txpy, seed, given.stress, given.patience)
        if found:
            wrong += 1
            print("seed %d: %s" % (seed, found), flush=True)
    print("%d runs, %d wrong" % (given.runs, wrong))
    sys.exit(wrong != 0)


main()
