#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "blindbook/service/descriptor.h"

#include "tests/bench/comparison/grid.h"
#include "tests/bench/comparison/results.h"

namespace blindbook::bench {

/// What an interrupted comparison has measured: JSON, one object a line. The first says what is compared, and where:
///   {"schema":"blindbook.bench.journal/1","environment":{..},"grid":{..},"left_out":[..]}
/// then {"setup":{..}} and {"run":{..}}, and {"resumed":{..}} whenever one went on with it, each written at once, so that a
/// kill leaves at most the last line cut short. Who has one holds it: nobody else writes there meanwhile.
class Journal {
 public:
  struct Content {
    Plan plan;
    nlohmann::ordered_json environment;
    std::vector<Setup> setups;
    std::vector<Run> runs;
  };

  /// A fresh one. Throws BadRequest when there is one already, or when it cannot be written. The environment is that of
  /// environment_at_start().
  [[nodiscard]] static Journal begin(const std::string& path, const Plan& plan,
                                     const nlohmann::ordered_json& environment);

  /// Goes on with one; a line that was cut short is taken away. Throws BadRequest: there is none, it is none, somebody writes
  /// it, or it was written by another program or on another machine, with which what is still missing cannot be compared.
  [[nodiscard]] static Journal resume(const std::string& path, Content& content);

  /// Throws std::system_error when the disk does not take it.
  /// @{
  void add(const Setup& setup);
  void add(const Run& run);
  /// @}

  /// Once the result is written, there is nothing to resume.
  void remove();

 private:
  Journal(std::string path, service::Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  void write_line(const nlohmann::ordered_json& line);

  std::string path_;
  service::Descriptor file_;
};

}  // namespace blindbook::bench
