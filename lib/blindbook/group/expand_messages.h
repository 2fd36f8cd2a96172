#pragma once

#include <span>

#include "blindbook/base/bytes.h"
#include "blindbook/group/kernel/kernel.h"

namespace blindbook::group {

/// expand_message_xmd with SHA-512 (hash/expand_message.h) for each of `msgs`, 64 bytes each, side by side in
/// `out`; as many messages at a time as the kernel has lanes. Branches and addresses depend on lengths alone.
/// Throws std::invalid_argument when `out` is not 64 bytes for each message or `dst` is empty.
void expand_messages(const kernel::Kernel& kernel, std::span<const ByteView> msgs, ByteView dst,
                     MutableBytes out);

}  // namespace blindbook::group
