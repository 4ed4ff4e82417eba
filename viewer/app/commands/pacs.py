"""PACS menu: find and fetch studies, the nodes, what is received and sent."""

from viewer.app.topic import Topic
from viewer.app.workbench import Workbench

topic = Topic("pacs", "PACS", 8)


@topic.command("Find studies on a PACS…", "Ctrl+F", icon="database", toolbar=True)
def find_studies(workbench: Workbench) -> None:
    """Ask a node for studies by patient, date, modality, accession or description, and fetch them."""
    workbench.dialogs.show_pacs_query(workbench)


@topic.command("Received and sent…", icon="arrow-left-right")
def transfers(workbench: Workbench) -> None:
    """What other systems send to this computer, and the results that wait for their node."""
    workbench.dialogs.show_transfers(workbench)


@topic.command("PACS nodes…", icon="server")
def nodes(workbench: Workbench) -> None:
    """Addresses of the PACS and of other nodes, each with an echo that says what is wrong."""
    workbench.dialogs.show_pacs_nodes(workbench)


PLUGIN = topic
