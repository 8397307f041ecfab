"""`-m json.tool [infile [outfile]]`: checks a JSON text and lays it out, keys in order."""

import json
import sys


def main():
    if len(sys.argv) > 3:
        raise SystemExit(sys.argv[0] + " [infile [outfile]]")
    source = open(sys.argv[1], "rb") if len(sys.argv) > 1 else sys.stdin
    with source:
        to = open(sys.argv[2], "wb") if len(sys.argv) > 2 else sys.stdout
        try:
            found = json.load(source)
        except ValueError as e:
            raise SystemExit(e)
    with to:
        json.dump(found, to, sort_keys=True, indent=4, separators=(",", ": "))
        to.write("\n")


if __name__ == "__main__":
    main()
