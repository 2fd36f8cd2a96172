#!/usr/bin/env python3
"""Holds the documents against the sources.

usage: check_docs.py [ROOT]        exit 1 and one line for each fault
       check_docs.py --self-test   breaks each rule once and looks for the complaint

1. Every relative link in a *.md leads to a file of the tree, and its #fragment to a heading there.
2. docs/spec/errors.md lists every rule name of the sources, the Python and Go packages' too, with the faults it is given as,
   and no other. A row is
       | `announcement.signature` | peer misbehaved | what is wrong | `who_gives_it`, `Or::this` |
   whose last names stand in the sources, or begin with `blindbook`, the program.
3. docs/spec/constants.md lists every string of lib/blindbook/base/domains.h with its value, and no other. A row is
       | `domain::kRoot` | `"blindbook-v1 root\\0"` | what it is for |
4. Every rule of docs/spec/errors.md is named by a test, as a string in a *.cpp or *.h of tests/ or a *.py or *.go of
   tests/bindings/, or a word in a *.sh, or stands, with the reason, in the list "What no test provokes" of that page, and not
   in both. An item is
       - `oprf.derive-key`: why
5. docs/spec/refusals.md gives each rule that a peer can cause a test that is there and names it. A row is
       | what is refused | [where specified](page.md#heading) | `the.rule` | the test's name, or tests/cli/script.sh |
   A peer can cause what is the fault of a peer, and what stands in one of the rows.
6. The last column of "Who learns what" in docs/security.md, and of the tables of docs/operator/retention.md and
   docs/spec/model.md, names a test that is there. A row is
       | party | learns or not | what | the test's name, or tests/cli/script.sh |
7. A code block below `<!-- the text of PATH -->` is the text of that file, or, where the file has a line `// [snippet]`,
   of what stands between two of these.
8. Every bb_ and BB_ name in a *.md, *.kt or *.swift is one of blindbook.h; `bb_client_*` stands for several.
9. The last column "shown by" in docs/reliability.md names tests as ctest does, whose script is there and stands in the CMakeLists.txt
   beside it, or files and folders of tests/. A row is
       | fault | outcome | `chaos: serve killed` (SQLite), `tests/service/epochs` |
"""

import re
import sys
from pathlib import Path

