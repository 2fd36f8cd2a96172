#include "tests/bench/calibrate/calibrate.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include <sys/utsname.h>

#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/protocol/params.h"

#include "tests/bench/calibrate/commands.h"
#include "tests/bench/calibrate/primitives.h"
#include "tests/bench/this_machine.h"

namespace blindbook::bench {
namespace {

constexpr double kFirstBatch = protocol::kFirstRunMinimum;  // of a run with one number
constexpr double kBookBatch = 1'024;                        // of one with CommandSeconds::kBook
constexpr double kScheduledBatch = protocol::kBatchSizes.front();

std::string machine() {
  utsname system{};
  ::uname(&system);
  const std::string all = cpu_model() + ", " + system.sysname + " " + system.machine;
  return all.substr(0, 255);
}

std::uint64_t whole(double value) {
  return static_cast<std::uint64_t>(std::llround(std::max(0.0, value)));
}
std::uint64_t nanoseconds(double seconds) {
  return whole(seconds * 1e9);
}
std::uint64_t picoseconds(double seconds) {
  return whole(seconds * 1e12);
}

}  // namespace

model::Calibration calibrate(const CalibrationOptions& options) {
  const auto& kernel = cpu::kernel_in_use();
  if (!kernel) {
    throw std::runtime_error(kernel.error().message);
  }
  if (options.progress) {
    options.progress("the arithmetic");
  }
  const Primitives library = measure_primitives(std::max<std::size_t>(1, options.rounds));
  const CommandSeconds commands = measure_commands(options);

  // Whole commands, less what of them is known already; docs/spec/calibration.md says so of each member.
  const BatchSeconds client{.large = library.blind.large + library.finalize.large,
                            .small = library.blind.small + library.finalize.small};
  const auto client_batch = [&](double elements) { return client.batch() + elements * client.element(); };
  const double few = commands.discover_one_of_few;
  const double number =
      (commands.discover_book_of_few - few - client_batch(kBookBatch) + client_batch(kFirstBatch)) /
      static_cast<double>(CommandSeconds::kBook - 1);
  const double rows = static_cast<double>(commands.rows);
  const double first_bytes = static_cast<double>(commands.first_directory_bytes);
  const double joins = static_cast<double>(commands.joins);
  // An evaluation within `serve` that is asked once in a while takes longer than one of many in a row.
  const double evaluate =
      std::max(library.evaluate.element(),
               (commands.serve_book_of_few - commands.serve_one_of_few) / (kBookBatch - kFirstBatch));
  const double row = (commands.publish_first - commands.publish_few) / rows - library.seal;

  model::Calibration out;
  out.machine = machine();
  out.kernel = std::string(*kernel);
  out.suite = "ristretto255-sha512";
  out.commit = options.commit;
  out.client_start_ns = nanoseconds(few - client_batch(kFirstBatch) - std::max(0.0, number));
  out.client_number_ns = nanoseconds(number);
  out.blind_ns = nanoseconds(library.blind.large / BatchSeconds::kLarge);
  out.client_batch_ns = nanoseconds(client.batch());
  out.finalize_ns = nanoseconds((library.finalize.large - client.batch()) / BatchSeconds::kLarge);
  out.read_entry_ps = picoseconds(library.read_entry);
  out.fetch_byte_ps =
      picoseconds((commands.discover_one_of_many - few - rows * library.read_entry) / first_bytes);
  out.patch_entry_ps = picoseconds(library.patch_entry);
  out.patch_byte_ps = picoseconds((commands.refresh_one_of_many - few - client_batch(kScheduledBatch) +
                                   client_batch(kFirstBatch) - rows * library.patch_entry) /
                                  static_cast<double>(commands.next_directory_bytes));
  out.evaluate_ns = nanoseconds(evaluate);
  out.evaluate_batch_ns = nanoseconds(library.evaluate.batch());
  // What a first run and a daily one leave; the patch of a day is a few thousand bytes, and they cost next to nothing.
  out.serve_run_ns = nanoseconds((commands.serve_one_of_few - kFirstBatch * evaluate +
                                  commands.serve_refresh_of_many - kScheduledBatch * evaluate) /
                                     2 -
                                 library.evaluate.batch());
  out.serve_byte_ps = picoseconds((commands.serve_one_of_many - commands.serve_one_of_few) / first_bytes);
  out.publish_start_ns = nanoseconds(commands.publish_few);
  out.publish_row_ns = nanoseconds(row);
  out.seal_ns = nanoseconds(library.seal);
  out.kept_row_ns = nanoseconds((commands.publish_next - commands.publish_few - joins * (row + library.seal) -
                                 rows * library.star_entry) /
                                rows);
  out.star_entry_ps = picoseconds(library.star_entry);
  return out;
}

}  // namespace blindbook::bench
