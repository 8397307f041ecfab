"""Random steps on some state, in blocks that are rolled back and tried again, and without blocks: they must leave the same."""
import random

from transaction import atomic


def steps(kinds, state, seed, tracks):
    r = random.Random(seed)
    for _ in range(r.choice([1, 1, 2, 5])):
        k = r.choice(kinds)
        tracks.append(k.__name__)
        k(state, r)


def compare(make, kinds, contents, first, last):
    """Of each `seed`: functions of `kinds` change a state that `make` gave, `contents` of both states is compared."""
    blocks, plain = make(), make()
    for seed in range(first, last):
        tracks = []
        with atomic:
            steps(kinds, blocks, seed, [])
        steps(kinds, plain, seed, tracks)
        if contents(blocks) != contents(plain):
            raise SystemExit('seed %d, %s: a block left something else' % (seed, tracks))
        if seed % 20 == 0:
            blocks, plain = make(), make()
