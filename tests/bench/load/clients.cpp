#include "tests/bench/load/clients.h"

#include <stdexcept>
#include <utility>

#include "blindbook/protocol/token.h"

#include "tests/bench/served_operator.h"

namespace blindbook::bench {
namespace {

constexpr std::size_t kCheckedEvery = 16;  // what verify() needs stays in memory

}  // namespace

Clients::Clients(service::OperatorFolder& folder)
    : folder_(folder),
      now_(static_cast<std::uint64_t>(seconds_of(CLOCK_REALTIME))),
      epochs_(folder.load_epoch_keys(now_).value()),
      token_key_(folder.load_token_key().value()) {}

Exchange Clients::request(std::size_t count) {
  const protocol::EpochKey& key = epoch();
  std::vector<Bytes> inputs(count, Bytes(16));
  std::vector<ByteView> views;
  for (Bytes& input : inputs) {
    random_.fill(input);
    views.emplace_back(input);
  }
  oprf::BlindResult blinded = folder_.suite().blind(views, random_, key.keys.public_key);
  const bool is_checked = made_ % kCheckedEvery == 0;
  Exchange out{.body = protocol::encode_request(key.keys.public_key, key.id,
                                                static_cast<std::uint32_t>(count), blinded.elements),
               .authorization = authorization()};
  if (is_checked) {
    out.inputs = std::move(inputs);
    out.batch.push_back(std::move(blinded.batch));
  }
  return out;
}

std::string Clients::authorization() {
  const protocol::Issuer& issuer = folder_.config().issuers.front();
  return "Bearer " + protocol::mint_token(token_key_,
                                          {.issuer = issuer.name,
                                           .kid = issuer.kid,
                                           .audience = folder_.operator_id(),
                                           .account = "account-" + std::to_string(made_++),
                                           .issued_at = now_,
                                           .life_seconds = protocol::kMaxTokenLife},
                                          random_)
                         .value();
}

protocol::EvaluateAnswer parse(const Exchange& exchange, const oprf::Suite& suite, std::size_t count) {
  return protocol::parse_answer(exchange.answer, suite.sizes(), protocol::digest_of_request(exchange.body),
                                static_cast<std::uint32_t>(count))
      .value();
}

void verify(Exchange exchange, const oprf::Suite& suite, const protocol::EpochKey& epoch) {
  const std::size_t count = exchange.inputs.size();
  const protocol::EvaluateAnswer answer = parse(exchange, suite, count);
  const auto outputs =
      std::move(exchange.batch.front()).verify(answer.elements, answer.proof).value().finalize();
  std::vector<ByteView> inputs(exchange.inputs.begin(), exchange.inputs.end());
  std::vector<oprf::PrfOutput> expected(count);
  suite.evaluate_unblinded(epoch.keys.secret, inputs, expected);
  if (outputs != expected) {
    throw std::runtime_error("an answer is wrong");
  }
}

}  // namespace blindbook::bench
