#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, one file each, readable by their owner only. What is
# there already stays as it is: run it as often as you like.
#
#   sh deploy/make-secrets.sh [FOLDER]     deploy/secrets
#
# Containers read the files as their own user. Run by root, the files are given to user 10001, as which
# the containers run; run by anybody else, `.env` tells docker-compose to run the containers as that user.
set -eu
umask 077
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-$root/deploy/secrets}
# As in the Dockerfile.
user=10001

say() { printf 'make-secrets: %s\n' "$*" >&2; }

# So many random bytes, in hex: letters that need no escaping in an address.
random() {
    if command -v openssl >/dev/null 2>&1; then
        openssl rand -hex "$1"
    else
        od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n'
    fi
}

# Writes a file unless it is there. It has its name only once it is whole.
keep() {
    if [ -e "$folder/$1" ]; then
        say "$1 is there already"
        return
    fi
    case $2 in
    "" | "requirepass " | *:@*)
        say "there are no random bytes for $1: neither openssl nor /dev/urandom"
        exit 1
        ;;
    esac
    printf '%s\n' "$2" >"$folder/.$1.$$"
    [ "$(id -u)" != 0 ] || chown "$user:$user" "$folder/.$1.$$"
    ln "$folder/.$1.$$" "$folder/$1" && rm -f "$folder/.$1.$$"
    say "made $1"
}

# Two files that hold one password: the second is made of the first, so it cannot be there alone.
pair() {
    if [ -e "$folder/$2" ] && [ ! -e "$folder/$1" ]; then
        say "$2 is there and $1 is not: write the password of $2 into $1, or remove $2"
        exit 1
    fi
}

mkdir -p "$folder"
pair database-password database-url
pair redis.conf redis-url

keep token-keys "$(random 32)"
keep admin-password "$(random 12)"
keep database-password "$(random 24)"
keep database-url "postgres://plancheck:$(cat "$folder/database-password")@postgres:5432/plancheck"
keep redis.conf "requirepass $(random 24)"
keep redis-url "redis://:$(sed -n 's/^requirepass //p' "$folder/redis.conf")@redis:6379"
keep grafana-password "$(random 12)"

if [ "$(id -u)" = 0 ]; then
    # Containers look the files up by their names.
    chmod 711 "$folder"
elif [ $# = 0 ] && [ ! -e "$root/.env" ]; then
    printf 'PLANCHECK_UID=%s\nPLANCHECK_GID=%s\n' "$(id -u)" "$(id -g)" >"$root/.env"
    say "made .env: the containers run as user $(id -u)"
fi
