// The runner of every unit test binary; the amalgamated source of Catch2 3 brings its own.
#if __has_include(<catch2/catch.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#else
#include <catch_amalgamated.cpp>
#endif
