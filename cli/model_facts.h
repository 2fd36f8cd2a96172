#pragma once

#include <cstddef>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "blindbook/base/bytes.h"
#include "blindbook/base/error.h"
#include "blindbook/protocol/allowance.h"
#include "blindbook/protocol/run_plan.h"

#include "cli/common/facts.h"

/// What the model (docs/spec/model.md) says about the objects that commands show.
namespace blindbook::cli {

/// Adds to `facts` what a directory file's distinct tags and coded bits come to: bits an entry, and how often
/// chance shows a stranger as subscriber. BadInput "directory.*" when the file is damaged.
[[nodiscard]] Result<void> add_directory_model(Facts& facts, ByteView file);

/// Adds the bodies of a run that evaluates one batch of each size and fetches that directory, in bytes.
void add_run_bytes(Facts& facts, std::uint64_t announcement_bytes, std::uint64_t directory_bytes);

/// Which rows of lib/blindbook/model/number_spaces.csv, where each has its source.
enum class Spaces { kAll, kAssigned };

/// Adds what it costs to try every number of a country.
void add_sweep(Facts& facts, const protocol::AllowancePolicy& allowance, Spaces wanted);

/// What a first run would cost against directories of some sizes, and how likely chance shows one of the
/// numbers it looks up as subscriber there, though none is.
/// @{
[[nodiscard]] std::string first_run_text(const protocol::RunPlan& plan);
[[nodiscard]] nlohmann::ordered_json first_run_json(const protocol::RunPlan& plan);
/// @}

/// What it costs to try every number of a country whose assigned numbers are known, for who knows of no
/// service's allowance yet: under the default one, which init settles and the output names. In JSON the
/// members "default_allowance" and "sweep", the latter with the rows of add_sweep().
/// @{
[[nodiscard]] std::string default_sweep_text();
void add_default_sweep(nlohmann::ordered_json& object);
/// @}

}  // namespace blindbook::cli
