// Certificate and key of the built-in TLS.
#pragma once

#include <filesystem>

namespace parley::config {

struct tls_files {
    std::filesystem::path certificate;  // PEM: the server's own, then the chain to a root
    std::filesystem::path key;          // PEM, not encrypted
};

}  // namespace parley::config
