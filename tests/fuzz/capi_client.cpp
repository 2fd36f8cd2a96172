// The client behind the C ABI, called in any order with anything. Whatever was called: what is found is what is there.
#include <algorithm>
#include <set>
#include <string>

#include "tests/capi/access.h"
#include "tests/fuzz/c_caller.h"
#include "tests/fuzz/fuzz.h"
#include "tests/protocol/in_memory_operator.h"

namespace blindbook::fuzz {
namespace {

using test_support::berlin;
using test_support::InMemoryOperator;
using test_support::kNow;

struct City {
  InMemoryOperator city;
  Bytes announcement;
  Bytes announcement_of_twin;
  std::string invitation = test_support::invitation_to(city);
  std::string token = test_support::token_for_anna(city);

  City() {
    city.publish({{berlin(3), "anna"}, {berlin(7), "ben"}, {berlin(500), "stranger"}});
    announcement = city.announce();
    InMemoryOperator twin;
    twin.publish({{berlin(4), "nobody"}});
    announcement_of_twin = twin.announce();
  }
};

class Program {
 public:
  Program(City& world, ByteView program) : world_(world), caller_(program) {}
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() { bb_client_free(client_); }

  void run() {
    while (caller_.next()) {
      make();
      const bb_need need = bb_client_need(client_);
      require(need >= BB_NEED_NOTHING && need <= BB_NEED_DIRECTORY, "a need is one of the header's");
      require(bb_client_state_changed(client_) <= 1, "a state has changed or not");
    }
  }

 private:
  void make() {
    switch (caller_.name()) {
      case 'N':
        return renew();
      case 'i':
        return add("+493023125" + std::to_string(caller_.how() % 10 + 1000).substr(1));
      case 'I':
        return add(std::string(3, static_cast<char>(caller_.how())));
      case 'n':
        caller_.call([&](bb_error* e) { return bb_client_add_number(client_, "030 1", "DE", nullptr, e); });
        return;
      case 'b':
        return begin();
      case 'a':
        return take(&bb_client_take_announcement, world_.announcement);
      case 't':
        return take(&bb_client_take_announcement, world_.announcement_of_twin);
      case 's':
        return step();
      case 'S':
        return save();
      case 'r':
        return ask();
      case 'w':
        return take(&bb_client_take_answer, answer_);
      case 'R':
        caller_.call([&](bb_error* e) { return bb_client_take_refusal(client_, caller_.how() % 4, e); });
        return;
      case 'd':
        return take(&bb_client_feed_directory, world_.city.directory_file());
      default:
        return make_plain();
    }
  }

  void make_plain() {
    switch (caller_.name()) {
      case 'D':
        caller_.call([&](bb_error* e) { return bb_client_restart_directory(client_, e); });
        return;
      case 'f':
        caller_.call([&](bb_error* e) { return bb_client_finish_directory(client_, e); });
        return;
      case 'g':
        caller_.call([&](bb_error* e) { return bb_client_directory_gone(client_, e); });
        return;
      case 'p':
        caller_.read<char>([&](char* out, std::size_t* size, bb_error* e) {
          return bb_client_directory_path(client_, out, size, e);
        });
        caller_.read<char>([&](char* out, std::size_t* size, bb_error* e) {
          return bb_client_service_url(client_, out, size, e);
        });
        return;
      case 'e':
        caller_.read<std::uint8_t>([&](std::uint8_t* out, std::size_t* size, bb_error* e) {
          return bb_client_evidence(client_, out, size, e);
        });
        return;
      case 'm':
        return look();
      default:
        return;
    }
  }

  /// Another client: of the state that was saved last, or of one that was spoilt.
  void renew() {
    bb_client_free(client_);
    client_ = nullptr;
    added_.clear();
    const Bytes state = caller_.spoilt(saved_);
    const bb_status status = caller_.call([&](bb_error* e) {
      return bb_client_new(world_.invitation.c_str(), caller_.given(key_), state.data(), state.size(),
                           &client_, e);
    });
    require((status == BB_OK) == (client_ != nullptr), "there is a client exactly when it says so");
  }

  void add(const std::string& number) {
    if (caller_.call([&](bb_error* e) { return bb_client_add_identifier(client_, number.c_str(), e); }) ==
        BB_OK) {
      added_.insert(number);
    }
  }

  void begin() {
    const Bytes token = caller_.spoilt(bytes_of(world_.token));
    const std::string text(token.begin(), token.end());
    const bb_status status = caller_.call([&](bb_error* e) {
      return bb_client_begin(client_, caller_.given(text.c_str()), kNow.value() + caller_.how(), 0, e);
    });
    if (status == BB_OK) {
      book_ = added_;
    }
  }

  template <class Function>
  void take(Function function, ByteView right) {
    const Bytes bytes = caller_.spoilt(right);
    caller_.call(
        [&](bb_error* e) { return function(client_, caller_.given(bytes.data()), bytes.size(), e); });
  }

  void step() {
    std::size_t done = 0;
    std::size_t total = 0;
    caller_.call(
        [&](bb_error* e) { return bb_step(client_, caller_.how(), &done, caller_.given(&total), e); });
  }

  void save() {
    Bytes state = caller_.read<std::uint8_t>([&](std::uint8_t* out, std::size_t* size, bb_error* e) {
      return bb_client_state(client_, out, size, e);
    });
    if (!state.empty()) {
      require(bb_client_state_changed(client_) == 0, "what was asked for is not asked for again");
      saved_ = std::move(state);
    }
  }

  void ask() {
    const Bytes request = caller_.read<std::uint8_t>([&](std::uint8_t* out, std::size_t* size, bb_error* e) {
      return bb_client_request(client_, out, size, e);
    });
    if (!request.empty()) {
      auto answer = world_.city.answer(request);
      require(answer.has_value(), "a request is one that a service takes");
      answer_ = std::move(*answer);
    }
  }

  void look() {
    bb_result result{};
    if (caller_.call([&](bb_error* e) { return bb_client_result(client_, caller_.given(&result), e); }) !=
        BB_OK) {
      return;
    }
    std::set<std::string> found;
    for (std::size_t i = 0; i < result.matches; ++i) {
      char number[17];
      char label[64];
      std::size_t number_size = sizeof number;
      std::size_t label_size = sizeof label;
      require(bb_client_match(client_, i, number, &number_size, label, &label_size, nullptr) == BB_OK,
              "every match can be read");
      found.insert(number);
      require(std::string(label) ==
                  (std::string(number) == "+493023125003" ? "@anna:city.example" : "@ben:city.example"),
              "a label is its subscriber's");
    }
    std::set<std::string> there;
    for (const char* number : {"+493023125003", "+493023125007"}) {
      if (book_.count(number) != 0) {
        there.insert(number);
      }
    }
    if (result.not_looked_up == 0) {
      require(found == there, "what is found is what is there");
    } else {
      require(std::includes(there.begin(), there.end(), found.begin(), found.end()),
              "what is found is there");
    }
  }

  City& world_;
  CCaller caller_;
  const std::uint8_t key_[BB_KEY_BYTES] = {7};
  bb_client* client_ = nullptr;
  std::set<std::string> added_;
  std::set<std::string> book_;  // of the run
  Bytes saved_;
  Bytes answer_;
};

}  // namespace

void run(ByteView input) {
  static City world;
  Program(world, input).run();
}

}  // namespace blindbook::fuzz
