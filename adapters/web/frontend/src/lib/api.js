/** A refusal of the API: the sentence for people, the code for programs. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.error ?? "Something went wrong.");
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.details = problem.details ?? {};
  }
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

// Signing out refuses what the page still asks for, and that must not cross the way to the start page.
let isSigningOut = false;
addEventListener("submit", (event) => { isSigningOut = event.target.getAttribute("action") === "/sign-out"; });
addEventListener("pageshow", () => { isSigningOut = false; });

/** Go to the sign-in page and come back here afterwards. */
export function toSignIn() {
  if (isSigningOut) return;
  const here = location.pathname + location.search;
  location.assign(`/sign-in?callbackUrl=${encodeURIComponent(here)}`);
}

/**
 * Call the JSON API with the session of this page.
 * @param {string} method
 * @param {string} path beginning with /api/
 * @param {object} [body] sent as JSON
 * @param {{signal?: AbortSignal, headers?: Record<string, string>, keepalive?: boolean}} [options] keepalive: finish even when the page is left
 * @returns {Promise<any>} the whole answer; its payload is in `data`
 * @throws {ApiError} when it refuses, with status 0 when it cannot be reached
 */
export async function api(method, path, body, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken(), ...options.headers };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: options.signal,
      keepalive: options.keepalive ?? false,
      credentials: "same-origin",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, { error: "No connection. Nothing was changed.", code: "offline" });
  }
  if (response.status === 401) toSignIn();
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}
