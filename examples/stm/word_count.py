"""Word count: threads count the words of a text into one stmdict, a page a transaction; pages conflict only where they share words."""
from __future__ import print_function

from common import Demo, Random
from transaction import stmdict

SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


def vocabulary(size):
    """Distinct words."""
    out = []
    for n in range(size):
        word = ""
        n += 20
        while n:
            word += SYLLABLES[n % 20]
            n //= 20
        out.append(word)
    return out


def text(pages, words, known):
    """Pages of words, early ones of the vocabulary more often than late ones."""
    dice = Random(1)
    last = len(known) - 1
    return [" ".join(known[dice.below(last) * dice.below(last) // last] for _ in range(words)) for _ in range(pages)]


def main():
    demo = Demo(__doc__, pages=100, words=400, vocabulary=3000)
    pages = text(demo.pages, demo.words, vocabulary(demo.vocabulary))
    counts = stmdict()

    def count(page):
        here = {}
        for word in page.split():
            here[word] = here.get(word, 0) + 1
        for word in here:
            counts[word] = counts.get(word, 0) + here[word]

    demo.parallel(count, pages)
    found = dict(counts.items())
    for word in sorted(found, key=lambda w: (-found[w], w))[:8]:
        print("%6d %s" % (found[word], word))
    print("%d words, %d distinct" % (sum(found.values()), len(found)))
    demo.end()


main()
