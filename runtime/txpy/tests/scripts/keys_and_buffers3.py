# Keys from passwords, quoted-printable, classes given to __new__, arrays as buffers.
# lang: 3
# stress: 97
import array, binascii, collections, hashlib, quopri, struct
print(hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 7, 40).hex())
print(hashlib.pbkdf2_hmac("sha512", b"k" * 200, bytearray(b"salt"), 2).hex()[:40], hashlib.pbkdf2_hmac("md5", b"", b"", 1).hex())
for name in "sha1", "sha3_384", "blake2b", "blake2s":
    print(name, hashlib.pbkdf2_hmac(name, b"x" * 129, b"", 3, 30).hex())
print(hashlib.scrypt(b"p", salt=b"s", n=16, r=3, p=2, dklen=70).hex())
for make in (lambda: hashlib.pbkdf2_hmac("sha1", b"p", b"s", 0), lambda: hashlib.pbkdf2_hmac("sha1", b"p", b"s", 1, 0), lambda: hashlib.pbkdf2_hmac("sha1", "p", b"s", 1),
             lambda: hashlib.pbkdf2_hmac(1, b"p", b"s", 1), lambda: hashlib.scrypt(b"p", salt=b"s", n=3, r=1, p=1), lambda: hashlib.scrypt(b"p", n=2, r=1, p=1),
             lambda: hashlib.scrypt(b"p", salt=b"s", n=1 << 20, r=8, p=1), lambda: hashlib.scrypt(b"p", salt=b"s", n=2, r=1, p=0), lambda: hashlib.scrypt(b"p", salt=b"s", n=2, r=1),
             lambda: hashlib.scrypt(b"p", salt=b"s", n=1 << 16, r=1, p=1),
             lambda: hashlib.scrypt(b"p", salt=b"s", n=2, r=1, p=1 << 30), lambda: hashlib.scrypt(b"p", salt=b"s", n=2, r=1 << 33, p=1),
             lambda: hashlib.new("none"), lambda: list.__new__(), lambda: list.__new__(1), lambda: tuple.__new__(int), lambda: dict.__new__(list), lambda: object.__new__(int),
             lambda: int.__new__(bool), lambda: collections.deque.__new__(), lambda: array.array.__new__(list), lambda: str.__new__(bytes), lambda: type.__new__(1)):
    try:
        print(make())
    except Exception as e:
        print(type(e).__name__, e)
odd = bytes(range(256)) + b" \t\n.\r\n.x\n" + b"long " * 30 + b"\r\nend "
for quote_tabs in False, True:
    for text in False, True:
        for header in False, True:
            coded = binascii.b2a_qp(odd, quote_tabs, text, header)
            print(len(coded), binascii.crc32(coded), binascii.crc32(binascii.a2b_qp(coded, header)))
print(binascii.a2b_qp(b"a=\nb==3Dc=3dd=x=\r\ne=", header=False), binascii.a2b_qp("a_b=5F", header=True), quopri.decodestring(quopri.encodestring(b"caf\xe9 = x ")))


class Own(list):
    pass


print(list.__new__(Own), type(list.__new__(Own)).__name__)
# expect: 9bd065cf13b6ad747afca1d34095b20a4a365cc52f9225ab23f62e4348d9b343a0b0610610e6f0b0
# expect: e9fdd588175bf1523fceae5699825fa91b8e5c2b 9c627ef8f3723c914c7bf25e2344a8ed
# expect: sha1 efc544a884402d18358dce203e2e85d6531664669d9b2facf2c51de04c3a
# expect: sha3_384 101988f8e4cbd8bca0ffbffe5d116f107619112c3d70caff402300ca8cec
# expect: blake2b 7360865115d7929b530d0a7b858d01a7a13aae8621958b52038b402b1618
# expect: blake2s 280a742de28ca03a8de7cff70c2a162089f8747fd7d6db20ee5f7f9cb07a
# expect: df520597388298b6cc823d8bb2141068214e991c3232486faebf0d268b2efbe16cfd2edeb31924e0a9e22bbfa7578bd24e138e4b7720ce6345daea323610e289fe18c4d38075
# expect: ValueError iteration value must be greater than 0.
# expect: ValueError key length must be greater than 0.
# expect: TypeError a bytes-like object is required, not 'str'
# expect: TypeError pbkdf2_hmac() argument 'hash_name' must be str, not int
# expect: ValueError n must be a power of 2.
# expect: TypeError salt is required
# expect: ValueError [digital envelope routines] memory limit exceeded
# expect: ValueError Invalid parameter combination for n, r, p, maxmem.
# expect: TypeError p is required and must be an unsigned int
# expect: ValueError [digital envelope routines] memory limit exceeded
# expect: ValueError [digital envelope routines] memory limit exceeded
# expect: ValueError [digital envelope routines] parameter too large
# expect: ValueError unsupported hash type none
# expect: TypeError list.__new__(): not enough arguments
# expect: TypeError list.__new__(X): X is not a type object (int)
# expect: TypeError tuple.__new__(int): int is not a subtype of tuple
# expect: TypeError dict.__new__(list): list is not a subtype of dict
# expect: TypeError object.__new__(int) is not safe, use int.__new__()
# expect: TypeError int.__new__(bool) is not safe, use bool.__new__()
# expect: TypeError collections.deque.__new__(): not enough arguments
# expect: TypeError array.array.__new__(list): list is not a subtype of array.array
# expect: TypeError str.__new__(bytes): bytes is not a subtype of str
# expect: TypeError type.__new__(X): X is not a type object (int)
# expect: 777 2674120089 2144087680
# expect: 779 416973384 2144087680
# expect: 763 3662533313 2165574105
# expect: 763 1313715185 2165574105
# expect: 845 3081952583 2144087680
# expect: 849 868631931 2144087680
# expect: 827 4252096808 2165574105
# expect: 829 3629272435 2165574105
# expect: b'ab=3Dc=d=xe' b'a b_' b'caf\xe9 = x '
# expect: [] Own
