"""Tables for people, cell by cell, as report and workbook show them."""
