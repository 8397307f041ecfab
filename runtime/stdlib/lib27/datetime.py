"""Dates and times: proleptic Gregorian calendar, durations, time zones by classes that scripts define."""
import time as _time

MINYEAR = 1
MAXYEAR = 9999

_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)
_MONTHS = ('Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec')
_WEEKDAYS = ('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')
_MAX_ORDINAL = 3652059


def _is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in_month(year, month):
    return 29 if month == 2 and _is_leap(year) else _DAYS[month - 1]


def _days_before_year(year):
    y = year - 1
    return y * 365 + y // 4 - y // 100 + y // 400


def _to_ordinal(year, month, day):
    return _days_before_year(year) + _BEFORE[month - 1] + (month > 2 and _is_leap(year)) + day


def _from_ordinal(n):
    # Cycles of 400, 100, 4 and 1 years, counted from 0001-01-01.
    n -= 1
    n400, n = divmod(n, 146097)
    n100, n = divmod(n, 36524)
    n4, n = divmod(n, 1461)
    n1, n = divmod(n, 365)
    year = n400 * 400 + n100 * 100 + n4 * 4 + n1 + 1
    if n1 == 4 or n100 == 4:
        return year - 1, 12, 31
    leap = n1 == 3 and (n4 != 24 or n100 == 3)
    month = (n + 50) >> 5
    before = _BEFORE[month - 1] + (month > 2 and leap)
    if before > n:
        month -= 1
        before -= _DAYS[month - 1] + (month == 2 and leap)
    return year, month, n - before + 1


def _int(x):
    if isinstance(x, (int, long)):
        if not -2147483648 <= x <= 2147483647:
            raise OverflowError('signed integer is %s' % ('greater than maximum' if x > 0 else 'less than minimum'))
        return int(x)
    if isinstance(x, float):
        raise TypeError('integer argument expected, got float')
    if hasattr(x, '__int__'):
        r = x.__int__()
        if isinstance(r, (int, long)):
            return _int(r)
        raise TypeError('nb_int should return int object')
    raise TypeError('an integer is required')


def _type_name(x):
    t = type(x)
    if t.__module__ in ('__builtin__', '__main__'):
        return t.__name__
    return t.__module__ + '.' + t.__name__ if t.__module__ == 'datetime' else t.__name__


def _incomparable(a, b):
    raise TypeError("can't compare %s to %s" % (_type_name(a), _type_name(b)))


def _round(x):
    # Halves away from zero.
    return int(x + 0.5) if x >= 0 else -int(0.5 - x)


class _Comparable(object):
    """Ordering from one method, `_order(other)`: NotImplemented, None (never equal, no order) or what cmp gives."""
    __slots__ = ()

    def __eq__(self, other):
        c = self._order(other)
        return c if c is NotImplemented else c == 0 and c is not None

    def __ne__(self, other):
        c = self._order(other)
        return c if c is NotImplemented else c is None or c != 0

    def __lt__(self, other):
        c = self._order(other)
        if c is None:
            _incomparable(self, other)
        return c if c is NotImplemented else c < 0

    def __le__(self, other):
        c = self._order(other)
        if c is None:
            _incomparable(self, other)
        return c if c is NotImplemented else c <= 0

    def __gt__(self, other):
        c = self._order(other)
        if c is None:
            _incomparable(self, other)
        return c if c is NotImplemented else c > 0

    def __ge__(self, other):
        c = self._order(other)
        if c is None:
            _incomparable(self, other)
        return c if c is NotImplemented else c >= 0


