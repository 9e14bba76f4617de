import { csrfToken, toSignIn } from "../lib/api.js";
import { SendError } from "./queue.js";

/**
 * Send one picture into an order.
 * @param {string} orderId
 * @param {File} file
 * @param {{signal: AbortSignal, progress: (sent: number) => void}} options
 * @returns {Promise<{image?: object, refusal?: object}>} what the server made of it
 * @throws {SendError}
 */
export function sendPicture(orderId, file, { signal, progress }) {
  const form = new FormData();
  form.append("images", file, file.name);
  // fetch cannot tell how much of a body has been sent.
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const stop = () => request.abort();
    signal.addEventListener("abort", stop, { once: true });
    request.upload.onprogress = (event) => progress(Math.min(event.loaded, file.size));
    request.onerror = request.onabort = request.ontimeout = () => reject(new SendError(0));
    request.onload = () => {
      const answer = read(request);
      if (request.status === 201) resolve({ image: answer.data.images[0], refusal: answer.data.refused[0] });
      else reject(failure(request, answer));
    };
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.open("POST", `/api/orders/${orderId}/images`);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.send(form);
  });
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}

function failure(request, answer) {
  if (request.status === 401) toSignIn();
  return new SendError(request.status, {
    message: answer.error ?? "The server did not take the file.",
    code: answer.code,
    retryAfter: Number(request.getResponseHeader("Retry-After")) || 0,
  });
}
