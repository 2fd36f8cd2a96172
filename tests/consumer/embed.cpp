// A program that embeds engine and protocol and nothing else: no Boost, SQLite or libphonenumber. Both sides
// of one discovery in memory; README.md shows the client's half, the part between the snippet lines.
#include <exception>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "blindbook/directory/builder.h"
#include "blindbook/directory/root.h"
#include "blindbook/directory/tag.h"
#include "blindbook/protocol/client.h"
#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/run_plan.h"
#include "blindbook/protocol/server.h"

using Post = std::function<blindbook::Bytes(blindbook::ByteView)>;
using Get = std::function<blindbook::Bytes()>;

// [snippet]
using namespace blindbook;
using namespace blindbook::protocol;

// Which of `contacts` subscribe. blindbook does no I/O: `post` carries a request, `get` the directory.
// value() throws the Error of a step that failed; an app looks at the Result instead.
Discovered discover(const AnnouncedEpoch& epoch, const std::vector<Identifier>& contacts, const Post& post,
                    const Get& get) {
  SystemRandom random;
  const std::uint32_t batch = plan_run(RunKind::kFirstInEpoch, contacts.size()).batches.front();
  auto [waiting, request] = Ready::begin(epoch, {}).value().blind(contacts, batch, random).value();
  AwaitingDirectory awaiting = std::move(waiting).finish(post(request)).value();  // checks the proof
  DirectoryReading reading = awaiting.read_directory(epoch, contacts).value();
  if (auto fed = reading.feed(get()); !fed) {
    throw std::runtime_error(fed.error().message);
  }
  return std::move(awaiting).discover(std::move(reading)).value();  // checks the root, then looks up
}
// [snippet]

namespace {

Identifier berlin(const std::string& last_digits) {
  return Identifier::from_e164("+493023125" + last_digits).value();
}

/// An operator of one epoch, whose only subscriber is `subscriber`.
struct Operator {
  explicit Operator(const Identifier& subscriber)
      : keys(make_epoch_key(suite, "Stadt Beispiel", UnixTime(1), random).value()),
        epoch{.id = epoch_id("Stadt Beispiel", keys.public_key, UnixTime(1), UnixTime(2)),
              .public_key = keys.public_key,
              .not_before = UnixTime(1),
              .not_after = UnixTime(2),
              .edition = Edition(1)} {
    std::vector<oprf::PrfOutput> outputs(1);
    const ByteView input = subscriber.bytes();
    suite.evaluate_unblinded(keys.secret, std::span(&input, 1), outputs);
    directory::Builder builder(epoch.suite(), epoch.id, epoch.edition, 0, "");
    builder.add(directory::tag_of(outputs.front().expose()), {});
    file = std::move(builder).finish().value();
    epoch.root = directory::root_of(file);
    epoch.size = file.size();
    epoch.entries = 1;
  }

  Bytes answer(ByteView body) {
    const EvaluateRequest request = parse_request(body).value();
    const EpochKey key{epoch.id, epoch.not_before, epoch.not_after,
                       suite.decode_secret_key(keys.secret.expose()).value()};
    EvaluationWork work = Evaluator({}).accept(body, request, key).value();
    work.evaluate(0, work.count());
    return std::move(work).answer(8000, random).value();
  }

  SystemRandom random;
  const oprf::Suite& suite = *oprf::find_suite(SuiteId::kRistretto255Sha512);
  oprf::KeyPair keys;
  AnnouncedEpoch epoch;
  Bytes file;
};

}  // namespace

int main() try {
  const std::vector<Identifier> contacts{berlin("001"), berlin("002"), berlin("003")};
  Operator service(contacts[1]);
  const Discovered discovered = discover(
      service.epoch, contacts, [&](ByteView request) { return service.answer(request); },
      [&] { return service.file; });
  const auto& matches = discovered.matches();
  const bool right = matches.size() == 1 && matches.front().identifier == contacts[1];
  std::cout << (right ? "the one subscriber was found" : "wrong matches") << '\n';
  return right ? 0 : 1;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
