"""What a picture may cost: limits at intake, and what a child process may use."""

import attrs

MIB = 1024 * 1024


@attrs.frozen(kw_only=True)
class Limits:
    """Bounds of the engine; every one is checked in the child, the wall clock in the parent.

    Args:
        max_side: longest side in pixels.
        max_pixels: pixels in the picture.
        max_decoded_bytes: width x height x bands x bytes per band, twice that when the whole picture has to be held
            while it is read (interlaced PNG, progressive JPEG).
        max_frames: pictures in an animation or in a TIFF, of which only the first is used.
        max_scans: passes of a progressive JPEG; each one costs as much as decoding the picture.
        memory_bytes: address space of a child.
        probe_cpu_s, render_cpu_s: CPU seconds of one task.
        probe_wall_s, render_wall_s: seconds after which the parent kills the child.
        tasks_per_child: tasks after which a child is replaced.
        idle_memory_bytes: a child that still holds more than this between two tasks is replaced.
    """

    max_side: int = 30_000
    max_pixels: int = 100_000_000
    max_decoded_bytes: int = 512 * MIB
    max_frames: int = 1000
    max_scans: int = 100
    memory_bytes: int = 2048 * MIB
    probe_cpu_s: int = 20
    render_cpu_s: int = 90
    probe_wall_s: float = 30.0
    render_wall_s: float = 120.0
    tasks_per_child: int = 2000
    idle_memory_bytes: int = 400 * MIB
