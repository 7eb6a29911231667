"""The assessment: figures of any period, exactly from intervals, and who they are charged to."""
