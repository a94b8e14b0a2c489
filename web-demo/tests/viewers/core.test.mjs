// What all adapters share, and the adapter for xeokit against a stand-in: xeokit itself is under the AGPL and not
// among the dependencies, so this shows only that the members it has are used as it documents them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createHighlight, FindingIndex, LEVELS, palettes, paletteOf, Wholes } from "@plancheck/viewers/core";
import { highlight as highlightXeokit } from "@plancheck/viewers/xeokit";

import { finding } from "./fixture.mjs";

const id = (name) => finding(name, "fail").element.global_id;

test("an element has the level of its worst finding", () => {
  const index = new FindingIndex([
    finding("A", "pass", "error", "1"),
    finding("A", "fail", "info", "2"),
    finding("A", "undetermined", "error", "3"),
    finding("B", "pass"),
    finding("C", "not_applicable"),
  ]);
  assert.equal(index.levelOf(id("A")), "fail-warning");
  assert.deepEqual(
    index.of(id("A")).map(({ rule }) => rule),
    ["2", "3", "1"],
  );
  assert.equal(index.levelOf(id("B")), "pass");
  assert.equal(index.levelOf(id("C")), undefined);
  assert.deepEqual(index.counts(), { "fail-error": 0, "fail-warning": 1, undetermined: 0, pass: 1 });
});

test("a delta changes the levels of the elements that it names, and no others", () => {
  const index = new FindingIndex([
    finding("A", "fail", "error", "1"),
    finding("A", "undetermined", "error", "2"),
  ]);
  const none = { added: [], changed: [], resolved: [] };
  assert.deepEqual([...index.update({ ...none, resolved: ["1/A", "unknown"] })], [id("A")]);
  assert.equal(index.levelOf(id("A")), "undetermined");
  assert.deepEqual([...index.update({ ...none, changed: [finding("A", "undetermined", "error", "2")] })], []);
  const moved = {
    added: [finding("B", "fail")],
    changed: [finding("A", "fail", "error", "2")],
    resolved: [],
  };
  assert.deepEqual([...index.update(moved)].sort(), [id("A"), id("B")].sort());
  index.update({ ...none, resolved: ["2/A", "rule/B"] });
  assert.deepEqual(index.elements(), []);
});

test("a part shows the findings of a whole that has no shape", () => {
  const shapes = new Set(["flight", "wall", "door", "chair"]);
  const wholes = new Wholes((globalId) => shapes.has(globalId));
  wholes.set({
    elements: [
      { global_id: "stair", class: "IfcStair", storey: "storey", container: "storey" },
      { global_id: "flight", class: "IfcStairFlight", storey: "storey", container: "stair" },
      { global_id: "wall", class: "IfcWall", storey: "storey", container: "storey" },
      { global_id: "door", class: "IfcDoor", storey: "storey", container: "wall" },
      { global_id: "room", class: "IfcSpace", storey: "storey", container: "storey" },
      { global_id: "chair", class: "IfcFurniture", storey: "storey", container: "room" },
      { global_id: "loop", class: "IfcWall", container: "loop" },
    ],
  });
  const levels = new Map([
    ["stair", "fail-error"],
    ["flight", "pass"],
    ["wall", "fail-error"],
    ["room", "fail-error"],
  ]);
  assert.equal(wholes.level("flight", levels), "fail-error");
  assert.equal(wholes.level("door", levels), undefined, "the wall has a shape of its own to show it");
  assert.equal(wholes.level("chair", levels), undefined, "a chair is not to blame for its room");
  assert.deepEqual(wholes.shows("stair"), ["flight"]);
  assert.deepEqual(wholes.shows("room"), []);
  assert.deepEqual(wholes.visible("room"), ["chair"]);
  assert.deepEqual(wholes.all("storey").sort(), ["chair", "door", "flight", "wall"]);
  assert.deepEqual(wholes.all("loop"), []);
});

