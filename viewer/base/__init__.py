"""What every layer may use: errors, events, the plugin registry, paths and translation (stdlib only)."""
