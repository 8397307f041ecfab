"""What came out of tests."""

import sys
import traceback

__unittest = True


class TestResult(object):
    """Counts and lists of (test, text); subclasses report while tests run."""

    _previousTestClass = None
    _moduleSetUpFailed = False

    def __init__(self, stream=None, descriptions=None, verbosity=None):
        self.failfast = self.buffer = self.shouldStop = False
        self.failures, self.errors, self.skipped = [], [], []
        self.expectedFailures, self.unexpectedSuccesses = [], []
        self.testsRun = 0

    def printErrors(self):
        pass

    def startTest(self, test):
        self.testsRun += 1

    def startTestRun(self):
        pass

    def stopTest(self, test):
        pass

    def stopTestRun(self):
        pass

    def _fast(self):
        if self.failfast:
            self.stop()

    def addError(self, test, err):
        self.errors.append((test, self._exc_info_to_string(err, test)))
        self._fast()

    def addFailure(self, test, err):
        self.failures.append((test, self._exc_info_to_string(err, test)))
        self._fast()

    def addSuccess(self, test):
        pass

    def addSkip(self, test, reason):
        self.skipped.append((test, reason))

    def addExpectedFailure(self, test, err):
        self.expectedFailures.append((test, self._exc_info_to_string(err, test)))

    def addUnexpectedSuccess(self, test):
        self.unexpectedSuccesses.append(test)
        self._fast()

    def wasSuccessful(self):
        return not self.failures and not self.errors

    def stop(self):
        self.shouldStop = True

    def _exc_info_to_string(self, err, test):
        """The traceback without this package's own frames at its ends."""
        kind, value, tb = err
        while tb and self._is_relevant_tb_level(tb):
            tb = tb.tb_next
        limit = None
        if kind is test.failureException:
            limit = 0
            at = tb
            while at and not self._is_relevant_tb_level(at):
                limit += 1
                at = at.tb_next
        return "".join(traceback.format_exception(kind, value, tb, limit))

    def _is_relevant_tb_level(self, tb):
        return "__unittest" in tb.tb_frame.f_globals

    def __repr__(self):
        return "<%s.%s run=%i errors=%i failures=%i>" % (
            self.__class__.__module__, self.__class__.__name__, self.testsRun, len(self.errors), len(self.failures))
