"""Export formats: each module is one Exporter and ends with PLUGIN."""
