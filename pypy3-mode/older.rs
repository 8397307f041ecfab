//! Where a file of 3.14's library behaves otherwise than 3.13's: the file, a passage of it that stands there once, and what stands there for 3.13.
//! So do a few passages that make threads wait for each other more than need be.

pub const OLDER: &[(&str, &str, &str)] = &[
    // A word or an option that 3.13 has not got, or another default.
    ("pickle.py", "DEFAULT_PROTOCOL = 5", "DEFAULT_PROTOCOL = 4"),
    ("functools.py", "'__annotate__', '__type_params__')", "'__annotations__', '__type_params__')"),
    ("traceback.py", "'walk_stack', 'walk_tb', 'print_list']", "'walk_stack', 'walk_tb']"),
    ("textwrap.py", "if self.break_long_words and space_left > 0:", "if self.break_long_words:"),
    // 3.13 asks for names, not for instructions, which are not CPython's here.
    ("inspect.py", "for instruction in dis.get_instructions(code):\n        opname", "for instruction in ():\n        opname"),
    ("inspect.py", "for name in global_names:", "for name in set(code.co_names).difference(code.co_freevars):"),
    // A partial in a class is not bound, only warned about.
    ("functools.py", "        if get is not None:\n            new_func = get(obj, cls)", "        if get is not None and not isinstance(self.func, partial):\n            new_func = get(obj, cls)"),
    // Descriptors of slots are a type of their own here: functions have none.
    ("types.py", "MemberDescriptorType = type(FunctionType.__globals__)", "MemberDescriptorType = type(type('_', (), {'__slots__': 'x'}).x)"),
    // A method of 3.14's bytearray.
    ("_pyio.py", "self._buffer.resize(pos)", "self._buffer += bytes(pos - len(self._buffer))"),
    ("_pyio.py", "result.resize(_new_buffersize(bytes_read))", "result += bytes(_new_buffersize(bytes_read) - len(result))"),
    ("_pyio.py", "        result.resize(bytes_read)\n", "        del result[bytes_read:]\n"),
    // 3.13 has one function of this name, for `datetime`.
    ("_strptime.py", "def _strptime_datetime_datetime(cls,", "def _strptime_datetime(cls,"),
    ("_pydatetime.py", "_strptime._strptime_datetime_datetime(", "_strptime._strptime_datetime("),
    // Who waits for the thread's start then wakes up when the thread is done with the tables that both use.
    (
        "threading.py",
        "            self._started.set()\n            with _active_limbo_lock:\n                _active[self._ident] = self\n                del _limbo[self]\n",
        "            with _active_limbo_lock:\n                _active[self._ident] = self\n                del _limbo[self]\n            self._started.set()\n",
    ),
    // Who joins a thread does not ask for the table that the thread is about to write to, unless identifiers say that he may be that thread.
    (
        "threading.py",
        "        if self is current_thread():\n            raise RuntimeError(\"cannot join current thread\")",
        "        if self._ident == get_ident() and self is current_thread():\n            raise RuntimeError(\"cannot join current thread\")",
    ),
    // argparse: messages, classes of errors, colours.
    ("argparse.py", "                 color=True,\n                 ):", "                 color=False,\n                 ):"),
    ("argparse.py", "self.prog = _prog_name(prog)", "self.prog = _os.path.basename(_sys.argv[0]) if prog is None else prog"),
    ("argparse.py", "raise ValueError('cannot have multiple subparser arguments')", "raise ArgumentError(None, _('cannot have multiple subparser arguments'))"),
    ("argparse.py", "raise ValueError(f'conflicting subparser: {name}')", "raise ArgumentError(self, _('conflicting subparser: %s') % name)"),
    ("argparse.py", "raise ValueError(f'conflicting subparser alias: {alias}')", "raise ArgumentError(self, _('conflicting subparser alias: %s') % alias)"),
    ("argparse.py", "raise ValueError(f'unknown action {action_class!r}')", "raise ValueError(f'unknown action \"{action_class}\"')"),
    ("argparse.py", "raise TypeError('dest supplied twice for positional argument,'\n                                ' did you mean metavar?')", "raise ValueError('dest supplied twice for positional argument')"),
    ("argparse.py", "            raise TypeError(f'{type_func!r} is not callable')\n\n        if", "            raise ValueError(f'{type_func!r} is not callable')\n\n        if"),
    ("argparse.py", "            raise TypeError(f'{type_func!r} is a FileType class object, '", "            raise ValueError(f'{type_func!r} is a FileType class object, '"),
    ("argparse.py", "            raise TypeError(f'{type_func!r} is not callable')\n\n        # convert", "            raise ArgumentError(action, _('%r is not callable') % type_func)\n\n        # convert"),
    ("argparse.py", "                raise TypeError(msg)\n            dest = dest.replace", "                raise ValueError(msg)\n            dest = dest.replace"),
    ("argparse.py", "args = {'value': str(value),", "args = {'value': value,"),
    ("argparse.py", "'choices': ', '.join(map(str, action.choices))}", "'choices': ', '.join(map(repr, action.choices))}"),
    (
        "argparse.py",
        "raise ValueError('mutually exclusive groups cannot be nested')",
        "import warnings\n        warnings.warn('Nesting mutually exclusive groups is deprecated.', DeprecationWarning, stacklevel=2)\n        return super().add_mutually_exclusive_group(**kwargs)",
    ),
];
