#include "tests/year/served_tags.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "blindbook/directory/patch.h"
#include "blindbook/directory/rows.h"
#include "blindbook/directory/tag.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::year {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{1} << 30;

void expect_none(const std::vector<std::uint64_t>& tags, const std::set<std::uint64_t>& erased,
                 const fs::path& file) {
  if (std::any_of(tags.begin(), tags.end(), [&](std::uint64_t tag) { return erased.contains(tag); })) {
    throw std::runtime_error(file.string() + " holds the tag of somebody who was erased");
  }
}

}  // namespace

void ServedTags::check(ServiceThroughTime& service, const Town& town, std::size_t most) {
  const service::OperatorFolder& folder = service.folder();
  const std::vector<protocol::EpochKey> keys = service.folder().load_epoch_keys(service.now()).value();
  std::set<fs::path> told{folder.announcement_path(), folder.public_folder() / "operator.pub",
                          folder.public_log_path()};
  for (const protocol::AnnouncedEpoch& epoch : service.announcement().epochs) {
    if (epoch.edition == Edition(0)) {
      continue;
    }
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const auto& one) { return one.id == epoch.id; });
    const std::set<std::uint64_t> erased = erased_tags(*key, town, most);
    const fs::path directory = folder.directory_path(epoch.id, epoch.edition);
    const Bytes file = service::read_file(directory, kMostBytes).value();
    const directory::DecodedDirectory decoded = directory::decode_directory(file).value();
    if (decoded.tags.size() != town.subscribers()) {
      throw std::runtime_error("the directory has not as many rows as the town has subscribers");
    }
    expect_none(decoded.tags, erased, directory);
    told.insert(directory);
    for (const protocol::AnnouncedPatch& patch : epoch.patches) {
      const fs::path path = folder.patch_path(epoch.id, patch.from, epoch.edition);
      expect_none(directory::parse_patch(service::read_file(path, kMostBytes).value()).value().tags, erased,
                  path);
      told.insert(path);
    }
  }
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder.public_folder())) {
    if (entry.is_regular_file() && !told.contains(entry.path())) {
      throw std::runtime_error(entry.path().string() + " lies where clients fetch, and nobody is told of it");
    }
  }
}

std::set<std::uint64_t> ServedTags::erased_tags(const protocol::EpochKey& key, const Town& town,
                                                std::size_t most) {
  std::map<std::size_t, std::uint64_t>& known = known_[key.id];
  std::vector<std::string> identifiers;
  std::vector<std::size_t> people;
  std::set<std::uint64_t> out;
  for (const std::size_t person : town.last_erased(most)) {
    if (const auto tag = known.find(person); tag != known.end()) {
      out.insert(tag->second);
    } else {
      people.push_back(person);
      identifiers.push_back("tel:" + town.number(person));
    }
  }
  std::vector<ByteView> inputs;
  inputs.reserve(identifiers.size());
  for (const std::string& identifier : identifiers) {
    inputs.push_back(bytes_of(identifier));
  }
  std::vector<oprf::PrfOutput> outputs(inputs.size());
  oprf::find_suite(key.keys.secret.suite())->evaluate_unblinded(key.keys.secret, inputs, outputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const std::uint64_t tag = directory::tag_of(outputs[i].expose()).value();
    known[people[i]] = tag;
    out.insert(tag);
  }
  return out;
}

}  // namespace blindbook::year
