"""One module per measuring tool; each ends with PLUGIN (see measure.tool)."""
