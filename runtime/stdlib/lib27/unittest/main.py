"""Tests from the command line."""

import getopt
import os
import sys
import types

from . import loader, runner

__unittest = True

_USAGE = """Usage: %s [options] [test] [...]

Options:
  -h, --help       Show this message
  -v, --verbose    Verbose output
  -q, --quiet      Minimal output
  -f, --failfast   Stop on first failure
"""


class TestProgram(object):
    def __init__(self, module="__main__", defaultTest=None, argv=None, testRunner=None, testLoader=loader.defaultTestLoader,
                 exit=True, verbosity=1, failfast=None, catchbreak=None, buffer=None):
        self.module = module
        if isinstance(module, basestring):
            self.module = __import__(module)
            for part in module.split(".")[1:]:
                self.module = getattr(self.module, part)
        argv = sys.argv if argv is None else argv
        self.exit, self.verbosity, self.failfast, self.buffer = exit, verbosity, failfast, buffer
        self.testLoader, self.testRunner, self.defaultTest = testLoader, testRunner, defaultTest
        self.progName = os.path.basename(argv[0])
        self.parseArgs(argv)
        self.runTests()

    def usageExit(self, msg=None):
        if msg:
            print msg
        print _USAGE % self.progName
        sys.exit(2)

    def parseArgs(self, argv):
        if len(argv) > 1 and argv[1].lower() == "discover":
            folder = argv[2] if len(argv) > 2 and not argv[2].startswith("-") else "."
            self.test = self.testLoader.discover(folder)
            return
        try:
            options, names = getopt.getopt(argv[1:], "hHvqfcb", ["help", "verbose", "quiet", "failfast", "catch", "buffer"])
        except getopt.error as msg:
            self.usageExit(msg)
        for option, _ in options:
            if option in ("-h", "-H", "--help"):
                self.usageExit()
            elif option in ("-q", "--quiet"):
                self.verbosity = 0
            elif option in ("-v", "--verbose"):
                self.verbosity = 2
            elif option in ("-f", "--failfast"):
                self.failfast = True
            elif option in ("-b", "--buffer"):
                self.buffer = True
        if not names and self.defaultTest is not None:
            names = [self.defaultTest]
        if names:
            self.test = self.testLoader.loadTestsFromNames(names, self.module)
        else:
            self.test = self.testLoader.loadTestsFromModule(self.module)

    def runTests(self):
        make = self.testRunner or runner.TextTestRunner
        if isinstance(make, (type, types.ClassType)):
            try:
                make = make(verbosity=self.verbosity, failfast=bool(self.failfast), buffer=bool(self.buffer))
            except TypeError:
                make = make()
        self.result = make.run(self.test)
        if self.exit:
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
