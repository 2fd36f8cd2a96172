// The log of announcements that a service shows, and evidence that somebody hands over. Input: either.
#include "blindbook/protocol/evidence.h"
#include "blindbook/protocol/log_segment.h"

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace protocol;
  const Result<LogSegment> log = parse_log(input);
  if (log) {
    require(encode_log(*log) == Bytes(input.begin(), input.end()), "a log that is read is written as it was");
    require(log->head_at(log->last()).has_value(), "a log has the head of its end");
    require(log->part(log->first, log->last()) == *log, "the whole is a part");
  } else {
    require_refusal(log.error(), Fault::kPeerMisbehaved, {"log.format"});
  }
  const Result<Evidence> evidence = parse_evidence(input);
  if (evidence) {
    require(encode_evidence(*evidence) == Bytes(input.begin(), input.end()),
            "evidence that is read is written as it was");
  } else {
    require_refusal(evidence.error(), Fault::kBadInput, {"evidence.format"});
  }
}

}  // namespace blindbook::fuzz