FAULTS = {
    "peer_misbehaved": "peer misbehaved", "bad_input": "bad input", "api_misuse": "api misuse",
    "unavailable": "unavailable", "spent": "spent",
    "kPeerMisbehaved": "peer misbehaved", "kBadInput": "bad input", "kApiMisuse": "api misuse",
    "kUnavailable": "unavailable", "kSpent": "spent",
    "badInput": "bad input",
}
MAKER = re.compile(r'\b(peer_misbehaved|bad_input|api_misuse|unavailable|spent)\(\s*"([a-z0-9.-]+)"')
ERROR = re.compile(r'\{\s*(?:\.fault = )?Fault::(k\w+),\s*(?:\.rule = )?"([a-z0-9.-]+)"')
PYTHON_MAKER = re.compile(r'\b(PeerMisbehaved|BadInput|ApiMisuse|Unavailable|Spent)\(\s*"([a-z0-9.-]+)"')
GO_MAKER = re.compile(r'\b(badInput)\(\s*"([a-z0-9.-]+)"')
LITERAL = re.compile(r'"([a-z][a-z0-9-]*\.[a-z][a-z0-9-]+)"')
# Literals of the same shape that are no rules: file names and the like.
FILE_NAME = re.compile(r"\.(json|jsonl|csv|db|db-shm|db-wal|pub|slot|bba|bbd|bbl|bbs|bbp|bin|lock|part|tmp|txt|html|example|invalid)$")

ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|\s*$", re.MULTILINE)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
CONSTANT = re.compile(r'std::string_view (k\w+)\s*=\s*((?:"(?:[^"\\]|\\.)*"\s*)+)sv;')
REJECTED_FILES = "tests/vectors/directory/rejected.json"  # names the rule for each file, which its test compares
UNPROVOKED = re.compile(r"^- `([a-z0-9.-]+)`: \S", re.MULTILINE)
REFUSAL = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
EVIDENCE = re.compile(r"^\|[^|]*\|[^|]*\|[^|]+\| *([^|]+?) *\|$", re.MULTILINE)
SHOWN_BY = re.compile(r"^\|[^|]*\|[^|]*\| *([^|]+?) *\|$", re.MULTILINE)
SCRIPTS = {"chaos: ": "tests/chaos", "cli script ": "tests/cli", "hostile: ": "tests/hostile", "integration: ": "tests/integration"}
RULE = re.compile(r"(?<![\w.-])([a-z][a-z0-9-]*\.[a-z][a-z0-9-]+)(?![\w.-]*[\w-])")
TEST_CASE = re.compile(r'^TEST_CASE(?:_METHOD)?\((?:\w+,\s*)?((?:"[^"\n]*"\s*)+)', re.MULTILINE)
C_NAME = re.compile(r"\b(?:bb|BB)_\w+(?![\w*])")
C_HEADER = "protocol/blindbook/capi/blindbook.h"
PYTHON_PACKAGE = "protocol/bindings/python/blindbook/"
GO_PACKAGE = "protocol/bindings/go/blindbook/"
SNIPPET = re.compile(r"<!-- the text of (\S+) -->\s*```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def without_comments(text):
    return re.sub(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', lambda m: m.group(1) or "", text, flags=re.DOTALL)


def slugs(markdown):
    """The fragments that name the headings of a document."""
    found = {}
    for heading in re.findall(r"^#+ +(.*?)\s*$", FENCE.sub("", markdown), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
    return {slug if n == 0 else f"{slug}-{n}" for slug, count in found.items() for n in range(count + 1)}


def link_faults(tree):
    faults = []
    folders = {parent.as_posix() for path in tree for parent in Path(path).parents}
    for path, text in tree.items():
        if not path.endswith(".md"):
            continue
        prose = re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))
        for target in (a or b for a, b in LINK.findall(prose)):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, fragment = target.partition("#")
            there = path
            if file:
                parts = []
                for part in (Path(path).parent / file).as_posix().split("/"):
                    if part == ".." and parts:
                        parts.pop()
                    elif part not in (".", ""):
                        parts.append(part)
                there = "/".join(parts)
            if there not in tree and there not in folders and there != "":
                faults.append(f"{path}: the link {target} leads nowhere")
            elif fragment and there.endswith(".md") and fragment not in slugs(tree[there]):
                faults.append(f"{path}: the link {target} names no heading of {there}")
    return faults


def rules_of(tree):
    """Rule -> the faults it is given as, as far as they can be read off."""
    rules = {}
    for path, text in tree.items():
        if re.match(r"(lib|protocol|cli)/.*\.(h|cpp|inl)$", path):
            code = without_comments(text)
            for rule in LITERAL.findall(code):
                if not FILE_NAME.search(rule):
                    rules.setdefault(rule, set())
            for fault, rule in MAKER.findall(code) + ERROR.findall(code):
                rules.setdefault(rule, set()).add(FAULTS[fault])
        elif path.startswith(PYTHON_PACKAGE):
            for fault, rule in PYTHON_MAKER.findall(text):
                rules.setdefault(rule, set()).add(FAULTS["k" + fault])
        elif path.startswith(GO_PACKAGE):
            for fault, rule in GO_MAKER.findall(without_comments(text)):
                rules.setdefault(rule, set()).add(FAULTS[fault])
    return rules


def rule_faults(tree):
    document = tree.get("docs/spec/errors.md", "")
    listed = {rule: cells.split("|")[0] for rule, cells in ROW.findall(document)}
    rules, faults = rules_of(tree), []
    for rule, given_as in sorted(rules.items()):
        if rule not in listed:
            faults.append(f"docs/spec/errors.md does not list {rule} ({', '.join(sorted(given_as)) or 'fault unknown'})")
            continue
        faults += [f"docs/spec/errors.md does not say that {rule} is given as {fault}"
                   for fault in sorted(given_as) if fault not in listed[rule]]
    words = {word for path, text in tree.items() if path.startswith(("lib/", "protocol/")) and path.endswith(".h")
             for word in re.findall(r"\w+", without_comments(text))}
    words |= {word for path, text in tree.items() if path.startswith(PYTHON_PACKAGE)
              for word in re.findall(r"(?:def|class) (\w+)", text)}
    for rule, cells in ROW.findall(document):
        for name in re.findall(r"`([^`]+)`", cells.split("|")[-1]):
            if not name.startswith("blindbook") and not set(name.split("::")) <= words:
                faults.append(f"docs/spec/errors.md: {rule} is given by {name}, which no header declares")
    faults += [f"docs/spec/errors.md lists {rule}, which nothing gives" for rule in sorted(set(listed) - set(rules))]
    return faults


def without_shell_comments(text):
    return re.sub(r"^\s*#[^\n]*", "", text, flags=re.MULTILINE)


def named_in(text, path):
    """The rules that a test's text names: strings of C++, words of a script."""
    if path.endswith(".sh"):
        return set(RULE.findall(without_shell_comments(text)))
    if path.endswith(".py"):
        return set(LITERAL.findall(without_shell_comments(text)))
    return set(LITERAL.findall(without_comments(text)))


def tests_of(tree):
    """Name of a test case, or path of a script -> the rules it names. Cases of one name are taken together."""
    tests = {}
    for path, text in tree.items():
        if re.match(r"tests/.*\.sh$", path):
            tests[path] = named_in(text, path)
        elif re.match(r"tests/bench/check_\w+$", path):
            tests[path] = set()
        elif re.match(r"tests/.*\.cpp$", path):
            code = without_comments(text)
            cases = list(TEST_CASE.finditer(code))
            for case, following in zip(cases, cases[1:] + [None]):
                name = "".join(re.findall(r'"([^"]*)"', case.group(1)))
                body = code[case.end():following.start() if following else len(code)]
                tests.setdefault(name, set()).update(named_in(body, path))
    return tests


def provocation_faults(tree):
    document = tree.get("docs/spec/errors.md", "")
    head, _, tail = document.partition("## What no test provokes")
    listed = {rule for rule, _ in ROW.findall(head)}
    excused = set(UNPROVOKED.findall(tail))
    named = set()
    for path, text in tree.items():
        if re.match(r"tests/.*\.(cpp|h|sh)$|tests/bindings/.*\.(py|go)$", path):
            named |= named_in(text, path)
    named |= set(LITERAL.findall(tree.get(REJECTED_FILES, "")))
    faults = [f"docs/spec/errors.md: no test names {rule}" for rule in sorted(listed - named - excused)]
    faults += [f"docs/spec/errors.md says that no test provokes {rule}, and one does" for rule in sorted(excused & named)]
    faults += [f"docs/spec/errors.md excuses {rule}, which it does not list" for rule in sorted(excused - listed)]
    return faults


def refusal_faults(tree):
    rows = REFUSAL.findall(tree.get("docs/spec/refusals.md", ""))
    tests, faults, proven = tests_of(tree), [], set()
    for what, where, rule, test in (row for row in rows if row[2] != "rule" and set(row[2]) != {"-"}):
        if not LINK.search(where):
            faults.append(f"docs/spec/refusals.md: '{what}' is not said to be specified anywhere")
        test = re.sub(r"\[[^\]]*\]\((?:\.\./)*([^)]*)\)", r"\1", test).strip()
        if test not in tests:
            faults.append(f"docs/spec/refusals.md: there is no test '{test}'")
            continue
        for name in RULE.findall(rule.replace("`", " ")):
            proven.add(name)
            if name not in tests[test]:
                faults.append(f"docs/spec/refusals.md: the test '{test}' does not name {name}")
    document = tree.get("docs/spec/errors.md", "")
    excused = set(UNPROVOKED.findall(document))
    faults += [f"docs/spec/refusals.md lacks {rule}, which a peer can cause" for rule, cells in ROW.findall(document)
               if "peer misbehaved" in cells.split("|")[0] and rule not in proven | excused]
    return faults


def evidence_faults(tree):
    tests, faults = tests_of(tree), []
    for document in ("docs/security.md", "docs/operator/retention.md", "docs/spec/model.md"):
        rows = [re.sub(r"\[[^\]]*\]\((?:\.\./)*([^)]*)\)", r"\1", row) for row in EVIDENCE.findall(tree.get(document, ""))
                if set(row) != {"-"} and row != "shown by"]
        faults += [f"{document}: there is no test '{test}'" for test in rows if test not in tests]
        if not rows:
            faults.append(f"{document} shows nothing by a test")
    return faults


def is_test(tree, name):
    for prefix, folder in SCRIPTS.items():
        if name.startswith(prefix):
            script = name.removeprefix(prefix).replace(" ", "_")
            listed = re.search(rf"\b{re.escape(script)}\b", tree.get(f"{folder}/CMakeLists.txt", ""))
            # The same driver over another ledger is one of chaos.
            folders = (folder, "tests/chaos") if folder == "tests/integration" else (folder,)
            return bool(listed) and any(f"{one}/{script}.{ending}" in tree for one in folders for ending in ("py", "sh"))
    return name.startswith("tests/") and (name in tree or any(path.startswith(name + "/") for path in tree))


def reliability_faults(tree):
    _, _, rows = tree.get("docs/reliability.md", "").partition("| shown by |")
    cells = [cell for cell in SHOWN_BY.findall(rows) if set(cell) != {"-"}]
    faults = [] if cells else ["docs/reliability.md shows nothing by a test"]
    for cell in cells:
        names = re.findall(r"`([^`]+)`", cell)
        faults += [f"docs/reliability.md: there is no test '{name}'" for name in names if not is_test(tree, name)]
        if not names:
            faults.append(f"docs/reliability.md: '{cell}' names no test")
    return faults


def constants_of(header):
    """Qualified name -> the value as C++ writes it; adjacent literals are joined, but not behind a \\x escape."""
    values = {}
    for space, body in re.findall(r"namespace blindbook::(\w+) \{(.*?)\n\}", header, re.DOTALL):
        for name, literals in CONSTANT.findall(without_comments(body)):
            joined = '"' + "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literals)) + '"'
            values[f"{space}::{name}"] = re.sub(r'(\\x[0-9A-F]{2})(?=[^"])', r'\1" "', joined)
    return values


def constant_faults(tree):
    header = constants_of(tree.get("lib/blindbook/base/domains.h", ""))
    document = {name: cells.split("|")[0].strip().strip("`")
                for name, cells in ROW.findall(tree.get("docs/spec/constants.md", "")) if name.count("::") == 1}
    faults = [] if header else ["lib/blindbook/base/domains.h holds no constant"]
    for name, value in sorted(header.items()):
        if document.get(name) != value:
            faults.append(f"docs/spec/constants.md: {name} should be {value}, is {document.get(name, 'missing')}")
    faults += [f"docs/spec/constants.md lists {name}, which domains.h does not define"
               for name in sorted(set(document) - set(header))]
    return faults


def snippet_faults(tree):
    faults = []
    for path, text in tree.items():
        if not path.endswith(".md"):
            continue
        for source, block in SNIPPET.findall(text):
            wanted = tree.get(source)
            if wanted is not None and "// [snippet]\n" in wanted:
                wanted = wanted.split("// [snippet]\n")[1]
            if wanted is None or block.strip() != wanted.strip():
                faults.append(f"{path}: the code block is not the text of {source}")
    return faults


def c_name_faults(tree):
    known = set(C_NAME.findall(tree.get(C_HEADER, "")))
    return [f"{path}: {name} is no name of blindbook.h" for path, text in tree.items()
            if path.endswith((".md", ".kt", ".swift")) for name in sorted(set(C_NAME.findall(text)) - known)]


def faults_of(tree):
    return (link_faults(tree) + rule_faults(tree) + provocation_faults(tree) + refusal_faults(tree) +
            evidence_faults(tree) + reliability_faults(tree) + constant_faults(tree) + snippet_faults(tree) + c_name_faults(tree))


def read_tree(root):
    tree = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not re.match(r"(build[^/]*|\.git|\.cache)/", name):
            readable = (path.name == "CMakeLists.txt" or path.suffix in (".md", ".h", ".cpp", ".inl", ".sh", ".kt", ".swift") or name == REJECTED_FILES
                        or name.startswith(("protocol/bindings/", "tests/bindings/")) and path.suffix in (".py", ".c", ".go"))
            tree[name] = path.read_text(encoding="utf-8") if readable else ""
    return tree


def self_test(tree):
    def changed(path, change):
        return {**tree, path: change(tree.get(path, ""))}

    code = "lib/blindbook/base/error.cpp"
    planted = [
        ("leads nowhere", changed("README.md", lambda text: text + "\n[gone](docs/gone.md)\n")),
        ("names no heading", changed("README.md", lambda text: text + "\n[gone](docs/spec/errors.md#gone)\n")),
        ("does not list planted.rule (bad input)",
         changed(code, lambda text: text + '\nauto planted() { return bad_input("planted.rule", "x"); }\n')),
        ("does not list planted.helper", changed(code, lambda text: text + '\nauto p() { return no("planted.helper"); }\n')),
        ("lists planted.row, which nothing gives",
         changed("docs/spec/errors.md", lambda text: text + "\n| `planted.row` | bad input | x | y |\n")),
        ("does not list planted.python (unavailable)",
         changed(PYTHON_PACKAGE + "errors.py", lambda text: text + '\nraise Unavailable("planted.python", "x")\n')),
        ("does not list planted.go (bad input)",
         changed(GO_PACKAGE + "crossing.go", lambda text: text + '\nreturn badInput("planted.go", "x")\n')),
        ("bb_client_planted is no name of blindbook.h",
         changed("docs/embedding.md", lambda text: text + "\n`bb_client_planted`, `bb_client_*`\n")),
        ("does not say that identifier.syntax is given as spent",
         changed(code, lambda text: text + '\nauto p() { return spent("identifier.syntax", "x"); }\n')),
        ("is given by Vanished::call, which no header declares",
         changed("docs/spec/errors.md", lambda text: text + "\n| `aead.open` | bad input | x | `Vanished::call` |\n")),
        ("no test names planted.untested",
         changed("docs/spec/errors.md", lambda text: "| `planted.untested` | bad input | x | y |\n" + text)),
        ("excuses planted.excuse, which it does not list",
         changed("docs/spec/errors.md", lambda text: text + "\n- `planted.excuse`: no reason\n")),
        ("says that no test provokes history.fork, and one does",
         changed("docs/spec/errors.md", lambda text: text + "\n- `history.fork`: no reason\n")),
        ("no test names history.fork",
         {path: text if not path.startswith("tests/") else text.replace("history.fork", "history.x").replace(
             "// history.x", "// history.fork") for path, text in
          changed("tests/protocol/history_test.cpp", lambda text: text + "// history.fork\n").items()}),
        ("docs/security.md: there is no test 'planted'",
         changed("docs/security.md", lambda text: text + "\n| x | not | y | planted |\n")),
        ("docs/security.md shows nothing", changed("docs/security.md", lambda text: "")),
        ("docs/operator/retention.md: there is no test 'planted'",
         changed("docs/operator/retention.md", lambda text: text + "\n| x | y | z | planted |\n")),
        ("docs/operator/retention.md shows nothing", changed("docs/operator/retention.md", lambda text: "")),
        *((f"docs/reliability.md: there is no test '{name}'",
           changed("docs/reliability.md", lambda text, name=name: text + f"\n| x | y | `{name}` |\n"))
          for name in ("chaos: planted", "integration: call_faults", "tests/planted.cpp", "planted")),
        ("docs/reliability.md: there is no test 'chaos: serve killed'",
         changed("tests/chaos/CMakeLists.txt", lambda text: text.replace("serve_killed", ""))),
        ("docs/reliability.md: 'nothing' names no test",
         changed("docs/reliability.md", lambda text: text + "\n| x | y | nothing |\n")),
        ("docs/reliability.md shows nothing", changed("docs/reliability.md", lambda text: "")),
        ("docs/spec/model.md: there is no test 'planted'",
         changed("docs/spec/model.md", lambda text: text + "\n| `x_y` | 1 | exact | planted |\n")),
        ("there is no test 'vanished'",
         changed("docs/spec/refusals.md", lambda text: text + "\n| x | [y](errors.md) | `json.size` | vanished |\n")),
        ("does not name history.fork",
         changed("docs/spec/refusals.md",
                 lambda text: text + "\n| x | [y](errors.md) | `history.fork` | tests/cli/help.sh |\n")),
        ("'planted' is not said to be specified anywhere",
         changed("docs/spec/refusals.md", lambda text: text + "\n| planted | y | `json.size` | vanished |\n")),
        ("lacks history.fork, which a peer can cause",
         changed("docs/spec/refusals.md", lambda text: text.replace("`history.fork`", "`history.rollback`"))),
        ("domain::kRoot should be",
         changed("docs/spec/constants.md", lambda text: text.replace("blindbook-v1 root", "blindbook-v1 ruth"))),
        ("lists domain::kPlanted",
         changed("docs/spec/constants.md", lambda text: text + '\n| `domain::kPlanted` | `"x"` | y |\n')),
        ("is not the text of CHANGELOG.md",
         changed("README.md", lambda text: text + "\n<!-- the text of CHANGELOG.md -->\n```\nplanted\n```\n")),
    ]
    return [f"a fault went unnoticed of which to say: {complaint}" for complaint, broken in planted
            if not any(complaint in fault for fault in faults_of(broken))]


def main(arguments):
    root = Path(__file__).resolve().parents[2]
    if arguments == ["--self-test"]:
        faults = self_test(read_tree(root))
    elif len(arguments) <= 1 and not arguments[:1] == ["-h"]:
        faults = faults_of(read_tree(Path(arguments[0]) if arguments else root))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
