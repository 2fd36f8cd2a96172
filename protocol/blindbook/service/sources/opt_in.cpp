#include "blindbook/service/sources/opt_in.h"

#include <algorithm>
#include <utility>

#include "blindbook/contact/ascii.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/service/chunk_reader.h"
#include "blindbook/service/sources/row_text.h"

namespace blindbook::service {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

class OptInSubscribers final : public SubscriberSource {
 public:
  OptInSubscribers(std::unique_ptr<SubscriberSource> source, OptInList list)
      : source_(std::move(source)), list_(std::move(list)) {}

  [[nodiscard]] Result<bool> next(SubscriberRow& row) override {
    Result<bool> there = source_->next(row);
    if (there && *there && row.fault.empty()) {
      row.discoverable = row.discoverable && list_.contains(row.label);
    }
    return there;
  }
  [[nodiscard]] std::uint64_t bytes_read() const noexcept override { return source_->bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const noexcept override { return source_->bytes_total(); }

 private:
  std::unique_ptr<SubscriberSource> source_;
  OptInList list_;
};

void take_line(std::string_view line, OptInList& list) {
  const std::string_view label = contact::trimmed(line);
  if (!label.empty() && !label.starts_with('#')) {
    list.add(label);
  }
}

}  // namespace

OptInList::Key OptInList::key_of(std::string_view label) {
  const auto digest = hash::sha256({bytes_of(label)});
  Key key{};
  std::copy_n(digest.begin(), key.size(), key.begin());
  return key;
}

void OptInList::add(std::string_view label) {
  labels_.push_back(key_of(label));
}

void OptInList::seal() {
  std::sort(labels_.begin(), labels_.end());
}

bool OptInList::contains(std::string_view label) const {
  return std::binary_search(labels_.begin(), labels_.end(), key_of(label));
}

Result<OptInList> read_opt_in_list(const std::string& name) {
  Result<ChunkReader> reader = ChunkReader::open(name);
  if (!reader) {
    return failed(reader);
  }
  OptInList list;
  std::string line;  // what has come of it so far
  bool is_first_chunk = true;
  while (true) {
    const Result<std::string_view> chunk = reader->next();
    if (!chunk) {
      return tl::unexpected<Error>(chunk.error());
    }
    if (chunk->empty()) {
      break;
    }
    std::string_view rest = *chunk;
    if (is_first_chunk && rest.starts_with(kByteOrderMark)) {
      rest.remove_prefix(kByteOrderMark.size());
    }
    is_first_chunk = false;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      line.append(rest.substr(0, end));
      if (line.size() > kMaxRowBytes) {
        return bad_input("source.opt-in",
                         name + " has a line longer than " + std::to_string(kMaxRowBytes) + " bytes",
                         "it names one label a line, such as @anna:city.example");
      }
      if (end == std::string_view::npos) {
        break;
      }
      take_line(line, list);
      line.clear();
      rest.remove_prefix(end + 1);
    }
  }
  take_line(line, list);
  list.seal();
  return list;
}

std::unique_ptr<SubscriberSource> with_opt_in(std::unique_ptr<SubscriberSource> source, OptInList list) {
  return std::make_unique<OptInSubscribers>(std::move(source), std::move(list));
}

}  // namespace blindbook::service
