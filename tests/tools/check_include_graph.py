#!/usr/bin/env python3
"""Holds every #include of lib/, protocol/ and cli/ against the layout of the house.

usage: check_include_graph.py [ROOT]        exit 1 and one line for each violation
       check_include_graph.py --self-test   plants a violation of every rule and looks for the complaint

The layout stands below as data. Files over 400 lines are listed, without failing: split by meaning, not by number.
"""

import re
import sys
from pathlib import Path

# Which modules a module may stand on. An arrow that is not here points up or sideways. ARROWS is in dependency
# order, so every arrow points to a line above.
ARROWS = {
    "base": [],
    "hash": ["base"],
    "cpu": ["base"],
    "group": ["base", "hash", "cpu"],
    "oprf": ["base", "hash", "group"],
    "directory": ["base", "hash"],
    "contact": ["base"],
    "model": ["base"],
    "protocol": ["base", "hash", "oprf", "directory"],
    "service": ["base", "hash", "oprf", "directory", "contact", "protocol"],
    "capi": ["base", "hash", "oprf", "directory", "protocol"],
    "capi_e164": ["base", "capi"],
    "capi_contact": ["base", "contact", "capi"],
    "cli": ["base", "hash", "cpu", "group", "oprf", "directory", "contact", "model", "protocol", "service"],
}

PURE = ("lib/", "protocol/blindbook/protocol/")  # no socket, file, clock, thread or log
EVERYWHERE = ("lib/", "protocol/", "cli/")

# (what is included, where that is ruled, who may all the same).
OUTSIDE = [
    (r"boost/beast/", EVERYWHERE, ["protocol/blindbook/service/http/server.cpp",
                                   "protocol/blindbook/service/http/client.cpp",
                                   "protocol/blindbook/service/http/connect.h",
                                   "protocol/blindbook/service/http/connection.h",
                                   "protocol/blindbook/service/http/read_head.h",
                                   "protocol/blindbook/service/http/read_request.h",
                                   "protocol/blindbook/service/http/server_state.h"]),
    (r"boost/multiprecision/", EVERYWHERE, ["lib/blindbook/model/"]),
    (r"boost/", PURE, ["lib/blindbook/model/"]),
    (r"phonenumbers/", EVERYWHERE, ["lib/blindbook/contact/normaliser.cpp",
                                    "lib/blindbook/contact/canonical_number.cpp",
                                    "lib/blindbook/contact/phone_library.cpp"]),
    (r"nlohmann/", ("lib/",), []),
    (r"sqlite3\.h$", EVERYWHERE, ["protocol/blindbook/service/"]),
    (r"libpq-fe\.h$", EVERYWHERE, ["protocol/blindbook/service/"]),
    (r"spdlog/", PURE, []),
    (r"sodium", EVERYWHERE, []),
    (r"(catch2|benchmark)/", EVERYWHERE, []),
    (r"(iostream|fstream|filesystem|cstdio|stdio\.h|syslog\.h)$", PURE, []),
    (r"(thread|future|mutex|shared_mutex|condition_variable|stop_token|pthread\.h)$", PURE, []),
    (r"(chrono|ctime|time\.h)$", PURE, []),
    (r"(unistd\.h|fcntl\.h|netdb\.h|poll\.h)$|(sys|netinet|arpa)/", PURE, []),
]

# Included by at most this many files.
AT_MOST = [(r"cxxopts\.hpp$", 1)]

# A private header -> who alone includes it.
PRIVATE = {
    "blindbook/service/http/connect.h": ["protocol/blindbook/service/http/client.cpp"],
    "blindbook/service/http/read_head.h": ["protocol/blindbook/service/http/client.cpp",
                                           "protocol/blindbook/service/http/read_request.h"],
    "blindbook/service/http/read_request.h": ["protocol/blindbook/service/http/connection.h"],
    "blindbook/service/http/connection.h": ["protocol/blindbook/service/http/server.cpp"],
    "blindbook/service/http/server_state.h": ["protocol/blindbook/service/http/server.cpp",
                                              "protocol/blindbook/service/http/read_request.h",
                                              "protocol/blindbook/service/http/connection.h"],
}

