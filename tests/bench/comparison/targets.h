#pragma once

#include <string>
#include <utility>
#include <vector>

/// Files that a comparison is to write.
namespace blindbook::bench {

/// That they can be written is known before hours are spent on them: throws BadRequest when two of `files` are the same one, when
/// a folder is not there or may not be written, and when something stands there that is no file. Each has the name of its
/// option, for the message.
void require_targets(const std::vector<std::pair<std::string, std::string>>& files);

}  // namespace blindbook::bench
