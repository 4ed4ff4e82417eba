"""Where files come from: one module a kind of place (see dicom.source); each ends with PLUGIN."""
