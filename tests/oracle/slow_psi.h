#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/oracle/oprf_oracle.h"

/// What a run has to find, worked out with sets of plain numbers: no blinding, no directory, no label keys.
namespace blindbook::oracle {

/// A number "+49.." with its label, stripped of the template.
struct Subscriber {
  std::string number;
  std::string label;
};

/// What the client shows at the end: the contacts who match, in the order of the book and each once, with
/// their labels where the epoch has labels.
struct Findings {
  std::vector<std::pair<std::string, std::optional<std::string>>> matches;
  /// Rows of the directory that have the tag of a contact and are not that contact's.
  std::size_t unopened = 0;

  friend bool operator==(const Findings&, const Findings&) = default;
};

/// Numbers are found by what this says of them; it never differs for one number.
using TagOfNumber = std::function<std::string(const std::string& number)>;

/// The findings where only the number itself is compared: the intersection of two sets.
[[nodiscard]] Findings intersection(const std::vector<std::string>& book,
                                    const std::vector<Subscriber>& subscribers, bool labelled);

/// The findings where numbers share tags. With labels a row that is another number's does not open, and
/// counts as unopened; without, it cannot be told from a match, and a contact matches once however many rows
/// have the tag.
[[nodiscard]] Findings findings_with_tags(const std::vector<std::string>& book,
                                          const std::vector<Subscriber>& subscribers, bool labelled,
                                          const TagOfNumber& tag_of);

/// The first `bits` bits of each number's output under a key, computed by the slow OPRF and kept, because one
/// takes milliseconds.
class SlowTags {
 public:
  /// `secret_key` is the scalar's encoding.
  explicit SlowTags(ByteView secret_key) : key_(from_little_endian(secret_key)) {}

  /// As text of zeros and ones.
  [[nodiscard]] std::string of(const std::string& number, unsigned bits);

 private:
  Integer key_;
  std::map<std::string, Bytes> outputs_;
};

}  // namespace blindbook::oracle
