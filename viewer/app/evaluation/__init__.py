"""Measuring a model on labelled images through the viewer's own path; also for a hospital's own data."""
