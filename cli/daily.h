#pragma once

#include <memory>

#include "blindbook/base/error.h"
#include "blindbook/base/random.h"
#include "blindbook/service/daily_publication.h"

#include "cli/common/arguments.h"

namespace blindbook::cli {

/// What `serve --publish-at` asks for; null without it. BadInput "usage.publish-at" when the time is none, or the options
/// of a list come without it, or it without them.
[[nodiscard]] Result<std::unique_ptr<service::DailyPublication>> daily_publication_from(
    const Arguments& arguments, service::PassphraseSource passphrase, service::EventSink events,
    RandomSource& random);

}  // namespace blindbook::cli
