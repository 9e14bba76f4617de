"""Offers a local folder as a place to export to."""

from core.domain.integrations import Setting, SettingKind
from core.ports.dam import Capability, Dam, DamContext, DamDescriptor
from plugins.hookspecs import hookimpl


def _create(context: DamContext) -> Dam:
    from plugins.dam.folder.dam import FolderDam

    return FolderDam(**context.settings)


@hookimpl
def i2i_dams() -> list[DamDescriptor]:
    """Offer the folder."""
    return [
        DamDescriptor(
            key="folder",
            label="Folder",
            summary="Copies finished pictures into a folder of this machine, such as a mounted share.",
            settings=(
                Setting(
                    name="folder",
                    label="Folder",
                    description="Absolute path of an existing folder on the machine that runs i2i.",
                    kind=SettingKind.FOLDER,
                    is_required=True,
                ),
                Setting(
                    name="subfolder_pattern",
                    label="Sub-folders",
                    description="Relative folder with the tokens {order} {date} {sku} {category}; empty for none.",
                    kind=SettingKind.PATTERN,
                    default="",
                ),
                Setting(
                    name="can_overwrite",
                    label="Overwrite",
                    description="Replace a file of the same name; otherwise the new one gets a number.",
                    kind=SettingKind.BOOLEAN,
                    default=False,
                ),
                Setting(
                    name="has_sidecar",
                    label="Metadata file",
                    description="Write what is known about each picture into a JSON file beside it.",
                    kind=SettingKind.BOOLEAN,
                    default=False,
                ),
            ),
            capabilities=frozenset({Capability.FOLDERS, Capability.METADATA, Capability.VERSIONS}),
            create=_create,
        )
    ]
