# Syntax trees: what the native _ast gives, and helpers to walk, change, show and evaluate them.
from _ast import *
from _ast import __version__


def parse(source, filename='<unknown>', mode='exec'):
    """Parse the source into a tree: compile(source, filename, mode, PyCF_ONLY_AST)."""
    return compile(source, filename, mode, PyCF_ONLY_AST)


_CONSTANTS = {'None': None, 'True': True, 'False': False}
_NUMBERS = (int, long, float, complex)


def literal_eval(node_or_string):
    """
    Evaluate an expression made of literals only: strings, numbers, tuples,
    lists, dicts, booleans and None.
    """
    node = node_or_string
    if isinstance(node, basestring):
        node = parse(node, mode='eval')
    if isinstance(node, Expression):
        node = node.body
    return _literal(node)


def _literal(node):
    if isinstance(node, Str):
        return node.s
    if isinstance(node, Num):
        return node.n
    if isinstance(node, Tuple):
        return tuple([_literal(e) for e in node.elts])
    if isinstance(node, List):
        return [_literal(e) for e in node.elts]
    if isinstance(node, Dict):
        return dict((_literal(k), _literal(v)) for k, v in zip(node.keys, node.values))
    if isinstance(node, Name):
        if node.id in _CONSTANTS:
            return _CONSTANTS[node.id]
    elif isinstance(node, BinOp) and isinstance(node.op, (Add, Sub)) and isinstance(node.right, Num) and \
            isinstance(node.right.n, complex) and isinstance(node.left, Num) and isinstance(node.left.n, (int, long, float)):
        # A complex number is written as a sum.
        if isinstance(node.op, Add):
            return node.left.n + node.right.n
        return node.left.n - node.right.n
    raise ValueError('malformed string')


def dump(node, annotate_fields=True, include_attributes=False):
    """
    A tree as text, for debugging: with the names of fields unless
    annotate_fields is false, with line numbers and columns on request.
    """
    def show(x):
        if isinstance(x, list):
            return '[%s]' % ', '.join([show(i) for i in x])
        if not isinstance(x, AST):
            return repr(x)
        if annotate_fields:
            parts = ['%s=%s' % (name, show(value)) for name, value in iter_fields(x)]
        else:
            parts = [show(value) for name, value in iter_fields(x)]
        text = '%s(%s' % (x.__class__.__name__, ', '.join(parts))
        if include_attributes and x._attributes:
            text += (parts and ', ' or ' ') + ', '.join(['%s=%s' % (name, show(getattr(x, name))) for name in x._attributes])
        return text + ')'
    if not isinstance(node, AST):
        raise TypeError('expected AST, got %r' % node.__class__.__name__)
    return show(node)


def copy_location(new_node, old_node):
    """Give new_node the line and column of old_node, as far as both have them."""
    for name in 'lineno', 'col_offset':
        if name in old_node._attributes and name in new_node._attributes and hasattr(old_node, name):
            setattr(new_node, name, getattr(old_node, name))
    return new_node


def fix_missing_locations(node):
    """Give every node without line or column those of its parent, from node down."""
    def fix(node, line, column):
        if 'lineno' in node._attributes:
            if hasattr(node, 'lineno'):
                line = node.lineno
            else:
                node.lineno = line
        if 'col_offset' in node._attributes:
            if hasattr(node, 'col_offset'):
                column = node.col_offset
            else:
                node.col_offset = column
        for child in iter_child_nodes(node):
            fix(child, line, column)
    fix(node, 1, 0)
    return node


def increment_lineno(node, n=1):
    """Move a tree by n lines."""
    for child in walk(node):
        if 'lineno' in child._attributes:
            child.lineno = getattr(child, 'lineno', 0) + n
    return node


def iter_fields(node):
    """The names and values of the fields that a node has."""
    for name in node._fields:
        try:
            value = getattr(node, name)
        except AttributeError:
            continue
        yield name, value


def iter_child_nodes(node):
    """The nodes right below a node, in order."""
    for name, value in iter_fields(node):
        if isinstance(value, AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, AST):
                    yield item


def get_docstring(node, clean=True):
    """The documentation of a module, class or function, None without one."""
    if not isinstance(node, (FunctionDef, ClassDef, Module)):
        raise TypeError("%r can't have docstrings" % node.__class__.__name__)
    if node.body and isinstance(node.body[0], Expr) and isinstance(node.body[0].value, Str):
        text = node.body[0].value.s
        if clean:
            import inspect
            return inspect.cleandoc(text)
        return text


def walk(node):
    """All nodes of a tree, the node itself first, in no particular order."""
    from collections import deque
    waiting = deque([node])
    while waiting:
        node = waiting.popleft()
        waiting.extend(iter_child_nodes(node))
        yield node


class NodeVisitor(object):
    """
    Calls the method visit_NAME for nodes of class NAME, generic_visit for
    those without one, which goes on to their children.
    """

    def visit(self, node):
        """Visit a node."""
        return getattr(self, 'visit_' + node.__class__.__name__, self.generic_visit)(node)

    def generic_visit(self, node):
        """Visit the children of a node."""
        for child in list(iter_child_nodes(node)):
            self.visit(child)


class NodeTransformer(NodeVisitor):
    """
    A visitor whose methods give what stands for the node they visited: None
    removes it; in a list of nodes a list of nodes may stand for one.
    """

    def generic_visit(self, node):
        for name, old in list(iter_fields(node)):
            if isinstance(old, list):
                new = []
                for item in old:
                    if isinstance(item, AST):
                        item = self.visit(item)
                        if item is None:
                            continue
                        if not isinstance(item, AST):
                            new.extend(item)
                            continue
                    new.append(item)
                old[:] = new
            elif isinstance(old, AST):
                new = self.visit(old)
                if new is None:
                    delattr(node, name)
                else:
                    setattr(node, name, new)
        return node
