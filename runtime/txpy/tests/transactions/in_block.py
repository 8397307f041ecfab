"""Runs a script in one atomic block."""
import sys
from transaction import atomic

def main(path):
    with open(path, "rb") as f:
        text = f.read()
    with atomic:
        names = {"__name__": "__main__", "__file__": path, "__builtins__": __builtins__}
        exec(compile(text, path, "exec"), names)

sys.argv = sys.argv[1:]
main(sys.argv[0])
