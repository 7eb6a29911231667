"""What cameras and recorders have kept, and what they write into the picture: asked, judged, stored."""
