"""Numbers of 2.7's regular expression code."""

MAGIC = 20031017
try:
    from _sre import MAXREPEAT
except ImportError:
    MAXREPEAT = 4294967295
MAXGROUPS = 2147483647


class error(Exception):
    pass


def _numbered(names):
    names = names.split()
    table = dict((name, number) for number, name in enumerate(names))
    return names, table


_names, OPCODES = _numbered(
    "failure success any any_all assert assert_not at branch call category charset bigcharset groupref groupref_exists "
    "groupref_ignore in in_ignore info jump literal literal_ignore mark max_until min_until not_literal not_literal_ignore "
    "negate range repeat repeat_one subpattern min_repeat_one")
for _name in _names:
    globals()[_name.upper()] = _name
MIN_REPEAT, MAX_REPEAT = "min_repeat", "max_repeat"

_names, ATCODES = _numbered(
    "at_beginning at_beginning_line at_beginning_string at_boundary at_non_boundary at_end at_end_line at_end_string "
    "at_loc_boundary at_loc_non_boundary at_uni_boundary at_uni_non_boundary")
for _name in _names:
    globals()[_name.upper()] = _name

_names, CHCODES = _numbered(
    "category_digit category_not_digit category_space category_not_space category_word category_not_word category_linebreak "
    "category_not_linebreak category_loc_word category_loc_not_word category_uni_digit category_uni_not_digit "
    "category_uni_space category_uni_not_space category_uni_word category_uni_not_word category_uni_linebreak "
    "category_uni_not_linebreak")
for _name in _names:
    globals()[_name.upper()] = _name
del _name, _names, _numbered

OP_IGNORE = dict((name, name + "_ignore") for name in (GROUPREF, IN, LITERAL, NOT_LITERAL))
AT_MULTILINE = {AT_BEGINNING: AT_BEGINNING_LINE, AT_END: AT_END_LINE}
AT_LOCALE = {AT_BOUNDARY: AT_LOC_BOUNDARY, AT_NON_BOUNDARY: AT_LOC_NON_BOUNDARY}
AT_UNICODE = {AT_BOUNDARY: AT_UNI_BOUNDARY, AT_NON_BOUNDARY: AT_UNI_NON_BOUNDARY}
CH_LOCALE = dict((name, name) for name in CHCODES if "_loc_" not in name and "_uni_" not in name)
CH_LOCALE[CATEGORY_WORD] = CATEGORY_LOC_WORD
CH_LOCALE[CATEGORY_NOT_WORD] = CATEGORY_LOC_NOT_WORD
CH_UNICODE = dict((name, name.replace("category_", "category_uni_")) for name in CHCODES if "_loc_" not in name and "_uni_" not in name)

SRE_FLAG_TEMPLATE = 1
SRE_FLAG_IGNORECASE = 2
SRE_FLAG_LOCALE = 4
SRE_FLAG_MULTILINE = 8
SRE_FLAG_DOTALL = 16
SRE_FLAG_UNICODE = 32
SRE_FLAG_VERBOSE = 64
SRE_FLAG_DEBUG = 128

SRE_INFO_PREFIX = 1
SRE_INFO_LITERAL = 2
SRE_INFO_CHARSET = 4
