// Files are read into memory first, because an unreadable file and a bad content need different
// messages.
#include "server/net/certificate.hpp"

#include "server/log/log.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/ssl/context.hpp>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace parley::net {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;

namespace {

// For TLS 1.2 (RFC 9325, section 4.2). The ciphers of 1.3 are all good.
constexpr auto ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

constexpr unsigned char http_1_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// ALPN (RFC 7301): a peer that offers protocols, but not HTTP/1.1, is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
    unsigned char* selected = nullptr;
    if (SSL_select_next_proto(&selected, size, http_1_1, sizeof http_1_1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = selected;
    return SSL_TLSEXT_ERR_OK;
}

std::string contents_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string out{std::istreambuf_iterator<char>(file), {}};
    if (file.is_open() && !file.bad() && !std::filesystem::is_directory(path)) return out;
    const auto why = std::filesystem::is_directory(path) ? EISDIR : errno;
    throw std::runtime_error("cannot read " + path.string() + ": " +
                             std::generic_category().message(why));
}

void set_options(SSL_CTX* context) {
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context, ciphers);
    // HTTP and WebSocket themselves notice a truncated stream, and browsers do not always send
    // close_notify.
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    // A record without data ends the call, so a peer that sends only key updates does not block the
    // shard.
    SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_read_ahead(context, 1);  // one system call a read instead of two
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

std::int64_t expiry_of(ssl::context& context) {
    std::tm end{};
    const X509* const own = SSL_CTX_get0_certificate(context.native_handle());
    return own && ASN1_TIME_to_tm(X509_get0_notAfter(own), &end) ? timegm(&end) : 0;
}

std::shared_ptr<ssl::context> load(const config::tls_files& files) {
    const std::string chain = contents_of(files.certificate), key = contents_of(files.key);
    auto out = std::make_shared<ssl::context>(ssl::context::tls_server);
    set_options(out->native_handle());
    boost::system::error_code error;
    // Never asks on the terminal.
    out->set_password_callback([](auto...) { return std::string(); }, error);
    out->use_certificate_chain(asio::buffer(chain), error);
    if (error)
        throw std::runtime_error(files.certificate.string() +
                                 " holds no usable certificate in PEM: " + error.message());
    out->use_private_key(asio::buffer(key), ssl::context::pem, error);
    if (error &&
        ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH)
        throw std::runtime_error("the key in " + files.key.string() +
                                 " does not belong to the certificate in " +
                                 files.certificate.string());
    if (error)
        throw std::runtime_error(files.key.string() +
                                 " holds no usable key in PEM, not encrypted: " + error.message());
    if (expiry_of(*out) <= std::time(nullptr))
        log::warn("the certificate has expired: browsers will refuse it",
                  {{"file", files.certificate.string()}});
    return out;
}

}  // namespace

void tls_release::operator()(ssl_st* ended) const { SSL_free(ended); }

certificate::certificate(config::tls_files files)
    : files_(std::move(files)), current_(load(files_)) {}

certificate::~certificate() = default;

void certificate::reload() {
    auto next = load(files_);
    const base::mutex_lock lock(mutex_);
    current_ = std::move(next);
}

std::shared_ptr<ssl::context> certificate::current() const {
    const base::mutex_lock lock(mutex_);
    return current_;
}

tls_state certificate::open(int descriptor) const {
    tls_state out(SSL_new(current()->native_handle()));
    if (!out || SSL_set_fd(out.get(), descriptor) != 1) return nullptr;
    SSL_set_accept_state(out.get());
    return out;
}

std::int64_t certificate::expires_at_s() const { return expiry_of(*current()); }

}  // namespace parley::net
