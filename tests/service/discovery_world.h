#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/protocol/token.h"
#include "blindbook/service/discovery.h"

#include "tests/service/loopback_service.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::service {

using namespace test_support;

inline std::vector<Identifier> book_of(int from, int to) {
  std::vector<Identifier> book;
  for (int i = from; i < to; ++i) {
    book.push_back(berlin(i));
  }
  return book;
}

inline std::string token_for(InMemoryOperator& city, const std::string& account) {
  return protocol::mint_token(protocol::Ed25519SecretKey::generate(city.random()),
                              {.issuer = "blindbook",
                               .kid = "k",
                               .audience = protocol::fingerprint_of(city.root_key()).hex(),
                               .account = account,
                               .issued_at = kNow},
                              city.random())
      .value();
}

/// A client on disk, beside a service in the same process.
struct World {
  explicit World(const std::vector<std::pair<Identifier, std::string>>& subscribers = {{berlin(3), "anna"}}) {
    city.publish(subscribers);
    service.emplace(city);
  }

  std::filesystem::path state_file() const { return folder / "state"; }

  Result<DiscoveryOutcome> run(const std::vector<Identifier>& book, UnixTime now = kNow,
                               const std::string& account = "anna", bool scheduled = false) {
    auto memory = ClientMemory::open(state_file(), protocol::fingerprint_of(city.root_key()), city.random());
    if (!memory) {
      return failed(memory);
    }
    return run_with(*memory, book, now, account, scheduled);
  }

  Result<DiscoveryOutcome> run_with(ClientMemory& memory, const std::vector<Identifier>& book,
                                    UnixTime now = kNow, const std::string& account = "anna",
                                    bool scheduled = false, std::vector<Identifier> open_labels = {}) {
    const DiscoverySettings settings{.service = service->endpoint(),
                                     .trust = {},
                                     .root = city.root_key(),
                                     .token = token_for(city, account),
                                     .scheduled = scheduled,
                                     .open_labels = std::move(open_labels),
                                     .progress = {}};
    return discover(settings, book, memory, now, city.random());
  }

  void refuse(const std::string& target, unsigned status, std::string_view name, int times = 1000) {
    service->set_override(
        [=, left = times](const http::Request& request) mutable -> std::optional<http::Response> {
          if (request.target.starts_with(target) && left-- > 0) {
            return problem_response({.status = status, .name = name, .title = "refused", .retry_after = 77});
          }
          return std::nullopt;
        });
  }

  InMemoryOperator city;
  TemporaryFolder folder;
  std::optional<LoopbackService> service;
};

inline std::vector<std::string> labels_of(const DiscoveryOutcome& outcome) {
  std::vector<std::string> labels;
  for (const auto& match : outcome.matches) {
    labels.push_back(*match.label);
  }
  return labels;
}

inline const std::vector<std::string> kAnna{"@anna:city.example"};

}  // namespace blindbook::service
