# The front door: `make` lists what there is. Every target is one script or one command; read them in tools/.

BINARY  := .build/release/pretraind
CHECK   := --explicit-target-dependency-import-check error
RELEASE := -c release --product pretraind --static-swift-stdlib -Xlinker -s $(CHECK)
PREFIX  ?= /usr
DESTDIR ?=
export PRETRAIND_BINARY := $(abspath $(BINARY))

.PHONY: help deps build test unit scenes tidy fmt docs demo bench soak fuzz interop units install clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install the Debian packages that are missing (apt-get, as root or by sudo)
	@tools/deps build

build: deps ## the release binary .build/release/pretraind, Swift runtime linked statically
	@tools/progress build swift build $(RELEASE)

test: deps ## all tests: rooms, tidy, then scenes that run the release binary
	@tools/test all

unit: deps ## the rooms' own tests only
	@tools/test unit

scenes: build ## the scenes only
	@tools/deps scenes
	@tools/test scenes

tidy: deps ## style: formatter and the tidy test (floors, sizes, banned calls, generated docs)
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests
	@tools/progress tidy swift test --disable-xctest --filter TidyTests

fmt: ## lay the sources out
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

docs: build ## write docs/CONFIG.md and the tree spool/ anew from the binary
	@tools/docs

demo: build ## the whole system in one script, on real documents, in under ten minutes (DEMO_SIZE=small: about one)
	@etc/demo/run.sh

bench: build ## measure agent and trainer on this machine; docs/BENCHMARKS.md says what the figures mean
	@tools/bench

soak: build ## the long proofs of tools/soak.d: kills, errors, power cuts (hours; PARTS="20 30" chooses)
	@tools/deps soak
	@tools/soak $(PARTS)

fuzz: deps ## libFuzzer on every parser that sees foreign bytes, FUZZ_SECONDS (60) each
	@tools/fuzz

interop: build ## real clients open what we write: tokenizers, Megatron-LM, transformers, TensorBoard
	@Tests/interop/run.sh

units: build ## what `make install` lays out, as systemd sees it: units, exposure, users, folders
	@tools/units

install: ## binary, configuration, documentation, systemd units, users and folders below DESTDIR
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/pretraind
	install -d $(DESTDIR)/etc/pretraind/rules $(DESTDIR)/etc/pretraind/keywords
	test -e $(DESTDIR)/etc/pretraind/pretraind.json5 || install -m 644 etc/pretraind.json5 $(DESTDIR)/etc/pretraind/
	install -m 644 etc/converters.json5 $(DESTDIR)/etc/pretraind/
	install -m 644 etc/rules/* $(DESTDIR)/etc/pretraind/rules/
	install -m 644 etc/keywords/* $(DESTDIR)/etc/pretraind/keywords/
	install -d $(DESTDIR)$(PREFIX)/share/pretraind/scorers
	install -m 755 etc/scorers/* $(DESTDIR)$(PREFIX)/share/pretraind/scorers/
	install -d $(DESTDIR)/usr/share/doc/pretraind/docs $(DESTDIR)/usr/share/doc/pretraind/etc
	install -m 644 README.md $(DESTDIR)/usr/share/doc/pretraind/
	install -m 644 docs/*.md $(DESTDIR)/usr/share/doc/pretraind/docs/
	install -m 644 etc/pretraind.json5 etc/demo.json5 $(DESTDIR)/usr/share/doc/pretraind/etc/
	install -D -m 644 etc/cron.d/pretraind $(DESTDIR)/usr/share/doc/pretraind/etc/cron.d/pretraind
	install -d $(DESTDIR)/usr/lib/systemd/system
	for unit in systemd/*.service systemd/*.target systemd/*.slice systemd/*.path; do \
	  sed 's|/usr/bin/pretraind|$(PREFIX)/bin/pretraind|' $$unit >$(DESTDIR)/usr/lib/systemd/system/$${unit#systemd/}; done
	install -D -m 644 systemd/sysusers.conf $(DESTDIR)/usr/lib/sysusers.d/pretraind.conf
	install -D -m 644 systemd/tmpfiles.conf $(DESTDIR)/usr/lib/tmpfiles.d/pretraind.conf
	install -D -m 644 systemd/sysctl.conf $(DESTDIR)/usr/lib/sysctl.d/50-pretraind.conf

clean: ## remove what was built and the demo
	rm -rf .build .demo .interop
