"""What header words on view and position mean; an unknown word means nothing, never a default."""

PROJECTION_MODALITIES = frozenset({"CR", "DX"})
"""Modalities of which an image is a radiograph."""

FRONTAL_VIEWS = frozenset({"PA", "AP"})

_VIEWS = {
    "PA": ("PA", "POSTEROANTERIOR", "POSTERIORANTERIOR", "PAVIEW", "CHESTPA", "PACHEST"),
    "AP": ("AP", "ANTEROPOSTERIOR", "ANTERIORPOSTERIOR", "APVIEW", "CHESTAP", "APCHEST"),
    "LATERAL": ("LL", "RL", "LAT", "LATERAL", "LLAT", "RLAT", "LEFTLATERAL", "RIGHTLATERAL"),
    "DECUBITUS": ("LLD", "RLD", "DECUBITUS", "LDECUB", "RDECUB"),
    "OBLIQUE": ("LLO", "RLO", "LAO", "RAO", "LPO", "RPO", "OBL", "OBLIQUE"),
    "LORDOTIC": ("LORDOTIC", "APLORDOTIC", "AXIAL"),
}
_VIEW_OF_WORD = {word: view for view, words in _VIEWS.items() for word in words}

_POSITIONS = {
    "SUPINE": ("HFS", "FFS", "SUPINE", "RECUMBENT"),
    "PRONE": ("HFP", "FFP", "PRONE"),
    "DECUBITUS": ("HFDR", "HFDL", "FFDR", "FFDL", "DECUBITUS"),
    "ERECT": ("ERECT", "STANDING", "UPRIGHT", "SITTING"),
}
_POSITION_OF_WORD = {word: position for position, words in _POSITIONS.items() for word in words}


def plain_word(value: str) -> str:
    """Letters and digits of a header word, in capitals."""
    return "".join(character for character in value.upper() if character.isalnum())


def known_view(value: str) -> str:
    """PA, AP, LATERAL, ... for a View Position (0018,5101), or "" when it says nothing known."""
    return _VIEW_OF_WORD.get(plain_word(value), "")


def body_position(value: str) -> str:
    """SUPINE, PRONE, DECUBITUS or ERECT for a Patient Position (0018,5100; PS3.3 C.7.3.1.1.2), or ""."""
    return _POSITION_OF_WORD.get(plain_word(value), "")
