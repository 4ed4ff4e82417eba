"""SignedReport, and nothing less, to files: PDF, DICOM SR, JSON; the home of highdicom and reportlab."""
