"""Calendars as text and as tables of weeks."""
import datetime
import locale as _locale
import sys

__all__ = ['IllegalMonthError', 'IllegalWeekdayError', 'setfirstweekday', 'firstweekday', 'isleap', 'leapdays', 'weekday', 'monthrange', 'monthcalendar', 'prmonth', 'month',
           'prcal', 'calendar', 'timegm', 'month_name', 'month_abbr', 'day_name', 'day_abbr']
error = ValueError
January = 1
February = 2
mdays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)


class IllegalMonthError(ValueError):
    def __init__(self, month):
        self.month = month

    def __str__(self):
        return 'bad month number %r; must be 1-12' % self.month


class IllegalWeekdayError(ValueError):
    def __init__(self, weekday):
        self.weekday = weekday

    def __str__(self):
        return 'bad weekday number %r; must be 0 (Monday) to 6 (Sunday)' % self.weekday


class _Names:
    """Names of the locale, asked for when they are used."""

    def __init__(self, format, dates):
        self.format = format
        self.dates = dates

    def __getitem__(self, i):
        names = [d.strftime(self.format) if d else '' for d in self.dates[i]] if isinstance(i, slice) else self.dates[i]
        return names if isinstance(i, slice) else names.strftime(self.format) if names else ''

    def __len__(self):
        return len(self.dates)


# 2001 began on a Monday.
_week = [datetime.date(2001, 1, i + 1) for i in range(7)]
_year = [None] + [datetime.date(2001, i + 1, 1) for i in range(12)]
day_name = _Names('%A', _week)
day_abbr = _Names('%a', _week)
month_name = _Names('%B', _year)
month_abbr = _Names('%b', _year)


def isleap(year):
    """Whether February has 29 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def leapdays(y1, y2):
    """How many leap years lie from y1 to before y2; y1 must not be the later one."""
    y1 -= 1
    y2 -= 1
    return y2 // 4 - y1 // 4 - (y2 // 100 - y1 // 100) + (y2 // 400 - y1 // 400)


def weekday(year, month, day):
    """0 for Mondays to 6 for Sundays."""
    return datetime.date(year, month, day).weekday()


def monthrange(year, month):
    """The weekday of a month's first day, and how many days it has."""
    if not 1 <= month <= 12:
        raise IllegalMonthError(month)
    return weekday(year, month, 1), mdays[month] + (month == February and isleap(year))


class Calendar(object):
    """Weeks of months, without layout."""

    def __init__(self, firstweekday=0):
        self.firstweekday = firstweekday

    def setfirstweekday(self, firstweekday):
        self._firstweekday = firstweekday

    def getfirstweekday(self):
        return self._firstweekday % 7

    firstweekday = property(getfirstweekday, setfirstweekday)

    def iterweekdays(self):
        for i in range(self.firstweekday, self.firstweekday + 7):
            yield i % 7

    def itermonthdates(self, year, month):
        date = datetime.date(year, month, 1)
        date -= datetime.timedelta(days=(date.weekday() - self.firstweekday) % 7)
        day = datetime.timedelta(days=1)
        while True:
            yield date
            try:
                date += day
            except OverflowError:
                break
            if date.month != month and date.weekday() == self.firstweekday:
                break

    def itermonthdays2(self, year, month):
        for i, d in enumerate(self.itermonthdays(year, month), self.firstweekday):
            yield d, i % 7

    def itermonthdays(self, year, month):
        first, n = monthrange(year, month)
        before = (first - self.firstweekday) % 7
        after = (self.firstweekday - first - n) % 7
        for d in [0] * before + range(1, n + 1) + [0] * after:
            yield d

    def _weeks(self, items):
        items = list(items)
        return [items[i:i + 7] for i in range(0, len(items), 7)]

    def monthdatescalendar(self, year, month):
        return self._weeks(self.itermonthdates(year, month))

    def monthdays2calendar(self, year, month):
        return self._weeks(self.itermonthdays2(year, month))

    def monthdayscalendar(self, year, month):
        return self._weeks(self.itermonthdays(year, month))

    def _rows(self, make, year, width):
        months = [make(year, i) for i in range(January, January + 12)]
        return [months[i:i + width] for i in range(0, len(months), width)]

    def yeardatescalendar(self, year, width=3):
        return self._rows(self.monthdatescalendar, year, width)

    def yeardays2calendar(self, year, width=3):
        return self._rows(self.monthdays2calendar, year, width)

    def yeardayscalendar(self, year, width=3):
        return self._rows(self.monthdayscalendar, year, width)


