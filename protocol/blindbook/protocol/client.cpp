#include "blindbook/protocol/client.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "blindbook/directory/label.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/tag.h"
#include "blindbook/protocol/params.h"
#include "blindbook/protocol/pending.h"

namespace blindbook::protocol {
namespace {

constexpr std::size_t kDummyBytes = 32;

/// Fisher-Yates: every order of the slots is equally likely.
template <class T>
void shuffle(std::vector<T>& items, RandomSource& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[uniform_below(random, i)]);
  }
}

}  // namespace

Result<Ready> Ready::begin(AnnouncedEpoch epoch, OutputStore known) {
  const oprf::Suite* suite = oprf::find_suite(epoch.suite());
  if (suite == nullptr) {
    return unavailable("client.suite", "this build does not have the suite of the announced epoch");
  }
  return Ready(*suite, std::move(epoch), std::move(known));
}

Result<Blinded> Ready::blind(std::span<const Identifier> identifiers, std::uint32_t batch_size,
                             RandomSource& random) && {
  auto blinding = std::move(*this).begin_blinding(identifiers, batch_size, random);
  if (!blinding) {
    return failed(blinding);
  }
  blinding->step(batch_size, random);
  return std::move(*blinding).finish();
}

Result<Blinding> Ready::begin_blinding(std::span<const Identifier> identifiers, std::uint32_t batch_size,
                                       RandomSource& random) && {
  if (!is_batch_size(batch_size) || identifiers.size() > batch_size) {
    return api_misuse("client.batch-size",
                      "the batch size is not on the list or smaller than the identifiers");
  }
  std::vector<std::optional<Identifier>> slots(identifiers.begin(), identifiers.end());
  slots.resize(batch_size);
  shuffle(slots, random);

  SecretBytes dummies(kDummyBytes * batch_size);
  random.fill(dummies.expose_mutable());
  std::vector<ByteView> inputs;
  inputs.reserve(batch_size);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    inputs.push_back(slots[i] ? slots[i]->bytes() : dummies.expose().subspan(i * kDummyBytes, kDummyBytes));
  }
  auto job = suite_->begin_blinding(inputs, epoch_.public_key);
  return Blinding(std::move(*this), std::move(slots), std::move(job));
}

Result<Blinded> Blinding::finish() && {
  auto blinded = std::move(*job_).finish();
  if (!blinded) {
    return failed(blinded);
  }
  Bytes request = encode_request(ready_.epoch_.public_key, ready_.epoch_.id,
                                 static_cast<std::uint32_t>(slots_.size()), blinded->elements);
  const RequestDigest digest = digest_of_request(request);
  return Blinded{AwaitingEvaluation(std::move(ready_), std::move(blinded->batch), std::move(slots_), digest),
                 std::move(request)};
}

Result<Blinded> Ready::resume(const Secret<32>& key, ByteView blob) && {
  auto content = decode_pending(key, blob);
  if (!content) {
    return failed(content);
  }
  auto batch = oprf::ClientBatch::load(*suite_, content->batch.expose());
  if (content->named.epoch != epoch_.id || !batch || batch->count() != content->slots.size() ||
      !is_batch_size(batch->count())) {
    return bad_input("client.pending", "the suspended request does not belong to this epoch");
  }
  Bytes request = encode_request(epoch_.public_key, epoch_.id, static_cast<std::uint32_t>(batch->count()),
                                 batch->elements());
  const RequestDigest digest = digest_of_request(request);
  return Blinded{AwaitingEvaluation(std::move(*this), std::move(*batch), std::move(content->slots), digest),
                 std::move(request)};
}

AwaitingDirectory Ready::skip_evaluation() && {
  return AwaitingDirectory(std::move(*this), std::nullopt);
}

std::size_t AwaitingEvaluation::identifiers() const noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(slots_, [](const auto& slot) { return slot.has_value(); }));
}

