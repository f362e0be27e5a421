"""*Importer des clients*: a list as CSV or XLSX, previewed row by row, then created in the background."""
