"""A queue of functions that wait for a flag; no lock between threads."""
from collections import deque


class mutex:
    def __init__(self):
        self.locked = False
        self.queue = deque()

    def test(self):
        """Test the locked bit of the mutex."""
        return self.locked

    def testandset(self):
        """Atomic test-and-set -- grab the lock if it is not set, return True if it succeeded."""
        if self.locked:
            return False
        self.locked = True
        return True

    def lock(self, function, argument):
        """Lock a mutex, call the function with supplied argument when it is acquired: if it is locked, in its turn."""
        if self.testandset():
            function(argument)
        else:
            self.queue.append((function, argument))

    def unlock(self):
        """Unlock a mutex.  If the queue is not empty, call the next function with its argument."""
        if self.queue:
            function, argument = self.queue.popleft()
            function(argument)
        else:
            self.locked = False
