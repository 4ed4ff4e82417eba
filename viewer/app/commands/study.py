"""File menu: open, save pictures, cancel."""

from viewer.app.deidentify_study import cancel_deidentified, export_deidentified
from viewer.app.export_bundle import cancel_export
from viewer.app.open_study import cancel_opening, open_paths
from viewer.app.save_images import cancel_saving, save_pictures
from viewer.app.topic import Topic
from viewer.app.workbench import Workbench
from viewer.dicom.demo import demo_paths

topic = Topic("file", "File", 0)


@topic.command("Open folder…", "Ctrl+O", icon="folder-open", toolbar=True)
def open_folder(workbench: Workbench) -> None:
    """Ask for a folder and add all DICOM studies below it."""
    folder = workbench.dialogs.choose_folder()
    if folder is not None:
        open_paths(workbench, (folder,))


@topic.command("Open files…", "Ctrl+Shift+O", icon="file-plus")
def open_files(workbench: Workbench) -> None:
    """Ask for files, ZIP archives or a DICOMDIR and add their studies."""
    files = workbench.dialogs.choose_files()
    if files:
        open_paths(workbench, files)


@topic.command("Open the demo study", icon="flask-conical")
def open_demo(workbench: Workbench) -> None:
    """Add the real chest radiograph and CT images that come with the program."""
    open_paths(workbench, demo_paths())


@topic.command(
    "Cancel opening", "Esc", icon="x", enabled=lambda bench: bench.session.indexing is not None
)
def cancel(workbench: Workbench) -> None:
    """Stop looking for more studies."""
    cancel_opening(workbench)


topic.new_group()


def _can_save(workbench: Workbench) -> bool:
    return workbench.session.shown is not None and workbench.session.saving is None


@topic.command(
    "Save image or series as pictures…", "Ctrl+Shift+S", icon="image-down", enabled=_can_save
)
def save_images(workbench: Workbench) -> None:
    """PNG, JPEG or GIF as shown, without AI and drawings, without patient text unless chosen."""
    shown = workbench.session.shown
    choice = workbench.dialogs.ask_pictures(shown) if shown is not None else None
    if shown is not None and choice is not None:
        save_pictures(workbench, shown, choice)


@topic.command("Export a de-identified copy…", icon="user-x", enabled=_can_save)
def deidentify(workbench: Workbench) -> None:
    """Images of the open study without what tells who it is (DICOM PS3.15); documents are left out."""
    shown = workbench.session.shown
    choice = workbench.dialogs.ask_deidentify(shown.study) if shown is not None else None
    if shown is not None and choice is not None:
        export_deidentified(workbench, shown.study, choice)


@topic.command("Cancel saving", icon="x", enabled=lambda bench: bench.session.saving is not None)
def cancel_save(workbench: Workbench) -> None:
    """Stop writing; an incomplete series of pictures is removed."""
    cancel_saving(workbench)
    cancel_deidentified(workbench)
    cancel_export(workbench)


PLUGIN = topic