Result<AwaitingDirectory> AwaitingEvaluation::finish(ByteView answer) && {
  const auto parsed = parse_answer(answer, ready_.suite_->sizes(), digest_, batch_size());
  if (!parsed) {
    return tl::unexpected<Error>(parsed.error());
  }
  auto verified = std::move(batch_).verify(parsed->elements, parsed->proof);
  if (!verified) {
    return failed(verified);
  }
  std::vector<oprf::PrfOutput> outputs = std::move(*verified).finalize();
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i]) {
      ready_.outputs_.put(std::move(*slots_[i]), std::move(outputs[i]));
    }
  }
  return AwaitingDirectory(std::move(ready_), parsed->allowance_left);
}

Bytes AwaitingEvaluation::suspend(const Secret<32>& key, const RequestOrder& order,
                                  RandomSource& random) const {
  return encode_pending(
      key, {.named = {.epoch = ready_.epoch_.id, .order = order}, .slots = slots_, .batch = batch_.save()},
      random);
}

Result<PendingRequest> inspect_pending(const Secret<32>& key, ByteView blob) {
  auto content = decode_pending(key, blob);
  if (!content) {
    return failed(content);
  }
  return std::move(content->named);
}

Result<DirectoryReading> AwaitingDirectory::read_directory(const AnnouncedEpoch& epoch,
                                                           std::span<const Identifier> book) const {
  if (epoch.id != ready_.epoch_.id || epoch.edition == Edition(0)) {
    return api_misuse("client.epoch", "the directory belongs to another epoch than the evaluations");
  }
  std::vector<Identifier> asked;
  std::vector<Tag> tags;
  std::set<Identifier> seen;
  for (const Identifier& identifier : book) {
    const oprf::PrfOutput* output = outputs().find(identifier);
    if (output != nullptr && seen.insert(identifier).second) {
      asked.push_back(identifier);
      tags.push_back(directory::tag_of(output->expose()));
    }
  }
  const directory::ExpectedHeader expected{.suite = epoch.suite(),
                                           .epoch = epoch.id,
                                           .edition = epoch.edition,
                                           .entries = epoch.entries,
                                           .label_bytes = epoch.column_label_bytes(),
                                           .label_template = epoch.column_label_template(),
                                           .file_size = epoch.size};
  return DirectoryReading(epoch, std::move(asked), directory::StreamReader(expected, tags));
}

Result<Discovered> AwaitingDirectory::discover(DirectoryReading reading) && {
  auto unverified = std::move(reading.reader_).finish();
  if (!unverified) {
    return failed(unverified);
  }
  auto matches = std::move(*unverified).verify(reading.epoch_.root);
  if (!matches) {
    return failed(matches);
  }
  const auto pattern = directory::LabelTemplate::parse(reading.epoch_.label_template);
  if (!pattern) {
    return peer_misbehaved("directory.header", "the announced label template is not a template");
  }
  const directory::LabelSealer sealer(reading.epoch_.suite(), reading.epoch_.id, reading.epoch_.label_bytes);
  const bool labelled = reading.epoch_.label_mode == LabelMode::kEmbedded;

  // By position in the book, so that results keep its order and a tag with several rows gives one match.
  std::map<std::size_t, ContactMatch> found;
  std::size_t unopened = 0;
  for (const directory::Match& match : matches->matches) {
    const Identifier& identifier = reading.asked_[match.own_index];
    if (!labelled) {
      found.try_emplace(match.own_index, ContactMatch{identifier, std::nullopt});
      continue;
    }
    const auto label = sealer.open(outputs().find(identifier)->expose(), match.sealed);
    if (label) {
      found.try_emplace(match.own_index, ContactMatch{identifier, pattern->fill(*label)});
    } else {
      ++unopened;
    }
  }
  std::vector<ContactMatch> in_order;
  in_order.reserve(found.size());
  for (auto& [index, match] : found) {
    in_order.push_back(std::move(match));
  }
  return Discovered(std::move(in_order), unopened, std::move(ready_.outputs_));
}

}  // namespace blindbook::protocol
