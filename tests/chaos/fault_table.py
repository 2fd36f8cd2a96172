"""Tables of docs/reliability.md that are what a driver observed: it prints its own with `--table`, and the test compares."""

import re
import sys
import unittest

import scene

DOCUMENT = scene.ROOT / "docs/reliability.md"


def main():
    if "--table" in sys.argv:
        unittest.main(module=sys.modules["__main__"], argv=sys.argv[:1])
    scene.main()


class FaultTable(scene.Discovering):
    """A driver says its `columns`, and yields what stands in them from `rows()`."""

    columns = ()

    def rows(self):
        raise NotImplementedError

    def charged(self, account):
        """Evaluations."""
        return self.allowance - self.ledger()[1].get(account, self.allowance)

    def outcome(self, run, wanted):
        """What `discover` came to, in words that are the same each time; `wanted` is what an undisturbed run prints."""
        if run.code == 0:
            self.assertEqual(run.json()["matches"], wanted["matches"], run)
            return "finds all"
        lines = [line.removeprefix("blindbook: ") for line in run.err.splitlines()]
        faults = [re.sub(r"127\.0\.0\.1:\d+", "the service", line) for line in lines if not line.startswith("warning: ")]
        self.assertTrue(faults, run)
        return f"{run.code}: {faults[0]}"

    def compare_with_the_documents(self):
        rows = [self.columns, ["---"] * len(self.columns), *self.rows()]
        table = "\n".join("|" + "|".join(cell if cell == "---" else f" {cell} " for cell in row) + "|" for row in rows) + "\n"
        if "--table" in sys.argv:
            print(table)
        else:
            self.assertIn(table, DOCUMENT.read_text(encoding="utf-8"),
                          f"docs/reliability.md does not hold the table of today:\n{table}")
