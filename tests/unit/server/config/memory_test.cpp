// The memory of the machine, or of the narrowest group around the process.
#include "server/config/memory.hpp"

#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;

namespace {

// A root with a machine of 8 GiB and these files.
std::optional<std::size_t> memory_with(
    const std::vector<std::pair<std::string, std::string>>& files,
    std::optional<std::size_t> machine = std::size_t{8} << 30) {
    const test::temporary_directory root;
    const auto write = [&](const std::string& name, const std::string& text) {
        std::filesystem::create_directories((root.path() / name).parent_path());
        std::ofstream(root.path() / name) << text;
    };
    for (const auto& [name, text] : files) write(name, text);
    return config::memory_bytes(machine, root.path());
}

}  // namespace

TEST_CASE("without a group it is the machine's") {
    CHECK(memory_with({}) == std::size_t{8} << 30);
    CHECK(memory_with({{"sys/fs/cgroup/memory.max", "max\n"}}) == std::size_t{8} << 30);
}

TEST_CASE("the narrowest group around the process counts") {
    CHECK(memory_with({{"sys/fs/cgroup/memory.max", "536870912\n"}}) == 512 << 20);
    CHECK(memory_with({{"proc/self/cgroup", "0::/system.slice/parley.service\n"},
                       {"sys/fs/cgroup/system.slice/memory.max", "268435456\n"},
                       {"sys/fs/cgroup/system.slice/parley.service/memory.max", "max\n"}}) ==
          256 << 20);
    CHECK(memory_with({{"sys/fs/cgroup/memory/memory.limit_in_bytes", "134217728\n"}}) ==
          128 << 20);
}

TEST_CASE("a group's limit beyond the machine's memory is none") {
    CHECK(memory_with({{"sys/fs/cgroup/memory.max", "9223372036854771712\n"}}) == std::size_t{8}
                                                                                      << 30);
}

TEST_CASE("the machine says its memory where /proc says nothing, as in the packaged service") {
    const test::temporary_directory no_proc;
    const auto memory = config::memory_bytes(config::machine_memory_bytes(), no_proc.path());
    REQUIRE(memory);
    CHECK(*memory > 16 << 20);
    CHECK(*memory < std::size_t{1} << 50);
}

TEST_CASE("where neither the machine nor a group says it, it is not known") {
    CHECK_FALSE(memory_with({}, std::nullopt));
    CHECK_FALSE(memory_with({{"sys/fs/cgroup/memory.max", "max\n"}}, std::nullopt));
    CHECK_FALSE(memory_with(
        {{"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}}, std::nullopt));
    CHECK(memory_with({{"sys/fs/cgroup/memory.max", "536870912\n"}}, std::nullopt) == 512 << 20);
}
