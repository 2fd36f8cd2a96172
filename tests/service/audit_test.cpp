#include "blindbook/service/audit.h"

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "blindbook/service/atomic_file.h"

#include "tests/service/operator_folder_fixture.h"
#include "tests/support/temporary_folder.h"

using namespace blindbook;
using namespace blindbook::service;
using test_support::mode_of;
using test_support::TemporaryFolder;

namespace {

constexpr UnixTime kNow{1'800'000'000};

struct Trail {
  TemporaryFolder folder;
  std::filesystem::path path = folder / "audit.jsonl";

  void append(std::string_view command, const AuditCounts& counts = {}) const {
    REQUIRE(append_audit(path, kNow, command, counts));
  }
  [[nodiscard]] std::string text() const { return std::string(text_of(*read_audit_trail(path))); }
  void write(const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }
  [[nodiscard]] AuditTrail examine() const { return examine_audit_trail(text()); }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) {
      out.push_back(line);
    }
    return out;
  }
};

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    out += line + "\n";
  }
  return out;
}

/// Three entries.
struct ThreeEntries : Trail {
  ThreeEntries() {
    append("init", {{"epochs", 1}});
    append("publish", {{"rows", 4}, {"published", 3}});
    append("backup");
  }
};

}  // namespace

TEST_CASE("an audit entry says who did what when and how much") {
  const Trail trail;
  trail.append("publish", {{"rows", 4}, {"published", 3}});
  CHECK(mode_of(trail.path) == 0600);
  const AuditTrail found = trail.examine();
  REQUIRE(found.last);
  CHECK(found.last->seq == 1);
  CHECK(found.last->at == kNow);
  CHECK(found.last->uid == ::getuid());
  CHECK(found.last->command == "publish");
  CHECK(found.last->counts == AuditCounts{{"published", 3}, {"rows", 4}});
  CHECK(found.last->previous == Digest());
  CHECK(trail.text().ends_with("\n"));
}

TEST_CASE("each audit entry names the head of the one before") {
  const ThreeEntries trail;
  const std::vector<std::string> lines = trail.lines();
  REQUIRE(lines.size() == 3);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    CHECK(parse_audit_entry(lines[i])->previous == audit_head(lines[i - 1]));
    CHECK(parse_audit_entry(lines[i])->seq == i + 1);
  }
  const AuditTrail found = trail.examine();
  CHECK_FALSE(found.broken);
  CHECK(found.entries == 3);
  CHECK(found.head == audit_head(lines[2]));
  CHECK(found.commands.at("publish").times == 1);
}

TEST_CASE("an audit trail in which any byte was changed shows it") {
  const ThreeEntries trail;
  const std::string text = trail.text();
  const AuditTrail before = trail.examine();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const AuditTrail found = examine_audit_trail(changed);
    INFO("byte " << i);
    // In the last entry only a head that was noted elsewhere, or what is no entry any more, can show it.
    CHECK((found.broken || found.bytes_behind > 0 || found.head != before.head));
  }
}

TEST_CASE("an audit trail that lost gained or swapped a line breaks there") {
  const ThreeEntries trail;
  const std::vector<std::string> lines = trail.lines();
  const auto line_of_break = [](const std::vector<std::string>& changed) {
    const AuditTrail found = examine_audit_trail(joined(changed));
    return found.broken ? found.broken->line : 0;
  };
  CHECK(line_of_break(lines) == 0);
  CHECK(line_of_break({lines[1], lines[2]}) == 1);
  CHECK(line_of_break({lines[0], lines[2]}) == 2);
  CHECK(line_of_break({lines[0], lines[0], lines[1], lines[2]}) == 2);
  CHECK(line_of_break({lines[0], lines[2], lines[1]}) == 2);
  CHECK(line_of_break({lines[0], "a remark", lines[1], lines[2]}) == 3);
  CHECK(line_of_break({lines[0], "", lines[1], lines[2]}) == 3);

  // With the right head, but a number of its own.
  AuditEntry entry = *parse_audit_entry(lines[1]);
  entry.seq = 3;
  CHECK(line_of_break({lines[0], write_audit_entry(entry)}) == 2);
}

TEST_CASE("an audit entry has one form") {
  const ThreeEntries trail;
  const std::string line = trail.lines()[1];
  REQUIRE(parse_audit_entry(line));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = line;
    const std::size_t at = changed.find(from);
    REQUIRE(at != std::string::npos);
    return parse_audit_entry(changed.replace(at, from.size(), to));
  };
  CHECK_FALSE(with("\"seq\":", "\"seq\": "));
  CHECK_FALSE(with("\"seq\":", "\"remark\":\"x\",\"seq\":"));
  CHECK_FALSE(with("\"rows\":4", "\"rows\":\"4\""));
  CHECK_FALSE(with("\"rows\":4", "\"rows\":-4"));
  CHECK_FALSE(with("audit/1", "audit/2"));
  CHECK_FALSE(with("\"published\":3,\"rows\":4", "\"rows\":4,\"published\":3"));
  CHECK_FALSE(parse_audit_entry(std::string(5000, ' ') + line));
  CHECK_FALSE(parse_audit_entry(line + " "));

  AuditEntry odd = *parse_audit_entry(line);
  odd.user = "not \xFF UTF-8 \"\n";
  odd.login_uid = 1000;
  const std::string written = write_audit_entry(odd);
  REQUIRE(parse_audit_entry(written));
  CHECK(write_audit_entry(*parse_audit_entry(written)) == written);
}

