#include "tests/unit/contact/fixture.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "tests/support/vectors.h"

namespace blindbook::test_support {
namespace {

const std::string kFolder = "contact/";
constexpr std::string_view kRowsOf = "normalise";  // how the files of normalise_rows() begin

void require_keys(const nlohmann::json& object, std::initializer_list<const char*> required,
                  std::initializer_list<const char*> optional = {}) {
  std::size_t known = 0;
  for (const char* key : required) {
    static_cast<void>(object.at(key));  // throws when it is missing
    ++known;
  }
  for (const char* key : optional) {
    known += object.count(key);
  }
  if (known != object.size()) {
    throw std::runtime_error("unknown key in " + object.dump());
  }
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

contact::RejectReason reason_named(const std::string& wanted) {
  for (const contact::RejectReason reason : contact::all_reject_reasons()) {
    if (name(reason) == wanted) {
      return reason;
    }
  }
  throw std::runtime_error("no reason is named " + wanted);
}

BookFixture load(const std::filesystem::path& path) {
  BookFixture out{path.filename().string(), read_file(path), {}, {}};
  const nlohmann::json expected = read_vectors(kFolder + out.name + ".json");
  require_keys(expected, {"contacts", "rejects"});
  for (const auto& entry : expected.at("contacts")) {
    require_keys(entry, {"line", "name", "numbers"});
    contact::Contact one{entry.at("name"), {}, entry.at("line")};
    for (const auto& number : entry.at("numbers")) {
      require_keys(number, {"line", "value"});
      one.numbers.push_back({number.at("value"), number.at("line")});
    }
    out.contacts.push_back(one);
  }
  for (const auto& entry : expected.at("rejects")) {
    require_keys(entry, {"line", "value", "reason"});
    out.rejects.push_back({entry.at("line"), entry.at("value"), reason_named(entry.at("reason"))});
  }
  return out;
}

void append_rows(const std::string& file, std::vector<NormaliseRow>& out) {
  const nlohmann::json vectors = read_vectors(kFolder + file);
  require_keys(vectors, {"rows"});
  if (vectors.at("rows").empty()) {
    throw std::runtime_error("no rows in " + file);
  }
  for (const auto& row : vectors.at("rows")) {
    const char* raw = row.contains("raw_hex") ? "raw_hex" : "raw";
    require_keys(row, {"rule", "region", raw, "identifiers"}, {"reason", "warning"});
    NormaliseRow one{
        row.at("rule"),          std::nullopt, row.at(raw), row.at("identifiers"), row.value("reason", ""),
        row.value("warning", "")};
    if (row.contains("raw_hex")) {
      const Bytes bytes = hex_bytes(row.at("raw_hex"));
      one.raw.assign(bytes.begin(), bytes.end());
    }
    if (!row.at("region").is_null()) {
      one.region = row.at("region").get<std::string>();
    }
    out.push_back(one);
  }
}

}  // namespace

std::vector<BookFixture> book_fixtures() {
  const std::filesystem::path folder = vectors_folder() + "/" + kFolder;
  std::vector<BookFixture> out;
  std::size_t expectations = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".vcf" || extension == ".csv" || extension == ".ldif") {
      out.push_back(load(entry.path()));
    } else if (extension == ".json" && !entry.path().filename().string().starts_with(kRowsOf)) {
      ++expectations;
    }
  }
  if (out.empty() || expectations != out.size()) {
    throw std::runtime_error("address books and expectations do not pair up");
  }
  std::sort(out.begin(), out.end(),
            [](const BookFixture& a, const BookFixture& b) { return a.name < b.name; });
  return out;
}

BookFixture book_fixture(const std::string& name) {
  return load(vectors_folder() + "/" + kFolder + name);
}

std::vector<NormaliseRow> normalise_rows() {
  std::vector<NormaliseRow> out;
  for (const auto& entry : std::filesystem::directory_iterator(vectors_folder() + "/" + kFolder)) {
    if (entry.path().filename().string().starts_with(kRowsOf)) {
      append_rows(entry.path().filename().string(), out);
    }
  }
  if (out.empty()) {
    throw std::runtime_error("no rows of normalisation");
  }
  return out;
}

std::vector<std::string> lines_of(const std::vector<contact::Contact>& contacts) {
  std::vector<std::string> out;
  for (const contact::Contact& one : contacts) {
    out.push_back(std::to_string(one.line) + " name " + one.name);
    for (const contact::RawNumber& number : one.numbers) {
      out.push_back(std::to_string(number.line) + " number " + number.value);
    }
  }
  return out;
}

std::vector<std::string> lines_of(const std::vector<contact::Reject>& rejects) {
  std::vector<std::string> out;
  out.reserve(rejects.size());
  for (const contact::Reject& one : rejects) {
    out.push_back(std::to_string(one.line) + " " + std::string(name(one.reason)) + " " + one.value);
  }
  return out;
}

std::vector<std::string> lines_of(const std::vector<contact::BookRejects>& books) {
  std::vector<std::string> out;
  for (const contact::BookRejects& book : books) {
    for (const std::string& line : lines_of(book.rejects)) {
      out.push_back(book.source + ":" + line);
    }
  }
  return out;
}

}  // namespace blindbook::test_support
