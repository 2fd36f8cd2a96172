// Numbers as people write them: in a library with libphonenumber, and in the one without. Linked with each.
#include <string>

#include <blindbook.h>
#include <catch2/catch.hpp>

#include "tests/capi/device.h"

namespace blindbook {

using namespace test_support;

#if defined(BLINDBOOK_TEST_WITH_CONTACT)

TEST_CASE("numbers are added as people write them") {
  Device device;
  device.open_without_numbers();
  std::size_t count = 0;
  REQUIRE(bb_client_add_number(device.client, "030 23125-003 / 030 23125-004", "DE", &count, &device.error) ==
          BB_OK);
  CHECK(count == 2);
  REQUIRE(bb_client_add_number(device.client, "+49 (30) 23125 003", nullptr, nullptr, &device.error) ==
          BB_OK);
  REQUIRE(bb_client_add_number(device.client, "0049 30 23125007", "", &count, &device.error) == BB_OK);
  CHECK(count == 1);
  REQUIRE(device.begin() == BB_OK);
  device.drive();
  CHECK(device.matches() == kAnnaAndBen);
  bb_result result{};
  REQUIRE(bb_client_result(device.client, &result, nullptr) == BB_OK);
  CHECK(result.evaluated == 3);
}

TEST_CASE("what is no number is refused by its reason, and a region that there is not") {
  Device device;
  CHECK(bb_client_add_number(device.client, "110", "DE", nullptr, &device.error) == BB_BAD_INPUT);
  CHECK(std::string(device.error.rule) == "capi.number");
  CHECK_FALSE(std::string(device.error.message).empty());
  CHECK(bb_client_add_number(device.client, "030 23125003", nullptr, nullptr, &device.error) == BB_BAD_INPUT);
  CHECK(std::string(device.error.rule) == "capi.number");
  CHECK(bb_client_add_number(device.client, "030 23125003", "XX", nullptr, &device.error) == BB_BAD_INPUT);
  CHECK(std::string(device.error.rule) == "contact.region");
  CHECK(bb_client_add_number(device.client, nullptr, "DE", nullptr, &device.error) == BB_API_MISUSE);
  CHECK(bb_client_add_number(nullptr, "030 23125003", "DE", nullptr, &device.error) == BB_API_MISUSE);
  REQUIRE(device.begin() == BB_OK);
  CHECK(bb_client_add_number(device.client, "030 23125003", "DE", nullptr, &device.error) == BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "run.order");
}

#else

TEST_CASE("a library without libphonenumber says so") {
  Device device;
  CHECK(bb_client_add_number(device.client, "+493023125003", "DE", nullptr, &device.error) == BB_API_MISUSE);
  CHECK(std::string(device.error.rule) == "capi.unsupported");
  CHECK(std::string(device.error.hint).find("bb_client_add_identifier()") != std::string::npos);
}

#endif

}  // namespace blindbook
