#!/usr/bin/env python3
"""A second implementation of docs/spec/profile-e164-1.md, held against the cases.

usage: profile_e164_1.py              every row of tests/vectors/contact/normalise*.json; exit 1 and one line per fault
       profile_e164_1.py --self-test  breaks the steps one by one and looks for the complaint
       profile_e164_1.py --filter     lines of "REGION <tab> HEX" on stdin, "reason|warning|identifiers" on stdout

Written from the page, with its numbers of steps, over the Python port of libphonenumber (python3-phonenumbers). The table
of characters is read from the page itself. Shares no code with the program.
"""

import json
import re
import sys
from pathlib import Path

import phonenumbers as library
from phonenumbers import NumberParseException as Wrong
from phonenumbers import ValidationResult as Possible

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/spec/profile-e164-1.md"
CASES = ROOT / "tests/vectors/contact"
WHITE_SPACE = " \t\r\n"
MARKS = {"p", "w", "x", "ext", "extn", "extension"}

PARSE_REASONS = {Wrong.INVALID_COUNTRY_CODE: "unknown-country-code", Wrong.TOO_SHORT_AFTER_IDD: "too-short",
                 Wrong.TOO_SHORT_NSN: "too-short", Wrong.TOO_LONG: "too-long", Wrong.NOT_A_NUMBER: "not-a-number"}
LENGTH_REASONS = {Possible.IS_POSSIBLE_LOCAL_ONLY: "local-only", Possible.INVALID_COUNTRY_CODE: "unknown-country-code",
                  Possible.TOO_SHORT: "too-short", Possible.TOO_LONG: "too-long",
                  Possible.INVALID_LENGTH: "invalid-length"}


class Rejected(Exception):
    """Carries the reason."""


def character_table():
    """[(class, [(first, last)])] in the order of the page."""
    table = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\s+\| (space|invisible|ASCII|dash|full-width|digit|symbol) \| (.*?) \|", line)
        if match:
            name, ranges = match.groups()
            starts = [[int(end, 16) for end in one.split("-")]
                      for one in re.findall(r"\b[0-9A-F]{4,6}(?:-[0-9A-F]{4,6})?\b", ranges)]
            table.append((name, [(one[0], one[0] + 9 if name == "digit" else one[-1]) for one in starts]))
    assert [name for name, _ in table] == ["space", "invisible", "ASCII", "dash", "full-width", "digit", "symbol"]
    return table


TABLE = character_table()


def is_letter(text):
    return bool(re.fullmatch("[A-Za-z]", text))


def without_uri(raw):
    """Step 2."""
    text = raw.strip(WHITE_SPACE.encode())
    if text[:4].lower() != b"tel:":
        return raw
    text = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), text[4:])
    number = text.split(b";")[0]
    context = re.search(rb";phone-context=([^;]*)", text, re.IGNORECASE)
    if b"+" not in number and context and context[1].startswith(b"+"):
        return context[1] + number
    return number


def ascii_of(code_point):
    """Step 3."""
    for name, ranges in TABLE:
        for first, last in ranges:
            if first <= code_point <= last:
                return {"space": " ", "invisible": "", "ASCII": chr(code_point), "dash": "-",
                        "full-width": chr((code_point - 0xFEE0) & 0x7F), "digit": str(code_point - first),
                        "symbol": "?"}[name]
    return "A"


def cut(text):
    """Step 6: where the number ends."""
    first_digit = re.search("[0-9]", text)
    if first_digit:
        for found in re.compile("[,;#]|[A-Za-z]+").finditer(text, first_digit.start()):
            if found[0] in ",;#" or found[0].lower() in MARKS:
                return found.start()
    return len(text)


def dial_string(raw):
    """Steps 1 to 9: the dial string and the second number."""
    if len(raw) > 1024:
        raise Rejected("too-long")
    text = "".join(ascii_of(ord(c)) for c in without_uri(raw).decode("utf-8", "replace"))
    text = re.sub(r"\([^)]*\)", lambda group: " " if re.search("[A-Za-z]", group[0]) else group[0], text)
    text = text.strip(WHITE_SPACE)
    if not text:
        raise Rejected("empty")
    end = cut(text)
    number, rest = text[:end], text[end:]
    second = rest[1:].strip(WHITE_SPACE) if rest[:1] in (",", ";") else ""
    second = second[:cut(second)] if second[:1] in ("+", "0") else ""
    if number.startswith("#") or "*" in number:
        raise Rejected("service-code")
    if any(is_letter(c) for c in number):
        raise Rejected("letters")
    framed = re.search(r"[0-9+(\[].*[0-9)\]]", number) or re.search("[0-9]", number)
    if not framed or not re.search("[0-9]", framed[0]):
        raise Rejected("not-a-number")
    if not re.fullmatch(r"[0-9+()\[\]\-./ ]*", framed[0]):
        raise Rejected("characters")
    return framed[0], second


def from_number(text):
    found = re.search("[+0-9]", text)
    return text[found.start():] if found else ""


