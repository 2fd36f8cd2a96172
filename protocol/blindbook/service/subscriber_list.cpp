#include "blindbook/service/subscriber_list.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "blindbook/contact/reject_reason.h"
#include "blindbook/service/identifier_text.h"
#include "blindbook/service/subscriber_number.h"

namespace blindbook::service {
namespace {

/// Rows that one thread normalises before it looks for more.
constexpr std::size_t kRowsPerTask = 512;

struct OwnReason {
  std::string_view name;
  std::string_view sentence;
};
constexpr OwnReason kDuplicate{"duplicate",
                               "another row has the same number, so that neither can be trusted"};
constexpr OwnReason kLabelSyntax{"label-syntax",
                                 "the label is not UTF-8, or holds control or bidi characters"};
constexpr OwnReason kLabelTemplate{"label-template", "the label does not match the epoch's label template"};
constexpr OwnReason kLabelLength{"label-length", "the label is longer than the epoch's label field"};
constexpr OwnReason kSourceReasons[] = {
    {"damaged-row", "the line is not CSV: a quote is not closed, or text follows it, or it is too long"},
    {"columns", "the row has more or fewer columns than the header"},
    {"json", "the line is not a JSON object with number, label and discoverable"},
    {"row-size", "the row is longer than 65536 bytes"},
    {"discoverable-value", "discoverable is none of yes, true, 1, no, false, 0 and nothing"},
};

/// E.164 digits as an integer.
std::uint64_t number_of(const Identifier& identifier) {
  std::uint64_t number = 0;
  for (const char digit : identifier.e164().substr(1)) {
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return number;
}

/// Why `label` cannot be published; empty when it can.
std::string_view label_fault(std::string_view label, std::span<const LabelSettings> all) {
  for (const LabelSettings& settings : all) {
    if (settings.mode == protocol::LabelMode::kNone) {
      continue;
    }
    if (!directory::is_valid_label(label)) {
      return kLabelSyntax.name;
    }
    const auto stripped = settings.label_template.strip(label);
    if (!stripped) {
      return kLabelTemplate.name;
    }
    if (stripped->size() > settings.max_stripped_bytes()) {
      return kLabelLength.name;
    }
  }
  return {};
}

/// The label as the directory of an epoch has it.
std::string_view label_in(const SubscriberRow& row, const LabelSettings& settings) {
  return settings.mode == protocol::LabelMode::kNone ? std::string_view() : std::string_view(row.label);
}

bool has_labels(std::span<const LabelSettings> all) {
  return std::any_of(all.begin(), all.end(),
                     [](const LabelSettings& one) { return one.mode != protocol::LabelMode::kNone; });
}

}  // namespace

std::string_view describe_rejected_row(std::string_view reason) noexcept {
  for (const OwnReason& own : {kDuplicate, kLabelSyntax, kLabelTemplate, kLabelLength}) {
    if (own.name == reason) {
      return own.sentence;
    }
  }
  for (const OwnReason& own : kSourceReasons) {
    if (own.name == reason) {
      return own.sentence;
    }
  }
  return contact::describe(reason);
}

std::string_view hint_for_rejected_row(std::string_view reason) noexcept {
  if (reason == contact::name(contact::RejectReason::kNoRegion)) {
    return "say with --region which country numbers without + are of, such as --region DE";
  }
  if (reason == kLabelLength.name) {
    return "a label has two bytes less than --label-bytes, which the first publication of an epoch settles: "
           "give more there, or shorten the label";
  }
  if (reason == kLabelTemplate.name) {
    return "the first publication of an epoch settles --label-template: every label has to fit it";
  }
  return {};
}

/// A row of the source, on its way to a Row.
struct SubscriberList::Candidate {
  SubscriberRow row;
  std::uint64_t number = 0;  // 0: none
  std::string_view fault;
  bool recalled = false;
  std::vector<RowLookup> lookups;  // of a row that may be published, one for each epoch

  /// Of a row that has a number, or is recalled.
  [[nodiscard]] Fate fate() const noexcept {
    return !fault.empty() ? Fate::kRejected : row.discoverable ? Fate::kPublished : Fate::kNotDiscoverable;
  }

