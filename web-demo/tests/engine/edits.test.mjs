// An edit re-checks what depends on it: the report is the same as if the edited model had been checked from
// scratch, and the deltas lead from the first report to the last.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { createChecker } from "@plancheck/engine";
import { moduleFiles, office, sharedModels, skippedLoudly } from "../support/files.mjs";
import { codeOf, sameReport } from "../support/reports.mjs";

const modules = moduleFiles();
const [live, scratch] = await Promise.all([createChecker({ modules }), createChecker({ modules })]);
after(() => (live.close(), scratch.close()));

/** Numbers that look random and are the same every time. */
function numbers(seed) {
  return (below) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed % below;
  };
}

function editsOf(elements, next) {
  const of = (...classes) => elements.filter((element) => classes.includes(element.class));
  const one = (list) => list[next(list.length)]?.global_id;
  const [doors, flights, spaces] = [of("IfcDoor"), of("IfcStairFlight"), of("IfcSpace")];
  const edits = [
    {
      op: "set_property",
      element: one(doors),
      set: "Pset_DoorCommon",
      name: "FireExit",
      value: next(2) === 0,
    },
    { op: "set_attribute", element: one(doors), name: "OverallWidth", value: 0.6 + next(60) / 100 },
    {
      op: "set_property",
      element: one(flights),
      set: "Pset_StairFlightCommon",
      name: "RiserHeight",
      value: 0.15 + next(6) / 100,
    },
    {
      op: "set_property",
      element: one(spaces),
      set: "Pset_SpaceOccupancyRequirements",
      name: "OccupancyType",
      value: "Office",
    },
    {
      op: "set_attribute",
      element: one(spaces),
      name: "LongName",
      value: next(2) === 0 ? "Corridor" : "Assembly",
    },
  ];
  return edits.filter((edit) => edit.element !== undefined);
}

/** Applies a delta to findings by id. */
function applied(findings, delta) {
  for (const id of delta.resolved) assert.ok(findings.delete(id), `${id} is resolved, but was not there`);
  for (const finding of delta.added) {
    assert.ok(!findings.has(finding.id), `${finding.id} is added, but was there`);
    findings.set(finding.id, finding);
  }
  for (const finding of delta.changed) {
    assert.ok(findings.has(finding.id), `${finding.id} is changed, but was not there`);
    findings.set(finding.id, finding);
  }
}

const byId = (findings) => new Map(findings.map((finding) => [finding.id, finding]));

async function replay(path, rounds) {
  await live.load(path);
  const first = await live.validate();
  const { elements } = await live.elements();
  const findings = byId(first.report.findings);
  const next = numbers(7);
  const all = [];
  let changes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const edits = editsOf(elements, next);
    const edit = edits[next(edits.length)];
    all.push(edit);
    const { delta } = await live.edit(edit);
    applied(findings, delta);
    changes += delta.added.length + delta.resolved.length + delta.changed.length;
  }
  const last = await live.report();
  assert.ok(changes > 0, "the edits changed something");
  assert.deepEqual(findings, byId(last.report.findings), "the deltas lead to the report");

  await scratch.load(path);
  // Nothing was judged before: this judges everything.
  await scratch.edit(all);
  sameReport(last.bytes, (await scratch.validate()).bytes, `${path} after ${rounds} edits`);
}

test("the demo office, many edits", () => replay(office, 60));

test("models that others made", async (t) => {
  const models = sharedModels().filter(({ name }) => /Duplex|SampleHouse|AC20|LargeBuilding/.test(name));
  if (models.length === 0) return skippedLoudly(t, "the shared models are not at hand (PLANCHECK_SHARED)");
  for (const { name, path } of models) await t.test(name, () => replay(path, 20));
});

test("an element comes and goes", async () => {
  await live.load(office);
  const before = await live.validate();
  const { elements } = await live.elements();
  const door = elements.find((element) => element.class === "IfcDoor" && element.storey);
  const removed = await live.edit({ op: "remove_element", element: door.global_id });
  assert.ok(removed.delta.resolved.length + removed.delta.changed.length > 0);
  const added = await live.edit({
    op: "add_element",
    global_id: "0000000000000000000001",
    class: "IfcDoor",
    name: "narrow",
    container: door.storey,
    attributes: [
      ["OverallWidth", 0.5],
      ["OverallHeight", 1.5],
    ],
  });
  assert.ok(added.delta.added.some((finding) => finding.element.name === "narrow"));
  assert.notDeepEqual((await live.report()).report.summary, before.report.summary);
});

test("what is taken back leaves no trace", async () => {
  await live.load(office);
  const before = await live.validate();
  const door = before.report.findings.find((finding) => finding.element.class === "IfcDoor").element
    .global_id;
  const edit = { element: door, set: "Pset_DoorCommon", name: "FireExit" };
  await live.edit({ op: "set_property", ...edit, value: true });
  await live.edit({ op: "restore_property", ...edit });
  sameReport((await live.report()).bytes, before.bytes, "after undoing");
});

test("an edit that is refused is an error; those before it in the list count", async () => {
  await live.load(office);
  const { report } = await live.validate();
  const door = report.findings.find((finding) => finding.rule === "egress-door-clear-width").element
    .global_id;
  const good = { op: "set_attribute", element: door, name: "OverallWidth", value: 2 };
  assert.equal(await codeOf(live.edit([good, { op: "remove_element", element: "nobody" }])), "bad-edit");
  const { delta } = await live.edit([]);
  assert.ok(delta.resolved.length + delta.changed.length > 0, "the first edit is told with the next delta");
  await scratch.load(office);
  await scratch.edit(good);
  sameReport((await live.report()).bytes, (await scratch.validate()).bytes, "after a refused edit");
});
