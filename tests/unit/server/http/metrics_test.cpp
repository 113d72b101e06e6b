// The text format of Prometheus, to the letter.
#include "server/http/metrics.hpp"

#include "tests/unit/catch.hpp"

#include <vector>

using namespace parley::http;

TEST_CASE("a counter is three lines") {
    const std::vector<metric> all{{"parley_rooms", "gauge", "Rooms", 7}};
    CHECK(metrics_text(all) == "# HELP parley_rooms Rooms\n# TYPE parley_rooms gauge\nparley_rooms 7\n");
}

TEST_CASE("a bucket counts all that is below its bound, the last one everything") {
    const std::vector<std::uint64_t> bounds{1, 20}, counts{3, 0, 2};
    CHECK(metrics_text({"parley_commit_seconds", "Commits", bounds, counts, 2'004'500}) ==
          "# HELP parley_commit_seconds Commits\n"
          "# TYPE parley_commit_seconds histogram\n"
          "parley_commit_seconds_bucket{le=\"0.001000\"} 3\n"
          "parley_commit_seconds_bucket{le=\"0.020000\"} 3\n"
          "parley_commit_seconds_bucket{le=\"+Inf\"} 5\n"
          "parley_commit_seconds_sum 2.004500\n"
          "parley_commit_seconds_count 5\n");
}
