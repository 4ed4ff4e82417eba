"""The monitoring window: filters, table and charts."""
