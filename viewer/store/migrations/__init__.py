"""Steps from each version of the database to the next; forward only, each frozen once it is in the field.

A step has its own copy of the tables it touches: `viewer.store.schema` moves on, a step does not.
"""
