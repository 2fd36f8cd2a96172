#include "blindbook/service/backup_manifest.h"

#include <algorithm>
#include <array>
#include <set>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/strict_json.h"

namespace blindbook::service {
namespace {

constexpr std::string_view kSchema = "blindbook.backup/1";
constexpr std::string_view kSchemaBegin = "blindbook.backup/";
constexpr std::array<std::string_view, 6> kPaths{"config.json",         "blindbook.db",
                                                 "audit.jsonl",         "log/hashes.bbl",
                                                 "public/operator.pub", "public/announcement.bba"};

tl::unexpected<Error> damaged() {
  return bad_input("backup.damaged", "backup.json is not what blindbook backup wrote",
                   "use another backup: this one cannot be relied on");
}

}  // namespace

bool is_backup_path(std::string_view path) {
  if (std::ranges::find(kPaths, path) != kPaths.end()) {
    return true;
  }
  constexpr std::string_view kLog = "log/";
  constexpr std::string_view kEnd = ".bba";
  if (!path.starts_with(kLog) || !path.ends_with(kEnd) || path.size() <= kLog.size() + kEnd.size()) {
    return false;
  }
  const std::string_view seq = path.substr(kLog.size(), path.size() - kLog.size() - kEnd.size());
  return seq.front() != '0' && std::ranges::all_of(seq, [](char c) { return c >= '0' && c <= '9'; });
}

std::string write_manifest(const BackupManifest& manifest) {
  nlohmann::ordered_json out;
  out["schema"] = kSchema;
  out["created_at"] = manifest.created_at.value();
  out["operator_id"] = manifest.operator_id;
  out["files"] = nlohmann::ordered_json::array();
  for (const BackupFile& file : manifest.files) {
    out["files"].push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256.hex()}});
  }
  return out.dump(2) + "\n";
}

bool claims_to_be_manifest(std::string_view text) {
  const auto parsed = protocol::parse_strict_json(text, text.size());
  return parsed && parsed->is_object() &&
         protocol::JsonFields(*parsed).text("schema").starts_with(kSchemaBegin);
}

Result<BackupManifest> parse_manifest(std::string_view text) {
  const auto parsed = protocol::parse_strict_json(text, text.size());
  if (!parsed || !parsed->is_object()) {
    return damaged();
  }
  protocol::JsonFields in(*parsed);
  const std::string schema = in.text("schema");
  if (schema != kSchema && schema.starts_with(kSchemaBegin)) {
    return bad_input("backup.version", "the backup was written by a newer program",
                     "install the blindbook that wrote it, or a newer one");
  }
  BackupManifest out;
  out.created_at = UnixTime(in.number("created_at"));
  out.operator_id = in.text("operator_id");
  const nlohmann::json& files = in.member("files");
  if (in.failed() || schema != kSchema || !files.is_array()) {
    return damaged();
  }
  std::set<std::string> seen;
  for (const nlohmann::json& item : files) {
    protocol::JsonFields fields(item);
    BackupFile file{.path = fields.text("path"),
                    .bytes = fields.number("bytes"),
                    .sha256 = Digest(fields.hex<32>("sha256"))};
    if (fields.failed() || !is_backup_path(file.path) || !seen.insert(file.path).second) {
      return damaged();
    }
    out.files.push_back(std::move(file));
  }
  if (!seen.contains("config.json") || !seen.contains("blindbook.db")) {
    return damaged();
  }
  return out;
}

}  // namespace blindbook::service
