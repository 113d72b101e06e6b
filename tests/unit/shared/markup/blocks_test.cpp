// Quotes, lists, fences, headings and tables.
#include "shared/markup/blocks.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/shared/markup/drawn.hpp"

using namespace parley::markup;

TEST_CASE("a fence shows its lines as they are") {
    CHECK(drawn("```\na **b**\n\n  c\n```") == "fence('a **b**\n\n  c')");
    CHECK(drawn("```c++\na\n```\nb") == "fence(lang:c++ 'a') p('b')");
    CHECK(drawn("~~~\na\n~~~") == "fence('a')");
    CHECK(drawn("a\n```\nb\n```\nc") == "p('a') fence('b') p('c')");
    CHECK(drawn("```\n```") == "fence()");
    CHECK(drawn("  ```\n  a\n    b\n  ```") == "fence('a\n' '  b')");
}

TEST_CASE("a fence closes only with as many signs or more, and else at the end") {
    CHECK(drawn("````\n```\na\n```\n````") == "fence('```\na\n```')");
    CHECK(drawn("```\na\n~~~\n````") == "fence('a\n~~~')");
    CHECK(drawn("```\na\n``` b") == "fence('a\n``` b')");
    CHECK(drawn("```\nopen\n\nrest") == "fence('open\n\nrest')");
}

TEST_CASE("what is no fence keeps its words") {
    CHECK(drawn("```code```") == "code('code')");
    CHECK(drawn("```npm install\nnpm test```") == "code('npm install\nnpm test')");
    CHECK(drawn("run ```\nnpm test\n```") == "'run ' code('npm test')");
    CHECK(drawn("``` two words\na") == "'``` two words\na'");
}

TEST_CASE("a quote ends with its last sign") {
    CHECK(drawn("> a\n> b\nc") == "quote(p('a\n' 'b')) p('c')");
    CHECK(drawn(">a") == "quote(p('a'))");
    CHECK(drawn("> **a\n> b**") == "quote(p(b('a\n' 'b')))");
    CHECK(drawn("> a\n>> b\n> c") == "quote(p('a') quote(p('b')) p('c'))");
    CHECK(drawn("> a\n\n> b") == "quote(p('a')) quote(p('b'))");
    CHECK(drawn("> a\n>\n> b") == "quote(p('a') p('b'))");
    CHECK(drawn("a\n> b") == "p('a') quote(p('b'))");
    CHECK(drawn("> ```\n> a\n>\n> b\n> ```\nc") == "quote(fence('a\n' '\n' 'b')) p('c')");
    CHECK(drawn("> ```\n> a\nb") == "quote(fence('a')) p('b')");
    CHECK(drawn("> # a\n> - b") == "quote(h1('a') ul(li(p('b'))))");
    CHECK(drawn("a > b") == "'a > b'");
}

TEST_CASE("a list needs no empty line before it and shows the numbers as typed") {
    CHECK(drawn("a\n- b\n- c") == "p('a') ul(li(p('b')) li(p('c')))");
    CHECK(drawn("* a\n+ b\n- c") == "ul(li(p('a')) li(p('b')) li(p('c')))");
    CHECK(drawn("3. a\n3. b\n9. c") == "ol(li(#3 p('a')) li(#3 p('b')) li(#9 p('c')))");
    CHECK(drawn("- a\n1. b") == "ul(li(p('a'))) ol(li(#1 p('b')))");
    CHECK(drawn("- a\nb") == "ul(li(p('a'))) p('b')");
    CHECK(drawn("- a\n  b\n\n  c") == "ul(li(p('a\n' 'b') p('c')))");
    CHECK(drawn("- a\n\n- b") == "ul(li(p('a')) li(p('b')))");
    CHECK(drawn("1986. a") == "ol(li(#1986 p('a')))");
    for (const std::string text : {"007. a", "1) a", "1.a", "-a", "1234567890. a", "- "})
        CHECK(drawn(text) == "'" + text + "'");
}

TEST_CASE("lists nest by their indent") {
    const std::string nested = "ul(li(p('a') ul(li(p('b') ul(li(p('c')))))) li(p('d')))";
    CHECK(drawn("- a\n  - b\n    - c\n- d") == nested);
    CHECK(drawn("- a\n    - b\n        - c\n- d") == nested);
    CHECK(drawn("- a\n\t- b\n\t\t- c\n- d") == nested);
    CHECK(drawn("1. a\n  - b\n2. c") == "ol(li(#1 p('a') ul(li(p('b')))) li(#2 p('c')))");
    CHECK(drawn("- a\n   - b\n  - c") == "ul(li(p('a') ul(li(p('b')) li(p('c')))))");
    CHECK(drawn("- a\n - b") == "ul(li(p('a')) li(p('b')))");
    CHECK(drawn("- > a\n  > b") == "ul(li(quote(p('a\n' 'b'))))");
    CHECK(drawn("- a\n  ```\n  b\n  ```\n- c") == "ul(li(p('a') fence('b')) li(p('c')))");
    CHECK(drawn("- - a") == "ul(li(ul(li(p('a')))))");
}

TEST_CASE("headings have three levels and need a space") {
    CHECK(drawn("# a\n## b\n### c") == "h1('a') h2('b') h3('c')");
    CHECK(drawn("# a **b**\nc") == "h1('a ' b('b')) p('c')");
    CHECK(drawn("#### a") == "'#### a'");
    CHECK(drawn("#a") == "room:#a");
    CHECK(drawn("# ") == "'# '");
}

TEST_CASE("a table has a row of dashes below its header") {
    CHECK(drawn("a|b\n-|-\n1|2") == "table(tr(td('a') td('b')) tr(td('1') td('2')))");
    CHECK(drawn("| a | b |\n|:--|--:|\n| 1 |\nc") ==
          "table(tr(td('a') td('b')) tr(td('1'))) p('c')");
    CHECK(drawn("a|b\n-|-\n1|2|3") == "table(tr(td('a') td('b')) tr(td('1') td('2|3')))");
    CHECK(drawn("t\na|**b**\n-|-\n\\||x") ==
          "p('t') table(tr(td('a') td(b('b'))) tr(td('|') td('x')))");
    CHECK(drawn("> a|b\n> -|-\n> 1|2\n3|4") ==
          "quote(table(tr(td('a') td('b')) tr(td('1') td('2')))) p('3|4')");
    for (const std::string text : {"a|b\n-", "a|b\n-|-|-", "a\n-", "a|b\n=|=", "a|b\n-|x"})
        CHECK(drawn(text) == "'" + text + "'");
}

TEST_CASE("a table has at most 20 columns and 100 rows below its header") {
    const auto row = [](std::size_t columns, const std::string& cell) {
        std::string out;
        for (std::size_t i = 0; i < columns; ++i) out += "|" + cell;
        return out + "|\n";
    };
    const auto count = [](const std::string& text, piece_kind kind) {
        std::size_t found = 0;
        for (const piece& piece : parse(text).pieces) found += piece.kind == kind ? 1 : 0;
        return found;
    };
    CHECK(count(row(20, "a") + row(20, "-"), piece_kind::table) == 1);
    CHECK(count(row(21, "a") + row(21, "-"), piece_kind::table) == 0);
    std::string rows = row(2, "a") + row(2, "-");
    for (std::size_t i = 0; i < 150; ++i) rows += row(2, "1");
    CHECK(count(rows, piece_kind::row) == 101);
    CHECK(count(rows, piece_kind::paragraph) == 1);
}
