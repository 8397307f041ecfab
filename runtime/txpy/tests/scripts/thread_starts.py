# Threads that have just been started: nobody waits for them to have begun.
# stress: 97
# not in a block: its threads wait for each other
import gc
import os
import sys
import threading
try:
    import _thread
except ImportError:
    import thread as _thread


# The identifier that the start gives is what the thread finds.
def tell(told, lock):
    told.append(_thread.get_ident())
    lock.release()


same = 0
for _ in range(50):
    told, lock = [], _thread.allocate_lock()
    lock.acquire()
    ident = _thread.start_new_thread(tell, (told, lock))
    lock.acquire()
    same += told == [ident]
print(same)
# expect: 50

# What a thread is called with lives until it has been called, and the stacks of threads that ended hold nothing.
seen = []
all_ended = _thread.allocate_lock()
all_ended.acquire()


def look(*args):
    depth(args[0], 40)
    seen.append([args[0], args[1][0]])
    if len(seen) == 30:
        all_ended.release()


def depth(x, n):
    a, b, c, d = [x], (x, x), {x: x}, str(x)
    if n:
        depth(x, n - 1)


for i in range(30):
    _thread.start_new_thread(look, (i, [i * 2]))
    if i % 10 == 0:
        gc.collect()
all_ended.acquire()
print(sorted(seen) == [[i, 2 * i] for i in range(30)])
# expect: True

# A thread is alive, known and listed when start() returns.
go = threading.Event()
threads = [threading.Thread(target=go.wait) for _ in range(12)]
fine = 0
for t in threads:
    t.start()
    fine += t.is_alive() and t.ident is not None and t in threading.enumerate() and not (t.ident in [x.ident for x in threads if x is not t])
print(fine)
# expect: 12
go.set()
for t in threads:
    t.join()
print(any(t.is_alive() or t in threading.enumerate() for t in threads))
# expect: False

# A thread that the system refuses leaves nothing behind.
threading.stack_size(1 << 46)
t = threading.Thread(target=go.set)
for start in lambda: _thread.start_new_thread(go.set, ()), t.start:
    try:
        start()
    except Exception as e:
        print(e)
# expect: can't start new thread
# expect: can't start new thread
threading.stack_size(0)
print(t in threading.enumerate() or t.is_alive())
# expect: False
t = threading.Thread(target=go.set)
t.start()
t.join()

# A handle that is marked as done while its thread runs, and dropped.
if hasattr(_thread, "start_joinable_thread"):
    locks = [_thread.allocate_lock() for _ in range(40)]
    for lock in locks:
        lock.acquire()
        h = _thread.start_joinable_thread(lock.acquire)
        h._set_done()
    del h
    gc.collect()
    things = [object() for _ in range(1000)]
    for lock in locks:
        lock.release()
    for lock in locks:
        while not lock.locked():
            pass
    print(len(set(map(type, things))))
else:
    print(1)
# expect: 1

# A fork when a thread may not have begun: it is not there in the child.
sys.stdout.flush()
if sys.version_info[0] > 2:
    import warnings
    warnings.simplefilter("ignore")
codes = []
for i in range(20):
    done = _thread.allocate_lock()
    done.acquire()
    _thread.start_new_thread(done.release, ())
    pid = os.fork()
    if pid == 0:
        t = threading.Thread(target=codes.append, args=(1,))
        t.start()
        t.join()
        gc.collect()
        os._exit(len(codes) - i)
    codes.append(os.waitpid(pid, 0)[1] >> 8)
    done.acquire()
print(codes == [1] * 20)
# expect: True
