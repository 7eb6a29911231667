"""The main job on one machine: a pretend city is discovered, polled and watched by the real server."""
