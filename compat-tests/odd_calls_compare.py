"""Compares two results of odd_calls.py: odd_calls_compare.py CPYTHONS_FILE TXPYS_FILE [--differences N] [PART_OF_A_NAME ...]

Counts calls, how often both end in a value or both in an exception, and how often the exceptions are of one class; names the callables that txpy has not got,
those whose calls end or hold up the process where CPython's do not, and the N most frequent differences with the callables that they are in.
"""
import argparse
import collections


def read(path, parts):
    out = {}
    with open(path) as f:
        for line in f:
            name, _, packed = line.rstrip("\n").partition("\t")
            if parts and not any(p in name for p in parts):
                continue
            outcomes = []
            for word in packed.split():
                what, _, n = word.partition("*")
                outcomes += [what] * int(n or 1)
            out[name] = outcomes
    return out


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("theirs")
    options.add_argument("ours")
    options.add_argument("--differences", type=int, default=40)
    options.add_argument("parts", nargs="*")
    given = options.parse_intermixed_args()
    theirs, ours = read(given.theirs, given.parts), read(given.ours, given.parts)
    callables = total = same_way = exceptions = same_exception = values = same_value = 0
    missing, stopped, differences = [], collections.Counter(), collections.defaultdict(collections.Counter)
    for name, want in theirs.items():
        got = ours.get(name)
        if got is None or want == ["missing"]:
            continue
        if got == ["missing"]:
            missing.append(name)
            continue
        callables += 1
        for w, g in zip(want, got):
            if ":" not in w or w.startswith("died") or g == "left":
                continue
            if ":" not in g or g.startswith("died"):
                stopped[name, g] += 1
                continue
            total += 1
            same_way += w[0] == g[0]
            if w[0] == "E":
                exceptions += 1
                same_exception += w == g
            else:
                values += 1
                same_value += w == g
            if w != g and "E" in (w[0], g[0]):
                differences[w, g][name] += 1
    print("%d callables, %d calls; %d callables are missing" % (callables, total, len(missing)))
    print("value or exception alike: %.2f %%; exceptions of the same class: %.2f %% of %d; values of the same class: %.2f %% of %d" % (
        100.0 * same_way / max(1, total), 100.0 * same_exception / max(1, exceptions), exceptions, 100.0 * same_value / max(1, values), values))
    print("missing:", " ".join(missing))
    for (name, g), n in stopped.most_common():
        print("stops: %s: %s, %d calls" % (name, g, n))
    for (w, g), names in sorted(differences.items(), key=lambda d: -sum(d[1].values()))[:given.differences]:
        print("%7d  %s here %s: %s" % (sum(names.values()), w, g, ", ".join("%s %d" % x for x in names.most_common(8))))


main()
