"""What would fail, or run into nothing, said before DolphinScheduler is touched. Reads only; each part looks at one thing."""
