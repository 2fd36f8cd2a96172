// What an app does with libblindbook.so, and what memory it takes.
//
// footprint_client ANNOUNCEMENT DIRECTORY INVITATION TOKEN NOW NUMBERS.. : a whole run, whose requests go to standard
// output and whose answers come from standard input, each behind its length in four bytes of this machine. At the end, on
// standard error: the peak of resident KiB before the first call, after the evaluation, at the end; and the matches.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include <blindbook.h>

namespace {

using Bytes = std::vector<std::uint8_t>;

void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "footprint_client: %s\n", what);
    std::exit(1);
  }
}

/// The largest part of this process that ever was in memory, in KiB.
long peak_kib() {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  require(file != nullptr, "/proc/self/status");
  char line[256];
  long peak = 0;
  while (std::fgets(line, sizeof line, file) != nullptr) {
    std::sscanf(line, "VmHWM: %ld", &peak);
  }
  std::fclose(file);
  return peak;
}

bb_error error;

void check(bb_status status) {
  require(status == BB_OK, error.rule);
}

/// Gives each piece of the file at `path` to `take`; small pieces, as they come from a network.
template <class Take>
void read_file(const char* path, const Take& take) {
  std::FILE* const file = std::fopen(path, "rb");
  require(file != nullptr, path);
  static std::uint8_t piece[16'384];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, file)) {
    take(piece, size);
  }
  std::fclose(file);
}

Bytes whole_file(const char* path) {
  Bytes out;
  read_file(path,
            [&](const std::uint8_t* piece, std::size_t size) { out.insert(out.end(), piece, piece + size); });
  return out;
}

/// The app keeps its state in memory here, once, as it would on its way to a file.
void save(bb_client* client) {
  std::size_t size = 0;
  require(bb_client_state(client, nullptr, &size, &error) == BB_SHORT_BUFFER, "the state has no size");
  Bytes state(size);
  check(bb_client_state(client, state.data(), &size, &error));
}

void evaluate(bb_client* client) {
  save(client);
  std::size_t size = 0;
  require(bb_client_request(client, nullptr, &size, &error) == BB_SHORT_BUFFER, "the request has no size");
  Bytes bytes(size);
  check(bb_client_request(client, bytes.data(), &size, &error));
  auto length = static_cast<std::uint32_t>(size);
  require(std::fwrite(&length, sizeof length, 1, stdout) == 1 &&
              std::fwrite(bytes.data(), 1, size, stdout) == size && std::fflush(stdout) == 0,
          "the request cannot be written");
  require(std::fread(&length, sizeof length, 1, stdin) == 1, "there is no answer");
  bytes.resize(length);
  require(std::fread(bytes.data(), 1, length, stdin) == length, "the answer is cut off");
  check(bb_client_take_answer(client, bytes.data(), bytes.size(), &error));
}

}  // namespace

int main(int argc, char** argv) {
  require(argc > 6, "usage: see the head of footprint_client.cpp");
  const long loaded = peak_kib();
  const std::uint8_t key[BB_KEY_BYTES] = {1};
  bb_client* client = nullptr;
  check(bb_client_new(argv[3], key, nullptr, 0, &client, &error));
  for (int i = 6; i < argc; ++i) {
    check(bb_client_add_identifier(client, argv[i], &error));
  }
  check(bb_client_begin(client, argv[4], std::strtoull(argv[5], nullptr, 10), 0, &error));
  long evaluated = 0;
  while (bb_client_need(client) != BB_NEED_NOTHING) {
    switch (bb_client_need(client)) {
      case BB_NEED_ANNOUNCEMENT: {
        const Bytes announcement = whole_file(argv[1]);
        check(bb_client_take_announcement(client, announcement.data(), announcement.size(), &error));
        break;
      }
      case BB_NEED_STEP:
        check(bb_step(client, 256, nullptr, nullptr, &error));
        break;
      case BB_NEED_ANSWER:
        evaluate(client);
        break;
      default:
        evaluated = peak_kib();
        read_file(argv[2], [&](const std::uint8_t* piece, std::size_t size) {
          check(bb_client_feed_directory(client, piece, size, &error));
        });
        check(bb_client_finish_directory(client, &error));
    }
  }
  bb_result result;
  check(bb_client_result(client, &result, &error));
  save(client);
  bb_client_free(client);
  std::fprintf(stderr, "%ld %ld %ld %zu\n", loaded, evaluated, peak_kib(), result.matches);
  return 0;
}
