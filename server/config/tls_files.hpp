// What the server proves with who it is, when it speaks TLS itself.
#pragma once

#include <filesystem>

namespace parley::config {

struct tls_files {
    std::filesystem::path certificate;  // PEM: the server's own, then those that lead to a root
    std::filesystem::path key;          // PEM, not encrypted
};

}  // namespace parley::config
