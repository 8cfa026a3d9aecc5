"""Voting in a round: codes, ballot papers, receipts, the published roll, and what can be checked about all of them."""
