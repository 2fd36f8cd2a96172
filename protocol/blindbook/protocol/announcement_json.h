#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "blindbook/protocol/announcement.h"

/// The JSON inside an announcement. Apart from announcement.cpp so that signing and spelling stay two
/// subjects.
namespace blindbook::protocol {

[[nodiscard]] std::string announcement_to_json(const Announcement& announcement);

/// The certificate's bytes in a parsed announcement: the one member that is read before any signature is
/// checked. Empty when there is none.
[[nodiscard]] Bytes certificate_in(const nlohmann::json& announcement);

/// Errors as open_announcement(), signatures aside.
[[nodiscard]] Result<Announcement> announcement_from_json(const nlohmann::json& announcement);

}  // namespace blindbook::protocol
