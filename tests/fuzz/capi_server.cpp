// The server behind the C ABI, called in any order with anything. Whatever was called: an answer that is given verifies, a
// directory that is finished is the publisher's, a token that is accepted was minted.
#include <algorithm>
#include <string>

#include "blindbook/protocol/operator_identity.h"

#include "tests/fuzz/c_caller.h"
#include "tests/fuzz/evaluate_world.h"
#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

using test_support::kNow;

struct World : EvaluateWorld {
  Bytes announcement = city.announce();
  std::string operator_key = protocol::encode_operator_file(city.root_key());
  Bytes secret{city.keys().secret.expose().begin(), city.keys().secret.expose().end()};
};

class Program {
 public:
  Program(World& world, ByteView program) : world_(world), caller_(program) {}
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() { free_server(); }

  void run() {
    while (caller_.next()) {
      make();
    }
    bb_tokens_free(tokens_);
  }

 private:
  void make() {
    switch (caller_.name()) {
      case 'N':
        free_server();
        caller_.call([&](bb_error* e) { return bb_server_new(caller_.given(&server_), e); });
        return;
      case 'k':
        return add_epoch();
      case 'q':
        return accept();
      case 'e':
        caller_.call(
            [&](bb_error* e) { return bb_evaluation_step(evaluation_, caller_.how(), nullptr, nullptr, e); });
        return;
      case 'a':
        return answer();
      case 'D':
        return begin_directory();
      case 'd':
        return add_row();
      case 'f':
        return finish_directory();
      case 'l':
        return spend();
      case 'T':
        bb_tokens_free(tokens_);
        tokens_ = nullptr;
        has_issuer_ = false;
        caller_.call([&](bb_error* e) { return bb_tokens_new("0011", caller_.given(&tokens_), e); });
        return;
      case 'I':
        return add_issuer();
      case 't':
        return check_token();
      case 'K':
        return open_key_file();
      default:
        return;
    }
  }

  void free_server() {
    bb_evaluation_free(evaluation_);
    bb_directory_free(directory_);
    bb_server_free(server_);
    evaluation_ = nullptr;
    directory_ = nullptr;
    server_ = nullptr;
  }

  void add_epoch() {
    const Bytes announcement = caller_.spoilt(world_.announcement);
    const Bytes secret = caller_.how() == 'k' ? Bytes(32, 1) : world_.secret;
    caller_.call([&](bb_error* e) {
      return bb_server_add_epoch(server_, world_.operator_key.c_str(), caller_.given(announcement.data()),
                                 announcement.size(), secret.data(), secret.size(), epoch_, e);
    });
  }

  void accept() {
    bb_evaluation_free(evaluation_);
    evaluation_ = nullptr;
    const Bytes body = caller_.spoilt(world_.request);
    honest_ = body == world_.request;
    const bb_status status = caller_.call([&](bb_error* e) {
      return bb_server_accept(server_, caller_.given(body.data()), body.size(), kNow.value(), &evaluation_,
                              e);
    });
    require((status == BB_OK) == (evaluation_ != nullptr), "there is an evaluation exactly when it says so");
    require(status == BB_OK || bb_evaluation_cost(evaluation_) == 0, "what was refused costs nothing");
  }

  void answer() {
    const Bytes answer = caller_.read<std::uint8_t>([&](std::uint8_t* out, std::size_t* size, bb_error* e) {
      return bb_evaluation_answer(evaluation_, 5, out, size, e);
    });
    if (!answer.empty() && honest_) {
      require(std::move(world_.resume().waiting).finish(answer).has_value(), "an answer verifies");
    }
  }

  void begin_directory() {
    bb_directory_free(directory_);
    directory_ = nullptr;
    rows_ = 0;
    labelled_ = caller_.how() % 3 != 0;
    const char* const label_template = caller_.how() % 5 == 4 ? "no place"
                                       : labelled_            ? "@{}:city.example"
                                                              : "";
    caller_.call([&](bb_error* e) {
      return bb_directory_new(server_, caller_.given(epoch_), caller_.how(), labelled_ ? 24 : 0,
                              label_template, &directory_, e);
    });
  }

