"""Changes in words: sentences, names of fields, values as people read them."""
