"""Tags: the words for what a picture shows, one list for briefs of every language, for vision and for people."""

import re

from core.errors import InvalidInputError

# Each line is a kind of thing, then what it includes: a sneaker is a shoe, and a shoe is footwear.
_KINDS = """
garment: top trousers jeans shorts skirt dress jacket coat suit underwear sock swimwear knitwear vest jumpsuit legging
top: shirt t_shirt blouse sweater hoodie polo
jacket: blazer cardigan
footwear: shoe sandal boot slipper
shoe: sneaker heel loafer
accessory: bag wallet belt scarf hat glove glasses tie umbrella watch jewellery key_ring
bag: handbag backpack suitcase purse
hat: cap beanie helmet
glasses: sunglasses
jewellery: ring necklace earring bracelet brooch pendant gemstone
furniture: chair table sofa bed shelf cabinet desk stool bench wardrobe
home: lamp rug cushion curtain mirror vase candle clock pillow blanket towel plant flower frame basket
tableware: mug cup glass plate bowl pot pan cutlery jug teapot knife spoon fork
container: bottle jar tube box can tin pouch planter
cosmetics: perfume lipstick cream soap
electronics: phone laptop tablet camera lens headphones speaker keyboard monitor cable
toy: doll plush puzzle game
leisure: ball bicycle instrument book poster
instrument: guitar violin
food: drink fruit cake chocolate coffee tea
drink: wine
tool: machine part screw hammer drill saw screwdriver ladder
outdoor: tent ski skateboard surfboard racket stroller
kitchen: kettle toaster blender tray cutting_board tablecloth napkin
bath: sink faucet tile bin
stationery: pen notebook card
art: painting sculpture
material: fabric yarn
bedding: mattress
lighting: chandelier
vehicle: car motorcycle
packaging: label bag_packaging
person: model hand
"""
# What can be said of a picture beside what it shows; such a tag narrows a selection, a noun widens it.
_TRAITS = """
facing_left facing_right facing_front on_model on_mannequin flat_lay close_up group_shot scene
black white grey red blue green yellow orange pink purple brown beige gold silver
transparent reflective dark light
"""
ATTRIBUTES = frozenset(_TRAITS.split())
_PARENTS = {
    child: parent
    for line in _KINDS.strip().splitlines()
    for parent, _, children in [line.partition(":")]
    for child in children.split()
}
NOUNS = frozenset(_PARENTS) | frozenset(_PARENTS.values())
TAGS = NOUNS | ATTRIBUTES
MAX_TAGS = 40


def clean_tag(text: str) -> str:
    """Bring a tag to the form in which it is kept: ``T-Shirts`` is ``t_shirt``.

    Raises:
        InvalidInputError: code ``unknown_tag``.
    """
    word = re.sub(r"[\s-]+", "_", text.strip().lower())
    for form in (word, word.removesuffix("s"), word.removesuffix("es"), re.sub(r"ves$", "f", word)):
        if form in TAGS:
            return form
    raise InvalidInputError(
        f"{text[:40]!r} is not a known tag; see the list of tags.", code="unknown_tag", details={"tag": text[:40]}
    )


def with_kinds(tags: frozenset[str]) -> frozenset[str]:
    """Return tags together with the kinds that include them: ``sneaker`` brings ``shoe`` and ``footwear``."""
    found = set(tags)
    for tag in tags:
        parent = _PARENTS.get(tag)
        while parent is not None:
            found.add(parent)
            parent = _PARENTS.get(parent)
    return frozenset(found)
