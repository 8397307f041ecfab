# Weak references of objects that die.
# lang: 3
# stress: 5
# not in a block: callbacks and finalizers run after the block
import gc, _weakref

class C: pass
dead = []
def make():
    objects = [C() for i in range(50)]
    refs = [_weakref.ref(x) for x in objects]
    watched = [_weakref.ref(x, dead.append) for x in objects]
    proxies = [_weakref.proxy(x) for x in objects]
    gc.collect()
    print(all(r() is x for r, x in zip(refs, objects)))  # expect: True
    print(all(_weakref.ref(x) is r for r, x in zip(refs, objects)))  # expect: True
    print(all(_weakref.getweakrefcount(x) == 3 for x in objects))  # expect: True
    print(all(r in _weakref.getweakrefs(x) for r, x in zip(refs, objects)))  # expect: True
    return refs, watched, proxies
def overwrite(n): return overwrite(n - 1) + 1 if n else 0

refs, watched, proxies = make()
overwrite(60)
for i in range(3):
    gc.collect()
    overwrite(60)
# The collector may take stale words on the stack for references to a few.
print(sum(r() is None for r in refs) > 40)  # expect: True
print(len(dead) > 40, all(r() is None for r in dead), all(r in watched for r in dead))  # expect: True True True
gone = [p for p, r in zip(proxies, refs) if r() is None][0]
try:
    gone.attribute
except ReferenceError as e:
    print(e)  # expect: weakly-referenced object no longer exists
try:
    hash([r for r in refs if r() is None][0])
except TypeError as e:
    print(e)  # expect: weak object has gone away

class D:
    def __del__(self): print('deleted')
def drop(): D()
drop()
overwrite(60)
gc.collect()
overwrite(60)
# expect: deleted
kept = [C() for i in range(300)]
for i in range(5):
    for c in kept: _weakref.ref(c, dead.append)
    gc.collect()
print(sum(_weakref.getweakrefcount(c) for c in kept) < 100)  # expect: True
