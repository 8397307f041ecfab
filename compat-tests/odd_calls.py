"""Calls whatever can be called with odd values, in txpy and in CPython, and notes what comes of it.

    python3 compat-tests/odd_calls.py list --interpreter CPYTHON > calls.txt
    python3 compat-tests/odd_calls.py run --interpreter INTERPRETER --calls calls.txt --out FILE [--jobs 2] [PART_OF_A_NAME ...]
    python3 compat-tests/odd_calls_compare.py CPYTHONS_FILE TXPYS_FILE

`list` asks CPython for the callables of builtins, of builtin types and of the modules below; txpy is asked for the same ones. Each is called in a process of
its own in an empty folder, with 0 and 1 arguments of each of 40 values, 2 of all pairs, and 3 of a fixed sample. A line of the result: the callable, a tab,
and the outcomes, `V:class of the value` or `E:class of the exception`, with `*n` for n in a row; `stuck` is a call that took too long, `died` one that ended
the process (with its signal or status), `left` what was not tried any more. For txpy called by a name that chooses Python 2.7, or -2: write the
interpreter as `PATH -2`.
"""
import sys

MODULES = """sys os os.path io time math cmath random re string struct array itertools functools operator collections heapq bisect copy pickle json csv datetime
decimal fractions numbers threading warnings types weakref abc contextlib traceback inspect argparse optparse logging unittest textwrap tempfile shutil glob
fnmatch platform subprocess codecs unicodedata locale binascii base64 hashlib zlib gzip timeit pprint importlib pkgutil gc signal errno stat""".split()
ONLY = {2: "__builtin__ cPickle Queue StringIO cStringIO copy_reg".split(),
        3: "builtins queue copyreg enum dataclasses typing pathlib statistics asyncio concurrent.futures collections.abc".split()}

# What is not called, and why.
LEFT_OUT = {
    "ends or replaces the process": """os._exit os.abort os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe os.fork os.forkpty os.kill
        os.killpg signal.raise_signal signal.pthread_kill signal.alarm signal.setitimer signal.default_int_handler signal.pidfd_send_signal""",
    "waits": """time.sleep signal.pause signal.sigwait signal.sigwaitinfo signal.sigtimedwait os.wait os.wait3 os.wait4 os.waitid os.waitpid builtins.input
        __builtin__.input __builtin__.raw_input builtins.breakpoint sys.breakpointhook builtins.help __builtin__.help timeit.timeit timeit.repeat timeit.main
        os.sync gc.collect os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe os.getrandom os.urandom random.randbytes
        random.SystemRandom platform.libc_ver os.posix_spawn os.posix_spawnp unittest.main unittest.TestProgram""",
    "changes the machine": """os.chmod os.fchmod os.lchmod os.chown os.fchown os.lchown os.chroot os.chflags os.mknod os.nice os.setpriority os.setuid os.setgid
        os.seteuid os.setegid os.setreuid os.setregid os.setresuid os.setresgid os.setgroups os.initgroups os.setns os.unshare os.utime os.setxattr os.removexattr
        shutil.chown time.clock_settime time.clock_settime_ns os.sched_setaffinity os.sched_setscheduler os.sched_setparam""",
    "breaks what the calls are watched with": """os.closerange sys.settrace sys.setprofile sys.addaudithook threading.settrace threading.setprofile
        threading.settrace_all_threads threading.setprofile_all_threads sys.setrecursionlimit sys.call_tracing os.chdir os.fchdir os.dup2 os.close""",
    "shows a page or asks the user": "builtins.copyright builtins.credits builtins.license __builtin__.copyright __builtin__.credits __builtin__.license",
    "is made for tests of CPython, or differs with each build": "sys.getrefcount sys._debugmallocstats sys.gettotalrefcount sys.getsizeof",
}

