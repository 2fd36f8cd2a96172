// What proxies say of whom they ask for. Input: a byte that chooses; then a header of the PROXY protocol, or lines of which the
// first lists networks that are trusted, the second names the peer, and the third is X-Forwarded-For.
#include <algorithm>
#include <string>
#include <vector>

#include "blindbook/service/http/proxy_header.h"
#include "blindbook/service/http/trusted_proxies.h"

#include "tests/fuzz/fuzz.h"

namespace blindbook::fuzz {
namespace {

using namespace service::http;

void read_header(ByteView input) {
  const ByteView prefix = input.first(std::min(input.size(), kProxyPrefixBytes));
  const std::optional<std::size_t> size = proxy_rest_bytes(prefix);
  const std::optional<ProxyHeader> header = parse_proxy_header(prefix, input.subspan(prefix.size()));
  require(!size || *size <= kMaxProxyRestBytes, "what follows a header is bounded");
  require(!header || size == input.size() - prefix.size(), "a header has the length that it says");
  if (header && header->source) {
    const std::size_t bytes =
        header->source->is_v4() && prefix[13] == 0x11 ? IpAddress::kV4Bytes : IpAddress::kV6Bytes;
    const ByteView said = input.subspan(prefix.size(), bytes);
    require(std::equal(said.begin(), said.end(),
                       header->source->bytes().end() - static_cast<std::ptrdiff_t>(bytes)),
            "the source is the one that stands in the header");
  }
}

void read_forwarded(std::string_view text) {
  std::vector<std::string> networks;
  for (std::string_view list = take_until(text, '\n'); !list.empty();) {
    networks.emplace_back(take_until(list, ' '));
  }
  const std::optional<IpAddress> peer = IpAddress::parse(take_until(text, '\n'));
  const std::optional<TrustedProxies> proxies = TrustedProxies::parse(networks);
  if (!peer || !proxies) {
    return;
  }
  const IpAddress client = proxies->client_of(*peer, text);
  require(proxies->contains(*peer) || client == *peer, "who is not trusted is not believed");
  require(TrustedProxies().client_of(*peer, text) == *peer, "nobody is believed where nobody is trusted");
  // A client cannot choose who it is by what it writes before what the proxies wrote.
  if (!proxies->contains(client)) {
    require(proxies->client_of(*peer, "192.0.2.66," + std::string(text)) == client,
            "what stands before the client is nobody's");
  }
}

}  // namespace

void run(ByteView input) {
  if (input.empty()) {
    return;
  }
  if (input.front() == 'P') {
    read_header(input.subspan(1));
  } else {
    read_forwarded(text_of(input.subspan(1)));
  }
}

}  // namespace blindbook::fuzz
