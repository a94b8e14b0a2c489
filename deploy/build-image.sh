#!/bin/sh
# The build stage of the Dockerfile; it runs outside of a container just as well. Makes the program with
# engine, modules and page built in, shows that they are, and puts it into a folder.
#
#   sh deploy/build-image.sh [FOLDER]     target/image
#
# Needs Rust, a C compiler, Node 20.19 or newer with npm, and the registries of both. In a fresh checkout it
# takes as long as the first `./x demo`, and wasmtime once more with all optimisation.
set -eu
cd "$(dirname "$0")/.."
out=${1:-target/image}
# The versions that were tested: those of Cargo.lock.
CI=true
export CI

./x web
cargo build --locked --release --package plancheck-host --bin plancheck
mkdir -p "$out"
# Under its name only once it is whole.
cp "${CARGO_TARGET_DIR:-target}/release/plancheck" "$out/plancheck.partial"
strip "$out/plancheck.partial"
mv "$out/plancheck.partial" "$out/plancheck"
sh deploy/smoke.sh "$out/plancheck"
ls -l "$out/plancheck"
