// Certificates for a test: self-signed, by OpenSSL, written to a directory that goes
// with them.
#pragma once

#include "server/config/tls_files.hpp"

#include "tests/unit/catch.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace parley::net {

class self_signed {
public:
    self_signed() {
        std::string name = (std::filesystem::temp_directory_path() / "parley-tls-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        folder_ = name;
        make("first", 3600);
    }
    ~self_signed() { std::filesystem::remove_all(folder_); }

    // Writes NAME.crt and NAME.key; the certificate ends that many seconds from now.
    void make(const std::string& name, long seconds) const {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                      EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> x509(X509_new(), X509_free);
        X509_set_version(x509.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(x509.get()), seconds - 7200);
        X509_gmtime_adj(X509_getm_notAfter(x509.get()), seconds);
        X509_NAME* const subject = X509_get_subject_name(x509.get());
        const auto* const common_name = reinterpret_cast<const unsigned char*>("localhost");
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0);
        X509_set_issuer_name(x509.get(), subject);
        X509_set_pubkey(x509.get(), key.get());
        REQUIRE(X509_sign(x509.get(), key.get(), EVP_sha256()) > 0);
        write(name + ".crt", [&](BIO* to) { return PEM_write_bio_X509(to, x509.get()); });
        write(name + ".key", [&](BIO* to) {
            return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
        write(name + ".locked", [&](BIO* to) {
            return PEM_write_bio_PKCS8PrivateKey(to, key.get(), EVP_aes_256_cbc(), "secret", 6,
                                                 nullptr, nullptr);
        });
    }

    void make_garbage(const std::string& name) const {
        std::ofstream(path(name)) << "no PEM at all\n";
    }

    std::filesystem::path path(const std::string& name) const { return folder_ / name; }
    config::tls_files files(const std::string& certificate = "first.crt",
                            const std::string& key = "first.key") const {
        return {path(certificate), path(key)};
    }

private:
    template <class Write>
    void write(const std::string& name, Write fill) const {
        const std::unique_ptr<BIO, decltype(&BIO_free)> to(BIO_new_file(path(name).c_str(), "w"),
                                                           BIO_free);
        REQUIRE(fill(to.get()) == 1);
    }

    std::filesystem::path folder_;
};

}  // namespace parley::net
