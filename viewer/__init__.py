"""SecondRead: a DICOM viewer in which the physician decides every AI finding. Research use only."""

__version__ = "0.1.0"
