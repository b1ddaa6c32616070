"""Microsoft Forms: there is no API to it, only a workbook that comes late or a list that fills."""
