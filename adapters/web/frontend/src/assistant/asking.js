import { ApiError, csrfToken, toSignIn } from "../lib/api.js";

/**
 * Ask the assistant about an order; its answer comes in pieces.
 * @param {string} order
 * @param {string} message
 * @param {AbortSignal} signal ends the answer
 * @returns {AsyncGenerator<{name: "started"|"piece"|"done"|"error", data: object}>}
 * @throws {ApiError} refused before anything was answered; `wait` holds the seconds to wait, if there are any
 */
export async function* ask(order, message, signal) {
  const response = await post(order, message, signal);
  if (response.status === 401) toSignIn();
  if (!response.ok) throw await refusal(response);
  yield* frames(response.body);
}

async function post(order, message, signal) {
  try {
    return await fetch(`/api/orders/${order}/conversation/messages`, {
      method: "POST",
      headers: { Accept: "text/event-stream, application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify({ message, stream: true }),
      credentials: "same-origin",
      signal,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { error: "No connection. Nothing was sent.", code: "offline" });
  }
}

async function refusal(response) {
  const error = new ApiError(response.status, await response.json().catch(() => ({})));
  error.wait = Number(response.headers.get("Retry-After")) || 0;
  return error;
}

/** Read server-sent events: frames end with an empty line. */
export async function* frames(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const found = (rest + value).split("\n\n");
      rest = found.pop();
      for (const frame of found) {
        const event = parsed(frame);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(frame) {
  const field = (name) => frame.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
  const data = field("data");
  return data === undefined ? null : { name: field("event") ?? "message", data: JSON.parse(data) };
}
