#pragma once

#include <string>

#include <nlohmann/json.hpp>

/// The tables of a report, each an HTML table of its own, or nothing where the results have nothing of it.
namespace blindbook::bench {

/// Who learns what, a protocol a row.
[[nodiscard]] std::string knowledge_table(const nlohmann::ordered_json& results);

/// What a run costs at the largest sizes that were measured, beside the fastest kernel of blindbook.
[[nodiscard]] std::string cost_table(const nlohmann::ordered_json& results);

/// Every figure of the summary.
[[nodiscard]] std::string figures_table(const nlohmann::ordered_json& results);

/// What was left out because it takes too long.
[[nodiscard]] std::string capped_table(const nlohmann::ordered_json& results);

/// What the attack on uploaded hashes recovers, and what it finds against blindbook.
[[nodiscard]] std::string attack_table(const nlohmann::ordered_json& results);

/// Figures of others, as they published them.
[[nodiscard]] std::string published_table(const nlohmann::ordered_json& results);

/// Machine, commit, libraries.
[[nodiscard]] std::string environment_table(const nlohmann::ordered_json& results);

}  // namespace blindbook::bench
