#!/bin/sh
# Makes `cargo build --target wasm32-unknown-unknown` work on this machine. Run it as often as you
# like: it takes well under a second when there is nothing to do.
#
#   cargo $(sh xtask/wasm-toolchain.sh) build --target wasm32-unknown-unknown …
#
# stdout  one line, what to put after `cargo`: empty when the active toolchain has the target, else
#         a `--config` that names the compiler which has it. Use a target directory of its own.
# stderr  what was done and chosen
# exit    0 when a small module was compiled and linked, otherwise 1 with what to do about it
#
# Three ways, in this order: the active toolchain has the target; `rustup target add`; where rustup
# cannot download, Debian's compiler for the web plus a standard library built from its sources.
#
# WASM_TC_DIR            where the third way puts its compiler (~/.local/share/wasm-web)
# WASM_TC_TIMEOUT        seconds given to `rustup target add` (90)
# WASM_TC_SKIP_RUSTUP=1  straight to the third way, to test it
set -eu
target=wasm32-unknown-unknown
dir=${WASM_TC_DIR:-${HOME:-/root}/.local/share/wasm-web}
packages="rustc-web cargo-web rust-web-src rust-web-llvm lld-22"
scratch=
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say() { printf 'wasm-toolchain: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Links a cdylib with link-time optimisation: catches a half-installed target, a missing linker,
# libraries without bitcode, and a standard library built by another compiler.
links() {
    try=$(mktemp -d)
    cat >"$try/s.rs" <<'RUST'
#[unsafe(no_mangle)]
pub extern "C" fn f(n: u32) -> usize { (0..n).map(u64::from).collect::<Vec<_>>().len() }
RUST
    ok=0
    "$@" --target $target --edition 2024 --crate-type cdylib -Copt-level=s -Clto=fat -Cpanic=abort \
        -o "$try/s.wasm" "$try/s.rs" </dev/null >/dev/null 2>&1 || ok=1
    [ -s "$try/s.wasm" ] || ok=1
    rm -rf "$try"
    return $ok
}

use_active() {
    say "using the active toolchain: $(rustc --version)"
    echo
    exit 0
}

use_fallback() {
    case $dir in *[[:space:]]*) say "WASM_TC_DIR may not contain spaces: $dir"; exit 1 ;; esac
    say "using $dir: $("$dir/bin/rustc" --version)"
    printf -- '--config build.rustc="%s"\n' "$dir/bin/rustc"
    exit 0
}

# ---- 1. the active toolchain, or the fallback of an earlier run
if [ "${WASM_TC_SKIP_RUSTUP:-0}" != 1 ] && have rustc && links rustc; then use_active; fi
if [ -x "$dir/bin/rustc" ] && links "$dir/bin/rustc"; then use_fallback; fi

# ---- 2. rustup. `target add` only adds a component to the toolchain in use; it does not move it.
if [ "${WASM_TC_SKIP_RUSTUP:-0}" != 1 ] && have rustup; then
    active=$(rustup show active-toolchain 2>/dev/null | cut -d' ' -f1)
    say "rustup target add $target --toolchain $active"
    if timeout -k 5 "${WASM_TC_TIMEOUT:-90}" rustup target add $target --toolchain "$active" </dev/null >&2 &&
        links rustc; then
        use_active
    fi
    say "rustup could not add the target; trying Debian's compiler for the web"
fi

# ---- 3. Debian packages, and the standard library built from theirs
if ! have apt-get || ! have dpkg-query; then
    say "no way to get $target here. Install it with one of:"
    say "  rustup target add $target"
    say "  your distribution's package of Rust's standard library for $target"
    exit 1
fi
missing=
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" != 0 ]; then
        say "root is needed once, then run this again:"
        say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing"
        exit 1
    fi
    say "apt-get install$missing"
    export DEBIAN_FRONTEND=noninteractive
    install() {
        # shellcheck disable=SC2086 # a list of words
        apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends $missing </dev/null >&2
    }
    install || { say "apt-get update" && apt-get -o DPkg::Lock::Timeout=300 update -q </dev/null >&2 && install; } || {
        say "apt could not install$missing"
        exit 1
    }
fi
library=$(readlink -f /usr/lib/rustlib/src/rust)/library
[ -f "$library/sysroot/Cargo.toml" ] || { say "no standard library sources in $library"; exit 1; }
scratch=$dir.build.$$
rm -rf "$scratch"
mkdir -p "$scratch/cwd"
say "building the standard library for $target (about a minute)"
# The library workspace's own crate `sysroot`: the crates, profile and lock file of Rust's bootstrap.
# /usr/bin by absolute path: rustup's proxies come first in PATH. Another cwd: no foreign cargo config.
(
    cd "$scratch/cwd"
    env -u RUSTC_WRAPPER -u CARGO_ENCODED_RUSTFLAGS -u RUSTUP_TOOLCHAIN -u CARGO_BUILD_TARGET -u CARGO \
        RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=wasm-web \
        RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
        CARGO_TARGET_DIR="$scratch/target" CARGO_PROFILE_RELEASE_PANIC=abort \
        CARGO_PROFILE_RELEASE_DEBUG=false CARGO_INCREMENTAL=0 \
        /usr/bin/cargo build --quiet --locked --release --target $target \
        --manifest-path "$library/sysroot/Cargo.toml" </dev/null >&2
)
# A sysroot: the machine's own libraries by symbolic link, those for wasm real.
built=$scratch/toolchain
host=$(/usr/bin/rustc -vV | sed -n 's/^host: //p')
mkdir -p "$built/bin" "$built/lib/rustlib/$target/lib"
cp "$scratch/target/$target/release/deps/"*.rlib "$built/lib/rustlib/$target/lib/"
rm -f "$built/lib/rustlib/$target/lib/"libsysroot-*
ln -s "/usr/lib/rustlib/$host" "$built/lib/rustlib/$host"
[ ! -e /usr/lib/rustlib/src ] || ln -s /usr/lib/rustlib/src "$built/lib/rustlib/src"
# Debian's rustc finds its sysroot from where its library lies, so a link to it would ignore this
# directory: a wrapper names the sysroot.
for tool in rustc rustdoc; do
    printf '#!/bin/sh\nexec /usr/bin/%s --sysroot "%s" "$@"\n' $tool "$dir" >"$built/bin/$tool"
    chmod +x "$built/bin/$tool"
done
rm -rf "$dir"
mkdir -p "$(dirname "$dir")"
mv "$built" "$dir"
links "$dir/bin/rustc" || { say "the compiler in $dir does not link"; exit 1; }
use_fallback
