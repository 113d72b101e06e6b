// Whom a message calls, and whom it does not.
#include "shared/markup/mentions.hpp"

#include "tests/unit/catch.hpp"

#include <set>

using namespace parley::markup;

namespace {

const std::set<std::string> people{"ann", "bob", "john", "john.citizen", "old_", "~gus", "a-b"};

// The names in order; the whole room as "*", who is here as "+".
std::string called(std::string_view text) {
    const auto found =
        mentions(text, [](const std::string& name) { return people.contains(name); });
    std::string out;
    for (const std::string& name : found.names) out += (out.empty() ? "" : " ") + name;
    if (found.all == everyone::room) out += "*";
    if (found.all == everyone::here) out += "+";
    return out;
}

}  // namespace

TEST_CASE("a mention rings the longest name that exists, without the signs behind it") {
    CHECK(called("ask @ann.") == "ann");
    CHECK(called("@ann... @bob-, (@john)") == "ann bob john");
    CHECK(called("@john.citizen knows") == "john.citizen");
    CHECK(called("@john.citizen.") == "john.citizen");
    CHECK(called("@john.doe") == "");
    CHECK(called("@old_ and @old") == "old_");
    CHECK(called("@ANN") == "ann");
    CHECK(called("@~gus @gus") == "~gus");
    CHECK(called("@ann @bob @ann") == "ann bob");
    CHECK(called("*@ann* _@bob_ **@john**") == "ann bob john");
    CHECK(called("||@ann||") == "ann");
    CHECK(called("cc:@ann,@bob") == "ann bob");
    CHECK(called("ok,@ann \u4F60@bob") == "ann bob");
    CHECK(called("@a-b's") == "a-b");
    CHECK(called("@nobody-here @") == "");
}

TEST_CASE("code, fences, quotes, links and addresses call nobody") {
    CHECK(called("`@ann`") == "");
    CHECK(called("```\n@ann\n```") == "");
    CHECK(called("```\n@ann") == "");
    CHECK(called("> @ann\n@bob") == "bob");
    CHECK(called("> - @ann\n> > @john\n\n@bob") == "bob");
    CHECK(called("- > @ann\n- @bob") == "bob");
    CHECK(called("https://a.example/@ann <https://a.example/@bob>") == "");
    CHECK(called("[@ann](https://a.example/@bob)") == "");
    CHECK(called("mail ann@bob or x.@ann") == "");
    CHECK(called("@ann@social.example") == "");
    CHECK(called("npm i node_modules/@ann") == "");
    CHECK(called("\\@ann") == "");
    CHECK(called("caf\u00E9@ann @ann\u00E9") == "");
}

TEST_CASE("the room and those who are here are called by words") {
    CHECK(called("@room lunch") == "*");
    CHECK(called("@everyone @here") == "*");
    CHECK(called("@here @ann.") == "ann+");
    CHECK(called("@All") == "*");
    CHECK(called("`@room`") == "");
    CHECK(called("@roommate") == "");
}

TEST_CASE("at most 50 mentions count") {
    std::string many;
    for (int i = 0; i < 50; ++i) many += "@ann ";
    CHECK(called(many + "@bob") == "ann");
    CHECK(called("#1 #2 " + many.substr(5) + "@bob") == "ann bob");
}
