#pragma once

#include <array>
#include <string_view>

/// What the page of a disclosure report says, as data: one set of texts a language. They are trusted HTML; a
/// word in braces stands for a value that disclosure_html.cpp puts in, escaped.
namespace blindbook::cli {

/// A count of things: "{n} request", "{n} requests".
struct CountedText {
  std::string_view one;
  std::string_view many;
};

/// One row of the table of who can read what.
struct PartyText {
  std::string_view party;
  std::string_view reads;
  std::string_view reads_not;
};

struct DisclosureTexts {
  std::string_view language;  ///< of BCP 47
  std::string_view digit_groups;
  std::string_view date;  ///< {day} {month} {year} {time}, in UTC
  std::array<std::string_view, 12> months;
  CountedText bytes;
  CountedText requests;

  std::string_view title;
  std::string_view lead;          ///< {when} {whom} {bytes} {requests}
  std::string_view lead_nothing;  ///< {when} {whom}
  std::string_view end_complete;
  std::string_view end_partial;
  std::string_view end_failed;  ///< {reason} {rule}
  std::string_view end_unfinished;
  std::string_view fault_peer;
  std::string_view fault_input;
  std::string_view fault_misuse;
  std::string_view fault_unavailable;
  std::string_view fault_spent;
  std::string_view plain_warning;
  CountedText labels_warning;  ///< where labels were asked for: matches

  std::string_view sent_title;
  std::string_view sent_nothing;
  std::string_view sent_token;  ///< {account}
  CountedText sent_public;      ///< requests for public objects
  CountedText sent_batches;     ///< {size}: batches of one size
  CountedText sent_again;       ///< {size}
  CountedText sent_labels;      ///< matches
  std::string_view not_sent_title;
  std::array<std::string_view, 4> not_sent;
  std::string_view not_sent_labels;  ///< in place of the last, where labels were asked for
  std::string_view naive_title;
  CountedText naive_numbers;
  CountedText naive_names;
  std::string_view naive_use;

  std::string_view requests_title;
  std::string_view requests_intro;
  std::string_view column_number;
  std::string_view column_time;
  std::string_view column_connection;
  std::string_view column_request;
  std::string_view column_as;
  std::string_view column_sent;
  std::string_view column_received;
  std::string_view column_outcome;
  std::string_view head_and_body;
  std::string_view row_sum;
  std::string_view nobody;
  std::string_view none;
  std::string_view outcome_answered;  ///< {status}
  std::string_view outcome_refused;   ///< {status}
  std::string_view outcome_no_name;
  std::string_view outcome_no_connection;
  std::string_view outcome_no_tls;
  std::string_view outcome_timeout;
  std::string_view outcome_cut;
  std::string_view outcome_unusable;
  std::string_view charged;         ///< {n}
  std::string_view labels_charged;  ///< {n}
  std::string_view maybe_charged;

  std::string_view parts_title;
  std::string_view parts_intro;
  std::string_view column_part;
  std::string_view column_bytes;
  std::string_view column_meaning;
  std::string_view part_request_line;
  std::string_view part_host;
  std::string_view part_same_for_all;
  std::string_view part_length;
  std::string_view part_authorization;
  std::string_view part_token;  ///< name of the part
  std::string_view part_token_meaning;
  std::string_view part_end;
  std::string_view part_end_meaning;
  std::string_view part_body_header;
  std::string_view part_body_header_meaning;
  CountedText part_elements;  ///< {size}: bytes of one
  std::string_view part_elements_meaning;
  std::string_view part_handle;
  std::string_view part_handle_meaning;
  std::string_view part_cut;

  std::string_view token_title;
  std::string_view token_intro;
  std::string_view token_account;
  std::string_view token_issuer;
  std::string_view token_audience;
  std::string_view token_scope;
  std::string_view token_id;
  std::string_view token_issued;
  std::string_view token_expires;

  std::string_view readers_title;
  std::string_view column_party;
  std::string_view column_reads;
  std::string_view column_reads_not;
  PartyText service;
  PartyText service_labels;  ///< in its place, where labels were asked for
  PartyText cheat;
  PartyText network_tls;
  PartyText network_plain;
  PartyText quantum;
  PartyText reader;

  std::string_view blinding_title;
  std::array<std::string_view, 3> blinding;

  std::string_view limits_title;
  std::array<std::string_view, 5> limits;

  std::string_view officers_title;
  std::string_view officers_nothing;  // in place of the first, where no token was sent
  std::array<std::string_view, 3> officers;
  std::string_view officers_labels;  // in place of the second, where labels were asked for

  std::string_view about_title;
  std::string_view about;    ///< {account}
  std::string_view written;  ///< {when} {program}
};

[[nodiscard]] const DisclosureTexts& english_texts() noexcept;
[[nodiscard]] const DisclosureTexts& german_texts() noexcept;

}  // namespace blindbook::cli
