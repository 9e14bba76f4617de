/** The list of files that were not taken, each with its reason. */
export class Refused {
  /** @param {HTMLElement} box @param {{again: (files: File[]) => void, hasRoom: () => boolean}} parts */
  constructor(box, { again, hasRoom }) {
    Object.assign(this, { box, hasRoom, entries: [] });
    box.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act === "forget") this.#set([]);
      if (act === "again") again(this.#take());
    });
  }

  /** @param {{name: string, code: string, message: string}} refusal @param {File} [file] kept where it may fit later */
  add(refusal, file = null) {
    this.entries.push({ ...refusal, file: refusal.code === "too_many_images" ? file : null });
    const line = document.createElement("li");
    line.textContent = refusal.message;
    line.dataset.code = refusal.code;
    this.box.querySelector("ul").append(line);
    this.paint();
  }

  paint() {
    const count = this.entries.length;
    this.box.hidden = count === 0;
    this.box.querySelector("[data-slot=count]").textContent = count === 1 ? "1 file was not added" : `${count} files were not added`;
    this.box.querySelector("[data-act=again]").hidden = !(this.entries.some((entry) => entry.file) && this.hasRoom());
  }

  #take() {
    const files = this.entries.map((entry) => entry.file).filter(Boolean);
    this.#set(this.entries.filter((entry) => !entry.file));
    return files;
  }

  #set(entries) {
    this.entries = [];
    this.box.querySelector("ul").replaceChildren();
    for (const entry of entries) this.add(entry);
    this.paint();
  }
}
