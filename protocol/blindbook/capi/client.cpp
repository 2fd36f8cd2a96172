#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "blindbook/base/identifier.h"
#include "blindbook/base/random.h"
#include "blindbook/base/secret.h"
#include "blindbook/capi/boundary.h"
#include "blindbook/capi/raw_numbers.h"
#include "blindbook/protocol/bearer.h"
#include "blindbook/protocol/invitation.h"
#include "blindbook/protocol/run.h"
#include "blindbook/protocol/state.h"

// The client behind the C ABI: holds what protocol/run.h works on, and translates.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::report;
using capi::report_null;
using capi::view_of;

struct bb_client {
  protocol::Invitation invitation;
  Secret<BB_KEY_BYTES> key;
  protocol::ClientState state;
  SystemRandom random;
  std::vector<Identifier> book;
  std::unordered_set<Identifier, IdentifierHash> added;
  capi::RawNumbers raw_numbers;
  std::optional<protocol::Run> run;  // refers to all above
  bool state_changed = false;        // by a run that has gone
  bool reading_directory = false;
  bool found = false;  // the run has ended with matches

  /// Adds `identifier` unless it was.
  void add(Identifier identifier) {
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

namespace {

tl::unexpected<Error> out_of_order() {
  return api_misuse("run.order", "the run waits for something else");
}

/// Takes `step` of the run in hand.
template <class Step>
bb_status take(bb_client* client, bb_error* error, const Step& step) {
  return guarded(error, [&] {
    if (!client->run) {
      return report(out_of_order().value(), error);
    }
    try {
      return report(step(*client->run), error);
    } catch (...) {
      client->abandon_run();
      throw;
    }
  });
}

Result<void> begin_directory(bb_client& client, protocol::Run& run) {
  const Result<void> begun = run.begin_directory();
  client.reading_directory = begun.has_value();
  return begun;
}

}  // namespace

bb_status bb_client_new(const char* invitation, const uint8_t* key, const uint8_t* state, size_t state_size,
                        bb_client** client, bb_error* error) {
  if (any_null(invitation, key, client) || (state == nullptr && state_size != 0)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    auto decoded = protocol::decode_invitation(invitation);
    if (!decoded) {
      return report(decoded.error(), error);
    }
    const protocol::RootFingerprint root = protocol::fingerprint_of(decoded->root);
    auto made = std::make_unique<bb_client>();
    made->key = Secret<BB_KEY_BYTES>(ByteView(key, BB_KEY_BYTES).first<BB_KEY_BYTES>());
    made->state.root = root;
    if (state_size != 0) {
      auto opened = protocol::open_state(view_of(state, state_size), made->key);
      if (!opened) {
        return report(opened.error(), error);
      }
      if (opened->root != root) {
        return report(bad_input("state.operator", "the state belongs to another operator",
                                "give each operator a state of its own")
                          .value(),
                      error);
      }
      made->state = std::move(*opened);
    }
    made->invitation = std::move(*decoded);
    *client = made.release();
    return BB_OK;
  });
}

void bb_client_free(bb_client* client) {
  delete client;
}

bb_status bb_client_service_url(const bb_client* client, char* out, size_t* size, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    std::string url = "https://" + client->invitation.host;
    if (client->invitation.port != 443) {
      url += ":" + std::to_string(client->invitation.port);
    }
    return copy_out(url, out, size, error);
  });
}

bb_status bb_client_add_identifier(bb_client* client, const char* e164, bb_error* error) {
  if (any_null(client, e164)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (bb_client_need(client) != BB_NEED_NOTHING) {
      return report(out_of_order().value(), error);
    }
    auto identifier = Identifier::from_e164(e164);
    if (!identifier) {
      return report(identifier.error(), error);
    }
    client->add(std::move(*identifier));
    return BB_OK;
  });
}

bb_status bb_client_add_number(bb_client* client, const char* raw, const char* region, size_t* count,
                               bb_error* error) {
  if (any_null(client, raw)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (bb_client_need(client) != BB_NEED_NOTHING) {
      return report(out_of_order().value(), error);
    }
    auto identifiers = client->raw_numbers.read(raw, region);
    if (!identifiers) {
      return report(identifiers.error(), error);
    }
    for (Identifier& identifier : *identifiers) {
      client->add(std::move(identifier));
    }
    if (count != nullptr) {
      *count = identifiers->size();
    }
    return BB_OK;
  });
}

bb_status bb_client_begin(bb_client* client, const char* token, uint64_t now, int scheduled,
                          bb_error* error) {
  if (any_null(client, token)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    auto claims = protocol::read_bearer(token);
    if (!claims) {
      return report(claims.error(), error);
    }
    client->state_changed = client->changed();
    client->run.reset();
    client->reading_directory = false;
    client->found = false;
    client->run.emplace(protocol::RunSettings{.root = client->invitation.root,
                                              .issuer = std::move(claims->issuer),
                                              .account = std::move(claims->account),
                                              .scheduled = scheduled != 0},
                        client->book, client->state, client->key, UnixTime(now), client->random);
    return BB_OK;
  });
}

bb_need bb_client_need(const bb_client* client) {
  if (client == nullptr || !client->run) {
    return BB_NEED_NOTHING;
  }
  switch (client->run->need()) {
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

int bb_client_state_changed(const bb_client* client) {
  return client != nullptr && client->changed() ? 1 : 0;
}

bb_status bb_client_state(bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    const bb_status status =
        copy_out(protocol::seal_state(client->state, client->key, client->random), out, size, error);
    if (status == BB_OK) {
      client->state_changed = false;
      if (client->run) {
        client->run->state_saved();
      }
    }
    return status;
  });
}

