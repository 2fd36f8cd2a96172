#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace blindbook::contact {

/// Longest content line that is kept; of a longer one (a photo) the rest is skipped. Names and numbers are
/// far shorter; the bound keeps memory independent of what a file holds.
inline constexpr std::size_t kMaxContentLine = std::size_t{64} << 10;

/// A line of RFC 6350 section 3.2 with its folds undone.
struct UnfoldedLine {
  std::string text;         ///< At most kMaxContentLine bytes.
  std::size_t line = 0;     ///< Line of the file, from 1, on which it begins.
  bool terminated = false;  ///< False when the file ends inside it.
};

/// Undoes line folding: a line end followed by one space or tab is removed, wherever it stands, also inside a
/// character. Lines end in CR LF, LF or CR, mixed at will; empty lines count but carry nothing.
class LineUnfolder {
 public:
  /// `text` must outlive the unfolder.
  explicit LineUnfolder(std::string_view text) noexcept : rest_(text) {}
  /// The next line that is not empty; false at the end.
  [[nodiscard]] bool next(UnfoldedLine& out);

 private:
  struct PhysicalLine {
    std::string_view text;
    bool terminated;
  };
  PhysicalLine take_line();
  void skip_empty_lines();

  std::string_view rest_;
  std::size_t line_ = 1;  // of the first byte of rest_
};

/// The parts of one content line (RFC 6350 section 3.3); views into the line given.
struct ContentLine {
  std::string_view name;        ///< As written, without its group ("item1.").
  std::string_view parameters;  ///< All of them, without the first `;`.
  std::string_view value;       ///< Still escaped.
};

/// Splits at the first `:` that is not inside a quoted parameter; nothing when there is none.
[[nodiscard]] std::optional<ContentLine> parse_content_line(std::string_view line);

/// True when a TYPE parameter, or a bare parameter, names `type`; ASCII case does not matter.
[[nodiscard]] bool has_type(std::string_view parameters, std::string_view type);

}  // namespace blindbook::contact
