// simulate [--seeds N] [--first SEED] [--steps M]: plays N schedules and prints their rate. On a
// failure it prints the seed that replays it, and the status is 1.
#include "tests/simulation/world.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

int usage(const std::string& unknown) {
    std::cerr << "simulate: unknown option " << unknown << "; it takes --seeds, --first, --steps\n";
    return 2;
}

}  // namespace

int main(int argc, char* argv[]) {
    std::uint64_t seeds = 20'000, first = 1, steps = 400;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i];
        const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
        if (name == "--seeds")
            seeds = value;
        else if (name == "--first")
            first = value;
        else if (name == "--steps")
            steps = value;
        else
            return usage(name);
    }
    const auto from = std::chrono::steady_clock::now();
    for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        if (const auto wrong = parley::simulation::world(seed).play(steps); !wrong.empty()) {
            std::cerr << "seed " << seed << ": " << wrong << "\nreplay: simulate --first " << seed
                      << " --seeds 1 --steps " << steps << "\n";
            return 1;
        }
        if ((seed - first + 1) % 5000 == 0)
            std::cout << seed - first + 1 << " of " << seeds << " schedules\n" << std::flush;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
    std::cout << "simulation: " << seeds << " schedules of " << steps << " moves, all converged, "
              << static_cast<std::uint64_t>(static_cast<double>(seeds) / took.count())
              << " schedules a second\n";
}