  void examine(const contact::Normaliser& normaliser, bool only_plus, std::span<const LabelSettings> labels,
               const RowRecall& recall) {
    number = 0;
    fault = {};
    recalled = look_up(labels, recall);
    if (recalled) {
      return;
    }
    // A row that is rejected for something else still says that its number is not another row's alone.
    fault = number_fault(normaliser, only_plus);
    if (!row.fault.empty()) {
      fault = row.fault;
    }
    if (fault.empty()) {
      fault = label_fault(row.label, labels);
    }
  }

 private:
  /// Whether every epoch has this very row already.
  bool look_up(std::span<const LabelSettings> labels, const RowRecall& recall) {
    lookups.clear();
    if (!row.fault.empty() || !row.discoverable) {
      return false;
    }
    bool in_all = !recall.memories.empty();
    for (std::size_t i = 0; i < recall.memories.size(); ++i) {
      const EpochMemory& memory = recall.memories[i];
      RowLookup& lookup = lookups.emplace_back();
      if (memory.index) {
        lookup.row = memory.index->row(row.number, recall.region, label_in(row, labels[i]));
      }
      if (memory.cache) {
        lookup.place = memory.cache->find(*lookup.row);
      }
      in_all = in_all && lookup.place.has_value();
    }
    return in_all;
  }

  std::string_view number_fault(const contact::Normaliser& normaliser, bool only_plus) {
    const auto identifier = subscriber_number(normaliser, only_plus, row.number);
    if (!identifier) {
      return identifier.error();
    }
    number = number_of(*identifier);
    return {};
  }
};

Result<SubscriberList> SubscriberList::read(SubscriberSource& source, const contact::Normaliser& normaliser,
                                            bool only_plus, std::span<const LabelSettings> labels,
                                            const RowRecall& recall, WorkerPool& pool,
                                            const ReadingProgress& progress) {
  SubscriberList list;
  std::vector<Candidate> candidates(kSliceRows);
  bool more = true;
  while (more) {
    candidates.resize(kSliceRows);
    std::size_t filled = 0;
    while (filled < kSliceRows) {
      Result<bool> next = source.next(candidates[filled].row);
      if (!next) {
        return failed(next);
      }
      more = *next;
      if (!more) {
        break;
      }
      if (candidates[filled].row.line > std::numeric_limits<std::uint32_t>::max()) {
        return bad_input("source.lines", "the subscriber list has more than 4294967295 lines");
      }
      ++filled;
    }
    candidates.resize(filled);
    pool.parallel_for(filled, kRowsPerTask, [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) {
        candidates[i].examine(normaliser, only_plus, labels, recall);
      }
    });
    list.take(candidates, labels, recall);
    if (progress) {
      progress(source.bytes_read(), source.bytes_total());
    }
  }
  list.reject_duplicates();
  if (list.recalled_ != 0) {
    list.reject_recalled_duplicates(recall);
  }
  list.count(labels);
  return list;
}

std::size_t SubscriberList::published_label_bytes(std::span<const Candidate> candidates) {
  std::size_t bytes = 0;
  for (const Candidate& candidate : candidates) {
    bytes += candidate.number != 0 && candidate.fate() == Fate::kPublished ? candidate.row.label.size() : 0;
  }
  return bytes;
}

void SubscriberList::take(std::span<const Candidate> candidates, std::span<const LabelSettings> labels,
                          const RowRecall& recall) {
  const bool keep_labels = has_labels(labels);
  Slice slice;
  slice.places = RowPlaces(recall.memories.size());
  slice.rows.reserve(candidates.size());
  if (keep_labels) {
    slice.labels.reserve(published_label_bytes(candidates));
  }
  for (const Candidate& candidate : candidates) {
    if (!candidate.fault.empty()) {
      rejected_.push_back({candidate.row.line, candidate.fault});
    }
    if (candidate.number == 0 && !candidate.recalled) {
      continue;
    }
    recalled_ += candidate.recalled ? 1 : 0;
    Row row{.number = candidate.number,
            .line = static_cast<std::uint32_t>(candidate.row.line),
            .label_at = static_cast<std::uint32_t>(slice.labels.size()),
            .label_size = 0,
            .fate = candidate.fate()};
    if (keep_labels && row.fate == Fate::kPublished && !candidate.recalled) {
      row.label_size = static_cast<std::uint16_t>(candidate.row.label.size());
      slice.labels.append(candidate.row.label);
    }
    slice.rows.push_back(row);
    const bool is_published = row.fate == Fate::kPublished;
    slice.places.add(is_published ? std::span<const RowLookup>(candidate.lookups)
                                  : std::span<const RowLookup>());
  }
  if (!slice.rows.empty()) {
    slices_.push_back(std::move(slice));
  }
}

void SubscriberList::reject_duplicates() {
  std::size_t rows = 0;
  for (const Slice& slice : slices_) {
    rows += slice.rows.size();
  }
  std::vector<std::uint64_t> numbers;
  numbers.reserve(rows);
  for (const Slice& slice : slices_) {
    for (const Row& row : slice.rows) {
      if (row.number != 0) {
        numbers.push_back(row.number);
      }
    }
  }
  std::sort(numbers.begin(), numbers.end());
  // Keeps one of each number that stands there more than once.
  std::vector<std::uint64_t> repeated;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (numbers[i] == numbers[i - 1] && (repeated.empty() || repeated.back() != numbers[i])) {
      repeated.push_back(numbers[i]);
    }
  }
  if (repeated.empty()) {
    return;
  }
  reject_where([&](const Slice& slice, std::size_t i) {
    return std::binary_search(repeated.begin(), repeated.end(), slice.rows[i].number);
  });
}

