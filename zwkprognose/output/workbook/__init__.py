"""The workbook (Excel)."""
