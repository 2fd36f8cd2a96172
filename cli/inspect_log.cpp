#include "cli/inspect_log.h"

#include <string>

#include "blindbook/protocol/log_segment.h"
#include "blindbook/protocol/params.h"
#include "blindbook/service/atomic_file.h"

namespace blindbook::cli {
namespace {

/// Whether `object` is the announcement of `seq`, which follows `before`.
Result<void> check_body(ByteView object, std::uint64_t seq, const protocol::Head& before,
                        const protocol::Head& head, const RootKey& root) {
  const auto opened = read_announcement(object, root);
  if (!opened) {
    return tl::unexpected<Error>(opened.error());
  }
  if (opened->head != head || opened->announcement.seq != seq ||
      opened->announcement.previous_head != before) {
    return bad_input("log.body",
                     std::to_string(seq) + ".bba is not the announcement that the log has at its place");
  }
  return {};
}

}  // namespace

Result<Facts> inspect_log(ByteView file, const std::filesystem::path& folder, const RootKey& root) {
  auto log = protocol::parse_log(file);
  if (!log) {
    return unreadable(log);
  }
  std::uint64_t bodies = 0;
  protocol::Head before = log->before;
  for (std::uint64_t seq = log->first; seq <= log->last(); ++seq) {
    const protocol::Head head = protocol::next_head(before, log->objects[seq - log->first]);
    const auto body =
        service::read_file(folder / std::to_string(seq).append(".bba"), protocol::kMaxAnnouncementBytes);
    if (body) {
      if (auto checked = check_body(*body, seq, before, head, root); !checked) {
        return failed(checked);
      }
      ++bodies;
    }
    before = head;
  }
  Facts out;
  out.add("kind", "log of announcements").add("bytes", file.size());
  out.add("first", log->first)
      .add("last", log->last())
      .add("head_before", log->before.hex())
      .add("head", before.hex());
  out.add("bodies", bodies);
  out.add("signatures", root ? "checked" : "not checked, for want of --operator-key");
  return out;
}

}  // namespace blindbook::cli
