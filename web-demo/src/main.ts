// The page: panels are mounted, the engine is started, and what the address names is opened.

import { guardEdits } from "./app/confirm";
import { start } from "./app/engine";
import { acceptDrops, openSample } from "./app/files";
import { listenToKeys } from "./app/keys";
import { prefetchScene, themeScene } from "./app/scene";
import { store } from "./app/store";
import { followLink, openLinked, startTeam } from "./app/team";
import { startTheme } from "./app/theme";
import { linked, sampleWanted } from "./app/url";
import { mountDetails } from "./panels/details";
import { mountDialogs } from "./panels/dialogs";
import { mountPanes } from "./panels/panes";
import { mountSide } from "./panels/side";
import { mountStatusbar } from "./panels/statusbar";
import { mountSummary } from "./panels/summary";
import { mountTopbar } from "./panels/topbar";
import { mountViewport } from "./panels/viewport";
import { mountWelcome } from "./panels/welcome";

startTheme(themeScene);
mountTopbar();
mountSummary();
mountSide();
mountViewport();
mountDetails();
mountPanes();
mountWelcome();
mountStatusbar();
mountDialogs();
acceptDrops();
guardEdits();
listenToKeys();
startTeam();
store.watch(["stage", "pane", "stays"], ({ stage, pane, stays }) => {
  const workspace = document.getElementById("workspace")!;
  const { dataset } = workspace;
  workspace.toggleAttribute("data-stays", stays);
  dataset["stage"] = stage;
  dataset["pane"] = pane;
});
// What is shown while earlier edits are being made does not count yet.
store.watch(["team"], ({ team }) => {
  const catching = team.catching !== undefined;
  document.body.classList.toggle("not-current", catching);
  for (const id of ["summary", "side", "details"])
    document.getElementById(id)!.setAttribute("aria-busy", String(catching));
});
addEventListener("hashchange", () => void followLink());

// Errors of the start are shown by the welcome panel.
void start().then(openLinked, () => undefined);
const sample = sampleWanted();
if (linked().building) prefetchScene();
else if (sample) void openSample(sample);
else (globalThis.requestIdleCallback ?? setTimeout)(prefetchScene);
