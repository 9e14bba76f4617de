/** Small pictures of local files, made off the main thread, two at a time. */
const EDGE = 320;
const AT_ONCE = 2;
const waiting = [];
let busy = 0;

/**
 * Draw a small picture of a file.
 * @returns {Promise<HTMLCanvasElement | null>} null when this browser cannot decode the file (TIFF, HEIC)
 */
export function thumbOf(file) {
  return new Promise((resolve) => {
    waiting.push({ file, resolve });
    next();
  });
}

async function next() {
  if (busy >= AT_ONCE || waiting.length === 0) return;
  busy += 1;
  const { file, resolve } = waiting.shift();
  resolve(await drawn(file));
  busy -= 1;
  next();
}

async function drawn(file) {
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: EDGE, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    canvas.className = "tile-picture";
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    // A bitmaprenderer context would be cheaper, but in Chromium it ignores the orientation of the photo.
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    return canvas;
  } catch {
    return null;
  }
}
