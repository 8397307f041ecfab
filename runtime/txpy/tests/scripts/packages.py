# What packages in wide use asked of the runtime: six, mpmath, pytest.
import sys


def exec_(text):
    frame = sys._getframe(1)
    space, local = frame.f_globals, frame.f_locals
    exec(compile(text, "<text>", "exec"), space, local)


exec_("made = 5")
print(made)  # expect: 5
if sys.version_info[0] == 2:
    # A function with an exec statement is one frame.
    exec("def outer():\n    exec 'x = 1'\n    return sys._getframe(1).f_code.co_name\n")
    assert outer() == "<module>"

    class Finder(object):
        def find_module(self, name, path=None):
            return self if name == "made.up" or name == "made" else None

        def load_module(self, name):
            import types
            m = sys.modules[name] = types.ModuleType(name)
            m.__path__ = []
            return m

    sys.meta_path.append(Finder())
    import made.up
    assert made.up is sys.modules["made.up"]
    made = 5
else:
    import types
    import unicodedata

    class Module(types.ModuleType):
        @property
        def twice(self):
            return 2

    m = types.ModuleType("m")
    m.__class__ = Module
    m.x = 3
    assert (m.twice, m.x, m.__name__, type(m)) == (2, 3, "m", Module)
    import gc
    del Module
    gc.collect()
    assert m.twice == 2
    m.__class__ = types.ModuleType
    assert not hasattr(m, "twice")
    for other in int, type("Other", (), {}):
        try:
            m.__class__ = other
        except TypeError:
            pass
        else:
            raise AssertionError(other)
    class Plain:
        __slots__ = ()

    class Pair(tuple):
        pass

    Pair.__bases__ = (tuple, Plain)
    assert Pair((1, 2)) == (1, 2) and isinstance(Pair(), Plain)
    assert "\N{BYTE ORDER MARK}\N{line feed}" == "\ufeff\n" == eval(r'"\N{BYTE ORDER MARK}\N{LF}"')
    assert unicodedata.lookup("NULL") == "\0" and "\\N{NBSP}".encode().decode("unicode_escape") == "\xa0"
print((2 ** 135 + 1) ** 0 == (-2 ** 200) ** 0 == 1)  # expect: True
