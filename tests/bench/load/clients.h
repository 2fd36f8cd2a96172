#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "blindbook/base/bytes.h"
#include "blindbook/base/random.h"
#include "blindbook/oprf/suite.h"
#include "blindbook/protocol/codec.h"
#include "blindbook/protocol/ed25519.h"
#include "blindbook/protocol/server.h"
#include "blindbook/service/operator_folder.h"

/// The clients of a load: what they send is made before a clock starts, and what they are answered is checked after it has
/// stopped.
namespace blindbook::bench {

/// One request of one account, and what came of it.
struct Exchange {
  Bytes body;
  std::string authorization;
  Bytes answer = {};
  double seconds = 0;
  std::vector<Bytes> inputs = {};             // of those whose answers are verified
  std::vector<oprf::ClientBatch> batch = {};  // one, of those
};

/// Makes requests for the living epoch of an operator, each with points, account and token of its own.
class Clients {
 public:
  explicit Clients(service::OperatorFolder& folder);

  [[nodiscard]] const protocol::EpochKey& epoch() const { return epochs_.front(); }

  /// A request of `count` points. Of each sixteenth is kept what verify() needs.
  [[nodiscard]] Exchange request(std::size_t count);
  /// The header of an account that nobody else has.
  [[nodiscard]] std::string authorization();

 private:
  service::OperatorFolder& folder_;
  SystemRandom random_;
  UnixTime now_;
  std::vector<protocol::EpochKey> epochs_;
  protocol::Ed25519SecretKey token_key_;
  std::size_t made_ = 0;
};

/// The answer of `exchange`, of `count` points, which must be one. Throws otherwise.
[[nodiscard]] protocol::EvaluateAnswer parse(const Exchange& exchange, const oprf::Suite& suite,
                                             std::size_t count);

/// Verifies the proof, unblinds, and computes the same without blinding. Throws when that is another.
void verify(Exchange exchange, const oprf::Suite& suite, const protocol::EpochKey& epoch);

}  // namespace blindbook::bench
