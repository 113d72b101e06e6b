# Every command of the project. Each installs what it lacks first, and says what.
.DEFAULT_GOAL := help
.PHONY: help needed run build deb test-deb static wasm test test-native test-wasm simulate simulate-faults test-integration \
        test-browser test-asan test-tsan test-debian fuzz tidy protocol format bench bench-load bench-page bench-start bench-rooms clean

JOBS ?= $(shell nproc)
SEEDS ?= 20000
SECONDS ?= 30
REPS ?= 5
BENCH_TOOLS ?= ../shared/bench
RELEASE ?= 13
export JOBS
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
suites = node tests/suites.mjs
# A line for each suite, and all that one has to say that fails.
ctest = ctest -j $(JOBS) --output-on-failure --preset $(1) 2>&1 | { grep --line-buffered -vE '^(Test project| *Start +[0-9]| *$$)' || true; }

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

# Says first, for all that was asked of make, what will be installed, how large it is and how long all takes.
needed:
	@.ci/install $(MAKECMDGOALS)

run: build  ## build what is missing and start the server on http://localhost:8080/
	@echo "starting build/release/parley $(ARGS)  (options: make run ARGS=--help)"
	@exec build/release/parley $(ARGS)

build: wasm  ## build the server (build/release/parley) with the browser client inside
	@.ci/build "the server" release parley

deb: build  ## build a Debian package for this release of Debian, in build/release/deb
	@.ci/build "the package's files" release package_files
	@rm -f build/release/deb/*.deb && cd build/release && cpack | tail -n 1

test-deb: deb  ## install, run, remove and purge it: only where that does no harm (tests/debian/run 12 test-deb)
	@tests/debian/package build/release/deb/parley_*.deb

static: wasm  ## build build/static/parley, which needs no shared library but glibc
	@.ci/build "the static server" static parley
	@server/packaging/check_static.sh build/static/parley

wasm: needed  ## build the browser client
	@.ci/build "the browser client" wasm parley

test: test-native test-wasm simulate test-integration test-browser tidy  ## run all tests
	@echo "make test: all passed"

test-native: build  ## unit tests, native
	@.ci/build "the unit tests" release
	@$(call ctest,release)

test-wasm: test-native  ## unit tests as wasm under node; both builds compared frame by frame, the markup with cmark
	@.ci/build "the unit tests as wasm" wasm
	@$(call ctest,wasm)
	@node tests/wasm/parity.mjs build/release build/wasm
	@node tests/wasm/cmark.mjs build/release

simulate: build  ## play SEEDS=20000 random schedules of faults against server and browser in one process
	@.ci/build "the simulation" release simulate
	@build/release/tests/simulation/simulate --seeds $(SEEDS)

simulate-faults: build  ## put known faults into a copy, one at a time, and let the simulation find each
	@node tests/simulation/faults.mjs

test-integration: build  ## the real server over real sockets
	@$(suites) 2 tests/integration/*.test.mjs

test-browser: build  ## the page in Chromium
	@$(suites) 1 tests/browser/*.test.mjs

test-asan: build  ## native tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@.ci/build "the tests with sanitizers" asan
	@$(call ctest,asan)

test-tsan: build  ## native and integration tests under ThreadSanitizer
	@.ci/build "the tests with ThreadSanitizer" tsan
	@export TSAN_OPTIONS=halt_on_error=1; $(call ctest,tsan)
	@TSAN_OPTIONS=halt_on_error=1 PARLEY_PATIENCE=5 PARLEY_BINARY=build/tsan/parley $(suites) 2 tests/integration/*.test.mjs

test-debian: needed  ## make test and make test-asan on Debian RELEASE=13, in a chroot of its own (as root)
	@tests/debian/run $(RELEASE) test test-asan

fuzz: build  ## replay the corpus of every fuzz target, then fuzz each for SECONDS=30
	@.ci/build "the fuzz targets" asan fuzz_targets
	@node tests/fuzz/fuzz.mjs build/asan $(SECONDS)

tidy: needed  ## layers, lengths, names; clang-format and clang-tidy
	@node tests/tidy/tidy.mjs
	@node tests/tidy/clang_tidy.mjs

protocol: build  ## write shared/PROTOCOL.md and tests/vectors/protocol.json anew from the declarations
	@.ci/build "the protocol's documents" release protocol_documents

format: needed  ## clang-format all C++
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-14 -i

bench: bench-load bench-page bench-start bench-rooms  ## measure server, peers and page; draws tests/bench/results

bench-load: build  ## server beside its peers: REPS=5 WORKLOADS=W1,idle,.. PEERS=parley,nats,..
	@REPS=$(REPS) WORKLOADS=$(WORKLOADS) PEERS=$(PEERS) BENCH_TOOLS=$(BENCH_TOOLS) FROM=$(FROM) node tests/bench/load.mjs

bench-page: build  ## measure the page: size, time to connected, scrolling
	@node tests/bench/page.mjs

bench-start: build  ## time until a server with GIB=10 of data is ready after a kill
	@GIB=$(GIB) node tests/bench/start.mjs

bench-rooms: build  ## deep rooms (EVENTS=1000000), reactions, BROWSERS=10000 that come back after a restart
	@for each in depth reactions return; do node tests/bench/$$each.mjs || failed=1; done; exit $${failed:-0}

clean:  ## remove everything that was built
	rm -rf build
