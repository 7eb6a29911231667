"""What is set on a device, each in a file: read what it is, write what it shall be. Nothing here keeps anything."""
