#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "blindbook/base/error.h"
#include "blindbook/service/sources/sql.h"

namespace blindbook::service {

/// Where messengers keep who has which number.
enum class SourcePreset {
  kSynapse,   ///< user_threepids and users: verified numbers of accounts that live and are no guests'
  kEjabberd,  ///< users, of a database for one host: accounts whose name is a number with +
  kEjabberdMultihost,  ///< the same in the schema that has server_host
  kProsody,            ///< the table of mod_storage_sql: accounts whose name is a number with +
};

/// "synapse", "ejabberd", "ejabberd-multihost", "prosody"; nothing for another word.
[[nodiscard]] std::optional<SourcePreset> source_preset_from(std::string_view name) noexcept;

/// Its numbers and labels; who agreed stands nowhere in these tables. `host`, of the XMPP servers, is what stands behind
/// the @ of their users. BadInput "source.host" when it is missing, or given to Synapse.
[[nodiscard]] Result<SqlQuery> query_of(SourcePreset preset, const std::optional<std::string>& host);

}  // namespace blindbook::service
