// Stands in for libFuzzer where there is no clang: runs a target over its corpus, and over inputs made from
// the corpus by random changes, the same ones on every machine. Takes of libFuzzer's options those that the
// tests use.
//
// usage: fuzz_<target> -seed_inputs=@LIST [-runs=N] [-max_len=N] [-dict=FILE] [-artifact_prefix=PATH]
//        fuzz_<target> FILE..             runs these and nothing else
// LIST holds names of files, by commas. An input that ends the process is left in PATH"crash".
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "blindbook/base/bytes.h"

#include "tests/fuzz/fuzz.h"
#include "tests/support/deterministic_random.h"

namespace blindbook::fuzz {
namespace {

struct Options {
  std::vector<std::string> seeds;
  std::vector<std::string> tokens;
  std::size_t runs = 0;
  std::size_t max_length = 4096;
  std::string artifacts = "./";
};

// What a signal handler may read: set before each run.
const char* crash_file = nullptr;
ByteView running;

extern "C" void keep_crash(int signal) {
  const int file = open(crash_file, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0 || write(file, running.data(), running.size()) < 0) {
    constexpr std::string_view kComplaint = "cannot keep the input\n";
    static_cast<void>(!write(STDERR_FILENO, kComplaint.data(), kComplaint.size()));
  }
  std::signal(signal, SIG_DFL);
  static_cast<void>(std::raise(signal));
}

void run_watched(std::string_view input) {
  running = bytes_of(input);
  run(running);
}

std::string read(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + name);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> read_list(const std::string& name) {
  std::vector<std::string> out;
  const std::string names = read(name);
  std::string_view rest = names;
  while (!rest.empty()) {
    out.emplace_back(take_until(rest, ','));
  }
  return out;
}

/// The text between the quotes of each entry. Its escapes are \\, \" and \xHH.
std::vector<std::string> read_dictionary(const std::string& name) {
  std::vector<std::string> out;
  const std::string text = read(name);
  std::string_view rest = text;
  while (!rest.empty()) {
    std::string_view line = take_until(rest, '\n');
    const std::size_t open = line.find('"');
    if (line.starts_with('#') || open == std::string_view::npos) {
      continue;
    }
    std::string token;
    for (std::size_t i = open + 1; i + 1 < line.size(); ++i) {
      if (line[i] == '\\' && line[i + 1] == 'x' && i + 3 < line.size()) {
        token.push_back(static_cast<char>(std::stoi(std::string(line.substr(i + 2, 2)), nullptr, 16)));
        i += 3;
      } else {
        i += line[i] == '\\' ? 1 : 0;
        token.push_back(line[i]);
      }
    }
    out.push_back(token);
  }
  return out;
}

Options parse(int count, char** words) {
  Options out;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value_of = [&](std::string_view option) {
      return word.starts_with(option) ? word.substr(option.size()) : std::string();
    };
    if (const std::string list = value_of("-seed_inputs=@"); !list.empty()) {
      out.seeds = read_list(list);
    } else if (const std::string runs = value_of("-runs="); !runs.empty()) {
      out.runs = std::stoul(runs);
    } else if (const std::string length = value_of("-max_len="); !length.empty()) {
      out.max_length = std::stoul(length);
    } else if (const std::string dictionary = value_of("-dict="); !dictionary.empty()) {
      out.tokens = read_dictionary(dictionary);
    } else if (const std::string prefix = value_of("-artifact_prefix="); !prefix.empty()) {
      out.artifacts = prefix;
    } else if (word.starts_with('-')) {
      throw std::runtime_error("unknown option " + word);
    } else {
      out.seeds.push_back(word);
    }
  }
  if (out.seeds.empty()) {
    throw std::runtime_error("nothing to run");
  }
  return out;
}

/// One to eight changes: a bit, a byte, a piece removed, repeated, moved in from another seed, or a word of
/// the dictionary.
std::string mutated(const Options& options, const std::vector<std::string>& corpus,
                    test_support::DeterministicRandom& random) {
  std::string text = corpus[random.below(corpus.size())];
  for (std::uint64_t changes = 1 + random.below(8); changes > 0; --changes) {
    const auto at = static_cast<std::size_t>(random.below(text.size() + 1));
    const auto length = static_cast<std::size_t>(random.below(16));
    switch (random.below(6)) {
      case 0:
        if (at < text.size()) {
          text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ 1U << random.below(8));
        }
        break;
      case 1:
        if (at < text.size()) {
          text[at] = static_cast<char>(random.below(256));
        }
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4: {
        const std::string& other = corpus[random.below(corpus.size())];
        text.insert(at, other.substr(random.below(other.size() + 1), 4 * length));
        break;
      }
      default:
        if (!options.tokens.empty()) {
          text.insert(at, options.tokens[random.below(options.tokens.size())]);
        }
    }
  }
  text.resize(std::min(text.size(), options.max_length));
  return text;
}

void fuzz(const Options& options) {
  const std::string crash = options.artifacts + "crash";
  crash_file = crash.c_str();
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) {
    std::signal(signal, keep_crash);
  }
  std::vector<std::string> corpus;
  for (const std::string& name : options.seeds) {
    std::fprintf(stderr, "%s\n", name.c_str());  // the last one shown is the one that failed
    corpus.push_back(read(name));
    run_watched(corpus.back());
  }
  for (std::size_t i = 0; i < options.runs; ++i) {
    test_support::DeterministicRandom random(i);
    const std::string input = mutated(options, corpus, random);
    run_watched(input);
  }
  std::fprintf(stderr, "\n%zu seeds and %zu changed inputs\n", corpus.size(), options.runs);
}

}  // namespace
}  // namespace blindbook::fuzz

int main(int count, char** words) try {
  blindbook::fuzz::fuzz(blindbook::fuzz::parse(count, words));
  return EXIT_SUCCESS;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return EXIT_FAILURE;
}
