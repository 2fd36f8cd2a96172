#include "blindbook/directory/reader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace blindbook::directory {
namespace {

constexpr std::uint64_t kNoTag = std::numeric_limits<std::uint64_t>::max();

ByteView take_front(ByteView& bytes, std::uint64_t most) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), most));
  const ByteView front = bytes.first(size);
  bytes = bytes.subspan(size);
  return front;
}

tl::unexpected<Error> bad_body(const char* message) {
  return peer_misbehaved("directory.body", message);
}

}  // namespace

StreamReader::StreamReader(ExpectedHeader expected, const std::vector<Tag>& own_tags)
    : expected_(std::move(expected)), found_({}) {
  auto& own = found_.own_;
  own.reserve(own_tags.size());
  for (std::size_t i = 0; i < own_tags.size(); ++i) {
    own.push_back({.tag = own_tags[i].value(), .index = i});
  }
  std::sort(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.tag < b.tag; });
  next_own_ = own.empty() ? kNoTag : own.front().tag;
}

Result<void> StreamReader::feed(ByteView chunk) {
  if (failure_) {
    return tl::unexpected<Error>(*failure_);
  }
  auto consumed = consume(chunk);
  if (!consumed) {
    failure_ = consumed.error();
  }
  return consumed;
}

Result<UnverifiedMatches> StreamReader::finish() && {
  if (failure_) {
    return tl::unexpected<Error>(*std::move(failure_));
  }
  // A whole header leads to a layout that fills the file, and the body is checked where it ends.
  if (received_ != expected_.file_size || !layout_) {
    return peer_misbehaved("directory.size", "the directory is shorter than announced");
  }
  found_.root_ = Root(hash_.finish());
  found_.row_bytes_ = layout_->row_bytes;
  return std::move(found_);
}

Result<void> StreamReader::consume(ByteView chunk) {
  if (chunk.size() > expected_.file_size - received_) {
    return peer_misbehaved("directory.size", "the directory is longer than announced");
  }
  received_ += chunk.size();
  hash_.update(chunk);
  if (!layout_) {
    if (auto taken = take_header(chunk); !taken || !layout_) {
      return taken;
    }
  }
  if (auto taken = take_body(chunk); !taken) {
    return taken;
  }
  take_column(chunk);
  return {};
}

Result<void> StreamReader::take_header(ByteView& chunk) {
  // A header of another template length is another header, so the length to wait for is known.
  const std::size_t whole = header_bytes(expected_.label_template.size());
  const ByteView front = take_front(chunk, whole - header_.size());
  header_.insert(header_.end(), front.begin(), front.end());
  if (header_.size() < whole) {
    return {};
  }
  const auto header = parse_header(header_);
  if (!header) {
    return tl::unexpected<Error>(header.error());
  }
  const Header announced{.suite = expected_.suite,
                         .epoch = expected_.epoch,
                         .edition = expected_.edition,
                         .rice = header->rice,
                         .entries = expected_.entries,
                         .label_bytes = expected_.label_bytes,
                         .label_template = expected_.label_template};
  if (*header != announced) {
    return peer_misbehaved("directory.header",
                           "the directory is not of the epoch, edition and size announced");
  }
  const auto layout = layout_of(*header, expected_.file_size);
  if (!layout) {
    return tl::unexpected<Error>(layout.error());
  }
  layout_ = *layout;
  decoder_ = TagDecoder(header->rice);
  body_left_ = layout->body_bytes;
  return {};
}

Result<void> StreamReader::take_body(ByteView& chunk) {
  const ByteView piece = take_front(chunk, body_left_);
  if (piece.empty()) {
    return {};
  }
  body_left_ -= piece.size();
  decoder_.feed(piece);
  while (rank_ < expected_.entries) {
    const TagDecoder::Step step = decoder_.next();
    if (step == TagDecoder::Step::kTooLarge) {
      return bad_body("a tag has more than 56 bits");
    }
    if (step == TagDecoder::Step::kStarved) {
      return body_left_ == 0 ? Result<void>(bad_body("the tags are cut short")) : Result<void>();
    }
    // Whether the tag is an own one or not: where reading fails must not tell.
    equal_ = decoder_.tag() == last_tag_ ? equal_ + 1 : 1;
    last_tag_ = decoder_.tag();
    if (equal_ > kMaxEqualRows) {
      return bad_body("too many rows have one tag");
    }
    if (decoder_.tag() >= next_own_) {
      meet(decoder_.tag());
    }
    ++rank_;
  }
  if (body_left_ != 0 || !decoder_.take_padding()) {
    return bad_body("there is something behind the last tag");
  }
  if (!decoder_.has_canonical_rice()) {
    return bad_body("another Rice parameter would be shorter");
  }
  return {};
}

// The merge step: own tags are passed over up to `tag`; one that is equal begins a run, or the run goes on.
void StreamReader::meet(std::uint64_t tag) {
  const auto& own = found_.own_;
  while (own_ < own.size() && own[own_].tag < tag) {
    ++own_;
  }
  next_own_ = own_ < own.size() ? own[own_].tag : kNoTag;
  if (next_own_ != tag) {
    return;
  }
  if (!found_.runs_.empty() && found_.runs_.back().own == own_) {
    ++found_.runs_.back().rows;
  } else {
    found_.runs_.push_back({.own = own_, .first_rank = rank_, .rows = 1});
  }
}

void StreamReader::take_column(ByteView chunk) {
  const std::uint64_t chunk_end = column_offset_ + chunk.size();
  for (; column_run_ < found_.runs_.size(); ++column_run_) {
    const auto& run = found_.runs_[column_run_];
    const std::uint64_t run_begin = run.first_rank * layout_->row_bytes;
    const std::uint64_t run_end = run_begin + run.rows * layout_->row_bytes;
    if (run_begin >= chunk_end) {
      break;
    }
    const auto from = static_cast<std::size_t>(std::max(run_begin, column_offset_) - column_offset_);
    const auto size = static_cast<std::size_t>(std::min(run_end, chunk_end) - column_offset_) - from;
    const ByteView rows = chunk.subspan(from, size);
    found_.sealed_.insert(found_.sealed_.end(), rows.begin(), rows.end());
    if (run_end > chunk_end) {
      break;
    }
  }
  column_offset_ = chunk_end;
}

}  // namespace blindbook::directory
