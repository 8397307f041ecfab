"""A scheduler on TransactionQueue: tasks that need others' results. A task's transaction works, keeps its result, and puts down
those tasks as jobs for which it was the last that they waited for.
"""
from __future__ import print_function

from common import Demo, Random


class Task(object):
    def __init__(self, number):
        self.number = number
        self.needs = []
        self.needed_by = []
        self.waits_for = 0
        self.result = None


def graph(count, dice):
    """Tasks without cycles: each needs up to three of the fifty before it."""
    tasks = [Task(n) for n in range(count)]
    for task in tasks:
        for n in sorted(set(task.number - 1 - dice.below(50) for _ in range(3))):
            if n >= 0:
                task.needs.append(tasks[n])
                tasks[n].needed_by.append(task)
                task.waits_for += 1
    return tasks


def main():
    demo = Demo(__doc__, tasks=600, work=200)
    tasks = graph(demo.tasks, Random(3))
    queue = demo.queue()

    def run(task):
        value = task.number
        for other in task.needs:
            value = (value * 31 + other.result) % 1000003
        for _ in range(demo.work):
            value = (value * 1103 + 12345) % 1000003
        assert task.result is None
        task.result = value
        for other in task.needed_by:
            other.waits_for -= 1
            if other.waits_for == 0:
                queue.add(run, other)

    for task in tasks:
        if not task.needs:
            queue.add(run, task)
    demo.run(queue)
    print("%d tasks, %d edges, sum of the results %d" % (
        len(tasks), sum(len(t.needs) for t in tasks), sum(t.result for t in tasks)))
    demo.end()


main()
