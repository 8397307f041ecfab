"""Tests in classes, as in JUnit: cases, suites, loaders, runners."""

from .result import TestResult
from .case import FunctionTestCase, SkipTest, TestCase, expectedFailure, skip, skipIf, skipUnless
from .suite import BaseTestSuite, TestSuite
from .loader import TestLoader, defaultTestLoader, findTestCases, getTestCaseNames, makeSuite
from .runner import TextTestResult, TextTestRunner
from .main import TestProgram, main
from .signals import installHandler, registerResult, removeHandler, removeResult

__all__ = ["TestResult", "TestCase", "TestSuite", "TextTestRunner", "TestLoader", "FunctionTestCase", "main", "defaultTestLoader",
           "SkipTest", "skip", "skipIf", "skipUnless", "expectedFailure", "TextTestResult", "getTestCaseNames", "makeSuite",
           "findTestCases", "installHandler", "registerResult", "removeResult", "removeHandler"]
_TextTestResult = TextTestResult