// A recalled row has no number, but a place, which no other row may have, and at the place a hash of its number, which
// no number of another row may have.
void SubscriberList::reject_recalled_duplicates(const RowRecall& recall) {
  const EpochMemory& memory = recall.memories.front();
  struct Known {
    NumberHash hash;
    std::uint64_t number;
  };
  std::vector<Known> others;
  std::vector<bool> seen(memory.cache->size());
  std::vector<bool> repeated(memory.cache->size());
  for (const Slice& slice : slices_) {
    for (std::size_t i = 0; i < slice.rows.size(); ++i) {
      if (const std::uint64_t number = slice.rows[i].number; number != 0) {
        others.push_back({memory.index->identifier(IdentifierText(number).bytes()), number});
        continue;
      }
      const std::uint32_t place = *slice.places.at(i, 0).place;
      repeated[place] = seen[place];
      seen[place] = true;
    }
  }
  const auto by_hash = [](const Known& a, const Known& b) { return a.hash < b.hash; };
  std::sort(others.begin(), others.end(), by_hash);
  std::vector<std::uint64_t> numbers;
  for (std::uint32_t place = 0; place < memory.cache->size(); ++place) {
    if (!seen[place]) {
      continue;
    }
    const Known wanted{memory.cache->number_at(place), 0};
    const auto at = std::lower_bound(others.begin(), others.end(), wanted, by_hash);
    if (at != others.end() && at->hash == wanted.hash) {
      repeated[place] = true;
      numbers.push_back(at->number);
    }
  }
  std::sort(numbers.begin(), numbers.end());
  reject_where([&](const Slice& slice, std::size_t i) {
    const std::uint64_t number = slice.rows[i].number;
    return number != 0 ? std::binary_search(numbers.begin(), numbers.end(), number)
                       : repeated[*slice.places.at(i, 0).place];
  });
}

template <class IsRepeated>
void SubscriberList::reject_where(IsRepeated is_repeated) {
  for (Slice& slice : slices_) {
    for (std::size_t i = 0; i < slice.rows.size(); ++i) {
      Row& row = slice.rows[i];
      if (row.fate != Fate::kRejected && is_repeated(slice, i)) {
        row.fate = Fate::kRejected;
        rejected_.push_back({row.line, kDuplicate.name});
      }
    }
  }
}

void SubscriberList::count(std::span<const LabelSettings> labels) {
  longest_.assign(labels.size(), 0);
  for (const Slice& slice : slices_) {
    for (const Row& row : slice.rows) {
      well_formed_ += row.fate == Fate::kRejected ? 0 : 1;
      if (row.fate != Fate::kPublished) {
        continue;
      }
      ++published_;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i].mode != protocol::LabelMode::kNone && !labels[i].label_bytes) {
          longest_[i] = std::max(longest_[i], labels[i].label_template.strip(slice.label(row))->size());
        }
      }
    }
  }
  std::sort(rejected_.begin(), rejected_.end(),
            [](const RejectedRow& a, const RejectedRow& b) { return a.line < b.line; });
}

}  // namespace blindbook::service
