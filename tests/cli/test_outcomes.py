"""Pictures that are flagged or fail, and files that appear while the work goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from core.errors import ProviderRejectedError
from core.ports.image_engine import Flag, RenderResult, RenderTask
from tests.cli.conftest import KeptEngine, Run

WORDS = "Canvas 60 x 60 px, JPEG"
Ask = Callable[..., Any]
REASON = "The edge of the product is uncertain: 0.40, at least 0.60 is wanted."
FLAG = Flag(code="uncertain_mask", message=REASON, measured=0.4, limit=0.6)


class Moody(KeptEngine):
    """The engine, which flags the second and refuses the third picture that it renders."""

    def __init__(self, engine: Any, meanwhile: Callable[[], object] = lambda: None) -> None:
        super().__init__(engine)
        self.meanwhile = meanwhile
        self.rendered = 0

    def render(self, task: RenderTask) -> RenderResult:
        """Render, flag or refuse."""
        self.meanwhile()
        self.rendered += 1
        if self.rendered == 3:
            raise ProviderRejectedError("This picture takes too long.", code="render_too_long")
        result: RenderResult = self.engine.render(task)
        return attrs.evolve(result, flags=(FLAG,)) if self.rendered == 2 else result


@pytest.fixture
def moody(environ: dict[str, str], engine: KeptEngine, broken: Callable[..., None]) -> None:
    environ["I2I_WORKERS"] = "1"
    broken(engine=Moody(engine))


@pytest.mark.usefixtures("moody")
def test_flagged_and_failed_pictures_are_named_with_their_reasons(run: Run, photos: Path, tmp_path: Path) -> None:
    result = run("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes")
    assert result.exit_code == 3
    assert "2 of 3 pictures finished" in result.stdout
    assert f": {REASON}" in result.stdout
    assert "This picture takes too long." in result.stdout
    assert "2 credits spent, 1 given back" in result.stdout
    assert len(list((tmp_path / "out").iterdir())) == 2, "a flagged picture is delivered all the same"


@pytest.mark.usefixtures("moody")
def test_the_document_says_why_and_a_retry_heals_it(answer: Ask, photos: Path, tmp_path: Path) -> None:
    wish = ("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes")
    document = answer(*wish, "--allow", "flagged", code=3)
    images = {image["status"]: image for image in document["images"]}
    assert images.keys() == {"completed", "needs_retouch", "failed"}
    (flag,) = images["needs_retouch"]["flags"]
    assert (flag["code"], flag["measured"], flag["limit"], flag["message"]) == ("uncertain_mask", 0.4, 0.6, REASON)
    assert images["failed"]["failure"] == {"code": "render_too_long", "message": "This picture takes too long."}
    assert images["failed"]["outputs"] == []
    assert document["credits"] == {"held": 3, "captured": 2, "released": 1}
    again = answer("order", "retry", document["order"]["id"], "-o", tmp_path / "out", code=3)
    assert {image["status"] for image in again["images"]} == {"completed", "needs_retouch"}
    assert again["credits"] == {"held": 1, "captured": 1, "released": 0}
    assert len(list((tmp_path / "out").iterdir())) == 3
    assert answer("order", "retry", document["order"]["id"], code=2)["error"]["code"] == "nothing_failed"


@pytest.mark.usefixtures("moody")
def test_flagged_and_failed_pictures_can_be_allowed(run: Run, photos: Path, tmp_path: Path) -> None:
    allowed = ("--allow", "flagged", "--allow", "failed")
    assert run("process", photos, "-i", WORDS, "-o", tmp_path / "out", "--yes", *allowed).exit_code == 0


def test_a_file_that_appears_meanwhile_is_not_replaced(
    answer: Ask, run: Run, engine: KeptEngine, broken: Callable[..., None], photos: Path, tmp_path: Path
) -> None:
    appearing = tmp_path / "out" / "img1.jpg"
    broken(engine=Moody(engine, meanwhile=lambda: appearing.write_text("precious")))
    result = run("process", photos / "img1.jpg", "-i", WORDS, "-o", tmp_path / "out", "--yes")
    assert result.exit_code == 2
    assert "[file_exists]" in result.stderr
    assert "Go on with: i2i order resume" in result.stderr
    assert appearing.read_text() == "precious"
    (order,) = answer("order", "list")["orders"]
    kept = answer("order", "resume", order["id"], "-o", tmp_path / "elsewhere")
    assert Path(kept["images"][0]["outputs"][0]["path"]).is_file()
    assert kept["credits"] == {"held": 1, "captured": 1, "released": 0}
