"""Pixel mathematics with numpy: stored values to modality values to display values; heat maps; thumbnails."""
