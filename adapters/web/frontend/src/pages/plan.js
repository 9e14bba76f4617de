import { startJumps } from "../lib/jumps.js";
import { startAssistant } from "../plan/assistant.js";
import { startBoard } from "../plan/board.js";
import { startCards } from "../plan/cards.js";
import { startForms } from "../plan/forms.js";
import { startInstruction } from "../plan/instruction.js";
import { startPreview } from "../plan/preview.js";

/** The page of a plan: cards of steps, their forms, the words behind them, and a free preview that follows. */
export default function start(root) {
  const page = root.querySelector(".plan-page");
  if (!page) return;
  const preview = startPreview(page);
  startForms(page.ownerDocument, { onInput: (form) => preview.refresh({ form, delay: 350 }) });
  startCards(page);
  startInstruction(page);
  startJumps(page);
  startAssistant();
  startBoard(page, { onChange: () => preview.refresh({ delay: 50 }) });
}
