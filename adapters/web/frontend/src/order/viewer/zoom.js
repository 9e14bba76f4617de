/**
 * Where a picture lies in its pane. Lengths are CSS pixels; a frame is {width, height} in pixels of the picture,
 * a view is {scale, x, y}: CSS pixels per picture pixel, and the place of its left upper corner.
 */
export const LARGEST = 8;
/** Air around a picture that is seen as a whole; small panes have none to give. */
const AIR = 20;
const ROOMY = 600;

/** The scale at which all of a frame is seen. */
export function fitScale(pane, frame) {
  const air = Math.min(pane.width, pane.height) < ROOMY ? 0 : 2 * AIR;
  return Math.min((pane.width - air) / frame.width, (pane.height - air) / frame.height);
}

/** The view in which all of a frame is seen, in the middle. */
export function fitted(pane, frame) {
  return settled({ scale: fitScale(pane, frame), x: 0, y: 0 }, pane, frame);
}

/** Keep a view in its bounds: what is smaller than the pane lies in the middle, what is larger leaves no gap. */
export function settled(view, pane, frame) {
  const place = (at, room, size) => (size <= room ? (room - size) / 2 : Math.min(0, Math.max(room - size, at)));
  return {
    scale: view.scale,
    x: place(view.x, pane.width, frame.width * view.scale),
    y: place(view.y, pane.height, frame.height * view.scale),
  };
}

/** Change the scale while the point under the pointer stays where it is. */
export function zoomedAt(view, scale, point, pane, frame) {
  const smallest = Math.min(fitScale(pane, frame), 1 / devicePixels());
  const next = Math.min(LARGEST / devicePixels(), Math.max(smallest, scale));
  const factor = next / view.scale;
  const moved = { scale: next, x: point.x - (point.x - view.x) * factor, y: point.y - (point.y - view.y) * factor };
  return settled(moved, pane, frame);
}

/** Round to device pixels, so that one pixel of the picture meets exactly one of the screen. */
export function crisp(view) {
  const ratio = devicePixels();
  return { scale: view.scale, x: Math.round(view.x * ratio) / ratio, y: Math.round(view.y * ratio) / ratio };
}

/** Screen pixels for one CSS pixel. */
export function devicePixels() {
  return globalThis.devicePixelRatio || 1;
}
