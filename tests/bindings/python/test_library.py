"""How the library is found, and what is said when it is not."""

import os
import subprocess
import sys
import unittest

from city import City

RAW_NUMBERS = """
import sys, blindbook
client = blindbook.Client(sys.argv[1], bytes(32))
for raw, region in [("030 23125000", "DE"), ("+49 30 23125000", None), ("030 23125000", None), ("call me", "DE"), ("1", "XX")]:
    try:
        print(client.add_number(raw, region))
    except blindbook.Error as error:
        print(type(error).__name__, error.rule)
"""


def run(code, *words, **environment):
    """What Python says to `code`, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("BLINDBOOK_LIBRARY", "LD_LIBRARY_PATH")}
    return subprocess.run([sys.executable, "-c", code, *words], text=True, capture_output=True, env={**kept, **environment},
                          check=False)


def import_with(**environment):
    return run("import blindbook; print(blindbook.__version__)", **environment)


class Loading(unittest.TestCase):
    def test_the_path_in_the_environment_is_taken(self):
        self.assertEqual(import_with(BLINDBOOK_LIBRARY=os.environ["BLINDBOOK_LIBRARY"]).returncode, 0)

    def test_without_it_the_loader_looks_for_the_soname(self):
        self.assertEqual(import_with(LD_LIBRARY_PATH=os.path.dirname(os.environ["BLINDBOOK_LIBRARY"])).returncode, 0)

    def test_a_library_that_is_not_there_says_what_to_install(self):
        said = import_with(BLINDBOOK_LIBRARY="/nonexistent/libblindbook.so")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("ImportError: /nonexistent/libblindbook.so cannot be loaded", said.stderr)
        self.assertIn("install blindbook's library (cmake --install, then ldconfig), or set BLINDBOOK_LIBRARY", said.stderr)

    def test_a_library_that_lacks_a_function_is_called_too_old(self):
        said = import_with(BLINDBOOK_LIBRARY="libc.so.6")
        self.assertNotEqual(said.returncode, 0)
        self.assertIn("ImportError: libc.so.6 is older than this package", said.stderr)

    def test_numbers_as_people_write_them_are_read_where_the_library_can(self):
        without = run(RAW_NUMBERS, City().invitation, BLINDBOOK_LIBRARY=os.environ["BLINDBOOK_LIBRARY"])
        self.assertEqual(without.stdout.split("\n")[:-1], ["ApiMisuse capi.unsupported"] * 5)

    @unittest.skipUnless("BLINDBOOK_LIBRARY_WITH_CONTACT" in os.environ, "the library is built in one form alone")
    def test_and_no_number_is_bad_input(self):
        reads = run(RAW_NUMBERS, City().invitation, BLINDBOOK_LIBRARY=os.environ["BLINDBOOK_LIBRARY_WITH_CONTACT"])
        self.assertEqual(reads.stdout.split("\n")[:-1],
                         ["1", "1", "BadInput capi.number", "BadInput capi.number", "BadInput contact.region"])


if __name__ == "__main__":
    unittest.main()
