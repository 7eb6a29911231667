"""Lists of cameras as files: one format a file, read row by row and written in bounded memory."""
