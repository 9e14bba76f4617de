import { startCaptcha } from "../lib/captcha.js";
import { startMeters } from "../lib/password.js";

export default function start(root) {
  startMeters(root);
  startCaptcha(root.querySelector("form"));
}
