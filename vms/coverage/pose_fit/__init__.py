"""The pose of a camera from points that somebody found both in its picture and on the map."""
