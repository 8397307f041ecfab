"""The user's language and customs: settings of the C library, numbers and amounts as they are written there."""
import encodings
import encodings.aliases
import functools
import os
import re
from _locale import *
from _locale import localeconv as _system_conv
from _locale import setlocale as _setlocale

__all__ = ['getlocale', 'getdefaultlocale', 'getpreferredencoding', 'Error', 'setlocale', 'resetlocale', 'localeconv', 'strcoll', 'strxfrm', 'str', 'atof', 'atoi', 'format',
           'format_string', 'currency', 'normalize', 'LC_CTYPE', 'LC_COLLATE', 'LC_MESSAGES', 'LC_TIME', 'LC_MONETARY', 'LC_NUMERIC', 'LC_ALL', 'CHAR_MAX']
_strcoll, _strxfrm = strcoll, strxfrm
# Settings that tests put in place of the system's.
_override_localeconv = {}


@functools.wraps(_system_conv)
def localeconv():
    d = _system_conv()
    if _override_localeconv:
        d.update(_override_localeconv)
    return d


def _grouping_intervals(grouping):
    last = None
    for n in grouping:
        if n == CHAR_MAX:
            return
        if n == 0:
            # The last one, again and again.
            if last is None:
                raise ValueError('invalid grouping')
            while True:
                yield last
        yield n
        last = n


def _group(s, monetary=False):
    """The digits with separators, and how many of those there are."""
    conv = localeconv()
    separator = conv['mon_thousands_sep' if monetary else 'thousands_sep']
    grouping = conv['mon_grouping' if monetary else 'grouping']
    if not grouping:
        return s, 0
    right = ''
    if s[-1] == ' ':
        stripped = s.rstrip()
        right = s[len(stripped):]
        s = stripped
    left = ''
    groups = []
    for n in _grouping_intervals(grouping):
        if not s or s[-1] not in '0123456789':
            left, s = s, ''
            break
        groups.append(s[-n:])
        s = s[:-n]
    if s:
        groups.append(s)
    groups.reverse()
    return left + separator.join(groups) + right, len(separator) * (len(groups) - 1)


def _strip_padding(s, amount):
    """Takes away as much padding as separators were added."""
    left = 0
    while amount and s[left] == ' ':
        left += 1
        amount -= 1
    right = len(s) - 1
    while amount and s[right] == ' ':
        right -= 1
        amount -= 1
    return s[left:right + 1]


_percent_re = re.compile(r'%(?:\((?P<key>.*?)\))?(?P<modifiers>[-#0-9 +*.hlL]*?)[eEfFgGdiouxXcrs%]')


def format(percent, value, grouping=False, monetary=False, *additional):
    """A value by one % specifier, with the locale's decimal point and separators."""
    match = _percent_re.match(percent)
    if not match or len(match.group()) != len(percent):
        raise ValueError('format() must be given exactly one %%char format specifier, %s not valid' % repr(percent))
    return _format(percent, value, grouping, monetary, *additional)


def _format(percent, value, grouping=False, monetary=False, *additional):
    out = percent % ((value,) + additional) if additional else percent % value
    if percent[-1] in 'eEfFgG':
        added = 0
        parts = out.split('.')
        if grouping:
            parts[0], added = _group(parts[0], monetary)
        out = localeconv()['mon_decimal_point' if monetary else 'decimal_point'].join(parts)
        if added:
            out = _strip_padding(out, added)
    elif percent[-1] in 'diu':
        added = 0
        if grouping:
            out, added = _group(out, monetary)
        if added:
            out = _strip_padding(out, added)
    return out


def format_string(f, val, grouping=False):
    """The operator % with the locale's decimal point and separators."""
    import collections
    percents = list(_percent_re.finditer(f))
    new_f = _percent_re.sub('%s', f)
    if isinstance(val, collections.Mapping):
        new_val = ['%' if p.group()[-1] == '%' else format(p.group(), val, grouping) for p in percents]
    else:
        if not isinstance(val, tuple):
            val = (val,)
        new_val = []
        i = 0
        for p in percents:
            if p.group()[-1] == '%':
                new_val.append('%')
            else:
                stars = p.group('modifiers').count('*')
                new_val.append(_format(p.group(), val[i], grouping, False, *val[i + 1:i + 1 + stars]))
                i += 1 + stars
    return new_f % tuple(new_val)


