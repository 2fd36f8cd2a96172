#include "blindbook/protocol/state.h"

#include <algorithm>

#include "blindbook/base/domains.h"
#include "blindbook/protocol/aead.h"
#include "blindbook/protocol/params.h"

namespace blindbook::protocol {
namespace {

constexpr std::uint8_t kVersion = 1;

Bytes header() {
  ByteWriter out;
  out.raw(magic::kState).u8(kVersion);
  return std::move(out).take();
}

Bytes context() {
  ByteWriter out;
  out.raw(domain::kState).raw(header());
  return std::move(out).take();
}

void write(ByteWriter& out, const OperatorHistory& history) {
  out.u64(history.seq).raw(history.head.view()).u64(history.highest_serial);
  out.u32(static_cast<std::uint32_t>(history.object.size())).raw(history.object);
  out.u16(static_cast<std::uint16_t>(history.editions.size()));
  for (const SeenEdition& seen : history.editions) {
    out.raw(seen.epoch.view()).u32(seen.edition.value()).raw(seen.root.view()).u64(seen.not_after.value());
  }
}

OperatorHistory read_history(ByteReader& in) {
  OperatorHistory history;
  history.seq = in.u64();
  history.head = Head(in.array<Head::kSize>());
  history.highest_serial = in.u64();
  const ByteView object = in.raw(in.u32());
  history.object.assign(object.begin(), object.end());
  for (std::size_t left = in.u16(); left > 0 && !in.failed(); --left) {
    SeenEdition seen;
    seen.epoch = EpochId(in.array<EpochId::kSize>());
    seen.edition = Edition(in.u32());
    seen.root = Root(in.array<Root::kSize>());
    seen.not_after = UnixTime(in.u64());
    history.editions.push_back(seen);
  }
  return history;
}

void write(ByteWriter& out, const EpochMemory& epoch) {
  out.raw(epoch.id.view()).framed16(bytes_of(kProfile)).u64(epoch.not_after.value());
  out.u8(epoch.begun ? 1 : 0).u64(epoch.leave_at ? epoch.leave_at->value() : 0).u32(epoch.edition.value());
  out.u32(static_cast<std::uint32_t>(epoch.pending.size())).raw(epoch.pending);
  out.u32(static_cast<std::uint32_t>(epoch.outputs.size()));
  for (const auto& [identifier, output] : epoch.outputs) {
    out.framed16(identifier.bytes()).framed16(output.expose());
  }
}

/// Whether a suite of v1 has outputs of so many bytes: tags are cut from them without another look.
bool is_output_size(std::size_t bytes) {
  return bytes == 32 || bytes == 64;
}

/// Nothing when the bytes are damaged or of another profile, whose outputs would be of no use.
std::optional<EpochMemory> read_epoch(ByteReader& in) {
  EpochMemory epoch;
  epoch.id = EpochId(in.array<EpochId::kSize>());
  if (text_of(in.framed16()) != kProfile) {
    return std::nullopt;
  }
  epoch.not_after = UnixTime(in.u64());
  epoch.begun = in.u8() == 1;
  if (const std::uint64_t leave_at = in.u64(); leave_at != 0) {
    epoch.leave_at = UnixTime(leave_at);
  }
  epoch.edition = Edition(in.u32());
  const ByteView pending = in.raw(in.u32());
  epoch.pending.assign(pending.begin(), pending.end());
  for (std::size_t left = in.u32(); left > 0 && !in.failed(); --left) {
    auto identifier = Identifier::parse(text_of(in.framed16()));
    const ByteView output = in.framed16();
    if (!identifier || in.failed() || !is_output_size(output.size())) {
      return std::nullopt;
    }
    epoch.outputs.put(std::move(*identifier), oprf::PrfOutput(output));
  }
  return in.failed() ? std::nullopt : std::optional(std::move(epoch));
}

std::size_t size_bound(const ClientState& state) {
  constexpr std::size_t kPerEpoch = 128;
  constexpr std::size_t kPerOutput = 4 + 20 + 64;
  std::size_t size = 256 + state.history.object.size() + state.history.editions.size() * 64;
  for (const EpochMemory& epoch : state.epochs) {
    size += kPerEpoch + epoch.pending.size() + epoch.outputs.size() * kPerOutput;
  }
  return size;
}

}  // namespace

EpochMemory* ClientState::find(const EpochId& id) {
  const auto at = std::ranges::find(epochs, id, &EpochMemory::id);
  return at == epochs.end() ? nullptr : &*at;
}

EpochMemory& ClientState::remember(const EpochId& id, UnixTime not_after) {
  if (EpochMemory* known = find(id)) {
    return *known;
  }
  epochs.push_back({.id = id, .not_after = not_after});
  return epochs.back();
}

std::vector<EpochId> ClientState::forget_ended(UnixTime now) {
  std::vector<EpochId> ended;
  std::erase_if(epochs, [&](const EpochMemory& epoch) {
    if (now <= epoch.not_after) {
      return false;
    }
    ended.push_back(epoch.id);
    return true;
  });
  return ended;
}

Bytes seal_state(const ClientState& state, const Secret<32>& key, RandomSource& random) {
  ByteWriter out;
  out.reserve(size_bound(state));  // never grows: growth would leave unwiped copies behind
  out.raw(state.root.view());
  write(out, state.history);
  out.u16(static_cast<std::uint16_t>(state.epochs.size()));
  for (const EpochMemory& epoch : state.epochs) {
    write(out, epoch);
  }
  const SecretBytes plain = SecretBytes::adopt(std::move(out).take());
  ByteWriter file;
  file.raw(header()).raw(aead_seal(key, context(), plain.expose(), random));
  return std::move(file).take();
}

Result<ClientState> open_state(ByteView file, const Secret<32>& key) {
  ByteReader outer(file);
  if (!outer.accept(magic::kState) || outer.u8() != kVersion) {
    return bad_input("state.format", "not a state file of a version this program knows");
  }
  const auto plain = aead_open(key, context(), outer.rest());
  if (!plain) {
    return bad_input("state.key", "the state does not open: another state.key, or it was altered");
  }
  ByteReader in(plain->expose());
  ClientState state;
  state.root = RootFingerprint(in.array<RootFingerprint::kSize>());
  state.history = read_history(in);
  for (std::size_t left = in.u16(); left > 0 && !in.failed(); --left) {
    auto epoch = read_epoch(in);
    if (!epoch) {
      return bad_input("state.content", "the state holds something this program does not know");
    }
    state.epochs.push_back(std::move(*epoch));
  }
  if (!in.finished()) {
    return bad_input("state.content", "the state is cut short or too long");
  }
  return state;
}

}  // namespace blindbook::protocol
