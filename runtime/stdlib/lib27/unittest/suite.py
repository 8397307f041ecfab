"""Several tests as one."""

import sys

from . import case

__unittest = True


class BaseTestSuite(object):
    def __init__(self, tests=()):
        self._tests = []
        self.addTests(tests)

    def __repr__(self):
        return "<%s tests=%s>" % (case.strclass(self.__class__), list(self))

    def __eq__(self, other):
        if not isinstance(other, self.__class__):
            return NotImplemented
        return list(self) == list(other)

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __iter__(self):
        return iter(self._tests)

    def countTestCases(self):
        return sum(test.countTestCases() for test in self)

    def addTest(self, test):
        if not hasattr(test, "__call__"):
            raise TypeError("%r is not callable" % (test,))
        if isinstance(test, type) and issubclass(test, (case.TestCase, TestSuite)):
            raise TypeError("TestCases and TestSuites must be instantiated before passing them to addTest()")
        self._tests.append(test)

    def addTests(self, tests):
        if isinstance(tests, basestring):
            raise TypeError("tests must be an iterable of tests, not a string")
        for test in tests:
            self.addTest(test)

    def debug(self):
        for test in self:
            test.debug()

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def run(self, result):
        for test in self:
            if result.shouldStop:
                break
            test(result)
        return result


class TestSuite(BaseTestSuite):
    """Runs the fixtures of classes and modules between their tests."""

    def run(self, result, debug=False):
        top = not getattr(result, "_testRunEntered", False)
        result._testRunEntered = True
        for test in self:
            if result.shouldStop:
                break
            try:
                iter(test)
            except TypeError:
                self._change(test.__class__, result)
                if getattr(test.__class__, "_classSetupFailed", False) or getattr(result, "_moduleSetUpFailed", False):
                    continue
            if debug:
                test.debug()
            else:
                test(result)
        if top:
            self._change(None, result)
            result._testRunEntered = False
        return result

    def debug(self):
        self.run(_DebugResult(), True)

    def _change(self, cls, result):
        """Goes over from the class of the last test to another one; None after the last."""
        old = getattr(result, "_previousTestClass", None)
        if cls is old:
            return
        if old is not None and not getattr(old, "_classSetupFailed", False) and not getattr(result, "_moduleSetUpFailed", False) \
                and not getattr(old, "__unittest_skip__", False):
            self._fixture(getattr(old, "tearDownClass", None), "tearDownClass (%s)" % case.strclass(old), result)
        old_module = getattr(old, "__module__", None)
        module = getattr(cls, "__module__", None)
        if module != old_module:
            if old_module is not None and not getattr(result, "_moduleSetUpFailed", False):
                self._fixture(getattr(sys.modules.get(old_module), "tearDownModule", None), "tearDownModule (%s)" % old_module, result)
            result._moduleSetUpFailed = False
            if module is not None:
                good = self._fixture(getattr(sys.modules.get(module), "setUpModule", None), "setUpModule (%s)" % module, result)
                result._moduleSetUpFailed = not good
        result._previousTestClass = cls
        if cls is None or result._moduleSetUpFailed or getattr(cls, "__unittest_skip__", False):
            return
        try:
            cls._classSetupFailed = False
        except TypeError:
            pass
        if not self._fixture(getattr(cls, "setUpClass", None), "setUpClass (%s)" % case.strclass(cls), result):
            cls._classSetupFailed = True

    def _fixture(self, function, name, result):
        if function is None:
            return True
        getattr(result, "_setupStdout", lambda: None)()
        try:
            function()
            return True
        except Exception as e:
            if isinstance(result, _DebugResult):
                raise
            if isinstance(e, case.SkipTest) and hasattr(result, "addSkip"):
                result.addSkip(_ErrorHolder(name), str(e))
            else:
                result.addError(_ErrorHolder(name), sys.exc_info())
            return False
        finally:
            getattr(result, "_restoreStdout", lambda: None)()


class _DebugResult(object):
    """Stands for a result where errors are not caught."""

    _previousTestClass = None
    _moduleSetUpFailed = shouldStop = False


class _ErrorHolder(object):
    """Stands for a fixture in lists of tests."""

    failureException = None

    def __init__(self, description):
        self.description = description

    def __repr__(self):
        return "<ErrorHolder description=%r>" % (self.description,)

    def id(self):
        return self.description

    __str__ = id

    def shortDescription(self):
        return None

    def countTestCases(self):
        return 0

    def run(self, result):
        pass

    __call__ = run