def currency(val, symbol=True, grouping=False, international=False):
    """An amount as the locale writes money."""
    conv = localeconv()
    digits = conv['int_frac_digits' if international else 'frac_digits']
    if digits == 127:
        raise ValueError("Currency formatting is not possible using the 'C' locale.")
    s = format('%%.%if' % digits, abs(val), grouping, monetary=True)
    # The sign's place is found by the marks.
    s = '<' + s + '>'
    if symbol:
        smb = conv['int_curr_symbol' if international else 'currency_symbol']
        precedes = conv['n_cs_precedes' if val < 0 else 'p_cs_precedes']
        separated = conv['n_sep_by_space' if val < 0 else 'p_sep_by_space']
        if precedes:
            s = smb + (' ' if separated else '') + s
        else:
            s = s + (' ' if separated else '') + smb
    place = conv['n_sign_posn' if val < 0 else 'p_sign_posn']
    sign = conv['negative_sign' if val < 0 else 'positive_sign']
    if place == 0:
        s = '(' + s + ')'
    elif place == 1:
        s = sign + s
    elif place == 2:
        s = s + sign
    elif place == 3:
        s = s.replace('<', sign)
    elif place == 4:
        s = s.replace('>', sign)
    else:
        s = sign + s
    return s.replace('<', '').replace('>', '')


def str(val):
    """A float with the locale's decimal point."""
    return format('%.12g', val)


def atof(string, func=float):
    """The number that a text means in the locale."""
    conv = localeconv()
    if conv['thousands_sep']:
        string = string.replace(conv['thousands_sep'], '')
    if conv['decimal_point']:
        string = string.replace(conv['decimal_point'], '.')
    return func(string)


def atoi(str):
    """The integer that a text means in the locale."""
    return atof(str, int)


# ---- names of locales

# Languages to the locale that is meant where only the language is given, with its old encoding.
locale_alias = {
    'c': 'C', 'posix': 'C', 'en': 'en_US.ISO8859-1', 'en_us': 'en_US.ISO8859-1', 'en_gb': 'en_GB.ISO8859-1', 'english': 'en_EN.ISO8859-1', 'de': 'de_DE.ISO8859-1',
    'de_de': 'de_DE.ISO8859-1', 'de_at': 'de_AT.ISO8859-1', 'de_ch': 'de_CH.ISO8859-1', 'german': 'de_DE.ISO8859-1', 'deutsch': 'de_DE.ISO8859-1', 'fr': 'fr_FR.ISO8859-1',
    'fr_fr': 'fr_FR.ISO8859-1', 'fr_ca': 'fr_CA.ISO8859-1', 'fr_ch': 'fr_CH.ISO8859-1', 'french': 'fr_FR.ISO8859-1', 'es': 'es_ES.ISO8859-1', 'es_es': 'es_ES.ISO8859-1',
    'spanish': 'es_ES.ISO8859-1', 'it': 'it_IT.ISO8859-1', 'it_it': 'it_IT.ISO8859-1', 'italian': 'it_IT.ISO8859-1', 'nl': 'nl_NL.ISO8859-1', 'nl_nl': 'nl_NL.ISO8859-1',
    'dutch': 'nl_NL.ISO8859-1', 'pt': 'pt_PT.ISO8859-1', 'pt_pt': 'pt_PT.ISO8859-1', 'pt_br': 'pt_BR.ISO8859-1', 'sv': 'sv_SE.ISO8859-1', 'sv_se': 'sv_SE.ISO8859-1',
    'da': 'da_DK.ISO8859-1', 'da_dk': 'da_DK.ISO8859-1', 'fi': 'fi_FI.ISO8859-15', 'fi_fi': 'fi_FI.ISO8859-15', 'no': 'no_NO.ISO8859-1', 'nb_no': 'nb_NO.ISO8859-1',
    'pl': 'pl_PL.ISO8859-2', 'pl_pl': 'pl_PL.ISO8859-2', 'cs': 'cs_CZ.ISO8859-2', 'cs_cz': 'cs_CZ.ISO8859-2', 'hu': 'hu_HU.ISO8859-2', 'hu_hu': 'hu_HU.ISO8859-2',
    'ru': 'ru_RU.UTF-8', 'ru_ru': 'ru_RU.UTF-8', 'el': 'el_GR.ISO8859-7', 'el_gr': 'el_GR.ISO8859-7', 'tr': 'tr_TR.ISO8859-9', 'tr_tr': 'tr_TR.ISO8859-9',
    'ja': 'ja_JP.eucJP', 'ja_jp': 'ja_JP.eucJP', 'ko': 'ko_KR.eucKR', 'ko_kr': 'ko_KR.eucKR', 'zh': 'zh_CN.eucCN', 'zh_cn': 'zh_CN.gb2312', 'zh_tw': 'zh_TW.big5',
    'uk': 'uk_UA.KOI8-U', 'uk_ua': 'uk_UA.KOI8-U', 'ps_af': 'ps_AF.UTF-8',
}
# Codecs to the names that locales give them.
locale_encoding_alias = {
    'utf': 'UTF-8', 'utf8': 'UTF-8', 'utf_8': 'UTF-8', 'latin_1': 'ISO8859-1', 'iso8859_1': 'ISO8859-1', 'iso8859_10': 'ISO8859-10', 'iso8859_2': 'ISO8859-2', 'iso8859_3': 'ISO8859-3',
    'iso8859_4': 'ISO8859-4', 'iso8859_5': 'ISO8859-5', 'iso8859_6': 'ISO8859-6', 'iso8859_7': 'ISO8859-7', 'iso8859_8': 'ISO8859-8', 'iso8859_9': 'ISO8859-9', 'iso8859_15': 'ISO8859-15',
    'euc_jp': 'eucJP', 'euc_kr': 'eucKR', 'gb2312': 'eucCN', 'koi8_r': 'KOI8-R', 'koi8_u': 'KOI8-U', 'ascii': 'ISO8859-1', '437': 'C', 'c': 'C', 'en': 'ISO8859-1', 'jis': 'JIS7',
    'jis7': 'JIS7', 'ajec': 'eucJP', 'cp1251': 'CP1251', 'cp1252': 'CP1252', 'tactis': 'TACTIS',
}


