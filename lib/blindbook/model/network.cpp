#include "blindbook/model/network.h"

#include <vector>

#include "blindbook/model/csv_rows.h"
#include "blindbook/model/data_texts.h"

namespace blindbook::model {
namespace {

constexpr std::uint64_t kRoundTripsOfAConnection = 2;

std::vector<NetworkPreset> read_rows() {
  std::vector<NetworkPreset> out;
  for_each_row(network_presets_text(), [&out](std::string_view line) {
    NetworkPreset row{};
    row.name = take_until(line, ',');
    row.down_kbit_s = take_number(line);
    row.up_kbit_s = take_number(line);
    row.round_trip_ms = take_number(line);
    row.source = line;
    out.push_back(row);
  });
  return out;
}

}  // namespace

std::span<const NetworkPreset> network_presets() {
  static const std::vector<NetworkPreset> kRows = read_rows();
  return kRows;
}

const NetworkPreset* find_network(std::string_view name) {
  for (const NetworkPreset& preset : network_presets()) {
    if (preset.name == name) {
      return &preset;
    }
  }
  return nullptr;
}

std::uint64_t round_trips(const Moved& moved) {
  return moved.requests + kRoundTripsOfAConnection * moved.connections;
}

Rational network_seconds(const NetworkPreset& network, const Moved& moved) {
  const auto over = [](std::uint64_t bytes, std::uint64_t kbit_s) {
    return Rational(Integer(bytes) * 8, Integer(kbit_s) * 1'000);
  };
  return Rational(Integer(round_trips(moved)) * network.round_trip_ms, 1'000) +
         over(moved.sent, network.up_kbit_s) + over(moved.received, network.down_kbit_s);
}

}  // namespace blindbook::model
