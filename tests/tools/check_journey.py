#!/usr/bin/env python3
"""Proves that the journeys in docs/architecture.md and docs/kernels/one-multiplication.md still lead through the sources as
they say.

usage: check_journey.py [ROOT]        exit 1 and one line for each broken step
       check_journey.py --self-test   breaks each rule once and looks for the complaint

A journey is the numbered list under the heading that JOURNEYS names. Each step is

    1. `cli/discover.cpp` `run_discover` - what happens here

a file by its path from the root, or by its path in an #include, then one or more names of functions or types that this
file declares or defines, qualified or not (`Ready::blind`), and after the dash whatever text. The files that JOURNEYS lists
must be met in this order.
"""

import re
import sys
from pathlib import Path

DISCOVERY = "docs/architecture.md"
MULTIPLICATION = "docs/kernels/one-multiplication.md"
JOURNEYS = {
    DISCOVERY: ("## A reader's journey", [
        "cli/discover.cpp",
        "blindbook/contact/normaliser.h",
        "blindbook/protocol/client.h",
        "blindbook/oprf/oprf.h",
        "blindbook/protocol/codec.h",
        "blindbook/protocol/server.h",
        "blindbook/oprf/oprf.h",
        "blindbook/directory/reader.h",
    ]),
    MULTIPLICATION: ("## The way of a product", [
        "blindbook/group/ristretto255.h",
        "kernel/common/multiply.inl",
        "kernel/common/point.inl",
        "kernel/common/bounded.inl",
        "kernel/common/field52.inl",
        "kernel/ifma/words.h",
        "kernel/common/memory.inl",
    ]),
}
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
    return [fault for path, (heading, hops) in JOURNEYS.items() for fault in faults_of_one(read, path, heading, hops)]


def faults_of_one(read, document_path, heading, wanted_hops):
    document = read(document_path)
    if document is None:
        return [f"{document_path} does not exist"]
    _, found, section = document.partition(heading)
    if not found:
        return [f'{document_path} has no heading "{heading}.."']
    section = re.split(r"^## ", section.partition("\n")[2], flags=re.MULTILINE)[0]

    faults, hops, expected = [], list(wanted_hops), 1
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
    document = read(DISCOVERY) or ""
    first = next(line for line in document.splitlines() if line.startswith("1. "))

    def with_document(text):
        return lambda path: text if path == DISCOVERY else read(path)

    broken = {
        "does not exist": None,
        "no heading": document.replace(JOURNEYS[DISCOVERY][0], "## Elsewhere"),
        "stands where step": document.replace(first, "7" + first[1:]),
        "does not exist ": document.replace("`cli/discover.cpp`", "`cli/gone.cpp`") + " ",
        "declares no": document.replace("`run_discover`", "`run_in_circles`"),
        "not a step": document.replace(first, "1. then discover.cpp"),
        "does not come through": document.replace(first, "1. `cli/main.cpp` `main` - elsewhere"),
    }
    unnoticed = [f"a journey went unnoticed of which to say: {complaint}" for complaint, text in broken.items()
                 if not any(complaint.strip() in fault for fault in faults_of(with_document(text)))]
    if not faults_of(lambda path: None if path == MULTIPLICATION else read(path)):
        unnoticed.append(f"it went unnoticed that {MULTIPLICATION} was gone")
    return unnoticed


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