test("a viewer that answers later gets one step after the other", async () => {
  const steps = [];
  const later = (name) => async () => {
    steps.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    steps.push(`${name} ends`);
  };
  const target = {
    restyle: later("restyle"),
    paint: later("paint"),
    select: later("select"),
    restore: later("restore"),
  };
  const handle = createHighlight(target, [finding("A", "fail")]);
  void handle.select("A");
  await handle.clear();
  assert.deepEqual(
    steps,
    ["restyle", "paint", "select", "restore"].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
  await handle.replace([finding("A", "fail")]);
  assert.deepEqual(steps.slice(8, 12), ["restyle begins", "restyle ends", "paint begins", "paint ends"]);
  handle.dispose();
  assert.throws(() => handle.select(null), /disposed/);
});

test("a step that fails says so, and does not stop those after it", async () => {
  const painted = [];
  const target = {
    restyle: () => {},
    paint: (changes) => void painted.push(...changes),
    select: () => Promise.reject(new Error("lost")),
  };
  const handle = createHighlight(target, []);
  await assert.rejects(handle.select("A"), /lost/);
  await handle.replace([finding("A", "fail")]);
  assert.deepEqual(painted, [[id("A"), "fail-error"]]);
});

test("own colours are checked", () => {
  assert.equal(paletteOf("dark", { pass: "#123456" }).pass, "#123456");
  assert.throws(() => paletteOf("light", { pass: "green" }), /#rrggbb/);
});

// Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency (2009).
const sights = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function lab(hex, m) {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [r, g, b] = [0, 3, 6].map((row) => {
    const value = m[row] * linear[0] + m[row + 1] * linear[1] + m[row + 2] * linear[2];
    return Math.min(1, Math.max(0, value));
  });
  const f = (t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test("levels can be told apart by people who see colours differently", () => {
  for (const [theme, palette] of Object.entries(palettes)) {
    const names = [...LEVELS, "neutral"];
    for (const [sight, matrix] of Object.entries(sights)) {
      for (const [i, a] of names.entries()) {
        for (const b of names.slice(i + 1)) {
          const [one, other] = [lab(palette[a], matrix), lab(palette[b], matrix)];
          const distance = Math.hypot(...one.map((value, axis) => value - other[axis]));
          assert.ok(distance >= 25, `${theme}, ${sight}: ${a} and ${b} are ${distance.toFixed(1)} apart`);
        }
      }
    }
  }
});

function xeokitStandIn(names) {
  const flights = [];
  const colorizedObjects = {};
  const shared = [0, 0, 0];
  const entity = (name) => {
    let colour = null;
    return {
      id: `model#${id(name)}`,
      visible: true,
      selected: false,
      xrayed: false,
      // As in xeokit: one array for all, and a colour even where none was set.
      get colorize() {
        shared.splice(0, 3, ...(colour ?? [0.5, 0.5, 0.5]));
        return shared;
      },
      set colorize(value) {
        colour = value && [...value];
        if (value) colorizedObjects[this.id] = this;
        else delete colorizedObjects[this.id];
      },
    };
  };
  const objects = Object.fromEntries(names.map(entity).map((made) => [made.id, made]));
  return {
    flights,
    entity: (name) => objects[`model#${id(name)}`],
    scene: {
      objects,
      colorizedObjects,
      canvas: { canvas: { getBoundingClientRect: () => ({ left: 10, top: 20 }) } },
      getAABB: (ids) => ids,
      pick: ({ canvasPos: [x, y] }) =>
        x === 1 && y === 2
          ? { entity: { id: `model#${id("A")}` }, worldPos: new Float64Array([1, 2, 3]) }
          : null,
    },
    cameraFlight: {
      flyTo: (to, done) => (flights.push(to), done()),
      jumpTo: (to) => flights.push(to),
    },
  };
}

test("xeokit's objects are coloured, hidden, flown to and picked by GlobalId", async () => {
  const viewer = xeokitStandIn(["A", "B", "C"]);
  const [a, b, c] = ["A", "B", "C"].map(viewer.entity);
  c.colorize = [0.1, 0.2, 0.3];
  const marks = highlightXeokit(viewer, [finding("A", "fail"), finding("C", "fail")], { others: "ghost" });
  assert.deepEqual(
    a.colorize.map((part) => Math.round(part * 255)),
    [0xd2, 0x3c, 0x1a],
  );
  assert.equal(b.xrayed, true);
  assert.equal(a.xrayed, false);
  await marks.isolate([id("A")]);
  assert.deepEqual([a.visible, b.visible], [true, false]);
  await marks.isolate(null);
  assert.equal(b.visible, true);
  await marks.select(id("B"));
  assert.equal(b.selected, true);
  assert.equal(await marks.flyTo(id("B"), { duration: 500 }), true);
  assert.equal(viewer.flights[0].duration, 0.5);
  assert.deepEqual(viewer.flights[0].aabb, [b.id]);
  assert.equal(await marks.flyTo("nobody"), false);
  const picked = await marks.pick(11, 22);
  assert.equal(picked.globalId, id("A"));
  assert.deepEqual(picked.point, [1, 2, 3]);
  assert.equal(picked.findings.length, 1);
  assert.equal(await marks.pick(50, 50), undefined);
  await marks.clear();
  assert.deepEqual(Object.keys(viewer.scene.colorizedObjects), [c.id]);
  assert.deepEqual([...c.colorize], [0.1, 0.2, 0.3]);
  assert.deepEqual([b.selected, b.xrayed], [false, false]);
});
