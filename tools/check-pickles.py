"""Pickles of arrays, scalars and dtypes, written by each interpreter and read by each.

    check-pickles.py [--verbose] NAME=COMMAND NAME=COMMAND ...

for example

    check-pickles.py cpython3=python3 "cpython2=env PYTHONPATH=/opt/np27 python2.7" "txpy3=txpy -3" "txpy2=txpy -2"

Each interpreter writes every value with every protocol that it has; each then loads the files of all and describes what it got.
The table shows, for a writer (row) and a reader (column), how many pickles came through. Status 1 if any did not.
"""
from __future__ import print_function

import os
import sys

OUT_OF_BAND = 9  # stands for protocol 5 with buffers beside the pickle


def values(np):
    yield "bool", np.array([True, False, True])
    for kind in ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16"]:
        a = np.arange(12).astype(kind).reshape(3, 4)
        yield kind, a
        yield kind + " fortran", np.array(a, order="F")
        yield kind + " slice", a[::2, 1:3]
        yield kind + " reversed", a[0, ::-1]
        yield kind + " 0-d", np.array(7, dtype=kind)
        yield kind + " empty", np.zeros((0, 3), dtype=kind)
        yield kind + " scalar", np.dtype(kind).type(5)
        yield kind + " dtype", np.dtype(kind)
        if kind[1:] != "1":
            yield kind + " swapped", a.astype(">" + kind)
            yield kind + " swapped dtype", np.dtype(">" + kind)
    yield "5 axes", np.arange(32.0).reshape(2, 2, 2, 2, 2).transpose(4, 0, 1, 3, 2)
    yield "special", np.array([float("nan"), float("inf"), -0.0, 1e-320])
    yield "bytes", np.array([b"a", b"bcd", b""])
    yield "text", np.array([u"a", u"\u20ac\U0001F600z"])
    yield "text swapped", np.array([u"ab", u"c"]).astype(">U2")
    yield "bytes dtype", np.dtype("S5")
    yield "text dtype", np.dtype("U5")
    yield "bytes scalar", np.array([b"xy"])[0]
    yield "text scalar", np.array([u"xy"])[0]
    yield "bool scalar", np.array([True])[0]
    shared = np.arange(3)
    yield "together", [shared, {"again": shared}, (np.float64(1.5), np.dtype("f4"))]


def describe(x, np):
    if isinstance(x, (list, tuple)):
        return type(x).__name__ + "(" + ", ".join(describe(y, np) for y in x) + ")"
    if isinstance(x, dict):
        return "{" + ", ".join(str(k) + ": " + describe(x[k], np) for k in sorted(x)) + "}"
    if isinstance(x, np.dtype):
        return "dtype %s %s" % (x.str, x.itemsize)
    if isinstance(x, np.ndarray):
        # Whatever is not in Fortran's order arrives in C's.
        order = "F" if x.flags.f_contiguous and not x.flags.c_contiguous else "C"
        # Arrays in foreign byte order arrive in the machine's, unless their buffer is shared.
        x = x.astype(x.dtype.newbyteorder("="))
        data = "".join("%02x" % c for c in bytearray(x.tobytes()))
        return "array %s %s %s %s" % (x.dtype.str, x.shape, order, data)
    if isinstance(x, np.generic):
        return "scalar %s %s" % (np.array(x).dtype.str, "".join("%02x" % c for c in bytearray(np.array(x).tobytes())))
    return "other %s %r" % (type(x).__name__, x)


