"""Your own images to a package that opens in the viewer: `python -m models.training.classify`."""
