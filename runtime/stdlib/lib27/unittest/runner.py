"""Runs tests and writes what happens."""

import sys
import time

from . import result
from .signals import registerResult

__unittest = True


class _WritelnDecorator(object):
    """A stream with writeln()."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        if name in ("stream", "__getstate__"):
            raise AttributeError(name)
        return getattr(self.stream, name)

    def writeln(self, arg=None):
        if arg:
            self.write(arg)
        self.write("\n")


class TextTestResult(result.TestResult):
    separator1 = "=" * 70
    separator2 = "-" * 70

    def __init__(self, stream, descriptions, verbosity):
        super(TextTestResult, self).__init__(stream, descriptions, verbosity)
        self.stream, self.descriptions = stream, descriptions
        self.dots, self.showAll = verbosity == 1, verbosity > 1

    def getDescription(self, test):
        first = test.shortDescription()
        return "\n".join((str(test), first)) if self.descriptions and first else str(test)

    def _note(self, word, dot):
        if self.showAll:
            self.stream.writeln(word)
        elif self.dots:
            self.stream.write(dot)
            self.stream.flush()

    def startTest(self, test):
        super(TextTestResult, self).startTest(test)
        if self.showAll:
            self.stream.write(self.getDescription(test) + " ... ")
            self.stream.flush()

    def addSuccess(self, test):
        super(TextTestResult, self).addSuccess(test)
        self._note("ok", ".")

    def addError(self, test, err):
        super(TextTestResult, self).addError(test, err)
        self._note("ERROR", "E")

    def addFailure(self, test, err):
        super(TextTestResult, self).addFailure(test, err)
        self._note("FAIL", "F")

    def addSkip(self, test, reason):
        super(TextTestResult, self).addSkip(test, reason)
        self._note("skipped %r" % reason, "s")

    def addExpectedFailure(self, test, err):
        super(TextTestResult, self).addExpectedFailure(test, err)
        self._note("expected failure", "x")

    def addUnexpectedSuccess(self, test):
        super(TextTestResult, self).addUnexpectedSuccess(test)
        self._note("unexpected success", "u")

    def printErrors(self):
        if self.dots or self.showAll:
            self.stream.writeln()
        self.printErrorList("ERROR", self.errors)
        self.printErrorList("FAIL", self.failures)

    def printErrorList(self, flavour, errors):
        for test, text in errors:
            self.stream.writeln(self.separator1)
            self.stream.writeln("%s: %s" % (flavour, self.getDescription(test)))
            self.stream.writeln(self.separator2)
            self.stream.writeln("%s" % text)


class TextTestRunner(object):
    resultclass = TextTestResult

    def __init__(self, stream=sys.stderr, descriptions=True, verbosity=1, failfast=False, buffer=False, resultclass=None):
        self.stream, self.descriptions, self.verbosity = _WritelnDecorator(stream), descriptions, verbosity
        self.failfast, self.buffer = failfast, buffer
        if resultclass is not None:
            self.resultclass = resultclass

    def _makeResult(self):
        return self.resultclass(self.stream, self.descriptions, self.verbosity)

    def run(self, test):
        result = self._makeResult()
        registerResult(result)
        result.failfast = self.failfast
        result.buffer = self.buffer
        begin = time.time()
        getattr(result, "startTestRun", lambda: None)()
        try:
            test(result)
        finally:
            getattr(result, "stopTestRun", lambda: None)()
        taken = time.time() - begin
        result.printErrors()
        if hasattr(result, "separator2"):
            self.stream.writeln(result.separator2)
        n = result.testsRun
        self.stream.writeln("Ran %d test%s in %.3fs" % (n, "" if n == 1 else "s", taken))
        self.stream.writeln()
        counts = []
        if not result.wasSuccessful():
            counts += [("failures", len(result.failures)), ("errors", len(result.errors))]
        counts += [("skipped", len(getattr(result, "skipped", ()))), ("expected failures", len(getattr(result, "expectedFailures", ()))),
                   ("unexpected successes", len(getattr(result, "unexpectedSuccesses", ())))]
        notes = ", ".join("%s=%d" % pair for pair in counts if pair[1])
        self.stream.write("OK" if result.wasSuccessful() else "FAILED")
        self.stream.writeln(" (%s)" % notes if notes else "")
        return result
