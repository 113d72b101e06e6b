# Every command of the project. Each installs what it lacks first, and says what.
.DEFAULT_GOAL := help
.PHONY: help run build wasm test test-native test-wasm simulate test-integration test-browser test-asan test-tsan fuzz tidy \
        protocol format bench bench-load bench-page clean

JOBS ?= $(shell nproc)
SEEDS ?= 20000
SECONDS ?= 30
REPS ?= 5
BENCH_TOOLS ?= ../shared/bench
two_files_at_a_time = ls tests/integration/*.test.mjs | xargs -n 1 -P 2 timeout -k 10 600 node --test
configured = @test -f build/$(1)/build.ninja || cmake --preset $(1) >/dev/null

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

run: build  ## build what is missing and start the server on http://localhost:8080/
	@exec build/release/parley $(ARGS)

build: wasm  ## build the server (build/release/parley) with the browser client inside
	$(call configured,release)
	@cmake --build build/release --target parley -j $(JOBS)

wasm:  ## build the browser client
	@.ci/install build
	$(call configured,wasm)
	@cmake --build build/wasm --target parley -j $(JOBS)

test: test-native test-wasm simulate test-integration test-browser tidy  ## run all tests
	@echo "make test: all passed"

test-native: build  ## unit tests, native
	@.ci/install test
	@cmake --preset release >/dev/null && cmake --build build/release -j $(JOBS)
	@ctest --preset release -j $(JOBS)

test-wasm: test-native  ## unit tests as wasm under node; both builds compared frame by frame
	@cmake --preset wasm >/dev/null && cmake --build build/wasm -j $(JOBS)
	@ctest --preset wasm
	@node tests/wasm/parity.mjs build/release build/wasm

simulate: build  ## play SEEDS=20000 random schedules of faults against server and browser in one process
	@.ci/install test
	@cmake --preset release >/dev/null && cmake --build build/release --target simulate -j $(JOBS)
	@build/release/tests/simulation/simulate --seeds $(SEEDS)

test-integration: build  ## the real server over real sockets
	@.ci/install test
	@$(two_files_at_a_time)

test-browser: build  ## the page in Chromium
	@.ci/install test
	@node --test tests/browser/*.test.mjs

test-asan: build  ## native tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@.ci/install test && .ci/install fuzz
	@cmake --preset asan >/dev/null && cmake --build build/asan -j $(JOBS)
	@ctest --preset asan -j $(JOBS)

test-tsan: build  ## native and integration tests under ThreadSanitizer
	@.ci/install test
	@cmake --preset tsan >/dev/null && cmake --build build/tsan -j $(JOBS)
	@TSAN_OPTIONS=halt_on_error=1 ctest --preset tsan -j $(JOBS)
	@export TSAN_OPTIONS=halt_on_error=1 PARLEY_PATIENCE=5 PARLEY_BINARY=build/tsan/parley; $(two_files_at_a_time)

fuzz: build  ## replay the corpus of every fuzz target, then fuzz each for SECONDS=30
	@.ci/install test && .ci/install fuzz
	@cmake --preset asan >/dev/null && cmake --build build/asan --target fuzz_targets -j $(JOBS)
	@node tests/fuzz/fuzz.mjs build/asan $(SECONDS)

tidy:  ## layers, lengths, names
	@node tests/tidy/tidy.mjs

protocol: build  ## write shared/PROTOCOL.md and tests/vectors/protocol.json anew from the declarations
	@cmake --preset release >/dev/null && cmake --build build/release --target protocol_documents -j $(JOBS)

format:  ## clang-format all C++
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

bench: bench-load bench-page  ## measure server, peers and page; draws tests/bench/results

bench-load: build  ## server beside its peers: REPS=5 WORKLOADS=W1,idle,.. PEERS=parley,nats,..
	@.ci/install bench || echo "bench: not all could be installed; what is missing is left out"
	@REPS=$(REPS) WORKLOADS=$(WORKLOADS) PEERS=$(PEERS) BENCH_TOOLS=$(BENCH_TOOLS) FROM=$(FROM) node tests/bench/load.mjs

bench-page: build  ## measure the page: size, time to connected, scrolling
	@.ci/install test
	@node tests/bench/page.mjs

clean:  ## remove everything that was built
	rm -rf build
