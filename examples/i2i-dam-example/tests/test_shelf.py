"""What is special about a Shelf."""

from pathlib import Path

import pytest
from i2i_dam_example.plugin import SHELF
from shelf_server import ACCEPTED, ShelfServer

import i2i
from i2i.testing import make_item, make_png


@pytest.fixture
def dam(shelf: ShelfServer) -> i2i.Dam:
    return SHELF.connect({"url": f"{shelf.url}/", "token": ACCEPTED, "folder_pattern": "{date}/{sku}"})


def test_folder_tags_and_texts_go_along(dam: i2i.Dam, shelf: ShelfServer, tmp_path: Path) -> None:
    receipt = dam.upload(make_item(tmp_path, tags=("red", "autumn"), alt="Ein roter Schuh, Größe 42"))
    (picture,) = shelf.pictures.values()
    assert picture["content"] == make_png()
    assert picture["metadata"]["folder"] == "2026-11-21/SKU-1"
    assert picture["metadata"]["tags"] == ["red", "autumn"]
    assert picture["metadata"]["alt"] == "Ein roter Schuh, Größe 42"
    assert receipt.remote_url
    assert receipt.remote_url.startswith(shelf.url)


@pytest.mark.parametrize(
    "refusal",
    [
        (400, i2i.ProviderRejectedError),
        (403, i2i.CredentialsError),
        (413, i2i.DamFormatError),
        (415, i2i.DamFormatError),
        (429, i2i.DamRateLimitedError),
        (500, i2i.ProviderUnavailableError),
        (503, i2i.ProviderUnavailableError),
        (507, i2i.DamFullError),
    ],
)
def test_a_refusal_says_who_is_to_act(
    dam: i2i.Dam, shelf: ShelfServer, tmp_path: Path, refusal: tuple[int, type[i2i.ProviderError]]
) -> None:
    status, error = refusal
    shelf.answers.append((status, {}))
    with pytest.raises(error) as caught:
        dam.upload(make_item(tmp_path))
    assert type(caught.value) is error
    assert dam.upload(make_item(tmp_path)).is_new, "the next attempt works"


def test_how_long_to_wait_is_passed_on(dam: i2i.Dam, shelf: ShelfServer, tmp_path: Path) -> None:
    shelf.answers.append((429, {"Retry-After": "30"}))
    with pytest.raises(i2i.DamRateLimitedError) as caught:
        dam.upload(make_item(tmp_path))
    assert caught.value.retry_after == 30


def test_the_token_is_not_taken_to_another_server(dam: i2i.Dam, shelf: ShelfServer, tmp_path: Path) -> None:
    with ShelfServer() as stranger:
        shelf.answers += [
            (302, {"Location": f"{stranger.url}/account"}),
            (307, {"Location": f"{stranger.url}/account"}),
        ]
        for act in (dam.verify, lambda: dam.upload(make_item(tmp_path))):
            with pytest.raises(i2i.ProviderRejectedError):
                act()
        assert stranger.pictures == {}
