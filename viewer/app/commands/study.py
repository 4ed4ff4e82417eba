"""File menu: open and close."""

from viewer.app.open_study import cancel_opening, open_paths
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
    """Ask for files and add their studies."""
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


PLUGIN = topic
