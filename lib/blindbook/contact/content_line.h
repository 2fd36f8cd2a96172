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

/// In what ways a line can go on in the next.
enum class LineBreaks {
  kFolds,               ///< vCard 3.0 and 4.0, LDIF (RFC 2849)
  kFoldsAndSoftBreaks,  ///< and vCard 2.1
};

/// Undoes what breaks long lines.
///
/// Folds: a line end followed by one space or tab is removed, wherever it stands, also inside a character.
/// That is the rule of 3.0; 2.1 keeps the space, which matters to neither numbers nor, much, to names.
///
/// Soft breaks: a line whose parameters say quoted-printable and which ends in `=` goes on in the next line,
/// taken as it is, without unfolding. Not into a line END:VCARD or BEGIN:VCARD: some exports end their last
/// value in
/// `=`. A file that ends behind a soft break ends inside the line.
///
/// Lines end in CR LF, LF or CR, mixed at will; empty lines count but carry nothing, except that one ends a
/// value that goes on.
class LineUnfolder {
 public:
  /// `text` must outlive the unfolder.
  explicit LineUnfolder(std::string_view text, LineBreaks breaks = LineBreaks::kFoldsAndSoftBreaks) noexcept
      : rest_(text), breaks_(breaks) {}
  /// The next line that is not empty; false at the end.
  [[nodiscard]] bool next(UnfoldedLine& out);

 private:
  struct PhysicalLine {
    std::string_view text;
    bool terminated;
  };
  PhysicalLine take_line();
  void skip_empty_lines();
  void skip_rest_of_line_end();
  bool at_card_edge() const;

  std::string_view rest_;
  LineBreaks breaks_;
  std::size_t line_ = 1;        // of the first byte of rest_
  bool after_lone_cr_ = false;  // the line taken last ended in CR without LF
};

/// The parts of one content line (RFC 6350 section 3.3); views into the line given.
struct ContentLine {
  std::string_view group;       ///< Such as "item1"; empty when there is none.
  std::string_view name;        ///< As written, without its group.
  std::string_view parameters;  ///< All of them, without the first `;`.
  std::string_view value;       ///< Still encoded and escaped.
};

/// Splits at the first `:` that is not inside a quoted parameter; nothing when there is none.
[[nodiscard]] std::optional<ContentLine> parse_content_line(std::string_view line);

/// True when a TYPE parameter, or a bare parameter as in vCard 2.1, names `type`; ASCII case does not matter.
[[nodiscard]] bool has_type(std::string_view parameters, std::string_view type);

/// True when the ENCODING parameter, or a bare one, says quoted-printable.
[[nodiscard]] bool is_quoted_printable(std::string_view parameters);

/// The value of the CHARSET parameter; empty when there is none.
[[nodiscard]] std::string_view charset_parameter(std::string_view parameters);

}  // namespace blindbook::contact
