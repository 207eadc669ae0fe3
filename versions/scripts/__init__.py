"""Two texts side by side or below each other: lines, words, colours."""
