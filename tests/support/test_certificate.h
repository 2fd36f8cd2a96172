#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/support/temporary_folder.h"

namespace blindbook::test_support {

/// A fresh self-signed server certificate (P-256, one day) in two PEM files of a folder that goes with it.
class TestCertificate {
 public:
  /// `names`: subject alternative names as OpenSSL writes them, such as "DNS:localhost,IP:127.0.0.1".
  explicit TestCertificate(const std::string& names) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("blindbook test"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
    if (extension == nullptr) {
      throw std::runtime_error("names that OpenSSL does not take");
    }
    X509_add_ext(certificate.get(), extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    write(certificate_file(), [&](FILE* file) { return PEM_write_X509(file, certificate.get()); });
    write(key_file(), [&](FILE* file) {
      return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    using std::filesystem::perms;
    std::filesystem::permissions(key_file(), perms::owner_read | perms::owner_write);
  }
  [[nodiscard]] std::string certificate_file() const { return (folder_ / "certificate.pem").string(); }
  [[nodiscard]] std::string key_file() const { return (folder_ / "key.pem").string(); }

 private:
  template <class Write>
  static void write(const std::string& path, Write&& content) {
    FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr) {
      throw std::runtime_error("cannot write " + path);
    }
    const int written = content(file);
    if (std::fclose(file) != 0 || written != 1) {
      throw std::runtime_error("cannot write " + path);
    }
  }

  TemporaryFolder folder_;
};

}  // namespace blindbook::test_support
