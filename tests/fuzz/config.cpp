// config.json.
#include "blindbook/service/config.h"

#include <string>

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {

void run(ByteView input) {
  using namespace service;
  const auto config = parse_config(text_of(input));
  if (!config) {
    require_refusal(config.error(), Fault::kBadInput, {"config.syntax", "config.version", "config.member"});
    return;
  }
  const std::string written = write_config(*config);
  const auto again = parse_config(written);
  require(again.has_value(), "a config that was read can be written and read again");
  require(*again == *config, "a config survives being written");
  require(write_config(*again) == written, "one config is written in one way");
}

}  // namespace blindbook::fuzz
