"""The study browser at the left, the findings and the report at the right."""
