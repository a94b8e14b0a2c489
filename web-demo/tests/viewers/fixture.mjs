// A small building of our own, written as IFC4: walls, doors, a window, a space, a stair of two flights without a
// shape of its own, and chairs that share one shape. It can stand anywhere on earth.

import { deflateRawSync } from "node:zlib";

const HEADER = `ISO-10303-21;
HEADER;
FILE_DESCRIPTION(('ViewDefinition [ReferenceView]'),'2;1');
FILE_NAME('viewers.ifc','2026-01-01T00:00:00',(''),(''),'Plancheck tests','Plancheck tests','');
FILE_SCHEMA(('IFC4'));
ENDSEC;
DATA;
`;

/** 22 characters of a GlobalId from a name. */
export const idOf = (name) => name.replace(/[^0-9A-Za-z]/g, "_").padStart(22, "0");

class Writer {
  lines = [];
  add(entity) {
    this.lines.push(`#${this.lines.length + 1}=${entity};\n`);
    return `#${this.lines.length}`;
  }
  number(value) {
    const text = String(value);
    return /[.e]/.test(text) ? text.toUpperCase() : `${text}.`;
  }
  list(values) {
    return `(${values.map((value) => this.number(value)).join(",")})`;
  }
  point(...xyz) {
    return this.add(`IFCCARTESIANPOINT(${this.list(xyz)})`);
  }
  axis(...xyz) {
    return this.add(`IFCAXIS2PLACEMENT3D(${this.point(...xyz)},$,$)`);
  }
}

/**
 * `site`: where the site's placement puts everything; `baked`: added to the points of all shapes instead.
 * Both in metres. `stray`: with something 200 km away. Answers with the file's text, and with elements as the engine would list them.
 */