TEST_CASE("an audit entry that a crash cut off at any byte is kept and named by the next") {
  const ThreeEntries whole;
  const std::string text = whole.text();
  const std::size_t begin = joined({whole.lines()[0], whole.lines()[1]}).size();
  for (std::size_t cut = begin; cut < text.size(); ++cut) {
    const Trail trail;
    trail.write(text.substr(0, cut));
    const AuditTrail before = trail.examine();
    CHECK_FALSE(before.broken);
    const bool lost_its_end_alone = cut == text.size() - 1;
    CHECK(before.entries == (lost_its_end_alone ? 3 : 2));
    CHECK(before.bytes_behind == (lost_its_end_alone ? 0 : cut - begin));

    trail.append("backup");
    CHECK(trail.text().starts_with(text.substr(0, cut)));
    const AuditTrail after = trail.examine();
    INFO("cut at " << cut - begin << (after.broken ? after.broken->fault : ""));
    CHECK_FALSE(after.broken);
    CHECK(after.bytes_behind == 0);
    CHECK(after.entries == before.entries + 1);
    CHECK(after.cut_off == (cut == begin || lost_its_end_alone ? 0 : 1));

    // What was cut off is part of the chain from then on.
    if (after.cut_off == 1) {
      std::string changed = trail.text();
      changed[begin] = '!';
      CHECK(examine_audit_trail(changed).broken);
    }
  }
}

TEST_CASE("two audit entries cut off one after the other are kept and named") {
  const ThreeEntries trail;
  std::string text = trail.text();
  trail.write(text + "{\"schema\"\n{\"sch");
  CHECK(trail.examine().bytes_behind == 15);
  trail.append("backup");
  CHECK_FALSE(trail.examine().broken);
  CHECK(trail.examine().last->remains->bytes == 16);

  // In a file that never got a whole entry.
  trail.write("{\"sch");
  trail.append("init");
  CHECK_FALSE(trail.examine().broken);
  CHECK(trail.examine().entries == 1);
  trail.write("\n\n");
  trail.append("init");
  CHECK_FALSE(trail.examine().broken);
}

TEST_CASE("an audit trail with a break goes on and the break stays") {
  const ThreeEntries trail;
  std::vector<std::string> lines = trail.lines();
  lines.erase(lines.begin() + 1);
  trail.write(joined(lines));
  trail.append("publish");
  const AuditTrail found = trail.examine();
  REQUIRE(found.broken);
  CHECK(found.broken->line == 2);
  CHECK(found.entries == 3);
  CHECK(found.last->previous == audit_head(lines[1]));
}

TEST_CASE("audit entries of several writers make one chain") {
  const Trail trail;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&trail] {
      for (int i = 0; i < 10; ++i) {
        // Catch2's macros are not for threads; what failed is missing below.
        static_cast<void>(append_audit(trail.path, kNow, "publish"));
      }
    });
  }
  for (std::thread& writer : writers) {
    writer.join();
  }
  CHECK_FALSE(trail.examine().broken);
  CHECK(trail.examine().entries == 40);
}

TEST_CASE("the last audit entry of a command is found behind others") {
  const Trail trail;
  CHECK_FALSE(last_audit_entry(trail.path, "publish")->has_value());
  trail.append("publish", {{"rows", 1}});
  trail.append("publish", {{"rows", 2}});
  trail.append("backup");
  CHECK(last_audit_entry(trail.path, "publish")->value().counts.at("rows") == 2);
  CHECK(last_audit_count(trail.path, "rows")->value() == 2);
  trail.append("epoch rotate", {{"rows", 3}});
  CHECK(last_audit_count(trail.path, "rows")->value() == 3);
  CHECK_FALSE(last_audit_count(trail.path, "files")->has_value());
  CHECK_FALSE(last_audit_entry(trail.path, "erase")->has_value());
  trail.write(trail.text() + "cut off");
  CHECK(last_audit_entry(trail.path, "publish")->value().counts.at("rows") == 2);
}

TEST_CASE("an audit entry that cannot be written is an error") {
  const TemporaryFolder folder;
  CHECK(append_audit(folder / "missing/audit.jsonl", kNow, "init").error().rule == "file.write");
  std::filesystem::create_directory(folder / "audit.jsonl");
  CHECK(append_audit(folder / "audit.jsonl", kNow, "init").error().fault == Fault::kUnavailable);
  CHECK_FALSE(claims_to_be_audit_trail("{\"schema\":\"blindbook.backup/1\"}"));
}
