"""Looking at live objects: what they are, their source, their arguments, the frames that run."""
import linecache
import os
import re
import string
import sys
import types
from operator import attrgetter
from collections import namedtuple

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS = 0x1, 0x2, 0x4, 0x8
CO_NESTED, CO_GENERATOR, CO_NOFREE = 0x10, 0x20, 0x40
TPFLAGS_IS_ABSTRACT = 1 << 20
# As _SUFFIXES has them: extension, mode to open with, kind of module.
_SUFFIXES = [('.so', 'rb', 3), ('module.so', 'rb', 3), ('.py', 'U', 1), ('.pyc', 'rb', 2)]


# ---- what an object is

def _kind_test(name, what, *kinds):
    def test(object):
        return isinstance(object, kinds)
    test.__name__ = name
    test.__doc__ = 'Whether it is %s.' % what
    return test


ismodule = _kind_test('ismodule', 'a module', types.ModuleType)
isclass = _kind_test('isclass', 'a class, new or classic', type, types.ClassType)
ismethod = _kind_test('ismethod', 'a method of a script, bound or not', types.MethodType)
isfunction = _kind_test('isfunction', 'a function of a script', types.FunctionType)
isbuiltin = _kind_test('isbuiltin', 'a native function or method', types.BuiltinFunctionType)
isgenerator = _kind_test('isgenerator', 'a generator', types.GeneratorType)
istraceback = _kind_test('istraceback', 'a traceback', types.TracebackType)
isframe = _kind_test('isframe', 'a frame', types.FrameType)
iscode = _kind_test('iscode', 'a code object', types.CodeType)
ismemberdescriptor = _kind_test('ismemberdescriptor', 'the descriptor of a slot', types.MemberDescriptorType)
isgetsetdescriptor = _kind_test('isgetsetdescriptor', 'the descriptor of a native attribute', types.GetSetDescriptorType)


def ismethoddescriptor(object):
    """Whether it has __get__ and no __set__, and is no method, class or function of a script."""
    if ismethod(object) or isfunction(object) or isclass(object) or isbuiltin(object):
        return False
    return hasattr(object, '__get__') and not hasattr(object, '__set__')


def isdatadescriptor(object):
    """Whether it is a data descriptor: read and written by methods of its own."""
    return hasattr(object, '__set__') and hasattr(object, '__get__')


def isgeneratorfunction(object):
    """Whether it is a function or method of a script that yields."""
    return bool((isfunction(object) or ismethod(object)) and object.func_code.co_flags & CO_GENERATOR)


def isroutine(object):
    """Whether it is called like a function: any kind of function or method."""
    return isbuiltin(object) or isfunction(object) or ismethod(object) or ismethoddescriptor(object)


def isabstract(object):
    """Whether it is a class with abstract methods."""
    return bool(isinstance(object, type) and object.__flags__ & TPFLAGS_IS_ABSTRACT)


def getmembers(object, predicate=None):
    """(name, value) pairs of the attributes that a predicate accepts, by name."""
    out = []
    for key in dir(object):
        try:
            value = getattr(object, key)
        except AttributeError:
            continue
        if not predicate or predicate(value):
            out.append((key, value))
    out.sort()
    return out


Attribute = namedtuple('Attribute', 'name kind defining_class object')


def classify_class_attrs(cls):
    """For each attribute of a class its name, kind, the class that has it, and the object in that class's dict."""
    mro = getmro(cls)
    out = []
    for name in dir(cls):
        # As the class's dicts have it, so that no descriptor is asked.
        home = None
        for base in mro:
            if name in base.__dict__:
                home = base
                obj = base.__dict__[name]
                break
        else:
            try:
                obj = getattr(cls, name)
            except AttributeError:
                continue
            home = getattr(obj, '__objclass__', None)
        if isinstance(obj, staticmethod):
            kind = 'static method'
        elif isinstance(obj, classmethod):
            kind = 'class method'
        elif isinstance(obj, property):
            kind = 'property'
        elif ismethoddescriptor(obj):
            kind = 'method'
        elif isdatadescriptor(obj):
            kind = 'data'
        else:
            got = getattr(cls, name)
            kind = 'method' if ismethod(got) or ismethoddescriptor(got) else 'data'
        out.append(Attribute(name, kind, home, obj))
    return out


