#include <fstream>

#include <catch2/catch.hpp>

#include "blindbook/directory/patch_algebra.h"
#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/patching.h"

#include "tests/service/discovery_world.h"

using namespace blindbook;
using namespace blindbook::service;
using namespace blindbook::test_support;

namespace {

const std::vector<std::string> kBoth{"@anna:city.example", "@ben:city.example"};

/// A client that holds edition 1 of a service that has come to edition 2, and announces a patch.
struct PatchedWorld : World {
  PatchedWorld() {
    REQUIRE(run(book_of(0, 10)).has_value());
    first = city.directory_file();
    city.publish({{berlin(3), "anna"}, {berlin(4), "ben"}});
    patch = directory::encode_patch(
        directory::difference(directory::decode_directory(first).value(),
                              directory::decode_directory(city.directory_file()).value())
            .value());
    announce_patch();
    service->forget();
  }

  void announce_patch() {
    protocol::AnnouncedEpoch& epoch = city.epoch_to_announce();
    epoch.patches = {{.from = Edition(1), .size = patch.size(), .sha256 = Digest(hash::sha256({patch}))}};
    service->set_announcement(city.announce());
    serve(patch);
  }
  void serve(const Bytes& body, unsigned status = 200) {
    service->set_override(
        [=, path = patch_path()](const http::Request& request) -> std::optional<http::Response> {
          if (request.target != path) {
            return std::nullopt;
          }
          http::Response out;
          out.status = status;
          out.content_type = "application/octet-stream";
          out.body = body;
          return out;
        });
  }
  [[nodiscard]] std::string patch_path() const {
    return "/v1/patch/" + protocol::patch_name(city.epoch().id, Edition(1), Edition(2));
  }
  [[nodiscard]] std::string directory_path() const { return "/v1/directory/" + city.epoch().id.hex() + "/2"; }
  /// Whether the run asked for the patch, and for the directory.
  [[nodiscard]] std::pair<bool, bool> asked() const {
    bool for_patch = false;
    bool for_directory = false;
    for (const std::string& request : service->seen()) {
      for_patch = for_patch || request == "GET " + patch_path();
      for_directory = for_directory || request == "GET " + directory_path();
    }
    return {for_patch, for_directory};
  }

  Bytes first;
  Bytes patch;
};

constexpr std::pair kPatchAlone{true, false};
constexpr std::pair kPatchThenWhole{true, true};
constexpr std::pair kWholeAlone{false, true};

}  // namespace

TEST_CASE("a run that holds an earlier edition fetches the patch and not the directory") {
  PatchedWorld world;
  const auto outcome = world.run(book_of(0, 10)).value();
  CHECK(labels_of(outcome) == kBoth);
  CHECK(outcome.edition == Edition(2));
  CHECK(outcome.notices.empty());
  CHECK(world.asked() == kPatchAlone);

  world.service->forget();
  CHECK(labels_of(world.run(book_of(0, 10)).value()) == kBoth);  // kept: nothing is fetched again
  CHECK(world.asked() == std::pair{false, false});
}

TEST_CASE("a run that holds nothing fetches the directory") {
  PatchedWorld world;
  auto memory = ClientMemory::of_this_run_only(world.city.random());
  CHECK(labels_of(world.run_with(memory, book_of(0, 10)).value()) == kBoth);
  CHECK(world.asked() == kWholeAlone);
}

TEST_CASE("a patch that differs from the announced one leaves it to the whole directory") {
  PatchedWorld world;
  const auto served =
      GENERATE(as<std::string>{}, "altered", "longer", "shorter", "a page", "gone", "refused");
  CAPTURE(served);
  Bytes body = world.patch;
  if (served == "altered") {
    body.back() ^= 1;
  } else if (served == "longer") {
    body.push_back(0);
  } else if (served == "shorter") {
    body.pop_back();
  } else if (served == "a page") {
    body = Bytes{'<', 'h', 't', 'm', 'l', '>'};
  }
  world.serve(body, served == "gone" ? 410 : served == "refused" ? 503 : 200);
  const auto outcome = world.run(book_of(0, 10)).value();
  CHECK(labels_of(outcome) == kBoth);
  CHECK(world.asked() == kPatchThenWhole);
  world.service->forget();
  CHECK(labels_of(world.run(book_of(0, 10)).value()) == kBoth);
  CHECK(world.asked() == std::pair{false, false});
}

TEST_CASE("a signed patch that leads elsewhere leaves it to the whole directory and is told") {
  PatchedWorld world;
  directory::Patch wrong = directory::parse_patch(world.patch).value();
  const auto kind =
      GENERATE(as<std::string>{}, "another root", "another edition", "a rank beyond", "no patch");
  CAPTURE(kind);
  if (kind == "another root") {
    wrong.leavers = {0};
  } else if (kind == "another edition") {
    wrong.to = Edition(3), wrong.from = Edition(2);
  } else if (kind == "a rank beyond") {
    wrong.leavers = {99};
  }
  world.patch = kind == "no patch" ? Bytes{1, 2, 3} : directory::encode_patch(wrong);
  world.announce_patch();
  const auto outcome = world.run(book_of(0, 10)).value();
  CHECK(labels_of(outcome) == kBoth);
  CHECK(world.asked() == kPatchThenWhole);
  REQUIRE(outcome.notices.size() == 1);
  CHECK(outcome.notices[0].starts_with("the directory was fetched whole: "));
}

TEST_CASE("a directory on disk that was damaged is no ground for a patch") {
  PatchedWorld world;
  const auto file = world.folder / (world.city.epoch().id.hex() + ".bbd");
  {
    std::ofstream damaged(file, std::ios::binary | std::ios::in);
    damaged.seekp(-1, std::ios::end);
    damaged.put('\x7f');
  }
  CHECK(labels_of(world.run(book_of(0, 10)).value()) == kBoth);
  CHECK(world.asked() == kPatchThenWhole);
}

TEST_CASE("an edition too old for a patch is replaced whole") {
  PatchedWorld world;
  world.city.epoch_to_announce().patches.clear();
  world.service->set_announcement(world.city.announce());
  CHECK(labels_of(world.run(book_of(0, 10)).value()) == kBoth);
  CHECK(world.asked() == kWholeAlone);
}

TEST_CASE("what is asked for with a patch does not depend on contacts") {
  std::vector<std::vector<std::string>> seen;
  for (const int first : {0, 50}) {  // the subscribers among them, or nobody
    PatchedWorld world;
    REQUIRE(world.run(book_of(first, first + 10)).has_value());
    seen.push_back(world.service->seen());
  }
  CHECK(seen[0] == seen[1]);
}
