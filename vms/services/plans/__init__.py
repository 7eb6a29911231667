"""Plans for new cameras: asked for, worked out beside, compared, exported, turned into work; private areas."""
