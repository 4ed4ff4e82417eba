"""The nouns: values of the field, frozen, in DICOM's own words (stdlib and numpy only)."""
