"""The expected errors, each worded for the physician: what, where, and what to do."""


class ViewerError(Exception):
    """An expected failure; its text is shown to the reader as it stands."""


class FileProblem(ViewerError):
    """A file that cannot be used; the text names the file and what to do."""


class DecodeError(ViewerError):
    """Pixels that cannot be decoded; the text names the transfer syntax and the reason."""


class VolumeError(ViewerError):
    """Slices that make no volume; the text says why, and what can be done with them."""


class ModelError(ViewerError):
    """A model package that cannot be used; the text names the package and the reason."""


class InferenceError(ViewerError):
    """A network that ran and failed; the text says why."""


class WorkflowError(ViewerError):
    """An act the review workflow does not allow in the present state."""


class StoreError(ViewerError):
    """The case database cannot be read or written."""


class CaseElsewhere(StoreError):
    """The case is another reader's now, or was changed elsewhere; what was asked was not done."""


class LoginError(ViewerError):
    """User name and password that were not accepted; the text says when to try again."""


class ExportError(ViewerError):
    """A signed report that could not be exported; the text says why."""


class NetworkError(ViewerError):
    """Another system could not be reached or did not do what was asked; the text names it and the reason."""


class SettingsError(ViewerError):
    """Settings that cannot be read; the text names the file."""


class Cancelled(Exception):
    """Work given up because the reader asked for it."""
