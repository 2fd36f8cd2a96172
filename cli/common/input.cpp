#include "cli/common/input.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <termios.h>
#include <unistd.h>

#include "blindbook/protocol/operator_identity.h"
#include "blindbook/service/atomic_file.h"

#include "cli/common/terminal.h"

namespace blindbook::cli {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;

Result<Bytes> read_standard_input(std::size_t max_bytes) {
  Bytes out;
  std::size_t size = 0;
  for (;;) {
    out.resize(size + kChunk);
    const ::ssize_t got = ::read(STDIN_FILENO, out.data() + size, kChunk);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return unavailable("file.read", std::string("standard input cannot be read: ") + std::strerror(errno));
    }
    size += static_cast<std::size_t>(got);
    if (size > max_bytes) {
      return bad_input("file.size", "standard input holds more than " + std::to_string(max_bytes) + " bytes");
    }
    if (got == 0) {
      out.resize(size);
      return out;
    }
  }
}

/// Standard input without echo, for as long as this lives; a signal that ends the program meanwhile leaves
/// the terminal to the shell, which repairs it.
class Silence {
 public:
  Silence() {
    if (::tcgetattr(STDIN_FILENO, &before_) == 0) {
      ::termios silent = before_;
      silent.c_lflag &= ~static_cast<::tcflag_t>(ECHO);
      changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
  }
  ~Silence() {
    if (changed_) {
      ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  ::termios before_{};
  bool changed_ = false;
};

Result<SecretBytes> ask_for_line(std::string_view prompt) {
  const std::string shown = "blindbook: " + std::string(prompt) + ": ";
  SecretBytes line(service::kMaxPassphraseBytes + 1);
  ::ssize_t got = 0;
  {
    // Silent before the prompt is seen: what is typed in answer is neither shown nor thrown away.
    const Silence silence;
    std::fwrite(shown.data(), 1, shown.size(), stderr);
    do {
      got = ::read(STDIN_FILENO, line.expose_mutable().data(), line.size());
    } while (got < 0 && errno == EINTR);
  }
  std::fputc('\n', stderr);
  // A terminal hands over one line at a time, with its line end.
  const ByteView typed = line.expose().first(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (typed.size() > service::kMaxPassphraseBytes) {
    return bad_input("passphrase.length", "the passphrase is longer than 1024 bytes");
  }
  const ByteView passphrase = !typed.empty() && typed.back() == '\n' ? typed.first(typed.size() - 1) : typed;
  if (passphrase.empty()) {
    return bad_input("passphrase.empty", "the passphrase is empty");
  }
  return SecretBytes(passphrase);
}

Result<SecretBytes> ask_for_passphrase(Asking asking) {
  if (!stdin_is_terminal()) {
    return bad_input("passphrase.missing", "the keys need a passphrase, and there is no terminal to ask on",
                     "give --passphrase-file FILE");
  }
  auto first = ask_for_line(asking == Asking::kTwice ? "new passphrase" : "passphrase");
  if (!first || asking == Asking::kOnce) {
    return first;
  }
  const auto second = ask_for_line("the same passphrase again");
  if (!second || !(*second == *first)) {
    return bad_input("passphrase.mismatch", "the two passphrases differ", "try again");
  }
  return first;
}

}  // namespace

Result<Bytes> read_input(const std::string& path, std::size_t max_bytes) {
  return path == "-" ? read_standard_input(max_bytes) : service::read_file(path, max_bytes);
}

Result<protocol::Ed25519PublicKey> read_operator_key(const std::string& path) {
  constexpr std::size_t kMaxBytes = 4096;
  const auto text = read_input(path, kMaxBytes);
  if (!text) {
    return tl::unexpected<Error>(text.error());
  }
  auto key = protocol::decode_operator_file(text_of(*text));
  if (!key) {
    return bad_input("operator.key", path + " is no operator's public key",
                     "the operator hands it out as operator.pub: one line of 43 characters");
  }
  return key;
}

service::PassphraseSource passphrase_source(const Arguments& arguments, Asking asking) {
  std::optional<std::filesystem::path> file;
  if (const auto named = arguments.value("passphrase-file")) {
    file = *named;
  }
  return service::choose_passphrase_source(file, [asking] { return ask_for_passphrase(asking); });
}

}  // namespace blindbook::cli
