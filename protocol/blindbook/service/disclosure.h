#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "blindbook/base/types.h"
#include "blindbook/protocol/bearer.h"
#include "blindbook/service/http/client.h"

/// The record of what left the device in one run, down to the byte. Sizes are those of HTTP before TLS: what
/// was given to the network and taken from it. Nothing in it comes from an address book.
namespace blindbook::service {

/// One attempt at a request. A request that was repeated over a new connection is two of them.
struct DisclosedRequest {
  UnixTime at;  ///< when the request was begun
  std::string method;
  std::string path;
  bool with_account = false;         ///< whether it bore the access token
  std::uint32_t connection = 0;      ///< the how-manieth of the run, from 1; 0: none could be opened
  std::vector<http::HeadLine> head;  ///< as it was to be sent; empty when there was no connection to send it
  std::uint32_t elements = 0;        ///< blinded elements in the body, 0 unless it is an evaluation
  bool asks_label = false;           ///< whether the body asks for the label of one match
  std::uint64_t body_bytes = 0;      ///< of the body as it was to be sent
  std::uint64_t head_sent = 0;
  std::uint64_t body_sent = 0;
  std::uint64_t head_received = 0;
  std::uint64_t body_received = 0;
  unsigned status = 0;  ///< of the answer; 0: its head did not arrive
  std::string failure;  ///< rule of the error that ended the attempt; empty: the answer arrived whole

  [[nodiscard]] std::uint64_t bytes_sent() const noexcept { return head_sent + body_sent; }
  [[nodiscard]] std::uint64_t bytes_received() const noexcept { return head_received + body_received; }
};

/// One batch that was sent.
struct DisclosedBatch {
  std::uint32_t size = 0;
  bool resumed = false;   ///< an earlier run had sent the same bytes
  bool answered = false;  ///< and so charged, in this run or that
};

/// What left the device.
struct Disclosure {
  http::Endpoint service;
  std::string operator_name;  ///< as the announcement says, once it has verified; until then empty
  protocol::BearerClaims token;
  std::size_t token_bytes = 0;
  std::vector<DisclosedBatch> batches;    ///< in the order they were sent
  std::uint64_t evaluations_charged = 0;  ///< the sizes of those answered, added up
  /// Matches whose labels the service was asked for, and those among them that were answered, and so charged.
  /// @{
  std::uint64_t labels_asked = 0;
  std::uint64_t labels_answered = 0;
  /// @}
  std::vector<DisclosedRequest> requests;

  /// The sums over all requests.
  /// @{
  [[nodiscard]] std::uint64_t bytes_sent() const noexcept;
  [[nodiscard]] std::uint64_t bytes_received() const noexcept;
  /// @}
};

}  // namespace blindbook::service
