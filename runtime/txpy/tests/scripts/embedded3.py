# lang: 3
# stress: 997
# The embedded library: what importlib, linecache, inspect, os and open see of it; positions of tracebacks in it.
import importlib.resources
import importlib.util
import inspect
import io
import json
import linecache
import os
import pkgutil
import sys
import traceback

print(json.__file__)  # expect: <txpy>/lib3/json/__init__.py
print(inspect.getsource(json.loads).splitlines()[0].startswith("def loads("))  # expect: True
print(len(linecache.getlines(json.__file__)) > 300, os.stat(json.__file__).st_size == len(open(json.__file__, "rb").read()))  # expect: True True
folder = os.path.dirname(os.path.abspath(json.__file__))
print(os.path.isdir(folder), os.path.isfile(folder), os.path.exists(folder + "/none.py"), os.access(folder, os.W_OK))  # expect: True False False False
print(sorted(os.listdir(folder)) == sorted(e.name for e in os.scandir(folder)), "tool.py" in os.listdir(folder))  # expect: True True
print("decoder" in [m.name for m in pkgutil.iter_modules(json.__path__)])  # expect: True
print(importlib.util.find_spec("email.parser").name, json.__spec__.name)  # expect: email.parser json
print(importlib.resources.files("json").joinpath("tool.py").read_text().startswith('"""'))  # expect: True
for name, mode in [("<txpy>/lib3/json", "r"), ("<txpy>/lib3/none.py", "r"), (json.__file__, "w"), (json.__file__, "a")]:
    try:
        open(name, mode)
    except OSError as e:
        print(type(e).__name__, e.errno, e.filename)
# expect: IsADirectoryError 21 <txpy>/lib3/json
# expect: FileNotFoundError 2 <txpy>/lib3/none.py
# expect: OSError 30 <txpy>/lib3/json/__init__.py
# expect: OSError 30 <txpy>/lib3/json/__init__.py
try:
    json.loads("[")
except ValueError as e:
    last = traceback.extract_tb(e.__traceback__)[-1]
    print(last.filename, last.name, last.line)  # expect: <txpy>/lib3/json/decoder.py raw_decode raise JSONDecodeError("Expecting value", s, err.value) from None


def f():
    return 1 / 0


try:
    f()
except ZeroDivisionError as e:
    out = io.StringIO()
    traceback.print_exc(file=out)
    print(*out.getvalue().splitlines()[-3:-1], sep="\n")
# expect:     return 1 / 0
# expect:            ~~^~~