def _replace_encoding(code, encoding):
    language = code[:code.index('.')] if '.' in code else code
    norm = encodings.normalize_encoding(encoding)
    norm = encodings.aliases.aliases.get(norm, norm)
    norm = encodings.aliases.aliases.get(norm.lower(), norm)
    return language + '.' + locale_encoding_alias.get(norm.lower(), norm)


def normalize(localename):
    """A locale's name in its usual spelling: language, country, encoding."""
    full = localename.encode('ascii') if isinstance(localename, unicode) else localename
    full = full.lower()
    modifier = ''
    if '@' in full:
        full, modifier = full.split('@', 1)
    if ':' in full:
        full = full.replace(':', '.')
    language, encoding = (full.split('.')[:2] + [''])[:2] if '.' in full else (full, '')
    code = locale_alias.get(language)
    if code is None:
        return localename
    if code == 'C':
        return 'C'
    if encoding:
        code = _replace_encoding(code, encoding)
    if modifier == 'euro' and not encoding:
        return code.split('.')[0] + '.ISO8859-15'
    return code + '@' + modifier if modifier else code


def _parse_localename(localename):
    code = normalize(localename)
    if '@' in code:
        code, modifier = code.split('@', 1)
        if modifier == 'euro' and '.' not in code:
            return code, 'iso-8859-15'
    if '.' in code:
        return tuple(code.split('.')[:2])
    if code == 'C':
        return None, None
    raise ValueError('unknown locale: %s' % localename)


def _build_localename(localetuple):
    language, encoding = localetuple
    if language is None:
        language = 'C'
    return language if encoding is None else language + '.' + encoding


def getdefaultlocale(envvars=('LC_ALL', 'LC_CTYPE', 'LANG', 'LANGUAGE')):
    """(language, encoding) that the environment asks for."""
    for variable in envvars:
        name = os.environ.get(variable)
        if name:
            if variable == 'LANGUAGE':
                name = name.split(':')[0]
            break
    else:
        name = 'C'
    return _parse_localename(name)


def getlocale(category=LC_CTYPE):
    """(language, encoding) that a category is set to."""
    name = _setlocale(category)
    if category == LC_ALL and ';' in name:
        raise TypeError('category LC_ALL is not supported')
    return _parse_localename(name)


def setlocale(category, locale=None):
    """Sets a category, by a name or (language, encoding); its name. None only asks."""
    if locale and not isinstance(locale, basestring):
        locale = normalize(_build_localename(locale))
    return _setlocale(category, locale)


def resetlocale(category=LC_ALL):
    """Sets a category to what the environment asks for."""
    _setlocale(category, _build_localename(getdefaultlocale()))


def getpreferredencoding(do_setlocale=True):
    """The encoding that the user's texts probably have."""
    if not do_setlocale:
        return nl_langinfo(CODESET)
    old = _setlocale(LC_CTYPE)
    try:
        try:
            _setlocale(LC_CTYPE, '')
        except Error:
            pass
        return nl_langinfo(CODESET)
    finally:
        _setlocale(LC_CTYPE, old)
