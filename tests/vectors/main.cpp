// Writes shared/PROTOCOL.md and tests/vectors/protocol.json below the given root; with --check,
// says which is stale.
#include "tests/vectors/cases.hpp"
#include "tests/vectors/reference.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <string_view>

namespace {

bool is_current(const std::string& path, const std::string& text) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {}) == text;
}

bool rewrite(const std::string& path, const std::string& text) {
    if (is_current(path, text)) return true;
    std::ofstream file(path, std::ios::binary);
    file << text;
    std::cout << path << ": written\n";
    return bool(file.flush());
}

bool check(const std::string& path, const std::string& text) {
    if (is_current(path, text)) return true;
    std::cerr << path << ": stale; run `make protocol`\n";
    return false;
}

}  // namespace

int main(int argc, char* argv[]) {
    if (argc < 2) {
        std::cerr << "usage: document_writer ROOT [--check]\n";
        return 2;
    }
    const std::string root = argv[1];
    const auto act = argc > 2 && std::string_view(argv[2]) == "--check" ? check : rewrite;
    const bool reference = act(root + "/shared/PROTOCOL.md", parley::vectors::reference());
    const bool vectors = act(root + "/tests/vectors/protocol.json", parley::vectors::vector_file());
    return reference && vectors ? 0 : 1;
}
