"""One run: setup, the year loop, chunks of draws, and the projection that they come to."""
