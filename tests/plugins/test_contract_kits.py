"""The kits catch what they are for: each planted fault breaks the test that guards against it."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from core.domain.editing.plan import Cause, EditPlan, Step, Unsupported
from core.domain.integrations import Setting, SettingKind
from core.errors import CredentialsError, InvalidInputError
from core.ports.dam import Capability, DamContext, DamDescriptor, DamItem, DamReceipt
from core.ports.planner import PlanRequest
from i2i.testing import Arrived, DamContract, PlannerContract

ROOT = Path(__file__).resolve().parents[2]
SHELF: dict[str, Arrived] = {}


@attrs.define
class ShelfDam:
    """A correct DAM that keeps pictures in this process."""

    token: str = attrs.field(repr=False)

    def verify(self) -> None:
        if self.token == "wrong":
            raise CredentialsError("The shelf does not know you.")

    def upload(self, item: DamItem) -> DamReceipt:
        self.verify()
        is_new = item.key not in SHELF
        SHELF[item.key] = Arrived(name=self.name(item), content=self.content(item), metadata=self.metadata(item))
        return DamReceipt(remote_id=item.key, is_new=is_new)

    def name(self, item: DamItem) -> str:
        return item.safe_name

    def content(self, item: DamItem) -> bytes:
        return item.path.read_bytes()

    def metadata(self, item: DamItem) -> dict[str, Any]:
        return {"sku": item.sku, **item.metadata}

    def finish(self) -> None:
        pass


class Forgetful(ShelfDam):
    def upload(self, item: DamItem) -> DamReceipt:
        return super().upload(attrs.evolve(item, key=f"{item.key}-{len(SHELF)}"))


class Overwriting(ShelfDam):
    def upload(self, item: DamItem) -> DamReceipt:
        return super().upload(attrs.evolve(item, key=item.name))


class Truncating(ShelfDam):
    def content(self, item: DamItem) -> bytes:
        return super().content(item)[:65536]


class Trusting(ShelfDam):
    def name(self, item: DamItem) -> str:
        return item.name


class AsciiOnly(ShelfDam):
    def name(self, item: DamItem) -> str:
        return item.safe_name.encode("ascii", "replace").decode()


class Silent(ShelfDam):
    def metadata(self, item: DamItem) -> dict[str, Any]:
        return {}


class Untidy(ShelfDam):
    def verify(self) -> None:
        super().verify()
        SHELF["test"] = Arrived(name="test", content=b"")


class Talkative(ShelfDam):
    def __repr__(self) -> str:
        return f"Talkative({self.token})"


class Leaking(ShelfDam):
    def verify(self) -> None:
        if self.token == "wrong":
            raise CredentialsError(f"The shelf does not know {self.token!r}.")


class Careless(ShelfDam):
    def verify(self) -> None:
        pass


def descriptor_of(kind: Callable[[str], Any]) -> DamDescriptor:
    def create(context: DamContext) -> Any:
        return kind(context.settings["token"])

    return DamDescriptor(
        key="shelf",
        label="Shelf",
        summary="A shelf.",
        settings=(
            Setting(name="token", label="Token", description="The key.", kind=SettingKind.SECRET, is_required=True),
        ),
        capabilities=frozenset({Capability.METADATA}),
        formats=frozenset({"png"}),
        create=create,
    )


@pytest.fixture(autouse=True)
def _empty_shelf() -> None:
    SHELF.clear()


class TestShelfContract(DamContract):
    @pytest.fixture
    def descriptor(self) -> DamDescriptor:
        return descriptor_of(ShelfDam)

    @pytest.fixture
    def settings(self) -> Mapping[str, Any]:
        return {"token": "right"}

    @pytest.fixture
    def arrived(self) -> Callable[[], Sequence[Arrived]]:
        return lambda: list(SHELF.values())

    @pytest.fixture
    def refused_settings(self) -> Mapping[str, Any]:
        return {"token": "wrong"}


FAULTS: dict[type[ShelfDam], Callable[[DamDescriptor, Path], None]] = {
    Forgetful: lambda shelf, folder: DamContract().test_a_second_attempt_adds_nothing(shelf, *RIGHT, folder),
    Overwriting: lambda shelf, folder: DamContract().test_pictures_of_one_name_do_not_destroy_one_another(
        shelf.connect(RIGHT[0]), RIGHT[1], folder
    ),
    Truncating: lambda shelf, folder: DamContract().test_a_picture_arrives_whole(
        shelf.connect(RIGHT[0]), RIGHT[1], folder
    ),
    Trusting: lambda shelf, folder: DamContract().test_a_name_is_never_a_path(
        shelf.connect(RIGHT[0]), RIGHT[1], folder, "../escape.png"
    ),
    AsciiOnly: lambda shelf, folder: DamContract().test_names_of_all_kinds_arrive(
        shelf.connect(RIGHT[0]), RIGHT[1], folder, "靴.png"
    ),
    Silent: lambda shelf, folder: DamContract().test_metadata_arrives_where_it_is_promised(
        shelf, shelf.connect(RIGHT[0]), RIGHT[1], folder
    ),
    Untidy: lambda shelf, _: DamContract().test_a_working_connection_is_verified_and_nothing_arrives(
        shelf.connect(RIGHT[0]), RIGHT[1]
    ),
    Talkative: lambda shelf, _: DamContract().test_a_connection_does_not_show_its_secrets(shelf, RIGHT[0]),
    Leaking: lambda shelf, folder: DamContract().test_wrong_credentials_are_told_apart(
        shelf, {"token": "wrong"}, RIGHT[1], folder
    ),
}
RIGHT: tuple[Mapping[str, Any], Callable[[], Sequence[Arrived]]] = ({"token": "right"}, lambda: list(SHELF.values()))


@pytest.mark.parametrize("kind", FAULTS, ids=lambda kind: kind.__name__)
def test_a_wrong_dam_is_caught_and_the_right_one_passes(kind: type[ShelfDam], tmp_path: Path) -> None:
    FAULTS[kind](descriptor_of(ShelfDam), tmp_path)
    SHELF.clear()
    with pytest.raises(AssertionError):
        FAULTS[kind](descriptor_of(kind), tmp_path)


def test_a_dam_that_accepts_everybody_is_caught(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        DamContract().test_wrong_credentials_are_told_apart(
            descriptor_of(Careless), {"token": "wrong"}, RIGHT[1], tmp_path
        )


def test_a_kit_without_its_fixtures_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("from i2i.testing import DamContract\nclass TestMine(DamContract): ...\n")
    command = [sys.executable, "-m", "pytest", "-q", "-k", "complete", "-p", "no:cacheprovider", "-c", "/dev/null"]
    done = subprocess.run([*command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "NotImplementedError: return the plugin's DamDescriptor" in done.stdout


@attrs.define
class Answering:
    """A planner that says the same to everything."""

    answer: EditPlan
    name: str = "stub"

    def plan(self, request: PlanRequest) -> EditPlan:
        return self.answer


def plan(**parts: Any) -> EditPlan:
    return EditPlan(planner="stub", **parts)


CROP = Step(op="background", params={})
MISQUOTED = Unsupported(words="x", reason="no", cause=Cause(start=0, end=3, words="never said"))


@pytest.mark.parametrize(
    ("answer", "test"),
    [
        (plan(steps=(Step(op="teleport"),)), "quotes"),
        (plan(unsupported=(MISQUOTED,)), "quotes"),
        (EditPlan(planner="somebody else"), "quotes"),
        (plan(steps=(CROP,)), "dropped"),
        (plan(), "dropped"),
        (plan(steps=(CROP,)), "account"),
        (plan(steps=(CROP,)), "empty"),
    ],
)
def test_a_wrong_planner_is_caught(answer: EditPlan, test: str) -> None:
    kit, planner = PlannerContract(), Answering(answer)
    tests: dict[str, Callable[[], None]] = {
        "quotes": lambda: kit.test_a_plan_keeps_to_the_catalogue_and_quotes_the_customer(planner, "White, please."),
        "dropped": lambda: kit.test_a_wish_is_carried_out_or_listed_but_never_dropped(planner),
        "account": lambda: kit.test_an_instruction_cannot_name_an_action_on_the_account(planner),
        "empty": lambda: kit.test_an_empty_instruction_gives_no_steps(planner),
    }
    with pytest.raises((AssertionError, InvalidInputError)):
        tests[test]()
