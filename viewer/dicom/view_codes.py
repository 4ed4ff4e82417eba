"""The view of a radiograph: View Position, or the code of View Code Sequence, or nothing where they differ."""

from viewer.dicom.scope import Scope

_SCT_VALUES = {
    "PA": "272479007",
    "AP": "399348003",
    "LL": "399173006",
    "RL": "399198007",
    "LATERAL": "399067008",
}
"""SNOMED CT values of PS3.16 CID 4010; copied, because pydicom's dictionary takes a second to load."""

_SRT_VALUES = {"PA": "R-40888", "AP": "R-10206", "LL": "R-10236", "RL": "R-10232"}
"""The same concepts in the retired SNOMED RT style, as pydicom's mapping has them (PS3.16 CID 4010)."""

VIEW_OF_CODE = {
    **{value: view for view, value in _SCT_VALUES.items()},
    **{value: view for view, value in _SRT_VALUES.items()},
    "R-102CD": "LATERAL",
}
FRONTAL = frozenset({"PA", "AP"})


def view_of(scope: Scope) -> str:
    """View Position (0018,5101), else View Code Sequence (0054,0220); "" where the two contradict."""
    stated, coded = scope.text("ViewPosition").upper(), _coded(scope)
    if not stated or stated == coded:
        return coded or stated
    contradiction = coded and {stated, coded} & FRONTAL and _known(stated)
    return "" if contradiction else stated


def _known(view: str) -> bool:
    return view in (*_SCT_VALUES, "LAT")


def _coded(scope: Scope) -> str:
    items = (Scope((item,)) for item in scope.items("ViewCodeSequence"))
    views = {VIEW_OF_CODE.get(item.text("CodeValue"), "") for item in items}
    return views.pop() if len(views) == 1 else ""
