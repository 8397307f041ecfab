"""A test case: one method run with its fixture, and what it may assert."""

import difflib
import functools
import pprint
import re
import sys
import types
import warnings


__unittest = True
_MAX_LENGTH = 80
DIFF_OMITTED = "\nDiff is %s characters long. Set self.maxDiff to None to see it."


class SkipTest(Exception):
    """Raised to skip a test."""


class _ExpectedFailure(Exception):
    def __init__(self, exc_info):
        super(_ExpectedFailure, self).__init__()
        self.exc_info = exc_info


class _UnexpectedSuccess(Exception):
    pass


def safe_repr(obj, short=False):
    try:
        text = repr(obj)
    except Exception:
        text = object.__repr__(obj)
    if not short or len(text) < _MAX_LENGTH:
        return text
    return text[:_MAX_LENGTH] + " [truncated]..."


def strclass(cls):
    return "%s.%s" % (cls.__module__, cls.__name__)


def skip(reason):
    def decorate(item):
        if not isinstance(item, (type, types.ClassType)):
            @functools.wraps(item)
            def skipped(*args, **kwargs):
                raise SkipTest(reason)
            item = skipped
        item.__unittest_skip__ = True
        item.__unittest_skip_why__ = reason
        return item
    return decorate


def _same(item):
    return item


def skipIf(condition, reason):
    return skip(reason) if condition else _same


def skipUnless(condition, reason):
    return _same if condition else skip(reason)


def expectedFailure(func):
    @functools.wraps(func)
    def expecting(*args, **kwargs):
        outcome = _UnexpectedSuccess()
        try:
            func(*args, **kwargs)
        except Exception:
            outcome = _ExpectedFailure(sys.exc_info())
        raise outcome
    return expecting


class _AssertRaisesContext(object):
    def __init__(self, expected, test_case, expected_regexp=None):
        self.expected, self.expected_regexp = expected, expected_regexp
        self.failureException = test_case.failureException

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, tb):
        if exc_type is None:
            name = getattr(self.expected, "__name__", None) or str(self.expected)
            raise self.failureException("%s not raised" % name)
        if not issubclass(exc_type, self.expected):
            return False
        self.exception = exc_value
        pattern = self.expected_regexp
        if pattern is not None and not pattern.search(str(exc_value)):
            raise self.failureException('"%s" does not match "%s"' % (pattern.pattern, str(exc_value)))
        return True