class TextCalendar(Calendar):
    """Calendars as plain text."""

    def prweek(self, theweek, width):
        print self.formatweek(theweek, width),

    def formatday(self, day, weekday, width):
        return ('' if day == 0 else '%2i' % day).center(width)

    def formatweek(self, theweek, width):
        return ' '.join([self.formatday(d, wd, width) for d, wd in theweek])

    def formatweekday(self, day, width):
        names = day_name if width >= 9 else day_abbr
        return names[day][:width].center(width)

    def formatweekheader(self, width):
        return ' '.join([self.formatweekday(i, width) for i in self.iterweekdays()])

    def formatmonthname(self, theyear, themonth, width, withyear=True):
        text = month_name[themonth]
        if withyear:
            text = '%s %r' % (text, theyear)
        return text.center(width)

    def prmonth(self, theyear, themonth, w=0, l=0):
        print self.formatmonth(theyear, themonth, w, l),

    def formatmonth(self, theyear, themonth, w=0, l=0):
        w, l = max(2, w), max(1, l)
        out = self.formatmonthname(theyear, themonth, 7 * (w + 1) - 1).rstrip() + '\n' * l + self.formatweekheader(w).rstrip() + '\n' * l
        for week in self.monthdays2calendar(theyear, themonth):
            out += self.formatweek(week, w).rstrip() + '\n' * l
        return out

    def formatyear(self, theyear, w=2, l=1, c=6, m=3):
        w, l, c = max(2, w), max(1, l), max(2, c)
        column = (w + 1) * 7 - 1
        parts = [repr(theyear).center(column * m + c * (m - 1)).rstrip(), '\n' * l]
        header = self.formatweekheader(w)
        for i, row in enumerate(self.yeardays2calendar(theyear, m)):
            months = range(m * i + 1, min(m * (i + 1) + 1, 13))
            parts.append('\n' * l)
            parts.append(formatstring([self.formatmonthname(theyear, k, column, False) for k in months], column, c).rstrip())
            parts.append('\n' * l)
            parts.append(formatstring([header for _ in months], column, c).rstrip())
            parts.append('\n' * l)
            for j in range(max([len(cal) for cal in row])):
                weeks = [self.formatweek(cal[j], w) if j < len(cal) else '' for cal in row]
                parts.append(formatstring(weeks, column, c).rstrip())
                parts.append('\n' * l)
        return ''.join(parts)

    def pryear(self, theyear, w=0, l=0, c=6, m=3):
        print self.formatyear(theyear, w, l, c, m)


class HTMLCalendar(Calendar):
    """Calendars as tables of HTML."""
    cssclasses = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

    def formatday(self, day, weekday):
        return '<td class="noday">&nbsp;</td>' if day == 0 else '<td class="%s">%d</td>' % (self.cssclasses[weekday], day)

    def formatweek(self, theweek):
        return '<tr>%s</tr>' % ''.join([self.formatday(d, wd) for d, wd in theweek])

    def formatweekday(self, day):
        return '<th class="%s">%s</th>' % (self.cssclasses[day], day_abbr[day])

    def formatweekheader(self):
        return '<tr>%s</tr>' % ''.join([self.formatweekday(i) for i in self.iterweekdays()])

    def formatmonthname(self, theyear, themonth, withyear=True):
        text = '%s %s' % (month_name[themonth], theyear) if withyear else '%s' % month_name[themonth]
        return '<tr><th colspan="7" class="month">%s</th></tr>' % text

    def formatmonth(self, theyear, themonth, withyear=True):
        lines = ['<table border="0" cellpadding="0" cellspacing="0" class="month">', self.formatmonthname(theyear, themonth, withyear), self.formatweekheader()]
        lines += [self.formatweek(week) for week in self.monthdays2calendar(theyear, themonth)]
        return '\n'.join(lines + ['</table>', ''])

    def formatyear(self, theyear, width=3):
        width = max(width, 1)
        out = ['<table border="0" cellpadding="0" cellspacing="0" class="year">', '\n', '<tr><th colspan="%d" class="year">%s</th></tr>' % (width, theyear)]
        for i in range(January, January + 12, width):
            out.append('<tr>')
            out += ['<td>%s</td>' % self.formatmonth(theyear, m, withyear=False) for m in range(i, min(i + width, 13))]
            out.append('</tr>')
        out.append('</table>')
        return ''.join(out)

    def formatyearpage(self, theyear, width=3, css='calendar.css', encoding=None):
        encoding = sys.getdefaultencoding() if encoding is None else encoding
        out = ['<?xml version="1.0" encoding="%s"?>\n' % encoding, '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">\n', '<html>\n',
               '<head>\n', '<meta http-equiv="Content-Type" content="text/html; charset=%s" />\n' % encoding]
        if css is not None:
            out.append('<link rel="stylesheet" type="text/css" href="%s" />\n' % css)
        out += ['<title>Calendar for %d</title>\n' % theyear, '</head>\n', '<body>\n', self.formatyear(theyear, width), '</body>\n', '</html>\n']
        return ''.join(out).encode(encoding, 'xmlcharrefreplace')


