const WORDS = ["Very easy to guess", "Easy to guess", "Fair", "Good", "Very good"];
const TONES = ["bad", "bad", "care", "good", "good"];
const RULES = {
  length: (text) => [...text].length >= 8,
  upper: (text) => /\p{Lu}/u.test(text),
  lower: (text) => /\p{Ll}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
  special: (text) => /[^\p{L}\p{N}]/u.test(text),
};
let loading = null;

/** Fill in every meter below a password field as it is typed. */
export function startMeters(root) {
  for (const meter of root.querySelectorAll("[data-password-meter]")) {
    const input = document.getElementById(meter.dataset.passwordMeter);
    if (!input) continue;
    // why: the word lists weigh more than the whole page, so they come when somebody begins to type
    input.addEventListener("focus", () => strength(), { once: true });
    input.addEventListener("input", () => show(meter, input));
  }
}

async function show(meter, input) {
  const text = input.value;
  const missing = [];
  for (const item of meter.querySelectorAll("[data-rule]")) {
    const kept = RULES[item.dataset.rule](text);
    item.toggleAttribute("data-kept", kept);
    item.querySelector("[data-slot=state]").textContent = kept ? ", there" : ", missing";
    if (!kept) missing.push(item.dataset.rule);
  }
  const known = [...input.form.querySelectorAll("input[name=name], input[name=email], input[name=company_name]")];
  const score = text ? (await strength())(text.slice(0, 64), known.map((one) => one.value)) : 0;
  if (input.value !== text) return;
  const bar = meter.querySelector("progress");
  bar.value = text ? Math.max(score, 0.4) : 0;
  bar.dataset.tone = TONES[score];
  meter.querySelector("[data-slot=word]").textContent = text ? WORDS[score] : "\u00a0";
  say(meter, text ? `${WORDS[score]}${missing.length ? `, rules missing: ${missing.length}` : ""}` : "");
}

function say(meter, words) {
  const spoken = meter.querySelector("[data-slot=spoken]");
  clearTimeout(meter.saying);
  meter.saying = setTimeout(() => { if (spoken.textContent !== words) spoken.textContent = words; }, 800);
}

function strength() {
  loading ??= Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]).then(([core, common]) => {
    const meter = new core.ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
    return (text, known) => meter.check(text, known.filter(Boolean)).score;
  });
  return loading;
}
