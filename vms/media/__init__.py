"""Packets and pixels: RTSP, key frames, stills, picture statistics, the live gateway, clips."""
