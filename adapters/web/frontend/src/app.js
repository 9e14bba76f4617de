import "./lib/htmx.js";
import { start as startDialogs } from "./lib/dialogs.js";
import { start as startMenus } from "./lib/menus.js";
import { start as startPalette } from "./lib/palette.js";
import { start as startShell } from "./lib/shell.js";
import { start as startTabs } from "./lib/tabs.js";
import { start as startTheme } from "./lib/theme.js";
import { start as startTimes } from "./lib/times.js";
import { start as startToasts } from "./lib/toasts.js";

const pages = import.meta.glob("./pages/*.js");

/** Load the module of the page that is shown, if it has one. */
async function startPage() {
  const root = document.querySelector("[data-page]");
  const load = root && pages[`./pages/${root.dataset.page}.js`];
  if (load) (await load()).default(root);
}

for (const start of [startToasts, startTheme, startDialogs, startMenus, startTabs, startTimes, startShell, startPalette]) {
  start();
}
startPage();
