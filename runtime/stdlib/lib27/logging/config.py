"""Configuration of logging from dicts and from files; a server that takes configurations."""
import logging
import logging.handlers
import re
import struct
import sys
import threading
import types

DEFAULT_LOGGING_CONFIG_PORT = 9030
RESET_ERROR = 104
_listener = None


def _resolve(name):
    """An object by its dotted name."""
    parts = name.split('.')
    used = parts.pop(0)
    found = __import__(used)
    for part in parts:
        used += '.' + part
        try:
            found = getattr(found, part)
        except AttributeError:
            __import__(used)
            found = getattr(found, part)
    return found


def _clear():
    logging._handlers.clear()
    logging.shutdown(logging._handlerList[:])
    del logging._handlerList[:]


# ---- files

def fileConfig(fname, defaults=None, disable_existing_loggers=True):
    """Configures logging from a file in ConfigParser's format."""
    import ConfigParser
    cp = ConfigParser.ConfigParser(defaults)
    if hasattr(fname, 'readline'):
        cp.readfp(fname)
    else:
        cp.read(fname)
    formatters = _file_formatters(cp)
    logging._acquireLock()
    try:
        _clear()
        handlers = _file_handlers(cp, formatters)
        _file_loggers(cp, handlers, disable_existing_loggers)
    finally:
        logging._releaseLock()


def _names(text):
    return [s.strip() for s in text.split(',') if s.strip()]


def _encoded(s):
    return s if isinstance(s, str) else s.encode('utf-8')


def _file_formatters(cp):
    out = {}
    for name in _names(cp.get('formatters', 'keys')):
        section = 'formatter_%s' % name
        options = cp.options(section)
        fmt = cp.get(section, 'format', 1) if 'format' in options else None
        datefmt = cp.get(section, 'datefmt', 1) if 'datefmt' in options else None
        cls = logging.Formatter
        if 'class' in options and cp.get(section, 'class'):
            cls = _resolve(cp.get(section, 'class'))
        out[name] = cls(fmt, datefmt)
    return out


def _file_handlers(cp, formatters):
    out = {}
    waiting = []
    for name in _names(cp.get('handlers', 'keys')):
        section = 'handler_%s' % name
        options = cp.options(section)
        text = cp.get(section, 'class')
        try:
            cls = eval(text, vars(logging))
        except (AttributeError, NameError):
            cls = _resolve(text)
        handler = cls(*eval(cp.get(section, 'args'), vars(logging)))
        if 'level' in options:
            handler.setLevel(logging._levelNames[cp.get(section, 'level')])
        fmt = cp.get(section, 'formatter') if 'formatter' in options else ''
        if fmt:
            handler.setFormatter(formatters[fmt])
        if issubclass(cls, logging.handlers.MemoryHandler):
            target = cp.get(section, 'target') if 'target' in options else ''
            if target:
                waiting.append((handler, target))
        out[name] = handler
    for handler, target in waiting:
        handler.setTarget(out[target])
    return out


def _file_loggers(cp, handlers, disable_existing):
    names = _names(cp.get('loggers', 'keys'))
    names.remove('root')
    root = logging.root
    section = 'logger_root'
    if 'level' in cp.options(section):
        root.setLevel(logging._levelNames[cp.get(section, 'level')])
    for h in root.handlers[:]:
        root.removeHandler(h)
    for name in _names(cp.get(section, 'handlers')):
        root.addHandler(handlers[name])
    existing = set(root.manager.loggerDict.keys())
    configured = set()
    for name in names:
        section = 'logger_%s' % name
        qualname = cp.get(section, 'qualname')
        options = cp.options(section)
        logger = logging.getLogger(qualname)
        configured.add(_encoded(qualname))
        if 'level' in options:
            logger.setLevel(logging._levelNames[cp.get(section, 'level')])
        for h in logger.handlers[:]:
            logger.removeHandler(h)
        logger.propagate = cp.getint(section, 'propagate') if 'propagate' in options else 1
        logger.disabled = 0
        for h in _names(cp.get(section, 'handlers')):
            logger.addHandler(handlers[h])
    _settle(existing, configured, disable_existing)


def _settle(existing, configured, disable):
    """What existed before and was not configured: children of configured loggers go to their parents, others are disabled."""
    for name in existing - configured:
        logger = logging.root.manager.loggerDict[name]
        if [c for c in configured if name.startswith(c + '.')]:
            logger.level = logging.NOTSET
            logger.handlers = []
            logger.propagate = 1
        else:
            logger.disabled = disable


