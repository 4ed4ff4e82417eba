"""Your own images and masks to a package that opens in the viewer: `python -m models.training.segment`."""
