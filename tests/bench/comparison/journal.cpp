#include "tests/bench/comparison/journal.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <system_error>
#include <tuple>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/comparison/environment.h"
#include "tests/bench/comparison/scene.h"

namespace blindbook::bench {
namespace {

constexpr std::string_view kSchema = "blindbook.bench.journal/1";

BadRequest not_a_journal(const std::string& path) {
  return {path + " is no journal of a comparison",
          "without --resume, and with another --output, one begins anew"};
}

BadRequest not_there(const std::string& path) {
  return {path + " is not there: nothing was interrupted", "without --resume a comparison begins anew"};
}

BadRequest not_writable(const std::string& path, const char* hint) {
  return {path + " cannot be written: " + std::strerror(errno), hint};
}

/// Keeps every other comparison from writing there, until this process ends.
void hold(const service::Descriptor& file, const std::string& path) {
  if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
    return;
  }
  if (errno == EWOULDBLOCK) {
    throw BadRequest("a comparison that is running writes " + path, "let it end, or interrupt it");
  }
  throw not_writable(path, "the journal stands in a folder whose files can be locked");
}

/// One whose comparison has ended meanwhile has no name any more.
bool has_a_name(const service::Descriptor& file) {
  struct stat info {};
  return ::fstat(file.get(), &info) == 0 && info.st_nlink > 0;
}

void read_lines(std::string_view text, const std::string& path, Journal::Content& content) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const auto line = nlohmann::ordered_json::parse(text.substr(at, end - at));
    if (at == 0) {
      if (line.at("schema") != kSchema) {
        throw not_a_journal(path);
      }
      content.environment = line.at("environment");
      content.plan = plan_from(line.at("grid"), line.at("left_out"));
    } else if (line.contains("resumed")) {
      content.environment.at("resumed").push_back(line.at("resumed"));
    } else if (line.contains("setup")) {
      content.setups.push_back(setup_of(line.at("setup")));
    } else {
      content.runs.push_back(run_of(line.at("run")));
    }
    at = end + 1;
  }
}

/// Whether it has what each environment has, of the same kinds.
bool is_an_environment(const nlohmann::ordered_json& environment) {
  const nlohmann::ordered_json whole = environment_at_start();
  for (const auto& [name, value] : whole.items()) {
    const auto& there = environment.at(name);
    if (!(there.is_number() && value.is_number()) && there.type() != value.type()) {
      return false;
    }
  }
  return true;
}

/// Whether each run is of a place in the grid, the only one there, and right, and its protocol was set up.
bool belong_together(const Journal::Content& content) {
  const Plan& plan = content.plan;
  std::set<std::pair<std::string, std::size_t>> set_up;
  for (const Setup& setup : content.setups) {
    set_up.emplace(setup.protocol, setup.subscribers);
  }
  std::set<std::tuple<std::string, std::size_t, std::size_t, std::size_t>> places;
  return std::all_of(content.runs.begin(), content.runs.end(), [&](const Run& run) {
    const auto& sizes = plan.grid.subscribers;
    const std::vector<Cell> cells = cells_at(plan, run.subscribers);
    return std::find(sizes.begin(), sizes.end(), run.subscribers) != sizes.end() &&
           std::any_of(cells.begin(), cells.end(),
                       [&](const Cell& cell) {
                         return cell.protocol->name == run.protocol && cell.contacts == run.contacts;
                       }) &&
           set_up.count({run.protocol, run.subscribers}) > 0 &&
           run.round < kWarmUpRounds + plan.grid.rounds && run.warm_up == (run.round < kWarmUpRounds) &&
           run.missed == 0 && places.emplace(run.protocol, run.subscribers, run.contacts, run.round).second;
  });
}

}  // namespace

Journal Journal::begin(const std::string& path, const Plan& plan, const nlohmann::ordered_json& environment) {
  service::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644));
  if (!file.valid() && errno == EEXIST) {
    throw BadRequest(path + " holds a comparison that was interrupted",
                     "--resume goes on with it; to begin anew, remove the file");
  }
  if (!file.valid()) {
    throw not_writable(path, "the journal stands beside the result, in a folder that must be there");
  }
  hold(file, path);
  Journal out(path, std::move(file));
  out.write_line({{"schema", kSchema},
                  {"environment", environment},
                  {"grid", json_of(plan.grid)},
                  {"left_out", json_of(plan.left_out)}});
  return out;
}

Journal Journal::resume(const std::string& path, Content& content) {
  service::Descriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file.valid() && errno == ENOENT) {
    throw not_there(path);
  }
  if (!file.valid()) {
    throw not_writable(path, "going on with a comparison writes its journal");
  }
  hold(file, path);
  if (!has_a_name(file)) {
    throw not_there(path);
  }
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole == 0) {
    throw not_a_journal(path);
  }
  try {
    read_lines(std::string_view(text).substr(0, whole), path, content);
    if (content.environment.at("commit") != program_commit() ||
        content.environment.at("machine") != machine()) {
      throw BadRequest(path + " was written by another build of this program, or on another machine",
                       "resume there, or remove the file and begin anew");
    }
    if (!is_an_environment(content.environment) || !is_possible(content.plan.grid) ||
        !belong_together(content)) {
      throw not_a_journal(path);
    }
  } catch (const nlohmann::json::exception&) {
    throw not_a_journal(path);
  } catch (const std::domain_error&) {
    throw not_a_journal(path);
  }
  if (::ftruncate(file.get(), static_cast<off_t>(whole)) != 0) {
    throw not_writable(path, "going on with a comparison writes its journal");
  }
  Journal out(path, std::move(file));
  const nlohmann::ordered_json now = conditions_now();
  out.write_line({{"resumed", now}});
  content.environment.at("resumed").push_back(now);
  return out;
}

void Journal::add(const Setup& setup) {
  write_line({{"setup", json_of(setup)}});
}

void Journal::add(const Run& run) {
  write_line({{"run", json_of(run)}});
}

void Journal::remove() {
  ::unlink(path_.c_str());
}

void Journal::write_line(const nlohmann::ordered_json& line) {
  const std::string text = line.dump() + "\n";
  const ssize_t written = ::write(file_.get(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) {
    throw std::system_error(written < 0 ? errno : ENOSPC, std::generic_category(), path_);
  }
}

}  // namespace blindbook::bench
