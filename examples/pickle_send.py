"""Arrays sent to another process: pickled to its standard input, and back.

    txpy pickle_send.py [PROTOCOL] [INTERPRETER ...]

The protocol defaults to 2, which Python 2.7 and 3 both read; the interpreter
defaults to the one that runs this script. The other process doubles each
array and sends it back with the same protocol.
"""
from __future__ import division, print_function

import os
import pickle
import subprocess
import sys

import numpy as np


def binary(stream):
    return getattr(stream, "buffer", stream)


def serve(protocol):
    arrays = pickle.load(binary(sys.stdin))
    answer = {}
    for name in arrays:
        answer[name] = arrays[name] * 2
    output = binary(sys.stdout)
    output.write(pickle.dumps(answer, protocol))
    output.flush()


def send(arrays, protocol, interpreter):
    command = interpreter + [os.path.abspath(__file__), "--serve", str(protocol)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    output, _ = process.communicate(pickle.dumps(arrays, protocol))
    if process.returncode != 0:
        raise SystemExit("the other process ended with status %d" % process.returncode)
    return pickle.loads(output)


def main(arguments):
    protocol = int(arguments[0]) if arguments else 2
    interpreter = arguments[1:] or [sys.executable]
    table = np.arange(12).reshape(3, 4)
    arrays = {
        "ints": table.astype(np.int32),
        "floats": np.sqrt(np.arange(5.0)),
        "complex": np.array([1 + 2j, -0.5j]),
        "columns": table[:, ::2].astype(np.int64).T,
        "bytes": np.arange(250, 256).astype(np.uint8),
        "swapped": np.arange(3).astype(">i4"),
        "empty": np.zeros((0, 3)),
    }
    back = send(arrays, protocol, interpreter)
    print("names", ", ".join(sorted(back)))
    for name in sorted(arrays):
        sent, received = arrays[name], back[name]
        print("%-8s %s %s same: %s" % (
            name, received.shape, received.dtype, bool((received == sent * 2).all())))
    print(back["columns"])
    print(back["bytes"])
    print(" ".join("%.4f" % value for value in back["floats"]))


if sys.argv[1:2] == ["--serve"]:
    serve(int(sys.argv[2]))
else:
    main(sys.argv[1:])
