"""Digests by name: md5, sha1, sha224, sha256, sha384, sha512; keys from passwords."""
import struct as _struct
from binascii import hexlify as _hexlify
from _md5 import new as md5
from _sha import new as sha1
from _sha256 import sha224, sha256
from _sha512 import sha384, sha512

algorithms = ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')
algorithms_guaranteed = set(algorithms)
_constructors = {}
for _name in algorithms:
    _constructors[_name] = _constructors[_name.upper()] = globals()[_name]
algorithms_available = set(_constructors)
__all__ = algorithms + ('new', 'algorithms_guaranteed', 'algorithms_available', 'algorithms', 'pbkdf2_hmac')


def new(name, string=''):
    """A digest by its algorithm's name, of a first string."""
    try:
        make = _constructors[name]
    except (KeyError, TypeError):
        if not isinstance(name, basestring):
            raise TypeError('name must be a string')
        raise ValueError('unsupported hash type ' + name)
    return make(string)


def pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None):
    """A key from a password, by PBKDF2 of PKCS #5 2.0 with HMAC."""
    if not isinstance(hash_name, str):
        raise TypeError(hash_name)
    password, salt = str(buffer(password)), str(buffer(salt))
    inner, outer = new(hash_name), new(hash_name)
    block = inner.block_size
    if len(password) > block:
        password = new(hash_name, password).digest()
    password += '\0' * (block - len(password))
    inner.update(''.join([chr(ord(c) ^ 0x36) for c in password]))
    outer.update(''.join([chr(ord(c) ^ 0x5C) for c in password]))

    def mac(text):
        a, b = inner.copy(), outer.copy()
        a.update(text)
        b.update(a.digest())
        return b.digest()

    if iterations < 1:
        raise ValueError(iterations)
    if dklen is None:
        dklen = outer.digest_size
    if dklen < 1:
        raise ValueError(dklen)
    width = '%%0%dx' % (outer.digest_size * 2)
    key = ''
    number = 1
    while len(key) < dklen:
        last = mac(salt + _struct.pack('>I', number))
        mixed = int(_hexlify(last), 16)
        for _ in xrange(iterations - 1):
            last = mac(last)
            mixed ^= int(_hexlify(last), 16)
        key += (width % mixed).decode('hex')
        number += 1
    return key[:dklen]


del _name