  void add_row() {
    const std::string number = "+493023125" + std::to_string(1000 + caller_.how() % 4).substr(1);
    const std::string label = "@" + std::string(caller_.how() % 32, 'x') + ":city.example";
    const bb_status status = caller_.call([&](bb_error* e) {
      return bb_directory_add(directory_, caller_.given(number.c_str()), labelled_ ? label.c_str() : nullptr,
                              e);
    });
    rows_ += status == BB_OK ? 1 : 0;
  }

  void finish_directory() {
    std::uint8_t root[32];
    const Bytes file = caller_.read<std::uint8_t>([&](std::uint8_t* out, std::size_t* size, bb_error* e) {
      return bb_directory_finish(directory_, out, size, caller_.given(root), e);
    });
    if (!file.empty()) {
      require(directory::root_of(file) == Root(root), "the root is the file's");
      require(file.size() >= rows_ * (labelled_ ? 24U : 0U), "every row that was taken is there");
    }
  }

  void spend() {
    const bb_allowance_policy policy{caller_.how(), 100, 320};
    caller_.call([&](bb_error* e) { return bb_allowance_new(&policy, 1000, caller_.given(&allowance_), e); });
    std::uint32_t left = 0;
    const bb_status status = caller_.call([&](bb_error* e) {
      return bb_allowance_spend(caller_.given(&policy), &allowance_, 64, 1000 + caller_.how(), &left, nullptr,
                                e);
    });
    require(status != BB_OK || left <= 100, "nobody has more left than fits");
  }

  void add_issuer() {
    std::uint8_t key[32];
    caller_.call([&](bb_error* e) { return bb_token_public_key(seed_, key, e); });
    const bb_status status = caller_.call(
        [&](bb_error* e) { return bb_tokens_add_issuer(tokens_, "city", caller_.given("k1"), key, e); });
    has_issuer_ = has_issuer_ || status == BB_OK;
  }

  void check_token() {
    const bb_token_request request{"city", "k1",         "0011",
                                   "anna", kNow.value(), caller_.how() % 2 == 0 ? 600U : 90'000U};
    auto token = caller_.read<char>([&](char* out, std::size_t* size, bb_error* e) {
      return bb_token_mint(caller_.given(seed_), &request, out, size, e);
    });
    if (token.empty()) {
      return;
    }
    const bool altered = caller_.how() >= 128;
    if (altered) {
      token[(caller_.how() - 128U) * (token.size() - 1) / 128] ^= 1;
    }
    char issuer[64];
    char account[256];
    std::size_t issuer_size = sizeof issuer;
    std::size_t account_size = sizeof account;
    const bb_status status = caller_.call([&](bb_error* e) {
      return bb_tokens_check(tokens_, token.data(), kNow.value(), issuer, &issuer_size, account,
                             &account_size, e);
    });
    require((status == BB_OK) == (has_issuer_ && !altered),
            "a token is accepted exactly when its issuer minted it");
  }

  void open_key_file() {
    const Bytes file = caller_.spoilt(bytes_of("BBKF of something"));
    caller_.read<std::uint8_t>([&](std::uint8_t* out, std::size_t* size, bb_error* e) {
      return bb_key_file_open(caller_.given(file.data()), file.size(), "operator", nullptr, nullptr, out,
                              size, e);
    });
  }

  World& world_;
  CCaller caller_;
  const std::uint8_t seed_[BB_KEY_BYTES] = {9};
  bb_server* server_ = nullptr;
  std::uint8_t epoch_[16] = {};
  bb_evaluation* evaluation_ = nullptr;
  bool honest_ = false;
  bb_directory* directory_ = nullptr;
  bool labelled_ = false;
  std::size_t rows_ = 0;
  bb_allowance allowance_{};
  bb_tokens* tokens_ = nullptr;
  bool has_issuer_ = false;
};

}  // namespace

void run(ByteView input) {
  static World world;
  Program(world, input).run();
}

}  // namespace blindbook::fuzz