# ---- dicts

IDENTIFIER = re.compile('^[a-z_][a-z0-9_]*$', re.I)


def valid_ident(s):
    if not IDENTIFIER.match(s):
        raise ValueError('Not a valid Python identifier: %r' % s)
    return True


class ConvertingDict(dict):
    """A dict whose values are converted when they are asked for."""

    def _converted(self, key, value):
        result = self.configurator.convert(value)
        if value is not result:
            self[key] = result
            if type(result) in (ConvertingDict, ConvertingList, ConvertingTuple):
                result.parent = self
                result.key = key
        return result

    def __getitem__(self, key):
        return self._converted(key, dict.__getitem__(self, key))

    def get(self, key, default=None):
        # A default that was converted stays, so that a part that is missing becomes an empty one.
        return self._converted(key, dict.get(self, key, default))

    def pop(self, key, default=None):
        return self.configurator.convert(dict.pop(self, key, default))


class ConvertingList(list):
    """A list whose items are converted when they are asked for."""

    def __getitem__(self, key):
        value = list.__getitem__(self, key)
        result = self.configurator.convert(value)
        if value is not result:
            self[key] = result
        return result

    def pop(self, idx=-1):
        return self.configurator.convert(list.pop(self, idx))


class ConvertingTuple(tuple):
    """A tuple whose items are converted when they are asked for."""

    def __getitem__(self, key):
        return self.configurator.convert(tuple.__getitem__(self, key))


class BaseConfigurator(object):
    """Converts the values of a configuration: `ext://name` is an object of a module, `cfg://path` another part of the configuration."""
    CONVERT_PATTERN = re.compile(r'^(?P<prefix>[a-z]+)://(?P<suffix>.*)$')
    WORD_PATTERN = re.compile(r'^\s*(\w+)\s*')
    DOT_PATTERN = re.compile(r'^\.\s*(\w+)\s*')
    INDEX_PATTERN = re.compile(r'^\[\s*(\w+)\s*\]\s*')
    DIGIT_PATTERN = re.compile(r'^\d+$')
    value_converters = {'ext': 'ext_convert', 'cfg': 'cfg_convert'}
    importer = __import__

    def __init__(self, config):
        self.config = ConvertingDict(config)
        self.config.configurator = self
        # Functions that were put into the class must not become methods.
        if type(self.importer) == types.MethodType:
            self.importer = self.importer.im_func

    def resolve(self, s):
        parts = s.split('.')
        used = parts.pop(0)
        try:
            found = self.importer(used)
            for part in parts:
                used += '.' + part
                try:
                    found = getattr(found, part)
                except AttributeError:
                    self.importer(used)
                    found = getattr(found, part)
            return found
        except ImportError:
            e, tb = sys.exc_info()[1:]
            failure = ValueError('Cannot resolve %r: %s' % (s, e))
            failure.__cause__, failure.__traceback__ = e, tb
            raise failure

    def ext_convert(self, value):
        return self.resolve(value)

    def cfg_convert(self, value):
        rest = value
        m = self.WORD_PATTERN.match(rest)
        if m is None:
            raise ValueError('Unable to convert %r' % value)
        rest = rest[m.end():]
        d = self.config[m.groups()[0]]
        while rest:
            m = self.DOT_PATTERN.match(rest)
            if m:
                d = d[m.groups()[0]]
            else:
                m = self.INDEX_PATTERN.match(rest)
                if m is None:
                    raise ValueError('Unable to convert %r at %r' % (value, rest))
                i = m.groups()[0]
                if self.DIGIT_PATTERN.match(i):
                    try:
                        d = d[int(i)]
                    except TypeError:
                        d = d[i]
                else:
                    d = d[i]
            rest = rest[m.end():]
        return d

    def convert(self, value):
        for plain, converting in ((dict, ConvertingDict), (list, ConvertingList), (tuple, ConvertingTuple)):
            if isinstance(value, plain) and not isinstance(value, converting):
                value = converting(value)
                value.configurator = self
                return value
        if isinstance(value, basestring):
            m = self.CONVERT_PATTERN.match(value)
            if m:
                converter = self.value_converters.get(m.group('prefix'))
                if converter:
                    value = getattr(self, converter)(m.group('suffix'))
        return value

    def configure_custom(self, config):
        make = config.pop('()')
        if not hasattr(make, '__call__') and type(make) != types.ClassType:
            make = self.resolve(make)
        props = config.pop('.', None)
        result = make(**dict([(k, config[k]) for k in config if valid_ident(k)]))
        if props:
            for name, value in props.items():
                setattr(result, name, value)
        return result

    def as_tuple(self, value):
        return tuple(value) if isinstance(value, list) else value


