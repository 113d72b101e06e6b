// Which parts of a text are links.
#include "wasm-client/view/links.hpp"
#include "tests/unit/catch.hpp"

#include <string>

namespace parley::view {
namespace {

// The text with its links in [brackets].
std::string marked(std::string_view text) {
    std::string out;
    for (const piece& piece : find_links(text))
        out += piece.link ? "[" + std::string(piece.text) + "]" : std::string(piece.text);
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
    CHECK(marked("<https://a.example>") == "<[https://a.example]>");
    CHECK(marked("**https://a.example**") == "**[https://a.example]**");
    CHECK(marked("https://[::1]:8080/x") == "[https://[::1]:8080/x]");
    CHECK(marked("https://bücher.example/ä") == "[https://bücher.example/ä]");
    CHECK(marked("") == "");
}

TEST_CASE("everything else stays text") {
    for (const std::string text :
         {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "https:// x",
          "http://.", "http:/a", "xhttps://a.example", "_https://a.example",
          "https://\"onmouseover=alert(1)", "//a.example", "ftp://a.example", "java\nscript:https",
          "h", "http", "https:"})
        CHECK(marked(text) == text);
}

TEST_CASE("a link ends before quotes, markup and characters that nobody sees") {
    CHECK(marked("https://a.example\"x") == "[https://a.example]\"x");
    CHECK(marked("https://a.example'onclick='x") == "[https://a.example'onclick='x]");
    CHECK(marked("https://a.example<b>") == "[https://a.example]<b>");
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

TEST_CASE("the pieces joined are the text, whatever the bytes") {
    std::string hostile = "https://a\xC2";
    for (int i = 0; i < 256; ++i) hostile += std::string("http://x") + static_cast<char>(i);
    std::string joined;
    for (const piece& piece : find_links(hostile)) joined += piece.text;
    CHECK(joined == hostile);
}

TEST_CASE("links are bounded, and a long text of almost-links takes linear time") {
    std::string many;
    for (std::size_t i = 0; i < links_max + 50; ++i) many += "https://a.example ";
    std::size_t links = 0;
    for (const piece& piece : find_links(many)) links += piece.link ? 1 : 0;
    CHECK(links == links_max);
    CHECK(find_links("https://" + std::string(16'000, ')')).size() == 1);
    std::string almost;
    while (almost.size() < 16'000) almost += "https://)";
    CHECK(find_links(almost).size() == 1);
}

}  // namespace parley::view