def possible_form(text):
    """The E.164 form of "+.." text, if that is possible; else None."""
    try:
        number = library.parse(text, "ZZ")
    except Wrong:
        return None
    if library.is_possible_number_with_reason(number) != Possible.IS_POSSIBLE:
        return None
    return library.format_number(number, library.PhoneNumberFormat.E164)


def read(text, region):
    """Steps 12 to 18: the E.164 form, and whether to warn."""
    text = from_number(text)
    if region is None and text.startswith("00"):
        text = "+" + text[2:]
    if region is None and not text.startswith("+"):
        raise Rejected("no-region")
    if len(text) > 250:
        raise Rejected("too-long")
    try:
        number = library.parse(text, region or "ZZ", keep_raw_input=True)
    except Wrong as fault:
        raise Rejected(PARSE_REASONS[fault.error_type]) from None
    number.raw_input = None
    digits = re.sub("[^0-9]", "", text)
    bare = (not text.startswith("+") and digits == library.national_significant_number(number)
            and number.country_code_source == library.CountryCodeSource.FROM_DEFAULT_COUNTRY)
    has_trunk_prefix = bool(region and library.ndd_prefix_for_region(region, True))
    if ((bare and has_trunk_prefix and library.is_possible_short_number_for_region(number, region))
            or (library.is_possible_short_number(number) and library.is_valid_short_number(number))):
        raise Rejected("emergency-or-short")
    possible = library.is_possible_number_with_reason(number)
    if possible != Possible.IS_POSSIBLE:
        raise Rejected(LENGTH_REASONS[possible])
    form = library.format_number(number, library.PhoneNumberFormat.E164)
    if not 7 <= len(form) - 1 <= 15:
        raise Rejected("too-short" if len(form) - 1 < 7 else "too-long")
    if form != text and possible_form(form) != form:
        raise Rejected("stray-prefix")
    warn = (bare and digits.startswith(str(library.country_code_for_region(region))) and
            possible_form("+" + digits) is not None and
            (has_trunk_prefix or library.number_type(number) == library.PhoneNumberType.UNKNOWN))
    return form, warn


def split(text, region, reason):
    """Step 11."""
    if reason not in ("too-long", "not-a-number") or "/" not in text:
        raise Rejected(reason)
    forms = []
    for part in text.split("/"):
        if from_number(part)[:1] not in ("+", "0"):
            raise Rejected(reason)
        try:
            form, _ = read(part, region)
        except Rejected:
            raise Rejected(reason) from None
        if form not in forms:
            forms.append(form)
    return forms


def gives_identifier(text, region):
    try:
        return bool(text) and bool(read(text, region))
    except Rejected:
        return False


def normalise(raw, region):
    """(identifiers, reason or None, warning or None); `raw` is bytes."""
    try:
        text, second = dial_string(raw)
        try:
            form, warn = read(text, region)
        except Rejected as fault:
            return ["tel:" + one for one in split(text, region, fault.args[0])], None, None
    except Rejected as fault:
        return [], fault.args[0], None
    warning = ("country-code-without-plus" if warn else
               "second-number" if gives_identifier(second, region) else None)
    return ["tel:" + form], None, warning


def rows():
    for path in sorted(CASES.glob("normalise*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        assert list(cases) == ["rows"] and cases["rows"], path
        for row in cases["rows"]:
            raw = bytes.fromhex(row["raw_hex"]) if "raw_hex" in row else row["raw"].encode("utf-8")
            yield path.name, row, raw, row["region"] and row["region"].upper()


def faults():
    out = []
    for name, row, raw, region in rows():
        found = normalise(raw, region)
        if found != (row["identifiers"], row.get("reason"), row.get("warning")):
            out.append(f"{name}: {row['rule']}: {row.get('raw', raw)!r} in {region} gives {found}")
    return out


def self_test():
    """Each step broken in turn must fail some row."""
    missed = []
    broken = {
        "TABLE": [], "MARKS": {"x"}, "without_uri": lambda raw: raw, "cut": len, "split": lambda text, region, reason: [],
        "possible_form": lambda text: None, "from_number": lambda text: text,
        "gives_identifier": lambda text, region: False, "PARSE_REASONS": dict.fromkeys(PARSE_REASONS, "letters"),
        "LENGTH_REASONS": dict.fromkeys(LENGTH_REASONS, "letters"),
    }
    for name, value in broken.items():
        whole = globals()[name]
        globals()[name] = value
        if not faults():
            missed.append(f"no row notices a broken {name}")
        globals()[name] = whole
    return missed


def filter_lines():
    for line in sys.stdin:
        region, raw = line.rstrip("\n").split("\t")
        identifiers, reason, warning = normalise(bytes.fromhex(raw), region or None)
        print(reason or "", warning or "", ",".join(identifiers), sep="|")
    return []


def main(arguments):
    actions = {(): faults, ("--self-test",): self_test, ("--filter",): filter_lines}
    if tuple(arguments) not in actions:
        print(__doc__, file=sys.stderr)
        return 2
    found = actions[tuple(arguments)]()
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
