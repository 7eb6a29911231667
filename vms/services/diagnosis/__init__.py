"""What people, weather and the cameras themselves say of picture faults, and the pictures to compare with."""
