#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/capi/boundary.h"
#include "blindbook/capi/server.h"
#include "blindbook/directory/builder.h"
#include "blindbook/directory/header.h"
#include "blindbook/directory/label.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/root.h"
#include "blindbook/directory/tag.h"
#include "blindbook/oprf/suite.h"

// The publisher behind the C ABI: rows in, a directory out.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::guarded_whole;
using capi::report;
using capi::report_null;

namespace {

/// Rows evaluated at once: they share what the encoding of an element costs.
constexpr std::size_t kSlice = 512;

struct Row {
  Identifier identifier;
  std::string label;  // stripped of the template
};

}  // namespace

struct bb_directory {
  const protocol::EpochKey& key;
  const oprf::Suite& suite;
  std::uint16_t label_bytes;
  directory::LabelTemplate label_template;
  directory::LabelSealer sealer;
  directory::Builder builder;
  std::vector<Row> waiting;
  std::optional<Bytes> file;
  bool broken = false;

  void evaluate_waiting() {
    std::vector<ByteView> inputs;
    inputs.reserve(waiting.size());
    for (const Row& row : waiting) {
      inputs.push_back(row.identifier.bytes());
    }
    std::vector<oprf::PrfOutput> outputs(waiting.size());
    suite.evaluate_unblinded(key.keys.secret, inputs, outputs);
    Bytes sealed(label_bytes == 0 ? 0 : directory::sealed_bytes(label_bytes));
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (label_bytes != 0 && !sealer.seal(outputs[i].expose(), waiting[i].label, sealed)) {
        continue;  // never: it was tried when the row came
      }
      builder.add(directory::tag_of(outputs[i].expose()), sealed);
    }
    waiting.clear();
  }
};

namespace {

/// `label` as it is sealed.
Result<std::string> strip_label(const bb_directory& directory, const char* label) {
  if (directory.label_bytes == 0) {
    return std::string();
  }
  const std::string_view text = label == nullptr ? "" : label;
  const auto stripped = directory.label_template.strip(text);
  if (!stripped) {
    return bad_input("label.template", "the label does not fit the template");
  }
  if (!directory::is_valid_label(*stripped)) {
    return bad_input("label.syntax", "the label is not UTF-8 without control characters");
  }
  if (stripped->size() + 2 > directory.label_bytes) {
    return bad_input("label.length", "the label is longer than the directory has room for");
  }
  return std::string(*stripped);
}

}  // namespace

bb_status bb_directory_new(const bb_server* server, const uint8_t* epoch_id, uint32_t edition,
                           uint16_t label_bytes, const char* label_template, bb_directory** directory,
                           bb_error* error) {
  if (any_null(server, epoch_id, label_template, directory)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    const EpochId epoch(ByteView(epoch_id, EpochId::kSize).first<EpochId::kSize>());
    const protocol::EpochKey* key = server->find(epoch);
    if (key == nullptr) {
      return report(api_misuse("server.no-epoch", "the server has no such epoch").value(), error);
    }
    auto pattern = directory::LabelTemplate::parse(label_template);
    if (!pattern) {
      return report(pattern.error(), error);
    }
    const SuiteId suite = key->keys.public_key.suite();
    const directory::Header header{.suite = suite,
                                   .epoch = epoch,
                                   .edition = Edition(edition),
                                   .label_bytes = label_bytes,
                                   .label_template = pattern->text()};
    if (const auto fault = directory::fault_of(header)) {
      return report(bad_input("directory.header", std::string(*fault)).value(), error);
    }
    *directory =
        std::make_unique<bb_directory>(
            bb_directory{*key,
                         *oprf::find_suite(suite),
                         label_bytes,
                         *pattern,
                         directory::LabelSealer(suite, epoch, label_bytes),
                         directory::Builder(suite, epoch, Edition(edition), label_bytes, pattern->text()),
                         {},
                         {},
                         false})
            .release();
    return BB_OK;
  });
}

void bb_directory_free(bb_directory* directory) {
  delete directory;
}

bb_status bb_directory_add(bb_directory* directory, const char* e164, const char* label, bb_error* error) {
  if (any_null(directory, e164)) {
    return report_null(error);
  }
  return guarded_whole(&directory->broken, error, [&] {
    if (directory->file) {
      return report(api_misuse("run.order", "the directory is finished").value(), error);
    }
    auto identifier = Identifier::from_e164(e164);
    if (!identifier) {
      return report(identifier.error(), error);
    }
    auto stripped = strip_label(*directory, label);
    if (!stripped) {
      return report(stripped.error(), error);
    }
    directory->waiting.push_back({std::move(*identifier), std::move(*stripped)});
    if (directory->waiting.size() == kSlice) {
      directory->evaluate_waiting();
    }
    return BB_OK;
  });
}

bb_status bb_directory_finish(bb_directory* directory, uint8_t* out, size_t* size, uint8_t* root,
                              bb_error* error) {
  if (any_null(directory, root)) {
    return report_null(error);
  }
  return guarded_whole(&directory->broken, error, [&] {
    if (!directory->file) {
      directory->evaluate_waiting();
      auto file = std::move(directory->builder).finish();
      if (!file) {
        return report(file.error(), error);
      }
      directory->file = std::move(*file);
    }
    const bb_status status = copy_out(*directory->file, out, size, error);
    if (status == BB_OK) {
      const Root digest = directory::root_of(*directory->file);
      std::copy(digest.view().begin(), digest.view().end(), root);
    }
    return status;
  });
}