# What an embedder meets in an installed header, besides the standard library, POSIX and our own headers.
INSTALLED_MAY_NAME = re.compile(r"tl/expected\.hpp$|openssl/types\.h$|unistd\.h$|sys/\w+\.h$|std(def|int)\.h$")
# A component of its own may ask its embedders for more.
COMPONENT_MAY_NAME = {"lib/blindbook/model/": re.compile(r"boost/multiprecision/")}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.MULTILINE)
SOURCE = re.compile(r"^(lib|protocol|cli)/.*\.(h|cpp|inl)$")
MODULE_CALL = re.compile(r"blindbook_module\(\s*(\w+)([^)]*)\)")
KEYWORDS = {"SOURCES", "HEADERS", "NEEDS", "LINK"}


def module_of(path):
    """The module a file or an include path belongs to, or None."""
    path = re.sub(r"^(lib|protocol)/", "", path)
    if path.startswith("cli/"):
        return "cli"
    match = re.match(r"blindbook/(\w+)/", path)
    return match.group(1) if match else None


def declared_modules(tree):
    """Module -> {keyword: [words]} from the blindbook_module() calls of the CMakeLists.txt, with its folder."""
    found = {}
    for path, text in tree.items():
        if not path.endswith("CMakeLists.txt"):
            continue
        for name, body in MODULE_CALL.findall(re.sub(r"#.*", "", text)):
            parts, keyword = {key: [] for key in KEYWORDS}, None
            for word in body.split():
                if word in KEYWORDS:
                    keyword = word
                else:
                    parts[keyword].append(word)
            found[name] = {**parts, "folder": path.rsplit("/", 1)[0]}
    return found


def closure(module, modules):
    reached, todo = set(), [module]
    while todo:
        for need in modules.get(todo.pop(), {"NEEDS": []})["NEEDS"]:
            if need not in reached:
                reached.add(need)
                todo.append(need)
    return reached


def on_disk(include, tree):
    """The file an include path names, or None."""
    for folder in ("lib/", "protocol/", ""):
        if folder + include in tree:
            return folder + include
    return None


def violations(tree):
    """Every breach in `tree`, a dictionary from path to text."""
    out = []
    modules = declared_modules(tree)
    for name, parts in modules.items():
        if name not in ARROWS:
            out.append(f"{parts['folder']}: module {name} has no line in ARROWS")
            continue
        for need in parts["NEEDS"]:
            if need not in ARROWS[name]:
                out.append(f"{parts['folder']}: {name} declares that it needs {need}, which the layout forbids")

    installed = {f"{parts['folder']}/{header}" for parts in modules.values() for header in parts["HEADERS"]}
    listed = installed | {f"{parts['folder']}/{source}" for parts in modules.values() for source in parts["SOURCES"]}
    users = {pattern: [] for pattern, _ in AT_MOST}

    for path, text in sorted(tree.items()):
        if not SOURCE.match(path):
            continue
        module = module_of(path)
        if module in modules and path.endswith(".cpp") and path not in listed:
            out.append(f"{path}: stands in no SOURCES, so nobody builds it")
        for quote, include in INCLUDE.findall(text):
            file = on_disk(include, tree)
            if file is None:
                if quote == '"':
                    out.append(f'{path}: "{include}" is not a file of this tree, or not named by its full path')
                out += outside_violations(path, include, path in installed)
                for pattern, _ in AT_MOST:
                    if re.match(pattern, include):
                        users[pattern].append(path)
                continue
            if quote == "<":
                out.append(f"{path}: <{include}> is ours and wants quotes")
            if file.startswith("tests/"):
                out.append(f"{path}: includes {include}; nothing outside tests/ sees tests/")
                continue
            other = module_of(file)
            if other != module and other not in ARROWS.get(module, []):
                out.append(f"{path}: includes {include}; the layout has no arrow from {module} to {other}")
            elif other != module and module in modules and other not in closure(module, modules):
                out.append(f"{path}: includes {include}, but NEEDS of {module} does not lead to {other}")
            if path in installed and file not in installed:
                out.append(f"{path}: is installed and includes {include}, which is not")
            if include in PRIVATE and path not in PRIVATE[include]:
                out.append(f"{path}: includes {include}, which is private to {', '.join(PRIVATE[include])}")

    for pattern, limit in AT_MOST:
        if len(users[pattern]) > limit:
            out.append(f"{pattern} is included by more than {limit}: {', '.join(users[pattern])}")
    return out


def outside_violations(path, include, is_installed):
    out = []
    for pattern, ruled, exempt in OUTSIDE:
        if re.match(pattern, include) and path.startswith(ruled) and not path.startswith(tuple(exempt)):
            out.append(f"{path}: must not include <{include}>")
    is_allowed = INSTALLED_MAY_NAME.match(include) or any(
        path.startswith(folder) and names.match(include) for folder, names in COMPONENT_MAY_NAME.items())
    if is_installed and re.search(r"[/.]", include) and not is_allowed:
        out.append(f"{path}: is installed and would make every embedder need <{include}>")
    return out