def _searchbases(cls, accum):
    if cls not in accum:
        accum.append(cls)
        for base in cls.__bases__:
            _searchbases(base, accum)


def getmro(cls):
    """The class and its bases in the order in which attributes are looked up."""
    if hasattr(cls, '__mro__'):
        return cls.__mro__
    out = []
    _searchbases(cls, out)
    return tuple(out)


# ---- documentation and source

def indentsize(line):
    """The columns before a line's text."""
    line = string.expandtabs(line)
    return len(line) - len(string.lstrip(line))


def getdoc(object):
    """An object's documentation without the indentation of its lines; None if it has none."""
    try:
        doc = object.__doc__
    except AttributeError:
        return None
    return cleandoc(doc) if isinstance(doc, types.StringTypes) else None


def cleandoc(doc):
    """A text without the indentation that its lines but the first share, and without empty lines around."""
    try:
        lines = string.split(string.expandtabs(doc), '\n')
    except UnicodeError:
        return None
    margins = [len(l) - len(l.lstrip()) for l in lines[1:] if l.strip()]
    margin = min(margins) if margins else 0
    lines[0] = lines[0].lstrip()
    lines[1:] = [l[margin:] for l in lines[1:]]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return '\n'.join(lines)


def _code_of(object):
    """The code object of what has one, by way of functions and frames; anything else itself."""
    for test, inner in ((ismethod, 'im_func'), (isfunction, 'func_code'), (istraceback, 'tb_frame'), (isframe, 'f_code')):
        if test(object):
            object = getattr(object, inner)
    return object


def getfile(object):
    """The name of the file that an object comes from."""
    what = 'module' if ismodule(object) else 'class' if isclass(object) else None
    if what:
        module = object if what == 'module' else sys.modules.get(object.__module__)
        if not hasattr(module, '__file__'):
            raise TypeError('{!r} is a built-in {}'.format(module, what))
        return module.__file__
    object = _code_of(object)
    if iscode(object):
        return object.co_filename
    raise TypeError('{!r} is not a module, class, method, function, traceback, frame, or code object'.format(object))


ModuleInfo = namedtuple('ModuleInfo', 'name suffix mode module_type')


def getmoduleinfo(path):
    """What a file's name says of the module in it; None if it is none."""
    name = os.path.basename(path)
    for suffix, mode, kind in sorted(_SUFFIXES, key=lambda s: -len(s[0])):
        if name.endswith(suffix):
            return ModuleInfo(name[:-len(suffix)], suffix, mode, kind)
    return None


def getmodulename(path):
    """The module's name that a file's name says; None if it is no module."""
    info = getmoduleinfo(path)
    return info[0] if info else None


def getsourcefile(object):
    """The name of the file with an object's source; None if there is none."""
    filename = getfile(object)
    if filename[-4:].lower() in ('.pyc', '.pyo'):
        filename = filename[:-4] + '.py'
    for suffix, mode, _kind in _SUFFIXES:
        if 'b' in mode and filename[-len(suffix):].lower() == suffix:
            return None
    if os.path.exists(filename):
        return filename
    if hasattr(getmodule(object, filename), '__loader__') or filename in linecache.cache or linecache.getlines(filename):
        return filename
    return None


def getabsfile(object, _filename=None):
    """The full path of the file that an object comes from."""
    if _filename is None:
        _filename = getsourcefile(object) or getfile(object)
    return os.path.normcase(os.path.abspath(_filename))


modulesbyfile = {}
_filesbymodname = {}


def getmodule(object, _filename=None):
    """The module that an object comes from, None if none is found."""
    if ismodule(object):
        return object
    if hasattr(object, '__module__'):
        return sys.modules.get(object.__module__)
    if _filename in modulesbyfile:
        return sys.modules.get(modulesbyfile[_filename])
    try:
        file = getabsfile(object, _filename)
    except TypeError:
        return None
    if file in modulesbyfile:
        return sys.modules.get(modulesbyfile[file])
    for name, module in sys.modules.items():
        if ismodule(module) and hasattr(module, '__file__'):
            f = module.__file__
            if f == _filesbymodname.get(name):
                continue
            _filesbymodname[name] = f
            f = getabsfile(module)
            modulesbyfile[f] = modulesbyfile[os.path.realpath(f)] = module.__name__
    if file in modulesbyfile:
        return sys.modules.get(modulesbyfile[file])
    main = sys.modules['__main__']
    if not hasattr(object, '__name__'):
        return None
    if getattr(main, object.__name__, None) is object:
        return main
    builtin = sys.modules['__builtin__']
    if getattr(builtin, object.__name__, None) is object:
        return builtin
    return None


