"""How the library is found, and what is said when it is not."""

import os
import subprocess
import sys
import unittest


def import_with(**environment):
    """What importing the package says, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in ("BLINDBOOK_LIBRARY", "LD_LIBRARY_PATH")}
    return subprocess.run([sys.executable, "-c", "import blindbook; print(blindbook.__version__)"], text=True,
                          capture_output=True, env={**kept, **environment}, check=False)


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


if __name__ == "__main__":
    unittest.main()
