#include "blindbook/model/speed.h"

#include <algorithm>

namespace blindbook::model {
namespace {

double nano(std::uint64_t each, double times) {
  return static_cast<double>(each) * times * 1e-9;
}

double pico(std::uint64_t each, double times) {
  return static_cast<double>(each) * times * 1e-12;
}

double number_of(std::uint64_t count) {
  return static_cast<double>(count);
}

/// A run of the client, without its directory.
double client_asks(const Calibration& c, std::uint64_t batches, std::uint64_t elements,
                   std::uint64_t numbers) {
  return nano(c.client_start_ns, 1) + nano(c.client_number_ns, number_of(numbers)) +
         nano(c.client_batch_ns, number_of(batches)) + nano(c.blind_ns + c.finalize_ns, number_of(elements));
}

double serve_asked(const Calibration& c, std::uint64_t batches, std::uint64_t elements) {
  return nano(c.serve_run_ns, 1) + nano(c.evaluate_batch_ns, number_of(batches)) +
         nano(c.evaluate_ns, number_of(elements));
}

std::uint64_t sum_of(const std::vector<std::uint32_t>& batches) {
  std::uint64_t sum = 0;
  for (const std::uint32_t batch : batches) {
    sum += batch;
  }
  return sum;
}

struct Update {
  double bytes;
  bool is_patch;
};

/// What a client that ran yesterday fetches.
Update update_of(const ClientLife& life) {
  const std::uint64_t directory = expected_directory_bytes(life.directory);
  const std::uint64_t patch = expected_patch_bytes(life.directory, life.daily);
  return {.bytes = number_of(std::min(directory, patch)), .is_patch = patch < directory};
}

}  // namespace

double client_first_seconds(const Calibration& c, const ClientLife& life, std::uint64_t numbers) {
  return client_asks(c, life.first_batches.size(), sum_of(life.first_batches), numbers) +
         pico(c.read_entry_ps, number_of(life.directory.entries)) +
         pico(c.fetch_byte_ps, number_of(expected_directory_bytes(life.directory)));
}

double client_daily_seconds(const Calibration& c, const ClientLife& life, std::uint64_t numbers) {
  const Update update = update_of(life);
  const double entries = number_of(life.directory.entries);
  const double bytes = number_of(expected_directory_bytes(life.directory));
  return client_asks(c, 1, kScheduledBatch, numbers) +
         (update.is_patch ? pico(c.patch_entry_ps, entries) + pico(c.patch_byte_ps, bytes)
                          : pico(c.read_entry_ps, entries) + pico(c.fetch_byte_ps, bytes));
}

double serve_first_seconds(const Calibration& c, const ClientLife& life) {
  return serve_asked(c, life.first_batches.size(), sum_of(life.first_batches)) +
         pico(c.serve_byte_ps, number_of(expected_directory_bytes(life.directory)));
}

double serve_daily_seconds(const Calibration& c, const ClientLife& life) {
  return serve_asked(c, 1, kScheduledBatch) + pico(c.serve_byte_ps, update_of(life).bytes);
}

double serve_element_seconds(const Calibration& c, std::uint64_t elements) {
  return serve_asked(c, 1, elements) / number_of(elements);
}

double publish_first_seconds(const Calibration& c, std::uint64_t rows, bool labels) {
  return nano(c.publish_start_ns, 1) + nano(c.publish_row_ns + (labels ? c.seal_ns : 0), number_of(rows));
}

double publish_next_seconds(const Calibration& c, std::uint64_t rows, bool labels, const Churn& daily,
                            std::uint64_t patches) {
  return nano(c.publish_start_ns, 1) + nano(c.kept_row_ns, number_of(rows)) +
         nano(c.publish_row_ns + (labels ? c.seal_ns : 0), daily.joins) +
         pico(c.star_entry_ps, number_of(rows) * number_of(patches));
}

}  // namespace blindbook::model