def findsource(object):
    """All lines of an object's source file, and the index of its first one."""
    file = getfile(object)
    source = getsourcefile(object)
    if not source and file[:1] + file[-1:] != '<>':
        raise IOError('source code not available')
    file = source if source else file
    module = getmodule(object, file)
    lines = linecache.getlines(file, module.__dict__) if module else linecache.getlines(file)
    if not lines:
        raise IOError('could not get source code')
    if ismodule(object):
        return lines, 0
    if isclass(object):
        pattern = re.compile(r'^(\s*)class\s*' + object.__name__ + r'\b')
        best = None
        for i, line in enumerate(lines):
            m = pattern.match(line)
            if m:
                # The least indented one, the first of those.
                if best is None or len(m.group(1)) < best[0]:
                    best = len(m.group(1)), i
                if line[0] == 'c':
                    return lines, i
        if best:
            return lines, best[1]
        raise IOError('could not find class definition')
    object = _code_of(object)
    if iscode(object):
        n = object.co_firstlineno - 1
        pattern = re.compile(r'^(\s*def\s)|(.*(?<!\w)lambda(:|\s))|^(\s*@)')
        while n > 0:
            if pattern.match(lines[n]):
                break
            n -= 1
        return lines, n
    raise IOError('could not find code object')


def getcomments(object):
    """The comment above an object's source, or at a module's beginning; None if there is none."""
    try:
        lines, n = findsource(object)
    except (IOError, TypeError):
        return None
    if ismodule(object):
        start = 1 if lines and lines[0][:2] == '#!' else 0
        while start < len(lines) and lines[start].strip() in ('', '#'):
            start += 1
        if start < len(lines) and lines[start][:1] == '#':
            out = []
            while start < len(lines) and lines[start][:1] == '#':
                out.append(lines[start].expandtabs())
                start += 1
            return ''.join(out)
        return None
    if n > 0:
        indent = indentsize(lines[n])
        out = []
        i = n - 1
        while i >= 0 and lines[i].lstrip()[:1] == '#' and indentsize(lines[i]) == indent:
            out.insert(0, lines[i].expandtabs().lstrip())
            i -= 1
        while out and out[0].strip() == '#':
            out.pop(0)
        while out and out[-1].strip() == '#':
            out.pop()
        return ''.join(out) if out else None
    return None


class EndOfBlock(Exception):
    """A block ended."""


class BlockFinder:
    """Takes tokens until the block that the first ones begin ends."""

    def __init__(self):
        self.indent = 0
        self.islambda = False
        self.started = False
        self.passline = False
        self.last = 1

    def tokeneater(self, type, token, srow_scol, erow_ecol, line):
        import tokenize
        srow, erow = srow_scol[0], erow_ecol[0]
        if not self.started:
            if token in ('def', 'class', 'lambda'):
                self.islambda = token == 'lambda'
                self.started = True
            self.passline = True
        elif type == tokenize.NEWLINE:
            self.passline = False
            self.last = srow
            if self.islambda:
                raise EndOfBlock
        elif self.passline:
            pass
        elif type == tokenize.INDENT:
            self.indent += 1
            self.passline = True
        elif type == tokenize.DEDENT:
            self.indent -= 1
            if self.indent <= 0:
                raise EndOfBlock
        elif self.indent == 0 and type not in (tokenize.COMMENT, tokenize.NL):
            raise EndOfBlock


def getblock(lines):
    """The lines of the block that the first one begins."""
    import tokenize
    finder = BlockFinder()
    try:
        tokenize.tokenize(iter(lines).next, finder.tokeneater)
    except (EndOfBlock, IndentationError):
        pass
    return lines[:finder.last]


def getsourcelines(object):
    """An object's lines, and the number of the first."""
    lines, n = findsource(object)
    if istraceback(object):
        object = object.tb_frame
    if ismodule(object) or isframe(object) and object.f_code.co_name == '<module>':
        return lines, 0
    return getblock(lines[n:]), n + 1


def getsource(object):
    """An object's source."""
    return ''.join(getsourcelines(object)[0])


