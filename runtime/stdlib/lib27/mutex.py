"""A queue of functions that wait for a flag; no lock between threads."""
from _collections import deque


class mutex:
    def __init__(self):
        self.locked = False
        self.queue = deque()

    def testandset(self):
        """Takes it if nobody has it; whether it did."""
        was = self.locked
        self.locked = True
        return not was

    def test(self):
        """Whether somebody has it."""
        return self.locked

    def lock(self, function, argument):
        """Calls function(argument) when the mutex is taken for it: now, or in its turn."""
        if self.testandset():
            function(argument)
        else:
            self.queue.append((function, argument))

    def unlock(self):
        """Gives it back, or on to the next that waits."""
        if self.queue:
            function, argument = self.queue.popleft()
            function(argument)
        else:
            self.locked = False
