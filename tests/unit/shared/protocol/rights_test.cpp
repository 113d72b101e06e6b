// Every combination, against what was written down by hand: the table of rights is not asked twice.
#include "shared/protocol/rights.hpp"

#include "tests/unit/catch.hpp"

#include <array>
#include <string>
#include <string_view>

using namespace parley::protocol;

namespace {

// Five letters for those who have the room not on their list, and five for those who have it there:
// no message, one's own, one of another, one's own that was deleted, a deleted one of another.
// . they may, n not_found, f forbidden, g gone
struct expected {
    std::string_view hidden, open, direct;
};

struct expected_of_action {
    action what;
    expected nobody, guest, member, owner;
};

constexpr std::string_view all = "..... .....", none = "nnnnn nnnnn", never = "fffff fffff";

constexpr std::array expectations{
    expected_of_action{
        action::read, {none, all, none}, {none, all, none}, {none, all, all}, {none, all, all}},
    expected_of_action{
        action::send, {none, all, none}, {none, all, none}, {none, all, all}, {none, all, all}},
    expected_of_action{action::edit,
                       {none, "nffff nffff", none},
                       {none, "n.fgf n.fgf", none},
                       {none, "n.fgf n.fgf", "n.fgf n.fgf"},
                       {none, "n.fgf n.fgf", "n.fgf n.fgf"}},
    expected_of_action{action::delete_message,
                       {none, "nffff nffff", none},
                       {none, "n.f.f n.f.f", none},
                       {none, "n.f.f n.f.f", "n.f.f n.f.f"},
                       {none, "n.f.f n.f.f", "n.f.f n.f.f"}},
    expected_of_action{action::react,
                       {none, never, none},
                       {none, "n..gg n..gg", none},
                       {none, "n..gg n..gg", "n..gg n..gg"},
                       {none, "n..gg n..gg", "n..gg n..gg"}},
    expected_of_action{action::pin,
                       {none, never, none},
                       {none, never, none},
                       {none, "n..gg n..gg", "n..gg n..gg"},
                       {none, "n..gg n..gg", "n..gg n..gg"}},
    expected_of_action{
        action::create_room, {all, all, none}, {all, all, none}, {all, all, all}, {all, all, all}},
    expected_of_action{action::open_direct,
                       {never, never, none},
                       {never, never, none},
                       {all, all, all},
                       {all, all, all}},
    expected_of_action{
        action::join, {none, never, none}, {none, all, none}, {none, all, all}, {none, all, all}},
    expected_of_action{
        action::leave, {none, never, none}, {none, all, none}, {none, all, all}, {none, all, all}},
    expected_of_action{action::mark,
                       {none, never, none},
                       {none, "nnnnn .....", none},
                       {none, "nnnnn .....", "nnnnn ....."},
                       {none, "nnnnn .....", "nnnnn ....."}},
};

char letter_of(const std::optional<reason>& why) {
    if (!why) return '.';
    if (why->code == error_code::not_found) return 'n';
    if (why->code == error_code::forbidden) return 'f';
    return why->code == error_code::gone ? 'g' : '?';
}

std::string letters_of(actor who, action what, room_access room) {
    std::string letters;
    for (const auto membership : {membership_state::outside, membership_state::inside}) {
        if (!letters.empty()) letters += ' ';
        for (const auto target : {target_state::none, target_state::own, target_state::of_another,
                                  target_state::own_deleted, target_state::deleted_of_another})
            letters += letter_of(why_not(who, what, room, membership, target));
    }
    return letters;
}

void check(actor who, action what, const expected& wanted) {
    CAPTURE(static_cast<int>(who), action_words[static_cast<std::size_t>(what)]);
    CHECK(letters_of(who, what, room_access::hidden) == wanted.hidden);
    CHECK(letters_of(who, what, room_access::open) == wanted.open);
    CHECK(letters_of(who, what, room_access::direct) == wanted.direct);
}

}  // namespace

TEST_CASE("who may do what is as written down, in every combination") {
    REQUIRE(expectations.size() == action_words.size());
    for (std::size_t i = 0; i < expectations.size(); ++i) {
        const expected_of_action& each = expectations[i];
        REQUIRE(each.what == static_cast<action>(i));
        check(actor::nobody, each.what, each.nobody);
        check(actor::guest, each.what, each.guest);
        check(actor::member, each.what, each.member);
        check(actor::owner, each.what, each.owner);
    }
}

TEST_CASE("every refusal has a line for people, and every action a word that names it") {
    for (const auto& row : detail::right_table) {
        CHECK_FALSE(row.why.text.empty());
        CHECK(row.why.text.find('\n') == std::string_view::npos);
    }
    for (std::size_t i = 0; i < action_words.size(); ++i)
        CHECK(action_of(action_words[i]) == static_cast<action>(i));
    CHECK_FALSE(action_of("dance"));
}
