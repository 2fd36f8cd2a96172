#include <algorithm>
#include <string_view>

#include "blindbook/capi/boundary.h"
#include "blindbook/capi/client.h"

// The steps of a run behind the C ABI, and what it has come to.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::need_of;
using capi::no_run;
using capi::out_of_order;
using capi::report;
using capi::report_null;
using capi::view_of;

namespace {

/// Takes `step` of the run in hand.
template <class Step>
bb_status take(bb_client* client, bb_error* error, const Step& step) {
  return guarded(error, [&] {
    if (!client->run) {
      return report(no_run().value(), error);
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
    if (need_of(*client) != BB_NEED_ANSWER) {
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
    if (need_of(*client) != BB_NEED_DIRECTORY) {
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
    if (!client->found) {
      return report(out_of_order().value(), error);
    }
    if (index >= client->run->outcome().matches.size()) {
      return report(api_misuse("capi.index", "there is no such match").value(), error);
    }
    const protocol::ContactMatch& match = client->run->outcome().matches[index];
    const std::string_view text = match.label ? std::string_view(*match.label) : std::string_view();
    return copy_out({match.identifier.e164(), e164, e164_size}, {text, label, label_size}, error);
  });
}