export function building({ site = [0, 0, 0], baked = [0, 0, 0], chairs = 60, stray = false } = {}) {
  const w = new Writer();
  const elements = [];
  const units = w.add(`IFCUNITASSIGNMENT((${w.add("IFCSIUNIT(*,.LENGTHUNIT.,$,.METRE.)")}))`);
  const context = w.add(`IFCGEOMETRICREPRESENTATIONCONTEXT($,'Model',3,1.E-05,${w.axis(0, 0, 0)},$)`);
  const project = w.add(`IFCPROJECT('${idOf("Project")}',$,'Viewers',$,$,$,$,(${context}),${units})`);
  const placement = (parent, xyz) => w.add(`IFCLOCALPLACEMENT(${parent},${w.axis(...xyz)})`);
  const up = w.add("IFCDIRECTION((0.,0.,1.))");

  const solid = (points, low, depth) => {
    const line = [...points, points[0]].map(([x, y]) => w.point(x, y));
    const profile = w.add(
      `IFCARBITRARYCLOSEDPROFILEDEF(.AREA.,$,${w.add(`IFCPOLYLINE((${line.join(",")}))`)})`,
    );
    const at = w.axis(baked[0], baked[1], baked[2] + low);
    return w.add(`IFCEXTRUDEDAREASOLID(${profile},${at},${up},${w.number(depth)})`);
  };
  const box = ([x0, y0, z0], [x1, y1, z1]) =>
    solid(
      [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ],
      z0,
      z1 - z0,
    );
  const body = (item, kind = "SweptSolid") =>
    w.add(`IFCSHAPEREPRESENTATION(${context},'Body','${kind}',(${item}))`);
  const shape = (item) => w.add(`IFCPRODUCTDEFINITIONSHAPE($,$,(${body(item)}))`);
  const style = (item, [r, g, b], transparency = 0) => {
    const colour = w.add(`IFCCOLOURRGB($,${w.list([r, g, b]).slice(1, -1)})`);
    const shading = w.add(`IFCSURFACESTYLESHADING(${colour},${w.number(transparency)})`);
    const surface = w.add(`IFCSURFACESTYLE($,.BOTH.,(${shading}))`);
    w.add(`IFCSTYLEDITEM(${item},(${surface}),$)`);
    return item;
  };

  const sitePlace = placement("$", site);
  const siteRef = w.add(`IFCSITE('${idOf("Site")}',$,'Site',$,$,${sitePlace},$,$,.ELEMENT.,$,$,$,$,$)`);
  const buildingPlace = placement(sitePlace, [0, 0, 0]);
  const house = w.add(
    `IFCBUILDING('${idOf("Building")}',$,'Building',$,$,${buildingPlace},$,$,.ELEMENT.,$,$,$)`,
  );
  const aggregate = (name, whole, parts) =>
    w.add(`IFCRELAGGREGATES('${idOf(name)}',$,$,$,${whole},(${parts.join(",")}))`);

  const storeys = [0, 3].map((elevation, i) => {
    const name = `Storey ${i + 1}`;
    const place = placement(buildingPlace, [0, 0, elevation]);
    const ref = w.add(
      `IFCBUILDINGSTOREY('${idOf(name)}',$,'${name}',$,$,${place},$,$,.ELEMENT.,${w.number(elevation)})`,
    );
    return { ref, place, global_id: idOf(name), name, elevation, contains: [] };
  });
  aggregate("Of project", project, [siteRef]);
  aggregate("Of site", siteRef, [house]);
  aggregate(
    "Of building",
    house,
    storeys.map((storey) => storey.ref),
  );

  /** `rest`: what follows the shape in the entity. */
  const element = (entity, name, storey, item, rest, at = [0, 0, 0], container = storey.global_id) => {
    const place = placement(storey.place, at);
    const ref = w.add(`${entity.toUpperCase()}('${idOf(name)}',$,'${name}',$,$,${place},${item},$${rest})`);
    const record = Number(ref.slice(1));
    elements.push({
      global_id: idOf(name),
      class: entity,
      name,
      record,
      storey: storey.global_id,
      container,
    });
    if (container === storey.global_id && entity !== "IfcSpace") storey.contains.push(ref);
    return ref;
  };
  const wall = (name, storey, low, high) =>
    element("IfcWall", name, storey, shape(style(box(low, high), [0.9, 0.88, 0.82])), ",$");

  const [ground, first] = storeys;
  const slab = (name, storey) =>
    element("IfcSlab", name, storey, shape(style(box([0, 0, -0.2], [10, 8, 0]), [0.6, 0.6, 0.6])), ",$");
  slab("Slab 1", ground);
  const south = wall("Wall south", ground, [0, 0, 0], [10, 0.2, 2.8]);
  wall("Wall north", ground, [0, 7.8, 0], [10, 8, 2.8]);
  wall("Wall west", ground, [0, 0.2, 0], [0.2, 7.8, 2.8]);
  wall("Wall east", ground, [9.8, 0.2, 0], [10, 7.8, 2.8]);
  const filled = (entity, name, [x, z], [width, height], colour, transparency) => {
    const hole = shape(box([x, -0.1, z], [x + width, 0.3, z + height]));
    const opening = w.add(
      `IFCOPENINGELEMENT('${idOf(`Hole of ${name}`)}',$,$,$,$,${placement(ground.place, [0, 0, 0])},${hole},$,.OPENING.)`,
    );
    w.add(`IFCRELVOIDSELEMENT('${idOf(`Void of ${name}`)}',$,$,$,${south},${opening})`);
    const item = shape(style(box([x, 0.05, z], [x + width, 0.15, z + height]), colour, transparency));
    const ref = element(entity, name, ground, item, `,${w.number(height)},${w.number(width)},$,$,$`);
    w.add(`IFCRELFILLSELEMENT('${idOf(`Fill of ${name}`)}',$,$,$,${opening},${ref})`);
  };
  filled("IfcDoor", "Door 1", [2, 0], [1, 2.1], [0.5, 0.35, 0.2], 0);
  filled("IfcDoor", "Door 2", [7, 0], [1, 2.1], [0.5, 0.35, 0.2], 0);
  filled("IfcWindow", "Window 1", [4, 0.9], [2, 1.2], [0.6, 0.8, 0.9], 0.6);

  const space = element(
    "IfcSpace",
    "Space 1",
    ground,
    shape(box([0.2, 0.2, 0], [9.8, 7.8, 2.7])),
    ",.ELEMENT.,$,$",
  );
  aggregate("Of storey", ground.ref, [space]);

  const stair = element("IfcStair", "Stair", ground, "$", ",$");
  const flight = (name, low, high) =>
    element("IfcStairFlight", name, ground, shape(box(low, high)), ",$,$,$,$,$", [0, 0, 0], idOf("Stair"));
  const flights = [flight("Flight 1", [8, 5, 0], [9, 7, 0.8]), flight("Flight 2", [8, 3, 0.8], [9, 5, 1.6])];
  aggregate("Of stair", stair, flights);

  if (chairs > 0) {
    const round = Array.from({ length: 60 }, (_, i) => [
      0.25 * Math.cos((i * Math.PI) / 30),
      0.25 * Math.sin((i * Math.PI) / 30),
    ]);
    const map = w.add(
      `IFCREPRESENTATIONMAP(${w.axis(0, 0, 0)},${body(style(solid(round, 0, 0.45), [0.3, 0.4, 0.6]))})`,
    );
    for (let i = 0; i < chairs; i++) {
      const move = w.add(`IFCCARTESIANTRANSFORMATIONOPERATOR3D($,$,${w.point(0, 0, 0)},1.,$)`);
      const item = w.add(`IFCMAPPEDITEM(${map},${move})`);
      const mapped = w.add(`IFCPRODUCTDEFINITIONSHAPE($,$,(${body(item, "MappedRepresentation")}))`);
      const at = [1 + (i % 8) * 0.8, 2 + Math.floor(i / 8) * 0.8, 0];
      element("IfcFurniture", `Chair ${i + 1}`, ground, mapped, ",$", at);
    }
  }

  if (stray) {
    const item = shape(box([0, 0, 0], [1, 1, 1]));
    element("IfcBuildingElementProxy", "Stray", ground, item, ",$", [200_000, 0, 0]);
  }
  slab("Slab 2", first);
  wall("Wall above", first, [0, 0, 0], [10, 0.2, 2.8]);
  for (const storey of storeys) {
    const related = storey.contains.join(",");
    w.add(
      `IFCRELCONTAINEDINSPATIALSTRUCTURE('${idOf(`In ${storey.name}`)}',$,$,$,(${related}),${storey.ref})`,
    );
  }
  return {
    text: `${HEADER}${w.lines.join("")}ENDSEC;\nEND-ISO-10303-21;\n`,
    elements: {
      elements,
      storeys: storeys.map(({ global_id, name, elevation }) => ({ global_id, name, elevation })),
    },
  };
}

/** A finding as a report has it, of what an adapter reads. */
export const finding = (name, verdict, severity = "error", rule = "rule") => ({
  id: `${rule}/${name}`,
  module: "test",
  rule,
  severity,
  verdict,
  message: `${name}: ${verdict}`,
  element: { global_id: idOf(name), class: "IfcElement" },
});

/** A zip archive with one packed file in it (checksums are left out: nobody here reads them). */
export function zip(name, text) {
  const packed = deflateRawSync(text);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(Buffer.byteLength(text), 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\x00"),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}
