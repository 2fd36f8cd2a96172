#include "tests/bench/calibrate/commands.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/bench/calibrate/samples.h"

namespace blindbook::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPublishers = 3;
constexpr std::uint64_t kSubscribersOfFew = 2;
constexpr std::uint64_t kBehindAllRows = 950'000;

/// The last six digits of a number nobody holds (+49 171 0 ..: no operator was given the block).
std::string six_digits(std::uint64_t i) {
  const std::string digits = std::to_string(i % 1'000'000);
  return std::string(6 - digits.size(), '0') + digits;
}

/// Rows [first, last), each a number and a label of its own.
void write_rows(const fs::path& file, std::uint64_t first, std::uint64_t last) {
  std::ofstream out(file);
  out << "number,label,discoverable\n";
  for (std::uint64_t i = first; i < last; ++i) {
    out << "+491710" << six_digits(i) << ",@user" << i << ":city.example,yes\n";
  }
}

/// Half of them as within Germany. Nobody of them subscribes: they lie behind all rows.
void write_book(const fs::path& file, std::uint64_t contacts) {
  std::ofstream out(file);
  for (std::uint64_t i = 0; i < contacts; ++i) {
    out << "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Person " << i
        << "\r\nTEL:" << (i % 2 == 0 ? "0171 0" : "+49 171 0") << six_digits(kBehindAllRows + i)
        << "\r\nEND:VCARD\r\n";
  }
}

/// What a command printed, and what it took.
struct Ran {
  std::string printed;
  double seconds;
};

Ran run(const std::vector<std::string>& command, const fs::path& log) {
  ChildProcess child(command, log);
  Ran out{{}, 0};
  for (std::string line = child.line(); !line.empty(); line = child.line()) {
    out.printed += line + "\n";
  }
  if (!child.wait()) {
    throw std::runtime_error("blindbook " + command.at(1) + " failed, see " + log.string());
  }
  out.seconds = child.used_cpu_seconds();
  return out;
}

/// An operator whose keys are not sealed, so that no passphrase is stretched.
class Operator {
 public:
  Operator(const std::string& program, fs::path place) : program_(program), place_(std::move(place)) {
    fs::create_directories(place_);
    static_cast<void>(
        run({program_, "init", "--data", data(), "--operator", "City of Example", "--unsealed-key"}, log()));
  }

  double publish(const fs::path& rows) {
    ++editions_;
    return run({program_, "publish", "--data", data(), "--subscribers", rows, "--label-template",
                "@{}:city.example"},
               log())
        .seconds;
  }

  /// Bytes of the announced directory.
  [[nodiscard]] std::uint64_t directory_bytes() const {
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(data()) / "public/directory")) {
      if (entry.path().filename() == std::to_string(editions_) + ".bbd") {
        return entry.file_size();
      }
    }
    throw std::runtime_error("there is no directory");
  }

  void serve(const test_support::TestCertificate& certificate) {
    serve_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{program_, "serve", "--data", data(), "--listen", "127.0.0.1:0", "--log",
                                 "json", "--tls-cert", certificate.certificate_file(), "--tls-key",
                                 certificate.key_file()},
        serve_log());
    static_cast<void>(serve_->line());
    const std::string invited = serve_->line();
    const std::size_t at = invited.find("blindbook://");
    if (at == std::string::npos) {
      throw std::runtime_error("serve printed no invitation");
    }
    invitation_ = invited.substr(at);
    ca_file_ = certificate.certificate_file();
  }

  /// Until `serve` has taken up the last publication, which it looks for every two seconds.
  void await_edition() const {
    const std::string wanted = "\"seq\":" + std::to_string(editions_);
    for (int tries = 0; tries < 100; ++tries) {
      std::ifstream file(serve_log());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      if (text.find(wanted) != std::string::npos) {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("serve does not take a publication up");
  }

  struct Discovered {
    double client;
    double service;
  };
  /// By an account that nobody else has. What the client prints must name the object `fetched`.
  Discovered discover(const fs::path& book, const std::string& client, std::vector<std::string> more,
                      const std::string& fetched) {
    const fs::path token = place_ / "token";
    std::ofstream(token) << run({program_, "token", "--data", data(), "--account",
                                 "account-" + std::to_string(++accounts_)},
                                log())
                                .printed;
    fs::permissions(token, fs::perms::owner_read | fs::perms::owner_write);
    std::vector<std::string> command{program_,
                                     "discover",
                                     invitation_,
                                     "--token-file",
                                     token,
                                     "--contacts",
                                     book,
                                     "--region",
                                     "DE",
                                     "--ca-file",
                                     ca_file_,
                                     "--state",
                                     place_ / client / "state",
                                     "--format",
                                     "json"};
    command.insert(command.end(), more.begin(), more.end());
    const double before = serve_->cpu_seconds();
    const Ran ran = run(command, log());
    const double after = serve_->cpu_seconds();
    if (ran.printed.find(fetched) == std::string::npos) {
      throw std::runtime_error("discover did not fetch " + fetched);
    }
    return {.client = ran.seconds, .service = after - before};
  }

 private:
  [[nodiscard]] std::string data() const { return place_ / "operator"; }
  [[nodiscard]] fs::path log() const { return place_ / "log"; }
  [[nodiscard]] fs::path serve_log() const { return place_ / "serve.log"; }

  std::string program_;
  fs::path place_;
  std::uint64_t editions_ = 0;
  std::uint64_t accounts_ = 0;
  std::unique_ptr<ChildProcess> serve_;
  std::string invitation_;
  std::string ca_file_;
};

}  // namespace

