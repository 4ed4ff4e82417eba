"""Measuring on one frame: what a tool's handles mean in mm, degrees and modality values (numpy only).

A pixel distance becomes millimetres only where the file entitles it to; every number carries the
evidence in words. Add a tool by adding one module to `measure.tools` (see `measure.tool`).
"""
