#include "blindbook/hash/sha2.h"
#include "blindbook/protocol/log_segment.h"
#include "blindbook/service/problem.h"

#include "tests/service/application/test_service.h"

namespace blindbook::test_support {
namespace {

TEST_CASE("the announcement is served as it stands in the folder and is never cached") {
  TestService service;
  http::HttpConnection client = service.connect();
  const http::Answer answer = client.get("/v1/announcement").value();
  CHECK(answer.status == 200);
  CHECK(answer.body == service::read_file(service.files.path() / "announcement.bba", 1 << 20).value());
  CHECK(answer.header("Cache-Control") == "no-store");
}

TEST_CASE("the log is served from any of its announcements on, and nothing else at its path") {
  TestService service;
  protocol::LogSegment log{.first = 1, .before = {}, .objects = {}};
  const auto shown = service.served->current()->opened();
  log.first = shown.announcement.seq;
  log.before = shown.announcement.previous_head;
  log.objects.emplace_back(hash::sha256({shown.object}));
  next_edition(service.city, some_bytes(1'000));
  const Bytes next = service.city.announce();
  log.objects.emplace_back(hash::sha256({next}));
  log.objects.emplace_back();  // of one that was logged and, before a crash, never made public
  service.files.write("log.bbl", protocol::encode_log(log));
  service.files.write("directory/" + service.city.epoch().id.hex() + "/" +
                          std::to_string(service.city.epoch().edition.value()) + ".bbd",
                      service.city.directory_file());
  service.files.write("announcement.bba", next);
  REQUIRE(service.served->refresh(UnixTime(service.now.load())).value());

  http::HttpConnection client = service.connect();
  const std::string path = "/v1/log?from=";
  const std::uint64_t first = log.first;
  const http::Answer answer = client.get(path + std::to_string(first)).value();
  CHECK(answer.status == 200);
  CHECK(answer.header("Cache-Control") == "no-store");
  CHECK(protocol::parse_log(answer.body).value() == log.part(first, first + 1));
  CHECK(protocol::parse_log(client.get(path + std::to_string(first + 1)).value().body).value() ==
        log.part(first + 1, first + 1));
  for (const std::string& other :
       {std::to_string(first - 1), std::to_string(first + 2), std::string(), std::string("0"),
        "0" + std::to_string(first), std::to_string(first) + "&x=1", std::string("-1"),
        std::string("99999999999999999999")}) {
    CAPTURE(other);
    CHECK(client.get(path + other).value().status == 404);
  }
  CHECK(client.get("/v1/log").value().status == 404);
}

TEST_CASE("a directory is served whole with its root as entity tag") {
  TestService service;
  http::HttpConnection client = service.connect();
  const http::Answer answer = client.get(service.directory_path()).value();
  CHECK(answer.status == 200);
  CHECK(answer.body == service.city.directory_file());
  CHECK(answer.header("ETag") == "\"" + service.city.epoch().root.hex() + "\"");
  CHECK(answer.header("Cache-Control") == "public, max-age=3600, no-transform");
}

TEST_CASE("caches keep a directory until the next publication") {
  TestService service;
  http::HttpConnection client = service.connect();
  const std::uint64_t next = service.city.next().next_publication.value();
  const auto [now, max_age] = GENERATE_REF(table<std::uint64_t, std::string>({
      {next - 3601, "public, max-age=3600, no-transform"},
      {next - 59, "public, max-age=59, no-transform"},
      {next, "public, max-age=0, no-transform"},
      {next + 100, "public, max-age=0, no-transform"},
  }));
  service.now = now;
  CHECK(client.get(service.directory_path()).value().header("Cache-Control") == max_age);
}

TEST_CASE("a download is resumed only at an offset of the same object") {
  TestService service;
  http::HttpConnection client = service.connect();
  const Bytes& file = service.city.directory_file();
  const std::string etag = "\"" + service.city.epoch().root.hex() + "\"";
  Bytes rest;
  const http::ChunkSink sink = [&](ByteView chunk) -> Result<void> {
    rest.insert(rest.end(), chunk.begin(), chunk.end());
    return {};
  };
  const http::Answer resumed =
      client.get(service.directory_path(), http::Resume{123'456, etag}, sink).value();
  CHECK(resumed.status == 206);
  CHECK(resumed.header("Content-Range") == "bytes 123456-299999/300000");
  CHECK(rest == Bytes(file.begin() + 123'456, file.end()));
  CHECK(client.get(service.directory_path(), http::Resume{5, "\"other\""}, sink).value().status == 200);
  CHECK(client.get(service.directory_path(), http::Resume{300'000, etag}, sink).value().status == 200);
  CHECK(rest.size() == 300'000 - 123'456);
}

TEST_CASE("paths that are not exactly a route are not found") {
  TestService service;
  http::HttpConnection client = service.connect();
  const std::string directory = service.directory_path();
  std::string upper = directory;
  std::transform(upper.begin() + 14, upper.end(), upper.begin() + 14,
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  for (const std::string& path :
       {std::string("/"), std::string("/v1"), std::string("/v1/announcement/"),
        std::string("/v1/announcement?x=1"), std::string("/v1/../healthz"), std::string("//healthz"),
        std::string("/v1/log?from=1"), std::string("/v1/resolve/"), std::string("/metrics"), directory + "/",
        directory + "?a", directory + "0", upper, directory + "/../1",
        std::string("/v1/directory/%2e%2e/announcement.bba"), std::string("/announcement.bba")}) {
    const http::Answer answer = client.get(path).value();
    CHECK(answer.status == 404);
    CHECK(problem_name(answer) == "not-found");
    CHECK(answer.body.size() == service::kProblemBytes);
  }
}

TEST_CASE("a path asked in the wrong way names the right one") {
  TestService service;
  http::HttpConnection client = service.connect();
  CHECK(client.get("/v1/evaluate").value().header("Allow") == "POST");
  for (const std::string& path :
       {std::string("/v1/announcement"), std::string("/healthz"), service.directory_path()}) {
    const http::Answer answer = client.post(path, "text/plain", {}, "").value();
    CHECK(answer.status == 405);
    CHECK(answer.header("Allow") == "GET, HEAD");
  }
}

TEST_CASE("health is answered without a token") {
  TestService service;
  http::HttpConnection client = service.connect();
  CHECK(client.get("/healthz").value().status == 200);
}

TEST_CASE("a directory is not served outside the life of its epoch") {
  TestService service;
  http::HttpConnection client = service.connect();
  service.now = InMemoryOperator::not_before().value() - 1;
  CHECK(client.get(service.directory_path()).value().status == 404);
  service.now = InMemoryOperator::not_before().value();
  CHECK(client.get(service.directory_path()).value().status == 200);
  service.now = InMemoryOperator::not_after().value();
  CHECK(client.get(service.directory_path()).value().status == 200);
  service.now = InMemoryOperator::not_after().value() + 1;
  CHECK(client.get(service.directory_path()).value().status == 410);
}

TEST_CASE("a patch is served under its two editions") {
  TestService service;
  http::HttpConnection client = service.connect();
  const Bytes patch = some_bytes(777);
  next_edition(service.city, some_bytes(1'000));
  service.city.epoch_to_announce().patches = {{Edition(1), patch.size(), Digest(hash::sha256({patch}))}};
  const std::string name = "patch/" + service.city.epoch().id.hex() + "/1-2";
  service.files.write(name + ".bbp", patch);
  service.files.publish(service.city);
  REQUIRE(service.served->refresh(kNow).value());
  CHECK(client.get("/v1/" + name).value().body == patch);
}

TEST_CASE("a new publication replaces the old one as a whole") {
  TestService service;
  http::HttpConnection client = service.connect();
  const std::string old_path = service.directory_path();
  const std::shared_ptr<const service::ServedObject> in_flight = service.served->current()->find(old_path);
  const Bytes old_file = service.city.directory_file();
  next_edition(service.city, some_bytes(5'000));
  service.files.publish(service.city);
  std::filesystem::remove(service.files.path() / old_path.substr(4).append(".bbd"));
  CHECK(client.get(old_path).value().status == 200);  // not noticed yet: still the whole old set
  REQUIRE(service.served->refresh(kNow).value());
  CHECK(client.get(old_path).value().status == 404);
  CHECK(client.get(service.directory_path()).value().body == service.city.directory_file());
  CHECK(std::equal(in_flight->bytes.begin(), in_flight->bytes.end(), old_file.begin(), old_file.end()));
}

}  // namespace
}  // namespace blindbook::test_support
