#include "blindbook/capi/client.h"

#include <memory>
#include <string>
#include <utility>

#include "blindbook/capi/boundary.h"
#include "blindbook/protocol/bearer.h"

// A client behind the C ABI: its life, its numbers, its state, and where its run stands.

using namespace blindbook;
using capi::any_null;
using capi::copy_out;
using capi::guarded;
using capi::is_time;
using capi::need_of;
using capi::report;
using capi::report_no_time;
using capi::report_null;
using capi::still_running;
using capi::view_of;

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
    if (need_of(*client) != BB_NEED_NOTHING) {
      return report(still_running().value(), error);
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
    if (need_of(*client) != BB_NEED_NOTHING) {
      return report(still_running().value(), error);
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
  if (!is_time(now)) {
    return report_no_time(error);
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
  return client == nullptr ? BB_NEED_NOTHING : need_of(*client);
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
