// expect: (could not convert|cannot convert|no known conversion|no viable conversion|invalid initialization)
#include "blindbook/protocol/announcement.h"

bool is_live(const blindbook::protocol::AnnouncedEpoch& epoch, blindbook::UnixTime now) {
#ifdef FAULT
  static_cast<void>(now);
  return epoch.is_live(epoch.edition);
#else
  return epoch.is_live(now);
#endif
}
