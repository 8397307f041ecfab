# lang: 3
# stress: 997
# A fork while other threads run: the child has one thread, free locks, and no half-done transaction.
# not in a block: it waits for threads
import gc
import os
import queue
import threading
import time
import transaction
import warnings

warnings.simplefilter("ignore")


class Shared:
    def __init__(self):
        self.n = 0
        self.counts = [0] * 20


shared = Shared()


def change():
    with transaction.atomic:
        shared.n += 1
        for k in range(20):
            shared.counts[k] += 1


def for_ever(f):
    while True:
        f()


def hold(lock=threading.Lock()):
    with lock:
        time.sleep(1000)


for target, args in [(for_ever, (change,)), (for_ever, (change,)), (for_ever, (list,)), (time.sleep, (1000,)), (hold, ())]:
    threading.Thread(target=target, args=args, daemon=True).start()


def child():
    assert threading.active_count() == 1 and threading.main_thread() is threading.current_thread()
    assert set(shared.counts) == {shared.n}
    done = queue.Queue()

    def work():
        for _ in range(20):
            change()
        done.put(sum([[i] for i in range(50)], []))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    gc.collect()
    assert set(shared.counts) == {shared.n} and all(len(done.get()) == 50 for _ in threads)
    return 7


def status(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


for _ in range(5):
    pid = os.fork()
    if pid == 0:
        os._exit(child())
    print(status(pid))
# expect: 7
# expect: 7
# expect: 7
# expect: 7
# expect: 7


def forks():
    pid = os.fork()
    if pid == 0:
        os._exit(child())
    print(status(pid), threading.main_thread().name)


t = threading.Thread(target=forks)
t.start()
t.join()  # expect: 7 MainThread

order = []
os.register_at_fork(before=lambda: order.append("before"), after_in_parent=lambda: order.append("parent"), after_in_child=lambda: order.append("child"))
os.register_at_fork(before=lambda: order.append("before, too"))
pid = os.fork()
if pid == 0:
    os._exit(3 if order == ["before, too", "before", "child"] else 4)
print(status(pid), order)  # expect: 3 ['before, too', 'before', 'parent']
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    status(pid)
print([str(w.message).partition(") ")[2] for w in caught])  # expect: ['is multi-threaded, use of fork() may lead to deadlocks in the child.']
