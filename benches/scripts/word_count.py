"""Word count: string splitting, case folding, dictionaries and sorting."""
import sys


SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "an", "el"]


def make_text(words, seed):
    """Lines of pseudo-random words; short ones are the most frequent."""
    lines = []
    line = []
    state = seed
    for _ in range(words):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        length = 1 + (state >> 16) % 3
        word = ""
        for _ in range(length):
            state = (state * 1103515245 + 12345) & 0x7FFFFFFF
            word += SYLLABLES[(state >> 16) % len(SYLLABLES)]
        if (state >> 8) % 11 == 0:
            word = word.capitalize() + ","
        line.append(word)
        if len(line) == 12:
            lines.append(" ".join(line) + ".")
            line = []
    return "\n".join(lines)


def count_words(text):
    counts = {}
    for line in text.split("\n"):
        for word in line.split():
            word = word.strip(".,").lower()
            counts[word] = counts.get(word, 0) + 1
    return counts


def by_length(counts):
    groups = {}
    for word, count in counts.items():
        groups.setdefault(len(word), []).append((count, word))
    return groups


def main(words):
    text = make_text(words, 42)
    counts = {}
    for _ in range(5):
        counts = count_words(text)
    sys.stdout.write("%d characters, %d distinct\n" % (len(text), len(counts)))
    top = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for word, count in top[:8]:
        sys.stdout.write("%-8s %6d\n" % (word, count))
    for length, group in sorted(by_length(counts).items()):
        group.sort()
        sys.stdout.write("%d: %d words, last %r\n" % (length, len(group), group[-1]))
    replaced = text.replace("ba", "*").count("*") + text.count("zu")
    sys.stdout.write("%d %d\n" % (replaced, text.find("zuzuzu")))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 480000)
