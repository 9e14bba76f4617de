const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const MINUTE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const FORMS = { day: DAY, minute: MINUTE, clock: CLOCK };

/** Show every <time data-time="day|minute|clock"> in the zone and language of the reader. */
export function start() {
  localise(document);
  document.addEventListener("htmx:after:swap", () => localise(document));
}

export function localise(root) {
  for (const time of root.querySelectorAll("time[data-time]:not([data-is-local])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.textContent = (FORMS[time.dataset.time] ?? MINUTE).format(moment);
    time.title = MINUTE.format(moment);
    time.dataset.isLocal = "";
  }
}
