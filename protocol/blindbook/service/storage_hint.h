#pragma once

#include <string>

namespace blindbook::service {

/// What a person can do when a file system refused a write with `error` (an errno); empty where its text says
/// all there is. For the hint of an Error.
[[nodiscard]] std::string storage_hint(int error);

/// The hint for a disk without room.
inline constexpr const char* kMakeRoom = "make room on that disk, then do the same again";
/// The hint for files that this user may not change.
inline constexpr const char* kLetWrite = "let the user who runs this write there";

}  // namespace blindbook::service