# ---- class trees

def walktree(classes, children, parent):
    """The tree below some classes: (class, bases) each, then the list of what derives from it."""
    out = []
    classes.sort(key=attrgetter('__module__', '__name__'))
    for c in classes:
        out.append((c, c.__bases__))
        if c in children:
            out.append(walktree(children[c], children, c))
    return out


def getclasstree(classes, unique=0):
    """The classes as nested lists, below their bases; below one of them only if `unique`."""
    children = {}
    roots = []
    for c in classes:
        if c.__bases__:
            for parent in c.__bases__:
                below = children.setdefault(parent, [])
                if c not in below:
                    below.append(c)
                if unique and parent in classes:
                    break
        elif c not in roots:
            roots.append(c)
    roots += [parent for parent in children if parent not in classes]
    return walktree(roots, children, None)


# ---- arguments

Arguments = namedtuple('Arguments', 'args varargs keywords')
ArgSpec = namedtuple('ArgSpec', 'args varargs keywords defaults')
ArgInfo = namedtuple('ArgInfo', 'args varargs keywords locals')


def _nested(text):
    """The names of a tuple parameter: '(a,(b,c))' as ['a', ['b', 'c']]."""
    stack = [[]]
    for token in re.findall(r'[()]|\w+', text):
        if token == '(':
            stack.append([])
        else:
            done = stack.pop() if token == ')' else token
            stack[-1].append(done)
    return stack[0][0]


def getargs(co):
    """The parameters of a code object: names, *args, **kwargs. A tuple parameter is a list."""
    if not iscode(co):
        raise TypeError('{!r} is not a code object'.format(co))
    names = co.co_varnames
    n = co.co_argcount
    # A generator expression's '.0' is no tuple.
    tuples = co._co_tuples
    args = [_nested(tuples.pop(0)) if tuples and name.startswith('.') else name for name in names[:n]]
    varargs = varkw = None
    if co.co_flags & CO_VARARGS:
        varargs = names[n]
        n += 1
    if co.co_flags & CO_VARKEYWORDS:
        varkw = names[n]
    return Arguments(args, varargs, varkw)


def getargspec(func):
    """The parameters of a function and their defaults."""
    if ismethod(func):
        func = func.im_func
    if not isfunction(func):
        raise TypeError('{!r} is not a Python function'.format(func))
    args, varargs, varkw = getargs(func.func_code)
    return ArgSpec(args, varargs, varkw, func.func_defaults)


def getargvalues(frame):
    """The parameters of a frame's function and its local variables."""
    args, varargs, varkw = getargs(frame.f_code)
    return ArgInfo(args, varargs, varkw, frame.f_locals)


def joinseq(seq):
    return '(' + seq[0] + ',)' if len(seq) == 1 else '(' + string.join(seq, ', ') + ')'


def strseq(object, convert, join=joinseq):
    """Converts what is no sequence, joins what a sequence gave."""
    return join(map(lambda o: strseq(o, convert, join), object)) if type(object) in (list, tuple) else convert(object)


def formatargspec(args, varargs=None, varkw=None, defaults=None, formatarg=str, formatvarargs=lambda name: '*' + name, formatvarkw=lambda name: '**' + name,
                  formatvalue=lambda value: '=' + repr(value), join=joinseq):
    """What getargspec() gives as it stands in a definition."""
    out = []
    first = len(args) - len(defaults) if defaults else len(args)
    for i, arg in enumerate(args):
        spec = strseq(arg, formatarg, join)
        if i >= first:
            spec += formatvalue(defaults[i - first])
        out.append(spec)
    if varargs is not None:
        out.append(formatvarargs(varargs))
    if varkw is not None:
        out.append(formatvarkw(varkw))
    return '(' + string.join(out, ', ') + ')'


def formatargvalues(args, varargs, varkw, locals, formatarg=str, formatvarargs=lambda name: '*' + name, formatvarkw=lambda name: '**' + name,
                    formatvalue=lambda value: '=' + repr(value), join=joinseq):
    """What getargvalues() gives as a call with keywords."""
    out = [strseq(a, lambda name: formatarg(name) + formatvalue(locals[name]), join) for a in args]
    if varargs:
        out.append(formatvarargs(varargs) + formatvalue(locals[varargs]))
    if varkw:
        out.append(formatvarkw(varkw) + formatvalue(locals[varkw]))
    return '(' + string.join(out, ', ') + ')'


