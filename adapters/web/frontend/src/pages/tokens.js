/** The page of credits: htmx fetches movements; the address stays free of what says nothing. */
export default function start() {
  document.addEventListener("htmx:before:history:update", (event) => {
    const action = event.detail.history;
    if (action?.path?.endsWith("?kind=")) action.path = action.path.replace("?kind=", "");
  });
}
