"""Finds tests in classes, modules and by name."""

import os
import re
import sys
import traceback
import types
from fnmatch import fnmatch

from . import case, suite

__unittest = True
# What is a module's file; others can't be imported.
_MODULE = re.compile(r"[_a-z]\w*\.py$", re.IGNORECASE)


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
        except Exception as e:
            return self._failed(module.__name__, e, "LoadTestsFailure")

    def _failed(self, name, error, kind="ModuleImportFailure"):
        """A suite with one test, which raises the error."""
        def broken(self):
            raise error
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
        if self.sortTestMethodsUsing:
            names.sort(cmp=self.sortTestMethodsUsing)
        return names

    def discover(self, start_dir, pattern="test*.py", top_level_dir=None):
        """All tests of the modules below a folder, or a package by its dotted name, whose file names match the pattern."""
        given = top_level_dir or self._top_level_dir
        top = self._top_level_dir = os.path.abspath(given or start_dir)
        if top not in sys.path:
            sys.path.insert(0, top)
        if os.path.isdir(os.path.abspath(start_dir)):
            start = os.path.abspath(start_dir)
            importable = start == top or os.path.isfile(os.path.join(start, "__init__.py"))
        else:
            try:
                __import__(start_dir)
                importable = True
            except ImportError:
                importable = False
            else:
                start = os.path.abspath(os.path.dirname(sys.modules[start_dir].__file__))
                if not given:
                    self._top_level_dir = self._get_directory_containing_module(start_dir.split(".")[0])
                    sys.path.remove(top)
        if not importable:
            raise ImportError("Start directory is not importable: %r" % start_dir)
        return self.suiteClass(list(self._find_tests(start, pattern)))

    def _get_directory_containing_module(self, module_name):
        path = os.path.abspath(sys.modules[module_name].__file__)
        folder = os.path.dirname(path)
        return os.path.dirname(folder) if os.path.basename(path).lower().startswith("__init__.py") else folder

    def _get_name_from_path(self, path):
        relative = os.path.relpath(os.path.splitext(os.path.normpath(path))[0], self._top_level_dir)
        assert not os.path.isabs(relative), "Path must be within the project"
        assert not relative.startswith(".."), "Path must be within the project"
        return relative.replace(os.path.sep, ".")

    def _get_module_from_name(self, name):
        __import__(name)
        return sys.modules[name]

    def _match_path(self, path, full_path, pattern):
        return fnmatch(path, pattern)

    def _find_tests(self, start_dir, pattern):
        for entry in os.listdir(start_dir):
            path = os.path.join(start_dir, entry)
            if os.path.isfile(path):
                if _MODULE.match(entry) and self._match_path(entry, path, pattern):
                    yield self._tests_of_file(path)
            elif os.path.isdir(path) and os.path.isfile(os.path.join(path, "__init__.py")):
                load_tests = tests = None
                if fnmatch(entry, pattern):
                    # A package that matches may choose its tests itself.
                    package = self._get_module_from_name(self._get_name_from_path(path))
                    load_tests = getattr(package, "load_tests", None)
                    tests = self.loadTestsFromModule(package, use_load_tests=False)
                if load_tests is None:
                    if tests is not None:
                        yield tests
                    for found in self._find_tests(path, pattern):
                        yield found
                else:
                    try:
                        yield load_tests(self, tests, pattern)
                    except Exception as e:
                        yield self._failed(package.__name__, e, "LoadTestsFailure")

    def _tests_of_file(self, path):
        name = self._get_name_from_path(path)
        try:
            module = self._get_module_from_name(name)
        except Exception:
            return self._failed(name, ImportError("Failed to import test module: %s\n%s" % (name, traceback.format_exc())))
        found = os.path.abspath(getattr(module, "__file__", path))
        if os.path.splitext(os.path.realpath(found))[0].lower() != os.path.splitext(os.path.realpath(path))[0].lower():
            raise ImportError("%r module incorrectly imported from %r. Expected %r. Is this module globally installed?" % (
                os.path.splitext(os.path.basename(path))[0], os.path.dirname(found), os.path.dirname(path)))
        return self.loadTestsFromModule(module)


defaultTestLoader = TestLoader()


def _makeLoader(prefix, sortUsing, suiteClass=None):
    loader = TestLoader()
    loader.testMethodPrefix, loader.sortTestMethodsUsing = prefix, sortUsing
    if suiteClass:
        loader.suiteClass = suiteClass
    return loader


def getTestCaseNames(testCaseClass, prefix, sortUsing=cmp):
    return _makeLoader(prefix, sortUsing).getTestCaseNames(testCaseClass)


def makeSuite(testCaseClass, prefix="test", sortUsing=cmp, suiteClass=suite.TestSuite):
    return _makeLoader(prefix, sortUsing, suiteClass).loadTestsFromTestCase(testCaseClass)


def findTestCases(module, prefix="test", sortUsing=cmp, suiteClass=suite.TestSuite):
    return _makeLoader(prefix, sortUsing, suiteClass).loadTestsFromModule(module)
