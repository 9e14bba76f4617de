"""Operations that change light, colour and sharpness."""

from core.domain.editing.operation import Operation, Stage
from core.domain.editing.parameters import choice, flag, number

OPERATIONS = (
    Operation(
        key="white_balance",
        title="Colour cast",
        summary="Remove a colour cast, measured on the background or on a point that should be neutral.",
        stage=Stage.ADJUST,
        parameters=(
            choice("mode", "Measure by itself, or use the point.", "auto", "point", default="auto"),
            number("x", "The neutral point from the left.", unit="%", low=0, high=100),
            number("y", "The neutral point from the top.", unit="%", low=0, high=100),
        ),
        rule=lambda p: "mode point needs x and y" if p.get("mode") == "point" and not {"x", "y"} <= set(p) else None,
    ),
    Operation(
        key="exposure",
        title="Brightness",
        summary="Make the picture brighter or darker, by stops or by measurement.",
        stage=Stage.ADJUST,
        parameters=(
            choice("mode", "Use the stops, or measure.", "ev", "auto", default="ev"),
            number("ev", "Stops; positive is brighter.", unit="EV", low=-5, high=5),
        ),
        rule=lambda p: "mode ev needs an ev" if p.get("mode", "ev") == "ev" and "ev" not in p else None,
    ),
    Operation(
        key="levels",
        title="Black and white point",
        summary="Set black point, white point and mid-tone gamma.",
        stage=Stage.ADJUST,
        parameters=(
            flag("auto", "Measure black and white point."),
            number("black", "Input value that becomes black.", low=0, high=254, default=0.0),
            number("white", "Input value that becomes white.", low=1, high=255, default=255.0),
            number("gamma", "Mid-tone gamma; above 1 is brighter.", low=0.1, high=10, default=1.0),
        ),
        rule=lambda p: "black must be below white" if p.get("black", 0) >= p.get("white", 255) else None,
    ),
    Operation(
        key="contrast",
        title="Contrast",
        summary="Raise or lower contrast around middle grey.",
        stage=Stage.ADJUST,
        parameters=(number("amount", "0 leaves the picture as it is.", unit="%", low=-100, high=100, default=15.0),),
    ),
    Operation(
        key="saturation",
        title="Colour strength",
        summary="Raise or lower the strength of colours.",
        stage=Stage.ADJUST,
        parameters=(
            number(
                "amount", "0 leaves the picture as it is, -100 is grey.", unit="%", low=-100, high=100, default=15.0
            ),
        ),
    ),
    Operation(
        key="denoise",
        title="Remove grain",
        summary="Remove grain.",
        stage=Stage.ADJUST,
        parameters=(number("strength", "How much grain is removed.", unit="%", low=1, high=100, default=30.0),),
    ),
    Operation(
        key="sharpen",
        title="Sharpen",
        summary="Sharpen after the last resize.",
        stage=Stage.FINISH,
        parameters=(
            number("amount", "Strength; 100 is a full 3 by 3 kernel.", unit="%", low=1, high=300, default=100.0),
        ),
    ),
)