bb_status bb_client_take_announcement(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error) {
  if (any_null(client) || (bytes == nullptr && size != 0)) {
    return report_null(error);
  }
  return take(client, error, [&](protocol::Run& run) { return run.take_announcement(view_of(bytes, size)); });
}

bb_status bb_client_evidence(const bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  const bool found = client->run && client->run->evidence();
  return copy_out(found ? ByteView(*client->run->evidence()) : ByteView(), out, size, error);
}

bb_status bb_step(bb_client* client, size_t max_items, size_t* done, size_t* total, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  const bb_status status = take(client, error, [&](protocol::Run& run) { return run.work(max_items); });
  if (status == BB_OK) {
    const protocol::Run::Progress progress = client->run->progress();
    if (done != nullptr) {
      *done = static_cast<size_t>(progress.done);
    }
    if (total != nullptr) {
      *total = static_cast<size_t>(progress.total);
    }
  }
  return status;
}

bb_status bb_client_request(const bb_client* client, uint8_t* out, size_t* size, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (bb_client_need(client) != BB_NEED_ANSWER) {
      return report(out_of_order().value(), error);
    }
    if (client->changed()) {
      return report(
          api_misuse("capi.unsaved", "the state with this request was not asked for, so it cannot be kept",
                     "call bb_client_state() and write it down before the request is sent")
              .value(),
          error);
    }
    return copy_out(client->run->request().body, out, size, error);
  });
}

bb_status bb_client_take_answer(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error) {
  if (any_null(client) || (bytes == nullptr && size != 0)) {
    return report_null(error);
  }
  return take(client, error, [&](protocol::Run& run) { return run.take_answer(view_of(bytes, size)); });
}

bb_status bb_client_take_refusal(bb_client* client, int refusal, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  return take(client, error, [&](protocol::Run& run) -> Result<void> {
    switch (refusal) {
      case BB_REFUSED_EPOCH_GONE:
        return run.take_refusal(
            protocol::RunRefusal::kEpochGone,
            unavailable("service.epoch", "the service has moved on to another epoch").value());
      case BB_REFUSED_ALLOWANCE_SPENT:
        return run.take_refusal(
            protocol::RunRefusal::kAllowanceSpent,
            spent("service.allowance", "the account's allowance is spent", "try again later").value());
    }
    return api_misuse("capi.refusal", "there is no such refusal");
  });
}

bb_status bb_client_directory_path(const bb_client* client, char* out, size_t* size, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (bb_client_need(client) != BB_NEED_DIRECTORY) {
      return report(out_of_order().value(), error);
    }
    return copy_out(client->run->directory_path(), out, size, error);
  });
}

bb_status bb_client_restart_directory(bb_client* client, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  return take(client, error, [&](protocol::Run& run) { return begin_directory(*client, run); });
}

bb_status bb_client_feed_directory(bb_client* client, const uint8_t* bytes, size_t size, bb_error* error) {
  if (any_null(client) || (bytes == nullptr && size != 0)) {
    return report_null(error);
  }
  return take(client, error, [&](protocol::Run& run) -> Result<void> {
    if (!client->reading_directory) {
      if (const Result<void> begun = begin_directory(*client, run); !begun) {
        return begun;
      }
    }
    return run.feed_directory(view_of(bytes, size));
  });
}

bb_status bb_client_finish_directory(bb_client* client, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  const bb_status status = take(client, error, [&](protocol::Run& run) { return run.finish_directory(); });
  if (status == BB_OK) {
    client->found = true;
  }
  return status;
}

bb_status bb_client_directory_gone(bb_client* client, bb_error* error) {
  if (any_null(client)) {
    return report_null(error);
  }
  client->reading_directory = false;
  return take(client, error, [&](protocol::Run& run) { return run.directory_gone(); });
}

bb_status bb_client_result(const bb_client* client, bb_result* result, bb_error* error) {
  if (any_null(client, result)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (!client->found) {
      return report(out_of_order().value(), error);
    }
    const protocol::RunOutcome& outcome = client->run->outcome();
    bb_result out{};
    out.matches = outcome.matches.size();
    out.evaluated = outcome.evaluated;
    out.not_looked_up = outcome.not_looked_up;
    out.unopened_labels = outcome.unopened_labels;
    out.partial = outcome.stopped ? 1 : 0;
    out.allowance_left = outcome.allowance_left ? static_cast<int64_t>(*outcome.allowance_left) : -1;
    out.edition = outcome.edition.value();
    std::copy(outcome.epoch.view().begin(), outcome.epoch.view().end(), out.epoch);
    std::copy(outcome.head.view().begin(), outcome.head.view().end(), out.head);
    *result = out;
    return BB_OK;
  });
}

bb_status bb_client_match(const bb_client* client, size_t index, char* e164, size_t* e164_size, char* label,
                          size_t* label_size, bb_error* error) {
  if (any_null(client, e164_size, label_size)) {
    return report_null(error);
  }
  return guarded(error, [&] {
    if (!client->found || index >= client->run->outcome().matches.size()) {
      return report(api_misuse("capi.index", "there is no such match").value(), error);
    }
    const protocol::ContactMatch& match = client->run->outcome().matches[index];
    const bb_status number = copy_out(match.identifier.e164(), e164, e164_size, error);
    const bb_status text =
        copy_out(match.label.value_or(""), label, label_size, number == BB_OK ? error : nullptr);
    return number != BB_OK ? number : text;
  });
}
