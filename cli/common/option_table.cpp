#include "cli/common/option_table.h"

#include <array>

namespace blindbook::cli {
namespace {

// The examples run one after the other in an empty folder that holds passphrase, subscribers.csv, cert.pem,
// key.pem and contacts.vcf; tests/cli/help_examples.sh does so.
constexpr std::array kCommands{
    CommandRow{kInit, "init", "--data DIR --operator NAME", "make an operator's folder with its keys",
               "blindbook init --data operator --operator \"City of Example\" --passphrase-file passphrase "
               "--root-key-out root.key",
               ""},
    CommandRow{
        kPublish, "publish", "--data DIR --subscribers SRC", "publish a subscriber list as a new edition",
        "blindbook publish --data operator --subscribers subscribers.csv --passphrase-file passphrase", ""},
    CommandRow{kEpoch, "epoch", "list|announce|rotate|end --data DIR",
               "show the epochs, or begin and end one by hand, which publish does by itself when it is due",
               "blindbook epoch list --data operator", "list|announce|rotate|end"},
    CommandRow{kServe, "serve", "--data DIR --listen [HOST:]PORT", "answer clients until a signal ends it",
               "blindbook serve --data operator --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key key.pem "
               "--passphrase-file passphrase",
               ""},
    CommandRow{kToken, "token", "--data DIR --account NAME", "print an access token for one account",
               "(umask 077; blindbook token --data operator --account alice > token)", ""},
    CommandRow{
        kDiscover, "discover",
        "(INVITATION | --server URL --operator-key FILE) --token-file FILE --contacts FILE",
        "find the contacts of an address book who subscribe",
        "blindbook discover \"$(cat invitation)\" --token-file token --contacts contacts.vcf --region DE",
        "INVITATION"},
    CommandRow{kStatus, "status", "--data DIR", "show how an operator's folder stands",
               "blindbook status --data operator", ""},
    CommandRow{kInspect, "inspect", "FILE", "show what a blindbook file is, never a secret",
               "blindbook inspect operator/public/announcement.bba", "FILE"},
    CommandRow{kErase, "erase", "--data DIR",
               "take the number on standard input out of what is served, and keep it out",
               "echo +493023125004 | blindbook erase --data operator --passphrase-file passphrase", ""},
    CommandRow{kLedger, "ledger", "confirm-clock|export|forget|grant|reset|show --data DIR",
               "show, grant or reset an account's allowance, or forget the account; export what all used, "
               "without names; let allowances be refilled again, once this machine's clock was found right",
               "blindbook ledger show --data operator --account alice",
               "confirm-clock|export|forget|grant|reset|show"},
    CommandRow{kBackup, "backup", "--data DIR --to NEW",
               "write what outlives a lost host to a new folder, never a key",
               "blindbook backup --data operator --to backup", ""},
    CommandRow{kRestore, "restore", "--data NEW --from BACKUP --root-key FILE --last-announcement SRC",
               "make an operator's folder from a backup, with fresh keys",
               "blindbook restore --data restored --from backup --root-key root.key "
               "--last-announcement operator/public/announcement.bba --passphrase-file passphrase",
               ""},
    CommandRow{kKey, "key", "renew|revoke --data DIR",
               "certify the announcement key for 400 more days, or replace it by a fresh one",
               "blindbook key renew --data operator --root-key root.key --passphrase-file passphrase",
               "renew|revoke"},
    CommandRow{kEstimate, "estimate", "[--subscribers N] [--contacts N]",
               "say what it costs a city, its people and its operator, before anything is installed",
               "blindbook estimate --subscribers 50000 --network DSL", ""},
    CommandRow{kBench, "bench", "[--quick]", "compare protocols of private contact discovery on this machine",
               "blindbook bench --protocols naive,sha256 --subscribers 1024 --contacts 64 --rounds 1", ""},
    CommandRow{kCompletion, "completion", "bash|zsh",
               "print the script that completes commands and options in a shell",
               "eval \"$(blindbook completion bash)\"", "bash|zsh"},
};

constexpr std::uint16_t kPublishing = kPublish | kEpoch;
constexpr std::uint16_t kWithKeys = kPublishing | kServe;
constexpr std::uint16_t kWithList = kWithKeys;

constexpr std::array kOptions{
    OptionRow{"data", "DIR",
              kInit | kPublishing | kServe | kToken | kStatus | kErase | kLedger | kBackup | kRestore | kKey,
              Occurs::kRequired, "the operator's folder"},
    // init
    OptionRow{"operator", "NAME", kInit, Occurs::kRequired, "the name that clients are shown"},
    OptionRow{"suite", "SUITE", kInit, Occurs::kOptional,
              "RFC 9497 suite of the epochs (ristretto255-sha512)"},
    OptionRow{"root-key-out", "FILE", kInit, Occurs::kOptional,
              "write the root key there, to be kept offline, instead of into DIR"},
    OptionRow{"slot-dir", "DIR", kInit | kRestore, Occurs::kOptional,
              "keep the second half of each key's protection there, not in the operator's folder"},
    OptionRow{"unsealed-key", "", kInit, Occurs::kOptional, "leave keys unprotected on disk; for tests only"},
    // publish
    OptionRow{"subscribers", "SRC", kPublish, Occurs::kRequired,
              "file.csv, file.jsonl, - for CSV on standard input, sqlite:FILE, or postgres:CONNECTION"},
    OptionRow{"subscribers", "SRC", kEpoch, Occurs::kOptional, "of rotate, which publishes; needed there"},
    OptionRow{"subscribers", "SRC", kServe, Occurs::kOptional, "the list to publish, with --publish-at"},
    OptionRow{"query", "SQL", kWithList, Occurs::kOptional,
              "of a database: a SELECT of number, label and discoverable"},
    OptionRow{"preset", "synapse|ejabberd|ejabberd-multihost|prosody", kWithList, Occurs::kOptional,
              "of a database: the tables of that messenger, in place of --query"},
    OptionRow{"xmpp-host", "HOST", kWithList, Occurs::kOptional,
              "what stands behind the @ of the users of ejabberd and Prosody"},
    OptionRow{"opt-in-list", "FILE", kWithList, Occurs::kOptional,
              "labels of those who agreed to be found, one a line; nobody else is published"},
    OptionRow{"opt-in-query", "SQL", kWithList, Occurs::kOptional,
              "of a database: a SELECT of the labels of those who agreed"},
    OptionRow{"region", "CC", kWithList | kErase, Occurs::kOptional,
              "country of numbers without +, such as DE; without it they are rejected"},
    OptionRow{"strict", "", kWithList, Occurs::kOptional, "publish nothing when any row is rejected"},
    OptionRow{"allow-shrink", "", kPublishing, Occurs::kOptional,
              "publish also a list that lost more than a fifth of its rows"},
    OptionRow{"labels", "embedded|resolve|none", kWithList, Occurs::kOptional,
              "what a match tells: its label, that it can be asked for, or nothing (embedded)"},
    OptionRow{"label-bytes", "L", kWithList, Occurs::kOptional,
              "bytes of a label, fixed by an epoch's first publication (from the longest label)"},
    OptionRow{"label-template", "T", kWithList, Occurs::kOptional,
              "what all labels share, such as @{}:city.example"},
    OptionRow{"confirm-clock", "", kPublishing, Occurs::kOptional,
              "this machine's clock is right, although the last announcement makes that doubtful"},
    // epoch
    OptionRow{
        "emergency", "", kEpoch, Occurs::kOptional,
        "of rotate: begin an epoch now and end all others, for a key that was stolen or a slot that is lost"},
    OptionRow{"epoch", "ID", kEpoch, Occurs::kOptional, "of end: this one, before its time"},
    // serve
    OptionRow{"listen", "[HOST:]PORT", kServe, Occurs::kRequired,
              "where to listen, on 127.0.0.1 if no HOST is given; port 0 picks a free one"},
    OptionRow{"tls-cert", "FILE", kServe, Occurs::kOptional, "certificate chain, PEM"},
    OptionRow{"tls-key", "FILE", kServe, Occurs::kOptional, "its key, PEM"},
    OptionRow{"proxy-protocol", "", kServe, Occurs::kOptional,
              "each connection begins with a PROXY header, version 2, of a trusted proxy"},
    OptionRow{"publish-at", "HH:MM", kServe, Occurs::kOptional,
              "publish --subscribers every day at that time, UTC; a time that was missed is made up for"},
    OptionRow{"admin-listen", "[HOST:]PORT", kServe, Occurs::kOptional,
              "where /metrics and /readyz are, for you alone; on 127.0.0.1 if no HOST is given"},
    OptionRow{"log", "json|text", kServe, Occurs::kOptional,
              "how standard error says what happens (text on a terminal, else json)"},
    OptionRow{"public-url", "URL", kServe, Occurs::kOptional,
              "where clients reach this service; kept for later runs"},
    OptionRow{"ledger", "WHERE", kServe, Occurs::kOptional,
              "who used how much: a URI postgresql://.., or sqlite; kept for later runs"},
    // token
    OptionRow{"account", "NAME", kToken, Occurs::kRequired, "whose allowance the token draws on"},
    OptionRow{
        "revoke", "", kToken, Occurs::kOptional,
        "print none; refuse those that this account was given until now, by whichever issuer --issuer names"},
    OptionRow{"issuer", "NAME", kToken, Occurs::kOptional, "of --revoke: who gave them (blindbook)"},
    OptionRow{"account", "NAME", kLedger, Occurs::kOptional, "of forget, grant, reset and show: whose"},
    OptionRow{"evaluations", "N", kLedger, Occurs::kOptional,
              "of grant: how many more, up to the capacity of an account"},
    OptionRow{"scope", "evaluate|resolve|both", kToken, Occurs::kOptional,
              "what it allows: to look numbers up, to ask for labels, or both (evaluate)"},
    OptionRow{"ttl", "TIME", kToken, Occurs::kOptional,
              "how long it is valid, such as 90s, 10m or 24h (10m)"},
    // discover
    OptionRow{"server", "URL", kDiscover, Occurs::kOptional, "the service, where there is no invitation"},
    OptionRow{"operator-key", "FILE", kDiscover, Occurs::kOptional,
              "the operator.pub to trust, with --server"},
    OptionRow{"token-file", "FILE", kDiscover, Occurs::kOptional, "access token; needed unless --dry-run"},
    OptionRow{"contacts", "FILE", kDiscover, Occurs::kRepeated,
              "address book, vCard, CSV or LDIF, or - for standard input; may come several times"},
    OptionRow{"include-fax-and-pager", "", kDiscover, Occurs::kOptional,
              "look up the numbers of fax machines and pagers too"},
    OptionRow{"region", "CC", kDiscover, Occurs::kOptional,
              "country of numbers without + or 00, such as DE; without it they are not looked up"},
    OptionRow{"ca-file", "FILE", kDiscover | kRestore, Occurs::kOptional,
              "trust these certificates instead of the system's"},
    OptionRow{"state", "FILE", kDiscover, Occurs::kOptional, "where to remember this service between runs"},
    OptionRow{"mirror", "URL", kDiscover, Occurs::kOptional,
              "another service that must show the same announcements"},
    OptionRow{"no-state", "", kDiscover, Occurs::kOptional,
              "remember nothing, at the price of protection it names"},
    OptionRow{"refresh", "", kDiscover, Occurs::kOptional,
              "for a timer: ask for one batch of 16, whatever is new in the address book"},
    OptionRow{"dry-run", "", kDiscover, Occurs::kOptional, "show what would be asked; opens no connection"},
    OptionRow{
        "open-from", "FILE", kDiscover, Occurs::kOptional,
        "ask for the labels of the matches whose numbers stand there, one a line, or - for standard input"},
    OptionRow{"report", "FILE", kDiscover, Occurs::kOptional,
              "write down every byte that left this device: a page if FILE ends in .html, else JSON"},
    OptionRow{"report-language", "de|en", kDiscover, Occurs::kOptional,
              "of that page (German where the locale is, else English)"},
    // erase
    OptionRow{"lift", "", kErase, Occurs::kOptional,
              "undo an erasure: the next publication does what the subscriber list says"},
    // backup, restore, key
    OptionRow{"to", "NEW", kBackup, Occurs::kRequired, "the backup, a folder that is not there yet"},
    OptionRow{"from", "BACKUP", kRestore, Occurs::kRequired, "a folder that backup wrote"},
    OptionRow{"root-key", "FILE", kRestore, Occurs::kRequired, "the root key, as init wrote it"},
    OptionRow{"root-key", "FILE", kKey, Occurs::kOptional,
              "the root key, as init wrote it (keys/root.key in the operator's folder)"},
    OptionRow{"last-announcement", "SRC", kRestore, Occurs::kOptional,
              "the newest announcement that any client may have seen, a file or a URL; needed"},
    // estimate
    OptionRow{"subscribers", "N", kEstimate, Occurs::kOptional, "entries of the directory (1000000)"},
    OptionRow{"contacts", "N", kEstimate, Occurs::kOptional,
              "numbers in the address book of each client (1024)"},
    OptionRow{"churn-joins", "PART", kEstimate, Occurs::kOptional,
              "of the subscribers, how many join in a day, such as 0.005 or 0.5% (0.5%)"},
    OptionRow{"churn-leaves", "PART", kEstimate, Occurs::kOptional, "and how many leave (0.1%)"},
    OptionRow{"epoch", "DAYS", kEstimate, Occurs::kOptional, "from one epoch to the next (90)"},
    OptionRow{"labels", "none|embedded|resolve", kEstimate, Occurs::kOptional,
              "what a match tells: nothing, its label, or that it can be asked for (none)"},
    OptionRow{"label-bytes", "L", kEstimate, Occurs::kOptional, "bytes of a label (24)"},
    OptionRow{"suite", "ristretto255-sha512|p256-sha256", kEstimate, Occurs::kOptional,
              "RFC 9497 suite (ristretto255-sha512)"},
    OptionRow{"clients", "N", kEstimate, Occurs::kOptional, "how many run it every day (all subscribers)"},
    OptionRow{"network", "LTE|3G|DSL|Wi-Fi", kEstimate, Occurs::kOptional, "of a client (LTE)"},
    OptionRow{"allowance", "INITIAL,REFILL", kEstimate, Occurs::kOptional,
              "evaluations of a fresh account, and each day's (8192,320)"},
    OptionRow{"in", "month|morning", kEstimate, Occurs::kOptional,
              "the time in which all clients join (month)"},
    OptionRow{"calibration", "FILE", kEstimate, Occurs::kOptional,
              "what your machine was measured to take, in place of the machine that the output names"},
    // bench
    OptionRow{"list", "", kBench, Occurs::kOptional, "show the protocols, and who learns what by them"},
    OptionRow{"attack", "", kBench, Occurs::kOptional,
              "recover numbers from uploads of hashes, and try the same on blindbook"},
    OptionRow{"quick", "", kBench, Occurs::kOptional, "compare at small sizes, within a minute"},
    OptionRow{"protocols", "NAMES", kBench, Occurs::kOptional, "compare these, such as naive,sha256 (all)"},
    OptionRow{"subscribers", "SIZES", kBench, Occurs::kOptional,
              "numbers of subscribers (2^10,2^14,2^17,2^20)"},
    OptionRow{"contacts", "SIZES", kBench, Occurs::kOptional, "numbers of contacts (64,256,1024)"},
    OptionRow{"rounds", "N", kBench, Occurs::kOptional, "how often each is measured (5)"},
    OptionRow{"seed", "N", kBench, Occurs::kOptional, "of subscribers, contacts and the order of rounds (1)"},
    OptionRow{"output", "FILE", kBench, Occurs::kOptional,
              "write the result there, and until then a journal to FILE.journal"},
    OptionRow{"calibrate", "FILE", kBench, Occurs::kOptional, "measure this machine for estimate, and write that there"},
    OptionRow{"report", "FILE.html", kBench, Occurs::kOptional,
              "write the result as a page with charts, too"},
    OptionRow{"from", "FILE", kBench, Occurs::kOptional,
              "make that page of a result in JSON, and measure nothing"},
    OptionRow{"resume", "", kBench, Occurs::kOptional, "go on with the journal of an interrupted comparison"},
    // several
    OptionRow{"passphrase-file", "FILE", kInit | kWithKeys | kErase | kRestore | kKey, Occurs::kOptional,
              "passphrase of the keys; else $CREDENTIALS_DIRECTORY/passphrase, else a terminal is asked"},
    OptionRow{"insecure-http", "", kServe | kDiscover | kRestore, Occurs::kOptional,
              "allow plain HTTP beyond this machine"},
    OptionRow{"operator-key", "FILE", kInspect, Occurs::kOptional,
              "check signatures against this operator.pub"},
    OptionRow{"format", "text|json|csv", kDiscover | kEstimate | kBench, Occurs::kOptional,
              "of the output (text)"},
    OptionRow{"format", "text|json", kPublishing | kStatus | kErase | kInspect | kLedger, Occurs::kOptional,
              "of the output (text)"},
};

}  // namespace

std::span<const CommandRow> commands() noexcept {
  return kCommands;
}

std::span<const OptionRow> options() noexcept {
  return kOptions;
}

Result<const CommandRow*> find_command(std::string_view name) {
  std::string known;
  for (const CommandRow& row : kCommands) {
    if (row.name == name) {
      return &row;
    }
    known += (known.empty() ? "" : ", ") + std::string(row.name);
  }
  return bad_input("usage.command", "there is no command '" + std::string(name) + "'", "there are " + known);
}

}  // namespace blindbook::cli
