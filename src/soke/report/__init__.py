"""How is it shown? Tables, charts, and pages of one answer: used by the command line, a site and notebooks alike."""
