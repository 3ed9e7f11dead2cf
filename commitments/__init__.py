"""What was promised, and what the world shows: the streams *promised* and *observed*."""
