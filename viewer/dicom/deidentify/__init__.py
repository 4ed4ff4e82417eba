"""De-identification by the Basic Application Level Confidentiality Profile (DICOM PS3.15 Annex E)."""
