#include "blindbook/service/http/request_head.h"

#include <utility>

namespace blindbook::service::http {

RequestHead::RequestHead(const Endpoint& service, std::string_view method, std::string_view target) {
  std::string line = std::string(method).append(" ").append(target).append(" HTTP/1.1");
  const std::size_t told = line.size();
  add_line(std::move(line), told);
  const std::string url = service.url();
  add("Host", std::string_view(url).substr(url.find("//") + 2));
  add("User-Agent", "blindbook").add("Accept", "*/*").add("Accept-Encoding", "identity");
}

RequestHead& RequestHead::add(std::string_view name, std::string_view value) {
  std::string line = std::string(name).append(": ");
  // Of credentials the scheme alone: what is told may be shown to others.
  const std::size_t told =
      line.size() + (name == "Authorization" ? value.substr(0, value.find(' ') + 1).size() : value.size());
  add_line(std::move(line.append(value)), told);
  return *this;
}

std::vector<HeadLine> RequestHead::lines() const {
  std::vector<HeadLine> out = lines_;
  out.push_back({"", 2});
  return out;
}

void RequestHead::add_line(std::string line, std::size_t told) {
  text_.append(line).append("\r\n");
  const std::size_t bytes = line.size() + 2;
  line.resize(told);
  lines_.push_back({std::move(line), bytes});
}

}  // namespace blindbook::service::http