class _Doing(object):
    """Errors of a block become ValueErrors that say what failed."""

    def __init__(self, what, *names):
        self.what = what % names

    def __enter__(self):
        pass

    def __exit__(self, kind, value, tb):
        if kind is not None and issubclass(kind, StandardError):
            raise ValueError('Unable to %s: %s' % (self.what, value))


class DictConfigurator(BaseConfigurator):
    """Configures logging from a dict."""

    def configure(self):
        config = self.config
        if 'version' not in config:
            raise ValueError("dictionary doesn't specify a version")
        if config['version'] != 1:
            raise ValueError('Unsupported version: %s' % config['version'])
        incremental = config.pop('incremental', False)
        nothing = {}
        logging._acquireLock()
        try:
            if incremental:
                handlers = config.get('handlers', nothing)
                for name in handlers:
                    if name not in logging._handlers:
                        raise ValueError('No handler found with name %r' % name)
                    with _Doing('configure handler %r', name):
                        handler = logging._handlers[name]
                        level = handlers[name].get('level', None)
                        if level:
                            handler.setLevel(logging._checkLevel(level))
                loggers = config.get('loggers', nothing)
                for name in loggers:
                    with _Doing('configure logger %r', name):
                        self.configure_logger(name, loggers[name], True)
                root = config.get('root', None)
                if root:
                    with _Doing('configure root logger'):
                        self.configure_root(root, True)
                return
            disable = config.pop('disable_existing_loggers', True)
            _clear()
            for part, what, make in (('formatters', 'formatter', self.configure_formatter), ('filters', 'filter', self.configure_filter)):
                items = config.get(part, nothing)
                for name in items:
                    with _Doing('configure %s %r', what, name):
                        items[name] = make(items[name])
            handlers = config.get('handlers', nothing)
            waiting = [name for name in sorted(handlers) if not self._configure_named_handler(handlers, name, True)]
            for name in waiting:
                self._configure_named_handler(handlers, name, False)
            existing = set(logging.root.manager.loggerDict.keys())
            configured = set()
            loggers = config.get('loggers', nothing)
            for name in loggers:
                configured.add(_encoded(name))
                with _Doing('configure logger %r', name):
                    self.configure_logger(name, loggers[name])
            _settle(existing, configured, disable)
            root = config.get('root', None)
            if root:
                with _Doing('configure root logger'):
                    self.configure_root(root)
        finally:
            logging._releaseLock()

    def _configure_named_handler(self, handlers, name, may_wait):
        """Puts a handler in its configuration's place; False if its target is not there yet."""
        with _Doing('configure handler %r', name):
            try:
                handler = self.configure_handler(handlers[name])
                handler.name = name
                handlers[name] = handler
                return True
            except StandardError as e:
                if not may_wait or 'target not configured yet' not in str(e):
                    raise
                return False

    def configure_formatter(self, config):
        if '()' not in config:
            return logging.Formatter(config.get('format', None), config.get('datefmt', None))
        factory = config['()']
        try:
            return self.configure_custom(config)
        except TypeError as e:
            if "'format'" not in str(e):
                raise
            # The parameter was once called otherwise.
            config['fmt'] = config.pop('format')
            config['()'] = factory
            return self.configure_custom(config)

    def configure_filter(self, config):
        return self.configure_custom(config) if '()' in config else logging.Filter(config.get('name', ''))

    def add_filters(self, filterer, filters):
        for f in filters:
            with _Doing('add filter %r', f):
                filterer.addFilter(self.config['filters'][f])

    def configure_handler(self, config):
        formatter = config.get('formatter', None)
        if formatter:
            with _Doing('set formatter %r', formatter):
                formatter = self.config['formatters'][formatter]
        level = config.get('level', None)
        filters = config.get('filters', None)
        skip = ('formatter', 'level', 'filters')
        if '()' in config:
            make = config['()']
            if not hasattr(make, '__call__') and type(make) != types.ClassType:
                make = self.resolve(make)
            skip += ('()',)
        else:
            name = config['class']
            make = cls = self.resolve(name)
            skip += ('class',)
            if issubclass(cls, logging.handlers.MemoryHandler) and 'target' in config:
                with _Doing('set target handler %r', config['target']):
                    target = self.config['handlers'][config['target']]
                    if not isinstance(target, logging.Handler):
                        raise TypeError('target not configured yet')
                    config['target'] = target
            elif issubclass(cls, logging.handlers.SMTPHandler) and 'mailhost' in config:
                config['mailhost'] = self.as_tuple(config['mailhost'])
            elif issubclass(cls, logging.handlers.SysLogHandler) and 'address' in config:
                config['address'] = self.as_tuple(config['address'])
        kwargs = dict([(str(k), config[k]) for k in config if k not in skip and valid_ident(k)])
        try:
            result = make(**kwargs)
        except TypeError as e:
            if "'stream'" not in str(e):
                raise
            kwargs['strm'] = kwargs.pop('stream')
            result = make(**kwargs)
        if formatter:
            result.setFormatter(formatter)
        self._set_level(result, level)
        if filters:
            self.add_filters(result, filters)
        return result

    def _set_level(self, target, level):
        if level is not None:
            target.setLevel(logging._checkLevel(level))

    def add_handlers(self, logger, handlers):
        for h in handlers:
            with _Doing('add handler %r', h):
                logger.addHandler(self.config['handlers'][h])

    def common_logger_config(self, logger, config, incremental=False):
        self._set_level(logger, config.get('level'))
        if incremental:
            return
        for h in logger.handlers[:]:
            logger.removeHandler(h)
        for part, add in (('handlers', self.add_handlers), ('filters', self.add_filters)):
            items = config.get(part)
            if items:
                add(logger, items)

    def configure_logger(self, name, config, incremental=False):
        logger = logging.getLogger(name)
        self.common_logger_config(logger, config, incremental)
        if config.get('propagate') is not None:
            logger.propagate = config['propagate']

    def configure_root(self, config, incremental=False):
        self.common_logger_config(logging.getLogger(), config, incremental)


