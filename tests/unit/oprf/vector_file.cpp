#include "tests/unit/oprf/vector_file.h"

#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "tests/support/vectors_folder.h"

namespace blindbook::oprf::test {
namespace {

using nlohmann::json;

/// A JSON object every member of which has to be asked for: leftover() names what was not.
class StrictObject {
 public:
  explicit StrictObject(const json& object) : object_(object) {
    if (!object.is_object()) {
      throw std::runtime_error("not an object");
    }
  }
  const json& at(const std::string& key) {
    used_.insert(key);
    return object_.at(key);
  }
  void refuse_unknown_members() const {
    for (const auto& [key, value] : object_.items()) {
      if (!used_.contains(key)) {
        throw std::runtime_error("unknown member " + key);
      }
    }
  }

 private:
  const json& object_;
  std::set<std::string> used_;
};

Bytes bytes_from(const std::string& hex) {
  auto bytes = from_hex(hex);
  if (!bytes || bytes->empty()) {
    throw std::runtime_error("bad hex: " + hex);
  }
  return *bytes;
}

std::vector<Bytes> list_from(const std::string& joined, std::size_t count) {
  std::vector<Bytes> out;
  std::size_t first = 0;
  while (true) {
    const std::size_t comma = joined.find(',', first);
    out.push_back(bytes_from(joined.substr(first, comma - first)));
    if (comma == std::string::npos) {
      break;
    }
    first = comma + 1;
  }
  if (out.size() != count) {
    throw std::runtime_error("a list does not have the length of its batch: " + joined);
  }
  return out;
}

const json& non_empty(const json& list) {
  if (!list.is_array() || list.empty()) {
    throw std::runtime_error("empty list");
  }
  return list;
}

Vector vector_from(const json& value, bool with_proof) {
  StrictObject object(value);
  const auto count = object.at("Batch").get<std::size_t>();
  const auto list = [&](const char* key) { return list_from(object.at(key).get<std::string>(), count); };
  Vector out{.inputs = list("Input"),
             .blinds = list("Blind"),
             .blinded_elements = list("BlindedElement"),
             .evaluation_elements = list("EvaluationElement"),
             .outputs = list("Output"),
             .proof = {},
             .proof_nonce = {}};
  if (with_proof) {
    StrictObject proof(object.at("Proof"));
    out.proof = bytes_from(proof.at("proof").get<std::string>());
    out.proof_nonce = bytes_from(proof.at("r").get<std::string>());
    proof.refuse_unknown_members();
  }
  object.refuse_unknown_members();
  return out;
}

VectorSet set_from(const json& value) {
  StrictObject object(value);
  const auto bytes = [&](const char* key) { return bytes_from(object.at(key).get<std::string>()); };
  VectorSet out{.identifier = object.at("identifier").get<std::string>(),
                .mode = object.at("mode").get<int>(),
                .seed = bytes("seed"),
                .key_info = bytes("keyInfo"),
                .secret_key = bytes("skSm"),
                .public_key = {},
                .group_dst = bytes("groupDST"),
                .vectors = {}};
  if (out.mode == 1) {
    out.public_key = bytes("pkSm");
  }
  // The name says the hash already: "ristretto255-SHA512".
  if (!out.identifier.ends_with("-" + object.at("hash").get<std::string>())) {
    throw std::runtime_error("identifier and hash disagree");
  }
  for (const json& vector : non_empty(object.at("vectors"))) {
    out.vectors.push_back(vector_from(vector, out.mode == 1));
  }
  object.refuse_unknown_members();
  return out;
}

}  // namespace

std::vector<VectorSet> parse_vectors(std::string_view text) {
  try {
    std::vector<VectorSet> out;
    const json document = json::parse(text);
    for (const json& set : non_empty(document)) {
      out.push_back(set_from(set));
    }
    return out;
  } catch (const json::exception& error) {
    throw std::runtime_error(error.what());
  }
}

std::vector<VectorSet> load_vectors(std::string_view identifier) {
  std::ifstream file(test_support::vectors_folder() + "/rfc9497/oprf.json");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<VectorSet> sets = parse_vectors(text);
  std::erase_if(sets, [&](const VectorSet& set) { return set.identifier != identifier; });
  if (sets.empty()) {
    throw std::runtime_error("no vectors of " + std::string(identifier));
  }
  return sets;
}

}  // namespace blindbook::oprf::test
