"""Subscribers out of a Synapse homeserver's database: who has a verified telephone number there, and agreed to be found.

    python3 -m blindbook_synapse.threepids --agreed FILE (--sqlite FILE | --postgresql CONNECTION) |
        blindbook publish --subscribers - --data city

FILE holds the Matrix user ids of those who agreed, one a line. Nobody else is written, and nothing before the last row was read:
a list cut short would be published as it is.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# Synapse keeps E.164 without the plus.
QUERY = """
    SELECT user_threepids.user_id, user_threepids.address
    FROM user_threepids JOIN users ON users.name = user_threepids.user_id
    WHERE user_threepids.medium = 'msisdn' AND users.deactivated = 0 AND users.is_guest = 0
"""


def read_agreed(file: Path) -> set[str]:
    """The user ids in `file`; blank lines and those that begin with # say nothing. ValueError names a line that is none."""
    agreed = set()
    for at, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        user = line.strip()
        if not user or user.startswith("#"):
            continue
        if not re.fullmatch(r"@[^\s:]+:\S+", user):
            raise ValueError(f"{file}:{at}: not a Matrix user id, such as @anna:city.example")
        agreed.add(user)
    return agreed


@contextlib.contextmanager
def rows_of_sqlite(file: Path) -> Iterator[Iterable[tuple[str, str]]]:
    with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection.execute(QUERY)


@contextlib.contextmanager
def rows_of_postgresql(connection_string: str) -> Iterator[Iterable[tuple[str, str]]]:
    import psycopg2  # who has SQLite needs none

    with contextlib.closing(psycopg2.connect(connection_string)) as connection:
        connection.set_session(readonly=True)
        with connection.cursor("blindbook_threepids") as cursor:  # named, so that rows come a portion at a time
            cursor.execute(QUERY)
            yield cursor


def subscribers(rows: Iterable[tuple[str, str]], agreed: set[str]) -> tuple[list[tuple[str, str]], int]:
    """Number and user of those who agreed, in order, and how many addresses of theirs are no telephone number."""
    theirs = [(f"+{address}", user) for user, address in rows if user in agreed]
    found = sorted(row for row in theirs if re.fullmatch("[+][1-9][0-9]{6,14}", row[0]))
    return found, len(theirs) - len(found)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m blindbook_synapse.threepids", description="Writes those users of a "
                                     "Synapse homeserver who agreed to be found as CSV for blindbook publish.")
    parser.add_argument("--agreed", required=True, type=Path, metavar="FILE", help="Matrix user ids, one a line")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--sqlite", type=Path, metavar="FILE", help="the homeserver's database")
    where.add_argument("--postgresql", metavar="CONNECTION", help="a libpq connection string; a password belongs in ~/.pgpass")
    arguments = parser.parse_args()
    try:
        agreed = read_agreed(arguments.agreed)
        with (rows_of_sqlite(arguments.sqlite) if arguments.sqlite else rows_of_postgresql(arguments.postgresql)) as rows:
            found, skipped = subscribers(rows, agreed)
    except Exception as error:  # those of two database drivers, of which one may not be there
        sys.exit(f"blindbook: error: {str(error).strip()}")
    print(f"blindbook: {len(agreed)} users agreed, and have {len(found)} verified numbers", file=sys.stderr)
    if skipped:
        print(f"blindbook: warning: left out what is no telephone number: {skipped}", file=sys.stderr)
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("number", "label", "discoverable"))
        table.writerows((number, user, "yes") for number, user in found)


if __name__ == "__main__":
    main()
