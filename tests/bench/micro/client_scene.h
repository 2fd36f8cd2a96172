#pragma once

#include <stdexcept>

#include "blindbook/base/random.h"

#include "tests/bench/micro/inputs.h"

/// A client's batch and a server's answer that is there before the client asks.
namespace blindbook::bench {

/// Gives the bytes of `stream` and pays for them: it draws as many from the product's source first.
class ReplayedRandom final : public RandomSource {
 public:
  explicit ReplayedRandom(ByteView stream) : left_(stream) {}

  void fill(MutableBytes out) override {
    if (out.size() > left_.size()) {
      throw std::runtime_error("the replayed stream is at its end");
    }
    system_.fill(out);
    std::ranges::copy(left_.first(out.size()), out.begin());
    left_ = left_.subspan(out.size());
  }

 private:
  SystemRandom system_;
  ByteView left_;
};

/// The masks of a replayed stream are the same each time, so one answer serves every round.
struct ClientScene {
  explicit ClientScene(std::size_t count)
      : texts(identifiers(count)),
        messages(views(texts)),
        keys(key_pair()),
        masks(test_support::DeterministicRandom(1).bytes(G::kUniformScalarBytes * count)) {
    SystemRandom random;
    answer = answer_to(blind().elements, count, keys, random);
  }

  [[nodiscard]] oprf::BlindResult blind() const {
    ReplayedRandom random(masks);
    return suite().blind(messages, random, keys.public_key);
  }

  std::vector<std::string> texts;
  std::vector<ByteView> messages;
  oprf::KeyPair keys;
  /// The random bytes that the masks are made of.
  Bytes masks;
  oprf::Evaluated answer;
};

}  // namespace blindbook::bench
