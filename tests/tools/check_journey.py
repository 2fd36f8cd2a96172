#!/usr/bin/env python3
"""Proves that the journey in docs/architecture.md still leads through the sources as it says.

usage: check_journey.py [ROOT]        exit 1 and one line for each broken step
       check_journey.py --self-test   breaks each rule once and looks for the complaint

The journey is the numbered list under the heading that starts with "## A reader's journey". Each step is

    1. `cli/discover.cpp` `run_discover` - what happens here

a file by its path from the root, or by its path in an #include, then one or more names of functions or types that this
file declares or defines, qualified or not (`Ready::blind`), and after the dash whatever text. The files of HOPS must be
met in this order.
"""

import re
import sys
from pathlib import Path

HEADING = "## A reader's journey"
HOPS = [
    "cli/discover.cpp",
    "blindbook/contact/normaliser.h",
    "blindbook/protocol/client.h",
    "blindbook/oprf/oprf.h",
    "blindbook/protocol/codec.h",
    "blindbook/protocol/server.h",
    "blindbook/oprf/oprf.h",
    "blindbook/directory/reader.h",
]
STEP = re.compile(r"^(\d+)\. `([^`]+)`((?:,? `[^`]+`)+) ")
FOLDERS = ("", "lib/", "protocol/")


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def declares(text, name):
    """Whether C++ `text`, free of comments, declares or defines each part of the qualified `name`."""
    *scopes, last = name.removesuffix("()").split("::")
    for scope in scopes:
        if not re.search(rf"\b(class|struct|namespace|enum class)\s+(\[\[\w+\]\]\s+)?{scope}\b", text):
            return re.search(rf"\b{scope}::(\w+::)*{last}\s*\(", text) is not None
    if re.search(rf"\b(class|struct|concept|using|enum class)\s+{last}\b", text):
        return True
    # A type, then the name and its parameters: a call has no type before it.
    for line in re.finditer(rf"^[ \t]*([^\n=;(]*[\w>&*\]])[ \t]+[&*]?(\w+::)*{last}\s*\(", text, re.MULTILINE):
        if not re.match(r"(return|co_return|co_await|throw|else|case)\b", line.group(1)):
            return True
    return False


def faults_of(read):
    """Every broken step, given read(path) -> text or None."""
    document = read("docs/architecture.md")
    if document is None:
        return ["docs/architecture.md does not exist"]
    _, found, section = document.partition(HEADING)
    if not found:
        return [f'docs/architecture.md has no heading "{HEADING}.."']
    section = re.split(r"^## ", section.partition("\n")[2], flags=re.MULTILINE)[0]

    faults, hops, expected = [], list(HOPS), 1
    for line in section.splitlines():
        if not re.match(r"\d+\.", line):
            continue
        step = STEP.match(line + " ")
        if not step:
            faults.append(f"not a step: {line}")
            continue
        number, path, names = int(step[1]), step[2], re.findall(r"`([^`]+)`", step[3])
        if number != expected:
            faults.append(f"step {number} stands where step {expected} should")
        expected += 1
        text = next((text for folder in FOLDERS if (text := read(folder + path)) is not None), None)
        if text is None:
            faults.append(f"step {number}: {path} does not exist")
            continue
        code = without_comments(text)
        faults += [f"step {number}: {path} declares no {name}" for name in names if not declares(code, name)]
        if hops and path.endswith(hops[0]):
            hops.pop(0)
    if hops:
        faults.append(f"the journey does not come through {hops[0]} where it should")
    return faults


def self_test(read):
    document = read("docs/architecture.md") or ""
    first = next(line for line in document.splitlines() if line.startswith("1. "))

    def with_document(text):
        return lambda path: text if path == "docs/architecture.md" else read(path)

    broken = {
        "does not exist": None,
        "no heading": document.replace(HEADING, "## Elsewhere"),
        "stands where step": document.replace(first, "7" + first[1:]),
        "does not exist ": document.replace("`cli/discover.cpp`", "`cli/gone.cpp`") + " ",
        "declares no": document.replace("`run_discover`", "`run_in_circles`"),
        "not a step": document.replace(first, "1. then discover.cpp"),
        "does not come through": document.replace(first, "1. `cli/main.cpp` `main` - elsewhere"),
    }
    return [f"a journey went unnoticed of which to say: {complaint}" for complaint, text in broken.items()
            if not any(complaint.strip() in fault for fault in faults_of(with_document(text)))]


def main(arguments):
    root = Path(__file__).resolve().parents[2]
    if len(arguments) == 1 and not arguments[0].startswith("-"):
        root = Path(arguments[0])
    elif arguments not in ([], ["--self-test"]):
        print(__doc__, file=sys.stderr)
        return 2

    def read(path):
        file = root / path
        return file.read_text(encoding="utf-8") if file.is_file() else None

    faults = self_test(read) if arguments == ["--self-test"] else faults_of(read)
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
