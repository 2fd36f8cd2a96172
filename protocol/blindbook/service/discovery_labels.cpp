#include <algorithm>
#include <optional>
#include <utility>

#include "blindbook/protocol/resolve.h"
#include "blindbook/service/discovery_run.h"
#include "blindbook/service/service_answer.h"

// What a person may ask for once a run has shown its matches: labels that are resolved on use. Never by itself.
namespace blindbook::service {

LabelsOpened DiscoveryRun::open_labels(std::vector<protocol::ContactMatch>& matches) {
  LabelsOpened out;
  if (settings_.open_labels.empty()) {
    return out;
  }
  std::vector<Identifier> wanted = settings_.open_labels;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<protocol::ContactMatch*> chosen;
  for (protocol::ContactMatch& match : matches) {
    if (std::binary_search(wanted.begin(), wanted.end(), match.identifier)) {
      chosen.push_back(&match);
    }
  }
  out.no_matches = wanted.size() - chosen.size();
  if (run_->epoch().label_mode != protocol::LabelMode::kResolve) {
    notices_.emplace_back("the labels of this service are not asked for one by one, so none was");
    return out;
  }
  // Their order would tell something of the address book.
  for (std::size_t i = chosen.size(); i > 1; --i) {
    std::swap(chosen[i - 1], chosen[uniform_below(random_, i)]);
  }
  for (protocol::ContactMatch* match : chosen) {
    if (Result<void> asked = open_label(*match, out); !asked) {
      out.stopped = std::move(asked.error());
      break;
    }
  }
  return out;
}

/// Asks for one label. An error ends the asking: each further request would tell more, for an answer that will not come.
Result<void> DiscoveryRun::open_label(protocol::ContactMatch& match, LabelsOpened& labels) {
  const oprf::PrfOutput* output = remembered().outputs.find(match.identifier);
  if (output == nullptr) {
    return {};  // cannot be: it is by the output that the number matched
  }
  const auto question = protocol::ask_for_label(run_->epoch(), *output);
  if (!question) {
    return tl::unexpected<Error>(question.error());
  }
  ++disclosed_.labels_asked;
  const auto answer = channel_.post_label("/v1/resolve", question->request);
  if (!answer) {
    return tl::unexpected<Error>(answer.error());
  }
  if (auto refused = refusal_in(*answer)) {
    return tl::unexpected<Error>(std::move(refused->error));
  }
  auto label = protocol::open_label(run_->epoch(), *output, question->digest, answer->body);
  if (!label) {
    return failed(label);
  }
  ++disclosed_.labels_answered;
  if (*label) {
    match.label = std::move(**label);
    ++labels.opened;
  } else {
    ++labels.without_label;
  }
  return {};
}

}  // namespace blindbook::service
