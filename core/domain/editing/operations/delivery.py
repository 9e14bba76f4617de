"""Operations that encode, name, label and check the finished picture."""

import re
from pathlib import PurePosixPath
from string import Formatter

from core.domain.editing.conditions import read_condition
from core.domain.editing.operation import Operation, Params, Stage
from core.domain.editing.parameters import choice, flag, integer, number, text
from core.errors import InvalidInputError

FORMATS = ("keep", "jpeg", "png", "webp", "tiff", "avif")
OPAQUE_FORMATS = frozenset({"jpeg"})
TOKENS = frozenset({"original", "index", "sku", "output", "order"})
MAX_WILDCARDS = 4
SPEC = re.compile(r"0?[1-9]d")
NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")
MAX_COLUMNS = 20
MAX_TABLE = 60_000


def _export_rule(params: Params) -> str | None:
    chosen = params.get("format", "keep")
    if params.get("bit_depth") == "16" and chosen not in ("tiff", "png", "keep"):
        return f"{chosen} cannot hold 16 bits per channel"
    if params.get("colour_space") == "cmyk" and chosen not in ("tiff", "jpeg"):
        return "CMYK needs TIFF or JPEG"
    if params.get("colour_space") == "cmyk" and "icc" not in params:
        return "CMYK needs a profile"
    return None


def _naming_rule(params: Params) -> str | None:
    try:
        parsed = [(field, spec) for _, field, spec, _ in Formatter().parse(params["pattern"]) if field is not None]
    except ValueError:
        return "the pattern has unbalanced braces"
    fields, specs = [field for field, _ in parsed], [spec for _, spec in parsed]
    if any(spec and not SPEC.fullmatch(spec) for spec in specs):
        return "a width is written as in {index:03d}"
    table = read_table(params["table"]) if "table" in params else {}
    if table is None:
        return "the table has a first row that begins with file, then rows of as many cells"
    columns = {column for row in table.values() for column in row}
    known = TOKENS | columns
    unknown = [f for f in fields if f not in known]
    if unknown:
        return f"unknown token {{{unknown[0]}}}; known are {', '.join(sorted(known))}"
    shape = params.get("sku_pattern")
    if "sku" in set(fields) - columns and shape is None:
        return "{sku} needs sku_pattern"
    if shape is not None and (shape.count("{sku}") != 1 or shape.count("*") > MAX_WILDCARDS):
        return f"sku_pattern holds {{sku}} once and at most {MAX_WILDCARDS} wildcards"
    return None


def read_table(text: str) -> dict[str, dict[str, str]] | None:
    """Read ``file|sku;IMG_1|48213`` as the columns of each picture, by its name in lower case without extension.

    Returns:
        None when it is no such table.
    """
    rows = [[cell.strip() for cell in row.split("|")] for row in text.split(";") if row.strip()]
    if len(rows) < 2 or rows[0][0] != "file" or not 1 < len(rows[0]) <= MAX_COLUMNS:
        return None
    names = rows[0][1:]
    if any(len(row) != len(rows[0]) for row in rows) or not all(NAME.fullmatch(name) for name in names):
        return None
    return {PurePosixPath(row[0]).stem.casefold(): dict(zip(names, row[1:], strict=True)) for row in rows[1:]}


def _check_rule(params: Params) -> str | None:
    if {"profile", "rule"} <= set(params):
        return "give either a profile or a rule"
    try:
        read_condition(params.get("rule", "width > 0"))
    except InvalidInputError as error:
        return error.message.rstrip(".")
    return None


OPERATIONS = (
    Operation(
        key="colour.convert",
        title="Convert colours",
        summary="Convert to sRGB or to a named ICC profile.",
        stage=Stage.DELIVER,
        parameters=(
            text(
                "profile", "srgb, adobe-rgb, display-p3, or the name of an installed profile.", limit=80, required=True
            ),
        ),
    ),
    Operation(
        key="metadata",
        title="File information",
        summary="Keep, strip or write metadata; place and owner data are stripped unless kept on purpose.",
        stage=Stage.DELIVER,
        parameters=(
            choice("mode", "What happens to the camera's metadata.", "keep", "strip", "set", default="strip"),
            text("title", "Title."),
            text("creator", "Creator."),
            text("copyright", "Copyright notice."),
            text("description", "Description.", limit=1000),
        ),
    ),
    Operation(
        key="export",
        title="File format",
        summary="Encode the picture as a file.",
        stage=Stage.DELIVER,
        parameters=(
            choice("format", "File format; keep is that of the original.", *FORMATS, default="keep"),
            integer("quality", "0 is smallest, 100 is best.", unit="", low=0, high=100),
            integer(
                "max_bytes", "Largest file; quality is searched downwards.", unit="bytes", low=1000, high=500_000_000
            ),
            number("dpi", "Pixels per inch written to the file.", unit="dpi", low=1, high=2400),
            text("icc", "srgb, adobe-rgb, display-p3, or the name of an installed profile.", limit=80),
            choice("colour_space", "Colour model of the file.", "rgb", "cmyk", "grey", default="rgb"),
            choice("bit_depth", "Bits per channel.", "8", "16", default="8"),
            choice("compression", "Compression of TIFF.", "none", "lzw", "zip", default="lzw"),
            flag("lossless", "Lossless WebP or AVIF."),
        ),
        rule=_export_rule,
    ),
    Operation(
        key="naming",
        title="File names",
        summary="Name the file by a pattern of tokens.",
        stage=Stage.DELIVER,
        parameters=(
            text("pattern", "Tokens: {original} {index} {index:03d} {sku} {output} {order}.", required=True),
            choice("case", "Letter case.", "keep", "lower", "upper", default="keep"),
            text("sku_pattern", "Shape of the original name such as {sku}_*; * stands for anything.", limit=100),
            text("table", "More tokens for each picture: file|sku|colour;IMG_1|48213|navy.", limit=MAX_TABLE),
        ),
        rule=_naming_rule,
    ),
    Operation(
        key="check",
        title="Marketplace check",
        is_repeatable=True,
        summary="Measure the finished picture against a marketplace profile, or the original against a rule.",
        stage=Stage.DELIVER,
        parameters=(
            text("profile", "Id of the profile.", limit=60),
            text("rule", "What must hold of the original, such as long_edge >= 3000.", limit=60),
            choice("on_fail", "What a failure does.", "flag", "note", "return", default="flag"),
        ),
        needs=("profile", "rule"),
        rule=_check_rule,
    ),
)
