#pragma once

#include <memory>
#include <optional>
#include <string>

#include <openssl/types.h>

#include "blindbook/base/error.h"

namespace blindbook::service::http {

struct FreeTlsContext {
  void operator()(SSL_CTX* context) const noexcept;
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

/// A context that serves with this certificate chain and key: TLS 1.2 with forward secrecy and AEAD, and
/// TLS 1.3. BadInput "http.listen" naming the file that cannot be used (an encrypted key, for one), and the
/// errors of read_secret_file(): "file.access" when others than owner and group may read the key.
[[nodiscard]] Result<TlsContext> server_tls_context(const std::string& certificate_file,
                                                    const std::string& key_file);

/// A context that trusts the certificates of `ca_file` (PEM) and no others, or the system's store when there
/// is none. BadInput "http.ca-file".
[[nodiscard]] Result<TlsContext> client_tls_context(const std::optional<std::string>& ca_file);

/// Makes `ssl` send `host` as SNI (names only) and accept only a certificate for it: DNS names of the
/// subject's alternative names, or its IP addresses where `host` is one.
[[nodiscard]] bool expect_host(SSL* ssl, const std::string& host);

/// Why a handshake of a client failed, as one clear error "http.tls". `authority` is host:port for the
/// message, `error` the code the TLS library gave.
[[nodiscard]] Error handshake_error(SSL* ssl, const std::string& authority, unsigned long error);

}  // namespace blindbook::service::http
