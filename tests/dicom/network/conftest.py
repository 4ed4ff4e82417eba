"""The partners of all tests of the network."""

from pacs_partners import orthanc, running

__all__ = ["orthanc", "running"]
