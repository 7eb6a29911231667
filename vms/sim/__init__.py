"""A pretend city: virtual ONVIF and RTSP cameras on real sockets that fail on request."""
