// What people type and read: quantities with units, the order of findings, names of places.
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { source } from "./app/source.mjs";

const { modules, end } = await source(
  "logic/units.ts",
  "logic/findings.ts",
  "logic/places.ts",
  "logic/problems.ts",
  "logic/missing.ts",
  "logic/sniff.ts",
);
const [units, findings, places, problems, missing, sniff] = modules;
after(end);

const near = (value, expected) => assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);

test("a number is read in the unit that is chosen", () => {
  near(units.parseQuantity("32", units.unitOf("in")), 0.8128);
  near(units.parseQuantity(" 0,8 ", units.unitOf("m")), 0.8);
  near(units.parseQuantity("7 1/2", units.unitOf("in")), 0.1905);
  near(units.parseQuantity("1/2", units.unitOf("in")), 0.0127);
  near(units.parseQuantity("90", units.unitOf("min")), 5400);
});

test("a unit that is typed goes before the one that is chosen", () => {
  near(units.parseQuantity("813 mm", units.unitOf("in")), 0.813);
  near(units.parseQuantity("7 1/2 in", units.unitOf("m")), 0.1905);
  near(units.parseQuantity("2' 8\"", units.unitOf("m")), 0.8128);
  near(units.parseQuantity("3ft", units.unitOf("in")), 0.9144);
  near(units.parseQuantity("5'-6 1/2\"", units.unitOf("in")), 5 * 0.3048 + 6.5 * 0.0254);
  near(units.parseQuantity("100 ft2", units.unitOf("m²")), 9.290304);
});

test("slopes are ratios, percents or angles", () => {
  near(units.parseQuantity("1:12", units.unitOf("1:n")), 1 / 12);
  near(units.parseQuantity("8 %", units.unitOf("1:n")), 0.08);
  near(units.parseQuantity("1:12", units.unitOf("°")), Math.atan(1 / 12));
  assert.equal(units.inUnit(1 / 12, units.unitOf("1:n")), "1:12");
});

test("what is no quantity is refused", () => {
  for (const text of ["", "wide", "1:0", "3 kg", "1/0", "2 m²", "--3"]) {
    assert.equal(units.parseQuantity(text, units.unitOf("in")), undefined, text);
  }
});

test("numbers are shown without noise", () => {
  assert.equal(units.show(0.1905, units.unitOf("in")), "7.5 in");
  assert.equal(units.show(0.8, units.unitOf("m")), "0.8 m");
  assert.equal(units.plain(-0.00001), "0");
  assert.deepEqual(
    units.unitsLike(units.unitOf("in")).map((unit) => unit.symbol),
    ["in", "m", "mm", "cm", "ft"],
  );
});

const finding = (id, more = {}) => ({
  id,
  module: "m",
  rule: "r",
  severity: "error",
  category: "c",
  citation: "§1",
  verdict: "fail",
  element: { global_id: `e${id}`, class: "IfcDoor", name: id, storey: "Level 1", record: Number(id) },
  message: `message ${id}`,
  facts: [],
  ...more,
});
const rule = (name, title) => [
  "m/" + name,
  { module: "m", rule: name, title, citation: "§", verified: false },
];
const all = (list, filters = {}, collapsed = new Set()) =>
  findings.arrange(
    list,
    new Map([rule("r", "Doors are wide"), rule("s", "Stairs")]),
    { ...findings.noFilters, ...filters },
    collapsed,
  );
const order = ({ rows }) => rows.map((row) => (row.kind === "group" ? row.key : row.finding.id)).join(" ");

test("the worst comes first, in groups and within them", () => {
  const list = [
    finding("1", { rule: "s", verdict: "undetermined" }),
    finding("2", { required: { si: 1 }, margin_si: -0.1 }),
    finding("3", { required: { si: 1 }, margin_si: -0.5 }),
    finding("4", { verdict: "undetermined" }),
    finding("5", { rule: "s", verdict: "fail", severity: "info" }),
  ];
  assert.equal(order(all(list)), "m/r 3 2 4 m/s 5 1");
});

test("filters and folded groups", () => {
  const list = [
    finding("1"),
    finding("2", { rule: "s", element: { global_id: "x", class: "IfcStairFlight", name: "Flight A1" } }),
  ];
  assert.equal(order(all(list, { storey: "Level 1" })), "m/r 1");
  assert.equal(order(all(list, { storey: "" })), "m/s 2");
  assert.equal(order(all(list, { text: "flight" })), "m/s 2");
  assert.equal(order(all(list, { text: "wide door" })), "m/r 1");
  assert.equal(order(all(list, {}, new Set(["m/r"]))), "m/r m/s 2");
  assert.equal(all(list, {}, new Set(["m/r"])).matching.length, 2);
  assert.equal(order(all(list, { grouping: "element" })), "e1 1 x 2");
});

test("elements are called what people call them", () => {
  const label = (name, ifc) => findings.elementLabel({ class: ifc, name, global_id: "id" });
  assert.equal(label("D117", "IfcDoor"), "Door D117");
  assert.equal(label("Flight A1", "IfcStairFlight"), "Flight A1");
  assert.equal(label(undefined, "IfcBuildingStorey"), "Storey id");
  assert.equal(
    findings.elementLabel({ class: "IfcSpace", name: "201", long_name: "Conference Room", global_id: "id" }),
    "Space 201 Conference Room",
  );
});

