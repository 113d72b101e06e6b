// The text format of Prometheus, to the letter.
#include "server/http/metrics.hpp"

#include "tests/unit/catch.hpp"

#include <vector>

using namespace parley::http;

TEST_CASE("a counter is three lines") {
    metrics_text page;
    page.counter("parley_sends_total", "Sends").sample(7);
    CHECK(page.text() ==
          "# HELP parley_sends_total Sends\n# TYPE parley_sends_total counter\nparley_sends_total "
          "7\n");
}

TEST_CASE("labels and help are escaped") {
    metrics_text page;
    page.gauge("parley_a", "back\\slash\nand line").sample(1, {{"x", "a\"b\\c\nd"}, {"y", "z"}});
    CHECK(page.text() ==
          "# HELP parley_a back\\\\slash\\nand line\n# TYPE parley_a gauge\n"
          "parley_a{x=\"a\\\"b\\\\c\\nd\",y=\"z\"} 1\n");
}

TEST_CASE("seconds are as short as they can be written") {
    metrics_text page;
    page.gauge("parley_s", "S");
    for (const std::uint64_t micros : {0, 1, 1'500'000, 20'000'000})
        page.sample(micros, {}, unit::seconds);
    CHECK(page.text() ==
          "# HELP parley_s S\n# TYPE parley_s gauge\nparley_s 0\nparley_s 0.000001\nparley_s "
          "1.5\nparley_s 20\n");
}

TEST_CASE("a bucket counts all that is below its bound, the last one everything") {
    const std::vector<std::uint64_t> bounds{1'000, 20'000}, counts{3, 0, 2};
    metrics_text page;
    page.histogram("parley_commit_seconds", "Commits", {unit::seconds, bounds, counts, 2'004'500});
    CHECK(page.text() ==
          "# HELP parley_commit_seconds Commits\n"
          "# TYPE parley_commit_seconds histogram\n"
          "parley_commit_seconds_bucket{le=\"0.001\"} 3\n"
          "parley_commit_seconds_bucket{le=\"0.02\"} 3\n"
          "parley_commit_seconds_bucket{le=\"+Inf\"} 5\n"
          "parley_commit_seconds_sum 2.0045\n"
          "parley_commit_seconds_count 5\n");
}
