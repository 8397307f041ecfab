# lang: 2
# stress: 997
# Regular expressions of 2.7: refusals, empty matches, templates, mixtures of str and unicode.
import re
def show(f, *a):
    try:
        print repr(f(*a))
    except Exception as e:
        print type(e).__name__, e
for p in ['(', '[b-a]', '*', 'a**', '(?P<1>x)', '(?P<a>x)(?P<a>y)', '(?P=b)', '(?z)', '(?<=a*)b', '(?(1)a|b|c)', '\\', '\\x1g', '[\\x]', '\\8', '(a\\1)', 'a{2,1}', 'a{99999999999}', u'(?P<\xe9>x)']:
    show(re.compile, p)
show(re.findall, 'x*', 'axb')
show(re.findall, r'\b|\w+', 'hello world')
show(re.sub, 'x*', '-', 'abxd')
show(re.split, 'x*', 'axbxc')
show(re.split, '(a)|b', 'xaybz')
show(re.sub, '(?P<x>a)(b)?', r'[\g<x>\1]', 'ab a')
show(re.sub, '(a)|b', r'\1', 'ab')
show(re.sub, 'a', r'\g<y>', 'a')
show(re.sub, 'a', r'\2', 'a')
show(re.sub, 'a', u'\xe8', 'bab')
show(re.sub, 'z', u'x', 'z\xe9')
show(re.findall, u'(?iu)\xe9', u'\xc9\xe9')
show(re.findall, '(?i)\xe9', '\xc9\xe9')
show(re.match, 'a', 5)
m = re.match('(?P<a>.)(b)?', 'x')
show(m.expand, r'\2')
show(m.groups)
show(m.group, 'q')
show(lambda: (m.lastindex, m.lastgroup, m.regs, m.re.groupindex))
show(re.escape, 'a.b\0_')
show(lambda: type(m.re))
show(re.Scanner([(r'\d+', lambda s, t: int(t)), (r'(a)b', 'AB'), (r'\s+', None)]).scan, '12 ab 3!x')

# expect: error unbalanced parenthesis
# expect: error bad character range
# expect: error nothing to repeat
# expect: error multiple repeat
# expect: error bad character in group name '1'
# expect: error redefinition of group name 'a' as group 2; was group 1
# expect: error unknown group name: 'b'
# expect: error unexpected end of pattern
# expect: error look-behind requires fixed-width pattern
# expect: error conditional backref with more than two branches
# expect: error bogus escape (end of line)
# expect: error bogus escape: '\\x1'
# expect: error bogus escape: '\\'
# expect: error bogus escape: '\\8'
# expect: error cannot refer to open group
# expect: error bad repeat interval
# expect: OverflowError the repetition number is too large
# expect: error bad character in group name u'\xe9'
# expect: ['', 'x', '', '']
# expect: ['', 'ello', '', '', 'orld', '']
# expect: '-a-b-d-'
# expect: ['a', 'b', 'c']
# expect: ['x', 'a', 'y', None, 'z']
# expect: '[aa] [aa]'
# expect: error unmatched group
# expect: IndexError unknown group name: 'y'
# expect: error invalid group reference
# expect: u'b\xe8b'
# expect: UnicodeDecodeError 'ascii' codec can't decode byte 0xe9 in position 0: ordinal not in range(128)
# expect: [u'\xc9', u'\xe9']
# expect: ['\xe9']
# expect: TypeError expected string or buffer
# expect: error unmatched group
# expect: ('x', None)
# expect: IndexError no such group
# expect: (1, 'a', ((0, 1), (0, 1), (-1, -1)), {'a': 1})
# expect: 'a\\.b\\000\\_'
# expect: <type '_sre.SRE_Pattern'>
# expect: ([12, 'AB', 3], '!x')
