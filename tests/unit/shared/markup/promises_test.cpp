// The promises of the parser on texts that nobody would write.
#include "tests/unit/shared/markup/promises.hpp"

#include "shared/protocol/limits.hpp"
#include "tests/unit/catch.hpp"

#include <random>

using namespace parley::markup;

namespace {

constexpr std::size_t bytes_max = parley::protocol::limits::text_bytes_max;

// Text of things that are dear to the parser.
std::string random_text(std::mt19937& random) {
    static constexpr auto parts = std::to_array<std::string_view>({"*",
                                                                   "**",
                                                                   "***",
                                                                   "_",
                                                                   "~~",
                                                                   "||",
                                                                   "`",
                                                                   "``",
                                                                   "```",
                                                                   "\n",
                                                                   "\n\n",
                                                                   "\n> ",
                                                                   "\n- ",
                                                                   "\n1. ",
                                                                   "\n  - ",
                                                                   "\n# ",
                                                                   "\n```\n",
                                                                   "\n~~~js\n",
                                                                   "\na|b\n-|-\n",
                                                                   "|",
                                                                   "[",
                                                                   "]",
                                                                   "](",
                                                                   ")",
                                                                   "(",
                                                                   "https://a.example/",
                                                                   "](https://b.example)",
                                                                   "<https://c.example>",
                                                                   "mailto:a@b",
                                                                   "@ann",
                                                                   "@~gus.",
                                                                   "#lobby",
                                                                   "\\",
                                                                   " ",
                                                                   " ",
                                                                   "a",
                                                                   "word",
                                                                   "é",
                                                                   "。",
                                                                   "😀",
                                                                   "\u202E",
                                                                   "\t",
                                                                   "!["});
    std::string text;
    for (std::size_t left = random() % 40; left > 0; --left) text += parts[random() % parts.size()];
    return text;
}

// Of which the longest texts consist.
constexpr auto repeated_parts = std::to_array<std::string_view>({"*a",
                                                                 "*a*",
                                                                 "**a",
                                                                 "**a**",
                                                                 "a**b*c",
                                                                 "*a_b",
                                                                 "_a ",
                                                                 "~~a",
                                                                 "||a",
                                                                 "***",
                                                                 "* *",
                                                                 "`",
                                                                 "`a",
                                                                 "`a``b```c",
                                                                 "``a`",
                                                                 "[",
                                                                 "[a",
                                                                 "[a]",
                                                                 "[a](",
                                                                 "[a](https://b",
                                                                 "[](https://b)",
                                                                 "[a](https://b)",
                                                                 "](",
                                                                 "](https://b",
                                                                 "((",
                                                                 "https://",
                                                                 "https://a",
                                                                 "https://a)",
                                                                 "https://a_",
                                                                 "https://)",
                                                                 "<https://a",
                                                                 "<",
                                                                 "@",
                                                                 "@a",
                                                                 "@ann ",
                                                                 "#a ",
                                                                 "> ",
                                                                 ">",
                                                                 "> a\n",
                                                                 ">>>> a\n",
                                                                 "- ",
                                                                 "- a\n",
                                                                 "  - a\n",
                                                                 "1. a\n",
                                                                 "- a\n\n",
                                                                 "\n",
                                                                 "a\n\n",
                                                                 "```\n",
                                                                 "```\na\n",
                                                                 "~~~\n",
                                                                 "> ```\n> a\n\n",
                                                                 "|",
                                                                 "a|b\n",
                                                                 "a|b\n-|-\n",
                                                                 "|-|\n",
                                                                 "\\",
                                                                 "\\*",
                                                                 "![",
                                                                 "![a](https://b)",
                                                                 "# a\n",
                                                                 "\t",
                                                                 "é",
                                                                 "<a>",
                                                                 "a|",
                                                                 "[*a](https://b)*",
                                                                 "*[_a]_",
                                                                 "> **a\n",
                                                                 "`\n> ",
                                                                 "[a](https://b)@c.",
                                                                 "||*||",
                                                                 "_*~~||a"});

std::string repeated(std::string_view part) {
    std::string text;
    while (text.size() + part.size() <= bytes_max) text += part;
    return text;
}

}  // namespace

TEST_CASE("pieces nest, cover the text and keep the limits, on 50,000 random texts") {
    std::mt19937 random(7);
    for (int i = 0; i < 50'000; ++i) {
        const std::string text = random_text(random);
        const char* const broken = promise_check(text).broken();
        if (!broken) continue;
        FAIL(broken << ": " << text);
    }
}

TEST_CASE("the longest texts of one thing keep the promises, and take steps in line with them") {
    for (const std::string_view part : repeated_parts) {
        const std::string text = repeated(part);
        INFO(part);
        const char* const broken = promise_check(text).broken();
        if (broken) FAIL_CHECK(broken);
        CHECK(parse(text + text).steps <= 2 * parse(text).steps + steps_a_byte_max * 64);
    }
}

TEST_CASE("any bytes have pieces, also those that are no text") {
    std::mt19937 random(11);
    for (int i = 0; i < 5'000; ++i) {
        std::string text = random_text(random);
        for (char& c : text)
            if (random() % 8 == 0) c = static_cast<char>(random());
        const char* const broken = promise_check(text).broken();
        if (broken) FAIL(broken << ": " << text);
    }
}

TEST_CASE("beyond the limits the text is literal, and none of it is lost") {
    const std::string text = repeated("**a** https://b.example ");
    const auto pieces = parse(text).pieces;
    std::size_t links = 0;
    for (const piece& piece : pieces) links += piece.kind == piece_kind::bare_link ? 1 : 0;
    CHECK(links == links_max);
    CHECK(pieces.size() <= pieces_max);
    CHECK(pieces.back().bytes.end == text.size());
    const std::string quotes = repeated("> a\n");
    CHECK(parse(quotes).pieces.size() == pieces_max);
    CHECK(parse(quotes).pieces.back().bytes.end == quotes.size());
}
