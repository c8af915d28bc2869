"""Unit tables in and out: CSV and XLSX, headers and terms in two languages, communes and vocabulary."""
