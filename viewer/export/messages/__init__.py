"""The signed report as messages for other systems than the PACS: HL7 v2, FHIR, a table."""
