# Syntax trees as objects: parse, change, compile, evaluate.
# stress: 997
from __future__ import print_function
import ast

tree = ast.parse('def f(a, *b, **c):\n    "doc"\n    return [x + 1 for x in a if x], b, c\nr = f([0, 1, 2], 3, k=4)')
space = {}
exec(compile(tree, 'f', 'exec'), space)
print(space['r'])  # expect: ([2, 3], (3,), {'k': 4})
print([type(n).__name__ for n in tree.body], tree.body[1].lineno, tree.body[1].col_offset)  # expect: ['FunctionDef', 'Assign'] 4 0


class Double(ast.NodeTransformer):
    def visit_Name(self, node):
        return ast.copy_location(ast.BinOp(node, ast.Add(), node), node) if isinstance(node.ctx, ast.Load) else node


t = ast.fix_missing_locations(Double().visit(ast.parse('a * 3', mode='eval')))
print(eval(compile(t, 'f', 'eval'), {'a': 5}))  # expect: 30
print(ast.literal_eval('[1, (2.5, -3), {"k": None}, True, 1+2j]'))  # expect: [1, (2.5, -3), {'k': None}, True, (1+2j)]
for bad in 'f()', 'a', '1+1':
    try:
        ast.literal_eval(bad)
    except ValueError:
        print('refused')  # expect: refused
# expect: refused
# expect: refused
print(ast.parse('a').body[0].value.ctx is ast.parse('b').body[0].value.ctx)  # expect: True
try:
    compile(ast.Expression(ast.Name('a', ast.Load())), 'f', 'eval')
except TypeError as e:
    print(e)  # expect: required field "lineno" missing from expr
