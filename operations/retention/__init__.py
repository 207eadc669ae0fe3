"""What is deleted when its days are over, where that stands, and what stays whatever its age."""
