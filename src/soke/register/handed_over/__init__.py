"""What communities decided and did, as entries that a register may take: a kind and a body each.

The rooms below never write into a register. They hand over what happened, and the register's own rules decide whether
it may be recorded, by whom, and when.
"""
