#!/usr/bin/env bash
# --dry-run shows what would be asked, and opens no connection.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_address_book
run 0 discover --contacts contacts.vcf --region DE --dry-run
expect_exactly out <<'TEXT'
4 numbers on 5 cards can be looked up

not looked up
  contacts.vcf:25  call me  letters  it has letters that are not a remark in parentheses

what a first run would send
  1 batch of 64 blinded numbers, which does not tell how many of them are real
  2.07 kB out and 2.14 kB in, and the whole directory, whose size depends on the service (without labels):
    SUBSCRIBERS  DIRECTORY  A STRANGER OF YOURS SHOWN AS ONE
    100,000      511 kB     2^-37.4
    1,000,000    4.70 MB    2^-34.1
    10,000,000   42.8 MB    2^-30.7
  a naive upload would have sent: 6 numbers in clear, 5 names

what it costs to try every number of a country, under the default allowance
  8,192 numbers at once and 320 a day for each account; a service may have another
    COUNTRY  NUMBERS      ACCOUNTS AT ONCE  DAYS WITH ONE ACCOUNT
    CH       25,000,000   3,052             78,100
    DE       538,000,000  65,674            1,681,225
    EE       5,400,000    660               16,850
    NL       52,000,000   6,348             162,475
TEXT
expect_nothing_on err
! grep -qe --region out || fail "a region is asked for where there is one"

# Numbers that only lack their country say what gives it to them, once.
printf '%s\r\n' BEGIN:VCARD VERSION:3.0 FN:Anna 'TEL:030 23125001' 'TEL:030 23125002' END:VCARD >national.vcf
run 0 discover --contacts national.vcf --dry-run
expect_out "  --region says which country numbers without + or 00 are of, such as --region DE"
[ "$(grep -ce --region out)" -eq 1 ] || fail "the region is asked for more than once"

run 0 discover --contacts contacts.vcf --dry-run --format json
expect_json 'it["schema"]' blindbook.discover-dry-run/1
expect_json 'it["contacts"], it["identifiers"], it["not_looked_up"]' '(5, 4, 0)'
expect_json '[(row["line"], row["value"], row["reason"]) for row in it["rejected"]]' \
  "[(4, '030 23125001', 'no-region'), (25, 'call me', 'letters')]"
expect_json 'it["would_send"]' "{'batch': 64, 'batches': 1}"

expect_json 'it["would_cost"]["request_bytes"], it["would_cost"]["answer_bytes"]' "($((24 + 64 * 32)), $((25 + 64 * 32 + 64)))"
expect_json 'it["would_cost"]["directories"][1]["entries"]' 1000000
# One identifier here; four times as many are shown by chance about four times as often.
expect_json 'abs(it["would_cost"]["directories"][1]["false_positive"] * 2**56 / 4e6 - 1) < 1e-6' True

# Several books, one of them on standard input.
printf 'Name,Phone 1 - Type,Phone 1 - Value\nBert,Mobile,+493023125002\n' |
  "$BLINDBOOK" discover --contacts contacts.vcf --contacts - --region DE --dry-run --format json >out 2>err
expect_json 'it["contacts"], it["identifiers"]' '(6, 5)'

# Nobody is asked, even where somebody listens, and no state is made.
python3 - "$BLINDBOOK" <<'PYTHON' || fail "a dry run opened a connection"
import socket, subprocess, sys
listener = socket.create_server(("127.0.0.1", 0))
url = "http://127.0.0.1:%d" % listener.getsockname()[1]
subprocess.run([sys.argv[1], "discover", "--contacts", "contacts.vcf", "--server", url, "--operator-key", "none",
                "--token-file", "none", "--dry-run"], check=True, stdout=subprocess.DEVNULL)
listener.setblocking(False)
try:
    listener.accept()
except BlockingIOError:
    sys.exit(0)
sys.exit(1)
PYTHON
[ ! -e state-home ] || fail "a dry run left state behind"

run 2 discover --contacts missing.vcf --dry-run
expect_err "missing.vcf"
echo "dear diary" >diary.txt
run 2 discover --contacts diary.txt --dry-run
expect_err "diary.txt: " "vCard"
run 2 discover --contacts contacts.vcf --region Germany --dry-run
expect_err "region"

# Numbers of fax machines and pagers are named, and looked up on request.
printf '%s\r\n' BEGIN:VCARD VERSION:2.1 'N:Office;City' 'TEL;WORK:030 23125001' 'TEL;WORK;FAX:030 23125002' END:VCARD >office.vcf
run 0 discover --contacts office.vcf --region DE --dry-run --format json
expect_json 'it["identifiers"], [(row["line"], row["reason"]) for row in it["rejected"]]' "(1, [(5, 'fax-or-pager')])"
run 0 discover --contacts office.vcf --region DE --include-fax-and-pager --dry-run --format json
expect_json 'it["identifiers"], it["rejected"]' '(2, [])'
run 0 discover --contacts office.vcf --region DE --include-fax-and-pager --dry-run
expect_out "2 numbers on 1 card can be looked up" "a naive upload would have sent: 2 numbers in clear, 1 name"

# The other formats, each recognised by what is in it and not by its name.
printf 'Vorname;Nachname;Telefon gesch\344ftlich;Mobiltelefon\r\nJ\366rg;;030 23125001;0171 3920012\r\n' >outlook
printf '\377\376' >thunderbird
printf 'Display Name\tPrimary Email\tMobile Number\r\nJ\303\266rg\t\t030 23125002\r\n' | iconv -t UTF-16LE >>thunderbird
printf 'dn: cn=Anna\ncn: Anna\nmobile:: KzQ5MzAyMzEyNTAwMw==\n' >ldif
run 0 discover --contacts outlook --contacts thunderbird --contacts ldif --region DE --dry-run --format json
expect_json 'it["contacts"], it["identifiers"], it["rejected"]' '(3, 4, [])'
