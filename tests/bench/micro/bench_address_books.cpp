// Reading address books and the list of subscribers, without normalisation.
#include <string>
#include <string_view>

#include "blindbook/contact/address_book.h"
#include "blindbook/contact/csv.h"

#include "tests/bench/micro/inputs.h"
#include "tests/support/address_book_shapes.h"

namespace blindbook::contact {
namespace {

using bench::six_digits;

/// About `bytes` bytes of vCard 3.0, a small photo on every tenth card.
std::string vcards(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Muster;Erika " + std::to_string(i) + ";;;\r\nFN:Erika " +
           std::to_string(i) + " Muster\r\nitem1.TEL;TYPE=CELL,VOICE:0171 0" + six_digits(i) +
           "\r\nTEL;TYPE=\"work,voice\";PREF=1:+49 30 0" + six_digits(i) +
           "\r\nEMAIL;TYPE=INTERNET:" + std::to_string(i) + "@city.example\r\n";
    if (i % 10 == 0) {
      out += "PHOTO;ENCODING=b;TYPE=JPEG:";
      for (int line = 0; line < 40; ++line) {
        out += std::string(74, 'A') + "\r\n ";
      }
      out += "A\r\n";
    }
    out += "END:VCARD\r\n";
  }
  return out;
}

void read_vcards(benchmark::State& state) {
  const std::string file = vcards(static_cast<std::size_t>(state.range(0)));
  std::size_t cards = 0;
  for (auto _ : state) {
    const auto book = read_address_book(bytes_of(file));
    cards += book->contacts.size();
    benchmark::DoNotOptimize(book);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
  state.counters["cards/s"] = benchmark::Counter(static_cast<double>(cards), benchmark::Counter::kIsRate);
}
// 33 MB is the size for which there is a bound: 2 s.
BENCHMARK(read_vcards)->Arg(3'300'000)->Arg(33'000'000)->Unit(benchmark::kMillisecond);

/// The same book as Android writes it: vCard 2.1, everything quoted-printable.
std::string quoted_printable_vcards(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out +=
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4D=C3=BC=6C=6C=65=72;=4A="
        "C3=B6=72=67;;;"
        "\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4A=C3=B6=72=67=20=\r\n=4D=C3=BC=6C=6C=65=72\r\nTEL;"
        "CELL:01710" +
        six_digits(i) + "\r\nEND:VCARD\r\n";
  }
  return out;
}

std::string ldif(std::size_t bytes) {
  std::string out = "version: 1\n\n";
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += "dn: cn=Erika " + std::to_string(i) +
           ",dc=city,dc=example\nobjectclass: inetOrgPerson\ncn:: SsO2cmcgTcO8bGxlcg==\nmobile: 0171 0" +
           six_digits(i) + "\n\n";
  }
  return out;
}

std::string outlook_csv(std::size_t bytes) {
  std::string out =
      "First Name,Last Name,Company,Business Fax,Business Phone,Home Phone,Mobile Phone,Notes\r\n";
  for (std::size_t i = 0; out.size() < bytes; ++i) {
    out += "\"Erika\",\"Muster " + std::to_string(i) + "\",\"\",\"\",\"+49 30 0" + six_digits(i) +
           "\",\"\",\"0171 0" + six_digits(i) + "\",\"first\r\nsecond\"\r\n";
  }
  return out;
}

void read_book(benchmark::State& state, std::string (*make)(std::size_t)) {
  const std::string file = make(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    benchmark::DoNotOptimize(read_address_book(bytes_of(file)));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
}
BENCHMARK_CAPTURE(read_book, quoted_printable, quoted_printable_vcards)
    ->Arg(33'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_book, ldif, ldif)->Arg(33'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_book, outlook_csv, outlook_csv)->Arg(33'000'000)->Unit(benchmark::kMillisecond);

/// Each hostile shape at two sizes: the bytes a second of both are to be alike.
[[maybe_unused]] const bool shapes_registered = [] {
  for (const test_support::AddressBookShape& shape : test_support::address_book_shapes()) {
    benchmark::RegisterBenchmark(("read_shape/" + std::string(shape.name)).c_str(),
                                 [shape](benchmark::State& state) { read_book(state, shape.make); })
        ->Arg(1 << 20)
        ->Arg(16 << 20)
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

void read_subscriber_csv(benchmark::State& state) {
  std::string file = "number,label,discoverable\r\n";
  for (std::size_t i = 0; i < 200'000; ++i) {
    file += "+491710" + six_digits(i) + ",@erika" + std::to_string(i) + ":city.example,yes\r\n";
  }
  for (auto _ : state) {
    CsvReader reader;
    std::size_t rows = 0;
    for (std::size_t at = 0; at < file.size(); at += 64 << 10) {
      reader.push(std::string_view(file).substr(at, 64 << 10));
      while (const CsvRecord* record = reader.next()) {
        rows += record->fields.size() == 3 ? 1U : 0U;
      }
    }
    benchmark::DoNotOptimize(rows);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(file.size()));
}
BENCHMARK(read_subscriber_csv)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace blindbook::contact
