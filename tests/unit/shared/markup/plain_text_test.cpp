// A message as a line of a notification has it.
#include "shared/markup/plain_text.hpp"

#include "tests/unit/catch.hpp"

using parley::markup::plain_text;

TEST_CASE("plain text has no signs of markup") {
    CHECK(plain_text("a **b** `c` @ann #lobby") == "a b c @ann #lobby");
    CHECK(plain_text("one\ntwo\n\nthree") == "one\ntwo\nthree");
    CHECK(plain_text("# a\n- b\n- c\n  1. d") == "a\n- b\n- c\n1. d");
    CHECK(plain_text("> a\n> b\nc") == "> a\n> b\nc");
    CHECK(plain_text("> a\n>> b") == "> a\n> > b");
    CHECK(plain_text("```js\na\n```\nb") == "a\nb");
    CHECK(plain_text("a|b\n-|-\n1|2") == "a | b\n1 | 2");
    CHECK(plain_text("\\*a\\*") == "*a*");
    CHECK(plain_text("") == "");
}

TEST_CASE("a label has its address behind it, and spoilers are blocks of one length") {
    CHECK(plain_text("[a](https://b.example) https://c.example") ==
          "a (https://b.example) https://c.example");
    CHECK(plain_text("it is ||Colonel **Mustard**|| again") == "it is █████ again");
    CHECK(plain_text("||[a](https://b.example)||") == "█████");
    CHECK(plain_text("> ||a||\n\nb") == "> █████\nb");
}
