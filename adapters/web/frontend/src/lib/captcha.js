import SolverWorker from "altcha/workers/pbkdf2?worker";

const TIMEOUT_MS = 60_000;

/**
 * Solve the riddle of a form in the background as soon as somebody fills it in; sending the form waits for it.
 * @param {HTMLFormElement} form
 */
export function startCaptcha(form) {
  const box = form.querySelector("[data-captcha]");
  if (!box) return;
  const answer = box.querySelector("input");
  let solving = null;
  const begin = () => (solving ??= solve(box, answer).catch(() => { solving = null; }));
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", async (event) => {
    if (answer.value) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    await begin();
    if (button) button.disabled = false;
    if (answer.value) form.requestSubmit(button ?? undefined);
  });
}

async function solve(box, answer) {
  const state = box.querySelector("[data-slot=state]");
  try {
    if (!window.isSecureContext) throw new Error("insecure");
    state.textContent = "Checking that you are no robot. This takes a second.";
    const response = await fetch("/api/auth/captcha", { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error("refused");
    const challenge = (await response.json()).data;
    const solution = await work(challenge);
    answer.value = btoa(JSON.stringify({ challenge, solution }));
    box.dataset.state = "solved";
    state.textContent = "Checked: you are no robot.";
  } catch (error) {
    const isInsecure = error.message === "insecure";
    state.textContent = isInsecure
      ? "The check against robots needs https. Ask whoever runs this installation."
      : "The check against robots did not work. Try again in a moment.";
    throw error;
  }
}

function work(challenge) {
  const worker = new SolverWorker();
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data && !data.error ? resolve(data) : reject(new Error("unsolved")));
    worker.onerror = () => reject(new Error("unsolved"));
    worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1, timeout: TIMEOUT_MS });
  }).finally(() => worker.terminate());
}
