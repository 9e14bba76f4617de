"""Operations that draw on top of the picture."""

from core.domain.editing.operation import Operation, Stage
from core.domain.editing.parameters import choice, colour, number, text

POSITIONS = (
    "top-left",
    "top",
    "top-right",
    "left",
    "center",
    "right",
    "bottom-left",
    "bottom",
    "bottom-right",
)
_POSITION = choice("position", "Where it stands.", *POSITIONS, default="bottom-right")
_OPACITY = number("opacity", "100 is solid.", unit="%", low=1, high=100, default=100.0)
_MARGIN = number("margin", "Distance from the edge, of the shorter side.", unit="%", low=0, high=40, default=3.0)

OPERATIONS = (
    Operation(
        key="overlay.text",
        title="Text on the picture",
        summary="Write a line of text on the picture.",
        stage=Stage.OVERLAY,
        is_repeatable=True,
        parameters=(
            text("text", "What is written.", required=True),
            _POSITION,
            number("size", "Height of the letters, of the shorter side.", unit="%", low=0.5, high=50, default=4.0),
            colour("colour", "Colour of the letters.", default="#000000"),
            _OPACITY,
            _MARGIN,
        ),
    ),
    Operation(
        key="overlay.logo",
        title="Logo",
        summary="Put a logo on the picture.",
        stage=Stage.OVERLAY,
        is_repeatable=True,
        parameters=(
            text("asset", "Id of an uploaded logo.", limit=26, required=True),
            _POSITION,
            number("width", "Width of the logo, of the picture's width.", unit="%", low=1, high=100, default=15.0),
            _OPACITY,
            _MARGIN,
        ),
    ),
)
