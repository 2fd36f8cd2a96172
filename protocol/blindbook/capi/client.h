#pragma once

#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/capi/blindbook.h"
#include "blindbook/capi/raw_numbers.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/run.h"
#include "blindbook/protocol/state.h"

/// The client behind the C ABI: holds what protocol/run.h works on.
struct bb_client {
  blindbook::protocol::Invitation invitation;
  blindbook::Secret<BB_KEY_BYTES> key;
  blindbook::protocol::ClientState state;
  blindbook::SystemRandom random;
  std::vector<blindbook::Identifier> book;
  std::unordered_set<blindbook::Identifier, blindbook::IdentifierHash> added;
  blindbook::capi::RawNumbers raw_numbers;
  std::optional<blindbook::protocol::Run> run;  // refers to all above
  bool state_changed = false;                   // by a run that has gone
  bool reading_directory = false;
  bool found = false;  // the run has ended with matches

  /// Adds `identifier` unless it was.
  void add(blindbook::Identifier identifier) {
    if (book.size() == book.capacity()) {
      book.reserve(2 * book.size() + 16);  // both or neither, should memory end here
    }
    if (added.insert(identifier).second) {
      book.push_back(std::move(identifier));
    }
  }
  /// Ends a run that memory left half done. Whatever it has added to the state is whole.
  void abandon_run() noexcept {
    state_changed = true;
    run.reset();
    reading_directory = false;
    found = false;
  }
  [[nodiscard]] bool changed() const { return state_changed || (run && run->state_changed()); }
};

namespace blindbook::capi {

/// What bb_client_need() says. No function here calls one of the header's: another library of that name might be met.
[[nodiscard]] inline bb_need need_of(const bb_client& client) {
  if (!client.run) {
    return BB_NEED_NOTHING;
  }
  switch (client.run->need()) {
    case protocol::RunNeed::kAnnouncement:
      return BB_NEED_ANNOUNCEMENT;
    case protocol::RunNeed::kWork:
      return BB_NEED_STEP;
    case protocol::RunNeed::kEvaluation:
      return BB_NEED_ANSWER;
    case protocol::RunNeed::kDirectory:
      return BB_NEED_DIRECTORY;
    case protocol::RunNeed::kNothing:
      break;
  }
  return BB_NEED_NOTHING;
}

/// ApiMisuse "run.order" where there is no run, or one that may not be.
/// @{
[[nodiscard]] inline tl::unexpected<Error> no_run() {
  return api_misuse("run.order", "no run is in hand", "bb_client_begin() begins one");
}
[[nodiscard]] inline tl::unexpected<Error> still_running() {
  return api_misuse("run.order", "a run is in hand, and numbers are added between runs");
}
[[nodiscard]] inline tl::unexpected<Error> out_of_order() {
  return api_misuse("run.order", "the run waits for something else", "bb_client_need() says what");
}
/// @}

}  // namespace blindbook::capi
