"""What has been done, and who can prove it? The append-only log, its proofs, and the meaning of its entries."""
