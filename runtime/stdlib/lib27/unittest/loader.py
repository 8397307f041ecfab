"""Finds tests in classes, modules and by name."""

import os
import sys
import traceback
import types
from fnmatch import fnmatch

from . import case, suite

__unittest = True


class TestLoader(object):
    testMethodPrefix = "test"
    sortTestMethodsUsing = cmp
    suiteClass = suite.TestSuite
    _top_level_dir = None

    def loadTestsFromTestCase(self, testCaseClass):
        if issubclass(testCaseClass, suite.TestSuite):
            raise TypeError("Test cases should not be derived from TestSuite. Maybe you meant to derive from TestCase?")
        names = self.getTestCaseNames(testCaseClass)
        if not names and hasattr(testCaseClass, "runTest"):
            names = ["runTest"]
        return self.suiteClass(map(testCaseClass, names))

    def loadTestsFromModule(self, module, use_load_tests=True):
        tests = [self.loadTestsFromTestCase(obj) for obj in (getattr(module, name) for name in dir(module))
                 if isinstance(obj, type) and issubclass(obj, case.TestCase)]
        tests = self.suiteClass(tests)
        load_tests = getattr(module, "load_tests", None)
        if not use_load_tests or load_tests is None:
            return tests
        try:
            return load_tests(self, tests, None)
        except Exception:
            return self._failed(module.__name__, "Failed to call load_tests:\n%s" % traceback.format_exc(), "LoadTestsFailure")

    def _failed(self, name, message, kind="ModuleImportFailure"):
        def broken(self):
            raise ImportError(message)
        return self.suiteClass((type(kind, (case.TestCase,), {name: broken})(name),))

    def loadTestsFromName(self, name, module=None):
        parts = name.split(".")
        if module is None:
            tried = parts[:]
            while True:
                try:
                    module = __import__(".".join(tried))
                    break
                except ImportError:
                    tried.pop()
                    if not tried:
                        raise
            parts = parts[1:]
        obj = module
        for part in parts:
            parent, obj = obj, getattr(obj, part)
        if isinstance(obj, types.ModuleType):
            return self.loadTestsFromModule(obj)
        if isinstance(obj, type) and issubclass(obj, case.TestCase):
            return self.loadTestsFromTestCase(obj)
        if isinstance(obj, types.UnboundMethodType) and isinstance(parent, type) and issubclass(parent, case.TestCase):
            return self.suiteClass([parent(parts[-1])])
        if isinstance(obj, suite.TestSuite):
            return obj
        if hasattr(obj, "__call__"):
            test = obj()
            if isinstance(test, suite.TestSuite):
                return test
            if isinstance(test, case.TestCase):
                return self.suiteClass([test])
            raise TypeError("calling %s returned %s, not a test" % (obj, test))
        raise TypeError("don't know how to make test from: %s" % obj)

    def loadTestsFromNames(self, names, module=None):
        return self.suiteClass([self.loadTestsFromName(name, module) for name in names])

    def getTestCaseNames(self, testCaseClass):
        names = [name for name in dir(testCaseClass)
                 if name.startswith(self.testMethodPrefix) and hasattr(getattr(testCaseClass, name), "__call__")]
        order = type(self).__dict__.get("sortTestMethodsUsing", TestLoader.__dict__["sortTestMethodsUsing"])
        if order:
            names.sort(cmp=order)
        return names

    def discover(self, start_dir, pattern="test*.py", top_level_dir=None):
        top = os.path.abspath(top_level_dir or self._top_level_dir or start_dir)
        self._top_level_dir = top
        if top not in sys.path:
            sys.path.insert(0, top)
        start = os.path.abspath(start_dir)
        if not os.path.isdir(start):
            raise ImportError("Start directory is not importable: %r" % start_dir)
        return self.suiteClass(list(self._find_tests(start, pattern)))

    def _find_tests(self, folder, pattern):
        for entry in sorted(os.listdir(folder)):
            path = os.path.join(folder, entry)
            name = os.path.relpath(os.path.splitext(path)[0], self._top_level_dir).replace(os.path.sep, ".")
            if os.path.isfile(path):
                if not (entry.endswith(".py") and fnmatch(entry, pattern)):
                    continue
                try:
                    __import__(name)
                except Exception:
                    yield self._failed(name, "Failed to import test module: %s\n%s" % (name, traceback.format_exc()))
                else:
                    yield self.loadTestsFromModule(sys.modules[name])
            elif os.path.isfile(os.path.join(path, "__init__.py")):
                for found in self._find_tests(path, pattern):
                    yield found


defaultTestLoader = TestLoader()


def _makeLoader(prefix, sortUsing, suiteClass=None):
    loader = TestLoader()
    loader.testMethodPrefix = prefix
    if suiteClass:
        loader.suiteClass = suiteClass
    return loader


def getTestCaseNames(testCaseClass, prefix, sortUsing=cmp):
    return _makeLoader(prefix, sortUsing).getTestCaseNames(testCaseClass)


def makeSuite(testCaseClass, prefix="test", sortUsing=cmp, suiteClass=suite.TestSuite):
    return _makeLoader(prefix, sortUsing, suiteClass).loadTestsFromTestCase(testCaseClass)


def findTestCases(module, prefix="test", sortUsing=cmp, suiteClass=suite.TestSuite):
    return _makeLoader(prefix, sortUsing, suiteClass).loadTestsFromModule(module)
