// The constructs of the chat subset, row by row.
#include "shared/markup/parse.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/shared/markup/drawn.hpp"

using namespace parley::markup;

TEST_CASE("every line break is shown, and more than one empty line counts as one") {
    CHECK(drawn("one\ntwo") == "'one\ntwo'");
    CHECK(drawn("one\n\n\n\ntwo") == "p('one') p('two')");
    CHECK(drawn("\n\none\n\n") == "'one'");
    CHECK(drawn("") == "");
    CHECK(drawn(" \n\t\n") == "");
    CHECK(drawn("    indented\n\tcode") == "'    indented\n\tcode'");
}

TEST_CASE("bold, italic, strike, code and spoiler") {
    CHECK(drawn("a **b** *c* _d_ ~~e~~ `f` ||g||") ==
          "'a ' b('b') ' ' i('c') ' ' i('d') ' ' s('e') ' ' code('f') ' ' spoiler('g')");
    CHECK(drawn("***both***") == "i(b('both'))");
    CHECK(drawn("**a *b ~~c~~ d* e**") == "b('a ' i('b ' s('c') ' d') ' e')");
    CHECK(drawn("**two\nlines**") == "b('two\nlines')");
    CHECK(drawn("un**frigging**believable") == "'un' b('frigging') 'believable'");
    CHECK(drawn("*a*b*c*") == "i('a') 'b' i('c')");
    CHECK(drawn("~~@ann~~ ||#lobby||") == "s(at:@ann) ' ' spoiler(room:#lobby)");
    // Signs inside a label pair only there, and those around it over it.
    CHECK(drawn("**a [b** c](https://x.org) d**") == "b('a ' link('b** c' =https://x.org) ' d')");
}

TEST_CASE("an underscore is a sign only at the edges of words") {
    for (const std::string text : {"snake_case_name", "__init__", "a_b_", "_a_b", "/usr/_x_/y",
                                   "¯\\_(ツ)_/¯", "C:\\new\\_x_", "_a _b", "x=_y_"})
        CHECK(drawn(text) == "'" + text + "'");
    CHECK(drawn("(_a_), \"_b_\".") == "'(' i('a') '), \"' i('b') '\".'");
    CHECK(drawn("_snake_case_") == "i('snake_case')");
    CHECK(drawn("«_a_»") == "'«' i('a') '»'");
}

TEST_CASE("a sign without a partner, or with the wrong neighbours, is text") {
    for (const std::string text :
         {"a * b * c", "2*3*4", "**open", "close**", "** a **", "~one~", "~~~three", "a || b || c",
          "if (a||b||c)", "|||x|||", "~~a~", "*", "**", "****", "||||", "`", "a ` b", "``a`"})
        CHECK(drawn(text) == "'" + text + "'");
    CHECK(drawn("**a*") == "'*' i('a')");
    CHECK(drawn("*a**b*") == "i('a**b')");
}

TEST_CASE("emphasis ends before a letter of a script without spaces") {
    CHECK(drawn("**テスト。**テスト") == "b('テスト。') 'テスト'");
    CHECK(drawn("他说**“好”**。") == "'他说' b('“好”') '。'");
}

TEST_CASE("code comes first, and nothing inside it is markup") {
    CHECK(drawn("`**a** @ann https://a.example`") == "code('**a** @ann https://a.example')");
    CHECK(drawn("**a `b** c`") == "'**a ' code('b** c')");
    CHECK(drawn("``a`b``") == "code('a`b')");
    CHECK(drawn("`` `a` ``") == "code('`a`')");
    CHECK(drawn("`\\`") == "code('\\')");
    CHECK(drawn("`a\nb`") == "code('a\nb')");
    CHECK(drawn("`` \n``") == "code(' \n')");
    CHECK(drawn("[`a](https://b.example)`") == "'[' code('a](https://b.example)')");
}

TEST_CASE("a message of dashes or stars does not vanish") {
    for (const std::string text :
         {"***", "---", "* * *", "- - -", "___", "=====", "-",   "*",  "+",    ">",     "#",
          "1.",  "```", "~~~",   "- ",    "> ",  "|",     "|-|", "<>", "[]()", "![]()", "\\"})
        CHECK(drawn(text) == "'" + text + "'");
    CHECK(drawn("title\n---") == "'title\n---'");
    CHECK(drawn("title\n===") == "'title\n==='");
}

TEST_CASE("what chats do not need is shown as it was typed") {
    for (const std::string text :
         {"<b>a</b>", "<script>x</script>", "&lt; &#x3C;", "[a]: b", "[^1]", "[^1]: note", "$a^2$",
          "<!-- a -->", "[x] [y]", "- [ ]x"})
        CHECK(drawn(text).find('\'') != std::string::npos);
    CHECK(drawn("<b>a</b> &amp; [a][b]") == "'<b>a</b> &amp; [a][b]'");
    CHECK(drawn("![cat](https://a.example/c.png)") == "'![cat](' url:https://a.example/c.png ')'");
    CHECK(drawn("- [ ] task") == "ul(li(p('[ ] task')))");
}

TEST_CASE("a backslash protects the signs of markup and stays before anything else") {
    CHECK(drawn("\\*a\\*") == "'*a' '*'");
    CHECK(drawn("\\`a\\` \\~~b~~ \\||c||") == "'`a' '` ' '~~b~~ ' '||c||'");
    CHECK(drawn("\\@ann \\#lobby") == "'@ann ' '#lobby'");
    CHECK(drawn("\\[a](x)") == "'[a](x)'");
    CHECK(drawn("\\> a") == "'> a'");
    CHECK(drawn("\\# a") == "'# a'");
    CHECK(drawn("C:\\Users\\ann\\new") == "'C:\\Users\\ann\\new'");
    CHECK(drawn("\\_a_ \\\\ \\n") == "'\\_a_ \\\\ \\n'");
}

TEST_CASE("what is deeper than the limits is literal") {
    CHECK(drawn(">>>> a") == "quote(quote(quote(p('> a'))))");
    CHECK(drawn("- a\n  - b\n    - c\n      - d") ==
          "ul(li(p('a') ul(li(p('b') ul(li(p('c\n' '- d')))))))");
    CHECK(drawn("*a **b ~~c ||d _e_||~~***") ==
          "i('a ' b('b ' s('c ' spoiler('d ' '_' 'e' '_'))))");
}

TEST_CASE("a fence that nobody closes ends on sending") {
    CHECK(closing_fence("a") == "");
    CHECK(closing_fence("```\na") == "\n```");
    CHECK(closing_fence("a\n````js\nb\n```\n") == "````");
    CHECK(closing_fence("~~~\na") == "\n~~~");
    CHECK(closing_fence("```\na\n```") == "");
    CHECK(closing_fence("> ```\n> a") == "");
    CHECK(closing_fence("```") == "");
}
