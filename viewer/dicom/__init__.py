"""Reads DICOM: files to studies, display sets and frames; no pydicom Dataset leaves this package."""