# Objects whose methods are called; a new one for each call.
RECEIVERS = """None True 7 2.5 (1+2j) (1,2,1) [3,1,2] {'a':1} set([1,2]) frozenset([1]) 'abcab' b'xyx' u'a\\u20acb' bytearray(b'xyx') memoryview(b'abc') slice(1,5) iter([1,2])
iter((1,2)) iter({'a':1}) enumerate('ab') reversed([1,2]) object() int type ValueError('a') OSError(2,'b') (i_for_i_in_'ab') (lambda_a:a) len [].append property(len)
staticmethod(len) classmethod(len) super(int,7) {'a':1}.keys() {'a':1}.items() map(len,['a']) zip([1],[2]) filter(None,[1])""".split()
RECEIVERS_OF = {2: ["long(7)", "xrange(5)", "buffer('abc')"], 3: ["range(5)", "ExceptionGroup('a',[ValueError(1)])"]}
RECEIVERS_WITH_IMPORT = """collections.deque([1,2]) collections.OrderedDict(a=1) collections.Counter('aab') collections.defaultdict(list) io.BytesIO(b'ab\\ncd') io.StringIO(u'ab\\ncd')
array.array('i',[1,2]) re.compile('a(b)?') re.match('a(b)?','ab') struct.Struct('<ih') random.Random(1) datetime.date(2020,2,29) datetime.datetime(2020,2,29,3) datetime.time(1,2)
datetime.timedelta(1,2) decimal.Decimal('1.25') decimal.Context() fractions.Fraction(3,4) itertools.count(3) itertools.chain([1],[2]) itertools.islice([1,2],1) itertools.cycle([1])
functools.partial(max,1) operator.itemgetter(0) hashlib.md5() zlib.compressobj() zlib.decompressobj() string.Formatter() string.Template('$a') textwrap.TextWrapper()
weakref.WeakValueDictionary() codecs.getincrementaldecoder('utf-8')() csv.writer(io.StringIO()) threading.Lock() threading.Event()""".split()


class Index(object):
    def __index__(self):
        return 3


class Angry(object):
    def fail(self, *_):
        raise ZeroDivisionError("angry")

    __len__ = __iter__ = __getitem__ = __eq__ = __hash__ = __str__ = __repr__ = __index__ = __int__ = __float__ = __call__ = __add__ = __lt__ = fail


def function(*_):
    return None


def constant(value):
    return lambda: value


# What makes the 40 values.
VALUES = [constant(v) for v in (
    None, True, 0, 1, -1, 7, 1 << 31, (1 << 63) - 1, -(1 << 63), 10 ** 30, 0.0, 1.5, -1e300, float("inf"), float("nan"), 2 + 1j, "", "abc", "a\0b", u"\u20ac", u"\ud800", b"ab\xff",
    (), (1, 2), ("a", 1), slice(1, None, 2), int, function)] + [
    lambda: bytearray(b"xy"), lambda: memoryview(b"abc"), lambda: [], lambda: [3, 1, 2], lambda: {}, lambda: {"a": 1}, lambda: set([1]), lambda: iter([1, 2]),
    lambda: xrange(5) if sys.version_info[0] == 2 else range(5), object, Index, Angry]


