#!/bin/sh
# Looks over what is in this folder, Dockerfile and docker-compose.yml without starting any of it. A tool that
# is missing is named loudly; with CI=true promtool must be there.
#
#   sh deploy/check.sh     exit 0: everything that could be looked at is right
set -eu
cd "$(dirname "$0")/.."
failed=0

no() {
    printf 'deploy: %s\n' "$*" >&2
    failed=1
}
skipped() { printf 'deploy: SKIPPED, %s\n' "$*" >&2; }
# Says what a program said only where it failed.
quiet() {
    said=$("$@" 2>&1) || {
        printf '%s\n' "$said" >&2
        return 1
    }
}
have() { command -v "$1" >/dev/null 2>&1; }

for script in deploy/*.sh; do
    sh -n "$script" || no "$script is no shell script"
done
if have shellcheck; then
    shellcheck deploy/*.sh || no "shellcheck has something to say"
else
    skipped "shellcheck is missing: the scripts were only parsed"
fi

if have promtool; then
    quiet promtool check config deploy/prometheus.yml || no "deploy/prometheus.yml"
    quiet promtool check rules deploy/alerts.yml || no "deploy/alerts.yml"
    quiet promtool test rules deploy/alerts.test.yml || no "deploy/alerts.test.yml"
elif [ "${CI:-}" = true ]; then
    no "promtool is missing (Debian: prometheus)"
else
    skipped "promtool is missing: the alerts were not tested"
fi

if have docker-compose; then
    docker-compose -f docker-compose.yml config -q || no "docker-compose.yml"
elif have docker && docker compose version >/dev/null 2>&1; then
    docker compose -f docker-compose.yml config -q || no "docker-compose.yml"
else
    skipped "docker-compose is missing: docker-compose.yml was not read"
fi

# The Dockerfile: what is copied is there, and what it promises of the last stage.
while read -r word rest; do
    case $word in
    COPY)
        case $rest in --from=*) continue ;; esac
        # The last word is where it goes.
        for source in ${rest% *}; do
            [ -e "$source" ] || no "Dockerfile copies $source, which is not there"
        done
        ;;
    RUN)
        for script in $(printf '%s\n' "$rest" | grep -o 'deploy/[a-z-]*\.sh'); do
            [ -f "$script" ] || no "Dockerfile runs $script, which is not there"
        done
        ;;
    FROM)
        case ${rest%% *} in
        *:latest) no "Dockerfile: ${rest%% *} is another image tomorrow" ;;
        *:*) ;;
        *) no "Dockerfile: ${rest%% *} has no tag" ;;
        esac
        ;;
    esac
done <Dockerfile
grep -q '^RUN sh deploy/build-image.sh' Dockerfile || no "Dockerfile does not build with deploy/build-image.sh"
case $(sed -n 's/^USER //p' Dockerfile | tail -1) in
[1-9]*:[1-9]*) ;;
*) no "Dockerfile: the last USER is no number other than 0" ;;
esac
grep -q '^HEALTHCHECK' Dockerfile || no "Dockerfile has no HEALTHCHECK"
if have docker && docker info >/dev/null 2>&1; then
    docker build --check . || no "docker build --check"
else
    skipped "there is no Docker engine: the Dockerfile was read here, not built"
fi

[ $failed = 0 ] && printf 'deploy: what could be looked at is right\n'
exit $failed
