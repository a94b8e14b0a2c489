// What the address says: `?sample=office`, `#finding=ID`, `#element=GLOBALID`.

export function sampleWanted(): string | undefined {
  return new URLSearchParams(location.search).get("sample") ?? undefined;
}

export function setSample(name: string | undefined): void {
  const url = new URL(location.href);
  if (name) url.searchParams.set("sample", name);
  else {
    url.searchParams.delete("sample");
    url.hash = "";
  }
  history.replaceState(null, "", url);
}

export interface Linked {
  finding?: string | undefined;
  element?: string | undefined;
}

/** Writes what is selected into the address. */
export function writeHash({ finding, element }: Linked): void {
  const said = new URLSearchParams();
  if (finding) said.set("finding", finding);
  else if (element) said.set("element", element);
  const hash = said.size > 0 ? `#${said}` : "";
  if (location.hash !== hash) history.replaceState(null, "", location.pathname + location.search + hash);
}

export function linked(): Linked {
  const said = new URLSearchParams(location.hash.slice(1));
  return { finding: said.get("finding") ?? undefined, element: said.get("element") ?? undefined };
}
