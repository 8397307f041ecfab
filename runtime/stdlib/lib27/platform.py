"""What machine and system the interpreter runs on."""

import os
import sys

_uname = None


def uname():
    """(system, node, release, version, machine, processor)."""
    global _uname
    if _uname is None:
        _uname = tuple(os.uname()) + (os.uname()[4],)
    return _uname


def system():
    return uname()[0]


def node():
    return uname()[1]


def release():
    return uname()[2]


def version():
    return uname()[3]


def machine():
    return uname()[4]


def processor():
    return uname()[5]


def architecture(executable=sys.executable, bits="", linkage=""):
    return bits or ("64bit" if sys.maxsize > 1 << 32 else "32bit"), linkage or "ELF"


def platform(aliased=0, terse=0):
    parts = [system(), release()]
    if not terse:
        parts.append(machine())
    return "-".join(part.replace(" ", "_") for part in parts if part)


def python_implementation():
    return "txpy"


def python_version():
    return "%d.%d.%d" % sys.version_info[:3]


def python_version_tuple():
    return tuple(python_version().split("."))


def python_branch():
    return ""


def python_revision():
    return ""


def python_build():
    return "", ""


def python_compiler():
    return "rustc"


def dist(distname="", version="", id="", supported_dists=()):
    return distname, version, id


linux_distribution = dist
