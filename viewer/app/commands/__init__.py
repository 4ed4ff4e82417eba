"""One module a menu; each ends with PLUGIN, a Topic."""
