"""_functions.py against blindbook.h, and both against the list of exported symbols."""

import ctypes
import re
import unittest
from ctypes import POINTER, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p

import blindbook
from blindbook import _functions as functions

from city import TESTS

HEADER = re.sub(r"/\*.*?\*/", "", (TESTS.parent / "protocol/blindbook/capi/blindbook.h").read_text(), flags=re.DOTALL)
PROTOTYPE = re.compile(r"BB_API\s+([\w\s*]+?)\s*(bb_\w+)\(([^)]*)\);")
STRUCT = re.compile(r"typedef struct (\w+) \{(.*?)\}", re.DOTALL)
ENUM = re.compile(r"typedef enum (\w+) \{(.*?)\}", re.DOTALL)

STRUCTS = {"bb_error": functions.ErrorTexts, "bb_result": functions.Outcome, "bb_allowance_policy": functions.Policy,
           "bb_allowance": functions.Level, "bb_token_request": functions.TokenRequest}
WORDS = {"int": c_int, "size_t": c_size_t, "uint8_t": c_uint8, "uint16_t": c_uint16, "uint32_t": c_uint32, "int64_t": c_int64,
         "uint64_t": c_uint64, "char": c_char, "bb_status": c_int, "bb_need": c_int}


def type_of(declared):
    """What ctypes must be told of a parameter or result, without its name."""
    words = declared.replace("*", " * ").split()
    stars, is_const = words.count("*"), "const" in words
    name = next(word for word in words if word not in ("*", "const", "struct"))
    if name == "void":
        return None
    if stars == 0:
        return WORDS[name]
    if name in ("char", "uint8_t"):
        # What is read crosses as bytes; what is written is a buffer of the caller.
        return c_char_p if is_const else c_void_p
    if name in STRUCTS or name in WORDS:
        return POINTER(STRUCTS.get(name) or WORDS[name])
    return {1: c_void_p, 2: POINTER(c_void_p)}[stars]  # a handle


def prototypes():
    """Name -> (result, parameters)."""
    found = {}
    for result, name, parameters in PROTOTYPE.findall(HEADER):
        each = [] if parameters.strip() == "void" else [re.sub(r"\w+$", "", one.strip()) for one in parameters.split(",")]
        found[name] = (type_of(result), [type_of(one) for one in each])
    return found


class Header(unittest.TestCase):
    def test_every_exported_function_is_bound_and_declared(self):
        exported = {line.split("@")[0] for line in (TESTS / "capi" / "exported.txt").read_text().split()}
        self.assertEqual(set(functions.WITH_STATUS) | set(functions.WITHOUT_STATUS), exported)
        self.assertEqual(set(prototypes()), exported)

    def test_every_function_is_told_the_types_of_its_prototype(self):
        for name, (result, parameters) in prototypes().items():
            with self.subTest(name):
                bound = getattr(blindbook._library.library, name)
                self.assertIs(bound.restype, result)
                self.assertEqual(list(bound.argtypes), parameters)

    def test_a_function_with_a_status_ends_in_the_error(self):
        for name, (result, parameters) in prototypes().items():
            takes_error = bool(parameters) and parameters[-1] is POINTER(functions.ErrorTexts)
            self.assertEqual(takes_error, name in functions.WITH_STATUS, name)

    def test_structures_have_the_members_of_the_header(self):
        declared = {name: body for name, body in STRUCT.findall(HEADER)}
        self.assertEqual(set(declared), set(STRUCTS))
        for name, body in declared.items():
            members = []
            for kind, member, size in re.findall(r"([\w\s*]+?)\s*(\w+)(?:\[(\w+)\])?;", body):
                one = type_of(kind)
                members.append((member, one * int(size) if size else one))
            with self.subTest(name):
                self.assertEqual(STRUCTS[name]._fields_, members)

    def test_enumerations_have_the_values_of_the_header(self):
        values = {kind: {name: int(value) for name, value in re.findall(r"BB_(\w+) = (\d+)", body)}
                  for kind, body in ENUM.findall(HEADER)}
        self.assertEqual({f"NEED_{need.name}": need.value for need in blindbook.Need}, values.pop("bb_need"))
        self.assertEqual({f"REFUSED_{refusal.name}": refusal.value for refusal in blindbook.Refusal}, values.pop("bb_refusal"))
        faults = {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(): value for value, name in functions.BAD_STATUS.items()}
        self.assertEqual({"OK": 0, "SHORT_BUFFER": functions.SHORT_BUFFER, **faults}, values.pop("bb_status"))
        self.assertEqual(values, {})

    def test_constants_are_those_of_the_header(self):
        defined = dict(re.findall(r"#define (BB_\w+) (\d+)", HEADER))
        self.assertEqual(defined, {"BB_ABI_VERSION": str(functions.ABI_VERSION), "BB_KEY_BYTES": str(functions.KEY_BYTES)})

    def test_the_package_is_of_the_librarys_version(self):
        project = (TESTS.parent / "protocol/bindings/python/pyproject.toml").read_text()
        self.assertEqual(re.findall(r'^version = "(.*)"', project, re.MULTILINE), [blindbook.__version__])

    def test_the_reader_of_this_test_tells_types_apart(self):
        self.assertEqual([type_of(one) for one in ("const char*", "char*", "const bb_client*", "bb_client**", "size_t*", "void")],
                         [c_char_p, c_void_p, c_void_p, POINTER(c_void_p), POINTER(c_size_t), None])
        self.assertNotEqual(POINTER(c_uint32), POINTER(ctypes.c_int32))


if __name__ == "__main__":
    unittest.main()
