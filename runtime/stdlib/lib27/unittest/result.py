"""What came out of tests."""

import StringIO
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
        self._original_stdout, self._original_stderr = sys.stdout, sys.stderr
        self._stdout_buffer = self._stderr_buffer = None
        self._mirrorOutput = False

    def printErrors(self):
        pass

    def _setupStdout(self):
        """With `buffer`, keeps what a test writes until it is known whether anybody wants to see it."""
        if not self.buffer:
            return
        if self._stdout_buffer is None:
            self._stdout_buffer, self._stderr_buffer = StringIO.StringIO(), StringIO.StringIO()
        sys.stdout, sys.stderr = self._stdout_buffer, self._stderr_buffer

    def _written(self):
        """What was written, with headings: (to which stream it belongs, text)."""
        for stream, buffered, heading in ((self._original_stdout, sys.stdout, "Stdout"), (self._original_stderr, sys.stderr, "Stderr")):
            text = buffered.getvalue()
            if text:
                yield stream, "\n%s:\n%s%s" % (heading, text, "" if text.endswith("\n") else "\n")

    def _restoreStdout(self):
        if not self.buffer:
            return
        if self._mirrorOutput:
            for stream, text in self._written():
                stream.write(text)
        sys.stdout, sys.stderr = self._original_stdout, self._original_stderr
        for buffered in (self._stdout_buffer, self._stderr_buffer):
            buffered.seek(0)
            buffered.truncate()

    def startTest(self, test):
        self.testsRun += 1
        self._mirrorOutput = False
        self._setupStdout()

    def startTestRun(self):
        pass

    def stopTest(self, test):
        self._restoreStdout()
        self._mirrorOutput = False

    def stopTestRun(self):
        pass

    def _fast(self):
        # Old results don't have it.
        if getattr(self, "failfast", False):
            self.stop()

    def addError(self, test, err):
        self._add(self.errors, test, err)

    def addFailure(self, test, err):
        self._add(self.failures, test, err)

    def _add(self, where, test, err):
        where.append((test, self._exc_info_to_string(err, test)))
        self._mirrorOutput = True
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
        texts = traceback.format_exception(kind, value, tb, limit)
        if self.buffer:
            texts += [text for _, text in self._written()]
        return "".join(texts)

    def _is_relevant_tb_level(self, tb):
        return "__unittest" in tb.tb_frame.f_globals

    def __repr__(self):
        return "<%s.%s run=%i errors=%i failures=%i>" % (
            self.__class__.__module__, self.__class__.__name__, self.testsRun, len(self.errors), len(self.failures))