class TimeEncoding:
    """Switches the locale of times for a while; gives its encoding."""

    def __init__(self, locale):
        self.locale = locale

    def __enter__(self):
        category = _locale.LC_TIME
        self.oldlocale = _locale.getlocale(category)
        _locale.setlocale(category, self.locale)
        _, encoding = _locale.getlocale(category)
        return encoding

    def __exit__(self, *args):
        _locale.setlocale(_locale.LC_TIME, self.oldlocale)


class _InLocale(object):
    def __init__(self, firstweekday=0, locale=None):
        Calendar.__init__(self, firstweekday)
        self.locale = _locale.getdefaultlocale() if locale is None else locale

    def _named(self, get):
        with TimeEncoding(self.locale) as encoding:
            text = get()
            return text.decode(encoding) if encoding is not None else text


class LocaleTextCalendar(_InLocale, TextCalendar):
    def formatweekday(self, day, width):
        return self._named(lambda: (day_name if width >= 9 else day_abbr)[day])[:width].center(width)

    def formatmonthname(self, theyear, themonth, width, withyear=True):
        text = self._named(lambda: month_name[themonth])
        return ('%s %r' % (text, theyear) if withyear else text).center(width)


class LocaleHTMLCalendar(_InLocale, HTMLCalendar):
    def formatweekday(self, day):
        return '<th class="%s">%s</th>' % (self.cssclasses[day], self._named(lambda: day_abbr[day]))

    def formatmonthname(self, theyear, themonth, withyear=True):
        text = self._named(lambda: month_name[themonth])
        return '<tr><th colspan="7" class="month">%s</th></tr>' % ('%s %s' % (text, theyear) if withyear else text)


c = TextCalendar()
firstweekday = c.getfirstweekday


def setfirstweekday(firstweekday):
    if hasattr(firstweekday, '__index__') and MONDAY <= firstweekday <= SUNDAY:
        c.firstweekday = firstweekday
    else:
        raise IllegalWeekdayError(firstweekday)


week, month, calendar, monthcalendar = c.formatweek, c.formatmonth, c.formatyear, c.monthdayscalendar
prweek, prmonth, prcal, weekheader = c.prweek, c.prmonth, c.pryear, c.formatweekheader
_colwidth = 20
_spacing = 6


def format(cols, colwidth=_colwidth, spacing=_spacing):
    """Prints texts in columns."""
    print formatstring(cols, colwidth, spacing)


def formatstring(cols, colwidth=_colwidth, spacing=_spacing):
    """Texts in columns, each in the middle of its own."""
    return (' ' * spacing).join([col.center(colwidth) for col in cols])


EPOCH = 1970
_EPOCH_ORD = datetime.date(EPOCH, 1, 1).toordinal()


def timegm(tuple):
    """Seconds since 1970 of a time tuple in UTC."""
    year, month, day, hour, minute, second = tuple[:6]
    days = datetime.date(year, month, 1).toordinal() - _EPOCH_ORD + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def main(args):
    """Prints the calendar of a year or a month."""
    import optparse
    parser = optparse.OptionParser(usage='usage: %prog [options] [year [month]]')
    for short, name, default, text in (('-w', 'width', 2, 'width of date column (default 2, text only)'), ('-l', 'lines', 1, 'number of lines for each week (default 1, text only)'),
                                       ('-s', 'spacing', 6, 'spacing between months (default 6, text only)'), ('-m', 'months', 3, 'months per row (default 3, text only)')):
        parser.add_option(short, '--' + name, dest=name, type='int', default=default, help=text)
    parser.add_option('-c', '--css', dest='css', default='calendar.css', help='CSS to use for page (html only)')
    parser.add_option('-L', '--locale', dest='locale', default=None, help='locale to be used from month and weekday names')
    parser.add_option('-e', '--encoding', dest='encoding', default=None, help='Encoding to use for output')
    parser.add_option('-t', '--type', dest='type', default='text', choices=('text', 'html'), help='output type (text or html)')
    options, args = parser.parse_args(args)
    if options.locale and not options.encoding:
        parser.error('if --locale is specified --encoding is required')
    where = options.locale, options.encoding
    if options.type == 'html':
        cal = LocaleHTMLCalendar(locale=where) if options.locale else HTMLCalendar()
        encoding = options.encoding or sys.getdefaultencoding()
        if len(args) > 2:
            parser.error('incorrect number of arguments')
        print cal.formatyearpage(int(args[1]) if len(args) == 2 else datetime.date.today().year, css=options.css, encoding=encoding)
        return
    cal = LocaleTextCalendar(locale=where) if options.locale else TextCalendar()
    if len(args) > 3:
        parser.error('incorrect number of arguments')
    if len(args) == 3:
        text = cal.formatmonth(int(args[1]), int(args[2]), options.width, options.lines)
    else:
        text = cal.formatyear(int(args[1]) if len(args) == 2 else datetime.date.today().year, options.width, options.lines, options.spacing, options.months)
    print text.encode(options.encoding) if options.encoding else text


if __name__ == '__main__':
    main(sys.argv)
