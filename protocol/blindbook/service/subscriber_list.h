#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "blindbook/base/error.h"
#include "blindbook/contact/normaliser.h"
#include "blindbook/service/label_settings.h"
#include "blindbook/service/row_places.h"
#include "blindbook/service/subscriber_source.h"
#include "blindbook/service/worker_pool.h"

namespace blindbook::service {

/// A row that is not published, and why. Holds no number: the line leads back to it.
struct RejectedRow {
  std::size_t line;         ///< of the source, from 1
  std::string_view reason;  ///< stable kebab-case name; lives for ever
};

/// One sentence for the operator, without a capital or a full stop; an empty view when there is no such
/// reason.
[[nodiscard]] std::string_view describe_rejected_row(std::string_view reason) noexcept;

/// What the operator can do about it, in the same form; an empty view where the description says it all.
[[nodiscard]] std::string_view hint_for_rejected_row(std::string_view reason) noexcept;

/// Told how far the reading is, in bytes; `total` 0 when unknown.
using ReadingProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// The rows of a source, normalised and checked, in 24 bytes each, their labels and their places. A row that all epochs
/// remember from the edition before is *recalled*: it is as it was, so that nobody asks for its number again.
class SubscriberList {
 public:
  enum class Fate : std::uint8_t { kPublished, kNotDiscoverable, kRejected };
  struct Row {
    std::uint64_t number;  ///< E.164 digits read as an integer: none begins with 0; 0 for a recalled row
    std::uint32_t line;
    std::uint32_t label_at;  ///< in Slice::labels
    std::uint16_t label_size;
    Fate fate;
  };
  /// So many rows at most are handled at a time, and freed together once they are published.
  static constexpr std::size_t kSliceRows = 65'536;
  struct Slice {
    std::vector<Row> rows;
    std::string labels;  // of rows that are published and not recalled
    RowPlaces places;
    [[nodiscard]] std::string_view label(const Row& row) const {
      return std::string_view(labels).substr(row.label_at, row.label_size);
    }
  };

  /// Reads all of `source`. `only_plus` refuses numbers that do not begin with a plus, whatever `normaliser`
  /// makes of them. `labels` are the rules of every epoch to be published; a row must keep all of them. `recall` has
  /// the memories of the same epochs, or none. Two rows with one number are both rejected, whatever else they say or
  /// are rejected for, and whether or not they are recalled. Errors of
  /// SubscriberSource::next(), and BadInput "source.lines" beyond 2^32 - 1 lines.
  [[nodiscard]] static Result<SubscriberList> read(SubscriberSource& source,
                                                   const contact::Normaliser& normaliser, bool only_plus,
                                                   std::span<const LabelSettings> labels,
                                                   const RowRecall& recall, WorkerPool& pool,
                                                   const ReadingProgress& progress);

  /// Rows that are well-formed, discoverable or not.
  [[nodiscard]] std::uint64_t well_formed() const noexcept { return well_formed_; }
  /// Rows that are published.
  [[nodiscard]] std::uint64_t published() const noexcept { return published_; }
  /// Ordered by line.
  [[nodiscard]] const std::vector<RejectedRow>& rejected() const noexcept { return rejected_; }
  /// Longest label of a published row, stripped of the template of labels[i] of read().
  [[nodiscard]] std::size_t longest_label(std::size_t i) const noexcept { return longest_[i]; }

  [[nodiscard]] std::vector<Slice>& slices() noexcept { return slices_; }

 private:
  struct Candidate;
  static std::size_t published_label_bytes(std::span<const Candidate> candidates);
  void take(std::span<const Candidate> candidates, std::span<const LabelSettings> labels,
            const RowRecall& recall);
  void reject_duplicates();
  void reject_recalled_duplicates(const RowRecall& recall);
  template <class IsRepeated>
  void reject_where(IsRepeated is_repeated);
  void count(std::span<const LabelSettings> labels);

  std::vector<Slice> slices_;
  std::vector<RejectedRow> rejected_;
  std::vector<std::size_t> longest_;
  std::uint64_t well_formed_ = 0;
  std::uint64_t published_ = 0;
  std::uint64_t recalled_ = 0;
};

}  // namespace blindbook::service
