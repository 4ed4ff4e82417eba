"""Windows on other systems: finding and fetching studies, the nodes, the listener and the outbox."""
