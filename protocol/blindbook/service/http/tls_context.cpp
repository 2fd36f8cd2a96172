#include "blindbook/service/http/tls_context.h"

#include <array>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "blindbook/service/atomic_file.h"

namespace blindbook::service::http {
namespace {

// RFC 9325 section 4.2: forward secrecy and AEAD. TLS 1.3 suites are all of that kind.
constexpr const char* kCiphersOfTls12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

constexpr std::size_t kMaxKeyFileBytes =
    std::size_t{64} * 1024;  // a PEM of RSA with 16,384 bits takes 13 KiB

std::string last_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unreadable";
}

TlsContext new_context(const SSL_METHOD* method) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(method));
  if (context) {
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), kCiphersOfTls12);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  }
  return context;
}

/// Has no passphrase to give: a key that is encrypted is refused, where the library would ask a terminal.
int give_no_passphrase(char* /*out*/, int /*size*/, int /*writes*/, void* /*context*/) {
  return 0;
}

Result<void> use_key(SSL_CTX* context, const std::string& key_file) {
  // The group may read it: Debian's ssl-cert does, so that services need not run as root.
  const auto pem = read_secret_file(key_file, kMaxKeyFileBytes, OthersMay::kShowAclAsGroup);
  if (!pem) {
    return tl::unexpected<Error>(pem.error());
  }
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(pem->expose().data(), static_cast<int>(pem->expose().size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      in ? PEM_read_bio_PrivateKey(in.get(), nullptr, give_no_passphrase, nullptr) : nullptr, EVP_PKEY_free);
  if (!key || SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return bad_input("http.listen", "the key file " + key_file + " cannot be used: " + last_reason());
  }
  return {};
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> out{};
  return inet_pton(AF_INET, host.c_str(), out.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), out.data()) == 1;
}

}  // namespace

void FreeTlsContext::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

Result<TlsContext> server_tls_context(const std::string& certificate_file, const std::string& key_file) {
  TlsContext context = new_context(TLS_server_method());
  if (!context) {
    return unavailable("http.listen", "TLS cannot be set up: " + last_reason());
  }
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return bad_input("http.listen",
                     "the certificate file " + certificate_file + " cannot be used: " + last_reason());
  }
  if (Result<void> used = use_key(context.get(), key_file); !used) {
    return failed(used);
  }
  return context;
}

Result<TlsContext> client_tls_context(const std::optional<std::string>& ca_file) {
  TlsContext context = new_context(TLS_client_method());
  if (!context) {
    return unavailable("http.tls", "TLS cannot be set up: " + last_reason());
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (!ca_file) {
    SSL_CTX_set_default_verify_paths(context.get());
    return context;
  }
  if (SSL_CTX_load_verify_file(context.get(), ca_file->c_str()) != 1) {
    return bad_input("http.ca-file", "no certificate can be read from " + *ca_file + ": " + last_reason());
  }
  // Whatever stands in the file is an anchor, also an intermediate or the server's own certificate.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context.get()), X509_V_FLAG_PARTIAL_CHAIN);
  return context;
}

bool expect_host(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(expected,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (is_address(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  }
  return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1;
}

Error handshake_error(SSL* ssl, const std::string& authority, unsigned long error) {
  const long verified = SSL_get_verify_result(ssl);
  if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return Error{Fault::kUnavailable, "http.tls", "the certificate of " + authority + " is for another name",
                 "use the name that the certificate was issued for"};
  }
  if (verified != X509_V_OK) {
    return Error{
        Fault::kUnavailable, "http.tls",
        "the certificate of " + authority + " is not trusted: " + X509_verify_cert_error_string(verified),
        "if the operator uses a certificate authority of its own, name its file with --ca-file"};
  }
  const int reason = ERR_GET_REASON(error);
  if (ERR_GET_LIB(error) == ERR_LIB_SSL &&
      (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)) {
    return Error{Fault::kUnavailable, "http.tls", authority + " does not speak TLS",
                 "check the scheme and the port"};
  }
  const char* text = ERR_reason_error_string(error);
  return Error{Fault::kUnavailable, "http.tls",
               "no TLS connection to " + authority + ": " + (text != nullptr ? text : "the handshake failed"),
               ""};
}

}  // namespace blindbook::service::http
