#include "blindbook/service/revocations.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/strict_json.h"
#include "blindbook/service/atomic_file.h"
#include "blindbook/service/file_lock.h"

namespace blindbook::service {
namespace {

constexpr const char* kSchema = "blindbook.revoked/1";
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;  // some 200,000 accounts a day

Result<std::vector<Revocation>> malformed() {
  return bad_input("revoked.format", "revoked.json is not as this program writes it",
                   "remove it, and revoke anew what was revoked within a day");
}

/// Every token that it speaks of has expired.
bool is_over(const Revocation& one, UnixTime now) {
  return now.value() > one.issued_until.value() &&
         now.value() - one.issued_until.value() > protocol::kMaxTokenLife + protocol::kTokenClockSkew;
}

std::string text_of_list(const std::vector<Revocation>& list) {
  nlohmann::ordered_json out;
  out["schema"] = kSchema;
  out["revoked"] = nlohmann::ordered_json::array();
  for (const Revocation& one : list) {
    out["revoked"].push_back(
        {{"issuer", one.issuer}, {"account", one.account}, {"issued_until", one.issued_until.value()}});
  }
  return out.dump() + "\n";
}

}  // namespace

Result<std::vector<Revocation>> read_revocations(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    return std::vector<Revocation>();
  }
  const Result<Bytes> text = read_file(file, kMaxBytes);
  if (!text) {
    return tl::unexpected<Error>(text.error());
  }
  const Result<nlohmann::json> parsed = protocol::parse_strict_json(text_of(*text), kMaxBytes);
  if (!parsed) {
    return malformed();
  }
  protocol::JsonFields list(*parsed);
  const bool known = list.text("schema") == kSchema;
  const nlohmann::json& entries = list.member("revoked");
  if (list.failed() || !known || parsed->size() != 2 || !entries.is_array()) {
    return malformed();
  }
  std::vector<Revocation> out;
  for (const nlohmann::json& entry : entries) {
    protocol::JsonFields fields(entry);
    Revocation one{.issuer = fields.text("issuer"),
                   .account = fields.text("account"),
                   .issued_until = UnixTime(fields.number("issued_until"))};
    if (fields.failed() || entry.size() != 3) {
      return malformed();
    }
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::size_t> revoke(const std::filesystem::path& file, const std::string& issuer,
                           const std::string& account, UnixTime now) {
  if (!protocol::is_account(account)) {
    return bad_input("token.account", "an account has 1 to 255 bytes of UTF-8 without control characters");
  }
  const Result<FileLock> lock = FileLock::acquire(file.parent_path() / "revoked.lock", "revoked.locked",
                                                  "another run is writing revoked.json");
  if (!lock) {
    return tl::unexpected<Error>(lock.error());
  }
  Result<std::vector<Revocation>> list = read_revocations(file);
  if (!list) {
    return tl::unexpected<Error>(list.error());
  }
  list->erase(std::remove_if(list->begin(), list->end(),
                             [&](const Revocation& one) {
                               return is_over(one, now) || (one.issuer == issuer && one.account == account);
                             }),
              list->end());
  list->push_back({issuer, account, UnixTime(now.value() + protocol::kTokenClockSkew)});
  if (const Result<void> written =
          write_file_atomically(file, bytes_of(text_of_list(*list)), FileAccess::kOwnerOnly);
      !written) {
    return tl::unexpected<Error>(written.error());
  }
  return list->size();
}

Result<std::unique_ptr<RevocationList>> RevocationList::open(std::filesystem::path file) {
  std::unique_ptr<RevocationList> out(new RevocationList(std::move(file)));
  if (const Result<bool> read = out->refresh(); !read) {
    return tl::unexpected<Error>(read.error());
  }
  return out;
}

bool RevocationList::revokes(const protocol::Access& access) const {
  const std::scoped_lock lock(mutex_);
  const auto found = until_.find(Account(access.issuer, access.account));
  return found != until_.end() && access.issued_at <= found->second;
}

Result<bool> RevocationList::refresh() {
  // Read before the file: a replacement in between is then seen at the next call.
  const std::optional<Stamp> found = stamp();
  {
    const std::scoped_lock lock(mutex_);
    if (found == stamp_) {
      return false;
    }
    stamp_ = found;
  }
  const Result<std::vector<Revocation>> list = read_revocations(file_);
  if (!list) {
    return tl::unexpected<Error>(list.error());
  }
  std::map<Account, UnixTime> until;
  for (const Revocation& one : *list) {
    UnixTime& time = until[Account(one.issuer, one.account)];
    time = std::max(time, one.issued_until);
  }
  const std::scoped_lock lock(mutex_);
  until_ = std::move(until);
  return true;
}

std::optional<RevocationList::Stamp> RevocationList::stamp() const {
  struct stat status {};
  if (::stat(file_.c_str(), &status) != 0) {
    return std::nullopt;
  }
  return Stamp{status.st_ino, status.st_mtim.tv_sec, status.st_mtim.tv_nsec};
}

}  // namespace blindbook::service