def read_tree(root):
    tree = {}
    for top in ("lib", "protocol", "cli", "tests"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".h", ".cpp", ".inl") or path.name == "CMakeLists.txt":
                tree[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return tree


# (file to change, line to add, what the complaint must say).
PLANTED = [
    ("lib/blindbook/base/bytes.h", '#include "blindbook/hash/sha2.h"', "no arrow from base to hash"),
    ("lib/blindbook/directory/tag.cpp", '#include "blindbook/oprf/suite.h"', "no arrow from directory to oprf"),
    ("lib/blindbook/oprf/suite.cpp", '#include "blindbook/protocol/codec.h"', "no arrow from oprf to protocol"),
    ("protocol/blindbook/protocol/codec.cpp", '#include "blindbook/contact/contact.h"',
     "no arrow from protocol to contact"),
    ("protocol/blindbook/protocol/codec.cpp", '#include "blindbook/group/group.h"', "no arrow from protocol to group"),
    ("lib/blindbook/base/bytes.cpp", '#include "tests/support/vectors.h"', "nothing outside tests/ sees tests/"),
    ("lib/blindbook/base/bytes.cpp", '#include "error.h"', "not named by its full path"),
    ("lib/blindbook/base/bytes.cpp", "#include <blindbook/base/error.h>", "wants quotes"),
    ("protocol/blindbook/service/ledger.h", "#include <boost/beast/http.hpp>", "must not include <boost/beast/http.hpp>"),
    ("lib/blindbook/group/group.h", "#include <boost/multiprecision/cpp_int.hpp>", "must not include <boost/multi"),
    ("lib/blindbook/contact/vcard.cpp", "#include <phonenumbers/phonenumberutil.h>", "must not include <phonenumbers"),
    ("lib/blindbook/hash/sha2.cpp", "#include <sodium.h>", "must not include <sodium.h>"),
    ("protocol/blindbook/protocol/state.cpp", "#include <fstream>", "must not include <fstream>"),
    ("protocol/blindbook/protocol/state.cpp", "#include <chrono>", "must not include <chrono>"),
    ("lib/blindbook/directory/builder.cpp", "#include <thread>", "must not include <thread>"),
    ("protocol/blindbook/protocol/announcement.h", "#include <nlohmann/json.hpp>", "would make every embedder need"),
    ("protocol/blindbook/protocol/announcement.h", '#include "blindbook/protocol/strict_json.h"',
     "is installed and includes"),
    ("protocol/blindbook/service/ledger.h", '#include "blindbook/service/http/connection.h"', "which is private to"),
    ("cli/first.cpp", "#include <cxxopts.hpp>\n", None),
    ("lib/blindbook/hash/CMakeLists.txt", "blindbook_module(hash NEEDS base oprf)", "needs oprf, which the layout forbids"),
    ("lib/blindbook/hash/CMakeLists.txt", "blindbook_module(hash NEEDS)", "NEEDS of hash does not lead to base"),
    ("lib/blindbook/extra/CMakeLists.txt", "blindbook_module(extra NEEDS base)", "has no line in ARROWS"),
    ("lib/blindbook/hash/unlisted.cpp", "", "nobody builds it"),
]


def self_test(tree):
    """Every planted violation must be named; returns the ones that were not."""
    missed = []
    for path, line, complaint in PLANTED:
        changed = dict(tree)
        changed[path] = changed.get(path, "") + "\n" + line + "\n"
        if complaint is None:  # a second user of something that may have one
            changed["cli/second.cpp"] = line
            complaint = "is included by more than 1"
        if not any(complaint in text for text in violations(changed)):
            missed.append(f"a planted violation went unnoticed: {line!r} in {path}")
    return missed


def main(arguments):
    order = list(ARROWS)
    assert all(order.index(need) < order.index(name) for name, needs in ARROWS.items() for need in needs)
    root = Path(__file__).resolve().parents[2]
    if arguments == ["--self-test"]:
        faults = self_test(read_tree(root))
    elif len(arguments) <= 1:
        tree = read_tree(Path(arguments[0]) if arguments else root)
        faults = violations(tree)
        for path, text in tree.items():
            lines = text.count("\n")
            if SOURCE.match(path) and lines > 400:
                print(f"note: {path} has {lines} lines; is it still one subject?")
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
