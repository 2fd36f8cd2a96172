#include "tests/capi/footprint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "blindbook/directory/builder.h"
#include "blindbook/directory/label_seal.h"
#include "blindbook/directory/tag.h"

#include "tests/capi/access.h"
#include "tests/protocol/in_memory_operator.h"
#include "tests/support/directory_rows.h"
#include "tests/support/temporary_folder.h"

namespace blindbook::test_support {
namespace {

constexpr std::size_t kSubscribedContacts = 100;
constexpr std::uint16_t kLabelBytes = 24;

/// `entries` rows, of which 100 are of contacts; the others are of nobody, and are not evaluated.
Bytes large_directory(InMemoryOperator& city, std::size_t entries) {
  city.publish({});
  const protocol::AnnouncedEpoch& epoch = city.epoch();
  directory::Builder builder(epoch.suite(), epoch.id, epoch.edition, kLabelBytes, epoch.label_template);
  const directory::LabelSealer sealer(epoch.suite(), epoch.id, kLabelBytes);
  Bytes sealed(directory::sealed_bytes(kLabelBytes));
  for (const DirectoryRow& row : random_rows(city.random(), entries - kSubscribedContacts, kLabelBytes)) {
    builder.add(Tag(row.tag), row.sealed);
  }
  for (std::size_t i = 0; i < kSubscribedContacts; ++i) {
    const oprf::PrfOutput output = city.evaluate(berlin(static_cast<int>(i)));
    if (!sealer.seal(output.expose(), "somebody", sealed)) {
      throw std::runtime_error("a label that cannot be sealed");
    }
    builder.add(directory::tag_of(output.expose()), sealed);
  }
  return std::move(builder).finish().value();
}

/// A child process with pipes for what it reads, writes and says.
class Child {
 public:
  explicit Child(const std::vector<std::string>& words) {
    int in[2];
    int out[2];
    int said[2];
    if (pipe(in) != 0 || pipe(out) != 0 || pipe(said) != 0) {
      throw std::runtime_error("no pipe");
    }
    std::vector<char*> arguments;
    for (const std::string& word : words) {
      arguments.push_back(const_cast<char*>(word.c_str()));
    }
    arguments.push_back(nullptr);
    id_ = fork();
    if (id_ == 0) {
      dup2(in[0], STDIN_FILENO);
      dup2(out[1], STDOUT_FILENO);
      dup2(said[1], STDERR_FILENO);
      for (const int end : {in[0], in[1], out[0], out[1], said[0], said[1]}) {
        close(end);
      }
      execv(arguments[0], arguments.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(said[1]);
    to_ = fdopen(in[1], "wb");
    from_ = fdopen(out[0], "rb");
    said_ = fdopen(said[0], "r");
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    for (std::FILE* const file : {to_, from_, said_}) {
      if (file != nullptr) {
        std::fclose(file);
      }
    }
    waitpid(id_, nullptr, 0);
  }

  /// The next request; empty when the child has none any more.
  [[nodiscard]] Bytes request() const {
    std::uint32_t length = 0;
    if (std::fread(&length, sizeof length, 1, from_) != 1) {
      return {};
    }
    Bytes body(length);
    if (std::fread(body.data(), 1, length, from_) != length) {
      throw std::runtime_error("a request that is cut off");
    }
    return body;
  }
  void answer(ByteView body) const {
    const auto length = static_cast<std::uint32_t>(body.size());
    std::fwrite(&length, sizeof length, 1, to_);
    std::fwrite(body.data(), 1, body.size(), to_);
    std::fflush(to_);
  }
  [[nodiscard]] std::string last_words() const {
    std::array<char, 512> line{};
    return std::fgets(line.data(), line.size(), said_) == nullptr ? "" : std::string(line.data());
  }

 private:
  pid_t id_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  std::FILE* said_ = nullptr;
};

void write(const std::filesystem::path& path, ByteView bytes) {
  std::ofstream(path, std::ios::binary) << text_of(bytes);
}

}  // namespace

Footprint measure_footprint(const std::string& client, std::size_t contacts, std::size_t entries) {
  InMemoryOperator city;
  Bytes file = large_directory(city, entries);
  city.set_directory(std::move(file), entries);
  const TemporaryFolder folder;
  write(folder.path() / "announcement", city.announce());
  write(folder.path() / "directory", city.directory_file());
  std::vector<std::string> words{client,
                                 folder.path() / "announcement",
                                 folder.path() / "directory",
                                 invitation_to(city),
                                 token_for_anna(city),
                                 std::to_string(kNow.value())};
  for (std::size_t i = 0; i < contacts; ++i) {
    words.emplace_back(berlin(static_cast<int>(i)).e164());
  }

  const Child child(words);
  for (Bytes request = child.request(); !request.empty(); request = child.request()) {
    child.answer(city.answer(request).value());
  }
  const std::string said = child.last_words();
  Footprint out;
  if (std::sscanf(said.c_str(), "%ld %ld %ld %zu", &out.loaded, &out.evaluated, &out.done, &out.matches) !=
      4) {
    throw std::runtime_error("the client failed: " + said);
  }
  return out;
}

}  // namespace blindbook::test_support
