"""ONVIF: messages as functions of bytes, and the client that carries them to one device."""
