"""A brief becomes a plan that says where each part of it comes from, and the assistant helps to refine it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.errors import CredentialsError
from tests.browser.offers import offer
from tests.browser.orders import Desk, plain_pictures
from tests.browser.steps import see_plan, shoot, start_order
from tests.support.documents import pdf_unicode
from tests.support.members import Member, make_member
from tests.support.provider_stub import SPECS, Answer, Hold, ProviderStub
from tests.support.provider_stub.faults import FAULTS
from tests.support.studio_server import StudioServer

OpenStudio = Callable[..., Page]
WORDS = "Pure white background, soft shadow. Please frobnicate the gizmo."
BRIEF = pdf_unicode(
    ["Hello,", "every picture 600x600 JPEG at quality 90."],
    ["Make it brighter, but no exposure changes.", "Change the red shoe to blue.", "Thanks a lot"],
)
LOCAL = "No language model is configured: answers come from the local planner on this machine."
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def robin(new_member: Callable[..., Member]) -> Member:
    """Return somebody whom the tests share that do not use up what an account may ask for."""
    return new_member()


def planned(page: Page, words: str, count: int = 2) -> str:
    """Make an order with a plan, open its page, and return the id of the order."""
    desk = Desk(page.context)
    order = str(desk.post("/api/orders", {"name": "Brief", "instruction": words})["id"])
    for name, content in plain_pictures(count).items():
        file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
        desk.post(f"/api/orders/{order}/images", multipart={"images": file})
    desk.post(f"/api/orders/{order}/submit")
    page.goto(f"/orders/{order}/plan")
    return order


def revision(page: Page, number: int) -> None:
    """Wait until a plan is shown."""
    expect(page.locator("#plan-board")).to_have_attribute("data-revision", str(number))


def assistant(page: Page) -> Locator:
    """Open the assistant and return it."""
    page.get_by_role("button", name="Assistant", exact=True).click()
    expect(page.locator("#assistant .talk")).to_be_visible()
    return page.locator("#assistant")


def ask(panel: Locator, words: str) -> Locator:
    """Send a message and return its answer, once it is finished."""
    count = panel.locator(".talk-message[id]").count()
    panel.get_by_role("textbox").fill(words)
    panel.get_by_role("textbox").press("Enter")
    expect(panel.locator(".talk-message[id]")).to_have_count(count + 2)
    return panel.locator(".talk-message").last


def marks(text: Locator, kind: str) -> str:
    """Return the words that are marked so."""
    return " | ".join(text.locator(f"mark[data-kind={kind}]").all_text_contents())


def change_the_answer(page: Page, board: Locator) -> None:
    """Answer the question about the brightness, and then the other way; the plan follows both times."""
    question = board.get_by_role("form", name=re.compile("Brightness"))
    question.get_by_role("button", name="Leave it out").click()
    revision(page, 2)
    expect(board.locator(".plan-sentence", has_text="Brighten")).to_have_count(0)
    question.get_by_role("button", name="Do it (Brightness)").click()
    revision(page, 3)
    expect(board.locator(".plan-sentence", has_text="Brighten")).to_have_count(1)


@pytest.mark.req("S0-BRIEF-01", "S0-BRIEF-05", "S0-INST-06", "S0-LLM-04", "S0-LLM-05")
@pytest.mark.timeout(180)
def test_a_brief_is_read_cited_answered_and_refined(open_studio: OpenStudio, robin: Member) -> None:
    page = open_studio(robin)
    start_order(page, shoot(2, edge=300), WORDS)
    offer(page, "drop", {"brief.pdf": BRIEF})
    expect(page.locator("#brief")).to_contain_text("brief.pdf")
    page.locator(".brief-head").click()
    brief = page.locator("#brief .document")
    expect(brief.locator("mark[data-kind=provider]")).to_have_text("Change the red shoe to blue.")
    assert "brighter" in marks(brief, "question")
    assert "600x600" in marks(brief, "step")
    assert "Hello" not in marks(brief, "step")
    assert "frobnicate the gizmo" in marks(page.locator("#words-mirror"), "not_understood")
    expect(page.locator("#meaning")).to_contain_text("brief.pdf, page 1, line 2")
    expect(page.locator("#meaning")).to_contain_text("Read by the local planner on this machine.")
    order = see_plan(page)

    board = page.locator("#plan-board")
    expect(board).to_contain_text("Read by the local planner")
    expect(board.get_by_role("list", name="Marks")).to_contain_text("Needs a provider")
    expect(board.locator("[data-group=provider]")).to_contain_text("Not part of the price")
    board.get_by_role("link", name="brief.pdf, page 1, line 2").first.click()
    expect(page.locator("#brief-1-2")).to_be_focused()
    page.locator("#brief-1-2 mark a").first.click()
    expect(page.locator(".plan-card:focus-within")).to_contain_text("600 x 600")
    with page.expect_download() as waiting:
        board.get_by_role("link", name="Download the original").click()
    assert Path(waiting.value.path()).read_bytes() == BRIEF

    change_the_answer(page, board)

    panel = assistant(page)
    expect(panel).to_contain_text(LOCAL)
    panel.get_by_role("button", name="What does it cost?").click()
    expect(panel.get_by_role("table")).to_contain_text("2 pictures, 1 credit each")
    expect(panel.get_by_role("status").first).to_contain_text("Price: 2 pictures")
    assert "Local planner" in ask(panel, "What will this do?").inner_text()
    preview = ask(panel, "Show me on one picture").locator(".talk-preview .compare")
    expect(preview).to_have_attribute("data-is-ready", "", timeout=60_000)
    proposal = ask(panel, "only shoot_001.jpg").locator("[data-proposal]")
    expect(proposal).to_contain_text(re.compile("2 credits → .*1 credit"))
    expect(page.locator("#plan-price")).to_contain_text("2 pictures")
    proposal.get_by_role("button", name="Apply").click()
    expect(page.locator("#plan-price")).to_contain_text("1 picture, 1 credit each")
    expect(panel.locator("[data-proposal]")).to_contain_text("Applied as plan 4")
    assert [i["status"] for i in Desk(page.context).images(order)] == ["ready", "excluded"]


@pytest.mark.req("S0-INST-06")
def test_a_proposal_is_a_difference_that_goes_out_of_date(open_studio: OpenStudio, robin: Member) -> None:
    page = open_studio(robin)
    planned(page, "White background, 300x300 JPEG")
    panel = assistant(page)
    first = ask(panel, "make it 500x500 instead").locator("[data-proposal]")
    expect(first.locator(".plan-differences")).to_contain_text("300 → 500")
    first.get_by_role("button", name="Dismiss").click()
    expect(first.get_by_text("Dismissed")).to_be_visible()
    expect(first.get_by_role("button", name="Show it again")).to_be_focused()
    page.keyboard.press("Enter")
    expect(first.get_by_role("button", name="Apply")).to_be_visible()
    card = page.locator(".plan-card", has_text="Save as JPEG")
    card.get_by_role("button", name="Remove").click()
    revision(page, 2)
    expect(panel.locator("[data-proposal]")).to_have_attribute("data-state", "stale")
    expect(panel.get_by_role("button", name="Apply")).to_have_count(0)
    ask(panel, "make it 500x500 instead").get_by_role("button", name="Apply").click()
    revision(page, 3)
    expect(page.locator("#plan-board")).to_contain_text("Canvas of 500 x 500 px")
    page.get_by_role("button", name="Undo").last.click()
    revision(page, 4)
    expect(page.locator("#plan-board")).to_contain_text("Canvas of 300 x 300 px")
    page.reload()
    expect(page.locator("#assistant .talk-message")).to_have_count(4)


@pytest.mark.req("S0-INST-06")
def test_the_assistant_on_a_phone_with_keys_alone(open_studio: OpenStudio, robin: Member) -> None:
    page = open_studio(robin, **PHONE)
    planned(page, "White background, 300x300 JPEG")
    opener = page.get_by_role("button", name="Assistant", exact=True)
    expect(opener).to_have_attribute("aria-expanded", "false")
    opener.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Assistant")
    expect(panel.get_by_role("heading", name="Assistant")).to_be_focused()
    box = panel.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    panel.get_by_role("button", name="What does it cost?").focus()
    page.keyboard.press("Enter")
    expect(panel.get_by_role("table")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    panel.get_by_role("textbox").focus()
    page.keyboard.type("no shadow")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("and 400x400 instead")
    page.keyboard.press("Enter")
    apply = panel.get_by_role("button", name="Apply")
    expect(apply).to_be_visible()
    expect(panel.get_by_role("textbox")).to_be_focused()
    expect(panel.get_by_role("textbox")).to_have_value("")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if apply.evaluate("button => button === document.activeElement"):
            break
    expect(apply).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.locator("[data-proposal]")).to_contain_text("Applied as plan 2")
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()
    expect(opener).to_be_focused()
    revision(page, 2)


def test_words_that_were_not_taken_are_kept(open_studio: OpenStudio, member: Member) -> None:
    page = open_studio(member, expected=["429", "ERR_INTERNET_DISCONNECTED"])
    order = planned(page, "White background")
    panel = assistant(page)
    page.context.set_offline(True)
    words = panel.get_by_role("textbox")
    words.fill("no shadow")
    words.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("No connection. Nothing was sent. Your words are kept.")
    expect(words).to_have_value("no shadow")
    page.context.set_offline(False)
    token = page.context.request.get("/api/security/csrf").json()["data"]["token"]
    for _ in range(30):
        page.context.request.post(
            f"/api/orders/{order}/conversation/messages", data={"message": ""}, headers={"X-CSRFToken": token}
        )
    words.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text(re.compile(r"At most 30 such requests an hour\. Ask again at "))
    expect(words).to_have_value("no shadow")
    words.fill("x" * 4001)
    expect(panel.get_by_text("4,001 of 4,000")).to_be_visible()
    expect(panel.get_by_role("button", name="Send")).to_be_disabled()
    page.reload()
    expect(page.locator("#assistant-words")).to_have_value("x" * 4001)


def test_pictures_are_tagged_beside_the_plan(open_studio: OpenStudio, robin: Member) -> None:
    page = open_studio(robin, expected=["422"], **PHONE)
    planned(page, "White background. Only the shoes get a shadow.")
    page.get_by_role("button", name="Tag the pictures").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    form = page.locator("#plan-tags")
    expect(form.get_by_role("group")).to_have_count(2)
    first, second = form.get_by_role("group").all()
    first.get_by_text("shoe", exact=True).click()
    second.get_by_role("combobox").fill("frobnicator")
    form.get_by_role("button", name="Save and plan again").click()
    expect(form.get_by_role("alert")).to_contain_text("'frobnicator' is not a known tag")
    expect(first.get_by_role("checkbox", name="shoe")).to_be_checked()
    second.get_by_role("combobox").fill("bottle")
    form.get_by_role("button", name="Save and plan again").click()
    revision(page, 2)
    expect(page.get_by_role("button", name="Tag the pictures")).to_have_count(0)


@pytest.mark.req("S0-LLM-06")
def test_the_summary_says_who_wrote_it_and_is_written_again(open_studio: OpenStudio, robin: Member) -> None:
    page = open_studio(robin)
    order = Desk(page.context).finished_order(plain_pictures(1))
    page.goto(f"/orders/{order}")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Summary").click()
    summary = page.locator("#order-summary-body")
    expect(summary).to_contain_text("Local planner")
    with page.expect_response(re.compile("/summary$")) as told:
        summary.get_by_role("button", name="Write again").click()
    assert told.value.ok
    expect(summary.get_by_role("button", name="Write again")).to_be_focused()
    expect(summary).to_contain_text("Local planner")


@pytest.fixture
def stub() -> Iterator[ProviderStub]:
    """Return a server that plays a provider, where the specifications are that it checks requests with."""
    if not SPECS.is_dir():
        pytest.skip("the specifications of the providers are not beside this checkout")
    server = ProviderStub()
    yield server
    server.close()


@pytest.mark.req("S0-LLM-05")
@pytest.mark.timeout(180)
def test_a_language_model_fails_then_answers_and_is_stopped(
    open_studio: OpenStudio, stub: ProviderStub, tmp_path: Path
) -> None:
    desk, hold = stub.desk("openai_compatible"), Hold()
    settings = {
        "I2I_CAPTCHA": "none", "I2I_PLANNER": "openai_compatible", "I2I_LANGUAGE_MODEL": "openai_compatible/tiny",
        "I2I_COMPATIBLE_BASE_URL": desk.url,
    }  # fmt: skip
    with StudioServer(home=tmp_path / "studio", settings=settings) as server:
        page = open_studio(make_member(server), on=server)
        desk.script(FAULTS["openai_compatible"][CredentialsError])
        planned(page, "White background. Make it dreamy.")
        expect(page.locator("#plan-board")).to_contain_text("Read by the local planner alone.")
        expect(page.locator("#plan-board")).to_contain_text("its provider did not accept the key")
        panel = assistant(page)
        expect(panel).to_contain_text("OpenAI-compatible server tiny")
        desk.script(Answer(pieces=("The plan puts ", "everything on white."), hold=hold))
        panel.get_by_role("textbox").fill("What will this do?")
        panel.get_by_role("textbox").press("Enter")
        hold.wait_until_reached()
        expect(panel.locator(".talk-message").last).to_contain_text("The plan puts")
        expect(panel.get_by_role("button", name="Send")).to_be_hidden()
        panel.get_by_role("button", name="Stop").click()
        answer = panel.locator(".talk-message[data-state=stopped]")
        expect(answer).to_contain_text("The plan puts")
        expect(answer).to_contain_text("Stopped. Nothing was proposed.")
        expect(panel.get_by_role("textbox")).to_be_focused()
        hold.wait_until_reached()
        assert hold.was_dropped
        desk.answer("It puts everything on white for 2 credits.")
        told = ask(panel, "What will this do?")
        expect(told).to_contain_text("It puts everything on white for 2 credits.")
        expect(told).to_contain_text("OpenAI-compatible server")
    assert desk.problems == []
