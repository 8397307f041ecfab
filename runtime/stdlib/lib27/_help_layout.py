"""What the help texts of argparse and optparse have in common: names in one column, explanations in another."""

import os


def terminal_width():
    # Two columns less, so that no terminal wraps a full line.
    try:
        return int(os.environ['COLUMNS']) - 2
    except (KeyError, ValueError):
        return 78


def help_column(longest, most):
    """Where explanations begin, for names of at most this length."""
    return min(longest + 2, most)


def header(indent, text, column):
    """A name, and the indentation that its explanation's first line still needs: a long name has a line of its own."""
    width = column - indent - 2
    if len(text) > width:
        return '%*s%s\n' % (indent, '', text), column
    return '%*s%-*s  ' % (indent, '', width, text), 0


def explanation(lines, first, column):
    return ['%*s%s\n' % (column if i else first, '', line) for i, line in enumerate(lines)]
