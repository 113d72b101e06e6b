// ensure(condition): our own code promised this. If it is false there is a bug, so the program
// stops at once, in release builds too, and prints "file.cpp:12: ensure(condition) failed". What
// peers send is never checked with it.
#pragma once

namespace parley {

// Prints the line on stderr, in a browser on the console, and aborts.
[[noreturn]] void stop_with(const char* line) noexcept;

// Whether classes check their numbered invariants after every change: in debug and sanitizer
// builds. The simulation calls these checks by itself.
#if !defined(NDEBUG) || defined(__SANITIZE_THREAD__)
inline constexpr bool invariants_are_checked = true;
#else
inline constexpr bool invariants_are_checked = false;
#endif

}  // namespace parley

// A macro, because em++ 3.1.6 has no <source_location> and a function cannot see the condition's
// text.
#define PARLEY_TEXT_OF_VALUE(value) #value
#define PARLEY_TEXT_OF(macro) PARLEY_TEXT_OF_VALUE(macro)
#define ensure(...)                                                        \
    ((__VA_ARGS__) ? void()                                                \
                   : ::parley::stop_with(__FILE_NAME__ ":" PARLEY_TEXT_OF( \
                         __LINE__) ": ensure(" #__VA_ARGS__ ") failed"))
