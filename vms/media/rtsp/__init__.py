"""RTSP and RTP: messages and packets as values, and one asyncio client."""
