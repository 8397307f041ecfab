# lang: 3
# stress: 997
# not in a block: it waits for threads
# Files and sockets that die open are reported.
import gc
import os
import socket
import threading
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")

    def leave_open():
        open(os.devnull)
        open(os.devnull, "wb")
        s = socket.socket()
        with open(os.devnull) as f, socket.socket() as t:
            f.read()

    def elsewhere():
        # On a stack of its own, of which nothing is left when the collection looks.
        leave_open()

    t = threading.Thread(target=elsewhere)
    t.start()
    t.join()
    gc.collect()
    gc.collect()
print(sorted(str(w.message)[:27] for w in caught if w.category is ResourceWarning))
# expect: ['unclosed <socket.socket fd=', 'unclosed file <_io.Buffered', 'unclosed file <_io.TextIOWr']
