#include "blindbook/service/audit_trail.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "blindbook/base/domains.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/strict_json.h"

namespace blindbook::service {
namespace {

using protocol::JsonFields;

constexpr std::string_view kSchema = "blindbook.audit/1";
constexpr std::string_view kEntryBegin = R"({"schema":"blindbook.audit/)";
/// Far beyond any entry: a user's name has 32 characters, a command a handful of counts.
constexpr std::size_t kMaxEntryBytes = 4096;

/// The next line of `text`, without its end, which is taken off. `text` is not empty.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

AuditRemains remains_of(std::string_view bytes) {
  return {.bytes = bytes.size(), .sha256 = Digest(hash::sha256({bytes_of(bytes)}))};
}

std::optional<AuditRemains> read_remains(const nlohmann::json& object, JsonFields& entry) {
  if (!object.contains("cut_off")) {
    return std::nullopt;
  }
  JsonFields in(object.at("cut_off"));
  const AuditRemains remains{.bytes = in.number("bytes"), .sha256 = Digest(in.hex<32>("sha256"))};
  if (in.failed() || remains.bytes == 0) {
    entry.fail();
  }
  return remains;
}

AuditCounts read_counts(const nlohmann::json& object, JsonFields& entry) {
  AuditCounts counts;
  if (!object.is_object()) {
    entry.fail();
    return counts;
  }
  JsonFields in(object);
  for (const auto& item : object.items()) {
    counts.emplace(item.key(), in.number(item.key().c_str()));
  }
  if (in.failed()) {
    entry.fail();
  }
  return counts;
}

/// Examines a trail line by line.
class Examination {
 public:
  explicit Examination(std::string_view text) : text_(text), rest_(text) {}

  [[nodiscard]] AuditTrail run() && {
    while (!rest_.empty()) {
      const auto begin = static_cast<std::size_t>(rest_.data() - text_.data());
      const std::string_view line = take_line(rest_);
      ++line_;
      if (std::optional<AuditEntry> entry = parse_audit_entry(line)) {
        take(std::move(*entry), line, begin);
        whole_ = text_.size() - rest_.size();
      }
    }
    trail_.bytes_behind = text_.size() - whole_;
    return std::move(trail_);
  }

 private:
  void take(AuditEntry entry, std::string_view line, std::size_t begin) {
    const std::string_view between = text_.substr(whole_, begin - whole_);
    const auto remains = between.empty() ? std::nullopt : std::optional(remains_of(between));
    const std::uint64_t due = trail_.last ? trail_.last->seq + 1 : 1;
    if (entry.previous != trail_.head) {
      breaks("it does not follow the entry before it, which was changed or taken away");
    } else if (entry.seq != due) {
      breaks("its number is not the next");
    } else if (entry.remains != remains) {
      breaks("what stands between it and the entry before it is not what it names");
    }
    trail_.cut_off += remains ? 1 : 0;
    ++trail_.entries;
    trail_.head = audit_head(line);
    AuditTrail::OfCommand& of_command = trail_.commands[entry.command];
    ++of_command.times;
    of_command.last = entry.at;
    if (!trail_.first) {
      trail_.first = entry;
    }
    trail_.last = std::move(entry);
  }

  void breaks(std::string_view fault) {
    if (!trail_.broken) {
      trail_.broken = AuditTrail::Break{line_, fault};
    }
  }

  std::string_view text_;
  std::string_view rest_;
  std::size_t line_ = 0;
  std::size_t whole_ = 0;  // bytes up to the end of the last entry's line
  AuditTrail trail_;
};

}  // namespace

std::string write_audit_entry(const AuditEntry& entry) {
  nlohmann::ordered_json out;
  out["schema"] = kSchema;
  out["seq"] = entry.seq;
  out["at"] = entry.at.value();
  out["uid"] = entry.uid;
  out["user"] = entry.user;
  if (entry.login_uid) {
    out["login_uid"] = *entry.login_uid;
  }
  out["command"] = entry.command;
  out["counts"] = nlohmann::ordered_json::object();
  for (const auto& [name, count] : entry.counts) {
    out["counts"][name] = count;
  }
  if (entry.remains) {
    out["cut_off"] = {{"bytes", entry.remains->bytes}, {"sha256", entry.remains->sha256.hex()}};
  }
  out["previous"] = entry.previous.hex();
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::optional<AuditEntry> parse_audit_entry(std::string_view line) {
  if (!line.starts_with(kEntryBegin)) {
    return std::nullopt;
  }
  const auto parsed = protocol::parse_strict_json(line, kMaxEntryBytes);
  if (!parsed || !parsed->is_object()) {
    return std::nullopt;
  }
  JsonFields in(*parsed);
  AuditEntry out{.seq = in.number("seq"),
                 .at = UnixTime(in.number("at")),
                 .uid = in.number<std::uint32_t>("uid"),
                 .user = in.text("user"),
                 .login_uid = {},
                 .command = in.text("command"),
                 .counts = read_counts(in.member("counts"), in),
                 .previous = Digest(in.hex<32>("previous")),
                 .remains = read_remains(*parsed, in)};
  if (parsed->contains("login_uid")) {
    out.login_uid = in.number<std::uint32_t>("login_uid");
  }
  if (in.failed() || write_audit_entry(out) != line) {
    return std::nullopt;
  }
  return out;
}

Digest audit_head(std::string_view line) {
  return Digest(hash::sha256({bytes_of(domain::kAudit), bytes_of(line)}));
}

bool claims_to_be_audit_trail(std::string_view text) {
  return text.starts_with(kEntryBegin) ||
         text.find(std::string("\n").append(kEntryBegin)) != std::string_view::npos;
}

AuditEnd end_of_audit_trail(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view lines = rest;
    if (lines.ends_with('\n')) {
      lines.remove_suffix(1);
    }
    const std::size_t begin = lines.rfind('\n') + 1;  // npos + 1 is the first line
    const std::string_view line = lines.substr(begin);
    if (const std::optional<AuditEntry> entry = parse_audit_entry(line)) {
      return {.seq = entry->seq, .head = audit_head(line), .whole = rest.size()};
    }
    rest = rest.substr(0, begin);
  }
  return {};
}

AuditTrail examine_audit_trail(std::string_view text) {
  return Examination(text).run();
}

}  // namespace blindbook::service
