"""The matting bench: what it counts, and that it fails when the masks or the confidence are bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import cv2
import numpy as np
import pytest

from bench.matting.__main__ import EXIT_ABSENT, main
from bench.matting.bars import evaluate
from bench.matting.dataset import PLAIN, SCENE, Sample
from bench.matting.measuring import Row
from bench.matting.scores import auc, edge_mse, iou, mad, rim_tint
from bench.matting.synth import compose, drawn_subject


def _sample(product: str, number: int = 0) -> Sample:
    return Sample(image=Path("a.jpg"), alpha=Path("a.png"), background="white", product=product, number=number)


def _rows() -> list[Row]:
    """Twenty sound pictures of every plain kind, and scenes that are bad and flagged."""
    sound = Row(
        image="a.jpg",
        background="white",
        family="mug",
        held_out=False,
        iou=0.99,
        mad=1.0,
        edge_mse=10.0,
        tint=0.0,
        confidence=0.9,
        certain=True,
        reasons=(),
        cpu=0.8,
        megapixels=1.2,
    )
    plain = [attrs.evolve(sound, background=kind) for kind in PLAIN for _ in range(20)]
    scene = attrs.evolve(sound, background=SCENE, iou=0.5, confidence=0.1, certain=False)
    return [*plain, *[scene] * 20]


@pytest.mark.parametrize("other", ["solidus_cap_black_2", "solidus_cap_gray_1", "solidus-cap-back"])
def test_variants_of_a_product_are_one_family(other: str) -> None:
    assert _sample("solidus_cap_black_1").family == _sample(other).family
    assert _sample("solidus_cap_black_1").family != _sample("solidus_hat").family


def test_odd_products_are_held_out() -> None:
    assert _sample("mug", 7).held_out
    assert not _sample("mug", 8).held_out


def test_scores_of_known_masks() -> None:
    truth = np.zeros((40, 40), np.uint8)
    truth[10:30, 10:30] = 255
    half = truth.copy()
    half[:, 20:] = 0
    assert iou(truth, truth) == 1.0
    assert iou(half, truth) == 0.5
    assert mad(half, truth) == pytest.approx(1000 * 200 / 1600)
    assert edge_mse(truth, truth) == 0.0
    ranks = auc(np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True]))
    assert ranks == pytest.approx(0.75)


def test_the_tint_of_an_untouched_rim_is_seen() -> None:
    big = np.zeros((1200, 1200), np.uint8)
    cv2.circle(big, (600, 600), 401, 255, -1)
    truth = np.asarray(cv2.resize(big, (200, 200), interpolation=cv2.INTER_AREA), np.uint8)
    share = truth[..., None] / 255
    rgb = np.rint(share * (20, 60, 30) + (1 - share) * 250).astype(np.uint8)
    clean = np.broadcast_to(np.array([20, 60, 30], np.uint8), rgb.shape)
    assert rim_tint(rgb, rgb, truth) > 0.3
    assert abs(rim_tint(clean, rgb, truth)) < 0.05


def test_sound_rows_pass_every_bar() -> None:
    assert all(bar.passed for bar in evaluate(_rows()))


@pytest.mark.parametrize(
    ("fault", "broken"),
    [
        ({"iou": 0.80}, "white: median IoU"),
        ({"iou": 0.80}, "plain: share IoU < 0.85"),
        ({"certain": False}, "plain, IoU > 0.97: share flagged"),
        ({"iou": 0.80}, "IoU < 0.90: share flagged"),
        ({"confidence": 0.05}, "confidence AUC (IoU >= 0.95)"),
        ({"cpu": 9.0}, "CPU s per mask at 1.2 MP (median)"),
    ],
)
def test_a_planted_fault_fails_its_bar(fault: dict[str, Any], broken: str) -> None:
    rows = [row if row.background == SCENE else attrs.evolve(row, **fault) for row in _rows()]
    failed = [bar.name for bar in evaluate(rows) if bar.passed is False]
    assert broken in failed


def test_bad_scenes_that_ship_fail_their_bar() -> None:
    rows = [attrs.evolve(row, certain=True) for row in _rows()]
    assert "texture: shipped unflagged and bad" in [bar.name for bar in evaluate(rows) if bar.passed is False]


def test_without_photos_the_bench_says_which_file_is_absent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--photos", str(tmp_path)]) == EXIT_ABSENT
    assert "index.json" in capsys.readouterr().err


def test_the_bench_measures_a_photo_set_and_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(9)
    picture = compose(rng, drawn_subject(rng))
    cv2.imwrite(str(tmp_path / "00_white_thing.png"), picture.rgb[..., ::-1])
    cv2.imwrite(str(tmp_path / "00_alpha.png"), picture.alpha)
    entry = {"image": "00_white_thing.png", "alpha": "00_alpha.png", "background": "white", "product": "thing"}
    (tmp_path / "index.json").write_text(json.dumps([entry]), "utf-8")
    main(["--photos", str(tmp_path), "--json"])
    document = json.loads(capsys.readouterr().out)
    assert [row["image"] for row in document["rows"]] == ["00_white_thing.png"]
    assert {bar["name"] for bar in document["bars"]["all"]} >= {"white: median IoU"}


def test_a_generated_composite_depends_on_its_seed_alone() -> None:
    first, second = (compose(rng, drawn_subject(rng)) for rng in (np.random.default_rng(4), np.random.default_rng(4)))
    assert first.rgb.tobytes() == second.rgb.tobytes()
    assert first.alpha.tobytes() == second.alpha.tobytes()
