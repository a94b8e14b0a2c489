#!/bin/sh
# Starts a program with nothing but an empty folder, and sees that it is whole: it becomes ready, serves the
# viewer, finds what is wrong with the demo office, and ends cleanly when it is told to.
#
#   sh deploy/smoke.sh PROGRAM
set -eu
program=$1
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
pid=
over() {
    [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
    rm -rf "$folder"
}
trap over EXIT
trap 'exit 1' INT TERM

no() {
    printf 'smoke: %s\n' "$*" >&2
    cat "$folder/log" >&2
    exit 1
}

# Without the caller's settings.
env -i PATH="$PATH" PLANCHECK_CACHE_DIR="$folder/cache" "$program" serve --listen 127.0.0.1:0 --data-dir "$folder/data" \
    >"$folder/out" 2>"$folder/log" &
pid=$!
# Compiling engine and modules takes seconds; a busy machine gets two minutes.
waited=0
until grep -q '^plancheck is ready at ' "$folder/out"; do
    kill -0 "$pid" 2>/dev/null || no "it ended before it was ready"
    [ $waited -lt 120 ] || no "it is not ready after $waited s"
    sleep 1
    waited=$((waited + 1))
done
address=$(sed -n 's/^plancheck is ready at //p' "$folder/out")

# Node is what the build needs anyhow; curl is not.
node - "$address" demo/office.ifc <<'SCRIPT' || no "it does not answer as it should"
const [address, model] = process.argv.slice(2);
const get = async (path, options) => {
  const answer = await fetch(address + path, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
};
if (!/<script[^>]+type="module"/.test(await get("/"))) throw new Error("/ is not the viewer");
const { modules } = JSON.parse(await get("/api/v1/modules"));
if (!modules.length || modules.some((module) => module.status !== "ready")) throw new Error("modules");
const body = (await import("node:fs")).readFileSync(model);
const report = JSON.parse(await get("/api/v1/validate?jurisdiction=us", { method: "POST", body }));
if (!report.summary.complete || !report.summary.fail) throw new Error(JSON.stringify(report.summary));
console.log(`smoke: ${modules.length} modules, ${report.summary.fail} failures in ${model}, viewer served`);
SCRIPT

kill -TERM "$pid"
wait "$pid" || no "it did not end with 0"
pid=
