// Which parts of a text are addresses, which of them are links, and what a label may not hide.
#include "shared/markup/addresses.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/shared/markup/drawn.hpp"

#include <string>

namespace parley::markup {
namespace {

// What is shown, with the links in [brackets].
std::string marked(std::string_view text) {
    std::string out;
    for (const piece& piece : parse(text).pieces) {
        const std::string bytes(piece.bytes.of(text));
        if (piece.kind == piece_kind::bare_link) out += "[" + bytes + "]";
        if (piece.kind == piece_kind::text) out += bytes;
    }
    return out;
}

}  // namespace

TEST_CASE("http and https addresses are links, and nothing after them is") {
    CHECK(marked("see https://a.example/x?y=1#z now") == "see [https://a.example/x?y=1#z] now");
    CHECK(marked("HTTP://A.example") == "[HTTP://A.example]");
    CHECK(marked("https://a.example\nhttp://b.example") ==
          "[https://a.example]\n[http://b.example]");
    CHECK(marked("https://a.example, https://b.example.") ==
          "[https://a.example], [https://b.example].");
    CHECK(marked("(https://a.example/b_(c))!") == "([https://a.example/b_(c)])!");
    CHECK(marked("<https://a.example>") == "[https://a.example]");
    CHECK(marked("**https://a.example**") == "[https://a.example]");
    CHECK(marked("https://[::1]:8080/x") == "[https://[::1]:8080/x]");
    CHECK(marked("https://bücher.example/ä") == "[https://bücher.example/ä]");
    CHECK(marked("") == "");
}

TEST_CASE("everything else stays text") {
    for (const std::string text :
         {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "https:// x",
          "http://.", "http:/a", "xhttps://a.example", "a_https://a.example",
          "https://\"onmouseover=alert(1)", "//a.example", "ftp://a.example", "java\nscript:https",
          "h", "http", "https:"})
        CHECK(marked(text) == text);
}

TEST_CASE("a link ends before quotes, markup and characters that nobody sees") {
    CHECK(marked("https://a.example\"x") == "[https://a.example]\"x");
    CHECK(marked("https://a.example'onclick='x") == "[https://a.example'onclick='x]");
    CHECK(marked("https://a.example<b>") == "[https://a.example]<b>");
    CHECK(marked("https://a.example\\b@c.example") == "[https://a.example]\\b@c.example");
    CHECK(marked("https://a.example/\u202Egpj.exe") == "[https://a.example/]\u202Egpj.exe");
    CHECK(marked("https://a.example\u200B.evil") == "[https://a.example]\u200B.evil");
    CHECK(marked("https://a.example\u2066x") == "[https://a.example]\u2066x");
    CHECK(marked("https://a.example\u3000x") == "[https://a.example]\u3000x");
    CHECK(marked("https://a.example\u00ADx") == "[https://a.example]\u00ADx");
    CHECK(marked("https://a.example\u205Fx") == "[https://a.example]\u205Fx");
    CHECK(marked("https://a.example\U000E0041x") == "[https://a.example]\U000E0041x");
    CHECK(marked("https://\u202Ea.example") == "https://\u202Ea.example");
}

TEST_CASE("a link ends before closing punctuation of any script") {
    CHECK(marked("“https://a.example/x”") == "“[https://a.example/x]”");
    CHECK(marked("„https://a.example/x“, ‚https://b.example‘") ==
          "„[https://a.example/x]“, ‚[https://b.example]‘");
    CHECK(marked("«https://a.example/x» »https://b.example« ‹https://c.example›.") ==
          "«[https://a.example/x]» »[https://b.example]« ‹[https://c.example]›.");
    CHECK(marked("https://a.example/x… https://b.example？！") ==
          "[https://a.example/x]… [https://b.example]？！");
    CHECK(marked("https://a.example/x؟ https://b.example، https://c.example۔") ==
          "[https://a.example/x]؟ [https://b.example]، [https://c.example]۔");
    CHECK(marked("https://a.example/क। https://b.example॥ https://c.example། https://d.example။") ==
          "[https://a.example/क]। [https://b.example]॥ [https://c.example]། [https://d.example]။");
    CHECK(marked("https://a.example/x’.") == "[https://a.example/x]’.");
    CHECK(marked("https://a.example/x（") == "[https://a.example/x]（");
    CHECK(marked("https://…") == "https://…");
    CHECK(marked("https://。a") == "https://。a");
    CHECK(marked("https://） x") == "https://） x");
}

TEST_CASE("where sentences have no spaces between them, a link ends at its own sentence") {
    CHECK(marked("https://a.example/x。次の文") == "[https://a.example/x]。次の文");
    CHECK(marked("https://a.example/x、https://b.example。") ==
          "[https://a.example/x]、[https://b.example]。");
    CHECK(marked("「https://a.example/x」を見て") == "「[https://a.example/x]」を見て");
    CHECK(marked("（参照：https://a.example/x）です") == "（参照：[https://a.example/x]）です");
    CHECK(marked("“https://a.example/x”看看") == "“[https://a.example/x]”看看");
}

TEST_CASE("brackets that were opened in a link, and signs inside words, belong to it") {
    CHECK(marked("https://a.example/x（b）。") == "[https://a.example/x（b）]。");
    CHECK(marked("【https://a.example/日本「語」】") == "【[https://a.example/日本「語」]】");
    CHECK(marked("https://a.example/a_(b_[c])") == "[https://a.example/a_(b_[c])]");
    CHECK(marked("https://a.example/x(y)z)w") == "[https://a.example/x(y)z)w]");
    CHECK(marked("https://a.example/Col·lectiu/it’s") == "[https://a.example/Col·lectiu/it’s]");
    CHECK(marked("https://a.example/コーヒー・タイム") == "[https://a.example/コーヒー・タイム]");
}

TEST_CASE("a sign of emphasis at the end belongs to the address unless it closes") {
    CHECK(marked("https://a.example/x_ b") == "[https://a.example/x_] b");
    CHECK(marked("https://a.example/x_.") == "[https://a.example/x_].");
    CHECK(marked("https://a.example/*") == "[https://a.example/*]");
    CHECK(drawn("_see https://a.example/x_") == "i('see ' url:https://a.example/x)");
    CHECK(drawn("**https://a.example/x_**") == "b(url:https://a.example/x_)");
    CHECK(drawn("*a* https://a.example/x*") == "i('a') ' ' url:https://a.example/x*");
    CHECK(drawn("~~https://a.example~~") == "s(url:https://a.example)");
    CHECK(drawn("||https://a.example||") == "spoiler(url:https://a.example)");
    CHECK(drawn("https://a.example/*x*_y_~~z~~") == "url:https://a.example/*x*_y_~~z~~");
}

TEST_CASE("links with a label lead to http, https and mailto") {
    CHECK(drawn("[a **b**](https://c.example/d_(e))") ==
          "link('a ' b('b') =https://c.example/d_(e))");
    CHECK(drawn("[a](mailto:b@c.example)") == "link('a' =mailto:b@c.example)");
    CHECK(drawn("<mailto:b@c.example>") == "url:mailto:b@c.example");
    CHECK(drawn("*[a*](https://c.example)") == "'*' link('a*' =https://c.example)");
    CHECK(drawn("[[a]](https://c.example)") == "link('[a]' =https://c.example)");
    CHECK(drawn("[[a](https://b.example)](https://c.example)") ==
          "'[' link('a' =https://b.example) '](' url:https://c.example ')'");
    CHECK(drawn("[@ann #lobby](https://c.example)") == "link('@ann #lobby' =https://c.example)");
    for (const std::string text :
         {"[a](javascript:alert(1))", "[a](JAVASCRIPT:x)", "[a](data:text/html,x)", "[a](/x)",
          "[a](x)", "[a](//b.example)", "[a]()", "[a](vbscript:x)", "[a](blob:x)",
          "[a]( javascript:x)", "<javascript:x>", "<data:x>", "[a](mailto:)", "[a](https://)"})
        CHECK(drawn(text) == "'" + text + "'");
    for (const std::string text :
         {"[a](https://b.example", "[](https://b.example)", "[a] (https://b.example)",
          "[ ](https://b.example)", "[a](https://b.example \"t\")"})
        CHECK(drawn(text).find("link(") == std::string::npos);
}

TEST_CASE("a name before a host is no link: it looks like the host") {
    for (const std::string text :
         {"https://bank.example@evil.example", "https://a:b@c.example/x",
          "[a](https://bank.example@evil.example)", "<https://bank.example@evil.example>"})
        CHECK(drawn(text) == "'" + text + "'");
    CHECK(drawn("https://a.example/@ann") == "url:https://a.example/@ann");
}

TEST_CASE("a label that looks like another host is disguise") {
    CHECK(disguises("bank.example", "https://evil.example"));
    CHECK(disguises("https://bank.example", "https://evil.example/bank.example"));
    CHECK(disguises("bank.example/login", "https://evil.example"));
    CHECK(disguises("see BANK.example now", "https://evil.example"));
    CHECK(disguises("bank.**example**", "https://evil.example"));
    CHECK(disguises("bank\u3002example", "https://evil.example"));
    CHECK(disguises("b\u0430nk.example", "https://bank.example"));
    CHECK(disguises("\u202Eelpmaxe.knab", "https://evil.example"));
    CHECK(disguises("ann@bank.example", "mailto:ann@evil.example"));
    CHECK(disguises("evil.example.bank.example", "https://evil.example"));
    CHECK(disguises("ample", "https://ex.ample") == false);
    CHECK_FALSE(disguises("the report", "https://evil.example"));
    CHECK_FALSE(disguises("Etc.", "https://evil.example"));
    CHECK_FALSE(disguises("a.example", "https://a.example/x"));
    CHECK_FALSE(disguises("https://A.example/x.html", "https://a.example/x.html"));
    CHECK_FALSE(disguises("a.example", "https://www.a.example"));
    CHECK_FALSE(disguises("www.a.example", "https://a.example"));
    CHECK(disguises("github.io", "https://evil.github.io"));
    CHECK_FALSE(disguises("ann@a.example", "mailto:ann@a.example"));
}

}  // namespace parley::markup