CommandSeconds measure_commands(const CalibrationOptions& options) {
  const auto tell = [&](const char* what) {
    if (options.progress) {
      options.progress(what);
    }
  };
  const test_support::TemporaryFolder folder;
  const fs::path place = folder / "";
  const test_support::TestCertificate certificate("IP:127.0.0.1");
  CommandSeconds out;
  out.rows = options.rows;
  out.joins = options.rows / 200;
  write_rows(place / "few.csv", 0, kSubscribersOfFew);
  write_rows(place / "first.csv", 0, out.rows);
  write_rows(place / "next.csv", out.joins, out.rows + out.joins);
  write_book(place / "one.vcf", 1);
  write_book(place / "book.vcf", CommandSeconds::kBook);

  tell("publish");
  std::vector<std::unique_ptr<Operator>> publishers;
  Samples publish_first;
  for (std::size_t i = 0; i < kPublishers; ++i) {
    publishers.push_back(std::make_unique<Operator>(options.program, place / ("many-" + std::to_string(i))));
    publish_first.add(publishers.back()->publish(place / "first.csv"));
  }
  out.publish_first = publish_first.median();
  Operator& many = *publishers.front();
  out.first_directory_bytes = many.directory_bytes();
  Operator few(options.program, place / "few");
  Samples publish_few;
  for (std::size_t i = 0; i < kPublishers; ++i) {
    publish_few.add(few.publish(place / "few.csv"));
  }
  out.publish_few = publish_few.median();

  tell("discover and serve");
  few.serve(certificate);
  many.serve(certificate);
  Samples one_of_few;
  Samples served_few;
  Samples book_of_few;
  Samples served_book;
  Samples one_of_many;
  Samples served_many;
  for (std::size_t round = 0; round <= options.rounds; ++round) {
    const std::string client = "client-" + std::to_string(round);
    const auto small = few.discover(place / "one.vcf", client, {}, "/v1/directory/");
    const auto book = few.discover(place / "book.vcf", client + "-book", {}, "/v1/directory/");
    const auto large = many.discover(place / "one.vcf", client, {}, "/v1/directory/");
    if (round > 0) {  // the first has warmed caches
      one_of_few.add(small.client);
      served_few.add(small.service);
      book_of_few.add(book.client);
      served_book.add(book.service);
      one_of_many.add(large.client);
      served_many.add(large.service);
    }
  }
  out.discover_one_of_few = one_of_few.median();
  out.serve_one_of_few = served_few.median();
  out.discover_book_of_few = book_of_few.median();
  out.serve_book_of_few = served_book.median();
  out.discover_one_of_many = one_of_many.median();
  out.serve_one_of_many = served_many.median();

  tell("publish the next edition");
  Samples publish_next;
  for (const auto& publisher : publishers) {
    publish_next.add(publisher->publish(place / "next.csv"));
  }
  out.publish_next = publish_next.median();
  out.next_directory_bytes = many.directory_bytes();
  many.await_edition();

  tell("discover --refresh");
  Samples refresh;
  Samples served_refresh;
  for (std::size_t round = 0; round <= options.rounds; ++round) {
    const auto day =
        many.discover(place / "one.vcf", "client-" + std::to_string(round), {"--refresh"}, "/v1/patch/");
    if (round > 0) {
      refresh.add(day.client);
      served_refresh.add(day.service);
    }
  }
  out.refresh_one_of_many = refresh.median();
  out.serve_refresh_of_many = served_refresh.median();
  return out;
}

}  // namespace blindbook::bench
