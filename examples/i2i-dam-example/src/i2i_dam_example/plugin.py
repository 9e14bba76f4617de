"""What this plugin offers. It is imported whenever i2i starts, so it imports nothing that takes time."""

import i2i


def create(context: i2i.DamContext) -> i2i.Dam:
    """Make a connection; the settings are checked, and defaults filled in."""
    from i2i_dam_example.dam import ShelfDam

    return ShelfDam(
        url=context.settings["url"], token=context.settings["token"], folder=context.settings["folder_pattern"]
    )


SHELF = i2i.DamDescriptor(
    key="shelf",
    label="Shelf",
    summary="Sends finished pictures with their metadata to a Shelf server.",
    settings=(
        i2i.Setting(
            name="url",
            label="Address",
            description="Address of the Shelf, such as https://shelf.example.",
            kind=i2i.SettingKind.URL,
            is_required=True,
        ),
        i2i.Setting(
            name="token",
            label="Token",
            description="Access token, from the account page of the Shelf.",
            kind=i2i.SettingKind.SECRET,
            is_required=True,
        ),
        i2i.Setting(
            name="folder_pattern",
            label="Folder",
            description="Folder on the Shelf with the tokens {order} {date} {sku} {category}; empty for none.",
            kind=i2i.SettingKind.PATTERN,
            default="",
        ),
    ),
    capabilities=frozenset({i2i.Capability.FOLDERS, i2i.Capability.METADATA, i2i.Capability.TAGS}),
    formats=frozenset({"jpeg", "png", "webp"}),
    max_bytes=100_000_000,
    create=create,
)


@i2i.hookimpl
def i2i_dams() -> list[i2i.DamDescriptor]:
    """Offer the Shelf."""
    return [SHELF]
