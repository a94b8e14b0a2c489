// Jurisdictions as paths, `us/ca/san-francisco`, and as people call them.

export interface PlaceOption {
  path: string;
  label: string;
}

/** `us/ca` → `CA, United States`: as much as is known without a gazetteer. */
export function placeLabel(path: string): string {
  if (!path) return "All places";
  const [country = "", ...rest] = path.split("/");
  let name = country.toUpperCase();
  try {
    if (/^[a-z]{2}$/.test(country)) name = new Intl.DisplayNames(["en"], { type: "region" }).of(name) ?? name;
  } catch {
    // Not a region: the code will do.
  }
  const within = rest.map((part) => (part.length <= 3 ? part.toUpperCase() : words(part)));
  return [...within.reverse(), name].join(", ");
}

function words(part: string): string {
  return part.replace(
    /(^|-)([a-z])/g,
    (_, dash: string, letter: string) => (dash ? " " : "") + letter.toUpperCase(),
  );
}

/** Every place that a module is for, with the larger ones around it, each once. */
export function placesOf(paths: readonly string[]): PlaceOption[] {
  const all = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/").filter(Boolean);
    parts.forEach((_, index) => all.add(parts.slice(0, index + 1).join("/")));
  }
  return [...all].sort().map((path) => ({ path, label: placeLabel(path) }));
}
