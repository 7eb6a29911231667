"""Which way cameras really look: poses held against the picture, corrected and kept with how it was done."""
