"""The window of what a site decides about its models."""
