#include "blindbook/service/storage_hint.h"

#include <cerrno>

namespace blindbook::service {

std::string storage_hint(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return kMakeRoom;
    case EROFS:
    case EACCES:
    case EPERM:
      return kLetWrite;
    default:
      return {};
  }
}

}  // namespace blindbook::service
