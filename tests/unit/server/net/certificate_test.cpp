// What is wrong with the files is said in one line, and a renewal that fails changes nothing.
#include "server/net/certificate.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/server/net/self_signed.hpp"

#include <ctime>
#include <stdexcept>

using parley::net::certificate;
using parley::net::self_signed;

namespace {

std::string complaint_about(const parley::config::tls_files& files) {
    try {
        const certificate loaded(files);
        return "";
    } catch (const std::runtime_error& why) {
        return why.what();
    }
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a certificate and its key are taken") {
    const self_signed here;
    const certificate loaded(here.files());
    CHECK(std::abs(loaded.expires_at_s() - (std::time(nullptr) + 3600)) < 60);
    CHECK(loaded.open(0));
}

TEST_CASE("files that cannot be used are named, with the reason") {
    const self_signed here;
    here.make("second", 3600);
    here.make_garbage("garbage");
    const auto missing = complaint_about(here.files("none.crt"));
    CHECK(has(missing, "none.crt: No such file"));
    CHECK(has(complaint_about(here.files("")), "Is a directory"));
    CHECK(has(complaint_about(here.files("garbage")), "garbage holds no usable certificate"));
    CHECK(has(complaint_about(here.files("first.crt", "none.key")), "none.key: No such file"));
    CHECK(has(complaint_about(here.files("first.crt", "garbage")), "garbage holds no usable key"));
    CHECK(has(complaint_about(here.files("first.crt", "first.locked")),
              "first.locked holds no usable key"));
    CHECK(has(complaint_about(here.files("first.crt", "second.key")),
              "does not belong to the certificate"));
    for (const auto& text : {missing, complaint_about(here.files("garbage"))})
        CHECK_FALSE(has(text, "\n"));
}

TEST_CASE(
    "a certificate that has expired is served all the same: whether that will do, browsers "
    "decide") {
    const self_signed here;
    here.make("old", -60);
    CHECK(complaint_about(here.files("old.crt", "old.key")).empty());
}

TEST_CASE("read again, the new one counts; one that cannot be used changes nothing") {
    const self_signed here;
    certificate loaded(here.files());
    const auto before = loaded.expires_at_s();
    here.make("first", 7200);
    loaded.reload();
    CHECK(loaded.expires_at_s() > before + 3000);
    here.make_garbage("first.key");
    CHECK_THROWS_AS(loaded.reload(), std::runtime_error);
    CHECK(loaded.expires_at_s() > before + 3000);
    CHECK(loaded.open(0));
}