class timedelta(_Comparable):
    """A duration: days, seconds and microseconds."""
    __slots__ = ('_days', '_seconds', '_microseconds', '_hash')

    def __new__(cls, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        # Whole microseconds, exactly; what floats leave below one is added up and rounded once.
        us = 0
        left = 0.0
        for x, factor, name in ((microseconds, 1, 'microseconds'), (milliseconds, 1000, 'milliseconds'), (seconds, 1000000, 'seconds'), (minutes, 60000000, 'minutes'),
                                (hours, 3600000000, 'hours'), (days, 86400000000, 'days'), (weeks, 604800000000, 'weeks')):
            if isinstance(x, (int, long)):
                us += x * factor
            elif isinstance(x, float):
                whole = int(x)
                us += whole * factor
                part = (x - whole) * factor
                w = int(part)
                us += w
                left += part - w
            else:
                raise TypeError('unsupported type for timedelta %s component: %s' % (name, type(x).__name__))
        if left:
            us += _round(left)
        return cls._of(us)

    @classmethod
    def _of(cls, us):
        days, us = divmod(us, 86400000000)
        seconds, us = divmod(us, 1000000)
        if not -999999999 <= days <= 999999999:
            if not -2147483648 <= days <= 2147483647:
                raise OverflowError('Python int too large to convert to C int' if -9223372036854775808 <= days <= 9223372036854775807 else 'Python int too large to convert to C long')
            raise OverflowError('days=%d; must have magnitude <= 999999999' % days)
        self = object.__new__(cls)
        self._days = int(days)
        self._seconds = int(seconds)
        self._microseconds = int(us)
        self._hash = -1
        return self

    days = property(lambda self: self._days, doc='Number of days.')
    seconds = property(lambda self: self._seconds, doc='Number of seconds (>= 0 and less than 1 day).')
    microseconds = property(lambda self: self._microseconds, doc='Number of microseconds (>= 0 and less than 1 second).')

    def _us(self):
        return (self._days * 86400 + self._seconds) * 1000000 + self._microseconds

    def total_seconds(self):
        """The duration in seconds, a float."""
        return self._us() / 1e6

    def __repr__(self):
        name = _shown(self, timedelta)
        if self._microseconds:
            return '%s(%d, %d, %d)' % (name, self._days, self._seconds, self._microseconds)
        if self._seconds:
            return '%s(%d, %d)' % (name, self._days, self._seconds)
        return '%s(%d)' % (name, self._days)

    def __str__(self):
        m, s = divmod(self._seconds, 60)
        h, m = divmod(m, 60)
        out = '%d:%02d:%02d' % (h, m, s)
        if self._days:
            out = '%d day%s, %s' % (self._days, '' if abs(self._days) == 1 else 's', out)
        if self._microseconds:
            out += '.%06d' % self._microseconds
        return out

    def __add__(self, other):
        return timedelta._of(self._us() + other._us()) if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        return timedelta._of(self._us() - other._us()) if isinstance(other, timedelta) else NotImplemented

    def __rsub__(self, other):
        return timedelta._of(other._us() - self._us()) if isinstance(other, timedelta) else NotImplemented

    def __neg__(self):
        return timedelta._of(-self._us())

    def __pos__(self):
        return timedelta._of(self._us())

    def __abs__(self):
        return timedelta._of(abs(self._us()))

    def __mul__(self, other):
        return timedelta._of(self._us() * other) if isinstance(other, (int, long)) else NotImplemented

    __rmul__ = __mul__

    def __floordiv__(self, other):
        return timedelta._of(self._us() // other) if isinstance(other, (int, long)) else NotImplemented

    __div__ = __floordiv__

    def _order(self, other):
        return cmp(self._us(), other._us()) if isinstance(other, timedelta) else None

    def __hash__(self):
        if self._hash == -1:
            self._hash = hash((self._days, self._seconds, self._microseconds))
        return self._hash

    def __nonzero__(self):
        return self._us() != 0

    def __reduce__(self):
        return self.__class__, (self._days, self._seconds, self._microseconds)


timedelta.min = timedelta(-999999999)
timedelta.max = timedelta(999999999, 86399, 999999)
timedelta.resolution = timedelta(0, 0, 1)


class tzinfo(object):
    """What time zones derive from; methods are asked with the datetime, or None by times."""
    # C's type leaves subclasses their dict; so does this one.
    __slots__ = ()

    def tzname(self, dt):
        """The time zone's name then."""
        raise NotImplementedError('a tzinfo subclass must implement tzname()')

    def utcoffset(self, dt):
        """What local time adds to UTC then; negative in the west."""
        raise NotImplementedError('a tzinfo subclass must implement utcoffset()')

    def dst(self, dt):
        """How much of utcoffset() is daylight saving."""
        raise NotImplementedError('a tzinfo subclass must implement dst()')

    def fromutc(self, dt):
        """Local time for a datetime in UTC that has this time zone."""
        if not isinstance(dt, datetime):
            raise TypeError('fromutc: argument must be a datetime')
        if dt._tzinfo is not self:
            raise ValueError("fromutc: dt.tzinfo is not self")
        offset = dt._offset('utcoffset')
        if offset is None:
            raise ValueError('fromutc: non-None utcoffset() result required')
        dst = dt._offset('dst')
        if dst is None:
            raise ValueError('fromutc: non-None dst() result required')
        dt += timedelta(minutes=offset - dst)
        if offset != dst:
            dst = dt._offset('dst')
            if dst is None:
                raise ValueError('fromutc: tz.dst() gave inconsistent results; cannot convert')
        return dt + timedelta(minutes=dst) if dst else dt

    def __reduce__(self):
        f = getattr(self, '__getinitargs__', None)
        args = tuple(f()) if f else ()
        f = getattr(self, '__getstate__', None)
        state = f() if f else getattr(self, '__dict__', None) or None
        return (self.__class__, args) if state is None else (self.__class__, args, state)


def _check_tz(tz):
    if tz is not None and not isinstance(tz, tzinfo):
        raise TypeError("tzinfo argument must be None or of a tzinfo subclass, not type '%s'" % type(tz).__name__)


def _call_offset(tz, name, arg):
    """Minutes that a method of a time zone gives, None if it gives none."""
    if tz is None:
        return None
    r = getattr(tz, name)(arg)
    if r is None:
        return None
    if not isinstance(r, timedelta):
        raise TypeError("tzinfo.%s() must return None or a timedelta, not '%s'" % (name, type(r).__name__))
    if r._microseconds or r._seconds % 60:
        raise ValueError('tzinfo.%s() must return a whole number of minutes' % name)
    minutes = r._days * 1440 + r._seconds // 60
    if not -1440 < minutes < 1440:
        raise ValueError('tzinfo.%s() returned %d; must be in -1439 .. 1439' % (name, minutes))
    return minutes


def _call_name(tz, arg):
    if tz is None:
        return None
    r = tz.tzname(arg)
    if r is not None and not isinstance(r, str):
        raise TypeError("tzinfo.tzname() must return None or a string, not '%s'" % type(r).__name__)
    return r


def _offset_text(minutes, colon):
    sign = '+'
    if minutes < 0:
        sign = '-'
        minutes = -minutes
    return '%s%02d%s%02d' % (sign, minutes // 60, colon, minutes % 60)


def _strftime(obj, format, tuple_, tz_arg):
    """time.strftime with the directives that it does not know: %z, %Z, %f."""
    if tuple_[0] < 1900:
        raise ValueError('year=%d is before 1900; the datetime strftime() methods require year >= 1900' % tuple_[0])
    if '%' not in format:
        return format
    out = []
    i, n = 0, len(format)
    while i < n:
        c = format[i]
        i += 1
        if c != '%':
            out.append(c)
            continue
        if i >= n:
            raise ValueError('strftime format ends with raw %')
        c = format[i]
        i += 1
        if c == 'f':
            out.append('%06d' % getattr(obj, '_microsecond', 0))
        elif c == 'z' or c == 'Z':
            tz = getattr(obj, '_tzinfo', None)
            if c == 'z':
                m = _call_offset(tz, 'utcoffset', tz_arg)
                if m is not None:
                    out.append(_offset_text(m, ''))
            else:
                name = _call_name(tz, tz_arg)
                if name:
                    out.append(name.replace('%', '%%'))
        else:
            out.append('%' + c)
    return _time.strftime(''.join(out), tuple_)


def _three_ints(year, month, day):
    """The parameters of a date, of which the pickle's state leaves some out."""
    if month is None:
        raise TypeError("Required argument 'month' (pos 2) not found")
    if day is None:
        raise TypeError("Required argument 'day' (pos 3) not found")
    return _int(year), _int(month), _int(day)


def _check_date(year, month, day):
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError('year is out of range')
    if not 1 <= month <= 12:
        raise ValueError('month must be in 1..12')
    if not 1 <= day <= _days_in_month(year, month):
        raise ValueError('day is out of range for month')


def _check_time(hour, minute, second, microsecond):
    if not 0 <= hour <= 23:
        raise ValueError('hour must be in 0..23')
    if not 0 <= minute <= 59:
        raise ValueError('minute must be in 0..59')
    if not 0 <= second <= 59:
        raise ValueError('second must be in 0..59')
    if not 0 <= microsecond <= 999999:
        raise ValueError('microsecond must be in 0..999999')


def _pickled(x, n, at):
    """Whether an argument is the state of a pickle: n bytes, a month at place `at`."""
    return isinstance(x, str) and len(x) == n and 1 <= ord(x[at]) <= 12


def _timestamp(t):
    if isinstance(t, (int, long, float)):
        return t
    if hasattr(t, '__float__'):
        return float(t)
    raise TypeError('a float is required')


class date(_Comparable):
    """A day of the calendar."""
    __slots__ = ('_year', '_month', '_day', '_hash')

    def __new__(cls, year, month=None, day=None):
        if month is None and day is None and _pickled(year, 4, 2):
            self = object.__new__(cls)
            b = [ord(c) for c in year]
            self._year, self._month, self._day, self._hash = b[0] * 256 + b[1], b[2], b[3], -1
            return self
        year, month, day = _three_ints(year, month, day)
        _check_date(year, month, day)
        self = object.__new__(cls)
        self._year, self._month, self._day, self._hash = year, month, day, -1
        return self

    year = property(lambda self: self._year)
    month = property(lambda self: self._month)
    day = property(lambda self: self._day)

    @classmethod
    def today(cls):
        """The local day, or day and time, of now."""
        return cls.fromtimestamp(_time.time())

    @classmethod
    def fromtimestamp(cls, timestamp):
        """The local day of a number of seconds since the epoch."""
        t = _time.localtime(_timestamp(timestamp))
        return cls(t[0], t[1], t[2])

    @classmethod
    def fromordinal(cls, n):
        """The day of a number; 0001-01-01 has number 1."""
        n = _int(n)
        if n < 1:
            raise ValueError('ordinal must be >= 1')
        if n > _MAX_ORDINAL:
            raise ValueError('year is out of range')
        y, m, d = _from_ordinal(n)
        return cls(y, m, d)

    def __repr__(self):
        return '%s(%d, %d, %d)' % (_shown(self, date), self._year, self._month, self._day)

    def isoformat(self):
        """The day as YYYY-MM-DD (ISO 8601)."""
        return '%04d-%02d-%02d' % (self._year, self._month, self._day)

    def __str__(self):
        return self.isoformat()

    def ctime(self):
        """As C's ctime() writes it."""
        return '%s %s %2d 00:00:00 %04d' % (_WEEKDAYS[self.weekday()], _MONTHS[self._month - 1], self._day, self._year)

    def strftime(self, format):
        """A text with fields in place of % directives."""
        return _strftime(self, _format_arg(format), self.timetuple(), self)

    def __format__(self, spec):
        if not isinstance(spec, basestring):
            raise ValueError('__format__ expects str or unicode, not %s' % type(spec).__name__)
        return self.strftime(spec) if spec else str(self)

    def timetuple(self):
        """A struct_time as time.localtime() gives."""
        n = _to_ordinal(self._year, self._month, self._day)
        return _time.struct_time((self._year, self._month, self._day, 0, 0, 0, (n + 6) % 7, n - _days_before_year(self._year), -1))

    def toordinal(self):
        """The day's number; 0001-01-01 has number 1."""
        return _to_ordinal(self._year, self._month, self._day)

    def weekday(self):
        """0 on Mondays to 6 on Sundays."""
        return (self.toordinal() + 6) % 7

    def isoweekday(self):
        """1 on Mondays to 7 on Sundays."""
        return self.toordinal() % 7 or 7

    def isocalendar(self):
        """(year, week, weekday) by ISO 8601."""
        year = self._year
        n = _to_ordinal(self._year, self._month, self._day)
        start = _first_monday(year)
        week, day = divmod(n - start, 7)
        if week < 0:
            year -= 1
            week, day = divmod(n - _first_monday(year), 7)
        elif week >= 52 and n >= _first_monday(year + 1):
            year += 1
            week = 0
        return year, week + 1, day + 1

    def replace(self, year=None, month=None, day=None):
        """A date with some fields changed."""
        return type(self)(self._year if year is None else year, self._month if month is None else month, self._day if day is None else day)

    def _order(self, other):
        if isinstance(other, date):
            return cmp((self._year, self._month, self._day), (other._year, other._month, other._day))
        if hasattr(other, 'timetuple'):
            return NotImplemented
        return None

    def __hash__(self):
        if self._hash == -1:
            self._hash = hash(self._state())
        return self._hash

    def __add__(self, other):
        if isinstance(other, timedelta):
            return self._moved(other._days)
        return NotImplemented

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self._moved(-other._days)
        if isinstance(other, date) and not isinstance(other, datetime):
            return timedelta(_to_ordinal(self._year, self._month, self._day) - _to_ordinal(other._year, other._month, other._day))
        return NotImplemented

    def _moved(self, days):
        n = _to_ordinal(self._year, self._month, self._day) + days
        if not 1 <= n <= _MAX_ORDINAL:
            raise OverflowError('date value out of range')
        return date(*_from_ordinal(n))

    def _state(self):
        return chr(self._year // 256) + chr(self._year % 256) + chr(self._month) + chr(self._day)

    def __reduce__(self):
        return self.__class__, (self._state(),)


def _shown(x, own):
    return 'datetime.' + own.__name__ if type(x) is own else type(x).__name__


def _format_arg(format):
    if not isinstance(format, basestring):
        raise TypeError('must be string, not %s' % type(format).__name__)
    return format.encode('ascii') if isinstance(format, unicode) else format


def _first_monday(year):
    """Ordinal of the Monday of the week that has the year's first Thursday."""
    first = _to_ordinal(year, 1, 1)
    weekday = (first + 6) % 7
    return first - weekday + (7 if weekday > 3 else 0)


date.min = date(1, 1, 1)
date.max = date(9999, 12, 31)
date.resolution = timedelta(days=1)


class time(_Comparable):
    """A time of the day."""
    __slots__ = ('_hour', '_minute', '_second', '_microsecond', '_tzinfo', '_hash')

    def __new__(cls, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        self = object.__new__(cls)
        self._hash = -1
        if isinstance(hour, str) and len(hour) == 6 and ord(hour[0]) < 24:
            # The state of a pickle: six bytes, and a time zone.
            b = [ord(c) for c in hour]
            tz = None if minute == 0 else minute
            if tz is not None and not _is_tz(tz):
                raise TypeError('bad tzinfo state arg')
            self._hour, self._minute, self._second, self._microsecond, self._tzinfo = b[0], b[1], b[2], b[3] * 65536 + b[4] * 256 + b[5], tz
            return self
        hour, minute, second, microsecond = _int(hour), _int(minute), _int(second), _int(microsecond)
        _check_time(hour, minute, second, microsecond)
        _check_tz(tzinfo)
        self._hour, self._minute, self._second, self._microsecond, self._tzinfo = hour, minute, second, microsecond, tzinfo
        return self

    hour = property(lambda self: self._hour)
    minute = property(lambda self: self._minute)
    second = property(lambda self: self._second)
    microsecond = property(lambda self: self._microsecond)
    tzinfo = property(lambda self: self._tzinfo)

    def _tz_arg(self):
        # What the time zone's methods are asked for.
        return None

    def _offset(self, name):
        return _call_offset(self._tzinfo, name, self._tz_arg())

    def _duration(self, name):
        minutes = self._offset(name)
        return None if minutes is None else timedelta(minutes=minutes)

    def utcoffset(self):
        """What the time zone adds to UTC; None without one."""
        return self._duration('utcoffset')

    def dst(self):
        """What daylight saving adds; None without a time zone."""
        return self._duration('dst')

    def tzname(self):
        """The time zone's name; None without one."""
        return _call_name(self._tzinfo, self._tz_arg())

    def __repr__(self):
        return _time_repr('%s(%d, %d' % (_shown(self, time), self._hour, self._minute), self)

    def isoformat(self):
        """The time as HH:MM:SS, then .mmmmmm if not zero, then the offset (ISO 8601)."""
        return _iso_time(self, self._offset('utcoffset'))

    def __str__(self):
        return self.isoformat()

    def strftime(self, format):
        """A text with fields in place of % directives."""
        return _strftime(self, _format_arg(format), (1900, 1, 1, self._hour, self._minute, self._second, 0, 1, -1), None)

    __format__ = date.__format__.im_func

    def replace(self, hour=None, minute=None, second=None, microsecond=None, tzinfo=True):
        """A time with some fields changed."""
        return type(self)(self._hour if hour is None else hour, self._minute if minute is None else minute, self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond, self._tzinfo if tzinfo is True else tzinfo)

    def _us(self):
        return ((self._hour * 60 + self._minute) * 60 + self._second) * 1000000 + self._microsecond

    def _order(self, other):
        if not isinstance(other, time):
            return None
        return cmp(self._us() - _lead(self, other, 'compare', 'times'), other._us())

    def __hash__(self):
        if self._hash == -1:
            m = self._offset('utcoffset')
            if not m:
                self._hash = hash(self._state()[0])
            else:
                us = self._us() - m * 60000000
                if 0 <= us < 86400000000:
                    s, us = divmod(us, 1000000)
                    self._hash = hash(time(s // 3600, s // 60 % 60, s % 60, us))
                else:
                    self._hash = hash((us // 3600000000, us // 60000000 % 60, us // 1000000 % 60, us % 1000000))
        return self._hash

    def __nonzero__(self):
        if self._second or self._microsecond:
            return True
        return self._hour * 60 + self._minute != (self._offset('utcoffset') or 0)

    def _state(self):
        us = self._microsecond
        b = ''.join(map(chr, (self._hour, self._minute, self._second, us >> 16, us >> 8 & 255, us & 255)))
        return (b,) if self._tzinfo is None else (b, self._tzinfo)

    def __reduce__(self):
        return self.__class__, self._state()


_tzinfo_class = tzinfo


def _is_tz(x):
    return isinstance(x, _tzinfo_class)


def _lead(x, y, verb, what):
    """Microseconds that x's clock is ahead of y's because of their time zones."""
    if x._tzinfo is y._tzinfo:
        return 0
    a, b = x._offset('utcoffset'), y._offset('utcoffset')
    if a == b:
        return 0
    if a is None or b is None:
        raise TypeError("can't %s offset-naive and offset-aware %s" % (verb, what))
    return (a - b) * 60000000


def _time_repr(head, t):
    if t._microsecond:
        head += ', %d, %d' % (t._second, t._microsecond)
    elif t._second:
        head += ', %d' % t._second
    if t._tzinfo is not None:
        head += ', tzinfo=%r' % (t._tzinfo,)
    return head + ')'


def _iso_time(t, offset):
    out = '%02d:%02d:%02d' % (t._hour, t._minute, t._second)
    if t._microsecond:
        out += '.%06d' % t._microsecond
    return out if offset is None else out + _offset_text(offset, ':')


time.min = time(0, 0, 0)
time.max = time(23, 59, 59, 999999)
time.resolution = timedelta(microseconds=1)
_time_class = time


class datetime(date):
    """A day and a time of it."""
    __slots__ = ('_hour', '_minute', '_second', '_microsecond', '_tzinfo')

    def __new__(cls, year, month=None, day=None, hour=0, minute=0, second=0, microsecond=0, tzinfo=None):
        self = object.__new__(cls)
        self._hash = -1
        if day is None and _pickled(year, 10, 2):
            if month is not None and not _is_tz(month):
                raise TypeError('bad tzinfo state arg')
            b = [ord(c) for c in year]
            self._year, self._month, self._day = b[0] * 256 + b[1], b[2], b[3]
            self._hour, self._minute, self._second, self._microsecond, self._tzinfo = b[4], b[5], b[6], b[7] * 65536 + b[8] * 256 + b[9], month
            return self
        year, month, day = _three_ints(year, month, day)
        hour, minute, second, microsecond = _int(hour), _int(minute), _int(second), _int(microsecond)
        _check_date(year, month, day)
        _check_time(hour, minute, second, microsecond)
        _check_tz(tzinfo)
        self._year, self._month, self._day = year, month, day
        self._hour, self._minute, self._second, self._microsecond, self._tzinfo = hour, minute, second, microsecond, tzinfo
        return self

    hour, minute, second, microsecond, tzinfo = time.hour, time.minute, time.second, time.microsecond, time.tzinfo

    @classmethod
    def _from(cls, convert, timestamp, tz):
        t = _timestamp(timestamp)
        whole = int(t // 1)
        us = _round((t - whole) * 1e6) if isinstance(t, float) else 0
        if us >= 1000000:
            whole += 1
            us -= 1000000
        p = convert(whole)
        # Leap seconds are the last second twice.
        return cls(p[0], p[1], p[2], p[3], p[4], min(p[5], 59), us, tz)

    @classmethod
    def _in_zone(cls, timestamp, tz):
        _check_tz(tz)
        if tz is None:
            return cls._from(_time.localtime, timestamp, None)
        return tz.fromutc(cls._from(_time.gmtime, timestamp, tz))

    @classmethod
    def now(cls, tz=None):
        """Now, in local time or in that of tz."""
        return cls._in_zone(_time.time(), tz)

    @classmethod
    def utcnow(cls):
        """Now, in UTC."""
        return cls._from(_time.gmtime, _time.time(), None)

    @classmethod
    def fromtimestamp(cls, timestamp, tz=None):
        """A number of seconds since the epoch in local time, or in that of tz."""
        return cls._in_zone(timestamp, tz)

    @classmethod
    def utcfromtimestamp(cls, timestamp):
        """A number of seconds since the epoch in UTC."""
        return cls._from(_time.gmtime, timestamp, None)

    @classmethod
    def strptime(cls, date_string, format):
        """Reads a text by a format, as time.strptime() does."""
        import _strptime
        t, fraction = _strptime._strptime(date_string, format)
        return cls(t[0], t[1], t[2], t[3], t[4], t[5], fraction)

    @classmethod
    def combine(cls, date, time):
        """The fields of a date and of a time together."""
        if not isinstance(date, _date_class):
            raise TypeError('combine() argument 1 must be datetime.date, not %s' % type(date).__name__)
        if not isinstance(time, _time_class):
            raise TypeError('combine() argument 2 must be datetime.time, not %s' % type(time).__name__)
        return cls(date._year, date._month, date._day, time._hour, time._minute, time._second, time._microsecond, time._tzinfo)

    def date(self):
        """The day alone."""
        return _date_class(self._year, self._month, self._day)

    def time(self):
        """The time alone, without time zone."""
        return _time_class(self._hour, self._minute, self._second, self._microsecond)

    def timetz(self):
        """The time with its time zone."""
        return _time_class(self._hour, self._minute, self._second, self._microsecond, self._tzinfo)

    def _tz_arg(self):
        return self

    _offset, _duration = _time_class._offset.im_func, _time_class._duration.im_func
    utcoffset, dst, tzname = _time_class.utcoffset.im_func, _time_class.dst.im_func, _time_class.tzname.im_func

    def _tuple(self, year, dst):
        n = _to_ordinal(self._year, self._month, self._day)
        return _time.struct_time((year, self._month, self._day, self._hour, self._minute, self._second, (n + 6) % 7, n - _days_before_year(self._year), dst))

    def timetuple(self):
        """A struct_time as time.localtime() gives."""
        dst = self._offset('dst')
        return self._tuple(self._year, -1 if dst is None else 1 if dst else 0)

    def utctimetuple(self):
        """A struct_time of the same instant in UTC."""
        m = self._offset('utcoffset')
        if not m:
            return self._tuple(self._year, 0)
        us = self._us() - m * 60000000
        days, us = divmod(us, 86400000000)
        s = us // 1000000
        # May be a day outside the range of datetimes.
        if days < 1:
            y, mo, d = 0, 12, 31
        elif days > _MAX_ORDINAL:
            y, mo, d = 10000, 1, 1
        else:
            y, mo, d = _from_ordinal(days)
        return _time.struct_time((y, mo, d, s // 3600, s // 60 % 60, s % 60, (days + 6) % 7, days - _days_before_year(y), 0))

    def __repr__(self):
        return _time_repr('%s(%d, %d, %d, %d, %d' % (_shown(self, datetime), self._year, self._month, self._day, self._hour, self._minute), self)

    def isoformat(self, sep='T'):
        """Day and time (ISO 8601) with a character in between."""
        if not isinstance(sep, basestring) or len(sep) != 1:
            raise TypeError('isoformat() argument 1 must be char, not %s' % type(sep).__name__)
        return '%04d-%02d-%02d%s%s' % (self._year, self._month, self._day, str(sep), _iso_time(self, self._offset('utcoffset')))

    def __str__(self):
        return self.isoformat(' ')

    def ctime(self):
        """As C's ctime() writes it."""
        return '%s %s %2d %02d:%02d:%02d %04d' % (_WEEKDAYS[self.weekday()], _MONTHS[self._month - 1], self._day, self._hour, self._minute, self._second, self._year)

    def strftime(self, format):
        """A text with fields in place of % directives."""
        return _strftime(self, _format_arg(format), self.timetuple(), self)

    def replace(self, year=None, month=None, day=None, hour=None, minute=None, second=None, microsecond=None, tzinfo=True):
        """A datetime with some fields changed."""
        return type(self)(self._year if year is None else year, self._month if month is None else month, self._day if day is None else day,
                          self._hour if hour is None else hour, self._minute if minute is None else minute, self._second if second is None else second,
                          self._microsecond if microsecond is None else microsecond, self._tzinfo if tzinfo is True else tzinfo)

    def astimezone(self, tz):
        """The same instant in another time zone."""
        if not isinstance(tz, _tzinfo_class):
            raise TypeError('astimezone() argument 1 must be datetime.tzinfo, not %s' % type(tz).__name__)
        if self._tzinfo is None:
            raise ValueError('astimezone() cannot be applied to a naive datetime')
        if tz is self._tzinfo:
            return self
        m = self._offset('utcoffset')
        if m is None:
            raise ValueError('astimezone() cannot be applied to a naive datetime')
        return tz.fromutc((self - timedelta(minutes=m)).replace(tzinfo=tz))

    def _us(self):
        return (((_to_ordinal(self._year, self._month, self._day) * 24 + self._hour) * 60 + self._minute) * 60 + self._second) * 1000000 + self._microsecond

    def _order(self, other):
        if not isinstance(other, datetime):
            if hasattr(other, 'timetuple') and not isinstance(other, date):
                return NotImplemented
            return None
        return cmp(self._us() - _lead(self, other, 'compare', 'datetimes'), other._us())

    def __hash__(self):
        if self._hash == -1:
            m = self._offset('utcoffset')
            if m is None:
                self._hash = hash(self._state()[0])
            else:
                days, us = divmod(self._us(), 86400000000)
                self._hash = hash(timedelta(days, us // 1000000 - m * 60, us % 1000000))
        return self._hash

    def __add__(self, other):
        if not isinstance(other, timedelta):
            return NotImplemented
        return self._at(self._us() + other._us())

    __radd__ = __add__

    def _at(self, us):
        days, us = divmod(us, 86400000000)
        if not 1 <= days <= _MAX_ORDINAL:
            raise OverflowError('date value out of range')
        y, m, d = _from_ordinal(days)
        s, us = divmod(us, 1000000)
        return datetime(y, m, d, int(s // 3600), int(s // 60 % 60), int(s % 60), int(us), self._tzinfo)

    def __sub__(self, other):
        if isinstance(other, timedelta):
            return self._at(self._us() - other._us())
        if not isinstance(other, datetime):
            return NotImplemented
        return timedelta._of(self._us() - _lead(self, other, 'subtract', 'datetimes') - other._us())

    def _state(self):
        us = self._microsecond
        b = ''.join(map(chr, (self._year >> 8, self._year & 255, self._month, self._day, self._hour, self._minute, self._second, us >> 16, us >> 8 & 255, us & 255)))
        return (b,) if self._tzinfo is None else (b, self._tzinfo)

    def __reduce__(self):
        return self.__class__, self._state()


_date_class = date
datetime.min = datetime(1, 1, 1)
datetime.max = datetime(9999, 12, 31, 23, 59, 59, 999999)
datetime.resolution = timedelta(microseconds=1)