def write(directory, pickle, np):
    lines = []
    for i, (name, x) in enumerate(values(np)):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with open(os.path.join(directory, "%d.%d" % (i, protocol)), "wb") as f:
                f.write(pickle.dumps(x, protocol))
            lines.append("%d\t%d\t%s\t%s" % (i, protocol, name, describe(x, np)))
        if pickle.HIGHEST_PROTOCOL >= 5 and hasattr(pickle, "PickleBuffer"):
            buffers = []
            with open(os.path.join(directory, "%d.%d" % (i, OUT_OF_BAND)), "wb") as f:
                f.write(pickle.dumps(x, 5, buffer_callback=buffers.append))
            for k, b in enumerate(buffers):
                with open(os.path.join(directory, "%d.%d.%d" % (i, OUT_OF_BAND, k)), "wb") as f:
                    f.write(b.raw())
            lines.append("%d\t%d\t%s\t%s" % (i, OUT_OF_BAND, name, describe(x, np)))
    with open(os.path.join(directory, "index"), "w") as f:
        f.write("\n".join(lines))


def load(directory, i, protocol, pickle):
    place = os.path.join(directory, "%s.%s" % (i, protocol))
    with open(place, "rb") as f:
        data = f.read()
    options = {}
    if sys.version_info[0] >= 3:
        options["encoding"] = "latin1"  # what Python 2 wrote
    if int(protocol) == OUT_OF_BAND:
        options["buffers"] = []
        while os.path.exists("%s.%d" % (place, len(options["buffers"]))):
            with open("%s.%d" % (place, len(options["buffers"])), "rb") as f:
                options["buffers"].append(f.read())
    return pickle.loads(data, **options)


def read(directory, pickle, np):
    for line in open(os.path.join(directory, "index")).read().split("\n"):
        i, protocol, name, wanted = line.split("\t")
        if int(protocol) > pickle.HIGHEST_PROTOCOL and not (int(protocol) == OUT_OF_BAND and pickle.HIGHEST_PROTOCOL >= 5):
            continue
        try:
            found = describe(load(directory, i, protocol, pickle), np)
        except Exception as e:
            found = "%s: %s" % (type(e).__name__, e)
        print("%s\t%s\t%s\t%s\t%s" % ("same" if found == wanted else "differs", protocol, name, wanted, found))


def main(arguments):
    import shlex
    import shutil
    import subprocess
    import tempfile
    verbose = "--verbose" in arguments
    commands = [a.split("=", 1) for a in arguments if a != "--verbose"]
    if not commands or any(len(c) != 2 for c in commands):
        raise SystemExit(__doc__)
    root = tempfile.mkdtemp()
    failures = []

    def run(command, *rest):
        p = subprocess.Popen(shlex.split(command) + [os.path.abspath(__file__)] + list(rest), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = p.communicate()
        return out.decode("utf-8", "replace"), err.decode("utf-8", "replace") if p.returncode else None

    try:
        table = []
        for writer, command in commands:
            directory = os.path.join(root, writer)
            os.mkdir(directory)
            _, error = run(command, "--write", directory)
            row = [writer]
            for reader, other in commands:
                if error is not None:
                    failures.append((writer, "writes", error.strip().split("\n")[-1]))
                    row.append("-")
                    continue
                out, trouble = run(other, "--read", directory)
                lines = [l.split("\t") for l in out.split("\n") if l]
                bad = [l for l in lines if l[0] != "same"]
                row.append("%d/%d" % (len(lines) - len(bad), len(lines)))
                failures.extend((writer, reader, "protocol %s, %s: wrote %s, read %s" % tuple(l[1:])) for l in bad)
                if trouble is not None or not lines:
                    failures.append((writer, reader, (trouble or "nothing read").strip().split("\n")[-1]))
            table.append(row)
    finally:
        shutil.rmtree(root)
    print("%-12s" % "from \\ to" + "".join("%12s" % name for name, _ in commands))
    for row in table:
        print("%-12s" % row[0] + "".join("%12s" % x for x in row[1:]))
    for f in failures if verbose else failures[:20]:
        print("%s -> %s: %s" % f)
    if failures:
        print("%d mismatches" % len(failures))
        raise SystemExit(1)


if sys.argv[1:2] == ["--write"] or sys.argv[1:2] == ["--read"]:
    import pickle

    import numpy
    (write if sys.argv[1] == "--write" else read)(sys.argv[2], pickle, numpy)
else:
    main(sys.argv[1:])
