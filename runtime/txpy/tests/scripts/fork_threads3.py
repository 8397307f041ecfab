# A fork from a thread: in the child all other threads have ended, the main one, daemons and raw ones too.
# lang: 3
# stress: 97
# not in a block: its threads wait for each other
import _thread
import os
import sys
import threading
import warnings

warnings.simplefilter('ignore')
go, forked = threading.Event(), threading.Event()
main = threading.current_thread()
daemon = threading.Thread(target=go.wait, daemon=True)
other = threading.Thread(target=go.wait)
daemon.start()
other.start()
raw = _thread.start_joinable_thread(go.wait)


def child():
    alive = [t.is_alive() for t in (main, daemon, other)] + [not raw.is_done()]
    for t in (main, daemon, other, raw):
        t.join()
    more = threading.Thread(target=alive.append, args=('ran',))
    more.start()
    more.join()
    os.write(1, ('%s\n' % alive).encode())
    os._exit(7)


def worker():
    pid = os.fork()
    if pid == 0:
        child()
    _, status = os.waitpid(pid, 0)
    print(os.waitstatus_to_exitcode(status), main.is_alive(), daemon.is_alive(), other.is_alive(), raw.is_done())
    go.set()


sys.stdout.flush()
w = threading.Thread(target=worker)
w.start()
w.join()
other.join()
raw.join()
print(raw.is_done(), other.is_alive())
# expect: [False, False, False, False, 'ran']
# expect: 7 True True True False
# expect: True False
