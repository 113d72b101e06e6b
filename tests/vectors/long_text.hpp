// Bytes as pieces with a count of repetitions, so that a frame at a limit of thousands stays
// readable.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parley::vectors {

struct piece {
    std::string text;
    std::size_t times = 1;
};

class long_text {
public:
    long_text() = default;
    long_text(const char* text) : pieces_{{text}} {}
    long_text(std::string text) : pieces_{{std::move(text)}} {}
    long_text(std::string unit, std::size_t times) : pieces_{{std::move(unit), times}} {}

    // Neighbours that stand once become one piece.
    long_text& operator+=(const long_text& more) {
        for (const piece& next : more.pieces_) {
            if (next.times == 1 && !pieces_.empty() && pieces_.back().times == 1)
                pieces_.back().text += next.text;
            else if (next.times > 0)
                pieces_.push_back(next);
        }
        return *this;
    }
    friend long_text operator+(long_text left, const long_text& right) { return left += right; }

    const std::vector<piece>& pieces() const { return pieces_; }

    std::string bytes() const {
        std::string all;
        for (const piece& piece : pieces_)
            for (std::size_t i = 0; i < piece.times; ++i) all += piece.text;
        return all;
    }

private:
    std::vector<piece> pieces_;
};

}  // namespace parley::vectors
