"""Word frequencies of a text: of a file given by name, or of the one below.

    txpy word_frequency.py [FILE]
"""
from __future__ import print_function

import collections
import re
import sys

TEXT = u"""
A transaction reads a set of objects and writes a set of objects. When two
transactions meet on the same object, one of them waits or starts again; when
they do not meet, both run at once. A program whose threads seldom meet runs
on as many cores as it has threads, and a program whose threads always meet
runs as fast as one thread. The programmer writes the same program in both
cases: a lock is a lock, a list is a list, and an object that no other thread
has seen needs no transaction at all.
"""


def words_of(text):
    return [word.lower() for word in re.findall(u"[A-Za-z']+", text)]


def main():
    if len(sys.argv) > 1:
        with open(sys.argv[1], "rb") as stream:
            text = stream.read().decode("utf-8", "replace")
    else:
        text = TEXT
    words = words_of(text)
    counts = collections.Counter(words)
    print("%d words, %d distinct" % (len(words), len(counts)))
    for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:10]:
        print("%-12s %3d %s" % (word, count, "#" * min(count, 50)))
    by_length = collections.defaultdict(set)
    for word in counts:
        by_length[len(word)].add(word)
    for length in sorted(by_length):
        print("%2d letters: %s" % (length, ", ".join(sorted(by_length[length])[:6])))
    pairs = collections.Counter(zip(words, words[1:]))
    for (first, second), count in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))[:5]:
        print("%s %s: %d" % (first, second, count))


main()
