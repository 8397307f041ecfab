"""The help texts of argparse: what the numbers of words are called, and the formatters."""

import re as _re
import textwrap as _textwrap
import _help_layout

SUPPRESS, PARSER, REMAINDER = '==SUPPRESS==', 'A...', '...'
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE = '?*+'


class HelpFormatter(object):
    """Lays out usage and help."""

    class _Section(object):
        def __init__(self, formatter, parent, heading=None):
            self.formatter = formatter
            self.parent = parent
            self.heading = heading
            self.items = []

        def format_help(self):
            f = self.formatter
            if self.parent is not None:
                f._indent()
            body = f._join_parts([func(*args) for func, args in self.items])
            if self.parent is not None:
                f._dedent()
            if not body:
                return ''
            heading = ''
            if self.heading is not SUPPRESS and self.heading is not None:
                heading = '%*s%s:\n' % (f._current_indent, '', self.heading)
            return f._join_parts(['\n', heading, body, '\n'])

    def __init__(self, prog, indent_increment=2, max_help_position=24, width=None):
        self._prog = prog
        self._width = _help_layout.terminal_width() if width is None else width
        self._indent_increment = indent_increment
        self._max_help_position = min(max_help_position, max(self._width - 20, indent_increment * 2))
        self._level = self._current_indent = self._action_max_length = 0
        self._current_section = self._root_section = self._Section(self, None)
        self._whitespace_matcher, self._long_break_matcher = _re.compile(r'\s+'), _re.compile(r'\n\n\n+')

    def _shift(self, levels):
        self._current_indent += levels * self._indent_increment
        assert self._current_indent >= 0, 'Indent decreased below 0.'
        self._level += levels

    def _indent(self):
        self._shift(1)

    def _dedent(self):
        self._shift(-1)

    def _add_item(self, func, args):
        self._current_section.items.append((func, args))

    def start_section(self, heading):
        self._indent()
        inner = self._Section(self, self._current_section, heading)
        self._add_item(inner.format_help, [])
        self._current_section = inner

    def end_section(self):
        self._dedent()
        self._current_section = self._current_section.parent

    def add_text(self, text):
        if text is None or text is SUPPRESS:
            return
        self._add_item(self._format_text, [text])

    def add_usage(self, usage, actions, groups, prefix=None):
        if usage is SUPPRESS:
            return
        self._add_item(self._format_usage, (usage, actions, groups, prefix))

    def add_argument(self, action):
        if action.help is SUPPRESS:
            return
        lengths = [len(self._format_action_invocation(action))]
        for sub in self._iter_indented_subactions(action):
            lengths.append(len(self._format_action_invocation(sub)))
        self._action_max_length = max(self._action_max_length, max(lengths) + self._current_indent)
        self._add_item(self._format_action, [action])

    def add_arguments(self, actions):
        for action in actions:
            self.add_argument(action)

    def format_help(self):
        text = self._root_section.format_help()
        if text:
            text = self._long_break_matcher.sub('\n\n', text).strip('\n') + '\n'
        return text

    def _join_parts(self, parts):
        return ''.join([p for p in parts if p and p is not SUPPRESS])

    def _format_usage(self, usage, actions, groups, prefix):
        if prefix is None:
            from argparse import _  # here, as scripts replace it to translate
            prefix = _('usage: ')
        if usage is not None:
            usage = usage % dict(prog=self._prog)
        elif not actions:
            usage = '%(prog)s' % dict(prog=self._prog)
        else:
            prog = '%(prog)s' % dict(prog=self._prog)
            optionals = [a for a in actions if a.option_strings]
            positionals = [a for a in actions if not a.option_strings]
            usage = ' '.join([s for s in (prog, self._format_actions_usage(optionals + positionals, groups)) if s])
            width = self._width - self._current_indent
            if len(prefix) + len(usage) > width:
                usage = self._wrap_usage(prog, prefix, optionals, positionals, groups, width)
        return '%s%s\n\n' % (prefix, usage)

    def _wrap_usage(self, prog, prefix, optionals, positionals, groups, width):
        part = _re.compile(r'\(.*?\)+(?=\s|$)|\[.*?\]+(?=\s|$)|\S+')
        options = part.findall(self._format_actions_usage(optionals, groups))
        places = part.findall(self._format_actions_usage(positionals, groups))

        def lines(parts, indent, first=None):
            out, line = [], []
            used = (len(first) if first is not None else len(indent)) - 1
            for p in parts:
                if used + 1 + len(p) > width and line:
                    out.append(indent + ' '.join(line))
                    line = []
                    used = len(indent) - 1
                line.append(p)
                used += len(p) + 1
            if line:
                out.append(indent + ' '.join(line))
            if first is not None:
                out[0] = out[0][len(indent):]
            return out

        if len(prefix) + len(prog) <= 0.75 * width:
            indent = ' ' * (len(prefix) + len(prog) + 1)
            if options:
                out = lines([prog] + options, indent, prefix) + lines(places, indent)
            elif places:
                out = lines([prog] + places, indent, prefix)
            else:
                out = [prog]
        else:
            indent = ' ' * len(prefix)
            out = lines(options + places, indent)
            if len(out) > 1:
                out = lines(options, indent) + lines(places, indent)
            out = [prog] + out
        return '\n'.join(out)

    def _format_actions_usage(self, actions, groups):
        # A group that excludes its members stands in brackets, when its members follow each other.
        open_, close, bars = {}, {}, set()
        grouped = set()
        for group in groups:
            members = group._group_actions
            if not members:
                continue
            try:
                start = actions.index(members[0])
            except ValueError:
                continue
            end = start + len(members)
            if actions[start:end] != members:
                continue
            grouped.update(members)
            shown = [i for i in range(start, end) if actions[i].help is not SUPPRESS]
            if not shown:
                continue
            if group.required:
                if len(shown) > 1:
                    open_[shown[0]] = open_.get(shown[0], '') + '('
                    close[shown[-1]] = close.get(shown[-1], '') + ')'
            else:
                open_[shown[0]] = open_.get(shown[0], '') + '['
                close[shown[-1]] = close.get(shown[-1], '') + ']'
            bars.update(shown[:-1])
        out = []
        for i, action in enumerate(actions):
            if action.help is SUPPRESS:
                continue
            if not action.option_strings:
                text = self._format_args(action, action.dest)
                if action in grouped and text[:1] == '[' and text[-1:] == ']':
                    text = text[1:-1]
            else:
                option = action.option_strings[0]
                if action.nargs == 0:
                    text = option
                else:
                    text = '%s %s' % (option, self._format_args(action, action.dest.upper()))
                if not action.required and action not in grouped:
                    text = '[%s]' % text
            out.append(open_.get(i, '') + text + close.get(i, '') + (' |' if i in bars else ''))
        return ' '.join(out)

    def _format_text(self, text):
        if '%(prog)' in text:
            text = text % dict(prog=self._prog)
        width = max(self._width - self._current_indent, 11)
        return self._fill_text(text, width, ' ' * self._current_indent) + '\n\n'

    def _format_action(self, action):
        position = _help_layout.help_column(self._action_max_length, self._max_help_position)
        header = self._format_action_invocation(action)
        if action.help:
            text, start = _help_layout.header(self._current_indent, header, position)
            lines = self._split_lines(self._expand_help(action), max(self._width - position, 11))
            parts = [text] + (_help_layout.explanation(lines, start, position) or ['\n'])
        else:
            parts = ['%*s%s\n' % (self._current_indent, '', header)]
        for sub in self._iter_indented_subactions(action):
            parts.append(self._format_action(sub))
        return self._join_parts(parts)

    def _format_action_invocation(self, action):
        if not action.option_strings:
            return self._metavar_formatter(action, action.dest)(1)[0]
        if action.nargs == 0:
            return ', '.join(action.option_strings)
        args = self._format_args(action, action.dest.upper())
        return ', '.join(['%s %s' % (s, args) for s in action.option_strings])

    def _metavar_formatter(self, action, default):
        if action.metavar is not None:
            result = action.metavar
        elif action.choices is not None:
            result = '{%s}' % ','.join([str(c) for c in action.choices])
        else:
            result = default
        return lambda n: result if isinstance(result, tuple) else (result,) * n

    def _format_args(self, action, default):
        get = self._metavar_formatter(action, default)
        n = action.nargs
        if n is None:
            return '%s' % get(1)
        if n == OPTIONAL:
            return '[%s]' % get(1)
        if n == ZERO_OR_MORE:
            return '[%s [%s ...]]' % get(2)
        if n == ONE_OR_MORE:
            return '%s [%s ...]' % get(2)
        if n == REMAINDER:
            return '...'
        if n == PARSER:
            return '%s ...' % get(1)
        return ' '.join(['%s'] * n) % get(n)

    def _expand_help(self, action):
        params = dict(vars(action), prog=self._prog)
        for name in list(params):
            if params[name] is SUPPRESS:
                del params[name]
            elif hasattr(params[name], '__name__'):
                params[name] = params[name].__name__
        if params.get('choices') is not None:
            params['choices'] = ', '.join([str(c) for c in params['choices']])
        return self._get_help_string(action) % params

    def _iter_indented_subactions(self, action):
        get = getattr(action, '_get_subactions', None)
        if get is not None:
            self._indent()
            for sub in get():
                yield sub
            self._dedent()

    def _split_lines(self, text, width):
        return _textwrap.wrap(self._whitespace_matcher.sub(' ', text).strip(), width)

    def _fill_text(self, text, width, indent):
        return _textwrap.fill(self._whitespace_matcher.sub(' ', text).strip(), width, initial_indent=indent, subsequent_indent=indent)

    def _get_help_string(self, action):
        return action.help


class RawDescriptionHelpFormatter(HelpFormatter):
    """Keeps the lines of descriptions."""

    def _fill_text(self, text, width, indent):
        return ''.join([indent + line for line in text.splitlines(True)])


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    """Keeps the lines of all texts."""

    def _split_lines(self, text, width):
        return text.splitlines()


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    """Adds the defaults to the help."""

    def _get_help_string(self, action):
        if '%(default)' not in action.help and action.default is not SUPPRESS and (action.option_strings or action.nargs in (OPTIONAL, ZERO_OR_MORE)):
            return action.help + ' (default: %(default)s)'
        return action.help


# For users and pickles these are argparse's own.
for _class in (HelpFormatter, HelpFormatter._Section, RawDescriptionHelpFormatter, RawTextHelpFormatter, ArgumentDefaultsHelpFormatter):
    _class.__module__ = 'argparse'
del _class
