import { ApiError, api, csrfToken, toSignIn } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { ending, sizeWords } from "../upload/checks.js";
import { marked, parts } from "./marks.js";

/** The document attached to the order. */
export class Brief {
  /** @param {HTMLElement} root @param {{draft: object, changed: () => void}} parts */
  constructor(root, { draft, changed }) {
    Object.assign(this, { draft, changed, isBusy: false, file: null });
    this.room = root.querySelector("#brief");
    this.limit = Number(root.dataset.briefBytes);
    this.endings = root.dataset.briefEndings.split(" ");
    const input = root.querySelector("#pick-brief");
    input.addEventListener("change", () => {
      const [file] = input.files;
      input.value = "";
      if (file) this.attach(file);
    });
    this.room.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act === "attach") input.click();
      if (act === "detach") this.detach();
    });
  }

  get isThere() {
    return this.room.querySelector("[data-brief]") !== null;
  }

  get text() {
    return this.lines.map((line) => line.textContent).join("");
  }

  /** The lines of the text, each with its break. */
  get lines() {
    return [...this.room.querySelectorAll(".document-line")];
  }

  /** Mark words of the text. @param {{start: number, end: number, kind: string}[]} ranges */
  mark(ranges) {
    let at = 0;
    for (const line of this.lines) {
      const ending = line.querySelector("[hidden]");
      const whole = line.textContent;
      const text = whole.slice(0, whole.length - ending.textContent.length);
      const here = ranges.filter((range) => range.start < at + text.length && range.end > at);
      const local = here.map((range) => ({ ...range, start: Math.max(0, range.start - at), end: Math.min(text.length, range.end - at) }));
      line.replaceChildren(...parts(text, local).map(marked), ending);
      at += whole.length;
    }
  }

  /** Send a document in place of the one that is there. */
  async attach(file) {
    const problem = this.#problem(file);
    if (problem) return toast({ kind: "error", title: problem });
    this.#busy(true);
    try {
      const orderId = await this.draft.ensure();
      const form = new FormData();
      form.append("brief", file, file.name);
      const answer = await fetch(`/api/orders/${orderId}/brief`, {
        method: "POST", body: form, headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      });
      if (answer.status === 401) toSignIn();
      if (!answer.ok) throw new ApiError(answer.status, await answer.json().catch(() => ({})));
      const { data } = await answer.json();
      this.file = file;
      await this.#reload();
      // What could not be read of the document (pictures, further pages) is said, or nobody would know.
      const notes = data.notes ?? [];
      toast({ kind: notes.length ? "info" : "success", title: `${file.name} attached`, text: notes.join(" ") });
    } catch (error) {
      const text = error instanceof ApiError ? error.message : "No connection. Try again in a moment.";
      toast({ kind: "error", title: `${file.name} was not attached`, text, action: { label: "Retry", act: () => this.attach(file) } });
    } finally {
      this.#busy(false);
    }
  }

  #problem(file) {
    if (!this.endings.includes(ending(file.name))) return `${file.name}: attach a PDF, Word, text or Markdown document.`;
    if (file.size === 0) return `${file.name}: the document is empty.`;
    if (file.size > this.limit) return `${file.name}: ${sizeWords(file.size)}; a brief has at most ${this.limit / 1e6} MB.`;
    return "";
  }

  /** Take the document away; it can be brought back for some seconds. */
  async detach() {
    const back = this.remember();
    if (!(await this.clear())) return;
    toast({ kind: "undo", title: "Brief removed", action: { label: "Undo", act: back } });
  }

  /** Return what brings the present document back. */
  remember() {
    const { file, text } = this;
    return () => (file ? this.attach(file) : this.#write(text));
  }

  clear() {
    this.file = null;
    return this.#write("");
  }

  async #write(text) {
    this.#busy(true);
    try {
      await api("PATCH", `/api/orders/${await this.draft.ensure()}`, { brief: text });
      await this.#reload();
      return true;
    } catch (error) {
      toast({ kind: "error", title: "The brief was not changed", text: error.message });
      return false;
    } finally {
      this.#busy(false);
    }
  }

  async #reload() {
    const answer = await fetch(`/dashboard/brief/${this.draft.id}`, { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (answer.ok) this.room.innerHTML = await answer.text();
  }

  #busy(isBusy) {
    this.isBusy = isBusy;
    this.room.setAttribute("aria-busy", String(isBusy));
    for (const button of this.room.querySelectorAll("button")) button.disabled = isBusy;
    this.changed();
  }
}
