"""A pytest plugin that writes each test's start and outcome at once, so that a process that dies or hangs names the test it was at.

TXPY_RESULTS names the file of results, TXPY_DONE one with the tests that have been run, which are left out.
"""
import os

out = open(os.environ["TXPY_RESULTS"], "a")
with open(os.environ["TXPY_DONE"]) as f:
    done = set(f.read().splitlines())


def say(status, test, message=""):
    text = "".join(c if " " <= c <= "~" else " " for c in message)
    out.write(f"{status}\t{test}\t{text[:300]}\n")
    out.flush()


def pytest_collection_modifyitems(config, items):
    items[:] = [i for i in items if i.nodeid not in done]


def pytest_collectreport(report):
    if report.failed:
        say("import-fail", report.nodeid, str(report.longrepr).strip().splitlines()[-1])


def pytest_runtest_logstart(nodeid, location):
    say("start", nodeid)


def pytest_runtest_logreport(report):
    """A test passes when its call does; what its set-up or end does wrong comes after, and counts instead."""
    if report.skipped:
        say("skip", report.nodeid)
    elif report.failed:
        crash = getattr(report.longrepr, "reprcrash", None)
        say("fail", report.nodeid, crash.message if crash else str(report.longrepr))
    elif report.when == "call":
        say("pass", report.nodeid, f"{report.duration:.3f}")


def pytest_sessionfinish(session, exitstatus):
    say("end", "")
