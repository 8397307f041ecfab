"""Event-driven scheduler: tasks of several classes pass messages by priority.

Method calls, attribute reads and writes, and linked lists, in the manner of
the Richards operating system simulation.
"""
import sys


class Message(object):
    def __init__(self, kind, value):
        self.kind = kind
        self.value = value
        self.next = None


class Mailbox(object):
    """A first-in first-out linked list of messages."""

    def __init__(self):
        self.head = None
        self.tail = None
        self.length = 0

    def put(self, message):
        message.next = None
        if self.tail is None:
            self.head = message
        else:
            self.tail.next = message
        self.tail = message
        self.length += 1

    def take(self):
        message = self.head
        if message is None:
            return None
        self.head = message.next
        if self.head is None:
            self.tail = None
        self.length -= 1
        return message


class Task(object):
    def __init__(self, scheduler, name, priority):
        self.scheduler = scheduler
        self.name = name
        self.priority = priority
        self.mailbox = Mailbox()
        self.runs = 0
        self.held = False

    def ready(self):
        return self.mailbox.head is not None and not self.held

    def run(self):
        self.runs += 1
        message = self.mailbox.take()
        if message is not None:
            self.handle(message)

    def handle(self, message):
        raise NotImplementedError


class Source(Task):
    """Makes work from a linear feedback shift register."""

    def __init__(self, scheduler, name, priority, count):
        Task.__init__(self, scheduler, name, priority)
        self.left = count
        self.state = 0xACE1

    def ready(self):
        return self.left > 0

    def handle(self, message):
        pass

    def run(self):
        self.runs += 1
        self.left -= 1
        bit = self.state & 1
        self.state >>= 1
        if bit:
            self.state ^= 0xB400
        target = "disk" if bit else "net"
        self.scheduler.send(target, Message("job", self.state & 255))


class Device(Task):
    """Answers each request; is held for a while after every eighth."""

    def __init__(self, scheduler, name, priority):
        Task.__init__(self, scheduler, name, priority)
        self.wait = 0

    def tick(self):
        if self.held:
            self.wait -= 1
            if self.wait == 0:
                self.held = False

    def handle(self, message):
        message.kind = self.name
        self.scheduler.send("worker", message)
        if self.runs % 8 == 0:
            self.held = True
            self.wait = 5


class Worker(Task):
    def __init__(self, scheduler, name, priority):
        Task.__init__(self, scheduler, name, priority)
        self.checksum = 0
        self.counts = {"disk": 0, "net": 0}

    def handle(self, message):
        self.counts[message.kind] += 1
        total = message.value
        for shift in (1, 2, 3, 4):
            total = (total * 31 + shift) & 0xFFFF
        self.checksum = (self.checksum + total) & 0xFFFFFF


class Scheduler(object):
    def __init__(self):
        self.tasks = []
        self.by_name = {}
        self.steps = 0

    def add(self, task):
        self.tasks.append(task)
        self.tasks.sort(key=lambda t: -t.priority)
        self.by_name[task.name] = task

    def send(self, name, message):
        self.by_name[name].mailbox.put(message)

    def step(self):
        self.steps += 1
        for task in self.tasks:
            if isinstance(task, Device):
                task.tick()
        for task in self.tasks:
            if task.ready():
                task.run()
                return True
        return any(task.held for task in self.tasks)

    def run(self):
        while self.step():
            pass


def main(count):
    scheduler = Scheduler()
    scheduler.add(Source(scheduler, "source", 1, count))
    scheduler.add(Device(scheduler, "disk", 3))
    scheduler.add(Device(scheduler, "net", 4))
    worker = Worker(scheduler, "worker", 2)
    scheduler.add(worker)
    scheduler.run()
    sys.stdout.write("steps %d\n" % scheduler.steps)
    for task in scheduler.tasks:
        sys.stdout.write("%s %d\n" % (task.name, task.runs))
    sys.stdout.write("disk %(disk)d net %(net)d\n" % worker.counts)
    sys.stdout.write("checksum %d\n" % worker.checksum)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 260000)
