#include "cli/address_books.h"

#include <algorithm>
#include <string>
#include <utility>

#include "blindbook/contact/address_book.h"
#include "blindbook/contact/normaliser.h"

#include "cli/common/input.h"

namespace blindbook::cli {
namespace {

/// Far above any phone's export, photos included.
constexpr std::size_t kMaxBookBytes = std::size_t{512} << 20;

NaiveUpload naive_upload_of(const std::vector<contact::NamedBook>& books) {
  NaiveUpload out;
  for (const contact::NamedBook& named : books) {
    for (const contact::Contact& contact : named.book.contacts) {
      out.numbers += contact.numbers.size();
      out.names += contact.name.empty() || contact.numbers.empty() ? 0 : 1;
    }
    out.numbers += static_cast<std::size_t>(std::count_if(
        named.book.rejects.begin(), named.book.rejects.end(), [](const contact::Reject& reject) {
          return reject.reason != contact::RejectReason::kDamagedRow &&
                 reject.reason != contact::RejectReason::kUnreadColumn;
        }));
  }
  return out;
}

}  // namespace

Result<AddressBooks> read_address_books(const Arguments& arguments) {
  const auto normaliser = contact::Normaliser::create(arguments.value("region"));
  if (!normaliser) {
    return tl::unexpected<Error>(normaliser.error());
  }
  std::vector<contact::NamedBook> books;
  const contact::ReadOptions options{.include_fax_and_pager = arguments.has("include-fax-and-pager")};
  for (const std::string& file : arguments.all("contacts")) {
    const auto bytes = read_input(file, kMaxBookBytes);
    if (!bytes) {
      return tl::unexpected<Error>(bytes.error());
    }
    auto book = contact::read_address_book(*bytes, options);
    if (!book) {
      book.error().message = file + ": " + book.error().message;
      return failed(book);
    }
    books.push_back({file, std::move(*book)});
  }
  const NaiveUpload naive = naive_upload_of(books);
  auto list = contact::collect(std::move(books), *normaliser);
  if (!list) {
    return failed(list);
  }
  AddressBooks out{.list = std::move(*list), .identifiers = {}, .naive = naive};
  out.identifiers.reserve(out.list.contacts.size());
  for (const contact::IdentifiedContact& contact : out.list.contacts) {
    out.identifiers.push_back(contact.identifier);
  }
  return out;
}

}  // namespace blindbook::cli
