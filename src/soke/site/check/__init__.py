"""What is reproduced and what is not, every parameter, finding code and source."""
