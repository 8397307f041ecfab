# What opcode and dis ask of the interpreter. Our instructions are not CPython's: none has the properties that they ask for.


def stack_effect(opcode, oparg=None, /, *, jump=None):
    raise ValueError("invalid opcode or oparg")


def is_valid(opcode):
    return False


def _no(opcode):
    return False


has_arg = has_const = has_name = has_jump = has_free = has_local = has_exc = _no


def _none():
    return []


get_intrinsic1_descs = get_intrinsic2_descs = get_special_method_names = get_nb_ops = get_common_constants = _none


def get_executor(*, code, offset):
    raise ValueError("no executor exists at address")


def get_specialization_stats():
    return None
