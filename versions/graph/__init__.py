"""The graph of a workflow as SVG. Pure functions of documents."""
