// What the address says: `?sample=office` or `#building=ID`, and `#finding=ID` or `#element=GLOBALID` in it.

export function sampleWanted(): string | undefined {
  return new URLSearchParams(location.search).get("sample") ?? undefined;
}

/** Writes which model is open; what is selected in it stays there as long as it is the same one. */
export function writeOpened({
  sample,
  building,
}: {
  sample?: string | undefined;
  building?: string | undefined;
}): void {
  const url = new URL(location.href);
  if (sample) url.searchParams.set("sample", sample);
  else url.searchParams.delete("sample");
  const same = linked().building === building && (sample || building);
  if (!same) url.hash = hashOf({ building });
  history.replaceState(null, "", url);
}

export interface Linked {
  building?: string | undefined;
  finding?: string | undefined;
  element?: string | undefined;
}

/** Writes what is selected into the address. */
export function writeHash(selected: Linked): void {
  const hash = hashOf(selected);
  if (location.hash !== hash) history.replaceState(null, "", location.pathname + location.search + hash);
}

function hashOf({ building, finding, element }: Linked): string {
  const said = new URLSearchParams();
  if (building) said.set("building", building);
  if (finding) said.set("finding", finding);
  else if (element) said.set("element", element);
  return said.size > 0 ? `#${said}` : "";
}

export function linked(): Linked {
  const said = new URLSearchParams(location.hash.slice(1));
  const named = (name: string) => said.get(name) || undefined;
  return { building: named("building"), finding: named("finding"), element: named("element") };
}