class TestCase(object):
    failureException = AssertionError
    longMessage = False
    maxDiff = 80 * 8
    # Longer strings are not taken apart.
    _diffThreshold = 2 ** 16
    _classSetupFailed = False

    def __init__(self, methodName="runTest"):
        self._testMethodName = methodName
        self._resultForDoCleanups = None
        try:
            self._testMethodDoc = getattr(self, methodName).__doc__
        except AttributeError:
            raise ValueError("no such test method in %s: %s" % (self.__class__, methodName))
        self._cleanups = []
        self._type_equality_funcs = {}
        for kind, name in ((dict, "Dict"), (list, "List"), (tuple, "Tuple"), (set, "Set"), (frozenset, "Set")):
            self.addTypeEqualityFunc(kind, "assert%sEqual" % name)
        self.addTypeEqualityFunc(unicode, "assertMultiLineEqual")

    def addTypeEqualityFunc(self, typeobj, function):
        self._type_equality_funcs[typeobj] = function

    def addCleanup(self, function, *args, **kwargs):
        self._cleanups.append((function, args, kwargs))

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def countTestCases(self):
        return 1

    def defaultTestResult(self):
        from .result import TestResult
        return TestResult()

    def shortDescription(self):
        doc = self._testMethodDoc
        return doc and doc.split("\n")[0].strip() or None

    def __repr__(self):
        return "<%s testMethod=%s>" % (strclass(self.__class__), self._testMethodName)

    def __str__(self):
        return "%s (%s)" % (self._testMethodName, strclass(self.__class__))

    def id(self):
        return "%s.%s" % (strclass(self.__class__), self._testMethodName)

    def __eq__(self, other):
        same = type(self) is type(other)
        return self._testMethodName == other._testMethodName if same else NotImplemented

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((type(self), self._testMethodName))

    def _skipped(self, result, reason):
        add = getattr(result, "addSkip", None)
        if add is not None:
            add(self, reason)
        else:
            warnings.warn("TestResult has no addSkip method, skips not reported", RuntimeWarning, 2)
            result.addSuccess(self)

    def _stage(self, result, function, report):
        """Runs one part of the test; whether it went well."""
        try:
            function()
            return True
        except KeyboardInterrupt:
            raise
        except SkipTest as e:
            self._skipped(result, str(e))
        except:
            report(result, sys.exc_info())
        return False

    def _report_fixture(self, result, info):
        result.addError(self, info)

    def _report(self, result, info):
        kind, value = info[:2]
        if issubclass(kind, self.failureException):
            result.addFailure(self, info)
        elif issubclass(kind, _ExpectedFailure):
            if hasattr(result, "addExpectedFailure"):
                result.addExpectedFailure(self, value.exc_info)
            else:
                warnings.warn("TestResult has no addExpectedFailure method, reporting as passes", RuntimeWarning)
                result.addSuccess(self)
        elif issubclass(kind, _UnexpectedSuccess):
            if hasattr(result, "addUnexpectedSuccess"):
                result.addUnexpectedSuccess(self)
            else:
                warnings.warn("TestResult has no addUnexpectedSuccess method, reporting as failures", RuntimeWarning)
                result.addFailure(self, info)
        else:
            result.addError(self, info)

    def run(self, result=None):
        own = result is None
        if own:
            result = self.defaultTestResult()
            getattr(result, "startTestRun", lambda: None)()
        self._resultForDoCleanups = result
        result.startTest(self)
        method = getattr(self, self._testMethodName)
        if getattr(self.__class__, "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False):
            try:
                self._skipped(result, getattr(self.__class__, "__unittest_skip_why__", "") or getattr(method, "__unittest_skip_why__", ""))
            finally:
                result.stopTest(self)
            return
        try:
            good = False
            if self._stage(result, self.setUp, self._report_fixture):
                good = self._stage(result, method, self._report)
                good = self._stage(result, self.tearDown, self._report_fixture) and good
            good = self.doCleanups() and good
            if good:
                result.addSuccess(self)
        finally:
            result.stopTest(self)
            if own:
                getattr(result, "stopTestRun", lambda: None)()

    def doCleanups(self):
        good = True
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            good = self._stage(self._resultForDoCleanups, lambda: function(*args, **kwargs), self._report_fixture) and good
        return good

    def __call__(self, *args, **kwds):
        return self.run(*args, **kwds)

    def debug(self):
        self.setUp()
        getattr(self, self._testMethodName)()
        self.tearDown()
        while self._cleanups:
            function, args, kwargs = self._cleanups.pop()
            function(*args, **kwargs)

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, msg=None):
        raise self.failureException(msg)

    def _formatMessage(self, msg, standardMsg):
        if not self.longMessage:
            return msg or standardMsg
        if msg is None:
            return standardMsg
        try:
            return "%s : %s" % (standardMsg, msg)
        except UnicodeDecodeError:
            return "%s : %s" % (safe_repr(standardMsg), safe_repr(msg))

    def _require(self, condition, msg, standard):
        if not condition:
            raise self.failureException(self._formatMessage(msg, standard()))

    def assertFalse(self, expr, msg=None):
        self._require(not expr, msg, lambda: "%s is not false" % safe_repr(expr))

    def assertTrue(self, expr, msg=None):
        self._require(expr, msg, lambda: "%s is not true" % safe_repr(expr))

    def assertRaises(self, excClass, callableObj=None, *args, **kwargs):
        context = _AssertRaisesContext(excClass, self)
        if callableObj is None:
            return context
        with context:
            callableObj(*args, **kwargs)

    def assertRaisesRegexp(self, expected_exception, expected_regexp, callable_obj=None, *args, **kwargs):
        pattern = None if expected_regexp is None else re.compile(expected_regexp)
        context = _AssertRaisesContext(expected_exception, self, pattern)
        if callable_obj is None:
            return context
        with context:
            callable_obj(*args, **kwargs)

    def _getAssertEqualityFunc(self, first, second):
        if type(first) == type(second):
            found = self._type_equality_funcs.get(type(first))
            if found is not None:
                return getattr(self, found) if isinstance(found, basestring) else found
        return self._baseAssertEqual

    def _baseAssertEqual(self, first, second, msg=None):
        self._require(first == second, msg, lambda: "%s != %s" % (safe_repr(first), safe_repr(second)))

    def assertEqual(self, first, second, msg=None):
        self._getAssertEqualityFunc(first, second)(first, second, msg=msg)

    def assertNotEqual(self, first, second, msg=None):
        self._require(first != second, msg, lambda: "%s == %s" % (safe_repr(first), safe_repr(second)))

    def _near(self, first, second, places, delta):
        """Whether two values lie near each other, and the words for it."""
        if delta is not None and places is not None:
            raise TypeError("specify delta or places not both")
        if delta is not None:
            return abs(first - second) <= delta, "%s delta" % safe_repr(delta)
        places = 7 if places is None else places
        return round(abs(second - first), places) == 0, "%r places" % places

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        if first == second:
            return
        near, words = self._near(first, second, places, delta)
        self._require(near, msg, lambda: "%s != %s within %s" % (safe_repr(first), safe_repr(second), words))

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        near, words = self._near(first, second, places, delta)
        self._require(not (first == second or near), msg, lambda: "%s == %s within %s" % (safe_repr(first), safe_repr(second), words))

    assertEquals = failUnlessEqual = assertEqual
    assertNotEquals = failIfEqual = assertNotEqual
    assertAlmostEquals = failUnlessAlmostEqual = assertAlmostEqual
    assertNotAlmostEquals = failIfAlmostEqual = assertNotAlmostEqual
    assert_ = failUnless = assertTrue
    failUnlessRaises = assertRaises
    failIf = assertFalse

    def assertSequenceEqual(self, seq1, seq2, msg=None, seq_type=None):
        if seq_type is not None:
            name = seq_type.__name__
            for which, seq in (("First", seq1), ("Second", seq2)):
                if not isinstance(seq, seq_type):
                    raise self.failureException("%s sequence is not a %s: %s" % (which, name, safe_repr(seq)))
        else:
            name = "sequence"
        if seq1 == seq2 or seq_type is None and type(seq1) != type(seq2) and len(seq1) == len(seq2) and not any(
                seq1[i] != seq2[i] for i in range(len(seq1))):
            # Where no type is asked for, sequences of different types may be equal.
            return
        text = "%ss differ: %s != %s\n" % (name.capitalize(), safe_repr(seq1, True)[:30 + 60], safe_repr(seq2, True)[:30 + 60])
        n1, n2 = len(seq1), len(seq2)
        for i in range(min(n1, n2)):
            if seq1[i] != seq2[i]:
                text += "\nFirst differing element %d:\n%s\n%s\n" % (i, safe_repr(seq1[i]), safe_repr(seq2[i]))
                break
        if n1 != n2:
            longer, shorter, word = (seq1, n2, "First") if n1 > n2 else (seq2, n1, "Second")
            text += "\n%s %s contains %d additional elements.\nFirst extra element %d:\n%s\n" % (
                word, name, len(longer) - shorter, shorter, safe_repr(longer[shorter]))
        text = self._difference(text, pprint.pformat(seq1).splitlines(), pprint.pformat(seq2).splitlines())
        self.fail(self._formatMessage(msg, text))

    def _difference(self, text, first, second):
        return self._truncateMessage(text, "\n" + "\n".join(difflib.ndiff(first, second)))

    def _truncateMessage(self, message, diff):
        shown = self.maxDiff is None or len(diff) <= self.maxDiff
        return message + (diff if shown else DIFF_OMITTED % len(diff))

    def assertListEqual(self, list1, list2, msg=None):
        self.assertSequenceEqual(list1, list2, msg, seq_type=list)

    def assertTupleEqual(self, tuple1, tuple2, msg=None):
        self.assertSequenceEqual(tuple1, tuple2, msg, seq_type=tuple)

    def assertSetEqual(self, set1, set2, msg=None):
        lines = []
        for one, other, words in ((set1, set2, "first set but not the second:"), (set2, set1, "second set but not the first:")):
            try:
                extra = one.difference(other)
            except TypeError as e:
                self.fail("invalid type when attempting set difference: %s" % e)
            except AttributeError as e:
                self.fail("first argument does not support set difference: %s" % e)
            if extra:
                lines.append("Items in the " + words)
                lines.extend(repr(item) for item in extra)
        if lines:
            self.fail(self._formatMessage(msg, "\n".join(lines)))

    def assertIn(self, member, container, msg=None):
        self._require(member in container, msg, lambda: "%s not found in %s" % (safe_repr(member), safe_repr(container)))

    def assertNotIn(self, member, container, msg=None):
        self._require(member not in container, msg, lambda: "%s unexpectedly found in %s" % (safe_repr(member), safe_repr(container)))

    def assertIs(self, expr1, expr2, msg=None):
        self._require(expr1 is expr2, msg, lambda: "%s is not %s" % (safe_repr(expr1), safe_repr(expr2)))

    def assertIsNot(self, expr1, expr2, msg=None):
        self._require(expr1 is not expr2, msg, lambda: "unexpectedly identical: %s" % safe_repr(expr1))

    def assertDictEqual(self, d1, d2, msg=None):
        self.assertIsInstance(d1, dict, "First argument is not a dictionary")
        self.assertIsInstance(d2, dict, "Second argument is not a dictionary")
        if d1 != d2:
            text = "%s != %s" % (safe_repr(d1, True), safe_repr(d2, True))
            text = self._difference(text, pprint.pformat(d1).splitlines(), pprint.pformat(d2).splitlines())
            self.fail(self._formatMessage(msg, text))

    def assertDictContainsSubset(self, expected, actual, msg=None):
        missing = [key for key in expected if key not in actual]
        wrong = ["%s, expected: %s, actual: %s" % (safe_repr(key), safe_repr(value), safe_repr(actual[key]))
                 for key, value in expected.iteritems() if key in actual and value != actual[key]]
        texts = []
        if missing:
            texts.append("Missing: %s" % ",".join(safe_repr(key) for key in missing))
        if wrong:
            texts.append("Mismatched values: %s" % ",".join(wrong))
        if texts:
            self.fail(self._formatMessage(msg, "; ".join(texts)))

    def assertItemsEqual(self, expected_seq, actual_seq, msg=None):
        first, second = list(expected_seq), list(actual_seq)
        rest = second[:]
        missing = []
        for item in first:
            try:
                rest.remove(item)
            except ValueError:
                missing.append(item)
        if missing or rest:
            lines = ["Element counts were not equal:"]
            seen = []
            for item in missing + rest:
                if item not in seen:
                    seen.append(item)
                    lines.append("First has %d, Second has %d:  %r" % (first.count(item), second.count(item), item))
            self.fail(self._formatMessage(msg, "\n".join(lines)))

    def assertMultiLineEqual(self, first, second, msg=None):
        self.assertIsInstance(first, basestring, "First argument is not a string")
        self.assertIsInstance(second, basestring, "Second argument is not a string")
        if max(len(first), len(second)) > self._diffThreshold:
            self._baseAssertEqual(first, second, msg)
        elif first != second:
            lines = first.splitlines(True), second.splitlines(True)
            if len(lines[0]) == 1 and first.strip("\r\n") == first:
                lines = [first + "\n"], [second + "\n"]
            text = "%s != %s" % (safe_repr(first, True), safe_repr(second, True))
            self.fail(self._formatMessage(msg, self._truncateMessage(text, "\n" + "".join(difflib.ndiff(*lines)))))

    def assertLess(self, a, b, msg=None):
        self._require(a < b, msg, lambda: "%s not less than %s" % (safe_repr(a), safe_repr(b)))

    def assertLessEqual(self, a, b, msg=None):
        self._require(a <= b, msg, lambda: "%s not less than or equal to %s" % (safe_repr(a), safe_repr(b)))

    def assertGreater(self, a, b, msg=None):
        self._require(a > b, msg, lambda: "%s not greater than %s" % (safe_repr(a), safe_repr(b)))

    def assertGreaterEqual(self, a, b, msg=None):
        self._require(a >= b, msg, lambda: "%s not greater than or equal to %s" % (safe_repr(a), safe_repr(b)))

    def assertIsNone(self, obj, msg=None):
        self._require(obj is None, msg, lambda: "%s is not None" % safe_repr(obj))

    def assertIsNotNone(self, obj, msg=None):
        self._require(obj is not None, msg, lambda: "unexpectedly None")

    def assertIsInstance(self, obj, cls, msg=None):
        self._require(isinstance(obj, cls), msg, lambda: "%s is not an instance of %r" % (safe_repr(obj), cls))

    def assertNotIsInstance(self, obj, cls, msg=None):
        self._require(not isinstance(obj, cls), msg, lambda: "%s is an instance of %r" % (safe_repr(obj), cls))

    def assertRegexpMatches(self, text, expected_regexp, msg=None):
        pattern = re.compile(expected_regexp)
        if not pattern.search(text):
            raise self.failureException("%s: %r not found in %r" % (msg or "Regexp didn't match", pattern.pattern, text))

    def assertNotRegexpMatches(self, text, unexpected_regexp, msg=None):
        pattern = re.compile(unexpected_regexp)
        found = pattern.search(text)
        if found:
            raise self.failureException("%s: %r matches %r in %r" % (msg or "Regexp matched", found.group(), pattern.pattern, text))


class FunctionTestCase(TestCase):
    """A test of plain functions."""

    def __init__(self, testFunc, setUp=None, tearDown=None, description=None):
        super(FunctionTestCase, self).__init__()
        self._setUpFunc, self._tearDownFunc = setUp, tearDown
        self._testFunc, self._description = testFunc, description

    def _parts(self):
        return self._setUpFunc, self._tearDownFunc, self._testFunc, self._description

    def __eq__(self, other):
        return self._parts() == other._parts() if isinstance(other, self.__class__) else NotImplemented

    def __hash__(self):
        return hash((type(self),) + self._parts())

    def id(self):
        return self._testFunc.__name__

    def runTest(self):
        self._testFunc()

    def setUp(self):
        if self._setUpFunc is not None:
            self._setUpFunc()

    def tearDown(self):
        if self._tearDownFunc is not None:
            self._tearDownFunc()

    def __str__(self):
        return "%s (%s)" % (strclass(self.__class__), self._testFunc.__name__)

    def __repr__(self):
        return "<%s tec=%s>" % (strclass(self.__class__), self._testFunc)

    def shortDescription(self):
        if self._description is not None:
            return self._description
        doc = self._testFunc.__doc__
        return doc and doc.split("\n")[0].strip() or None
