#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// HTML that is well-formed XML, piece by piece. Arguments are HTML themselves, but for those of escaped(),
/// foreign() and code(), through which all must pass that others chose.
namespace blindbook::cli::html {

/// `text` as content or as the value of an attribute in double quotes, and printable() as on a terminal.
[[nodiscard]] std::string escaped(std::string_view text);
/// A word of others, kept apart from the text around it also where it is written from right to left.
[[nodiscard]] std::string foreign(std::string_view text);
/// What is shown letter by letter.
[[nodiscard]] std::string code(std::string_view text);

/// `tag` may bear attributes: element("th scope=\"col\"", "x").
[[nodiscard]] std::string element(std::string_view tag, std::string_view content);

using Values = std::initializer_list<std::pair<std::string_view, std::string>>;
/// `pattern` with each {name} replaced by its value.
[[nodiscard]] std::string fill(std::string_view pattern, Values values);

/// The parts of a table. `style` is a class of CSS.
/// @{
[[nodiscard]] std::string row(std::initializer_list<std::string> cells);
[[nodiscard]] std::string heading(std::string_view text, std::string_view style = "");
[[nodiscard]] std::string row_heading(std::string_view text);
[[nodiscard]] std::string cell(std::string_view text);
[[nodiscard]] std::string number(std::string_view text);
/// In a region of its own that scrolls, for keyboards too; `label` names it.
[[nodiscard]] std::string table(std::string_view label, std::string_view head, std::string_view body);
/// @}

}  // namespace blindbook::cli::html
