import { startJumps } from "../lib/jumps.js";
import { toast } from "../lib/toasts.js";
import { Brief } from "../neworder/brief.js";
import { Draft } from "../neworder/draft.js";
import { Meaning } from "../neworder/meaning.js";
import { startOffers } from "../neworder/offers.js";
import { Pictures } from "../neworder/pictures.js";
import { startPresets } from "../neworder/presets.js";
import { Submit } from "../neworder/submit.js";
import { Words } from "../neworder/words.js";
import { clear as clearStore } from "../upload/store.js";

const SAVE_WORDS = { saving: "Saving…", saved: "Saved" };
const COUNT_PAUSE_MS = 250;

/** The page of a new order. */
export default function start(main) {
  const root = main.querySelector("#new-order");
  const page = { recipe: "", isReady: false, coming: 0 };
  const saved = main.querySelector("#save-state");
  const draft = new Draft(root.dataset.order, (state) => { saved.textContent = SAVE_WORDS[state] ?? state; });
  const words = new Words(root, { limit: Number(root.dataset.maxWords), changed: onWords });
  const paintPresets = startPresets(root, words);
  const brief = new Brief(root, { draft, changed: () => onContext() });
  const meaning = new Meaning(root, { words, brief, context, told: () => paint() });
  const pictures = new Pictures(root, { draft, briefs: onBriefs, changed: onPictures });
  const submit = new Submit(root, { state, flush, draft });
  page.isReady = true;

  function context() {
    return { recipe: page.recipe, hasBrief: brief.isThere, orderId: draft.id, images: pictures.summary.coming };
  }

  function state() {
    return {
      ...pictures.summary, words: words.text, isTooLong: words.isTooLong && !page.recipe, maxWords: words.limit,
      hasBrief: brief.isThere, isAttaching: brief.isBusy, recipe: page.recipe, total: meaning.total,
    };
  }

  function paint() {
    if (!page.isReady) return;
    paintPresets();
    root.querySelector("[data-act=clear]").hidden = !words.text && !brief.isThere;
    submit.paint();
  }

  function onContext() {
    if (!page.isReady) return;
    meaning.refresh(0);
    paint();
  }

  function onWords() {
    if (words.isTooLong) draft.hold();
    else if (words.text.trim() || draft.id) draft.change({ instruction: words.text });
    meaning.refresh();
    paint();
  }

  function onPictures() {
    if (!page.isReady) return;
    const { coming } = pictures.summary;
    if (coming !== page.coming) meaning.refresh(COUNT_PAUSE_MS);
    page.coming = coming;
    paint();
  }

  function onBriefs([first, ...others]) {
    brief.attach(first);
    for (const other of others) {
      pictures.refused.add({ name: other.name, code: "one_brief", message: `${other.name}: an order has one brief; ${first.name} is used.` });
    }
  }

  async function flush() {
    await pictures.removal.flush();
    await pictures.choice.flush();
    await draft.flush();
  }

  function chooseRecipe(name) {
    page.recipe = name;
    root.querySelector("#words").toggleAttribute("data-is-unread", Boolean(name));
    onContext();
  }

  async function clearAll() {
    const before = words.text;
    const back = brief.isThere ? brief.remember() : () => {};
    if (brief.isThere && !(await brief.clear())) return;
    words.text = "";
    const undo = () => {
      words.text = before;
      back();
    };
    toast({ kind: "undo", title: "Words and brief removed", action: { label: "Undo", act: undo } });
  }

  main.addEventListener("click", (event) => {
    const target = event.target.closest("[data-act], [data-example], [data-recipe]");
    const acts = {
      pause: () => pictures.togglePause(), "retry-all": () => pictures.queue.retry(), "cancel-all": () => pictures.cancelOpen(),
      all: () => pictures.choice.useAll(true), none: () => pictures.choice.useAll(false), clear: clearAll, "no-recipe": () => chooseRecipe(""),
    };
    if (target?.dataset.example) words.text = target.dataset.example;
    else if (target?.dataset.recipe) chooseRecipe(target.dataset.recipe);
    else acts[target?.dataset.act]?.();
  });
  main.addEventListener("i2i:samples", (event) => { if (!words.text.trim()) words.text = event.detail; });
  const name = main.querySelector("#order-name");
  const leftover = draft.leftover();
  if (leftover.name) name.value = leftover.name;
  if (leftover.instruction !== undefined) words.text = leftover.instruction;
  if (Object.keys(leftover).length > 0) draft.change(leftover);
  name.addEventListener("input", () => { if (name.value.trim()) draft.change({ name: name.value.trim() }); });
  addEventListener("beforeunload", (event) => { if (pictures.summary.open > 0 || words.isTooLong) event.preventDefault(); });
  document.addEventListener("submit", (event) => { if (event.target.getAttribute("action") === "/sign-out") clearStore(); });

  // On a slow connection somebody may have written before this module was there.
  if (words.text !== words.box.defaultValue) onWords();
  startJumps(root);
  startOffers(root, (files) => pictures.take(files));
  pictures.restore();
  onContext();
  document.documentElement.dataset.hasBar = "";
}
