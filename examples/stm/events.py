"""A discrete-event simulation on TransactionQueue: customers who walk from counter to counter and wait in line there.

The way between two counters takes at least WALK ticks. So whatever happens within WALK ticks at one counter is independent of the others,
and is one job; jobs meet where customers arrive at the same counter later. Lines are served in order of arrival, ties by number: the result
is the same in whatever order jobs run.
"""
from __future__ import print_function

from heapq import heappop, heappush

from common import Demo, Random

WALK = 1000


class Counter(object):
    def __init__(self, number):
        self.number = number
        self.arrivals = []
        self.free_at = 0
        self.served = 0
        self.waited = 0
        self.longest = 0


class Customer(object):
    def __init__(self, number):
        self.number = number
        self.dice = Random(number + 100)


def main():
    demo = Demo(__doc__, counters=16, customers=300, ticks=20000)
    counters = [Counter(n) for n in range(demo.counters)]
    customers = [Customer(n) for n in range(demo.customers)]
    for c in customers:
        heappush(counters[c.dice.below(demo.counters)].arrivals, (c.dice.below(WALK), c.number))

    def serve(counter, until):
        arrivals = counter.arrivals
        while arrivals and arrivals[0][0] < until:
            now, number = heappop(arrivals)
            dice = customers[number].dice
            begins = max(now, counter.free_at)
            counter.free_at = begins + 20 + dice.below(60)
            counter.served += 1
            counter.waited += begins - now
            counter.longest = max(counter.longest, begins - now)
            following = counters[dice.below(demo.counters)]
            heappush(following.arrivals, (counter.free_at + WALK + dice.below(500), number))

    for until in range(WALK, demo.ticks + 1, WALK):
        queue = demo.queue()
        for counter in counters:
            queue.add(serve, counter, until)
        demo.run(queue)
    served = sum(c.served for c in counters)
    print("%d ticks, %d customers served, mean wait %.3f, longest %d" % (
        demo.ticks, served, sum(c.waited for c in counters) / float(served), max(c.longest for c in counters)))
    print("by counter", " ".join(str(c.served) for c in counters))
    demo.end()


main()
