// Runs before the first paint, so that a dark page does not flash white.
const choice = localStorage.getItem("theme") ?? "system";
const isDark = choice === "dark" || (choice === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.classList.toggle("dark", isDark);
document.documentElement.dataset.theme = choice;
