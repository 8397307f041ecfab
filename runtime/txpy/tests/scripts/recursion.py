# Deep recursion ends in an exception.
# stress: 9973
import sys
def show(*args):
    sys.stdout.write(' '.join(str(a) for a in args) + '\n')

def recurse(n):
    return recurse(n + 1)
try:
    recurse(0)
except RuntimeError as e:
    show('maximum recursion' in str(e))  # expect: True
