"""Charts drawn as SVG on the server: each has a title, a description and, on the page, a table beside it."""
