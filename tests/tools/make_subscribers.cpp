// make-subscribers: invents subscribers, and address books that know some of them.
//
//   make-subscribers COUNT [--seed N] > subscribers.csv
//   make-subscribers COUNT [--seed N] --books FOLDER --contacts N --known K > subscribers.csv
//
// The second form also writes FOLDER/ios.vcf, FOLDER/android.vcf and FOLDER/google.csv, each with the same N
// numbers that can be: K of them belong to discoverable subscribers, the others to nobody or to subscribers
// who are not discoverable. Every book also has five numbers that cannot be. FOLDER/expected.csv lists the K
// with their labels. Some are written as within Germany, so that a reader needs the region DE.

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tools/address_book_writer.h"
#include "tests/tools/subscriber_generator.h"

namespace blindbook::test_tools {
namespace {

constexpr int kBadUsage = 2;

struct Request {
  std::uint64_t count = 0;
  std::uint64_t seed = 1;
  std::string books;
  std::uint64_t contacts = 0;
  std::uint64_t known = 0;
};

std::uint64_t parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::invalid_argument(std::string("not a number: ").append(text));
  }
  return value;
}

Request parse(const std::vector<std::string_view>& arguments) {
  if (arguments.empty()) {
    throw std::invalid_argument(
        "usage: make-subscribers COUNT [--seed N] [--books FOLDER --contacts N --known K]");
  }
  Request request;
  request.count = parse_number(arguments[0]);
  if (request.count > SubscriberGenerator::kMostSubscribers) {
    throw std::invalid_argument("COUNT is at most " + std::to_string(SubscriberGenerator::kMostSubscribers));
  }
  for (std::size_t i = 1; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) {
      throw std::invalid_argument(std::string("no value for ").append(arguments[i]));
    }
    if (arguments[i] == "--seed") {
      request.seed = parse_number(arguments[i + 1]);
    } else if (arguments[i] == "--books") {
      request.books = arguments[i + 1];
    } else if (arguments[i] == "--contacts") {
      request.contacts = parse_number(arguments[i + 1]);
    } else if (arguments[i] == "--known") {
      request.known = parse_number(arguments[i + 1]);
    } else {
      throw std::invalid_argument(std::string("unknown option ").append(arguments[i]));
    }
  }
  if (request.known > request.contacts ||
      request.contacts - request.known > SubscriberGenerator::kMostOthers) {
    throw std::invalid_argument("--known is more than --contacts, or --contacts is too many");
  }
  return request;
}

void write_subscribers(const SubscriberGenerator& generator, std::uint64_t count) {
  std::string out("number,label,discoverable\n");
  for (std::size_t i = 0; i < count; ++i) {
    const Subscriber subscriber = generator.subscriber(i);
    out.append(subscriber.number).append(",").append(subscriber.label);
    out.append(subscriber.discoverable ? ",yes\n" : ",no\n");
    if (out.size() > 1'000'000 || i + 1 == count) {
      std::cout << out;
      out.clear();
    }
  }
  std::cout << out << std::flush;
}

struct Books {
  std::vector<BookEntry> entries;
  std::string expected;
};

/// The first discoverable subscribers are known; one number in 16 of the others is a subscriber who is not
/// discoverable.
Books make_books(const SubscriberGenerator& generator, const Request& request) {
  Books books{.entries = {}, .expected = "number,label\n"};
  std::vector<std::string> numbers;
  std::vector<std::string> hidden;
  std::size_t next = 0;
  for (; numbers.size() < request.known; ++next) {
    if (next == request.count) {
      throw std::invalid_argument("there are fewer discoverable subscribers than --known");
    }
    const Subscriber subscriber = generator.subscriber(next);
    if (subscriber.discoverable) {
      numbers.push_back(subscriber.number);
      books.expected.append(subscriber.number).append(",").append(subscriber.label).append("\n");
    } else {
      hidden.push_back(subscriber.number);
    }
  }
  for (std::size_t i = 0; numbers.size() < request.contacts; ++i) {
    if (i % 16 == 15 && !hidden.empty()) {
      numbers.push_back(hidden.back());
      hidden.pop_back();
    } else {
      numbers.push_back(generator.other_number(i));
    }
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    // One contact in eight has two numbers.
    if (i % 8 != 7) {
      PersonName name = person_name(generator.draw(3, i, 1'000'000));
      books.entries.push_back({std::move(name.first), std::move(name.last), {}});
    }
    books.entries.back().numbers.push_back(as_people_write(numbers[i], generator.draw(4, i, 7)));
  }
  // Shuffled, so that the known ones do not stand first.
  for (std::size_t i = books.entries.size(); i > 1; --i) {
    std::swap(books.entries[i - 1], books.entries[generator.draw(5, i, i)]);
  }
  books.entries.push_back({"Emergency", "Call", {"112", "110"}});
  books.entries.push_back({"Pizza", "Corner", {"ask Anna"}});
  books.entries.push_back({"Voice", "Mail", {"*31#"}});
  books.entries.push_back({"Half", "Number", {"+49"}});
  return books;
}

void write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file) {
    throw std::runtime_error("cannot write " + path);
  }
}

void run(const Request& request) {
  const SubscriberGenerator generator(request.seed);
  if (!request.books.empty()) {
    const Books books = make_books(generator, request);
    write_file(request.books + "/ios.vcf", write_ios_vcard(books.entries));
    write_file(request.books + "/android.vcf", write_android_vcard(books.entries));
    write_file(request.books + "/google.csv", write_google_csv(books.entries));
    write_file(request.books + "/expected.csv", books.expected);
  }
  write_subscribers(generator, request.count);
}

}  // namespace
}  // namespace blindbook::test_tools

int main(int argc, char** argv) {
  try {
    blindbook::test_tools::run(blindbook::test_tools::parse({argv + 1, argv + argc}));
    return 0;
  } catch (const std::invalid_argument& error) {
    std::cerr << "make-subscribers: " << error.what() << '\n';
    return blindbook::test_tools::kBadUsage;
  } catch (const std::exception& error) {
    std::cerr << "make-subscribers: " << error.what() << '\n';
    return 1;
  }
}
