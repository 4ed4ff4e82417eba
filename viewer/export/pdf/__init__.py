"""The printed report: fonts, page frame and blocks, drawn with reportlab (whose only home this is)."""