def all_arguments():
    for n in range(3):
        for i in range(40 ** n):
            yield [i // 40 ** k % 40 for k in range(n)]
    state = 1
    for _ in range(400):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        yield [(state >> 20 + 10 * k) % 40 for k in range(3)]


def calls():
    """Runs in CPython: what there is to call."""
    import importlib
    left_out = set(name for names in LEFT_OUT.values() for name in names.split())
    two = sys.version_info[0]
    for m in sorted(MODULES + ONLY[two]):
        module = importlib.import_module(m)
        for name in sorted(dir(module)):
            full = m + "." + name
            if name.startswith("_") or full in left_out or not callable(getattr(module, name)):
                continue
            yield full
    # What other modules hand on is called once.
    for r in RECEIVERS + RECEIVERS_OF[two] + RECEIVERS_WITH_IMPORT:
        o = evaluate(compiled(r))
        for name in sorted(dir(o)):
            if callable(getattr(o, name, None)) and name != "__class__":
                yield r + " " + name


def compiled(receiver):
    return compile(receiver.replace("_", " ") if "_for_" in receiver or receiver.startswith("(lambda") else receiver, "receiver", "eval")


def evaluate(code):
    space = {}
    for name in code.co_names:
        try:
            space[name] = __import__(name)
        except ImportError:
            pass
    return eval(code, space)


def work(full, start):
    """In the process of one callable: an outcome a line, to a descriptor that no value names."""
    import os
    import warnings
    warnings.simplefilter("ignore")
    to, write = 63, os.write
    receiver, _, name = full.rpartition(" ")
    if receiver:
        code = compiled(receiver)
        getattr(evaluate(code), name)
    else:
        module, _, name = full.rpartition(".")
        __import__(module)
        module = sys.modules[module]
        f = getattr(module, name)
    for n, which in enumerate(all_arguments()):
        if n < start:
            continue
        arguments = [VALUES[i]() for i in which]
        if receiver:
            f = getattr(evaluate(code), name)
        try:
            outcome = "V:" + type(f(*arguments)).__name__
        except BaseException as e:
            outcome = "E:" + type(e).__name__
        write(to, outcome.encode("ascii", "replace") + b"\n")


def outcomes(command, full, patience):
    """All outcomes of a callable."""
    import os
    import resource
    import select
    import shutil
    import subprocess
    import tempfile
    import time
    total = sum(1 for _ in all_arguments())
    out, stuck, died = [], 0, 0
    until = time.monotonic() + 20 * patience
    while len(out) < total:
        folder = tempfile.mkdtemp(prefix="odd-")
        read, write = os.pipe()

        def prepare():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
            resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
            os.dup2(write, 63)

        shutil.copy(os.path.abspath(__file__), os.path.join(folder, "worker.py"))
        inside = os.path.join(folder, "inside")
        os.mkdir(inside)
        with open(os.path.join(folder, "in"), "w+b") as stdin, open(os.path.join(folder, "out"), "wb") as stdout:
            environment = {"PATH": os.environ.get("PATH", ""), "HOME": inside, "TMPDIR": inside, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"}
            p = subprocess.Popen(command + [os.path.join(folder, "worker.py"), "work", full, str(len(out))], stdin=stdin, stdout=stdout, stderr=stdout, cwd=inside, env=environment,
                                 preexec_fn=prepare, close_fds=False, start_new_session=True)
        os.close(write)
        rest, last, ended = b"", time.monotonic(), False
        while True:
            if select.select([read], [], [], 0.2)[0]:
                got = os.read(read, 1 << 16)
                if not got:
                    ended = True
                    break
                lines = (rest + got).split(b"\n")
                rest = lines.pop()
                out += [line.decode() for line in lines]
                last = time.monotonic()
            elif time.monotonic() - last > patience or time.monotonic() > until or p.poll() is not None:
                break
        if not ended and p.poll() is None:
            p.kill()
        status = p.wait()
        os.close(read)
        try:
            with open(os.path.join(folder, "out"), "rb") as f:
                said = f.read()[-300:].decode("utf-8", "replace")
        except OSError:
            said = ""
        shutil.rmtree(folder, True)
        if len(out) >= total:
            break
        if not out and status == 1 and ("AttributeError" in said or "ImportError" in said or "ModuleNotFound" in said or "NameError" in said):
            return ["missing"]
        if not ended and status == -9:
            out.append("stuck")
            stuck += 1
        else:
            out.append("died:%d" % status)
            died += 1
        if stuck > 2 or died > 2 or time.monotonic() > until:
            out += ["left"] * (total - len(out))
    return out[:total]


def packed(all_of_them):
    out = []
    for o in all_of_them:
        if out and out[-1][0] == o:
            out[-1][1] += 1
        else:
            out.append([o, 1])
    return " ".join(o if n == 1 else "%s*%d" % (o, n) for o, n in out)


def main():
    if sys.argv[1] == "work":
        work(sys.argv[2], int(sys.argv[3]))
        return
    if sys.argv[1] == "names":
        for full in calls():
            print(full)
        return
    import argparse
    import concurrent.futures
    import subprocess
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=["list", "run"])
    options.add_argument("--interpreter", required=True)
    options.add_argument("--calls")
    options.add_argument("--out")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--patience", type=float, default=5.0, help="seconds for one call")
    options.add_argument("parts", nargs="*")
    given = options.parse_intermixed_args()
    command = given.interpreter.split()
    if given.what == "list":
        sys.exit(subprocess.call(command + [__file__, "names"]))
    with open(given.calls) as f:
        wanted = [line.rstrip("\n") for line in f if not given.parts or any(p in line for p in given.parts)]
    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool, open(given.out, "w") as out:
        for full, found in zip(wanted, pool.map(lambda c: outcomes(command, c, given.patience), wanted)):
            out.write("%s\t%s\n" % (full, packed(found)))
            out.flush()


if __name__ == "__main__":
    main()
