"""Mail threads: which lines are older than others, and which only say who wrote to whom."""

import re
from collections.abc import Sequence

import attrs

from plugins.llm.local.clauses import Clause
from plugins.llm.local.items import Item

HEADERS = (
    "from|to|cc|bcc|sent|date|von|an|gesendet|datum|de|à|envoyé|para|enviado|fecha|da|a|inviato|data|van|aan|verzonden"
    "|od|do|wysłano|差出人|宛先|日時|发件人|收件人|日期|寄件者|收件者"
)
SUBJECTS = "subject|re|betreff|objet|asunto|oggetto|assunto|onderwerp|temat|件名|主题|主旨"
HEADER = re.compile(rf"\s*(?:{HEADERS}|{SUBJECTS})\s*[:：]", re.IGNORECASE)
SUBJECT = re.compile(rf"\s*(?:{SUBJECTS})\s*[:：]", re.IGNORECASE)
# The line above an older mail.
OLDER = re.compile(
    r"\s*-{2,}.*(?:original|ursprüngliche|forwarded|weitergeleitet|transféré|reenviado|inoltrato|doorgestuurd|przekazan)"
    r"|.{0,120}\b(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|napisał(?:\(a\)|a)?)\b.{0,40}[:-]\s*$"
    r"|.{0,120}(?:写道|寫道|書きました|ने लिखा)\s*[:：]?\s*$"
    r"|\s*begin forwarded message",
    re.IGNORECASE,
)
QUOTED = re.compile(r"\s*((?:>\s?)+)")


@attrs.frozen
class Line:
    """One line of a text: where it stands, how many mails are newer than its own, and whether it is a header."""

    start: int
    end: int
    age: int
    is_header: bool


def lines_of(words: str) -> list[Line]:
    """Tell the age of every line; the newest mail has age 0."""
    raw: list[tuple[int, int, int, bool]] = []
    base, start, has_body = 0, 0, False
    texts = words.split("\n")
    for number, text in enumerate(texts):
        quoted = QUOTED.match(text)
        depth = quoted[1].count(">") if quoted else 0
        bare = text[quoted.end() :] if quoted else text
        is_header = _is_header(texts, number)
        is_older = bool(OLDER.match(bare))
        if is_header and has_body and not raw[-1][3]:
            base, has_body = base + 1, False
        raw.append((start, start + len(text), base + depth, is_header or is_older))
        if is_older and not depth:
            base, has_body = base + 1, False
        has_body = has_body or bool(bare.strip() and not is_header and not is_older)
        start += len(text) + 1
    newest = min((age for _, _, age, is_header in raw if not is_header), default=0)
    return [Line(start, end, max(0, age - newest), is_header) for start, end, age, is_header in raw]


def _is_header(texts: Sequence[str], number: int) -> bool:
    """Whether a line is one of at least two header lines in a row, or a subject at the very top."""
    if not HEADER.match(texts[number]):
        return False
    beside = [texts[i] for i in (number - 1, number + 1) if 0 <= i < len(texts)]
    return any(HEADER.match(t) for t in beside) or (number == 0 and bool(SUBJECT.match(texts[0])))


def silence_headers(items: Sequence[Item], lines: Sequence[Line]) -> None:
    """Take the words of headers for names, dates and titles, which wish for nothing."""
    headers = [line for line in lines if line.is_header]
    for item in items if headers else ():
        is_inside = any(line.start <= item.start < line.end for line in headers)
        if is_inside and item.kind not in ("sign", "account"):
            item.kind, item.key = "filler", "header"


def date(clauses: list[Clause], lines: Sequence[Line]) -> None:
    """Write its age into every clause, and put the older ones first: what is read last holds."""
    if not any(line.age for line in lines):
        return
    for clause in clauses:
        start = min(i.start for i in clause.items)
        clause.age = next((line.age for line in lines if line.start <= start <= line.end), 0)
    clauses.sort(key=lambda c: -c.age)
