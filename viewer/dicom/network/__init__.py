"""Other systems on the network: DIMSE by pynetdicom, DICOMweb by requests; the only home of both.

Nothing here connects by being imported or made: each connection is the reader's act, an item of the
outbox, or the listener that the site has switched on. Identifiers never go into a log.
"""
