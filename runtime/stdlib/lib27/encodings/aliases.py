"""Other names of encodings."""

aliases = {}
for _line in """
ascii: 646 ansi_x3.4_1968 ansi_x3_4_1968 ansi_x3.4_1986 cp367 csascii ibm367 iso646_us iso_646.irv_1991 iso_ir_6 us us_ascii
latin_1: 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 l1 latin latin1
utf_8: u8 utf utf8 utf8_ucs2 utf8_ucs4
utf_16: u16 utf16
utf_16_be: unicodebigunmarked utf_16be
utf_16_le: unicodelittleunmarked utf_16le
utf_32: u32 utf32
utf_32_be: utf_32be
utf_32_le: utf_32le
utf_7: u7 utf7 unicode_1_1_utf_7
hex_codec: hex
base64_codec: base64 base_64
bz2_codec: bz2
zlib_codec: zip zlib
quopri_codec: quopri quoted_printable quotedprintable
uu_codec: uu
rot_13: rot13
cp1250: 1250 windows_1250
cp1251: 1251 windows_1251
cp1252: 1252 windows_1252
cp1253: 1253 windows_1253
cp1254: 1254 windows_1254
cp437: 437 cspc8codepage437 ibm437
cp850: 850 cspc850multilingual ibm850
cp866: 866 csibm866 ibm866
iso8859_2: csisolatin2 iso_8859_2 iso_8859_2_1987 iso_ir_101 l2 latin2
iso8859_5: csisolatincyrillic cyrillic iso_8859_5 iso_8859_5_1988 iso_ir_144
iso8859_7: csisolatingreek ecma_118 elot_928 greek greek8 iso_8859_7 iso_8859_7_1987 iso_ir_126
iso8859_9: csisolatin5 iso_8859_9 iso_8859_9_1989 iso_ir_148 l5 latin5
iso8859_15: iso_8859_15 l9 latin9
koi8_r: cskoi8r
gb2312: chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58
gbk: 936 cp936 ms936
gb18030: gb18030_2000
hz: hz_gb hz_gb_2312 hzgb
euc_kr: euckr korean ks_c_5601 ks_c_5601_1987 ks_x_1001 ksc5601 ksx1001
cp949: 949 ms949 uhc
johab: cp1361 ms1361
big5: big5_tw csbig5
cp950: 950 ms950
big5hkscs: big5_hkscs hkscs
shift_jis: csshiftjis s_jis shiftjis sjis
cp932: 932 ms932 ms_kanji mskanji
euc_jp: eucjp u_jis ujis
shift_jis_2004: s_jis_2004 shiftjis2004 sjis_2004
shift_jisx0213: s_jisx0213 shiftjisx0213 sjisx0213
euc_jis_2004: euc_jis2004 eucjis2004 jisx0213
euc_jisx0213: eucjisx0213
iso2022_kr: csiso2022kr iso2022kr iso_2022_kr
iso2022_jp: csiso2022jp iso2022jp iso_2022_jp
iso2022_jp_1: iso2022jp_1 iso_2022_jp_1
iso2022_jp_2: iso2022jp_2 iso_2022_jp_2
iso2022_jp_2004: iso2022jp_2004 iso_2022_jp_2004
iso2022_jp_3: iso2022jp_3 iso_2022_jp_3
iso2022_jp_ext: iso2022jp_ext iso_2022_jp_ext
mac_roman: macintosh macroman
""".strip().splitlines():
    _name, _, _rest = _line.partition(": ")
    for _alias in _rest.split():
        aliases[_alias] = _name
del _line, _name, _rest, _alias
