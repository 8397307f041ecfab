"""Tests from the command line."""

import getopt
import os
import sys
import types

from . import loader, runner
from .signals import installHandler

__unittest = True

USAGE = """Usage: %(progName)s [options] [test] [...]

Options:
  -h, --help       Show this message
  -v, --verbose    Verbose output
  -q, --quiet      Minimal output
%(failfast)s%(catchbreak)s%(buffer)s
Tests go by their names in the module: a class, or class.method; `discover` finds
test modules in folders, and knows the options -s, -p and -t besides.
"""
# What None leaves to the command line: attribute, letter, word, help.
_SWITCHES = (("failfast", "f", "failfast", "Stop on first failure"), ("catchbreak", "c", "catch", "Catch control-C and display results"),
             ("buffer", "b", "buffer", "Buffer stdout and stderr during test runs"))


class TestProgram(object):
    USAGE = USAGE
    failfast = catchbreak = buffer = progName = None

    def __init__(self, module="__main__", defaultTest=None, argv=None, testRunner=None, testLoader=loader.defaultTestLoader,
                 exit=True, verbosity=1, failfast=None, catchbreak=None, buffer=None):
        self.module = module
        if isinstance(module, basestring):
            self.module = __import__(module)
            for part in module.split(".")[1:]:
                self.module = getattr(self.module, part)
        argv = sys.argv if argv is None else argv
        self.exit, self.verbosity, self.failfast, self.catchbreak, self.buffer = exit, verbosity, failfast, catchbreak, buffer
        self.testLoader, self.testRunner, self.defaultTest = testLoader, testRunner, defaultTest
        self.progName = os.path.basename(argv[0])
        self.parseArgs(argv)
        self.runTests()

    def usageExit(self, msg=None):
        if msg:
            print msg
        shown = dict((name, "" if getattr(self, name) in (False, True) else "  -%s, --%-11s%s\n" % (letter, word, text))
                     for name, letter, word, text in _SWITCHES)
        print self.USAGE % dict(shown, progName=self.progName)
        sys.exit(2)

    def parseArgs(self, argv):
        if len(argv) > 1 and argv[1].lower() == "discover":
            self._do_discovery(argv[2:])
            return
        try:
            options, names = getopt.getopt(argv[1:], "hHvqfcb", ["help", "verbose", "quiet", "failfast", "catch", "buffer"])
        except getopt.error as msg:
            self.usageExit(msg)
            return
        given = set(option for option, _ in options)
        if given & set(["-h", "-H", "--help"]):
            self.usageExit()
        for option, _ in options:
            if option in ("-q", "--quiet"):
                self.verbosity = 0
            elif option in ("-v", "--verbose"):
                self.verbosity = 2
        for name, letter, word, _ in _SWITCHES:
            if getattr(self, name) is None and given & set(["-" + letter, "--" + word]):
                setattr(self, name, True)
        self.testNames = names or (None if self.defaultTest is None else (self.defaultTest,))
        self.createTests()

    def createTests(self):
        if self.testNames is None:
            self.test = self.testLoader.loadTestsFromModule(self.module)
        else:
            self.test = self.testLoader.loadTestsFromNames(self.testNames, self.module)

    def _do_discovery(self, argv, Loader=None):
        import optparse
        parser = optparse.OptionParser(prog="%s discover" % self.progName)
        parser.add_option("-v", "--verbose", dest="verbose", default=False, action="store_true", help="Verbose output")
        for name, letter, word, text in _SWITCHES:
            if getattr(self, name) is not False:
                parser.add_option("-" + letter, "--" + word, dest=name, default=False, action="store_true", help=text)
        parser.add_option("-s", "--start-directory", dest="start", default=".", help="Directory to start discovery ('.' default)")
        parser.add_option("-p", "--pattern", dest="pattern", default="test*.py", help="Pattern to match tests ('test*.py' default)")
        parser.add_option("-t", "--top-level-directory", dest="top", default=None,
                          help="Top level directory of project (defaults to start directory)")
        options, places = parser.parse_args(argv)
        if len(places) > 3:
            self.usageExit()
        for name, value in zip(("start", "pattern", "top"), places):
            setattr(options, name, value)
        for name, _, _, _ in _SWITCHES:
            if getattr(self, name) is None:
                setattr(self, name, getattr(options, name))
        if options.verbose:
            self.verbosity = 2
        found_by = self.testLoader if Loader is None else Loader()
        self.test = found_by.discover(options.start, options.pattern, options.top)

    def runTests(self):
        if self.catchbreak:
            installHandler()
        make = self.testRunner or runner.TextTestRunner
        if isinstance(make, (type, types.ClassType)):
            try:
                make = make(verbosity=self.verbosity, failfast=self.failfast, buffer=self.buffer)
            except TypeError:
                make = make()
        self.result = make.run(self.test)
        if self.exit:
            sys.exit(not self.result.wasSuccessful())


main = TestProgram
