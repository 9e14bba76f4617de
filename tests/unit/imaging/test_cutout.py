"""Background removal on drawn products: what is cut, what is flagged, and that a broken mask does not pass."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.imaging.cutout import Cutout, cut_out
from adapters.imaging.cutout.candidates import opinions
from adapters.imaging.cutout.confidence import reasons, shipped_model
from adapters.imaging.cutout.consensus import agree
from adapters.imaging.cutout.engine import working_copy
from adapters.imaging.cutout.evidence import gather
from adapters.imaging.cutout.holes import carve
from adapters.imaging.cutout.masks import overlap
from adapters.imaging.cutout.measures import measure

Bytes = NDArray[np.uint8]
SIDE = 320
CANVAS = 1920


def _backdrop(kind: str) -> NDArray[np.float32]:
    v, u = np.meshgrid(np.linspace(-1, 1, SIDE), np.linspace(-1, 1, SIDE), indexing="ij")
    tone = {"white": (254, 254, 254), "grey": (150, 152, 155), "beige": (226, 214, 196)}[kind]
    shade = np.ones_like(u) if kind == "white" else 1 - 0.06 * (u * u + v * v) + 0.04 * u
    return (np.array(tone) * shade[..., None]).astype(np.float32)


def _drawn(outline: str) -> Bytes:
    """Draw an alpha at six times the size and reduce it, so that its edge is soft by one pixel."""
    big = np.zeros((CANVAS, CANVAS), np.uint8)
    if outline == "box":
        cv2.rectangle(big, (560, 480), (1360, 1440), 255, -1)
    elif outline == "ring":
        cv2.circle(big, (960, 960), 560, 255, 260)
    else:
        cv2.ellipse(big, (960, 900), (420, 600), 20, 0, 360, 255, -1)
        cv2.rectangle(big, (860, 200), (1060, 700), 255, -1)
    return np.asarray(cv2.resize(big, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def _photo(alpha: Bytes, kind: str, colour: tuple[int, int, int] = (40, 70, 160)) -> Bytes:
    """Put a coloured subject with a stripe on a backdrop, with a little grain."""
    paint = np.full((SIDE, SIDE, 3), colour, np.float32)
    paint[SIDE // 2 : SIDE // 2 + 16] = (200, 60, 50)
    share = alpha[..., None].astype(np.float32) / 255
    grain = np.random.default_rng(3).normal(0, 1.2, (SIDE, SIDE, 1))
    return np.clip(np.rint(paint * share + _backdrop(kind) * (1 - share) + grain), 0, 255).astype(np.uint8)


def _scene() -> Bytes:
    """Draw a heap of shapes with a subject among them."""
    rng = np.random.default_rng(11)
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    for _ in range(180):
        centre = tuple(int(value) for value in rng.integers(0, SIDE, 2))
        colour = tuple(int(value) for value in rng.integers(0, 255, 3))
        axes = tuple(int(value) for value in rng.integers(6, 45, 2))
        cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, colour, -1)
    return picture


def _iou(result: Cutout, alpha: Bytes) -> float:
    return overlap(result.alpha > 127, alpha > 127)


@pytest.mark.parametrize("kind", ["white", "grey", "beige"])
@pytest.mark.parametrize("outline", ["box", "flask"])
def test_a_drawn_product_on_a_plain_background_is_cut_exactly(outline: str, kind: str) -> None:
    alpha = _drawn(outline)
    result = cut_out(_photo(alpha, kind))
    assert _iou(result, alpha) > 0.97
    assert result.certain, result.reasons
    rows, columns = np.flatnonzero((alpha > 127).any(axis=1)), np.flatnonzero((alpha > 127).any(axis=0))
    expected = (columns[0], rows[0], len(columns), len(rows))
    assert np.abs(np.subtract(result.box, expected)).max() <= 2
    assert np.abs(np.subtract(result.background, _backdrop(kind).mean(axis=(0, 1)))).max() < 12


def test_the_rim_carries_no_background_colour() -> None:
    alpha = _drawn("flask")
    rgb = _photo(alpha, "white", colour=(30, 90, 40))
    result = cut_out(rgb)
    edge = (alpha > 40) & (alpha < 200)
    edge[SIDE // 2 - 6 : SIDE // 2 + 22] = False
    untouched = np.abs(rgb[edge].astype(int) - (30, 90, 40)).mean()
    cleaned = np.abs(result.foreground[edge].astype(int) - (30, 90, 40)).mean()
    assert untouched > 60
    assert cleaned < 12


def test_the_edge_is_soft_where_the_subject_covers_half_a_pixel() -> None:
    alpha = _drawn("flask")
    result = cut_out(_photo(alpha, "grey"))
    edge = (alpha > 20) & (alpha < 235)
    assert np.abs(result.alpha[edge].astype(int) - alpha[edge]).mean() < 25


@pytest.mark.parametrize("kind", ["white", "grey", "beige"])
def test_the_hole_of_a_ring_is_opened(kind: str) -> None:
    alpha = _drawn("ring")
    result = cut_out(_photo(alpha, kind))
    assert result.alpha[SIDE // 2, SIDE // 2] == 0
    assert _iou(result, alpha) > 0.95


def test_a_pale_print_on_white_is_no_hole() -> None:
    alpha = _drawn("box")
    rgb = _photo(alpha, "white")
    rgb[107:147, 120:200] = (243, 240, 238)
    result = cut_out(rgb)
    assert result.alpha[127, 160] == 255


def test_a_soft_cast_shadow_is_left_behind() -> None:
    alpha = _drawn("box")
    rgb = _photo(alpha, "beige").astype(np.float32)
    floor = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(floor, (213, 240), (100, 12), 0, 0, 360, 1.0, -1)
    shade = 1 - 0.45 * cv2.GaussianBlur(floor, (0, 0), 7) * (alpha == 0)
    result = cut_out(np.clip(rgb * shade[..., None], 0, 255).astype(np.uint8))
    assert _iou(result, alpha) > 0.95


def test_a_scene_is_flagged() -> None:
    result = cut_out(_scene())
    assert not result.certain
    assert result.reasons
    assert result.confidence < shipped_model().ship


def test_a_subject_cut_by_every_side_of_the_frame_is_flagged() -> None:
    rgb = _photo(_drawn("flask"), "white")[80:220, 113:200]
    result = cut_out(np.ascontiguousarray(rgb))
    assert not result.certain


@pytest.fixture
def _restored_threads() -> Iterator[None]:
    before = cv2.getNumThreads()
    yield
    cv2.setNumThreads(before)


@pytest.mark.usefixtures("_restored_threads")
def test_the_same_pixels_give_the_same_bytes_on_any_number_of_threads() -> None:
    rgb = _photo(_drawn("flask"), "beige")
    results = []
    for threads in (1, 1, 4):
        cv2.setNumThreads(threads)
        cv2.setRNGSeed(threads + 17)
        results.append(cut_out(rgb))
    first = results[0]
    for other in results[1:]:
        assert first.alpha.tobytes() == other.alpha.tobytes()
        assert first.foreground.tobytes() == other.foreground.tobytes()
        assert first.confidence == other.confidence


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 3), (24, 24), (40, 60), (30, 2000)])
@pytest.mark.parametrize("fill", ["white", "black", "noise"])
def test_degenerate_pictures_come_back_uncertain_with_a_reason(shape: tuple[int, int], fill: str) -> None:
    rgb = np.full((*shape, 3), 255 if fill == "white" else 0, np.uint8)
    if fill == "noise":
        rgb = np.random.default_rng(0).integers(0, 255, (*shape, 3), dtype=np.uint8)
    result = cut_out(rgb)
    assert result.alpha.shape == shape
    assert result.foreground.shape == (*shape, 3)
    assert not result.certain
    assert result.reasons


def test_a_tiny_but_clear_picture_does_not_crash() -> None:
    rgb = np.full((32, 32, 3), 250, np.uint8)
    rgb[8:24, 10:22] = 30
    assert cut_out(rgb).alpha.shape == (32, 32)


@pytest.mark.parametrize(
    "array",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)],
)
def test_another_kind_of_array_is_refused(array: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="uint8 array HxWx3"):
        cut_out(array)


def _halved(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    broken = mask.copy()
    broken[:, mask.shape[1] // 2 :] = False
    return broken


def _shifted(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.roll(mask, 27, axis=1)


def _swollen(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return cv2.dilate(mask.astype(np.uint8), np.ones((27, 27), np.uint8)) > 0


@pytest.mark.parametrize("fault", [_halved, _shifted, _swollen])
def test_a_broken_mask_is_flagged_where_the_sound_one_passes(fault: object) -> None:
    assert callable(fault)
    evidence = gather(working_copy(_photo(_drawn("flask"), "grey")))
    candidates = opinions(evidence)
    holes = carve(agree(evidence, candidates), evidence)
    model = shipped_model()

    def findings(mask: NDArray[np.bool_]) -> tuple[object, ...]:
        measures = measure(mask, evidence, candidates) | {"doubtful": holes.doubtful}
        return reasons(measures, model.probability(measures), model.ship)

    assert not findings(holes.mask)
    assert findings(fault(holes.mask))
