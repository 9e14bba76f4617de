import { startMeters } from "../lib/password.js";

export default function start(root) {
  startMeters(root);
}
