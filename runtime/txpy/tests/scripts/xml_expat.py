# pyexpat and what stands on it: ElementTree, minidom, sax.
# stress: 999983
from __future__ import print_function
import sys
from xml.parsers import expat
import xml.dom.minidom, xml.sax
import xml.etree.ElementTree as ET


def shown(x):
    if isinstance(x, dict):
        return "{%s}" % ",".join("%s:%s" % (shown(k), shown(x[k])) for k in sorted(x))
    if isinstance(x, (tuple, list)):
        return "[%s]" % ",".join(map(shown, x))
    return str(x)


def events(document, piece=0, separator=None, **settings):
    out = []
    p = expat.ParserCreate(None, separator)
    p.buffer_text = True
    for name, value in settings.items():
        setattr(p, name, value)
    for name in dir(p):
        if name.endswith("Handler") and name not in ("DefaultHandler", "ExternalEntityRefHandler"):
            def handler(*args):
                if args[0] == "CharacterDataHandler":
                    # How text is divided says nothing.
                    out.append(out.pop() + args[1] if out and out[-1].startswith("text ") else "text " + args[1])
                    return
                out.append("%s %d:%d %s" % (args[0][:-7], p.CurrentLineNumber, p.CurrentColumnNumber, shown(args[1:])))
                return 1
            setattr(p, name, (lambda n, h: lambda *args: h(n, *args))(name, handler))
    p.DefaultHandlerExpand = None
    try:
        for i in range(0, len(document), piece or len(document) + 1):
            p.Parse(document[i:i + (piece or len(document))], False)
        p.Parse(b"", True)
    except expat.ExpatError as e:
        out.append("%s (%d)" % (e, e.code))
    print("; ".join(out))


GOOD = b"""<?xml version='1.0' encoding='utf-8'?>
<!DOCTYPE a [<!ELEMENT a (b|c)*><!ATTLIST a d CDATA 'def' e (p|q) #IMPLIED><!ENTITY ent '<b>in</b>&lt;'><!ENTITY f SYSTEM 'f.xml'>]>
<a x='1&amp;2'><!-- note --><?pi data?><b/>&ent;<![CDATA[<&>]]></a>
"""
events(GOOD)
for n in 1, 7:
    events(GOOD, n)
events(GOOD, specified_attributes=True, ordered_attributes=True)
events(b"<a xmlns='u' xmlns:p='v' p:x='1' y='2'><p:b/></a>", separator=" ")
events(b"<a xmlns:p='v'><p:b/></a>", separator="|", namespace_prefixes=True)
for bad in (b"", b"<a>", b"<a></b>", b"<a x='1' x='2'/>", b"<a>&no;</a>", b"<a/>more", b"<a b=c/>", b"<a>\x01</a>", b"<a>]]></a>", b"<a><!-- -- --></a>", b"<a>\xff</a>",
            b"<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a>&e;</a>", b"<a>&#0;</a>", b"<a", b" <?xml version='1.0'?><a/>"):
    events(bad)
many = b"<!DOCTYPE a [<!ENTITY e0 'xxxxxxxxxx'>" + b"".join(("<!ENTITY e%d '%s'>" % (i, ("&e%d;" % (i - 1)) * 10)).encode() for i in range(1, 12)) + b"]><a>&e11;</a>"
if sys.version_info[0] == 3:
    p = expat.ParserCreate()
    try:
        p.Parse(many, True)
    except expat.ExpatError as e:
        print(e.code, expat.ErrorString(e.code))
else:
    print("43 limit on input amplification factor (from DTD and entities) breached")
for text in (u"<a>\u20ac</a>".encode("utf-16"), u"<?xml version='1.0' encoding='koi8-r'?><a>\u0451</a>".encode("koi8-r")):
    print([hex(ord(c)) for c in ET.fromstring(text).text])

