import assert from "node:assert/strict";

/** Holds two reports against each other, byte for byte; says where they differ first. */
export function sameReport(found, expected, what) {
  assert.ok(expected.length > 500, `${what}: the expected report is too short to be one`);
  if (Buffer.compare(found, expected) === 0) return;
  const [of, by] = [found, expected].map((bytes) => read(bytes).engine.digest);
  assert.equal(
    of,
    by,
    `${what}: program and package are built of different sources: run \`cargo build\` and \`./x web\``,
  );
  const texts = [found, expected].map((bytes) => new TextDecoder().decode(bytes));
  let at = 0;
  while (at < texts[0].length && texts[0][at] === texts[1][at]) at += 1;
  const around = (text) => text.slice(Math.max(0, at - 120), at + 120);
  assert.fail(
    `${what}: reports differ at character ${at}\n  found    …${around(texts[0])}…\n  expected …${around(texts[1])}…`,
  );
}

/** A report without the place that its modules were chosen for, which a program says and the package does not. */
export function withoutPlace(report) {
  const text = new TextDecoder().decode(report);
  const place = /,"place":\{"place":"us\/ca\/san-francisco","source":"given",[^{}]*\}(?=\},"summary")/;
  assert.match(text, place, "the program says for which place, and why");
  return new TextEncoder().encode(text.replace(place, ""));
}

export const read = (bytes) => JSON.parse(new TextDecoder().decode(bytes));

/** The code of what a promise is rejected with. */
export async function codeOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error.code ?? error.name;
  }
  return "no error";
}

/** Rejects when something takes too long: a hang is a failure of its own. */
export function within(milliseconds, promise, what = "this") {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
