"""What a deal puts at stake: its conditions, what recall could take, and bidding beside devolving."""
