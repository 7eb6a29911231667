"""The device, the camera (its archive record), the owner, the stream; what identifies a device."""