def getcallargs(func, *positional, **named):
    """What a call with these arguments would bind each parameter to."""
    args, varargs, varkw, defaults = getargspec(func)
    name = func.__name__
    if ismethod(func) and func.im_self is not None:
        positional = (func.im_self,) + positional
    bound = {}

    def unpack(target, value):
        if isinstance(target, str):
            bound[target] = value
            return
        value = list(value)
        if len(value) > len(target):
            raise ValueError('too many values to unpack')
        if len(value) < len(target):
            raise ValueError('need more than %d %s to unpack' % (len(value), 'value' if len(value) == 1 else 'values'))
        for t, v in zip(target, value):
            unpack(t, v)

    assigned = set()
    given, want = len(positional), len(args)
    total = given + len(named)
    ndefaults = len(defaults) if defaults else 0
    for i, value in enumerate(positional[:want]):
        unpack(args[i], value)
        assigned.add(i)
    if varargs:
        bound[varargs] = positional[want:]
    elif 0 < want < given:
        raise TypeError('%s() takes %s %d %s (%d given)' % (name, 'at most' if defaults else 'exactly', want, 'arguments' if want > 1 else 'argument', total))
    elif want == 0 and total:
        if varkw:
            if given:
                raise TypeError('%s() takes exactly 0 arguments (%d given)' % (name, total))
        else:
            raise TypeError('%s() takes no arguments (%d given)' % (name, total))
    for i, arg in enumerate(args):
        if isinstance(arg, str) and arg in named:
            if i in assigned:
                raise TypeError("%s() got multiple values for keyword argument '%s'" % (name, arg))
            bound[arg] = named.pop(arg)
            assigned.add(i)
    for k in range(ndefaults):
        i = want - ndefaults + k
        if i not in assigned:
            unpack(args[i], defaults[k])
            assigned.add(i)
    if varkw:
        bound[varkw] = named
    elif named:
        unexpected = next(iter(named))
        if isinstance(unexpected, unicode):
            unexpected = unexpected.encode(sys.getdefaultencoding(), 'replace')
        raise TypeError("%s() got an unexpected keyword argument '%s'" % (name, unexpected))
    missing = want - len(assigned)
    if missing:
        required = want - ndefaults
        raise TypeError('%s() takes %s %d %s (%d given)' % (name, 'at least' if defaults or varargs else 'exactly', required, 'arguments' if required > 1 else 'argument', total))
    return bound


# ---- frames

Traceback = namedtuple('Traceback', 'filename lineno function code_context index')


def getframeinfo(frame, context=1):
    """Of a frame or traceback: file, line, function, lines of source around it, index of the line in them."""
    if istraceback(frame):
        frame, lineno = frame.tb_frame, frame.tb_lineno
    else:
        lineno = frame.f_lineno
    if not isframe(frame):
        raise TypeError('{!r} is not a frame or traceback object'.format(frame))
    filename = getsourcefile(frame) or getfile(frame)
    lines = index = None
    if context > 0:
        start = lineno - 1 - context // 2
        try:
            all_, _n = findsource(frame)
        except IOError:
            pass
        else:
            start = max(0, min(start, len(all_) - context))
            lines = all_[start:start + context]
            index = lineno - 1 - start
    return Traceback(filename, lineno, frame.f_code.co_name, lines, index)


def getlineno(frame):
    """The line that a frame is at."""
    return frame.f_lineno


def getouterframes(frame, context=1):
    """(frame, then what getframeinfo() gives) of a frame and its callers."""
    out = []
    while frame:
        out.append((frame,) + getframeinfo(frame, context))
        frame = frame.f_back
    return out


def getinnerframes(tb, context=1):
    """(frame, then what getframeinfo() gives) of a traceback, down to where the error was raised."""
    out = []
    while tb:
        out.append((tb.tb_frame,) + getframeinfo(tb, context))
        tb = tb.tb_next
    return out


currentframe = getattr(sys, '_getframe', lambda _=None: None)


def stack(context=1):
    """getouterframes() of the caller."""
    return getouterframes(sys._getframe(1), context)


def trace(context=1):
    """getinnerframes() of the exception that is being handled."""
    return getinnerframes(sys.exc_info()[2], context)