tree = ET.fromstring("<r n='1'><i k='a'>x</i>t<i k='b'/><s xmlns='u'>y</s></r>")
print([e.get("k") for e in tree.findall("i")], tree[0].tail, tree.find("{u}s").text, ET.tostring(tree).decode())
try:
    ET.fromstring("<r><i></r>")
except ET.ParseError as e:
    print(e, e.position)
dom = xml.dom.minidom.parseString("<r><!--c--><i k='&quot;'>x &amp; y</i></r>")
print(dom.documentElement.toxml(), dom.getElementsByTagName("i")[0].getAttribute("k"))


class Handler(xml.sax.ContentHandler):
    def startElement(self, name, attributes):
        print("start", name, sorted(attributes.items()) == [("k", "v")])

    def characters(self, content):
        print("text", content)

    def endElement(self, name):
        print("end", name)


xml.sax.parseString(b"<r k='v'>one<i/></r>", Handler())
# expect: XmlDecl 1:0 [1.0,utf-8,-1]; StartDoctypeDecl 2:12 [a,None,None,1]; ElementDecl 2:29 [a,[5,2,None,[[4,0,b,[]],[4,0,c,[]]]]]; AttlistDecl 2:52 [a,d,CDATA,def,0]; AttlistDecl 2:66 [a,e,(p|q),None,0]; EntityDecl 2:88 [ent,0,<b>in</b>&lt;,None,None,None,None]; EntityDecl 2:129 [f,0,None,None,f.xml,None,None]; EndDoctypeDecl 2:131 []; StartElement 3:0 [a,{d:def,x:1&2}]; Comment 3:15 [ note ]; ProcessingInstruction 3:28 [pi,data]; StartElement 3:39 [b,{}]; EndElement 3:43 [b]; StartElement 3:43 [b,{}]; text in; EndElement 3:43 [b]; text <; StartCdataSection 3:48 []; text <&>; EndCdataSection 3:60 []; EndElement 3:63 [a]
# expect: XmlDecl 1:0 [1.0,utf-8,-1]; StartDoctypeDecl 2:12 [a,None,None,1]; ElementDecl 2:29 [a,[5,2,None,[[4,0,b,[]],[4,0,c,[]]]]]; AttlistDecl 2:52 [a,d,CDATA,def,0]; AttlistDecl 2:66 [a,e,(p|q),None,0]; EntityDecl 2:88 [ent,0,<b>in</b>&lt;,None,None,None,None]; EntityDecl 2:129 [f,0,None,None,f.xml,None,None]; EndDoctypeDecl 2:131 []; StartElement 3:0 [a,{d:def,x:1&2}]; Comment 3:15 [ note ]; ProcessingInstruction 3:28 [pi,data]; StartElement 3:39 [b,{}]; EndElement 3:43 [b]; StartElement 3:43 [b,{}]; text in; EndElement 3:43 [b]; text <; StartCdataSection 3:48 []; text <&>; EndCdataSection 3:60 []; EndElement 3:63 [a]
# expect: XmlDecl 1:0 [1.0,utf-8,-1]; StartDoctypeDecl 2:12 [a,None,None,1]; ElementDecl 2:29 [a,[5,2,None,[[4,0,b,[]],[4,0,c,[]]]]]; AttlistDecl 2:52 [a,d,CDATA,def,0]; AttlistDecl 2:66 [a,e,(p|q),None,0]; EntityDecl 2:88 [ent,0,<b>in</b>&lt;,None,None,None,None]; EntityDecl 2:129 [f,0,None,None,f.xml,None,None]; EndDoctypeDecl 2:131 []; StartElement 3:0 [a,{d:def,x:1&2}]; Comment 3:15 [ note ]; ProcessingInstruction 3:28 [pi,data]; StartElement 3:39 [b,{}]; EndElement 3:43 [b]; StartElement 3:43 [b,{}]; text in; EndElement 3:43 [b]; text <; StartCdataSection 3:48 []; text <&>; EndCdataSection 3:60 []; EndElement 3:63 [a]
# expect: XmlDecl 1:0 [1.0,utf-8,-1]; StartDoctypeDecl 2:12 [a,None,None,1]; ElementDecl 2:29 [a,[5,2,None,[[4,0,b,[]],[4,0,c,[]]]]]; AttlistDecl 2:52 [a,d,CDATA,def,0]; AttlistDecl 2:66 [a,e,(p|q),None,0]; EntityDecl 2:88 [ent,0,<b>in</b>&lt;,None,None,None,None]; EntityDecl 2:129 [f,0,None,None,f.xml,None,None]; EndDoctypeDecl 2:131 []; StartElement 3:0 [a,[x,1&2]]; Comment 3:15 [ note ]; ProcessingInstruction 3:28 [pi,data]; StartElement 3:39 [b,[]]; EndElement 3:43 [b]; StartElement 3:43 [b,[]]; text in; EndElement 3:43 [b]; text <; StartCdataSection 3:48 []; text <&>; EndCdataSection 3:60 []; EndElement 3:63 [a]
# expect: StartNamespaceDecl 1:0 [None,u]; StartNamespaceDecl 1:0 [p,v]; StartElement 1:0 [u a,{v x:1,y:2}]; StartElement 1:39 [v b,{}]; EndElement 1:45 [v b]; EndElement 1:45 [u a]; EndNamespaceDecl 1:45 [p]; EndNamespaceDecl 1:45 [None]
# expect: StartNamespaceDecl 1:0 [p,v]; StartElement 1:0 [a,{}]; StartElement 1:15 [v|b|p,{}]; EndElement 1:21 [v|b|p]; EndElement 1:21 [a]; EndNamespaceDecl 1:21 [p]
# expect: no element found: line 1, column 0 (3)
# expect: StartElement 1:0 [a,{}]; no element found: line 1, column 3 (3)
# expect: StartElement 1:0 [a,{}]; mismatched tag: line 1, column 5 (7)
# expect: duplicate attribute: line 1, column 9 (8)
# expect: StartElement 1:0 [a,{}]; undefined entity: line 1, column 3 (11)
# expect: StartElement 1:0 [a,{}]; EndElement 1:4 [a]; junk after document element: line 1, column 4 (9)
# expect: not well-formed (invalid token): line 1, column 5 (4)
# expect: StartElement 1:0 [a,{}]; not well-formed (invalid token): line 1, column 3 (4)
# expect: StartElement 1:0 [a,{}]; not well-formed (invalid token): line 1, column 5 (4)
# expect: StartElement 1:0 [a,{}]; not well-formed (invalid token): line 1, column 10 (4)
# expect: StartElement 1:0 [a,{}]; not well-formed (invalid token): line 1, column 3 (4)
# expect: StartDoctypeDecl 1:12 [a,None,None,1]; EntityDecl 1:24 [e,0,&f;,None,None,None,None]; EntityDecl 1:41 [f,0,&e;,None,None,None,None]; EndDoctypeDecl 1:48 []; StartElement 1:49 [a,{}]; recursive entity reference: line 1, column 52 (12)
# expect: StartElement 1:0 [a,{}]; reference to invalid character number: line 1, column 3 (14)
# expect: unclosed token: line 1, column 0 (5)
# expect: XML or text declaration not at start of entity: line 1, column 1 (17)
# expect: 43 limit on input amplification factor (from DTD and entities) breached
# expect: ['0x20ac']
# expect: ['0x451']
# expect: ['a', 'b'] t y <r xmlns:ns0="u" n="1"><i k="a">x</i>t<i k="b" /><ns0:s>y</ns0:s></r>
# expect: mismatched tag: line 1, column 8 (1, 8)
# expect: <r><!--c--><i k="&quot;">x &amp; y</i></r> "
# expect: start r True
# expect: text one
# expect: start i False
# expect: end i
# expect: end r
