/** Colours of surfaces. */

/** What web-ifc answers with for a surface without a style: white. A little by class is easier to read. */
const UNSTYLED: Readonly<Record<string, readonly [number, number, number, number]>> = {
  IfcDoor: [176, 141, 104, 255],
  IfcWindow: [150, 190, 214, 110],
  IfcSlab: [186, 188, 190, 255],
  IfcRoof: [150, 128, 118, 255],
  IfcColumn: [170, 176, 182, 255],
  IfcBeam: [170, 176, 182, 255],
  IfcMember: [150, 154, 160, 255],
  IfcRailing: [120, 126, 132, 255],
  IfcStair: [196, 190, 180, 255],
  IfcStairFlight: [196, 190, 180, 255],
  IfcRamp: [196, 190, 180, 255],
  IfcRampFlight: [196, 190, 180, 255],
  IfcFurnishingElement: [190, 170, 146, 255],
  IfcFurniture: [190, 170, 146, 255],
  IfcSite: [146, 160, 128, 255],
  IfcSpace: [140, 178, 230, 255],
};
const ANYTHING_ELSE: readonly [number, number, number, number] = [226, 224, 218, 255];

/** sRGB and opacity as bytes, from numbers between 0 and 1. */
export function tintOf(className: string, colour: readonly number[]): readonly number[] {
  const unstyled = colour.every((part) => part > 0.999);
  if (unstyled) return UNSTYLED[className] ?? ANYTHING_ELSE;
  return colour.map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255));
}
