#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// What is measured, as it stands in a journal and in a result.
namespace blindbook::bench {

/// One make_service(). A grid that was resumed has set some services up more than once.
struct Setup {
  std::string protocol;
  std::size_t subscribers = 0;
  double cpu_seconds = 0;
  double wall_seconds = 0;
  std::uint64_t published_bytes = 0;
  /// The most memory that the process held by then, with the list of subscribers that it was given.
  std::uint64_t peak_bytes = 0;
};

/// One run of one client. Bytes are those that passed the socket, the four of each message's length with them.
struct Run {
  std::string protocol;
  std::size_t subscribers = 0;
  std::size_t contacts = 0;
  std::size_t round = 0;
  bool warm_up = false;

  struct {
    double cpu_seconds = 0;  ///< of answer()
    std::uint64_t bytes_sent = 0;
    std::uint64_t messages_sent = 0;
    std::uint64_t peak_bytes = 0;  ///< the most memory that the process held meanwhile
  } service{};
  struct {
    double ask_cpu_seconds = 0;    ///< of make_client() and ask()
    double match_cpu_seconds = 0;  ///< of match()
    std::uint64_t bytes_sent = 0;
    std::uint64_t messages_sent = 0;
    std::uint64_t peak_bytes = 0;
  } client{};

  std::uint64_t download_bytes = 0;  ///< what the service publishes; 0: nothing
  double wall_seconds = 0;           ///< of the client, the download with it
  std::uint64_t round_trips = 0;     ///< of ask(), without that of the download
  std::size_t matches = 0;
  std::size_t missed = 0;
  std::size_t false_matches = 0;
};

/// As JSON, and out of it. The latter throws nlohmann::json::exception when something is missing or of another kind.
/// @{
[[nodiscard]] nlohmann::ordered_json json_of(const Setup& setup);
[[nodiscard]] nlohmann::ordered_json json_of(const Run& run);
[[nodiscard]] Setup setup_of(const nlohmann::ordered_json& json);
[[nodiscard]] Run run_of(const nlohmann::ordered_json& json);
/// @}

}  // namespace blindbook::bench
