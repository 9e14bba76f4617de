"""Operations on the background and on the shadow."""

from core.domain.editing.operation import Operation, Stage
from core.domain.editing.parameters import choice, colour, number

OPERATIONS = (
    Operation(
        key="background.remove",
        title="Cut out the product",
        summary="Cut the product out of its background.",
        stage=Stage.CUT_OUT,
        parameters=(
            choice(
                "engine", "Which cut-out is used; auto takes the configured model.", "auto", "local", default="auto"
            ),
        ),
    ),
    Operation(
        key="background.set",
        title="Background",
        summary="Put a plain colour behind the product, or leave it transparent.",
        stage=Stage.COMPOSE,
        parameters=(
            choice("mode", "A colour or transparency.", "colour", "transparent", default="colour"),
            colour("colour", "The colour behind the product.", default="#FFFFFF"),
        ),
        rule=lambda p: (
            "a transparent background has no colour" if p.get("mode") == "transparent" and "colour" in p else None
        ),
    ),
    Operation(
        key="shadow",
        title="Shadow",
        summary="Draw a drop shadow or a contact shadow below the product, or none.",
        stage=Stage.COMPOSE,
        parameters=(
            choice("type", "Which shadow.", "none", "drop", "contact", default="drop"),
            number("opacity", "Darkness of the shadow.", unit="%", low=0, high=100, default=30.0),
            number("blur", "Softness, of the subject's longer side.", unit="%", low=0, high=30, default=1.5),
            number(
                "offset_x", "Shift to the right, of the subject's longer side.", unit="%", low=-50, high=50, default=0.0
            ),
            number("offset_y", "Shift down, of the subject's longer side.", unit="%", low=-50, high=50, default=2.5),
            colour("colour", "Colour of the shadow.", default="#000000"),
        ),
    ),
)
