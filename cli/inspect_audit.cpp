#include "cli/inspect_audit.h"

#include <string>
#include <utility>
#include <vector>

#include "blindbook/service/audit_trail.h"

namespace blindbook::cli {
namespace {

Facts facts_of(const service::AuditEntry& entry) {
  Facts out;
  out.add("seq", entry.seq).add("at", entry.at).add("command", entry.command);
  out.add("user", entry.user).add("uid", entry.uid);
  return out;
}

}  // namespace

Result<Facts> inspect_audit_trail(std::string_view text) {
  const service::AuditTrail trail = service::examine_audit_trail(text);
  if (trail.broken) {
    return bad_input(
        "audit.chain",
        "the chain of this audit trail breaks at line " + std::to_string(trail.broken->line) + ": " +
            std::string(trail.broken->fault),
        "the lines before it hold together as far as they go; compare with the copy in a backup");
  }
  Facts out;
  out.add("kind", "audit trail").add("bytes", text.size());
  out.add("chain", "whole").add("entries", trail.entries).add("head", trail.head.hex());
  if (trail.first) {
    out.add("first", facts_of(*trail.first)).add("last", facts_of(*trail.last));
    std::vector<Facts> rows;
    for (const auto& [command, done] : trail.commands) {
      rows.push_back(Facts().add("command", command).add("times", done.times).add("last", done.last));
    }
    out.add_table("commands", std::move(rows));
  }
  out.add("writes_cut_off", trail.cut_off).add("bytes_behind_the_last_entry", trail.bytes_behind);
  return out;
}

}  // namespace blindbook::cli
