"""Bank transfers: random amounts between random accounts. Beside them a plain thread looks at single accounts, and now and then at the
whole bank in a block of its own: neither may ever see a transfer half done.
"""
from __future__ import print_function

import threading
import time

from common import Demo, Random
from transaction import atomic

START = 1000


class Account(object):
    def __init__(self):
        self.balance = START
        # What came, what went, and the balance once more: for a moment in each transfer these don't add up.
        self.book = [0, 0, START]

    def pay_in(self, amount):
        self.balance += amount
        book = self.book
        book[0] += amount
        book[2] += amount

    def pay_out(self, amount):
        self.balance -= amount
        book = self.book
        book[1] += amount
        book[2] -= amount


class Auditor(threading.Thread):
    """Looks every millisecond, in a plain thread."""

    def __init__(self, accounts):
        threading.Thread.__init__(self)
        self.accounts = accounts
        self.over = threading.Event()
        self.wrong = 0
        self.looks = 0

    def run(self):
        n = 0
        while not self.over.is_set():
            for account in self.accounts[n % 4::4]:
                # One builtin operation: all three numbers of one moment.
                came, went, balance = tuple(account.book)
                self.wrong += START + came - went != balance
            if n % 20 == 0:
                with atomic:
                    total = sum([a.balance for a in self.accounts])
                self.wrong += total != START * len(self.accounts)
            self.looks += 1
            n += 1
            time.sleep(0.001)


def orders(demo, thread):
    """A thread's transfers: (from, to, amount)."""
    dice = Random(thread + 11)
    return [(dice.below(demo.accounts), dice.below(demo.accounts), 1 + dice.below(100)) for _ in range(demo.transfers // demo.shares)]


def main():
    # The orders are made for a fixed number of shares, so that the result does not depend on the number of threads.
    demo = Demo(__doc__, accounts=200, transfers=4000, shares=8, audit=1)
    accounts = [Account() for _ in range(demo.accounts)]
    shares = [orders(demo, n) for n in range(demo.shares)]

    def transfer(order):
        giver, taker, amount = order
        accounts[giver].pay_out(amount)
        accounts[taker].pay_in(amount)

    def work(thread):
        for share in shares[thread::demo.threads]:
            demo.each(transfer, share)

    auditor = Auditor(accounts)
    if demo.audit and not demo.plain:
        auditor.start()
    demo.in_threads([lambda thread=n: work(thread) for n in range(demo.threads)])
    if demo.audit and not demo.plain:
        auditor.over.set()
        auditor.join()
    balances = [a.balance for a in accounts]
    print("%d transfers, total %d of %d, the auditor saw %d mistakes" % (
        sum(map(len, shares)), sum(balances), START * len(accounts), auditor.wrong))
    print("checksum", sum(n * b for n, b in enumerate(balances)))
    demo.end()


main()
