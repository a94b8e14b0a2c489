import { Box3, Vector3 } from "three";

const TERRAIN = new Set(["IfcSite", "IfcGeographicElement"]);
/** How many times the extent of the middle nine tenths something may lie away from them, and the least (m). */
const OUTLYING = 4;
const NEAR = 50;

/**
 * The box around a building, of the boxes of its elements (six numbers each). Left out are terrain, and what lies
 * so far off that it must be a mistake: such a model would otherwise be seen as a dot.
 */
export function mainBox(boxes: readonly number[], classes: readonly string[]): Box3 {
  const filled = [...classes.keys()].filter((number) => boxes[number * 6]! <= boxes[number * 6 + 3]!);
  const building = filled.filter((number) => !TERRAIN.has(classes[number]!));
  const wanted = building.length > 0 ? building : filled;
  const centre = (number: number, axis: number) =>
    (boxes[number * 6 + axis]! + boxes[number * 6 + axis + 3]!) / 2;
  const limits = [0, 1, 2].map((axis) => {
    const sorted = wanted.map((number) => centre(number, axis)).sort((a, b) => a - b);
    const low = sorted[Math.floor(sorted.length * 0.05)] ?? 0;
    const high = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
    const room = Math.max((high - low) * OUTLYING, NEAR);
    return [low - room, high + room] as const;
  });
  const box = new Box3();
  for (const number of wanted) {
    if (limits.some(([low, high], axis) => centre(number, axis) < low || centre(number, axis) > high))
      continue;
    box.expandByPoint(new Vector3().fromArray(boxes, number * 6));
    box.expandByPoint(new Vector3().fromArray(boxes, number * 6 + 3));
  }
  return box;
}
