#include "tests/bench/baselines/blindbook.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "blindbook/base/identifier.h"
#include "blindbook/cpu/features.h"
#include "blindbook/cpu/kernel_choice.h"
#include "blindbook/directory/builder.h"
#include "blindbook/directory/root.h"
#include "blindbook/directory/tag.h"
#include "blindbook/protocol/announcement.h"
#include "blindbook/protocol/certificate.h"
#include "blindbook/protocol/client.h"
#include "blindbook/protocol/epoch.h"
#include "blindbook/protocol/run_plan.h"
#include "blindbook/protocol/server.h"

// The product's own code on both sides, of a client's first run in an epoch: the announcement with its signatures, one padded
// batch with its proof, the directory without labels. What stands around it in `blindbook serve` and `discover`, and in none
// of the baselines either, is left out: HTTP, TLS, tokens, the ledger, files.
namespace blindbook::bench {
namespace {

constexpr std::string_view kOperator = "City of Example";
constexpr std::size_t kSlice = 1024;  // of the setup, as `blindbook publish` takes
constexpr std::uint32_t kAllowanceLeft = 4096;

UnixTime now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return UnixTime(
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count()));
}

UnixTime after(UnixTime time, std::uint64_t seconds) {
  return UnixTime(time.value() + seconds);
}

const oprf::Suite& suite() {
  return *oprf::find_suite(SuiteId::kRistretto255Sha512);
}

/// The operator's root key. Clients have its public half from an invitation, long before a run.
protocol::Ed25519SecretKey root_key() {
  return protocol::Ed25519SecretKey(Secret<32>());
}

/// Throws the error of a step that failed; this code is no example of what to do with it.
template <class T>
T value_of(Result<T>&& result) {
  if (!result) {
    throw std::runtime_error(std::string(result.error().rule) + ": " + result.error().message);
  }
  return std::move(*result);
}

class BlindbookService final : public Service {
 public:
  BlindbookService(std::span<const std::string> subscribers, RandomSource& random)
      : random_(random), evaluator_(std::vector<protocol::EpochKey>()) {
    const UnixTime begin = now();
    const UnixTime end = after(begin, protocol::kEpochLength + protocol::kEpochOverlap);
    oprf::KeyPair keys = value_of(protocol::make_epoch_key(suite(), kOperator, begin, random));
    protocol::AnnouncedEpoch epoch{
        .id = protocol::epoch_id(kOperator, keys.public_key, begin, end),
        .public_key = keys.public_key,
        .not_before = begin,
        .not_after = end,
        .edition = Edition(1),
    };
    directory_ = make_directory(subscribers, epoch, keys.secret);
    epoch.root = directory::root_of(directory_);
    epoch.size = directory_.size();
    epoch.entries = subscribers.size();
    announcement_ = announce(epoch, random);
    std::vector<protocol::EpochKey> live;
    live.push_back({epoch.id, begin, end, std::move(keys)});
    evaluator_ = protocol::Evaluator(std::move(live));
  }

  [[nodiscard]] ByteView published() const override { return directory_; }

  void answer(Channel& client) override {
    if (!client.receive().empty()) {
      throw std::runtime_error("a run begins with an empty message");
    }
    client.send(announcement_);
    const Bytes body = client.receive();
    const protocol::EvaluateRequest request = value_of(protocol::parse_request(body));
    const protocol::EpochKey* const key = evaluator_.live_key(request, now());
    if (key == nullptr) {
      throw std::runtime_error("the epoch does not live");
    }
    protocol::EvaluationWork work = value_of(evaluator_.accept(body, request, *key));
    work.evaluate(0, work.count());
    client.send(value_of(std::move(work).answer(kAllowanceLeft, random_)));
  }

 private:
  static Bytes make_directory(std::span<const std::string> subscribers, const protocol::AnnouncedEpoch& epoch,
                              const oprf::SecretKey& key) {
    directory::Builder builder(epoch.suite(), epoch.id, epoch.edition, 0, "");
    builder.reserve(subscribers.size());
    std::vector<ByteView> inputs;
    std::vector<oprf::PrfOutput> outputs(kSlice);
    for (std::size_t at = 0; at < subscribers.size(); at += kSlice) {
      inputs.clear();
      for (const std::string& subscriber :
           subscribers.subspan(at, std::min(kSlice, subscribers.size() - at))) {
        inputs.push_back(bytes_of(subscriber));
      }
      const std::span slice = std::span(outputs).first(inputs.size());
      suite().evaluate_unblinded(key, inputs, slice);
      for (const oprf::PrfOutput& output : slice) {
        builder.add(directory::tag_of(output.expose()), {});
      }
    }
    return value_of(std::move(builder).finish());
  }

  static Bytes announce(const protocol::AnnouncedEpoch& epoch, RandomSource& random) {
    const UnixTime time = epoch.not_before;
    const auto announcer = protocol::Ed25519SecretKey::generate(random);
    protocol::Announcement announcement;
    announcement.operator_name = kOperator;
    announcement.certificate =
        value_of(protocol::issue_certificate({.serial = 1,
                                              .key = announcer.public_key(),
                                              .not_before = time,
                                              .not_after = after(time, protocol::kCertificateMaxLife)},
                                             root_key()));
    announcement.seq = 1;
    announcement.issued_at = time;
    announcement.valid_until = after(time, protocol::kAnnouncementLife);
    announcement.epochs = {epoch};
    announcement.next_publication = after(time, protocol::kDay);
    return protocol::sign_announcement(announcement, announcer);
  }

