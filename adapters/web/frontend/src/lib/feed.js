import { api } from "./api.js";

const FAILURES_BEFORE_POLLING = 3;
const OPEN_WITHIN_MS = 10_000;
const AGAIN_MS = 400;
const LONGEST_MS = 30_000;
const POLL_MS = 3_000;
const POLL_HIDDEN_MS = 10_000;
const TRY_STREAM_AGAIN_MS = 60_000;
const HIDDEN_AFTER_MS = 30_000;
const GATHER_MS = 30;
const PAGE = 500;

/**
 * Follow what happens to an order: as a stream, or by asking again and again where streams do not get through.
 * @param {string} orderId
 * @param {object} options
 * @param {number} [options.after] sequence number of the last event the page knows; 0 for all
 * @param {(events: {sequence: number, name: string, at: string, data: object}[]) => void} options.onEvents
 *   called with one or more events, each once and in order
 * @param {(state: "live" | "polling" | "offline") => void} [options.onState]
 * @returns {() => void} stops following
 */
export function follow(orderId, { after = 0, onEvents, onState = () => {} }) {
  const feed = new Feed(orderId, Number.isFinite(after) ? after : 0, { onEvents, onState });
  feed.begin();
  return () => feed.stop();
}

class Feed {
  constructor(orderId, last, { onEvents, onState }) {
    this.path = `/api/orders/${encodeURIComponent(orderId)}`;
    this.last = last;
    this.onEvents = onEvents;
    this.onState = onState;
    this.state = "";
    this.failures = 0;
    this.gathered = [];
    this.timers = {};
    this.ending = new AbortController();
  }

  begin() {
    const { signal } = this.ending;
    addEventListener("pagehide", () => this.pause(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.resume(), { signal });
    addEventListener("online", () => this.resume(), { signal });
    addEventListener("offline", () => this.show("offline"), { signal });
    document.addEventListener("visibilitychange", () => this.turn(), { signal });
    if (document.hidden) this.turn();
    this.listen();
  }

  stop() {
    this.pause();
    this.ending.abort();
  }

  /** Let go of everything; what happens meanwhile is asked for on return. */
  pause() {
    this.flush();
    this.source?.close();
    this.source = null;
    for (const name of Object.keys(this.timers)) this.cancel(name);
    // An answer that is still on its way belongs to a time that is over.
    this.asking?.abort();
    this.asking = null;
  }

  resume() {
    this.pause();
    this.failures = 0;
    this.listen();
  }

  /** A browser keeps six connections to a host: a page that nobody sees gives its own back, and asks instead. */
  turn() {
    if (document.hidden) {
      this.later("hidden", HIDDEN_AFTER_MS, () => {
        this.pause();
        this.poll();
      });
    } else if (this.timers.hidden) {
      this.cancel("hidden");
    } else if (!this.source) {
      this.resume();
    }
  }

  /** Open a stream. A new EventSource knows nothing of the one before: the address says where to go on. */
  listen() {
    const source = new EventSource(`${this.path}/stream?unnamed=1&after=${this.last}`);
    this.source = source;
    this.later("open", OPEN_WITHIN_MS, () => this.fail(source));
    source.onopen = () => {
      this.cancel("open");
      this.cancel("poll");
      this.failures = 0;
      source.wasOpen = true;
      this.show("live");
    };
    source.onmessage = (message) => this.gather(JSON.parse(message.data));
    source.onerror = () => this.fail(source);
  }

  /** Its own second try would be as blind as the first: close it, ask once in words that can be understood, go on. */
  fail(source) {
    if (source !== this.source) return;
    source.close();
    this.source = null;
    this.cancel("open");
    this.flush();
    // A stream that was open has come to its end, as each does; one that never opened does not get through.
    if (!source.wasOpen) this.failures += 1;
    const isBlocked = this.failures >= FAILURES_BEFORE_POLLING;
    if (isBlocked) {
      this.later("stream", TRY_STREAM_AGAIN_MS, () => this.listen());
      this.poll();
    } else {
      this.later("stream", this.backoff(AGAIN_MS, this.failures), () => this.listen());
      if (!source.wasOpen) this.ask();
    }
  }

  async poll() {
    const isAnswered = await this.ask();
    if (isAnswered === null) return;
    // The server was away and is back: streams may get through at once.
    if (isAnswered && this.misses && !document.hidden) {
      this.misses = 0;
      this.resume();
      return;
    }
    if (isAnswered && !document.hidden) this.show("polling");
    this.misses = isAnswered ? 0 : (this.misses ?? 0) + 1;
    const pause = document.hidden ? POLL_HIDDEN_MS : POLL_MS;
    this.later("poll", this.backoff(pause, this.misses), () => this.poll());
  }

  /** Fetch what is new: true when it was answered, false when not, null when there is nothing more to ask for. */
  async ask() {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      for (;;) {
        const { data } = await api("GET", `${this.path}/events?after=${this.last}`, undefined, { signal: asking.signal });
        this.deliver(data);
        if (data.length < PAGE) return true;
      }
    } catch (error) {
      if (error.name === "AbortError") return null;
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        // The order is gone, or the session is: no later answer will be another one.
        this.stop();
        this.show("offline");
        return null;
      }
      this.show("offline");
      return false;
    }
  }

  gather(event) {
    this.gathered.push(event);
    this.timers.gather ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  flush() {
    this.cancel("gather");
    this.deliver(this.gathered.splice(0));
  }

  deliver(events) {
    const fresh = events.filter((event) => event.sequence > this.last);
    if (!fresh.length) return;
    this.last = fresh.at(-1).sequence;
    this.onEvents(fresh);
  }

  show(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }

  /** Twice as long after each failure, and never all clients at the same moment. */
  backoff(ms, failures) {
    return Math.min(LONGEST_MS, ms * 2 ** Math.min(failures, 8)) * (0.75 + Math.random() / 2);
  }

  later(name, ms, act) {
    this.cancel(name);
    this.timers[name] = setTimeout(() => {
      delete this.timers[name];
      act();
    }, ms);
  }

  cancel(name) {
    clearTimeout(this.timers[name]);
    delete this.timers[name];
  }
}
