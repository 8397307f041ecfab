"""Runs one of CPython's test files in the interpreter under test, one line of results a test (see run.py). For 2.7 and 3.

With a fifth argument, `in-blocks`, each test function runs in an atomic block; setUp, tearDown and cleanups run outside, as most of what they
do (files, folders, processes) can't be rolled back and would only make the block irrevocable before it has begun.
"""
import functools
import sys
import types
import unittest

TESTS, NAME, RESULTS, DONE = sys.argv[1:5]
IN_BLOCKS = sys.argv[5:] == ["in-blocks"]

# The package `test` is the given folder, so that nothing else of that library is found.
package = types.ModuleType("test")
package.__path__ = [TESTS]
package.__file__ = TESTS + "/__init__.py"
sys.modules["test"] = package

out = open(RESULTS, "a")
with open(DONE) as f:
    done = set(line.rstrip("\n") for line in f)


def report(status, test, message=""):
    message = " ".join(message.split())[:300]
    out.write("%s\t%s\t%s\n" % (status, clean(test), clean(message)))
    out.flush()


def clean(text):
    """The text as printable ASCII."""
    return "".join(c if " " <= c <= "~" else "\\x%x" % ord(c) for c in text)


def last_line(err):
    kind, value = err[0], err[1]
    name = getattr(kind, "__name__", str(kind))
    try:
        text = str(value)
    except Exception:
        text = "<no text>"
    where = ""
    tb = err[2]
    while tb is not None:
        where = "%s:%d" % (tb.tb_frame.f_code.co_filename.rsplit("/", 1)[-1], tb.tb_lineno)
        tb = tb.tb_next
    return "%s: %s @%s" % (name, text, where)


class Result(unittest.TestResult):
    """Writes each test's result as soon as it is known; the worst of a test's subtests counts."""

    def startTest(self, test):
        unittest.TestResult.startTest(self, test)
        self.verdict = None
        report("start", test.id())

    def stopTest(self, test):
        unittest.TestResult.stopTest(self, test)
        status, message = self.verdict or ("fail", "no result")
        report(status, test.id(), message)

    def settle(self, status, message=""):
        if self.verdict is None or self.verdict[0] == "pass":
            self.verdict = (status, message)

    def addSuccess(self, test):
        if self.verdict is None:
            aborts = getattr(test, "aborts_of_block", 0)
            self.verdict = ("pass", "rolled back %d times" % aborts if aborts else "")

    def addError(self, test, err):
        if not hasattr(test, "_testMethodName") and not hasattr(test, "_dt_test"):
            report("fixture", test.id(), last_line(err))
        else:
            self.settle("fail", last_line(err))

    def addFailure(self, test, err):
        self.settle("fail", last_line(err))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.settle("fail", last_line(err))

    def addSkip(self, test, reason):
        if hasattr(test, "_testMethodName"):
            self.settle("skip", reason)
        else:
            report("fixture", test.id(), "skipped: " + reason)

    def addExpectedFailure(self, test, err):
        self.settle("pass")

    def addUnexpectedSuccess(self, test):
        self.settle("fail", "unexpected success")


def flatten(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            for x in flatten(item):
                yield x
        else:
            yield item


try:
    if sys.version_info[0] == 2:
        from test import test_support as support
    else:
        from test import support
    support.use_resources = []
    support.verbose = 0
    # Which of the tests that are marked as CPython's own count is said by the list of excluded ones.
    support.cpython_only = lambda test: test
    module = __import__("test." + NAME, fromlist=["*"])
except BaseException:
    if sys.exc_info()[0].__name__ == "SkipTest":
        report("import-skip", NAME, str(sys.exc_info()[1]))
    else:
        report("import-fail", NAME, last_line(sys.exc_info()))
    sys.exit(0)

def of_test_main():
    """The tests that a 2.7 file's test_main() would run; other things that it does are left out."""
    found = []

    def run_unittest(*classes):
        for c in classes:
            if isinstance(c, str):
                found.extend(flatten(unittest.defaultTestLoader.loadTestsFromModule(sys.modules[c])))
            elif isinstance(c, unittest.TestSuite):
                found.extend(flatten(c))
            elif isinstance(c, unittest.TestCase):
                found.append(c)
            else:
                found.extend(flatten(unittest.makeSuite(c)))

    def run_doctest(m, verbosity=None):
        import doctest

        found.extend(flatten(doctest.DocTestSuite(m)))
        return 0, 0

    support.run_unittest, support.run_doctest = run_unittest, run_doctest
    for name, f in (("run_unittest", run_unittest), ("run_doctest", run_doctest)):
        if hasattr(module, name):
            setattr(module, name, f)
    try:
        module.test_main()
    except Exception:
        # Some demand that the tests, which did not run, gave certain warnings.
        if not found:
            raise
    return found


if sys.version_info[0] == 2 and hasattr(module, "test_main"):
    loaded = of_test_main()
else:
    loaded = list(flatten(unittest.defaultTestLoader.loadTestsFromModule(module)))


def put_in_block(test):
    """Makes the test's function run in an atomic block. Coroutines are left as they are: the block would end before they begin."""
    from _transaction import aborts
    from transaction import atomic

    method = getattr(test, test._testMethodName)

    @functools.wraps(method)
    def run():
        with atomic:
            try:
                return method()
            finally:
                test.aborts_of_block = aborts()

    if not hasattr(test, "_callMaybeAsync"):
        setattr(test, test._testMethodName, run)


seen = set()
todo = []
for t in loaded:
    key = clean(t.id())
    if key not in done and key not in seen:
        seen.add(key)
        todo.append(t)
for t in todo:
    if hasattr(t, "_dt_test"):
        t._testMethodName = "runTest"
    if IN_BLOCKS and hasattr(t, "_testMethodName"):
        put_in_block(t)
unittest.TestSuite(todo).run(Result())
report("end", NAME)
