"""What a file holds as rows of text: CSV, workbooks, ZIP archives, Parquet; bounded before anything is unpacked."""
