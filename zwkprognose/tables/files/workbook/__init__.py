"""What a process of its own reads from a workbook: cells by the spreadsheet library, and what that does not tell."""
