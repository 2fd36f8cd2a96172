// Takes the place of postgres.cpp where there was no libpq to build with.
#include "blindbook/service/sources/postgres.h"

namespace blindbook::service {

Result<std::unique_ptr<SqlConnection>> connect_postgres(const std::string&) {
  return bad_input("source.postgres", "this program was built without PostgreSQL",
                   "build it again where libpq-dev is installed");
}

}  // namespace blindbook::service