dictConfigClass = DictConfigurator


def dictConfig(config):
    """Configures logging from a dict."""
    dictConfigClass(config).configure()


# ---- configurations over a socket

def listen(port=DEFAULT_LOGGING_CONFIG_PORT):
    """A thread (not yet started) that takes configurations on a port: four bytes of length, then JSON of a dict, or a file's text."""
    from SocketServer import StreamRequestHandler, ThreadingTCPServer
    import select

    class ConfigStreamHandler(StreamRequestHandler):
        def handle(self):
            try:
                connection = self.connection
                head = connection.recv(4)
                if len(head) != 4:
                    return
                length = struct.unpack('>L', head)[0]
                chunk = connection.recv(length)
                while len(chunk) < length:
                    chunk += connection.recv(length - len(chunk))
                try:
                    import json
                    d = json.loads(chunk)
                    assert isinstance(d, dict)
                    dictConfig(d)
                except:
                    import cStringIO
                    import traceback
                    try:
                        fileConfig(cStringIO.StringIO(chunk))
                    except (KeyboardInterrupt, SystemExit):
                        raise
                    except:
                        traceback.print_exc()
                if self.server.ready:
                    self.server.ready.set()
            except Exception as e:
                if getattr(e, 'errno', None) != RESET_ERROR:
                    raise

    class ConfigSocketReceiver(ThreadingTCPServer):
        allow_reuse_address = 1

        def __init__(self, ready):
            ThreadingTCPServer.__init__(self, ('localhost', port), ConfigStreamHandler)
            self.abort = 0
            self.timeout = 1
            self.ready = ready

        def serve_until_stopped(self):
            while not self.abort:
                if select.select([self.socket.fileno()], [], [], self.timeout)[0]:
                    self.handle_request()
            self.socket.close()

    class Server(threading.Thread):
        def __init__(self):
            super(Server, self).__init__()
            self.port = port
            self.ready = threading.Event()

        def run(self):
            global _listener
            server = ConfigSocketReceiver(self.ready)
            if self.port == 0:
                self.port = server.server_address[1]
            self.ready.set()
            with logging._lock:
                _listener = server
            server.serve_until_stopped()

    return Server()


def stopListening():
    """Ends the server of listen()."""
    global _listener
    with logging._lock:
        if _listener:
            _listener.abort = 1
            _listener = None