  RandomSource& random_;
  protocol::Evaluator evaluator_;
  Bytes announcement_;
  Bytes directory_;
};

class BlindbookClient final : public Client {
 public:
  BlindbookClient(std::span<const std::string> contacts, RandomSource& random) : random_(random) {
    contacts_.reserve(contacts.size());
    for (const std::string& contact : contacts) {
      contacts_.push_back(value_of(Identifier::parse(contact)));
    }
  }

  void ask(Channel& service) override {
    const protocol::RunPlan plan = protocol::plan_run(protocol::RunKind::kFirstInEpoch, contacts_.size());
    if (plan.batches.size() != 1) {
      throw std::runtime_error("the contacts do not fit into one batch");
    }
    service.send({});
    const protocol::OpenedAnnouncement opened =
        value_of(protocol::open_announcement(service.receive(), root_key().public_key()));
    if (auto fresh = protocol::check_fresh(opened, now()); !fresh) {
      throw std::runtime_error(fresh.error().message);
    }
    epoch_.emplace(opened.announcement.epochs.front());
    protocol::Blinded blinded = value_of(
        value_of(protocol::Ready::begin(*epoch_, {})).blind(contacts_, plan.batches.front(), random_));
    service.send(blinded.request);
    awaiting_.emplace(value_of(std::move(blinded.waiting).finish(service.receive())));
  }

  [[nodiscard]] std::vector<std::size_t> match(ByteView published) override {
    protocol::DirectoryReading reading = value_of(awaiting_->read_directory(*epoch_, contacts_));
    if (auto fed = reading.feed(published); !fed) {
      throw std::runtime_error(fed.error().message);
    }
    const protocol::Discovered found = value_of(std::move(*awaiting_).discover(std::move(reading)));
    // Matches come in the order of the book.
    std::vector<std::size_t> out;
    std::size_t at = 0;
    for (const protocol::ContactMatch& match : found.matches()) {
      while (contacts_[at] != match.identifier) {
        ++at;
      }
      out.push_back(at);
    }
    return out;
  }

 private:
  RandomSource& random_;
  std::vector<Identifier> contacts_;
  std::optional<protocol::AnnouncedEpoch> epoch_;
  std::optional<protocol::AwaitingDirectory> awaiting_;
};

/// The rows and the file of Builder, up to 10 bytes a row without labels; points, tables and outputs of a batch.
std::uint64_t service_memory(std::size_t subscribers, std::size_t contacts) {
  return (std::uint64_t{4} << 20) + subscribers * 24 + contacts * 1024;
}
/// The directory as it was fetched, and of each slot a point, a mask and an output.
std::uint64_t client_memory(std::size_t subscribers, std::size_t contacts) {
  return (std::uint64_t{4} << 20) + subscribers * 12 + contacts * 2048;
}

std::unique_ptr<Service> make_service(std::span<const std::string> subscribers, RandomSource& random) {
  return std::make_unique<BlindbookService>(subscribers, random);
}
std::unique_ptr<Client> make_client(std::span<const std::string> contacts, RandomSource& random) {
  return std::make_unique<BlindbookClient>(contacts, random);
}

Protocol protocol_of(std::string_view name, std::string_view title, std::string_view note) {
  return {.name = name,
          .title = title,
          .source = "RFC 9497 VOPRF; docs/spec/protocol.md",
          .hides_contacts = true,
          .hides_subscribers = true,
          .service_learns = "one of six batch sizes",
          .client_learns = "which contacts subscribe; how many subscribers there are",
          .note = note,
          .cap = Cap{.subscribers = std::size_t{1} << 28,
                     .contacts = protocol::kLargestBatch,
                     .why = "one batch is compared, and a directory is at most 4 GiB"},
          .service_memory = service_memory,
          .client_memory = client_memory,
          .make_service = make_service,
          .make_client = make_client};
}

struct NamedKernel {
  std::string_view kernel;
  std::string_view name;
  std::string_view title;
  std::string_view note;
};

// What cpu::kernels() lists, without that of tests.
constexpr NamedKernel kKernels[] = {
    {"ifma", "blindbook-ifma", "blindbook, kernel ifma",
     "AVX-512 IFMA on both sides: a server has it, a phone does not"},
    {"avx2", "blindbook-avx2", "blindbook, kernel avx2", "AVX2 on both sides"},
    {"scalar51", "blindbook-scalar51", "blindbook, kernel scalar51",
     "no vector instructions: the kernel that runs everywhere, phones included"}};

}  // namespace

std::vector<Protocol> blindbook_protocols() {
  std::vector<Protocol> out;
  const cpu::Features here = cpu::detect_features();
  for (const cpu::KernelDescription& built : cpu::kernels()) {
    for (const NamedKernel& named : kKernels) {
      if (named.kernel == built.name && built.runs_on(here)) {
        out.push_back(protocol_of(named.name, named.title, named.note));
      }
    }
  }
  return out;
}

}  // namespace blindbook::bench
