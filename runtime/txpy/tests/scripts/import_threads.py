# Threads that import the same modules: whoever comes second waits until the body has run, but not in a circle.
# stress: 97
# not in a block: its threads wait for each other
from __future__ import print_function
import importlib
import os
import pickle
import shutil
import sys
import tempfile
import threading

folder = tempfile.mkdtemp()
sys.path.insert(0, folder)
sys.dont_write_bytecode = True


def put(name, text):
    with open(os.path.join(folder, name + '.py'), 'w') as f:
        f.write(text)


for name in ['slow1', 'slow2', 'slow3']:
    put(name, 'import time\nstart = 1\ntime.sleep(0.05)\nend = 1\nclass C(object): pass\n')
put('circle1', 'import time\nx = 1\ntime.sleep(0.05)\nimport circle2\ntime.sleep(0.02)\ny = 1\n')
put('circle2', 'import time\nx = 1\ntime.sleep(0.05)\nimport circle1\ntime.sleep(0.02)\ny = 1\n')
put('fails', 'import time\ntime.sleep(0.05)\n1/0\n')
put('itself', 'import itself\nfrom sys import path\nz = path is itself.path\n')
os.mkdir(os.path.join(folder, 'parts'))
put('parts/__init__', 'import time\ntime.sleep(0.05)\nfrom parts import sub\nv = 1\n')
put('parts/sub', 'import time\ntime.sleep(0.05)\nw = 2\n')
found = []


def run(f, n=4):
    del found[:]
    threads = [threading.Thread(target=f, args=(i,)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print(sorted(found))


def plain(i):
    from slow1 import end
    found.append(end)


def mixed(i):
    found.append((importlib.import_module('slow2') if i % 2 else __import__('slow2')).end)


def unpickles(i):
    found.append(pickle.loads(b'\x80\x02cslow3\nC\nq\x00.').__name__)


def parts(i):
    if i % 2:
        from parts.sub import w
        found.append(w)
    else:
        import parts
        found.append(parts.v)


def circle(i):
    found.append(__import__('circle1' if i % 2 else 'circle2').x)


def fails(i):
    try:
        import fails
    except ZeroDivisionError:
        found.append('failed')


run(plain)  # expect: [1, 1, 1, 1]
run(mixed)  # expect: [1, 1, 1, 1]
run(unpickles)  # expect: ['C', 'C', 'C', 'C']
run(parts)  # expect: [1, 1, 2, 2]
run(circle)  # expect: [1, 1, 1, 1]
import circle1, circle2
print(circle1.y, circle2.y)  # expect: 1 1
run(fails, 1)  # expect: ['failed']
import itself
print(itself.z)  # expect: True
shutil.rmtree(folder)
