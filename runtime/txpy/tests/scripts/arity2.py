# A wrong number of arguments, as 2.7 says it.
# lang: 2
for source in ["classmethod()", "staticmethod(1, 2)", "issubclass(1)", "getattr(1)", "{}.get()", "set().add()", "len()"]:
    try: eval(source)
    except TypeError as e: print e
# expect: classmethod expected 1 arguments, got 0
# expect: staticmethod expected 1 arguments, got 2
# expect: issubclass expected 2 arguments, got 1
# expect: getattr expected at least 2 arguments, got 1
# expect: get expected at least 1 arguments, got 0
# expect: add() takes exactly one argument (0 given)
# expect: len() takes exactly one argument (0 given)
