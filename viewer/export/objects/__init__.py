"""DICOM objects made of a signed report, one kind a module; the formats write them to files."""
