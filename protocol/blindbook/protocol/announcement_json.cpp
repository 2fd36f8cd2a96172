#include "blindbook/protocol/announcement_json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/json_fields.h"
#include "blindbook/protocol/operator_identity.h"

namespace blindbook::protocol {
namespace {

using nlohmann::json;

constexpr std::string_view kSchema = "blindbook.announcement/1";
constexpr std::size_t kMaxEpochs = 8;  // two live at once are normal: the running one and the next

json json_of(const AnnouncedPatch& patch) {
  return {{"from", patch.from.value()}, {"size", patch.size}, {"sha256", patch.sha256.hex()}};
}

json json_of(const AnnouncedEpoch& epoch) {
  json patches = json::array();
  for (const AnnouncedPatch& patch : epoch.patches) {
    patches.push_back(json_of(patch));
  }
  const bool published = epoch.edition != Edition(0);
  return {{"id", epoch.id.hex()},
          {"suite", static_cast<unsigned>(epoch.suite())},
          {"pk", to_hex(epoch.public_key.bytes())},
          {"not_before", epoch.not_before.value()},
          {"not_after", epoch.not_after.value()},
          {"edition", epoch.edition.value()},
          {"root", published ? json(epoch.root.hex()) : json(nullptr)},
          {"size", epoch.size},
          {"entries", epoch.entries},
          {"label_mode", name(epoch.label_mode)},
          {"label_bytes", epoch.label_bytes},
          {"label_template", epoch.label_template},
          {"patches", std::move(patches)}};
}

tl::unexpected<Error> schema_error() {
  return peer_misbehaved("announcement.schema",
                         "a member of the announcement is missing or of the wrong type");
}

Result<std::vector<AnnouncedPatch>> patches_from(const json& list, Edition to) {
  std::vector<AnnouncedPatch> patches;
  if (!list.is_array() || list.size() > kMaxPatchEditions) {
    return schema_error();
  }
  for (const json& item : list) {
    JsonFields in(item);
    AnnouncedPatch patch;
    patch.from = Edition(in.number<std::uint32_t>("from"));
    patch.size = in.number("size");
    patch.sha256 = Digest(in.hex<32>("sha256"));
    const bool ascends = patches.empty() || patches.back().from < patch.from;
    if (in.failed() || !ascends || patch.from == Edition(0) || patch.from >= to) {
      return schema_error();
    }
    patches.push_back(patch);
  }
  return patches;
}

/// Rules that tie the members of one epoch together.
bool is_consistent(const AnnouncedEpoch& epoch) {
  const bool published = epoch.edition != Edition(0);
  const bool labelled = epoch.label_mode != LabelMode::kNone;
  if (epoch.not_before >= epoch.not_after || epoch.label_template.size() > 255 ||
      epoch.label_bytes > kMaxLabelBytes) {
    return false;
  }
  if (!published) {
    return epoch.size == 0 && epoch.entries == 0 && epoch.patches.empty();
  }
  return epoch.size > 0 && epoch.size <= kMaxDirectoryBytes &&
         (labelled ? epoch.label_bytes >= 2 : epoch.label_bytes == 0);
}

Result<AnnouncedEpoch> epoch_from(const json& item, std::string_view operator_name) {
  JsonFields in(item);
  const auto* suite = oprf::find_suite(static_cast<SuiteId>(in.number<std::uint8_t>("suite")));
  if (in.failed()) {
    return schema_error();
  }
  if (suite == nullptr &&
      in.number<std::uint8_t>("suite") != static_cast<std::uint8_t>(SuiteId::kP256Sha256)) {
    return peer_misbehaved("announcement.constants", "an announced suite is none of protocol v1");
  }
  if (suite == nullptr) {
    return unavailable("announcement.suite", "this service uses a suite that this program does not know",
                       "upgrade blindbook");
  }
  auto public_key = suite->decode_public_key(from_hex(in.text("pk")).value_or(Bytes{}));
  if (!public_key) {
    return peer_misbehaved("announcement.key", "the announced public key is not a key of its suite");
  }
  AnnouncedEpoch epoch{.id = EpochId(in.hex<16>("id")), .public_key = std::move(*public_key)};
  epoch.not_before = UnixTime(in.number("not_before"));
  epoch.not_after = UnixTime(in.number("not_after"));
  epoch.edition = Edition(in.number<std::uint32_t>("edition"));
  const bool published = epoch.edition != Edition(0);
  if (published) {
    epoch.root = Root(in.hex<32>("root"));
  } else if (!in.member("root").is_null()) {
    in.fail();
  }
  epoch.size = in.number("size");
  epoch.entries = in.number("entries");
  const auto mode = label_mode_from(in.text("label_mode"));
  epoch.label_mode = mode.value_or(LabelMode::kNone);
  epoch.label_bytes = in.number<std::uint16_t>("label_bytes");
  epoch.label_template = in.text("label_template");
  auto patches = patches_from(in.member("patches"), epoch.edition);
  if (in.failed() || !mode || !patches) {
    return schema_error();
  }
  epoch.patches = std::move(*patches);
  if (!is_consistent(epoch)) {
    return peer_misbehaved("announcement.epoch", "the members of an announced epoch contradict each other");
  }
  if (epoch.id != epoch_id(operator_name, epoch.public_key, epoch.not_before, epoch.not_after)) {
    return peer_misbehaved("announcement.epoch-id", "an announced epoch id is not the hash of what it names");
  }
  return epoch;
}

bool has_constants_of_v1(const json& all) {
  JsonFields in(all);
  const json& sizes = in.member("batch_sizes");
  return sizes.is_array() && std::equal(sizes.begin(), sizes.end(), kBatchSizes.begin(), kBatchSizes.end()) &&
         in.number("tag_bits") == kTagBits && !in.failed();
}

}  // namespace

std::string announcement_to_json(const Announcement& announcement) {
  json epochs = json::array();
  for (const AnnouncedEpoch& epoch : announcement.epochs) {
    epochs.push_back(json_of(epoch));
  }
  const json all = {{"schema", kSchema},
                    {"operator", announcement.operator_name},
                    {"certificate", to_base64url(announcement.certificate)},
                    {"seq", announcement.seq},
                    {"issued_at", announcement.issued_at.value()},
                    {"valid_until", announcement.valid_until.value()},
                    {"previous_head", announcement.previous_head.hex()},
                    {"epochs", std::move(epochs)},
                    {"batch_sizes", kBatchSizes},
                    {"tag_bits", kTagBits},
                    {"allowance",
                     {{"initial", announcement.allowance.initial},
                      {"capacity", announcement.allowance.capacity},
                      {"refill_per_day", announcement.allowance.refill_per_day}}},
                    {"profile", kProfile},
                    {"next_publication", announcement.next_publication.value()}};
  return all.dump();
}

Bytes certificate_in(const json& announcement) {
  return from_base64url(JsonFields(announcement).text("certificate")).value_or(Bytes{});
}

Result<Announcement> announcement_from_json(const json& all) {
  JsonFields in(all);
  if (in.text("schema") != kSchema) {
    return peer_misbehaved("announcement.schema", "the announcement has an unknown schema");
  }
  // Asked first: what else an unknown profile may hold is not ours to judge.
  const std::string profile = in.text("profile");
  if (in.failed()) {
    return schema_error();
  }
  if (profile != kProfile) {
    return unavailable("announcement.profile",
                       "this service normalises numbers in a way this program does not know",
                       "upgrade blindbook");
  }
  Announcement out;
  out.operator_name = in.text("operator");
  out.certificate = certificate_in(all);
  out.seq = in.number("seq");
  out.issued_at = UnixTime(in.number("issued_at"));
  out.valid_until = UnixTime(in.number("valid_until"));
  out.previous_head = Head(in.hex<32>("previous_head"));
  out.next_publication = UnixTime(in.number("next_publication"));
  JsonFields allowance(in.member("allowance"));
  out.allowance.initial = allowance.number<std::uint32_t>("initial");
  out.allowance.capacity = allowance.number<std::uint32_t>("capacity");
  out.allowance.refill_per_day = allowance.number<std::uint32_t>("refill_per_day");
  const json& epochs = in.member("epochs");
  const bool complete =
      !in.failed() && !allowance.failed() && check_operator_name(out.operator_name).has_value();
  if (!complete || out.seq == 0 || !epochs.is_array() || epochs.empty() || epochs.size() > kMaxEpochs) {
    return schema_error();
  }
  if (!has_constants_of_v1(all)) {
    return peer_misbehaved("announcement.constants",
                           "the announced batch sizes or tag width are not those of v1");
  }
  for (const json& item : epochs) {
    auto epoch = epoch_from(item, out.operator_name);
    if (!epoch) {
      return failed(epoch);
    }
    if (!out.epochs.empty() && out.epochs.back().not_before >= epoch->not_before) {
      return peer_misbehaved("announcement.epoch",
                             "the announced epochs are not in the order of their beginnings");
    }
    out.epochs.push_back(std::move(*epoch));
  }
  return out;
}

}  // namespace blindbook::protocol