test("places", () => {
  assert.deepEqual(
    places.placesOf(["us", "us/ca/san-francisco"]).map((place) => place.path),
    ["us", "us/ca", "us/ca/san-francisco"],
  );
  assert.equal(places.placeLabel("us/ca/san-francisco"), "San Francisco, CA, United States");
  assert.equal(places.placeLabel(""), "All places");
});

test("errors say what to do", () => {
  const known = problems.problemOf({ code: "step.no-data", message: "the file has no data section" });
  assert.equal(known.title, "The IFC file cannot be read");
  assert.equal(known.message, "The file has no data section.");
  assert.ok(known.advice);
  assert.equal(problems.problemOf(new Error("odd"), "It failed").title, "It failed");
});

test("50 000 findings are arranged", () => {
  const list = Array.from({ length: 50_000 }, (_, i) => finding(String(i), { rule: i % 2 ? "r" : "s" }));
  assert.equal(all(list).rows.length, 50_002);
});

test("what is missing is told by the fact at its root, and the element that it belongs to", () => {
  const elements = new Map([
    ["b", { class: "IfcBuilding" }],
    ["s", { class: "IfcBuildingStorey", container: "b" }],
    ["e1", { class: "IfcDoor", container: "s" }],
    ["loop", { class: "IfcDoor", container: "loop" }],
  ]);
  const absent = (path, from) => ({
    name: path,
    title: path,
    path,
    absent: "not in the model",
    ...(from ? { from } : {}),
  });
  const known = (path, value) => ({ name: path, title: path, path, value });
  const lacks = (facts, of = "1", verdict = "undetermined") => {
    const element = { global_id: of === "1" ? "e1" : of, class: "IfcDoor" };
    return missing
      .lacksOf(finding(of, { verdict, element, facts }), elements)
      .map(({ element, path, vague }) => `${element} ${path}${vague ? " vague" : ""}`);
  };
  assert.deepEqual(lacks([absent("clear_width"), known("is_exit", "yes")]), ["e1 clear_width"]);
  assert.deepEqual(lacks([absent("building.occupancy")]), ["b occupancy"]);
  assert.deepEqual(lacks([absent("storey.building.occupancy")]), ["b occupancy"]);
  // Facts that a storey's fact was computed from are the storey's.
  const load = absent("storey.load", [absent("building.occupancy"), absent("use"), known("area", "3 m²")]);
  assert.deepEqual(lacks([load]), ["b occupancy", "s use"]);
  assert.deepEqual(lacks([absent("load", [known("use", "Lobby")])]), ["e1 load"]);
  assert.deepEqual(lacks([known("clear_width", "0.7 m to 0.8 m"), known("is_exit", "yes")]), [
    "e1 clear_width vague",
  ]);
  assert.deepEqual(lacks([absent("clear_width")], "1", "fail"), []);
  assert.deepEqual(lacks([absent("building.occupancy")], "loop"), ["undefined occupancy"]);
});

test("a finding that lacks several facts stands in the group of each; the largest group comes first", () => {
  const absent = (path) => ({ name: path, title: path.toUpperCase(), path, absent: "not in the model" });
  const open = (id, paths, of = `e${id}`) =>
    finding(id, {
      verdict: "undetermined",
      element: { global_id: of, class: "IfcDoor", name: id },
      facts: paths.map(absent),
    });
  const list = [
    finding("1"),
    open("2", ["a"]),
    open("3", ["a", "b"]),
    open("4", ["b"]),
    open("5", ["b"], "e4"),
  ];
  const elements = new Map(["e2", "e3", "e4"].map((id) => [id, { class: "IfcDoor" }]));
  const { rows, groups, matching } = findings.arrange(
    list,
    new Map(),
    { ...findings.noFilters, grouping: "missing" },
    new Set(),
    elements,
  );
  const said = rows.map((row) =>
    row.kind === "group"
      ? `${row.title} ${row.size} on ${row.lack?.elements ?? "–"}`
      : `${row.finding.id}${row.again ? " again" : ""}`,
  );
  assert.deepEqual(said, [
    "B 3 on 2",
    "3",
    "4",
    "5",
    "A 2 on 2",
    "2",
    "3 again",
    "Nothing is missing 1 on –",
    "1",
  ]);
  assert.equal(matching.length, 5, "counted once");
  assert.deepEqual(groups[0].lack, { class: "IfcDoor", path: "b", vague: false, elements: 2 });
});

test("files that cannot be models are told by their first bytes", async () => {
  const can = (bytes) => sniff.canBeModel(new Blob([bytes]));
  for (const model of [
    "ISO-10303-21;",
    "\uFEFF\n iso-10303-21;",
    "X-Mailer: y\n\nISO-10303-21;",
    "HEADER;",
    "\uFEFF {",
    "PK\x03\x04",
  ])
    assert.ok(await can(model), model);
  for (const other of ["", "words", "%PDF-1.7", "<ifcXML>", "[1]", new Uint8Array(5000)])
    assert.ok(!(await can(other)), String(other).slice(0, 20));
});

test("a checker that is given no modules says how it is called", async () => {
  const { createChecker, PlancheckError } = await import("@plancheck/engine");
  for (const given of [undefined, null, {}, { modules: "us-ibc-2024.wasm" }]) {
    await assert.rejects(createChecker(given), (error) => {
      assert.ok(error instanceof PlancheckError);
      assert.equal(error.code, "bad-argument");
      assert.match(error.message, /createChecker\(\{ modules: \[/);
      return true;
    });
  }
});
